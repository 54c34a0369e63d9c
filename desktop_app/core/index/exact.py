"""Searching by looking at every vector: what is nearest, without approximation."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from desktop_app.core.index.neighbours import Allowed, Cosines, best, nothing, rank
from desktop_app.core.types import Positions, Vectors

_CHUNK = 1 << 16
_SPARSE = 8
"""With fewer than one position in so many allowed, their rows are gathered instead of scoring all."""


class ExactIndex:
    """Cosines with every row of a matrix; implements `Neighbours`.

    Args:
        matrix: Float32 (n, k), unit rows (or zero); may be mapped from the disk.
    """

    def __init__(self, matrix: Vectors) -> None:
        self._matrix = matrix

    def search(self, query: Vectors, limit: int, allowed: Allowed | None = None) -> tuple[Positions, Cosines]:
        """See `Neighbours.search`; always finds min(limit, allowed rows) results."""
        return self.search_from(0, query, limit, allowed)

    def search_from(
        self, first: int, query: Vectors, limit: int, allowed: Allowed | None = None
    ) -> tuple[Positions, Cosines]:
        """The same among the positions from `first` on."""
        matrix = self._matrix
        if limit <= 0 or first >= len(matrix):
            return nothing()
        query = np.ascontiguousarray(query, np.float32)
        if allowed is None:
            found = best(self._scores(first, query), limit) + first
            return rank(matrix[found], found, query, limit)
        positions = np.flatnonzero(allowed[first:]).astype(np.int64, copy=False) + first
        if len(positions) * _SPARSE < len(matrix) - first:
            scores = np.empty(len(positions), np.float32)
            for at in range(0, len(positions), _CHUNK):
                part = positions[at : at + _CHUNK]
                np.einsum("ij,j->i", matrix[part], query, out=scores[at : at + _CHUNK])
        else:
            scores = self._scores(first, query)[positions - first]
        found = positions[best(scores, limit)]
        return rank(matrix[found], found, query, limit)

    def _scores(self, first: int, query: Vectors) -> npt.NDArray[np.float32]:
        # Not BLAS: its threads wait for one another while an ingest keeps all cores busy (then 3 times as slow).
        scores: npt.NDArray[np.float32] = np.einsum("ij,j->i", self._matrix[first:], query)
        return scores


def cosines(vectors: Vectors, query: Vectors) -> npt.NDArray[np.float32]:
    """Cosines of raw (neither centred nor projected) vectors float32 (n, d) with one (d,): float32 (n,) in [-1, 1].

    Zero vectors have cosine 0. Limits such as a duplicate's distance are stated on these.
    """
    rows, one = vectors.astype(np.float64), query.astype(np.float64)
    lengths = np.sqrt((rows * rows).sum(axis=1)) * np.sqrt((one * one).sum())
    products = (rows * one).sum(axis=1)
    out = np.divide(products, lengths, out=np.zeros(len(rows)), where=lengths > 0)
    return np.asarray(np.clip(out, -1.0, 1.0), np.float32)


def euclidean(
    chunks: Iterable[Vectors], query: Vectors, limit: int, allowed: Allowed | None = None
) -> tuple[Positions, npt.NDArray[np.float32]]:
    """The vectors nearest to a query by Euclidean distance, on raw embeddings, exactly.

    The mean squared error that the details show beside it is distance**2 / d.

    Args:
        chunks: The vectors in order, float32 (m, d) at a time, as `VectorStore.chunks` gives them.
        query: Float32 (d,).
        limit: The most results.
        allowed: Bool, one per vector, False for those that may not be among the results; None allows all.

    Returns:
        Row numbers within `chunks` int64 (n,) and distances float32 (n,) >= 0, nearest first, equal distances in
        the order of their rows.
    """
    rows, distances = np.empty(0, np.int64), np.empty(0, np.float32)
    if limit <= 0:
        return rows, distances
    first = 0
    for chunk in chunks:
        # the difference itself: |a|^2 + |b|^2 - 2ab loses what near-equal vectors differ by
        difference = chunk - query
        squares = np.einsum("ij,ij->i", difference, difference)
        here = np.arange(first, first + len(chunk), dtype=np.int64)
        first += len(chunk)
        if allowed is not None:
            keep = allowed[here]
            here, squares = here[keep], squares[keep]
        if len(rows) == limit:
            nearer = squares < distances[-1]
            here, squares = here[nearer], squares[nearer]
        rows = np.concatenate([rows, here])
        distances = np.concatenate([distances, squares])
        order = np.lexsort((rows, distances))[:limit]
        rows, distances = rows[order], distances[order]
    return rows, np.sqrt(distances)
