from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.errors import UserError
from desktop_app.core.explain.places import WHOLE
from desktop_app.core.explain.segmentation import VOC, colours, segments
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.preparation import Preparation
from desktop_app.core.nets.prepare import crop_box, prepare
from desktop_app.core.operations.segmentation import SHORT_EDGE, Segmented, reader_of, run, segment
from desktop_app.core.types import Pixels
from tests.core.explain_made import convolutions, dense, network, saved
from tests.core.libraries import by_path, opened
from tests.photos import scene

SEEDS = st.integers(0, 2**32 - 1)


def done(operation: object) -> Segmented:
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return ended.value


# --- from scores to classes ------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(2, 30), st.integers(1, 40), st.integers(1, 300))
def test_each_place_has_its_best_class_and_shares_sum_to_one(seed: int, count: int, width: int, height: int):
    scores = np.random.default_rng(seed).normal(0, 3, (count, height, width)).astype(np.float32)
    found = segments(scores)
    np.testing.assert_array_equal(found.classes, scores.argmax(axis=0))
    exponents = np.exp(scores - scores.max(axis=0))
    np.testing.assert_allclose(found.sureness, (exponents / exponents.sum(axis=0)).max(axis=0), rtol=1e-4)
    assert sum(part.share for part in found.parts) == pytest.approx(1)
    assert {part.number for part in found.parts} == set(np.unique(found.classes).tolist())
    shares = [part.share for part in found.parts]
    assert shares == sorted(shares, reverse=True)
    for part in found.parts:
        assert part.share == pytest.approx((found.classes == part.number).mean())
        assert part.colour == tuple(found.palette[part.number])


def test_probabilities_are_taken_as_they_are():
    scores = np.random.default_rng(0).dirichlet([1, 2, 3], (4, 5)).transpose(2, 0, 1).astype(np.float32)
    np.testing.assert_allclose(segments(scores).sureness, scores.max(axis=0))


@pytest.mark.parametrize("values", [[[-2.0, 3.0]], [[0.2, 0.8]]])
def test_one_class_is_that_and_the_rest(values: list[list[float]]):
    found = segments(np.array([values], np.float32), ["sky"])
    assert found.classes.tolist() == [[0, 1]]
    assert [(part.name, part.background) for part in found.parts] == [("background", True), ("sky", False)]
    if values[0][1] == 0.8:
        np.testing.assert_allclose(found.sureness, [[0.8, 0.8]], rtol=1e-5)


def test_names_come_from_the_list_from_voc_or_from_numbers():
    scores = np.eye(21, dtype=np.float32)[:, :, np.newaxis] * 9
    assert {part.name for part in segments(scores).parts} == set(VOC)
    assert [part.name for part in segments(scores).parts if part.background] == ["background"]
    assert segments(scores[:3, :3], ["a", "b"]).parts[0].name == "background"
    assert [part.name for part in segments(scores[:4, :4], ["a", ""]).parts] == ["a", "class 1", "class 2", "class 3"]
    assert [part.background for part in segments(scores[:2, :2], ["a", "b"], background=1).parts] == [False, True]


def test_what_is_no_answer_is_refused():
    for wrong in (np.zeros((0, 2, 2), np.float32), np.zeros((2, 2), np.float32), np.zeros((2, 0, 2), np.float32)):
        with pytest.raises(ValueError, match="no classes"):
            segments(wrong)
    with pytest.raises(ValueError, match="not finite"):
        segments(np.full((2, 1, 1), np.nan, np.float32))


def test_the_picture_is_see_through_where_nothing_is():
    scores = np.zeros((21, 1, 2), np.float32)
    scores[0, 0, 0] = scores[15, 0, 1] = 5
    picture = segments(scores).picture()
    assert picture.tolist() == [[[0, 0, 0, 0], [192, 128, 128, 255]]]  # VOC's colour of a person
    assert segments(scores).at(0.9, 0.9).name == "person"
    assert segments(scores).at(1.0, 0.0).name == "background"


def test_voc_has_its_own_colours():
    assert colours(21)[[1, 8, 20]].tolist() == [[128, 0, 0], [64, 0, 0], [0, 64, 128]]


# Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009
SIGHT = {
    "usual": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


@pytest.mark.parametrize("sight", SIGHT)
def test_a_dozen_colours_stay_apart_with_each_kind_of_colour_blindness(sight: str):
    made = colours(13) / 255
    linear = np.where(made <= 0.04045, made / 12.92, ((made + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.array(SIGHT[sight]).T, 0, 1)
    seen = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    lab = cv2.cvtColor(seen[np.newaxis].astype(np.float32), cv2.COLOR_RGB2LAB)[0]
    apart = np.linalg.norm(lab[:, np.newaxis] - lab, axis=2) + 999 * np.eye(13)
    assert apart.min() > 15  # 2 can just be told apart side by side


@pytest.mark.parametrize("count", [2, 13, 19, 60, 150])
def test_no_two_of_many_classes_have_one_colour(count: int):
    made = colours(count)
    assert made.shape == (count, 3)
    assert made[0].tolist() == [0, 0, 0]
    assert len({tuple(colour) for colour in made.tolist()}) == count


# --- through a network -----------------------------------------------------------------------------------------------


def fcn(folder: Path, *, size: int | str = "side", classes: int = 5, **options: object) -> Network:
    path = saved(dense(3, classes, size=size, **options), folder / "fcn.onnx")
    return network(path, [], size=size if isinstance(size, int) else 64, segmentation=True, map_output="")


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 700), st.integers(1, 700), st.sampled_from([1, 8]))
def test_a_picture_of_any_size_is_seen_whole(
    tmp_path_factory: pytest.TempPathFactory, width: int, height: int, shrink: int
):
    made = fcn(tmp_path_factory.mktemp("fcn"), shrink=shrink)
    reader = reader_of(made)
    assert reader.free
    found, box = run(reader, made, scene(1, width, height))
    assert box == WHOLE
    scale = min(1, SHORT_EDGE / min(height, width))
    assert found.classes.shape[0] == pytest.approx(height * scale / shrink, abs=1)
    assert found.classes.shape[1] == pytest.approx(width * scale / shrink, abs=1)


def test_a_large_photo_and_a_panorama_are_reduced_first(tmp_path: Path):
    made = fcn(tmp_path)
    found, _ = run(reader_of(made), made, scene(1, 1600, 1200))
    assert found.classes.shape == (520, 693)
    found, _ = run(reader_of(made), made, scene(1, 4000, 500))
    assert found.classes.shape == (167, 1333)


@pytest.mark.parametrize("softmax", [False, True])
def test_the_classes_are_those_of_the_network(tmp_path: Path, softmax: bool):
    made = fcn(tmp_path, softmax=softmax)
    pixels: Pixels = scene(4, 90, 60)
    found, _ = run(reader_of(made), made, pixels)
    how = replace(made.preparation, height=60, width=90, fit="squash", short_side=90)
    session = onnxruntime.InferenceSession(made.path, providers=["CPUExecutionProvider"])
    truth = session.run(None, {"image": prepare(pixels, how)[np.newaxis]})[0][0].argmax(axis=0)
    np.testing.assert_array_equal(found.classes, truth)


@pytest.mark.parametrize("fit", ["crop", "squash"])
def test_an_input_of_fixed_size_gets_what_its_preparation_says(tmp_path: Path, fit: str):
    made = fcn(tmp_path, size=48)
    made = replace(made, preparation=Preparation(48, 48, fit, mean=(127.0,), scale=(128.0,)))
    reader = reader_of(made)
    assert not reader.free
    found, box = run(reader, made, scene(1, 300, 200))
    assert found.classes.shape == (48, 48)
    assert box.in_pixels(200, 300) == crop_box(200, 300, made.preparation)
    assert (box == WHOLE) == (fit == "squash")


def test_a_file_of_maps_is_used_where_there_is_one(tmp_path: Path):
    maps = saved(dense(3, 4), tmp_path / "maps.onnx")
    plain = saved(convolutions(0, [4]), tmp_path / "features.onnx")
    made = network(
        plain, [("embedding", 4)], segmentation=True, class_output="logits", maps_path=maps, maps={"logits": "out"}
    )
    found, _ = run(reader_of(made), made, scene(1, 60, 40))
    assert found.classes.shape == (40, 60)


def test_a_network_of_another_kind_is_refused_in_a_sentence(tmp_path: Path):
    path = saved(convolutions(0, [4], pool="Flatten"), tmp_path / "no.onnx")
    made = network(path, [("embedding", 4)], segmentation=True)
    with pytest.raises(UserError, match="cannot be run"):
        reader_of(replace(made, path=tmp_path / "nothing.onnx", sha256="0"))
    found, _ = run(reader_of(made), made, scene(1))  # its last map is all there is: a class for each place of it
    assert found.classes.shape == (16, 16)
    with pytest.raises(UserError, match="a class for each place"):
        run(reader_of(made), replace(made, preparation=Preparation(20, 20)), scene(1))


# --- in a library ----------------------------------------------------------------------------------------------------


def test_a_photo_of_the_library_and_one_from_outside(place: Path, tmp_path: Path):
    made = fcn(tmp_path)
    with opened(place) as library:
        path, photo = next(iter(by_path(library).items()))
        found = done(segment(library, photo, made))
        assert found.segments.classes.shape == (240, 320)
        assert not found.small
        reports = list(segment(library, scene(3, 50, 70), made))
        assert [(one.done, one.total) for one in reports] == [(0, 3), (1, 3), (2, 3)]
        path.unlink()
        assert done(segment(library, photo, made)).small


def test_without_such_a_network_it_says_so(place: Path):
    with opened(place) as library, pytest.raises(UserError, match="Get one in Settings"):
        done(segment(library, scene(1)))
