"""Canvases that move in step: what one shows of a scene the other shows too, whatever their pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QTransform
from PySide6.QtWidgets import QWidget

from desktop_app.core.duplicates.sets import How
from desktop_app.core.searching import Box
from desktop_app.ui.theme import Theme
from desktop_app.ui.viewer_canvas import Canvas
from desktop_app.ui.viewer_place import LARGEST, Place

WHOLE = Box(0.0, 0.0, 1.0, 1.0)


def upright(image: QImage, how: How | None) -> QImage:
    """A copy laid as the first of its set lies: turned back, then mirrored back."""
    if how is None or image.isNull():
        return image
    if how.turn:
        image = image.transformed(QTransform().rotate(-how.turn))
    return image.flipped(Qt.Orientation.Horizontal) if how.mirrored else image


def box_of(how: How | None) -> Box:
    """Which part of the first of its set a copy shows."""
    box = how.part if how is not None else None
    return box if box is not None and box.width > 0 and box.height > 0 else WHOLE


def overlap(one: Box, other: Box) -> Box:
    """The part of a scene that two boxes share; the first one where they share none."""
    left, top = max(one.x, other.x), max(one.y, other.y)
    right = min(one.x + one.width, other.x + other.width)
    bottom = min(one.y + one.height, other.y + other.height)
    return Box(left, top, right - left, bottom - top) if right > left and bottom > top else one


@dataclass(frozen=True, slots=True)
class Aim:
    """What is looked at, in the scene's own measure: its middle as parts of the scene, and its width on screen.

    `width` is in device-independent pixels; None where every canvas shows all it has.
    """

    x: float = 0.5
    y: float = 0.5
    width: float | None = None


class _LinkedPlace(Place):
    """A place that can be put anywhere."""

    def aim(self, box: Box) -> Aim:
        """What it shows of a scene of which the photo is the part `box`."""
        if self.is_fit:
            return Aim()
        width = self.drawn().width() / box.width
        return Aim(box.x + self._centre.x() * box.width, box.y + self._centre.y() * box.height, width)

    def follow(self, aim: Aim, box: Box) -> None:
        """Show the same as another does."""
        if aim.width is None or self.photo.isEmpty():
            self.fit()
            return
        self.is_fit = False
        self._zoom = min(4 * LARGEST, aim.width * box.width * self.ratio / self.photo.width())
        self._centre = QPointF((aim.x - box.x) / box.width, (aim.y - box.y) / box.height)


class LinkedCanvas(Canvas):
    """One photo of a scene.

    Signals:
        moved(): the hand moved or magnified it; never emitted while it follows another.
    """

    moved = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._place = _LinkedPlace()
        self.box = WHOLE
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def aim(self) -> Aim:
        """What it shows."""
        assert isinstance(self._place, _LinkedPlace)
        return self._place.aim(self.box)

    def follow(self, aim: Aim) -> None:
        """Show the same as another does; says nothing."""
        assert isinstance(self._place, _LinkedPlace)
        self._place.follow(aim, self.box)
        self._changed()

    def true_width(self) -> float:
        """How wide the whole scene is, device-independent pixels, when this photo is at 100 %; 0 while not known."""
        return self._place.photo.width() / max(1e-6, self._place.ratio) / self.box.width

    def fit(self) -> None:
        """Show the whole photo, and so does the other."""
        super().fit()
        self.moved.emit()

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        """Magnify, and so does the other."""
        super().zoom_to(scale, at)
        self.moved.emit()

    def pan_by(self, dx: float, dy: float) -> None:
        """Move, and so does the other."""
        super().pan_by(dx, dy)
        self.moved.emit()


class Link(QObject):
    """Keeps canvases in step."""

    def __init__(self, canvases: Sequence[LinkedCanvas], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvases = tuple(canvases)
        self._is_leading = False
        for canvas in self._canvases:
            canvas.moved.connect(self._lead)

    @Slot()
    def _lead(self) -> None:
        leader = self.sender()
        if self._is_leading or not isinstance(leader, LinkedCanvas):
            return
        self._aim_at(leader.aim(), leader)

    def _aim_at(self, aim: Aim, leader: LinkedCanvas | None = None) -> None:
        self._is_leading = True
        for canvas in self._canvases:
            if canvas is not leader:
                canvas.follow(aim)
        self._is_leading = False

    def aim(self) -> Aim:
        """What is looked at."""
        return self._canvases[0].aim()

    def aim_at(self, aim: Aim) -> None:
        """Look at something else, or at the same with other photos."""
        self._aim_at(aim)

    @property
    def is_fit(self) -> bool:
        """Whether all is seen."""
        return all(canvas.is_fit for canvas in self._canvases)

    def toggle(self) -> None:
        """Between all and 100 %: of the sharper one, so that the other shows the same place as large."""
        if self.is_fit:
            now = self.aim()
            self._aim_at(Aim(now.x, now.y, max(canvas.true_width() for canvas in self._canvases) or None))
        else:
            self._aim_at(Aim())
