"""The Map page joined to the library: the map is loaded, made and added to, and shares search and selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QPoint, QTimer, Signal, Slot
from PySide6.QtWidgets import QMenu

from desktop_app.core.library import Library
from desktop_app.core.operations.map import MapProgress, PhotoMap, keep_map, load_map, make_map, update_map
from desktop_app.core.operations.map_picture import PLANE_SIDE, SHEET_SIDE
from desktop_app.core.types import Changes, PhotoId
from desktop_app.jobs import Job, Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.map.choosing_colours import ChoosingColours
from desktop_app.ui.map.colours_asked import Provider
from desktop_app.ui.map.geometry import Indices
from desktop_app.ui.map.page import HINT, PLANE, SHEET, MapPage
from desktop_app.ui.map.saving import MapSaving
from desktop_app.ui.map.telling import neighbours_on_sheet, words_of
from desktop_app.ui.map.tiles import TileSource
from desktop_app.ui.panels.banner import Kind
from desktop_app.ui.panels.looseness import EVERYTHING
from desktop_app.ui.photo_actions import PhotoActions
from desktop_app.ui.side import Side
from desktop_app.ui.viewing import Viewing

_UPDATE_MS = 1_500
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
        self.now: PhotoMap | None = None
        self.arrangement = PLANE
        self._job: Job | None = None
        self._wanted = False  # nobody waits for a map until the page was open once
        self._descriptor = ""
        self._given: list[int] | None = None  # what the grid was told to select
        session = desk.session
        self.tiles = TileSource(session, self)
        self.saving = MapSaving(desk)
        self.colours = ChoosingColours(desk, page)
        self._loading = Latest(session.query, self)
        self._updating = Latest(session.compute, self)
        self._soon = QTimer(self, singleShot=True, interval=_UPDATE_MS)
        self._join()

    def _join(self) -> None:
        desk, page, canvas, session = self._desk, self.page, self.canvas, self._desk.session
        self.tiles.arrived.connect(self._show_tiles)
        self._loading.answered.connect(self._loaded)
        self._loading.failed.connect(desk.report)
        self._updating.answered.connect(self._updated)
        self._updating.failed.connect(desk.report)
        self._soon.timeout.connect(self._level)
        session.opened.connect(self._opened)
        session.changed.connect(self._library_changed)
        session.comparedBy.connect(self._load)
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

    def add_colouring(self, key: str, words: str, provider: Provider) -> None:
        """Let the map be coloured by something else, such as a metric of posts."""
        self.colours.add(key, words, provider)

    def colour_by(self, key: str) -> None:
        """Colour the photos by something; PHOTOS shows them as they are."""
        self.colours.choose(key)

    # --- the map: loaded, made, added to ---------------------------------------------------------------------

    @Slot()
    def shown(self) -> None:
        """The page came to the middle."""
        if _HINT not in self._desk.remembered.now.dismissed:
            self.page.hint.set_contents(Kind.INFO, HINT)
            self.page.hint.show()
        if not self._wanted:
            self._wanted = True
            self._load()
        elif self.now is not None:
            self._soon.start(0)
        elif self._job is None and not self._loading.is_waiting:
            self._load()
        self.colours.ask_offers()
        self._grid_selected(self._desk.page.grid.selected_ids())
        self.page.focus_body()

    @Slot(object)
    def _opened(self, _library: Library) -> None:
        self.now, self._descriptor = None, ""
        if self._wanted:
            self._load()

    @Slot()
    def _load(self) -> None:
        library, descriptor = self._desk.session.library, self._desk.session.compare_by
        if library is None or not self._wanted:
            return
        self._stop()
        self._updating.drop()
        self._descriptor = descriptor
        if self.now is None:
            self.page.show_empty("")
        self._loading.ask(lambda: load_map(library, descriptor), name="map")

    @Slot(object)
    def _loaded(self, found: PhotoMap | None) -> None:
        if found is None or not len(found.photos):
            self.now = None
            self.make()
        else:
            self._show(found)
            self._level()

    @Slot()
    def _level(self) -> None:
        """Add what came since the map was made, take off what went."""
        library, now = self._desk.session.library, self.now
        if library is None or self._job is not None:
            return
        if now is None:
            if self._wanted and not self._loading.is_waiting:
                self.make()
        elif not now.is_preview:
            self._updating.ask(lambda: update_map(library, now), name="map")

    @Slot(object)
    def _updated(self, made: PhotoMap) -> None:
        if made is self.now or self._job is not None:
            return
        if made.is_preview or not len(made.photos):  # nothing of it is left
            self.make()
            return
        self._show(made, keep=True)
        self._keep(made)

    @Slot()
    def make(self) -> None:
        """Make the map anew; the one that is shown stays until the new one is there."""
        library, session = self._desk.session.library, self._desk.session
        if library is None or self._job is not None:
            return
        if not session.overview.photos:
            self.page.show_empty("There is no photo to put on the map yet.", "Add a folder of photos first.")
            return
        if self._desk.adding.is_running and self.now is None:
            self.page.show_empty("The map is made when the photos are in.", "They are still being added.")
            return
        if self.now is None:
            self.page.show_empty("The map is being made.", "A first look comes within seconds.")
        operation = make_map(library, self._descriptor)
        job = self._desk.background.start(operation, "map", "Making the map", lane=session.compute)
        self._job = job
        job.progressed.connect(self._progressed)
        job.succeeded.connect(self._made)
        job.failed.connect(self._failed)
        job.cancelled.connect(self._cancelled)
        self._tell()

    def _stop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            for signal, slot in (
                (job.progressed, self._progressed),
                (job.succeeded, self._made),
                (job.failed, self._failed),
                (job.cancelled, self._cancelled),
            ):
                signal.disconnect(slot)
            job.cancel()

    @Slot(object)
    def _progressed(self, progress: MapProgress) -> None:
        if progress.preview is not None and self.now is None:
            self._show(progress.preview)

    @Slot(object)
    def _made(self, made: PhotoMap) -> None:
        self._job = None
        self._show(made, keep=self.now is not None and self.now.is_preview)
        self._keep(made)
        self._soon.start()  # what came while it was made

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self._job = None
        if self.now is None:
            self.page.show_empty("There is no map yet.", str(error), [("Make the map", self.make)])
        self._tell()

    @Slot()
    def _cancelled(self) -> None:
        self._job = None
        if self.now is None:
            self.page.show_empty("The map was not made.", "", [("Make the map", self.make)])
        self._tell()

    def _keep(self, made: PhotoMap) -> None:
        library = self._desk.session.library
        if library is not None and library.writable:
            job = self._desk.session.work.submit(partial(keep_map, library, made), name="keeping the map", urgent=True)
            job.failed.connect(self._desk.report)

    @Slot(object)
    def _library_changed(self, changes: Changes) -> None:
        if self._wanted and (changes.index or changes.added or changes.removed or changes.updated):
            self._soon.start()
        if changes.labels and self._wanted:
            self.colours.labels_changed()

    # --- showing ---------------------------------------------------------------------------------------------

    def _show(self, made: PhotoMap, *, keep: bool = False) -> None:
        self.now = made
        self.page.show_map()
        self._place(keep=keep)
        self.tiles.ask(made)
        self.colours.show_map(made)
        self._tell()

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
        self.page.words.set_words(words_of(self.now, self.canvas.scene.lit, making=self._job is not None))

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
        ids = self.chosen
        return {
            "larger": partial(self.canvas.step, 1),
            "smaller": partial(self.canvas.step, -1),
            "fit": self.canvas.fit,
            "select_all": self.canvas.select_all,
            "select_none": self.canvas.select_none,
            "open_photo": lambda: [self._open(photo) for photo in ids()[:1]],
            "find_alike": self.find_alike,
            "label_photos": self.label,
            "copy_paths": lambda: self._photos.copy_paths(ids()),
            "show_file": lambda: [self._photos.show_file(photo) for photo in ids()[:1]],
        }

    # --- what can be done with the map -----------------------------------------------------------------------

    @Slot(QPoint)
    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self._desk.window)
        anew = menu.addAction("Make the map anew")
        anew.setEnabled(self._job is None and self.now is not None)
        anew.triggered.connect(self.make)
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
