"""What becomes of photos, put together: copies and the trash, contact sheets, copies in a folder."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut

from desktop_app.core.operations.trash_parts import Trashed
from desktop_app.core.types import PhotoId
from desktop_app.ui.desk import Desk
from desktop_app.ui.duplicates.duplicating import Duplicating
from desktop_app.ui.frame import Frame
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.navigation import Navigation
from desktop_app.ui.photos_out.contact_sheet import ContactSheet
from desktop_app.ui.photos_out.copying import CopyingOut
from desktop_app.ui.trash.stepping import SteppingOn
from desktop_app.ui.trash.trashing import Trashing
from desktop_app.ui.viewing import Viewing


class Keeping(QObject):
    """The window's housekeeping.

    Args:
        desk: the window's parts.
        frame: where its widgets are.
        thumbnails: where pictures come from.
        viewing: the viewer.
        navigation: says when the Duplicates page is shown.
    """

    def __init__(
        self, desk: Desk, frame: Frame, thumbnails: Thumbnails, viewing: Viewing, navigation: Navigation
    ) -> None:
        super().__init__(desk.window)
        self._desk, self._viewing = desk, viewing
        self.trashing = Trashing(desk, thumbnails)
        SteppingOn(desk.page.grid, self.trashing)
        self.duplicating = Duplicating(desk, frame.duplicates, thumbnails, viewing, self.trashing)
        self.sheets = ContactSheet(desk)
        self.copying = CopyingOut(desk)
        by_key = QShortcut(QKeySequence("Ctrl+E"), desk.page, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        by_key.activated.connect(self.make_sheet)
        navigation.duplicatesShown.connect(self.duplicating.shown)
        desk.page.grid.trashAsked.connect(self.trash)
        viewing.trashAsked.connect(self._trash_one)
        self.trashing.moved.connect(self._drop)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What the window's commands do, by their keys."""
        return {
            "trash": self.trash,
            "recently_trashed": self.trashing.show_recent,
            "contact_sheet": self.make_sheet,
            "copy_to_folder": self.copy_to_folder,
        }

    @Slot()
    def trash(self) -> None:
        """Move the selected photos to the system's trash."""
        ids = self._desk.areas.chosen()
        if ids:
            self.trashing.move(ids)
        else:
            self._desk.status.show_message("Select the photos that are to go first.")

    @Slot(int)
    def _trash_one(self, photo: int) -> None:
        self.trashing.move([PhotoId(photo)])

    @Slot(object)
    def _drop(self, result: Trashed) -> None:
        self._viewing.drop(result.photos)

    @Slot()
    def make_sheet(self) -> None:
        """A contact sheet of the selected photos, or of all that are shown."""
        grid = self._desk.page.grid
        ids, found = self._desk.areas.chosen() or grid.photos.ids(), self._desk.page.found
        scores = found.scores_of(ids) if found is not None else {}
        self.sheets.ask(ids, scores)

    @Slot()
    def copy_to_folder(self) -> None:
        """Copies of the selected photos."""
        ids = self._desk.areas.chosen()
        if ids:
            self.copying.ask(ids)
        else:
            self._desk.status.show_message("Select the photos that are to be copied first.")
