"""Where in a photo a network's map lies: between places, fractions of the picture, and pixels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions of an upright picture, so that it holds for every size the picture is shown at.

    0 is the top or left edge, 1 the bottom or right one.
    """

    top: float
    left: float
    height: float
    width: float

    @classmethod
    def of_pixels(cls, box: tuple[int, int, int, int], height: int, width: int) -> Box:
        """From (top, left, height, width) in the pixels of a picture of this size, see `nets.prepare.crop_box`."""
        top, left, tall, wide = box
        return cls(top / height, left / width, tall / height, wide / width)

    def in_pixels(self, height: int, width: int) -> tuple[int, int, int, int]:
        """(top, left, height, width) in a picture of this size, inside it and at least one pixel."""
        top = min(max(0, round(self.top * height)), height - 1)
        left = min(max(0, round(self.left * width)), width - 1)
        bottom = min(max(top + 1, round((self.top + self.height) * height)), height)
        right = min(max(left + 1, round((self.left + self.width) * width)), width)
        return top, left, bottom - top, right - left

    def part(self, top: float, left: float, height: float, width: float) -> Box:
        """A rectangle that is given in fractions of this one, cut where it hangs over."""
        high, low = max(0.0, top), min(1.0, top + height)
        near, far = max(0.0, left), min(1.0, left + width)
        return Box(
            self.top + high * self.height,
            self.left + near * self.width,
            max(0.0, low - high) * self.height,
            max(0.0, far - near) * self.width,
        )

    def cell(self, y: int, x: int, rows: int, columns: int) -> Box:
        """One place of a map of `rows` by `columns` that lies over this box."""
        return self.part(y / rows, x / columns, 1 / rows, 1 / columns)

    def place_at(self, y: float, x: float, rows: int, columns: int) -> tuple[int, int] | None:
        """The place (row, column) of a map over this box that is at a point of the picture; None beside the box."""
        down, along = (y - self.top) / self.height, (x - self.left) / self.width
        if not (0 <= down <= 1 and 0 <= along <= 1):
            return None
        return min(int(down * rows), rows - 1), min(int(along * columns), columns - 1)


WHOLE = Box(0.0, 0.0, 1.0, 1.0)
