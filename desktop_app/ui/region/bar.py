"""One line of help over the photo while a box is drawn, and the button that searches."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.theme import Theme


class HintBar(QWidget):
    """Lies below the viewer's bar, in the middle."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.words = text("")
        self.search = button("Find what is in the box", default=True, tip="Enter")
        self.search.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(16)
        row.addWidget(self.words)
        row.addWidget(self.search)

    def say(self, words: str, *, ready: bool) -> None:
        """Say something; `ready` shows the button."""
        self.words.setText(words)
        self.words.setAccessibleName(words)
        self.search.setVisible(ready)
        self._row.setContentsMargins(16, 8, 8 if ready else 16, 8)

    def place(self, width: int) -> None:
        """In the middle, below the viewer's bar; the words break where it is narrow."""
        room = width - 32
        self.words.setWordWrap(False)
        wide = self.sizeHint().width()
        if wide > room:
            self.words.setWordWrap(True)
            wide = room
        high = max(self.heightForWidth(wide) if self.words.wordWrap() else 0, self.sizeHint().height())
        # as high with the button as without: the photo stands below it and does not move
        margins = self._row.contentsMargins()
        high = max(high, self.search.sizeHint().height() + margins.top() + margins.bottom())
        self.setGeometry((width - wide) // 2, 60, wide, high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        painter.setPen(QPen(tokens.control, 1))
        painter.setBrush(tokens.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
