"""Exact search by any stored layer and by Euclidean distance: slower than the index space, for any question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from desktop_app.core.catalog import features
from desktop_app.core.index.exact import euclidean
from desktop_app.core.index.projection import Projection
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.types import Hit, PhotoId, Positions, Vectors


def nearest_raw(
    library: Library, layer: str, query: Vectors, limit: int, without: Sequence[PhotoId], metric: str
) -> list[Hit]:
    """The photos nearest to a query by one layer.

    Args:
        library: the open library.
        layer: which of its network's layers.
        query: float32 (n, d): the middle of several, or one.
        limit: the most results.
        without: photos that are never results.
        metric: "euclidean" on the features as they are (the score is the distance, smallest first), or "cosine" of
            the features centred on the library's own mean (largest first).
    """
    store = library.reading_store()
    try:
        where, ids = features.positions(library.connection, library.network.key)
        inside = (where < store.rows) & ~np.isin(ids, np.array(list(without), np.int64))
        where, ids = where[inside], ids[inside]
        if not len(where):
            return []
        if metric == "euclidean":
            found, scores = euclidean(store.chunks(layer, where), query.mean(axis=0), limit)
        else:
            found, scores = _by_cosine(library, layer, store.read(layer, where), query, limit)
    finally:
        store.close()
    return [Hit(PhotoId(int(ids[at])), float(score)) for at, score in zip(found, scores, strict=True)]


def stored_features(library: Library, layer: str, photo: PhotoId) -> Vectors | None:
    """A photo's vector of one layer as it is stored, float32 (1, d); None where there is none yet."""
    store = library.reading_store()
    try:
        where, ids = features.positions(library.connection, library.network.key)
        found = where[(ids == photo) & (where < store.rows)]
        return store.read(layer, found) if len(found) else None
    finally:
        store.close()


def _by_cosine(library: Library, layer: str, vectors: Vectors, query: Vectors, limit: int) -> tuple[Positions, Vectors]:
    reference = library.reference_mean() if layer == MAIN_LAYER else None
    centred = Projection.fit(vectors, len(vectors), reference, dimensions=vectors.shape[1])
    middle = centred.apply(query).mean(axis=0)
    length = float(np.linalg.norm(middle))
    scores = np.clip(centred.apply(vectors) @ (middle / length if length else middle), -1.0, 1.0)
    order = np.argsort(-scores, kind="stable")[:limit]
    return order, scores[order]
