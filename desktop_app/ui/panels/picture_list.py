"""A list of rows with thumbnails, which are asked for as it is scrolled."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QModelIndex, QPoint, QTimer, Slot
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from desktop_app.ui.grid.thumbnails import Thumbnails


class PictureList(QListView):
    """Asks for the thumbnails of what is on screen whenever that may have changed, once for each turn of the events.

    A subclass says which rows are on screen and which photos they show. Every row is of one size.

    Args:
        thumbnails: where they are asked for; rows are painted again when theirs have come.
    """

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self.ask_for_thumbnails)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(self.ask_soon)
        thumbnails.changed.connect(self._thumbnails_changed)

    def visible_rows(self) -> range:
        """The rows of which anything is on screen."""
        raise NotImplementedError

    def rows_ahead(self) -> Iterable[int]:
        """Rows beyond those, most important first; some may not be there."""
        return ()

    def photos_of(self, row: int) -> Collection[int]:
        """The photos that a row shows; none where there is no such row."""
        raise NotImplementedError

    def photo_size(self) -> int:
        """How large a row shows them, device-independent pixels."""
        raise NotImplementedError

    @Slot()
    def ask_soon(self) -> None:
        """Other rows are on screen, or others are shown there."""
        self._asking.start()

    @Slot()
    def ask_for_thumbnails(self) -> None:
        """Ask now; what is hidden wants none."""
        if not self.isVisible():
            self._thumbnails.want(self, (), 0)
            return
        photos = [photo for row in (*self.visible_rows(), *self.rows_ahead()) for photo in self.photos_of(row)]
        self._thumbnails.want(self, photos, self._thumbnails.side(self.photo_size(), self.devicePixelRatioF()))

    @Slot(object)
    def _thumbnails_changed(self, photos: list[int]) -> None:
        arrived = set(photos)
        for row in self.visible_rows():
            if not arrived.isdisjoint(self.photos_of(row)):
                self.update(self.model().index(row, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.ask_soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ask_soon()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.ask_soon()


def menu_place(view: QAbstractItemView, event: QContextMenuEvent) -> tuple[QModelIndex, QPoint]:
    """The row whose menu is asked for, and where on the screen: at the mouse, or by key amid the current row."""
    if event.reason() == QContextMenuEvent.Reason.Mouse:
        return view.indexAt(event.pos()), event.globalPos()
    index = view.currentIndex()
    return index, view.viewport().mapToGlobal(view.visualRect(index).center())
