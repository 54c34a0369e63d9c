"""Headings between the photos of a grid: what they say at the left, how many photos they stand above at the right."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from desktop_app.core import wording
from desktop_app.ui.theme import Theme

_BELOW = 8
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)


def paint_heading(painter: QPainter, theme: Theme, rect: QRect, title: str, count: int) -> None:
    """A heading at its own place.

    Args:
        painter: of the viewport.
        theme: the program's look.
        rect: where it is.
        title: what it says, shortened where it is too long.
        count: photos below it.
    """
    area = rect.adjusted(0, 0, 0, -_BELOW)
    small = theme.font(0.85)
    number = wording.number(count)
    painter.setFont(small)
    painter.setPen(theme.tokens.text2)
    painter.drawText(area, _RIGHT, number)
    font = theme.font(semi_bold=True)
    painter.setFont(font)
    room = area.width() - QFontMetrics(small).horizontalAdvance(number) - 16
    painter.drawText(area, _LEFT, QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideRight, room))


def paint_sticky(painter: QPainter, theme: Theme, band: QRect, inner: QRect, title: str, count: int) -> None:
    """A heading that stays at the upper edge, over the photos that scroll away below it.

    Args:
        painter: of the viewport.
        theme: the program's look.
        band: what it covers, as wide as the viewport.
        inner: where its words are.
        title: what it says.
        count: photos below it.
    """
    painter.fillRect(band, theme.tokens.canvas)
    painter.setPen(QPen(theme.tokens.line, 1))
    bottom = band.bottom() + 0.5
    painter.drawLine(QPointF(band.left(), bottom), QPointF(band.right() + 1, bottom))
    paint_heading(painter, theme, inner, title, count)
