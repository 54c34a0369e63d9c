"""What lies over the viewer's photo while a part of it is chosen: the box, its handles, one line of help."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app.core.searching import Box
from desktop_app.ui.grid.places import outline_place
from desktop_app.ui.region.bar import HintBar
from desktop_app.ui.region.box import CORNERS_AND_EDGES, NOTHING, Drawn, Grip, is_usable, moved, resized
from desktop_app.ui.theme import DARK, Theme
from desktop_app.ui.viewer_canvas import Canvas

HINT = "Drag a box around what to look for, or place one with the arrow keys. Esc leaves."
READY = "Arrow keys move the box, with Shift they resize it. Esc leaves."
TOO_SMALL = "That box is too small to search by. Drag a larger one."
NO_BOX = "There is no box yet. Drag one around what to look for."

_HANDLE = 10  # pixels a side
_REACH = 9  # pixels around a handle that still hold it
_LEAST = 8  # pixels a side: a shorter drag is a slip of the hand
_DIM = QColor(0, 0, 0, 110)
_BESIDE = 16  # pixels around the photo: its edges are to be reached
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_CURSORS = {
    Grip.LEFT | Grip.TOP: Qt.CursorShape.SizeFDiagCursor,
    Grip.RIGHT | Grip.BOTTOM: Qt.CursorShape.SizeFDiagCursor,
    Grip.RIGHT | Grip.TOP: Qt.CursorShape.SizeBDiagCursor,
    Grip.LEFT | Grip.BOTTOM: Qt.CursorShape.SizeBDiagCursor,
    Grip.LEFT: Qt.CursorShape.SizeHorCursor,
    Grip.RIGHT: Qt.CursorShape.SizeHorCursor,
    Grip.TOP: Qt.CursorShape.SizeVerCursor,
    Grip.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Grip.INSIDE: Qt.CursorShape.SizeAllCursor,
}


class BoxLayer(QWidget):
    """Draws a box over a canvas and lets it be drawn, moved and resized. Hidden until it is begun.

    Args:
        theme: the program's theme.
        canvas: the photo; the layer covers it and follows its zoom.

    Signals:
        searchAsked(Box): look for what is in the box.
        left(): the mode was left without searching.
    """

    searchAsked = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._box: Box | None = None
        self._before: Box | None = None  # the box when a drag began
        self._drawn: Drawn | None = None
        self._pressed = QPointF()
        self._grip = NOTHING
        self._drags_new = False
        self.setMouseTracking(True)
        self.setAccessibleName("Box to search by")
        self.bar = HintBar(theme, self)
        self.bar.search.clicked.connect(self.search)
        canvas.scaleChanged.connect(self._photo_moved)
        self.hide()

    # --- what it is asked to do

    def begin(self) -> None:
        """Begin to choose a part of the photo that is shown."""
        self._box = self._before = self._drawn = None
        self._grip = NOTHING
        self.setGeometry(self._canvas.rect())
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._say(HINT)
        self.show()
        self.raise_()
        self._make_room()

    @Slot()
    def leave(self) -> None:
        """Back to looking at the photo."""
        if not self.isHidden():
            self._close()
            self._box = self._drawn = None
            self.left.emit()

    @Slot()
    def search(self) -> None:
        """Look for what is in the box; without one it says so."""
        if self._box is None:
            self._say(NO_BOX)
            return
        self._close()
        self.searchAsked.emit(self._box)

    @property
    def box(self) -> Box | None:
        """The part that is chosen."""
        return self._box

    def set_box(self, box: Box | None) -> None:
        """Choose a part."""
        self._box = box
        self._say(HINT if box is None else READY)
        self.update()

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key is meant for the box while it is being drawn."""
        bare = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _ARROWS:
            return bare in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_B)
        return event.key() in keys and bare == Qt.KeyboardModifier.NoModifier

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key says; False for keys that are not the box's."""
        if self.isHidden() or not self.takes(event):
            return False
        key = Qt.Key(event.key())
        if key in _ARROWS:
            change = resized if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else moved
            self.set_box(change(self._box, *_ARROWS[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.search()
        else:
            self.leave()
        return True

    # --- geometry

    def _area(self) -> QRectF:
        return self._canvas.photo_rect()

    def box_rect(self, box: Box) -> QRectF:
        """Where a part of the photo is in this widget."""
        area = self._area()
        return QRectF(
            area.left() + box.x * area.width(),
            area.top() + box.y * area.height(),
            box.width * area.width(),
            box.height * area.height(),
        )

    def _handles(self, rect: QRectF) -> list[tuple[Grip, QPointF]]:
        middle = rect.center()
        xs, ys = (rect.left(), middle.x(), rect.right()), (rect.top(), middle.y(), rect.bottom())
        spots = ((0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1))
        return [(grip, QPointF(xs[x], ys[y])) for grip, (x, y) in zip(CORNERS_AND_EDGES, spots, strict=True)]

    def grip_at(self, point: QPointF) -> Grip:
        """What of the box is at a point."""
        if self._box is None:
            return NOTHING
        rect = self.box_rect(self._box)
        near = [
            ((point - spot).manhattanLength(), index)
            for index, (_, spot) in enumerate(self._handles(rect))
            if max(abs(point.x() - spot.x()), abs(point.y() - spot.y())) <= _REACH
        ]
        if near:
            return CORNERS_AND_EDGES[min(near)[1]]
        return Grip.INSIDE if rect.contains(point) else NOTHING

    # --- events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._area().isEmpty():
            event.ignore()
            return
        point = event.position()
        self._pressed, self._before = point, self._box
        self._grip = self.grip_at(point)
        self._drags_new = not self._grip
        if self._drags_new:
            x, y = self._share(point)
            self._drawn = Drawn(x, y, x, y)
            self._grip = Grip.RIGHT | Grip.BOTTOM
        elif self._box is not None:
            self._drawn = Drawn.of(self._box)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._canvas.stirred.emit()
        if self._drawn is None:
            self.setCursor(_CURSORS.get(self.grip_at(event.position()), Qt.CursorShape.CrossCursor))
            return
        area = self._area()
        by = event.position() - self._pressed
        pulled = self._drawn.pulled(self._grip, by.x() / area.width(), by.y() / area.height())
        self._box = pulled.box()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._drawn is None:
            event.ignore()
            return
        self._drawn, box = None, self._box
        slipped = self._drags_new and (event.position() - self._pressed).manhattanLength() < 2
        if slipped:  # a click beside the box: it stays
            self.set_box(self._before)
        elif box is None or not is_usable(box) or self._is_tiny(box):
            self.set_box(self._before)
            self._say(TOO_SMALL)
        else:
            self.set_box(box)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()  # the canvas would zoom

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.place(self.width())
        self._make_room()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._box is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.box_rect(self._box)
        beside = QPainterPath()
        beside.addRect(self._area())
        inside = QPainterPath()
        inside.addRect(rect)
        painter.fillPath(beside - inside, _DIM)
        outline_place(painter, rect)
        painter.setPen(QPen(QColor(0, 0, 0, 200), 1))
        painter.setBrush(DARK.accent)
        half = _HANDLE / 2
        for _, spot in self._handles(rect):
            painter.drawRect(QRectF(spot.x() - half, spot.y() - half, _HANDLE, _HANDLE))

    # --- inside

    def _make_room(self) -> None:
        """The photo stands below the line of help, clear of every edge."""
        if not self.isHidden():
            top = self.bar.geometry().bottom() + _BESIDE
            self._canvas.set_margins(QMargins(_BESIDE, top, _BESIDE, _BESIDE))

    def _close(self) -> None:
        self.hide()
        self._canvas.set_margins(QMargins())

    def _share(self, point: QPointF) -> tuple[float, float]:
        area = self._area()
        x, y = (point.x() - area.left()) / area.width(), (point.y() - area.top()) / area.height()
        return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))

    def _is_tiny(self, box: Box) -> bool:
        rect = self.box_rect(box)
        return min(rect.width(), rect.height()) < _LEAST

    def _say(self, words: str) -> None:
        self.bar.say(words, ready=self._box is not None)
        self.bar.place(self.width())

    @Slot(float)
    def _photo_moved(self, _scale: float) -> None:
        if not self.isHidden():
            self.setGeometry(self._canvas.rect())
            self.update()
