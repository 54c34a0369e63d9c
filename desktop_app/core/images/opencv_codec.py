"""What OpenCV decodes: JPEG at a reduced scale (libjpeg-turbo), its header read by hand.

It is also the second opinion on BMP and TIFF files of kinds that Pillow does not know.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.images.pixels import resized, to_eight_bits
from desktop_app.core.types import Pixels

# its remarks about damaged files are for nobody's terminal
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))  # markers without a length
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset((0xC2, 0xC6, 0xCA, 0xCE))
END_OF_IMAGE = b"\xff\xd9"
"""Put behind a file that ends early: a decoder that waits for more then gives what it has."""
_REDUCED = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
    (1, cv2.IMREAD_COLOR),
)


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """What the markers before the first scan say; width and height as stored, not yet turned."""

    width: int
    height: int
    channels: int
    progressive: bool
    exif: bytes


def read_jpeg_header(data: bytes) -> JpegHeader | None:
    """The header of a JPEG, or None where there is no frame before the first scan. Never raises."""
    at, exif, frame = 2, b"", None
    while frame is None or not exif:
        at = data.find(b"\xff", at)
        if at < 0 or at + 4 > len(data):
            break
        marker = data[at + 1]
        if marker in (0xFF, 0x00) or marker in _ALONE:  # fill bytes, stray bytes, markers without a body
            at += 1 if marker == 0xFF else 2
            continue
        if marker in (0xDA, 0xD9):
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _FRAMES and at + 10 <= len(data):
            frame = (marker, data[at + 5 : at + 10])
        elif marker == 0xE1 and not exif and data.startswith(b"Exif\x00", at + 4):
            exif = data[at + 4 : at + 2 + length]
        at += 2 + max(length, 2)
    if frame is None:
        return None
    marker, body = frame
    return JpegHeader(
        width=int.from_bytes(body[2:4], "big"),
        height=int.from_bytes(body[:2], "big"),
        channels=body[4],
        progressive=marker in _PROGRESSIVE,
        exif=exif,
    )


def decode_jpeg(data: bytes, size: tuple[int, int], wanted: tuple[int, int]) -> Pixels | None:
    """Decode by the largest of the scales 1/8, 1/4, 1/2, 1 that is not smaller than wanted.

    Args:
        data: The whole file.
        size: (width, height) of the header.
        wanted: (width, height) that the result must reach.

    Returns:
        uint8 (height, width, 3) in **BGR** as stored (not turned), or None where the file ends early or
        nothing can be decoded.
    """
    (width, height), (wanted_width, wanted_height) = size, wanted
    flag = next(
        flag
        for scale, flag in _REDUCED
        if scale == 1 or (-(-width // scale) >= wanted_width and -(-height // scale) >= wanted_height)
    )
    flag |= cv2.IMREAD_IGNORE_ORIENTATION
    return cv2.imdecode(np.frombuffer(data, np.uint8), flag)  # type: ignore[return-value]


def decode_with_opencv(data: bytes, wanted: tuple[int, int]) -> Pixels | None:
    """Any other file that OpenCV can decode: uint8 RGB on white, not turned, or None."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None or pixels.size == 0:
        return None
    flat: npt.NDArray[np.uint8] = (
        pixels if pixels.dtype == np.uint8 else to_eight_bits(pixels)  # type: ignore[assignment]
    )
    if flat.ndim == 2:
        return np.repeat(resized(flat, wanted)[:, :, None], 3, axis=2)
    if flat.shape[2] == 4:
        alpha = flat[:, :, 3:].astype(np.uint16)
        flat = ((flat[:, :, :3] * alpha + 255 * (255 - alpha)) // 255).astype(np.uint8)
    return np.ascontiguousarray(resized(flat, wanted)[:, :, ::-1])
