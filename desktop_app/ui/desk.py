"""What the parts of one window share: they know one another only through this."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QUndoCommand
from PySide6.QtWidgets import QWidget

from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.types import Photo, PhotoId
from desktop_app.ui.adding import Adding
from desktop_app.ui.background import Background
from desktop_app.ui.file_manager import show_in_file_manager
from desktop_app.ui.panels.status import StatusBar
from desktop_app.ui.photo_areas import PhotoAreas
from desktop_app.ui.photos_page import PhotosPage
from desktop_app.ui.remembered import Remembered
from desktop_app.ui.session import Session
from desktop_app.ui.theme import Theme
from desktop_app.ui.undoing import Steps

log = logging.getLogger(__name__)


class Opener(Protocol):
    """What opens libraries: the program's windows."""

    def open(self, library: Path, add: Sequence[Path] = (), *, instead_of: QWidget | None = None) -> bool:
        """Show a library, in the place of a window; False where another process shows it."""


@dataclass(eq=False)
class Desk:
    """One window's parts."""

    window: QWidget
    windows: Opener
    theme: Theme
    remembered: Remembered
    session: Session
    adding: Adding
    page: PhotosPage
    status: StatusBar
    undo: Steps
    background: Background
    areas: PhotoAreas = field(default_factory=PhotoAreas)

    def report(self, error: BaseException, doing: str = "", again: Callable[[], object] | None = None) -> None:
        """Tell of an error: the world's as a sentence, ours with the way to its details and to try `again`."""
        if isinstance(error, UserError):
            log.info("%s (%s)", error, error.details)
            self.status.show_message(str(error))
            return
        from desktop_app.ui.dialogs.problem import show_problem

        log.error("unexpected", exc_info=error)
        show_problem(self.theme, self.window, error, doing, again=again)

    def show_file(self, path: Path) -> None:
        """Show a file in the system's own file manager."""
        if not show_in_file_manager(path):
            self.status.show_message("No file manager could be opened here.")

    def with_photos(self, ids: Sequence[PhotoId], use: Callable[[list[Photo]], object]) -> None:
        """Fetch photos on the query lane and hand them over, in the order of `ids`."""
        library = self.session.library
        if library is None or not ids:
            return

        def fetch() -> list[Photo]:
            found = photos.fetch(library.connection, ids)
            return [found[photo] for photo in ids if photo in found]

        self.session.query.submit(fetch, name="photos").succeeded.connect(use)


class Undoable(QUndoCommand):
    """A change with its opposite, both short writes; its words as `Steps` has them."""

    def __init__(self, words: str, do: Callable[[], object], undo: Callable[[], object]) -> None:
        super().__init__(words)
        self._do, self._undo = do, undo

    def redo(self) -> None:
        """Make the change."""
        self._do()

    def undo(self) -> None:
        """Take it back."""
        self._undo()
