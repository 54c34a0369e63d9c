"""Laying pictures over one another: what counts as a copy, what does not, and how a difference is named."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from desktop_app.core.duplicates import signature, windows
from desktop_app.core.duplicates.compare import Measured, Verdict, measure, prepared
from desktop_app.core.duplicates.judge import Laid, how, judged, laid, lay_box, other_shots, through
from desktop_app.core.duplicates.sets import Change
from desktop_app.core.operations.copy_glance import second_glance, start
from desktop_app.core.operations.copy_looks import lying, packed, unpacked
from desktop_app.core.searching import Box
from tests.core.copies_made import cropped, jpeg, marked, noisy, pixels, scene, small

WAYS = st.integers(0, signature.WAYS - 1)


def compared(one: Image.Image, other: Image.Image) -> tuple[int, Measured | None]:
    """The best way to lay the other, and what is measured then, from thumbnails alone."""
    jpegs = [jpeg(one), jpeg(other)]
    tiny = np.stack([signature.signature_of(data) for data in jpegs])
    ways = np.arange(signature.WAYS, dtype=np.int8)
    none = np.zeros(signature.WAYS, np.int64)
    steps = windows.fits(tiny, none, none + 1, ways)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            fit, place = ended.value
            break
    way = int(fit.argmax())
    glance = second_glance(tiny, none[:1], none[:1] + 1, np.array([way]), place[[way]].astype(np.int64))
    return way, measure(prepared(jpegs[0]), lying(prepared(jpegs[1]), way), glance.matrices[0])


@given(WAYS, WAYS)
def test_ways_of_lying_make_a_group(one: int, other: int) -> None:
    picture = np.arange(12).reshape(3, 4)
    both = signature.lie(signature.lie(picture, one), other)
    assert (both == signature.lie(picture, signature.after(one, other))).all()
    assert (signature.lie(signature.lie(picture, one), signature.back(one)) == picture).all()


@given(WAYS, st.tuples(*[st.floats(0, 0.5)] * 4))
def test_a_box_is_laid_with_its_picture(way: int, sides: tuple[float, float, float, float]) -> None:
    box = Box(*sides)
    there = lay_box(box, way)
    again = lay_box(there, signature.back(way))
    assert np.allclose([again.x, again.y, again.width, again.height], sides)
    assert np.isclose(there.width * there.height, box.width * box.height)


def test_a_box_lies_where_its_pixels_lie() -> None:
    picture = np.zeros((40, 60), np.uint8)
    picture[4:12, 30:54] = 1  # Box(0.5, 0.1, 0.4, 0.2)
    for way in range(signature.WAYS):
        turned = signature.lie(picture, way)
        box = lay_box(Box(0.5, 0.1, 0.4, 0.2), way)
        rows, columns = np.nonzero(turned)
        height, width = turned.shape
        assert np.allclose(
            [columns.min() / width, rows.min() / height, (columns.max() + 1) / width, (rows.max() + 1) / height],
            [box.x, box.y, box.x + box.width, box.y + box.height],
        )


@pytest.mark.parametrize("way", range(signature.WAYS))
def test_turned_and_mirrored_copies_meet_by_their_hashes(way: int) -> None:
    pictures = [scene(seed) for seed in range(12)]
    turned = Image.fromarray(lying(pixels(small(pictures[3])), signature.back(way)))
    tiny = np.stack([signature.signature_of(jpeg(picture)) for picture in [*pictures, turned]])
    assert (3, 12, way) in hashes_near(tiny, np.ones(len(tiny), np.bool_))


def hashes_near(tiny: np.ndarray, new: np.ndarray) -> set[tuple[int, int, int]]:
    """The pairs that meet by their hashes."""
    steps = signature.alike(tiny, new)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            return set(zip(*(column.tolist() for column in ended.value), strict=True))


def test_what_is_new_meets_what_is_old_whichever_comes_first() -> None:
    pictures = [scene(seed) for seed in range(6)]
    pictures += [picture.transpose(Image.Transpose.ROTATE_90) for picture in pictures]
    tiny = np.stack([signature.signature_of(jpeg(picture)) for picture in pictures])
    everything = hashes_near(tiny, np.ones(12, np.bool_))
    assert {(n, n + 6, 1) for n in range(6)} <= everything
    for late in (np.arange(12) % 2 == 0, np.arange(12) < 6, np.arange(12) == 8):
        expected = {pair for pair in everything if late[pair[0]] or late[pair[1]]}
        assert hashes_near(tiny, late) == expected
    assert hashes_near(tiny, np.zeros(12, np.bool_)) == set()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (lambda one: small(one), {Change.SMALLER}),
        (lambda one: cropped(one), {Change.CROPPED}),
        (lambda one: cropped(one, 0.2), {Change.CROPPED}),
        (lambda one: marked(one), {Change.EDITED}),
        (lambda one: one.transpose(Image.Transpose.ROTATE_90), {Change.TURNED_LEFT}),
        (lambda one: one.transpose(Image.Transpose.ROTATE_270), {Change.TURNED_RIGHT}),
        (lambda one: one.transpose(Image.Transpose.ROTATE_180), {Change.UPSIDE_DOWN}),
        (lambda one: one.transpose(Image.Transpose.FLIP_LEFT_RIGHT), {Change.MIRRORED}),
        (lambda one: ImageEnhance.Brightness(one).enhance(1.25), {Change.BRIGHTER}),
        (lambda one: ImageEnhance.Brightness(one).enhance(0.7), {Change.DARKER}),
        (lambda one: one.convert("L").convert("RGB"), {Change.GREY}),
    ],
)
def test_copies_are_known_and_what_was_done_is_named(changed, words: set[Change]) -> None:
    one = scene(5)
    other = changed(one)
    way, measured = compared(one, noisy(other))
    assert judged(measured) is Verdict.COPY
    assert measured is not None
    told = how(Laid(), laid(way, measured), (one.size, other.size))
    assert words <= set(told.changes)
    assert set(told.changes) <= words | {Change.SMALLER, Change.COMPRESSED}


def test_a_crop_says_which_part_it_shows() -> None:
    one = scene(8)
    other = cropped(one, 0.2)  # without the left and the bottom fifth
    way, measured = compared(one, other)
    assert measured is not None
    part = how(Laid(), laid(way, measured), (one.size, other.size)).part
    assert part is not None
    assert np.allclose([part.x, part.y, part.width, part.height], [0.2, 0.0, 0.8, 0.8], atol=0.01)
    again = how(laid(way, measured), Laid(), (other.size, one.size))
    assert Change.WIDER in again.changes
    assert again.part is None


def test_a_mark_is_found_where_it_is() -> None:
    one = scene(11)
    other = one.copy()
    other.paste((255, 0, 255), (300, 30, 390, 90))
    way, measured = compared(one, other)
    assert judged(measured) is Verdict.COPY
    assert measured is not None
    box = how(Laid(), laid(way, measured), (one.size, other.size)).differs
    assert box is not None
    assert box.x < 300 / 420 + 0.1
    assert box.x + box.width > 390 / 420 - 0.1
    assert box.width < 0.5


def test_another_picture_is_no_copy() -> None:
    assert judged(compared(scene(1), scene(2))[1]) is Verdict.OTHER


def test_another_shot_of_the_scene_is_no_copy() -> None:
    """Something moved in front of the same background."""
    one, other = scene(4, moved=30), noisy(scene(4, moved=110), 3)
    assert judged(compared(one, other)[1]) is Verdict.SCENE


def test_a_picture_that_was_put_straight_is_a_copy() -> None:
    one = noisy(scene(7, 640, 480))
    other = one.rotate(1.5, Image.Resampling.BICUBIC).crop((20, 20, 620, 460))
    assert judged(compared(one, other)[1]) is Verdict.COPY


def test_a_shot_from_a_little_further_is_no_copy() -> None:
    """By hand from nearly the same place: near things move against far ones."""
    one = scene(7, 640, 480)
    near = noisy(scene(21, 640, 480), 5)
    other = one.rotate(1.5, Image.Resampling.BICUBIC)
    shape = Image.new("L", one.size)
    shape.paste(255, (200, 100, 460, 420))
    one.paste(near, (0, 0), shape)
    other.paste(near, (9, 4), shape)
    frame = (20, 20, 620, 460)
    assert judged(compared(noisy(one.crop(frame)), noisy(other.crop(frame), 2))[1]) is not Verdict.COPY


def test_a_thing_of_another_colour_is_no_copy() -> None:
    one, other = (Image.new("RGB", (400, 300), (236, 236, 236)) for _ in range(2))
    shapes = scene(3, 180, 180)
    red = np.asarray(shapes.convert("L"), np.float32)[..., None] / 255
    for picture, colour in ((one, (220, 40, 40)), (other, (40, 70, 230))):
        picture.paste(Image.fromarray((red * np.array(colour)).astype(np.uint8)), (110, 60))
    assert judged(compared(one, other)[1]) is not Verdict.COPY


def test_nothing_to_see_is_no_copy_of_nothing() -> None:
    plain = [pixels(Image.new("RGB", (300, 200), (value, value, value))) for value in (90, 140)]
    found = measure(plain[0], plain[1], start(0, 0))
    assert judged(found) is not Verdict.COPY
    assert not signature.shapes(np.full((1, 32, 32), 90, np.uint8)).any()


def test_the_camera_s_time_tells_shots_apart() -> None:
    noon = datetime(2020, 5, 1, 12, 0, 0)
    assert other_shots((noon, "Box 1"), (noon + timedelta(seconds=2), "Box 1"))
    assert not other_shots((noon, "Box 1"), (noon, "Box 1"))
    assert not other_shots((noon, "Box 1"), (None, ""))
    assert not other_shots((noon, "Box 1"), (noon + timedelta(hours=2), "Box 1"))  # a clock that was put right
    way, measured = compared(scene(6), noisy(scene(6)))
    assert judged(measured, other_shot=True) is Verdict.SCENE
    assert way == 0


@given(WAYS, WAYS)
def test_where_a_copy_of_a_copy_lies(one: int, other: int) -> None:
    """Chained, points come where going step by step leads them."""
    first = Laid(one, (0.8, 0.0, 0.1, 0.0, 0.9, 0.05), 0.9)
    second = Laid(other, (0.7, 0.0, 0.2, 0.0, 0.6, 0.3), 0.9)
    whole = through(first, second)
    assert whole.way == signature.after(one, other)
    # the picture's whole box: into the second's picture, laid, into the third's
    inner = Box(0.1, 0.05, 0.8, 0.9)
    turned = lay_box(inner, other)
    expected = [0.7 * turned.x + 0.2, 0.6 * turned.y + 0.3, 0.7 * turned.width, 0.6 * turned.height]
    a, _, c, _, e, f = whole.matrix
    assert np.allclose([c, f, a, e], expected)


def test_a_measurement_is_kept_whole() -> None:
    _, measured = compared(scene(9), marked(scene(9)))
    assert measured is not None
    again = unpacked(packed(measured))
    assert again is not None
    assert np.allclose(again.matrix, measured.matrix, atol=1e-6)
    assert np.isclose(again.same, measured.same)
    assert (again.differs is None) == (measured.differs is None)
    assert unpacked(b"") is None
    assert unpacked(b"\x00" * 7) is None


@pytest.mark.parametrize("data", [b"", b"no picture", jpeg(scene(0))[:60]])
def test_a_damaged_thumbnail_is_nothing(data: bytes) -> None:
    assert signature.signature_of(data) is None
    assert prepared(data) is None
