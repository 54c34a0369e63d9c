"""The twelve best look-alikes as small squares with their likeness."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop_app.core import wording
from desktop_app.ui.panels.parts import PixmapSource, listen
from desktop_app.ui.theme import BADGE_GROUND, BADGE_TEXT, Theme
from desktop_app.ui.viewer_filmstrip import draw_square

SHOWN = 12


class AlikeThumb(QAbstractButton):
    """One look-alike: a square photo, its likeness at bottom right."""

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails
        self.photo_id = -1
        self.score = 0.0
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def set_photo(self, photo_id: int, score: float, place: int) -> None:
        """Show another photo."""
        self.photo_id, self.score = photo_id, score
        words = wording.likeness(score)
        self.setAccessibleName(f"Look-alike {place}, likeness {words}")
        self.setToolTip(f"Likeness {words}. Click to select, double-click to open")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        photo = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        draw_square(painter, photo, self._thumbnails.pixmap(self.photo_id, round(photo.width())), self._theme.tokens)
        self._badge(painter, photo)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.tokens.accent, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        elif self.underMouse():
            painter.setPen(QPen(self._theme.tokens.control, 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def _badge(self, painter: QPainter, photo: QRectF) -> None:
        painter.setFont(self._theme.font(0.85, semi_bold=True))
        words = wording.likeness(self.score)
        metrics = painter.fontMetrics()
        wide, high = metrics.horizontalAdvance(words) + 8, max(18, metrics.height() + 2)
        box = QRectF(0, 0, wide, high)
        box.moveBottomRight(photo.bottomRight() - QPointF(4, 4))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(BADGE_GROUND)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(BADGE_TEXT)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)


class AlikeGrid(QWidget):
    """At most twelve look-alikes in rows of three or four.

    One of them is reached by Tab, the others by the arrow keys.

    Signals:
        chosen(int): A click or Enter.
        opened(int): A double-click or Space.
    """

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = 4
        self._pressed_id = -1
        self._thumbs = [AlikeThumb(theme, thumbnails, self) for _ in range(SHOWN)]
        for thumb in self._thumbs:
            thumb.installEventFilter(self)
            thumb.clicked.connect(lambda _=False, thumb=thumb: self.chosen.emit(thumb.photo_id))
            thumb.hide()
        self._items: tuple[tuple[int, float], ...] = ()
        self._tab_stop = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Looks alike")
        listen(thumbnails, self._refresh)

    def set_items(self, items: Sequence[tuple[int, float]]) -> None:
        """Show these photos, best first; those beyond twelve are left away."""
        items = tuple((int(photo), float(score)) for photo, score in items[:SHOWN])
        if items == self._items:
            return
        self._items = items
        for at, thumb in enumerate(self._thumbs):
            if at < len(items):
                thumb.set_photo(*items[at], at + 1)
            thumb.setVisible(at < len(items))
        self._stop_at(min(self._tab_stop, max(0, len(items) - 1)))
        self._lay_out()
        self.updateGeometry()

    def items(self) -> tuple[tuple[int, float], ...]:
        """What is shown."""
        return self._items

    def thumbs(self) -> list[AlikeThumb]:
        """The squares that are shown, best first."""
        return self._thumbs[: len(self._items)]

    def set_columns(self, columns: int) -> None:
        """Three columns are larger, four are shorter."""
        if columns != self._columns:
            self._columns = columns
            self._lay_out()
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self._items) // self._columns)
        return rows * self._step(width)

    def sizeHint(self) -> QSize:
        """Its height at the width it has."""
        return QSize(288, self.heightForWidth(self.width() if self.width() > 50 else 288))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys and clicks of the squares."""
        if isinstance(watched, AlikeThumb):
            if event.type() == QEvent.Type.MouseButtonPress:
                # what is under the mouse may change between the two clicks of a double-click
                self._pressed_id = watched.photo_id
                self._stop_at(self._thumbs.index(watched))
            elif event.type() == QEvent.Type.MouseButtonDblClick:
                if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
                    self.opened.emit(self._pressed_id)
                return True
            elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._key(watched, event)
            elif isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusIn:
                self._stop_at(self._thumbs.index(watched))
        return super().eventFilter(watched, event)

    def _key(self, thumb: AlikeThumb, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        at = self._thumbs.index(thumb)
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
            Qt.Key.Key_Home: -at,
            Qt.Key.Key_End: len(self._items) - 1 - at,
        }
        key = Qt.Key(event.key())
        if key in steps:
            if 0 <= at + steps[key] < len(self._items):
                self._thumbs[at + steps[key]].setFocus(Qt.FocusReason.OtherFocusReason)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(thumb.photo_id)
        elif key == Qt.Key.Key_Space:
            self.opened.emit(thumb.photo_id)
        else:
            return False
        return True

    def _stop_at(self, at: int) -> None:
        self._tab_stop = at
        for place, thumb in enumerate(self._thumbs):
            stop = place == at and place < len(self._items)
            thumb.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus)

    def _step(self, width: int) -> int:
        return max(24, width // self._columns)

    def _lay_out(self) -> None:
        # each square keeps 4 px around its photo for the rings, which makes the gap of 8 between two photos
        step = self._step(self.width())
        for at, thumb in enumerate(self._thumbs):
            row, column = divmod(at, self._columns)
            thumb.setGeometry(QRect(column * step, row * step, step, step))

    def _refresh(self, *_: object) -> None:
        if self.isVisible():
            for thumb in self.thumbs():
                thumb.update()
