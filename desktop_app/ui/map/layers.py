"""Pictures of parts of the map, made a few at a time and kept, so that moving over it costs next to nothing."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPixmap

from desktop_app.ui.map.geometry import Camera

SIDE = 256
"""Device pixels of a part, each way."""

_MOST = 160  # parts kept of one scale beyond what is seen: 40 MB

Part = tuple[int, int]
Draw = Callable[[Camera, int, int], QPixmap]


class Layer:
    """The map at one scale, in square parts.

    Args:
        scale: device pixels of a unit of the plane.
    """

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self._parts: dict[Part, tuple[QPixmap, int]] = {}

    def seen(self, view: tuple[float, float, float, float]) -> list[Part]:
        """The parts that a rectangle of the plane touches, the middle ones first."""
        step = SIDE / self.scale
        left, top, right, bottom = (math.floor(edge / step) for edge in view)
        middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
        parts = [(x, y) for y in range(top, bottom + 1) for x in range(left, right + 1)]
        return sorted(parts, key=lambda part: (part[0] - middle_x) ** 2 + (part[1] - middle_y) ** 2)

    def camera(self, part: Part) -> Camera:
        """What a part sees."""
        step = SIDE / self.scale
        return Camera((part[0] + 0.5) * step, (part[1] + 0.5) * step, self.scale)

    def part_of(self, x: float, y: float) -> Part:
        """The part that a point of the plane is in."""
        step = SIDE / self.scale
        return math.floor(x / step), math.floor(y / step)

    def age(self, parts: Iterable[Part]) -> None:
        """These show something that is no longer so; they are still shown until they are drawn anew."""
        for part in parts:
            if part in self._parts:
                self._parts[part] = (self._parts[part][0], -1)

    def missing(self, parts: Iterable[Part], version: int) -> list[Part]:
        """Those that are not there, then those that are there as they were."""
        absent, old = [], []
        for part in parts:
            kept = self._parts.get(part)
            if kept is None:
                absent.append(part)
            elif kept[1] != version:
                old.append(part)
        return absent + old

    def covers(self, parts: Iterable[Part]) -> bool:
        """Whether all of these are there, in whatever state."""
        return all(part in self._parts for part in parts)

    def fill(self, parts: list[Part], version: int, draw: Draw, seconds: float) -> bool:
        """Draw as many of these as there is time for, one at least; true when all are done."""
        end = time.perf_counter() + seconds
        for done, part in enumerate(parts, 1):
            self._parts.pop(part, None)
            self._parts[part] = (draw(self.camera(part), SIDE, SIDE), version)
            if time.perf_counter() > end and done < len(parts):
                return False
        return True

    def trim(self, seen: list[Part]) -> None:
        """Let go of what was not seen for longest."""
        keep = set(seen)
        for part in list(self._parts):
            if len(self._parts) <= _MOST + len(keep):
                return
            if part not in keep:
                del self._parts[part]

    def paint(self, painter: QPainter, camera: Camera, width: float, height: float, ratio: float) -> None:
        """Put what there is on a view of `width` x `height` device-independent pixels.

        Args:
            painter: of the view.
            camera: in device pixels.
            width: of the view.
            height: of the view.
            ratio: device pixels to each.
        """
        step = SIDE / self.scale
        wide, high = width * ratio, height * ratio
        exact = abs(camera.scale / self.scale - 1) < 1e-9
        for x, y in self.seen(camera.view_of(wide, high)):
            kept = self._parts.get((x, y))
            if kept is None:
                continue
            # edges are rounded, not sizes: neither gaps nor overlaps between parts
            left = round((x * step - camera.x) * camera.scale + wide / 2)
            top = round((y * step - camera.y) * camera.scale + high / 2)
            if exact and ratio == 1.0:
                painter.drawPixmap(left, top, kept[0])
                continue
            right = left + SIDE if exact else round(((x + 1) * step - camera.x) * camera.scale + wide / 2)
            bottom = top + SIDE if exact else round(((y + 1) * step - camera.y) * camera.scale + high / 2)
            target = QRectF(left / ratio, top / ratio, (right - left) / ratio, (bottom - top) / ratio)
            painter.drawPixmap(target, kept[0], QRectF(QRect(0, 0, SIDE, SIDE)))
