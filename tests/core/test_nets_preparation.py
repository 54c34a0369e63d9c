"""Every preparation makes the numbers it says, of the part it says; the engine takes them in every layout."""

from __future__ import annotations

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.nets.preparation import LARGEST, PRESETS, Preparation
from desktop_app.core.nets.prepare import crop_box, prepare, preview
from desktop_app.core.nets.session import Engine
from tests.core.nets_made import CLASSES, added
from tests.photos import scene

numbers = st.floats(-300, 300, allow_nan=False)


@st.composite
def preparations(draw) -> Preparation:
    colours = draw(st.sampled_from(["rgb", "bgr", "grey"]))
    some = st.lists(numbers, min_size=1, max_size=1) | st.lists(
        numbers, min_size=(count := 1 if colours == "grey" else 3), max_size=count
    )
    return Preparation(
        draw(st.integers(1, 90)),
        draw(st.integers(1, 90)),
        draw(st.sampled_from(["crop", "squash"])),
        draw(st.integers(0, 120)),
        colours,
        draw(st.booleans()),
        draw(st.sampled_from(["NCHW", "NHWC"])),
        tuple(draw(some)),
        tuple(value if abs(value) > 0.01 else 1.0 for value in draw(some)),
    )


def plainly(pixels: np.ndarray, how: Preparation) -> np.ndarray:
    """The same in real numbers, one step after the other, of a picture that is fed whole and not resized."""
    levels = pixels.astype(np.float64)
    if how.colours == "grey":
        levels = np.rint(levels @ (0.299, 0.587, 0.114))[:, :, np.newaxis]
    elif how.colours == "bgr":
        levels = levels[:, :, ::-1]
    if how.invert:
        levels = 255 - levels
    made = (levels - np.array(how.mean)) / np.array(how.scale)
    return made.transpose(2, 0, 1) if how.layout == "NCHW" else made


@settings(max_examples=150, deadline=None)
@given(preparations(), st.integers(0, 999))
def test_the_numbers_are_what_the_preparation_says(how: Preparation, seed: int):
    how = replace(how, short_side=min(how.height, how.width) if how.fit == "crop" else max(how.height, how.width))
    pixels = np.random.default_rng(seed).integers(0, 256, (how.height, how.width, 3), np.uint8)
    assert crop_box(how.height, how.width, how) == (0, 0, how.height, how.width)
    found = prepare(pixels, how)
    assert (found.shape, found.dtype) == (how.shape, np.float32)
    assert found.flags["C_CONTIGUOUS"]
    assert not np.shares_memory(found, pixels)
    # OpenCV's grey is in whole numbers: one level off where a half is rounded
    off = np.abs(found - plainly(pixels, how)) * np.abs(
        np.array(how.scale) if how.layout == "NHWC" else np.reshape(how.scale, (-1, 1, 1))
    )
    assert off.max() <= (1.01 if how.colours == "grey" else 0.01)
    shown = preview(found, how)
    assert (shown.shape, shown.dtype) == ((how.height, how.width, 3), np.uint8)
    seen = 255 - pixels if how.invert else pixels
    if how.colours == "grey":
        np.testing.assert_allclose(shown, np.rint(seen @ np.array([[0.299], [0.587], [0.114]])).repeat(3, 2), atol=1.01)
    else:
        np.testing.assert_array_equal(shown, seen)


@settings(max_examples=150, deadline=None)
@given(preparations(), st.integers(1, 400), st.integers(1, 400))
def test_any_picture_gives_a_full_input(how: Preparation, height: int, width: int):
    top, left, tall, wide = crop_box(height, width, how)
    assert 0 <= top <= top + tall <= height
    assert 0 <= left <= left + wide <= width
    assert abs((height - tall) - 2 * top) <= 1
    assert abs((width - wide) - 2 * left) <= 1
    assert tall >= 1
    assert wide >= 1
    found = prepare(np.full((height, width, 3), 200, np.uint8), how)
    assert found.shape == how.shape
    level = 55 if how.invert else 200
    np.testing.assert_allclose(preview(found, how), level, atol=1)


@settings(max_examples=100, deadline=None)
@given(preparations())
def test_it_is_read_back_from_json(how: Preparation):
    assert Preparation.from_dict(json.loads(json.dumps(how.to_dict()))) == how
    assert hash(Preparation.from_dict(how.to_dict())) == hash(how)


@pytest.mark.parametrize(
    ("height", "width", "box"),
    [(256, 512, (0, 0, 256, 512)), (100, 40, (0, 0, 100, 40)), (1, 1, (0, 0, 1, 1))],
)
def test_squashed_is_the_whole_picture(height: int, width: int, box: tuple[int, int, int, int]):
    assert crop_box(height, width, Preparation(224, 224, "squash")) == box


def test_a_squashed_picture_shows_its_ends():
    pixels = np.zeros((256, 512, 3), np.uint8)
    pixels[:, :256], pixels[:, 256:] = (255, 0, 0), (0, 0, 255)
    found = prepare(pixels, Preparation(32, 32, "squash", scale=(255,)))
    np.testing.assert_array_equal(found[0, :, :15], 1)
    np.testing.assert_array_equal(found[2, :, 17:], 1)


def test_squashed_and_cut():
    # as open_nsfw was trained: 256 by 256, of which the middle 224
    assert crop_box(256, 512, PRESETS["open-nsfw"](224, 224, "NHWC")) == (16, 32, 224, 448)


