"""Photos dropped on an answer: what that will do is said while they are held over it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.core import wording
from desktop_app.ui.label.answer_bar import AnswerBar, AnswerButton
from desktop_app.ui.photo_drag import photos_of
from desktop_app.ui.theme import Theme

_GAP = 6


class AnswerDrops(QObject):
    """Lets photos be dropped on the answers of a bar.

    Args:
        theme: the program's look.
        bar: the answers.
        library: which library the window shows; photos of another one are not taken.

    Signals:
        dropped(object, object): photos (tuple[int, ...]) on an AnswerId, or on None for "none of these".
        outcomeChanged(str): what letting go would do now; "" for nothing.
    """

    dropped = Signal(object, object)
    outcomeChanged = Signal(str)

    def __init__(self, theme: Theme, bar: AnswerBar, library: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent if parent is not None else bar)
        self._bar, self._library = bar, library
        self._over: AnswerButton | None = None
        self.words = ""
        self._ring = _Ring(theme, bar)
        self._bubble = Bubble(theme, bar)
        bar.setAcceptDrops(True)
        bar.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take drags of photos that reach the bar."""
        if watched is not self._bar:
            return False
        kind = event.type()
        if isinstance(event, QDropEvent) and kind == QEvent.Type.Drop:
            return self._drop(event)
        if isinstance(event, QDragEnterEvent | QDragMoveEvent):
            return self._move(event)
        if kind in (QEvent.Type.DragLeave, QEvent.Type.Hide):
            self._show(None, 0)
        return False

    def _move(self, event: QDragMoveEvent) -> bool:
        photos = photos_of(event.mimeData(), self._library())
        if not photos:
            return False
        over = self._button_at(event.position().toPoint())
        self._show(over, len(photos))
        event.setDropAction(Qt.DropAction.CopyAction)
        if over is None and event.type() != QEvent.Type.DragEnter:
            event.ignore()
        else:
            event.accept()  # a drag that is refused as it comes in is not told of further on
        return True

    def _drop(self, event: QDropEvent) -> bool:
        photos = photos_of(event.mimeData(), self._library())
        over = self._button_at(event.position().toPoint())
        self._show(None, 0)
        if not photos or over is None:
            event.ignore()
            return True
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(photos, over.shown.answer)
        return True

    def _button_at(self, point: QPoint) -> AnswerButton | None:
        return next((one for one in self._bar.buttons() if one.geometry().contains(point)), None)

    def _show(self, over: AnswerButton | None, count: int) -> None:
        words = f"Label {wording.count(count, 'photo')} “{over.shown.name}”" if over is not None else ""
        self._over = over
        if words == self.words:
            return
        self.words = words
        if over is None:
            self._ring.hide()
            self._bubble.hide()
        else:
            self._ring.setGeometry(over.geometry().adjusted(-2, -2, 2, 2))
            self._ring.show()
            self._ring.raise_()
            self._bubble.say(words, over, self._bar)  # above all answers: it hides none
        self.outcomeChanged.emit(words)


class _Ring(QWidget):
    """Marks the answer that photos are held over."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.tokens.accent, 3))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 8, 8)


class Bubble(QWidget):
    """A few words over everything else in the window."""

    def __init__(self, theme: Theme, near: QWidget) -> None:
        super().__init__(near)
        self._theme = theme
        self._near = near
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def words(self) -> str:
        """What it says."""
        return self._words if self.isVisible() else ""

    def say(self, words: str, target: QWidget, whole: QWidget) -> None:
        """Say `words` above a widget, and above the whole that it is a part of."""
        window = self._near.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        self._words = words
        self.setAccessibleName(words)
        self.setFont(self._theme.font(semi_bold=True))
        metrics = self.fontMetrics()
        width = min(metrics.horizontalAdvance(words) + 24, window.width() - 16)
        place = QRect(0, 0, width, metrics.height() + 14)
        corner = target.mapTo(window, QPoint(0, 0))
        above = whole.mapTo(window, QPoint(0, 0)).y()
        top = above - place.height() - _GAP
        if top < 0:
            top = above + whole.height() + _GAP
        left = corner.x() + (target.width() - width) // 2
        place.moveTo(max(8, min(left, window.width() - width - 8)), top)
        self.setGeometry(place)
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.tokens.accent)
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setPen(self._theme.tokens.onaccent)
        area = self.rect().adjusted(10, 0, -10, 0)
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), shown)
