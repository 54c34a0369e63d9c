"""Brings the few pixels of every photo to the map: those that were kept at once, the others a part at a time."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core.library import Library
from desktop_app.core.operations.map import PhotoMap
from desktop_app.core.operations.map_tiles import Tiles, load_tiles, read_tiles, save_tiles
from desktop_app.jobs import Latest
from desktop_app.ui.map.geometry import Indices, Mask
from desktop_app.ui.session import Session

_PART = 512
_TELL_MS = 500


class TileSource(QObject):
    """Fills an array of tiles for a map.

    Signals:
        arrived(): more of `tiles` are there.
    """

    arrived = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._map: PhotoMap | None = None
        self.tiles: Tiles | None = None
        self.there: Mask | None = None
        self._left: list[Indices] = []
        self._fresh = 0
        self._loading = Latest(session.query, self)
        self._loading.answered.connect(self._loaded)
        self._reading = Latest(session.thumbs, self)
        self._reading.answered.connect(self._read)
        self._telling = QTimer(self, singleShot=True, interval=_TELL_MS)
        self._telling.timeout.connect(self.arrived)

    def ask(self, made: PhotoMap) -> None:
        """Bring the tiles of this map's photos; what was there of them is kept."""
        library = self._session.library
        if library is None:
            return
        before = (self._map, self.tiles, self.there)
        self._reading.drop()
        self._left = []
        self._map, self.tiles, self.there = made, None, None
        self._loading.ask(lambda: _load(library, made, *before), name="map tiles")

    def drop(self) -> None:
        """Nothing more is wanted."""
        self._loading.drop()
        self._reading.drop()
        self._telling.stop()
        self._left = []

    @Slot(object)
    def _loaded(self, found: tuple[Tiles, Mask]) -> None:
        self.tiles, self.there = found
        missing = np.flatnonzero(~self.there)
        # spread over the whole map, so that it fills evenly
        parts = max(1, -(-len(missing) // _PART))
        self._left = [missing[at::parts] for at in range(parts)] if len(missing) else []
        self._fresh = 0
        self.arrived.emit()
        self._next()

    def _next(self) -> None:
        library, made = self._session.library, self._map
        if library is None or made is None:
            return
        if self._left:
            part = self._left.pop()
            ids = made.photos[part].tolist()
            self._reading.ask(lambda: (part, *read_tiles(library, ids)), name="map tiles")
        elif self._fresh and self.there is not None and self.tiles is not None:
            self._fresh = 0
            there = self.there.copy()
            if library.writable and not made.is_preview:
                keep = (made.photos[there], made.rows[there], self.tiles[there])
                self._session.work.submit(partial(save_tiles, library, *keep), name="map tiles", urgent=True)

    @Slot(object)
    def _read(self, found: tuple[Indices, Tiles, Mask]) -> None:
        part, tiles, there = found
        assert self.tiles is not None
        assert self.there is not None
        self.tiles[part], self.there[part] = tiles, there
        self._fresh += int(there.sum())
        if not self._left:
            self._telling.stop()
            self.arrived.emit()
        elif not self._telling.isActive():
            self._telling.start()
        self._next()


def _load(
    library: Library, made: PhotoMap, before: PhotoMap | None, tiles: Tiles | None, there: Mask | None
) -> tuple[Tiles, Mask]:
    """On the query lane: what is at hand of the map before, and what was kept on the disk."""
    found, known = load_tiles(library, made.photos, made.rows)
    if before is not None and tiles is not None and there is not None and len(before.photos):
        at = np.minimum(np.searchsorted(before.photos, made.photos), len(before.photos) - 1)
        own = (before.photos[at] == made.photos) & (before.rows[at] == made.rows) & there[at] & ~known
        found[own] = tiles[at[own]]
        known = known | own
    return found, known
