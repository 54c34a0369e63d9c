"""The mark of what is selected: a disc with a tick, seen on any photo."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from desktop_app.ui.theme import Tokens

DISC = 20.0
"""The disc's diameter, device-independent pixels."""


def paint_tick(painter: QPainter, at: QPointF, ring: QColor, tokens: Tokens) -> None:
    """Paint the disc with its top left corner at a point.

    Args:
        painter: antialiased.
        at: where.
        ring: the disc's colour: that of the selection's ring.
        tokens: the colours in force.
    """
    disc = QRectF(at.x(), at.y(), DISC, DISC)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens.canvas)
    painter.drawEllipse(disc.adjusted(-2, -2, 2, 2))
    painter.setBrush(ring)
    painter.drawEllipse(disc)
    tick = QPainterPath(disc.topLeft() + QPointF(5.2, 10.4))
    tick.lineTo(disc.topLeft() + QPointF(8.6, 13.8))
    tick.lineTo(disc.topLeft() + QPointF(14.8, 6.6))
    pen = QPen(tokens.onaccent, 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(tick)
