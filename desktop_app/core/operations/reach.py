"""Searching what the index space on the disk does not hold: it is a cache, and may be gone or not level yet.

A library whose space was lost can be searched at once, before the next ingest has made it again; a process that only
reads beside one that writes finds photos as soon as their rows are in.
"""

from __future__ import annotations

import numpy as np

from desktop_app.core.catalog import features
from desktop_app.core.descriptor_files import DescriptorFiles
from desktop_app.core.index.projection import Projection
from desktop_app.core.index.space import SpaceView
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.library import Library

_SAMPLE = 2_000  # photos that a passing projection is fitted on


class Reach:
    """Completes views of the index space in memory. Belongs to one thread.

    Args:
        library: the open library.
        store: the descriptor's vectors, for reading on this thread.
        files: of the descriptor; None for the library's own.
    """

    def __init__(self, library: Library, store: VectorStore, files: DescriptorFiles | None = None) -> None:
        self._library, self._store = library, store
        self._files = files or library.main
        self._base: SpaceView | None = None
        self._made: SpaceView | None = None

    def cover(self, view: SpaceView | None) -> SpaceView | None:
        """The same view with the rows it lacks, or one made from nothing; None while there are no vectors at all.

        The same object as long as nothing was stored. 100,000 photos without any space take a second or two, once.
        """
        connection, key = self._library.connection, self._files.key
        rows = min(self._store.rows, features.committed_rows(connection, key))
        if view is not None and view.rows >= rows:
            self._base = self._made = None
            return view
        if self._made is None or self._base is not view:
            projection = self._fitted() if view is None else view.projection
            if projection is None:
                return None
            matrix = np.empty((0, projection.dimension), np.float32) if view is None else view.matrix
            self._base, self._made = view, SpaceView(projection, matrix, 0 if view is None else view.generation)
        if self._made.rows < rows:
            lacking = self._store.chunks(self._files.layer, slice(self._made.rows, rows))
            blocks = [self._made.projection.apply(chunk) for chunk in lacking]
            matrix = np.concatenate([self._made.matrix, *blocks])
            self._made = SpaceView(self._made.projection, matrix, self._made.generation)
        return self._made

    def _fitted(self) -> Projection | None:
        where = features.positions_by_content(self._library.connection, self._files.key, _SAMPLE)
        where = where[where < self._store.rows]
        if not len(where):
            return None
        count = max(features.count_with(self._library.connection, self._files.key), len(where))
        sample = self._store.read(self._files.layer, where)
        return Projection.fit(sample, count, self._files.reference_mean(), provisional=True)
