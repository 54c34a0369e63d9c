"""The Duplicates page joined to the library: looking for copies, what is decided, and the way to the trash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.ui.desk import Desk
from desktop_app.ui.duplicates.page import DuplicatesPage
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.viewing import Viewing

if TYPE_CHECKING:
    from desktop_app.ui.trash.trashing import Trashing


class Duplicating(QObject):
    """Puts the Duplicates page together for one window.

    Signals:
        findAlikeAsked(int): find photos like one.
        showFileAsked(int): show a photo in the file manager.
    """

    findAlikeAsked = Signal(int)
    showFileAsked = Signal(int)

    def __init__(
        self, desk: Desk, page: DuplicatesPage, thumbnails: Thumbnails, viewing: Viewing, trashing: Trashing
    ) -> None:
        super().__init__(desk.window)
        self._desk, self.page, self._viewing, self._trashing = desk, page, viewing, trashing
        page.pictures.read_from(desk.session)

    @Slot()
    def shown(self) -> None:
        """The page came to the middle."""
        self.page.focus_body()

    def step_out(self) -> bool:
        """Esc: one step out; False where there is none."""
        return self.page.step_out()
