"""Search by the Euclidean distance of the vectors as they were stored: slower than the index space, and exact."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import numpy as np

from desktop_app.core.catalog import features
from desktop_app.core.descriptor_files import DescriptorFiles
from desktop_app.core.index.exact import euclidean
from desktop_app.core.library import Library
from desktop_app.core.types import Hit, PhotoId, Vectors


def nearest_raw(
    library: Library, files: DescriptorFiles, query: Vectors, limit: int, without: Sequence[PhotoId] = ()
) -> list[Hit]:
    """The photos nearest to a query by one descriptor, by the Euclidean distance of the vectors as they are.

    Args:
        library: the open library.
        files: of the descriptor.
        query: float32 (n, d): the middle of several, or one.
        limit: the most results.
        without: photos that are never results.

    Returns:
        Nearest first; a score is the distance.
    """
    with closing(files.reading_store()) as store:
        where, ids = features.positions(library.connection, files.key)
        inside = (where < store.rows) & ~np.isin(ids, np.array(list(without), np.int64))
        where, ids = where[inside], ids[inside]
        found, scores = euclidean(store.chunks(files.layer, where), query.mean(axis=0), limit)
    return [Hit(PhotoId(int(ids[at])), float(score)) for at, score in zip(found, scores, strict=True)]
