"""Ways side by side: asks what a photo looks like in every way, and changes to the one that is chosen."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from desktop_app.core.library import Library
from desktop_app.core.operations.layer_strip import Row, layer_strip
from desktop_app.core.operations.ways import choices, title_of
from desktop_app.core.types import PhotoId, Pixels, Progress
from desktop_app.jobs import Latest
from desktop_app.ui.comparing import Comparing
from desktop_app.ui.desk import Desk
from desktop_app.ui.explore.ways import WayRow, WaysWindow
from desktop_app.ui.grid import Thumbnails


class AskingWays(QObject):
    """Shows one photo compared in every way.

    Args:
        desk: the window's parts.
        thumbnails: where thumbnails come from.
        comparing: changes the way.
    """

    def __init__(self, desk: Desk, thumbnails: Thumbnails, comparing: Comparing) -> None:
        super().__init__(desk.window)
        self._desk, self._thumbnails, self._comparing = desk, thumbnails, comparing
        self._rows: tuple[tuple[Row, str], ...] = ()
        self.window: WaysWindow | None = None
        self._latest = Latest(desk.session.query, self)
        self._latest.answered.connect(self._show)
        self._latest.progressed.connect(self._progress)
        self._latest.failed.connect(self._fail)
        desk.session.comparedBy.connect(self._refresh)

    def ask(self, photo: PhotoId | Pixels) -> None:
        """Compare a photo in every way."""
        library = self._desk.session.library
        if library is None:
            return
        if self.window is None:
            self.window = WaysWindow(self._desk.theme, self._thumbnails, self._desk.window)
            self.window.wayChosen.connect(self._comparing.choose)
            self.window.photoChosen.connect(self.ask)
            self.window.stopped.connect(self._latest.drop)
        self.window.show_query(photo if isinstance(photo, int) else -1)
        self.window.show_progress("Comparing by each layer", 0, 1)
        self._latest.ask(_look(library, photo), name="ways side by side")
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    @Slot(object)
    def _progress(self, progress: Progress) -> None:
        if self.window is not None:
            self.window.show_progress(progress.text, progress.done, progress.total or 1)

    @Slot(object)
    def _show(self, rows: tuple[tuple[Row, str], ...]) -> None:
        self._rows = rows
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        if self.window is None:
            return
        self.window.show_progress("", 0, 0)
        ready = {way.descriptor for way in self._comparing.ways if way.ready}
        self.window.show_rows(
            [
                WayRow(
                    row.descriptor,
                    title,
                    row.sees,
                    tuple((int(hit.photo), hit.score) for hit in row.hits),
                    chosen=row.descriptor == self._comparing.now,
                    note="" if row.descriptor in ready or row.hits else "not computed yet",
                )
                for row, title in self._rows
            ]
        )

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        if self.window is not None:
            self.window.show_progress("", 0, 0)
        self._desk.report(error, "comparing by each layer")


def _look(library: Library, photo: PhotoId | Pixels) -> Generator[Progress, None, tuple[tuple[Row, str], ...]]:
    rows = yield from layer_strip(library, photo)
    # late layers first: they answer what people mean by alike
    named = [(row, title_of(library, library.descriptor(row.descriptor))) for row in reversed(rows)]
    colours = {way.descriptor: way.sees for way in choices(library)}
    return tuple((replace(row, sees=row.sees or colours.get(row.descriptor, "")), title) for row, title in named)
