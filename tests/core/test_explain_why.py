from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.explain.why import RAW, Lens, centred, overlay, pairs
from desktop_app.core.index.exact import cosines
from desktop_app.core.index.projection import Projection
from desktop_app.core.nets.session import Engine
from tests.core.explain_made import convolutions, network, saved
from tests.core.heads_made import bundled
from tests.photos import scene

SEEDS = st.integers(0, 2**32 - 1)


def maps(seed: int, channels: int, height: int, width: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    found = random.gamma(1, 2, (channels, height, width)) * (random.random((channels, height, width)) < 0.6)
    return found.astype(np.float32)


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(cosines(one[np.newaxis], other)[0])


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(1, 40), *(st.integers(1, 9) for _ in range(4)))
def test_the_places_of_either_photo_sum_to_the_cosine(seed: int, channels: int, h: int, w: int, h2: int, w2: int):
    one, other = maps(seed, channels, h, w), maps(seed + 1, channels, h2, w2)
    found = overlay(one, other)
    assert found.first.shape == (h, w)
    assert found.second.shape == (h2, w2)
    truth = cosine(one.mean(axis=(1, 2)), other.mean(axis=(1, 2)))
    for value in (found.cosine, found.first.sum(), found.second.sum()):
        assert value == pytest.approx(truth, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(1, 5))
def test_the_same_holds_for_what_search_compares(seed: int, smaller: int):
    one, other = maps(seed, 24, 3, 4), maps(seed + 1, 24, 2, 2)
    random = np.random.default_rng(seed)
    components = np.linalg.qr(random.normal(size=(24, smaller)))[0].T.astype(np.float32)
    space = Projection(random.gamma(1, 1, 24).astype(np.float32), components, 100)
    found = overlay(one, other, centred(space.mean, space.components))
    sides = space.apply(np.stack([one.mean(axis=(1, 2)), other.mean(axis=(1, 2))]))
    truth = float(sides[0] @ sides[1])
    for value in (found.cosine, found.first.sum(), found.second.sum()):
        assert value == pytest.approx(truth, abs=1e-4)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_and_through_a_class_layer_with_or_without_a_centre(seed: int):
    one, other = maps(seed, 12, 3, 3), maps(seed + 1, 12, 4, 2)
    random = np.random.default_rng(seed)
    weight, bias = random.normal(size=(7, 12)).astype(np.float32), random.normal(size=7).astype(np.float32)
    logits = [weight @ each.mean(axis=(1, 2)) + bias for each in (one, other)]
    mean = random.normal(size=7).astype(np.float32)
    for lens, truth in (
        (RAW.after(weight, bias), cosine(*logits)),
        (centred(mean).after(weight, bias), cosine(*(each - mean for each in logits))),
        (centred(mean, np.eye(7, dtype=np.float32)[:3]).after(weight, bias), cosine(*((e - mean)[:3] for e in logits))),
    ):
        found = overlay(one, other, lens)
        assert found.first.sum() == pytest.approx(truth, abs=1e-4)
        assert found.second.sum() == pytest.approx(truth, abs=1e-4)


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_of_a_real_network_the_places_sum_to_the_cosine_of_its_embeddings(precision: str):
    engine = Engine(bundled(precision), "cpu")
    batch = np.stack([engine.prepare(scene(seed)) for seed in (1, 2, 3)])
    found = engine.run(batch, ["map", "embedding"])
    for a, b in ((0, 1), (1, 2), (2, 2)):
        seen = overlay(found["map"][a], found["map"][b])
        truth = cosine(found["embedding"][a], found["embedding"][b])
        assert seen.first.sum() == pytest.approx(truth, abs=1e-4)
        assert seen.second.sum() == pytest.approx(truth, abs=1e-4)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.integers(1, 3), st.sampled_from(["GlobalAveragePool", "ReduceMean", "ReduceMean last"]))
def test_of_a_made_network_too(tmp_path_factory: pytest.TempPathFactory, seed: int, depth: int, pool: str):
    channels = np.random.default_rng(seed).integers(1, 12, depth).tolist()
    path = saved(convolutions(seed, channels, pool=pool), tmp_path_factory.mktemp("tiny") / "tiny.onnx")
    engine = Engine(network(path, [("embedding", channels[-1])]), "cpu")
    found = engine.run(np.stack([engine.prepare(scene(one)) for one in (seed % 999, 5)]), ["map", "embedding"])
    seen = overlay(found["map"][0], found["map"][1])
    truth = cosine(*found["embedding"])
    assert seen.first.sum() == pytest.approx(truth, abs=1e-4)
    assert seen.second.sum() == pytest.approx(truth, abs=1e-4)


def test_a_photo_of_nothing_is_like_nothing():
    found = overlay(np.zeros((3, 2, 2), np.float32), maps(0, 3, 2, 2))
    assert found.cosine == 0
    assert not found.first.any()
    assert not found.second.any()
    assert all((side == 0).all() for side in found.strengths())


def test_maps_of_other_channels_are_refused():
    with pytest.raises(ValueError, match="cannot be compared"):
        overlay(maps(0, 3, 2, 2), maps(0, 4, 2, 2))


def test_what_one_photo_alone_has_does_not_glow():
    # channel 0 is in both photos, in different corners; channel 1 only in the first
    one, other = np.zeros((2, 2, 2, 2), np.float32)
    one[0, 0, 0] = other[0, 1, 1] = 1
    one[1, 1, 0] = 1
    first, second = overlay(one, other).strengths()
    np.testing.assert_allclose(first, [[1, 0], [0, 0]])
    np.testing.assert_allclose(
        second, [[0, 0], [0, overlay(one, other).second[1, 1] / overlay(one, other).first[0, 0]]]
    )


def test_places_that_show_the_same_are_found():
    one = maps(4, 16, 3, 4) + 0.1
    other = np.roll(one, 1, axis=2)[:, :, ::-1]
    found = pairs(one, other)
    assert found.shape == (3, 4, 3, 4)
    for y in range(3):
        for x in range(4):
            assert np.unravel_index(found[y, x].argmax(), (3, 4)) == (y, 3 - (x + 1) % 4)
            assert found[y, x].max() == pytest.approx(1, abs=1e-5)
    assert np.abs(found).max() <= 1


def test_a_lens_that_does_nothing():
    columns = maps(1, 5, 2, 3).reshape(5, -1)
    np.testing.assert_array_equal(Lens().columns(columns), columns)
