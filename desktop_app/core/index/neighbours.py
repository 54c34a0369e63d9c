"""What every way of searching has in common: the interface, and one order of results."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from desktop_app.core.types import Positions, Vectors

Cosines = npt.NDArray[np.float32]
"""Cosines in [-1, 1]: float32, (n,), best first."""

Allowed = npt.NDArray[np.bool_]
"""Which positions may be results: bool, (rows,)."""

SLACK = np.float32(1e-5)
"""More than float32 sums over some thousand products of unit vectors are off."""


class Neighbours(Protocol):
    """Finds the positions whose unit vectors are nearest to a query by cosine. Safe for several reading threads."""

    def search(self, query: Vectors, limit: int, allowed: Allowed | None = None) -> tuple[Positions, Cosines]:
        """The best positions, best first; equal cosines in the order of their positions.

        Args:
            query: Float32 (k,), of length 1.
            limit: The most results.
            allowed: Bool (rows,), False for positions that may not be among the results; None allows all.

        Returns:
            Positions int64 (m,) and cosines float32 (m,), m <= limit.
        """
        ...


def rank(vectors: Vectors, positions: Positions, query: Vectors, limit: int) -> tuple[Positions, Cosines]:
    """The final order of candidates.

    The cosine is summed in float64 row by row and rounded to float32, so it does not depend on where a row lies in
    a matrix or who found it, and equal vectors have equal cosines.

    Args:
        vectors: Float32 (m, k), the candidates' unit vectors.
        positions: Int64 (m,), theirs.
        query: Float32 (k,).
        limit: The most results.
    """
    cosines = (vectors.astype(np.float64) * query.astype(np.float64)).sum(axis=1)
    cosines = np.clip(cosines, -1.0, 1.0).astype(np.float32)
    order = np.lexsort((positions, -cosines))[:limit]
    return positions[order], cosines[order]


def best(scores: npt.NDArray[np.float32], limit: int, slack: np.float32 = SLACK) -> Positions:
    """Indices of everything in `scores` (n,) that may be among the `limit` largest, in rising order.

    More than `limit` where scores within `slack` of the last one's would make the choice one of rounding.
    """
    if limit <= 0 or not len(scores):
        return np.empty(0, np.int64)
    if limit >= len(scores):
        return np.arange(len(scores), dtype=np.int64)
    worst = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    return np.flatnonzero(scores >= worst - slack).astype(np.int64, copy=False)


def nothing() -> tuple[Positions, Cosines]:
    """No results."""
    return np.empty(0, np.int64), np.empty(0, np.float32)
