"""Dragging on the wall: a photo of a card, a whole card, or photos of a grid, onto another card."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.photo_drag import photos_of
from desktop_app.ui.theme import Theme
from desktop_app.ui.themes.dragged import Dragged, drag_picture, dragged_in, mime_of
from desktop_app.ui.themes.wall import ThemeWall

_EDGE = 40  # so near to the edge a drag scrolls
_SCROLL_MS = 30


class MovingWall(ThemeWall):
    """Cards that photos can be dragged between.

    Signals:
        moveAsked(list[int], int): photos were dropped on a theme.
        wholeMoved(int, int): a theme was dropped on another.
    """

    moveAsked = Signal(object, int)
    wholeMoved = Signal(int, int)

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(theme, thumbnails, parent)
        self._scroll_by = 0
        self.library: Callable[[], str] = lambda: ""
        """The library whose photos may be dropped here from a grid."""
        self.taken_from: int | None = None
        """The theme that the grid beside shows."""
        self.setDragEnabled(False)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self._scrolling = QTimer(self, interval=_SCROLL_MS)
        self._scrolling.timeout.connect(self._scroll_on)

    def _drag(self, row: int, photo: int) -> None:
        card = self.themes.row(row)
        if card is None or (photo < 0 and card.is_odd):
            return
        photos = (photo,) if photo >= 0 else ()
        drag = QDrag(self)
        drag.setMimeData(mime_of(Dragged(card.id, photos)))
        shown = photo if photo >= 0 else (card.photos[0] if card.photos else -1)
        picture = drag_picture(self._theme, self._thumbnails, shown, 1 if photo >= 0 else card.count)
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(8, 8))
        drag.exec(Qt.DropAction.MoveAction)
        self._end_drag()

    def target_at(self, point: QPoint, mime: QMimeData) -> int:
        """The row that would take what is dragged; -1 for none."""
        dragged, row = self._dragged(mime), self.part_at(point)[0]
        card = self.themes.row(row)
        if dragged is None or card is None or card.id == dragged.theme:
            return -1
        return row

    def _dragged(self, mime: QMimeData) -> Dragged | None:
        """What is dragged: from a card, or photos from a grid."""
        photos = photos_of(mime, self.library())
        return Dragged(-1 if self.taken_from is None else self.taken_from, photos) if photos else dragged_in(mime)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dragged(event.mimeData()) is None:
            event.ignore()  # files are the window's
        else:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        point = event.position().toPoint()
        if self._dragged(event.mimeData()) is None:
            event.ignore()
            return
        self._aim(self.target_at(point, event.mimeData()))
        height = self.viewport().height()
        self._scroll_by = -1 if point.y() < _EDGE else 1 if point.y() > height - _EDGE else 0
        if self._scroll_by and not self._scrolling.isActive():
            self._scrolling.start()
        elif not self._scroll_by:
            self._scrolling.stop()
        if self._delegate.target >= 0:
            event.accept()
        else:
            event.ignore()

    @Slot()
    def _scroll_on(self) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self._scroll_by * 16)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._end_drag()

    def dropEvent(self, event: QDropEvent) -> None:
        dragged = self._dragged(event.mimeData())
        card = self.themes.row(self.target_at(event.position().toPoint(), event.mimeData()))
        self._end_drag()
        if dragged is None or card is None:
            event.ignore()
            return
        event.accept()
        if dragged.photos:
            self.moveAsked.emit(list(dragged.photos), card.id)
        else:
            self.wholeMoved.emit(dragged.theme, card.id)

    def _aim(self, row: int) -> None:
        if row != self._delegate.target:
            self._delegate.target = row
            self.viewport().update()

    def _end_drag(self) -> None:
        self._scrolling.stop()
        self._aim(-1)
