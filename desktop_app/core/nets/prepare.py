"""From a picture to a network's input.

The square the network sees is cut from the middle of the picture. Its side is `size / short_side` of the
picture's short side (0.875 for EfficientNet-Lite0, as it was trained), so a picture that was already reduced to
the network's short side is only sliced and never resized twice.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.nets.manifest import Network
from desktop_app.core.types import Pixels

Tensor = npt.NDArray[np.float32]
"""Network input: float32, (3, size, size) for one picture, (n, 3, size, size) for a batch."""


def crop_box(height: int, width: int, network: Network) -> tuple[int, int, int]:
    """The square of a picture that the network sees: (top, left, side) in that picture's pixels.

    A heat map over the picture is drawn into this square. `side` is at least 1 and at most the short side.
    """
    short = min(height, width)
    side = min(short, max(1, round(short * network.size / network.short_side)))
    return (height - side) // 2, (width - side) // 2, side


def prepare(pixels: Pixels, network: Network) -> Tensor:
    """Cuts the square, resizes it to the network's size and normalises it.

    Args:
        pixels: uint8 (h, w, 3), RGB, upright, h and w at least 1; fastest where min(h, w) == network.short_side.
        network: how its input has to look.

    Returns:
        float32 (3, size, size), C-contiguous, `(pixel - mean) / scale`. It shares no memory with `pixels`.

    Raises:
        ValueError: `pixels` is not a uint8 array (h, w, 3) with h and w at least 1.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
        raise ValueError(f"pixels must be uint8 (h, w, 3), not {pixels.dtype} {pixels.shape}")
    size = network.size
    top, left, side = crop_box(pixels.shape[0], pixels.shape[1], network)
    square = pixels[top : top + side, left : left + side]
    if side != size:
        how = cv2.INTER_AREA if side > size else cv2.INTER_LINEAR
        square = cv2.resize(square, (size, size), interpolation=how)  # type: ignore[assignment]
    tensor = np.empty((3, size, size), np.float32)
    # planes first, then arithmetic in place: a tenth of cv2.dnn.blobFromImage's time
    for channel, plane in enumerate(cv2.split(square)):
        factor = np.float32(1 / network.scale[channel])
        np.multiply(plane, factor, out=tensor[channel])
        tensor[channel] -= np.float32(network.mean[channel]) * factor
    return tensor
