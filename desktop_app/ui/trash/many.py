"""Before very many photos go at once: how many, how much, and where to."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.panels.parts import button, text

MANY = 1_000
"""More photos than this are not moved without saying how many they are."""


class ManyDialog(QDialog):
    """Says what is about to go to the trash.

    Args:
        photos: how many.
        companions: files that belong to them.
        size: bytes of all.
    """

    def __init__(self, photos: int, companions: int, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Move to trash")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        count = wording.count(photos, "photo")
        self.headline = text(f"Move {count} to the trash?", "title")
        others = f", with {wording.count(companions, 'file')} that belong to them" if companions else ""
        self.explanation = text(
            f"{wording.byte_size(size)}{others}. They stay in the system's trash until it is emptied, and Undo or "
            "“Recently trashed” brings them back with their labels.",
            wrap=True,
        )
        self.cancel = button("Cancel", default=True)
        self.move_button = button(f"Move {count} to trash")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.move_button)
        foot.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.headline)
        column.addWidget(self.explanation)
        column.addSpacing(4)
        column.addLayout(foot)
        self.setMinimumWidth(max(440, self.fontMetrics().averageCharWidth() * 64))
        self.cancel.clicked.connect(self.reject)
        self.move_button.clicked.connect(self.accept)
        self.cancel.setFocus()
