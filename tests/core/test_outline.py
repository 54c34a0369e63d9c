"""The rectangle that stands out of a picture, whatever its shape and however it is cut into parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.explain.outline import STEPS, laid_over, likeness_of_places, standing_out
from desktop_app.core.operations.region_cells import parts_of
from desktop_app.core.searching import Box


def with_thing(rows: int, columns: int, top: int, left: int, bottom: int, right: int) -> np.ndarray:
    """A grid that is like something inside a rectangle, and not outside."""
    heat = np.full((rows, columns), 0.05, np.float32)
    heat[top:bottom, left:right] = 0.6
    return heat


def edges(box: Box, rows: int, columns: int) -> tuple[float, ...]:
    return box.y * rows, box.x * columns, (box.y + box.height) * rows, (box.x + box.width) * columns


@settings(deadline=None)  # what is worked out once for each shape takes a while
@given(st.data())
def test_a_thing_is_outlined_exactly(data):
    rows, columns = data.draw(st.integers(6, 20)), data.draw(st.integers(6, 30))
    tall = data.draw(st.integers(2, min(rows - 2, 3 * (columns - 2))))
    wide = data.draw(st.integers(max(2, -(-tall // 3)), min(columns - 2, 3 * tall)))
    top, left = data.draw(st.integers(0, rows - tall)), data.draw(st.integers(0, columns - wide))
    box = standing_out(with_thing(rows, columns, top, left, top + tall, left + wide))
    assert edges(box, rows, columns) == pytest.approx((top, left, top + tall, left + wide), abs=1e-4)


def test_a_small_thing_does_not_get_a_large_outline_because_its_surroundings_are_a_little_alike():
    heat = np.full((14, 14), 0.3, np.float32)
    heat[4:7, 4:7] = 0.6
    box = standing_out(heat)
    assert box.width * box.height < 2 * 9 / 14**2


@settings(deadline=None)
@given(st.integers(1, 20), st.integers(1, 20), st.sampled_from([-0.3, 0.0, 0.4]))
def test_where_nothing_stands_out_it_is_all_of_the_picture(rows: int, columns: int, value: float):
    assert standing_out(np.full((rows, columns), value, np.float32)) == Box(0, 0, 1, 1)


@settings(deadline=None)
@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(1, 8), st.integers(1, 8), st.integers(0, 99))
def test_whatever_the_picture_the_outline_lies_on_it(height: int, width: int, rows: int, columns: int, seed: int):
    parts = parts_of(height, width)
    values = np.random.default_rng(seed).uniform(-1, 1, (len(parts), rows, columns)).astype(np.float32)
    heat = laid_over(values, parts)
    assert min(heat.shape) == STEPS
    assert values.min() - 1e-5 <= heat.min()
    assert heat.max() <= values.max() + 1e-5
    box = standing_out(heat)
    assert 0 <= box.x < box.x + box.width <= 1 + 1e-6
    assert 0 <= box.y < box.y + box.height <= 1 + 1e-6


@pytest.mark.parametrize(("height", "width"), [(700, 1400), (1400, 700), (700, 2500)])
def test_parts_that_overlap_become_one_picture(height: int, width: int):
    parts = parts_of(height, width)
    line = np.linspace(0, 1, 700)
    # what is asked of every place is how far it is along the picture's longer side
    start, share = ("x", "width") if width > height else ("y", "height")
    values = []
    for part in parts:
        along = getattr(part, start) + (np.arange(7) + 0.5) / 7 * getattr(part, share)
        values.append(np.tile(along, (7, 1)) if width > height else np.tile(along, (7, 1)).T)
    heat = laid_over(np.array(values, np.float32), parts)
    along = heat.mean(axis=0 if width > height else 1)
    expected = np.interp((np.arange(len(along)) + 0.5) / len(along), line, line)
    assert np.abs(along - expected)[2:-2].max() < 0.02


def test_places_are_compared_by_their_direction_alone():
    cells = np.array([[[2.0, 0.0], [0.0, 0.5]], [[-1.0, 0.0], [0.0, 0.0]]], np.float32)
    query = np.array([3.0, 0.0], np.float32)
    assert likeness_of_places(cells, query).tolist() == [[1.0, 0.0], [-1.0, 0.0]]
    assert not likeness_of_places(cells, np.zeros(2, np.float32)).any()
