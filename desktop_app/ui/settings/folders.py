"""Settings > Folders: what is in the library, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.types import Folder, FolderState
from desktop_app.ui.panels.layouts import clear
from desktop_app.ui.panels.parts import ElidedLabel, ScrollColumn, button, icon_button, text

_STATES = {
    FolderState.ADDING: "being added",
    FolderState.STOPPED: "stopped before its end",
    FolderState.AWAY: "away: its drive is not connected",
}


class FoldersPage(ScrollColumn):
    """The library's folders, each with the way to its menu.

    Signals:
        addAsked(): add a folder.
        menuAsked(int, QPoint): what can be done with a folder.
    """

    addAsked = Signal()
    menuAsked = Signal(int, object)

    def __init__(self, folders: Sequence[Folder], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add = button("Add folder…")
        self.add.clicked.connect(self.addAsked)
        head = QHBoxLayout()
        head.addWidget(text("Photos are read where they are; nothing is copied or changed.", "quiet", wrap=True), 1)
        head.addWidget(self.add)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(16)
        column.addLayout(head)
        column.addLayout(self._rows)
        column.addStretch(1)
        self.show_folders(folders)

    def show_folders(self, folders: Sequence[Folder]) -> None:
        """Show these folders."""
        clear(self._rows)
        for folder in folders:
            self._rows.addWidget(self._row(folder))
        if not folders:
            self._rows.addWidget(text("No folder is in this library yet.", "quiet"))

    def _row(self, folder: Folder) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        state = _STATES.get(folder.state, "")
        count = wording.count(folder.photos, "photo")
        words = QVBoxLayout()
        words.addWidget(text(folder.name))
        place = ElidedLabel(role="quiet")
        place.set_words(str(folder.root))
        words.addWidget(place)
        words.addWidget(text(f"{count} · {state}" if state else count, "quiet"))
        more = icon_button("more", f"More about {folder.name}")
        more.clicked.connect(partial(self._ask, int(folder.id), more))
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 12, 12, 12)
        row.addLayout(words, 1)
        row.addWidget(more)
        return card

    def _ask(self, folder: int, at: QWidget) -> None:
        self.menuAsked.emit(folder, at.mapToGlobal(at.rect().bottomLeft()))
