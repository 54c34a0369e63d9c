"""The photo that is looked for, as a chip with an x."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop_app.ui.panels.parts import ElidedLabel, icon_button
from desktop_app.ui.theme import Theme

_THUMB = 20


class Chip(QWidget):
    """A small thumbnail, a name and an x. Delete removes it while the keyboard is on it.

    Signals:
        removed(): The x or Delete.
    """

    removed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnail = QPixmap()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._name = ElidedLabel()
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._name.setMaximumWidth(220)
        self.close_button = icon_button("close", "Remove from the search", "Delete")
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(_THUMB + 14, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._name)
        row.addWidget(self.close_button)

    def set_query(self, name: str, thumbnail: QPixmap | None) -> None:
        """What is looked for; a missing thumbnail leaves a flat square."""
        self._name.set_words(name)
        self.setAccessibleName(f"Looking for {name}")
        self.set_thumbnail(thumbnail)

    def set_thumbnail(self, thumbnail: QPixmap | None) -> None:
        """A thumbnail that arrived later."""
        self._thumbnail = thumbnail or QPixmap()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        tokens = self._theme.tokens
        body = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        focused = self.hasFocus()
        painter.setPen(QPen(tokens.accent, 2) if focused else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(tokens.accentfill)
        painter.drawRoundedRect(body, 6, 6)
        square = QRectF(8, (self.height() - _THUMB) / 2, _THUMB, _THUMB)
        clip = QPainterPath()
        clip.addRoundedRect(square, 3, 3)
        if self._thumbnail.isNull():
            painter.fillPath(clip, tokens.hover)
            return
        side = min(self._thumbnail.width(), self._thumbnail.height())
        source = QRectF((self._thumbnail.width() - side) / 2, (self._thumbnail.height() - side) / 2, side, side)
        painter.setClipPath(clip)
        painter.drawPixmap(square, self._thumbnail, source)
