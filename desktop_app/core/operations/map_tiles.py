"""Every photo as a few pixels: what the map shows of those that are too small on it for a thumbnail."""

from __future__ import annotations

import io
from collections.abc import Sequence
from zipfile import BadZipFile

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import photos
from desktop_app.core.library import Library, write_error
from desktop_app.core.settings import write_atomically
from desktop_app.core.types import PhotoId, Positions

SIDE = 12
"""Pixels of a tile, each way."""

Tiles = npt.NDArray[np.uint8]
"""Tiles of photos: uint8, (n, SIDE, SIDE, 3), RGB."""

_FILE = f"tiles-{SIDE}.npz"
_READ = 256


def read_tiles(library: Library, ids: Sequence[int]) -> tuple[Tiles, npt.NDArray[np.bool_]]:
    """Make the tiles of some photos from their thumbnails, the middle square of each; 0.2 ms a photo.

    Returns:
        uint8 (n, SIDE, SIDE, 3) in the order of `ids`, and bool (n,), False for a photo without a thumbnail.
    """
    tiles = np.zeros((len(ids), SIDE, SIDE, 3), np.uint8)
    there = np.zeros(len(ids), bool)
    for start in range(0, len(ids), _READ):
        part = [PhotoId(int(photo)) for photo in ids[start : start + _READ]]
        contents = photos.contents(library.connection, part)
        stored = library.thumbnails.get(list(set(contents.values())))
        for at, photo in enumerate(part, start):
            jpeg = stored.get(contents.get(photo, b""))
            tile = _tile(jpeg) if jpeg else None
            if tile is not None:
                tiles[at], there[at] = tile, True
    return tiles, there


def _tile(jpeg: bytes) -> Tiles | None:
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_REDUCED_COLOR_8)
    if pixels is None:
        return None
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = cv2.resize(pixels[top : top + side, left : left + side], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    tile: Tiles = square[:, :, ::-1].astype(np.uint8, copy=False)
    return tile


def load_tiles(library: Library, ids: Positions, rows: Positions) -> tuple[Tiles, npt.NDArray[np.bool_]]:
    """The tiles that were kept of photos; where the rows of their vectors are others, they show something else now.

    Args:
        library: the open library.
        ids: int64 (n,), the photos.
        rows: int64 (n,), where their vectors are.

    Returns:
        As `read_tiles`; False for those that have to be read.
    """
    tiles = np.zeros((len(ids), SIDE, SIDE, 3), np.uint8)
    there = np.zeros(len(ids), bool)
    try:
        with (library.folder / "map" / _FILE).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            key, own, at, kept = str(stored["key"]), stored["photos"], stored["rows"], stored["tiles"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return tiles, there
    if (
        key != library.main.key
        or not len(own)
        or kept.dtype != np.uint8
        or kept.shape != (len(own), SIDE, SIDE, 3)
        or at.shape != own.shape
    ):
        return tiles, there
    place = np.minimum(np.searchsorted(own, ids), len(own) - 1)
    there = (own[place] == ids) & (at[place] == rows)
    tiles[there] = kept[place[there]]
    return tiles, there


def save_tiles(library: Library, ids: Positions, rows: Positions, tiles: Tiles) -> None:
    """Keep tiles for the next start; a cache, replaced in one step. `ids` rise.

    Raises:
        UserError: the disk is full or refuses.
    """
    if not library.writable:
        return
    out = io.BytesIO()
    np.savez(out, key=np.array(library.main.key), photos=ids, rows=rows, tiles=tiles)
    try:
        write_atomically(library.folder / "map" / _FILE, out.getvalue())
    except OSError as error:
        raise write_error(error, library.folder) from error
