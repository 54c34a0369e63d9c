"""Exact search by any stored layer, straight from the vectors: for a layer that has no index space yet."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import numpy.typing as npt

from desktop_app.core.index.neighbours import Cosines, best
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.types import Positions, Vectors

CHUNK_VALUES = 2_500_000
"""Numbers read between two reports: some 10 ms."""

_LARGE = 1e30
_SLACK = np.float32(1e-4)  # scores are a difference of products here: the last are worked out anew


def centre_of(
    store: VectorStore, layer: str, sample: Positions, count: int, reference: Vectors, weight: int
) -> Vectors:
    """The mean that vectors are centred on, as an index space has it: float32 (d,).

    Args:
        store: the vectors.
        layer: which.
        sample: positions of photos in an order that depends on their set only; at least one.
        count: photos in the library.
        reference: the mean of varied photos, float32 (d,).
        weight: how many photos it counts for.
    """
    total = np.zeros(len(reference))
    for chunk in store.chunks(layer, sample, size=1024):
        total += chunk.sum(axis=0, dtype=np.float64)
    mean = (count * total / len(sample) + weight * reference.astype(np.float64)) / (count + weight)
    return mean.astype(np.float32)


def nearest_by_layer(
    store: VectorStore, layer: str, query: Vectors, centre: Vectors, allowed: npt.NDArray[np.bool_], limit: int
) -> Generator[float, None, tuple[Positions, Cosines]]:
    """The positions whose centred vectors are nearest to a query by cosine.

    Args:
        store: the vectors, for reading on this thread.
        layer: which.
        query: float32 (n, d): the middle of several, or just one.
        centre: float32 (d,), see `centre_of`.
        allowed: bool (rows,): which positions may be results.
        limit: the most results.

    Yields:
        The share of rows that are done, every few ms.

    Returns:
        Positions int64 (m,) and cosines float32 (m,) in [-1, 1], best first.
    """
    rows, width = min(len(allowed), store.rows), len(centre)
    wanted = _unit(_unit(query.astype(np.float64) - centre).mean(axis=0)[np.newaxis])[0]
    sides = np.stack([wanted.astype(np.float32), centre], axis=1)
    base = float(centre.astype(np.float64) @ wanted)
    length = float(centre.astype(np.float64) @ centre)
    step = max(1, CHUNK_VALUES // width)
    scores = np.full(rows, -np.inf, np.float32)
    for start in range(0, rows, step):
        end = min(start + step, rows)
        if allowed[start:end].any():
            block = store.read(layer, slice(start, end))
            with np.errstate(over="ignore", invalid="ignore"):
                products = block @ sides
                squares = np.einsum("ij,ij->i", block, block) - 2 * products[:, 1]
            if np.isfinite(squares).all() and np.isfinite(products).all() and length < _LARGE:
                squares = np.sqrt(np.maximum(squares + np.float32(length), np.float32(1e-12)))
                found = (products[:, 0] - np.float32(base)) / squares
            else:  # a layer whose squares leave float32's range
                found = _unit(block.astype(np.float64) - centre) @ wanted
            scores[start:end] = np.where(allowed[start:end], found, -np.inf)
        yield end / rows
    best_ones = best(scores, min(limit, int(allowed[:rows].sum())), _SLACK)
    best_ones = best_ones[np.isfinite(scores[best_ones])]
    exact = np.clip(_unit(store.read(layer, best_ones).astype(np.float64) - centre) @ wanted, -1.0, 1.0)
    order = np.lexsort((best_ones, -exact))[:limit]
    return best_ones[order], exact[order].astype(np.float32)


def _unit(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    out: npt.NDArray[np.float64] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return out
