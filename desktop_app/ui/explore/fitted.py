"""Where a whole picture lies in a widget, and where a part of the picture lies then."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage

Place = tuple[float, float, float, float]
"""Left, top, width, height in fractions of a photo."""


def fitted(image: QImage, room: QRect) -> QRectF:
    """The picture as large as the room lets it be, in the middle; empty for a picture that is null."""
    if image.isNull():
        return QRectF()
    size = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    area = QRectF(0, 0, size.width(), size.height())
    area.moveCenter(QRectF(room).center())
    return area


def part_of(area: QRectF, place: Place) -> QRectF:
    """A part of a picture that lies in `area`."""
    left, top, width, height = place
    return QRectF(
        area.left() + left * area.width(),
        area.top() + top * area.height(),
        width * area.width(),
        height * area.height(),
    )
