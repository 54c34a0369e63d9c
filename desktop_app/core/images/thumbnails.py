"""Thumbnails as they are kept: small JPEGs made from the pixels that the network saw too."""

from __future__ import annotations

import cv2
import numpy as np

from desktop_app.core.types import Pixels

_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 80, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420]


def encode_thumbnail(pixels: Pixels) -> bytes:
    """Write pixels as a JPEG of quality 80 with halved colour (some 1 ms for 256 x 384).

    Raises:
        ValueError: If the pixels are no uint8 (height, width, 3), or of no size.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.size == 0:
        raise ValueError(f"no picture: {pixels.dtype} {pixels.shape}")
    done, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), _QUALITY)
    if not done:
        raise ValueError(f"not encoded: {pixels.shape}")
    return data.tobytes()


def decode_thumbnail(data: bytes) -> Pixels:
    """Read what `encode_thumbnail` wrote: uint8 (height, width, 3), RGB.

    Raises:
        ValueError: If the data is no such JPEG; a thumbnail is a cache and can be made again.
    """
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB) if data else None
    except cv2.error as error:
        raise ValueError("the thumbnail is damaged") from error
    if pixels is None:
        raise ValueError("the thumbnail is damaged")
    return pixels  # type: ignore[return-value]
