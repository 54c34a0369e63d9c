"""Parts of the viewer's photo: one that is chosen to search by, and the one that a search found."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QKeyEvent

from desktop_app.core.searching import Box
from desktop_app.ui.region.layer import BoxLayer
from desktop_app.ui.region.place_layer import PlaceLayer
from desktop_app.ui.theme import Theme
from desktop_app.ui.viewer_canvas import Canvas
from desktop_app.ui.viewer_controls import TopBar


class Parts(QObject):
    """The box mode and the outlined place of one viewer.

    Args:
        theme: the program's theme.
        canvas: the photo.
        top: the bar with the two buttons.

    Signals:
        asked(Box): look for what is in the box.
        boxing(): a box is begun to be drawn, or not drawn any more.
    """

    asked = Signal(object)
    boxing = Signal()

    def __init__(self, theme: Theme, canvas: Canvas, top: TopBar) -> None:
        super().__init__(canvas)
        self._places: Mapping[int, Box] = {}
        self._photo = -1
        self._outlined = True
        self._top = top
        self.outline = PlaceLayer(canvas)
        self.box = BoxLayer(theme, canvas)
        self.box.searchAsked.connect(self._search)
        self.box.left.connect(self._left)
        top.box_button.clicked.connect(self.toggle_box)
        top.place_button.clicked.connect(self.toggle_outline)
        top.place_button.setChecked(True)

    @property
    def is_boxing(self) -> bool:
        """Whether a box is being drawn."""
        return not self.box.isHidden()

    @Slot()
    def toggle_box(self) -> None:
        """Begin to choose a part of the photo, or leave that."""
        if self.is_boxing:
            self.box.leave()
        elif self._photo != -1:
            self.outline.show_place(None)
            self.box.begin()
            self._top.box_button.setChecked(True)
            self.boxing.emit()

    @Slot()
    def toggle_outline(self) -> None:
        """Show the matching place or not."""
        self._outlined = not self._outlined
        self._top.place_button.setChecked(self._outlined)
        self._show_place()

    def set_places(self, places: Mapping[int, Box]) -> None:
        """The matching place of each photo, by id."""
        self._places = places
        self._show_place()

    def go_to(self, photo: int) -> None:
        """Another photo is shown, -1 for none."""
        self._photo = photo
        self.box.leave()
        self._show_place()

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key says while a box is drawn; False for other keys."""
        return self.is_boxing and self.box.key(event)

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key is the box's."""
        return self.is_boxing and self.box.takes(event)

    @Slot(object)
    def _search(self, box: Box) -> None:
        self._left()
        self.asked.emit(box)

    @Slot()
    def _left(self) -> None:
        self._top.box_button.setChecked(False)
        self._show_place()
        self.boxing.emit()

    def _show_place(self) -> None:
        place = self._places.get(self._photo)
        self._top.place_button.setVisible(place is not None)
        self.outline.show_place(place if self._outlined and not self.is_boxing else None)
