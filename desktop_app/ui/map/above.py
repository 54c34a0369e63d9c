"""What lies over the photos of the map: a closer look at one, and the lasso."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from desktop_app.ui.theme import Tokens

CLOSER = 208
"""Side of the closer look."""


def paint_closer(painter: QPainter, tokens: Tokens, room: QSize, place: QRectF, pixmap: QPixmap) -> None:
    """A larger thumbnail on a card above a photo at `place`, below it where there is no room above."""
    card = QRectF(0, 0, CLOSER + 12, CLOSER + 12)
    card.moveCenter(QPointF(place.center().x(), place.top() - card.height() / 2 - 10))
    if card.top() < 4:
        card.moveTop(place.bottom() + 10)
    card.moveLeft(min(max(card.left(), 4.0), room.width() - card.width() - 4.0))
    card.moveTop(min(max(card.top(), 4.0), room.height() - card.height() - 4.0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(Qt.PenStyle.NoPen)
    for grow in (5, 3, 1):
        painter.setBrush(QColor(0, 0, 0, 22))
        painter.drawRoundedRect(card.adjusted(-grow, -grow + 2, grow, grow + 2), 8 + grow, 8 + grow)
    painter.setPen(QPen(tokens.line, 1))
    painter.setBrush(tokens.raised)
    painter.drawRoundedRect(card, 8, 8)
    painter.drawPixmap(card.adjusted(6, 6, -6, -6), pixmap, QRectF(pixmap.rect()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_lasso(
    painter: QPainter, tokens: Tokens, ground: QColor, line: Sequence[QPointF], cross: QPointF | None
) -> None:
    """The line drawn so far with what it holds tinted, and the cross of a lasso that is drawn with keys."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    whole = QPolygonF([*line, *([cross] if cross is not None else [])])
    fill = QColor(tokens.accent)
    fill.setAlpha(40)
    if whole.count() > 1:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(whole)
        painter.setPen(QPen(tokens.accent, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(whole)
    if cross is not None:
        x, y = cross.x(), cross.y()
        for colour, width in ((ground, 4), (tokens.text, 2)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(x - 12, y), QPointF(x + 12, y))
            painter.drawLine(QPointF(x, y - 12), QPointF(x, y + 12))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
