"""The strip of thumbnails at the bottom of the viewer; only what is seen is asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.core import wording
from desktop_app.ui.panels.parts import PixmapSource, listen
from desktop_app.ui.theme import Theme, Tokens

SIDE = 56
GAP = 8
MARGIN = 10


def draw_square(painter: QPainter, target: QRectF, pixmap: QPixmap | None, tokens: Tokens) -> None:
    """Draw a photo cut to a square with round corners, or a flat square while it is not there."""
    path = QPainterPath()
    path.addRoundedRect(target, 4, 4)
    if pixmap is None or pixmap.isNull():
        painter.fillPath(path, tokens.hover)
        return
    side = min(pixmap.width(), pixmap.height())
    source = QRectF((pixmap.width() - side) / 2, (pixmap.height() - side) / 2, side, side)
    painter.save()
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    painter.drawPixmap(target, pixmap, source)
    painter.restore()


class Filmstrip(QWidget):
    """The result list as small squares, the chosen one in the middle.

    Signals:
        rowChosen(int): A thumbnail was clicked.
    """

    rowChosen = Signal(int)

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails
        self._ids: Sequence[int] = ()
        self._row = -1
        self._shift = 0.0  # how far the wheel has moved the strip away from the chosen one
        self._hovered = -1
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)
        self.setAccessibleName("Photos of this list")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        listen(thumbnails, self._refresh)

    def sizeHint(self) -> QSize:
        """As high as a thumbnail with its margins."""
        return QSize(400, SIDE + 2 * MARGIN)

    def set_ids(self, ids: Sequence[int], row: int) -> None:
        """Show another list with its chosen row."""
        self._ids = ids
        self._row = -1
        self.set_row(row)

    def set_row(self, row: int) -> None:
        """Bring a row into the middle."""
        self._row = row
        self._shift = 0.0
        self.update()

    def visible_rows(self) -> range:
        """The rows that are at least partly seen."""
        step = SIDE + GAP
        left = self._left()
        first = max(0, math.floor(-left / step))
        last = min(len(self._ids), math.ceil((self.width() - left) / step))
        return range(first, max(first, last))

    def square(self, row: int) -> QRectF:
        """Where a row's thumbnail is drawn."""
        return QRectF(self._left() + row * (SIDE + GAP), MARGIN, SIDE, SIDE)

    def row_at(self, position: QPointF) -> int:
        """The row under a point, or -1."""
        if not len(self._ids):
            return -1
        row = math.floor((position.x() - self._left() + GAP / 2) / (SIDE + GAP))
        return row if 0 <= row < len(self._ids) else -1

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        ground = QColor(self._theme.tokens.window)
        ground.setAlpha(235)
        painter.fillRect(self.rect(), ground)
        accent, control = self._theme.tokens.accent, self._theme.tokens.control
        for row in self.visible_rows():
            square = self.square(row)
            draw_square(painter, square, self._thumbnails.pixmap(int(self._ids[row]), SIDE), self._theme.tokens)
            if row == self._row or row == self._hovered:
                # the ring stands outside the photo with a gap, as in the grid
                painter.setPen(QPen(accent, 3) if row == self._row else QPen(control, 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(square.adjusted(-3.5, -3.5, 3.5, 3.5), 6, 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self.rowChosen.emit(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position())
        if row != self._hovered:
            self._hovered = row
            self.setToolTip(f"{wording.number(row + 1)} of {wording.number(len(self._ids))}" if row >= 0 else "")
            self.update()

    def leaveEvent(self, event: object) -> None:
        del event
        self._hovered = -1
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        self._shift += turn / 120 * 2 * (SIDE + GAP)
        length = len(self._ids) * (SIDE + GAP)
        middle = self._row * (SIDE + GAP)
        # at most until either end of the list stands in the middle
        self._shift = max(middle - length + SIDE, min(middle, self._shift)) if length else 0.0
        self.update()
        event.accept()

    def _left(self) -> float:
        """Where row 0 begins: the chosen row stands in the middle, a short list as a whole does."""
        step = SIDE + GAP
        length = len(self._ids) * step - GAP
        if length <= self.width() - 2 * MARGIN:
            return (self.width() - length) / 2
        return self.width() / 2 - SIDE / 2 - self._row * step + self._shift

    def _refresh(self, *_: object) -> None:
        if self.isVisible():
            self.update()
