"""The matching place of the viewer's photo, outlined."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_app.core.searching import Box
from desktop_app.ui.grid.places import outline_place, place_rect
from desktop_app.ui.viewer_canvas import Canvas


class PlaceLayer(QWidget):
    """Outlines a place over a canvas; the mouse does not notice it.

    Args:
        canvas: the photo; the layer covers it and follows its zoom.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._place: Box | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        canvas.scaleChanged.connect(self._photo_moved)
        self.hide()

    def show_place(self, place: Box | None) -> None:
        """Outline a place, in shares of the photo; None for none."""
        self._place = place
        self.setVisible(place is not None)
        self._photo_moved(1.0)

    @property
    def place(self) -> Box | None:
        """What is outlined."""
        return self._place

    def paintEvent(self, _event: QPaintEvent) -> None:
        area = self._canvas.photo_rect()
        if self._place is None or area.isEmpty():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline_place(painter, place_rect(area, self._place))

    @Slot(float)
    def _photo_moved(self, _scale: float) -> None:
        if not self.isHidden():
            self.setGeometry(self._canvas.rect())
            self.update()
