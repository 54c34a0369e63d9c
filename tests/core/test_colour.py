"""Colour as a descriptor: what a histogram and a palette say of pictures whose colours are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.descriptors import HISTOGRAM, PALETTE
from desktop_app.core.images import colour
from desktop_app.core.types import Pixels
from tests.photos import scene

rgb = st.tuples(*[st.integers(0, 255)] * 3)


def painted(figure: colour.Colour, ground: colour.Colour, size: tuple[int, int] = (120, 160)) -> Pixels:
    """A disc in the middle, which takes a third of the picture."""
    height, width = size
    y, x = np.mgrid[0:height, 0:width]
    radius = (height * width / 3 / np.pi) ** 0.5
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = ground
    pixels[(y - height / 2 + 0.5) ** 2 + (x - width / 2 + 0.5) ** 2 < radius**2] = figure
    return pixels


def plain(value: colour.Colour, size: tuple[int, int] = (20, 30)) -> Pixels:
    return painted(value, value, size)


@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**31))
@settings(max_examples=60, deadline=None)
def test_lengths_and_sums(height: int, width: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    found = colour.describe(pixels)
    assert {name: row.shape for name, row in found.items()} == {n: (1, size) for n, size in colour.sizes().items()}
    assert all(row.dtype == np.float32 and (row >= 0).all() for row in found.values())
    assert float((found[HISTOGRAM] ** 2).sum()) == pytest.approx(1.0, abs=1e-5)
    assert float(found[PALETTE].sum()) == pytest.approx(1.0, abs=1e-5)


def test_regions_cover_a_picture_once() -> None:
    for height, width in ((1, 1), (2, 3), (48, 64), (64, 48)):
        regions = colour._regions(height, width)
        assert regions.shape == (height, width)
        assert set(np.unique(regions)) <= {288 * region for region in range(5)}
    counts = np.bincount(colour._regions(48, 64).ravel() // 288)
    assert counts[-1] == pytest.approx(48 * 64 * np.pi / 4 * 0.75**2, rel=0.02)  # the ellipse
    assert counts[:4].max() - counts[:4].min() < 48


def test_where_a_colour_is_counts() -> None:
    left, right = painted((0, 0, 0), (0, 0, 0)), painted((0, 0, 0), (0, 0, 0))
    left[:, :80] = (220, 20, 20)
    right[:, 80:] = (220, 20, 20)
    one, other, upside_down = (colour.describe(p)[HISTOGRAM][0] for p in (left, right, left[::-1].copy()))
    assert float(one @ other) < 0.6
    assert float(one @ upside_down) > 0.99
    palettes = [colour.describe(p)[PALETTE][0] for p in (left, right)]
    np.testing.assert_allclose(*palettes, atol=0.02)  # the middle falls into one square


def test_a_smaller_copy_has_the_same_colours() -> None:
    large, reduced = scene(3, 640, 480), scene(3, 640, 480)[::4, ::4]
    one, other = colour.describe(large), colour.describe(np.ascontiguousarray(reduced))
    assert float(one[HISTOGRAM][0] @ other[HISTOGRAM][0]) > 0.9
    assert float(np.abs(one[PALETTE] - other[PALETTE]).sum()) < 0.2


@given(rgb)
@settings(max_examples=200, deadline=None)
def test_a_plain_picture_is_wholly_in_its_own_colour(value: colour.Colour) -> None:
    cells = colour.describe(plain(value))[PALETTE][0]
    assert float(cells @ colour.shares([value])[0]) == pytest.approx(1.0)
    ((main, share),) = colour.main_colours(cells)
    assert share == pytest.approx(1.0)
    assert float(cells @ colour.shares([main])[0]) > 0.5


def test_other_colours_have_no_part() -> None:
    cells = colour.describe(plain((210, 20, 20)))[PALETTE][0]
    for other in ((20, 20, 210), (20, 160, 30), (255, 255, 255), (0, 0, 0), (128, 128, 128)):
        assert float(cells @ colour.shares([other])[0]) == 0


@given(st.lists(rgb, min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_nothing_is_counted_twice(colours: list[colour.Colour]) -> None:
    shares = colour.shares(colours)
    assert shares.shape == (len(colours), colour.palette_size())
    assert ((shares > 0).sum(axis=0) <= 1).all()
    assert shares.min() >= 0
    assert shares.max() <= 1


def test_main_colours_are_those_of_the_picture() -> None:
    cells = colour.describe(painted((200, 30, 30), (240, 240, 235)))[PALETTE][0]
    (ground, much), (figure, some), *rest = colour.main_colours(cells)
    assert ground == pytest.approx((240, 240, 235), abs=25)
    assert figure == pytest.approx((200, 30, 30), abs=25)
    assert (much, some) == (pytest.approx(2 / 3, abs=0.03), pytest.approx(1 / 3, abs=0.04))
    assert sum(share for _, share in rest) < 0.06
    assert len(colour.main_colours(cells, 1)) == 1


@pytest.mark.parametrize("pixels", [np.zeros((0, 4, 3), np.uint8), np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3))])
def test_what_is_no_picture(pixels: Pixels) -> None:
    with pytest.raises(ValueError, match="pixels must be"):
        colour.describe(pixels)


def test_the_cells_stay_what_they_are() -> None:
    """Palettes are stored: other cells need another key."""
    of_cell, centres = colour._cell_of()
    assert (len(centres), int(of_cell.sum()), int(centres.sum())) == (210, 3_521_250, 78_492)
