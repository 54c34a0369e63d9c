"""The second glance at tiny pictures: where one lies over another, and which pairs are not worth comparing pixels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from desktop_app.core.duplicates import signature, windows
from desktop_app.core.duplicates.closer import Closer, closer
from desktop_app.core.operations.copy_glance import LIKE, OVER, second_glance, start
from desktop_app.core.operations.copy_looks import lying
from tests.core.copies_made import jpeg, marked, noisy, pixels, scene, small


def tiny(*pictures: Image.Image) -> npt.NDArray[np.uint8]:
    found = [signature.signature_of(jpeg(picture)) for picture in pictures]
    return np.stack([one for one in found if one is not None])


def glanced(signatures: npt.NDArray[np.uint8], way: int = 0) -> Closer:
    """A second glance at the first picture and each of the others, laid a way, from the best windows."""
    count = len(signatures) - 1
    one, other = np.zeros(count, np.int64), np.arange(1, count + 1)
    ways = np.full(count, way)
    steps = windows.fits(signatures, one, other, ways.astype(np.int8))
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            return second_glance(signatures, one, other, ways, ended.value[1].astype(np.int64))


def part(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = picture.size
    return picture.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))


@pytest.mark.parametrize("way", range(signature.WAYS))
def test_a_part_is_found_to_a_hundredth_however_it_lies(way: int) -> None:
    picture = scene(1, 600, 420)
    sides = (0.07, 0.04, 0.93, 0.88)
    turned = Image.fromarray(lying(pixels(part(picture, *sides)), signature.back(way)))
    found = glanced(tiny(picture, turned), way)
    left, top, right, bottom = sides
    assert np.allclose(found.matrices[0], [[right - left, 0, left], [0, bottom - top, top]], atol=0.012)
    assert found.likeness[0] > 0.9
    assert found.over[0] == pytest.approx(1.0, abs=0.02)


def test_the_larger_one_may_come_second() -> None:
    picture = scene(2, 600, 420)
    found = glanced(tiny(part(picture, 0.0, 0.1, 0.85, 0.95), picture))
    assert np.allclose(found.matrices[0], [[1 / 0.85, 0, 0], [0, 1 / 0.85, -0.1 / 0.85]], atol=0.015)
    assert found.likeness[0] > 0.9


def test_copies_are_worth_comparing_and_other_pictures_are_not() -> None:
    picture = scene(3)
    copies = (small(picture, 0.25), marked(picture), noisy(picture), picture.convert("L").convert("RGB"))
    assert (glanced(tiny(picture, *copies)).likeness > 0.75).all()
    others = glanced(tiny(picture, *(scene(seed) for seed in range(10, 40))))
    assert ((others.likeness < LIKE) | (others.over < OVER)).all()


def test_two_pictures_that_share_a_corner_only_are_not_looked_at() -> None:
    box = np.array([[[1.0, 0, 0.8], [0, 1.0, 0.8]]])
    same = tiny(scene(4))
    found = closer(same, same, box)
    assert found.over[0] == found.likeness[0] == 0


def test_a_picture_without_shapes_is_like_nothing() -> None:
    flat = np.full((1, 32, 32), 90, np.uint8)
    found = closer(np.concatenate([flat, tiny(scene(5))]), np.concatenate([flat, flat]), np.stack([start(0, 0)] * 2))
    assert np.isfinite(found.matrices).all()
    assert (found.likeness < 0.05).all()


def test_what_is_found_of_a_pair_does_not_depend_on_the_others() -> None:
    pictures = tiny(*(scene(seed) for seed in range(9)), *(small(scene(seed), 0.5) for seed in range(9)))
    one, other = (side.ravel() for side in np.indices((len(pictures), len(pictures))))
    nothing = np.zeros(len(one), np.int64)
    together = second_glance(pictures, one, other, nothing, nothing)
    for at in range(0, len(one), 7):
        alone = second_glance(pictures, one[at : at + 1], other[at : at + 1], nothing[:1], nothing[:1])
        assert alone.likeness[0] == together.likeness[at]
        assert (alone.matrices[0] == together.matrices[at]).all()
