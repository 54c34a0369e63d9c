from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.learn.examples import Examples
from desktop_app.core.learn.preparation import DIMENSIONS, Layers
from tests.core.learn_made import made


@pytest.mark.parametrize("layers", [("embedding",), ("embedding", "logits"), ("stage1", "embedding", "logits")])
def test_prepared_features_are_centred_and_of_length_one_on_average(layers: tuple[str, ...]) -> None:
    examples = made(20)
    preparation, prepared = Layers(examples).get(layers)
    assert prepared.dtype == np.float32
    assert np.abs(prepared.mean(axis=0)).max() < 1e-3
    assert np.square(prepared).sum(axis=1).mean() == pytest.approx(1, abs=0.02)
    assert np.array_equal(preparation.apply(examples.features), prepared)


def test_each_layer_weighs_the_same_whatever_its_scale() -> None:
    examples = made(20)
    preparation, _ = Layers(examples).get(("stage1", "logits"))
    shares = []
    start = 0
    for name, size in zip(preparation.layers, preparation.sizes, strict=True):
        centred = examples.features[name] - preparation.mean[start : start + size]
        shares.append(np.square(centred @ preparation.basis[start : start + size]).sum())
        start += size
    assert shares[0] == pytest.approx(shares[1], rel=0.05)


def test_distances_stay_where_no_axis_is_left_out() -> None:
    examples = made(10)
    _, prepared = Layers(examples).get(("embedding",))
    raw = examples.features["embedding"]
    before = np.linalg.norm(raw[:, None] - raw[None], axis=2)
    after = np.linalg.norm(prepared[:, None] - prepared[None], axis=2)
    ratio = after[before > 0] / before[before > 0]
    assert ratio.std() / ratio.mean() < 1e-3


def test_wide_layers_keep_their_main_axes_only() -> None:
    features = {"wide": np.random.default_rng(0).normal(size=(300, 400)).astype(np.float32)}
    examples = Examples(features, np.arange(300) % 2, np.arange(300), ("a", "b"))
    preparation, prepared = Layers(examples).get(("wide",))
    assert prepared.shape == (300, DIMENSIONS)
    assert preparation.dimensions == DIMENSIONS


def test_an_affine_map_unfolds_onto_raw_features() -> None:
    examples = made(10)
    preparation, prepared = Layers(examples).get(("embedding", "logits"))
    random = np.random.default_rng(0)
    weights, bias = random.normal(size=(3, preparation.dimensions)), random.normal(size=3)
    raw_weights, raw_bias = preparation.unfold(weights, bias)
    raw = np.hstack([examples.features["embedding"], examples.features["logits"]])
    assert np.allclose(raw @ raw_weights.T + raw_bias, prepared @ weights.T + bias, atol=1e-4)


@pytest.mark.parametrize("value", [0.0, 3.0, 1e6])
def test_a_layer_that_is_the_same_for_all_photos_has_no_axes(value: float) -> None:
    features = {"flat": np.full((6, 8), value, np.float32), **made(3, 2).features}
    layers = Layers(Examples(features, np.repeat([0, 1], 3), np.arange(6), ("a", "b")))
    preparation, prepared = layers.get(("flat",))
    assert prepared.shape == (6, 0)
    assert preparation.dimensions == 0
    both = layers.get(("flat", "embedding"))[1]
    assert both.shape[1] == layers.get(("embedding",))[1].shape[1]


def test_very_many_rows_give_nearly_the_axes_of_a_sample() -> None:
    examples = made(1200)
    preparation, prepared = Layers(examples, seed=1).get(("embedding",))
    assert len(prepared) == 3600
    assert np.square(prepared).sum(axis=1).mean() == pytest.approx(1, abs=0.05)
    again = Layers(examples, seed=1).get(("embedding",))[0]
    assert np.array_equal(preparation.basis, again.basis)


def test_wrong_shapes_are_mistakes_of_ours() -> None:
    examples = made(4)
    preparation, _ = Layers(examples).get(("embedding",))
    with pytest.raises(ValueError, match="shape"):
        preparation.apply({"embedding": np.zeros((2, 7), np.float32)})
    with pytest.raises(KeyError):
        preparation.apply({"logits": examples.features["logits"]})
    features = dict(examples.features)
    with pytest.raises(ValueError, match="finite"):
        Examples({**features, "x": np.full((12, 2), np.nan, np.float32)}, examples.answers, examples.groups, ("a",) * 3)
    with pytest.raises(ValueError, match="shape"):
        Examples({"x": np.zeros((3, 2), np.float32)}, examples.answers, examples.groups, ("a",) * 3)
    with pytest.raises(ValueError, match="not one of"):
        Examples(features, examples.answers, examples.groups, ("a", "b"))
    with pytest.raises(ValueError, match="differ"):
        Examples(features, examples.answers, examples.groups[:3], ("a",) * 3)
