"""The vectors that themes are made of: photos of a library as points on the leading axes of its index space."""

from __future__ import annotations

from contextlib import closing

import numpy as np

from desktop_app.core.cluster.kmeans import AXES, points
from desktop_app.core.descriptors import Descriptor
from desktop_app.core.index.space import SpaceView
from desktop_app.core.library import Library
from desktop_app.core.operations.places import NONE, Ids, Places, places
from desktop_app.core.operations.reach import Reach
from desktop_app.core.types import Vectors


class Points:
    """Reads points of one library by one descriptor. Belongs to one thread.

    Args:
        library: the open library.
        descriptor: as `Library.descriptor` takes it; "" for what the library compares by.
    """

    def __init__(self, library: Library, descriptor: Descriptor | str = "") -> None:
        wanted = library.descriptor(descriptor) if isinstance(descriptor, str) else descriptor
        self._library = library
        self._files = library.files(wanted)
        self._places: Places = places(library, self._files.key)
        self._places.refresh()
        self._view = self._covered()

    def _covered(self) -> SpaceView | None:
        view = self._files.view
        if view is not None and len(self._places.photos) <= view.rows:
            return view
        with closing(self._files.reading_store()) as store:  # the space is not level with what was stored
            return Reach(self._library, store, self._files).cover(view)

    def where(self, photos: Ids) -> Ids:
        """Where the vectors of photos are, int64 (n,); -1 for a photo that is away or has none."""
        rows = 0 if self._view is None else self._view.rows
        known = self._places.photos[:rows]
        there = np.flatnonzero(known != NONE)
        position_of = np.full(int(max(known.max(initial=0), photos.max(initial=0))) + 1, NONE, np.int64)
        position_of[known[there]] = there
        return position_of[photos]

    def at(self, positions: Ids) -> Vectors:
        """Points float32 (n, k), unit rows, of positions that `where` gave."""
        if self._view is None or not len(positions):
            return np.empty((0, AXES), np.float32)
        order = np.argsort(positions, kind="stable")  # rising reads are what a mapped file likes
        made = np.empty((len(positions), min(AXES, self._view.matrix.shape[1])), np.float32)
        made[order] = points(self._view.matrix[positions[order]])
        return made

    def of(self, photos: Ids) -> tuple[Ids, Vectors]:
        """The photos of these that have points, int64 (m,) in their order, and float32 (m, k)."""
        positions = self.where(photos)
        there = positions != NONE
        return photos[there], self.at(positions[there])