def test_an_input_that_is_no_square_is_cut_in_its_proportions():
    how = Preparation(120, 240, "crop", 240)
    assert crop_box(240, 480, how) == (60, 120, 120, 240)
    assert crop_box(480, 240, how) == (180, 0, 120, 240)
    assert crop_box(300, 100, Preparation(50, 200, "crop", 50)) == (137, 0, 25, 100)


@pytest.mark.parametrize("name", sorted(PRESETS))
@pytest.mark.parametrize("size", [(224, 224), (28, 28), (299, 299), (480, 320)])
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_presets_fit_inputs_of_any_size(name: str, size: tuple[int, int], layout: str):
    preset = PRESETS[name]
    how = preset(*size, layout)
    assert (how.height, how.width, how.layout, how.channels) == (*size, layout, preset.channels)
    assert preset.title
    assert preset.used_by
    assert prepare(scene(1), how).shape == how.shape
    if size[0] != size[1]:
        assert how.fit == "squash"


def test_the_presets_of_the_zoo():
    white, black = np.full((256, 256, 3), 255, np.uint8), np.zeros((256, 256, 3), np.uint8)

    def ends(name: str, size: int = 224) -> list[list[float]]:
        return [
            [round(float(plane.mean()), 3) for plane in prepare(pixels, PRESETS[name](size, size))]
            for pixels in (black, white)
        ]

    assert ends("imagenet") == [[-2.118, -2.036, -1.804], [2.249, 2.429, 2.64]]
    assert ends("caffe") == [[-103.939, -116.779, -123.68], [151.061, 138.221, 131.32]]
    assert ends("densenet") == [[-1.767, -1.985, -2.103], [2.568, 2.35, 2.232]]
    assert ends("efficientnet") == [[-0.992] * 3, [1.0] * 3]
    assert ends("digits", 28) == [[1.0], [0.0]]
    assert [PRESETS[name](224, 224).fit for name in ("imagenet", "caffe", "densenet", "efficientnet")] == [
        "crop", "squash", "crop", "crop",
    ]  # fmt: skip
    assert PRESETS["imagenet"](224, 224).short_side == PRESETS["efficientnet"](224, 224).short_side == 256


def test_pictures_are_decoded_as_large_as_the_input_needs():
    assert PRESETS["imagenet"](224, 224).decode_side() == 256
    assert PRESETS["digits"](28, 28).decode_side() == 256
    assert PRESETS["imagenet"](299, 299).decode_side() == 342
    assert PRESETS["whole"](480, 640).decode_side() == 640


@pytest.mark.parametrize(
    "wrong",
    [
        {"height": 0}, {"width": -1}, {"height": LARGEST + 1}, {"height": 2.0}, {"height": True}, {"short_side": -3},
        {"fit": "stretch"}, {"colours": "hsv"}, {"layout": "CHWN"}, {"invert": 1},
        {"mean": (1, 2)}, {"mean": ()}, {"mean": (float("nan"),)}, {"scale": (0,)}, {"scale": (float("inf"), 1, 1)},
        {"colours": "grey", "mean": (1, 2, 3)},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(wrong: dict):
    with pytest.raises(ValueError, match=r".+"):
        Preparation(**{"height": 32, "width": 32, **wrong})
    values = {
        **Preparation(32, 32).to_dict(),
        **{key: list(v) if isinstance(v, tuple) else v for key, v in wrong.items()},
    }
    with pytest.raises(ValueError, match=r".+"):
        Preparation.from_dict(values)


@pytest.mark.parametrize("values", [{}, {"height": 3}, {"height": 3, "width": 3, "mean": 1, "scale": [1]}])
def test_what_is_no_preparation_is_refused(values: dict):
    with pytest.raises(ValueError, match=r".+"):
        Preparation.from_dict(values)


def test_a_preview_of_another_tensor_is_refused():
    with pytest.raises(ValueError, match="a tensor of this preparation"):
        preview(np.zeros((3, 8, 8), np.float32), Preparation(8, 9))


# --- the engine


@pytest.mark.parametrize("colours", ["rgb", "bgr", "grey"])
@pytest.mark.parametrize("size", [(28, 28), (40, 24)])
@pytest.mark.parametrize("batch", ["N", 1])
def test_every_layout_gives_the_same_features(size: tuple[int, int], colours: str, batch: int | str):
    found = []
    for layout in ("NCHW", "NHWC"):
        how = Preparation(*size, "squash", colours=colours, layout=layout, mean=(100,), scale=(50,))
        engine = Engine(added(how, f"tiny-{layout}", batch=batch), "cpu")
        inputs = np.stack([engine.prepare(scene(seed, 90, 70)) for seed in range(3)])
        together = engine.run(inputs)
        assert together["logits"].shape == (3, CLASSES)
        for row, one in enumerate(inputs):
            for name, values in engine.run(one[np.newaxis]).items():
                np.testing.assert_allclose(together[name][row], values[0], rtol=1e-4, atol=1e-5)
        found.append(together)
    for name, values in found[0].items():
        np.testing.assert_allclose(values, found[1][name], rtol=1e-4, atol=1e-4)


def test_an_input_of_another_layout_is_our_fault():
    engine = Engine(added(Preparation(8, 8, layout="NHWC")), "cpu")
    with pytest.raises(ValueError, match=r"\(n, 8, 8, 3\)"):
        engine.run(np.zeros((1, 3, 8, 8), np.float32))
    engine.warm_up()


def test_grey_is_what_opencv_calls_grey():
    pixels = scene(4, 28, 28)
    found = prepare(pixels, Preparation(28, 28, "squash", colours="grey"))
    np.testing.assert_array_equal(found[0], cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
