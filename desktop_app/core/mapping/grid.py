"""The contact sheet by likeness: the plane pulled straight into rows and columns, nothing on top of anything else."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from desktop_app.core.mapping.neighbours import Points

Cells = npt.NDArray[np.int32]
"""Column and row of each photo: int32, (n, 2)."""

ROOM = 0.45
"""How far the plane is drawn apart."""


def columns_for(count: int, aspect: float = 1.5) -> int:
    """How many columns a sheet of `count` photos has that is `aspect` times as wide as high."""
    return max(1, min(count, math.ceil(math.sqrt(count * aspect))))


def contact_sheet(points: Points, columns: int = 0) -> Cells:
    """Give each point a cell of its own, near points near cells.

    Halves the sheet again and again, across its longer side, and with it the points in their order along that side:
    every photo goes to the half it lies in, as far as there is room. n log² n; 100,000 points take about a second.

    Args:
        points: float32 (n, 2), places on the plane.
        columns: of the sheet; 0 for one that is half as wide again as high.

    Returns:
        int32 (n, 2): each cell once, all rows full but the last.
    """
    count = len(points)
    columns = columns or columns_for(count)
    rows = math.ceil(count / columns) if count else 0
    out = np.zeros((count, 2), np.int32)
    x, y = points[:, 0], points[:, 1]
    stack = [(np.arange(count), 0, 0, columns, rows)]
    while stack:
        own, left, top, right, bottom = stack.pop()
        if not len(own):
            continue
        wide, high = right - left, bottom - top
        if wide == 1 and high == 1:
            out[own[0]] = left, top
            continue
        along = x if wide >= high else y
        order = own[np.argsort(along[own], kind="stable")]
        if high == 1:  # one row: they stand in their order
            out[order, 0] = np.arange(left, left + len(order))
            out[order, 1] = top
            continue
        if wide >= high:
            middle = (left + right) // 2
            room = _room(left, top, middle, bottom, columns, count)
            halves = ((left, top, middle, bottom), (middle, top, right, bottom))
        else:
            middle = (top + bottom) // 2
            room = _room(left, top, right, middle, columns, count)
            halves = ((left, top, right, middle), (left, middle, right, bottom))
        stack.append((order[:room], *halves[0]))
        stack.append((order[room:], *halves[1]))
    return out


def roomy(points: Points, share: float = ROOM) -> Points:
    """The plane with its photos drawn apart: a part of the way to where they are on a contact sheet.

    t-SNE packs what is alike tightly and leaves most of the plane empty: thumbnails would lie on one another beside
    wide gaps. On the sheet all have the same room, in the same order; between the two, groups stay groups.

    Args:
        points: float32 (n, 2).
        share: of the way, 0 to 1.

    Returns:
        float32 (n, 2), in the same rectangle.
    """
    if len(points) < 3:
        return points
    low, high = points.min(axis=0), points.max(axis=0)
    extent = np.maximum(high - low, 1e-9)
    cells = contact_sheet(points, columns_for(len(points), float(np.clip(extent[0] / extent[1], 0.2, 5.0))))
    spread = cells / np.maximum(cells.max(axis=0), 1) * extent + low
    apart: Points = ((1 - share) * points + share * spread).astype(np.float32)
    return apart


def _room(left: int, top: int, right: int, bottom: int, columns: int, count: int) -> int:
    """Cells of a part of the sheet that are to be filled: the last row may be shorter."""
    full_rows, rest = divmod(count, columns)
    whole = max(0, min(bottom, full_rows) - top) * (right - left)
    if top <= full_rows < bottom:
        whole += max(0, min(right, rest) - left)
    return whole
