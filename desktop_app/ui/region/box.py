"""A box over a photo: drawn, moved, pulled at its edges. Numbers only, in shares of the photo."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from desktop_app.core.searching import Box

SMALLEST = 0.005
"""Of a side of the photo: less than can be aimed at, on any screen."""

STEP = 0.02
"""Of a side of the photo: what an arrow key moves or resizes by."""

_MIDDLE = Box(0.3, 0.3, 0.4, 0.4)  # where the keyboard begins


class Grip(enum.Flag):
    """What of a box is held."""

    LEFT = enum.auto()
    RIGHT = enum.auto()
    TOP = enum.auto()
    BOTTOM = enum.auto()
    INSIDE = enum.auto()


NOTHING = Grip(0)
CORNERS_AND_EDGES = (
    Grip.LEFT | Grip.TOP,
    Grip.TOP,
    Grip.RIGHT | Grip.TOP,
    Grip.RIGHT,
    Grip.RIGHT | Grip.BOTTOM,
    Grip.BOTTOM,
    Grip.LEFT | Grip.BOTTOM,
    Grip.LEFT,
)
"""The eight handles, clockwise from the top left."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A box as its four edges, which may have been pulled past one another."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, box: Box) -> Drawn:
        """From a box."""
        return cls(box.x, box.y, box.x + box.width, box.y + box.height)

    def box(self) -> Box:
        """The part of it that lies on the photo."""
        left, right = sorted((_held(self.left), _held(self.right)))
        top, bottom = sorted((_held(self.top), _held(self.bottom)))
        return Box(left, top, right - left, bottom - top)

    def pulled(self, grip: Grip, dx: float, dy: float) -> Drawn:
        """After what is held was moved."""
        if Grip.INSIDE in grip:
            dx = min(max(dx, -self.left), 1 - self.right)
            dy = min(max(dy, -self.top), 1 - self.bottom)
            return Drawn(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)
        changed = self
        if Grip.LEFT in grip:
            changed = replace(changed, left=changed.left + dx)
        if Grip.RIGHT in grip:
            changed = replace(changed, right=changed.right + dx)
        if Grip.TOP in grip:
            changed = replace(changed, top=changed.top + dy)
        if Grip.BOTTOM in grip:
            changed = replace(changed, bottom=changed.bottom + dy)
        return changed


def moved(box: Box | None, dx: int, dy: int) -> Box:
    """After an arrow key: the same box a step further; without one, a box in the middle."""
    if box is None:
        return _MIDDLE
    return Drawn.of(box).pulled(Grip.INSIDE, dx * STEP, dy * STEP).box()


def resized(box: Box | None, dx: int, dy: int) -> Box:
    """After an arrow key with Shift: right and down make it larger, by its right and lower edge."""
    if box is None:
        return _MIDDLE
    right = min(1.0, max(box.x + 2 * STEP, box.x + box.width + dx * STEP))
    bottom = min(1.0, max(box.y + 2 * STEP, box.y + box.height + dy * STEP))
    return Drawn(box.x, box.y, right, bottom).box()


def is_usable(box: Box) -> bool:
    """Whether it is more than a slip of the hand."""
    return min(box.width, box.height) >= SMALLEST


def _held(value: float) -> float:
    return min(1.0, max(0.0, value))
