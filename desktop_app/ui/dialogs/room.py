"""Room for what a window shows later: it grows about its middle, and stays on the screen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

_FRAME = QSize(16, 48)  # what a system's title and edges take at most


def grow(window: QWidget, wanted: QSize) -> None:
    """Make a window this large about its middle, as far as the screen allows."""
    screen = window.screen().availableGeometry()
    size = wanted.expandedTo(window.minimumSize()).boundedTo(screen.size() - _FRAME)
    area = QRect(QPoint(), size)
    area.moveCenter(window.geometry().center())
    area.moveRight(min(area.right(), screen.right()))
    area.moveBottom(min(area.bottom(), screen.bottom()))
    area.moveLeft(max(area.left(), screen.left()))
    area.moveTop(max(area.top(), screen.top() + _FRAME.height() // 2))
    window.setGeometry(area)
