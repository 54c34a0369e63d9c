"""What becomes of photos, put together: copies and the trash, contact sheets, copies in a folder."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from desktop_app.ui.desk import Desk
from desktop_app.ui.duplicates.duplicating import Duplicating
from desktop_app.ui.frame import Frame
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.navigation import Navigation
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
        self._desk = desk
        self.trashing = Trashing(desk, thumbnails)
        self.duplicating = Duplicating(desk, frame.duplicates, thumbnails, viewing, self.trashing)
        navigation.duplicatesShown.connect(self.duplicating.shown)
        desk.page.grid.trashAsked.connect(self.trash)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What the window's commands do, by their keys."""
        return {"trash": self.trash, "recently_trashed": self.trashing.show_recent}

    @Slot()
    def trash(self) -> None:
        """Move the selected photos to the system's trash."""
        self.trashing.move(self._desk.page.grid.selected_ids())
