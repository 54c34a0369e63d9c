"""Journeys: asks for the way between two photos, shows it, and saves it."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.types import PhotoId, Progress
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.file_manager import show_in_file_manager
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.journey.dialog import JourneyDialog, JourneyView
from desktop_app.ui.journey.strip import Stops, StripSource
from desktop_app.ui.photo_areas import Area
from desktop_app.ui.photo_drag import PhotoDrag
from desktop_app.ui.viewing import Viewing

if TYPE_CHECKING:
    from desktop_app.core.operations.journey import Journey, Journeys

SELECT_TWO = "Select two photos first: then it shows the way between them."

_LOOKING = "Looking for a way between the photos"
_KINDS = "Picture (*.png);;PDF page, A4 (*.pdf)"


class Journeying(QObject):
    """Shows the way between two photos in a window of its own.

    Args:
        desk: the window's parts.
        thumbnails: where thumbnails come from.
        viewing: shows a photo large.

    Signals:
        copyAsked(list[int]): these photos' files are to be copied to a folder.
    """

    copyAsked = Signal(list)

    def __init__(self, desk: Desk, thumbnails: Thumbnails, viewing: Viewing) -> None:
        super().__init__(desk.window)
        self._desk, self._thumbnails, self._viewing = desk, thumbnails, viewing
        self._ends: tuple[PhotoId, PhotoId] | None = None
        self._journeys: Journeys | None = None  # of the compute lane
        self._by = ""  # what photos are compared by there
        self.dialog: JourneyDialog | None = None
        self.drag = PhotoDrag(desk, thumbnails, self._library, self)
        self._latest = Latest(desk.session.compute, self)
        self._latest.answered.connect(self._show)
        self._latest.progressed.connect(self._progress)
        self._latest.failed.connect(self._fail)

    @Slot()
    def show_between_selected(self) -> None:
        """The way between the two photos that are selected in the grid, in the order of the grid."""
        chosen = self._desk.areas.chosen()
        if len(chosen) == 2:
            self.ask(chosen[0], chosen[1])
        else:
            self._desk.status.show_message(SELECT_TWO)

    def ask(self, start: PhotoId, end: PhotoId, length: int = 0) -> None:
        """Look for the way between two photos.

        Args:
            start: where it begins.
            end: where it ends.
            length: how many photos, both ends counted; 0 for the usual number.
        """
        library = self._desk.session.library
        if library is None:
            return
        if self.dialog is None:
            self.dialog = JourneyDialog(self._desk.theme, self._thumbnails, self._desk.window)
            self.dialog.lengthChosen.connect(self._ask_length)
            self.dialog.opened.connect(self._open)
            self.dialog.saveAsked.connect(self._ask_where)
            self.dialog.copyAsked.connect(self.copyAsked)
            self.dialog.stopped.connect(self._latest.drop)
            strip = self.dialog.strip
            self._desk.areas.add(Area(strip, strip.chosen, strip.current_photo, self._open))
            strip.menuAsked.connect(self._ask_menu)
            self.drag.watch(StripSource(strip))
        if (start, end) != self._ends or self.dialog.view is None:
            self.dialog.show_progress(_LOOKING, 0, 0)
        self._ends = start, end
        descriptor = self._desk.session.compare_by
        self._latest.ask(self._look(library, descriptor, start, end, length), name="way between two photos")
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def _look(
        self, library: Library, descriptor: str, start: PhotoId, end: PhotoId, length: int
    ) -> Generator[Progress, None, Journey]:
        from desktop_app.core.operations.journey import Journeys  # loads SciPy: not for the start of the window

        if self._journeys is None or self._by != descriptor:
            self._journeys, self._by = Journeys(library, descriptor), descriptor
        return (yield from self._journeys.find(start, end, length))

    @Slot(object)
    def _progress(self, progress: Progress) -> None:
        dialog = self.dialog
        # another length comes at once: the strip stays until it is there
        if dialog is not None and dialog.view is None:
            dialog.show_progress(progress.text or _LOOKING, progress.done, progress.total)

    @Slot(object)
    def _show(self, found: Journey) -> None:
        if self.dialog is not None:
            stops = Stops(tuple(map(int, found.ids)), found.likeness)
            self.dialog.show_journey(JourneyView(stops, found.direct, found.lengths, found.evenest))

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        if self.dialog is not None and isinstance(error, UserError):
            self.dialog.show_problem(str(error))
            return
        if self.dialog is not None:
            self.dialog.reject()
        self._desk.report(error, "looking for the way between two photos")

    @Slot(QPoint)
    def _ask_menu(self, at: QPoint) -> None:
        if self.dialog is not None:
            self._desk.areas.menuAsked.emit(self.dialog.strip.chosen(), at)

    def _library(self) -> str:
        library = self._desk.session.library
        return str(library.folder) if library is not None else ""

    @Slot(int)
    def _ask_length(self, length: int) -> None:
        if self._ends is not None:
            self.ask(*self._ends, length)

    @Slot(int)
    def _open(self, photo: int) -> None:
        """Show a photo large; previous and next go along the way."""
        if self.dialog is not None and self.dialog.view is not None:
            ids = self.dialog.view.stops.ids
            self.dialog.hide()  # it would lie over the viewer
            self._viewing.open_among(ids, photo)
            self._viewing.viewer.closed.connect(self._come_back, Qt.ConnectionType.SingleShotConnection)

    @Slot(int)
    def _come_back(self, _row: int) -> None:
        """The viewer was left: the strip is where it was."""
        if self.dialog is not None:
            self.dialog.show()

    # --- saving ----------------------------------------------------------------------------------------------

    @Slot()
    def _ask_where(self) -> None:
        library, dialog = self._desk.session.library, self.dialog
        if library is None or dialog is None or dialog.view is None:
            return
        usual = str(Path.home() / f"{library.name} way.png")
        chosen, _ = QFileDialog.getSaveFileName(dialog, "Save as picture", usual, _KINDS)
        if chosen:
            path = Path(chosen)
            self.save(path if path.suffix.lower() in (".png", ".pdf") else path.with_name(f"{path.name}.png"))

    def save(self, path: Path) -> None:
        """Save the strip that is shown as a picture, .png or .pdf."""
        from desktop_app.ui.journey.exporting import TEXT, save_strip

        library, dialog, session = self._desk.session.library, self.dialog, self._desk.session
        if library is None or dialog is None or dialog.view is None:
            return
        stops = dialog.view.stops
        operation = save_strip(library, stops.ids, stops.likeness, path)
        job = self._desk.background.start(operation, "way as a picture", TEXT, lane=session.compute)
        job.succeeded.connect(self._saved)

    @Slot(object)
    def _saved(self, path: Path) -> None:
        actions = [("Show in file manager", lambda: show_in_file_manager(path))]
        self._desk.status.show_message(f"The way was saved as {path.name}.", actions)
