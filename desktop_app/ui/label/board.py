"""A board of equal guesses: whole photos side by side; the wrong ones are clicked, the rest is taken at once."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app.ui.answer_marks import draw_square
from desktop_app.ui.panels.parts import PixmapSource, listen, place_of
from desktop_app.ui.theme import BADGE_GROUND, BADGE_TEXT, Theme

_GAP = 8
_FAINT = 0.35
LEAST_SIDE = 64
"""A photo smaller than this is hard to judge: fewer of them are shown then."""
_Key = Qt.Key


class Board(QWidget):
    """Photos that all have the same guess.

    Signals:
        changed(): other photos are marked as wrong.
        lookedCloser(int): show this photo large.
    """

    changed = Signal()
    lookedCloser = Signal(int)

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails = theme, thumbnails
        self._photos: list[int] = []
        self._sure: list[float] = []
        self._sizes: dict[int, QSize] = {}
        self._wrong: set[int] = set()
        self._colour = QColor()
        self._at = 0
        self._hovered = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Photos with the same guess")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(88)
        listen(thumbnails, self._refresh)

    # --- what is shown

    def show_photos(self, photos: Sequence[int], sure: Sequence[float], colour: QColor) -> None:
        """Show other photos, none marked as wrong; `colour` is the guess's."""
        self._photos, self._sure, self._colour = list(photos), list(sure), QColor(colour)
        self._wrong.clear()
        self._at = 0
        self._hovered = -1
        self.update()
        self.changed.emit()

    def set_sizes(self, sizes: dict[int, QSize]) -> None:
        """Upright sizes of photos, so that each is shown whole."""
        self._sizes.update(sizes)
        self.update()

    @staticmethod
    def room(size: QSize) -> int:
        """How many photos a board of this size shows large enough to tell what they are."""
        side = LEAST_SIDE + _GAP
        return max(1, (size.width() - _GAP) // side) * max(1, (size.height() - _GAP) // side)

    def photos(self) -> list[int]:
        """All photos of the board."""
        return list(self._photos)

    def wrong(self) -> list[int]:
        """Those marked as wrong, in order."""
        return [photo for photo in self._photos if photo in self._wrong]

    def right(self) -> list[int]:
        """Those that Enter takes."""
        return [photo for photo in self._photos if photo not in self._wrong]

    def current(self) -> int | None:
        """The photo with the keyboard's ring."""
        return self._photos[self._at] if self._photos else None

    def toggle(self, photo: int) -> None:
        """Mark a photo as wrong, or not."""
        if photo in self._photos:
            self._wrong ^= {photo}
            self.update()
            self.changed.emit()

    def remove(self, photos: Sequence[int]) -> None:
        """These have an answer now."""
        gone = set(photos)
        kept = [(p, s) for p, s in zip(self._photos, self._sure, strict=True) if p not in gone]
        self._photos, self._sure = [p for p, _ in kept], [s for _, s in kept]
        self._wrong -= gone
        self._at = max(0, min(self._at, len(self._photos) - 1))
        self.update()
        self.changed.emit()

    # --- places

    def _columns(self) -> int:
        count = len(self._photos)
        if not count:
            return 1
        best, columns = 0.0, 1
        for columns_tried in range(1, count + 1):
            rows = math.ceil(count / columns_tried)
            side = min((self.width() - _GAP) / columns_tried, (self.height() - _GAP) / rows) - _GAP
            if side > best + 0.5:
                best, columns = side, columns_tried
        return columns

    def cell(self, at: int) -> QRect:
        """Where a photo's cell is; all fit without scrolling."""
        columns = self._columns()
        rows = max(1, math.ceil(len(self._photos) / columns))
        side = int(min((self.width() - _GAP) / columns, (self.height() - _GAP) / rows, 240 + _GAP)) - _GAP
        left = (self.width() - columns * (side + _GAP) + _GAP) // 2
        top = max(_GAP // 2, (self.height() - rows * (side + _GAP) + _GAP) // 2)
        row, column = divmod(at, columns)
        return QRect(left + column * (side + _GAP), top + row * (side + _GAP), side, side)

    def _index_at(self, point: QPoint) -> int:
        return next((at for at in range(len(self._photos)) if self.cell(at).contains(point)), -1)

    # --- events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._index_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and at >= 0:
            self._at = at
            self.toggle(self._photos[at])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._index_at(event.position().toPoint())
        if at != self._hovered:
            self._hovered = at
            self.setCursor(Qt.CursorShape.PointingHandCursor if at >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._index_at(event.pos())
            if at >= 0:
                wrong = self._photos[at] in self._wrong
                QToolTip.showText(
                    event.globalPos(), "Marked as wrong" if wrong else "Click if the guess is wrong", self
                )
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, bare = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        last, columns = len(self._photos) - 1, self._columns()
        moves = {_Key.Key_Left: -1, _Key.Key_Right: 1, _Key.Key_Up: -columns, _Key.Key_Down: columns}
        if not bare or last < 0:
            event.ignore()
        elif key in moves:
            to = self._at + moves[_Key(key)]
            if 0 <= to <= last:
                self._at = to
                self.update()
        elif key in (_Key.Key_Home, _Key.Key_End):
            self._at = 0 if key == _Key.Key_Home else last
            self.update()
        elif key in (_Key.Key_Backspace, _Key.Key_Delete):
            self.toggle(self._photos[self._at])
        elif key == _Key.Key_Space:
            self.lookedCloser.emit(self._photos[self._at])
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)  # two quick clicks are two clicks

    def _refresh(self, *_arguments: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(event.rect(), self._theme.tokens.canvas)
        for at, photo in enumerate(self._photos):
            self._paint_cell(painter, at, photo)

    def _paint_cell(self, painter: QPainter, at: int, photo: int) -> None:
        tokens, cell = self._theme.tokens, QRectF(self.cell(at))
        wrong = photo in self._wrong
        pixmap = self._thumbnails.pixmap(photo, int(cell.width()))
        if pixmap is None:
            painter.fillRect(cell, tokens.hover)
        else:
            painter.setOpacity(_FAINT if wrong else 1.0)
            painter.drawPixmap(place_of(pixmap, cell), pixmap, QRectF(pixmap.rect()))
            painter.setOpacity(1.0)
        if cell.width() >= 72:
            self._paint_badge(painter, cell, self._sure[at], wrong=wrong)
        if wrong:
            pen = QPen(tokens.bad, 3)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cell.adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
            middle, arm = cell.center(), min(22.0, cell.width() / 6)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(middle + QPointF(-arm, -arm), middle + QPointF(arm, arm))
            painter.drawLine(middle + QPointF(-arm, arm), middle + QPointF(arm, -arm))
        elif at == self._hovered:
            painter.setPen(QPen(tokens.control, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 4, 4)
        if self.hasFocus() and at == self._at:
            painter.setPen(QPen(tokens.text, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cell.adjusted(-2.5, -2.5, 2.5, 2.5), 6, 6)

    def _paint_badge(self, painter: QPainter, cell: QRectF, sure: float, *, wrong: bool) -> None:
        words = "wrong" if wrong else f"{min(99, round(100 * sure))} %"
        painter.setFont(self._theme.font(0.85, semi_bold=True))
        metrics = painter.fontMetrics()
        high = max(18, metrics.height())
        badge = QRectF(cell.left() + 5, cell.bottom() - 5 - high, metrics.horizontalAdvance(words) + 26, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(BADGE_GROUND)
        painter.drawRoundedRect(badge, 4, 4)
        square = QRectF(badge.left() + 5, badge.center().y() - 4.5, 9, 9)
        draw_square(painter, square, self._colour, hollow=True)
        painter.setPen(BADGE_TEXT)
        where = badge.adjusted(19, 0, 0, 0)
        painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
