"""Pictures for tests of copies: scenes with shapes, and what people and programs make of them."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from desktop_app.core.library import Library
from desktop_app.core.operations.copy_found import Found
from desktop_app.core.operations.copy_sets import Arranged, arrange
from desktop_app.core.operations.duplicates import find_duplicates
from desktop_app.core.types import PhotoId
from tests.core.libraries import by_path


def scene(seed: int, width: int = 420, height: int = 300, *, moved: int = 0) -> Image.Image:
    """A background with many shapes; `moved` shifts a thing in front of it by so many pixels, as between two shots."""
    random = np.random.default_rng(seed)
    coarse = Image.fromarray(random.integers(60, 200, (5, 7, 3), dtype=np.uint8))
    picture = coarse.resize((width, height), Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(picture)
    for _ in range(45):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        size = int(random.integers(8, 45))
        colour = tuple(int(value) for value in random.integers(0, 255, 3))
        draw = pen.ellipse if random.random() < 0.5 else pen.rectangle
        draw((x, y, x + size, y + int(size * random.uniform(0.5, 1.5))), fill=colour)
    if moved:
        left = width // 4 + moved
        for stripe in range(6):
            box = (left, height // 4 + 25 * stripe, left + width // 3, height // 4 + 25 * stripe + 14)
            pen.rectangle(box, fill=(250 - 40 * stripe, 40 * stripe, 90))
    return picture


def noisy(picture: Image.Image, seed: int = 0) -> Image.Image:
    """The same with a camera's noise."""
    pixels = np.asarray(picture).astype(np.int16)
    noise = np.random.default_rng(seed).integers(-5, 6, pixels.shape, dtype=np.int16)
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def save(
    picture: Image.Image, path: Path, quality: int = 92, taken: datetime | None = None, camera: str = "Box 1"
) -> Path:
    """Write a JPEG, with a time and a camera where one is given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    if taken is not None:
        exif[0x0110] = camera
        exif.get_ifd(0x8769)[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    picture.save(path, "JPEG", quality=quality, exif=exif.tobytes())
    return path


def marked(picture: Image.Image) -> Image.Image:
    """The same with a line of writing across it."""
    out = picture.copy()
    ImageDraw.Draw(out).text((picture.width // 8, picture.height // 2), "EXAMPLE STUDIO 2019", fill=(255, 255, 255))
    ImageDraw.Draw(out).line((20, 40, picture.width // 2, 40), fill=(255, 255, 255), width=4)
    return out


def cropped(picture: Image.Image, share: float = 0.08) -> Image.Image:
    """The same without `share` of the width and the height, at the left and at the bottom."""
    cut = round(picture.width * share), round(picture.height * share)
    return picture.crop((cut[0], 0, picture.width, picture.height - cut[1]))


def small(picture: Image.Image, scale: float = 0.6) -> Image.Image:
    """The same, smaller."""
    return picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)


def pixels(picture: Image.Image) -> npt.NDArray[np.uint8]:
    """uint8 (h, w, 3)."""
    return np.ascontiguousarray(np.asarray(picture.convert("RGB")))


def jpeg(picture: Image.Image, quality: int = 80) -> bytes:
    """A thumbnail as libraries keep it, but for its size."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def found(library: Library) -> Found:
    """Everything `find_duplicates` finds."""
    steps = find_duplicates(library, threads=1)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            return ended.value


def arranged(library: Library, of: Found | None = None) -> Arranged:
    """The sets, with what to keep."""
    steps = arrange(library, of or found(library))
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            return ended.value


def names(library: Library, of: Found | None = None) -> set[tuple[str, frozenset[str]]]:
    """Kind and files of every set."""
    name_of: dict[PhotoId, str] = {id_: path.name for path, id_ in by_path(library).items()}
    return {
        (one.kind.value, frozenset(name_of[photo] for picture in one.pictures for photo in picture.photos))
        for one in (of or found(library)).sets
    }
