"""Test pictures, made when they are needed: other tests may import this."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

ORIENTATION, MAKE, MODEL, EXIF_IFD, TAKEN = 0x0112, 0x010F, 0x0110, 0x8769, 0x9003


def four_corners(width: int = 120, height: int = 80) -> Image.Image:
    """Red, green, blue and yellow quarters (from top left, row by row): every turn and mirror shows."""
    image = Image.new("RGB", (width, height))
    left, top = width // 2, height // 2
    image.paste((220, 20, 20), (0, 0, left, top))
    image.paste((20, 200, 20), (left, 0, width, top))
    image.paste((20, 20, 220), (0, top, left, height))
    image.paste((220, 220, 20), (left, top, width, height))
    return image


def corners(pixels: npt.NDArray[np.uint8]) -> str:
    """The colours of the corners of `four_corners` as seen, from top left row by row: "rgby" when upright."""
    height, width = pixels.shape[:2]
    seen = ""
    for y in (height // 8, height - 1 - height // 8):
        for x in (width // 8, width - 1 - width // 8):
            red, green, blue = (int(value) > 128 for value in pixels[y, x])
            seen += {(True, True, False): "y", (True, False, False): "r", (False, True, False): "g"}.get(
                (red, green, blue), "b" if blue and not red and not green else "?"
            )
    return seen


def photo(width: int = 640, height: int = 480, seed: int = 0) -> Image.Image:
    """Something with shapes, colours and a little noise; another seed is another picture."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 255, (6, 8, 3), dtype=np.uint8)
    smooth = np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)).astype(np.int16)
    noise = random.integers(-6, 7, smooth.shape, dtype=np.int16)
    return Image.fromarray(np.clip(smooth + noise, 0, 255).astype(np.uint8))


def encoded(image: Image.Image, format_name: str, **options: Any) -> bytes:
    """A file of a Pillow format ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "JPEG2000", ...) as bytes."""
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def exif(orientation: int = 1, make: str = "", model: str = "", taken: str = "") -> bytes:
    """An EXIF block; `taken` as cameras write it: "2019:05:12 10:11:12"."""
    block = Image.Exif()
    if orientation != 1:
        block[ORIENTATION] = orientation
    if make:
        block[MAKE] = make
    if model:
        block[MODEL] = model
    if taken:
        block.get_ifd(EXIF_IFD)[TAKEN] = taken
    return block.tobytes()


def stored_turned(image: Image.Image, orientation: int) -> Image.Image:
    """The pixels as a camera stores them so that the EXIF orientation makes `image` of them."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return image.transpose(undo[orientation]) if orientation in undo else image


def lying_png(width: int, height: int) -> bytes:
    """A PNG whose header promises any size and whose data is almost nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def lying_jpeg(width: int, height: int) -> bytes:
    """A small JPEG whose header promises any size up to 65,535."""
    data = encoded(photo(64, 64), "JPEG")
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def heic(image: Image.Image, orientation: int = 1, **tags: str) -> bytes:
    """A HEIC file; an orientation becomes the container's own turn and mirror."""
    from pillow_heif import from_pillow

    file = from_pillow(image)
    buffer = io.BytesIO()
    file.save(buffer, quality=90, exif=exif(orientation, **tags))
    return buffer.getvalue()


