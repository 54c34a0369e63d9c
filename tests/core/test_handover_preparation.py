"""A handed-over file prepares pictures as the program does, for every preparation there can be."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.handover.graph import build
from desktop_app.core.handover.open import session_of
from desktop_app.core.handover.parts import HeadParts, evaluate
from desktop_app.core.images.pixels import Fit, resized
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.preparation import PRESETS, Preparation
from desktop_app.core.nets.prepare import prepare
from desktop_app.core.nets.session import Engine
from desktop_app.core.operations.handover import network_file
from tests.core.heads_made import dense
from tests.core.nets_made import CHANNELS, added, tiny
from tests.photos import scene

CLASSES = ("café", "dent", "good")
HEAD = HeadParts(CLASSES, ("embedding",), (dense(0, CHANNELS, 3),))

HOWS = {
    **{name: preset(*((28, 28) if preset.channels == 1 else (64, 64))) for name, preset in PRESETS.items()},
    "nhwc": PRESETS["open-nsfw"](56, 56, "NHWC"),
    "grey nhwc": Preparation(30, 50, "squash", colours="grey", layout="NHWC", mean=(20,), scale=(-3,)),
    "large": PRESETS["imagenet"](299, 299),
    "larger": PRESETS["whole"](300, 400),
    "not square": Preparation(48, 96, "crop", 60, mean=(1, 2, 3), scale=(10, 20, 30)),
    "tall": Preparation(96, 32, "crop", 40, colours="bgr", invert=True, mean=(1, 2, 3), scale=(10, 20, 30)),
    "squashed tall": Preparation(256, 40, "squash"),
}
EACH = pytest.mark.parametrize("how", HOWS.values(), ids=HOWS)


def levels(found: np.ndarray, expected: np.ndarray, how: Preparation) -> np.ndarray:
    """The difference in steps of 0 to 255."""
    scale = np.array(how.scale)
    return np.abs(found - expected) * np.abs(scale if how.layout == "NHWC" else scale.reshape(-1, 1, 1))


@cache
def preparing(how: Preparation, folder: Any) -> tuple[Any, str]:
    """A session of a file's preparation, and the name of what it gives the network."""
    path = folder / "tiny.onnx"
    onnx.save(tiny(how), path)
    network = Network(
        "tiny", "Tiny", path, "", 0, "image", how, (), "", "", "embedding", None, "", "", "float32"
    )  # fmt: skip
    model = build(network_file(network), HEAD)
    model.graph.output.append(onnx.helper.make_tensor_value_info("network.image", onnx.TensorProto.FLOAT, None))
    return session_of(model.SerializeToString()), "network.image"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("networks")


def both(picture: np.ndarray, how: Preparation, folder) -> tuple[np.ndarray, np.ndarray]:
    """The input that the file makes of a whole picture, and the program's."""
    height, width = picture.shape[:2]
    reduced = resized(np.ascontiguousarray(picture), Fit(short_side=how.decode_side())((width, height)))
    session, name = preparing(how, folder)
    (found,) = session.run([name], {"image": picture[np.newaxis]})
    return found[0], prepare(reduced, how)


@EACH
@pytest.mark.parametrize(
    ("height", "width"),
    [(256, 256), (256, 384), (600, 450), (601, 800), (100, 140), (33, 50), (1, 1), (2, 3), (300, 2000), (2500, 200)],
)
def test_whole_pictures_are_prepared_as_the_program_does(how: Preparation, height: int, width: int, folder):
    picture = scene(7, max(width, 16), max(height, 16))[:height, :width]
    found, expected = both(picture, how, folder)
    assert found.shape == expected.shape == how.shape
    # the program rounds up to three times on the way: reduced, made grey, resized in either direction
    off = levels(found, expected, how)
    assert off.max() <= 2.01
    assert off.mean() <= 0.5
    assert np.ptp(expected) > 0 or max(height, width) <= 3


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 99), st.sampled_from(sorted(HOWS)))
def test_noise_of_any_size_too(folder, height: int, width: int, seed: int, name: str):
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    found, expected = both(picture, HOWS[name], folder)
    assert levels(found, expected, HOWS[name]).max() <= 2.6


@EACH
def test_the_whole_file_answers_as_the_program(how: Preparation):
    network = added(how)
    engine = Engine(network, "cpu")
    picture = scene(3, 300, 256)
    reduced = resized(picture, Fit(short_side=network.decode_side)((300, 256)))
    expected = evaluate(HEAD, engine.run(engine.prepare(reduced)[np.newaxis]))
    session = session_of(build(network_file(network), HEAD).SerializeToString())
    (found,) = session.run(["probabilities"], {"image": picture[np.newaxis]})
    np.testing.assert_allclose(found, expected, atol=0.05)
    prepared = build(network_file(network), HEAD, prepared=True)
    tensor = engine.prepare(reduced)[np.newaxis]
    (found,) = session_of(prepared.SerializeToString()).run(["probabilities"], {"image": tensor})
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_a_network_of_one_picture_at_a_time_makes_a_file_of_one():
    network = added(HOWS["caffe"], batch=1)
    model = build(network_file(network), HEAD)
    (image,) = model.graph.input
    assert [dim.dim_param or dim.dim_value for dim in image.type.tensor_type.shape.dim] == [1, "H", "W", 3]
    picture = scene(2, 90, 80)
    (found,) = session_of(model.SerializeToString()).run(["probabilities"], {"image": picture[np.newaxis]})
    engine = Engine(network, "cpu")
    np.testing.assert_allclose(found, evaluate(HEAD, engine.run(engine.prepare(picture)[np.newaxis])), atol=0.02)
