"""The map under mouse and keyboard: moving, zooming, choosing, the lasso."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.core import wording
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.map.above import paint_lasso
from desktop_app.ui.map.closer import CloserMap
from desktop_app.ui.map.geometry import Indices, in_polygon
from desktop_app.ui.map.surface import ZOOM_STEP
from desktop_app.ui.theme import Theme

_Key = Qt.Key
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier
_ARROWS = {_Key.Key_Left: (-1, 0), _Key.Key_Right: (1, 0), _Key.Key_Up: (0, -1), _Key.Key_Down: (0, 1)}
_STEP = 80  # pixels that an arrow key moves by
_CROSS = 16  # pixels that it moves the lasso's cross by


class MapCanvas(CloserMap):
    """The map that one works with.

    Signals:
        selectionChosen(object): the selected photos, int64 (n,), chosen here.
        opened(int): double-click, Enter or Space on a photo.
        alikeAsked(): S. labelAsked(): L. whyAsked(): W or F3.
        menuAsked(QPoint): what can be done with the selection, at a point of the screen.
        lassoChanged(bool): the next drag draws a lasso, or no longer does.
        used(): someone moved, zoomed or selected.
    """

    selectionChosen = Signal(object)
    opened = Signal(int)
    alikeAsked = Signal()
    labelAsked = Signal()
    whyAsked = Signal()
    menuAsked = Signal(QPoint)
    lassoChanged = Signal(bool)
    used = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(theme, thumbnails, parent)
        self.current = -1
        self.is_lassoing = False
        self._line: list[QPointF] = []  # of the lasso, on the widget
        self._cross: QPointF | None = None  # of a lasso drawn with keys
        self._pressed: QPointF | None = None
        self._last: QPointF | None = None
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Map of the photos")
        self._tell()

    # --- selection -------------------------------------------------------------------------------------------

    def selected_photos(self) -> Indices:
        """int64 (n,), ids."""
        return self.scene.photos[self.scene.selected]

    def select_photos(self, photos: Indices) -> None:
        """Show these as selected, as on another page; says nothing."""
        wanted = np.isin(self.scene.photos, photos)
        if not np.array_equal(wanted, self.scene.selected):
            self.scene.selected = wanted
            self._tell()
            self.redraw()

    def select_all(self) -> None:
        """Select every photo, of a search those that are lit."""
        lit = self.scene.lit
        self._choose(np.arange(len(self.scene.photos)) if lit is None else np.flatnonzero(lit), "replace")

    def select_none(self) -> None:
        """Select nothing."""
        self._choose(np.empty(0, np.int64), "replace")

    def _choose(self, indices: Indices, how: str) -> None:
        chosen = np.zeros(len(self.scene.photos), bool) if how == "replace" else self.scene.selected.copy()
        chosen[indices] = ~chosen[indices] if how == "toggle" else True
        self.used.emit()
        if np.array_equal(chosen, self.scene.selected):
            return
        self.scene.selected = chosen
        self._tell()
        self.redraw()
        self.selectionChosen.emit(self.selected_photos())

    def _tell(self) -> None:
        chosen = int(self.scene.selected.sum())
        words = wording.count(len(self.scene.photos), "photo")
        self.setAccessibleDescription(
            f"{words}, {chosen:,} selected. Arrows move, Page up and Page down zoom, Ctrl and an arrow goes to the "
            "next photo, O draws a lasso."
        )

    def show_points(self, *args: object, **options: object) -> None:
        """See `MapSurface.show_points`."""
        photo = int(self.scene.photos[self.current]) if 0 <= self.current < len(self.scene.photos) else -1
        super().show_points(*args, **options)  # type: ignore[arg-type]
        self.current = self.index_of(photo)
        self.forget_pointer()
        self._tell()

    # --- the lasso -------------------------------------------------------------------------------------------

    def begin_lasso(self, *, by_key: bool = False) -> None:
        """The next drag, or arrows with Space and Enter, draw a lasso."""
        self.is_lassoing = True
        self._line = []
        self._cross = QPointF(self.rect().center()) if by_key else None
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.lassoChanged.emit(True)
        self.update()

    def leave_lasso(self) -> None:
        """Do not draw one after all."""
        if self.is_lassoing:
            self.is_lassoing = False
            self._line, self._cross = [], None
            self.unsetCursor()
            self.lassoChanged.emit(False)
            self.update()

    def take_lasso(self, *, add: bool) -> None:
        """Select what the line holds."""
        line = np.array([(point.x() * self.ratio, point.y() * self.ratio) for point in self._line])
        self.leave_lasso()
        if len(line) >= 3:
            width, height = self.device_size
            places = self.camera.to_view(self.scene.points, width, height)
            self._choose(np.flatnonzero(in_polygon(places, line)), "add" if add else "replace")

    # --- mouse -----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self.hide_closer()
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._last = at
            self._dragging = False
            if event.modifiers() & _SHIFT:
                self.begin_lasso()
            if self.is_lassoing:
                self._cross = None
                self._line = [at]
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._pressed = self._last = at
            self._dragging = True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is None or self._last is None:
            self.point_at(self.index_at(at))
            return
        if not self._dragging:
            away = (at - self._pressed).manhattanLength()
            if away < QApplication.startDragDistance():
                return
            self._dragging = True
            if not self.is_lassoing:
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self.is_lassoing:
            if (at - self._line[-1]).manhattanLength() >= 3:
                self._line.append(at)
                self.update()
        else:
            self.move_by(at.x() - self._last.x(), at.y() - self._last.y())
            self.used.emit()
        self._last = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        dragged, at = self._dragging, self._pressed
        self._pressed = self._last = None
        self._dragging = False
        if self.is_lassoing:
            if dragged:
                self.take_lasso(add=bool(event.modifiers() & _CONTROL))
            elif event.modifiers() & _SHIFT:
                self.leave_lasso()
                self._click(at, event.modifiers())
            return
        self.unsetCursor()
        if not dragged and event.button() == Qt.MouseButton.LeftButton:
            self._click(at, event.modifiers())

    def _click(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        index = self.index_at(at)
        if index >= 0:
            self.current = index
            self._choose(np.array([index]), "toggle" if modifiers & (_CONTROL | _SHIFT) else "replace")
            self.update()
        elif not modifiers:
            self.select_none()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(int(self.scene.photos[index]))

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self.hide_closer()
            self.zoom(ZOOM_STEP ** (turned / 120), event.position())
            self.used.emit()
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = QPointF(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            index = self.index_at(at)
            if index >= 0 and not self.scene.selected[index]:
                self.current = index
                self._choose(np.array([index]), "replace")
        elif self.current >= 0:
            at = self.place_of(self.current).center()
        self.menuAsked.emit(self.mapToGlobal(at.toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.point_at(-1)

    # --- keys ------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._take(_Key(event.key()), event.modifiers()):
            event.ignore()

    def _take(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        control, shift = bool(modifiers & _CONTROL), bool(modifiers & _SHIFT)
        if modifiers & _ALT:
            return False
        if key == _Key.Key_Escape and self.is_lassoing:
            self.leave_lasso()
        elif self._cross is not None and self._draw_with(key, control=control, shift=shift):
            pass
        elif key in _ARROWS and control:
            self._go(*_ARROWS[key], extend=shift)
        elif key in _ARROWS:
            dx, dy = _ARROWS[key]
            step = _STEP * (4 if shift else 1)
            self.move_by(-dx * step, -dy * step)
            self.used.emit()
        elif key == _Key.Key_PageUp:
            self.zoom(ZOOM_STEP**2, self._middle())
        elif key == _Key.Key_PageDown:
            self.zoom(ZOOM_STEP**-2, self._middle())
        elif key == _Key.Key_Home or (key == _Key.Key_0 and control):
            self.fit()
        elif key == _Key.Key_A and control:
            (self.select_none if shift else self.select_all)()
        elif key == _Key.Key_Space and control and self.current >= 0:
            self._choose(np.array([self.current]), "toggle")
        elif key == _Key.Key_O and not control:
            (self.leave_lasso if self.is_lassoing else self._lasso_by_key)()
        else:
            return self._ask(key) if not control and not shift else False
        return True

    def _ask(self, key: Qt.Key) -> bool:
        if key in (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Space) and self.current >= 0:
            self.opened.emit(int(self.scene.photos[self.current]))
        elif key == _Key.Key_S:
            self.alikeAsked.emit()
        elif key == _Key.Key_L:
            self.labelAsked.emit()
        elif key in (_Key.Key_W, _Key.Key_F3):
            self.whyAsked.emit()
        else:
            return False
        return True

    def _middle(self) -> QPointF:
        """What a zoom by key keeps in its place: the photo with the ring, where it is in sight, else the middle."""
        if 0 <= self.current < len(self.scene.photos):
            place = self.place_of(self.current).center()
            if QRectF(self.rect()).contains(place):
                return place
        return QRectF(self.rect()).center()

    def step(self, direction: int) -> None:
        """Closer (1) or farther away (-1)."""
        self.zoom(ZOOM_STEP ** (2 * direction), self._middle())

    def _lasso_by_key(self) -> None:
        self.begin_lasso(by_key=True)

    def _draw_with(self, key: Qt.Key, *, control: bool, shift: bool) -> bool:
        """A lasso with keys: arrows move the cross, Space puts a corner, Enter closes the line."""
        assert self._cross is not None
        if key in _ARROWS:
            dx, dy = _ARROWS[key]
            step = _CROSS * (4 if shift else 1)
            x = min(max(self._cross.x() + dx * step, 0.0), float(self.width()))
            y = min(max(self._cross.y() + dy * step, 0.0), float(self.height()))
            self._cross = QPointF(x, y)
        elif key == _Key.Key_Space:
            self._line.append(self._cross)
        elif key in (_Key.Key_Return, _Key.Key_Enter):
            self._line.append(self._cross)
            self.take_lasso(add=control)
        else:
            return False
        self.update()
        return True

    def _go(self, dx: int, dy: int, *, extend: bool) -> None:
        """To the next photo in a direction; from nowhere to the one in the middle."""
        index = self.scene.next_from(self.current, dx, dy, self.camera, *self.device_size)
        if index < 0:
            return
        self.current = index
        self.show_index(index)
        self._choose(np.array([index]), "add" if extend else "replace")
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # --- drawing ---------------------------------------------------------------------------------------------

    def paint_above(self, painter: QPainter) -> None:
        if 0 <= self.current < len(self.scene.photos) and self.hasFocus():
            self.ring(painter, self.current)
        super().paint_above(painter)
        if self.is_lassoing:
            paint_lasso(painter, self._theme.tokens, self.ground(), self._line, self._cross)
