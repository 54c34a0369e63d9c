"""Which photo is at which row of a network's vectors, kept level with the catalogue and shared by the network's layers.

Reading 100,000 of them takes some 40 ms; switching between the layers of one network should not pay that twice.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import features
from desktop_app.core.library import Library

Ids = npt.NDArray[np.int64]

NONE = -1


class Places:
    """The photos of one library by position. Belongs to one thread.

    Attributes:
        photos: int64 (n,), the photo at each position; -1 where there is none to show.
        version: rises whenever `photos` is another.
    """

    def __init__(self, library: Library, key: str) -> None:
        self._library, self._key = library, key
        self.photos: Ids = np.empty(0, np.int64)
        self.version = 0
        self._position_of: Ids = np.empty(0, np.int64)  # by photo; -1 where there is none
        self._seen: tuple[int, ...] = ()

    def refresh(self) -> None:
        """See what was stored, moved or removed since the last time."""
        connection = self._library.connection
        # what others changed, and what this thread's own connection did
        changes = connection.execute("PRAGMA data_version").fetchone()[0], connection.total_changes
        seen = (self._library.presence, *changes)
        if seen == self._seen:
            return
        anew = not self._seen or seen[0] != self._seen[0] or not self._library.writable
        after = NONE
        photos, position_of = self.photos, self._position_of
        if anew:
            photos, position_of = np.empty(0, np.int64), np.empty(0, np.int64)
        else:
            known = np.flatnonzero(photos != NONE)
            after = int(known[-1]) if len(known) else NONE
        where, ids = features.positions(connection, self._key, after)
        self._seen = seen
        if not anew and not len(where):
            return
        photos = _grown(photos, int(where[-1]) + 1 if len(where) else 0)
        position_of = _grown(position_of, int(ids.max()) + 1 if len(ids) else 0)
        old = position_of[ids]
        photos[old[old != NONE]] = NONE  # these photos changed and were done again
        photos[where] = ids
        position_of[ids] = where
        self.photos, self._position_of = photos, position_of
        self.version += 1

    def position(self, photo: int) -> int:
        """Where a photo's vectors are; -1 where it has none to be compared by."""
        return int(self._position_of[photo]) if 0 <= photo < len(self._position_of) else NONE

    def until(self, rows: int) -> Ids:
        """The photos at the first `rows` positions: int64 (rows,), not to be written to."""
        return self.photos[:rows] if rows <= len(self.photos) else _grown(self.photos, rows)


def places(library: Library, key: str) -> Places:
    """What this thread knows of a library's positions in the vectors of one network."""
    known: dict[str, Places] | None = getattr(library.local, "places", None)
    if known is None:
        known = library.local.places = {}
    if key not in known:
        known[key] = Places(library, key)
    return known[key]


def _grown(values: Ids, size: int) -> Ids:
    """A copy of at least `size` entries, the new ones -1."""
    grown = np.full(max(size, len(values)), NONE, np.int64)
    grown[: len(values)] = values
    return grown
