"""Keeps the right panel level with what is selected: details, preview, look-alikes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QImage

from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations import details
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.searching import Query
from desktop_app.core.types import Details, Photo, PhotoId
from desktop_app.jobs import Latest
from desktop_app.ui.browsing import NOTHING
from desktop_app.ui.panels.side_panel import SidePanel
from desktop_app.ui.pixels import PixelSource
from desktop_app.ui.session import Session

ALIKE = 12
_STILL_MS = 90  # arrow keys held down show thumbnails; the preview's pixels wait for a pause


@dataclass(frozen=True, slots=True)
class Selected:
    """What the panel shows of a selection."""

    photo: Photo | None
    alike: tuple[tuple[int, float], ...] = ()
    count: int = 0
    size: int = 0
    likeness: float | None = None  # to what is looked for
    mse: float | None = None
    said: Details | None = None  # what its file and side-car say


class Side(QObject):
    """Asks for what the panel shows, newest selection first.

    Args:
        panel: the panel.
        session: the library.
    """

    def __init__(self, panel: SidePanel, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panel, self._session = panel, session
        self._ids: tuple[PhotoId, ...] = ()
        self._shown: tuple[PhotoId, bytes] | None = None  # whose pixels the panel has or waits for
        self._query = NOTHING
        self._latest = Latest(session.query, self)
        self._latest.answered.connect(self._answer)
        self._pixels = PixelSource(session, self)
        self._pixels.arrived.connect(self._show_pixels)
        self._still = QTimer(self, singleShot=True, interval=_STILL_MS)
        self._still.timeout.connect(self._ask_pixels)

    def set_search(self, query: Query) -> None:
        """What is looked for now; the details say how like it the selected photo is."""
        self._query = query

    @Slot(list)
    def select(self, ids: Sequence[PhotoId]) -> None:
        """Show these photos: one with its look-alikes, several as a count."""
        self._ids = tuple(ids)
        library = self._session.library
        if not ids or library is None:
            self._latest.drop()
            self._shown = None
            self._panel.show_nothing()
            return
        session, query, chosen = self._session, self._query, self._ids
        self._latest.ask(lambda: _look(library, session.likeness(), chosen, query), name="look-alikes")

    def refresh(self) -> None:
        """The library changed: ask again for what is selected."""
        if self._ids:
            self.select(self._ids)

    @Slot(object)
    def _answer(self, selected: Selected) -> None:
        if selected.photo is None:
            self._shown = None
            if selected.count > 1:
                self._panel.show_several(selected.count, selected.size)
            else:
                self._panel.show_nothing()
            return
        shown = (selected.photo.id, selected.photo.content)
        another, self._shown = self._shown != shown, shown
        self._panel.set_photo(selected.photo, selected.said)
        self._panel.set_alike(selected.alike)
        self._panel.set_measures(selected.likeness, selected.mse)
        if another:
            self._still.start()

    @Slot()
    def _ask_pixels(self) -> None:
        if not self._panel.isVisible():
            self._shown = None
        elif len(self._ids) == 1:
            self._pixels.ask(self._ids[0], self._panel.preview_side())

    @Slot(object, QImage, bool)
    def _show_pixels(self, photo: PhotoId, image: QImage, _full: bool) -> None:
        if self._ids == (photo,):
            self._panel.set_preview(image)


def _look(library: Library, likeness: Likeness, ids: Sequence[PhotoId], query: Query) -> Selected:
    if len(ids) > 1:
        return Selected(None, count=len(ids), size=photos.total_size(library.connection, ids))
    photo = photos.fetch(library.connection, ids).get(ids[0])
    if photo is None:
        return Selected(None)
    said = details.of(library, photo.id)
    try:
        mine = likeness.embeddings([photo.id])
    except UserError:  # known, but not compared yet
        return Selected(photo, said=said)
    alike = tuple((int(hit.photo), hit.score) for hit in likeness.best(mine, ALIKE, [photo.id]))
    sought = [one for one in query.wanted if one.box is None and (one.photo is not None or one.pixels is not None)]
    if sought and photo.id not in {one.photo for one in sought}:
        vectors = [likeness.embed(one.pixels) for one in sought if one.photo is None and one.pixels is not None]
        vectors.append(likeness.embeddings([one.photo for one in sought if one.photo is not None]))
        measures = likeness.measures(mine, np.concatenate(vectors).mean(axis=0, keepdims=True))
        return Selected(photo, alike, 1, photo.size, measures.cosine, measures.mse, said)
    return Selected(photo, alike, 1, photo.size, said=said)
