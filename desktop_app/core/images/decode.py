"""Read one picture: its pixels, upright and small, and what the catalogue wants to know of it.

The file is read once. Its content hash, header, metadata and pixels all come from those bytes, and the
pixels are decoded at the smallest scale that serves, so that a 12-megapixel JPEG costs some 16 ms.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import cv2

from desktop_app.core.errors import Unreadable
from desktop_app.core.images import pillow_codec
from desktop_app.core.images.children import decode_in_child
from desktop_app.core.images.files import alone, read_file
from desktop_app.core.images.formats import (
    SNIFF_BYTES,
    VIDEO,
    Kind,
    extension_of,
    kind_of,
    sniff,
    sniff_unsupported,
    sniff_video,
)
from desktop_app.core.images.metadata import Metadata, read_metadata
from desktop_app.core.images.opencv_codec import END_OF_IMAGE, decode_jpeg, decode_with_opencv, read_jpeg_header
from desktop_app.core.images.pixels import (
    Fit,
    Size,
    resized,
    turned_size,
    upright,
)
from desktop_app.core.types import Pixels, Reason

SHORT_SIDE = 256
LIMIT_MEGAPIXELS = 200.0

_ALONE_PIXELS = 40_000_000

# Everything that the plug-ins, OpenCV and zlib were seen to raise for damaged files. Deliberately not
# `Exception`: a mistake of our own must come up as one.
CODEC_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    AttributeError,
    AssertionError,
    struct.error,
    zlib.error,
    cv2.error,
    Warning,
)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One decoded picture.

    Attributes:
        pixels: uint8 (height, width, 3), RGB, upright, contiguous, on white where it was see-through.
        width: Of the upright original, in pixels.
        height: Of the upright original, in pixels.
        format: "JPEG", "PNG", "WebP", "BMP", "TIFF", "GIF", "AVIF", "JPEG 2000", "HEIC", "RAW", or "Video" (a frame).
        taken: When the photo was taken, as the camera's clock said (naive), or None.
        camera: "Canon EOS 80D", or "".
        content: blake2b-128 of the whole file.
        size: Of the file, in bytes.
        mtime_ns: Of the file as it was read; 0 for bytes that are no file.
    """

    pixels: Pixels
    width: int
    height: int
    format: str
    taken: datetime | None
    camera: str
    content: bytes
    size: int
    mtime_ns: int


def read_picture(path: Path, *, short_side: int = SHORT_SIDE, limit_megapixels: float = LIMIT_MEGAPIXELS) -> Picture:
    """Read a picture for thumbnail and network.

    The short side of the pixels is exactly `short_side`, or the original's where that is smaller: nothing
    is enlarged. Beyond 4:1 the whole picture is kept and its long side is `4 * short_side`.

    Raises:
        Unreadable: With the reason, whatever is wrong with the file.
    """
    return _read(path, Fit(short_side=short_side), limit_megapixels)


def read_full(path: Path, *, max_side: int | None = None, limit_megapixels: float = LIMIT_MEGAPIXELS) -> Picture:
    """Read a picture for the viewer: every pixel, or reduced so that its long side is `max_side`.

    Raises:
        Unreadable: With the reason, whatever is wrong with the file.
    """
    return _read(path, Fit(long_side=max_side), limit_megapixels)


def content_of(data: bytes) -> bytes:
    """By what a file's content is known: blake2b-128 of all of it."""
    return hashlib.blake2b(data, digest_size=16).digest()


def decode(
    data: bytes,
    name: str,
    *,
    short_side: int = SHORT_SIDE,
    limit_megapixels: float = LIMIT_MEGAPIXELS,
    content: bytes = b"",
) -> Picture:
    """As `read_picture`, from bytes (a dropped or pasted picture).

    `name` only serves camera raw; `content` is `content_of(data)` where the caller knows it already.

    Raises:
        Unreadable: With the reason, whatever is wrong with the bytes.
    """
    return _decode(data, name, Fit(short_side=short_side), limit_megapixels, 0, content)


def single_threaded() -> None:
    """Let OpenCV use the calling thread only: the program runs one worker per core itself."""
    cv2.setNumThreads(1)


def read_bytes(path: Path) -> bytes:
    """A file's bytes, if it is one that may be opened: on this disk, regular, not absurdly large.

    Raises:
        Unreadable: With the reason.
    """
    return read_file(path)[0]


def _read(path: Path, fit: Fit, limit: float) -> Picture:
    data, mtime_ns = read_file(path)
    return _decode(data, path.name, fit, limit, mtime_ns)


