"""A layout of widgets side by side that wraps, each line in the middle."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Widgets side by side, the lines in the middle, wrapped where they do not fit."""

    _GAP = 6

    def __init__(self, parent: QWidget) -> None:
        self._items: list[QLayoutItem] = []
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = self._lines(width)
        return sum(max(item.sizeHint().height() for item in line) for line in lines) + self._GAP * max(
            0, len(lines) - 1
        )

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        widest = max((item.sizeHint().width() for item in self._items), default=0)
        width = max(widest, self.geometry().width())
        return QSize(widest, self.heightForWidth(width))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        top = rect.top()
        for line in self._lines(rect.width()):
            whole = sum(item.sizeHint().width() for item in line) + self._GAP * (len(line) - 1)
            left = rect.left() + max(0, (rect.width() - whole) // 2)
            for item in line:
                size = item.sizeHint()
                item.setGeometry(QRect(QPoint(left, top), QSize(min(size.width(), rect.width()), size.height())))
                left += size.width() + self._GAP
            top += max(item.sizeHint().height() for item in line) + self._GAP

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._items:
            wide = item.sizeHint().width()
            if lines and used + self._GAP + wide <= width:
                lines[-1].append(item)
                used += self._GAP + wide
            else:
                lines.append([item])
                used = wide
        return lines
