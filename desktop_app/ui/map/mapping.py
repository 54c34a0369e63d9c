"""The Map page joined to the library: the map is loaded, made and added to, and shares search and selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QPoint, QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMenu

from desktop_app.core import wording
from desktop_app.core.library import Library
from desktop_app.core.operations.map import MapProgress, PhotoMap, keep_map, load_map, make_map, update_map
from desktop_app.core.operations.map_picture import PLANE_SIDE, SHEET_SIDE
from desktop_app.core.types import Changes, PhotoId
from desktop_app.jobs import Job, Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.map.colouring import Colouring
from desktop_app.ui.map.colours_asked import ANSWERS, THEME, Provider, colouring, offers
from desktop_app.ui.map.exporting import Wish, save_picture
from desktop_app.ui.map.geometry import Indices
from desktop_app.ui.map.page import HINT, PHOTOS, PLANE, SHEET, MapPage
from desktop_app.ui.map.tiles import TileSource
from desktop_app.ui.panels.banner import Kind
from desktop_app.ui.panels.looseness import EVERYTHING
from desktop_app.ui.photo_actions import PhotoActions
from desktop_app.ui.side import Side
from desktop_app.ui.viewing import Viewing

_UPDATE_MS = 1_500
_LIT = 100
"""Photos that a search lights up while the slider is at its loose end, where every photo counts as found."""
_MANY_LATER = 0.3
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
        self.colour = PHOTOS
        self._values: Colouring | None = None
        self._providers: dict[str, tuple[str, Provider]] = {}
        self._job: Job | None = None
        self._wanted = False  # nobody waits for a map until the page was open once
        self._descriptor = ""
        self._given: list[int] | None = None  # what the grid was told to select
        session = desk.session
        self.tiles = TileSource(session, self)
        self._loading = Latest(session.query, self)
        self._updating = Latest(session.compute, self)
        self._offering = Latest(session.query, self)
        self._colouring = Latest(session.query, self)
        self._soon = QTimer(self, singleShot=True, interval=_UPDATE_MS)
        self._join()

    def _join(self) -> None:
        desk, page, canvas, session = self._desk, self.page, self.canvas, self._desk.session
        self.tiles.arrived.connect(self._show_tiles)
        self._loading.answered.connect(self._loaded)
        self._loading.failed.connect(desk.report)
        self._updating.answered.connect(self._updated)
        self._updating.failed.connect(desk.report)
        self._offering.answered.connect(self._offer)
        self._offering.failed.connect(desk.report)
        self._colouring.answered.connect(self._take_values)
        self._colouring.failed.connect(desk.report)
        self._soon.timeout.connect(self._level)
        session.opened.connect(self._opened)
        session.changed.connect(self._library_changed)
        session.comparedBy.connect(self._load)
        desk.page.viewChanged.connect(self._light)
        desk.page.bar.thresholdChanged.connect(self._light)
        desk.page.grid.selectionChangedTo.connect(self._grid_selected)
        desk.theme.changed.connect(self._colour)
        page.arrangementChosen.connect(self.arrange)
        page.colourChosen.connect(self.colour_by)
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
        self._providers[key] = (words, provider)
        self._ask_offers()

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
        self._ask_offers()
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
        if changes.labels and self.colour.startswith(ANSWERS):
            self._ask_values()
        if changes.labels and self._wanted:
            self._ask_offers()

    # --- showing ---------------------------------------------------------------------------------------------

    def _show(self, made: PhotoMap, *, keep: bool = False) -> None:
        same = self.now is not None and np.array_equal(self.now.photos, made.photos)
        self.now = made
        self.page.show_map()
        self._place(keep=keep)
        if not same:
            self._values = None
        self.tiles.ask(made)
        self._ask_values()
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
        self._colour()
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
        made = self.now
        if made is None:
            self.page.words.set_words("")
            return
        count = len(made.photos)
        words = wording.count(count, "photo")
        lit = self.canvas.scene.lit
        if lit is not None:
            words = f"{int(lit.sum()):,} of {words} stand out"
        later = int(made.later.sum())
        if self._job is not None and made.is_preview:
            words += ". A first look; the map is still being made"
        elif later > _MANY_LATER * count:
            words += f". {later:,} came since the map was made"
        self.page.words.set_words(words)

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
            if view.search is not None and self._desk.page.threshold == EVERYTHING:
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
        made = self.now
        if made is None:
            return
        among = np.arange(len(made.photos))
        chosen, lit = self.canvas.scene.selected, self.canvas.scene.lit
        at = self.canvas.index_of(photo)
        if chosen.sum() > 1 and chosen[at]:
            among = np.flatnonzero(chosen)
        elif lit is not None and lit[at]:
            among = np.flatnonzero(lit)
        cells = made.cells[among]
        order = among[np.lexsort((cells[:, 0], cells[:, 1]))]
        self._viewing.open_among(made.photos[order].tolist(), photo)

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

    # --- colours ---------------------------------------------------------------------------------------------

    def _ask_offers(self) -> None:
        library = self._desk.session.library
        if library is not None and self._wanted:
            self._offering.ask(lambda: offers(library), name="map colours")

    @Slot(object)
    def _offer(self, found: list[tuple[str, str]]) -> None:
        entries = [(PHOTOS, "Nothing"), *found, *((key, words) for key, (words, _) in self._providers.items())]
        if self.colour not in {key for key, _ in entries}:
            self.colour_by(PHOTOS)
        self.page.set_colourings(entries, self.colour)
        if self.colour == THEME:
            self._ask_values()

    @Slot(str)
    def colour_by(self, key: str) -> None:
        """Colour the photos by something; PHOTOS shows them as they are."""
        self.colour, self._values = key, None
        self.page.set_colour(key)
        if key == PHOTOS:
            self._colouring.drop()
            self._colour()
        else:
            self._ask_values()

    def _ask_values(self) -> None:
        library, made, key = self._desk.session.library, self.now, self.colour
        if library is None or made is None or key == PHOTOS:
            return
        provider = self._providers[key][1] if key in self._providers else partial(colouring, key=key)
        self._colouring.ask(lambda: (made, provider(library, made.photos)), name="map colours")

    @Slot(object)
    def _take_values(self, found: tuple[PhotoMap, Colouring | None]) -> None:
        made, values = found
        if made is self.now:
            self._values = values
            self._colour()

    @Slot()
    def _colour(self) -> None:
        values, palette = self._values, self._desk.theme.answers
        if values is None or self.now is None:
            self.canvas.set_colours(None)
            self.page.legend.show_lines("", ())
            return
        self.canvas.set_colours(values.colours(palette))
        self.page.legend.show_lines(values.name, values.legend(palette))
        self.page.place_legend()

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
        library = self._desk.session.library
        if self.now is None or library is None:
            return
        usual = str(Path.home() / f"{library.name} map.pdf")
        chosen, _ = QFileDialog.getSaveFileName(
            self._desk.window, "Save the map", usual, "PDF page, A3 (*.pdf);;Picture, A3 at 300 dpi (*.png)"
        )
        if chosen:
            path = Path(chosen)
            self.save_to(path if path.suffix.lower() in (".pdf", ".png") else path.with_name(f"{path.name}.pdf"))

    def save_to(self, path: Path) -> None:
        """Save the map as a picture."""
        library, made = self._desk.session.library, self.now
        if library is None or made is None:
            return
        from desktop_app.ui.theme import ANSWERS_LIGHT

        wish = Wish(path, self.arrangement == SHEET, library.name)
        if self._values is not None:
            colours = self._values.colours(ANSWERS_LIGHT)
            legend = tuple(self._values.legend(ANSWERS_LIGHT))
            wish = Wish(path, wish.sheet, wish.title, colours, self._values.name, legend)
        job = self._desk.background.start(
            save_picture(library, made, wish), "map picture", "Drawing the map", lane=self._desk.session.compute
        )
        job.succeeded.connect(self._saved)

    @Slot(object)
    def _saved(self, path: Path) -> None:
        from desktop_app.ui.file_manager import show_in_file_manager

        actions = [("Show in file manager", lambda: show_in_file_manager(path))]
        self._desk.status.show_message(f"The map was saved as {path.name}.", actions)

    @Slot()
    def _hint_read(self) -> None:
        dismissed = self._desk.remembered.now.dismissed
        self._desk.remembered.set(dismissed=(*dismissed, _HINT))