def _decode(data: bytes, name: str, fit: Fit, limit: float, mtime_ns: int, content: bytes = b"") -> Picture:
    if not data:
        raise Unreadable(Reason.EMPTY)
    format_name = sniff(data[:SNIFF_BYTES], name)
    if not format_name and kind_of(name) is Kind.VIDEO and sniff_video(data[:SNIFF_BYTES]):
        format_name = VIDEO
    if not format_name:
        kind = sniff_unsupported(data[:SNIFF_BYTES])
        if kind:
            raise Unreadable(Reason.UNSUPPORTED, kind)
        extension = extension_of(name)
        promised = not extension or kind_of(name) is Kind.PICTURE
        reason = Reason.DAMAGED if promised else Reason.UNSUPPORTED
        raise Unreadable(reason, f"no picture in a .{extension} file" if extension else "no picture")
    try:
        if format_name == "JPEG":
            pixels, size, seen = decode_jpeg_file(data, fit, limit)
        elif format_name in ("HEIC", "RAW", VIDEO):
            pixels, size, seen = decode_in_child(data, format_name, fit, limit)
        else:
            pixels, size, seen = _decode_with_pillow(data, format_name, fit, limit)
    except MemoryError as error:
        raise Unreadable(Reason.TOO_LARGE, "not enough memory") from error
    except CODEC_ERRORS as error:
        raise Unreadable(_reason(error), f"{format_name}: {error}") from error
    return Picture(
        pixels=pixels,
        width=size[0],
        height=size[1],
        format=format_name,
        taken=seen.taken,
        camera=seen.camera,
        content=content or content_of(data),
        size=len(data),
        mtime_ns=mtime_ns,
    )


def decode_jpeg_file(data: bytes, fit: Fit, limit: float) -> tuple[Pixels, Size, Metadata]:
    """A whole JPEG file: pixels (upright, reduced), the upright size of the original, metadata.

    Raises:
        Unreadable: If it is damaged or too large.
        Exception: Whatever the codec raises (`CODEC_ERRORS`).
    """
    header = read_jpeg_header(data)
    if header is None:
        raise Unreadable(Reason.DAMAGED, "JPEG: no picture in the file")
    size = (header.width, header.height)
    check_size(size, limit)
    seen = read_metadata(header.exif)
    # a progressive JPEG is held whole before the first pixel comes out, at any scale
    wanted = fit(size)
    with alone(_is_huge(size) and (header.progressive or _is_huge(wanted))):
        pixels = decode_jpeg(data, size, wanted) if header.channels in (1, 3) else None
        if pixels is not None:
            pixels = cv2.cvtColor(resized(pixels, wanted), cv2.COLOR_BGR2RGB)  # type: ignore[assignment]
        else:  # ink, or a file that ends early
            pixels = pillow_codec.decode_image(pillow_codec.open_lazily(data + END_OF_IMAGE, "JPEG"), wanted)
    return upright(pixels, seen.orientation), turned_size(size, seen.orientation), seen


def _decode_with_pillow(data: bytes, name: str, fit: Fit, limit: float) -> tuple[Pixels, Size, Metadata]:
    if name == "WebP":
        check_size(_webp_size(data), limit)  # the plug-in makes room for every pixel when it opens a file
    try:
        image = pillow_codec.open_lazily(data, name)
        size = image.size
        check_size(size, limit)
        if name == "TIFF":  # the plug-in turns these itself
            seen = replace(read_metadata(data), orientation=1)
        else:
            seen = read_metadata(pillow_codec.exif_of(image))
        with alone(_is_huge(size)):
            pixels = pillow_codec.decode_image(image, fit(size))
    except CODEC_ERRORS as error:
        if name not in ("TIFF", "BMP"):
            raise
        pixels, size, seen = _decode_with_opencv(data, name, fit, limit, error)
    return upright(pixels, seen.orientation), turned_size(size, seen.orientation), seen


def _decode_with_opencv(
    data: bytes, name: str, fit: Fit, limit: float, error: BaseException
) -> tuple[Pixels, Size, Metadata]:
    """Kinds of BMP and TIFF that Pillow does not know: unusual bit masks, real numbers in three channels."""
    if name == "TIFF":
        seen = read_metadata(data)
        size = (seen.width, seen.height)
    else:
        seen = Metadata()
        sides = "<HH" if data[14] == 12 else "<ii"  # the oldest header has small numbers
        width, height = struct.unpack_from(sides, data, 18)
        size = (abs(width), abs(height))
    check_size(size, limit)
    with alone(_is_huge(size)):
        pixels = decode_with_opencv(data, fit(size))
    if pixels is None:
        raise error
    return pixels, size, seen


def _reason(error: BaseException) -> Reason:
    """A codec that says it does not know a variant of its format says nothing bad about the file."""
    text = str(error).lower()
    return Reason.UNSUPPORTED if "unsupported" in text or "unknown pixel mode" in text else Reason.DAMAGED


def check_size(size: Size, limit: float) -> None:
    """Refuse a picture by its header, before anything is decoded.

    Raises:
        Unreadable: TOO_LARGE with the number of megapixels, DAMAGED for a side of no pixels.
    """
    megapixels = size[0] * size[1] / 1e6
    if megapixels > limit:
        raise Unreadable(Reason.TOO_LARGE, f"{megapixels:,.0f} megapixels")
    if min(size) < 1:
        raise Unreadable(Reason.DAMAGED, "a picture of no pixels")


def _webp_size(data: bytes) -> Size:
    """(width, height) from the first chunk of a WebP file; (1, 1) where it says none: the codec will object."""
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        return 1, 1
    if chunk == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return max(1, width & 0x3FFF), max(1, height & 0x3FFF)
    return 1, 1


def _is_huge(size: Size) -> bool:
    return size[0] * size[1] > _ALONE_PIXELS
