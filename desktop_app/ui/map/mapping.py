"""The Map page joined to the library: it shows the map, and shares search and selection with the Photos page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QMenu

from desktop_app.core.operations.map import PhotoMap
from desktop_app.core.operations.map_picture import PLANE_SIDE, SHEET_SIDE
from desktop_app.core.types import Changes, PhotoId
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.map.choosing_colours import ChoosingColours
from desktop_app.ui.map.geometry import Indices
from desktop_app.ui.map.making import MapMaking
from desktop_app.ui.map.page import HINT, PLANE, SHEET, MapPage
from desktop_app.ui.map.saving import MapSaving
from desktop_app.ui.map.telling import neighbours_on_sheet, words_of
from desktop_app.ui.map.tiles import TileSource
from desktop_app.ui.panels.banner import Kind
from desktop_app.ui.panels.looseness import EVERYTHING
from desktop_app.ui.photo_actions import PhotoActions
from desktop_app.ui.photo_areas import Area
from desktop_app.ui.side import Side
from desktop_app.ui.viewing import Viewing

_LIT = 100
"""Photos that a search lights up while the slider is at its loose end, where every photo counts as found."""
_HINT = "map"


class Mapping(QObject):
    """Shows the map of the library.

    Signals:
        labelAsked(list): these photos are to be labelled.
        whyAsked(): why the selected photo is alike.
        menuAsked(list, QPoint): what can be done with these photos, at a point of the screen.
    """

    labelAsked = Signal(object)
    whyAsked = Signal()
    menuAsked = Signal(object, QPoint)

    def __init__(
        self, desk: Desk, page: MapPage, thumbnails: Thumbnails, viewing: Viewing, photos: PhotoActions, side: Side
    ) -> None:
        super().__init__(desk.window)
        self._desk, self.page, self.canvas = desk, page, page.canvas
        self._viewing, self._photos, self._side = viewing, photos, side
        self.making = MapMaking(desk)
        self.arrangement = PLANE
        self._given: list[int] | None = None  # what the grid was told to select
        session = desk.session
        self.tiles = TileSource(session, self)
        self.saving = MapSaving(desk)
        self.colours = ChoosingColours(desk, page)
        self._join()

    def _join(self) -> None:
        desk, page, canvas, session = self._desk, self.page, self.canvas, self._desk.session
        self.tiles.arrived.connect(self._show_tiles)
        self.making.came.connect(self._show)
        self.making.lacking.connect(page.show_empty)
        self.making.told.connect(self._tell)
        desk.areas.add(Area(canvas, self.chosen, self._current, self._open))
        session.changed.connect(self._library_changed)
        desk.page.viewChanged.connect(self._light)
        desk.page.bar.thresholdChanged.connect(self._light)
        desk.page.grid.selectionChangedTo.connect(self._grid_selected)
        page.arrangementChosen.connect(self.arrange)
        page.menuAsked.connect(self._show_menu)
        page.exportAsked.connect(self.save)
        page.hintRead.connect(self._hint_read)
        canvas.selectionChosen.connect(self._selected)
        canvas.opened.connect(self._open)
        canvas.alikeAsked.connect(self.find_alike)
        canvas.labelAsked.connect(self.label)
        canvas.whyAsked.connect(self.whyAsked)
        canvas.menuAsked.connect(lambda at: self.menuAsked.emit(self.chosen(), at))

    @property
    def now(self) -> PhotoMap | None:
        """The map that is shown."""
        return self.making.now

    # --- showing ---------------------------------------------------------------------------------------------

    @Slot()
    def shown(self) -> None:
        """The page came to the middle."""
        if _HINT not in self._desk.remembered.now.dismissed:
            self.page.hint.set_contents(Kind.INFO, HINT)
            self.page.hint.show()
        self.making.want()
        self.colours.ask_offers()
        self._grid_selected(self._desk.page.grid.selected_ids())
        self.page.focus_body()

    @Slot(object, bool)
    def _show(self, made: PhotoMap, keep: bool) -> None:
        self.page.show_map()
        self._place(keep=keep)
        self.tiles.ask(made)
        self.colours.show_map(made)
        self._tell()

    @Slot(object)
    def _library_changed(self, changes: Changes) -> None:
        if changes.labels and self.making.is_wanted:
            self.colours.labels_changed()

    def _place(self, *, keep: bool) -> None:
        made = self.now
        if made is None:
            return
        is_sheet = self.arrangement == SHEET
        points = made.cells.astype(np.float32) if is_sheet else made.points
        side = SHEET_SIDE if is_sheet else PLANE_SIDE
        self.canvas.show_points(made.photos, points, side, is_sheet=is_sheet, keep=keep)
        self._show_tiles()
        self.colours.show()
        self._light()

    @Slot(str)
    def arrange(self, key: str) -> None:
        """Show the plane or the contact sheet."""
        self.arrangement = key
        self.page.set_arrangement(key)
        self._place(keep=False)
        self.canvas.setFocus()

    @Slot()
    def _show_tiles(self) -> None:
        tiles = self.tiles.tiles
        if tiles is not None and len(tiles) == len(self.canvas.scene.photos):
            self.canvas.set_tiles(tiles, self.tiles.there)

    def _tell(self) -> None:
        """The words in the bar."""
        self.page.words.set_words(words_of(self.now, self.canvas.scene.lit, making=self.making.is_making))

    # --- search and selection --------------------------------------------------------------------------------

    @Slot()
    def _light(self) -> None:
        """Let what the Photos page shows stand out."""
        view, grid = self._desk.page.view, self._desk.page.grid
        if self.now is None or len(self.canvas.scene.photos) != len(self.now.photos):
            return
        lit = None
        if not view.is_plain:
            ids = grid.photos.ids()
            if view.is_by_likeness and self._desk.page.threshold == EVERYTHING:
                ids = ids[:_LIT]
            lit = np.isin(self.now.photos, np.array(list(ids), np.int64))
        self.canvas.set_lit(lit)
        self._tell()

    @Slot(object)
    def _selected(self, photos: Indices) -> None:
        ids = [PhotoId(photo) for photo in photos.tolist()]
        grid = self._desk.page.grid
        grid.select_photos(ids)
        self._given = sorted(grid.selected_ids())
        self._side.select(ids)

    @Slot(object)
    def _grid_selected(self, ids: Sequence[PhotoId]) -> None:
        if self._given is not None and sorted(ids) == self._given:
            if len(ids) != int(self.canvas.scene.selected.sum()):  # the view of the Photos page has not all of them
                self._side.select([PhotoId(photo) for photo in self.canvas.selected_photos().tolist()])
            return
        self._given = None
        self.canvas.select_photos(np.array(list(ids), np.int64))

    def chosen(self) -> list[PhotoId]:
        """The selected photos, else the one with the keyboard's ring."""
        ids = [PhotoId(photo) for photo in self.canvas.selected_photos().tolist()]
        if not ids and 0 <= self.canvas.current < len(self.canvas.scene.photos):
            ids = [PhotoId(int(self.canvas.scene.photos[self.canvas.current]))]
        return ids

    def _current(self) -> PhotoId | None:
        return next(iter(self.chosen()), None)

    @Slot(int)
    def _open(self, photo: int) -> None:
        if self.now is not None:
            self._viewing.open_among(neighbours_on_sheet(self.now, self.canvas.scene, photo), photo)

    @Slot()
    def find_alike(self) -> None:
        """Look for what is like the selection: it stands out on the map."""
        self._photos.find_alike_of(self.chosen())

    @Slot()
    def label(self) -> None:
        """Label the selection."""
        ids = self.chosen()
        if ids:
            self.labelAsked.emit(ids)
        else:
            self._desk.status.show_message("Select the photos to label first.")

    @Slot()
    def take_focus(self) -> None:
        """The viewer was left: the keyboard goes back to the map, where that is shown."""
        if self.page.isVisible():
            self.page.focus_body()

    def instead_of(self, usual: dict[str, Callable[[], object]]) -> dict[str, Callable[[], object]]:
        """The window's commands, some of which mean the map's photos while that is looked at."""

        def run(key: str) -> None:
            looked_at = self.page.isVisible() and not self._viewing.is_open and not self.page.is_empty
            (mapped if looked_at else usual)[key]()

        mapped = self.handlers()
        return usual | {key: partial(run, key) for key in mapped}

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What commands of the window do while the map is shown, by their keys."""
        return {
            "larger": partial(self.canvas.step, 1),
            "smaller": partial(self.canvas.step, -1),
            "fit": self.canvas.fit,
            "select_all": self.canvas.select_all,
            "select_none": self.canvas.select_none,
        }

    # --- what can be done with the map -----------------------------------------------------------------------

    @Slot(QPoint)
    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self._desk.window)
        anew = menu.addAction("Make the map anew")
        anew.setEnabled(not self.making.is_making and self.now is not None)
        anew.triggered.connect(self.making.make)
        menu.addAction("Save as a picture…").triggered.connect(self.save)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    @Slot()
    def save(self) -> None:
        """Ask where to save the map as a picture."""
        if self.now is not None:
            self.saving.ask(self.now, is_sheet=self.arrangement == SHEET, values=self.colours.values)

    @Slot()
    def _hint_read(self) -> None:
        self._desk.remembered.set(dismissed=(*self._desk.remembered.now.dismissed, _HINT))
