"""Which rectangle of a map is most like something: every window of places, pooled as the network pools the whole map.

The mean of a window's places is compared with one vector by its cosine. Neither the means nor their lengths are made
one by one: with the places' products with the query, and with one another (their Gram matrix), both are sums over the
window.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

LONGEST = 3.0
"""No window is longer than so many times its other side: things in photos rarely are."""

_NOTHING = 1e-6  # share of the longest below which a sum of places is nothing


@functools.lru_cache(maxsize=16)
def windows(rows: int, columns: int, longest: float = LONGEST) -> npt.NDArray[np.int64]:
    """Every window of a map, int64 (n, 4): top, left, height, width in places; not to be written to."""
    found = [
        (top, left, tall, wide)
        for tall in range(1, rows + 1)
        for wide in range(1, columns + 1)
        if max(tall, wide) <= longest * min(tall, wide)
        for top in range(rows - tall + 1)
        for left in range(columns - wide + 1)
    ]
    return np.array(found, np.int64).reshape(-1, 4)


@functools.lru_cache(maxsize=16)
def _inside(rows: int, columns: int, longest: float) -> Floats:
    """Which places each window holds: float32 (windows, places), 1 or 0."""
    inside = np.zeros((len(windows(rows, columns, longest)), rows, columns), np.float32)
    for row, (top, left, tall, wide) in zip(inside, windows(rows, columns, longest).tolist(), strict=True):
        row[top : top + tall, left : left + wide] = 1
    return inside.reshape(len(inside), -1)


def window_scores(cells: Floats, query: Floats, longest: float = LONGEST) -> Floats:
    """The cosine of every window of every map with a query.

    Args:
        cells: float32 (n, rows, columns, k), what is compared of each place.
        query: float32 (k,).
        longest: see `LONGEST`.

    Returns:
        float32 (n, windows) in [-1, 1], in the order of `windows`; 0 for windows in which there is nothing.
    """
    count, rows, columns, depth = cells.shape
    length = float(np.linalg.norm(query))
    inside = _inside(rows, columns, longest)
    if not count or not length > 0:
        return np.zeros((count, len(inside)), np.float32)
    flat = cells.reshape(count, rows * columns, depth)
    out = np.empty((count, len(inside)), np.float32)
    for row, one in zip(out, flat, strict=True):
        products = inside @ (one @ (query / np.float32(length)))
        squares = np.einsum("wp,wp->w", inside @ (one @ one.T), inside)
        # a float32 sum that should be 0 may be a little below
        lengths = np.sqrt(np.maximum(squares, 0))
        something = lengths > _NOTHING * max(1.0, float(lengths.max()))
        row[:] = np.where(something, products, 0) / np.where(something, lengths, 1)
    return np.clip(out, -1.0, 1.0, out=out)


def share_inside(place: float, length: float, cells: int) -> Floats:
    """How much of each of `cells` equal parts of a side lies between `place` and `place + length`: float32 (cells,).

    All in shares of the side. A stretch within one cell has what it covers of it, so that nothing is ever lost.
    """
    edges = np.arange(cells + 1) / cells
    covered = np.minimum(edges[1:], place + length) - np.maximum(edges[:-1], place)
    return np.asarray(np.clip(covered * cells, 0.0, 1.0), np.float32)
