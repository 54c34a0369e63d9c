"""Small parts that several panels are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEasingCurve, QObject, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from desktop_app.ui import icons, theme
from desktop_app.ui.theme import Theme

FADE_MS = 120


class PixmapSource(Protocol):
    """Where widgets get thumbnails from; the pictures of a running program come from its cache.

    An object that also has a signal `changed` is listened to: when it is emitted, with any arguments, thumbnails
    that were not there before are asked for again.
    """

    def pixmap(self, photo_id: int, size: int, /) -> QPixmap | None:
        """A picture of the photo for `size` device-independent pixels, or None while it is not there.

        The whole photo or its middle square.
        """
        ...


def place_of(pixmap: QPixmap, photo: QRectF) -> QRectF:
    """Where a thumbnail belongs in the rectangle of its whole photo.

    All of it; or, for a square of a photo that is none, its middle: a thumbnail is never pulled out of shape.
    """
    if pixmap.width() != pixmap.height() or abs(photo.width() - photo.height()) < 2:
        return photo
    side = min(photo.width(), photo.height())
    middle = QRectF(0, 0, side, side)
    middle.moveCenter(photo.center())
    return middle


def listen(thumbnails: object, slot: Callable[..., None]) -> None:
    """Connect `slot` to the thumbnails' `changed`, where they have one."""
    changed = getattr(thumbnails, "changed", None)
    if changed is not None:
        changed.connect(slot)


def holds_focus(widget: QWidget) -> bool:
    """Whether the keyboard is in something inside a widget, or was when its window was left."""
    focus = widget.window().focusWidget()
    return focus is not None and widget.isAncestorOf(focus)


def motion_ms() -> int:
    """How long a fade takes: 120 ms, or 0 where no motion is wanted."""
    look = theme.current()
    return FADE_MS if look is None else look.animation_ms


class Fade(QObject):
    """A number between 0 and 1 that moves to its goal in 120 ms, or at once without motion.

    Signals:
        changed(float): The number moved.
        arrived(float): It is where it should be.
    """

    changed = Signal(float)
    arrived = Signal(float)

    def __init__(self, widget: QWidget, value: float = 0.0) -> None:
        super().__init__(widget)
        self._widget = widget
        self.value = value
        self.goal = value
        self._animation = QVariantAnimation(self)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._move)
        self._animation.finished.connect(self._arrive)

    def to(self, goal: float) -> None:
        """Start moving to `goal`; a move that is under way turns round where it is."""
        if goal == self.goal and (self.value == goal or self._animation.state() == QVariantAnimation.State.Running):
            return
        self.goal = goal
        self._animation.stop()
        duration = motion_ms()
        if duration == 0 or not self._widget.isVisible():
            self._move(goal)
            self._arrive()
            return
        self._animation.setDuration(duration)
        self._animation.setStartValue(float(self.value))
        self._animation.setEndValue(float(goal))
        self._animation.start()

    def _move(self, value: float) -> None:
        self.value = float(value)
        self.changed.emit(self.value)

    def _arrive(self) -> None:
        self.arrived.emit(self.goal)


def text(words: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label that shows plain text only, so that a file's name is never read as markup.

    Args:
        words: What it says.
        role: "title", "section", "quiet" or "small": the stylesheet's dynamic property.
        wrap: Whether it breaks into lines.
    """
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    if wrap:
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
    return label


class _Button(QPushButton):
    """Enter presses it in a dialog where it has the keyboard, though it never is the filled one by that."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # without auto-default, a dialog hands Enter to its default button whatever has the keyboard
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(self.window(), QDialog):
            self.click()
        else:
            super().keyPressEvent(event)


def button(words: str, *, default: bool = False, quiet: bool = False, tip: str = "") -> QPushButton:
    """A button with words; `default` is the one filled button of its view."""
    made = _Button(words)
    made.setAutoDefault(False)
    made.setDefault(default)
    if quiet:
        made.setProperty("quiet", True)
    if tip:
        made.setToolTip(tip)
    return made


def icon_button(icon: str, name: str, keys: str = "") -> QToolButton:
    """A button with an icon only; its name is in the tooltip, with the keys, and for screen readers."""
    made = QToolButton()
    icons.set_icon(made, icon)
    made.setIconSize(QSize(20, 20))
    made.setProperty("quiet", True)
    made.setProperty("icononly", True)
    made.setAccessibleName(name)
    made.setToolTip(f"{name} ({keys})" if keys else name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made


class ProgressBar(QProgressBar):
    """How far something is, without figures; what is being done stands beside it.

    Args:
        name: for screen readers.
    """

    def __init__(self, name: str = "Progress", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setAccessibleName(name)

    def show_done(self, done: int, total: int) -> None:
        """So much of so much; of an unknown total (0) only that something is going on."""
        self.setRange(0, total)
        self.setValue(done)


class Choice(QComboBox):
    """A list to choose from, with the program's own arrow.

    Signals:
        opened(): the list comes down.
    """

    opened = Signal()

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = look
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def showPopup(self) -> None:
        self.opened.emit()
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        arrow = icons.pixmap("chevron-down", self._theme.tokens.text2, 16, self.devicePixelRatioF())
        QPainter(self).drawPixmap(self.width() - 24, (self.height() - 16) // 2, arrow)


class ScrollColumn(QScrollArea):
    """A column of widgets that scrolls when it is higher than its room; never sideways.

    Attributes:
        content: What scrolls; give it a layout.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = _Content()
        self.content.setObjectName("chrome")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self.content)


class _Content(QWidget):
    def minimumSizeHint(self) -> QSize:
        # a layout takes wrapped labels at their narrowest, and so far too high: it would scroll for nothing
        layout, room = self.layout(), self.parentWidget()
        if layout is None or room is None or not layout.hasHeightForWidth():
            return super().minimumSizeHint()
        width = layout.minimumSize().width()
        # of both widths, with the scroll bar and without, the higher: else the bar makes the squares lower, so that
        # all fits, so that the bar goes, so that nothing fits, and so on without end
        area = room.parentWidget()
        if not isinstance(area, QScrollArea):
            return QSize(width, layout.totalHeightForWidth(max(width, room.width())))
        whole = area.width()
        narrow = whole - area.verticalScrollBar().sizeHint().width()
        return QSize(width, max(layout.totalHeightForWidth(max(width, one)) for one in (whole, narrow)))


class ElidedLabel(QLabel):
    """One line that gives up its middle (or end) where it is narrow; the whole is in the tooltip."""

    def __init__(
        self,
        words: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
        role: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._mode = mode
        self._whole = ""
        self._tip = ""
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_words(words)

    def set_words(self, words: str, tip: str = "") -> None:
        """Show `words`; the tooltip is `tip`, or the words themselves where they do not fit."""
        self._whole = words
        self._tip = tip
        self.setText(words)
        self.setAccessibleName(words)
        self._fit()

    def words(self) -> str:
        """The whole text."""
        return self._whole

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for any panel, one line high."""
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self._whole, self._mode, area.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(area, int(self.alignment()), shown)

    def _fit(self) -> None:
        fits = QFontMetrics(self.font()).horizontalAdvance(self._whole) <= self.contentsRect().width()
        self.setToolTip(self._tip or ("" if fits else self._whole))
