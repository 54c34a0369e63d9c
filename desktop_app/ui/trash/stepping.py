"""After Delete the photos are out of sight and the next one is the current one, so that the same key goes on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from PySide6.QtCore import QObject, Slot

from desktop_app.core.operations.trash_parts import Trashed
from desktop_app.core.types import PhotoId
from desktop_app.ui.grid import PhotoGrid
from desktop_app.ui.trash.trashing import Trashing

_AT_ONCE = 200  # photos that are taken out of the grid before the page has looked again: more would take long


class SteppingOn(QObject):
    """Takes photos that went to the trash out of a grid, and moves its place on.

    Args:
        grid: where photos were chosen.
        trashing: says what goes, and what went.
    """

    def __init__(self, grid: PhotoGrid, trashing: Trashing) -> None:
        super().__init__(grid)
        self._grid = grid
        self._next: PhotoId | None = None
        trashing.leaving.connect(self._look_ahead)
        trashing.moved.connect(self._step)

    @Slot(object)
    def _look_ahead(self, ids: Sequence[PhotoId]) -> None:
        """Remember the first photo behind the current one that stays, else the last before it."""
        grid, going = self._grid, frozenset(ids)
        current = grid.current_photo()
        self._next = None
        if current not in going or not grid.isVisible():
            return
        row, count = grid.photos.row_of(current), grid.photos.rowCount()
        rows = chain(range(row + 1, count), range(row - 1, -1, -1))
        self._next = next((one for one in map(grid.photos.id_at, rows) if one not in going), None)

    @Slot(object)
    def _step(self, result: Trashed) -> None:
        following, self._next = self._next, None
        current = self._grid.current_photo()
        stays = current is not None and current not in result.photos  # somebody went elsewhere, or nothing went
        if following is not None and result.photos and not stays and self._grid.photos.row_of(following) >= 0:
            self._grid.select_photo(following)
        if len(result.photos) <= _AT_ONCE:
            self._grid.photos.remove(result.photos)
            self._grid.doItemsLayout()  # at once: what asks for thumbnails meanwhile would count rows that are gone
