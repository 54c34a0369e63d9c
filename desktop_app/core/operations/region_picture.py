"""The pixels of a part of a picture, with more or less of what is around it, wherever the picture is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import read_picture
from desktop_app.core.library import Library
from desktop_app.core.operations.photo_pixels import source_of
from desktop_app.core.searching import Box, Example
from desktop_app.core.types import Pixels

SMALLEST = 8
"""Pixels a side of the smallest part that can be searched by: less shows nothing."""

_SIDE = 256  # pixels the part's shorter side should have, where the file has them
_MOST = 4096  # short side at which a picture is decoded at most

_TOO_SMALL = "The box is too small to search by. Draw a larger one."
_TINY = "The photo is too small to search by a part of it."
_BESIDE = "The box lies beside the photo. Draw it on the photo."
_NO_BOX = "The box cannot be used. Draw it again."


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of a picture.

    Attributes:
        picture: uint8 (h, w, 3), the whole picture, large enough for the part.
        box: the part, inside the picture.
    """

    picture: Pixels
    box: Box

    @property
    def pixels(self) -> Pixels:
        """What is in the box, at least one pixel."""
        return cut(self.picture, self.box)

    def around(self, times: float) -> tuple[Pixels, Box]:
        """A square around the box, or as much of one as the picture has, and where the box is in it.

        Args:
            times: the square's side over the box's longer one.
        """
        height, width = self.picture.shape[:2]
        box = self.box
        side = min(max(box.width * width, box.height * height) * times, height, width)
        wide, high = min(1.0, max(side / width, box.width)), min(1.0, max(side / height, box.height))
        left = min(max(0.0, box.x + (box.width - wide) / 2), 1.0 - wide)
        top = min(max(0.0, box.y + (box.height - high) / 2), 1.0 - high)
        own = Box((box.x - left) / wide, (box.y - top) / high, box.width / wide, box.height / high)
        return cut(self.picture, Box(left, top, wide, high)), own


def cut(pixels: Pixels, box: Box) -> Pixels:
    """A copy of a part of a picture: every pixel that the box touches, at least one."""
    height, width = pixels.shape[:2]
    left, top = min(int(box.x * width), width - 1), min(int(box.y * height), height - 1)
    right, bottom = math.ceil((box.x + box.width) * width), math.ceil((box.y + box.height) * height)
    return pixels[top : max(top + 1, bottom), left : max(left + 1, right)].copy()


def inside(box: Box) -> Box:
    """The part of a box that lies on the picture.

    Raises:
        UserError: none of it does, or it is no box.
    """
    if not all(math.isfinite(value) for value in (box.x, box.y, box.width, box.height)):
        raise UserError(_NO_BOX)
    if box.width <= 0 or box.height <= 0:
        raise UserError(_TOO_SMALL)
    left, top = max(0.0, box.x), max(0.0, box.y)
    right, bottom = min(1.0, box.x + box.width), min(1.0, box.y + box.height)
    if right <= left or bottom <= top:
        raise UserError(_BESIDE)
    return Box(left, top, right - left, bottom - top)


def read_part(library: Library, example: Example) -> Part:
    """An example's picture, decoded so that its box has some 256 pixels a side where the file has as many.

    Raises:
        Unreadable: the picture cannot be read, nor is there a thumbnail of it.
        UserError: there is no box, it is too small or beside the picture, or the photo is not in the library.
    """
    if example.box is None:
        raise UserError("There is no box to search by. Draw one in the photo.")
    box = inside(example.box)
    side = min(float(_MOST), _SIDE / min(box.width, box.height))
    picture = _read(library, example, max(_SIDE, math.ceil(side)))
    height, width = picture.shape[:2]
    if min(width, height) < SMALLEST:
        raise UserError(_TINY)
    if min(box.width * width, box.height * height) < SMALLEST:
        raise UserError(_TOO_SMALL)
    return Part(picture, box)


def _read(library: Library, example: Example, short_side: int) -> Pixels:
    if example.pixels is not None:
        return example.pixels
    if example.photo is not None:
        return source_of(library, example.photo, short_side).pixels
    if example.path is None:
        raise UserError("There is no picture to search by.")
    return read_picture(Path(example.path), short_side=short_side).pixels
