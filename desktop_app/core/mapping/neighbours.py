"""Which rows are nearest to each row: what a layout is made from."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.types import Positions, Vectors

Points = npt.NDArray[np.float32]
"""Places on the plane: float32, (n, 2)."""

_BLOCK = 512


@dataclass(frozen=True, slots=True, eq=False)
class NeighbourTable:
    """The nearest rows of each row, the row itself not among them.

    Attributes:
        indices: int64 (n, k), nearest first.
        cosines: float32 (n, k), of each.
    """

    indices: Positions
    cosines: npt.NDArray[np.float32]

    @property
    def distances(self) -> npt.NDArray[np.float32]:
        """float32 (n, k): how far apart the unit rows are."""
        apart: npt.NDArray[np.float32] = np.sqrt(np.maximum(2.0 - 2.0 * self.cosines, 0.0)).astype(np.float32)
        return apart


def exact_table(matrix: Vectors, count: int) -> Generator[int, None, NeighbourTable]:
    """Compare every row with every other: for some ten thousand rows quicker than building a graph.

    Args:
        matrix: float32 (n, d), unit rows.
        count: neighbours of each row; fewer where there are no more.

    Yields:
        Rows done.
    """
    count = max(0, min(count, len(matrix) - 1))
    indices = np.empty((len(matrix), count), np.int64)
    cosines = np.empty((len(matrix), count), np.float32)
    for start in range(0, len(matrix), _BLOCK):
        rows = matrix[start : start + _BLOCK]
        scores = rows @ matrix.T
        scores[np.arange(len(rows)), np.arange(start, start + len(rows))] = -np.inf
        indices[start : start + _BLOCK], cosines[start : start + _BLOCK] = nearest(scores, count)
        yield start + len(rows)
    return NeighbourTable(indices, cosines)


def nearest(scores: npt.NDArray[np.float32], count: int) -> tuple[Positions, npt.NDArray[np.float32]]:
    """The `count` largest of each line, largest first; equal ones in the order of their columns.

    Args:
        scores: float32 (m, n), n >= count.
        count: how many of each line.

    Returns:
        Columns int64 (m, count) and their scores float32 (m, count).
    """
    if not count:
        return np.empty((len(scores), 0), np.int64), np.empty((len(scores), 0), np.float32)
    part = np.sort(np.argpartition(scores, scores.shape[1] - count, axis=1)[:, -count:], axis=1)
    values = np.take_along_axis(scores, part, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return (
        np.take_along_axis(part, order, axis=1).astype(np.int64, copy=False),
        np.take_along_axis(values, order, axis=1).astype(np.float32, copy=False),
    )
