"""The legend over the map: what its colours stand for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.ui.map.colouring import Entry, as_text
from desktop_app.ui.theme import Theme

_PAD = 12
_SWATCH = 12
_WIDEST = 260


class Legend(QWidget):
    """Names with their colours and how many photos each has, on a card in a corner of the map."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.title = ""
        self.lines: tuple[Entry, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.update)
        self.hide()

    def show_lines(self, title: str, lines: Sequence[Entry]) -> None:
        """Show another legend; none hides it."""
        self.title, self.lines = title, tuple(lines)
        self.setAccessibleName(f"Colours: {title}" if lines else "")
        self.setAccessibleDescription(as_text(lines))
        self.resize(self.sizeHint())
        self.setVisible(bool(lines))
        self.update()

    def _row(self) -> int:
        return self.fontMetrics().height() + 6

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        widest = max(
            (metrics.horizontalAdvance(f"{line.words}  {line.count:,}") for line in self.lines),
            default=metrics.horizontalAdvance(self.title),
        )
        widest = max(widest + _SWATCH + 8 + 12, metrics.horizontalAdvance(self.title))
        return QSize(min(_WIDEST, widest + 2 * _PAD), self._row() * (len(self.lines) + 1) + 2 * _PAD - 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, metrics, row = self._theme.tokens, self.fontMetrics(), self._row()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens.line, 1))
        painter.setBrush(tokens.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setFont(self._theme.font(semi_bold=True))
        painter.setPen(tokens.text)
        room = self.width() - 2 * _PAD
        top = _PAD - 2
        painter.drawText(QRectF(_PAD, top, room, row), int(Qt.AlignmentFlag.AlignVCenter), self.title)
        painter.setFont(self.font())
        for line in self.lines:
            top += row
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(line.colour)
            painter.drawRoundedRect(QRectF(_PAD, top + (row - _SWATCH) / 2, _SWATCH, _SWATCH), 3, 3)
            count = f"{line.count:,}"
            wide = metrics.horizontalAdvance(count)
            painter.setPen(tokens.text2)
            right = QRectF(_PAD, top, room, row)
            painter.drawText(right, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), count)
            painter.setPen(tokens.text)
            words = metrics.elidedText(line.words, Qt.TextElideMode.ElideRight, room - _SWATCH - 8 - wide - 12)
            painter.drawText(QRectF(_PAD + _SWATCH + 8, top, room, row), int(Qt.AlignmentFlag.AlignVCenter), words)
