"""The bundled network files are what the manifest says, and int8 sees what float32 sees."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core import paths
from desktop_app.core.nets.choice import AGREEMENT, trial_picture
from desktop_app.core.nets.manifest import Network, bundled_networks, verify
from desktop_app.core.nets.prepare import crop_box, prepare
from desktop_app.core.nets.session import Engine, open_session

NETWORKS = bundled_networks(paths.models_dir())
PRECISE, SMALL = NETWORKS
BOTH = pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)


def picture(seed: int, height: int = 256, width: int = 256):
    """A natural-ish picture: light from one side, shapes of one colour, and noise at every scale."""
    draw = np.random.default_rng(seed)
    canvas = np.full((height, width, 3), draw.uniform(40, 210, 3))
    canvas += np.linspace(-40, 40, width)[None, :, None] * draw.uniform(-1, 1)
    for cells in (4, 16, 64):
        noise = draw.normal(0, 60 / cells**0.5, (cells, cells, 3))
        canvas += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(draw.integers(2, 7)):
        centre = int(draw.integers(0, width)), int(draw.integers(0, height))
        axes = int(draw.integers(10, width // 3)), int(draw.integers(10, height // 3))
        cv2.ellipse(canvas, centre, axes, float(draw.uniform(0, 180)), 0, 360, draw.uniform(0, 255, 3).tolist(), -1)
    return np.clip(canvas, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def engines():
    return {network.name: Engine(network, "cpu") for network in NETWORKS}


def test_there_is_a_float32_and_an_int8_network():
    assert [(n.name, n.precision) for n in NETWORKS] == [
        ("efficientnet-lite0", "float32"),
        ("efficientnet-lite0-int8", "int8"),
    ]
    assert PRECISE.key != SMALL.key


@BOTH
def test_file_is_the_one_the_manifest_describes(network: Network):
    verify(network)
    assert network.path.stat().st_size == network.bytes


@BOTH
def test_outputs_are_the_layers_of_the_manifest_then_the_map(network: Network):
    session = open_session(network, "cpu", 1)
    outputs = {o.name: o.shape for o in session.get_outputs()}
    assert list(outputs) == [*(layer.name for layer in network.layers), network.map_output]
    assert {name: shape[1] for name, shape in outputs.items() if name != network.map_output} == {
        layer.name: layer.dimension for layer in network.layers
    }
    (entry,) = session.get_inputs()
    assert (entry.name, entry.shape[1:]) == (network.input_name, [3, network.size, network.size])


@BOTH
def test_class_names_fit_the_class_layer(network: Network):
    lines = network.classes.read_text("utf-8").splitlines()
    assert len(lines) == network.layer(network.class_output).dimension
    identifiers = [line.split("\t")[0] for line in lines]
    assert identifiers == sorted(set(identifiers))
    assert all(line.split("\t")[1] for line in lines)
    assert lines[0] == "n01440764\ttench, Tinca tinca"


@BOTH
def test_a_batch_gives_what_single_runs_give(network: Network, engines):
    engine = engines[network.name]
    batch = np.stack([engine.prepare(picture(seed)) for seed in range(3)])
    together = engine.run(batch)
    for row, tensor in enumerate(batch):
        for name, value in engine.run(tensor[np.newaxis]).items():
            np.testing.assert_allclose(together[name][row], value[0], atol=1e-4, rtol=1e-4)


@BOTH
def test_features_are_finite_float32_and_fit_float16(network: Network, engines):
    for name, value in engines[network.name].run(prepare(picture(1), network)[np.newaxis]).items():
        assert value.dtype == np.float32
        assert value.shape == (1, network.layer(name).dimension)
        assert np.isfinite(value.astype(np.float16)).all()
        assert value.std() > 0


@BOTH
def test_the_embedding_is_the_mean_of_the_map(network: Network, engines):
    batch = prepare(picture(2), network)[np.newaxis]
    found = engines[network.name].run(batch, [network.map_output, network.embedding_output])
    assert found[network.map_output].shape == (1, 1280, 7, 7)
    np.testing.assert_allclose(found[network.map_output].mean(axis=(2, 3)), found[network.embedding_output], atol=1e-5)


def test_int8_sees_what_float32_sees(engines):
    cosines = []
    for pixels in [*(picture(seed) for seed in range(12)), trial_picture()]:
        precise, small = (engines[n.name].run(prepare(pixels, n)[np.newaxis]) for n in NETWORKS)
        a, b = precise["embedding"][0], small["embedding"][0]
        cosines.append(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    assert np.median(cosines) > 0.985
    assert min(cosines) > AGREEMENT  # the last is what decides whether int8 is used at all


def test_different_pictures_are_told_apart_and_small_changes_are_not(engines):
    engine = engines[SMALL.name]
    pictures = [picture(seed) for seed in range(5)]
    lighter = [np.clip(p.astype(np.int16) + 6, 0, 255).astype(np.uint8) for p in pictures]

    def vectors(pixels):
        found = engine.run(np.stack([engine.prepare(p) for p in pixels]))["embedding"]
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    assert (np.argmax(vectors(pictures) @ vectors(lighter).T, axis=1) == np.arange(5)).all()


# --- preparation


def test_a_picture_at_the_short_side_is_only_sliced():
    pixels = picture(3, 256, 341)
    square = pixels[16:240, 58:282].astype(np.float32)
    np.testing.assert_array_equal(prepare(pixels, SMALL), ((square - 127) / 128).transpose(2, 0, 1))


def test_channels_stay_red_green_blue():
    pixels = np.zeros((256, 300, 3), np.uint8)
    pixels[:] = (255, 127, 0)
    found = prepare(pixels, SMALL)
    assert [float(channel.mean()) for channel in found] == pytest.approx([1, 0, -127 / 128])


@given(st.integers(1, 700), st.integers(1, 700), st.integers(0, 255))
@settings(max_examples=60, deadline=None)
def test_any_size_gives_a_full_input(height: int, width: int, grey: int):
    pixels = np.full((height, width, 3), grey, np.uint8)
    found = prepare(pixels, SMALL)
    assert found.shape == (3, 224, 224)
    assert found.dtype == np.float32
    assert found.flags["C_CONTIGUOUS"]
    np.testing.assert_allclose(found, (grey - 127) / 128, atol=1 / 256)


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_the_square_is_in_the_middle_of_the_picture(height: int, width: int):
    top, left, side, wide = crop_box(height, width, SMALL)
    short = min(height, width)
    assert 1 <= side == wide <= short
    assert abs(side - 0.875 * short) <= 0.5 or short == 1
    assert abs((height - side) - 2 * top) <= 1
    assert abs((width - side) - 2 * left) <= 1


@pytest.mark.parametrize("shape", list(itertools.permutations((3, 4000), 2)))
def test_a_panorama_shows_its_middle(shape: tuple[int, int]):
    height, width = shape
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[max(0, height // 2 - 3) : height // 2 + 4, max(0, width // 2 - 3) : width // 2 + 4] = 255
    assert (prepare(pixels, SMALL) == 1).all()


def test_mirrored_pictures_give_mirrored_inputs():
    pixels = picture(4, 300, 420)
    mirrored = np.ascontiguousarray(pixels[:, ::-1])
    np.testing.assert_allclose(prepare(mirrored, SMALL), prepare(pixels, SMALL)[:, :, ::-1], atol=1 / 64)


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((0, 4, 3), np.uint8), np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3))],
    ids=["empty", "grey", "alpha", "float"],
)
def test_what_is_no_picture_is_refused(pixels):
    with pytest.raises(ValueError, match="pixels must be"):
        prepare(pixels, SMALL)


def test_inputs_share_no_memory_with_pictures():
    pixels = picture(5)
    found = prepare(pixels, SMALL)
    before = found.copy()
    pixels[:] = 0
    np.testing.assert_array_equal(found, before)


def test_the_bundled_mean_is_an_embedding_of_varied_photos():
    with np.load(paths.models_dir() / "reference.npz") as archive:
        mean = archive["mean"]
    assert (mean.shape, mean.dtype) == ((1280,), np.float32)
    assert (mean >= 0).all()  # after ReLU6
    assert 0.05 < mean.mean() < 2
