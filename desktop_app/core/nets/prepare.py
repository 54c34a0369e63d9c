"""From a picture to a network's input, as a `Preparation` says.

With "crop" the part the network sees is cut from the middle of the picture: a square of `size / short_side` of the
picture's short side (0.875 for EfficientNet-Lite0, as it was trained), so that a picture that was already reduced to
the network's short side is only sliced and never resized twice. With "squash" it is the whole picture, or the middle
part of both its sides, pressed into the input's proportions.
"""

from __future__ import annotations

import functools

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.preparation import Preparation
from desktop_app.core.types import Pixels

Tensor = npt.NDArray[np.float32]
"""Network input: float32, `Preparation.shape` for one picture, with n in front for a batch."""

Box = tuple[int, int, int, int]
"""(top, left, height, width) of a part of a picture, in that picture's pixels."""


def crop_box(height: int, width: int, how: Network | Preparation) -> Box:
    """The part of a picture that the network sees, (top, left, height, width) in that picture's pixels.

    A heat map over the picture is drawn into this part. It is at least one pixel high and wide and lies inside the
    picture; for a square input that is cut out it is a square.
    """
    to = _preparation(how)
    if to.fit == "squash":
        longer = min(to.short_side, max(to.height, to.width))
        tall, wide = (max(1, round(side * longer / to.short_side)) for side in (height, width))
    elif to.height == to.width:
        short = min(height, width)
        tall = wide = min(short, max(1, round(short * to.height / to.short_side)))
    else:
        short = min(height, width)
        tall, wide = (max(1, round(short * side / to.short_side)) for side in (to.height, to.width))
        if (much := max(tall / height, wide / width)) > 1:
            # the part keeps its proportions where the picture is too small for it
            tall, wide = (max(1, min(side, round(part / much))) for side, part in ((height, tall), (width, wide)))
    return (height - tall) // 2, (width - wide) // 2, tall, wide


def prepare(pixels: Pixels, how: Network | Preparation) -> Tensor:
    """Cuts the part the network sees, resizes it to the network's size and makes the numbers it was trained on.

    Args:
        pixels: uint8 (h, w, 3), RGB, upright, h and w at least 1; best reduced to `Network.decode_side`.
        how: how the input has to look.

    Returns:
        float32 `Preparation.shape`, C-contiguous, `(pixel - mean) / scale`. It shares no memory with `pixels`.

    Raises:
        ValueError: `pixels` is not a uint8 array (h, w, 3) with h and w at least 1.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
        raise ValueError(f"pixels must be uint8 (h, w, 3), not {pixels.dtype} {pixels.shape}")
    to = _preparation(how)
    top, left, tall, wide = crop_box(pixels.shape[0], pixels.shape[1], to)
    part: npt.NDArray[np.uint8] = pixels[top : top + tall, left : left + wide]
    if to.colours == "grey":
        part = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)  # type: ignore[assignment]
    if (tall, wide) != (to.height, to.width):
        part = _resized(part, to.height, to.width, 2.0 if to.fit == "squash" else 1.0)
    if to.layout == "NHWC" and to.channels == 3:
        return _pixel_by_pixel(part, to)
    tensor = np.empty((to.channels, to.height, to.width), np.float32)
    # planes first, then a table: a tenth of cv2.dnn.blobFromImage's time
    for plane, table, out in zip(_planes(part, to), _tables(to), tensor, strict=True):
        cv2.LUT(plane, table, dst=out)
    return tensor if to.layout == "NCHW" else tensor.reshape(to.shape)  # of one channel both are the same


def preview(tensor: Tensor, how: Network | Preparation) -> Pixels:
    """What the network is fed, as a picture to look at.

    What `prepare` did to the numbers and the order of the colours is undone; the cut, the size, grey and inverted
    brightness stay, since the network sees them so.

    Args:
        tensor: float32 `Preparation.shape`, of `prepare`.
        how: what it was prepared by.

    Returns:
        uint8 (height, width, 3), RGB.

    Raises:
        ValueError: `tensor` has another shape.
    """
    to = _preparation(how)
    if tensor.shape != to.shape:
        raise ValueError(f"a tensor of this preparation is {to.shape}, not {tensor.shape}")
    places = tensor.transpose(1, 2, 0) if to.layout == "NCHW" else tensor
    levels = places.astype(np.float64) * np.array(to.scale) + np.array(to.mean)
    picture = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
    if to.colours == "bgr":
        picture = picture[:, :, ::-1]
    elif to.colours == "grey":
        picture = np.repeat(picture, 3, axis=2)
    return np.ascontiguousarray(picture)


def _preparation(how: Network | Preparation) -> Preparation:
    return how.preparation if isinstance(how, Network) else how


def _resized(part: npt.NDArray[np.uint8], height: int, width: int, least: float) -> npt.NDArray[np.uint8]:
    """Each direction that is to become more than `least` times smaller is averaged by areas, else taken linearly.

    A squashed picture has been reduced by areas when it was decoded; what is left is less than half as a rule, where
    linear samples miss no pixel and take a tenth of the time.
    """
    tall, wide = part.shape[:2]
    by_areas = (width if wide > least * width else wide, height if tall > least * height else tall)
    if by_areas != (wide, tall):
        part = cv2.resize(part, by_areas, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    if by_areas != (width, height):
        part = cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR)  # type: ignore[assignment]
    return part


class _Number:
    """`(pixel - mean) / scale` of a channel as `pixel * factor - less`, inversion included."""

    def __init__(self, mean: float, scale: float, invert: bool) -> None:
        self.factor = np.float32(1 / scale)
        self.less = np.float32(mean) * self.factor
        if invert:
            self.factor, self.less = -self.factor, np.float32(mean - 255) * self.factor


@functools.lru_cache(maxsize=64)
def _numbers(to: Preparation) -> tuple[_Number, ...]:
    return tuple(_Number(mean, scale, to.invert) for mean, scale in zip(to.mean, to.scale, strict=True))


def _planes(part: npt.NDArray[np.uint8], to: Preparation) -> tuple[npt.NDArray[np.uint8], ...]:
    """The channels in the order that is fed, uint8 (height, width) each."""
    if to.colours == "grey":
        return (part,)
    planes = cv2.split(part)
    return tuple(planes if to.colours == "rgb" else planes[::-1])  # type: ignore[arg-type]


def _pixel_by_pixel(part: npt.NDArray[np.uint8], to: Preparation) -> Tensor:
    """Three channels side by side, float32 (height, width, 3)."""
    if to.colours == "bgr":
        part = cv2.cvtColor(part, cv2.COLOR_RGB2BGR)  # type: ignore[assignment]
    numbers = _numbers(to)
    if len({(number.factor, number.less) for number in numbers}) == 1:
        # one table for all channels is looked up in less than half the time that arithmetic takes
        return cv2.LUT(part, _tables(to)[0])  # type: ignore[return-value]
    factor, less = _row(to)
    tensor: Tensor = np.multiply(part.reshape(to.height, -1), factor)
    tensor -= less
    return tensor.reshape(to.shape)


@functools.lru_cache(maxsize=64)
def _tables(to: Preparation) -> tuple[Tensor, ...]:
    """What each level of each channel becomes, float32 (256,) each."""
    levels = np.arange(256, dtype=np.float32)
    return tuple(levels * number.factor - number.less for number in _numbers(to))


@functools.lru_cache(maxsize=64)
def _row(to: Preparation) -> Tensor:
    """Factor and `less` of a row of pixels, float32 (2, width * 3)."""
    numbers = _numbers(to)
    return np.tile(np.array([[n.factor for n in numbers], [n.less for n in numbers]], np.float32), to.width)
