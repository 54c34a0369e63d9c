"""How an answer is drawn: its square in its colour, filled for a label, hollow for a guess."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop_app.ui.theme import ANSWERS_DARK, Theme

SQUARE = 10


def answer_colour(theme: Theme, place: int, *, on_photo: bool = False) -> QColor:
    """The colour of the answer at a place; on photos always the dark row, since badges are dark."""
    row = ANSWERS_DARK if on_photo else theme.answers
    return row[place % len(row)]


def has_ring(place: int) -> bool:
    """Beyond nine answers colours come again, with a ring."""
    return place >= len(ANSWERS_DARK)


def draw_square(painter: QPainter, box: QRectF, colour: QColor, *, hollow: bool = False, ring: bool = False) -> None:
    """The square of an answer."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if hollow:
        painter.setPen(QPen(colour, 1.75))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.9, 0.9, -0.9, -0.9), 2, 2)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(box, 2.5, 2.5)
    if ring:
        painter.setPen(QPen(colour, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(-2.5, -2.5, 2.5, 2.5), 4, 4)


def draw_none(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """The mark of "none of these": a circle with a bar."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    circle = box.adjusted(0.75, 0.75, -0.75, -0.75)
    painter.drawEllipse(circle)
    shift = circle.width() * 0.147
    painter.drawLine(circle.bottomLeft() + QPointF(shift, -shift), circle.topRight() + QPointF(-shift, shift))
