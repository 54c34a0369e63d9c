"""The map with a closer look at the photo that the pointer rests on."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.map.above import CLOSER, paint_closer
from desktop_app.ui.map.surface import MapSurface
from desktop_app.ui.theme import Theme

_BELOW = 120  # photos this large need none
_AFTER_MS = 250


class CloserMap(MapSurface):
    """Shows a photo larger while the pointer rests on it; who takes the mouse says where that is with `point_at`."""

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(theme, thumbnails, parent)
        self._under = self._closer = -1
        self._pausing = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._pausing.timeout.connect(self._look_closer)
        self.looked.connect(self.forget_pointer)
        thumbnails.changed.connect(self._closer_arrived)

    def point_at(self, index: int) -> None:
        """The pointer is at this photo; -1 for none."""
        if index == self._under:
            return
        self._under = index
        self.hide_closer()
        if index >= 0 and self.photo_side < _BELOW:
            self._pausing.start()

    def hide_closer(self) -> None:
        """Show nothing larger until the pointer is at another photo."""
        self._pausing.stop()
        if self._closer >= 0:
            self._closer = -1
            self.update()

    @Slot()
    def forget_pointer(self) -> None:
        """Other photos are under the pointer, though it did not move."""
        self._under = -1
        self.hide_closer()

    @Slot()
    def _look_closer(self) -> None:
        if 0 <= self._under < len(self.scene.photos):
            self._closer = self._under
            self._thumbnails.pixmap(int(self.scene.photos[self._closer]), CLOSER)
            self.update()

    @Slot(object)
    def _closer_arrived(self, photos: Collection[int]) -> None:
        if 0 <= self._closer < len(self.scene.photos) and int(self.scene.photos[self._closer]) in photos:
            self.update()

    def paint_above(self, painter: QPainter) -> None:
        if self._closer >= 0:
            pixmap = self._thumbnails.pixmap(int(self.scene.photos[self._closer]), CLOSER)
            if pixmap is not None:
                paint_closer(painter, self._theme.tokens, self.size(), self.place_of(self._closer), pixmap)
