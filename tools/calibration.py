"""Calibration photos: varied pictures, and crops of them, from folders that anyone can get.

Nothing here is random between two runs: crops are drawn with a seed made from the file's name.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.prepare import prepare
from desktop_app.core.types import Pixels

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}


def read(path: Path, short_side: int) -> Pixels | None:
    """A picture upright, on white, at most `short_side` on its short side; None where it cannot be read."""
    try:
        with Image.open(path) as image:
            image.draft("RGB", (short_side * 2, short_side * 2))
            whole = image.convert("RGBA")
    except OSError:
        return None
    white = Image.new("RGBA", whole.size, "white")
    return shrink(np.asarray(Image.alpha_composite(white, whole).convert("RGB")), short_side)


def shrink(pixels: Pixels, short_side: int) -> Pixels:
    """The picture with its short side at `short_side`; never enlarged."""
    height, width = pixels.shape[:2]
    factor = short_side / min(height, width)
    if factor >= 1:
        return pixels
    size = max(short_side, round(width * factor)), max(short_side, round(height * factor))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def photos(folders: Sequence[Path], limit: int) -> list[Path]:
    """Picture files, at most `limit` of each folder, evenly spread over its sorted files."""
    chosen: list[Path] = []
    for folder in folders:
        files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and not p.is_symlink())
        step = max(1, -(-len(files) // limit))
        chosen += files[::step]
    return chosen


def inputs(files: Sequence[Path], network: Network, crops: int) -> Iterator[np.ndarray]:
    """Prepared inputs float32 (3, S, S): each whole picture, then `crops` random squares of it.

    Pictures under 60 pixels a side are left out; crops are taken only of pictures of 400 pixels a side and more.
    """
    for path in files:
        pixels = read(path, 1024)
        if pixels is None or min(pixels.shape[:2]) < 60:
            continue
        yield prepare(shrink(pixels, network.short_side), network)
        height, width = pixels.shape[:2]
        if min(height, width) < 400:
            continue
        draw = np.random.default_rng(zlib.crc32(path.name.encode()))
        for _ in range(crops):
            side = int(min(height, width) * draw.uniform(0.35, 0.8))
            top, left = draw.integers(0, height - side + 1), draw.integers(0, width - side + 1)
            square = np.ascontiguousarray(pixels[top : top + side, left : left + side])
            yield prepare(shrink(square, network.short_side), network)