def dng(width: int, height: int, orientation: int = 1, preview: Image.Image | None = None) -> bytes:
    """A camera raw file: an RGGB mosaic of 16 bits, dark at the left top, with or without a JPEG preview.

    Source of the tags: the DNG 1.4 specification.
    """
    y, x = np.mgrid[:height, :width]
    mosaic = np.full((height, width), 20_000, np.uint16)
    mosaic[0::2, 0::2] = (x * 60_000 // width)[0::2, 0::2]
    mosaic[0::2, 1::2] = (y * 60_000 // height)[0::2, 1::2]
    mosaic[1::2, 0::2] = (y * 60_000 // height)[1::2, 0::2]
    sensor = mosaic.tobytes()

    common = [
        _ascii(MAKE, "Likeness"), _ascii(MODEL, "Test Camera"), _shorts(ORIENTATION, orientation),
        _ascii(0x0132, "2019:05:12 10:11:12"), _bytes(0xC612, 1, 4, 0, 0), _bytes(0xC613, 1, 1, 0, 0),
        _ascii(0xC614, "Likeness Test Camera"), _ratios(0xC621, 10, 1, 0, 0, 0, 1, 0, 0, 0, 1),
        _ratios(0xC628, 5, 1, 1, 1), _shorts(0xC65A, 21),
    ]  # fmt: skip

    def sensor_tags(at: int) -> list[bytes]:
        return [
            _longs(0xFE, 0), _longs(0x100, width), _longs(0x101, height), _shorts(0x102, 16), _shorts(0x103, 1),
            _shorts(0x106, 32_803), _longs(0x111, at), _shorts(0x115, 1), _longs(0x116, height),
            _longs(0x117, len(sensor)), _shorts(0x11C, 1), _shorts(0x828D, 2, 2), _bytes(0x828E, 0, 1, 1, 2),
            _longs(0xC61D, 65_535),
        ]  # fmt: skip

    if preview is None:
        length = len(_table(8, common + sensor_tags(0)))
        return b"II*\0" + struct.pack("<I", 8) + _table(8, common + sensor_tags(8 + length)) + sensor
    jpeg = encoded(preview, "JPEG", quality=95)
    jpeg += b"\0" * (len(jpeg) % 2)

    def first_tags(at: int, second: int) -> list[bytes]:
        return [
            *common, _longs(0xFE, 1), _longs(0x100, preview.width), _longs(0x101, preview.height),
            _shorts(0x102, 8, 8, 8), _shorts(0x103, 7), _shorts(0x106, 6), _longs(0x111, at), _shorts(0x115, 3),
            _longs(0x116, preview.height), _longs(0x117, len(jpeg)), _shorts(0x11C, 1), _longs(0x14A, second),
        ]  # fmt: skip

    second = 8 + len(_table(8, first_tags(0, 0)))
    data = second + len(_table(second, sensor_tags(0)))
    tables = _table(8, first_tags(data, second)) + _table(second, sensor_tags(data + len(jpeg)))
    return b"II*\0" + struct.pack("<I", 8) + tables + jpeg + sensor


def _entry(tag: int, kind: int, count: int, value: bytes) -> bytes:
    return struct.pack("<HHI", tag, kind, count) + value


def _shorts(tag: int, *values: int) -> bytes:
    return _entry(tag, 3, len(values), struct.pack(f"<{len(values)}H", *values))


def _longs(tag: int, *values: int) -> bytes:
    return _entry(tag, 4, len(values), struct.pack(f"<{len(values)}I", *values))


def _bytes(tag: int, *values: int) -> bytes:
    return _entry(tag, 1, len(values), bytes(values))


def _ascii(tag: int, text: str) -> bytes:
    return _entry(tag, 2, len(text) + 1, text.encode() + b"\0")


def _ratios(tag: int, kind: int, *values: int) -> bytes:
    return _entry(tag, kind, len(values), b"".join(struct.pack("<ii", value, 1) for value in values))


def _table(at: int, entries: list[bytes]) -> bytes:
    """A TIFF directory at a place of the file, its longer values behind it."""
    behind_at = at + 2 + 12 * len(entries) + 4
    table, behind = struct.pack("<H", len(entries)), b""
    for entry in sorted(entries, key=lambda entry: struct.unpack_from("<H", entry)):
        value = entry[8:]
        if len(value) > 4:
            place = struct.pack("<I", behind_at + len(behind))
            behind += value + b"\0" * (len(value) % 2)
            value = place
        table += entry[:8] + value.ljust(4, b"\0")
    return table + struct.pack("<I", 0) + behind
