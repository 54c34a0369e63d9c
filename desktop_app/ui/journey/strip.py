"""The photos of a journey in their order, with arrows between them, in as many lines as are needed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.core import wording
from desktop_app.core.types import PhotoId
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.panels.parts import listen
from desktop_app.ui.theme import Theme
from desktop_app.ui.viewer_filmstrip import draw_square

SIDE = 120
_BETWEEN = 52  # pixels for the arrow and the likeness above it
_LINE = 24  # between two lines
_EDGE = 8  # for the rings
_RING = 3


@dataclass(frozen=True, slots=True)
class Stops:
    """What a strip shows.

    Attributes:
        ids: the photos in their order; one below 0 was given to the thumbnails by itself.
        likeness: of each to the next, one fewer.
    """

    ids: tuple[int, ...] = ()
    likeness: tuple[float, ...] = ()


class JourneyStrip(QWidget):
    """Photos that lead from one to another; the two ends are ringed. As high as its width makes it.

    Click selects, with Ctrl or Shift several; arrow keys move, Shift extends.

    Signals:
        selectionChanged(list[int]): the ids that are selected, in their order.
        opened(int): a photo was double-clicked, or Enter or Space was pressed on it.
        menuAsked(QPoint): what can be done with the selection, at a point of the screen.
    """

    selectionChanged = Signal(list)
    opened = Signal(int)
    menuAsked = Signal(QPoint)

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails = theme, thumbnails
        self._stops = Stops()
        self._selected: set[int] = set()  # places
        self._current = 0
        self._pivot = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tell_place()
        listen(thumbnails, self._thumbnails_changed)
        theme.changed.connect(self.update)

    # --- what is shown

    def show_stops(self, stops: Stops) -> None:
        """Show a journey; what is selected of it stays selected."""
        kept = {self._stops.ids[place] for place in self._selected}
        self._stops = stops
        self._selected = {place for place, photo in enumerate(stops.ids) if photo in kept}
        self._current = self._pivot = min(self._current, max(0, len(stops.ids) - 1))
        self._want()
        self._tell_place()
        self.updateGeometry()
        self.update()
        if {stops.ids[place] for place in self._selected} != kept:
            self.selectionChanged.emit(self.selected_ids())

    @property
    def stops(self) -> Stops:
        """What is shown."""
        return self._stops

    def selected_ids(self) -> list[int]:
        """The photos that are selected, in their order."""
        return [self._stops.ids[place] for place in sorted(self._selected)]

    def chosen(self) -> list[PhotoId]:
        """Those that are photos of the library, else the one with the ring."""
        current = self.current_photo()
        ids = self.selected_ids() or ([] if current is None else [current])
        return [PhotoId(photo) for photo in ids if photo >= 0]

    def current_photo(self) -> PhotoId | None:
        """The photo with the keyboard's ring; None where there is none, or it is none of the library."""
        photo = self._stops.ids[self._current] if self._current < len(self._stops.ids) else -1
        return PhotoId(photo) if photo >= 0 else None

    # --- geometry

    def columns(self, width: int) -> int:
        """Photos in a line, each with the arrow behind it."""
        return max(1, (width - 2 * _EDGE) // (SIDE + _BETWEEN))

    def heightForWidth(self, width: int) -> int:
        """As many lines as are needed."""
        lines = -(-max(1, len(self._stops.ids)) // self.columns(width))
        return lines * (SIDE + _LINE) - _LINE + 2 * _EDGE

    def sizeHint(self) -> QSize:
        """Four photos wide."""
        width = 4 * (SIDE + _BETWEEN) + 2 * _EDGE
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One photo."""
        return QSize(SIDE + _BETWEEN + 2 * _EDGE, SIDE + 2 * _EDGE)

    def square(self, place: int) -> QRect:
        """Where a photo is drawn."""
        line, column = divmod(place, self.columns(self.width()))
        return QRect(_EDGE + column * (SIDE + _BETWEEN), _EDGE + line * (SIDE + _LINE), SIDE, SIDE)

    def place_at(self, point: QPoint) -> int:
        """The photo at a point, or -1."""
        found = (place for place in range(len(self._stops.ids)) if self.square(place).contains(point))
        return next(found, -1)

    # --- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        tokens = self._theme.tokens
        painter.setFont(self._theme.font(0.85))
        last = len(self._stops.ids) - 1
        for place, photo in enumerate(self._stops.ids):
            rect = self.square(place)
            if place < last:
                self._paint_arrow(painter, place, rect)
            if not event.rect().intersects(rect.adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE)):
                continue
            draw_square(painter, QRectF(rect), self._thumbnails.pixmap(photo, SIDE), tokens)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if place in (0, last):
                painter.setPen(QPen(tokens.accent, _RING))
                painter.drawRoundedRect(QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5), 3, 3)
            if place in self._selected:
                painter.setPen(QPen(tokens.accent, _RING))
                painter.drawRoundedRect(QRectF(rect).adjusted(-3.5, -3.5, 3.5, 3.5), 7, 7)
            if place == self._current and self.hasFocus():
                painter.setPen(QPen(tokens.text, 1.5))
                painter.drawRoundedRect(QRectF(rect).adjusted(-6.5, -6.5, 6.5, 6.5), 9, 9)

    def _paint_arrow(self, painter: QPainter, place: int, rect: QRect) -> None:
        tokens = self._theme.tokens
        left, right = rect.right() + 1 + 12.0, rect.right() + 1 + _BETWEEN - 12.0
        middle = rect.center().y() + 0.5
        painter.setPen(QPen(tokens.text3, 1.5))
        painter.drawLine(QPointF(left, middle), QPointF(right - 5, middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.text3)
        painter.drawPolygon(
            QPolygonF([QPointF(right, middle), QPointF(right - 7, middle - 4), QPointF(right - 7, middle + 4)])
        )
        if place < len(self._stops.likeness):
            painter.setPen(tokens.text2)
            words = QRectF(rect.right() + 1, middle - 24, _BETWEEN, 18)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, wording.likeness(self._stops.likeness[place]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        elif place < 0:
            self._select(set())
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._current = self._pivot = place
            self._select(self._selected ^ {place})
        else:
            self._go_to(place, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self.opened.emit(self._stops.ids[place])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By mouse for the photo under it, by key for the one with the ring."""
        at, place = event.globalPos(), self.place_at(event.pos())
        if event.reason() != QContextMenuEvent.Reason.Mouse:
            at = self.mapToGlobal(self.square(self._current).center())
        elif place >= 0 and place not in self._selected:
            self._go_to(place, extend=False)
        self.menuAsked.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns(self.width()),
            Qt.Key.Key_Down: self.columns(self.width()),
            Qt.Key.Key_Home: -len(self._stops.ids),
            Qt.Key.Key_End: len(self._stops.ids),
        }
        key, last = Qt.Key(event.key()), len(self._stops.ids) - 1
        if last >= 0 and key in steps:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._go_to(min(max(0, self._current + steps[key]), last), extend=shift)
        elif last >= 0 and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self._stops.ids[self._current])
        elif last >= 0 and key == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._select(set(range(last + 1)))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # --- inside

    def _go_to(self, place: int, *, extend: bool) -> None:
        self._current = place
        if not extend:
            self._pivot = place
        first, end = sorted((self._pivot, place))
        self._select(set(range(first, end + 1)))

    def _select(self, places: set[int]) -> None:
        changed = places != self._selected
        self._selected = places
        self._tell_place()
        self.update()
        if changed:
            self.selectionChanged.emit(self.selected_ids())

    def _tell_place(self) -> None:
        count = len(self._stops.ids)
        chosen = ", selected" if self._current in self._selected else ""
        self.setAccessibleName(
            f"Way between two photos, photo {self._current + 1} of {count}{chosen}"
            if count
            else "Way between two photos"
        )

    def _want(self) -> None:
        side = self._thumbnails.side(SIDE, self.devicePixelRatioF())
        self._thumbnails.want(self, [photo for photo in self._stops.ids if photo >= 0], side)

    @Slot(object)
    def _thumbnails_changed(self, _photos: object) -> None:
        self.update()


class StripSource:
    """Photos of a strip taken up with the mouse: with a selected one go all that were selected."""

    def __init__(self, strip: JourneyStrip) -> None:
        self._strip = strip
        self._before: list[PhotoId] = []

    @property
    def widget(self) -> QWidget:
        """The strip."""
        return self._strip

    def pressed(self, point: QPoint) -> int | None:
        """The photo under the mouse; what was selected is remembered, for the click is about to change it."""
        place = self._strip.place_at(point)
        self._before = self._strip.chosen()
        photo = self._strip.stops.ids[place] if place >= 0 else -1
        return photo if photo >= 0 else None

    def taken(self, photo: int) -> list[int]:
        """All that go along."""
        if photo not in self._before:
            return [photo]
        return [photo, *(one for one in self._before if one != photo)]
