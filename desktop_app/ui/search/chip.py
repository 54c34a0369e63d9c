"""One part of a search as a chip: a switch with a small picture and a name, and an x."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop_app.ui import icons
from desktop_app.ui.panels.parts import ElidedLabel, icon_button
from desktop_app.ui.theme import Theme

_PICTURE = 20
_WIDEST = 220  # of a name


@dataclass(frozen=True, slots=True, eq=False)
class ChipView:
    """What a chip says.

    Attributes:
        name: "IMG_1.jpg", "dog", "May 2019".
        spoken: for a screen reader: "Looking for IMG_1.jpg".
        picture: its thumbnail, or None while that is not there.
        icon: shown where there is no picture and no colours; "" leaves a flat square for a picture that comes.
        colours: shown as squares.
        minus: it says what is not wanted.
        on: False while it is switched off.
    """

    name: str
    spoken: str
    picture: QPixmap | None = None
    icon: str = ""
    colours: tuple[tuple[int, int, int], ...] = ()
    minus: bool = False
    on: bool = True


class Chip(QWidget):
    """A click or Space switches it off and on, the x or Delete removes it.

    Signals:
        removed(): the x or Delete.
        switched(): a click or Space.
    """

    removed = Signal()
    switched = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = ChipView("", "")
        self._thumbnail = QPixmap()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._name = ElidedLabel()
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._name.setMaximumWidth(_WIDEST)
        self._name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.close_button = icon_button("close", "Remove from the search", "Delete")
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setCursor(Qt.CursorShape.ArrowCursor)
        self.close_button.clicked.connect(self.removed)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(4)
        self._row.addWidget(self._name)
        self._row.addWidget(self.close_button)

    def show_view(self, view: ChipView) -> None:
        """Say this."""
        self._view = view
        self._thumbnail = view.picture or QPixmap()
        self._name.set_words(view.name)
        font = self._name.font()
        font.setStrikeOut(not view.on)
        self._name.setFont(font)
        self._name.setProperty("role", "" if view.on else "quiet")
        self._name.style().polish(self._name)
        self.setAccessibleName(view.spoken if view.on else f"{view.spoken}, switched off")
        self.setToolTip(f"{view.spoken}. Click to switch it {'off' if view.on else 'on'}.")
        before = self._before()
        self._row.setContentsMargins(before + 14 if before else 12, 0, 0, 0)
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """What it says."""
        return self._view.name

    def set_thumbnail(self, thumbnail: QPixmap | None) -> None:
        """A thumbnail that arrived later."""
        self._thumbnail = thumbnail or QPixmap()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.switched.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Taken, so that the release comes here."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.switched.emit()

    def _before(self) -> int:
        """The room for what stands before the name."""
        minus = _PICTURE if self._view.minus else 0
        if self._view.colours:
            return minus + len(self._view.colours) * (_PICTURE - 4)
        return minus if self._view.minus and self._view.icon else minus + _PICTURE

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        tokens, view = self._theme.tokens, self._view
        body = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.hasFocus():
            painter.setPen(QPen(tokens.accent, 2))
        elif view.minus or not view.on:
            painter.setPen(QPen(tokens.control, 1))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.accentfill if view.on and not view.minus else tokens.raised)
        painter.drawRoundedRect(body, 6, 6)
        painter.setOpacity(1.0 if view.on else 0.5)
        left = 8.0
        if view.minus:
            self._draw_icon(painter, "minus", left)
            left += _PICTURE
        if view.colours:
            _draw_colours(painter, view.colours, left, self.height())
        elif view.icon:
            if not view.minus:
                self._draw_icon(painter, view.icon, left)
        else:
            self._draw_thumbnail(painter, QRectF(left, (self.height() - _PICTURE) / 2, _PICTURE, _PICTURE))

    def _draw_icon(self, painter: QPainter, name: str, left: float) -> None:
        pixmap = icons.pixmap(name, self._theme.tokens.text2, 16, self.devicePixelRatioF())
        painter.drawPixmap(round(left) + 2, round((self.height() - 16) / 2), pixmap)

    def _draw_thumbnail(self, painter: QPainter, square: QRectF) -> None:
        clip = QPainterPath()
        clip.addRoundedRect(square, 3, 3)
        if self._thumbnail.isNull():
            painter.fillPath(clip, self._theme.tokens.hover)
            return
        side = min(self._thumbnail.width(), self._thumbnail.height())
        source = QRectF((self._thumbnail.width() - side) / 2, (self._thumbnail.height() - side) / 2, side, side)
        painter.setClipPath(clip)
        painter.drawPixmap(square, self._thumbnail, source)


def _draw_colours(painter: QPainter, colours: Sequence[tuple[int, int, int]], left: float, height: int) -> None:
    side = _PICTURE - 6
    painter.setPen(QPen(QColor(128, 128, 128), 1))
    for at, colour in enumerate(colours):
        painter.setBrush(QColor(*colour))
        painter.drawRoundedRect(QRectF(left + at * (side + 2), (height - side) / 2, side, side), 3, 3)
