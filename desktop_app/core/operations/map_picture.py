"""The map as one large picture, for print."""

from __future__ import annotations

from collections.abc import Generator

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import photos
from desktop_app.core.library import Library
from desktop_app.core.mapping.neighbours import Points
from desktop_app.core.operations.map import PhotoMap
from desktop_app.core.types import PhotoId, Pixels, Progress

WIDE, HIGH = 4961, 3508
"""Pixels of A3 across at 300 to the inch."""

PLANE_SIDE = 0.9
SHEET_SIDE = 0.94
"""Of a photo, in units of the plane and of the sheet's cells."""

_TEXT = "Drawing the map"
_MARGIN = 0.02
_LARGEST = 512
_READ = 64


def draw_map(
    library: Library,
    made: PhotoMap,
    *,
    width: int = WIDE,
    height: int = HIGH,
    sheet: bool = False,
    ground: tuple[int, int, int] = (255, 255, 255),
    colours: npt.NDArray[np.uint8] | None = None,
) -> Generator[Progress, None, Pixels]:
    """Draw every photo where it is on the map; a generator, close it to stop.

    Args:
        library: the open library, for its thumbnails.
        made: the map.
        width: of the picture, pixels.
        height: of the picture, pixels.
        sheet: the contact sheet instead of the plane.
        ground: behind the photos, red, green, blue.
        colours: uint8 (n, 3), a frame round each photo; None for none.

    Returns:
        uint8 (height, width, 3).
    """
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = ground
    if not len(made.photos):
        return picture
    centres, side = _laid_out(made, width, height, sheet=sheet)
    ids = made.photos.tolist()
    for start in range(0, len(ids), _READ):
        part = [PhotoId(photo) for photo in ids[start : start + _READ]]
        contents = photos.contents(library.connection, part)
        stored = library.thumbnails.get(list(set(contents.values())))
        for at, photo in enumerate(part, start):
            square = _square(stored.get(contents.get(photo, b"")), side)
            if colours is not None:
                thick = max(1, side // 14)
                square[:thick] = square[-thick:] = colours[at]
                square[:, :thick] = square[:, -thick:] = colours[at]
            _put(picture, square, centres[at])
        yield Progress(_TEXT, min(start + _READ, len(ids)), len(ids))
    return picture


def _laid_out(made: PhotoMap, width: int, height: int, *, sheet: bool) -> tuple[Points, int]:
    points = made.cells.astype(np.float32) if sheet else made.points
    low, high = points.min(axis=0), points.max(axis=0)
    extent = high - low + 1.0
    margin = _MARGIN * min(width, height)
    scale = float(min((width - 2 * margin) / extent[0], (height - 2 * margin) / extent[1]))
    side = max(2, min(round(scale * (SHEET_SIDE if sheet else PLANE_SIDE)), _LARGEST))
    middle = np.array([width / 2, height / 2])
    return ((points - (low + high) / 2) * min(scale, _LARGEST / PLANE_SIDE) + middle).astype(np.float32), side


def _square(jpeg: bytes | None, side: int) -> Pixels:
    how = cv2.IMREAD_REDUCED_COLOR_8 if side <= 24 else cv2.IMREAD_COLOR
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), how) if jpeg else None
    if pixels is None:
        return np.full((side, side, 3), 190, np.uint8)
    high, wide = pixels.shape[:2]
    short = min(high, wide)
    top, left = (high - short) // 2, (wide - short) // 2
    how = cv2.INTER_AREA if side < short else cv2.INTER_CUBIC
    square = cv2.resize(pixels[top : top + short, left : left + short], (side, side), interpolation=how)
    return np.ascontiguousarray(square[:, :, ::-1].astype(np.uint8, copy=False))


def _put(picture: Pixels, square: Pixels, centre: npt.NDArray[np.float32]) -> None:
    side = len(square)
    left, top = round(float(centre[0]) - side / 2), round(float(centre[1]) - side / 2)
    right, bottom = min(left + side, picture.shape[1]), min(top + side, picture.shape[0])
    x, y = max(left, 0), max(top, 0)
    if x < right and y < bottom:
        picture[y:bottom, x:right] = square[y - top : bottom - top, x - left : right - left]
