"""The search field at the top: words that photos fit."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_app.ui import icons
from desktop_app.ui.theme import Theme

PLACEHOLDER = "Search: dog, streetcar, 2019, a file or folder name. Or drop a picture here"
DEBOUNCE_MS = 15
"""Long enough for a key that is held down, short enough that nobody waits."""


class SearchField(QLineEdit):
    """A line whose text is told once typing pauses.

    Signals:
        searched(str): The words to look for, without blanks around them; 15 ms after the last key, or at once when
            they were emptied. Never twice the same.
        typed(str): The whole text, at each key.
        committed(str): Enter: the words are to stay as a chip.
        stepped(int): Down (1) or Up (-1), while `has_list`.
        listClosed(): Esc while `has_list`, or the keyboard went elsewhere.
        left(): Esc in an empty field, or Down: the keyboard goes back to the photos.
    """

    searched = Signal(str)
    typed = Signal(str)
    committed = Signal(str)
    stepped = Signal(int)
    listClosed = Signal()
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._told = ""
        self.has_list = False
        """Whether a list of completions lies below."""
        self.setPlaceholderText(PLACEHOLDER)
        self.setAccessibleName("Search by words")
        self.setToolTip("Search (Ctrl+F)")
        # a picture dropped here is for the window's overlay, not text
        self.setAcceptDrops(False)
        self._clear = self.addAction(self._icon(), QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setText("Clear the search")
        self._clear.setToolTip("Clear the search (Esc)")
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.clear_now)
        self._pause = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._pause.timeout.connect(self._tell)
        self.textChanged.connect(self._changed)
        theme.changed.connect(self._tint)

    @Slot()
    def clear_now(self) -> None:
        """Empty the field and tell it at once."""
        self.clear()
        self._tell()

    @Slot()
    def begin(self) -> None:
        """Ctrl+F: put the keyboard here with the text selected."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    @property
    def is_typing(self) -> bool:
        """Whether something was typed that has not been told yet."""
        return self._pause.isActive()

    def show_words(self, words: str) -> None:
        """Show what is searched for now, as after going back; emits nothing."""
        self._told = words
        if words != self.text().strip():
            self.setText(words)
        self._pause.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._tell()
            self.committed.emit(self.text().strip())
            event.accept()  # Enter in text is never the photo area's Enter
        elif self.has_list and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape:
            if self.has_list:
                self.listClosed.emit()
            elif self.text():
                self.clear_now()
            else:
                self.left.emit()
            event.accept()
        elif key == Qt.Key.Key_Down:
            self._tell()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.has_list:
            self.listClosed.emit()

    @Slot()
    def _changed(self) -> None:
        self._clear.setVisible(bool(self.text()))
        self.typed.emit(self.text() if self.hasFocus() else "")
        self._pause.start()

    @Slot()
    def _tell(self) -> None:
        self._pause.stop()
        words = self.text().strip()
        if words != self._told:
            self._told = words
            self.searched.emit(words)

    @Slot()
    def _tint(self) -> None:
        self._clear.setIcon(self._icon())

    def _icon(self) -> QIcon:
        return icons.icon("close", size=16)
