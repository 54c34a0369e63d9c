"""The pixels of a part of a picture, wherever the picture is."""

from __future__ import annotations

import math
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
_BESIDE = "The box lies beside the photo. Draw it on the photo."
_NO_BOX = "The box cannot be used. Draw it again."


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


def read_part(library: Library, example: Example, box: Box) -> Pixels:
    """What is in a box of an example's picture, uint8 (h, w, 3), some 256 pixels a side where there are as many.

    Raises:
        Unreadable: the picture cannot be read, nor is there a thumbnail of it.
        UserError: the box is too small or beside the picture, or the photo is not in the library.
    """
    box = inside(box)
    side = min(_MOST, math.ceil(_SIDE / min(box.width, box.height)))
    pixels = _read(library, example, max(_SIDE, side))
    height, width = pixels.shape[:2]
    left, top = math.floor(box.x * width), math.floor(box.y * height)
    right, bottom = math.ceil((box.x + box.width) * width), math.ceil((box.y + box.height) * height)
    part = pixels[top:bottom, left:right]
    if min(box.width * width, box.height * height) < SMALLEST:
        raise UserError(_TOO_SMALL)
    return part.copy()


def _read(library: Library, example: Example, short_side: int) -> Pixels:
    if example.pixels is not None:
        return example.pixels
    if example.photo is not None:
        return source_of(library, example.photo, short_side).pixels
    if example.path is None:
        raise UserError("There is no picture to search by.")
    return read_picture(Path(example.path), short_side=short_side).pixels
