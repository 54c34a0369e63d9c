"""A photo of the grid as a whole, with the place in it that was found.

Results of a search by a part of a picture show whole photos: the place may be at the edge that a square cuts off.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from desktop_app.core.searching import Box
from desktop_app.ui.theme import DARK

_HAIRLINE = QColor(0, 0, 0, 200)
_LEAST = 6  # device-independent pixels a side: a smaller place would be a dot


def whole_rect(pixmap: QPixmap, square: QRect) -> QRectF:
    """Where a whole photo lies in its square: as large as it can be, in the middle."""
    wide, high = max(1, pixmap.width()), max(1, pixmap.height())
    scale = min(square.width() / wide, square.height() / high)
    area = QRectF(0, 0, wide * scale, high * scale)
    area.moveCenter(QRectF(square).center())
    return area


def place_rect(area: QRectF, box: Box) -> QRectF:
    """Where a part of a photo lies that fills `area`; never too small to be seen, never outside."""
    wide, high = (
        min(max(share * whole, _LEAST), whole)
        for share, whole in ((box.width, area.width()), (box.height, area.height()))
    )
    left = area.left() + (box.x + box.width / 2) * area.width() - wide / 2
    top = area.top() + (box.y + box.height / 2) * area.height() - high / 2
    left = min(max(left, area.left()), area.right() - wide)
    top = min(max(top, area.top()), area.bottom() - high)
    return QRectF(left, top, wide, high)


def outline_place(painter: QPainter, place: QRectF) -> None:
    """Outline a place so that it is seen on any photo: 2 px of the bright accent between two dark hairlines."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_HAIRLINE, 4))
    painter.drawRoundedRect(place, 2, 2)
    painter.setPen(QPen(DARK.accent, 2))
    painter.drawRoundedRect(place, 2, 2)
