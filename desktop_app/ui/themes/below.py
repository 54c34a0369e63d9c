"""The photos below the cards joined to the library: fetched, opened, labelled, and taken up to be dragged."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot

from desktop_app.core.catalog import photos as catalogue
from desktop_app.core.catalog import themes
from desktop_app.core.catalog.themes import ThemeId
from desktop_app.core.library import Library
from desktop_app.core.types import Order, PhotoId
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.label.labelling import Labelling
from desktop_app.ui.photo_drag import GridSource, PhotoDrag
from desktop_app.ui.themes.page import ThemesPage
from desktop_app.ui.viewing import Viewing


class Below(QObject):
    """Fills the drawer of the Themes page."""

    def __init__(
        self, desk: Desk, page: ThemesPage, labelling: Labelling, viewing: Viewing, thumbnails: Thumbnails
    ) -> None:
        super().__init__(desk.window)
        self._desk, self._page, self._labelling, self._viewing = desk, page, labelling, viewing
        self._latest = Latest(desk.session.query, self)
        self._latest.answered.connect(self._show)
        grid = page.drawer.grid
        self.drag = PhotoDrag(desk, thumbnails, self.library, self)
        self.drag.watch(GridSource(grid))
        page.cards.library = self.library
        page.photosWanted.connect(self._ask)
        grid.photos.factsWanted.connect(partial(viewing.bring_facts_to, grid.photos))
        grid.photoActivated.connect(self._open)
        grid.labelAsked.connect(self._label)
        labelling.labels.changed.connect(self._show_labels)

    def library(self) -> str:
        """Which library the window shows; its photos alone can be moved here."""
        library = self._desk.session.library
        return str(library.folder) if library is not None else ""

    @Slot(int)
    def _ask(self, theme: int) -> None:
        library = self._desk.session.library
        if library is not None:
            self._latest.ask(lambda: (theme, _photos(library, ThemeId(theme))), name="photos of a theme")

    @Slot(object)
    def _show(self, found: tuple[int, list[int]]) -> None:
        self._page.drawer.show_photos(*found)

    @Slot(object)
    def _open(self, photo: PhotoId) -> None:
        self._viewing.open_among(self._page.drawer.grid.photos.ids(), photo)

    @Slot()
    def _label(self) -> None:
        self._labelling.anywhere.ask(self._page.drawer.grid.selected_ids())

    @Slot(object)
    def _show_labels(self, _photos: object) -> None:
        self._page.drawer.grid.photos.set_badges(self._labelling.labels.state.badge)


def _photos(library: Library, theme: ThemeId) -> list[int]:
    """The present ones, the newest first."""
    inside = {int(photo) for photo in themes.photos_of(library.connection, theme)}
    return [photo for photo in catalogue.listed(library.connection, Order.DATE) if photo in inside]
