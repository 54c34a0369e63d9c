"""What exactly is wrong with a file that was refused: behind a fold, to be copied for who made the file."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.ui.panels.parts import button


class RefusalDetails(QWidget):
    """A fold with the exact words, and Copy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = ""
        self.fold = button("See details", quiet=True)
        self.fold.setCheckable(True)
        self.copy = button("Copy", quiet=True)
        self.words = QPlainTextEdit()
        self.words.setReadOnly(True)
        self.words.setAccessibleName("Details")
        self.words.setTabChangesFocus(True)
        self.words.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.words.setMinimumHeight(80)
        for one in (self.words, self.copy):
            one.hide()
            self.fold.toggled.connect(one.setVisible)
        self.copy.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.addWidget(self.fold)
        row.addStretch(1)
        row.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.words)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_details(self, sentence: str, details: str) -> None:
        """Show these; nothing to see where there are none."""
        self._sentence = sentence
        self.words.setPlainText(details)
        self.setVisible(bool(details))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._sentence}\n\n{self.words.toPlainText()}")
