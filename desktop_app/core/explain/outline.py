"""Which rectangle of a picture stands out of the rest of it: where the outline of a found place is drawn.

How alike each place is to what is looked for is laid over the whole picture, finer than the places are, and a rectangle
is chosen that is as alike as possible inside, as unlike as possible outside, and not small: a step laid through the
values, as in the scan statistics of Kulldorff (1997). All rectangles are tried at once, by two matrix products.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from desktop_app.core.explain.windows import LONGEST, Floats
from desktop_app.core.searching import Box

STEPS = 14
"""Places of the fine grid along the shorter side of a picture: half a place of a last map of seven."""

LEAST = 2
"""Steps a side of the smallest rectangle."""

_INSIDE = 0.3  # power of the area: the larger of two that stand out equally
_OUTSIDE = 0.1  # power of the rest's area: what is left over must be something, too
_BEYOND = 0.2  # of a picture, added to the rest as places that are as unlike as ...
_UNLIKE = 20  # ... this percentile of the picture's own: a thing may fill its picture

_ALIKE = 0.65  # of what the best rectangle has in the mean: less is not what is looked for, however much of it
_EVEN = 1e-5  # worth that is only rounding

# measured: docs/adr/0024-region-and-journey.md


def likeness_of_places(cells: Floats, query: Floats) -> Floats:
    """The cosine of each place with a query.

    Args:
        cells: float32 (..., k), centred.
        query: float32 (k,), centred.

    Returns:
        float32 (...), 0 where there is nothing.
    """
    length = float(np.linalg.norm(query))
    lengths = np.linalg.norm(cells, axis=-1)
    if not length > 0:
        return np.zeros(lengths.shape, np.float32)
    return np.asarray(cells @ (query / np.float32(length)) / np.where(lengths > 0, lengths, 1), np.float32)


def laid_over(heat: Floats, parts: Sequence[Box]) -> Floats:
    """Values of the places of overlapping parts as one grid over the picture, in between by straight lines.

    Args:
        heat: float32 (parts, rows, columns).
        parts: where each lies in the picture, see `region_cells.parts_of`: in one row, or one column.

    Returns:
        float32 (fine rows, fine columns): `STEPS` along the picture's shorter side. Where parts overlap, places count
        the more the farther they are from their part's edge: a network sees less around those at the edge.
    """
    _, rows, columns = heat.shape
    down = _weights(tuple(dict.fromkeys(one.y for one in parts)), parts[0].height, rows)
    along = _weights(tuple(dict.fromkeys(one.x for one in parts)), parts[0].width, columns)
    is_column = len(parts) > 1 and parts[0].y != parts[1].y
    whole = heat.reshape(-1, columns) if is_column else np.concatenate(list(heat), axis=1)
    return np.asarray(down @ whole @ along.T, np.float32)


@functools.lru_cache(maxsize=64)
def _weights(starts: tuple[float, ...], share: float, count: int) -> Floats:
    """What each place of each part adds to each fine place along one side: float32 (fine, parts * count)."""
    fine = max(STEPS, round(STEPS / share))
    middles = (np.arange(fine) + 0.5) / fine
    out = np.zeros((fine, len(starts), count))
    for number, start in enumerate(starts):
        along = (middles - start) / share
        # in the middle of a part everything counts in full, at its edge hardly; alone it counts whatever it is
        worth = np.clip(np.minimum(along, 1 - along), 0, 1) if len(starts) > 1 else np.ones(fine)
        place = np.clip(along * count - 0.5, 0, count - 1)
        before = np.floor(place).astype(np.int64)
        after = np.minimum(before + 1, count - 1)
        out[np.arange(fine), number, before] += worth * (before + 1 - place)
        out[np.arange(fine), number, after] += worth * (place - before)
    found = out.reshape(fine, -1)
    return np.asarray(found / found.sum(axis=1, keepdims=True), np.float32)


def standing_out(heat: Floats) -> Box:
    """The rectangle that stands out most, in shares of the picture; all of it where nothing does.

    Args:
        heat: float32 (rows, columns), of `laid_over`.
    """
    tall, wide = _stretches(heat.shape[0]), _stretches(heat.shape[1])
    inside, rest = _factors(*heat.shape)
    heat = heat - np.float32(np.percentile(heat, _UNLIKE))  # what lies beyond is 0 from here on
    down, along = _membership(heat.shape[0]), _membership(heat.shape[1])
    sums = down @ heat @ along.T
    means = sums / np.outer(down.sum(axis=1), along.sum(axis=1))
    worth = np.where(means >= _ALIKE * means.max(), sums * inside - heat.sum() * rest, 0)
    row, column = np.unravel_index(int(worth.argmax()), worth.shape)
    if not worth[row, column] > _EVEN:
        return Box(0.0, 0.0, 1.0, 1.0)
    (top, bottom), (left, right) = tall[row] / heat.shape[0], wide[column] / heat.shape[1]
    return Box(float(left), float(top), float(right - left), float(bottom - top))


@functools.lru_cache(maxsize=64)
def _stretches(length: int) -> npt.NDArray[np.int64]:
    """Every stretch of a side, int64 (n, 2): from, to."""
    least = min(LEAST, length)
    return np.array([(at, to) for at in range(length) for to in range(at + least, length + 1)], np.int64)


@functools.lru_cache(maxsize=64)
def _membership(length: int) -> Floats:
    """Which steps each stretch holds, float32 (n, length): 1 or 0."""
    steps = np.arange(length)
    found = _stretches(length)
    return np.asarray((found[:, :1] <= steps) & (steps < found[:, 1:]), np.float32)


@functools.lru_cache(maxsize=32)
def _factors(rows: int, columns: int) -> tuple[Floats, Floats]:
    """What a rectangle is worth, as factors of the sum inside it and of the sum of all: float32 (tall, wide) each.

    Worth is (mean inside - mean outside) * area**a * rest**b; rectangles that are too long are worth nothing.
    """
    tall, wide = np.diff(_stretches(rows))[:, 0], np.diff(_stretches(columns))[:, 0]
    area, all_of_them = np.outer(tall, wide).astype(np.float64), rows * columns
    outside = all_of_them - area + _BEYOND * all_of_them
    power = (area / all_of_them) ** _INSIDE * (outside / all_of_them) ** _OUTSIDE
    power[np.maximum.outer(tall, wide) > LONGEST * np.minimum.outer(tall, wide)] = 0
    return ((1 / area + 1 / outside) * power).astype(np.float32), (power / outside).astype(np.float32)
