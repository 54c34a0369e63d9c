"""Arithmetic on pixel arrays: sizes, resizing, turning, 16-bit and real values to 8 bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.types import Pixels

LONGEST = 4
"""How many times the short side the long side of a reduced picture may be."""

Size = tuple[int, int]
"""(width, height) in pixels."""


@dataclass(frozen=True, slots=True)
class Fit:
    """From the size of a picture to the size it is reduced to; the same for a picture and the picture turned.

    Nothing is ever enlarged. Both None leaves every pixel.

    Attributes:
        short_side: Reduce the short side to exactly this, the long side to at most four times this.
        long_side: Reduce the long side to this.
    """

    short_side: int | None = None
    long_side: int | None = None

    def __call__(self, size: Size) -> Size:
        """The size that a picture of `size` is reduced to, at least 1 x 1."""
        scale = 1.0
        if self.short_side is not None:
            scale = min(scale, self.short_side / min(size), LONGEST * self.short_side / max(size))
        if self.long_side is not None:
            scale = min(scale, self.long_side / max(size))
        return size if scale >= 1 else (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))


def resized(pixels: npt.NDArray[np.uint8], size: Size) -> npt.NDArray[np.uint8]:
    """Reduce by averaging areas, so that fine patterns do not shimmer. Any number of channels."""
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Undo an EXIF orientation (1 to 8): what a viewer shows for pixels stored that way."""
    match orientation:
        case 2:
            turned = cv2.flip(pixels, 1)
        case 3:
            turned = cv2.rotate(pixels, cv2.ROTATE_180)
        case 4:
            turned = cv2.flip(pixels, 0)
        case 5:
            turned = cv2.transpose(pixels)
        case 6:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE)
        case 7:
            turned = cv2.rotate(cv2.transpose(pixels), cv2.ROTATE_180)
        case 8:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case _:
            return pixels
    return turned  # type: ignore[return-value]


def turned_size(size: Size, orientation: int) -> Size:
    """The size of a picture after `upright`."""
    return (size[1], size[0]) if orientation >= 5 else size


def to_eight_bits(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Real or whole numbers of any range as 0 to 255.

    Real numbers from 0 to 1 are shares of white; whole numbers up to 255 and up to 65,535 keep the meaning
    those ranges usually have; any other range is stretched to what it holds. What is not a number is black.
    """
    if values.dtype.kind == "u" and values.dtype.itemsize == 2:
        return (values.astype(np.uint16) >> 8).astype(np.uint8)
    real: npt.NDArray[np.float32] = np.nan_to_num(values.astype(np.float32), nan=0, posinf=0, neginf=0)
    low, high = np.float32(real.min()), np.float32(real.max())
    if low < 0 or high > 65_535:
        # divide first: the difference of two ends of the float32 range is no float32
        scale = max(abs(low), abs(high))
        real = real / scale - low / scale
        real /= real.max() or np.float32(1)
    elif values.dtype.kind != "f" or high > 1:
        real = real / np.float32(255 if high <= 255 else 65_535)
    return (real * 255 + 0.5).astype(np.uint8)
