"""Where the formats keep EXIF and XMP, without decoding a pixel.

Never raises: what is not where it should be is not there. Sources: the XMP specification part 3; ISO 14496-12 and
23008-12 (HEIF); the PNG and WebP container specifications.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

_XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\x00"
_XMP_KEYWORD = b"XML:com.adobe.xmp\x00"
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))  # JPEG markers without a length
_LARGEST = 4 << 20  # bytes of one block
_MOST_ITEMS = 10_000

Blocks = tuple[bytes, bytes]
"""EXIF and XMP, b"" where there is none."""


def embedded(data: bytes, format_name: str) -> Blocks:
    """The EXIF block (of a TIFF or camera raw: the file itself) and the XMP packet of a picture file.

    Args:
        data: the file; of a JPEG its first megabyte is enough.
        format_name: as `formats.sniff` names it.
    """
    if format_name == "JPEG":
        return _of_jpeg(data)
    if format_name == "RAW" and data.startswith(b"FUJIFILMCCD-RAW"):
        at = int.from_bytes(data[84:88], "big")
        return _of_jpeg(data[at : at + _LARGEST])
    if format_name in ("TIFF", "RAW"):
        return data, b""
    if format_name == "PNG":
        return _of_png(data)
    if format_name == "WebP":
        return _of_webp(data)
    if format_name in ("HEIC", "AVIF"):
        return _of_heif(data)
    return b"", b""


def _of_jpeg(data: bytes) -> Blocks:
    exif = xmp = b""
    at = 2
    while not (exif and xmp):
        at = data.find(b"\xff", at)
        if at < 0 or at + 4 > len(data):
            break
        marker = data[at + 1]
        if marker in (0xFF, 0x00) or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in (0xDA, 0xD9):
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xE1:
            if not exif and data.startswith(b"Exif\x00", at + 4):
                exif = data[at + 4 : at + 2 + length]
            elif not xmp and data.startswith(_XMP_HEAD, at + 4):
                xmp = data[at + 4 + len(_XMP_HEAD) : at + 2 + length]
        at += 2 + max(length, 2)
    return exif, xmp


def _of_png(data: bytes) -> Blocks:
    exif = xmp = b""
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"eXIf" and not exif:
            exif = data[at + 8 : at + 8 + min(length, _LARGEST)]
        elif kind == b"iTXt" and not xmp and data.startswith(_XMP_KEYWORD, at + 8):
            xmp = _international_text(data[at + 8 + len(_XMP_KEYWORD) : at + 8 + min(length, _LARGEST)])
        at += 12 + length
    return exif, xmp


def _international_text(body: bytes) -> bytes:
    """The text of a PNG's text chunk behind its keyword: packed or not, language, keyword in it, text."""
    parts = body[2:].split(b"\x00", 2)
    if len(parts) < 3:
        return b""
    if body[:1] != b"\x01":
        return parts[2]
    try:
        return zlib.decompressobj().decompress(parts[2], _LARGEST)
    except zlib.error:
        return b""


def _of_webp(data: bytes) -> Blocks:
    exif = xmp = b""
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind == b"EXIF" and not exif:
            exif = data[at + 8 : at + 8 + min(length, _LARGEST)]
        elif kind == b"XMP " and not xmp:
            xmp = data[at + 8 : at + 8 + min(length, _LARGEST)]
        at += 8 + length + length % 2
    return exif, xmp


def _of_heif(data: bytes) -> Blocks:
    meta = next((body for kind, body in _boxes(data, 0, len(data)) if kind == b"meta"), None)
    if meta is None:
        return b"", b""
    boxes = dict(_boxes(data, meta[0] + 4, meta[1]))
    if b"iinf" not in boxes or b"iloc" not in boxes:
        return b"", b""
    try:
        wanted = _items(data, boxes[b"iinf"])
        found = _located(data, boxes[b"iloc"], boxes.get(b"idat", (0, 0))[0], wanted)
    except (struct.error, IndexError):  # it ends in the middle of a table
        return b"", b""
    exif = found.get(b"Exif", b"")
    skip = int.from_bytes(exif[:4], "big")  # where the TIFF header begins, after this number
    return exif[4 + skip :] if skip < len(exif) else b"", found.get(b"mime", b"")


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Kind of each box between two places of a file, and where its contents begin and end."""
    for _ in range(_MOST_ITEMS):
        if at + 8 > end:
            return
        length, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1 and at + 16 <= end:
            (length,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        elif length == 0:
            length = end - at
        if length < head or at + length > end:
            return
        yield kind, (at + head, at + length)
        at += length


def _items(data: bytes, box: tuple[int, int]) -> dict[int, bytes]:
    """Number and kind of the items that are EXIF or XMP."""
    found: dict[int, bytes] = {}
    at, end = box
    for kind, (start, stop) in _boxes(data, at + (6 if data[at] == 0 else 8), end):
        version = data[start]
        if kind != b"infe" or version < 2:
            continue
        number, name = (start + 4, start + 8) if version == 2 else (start + 4, start + 10)
        item = data[name : name + 4]
        if item == b"Exif" or (item == b"mime" and b"application/rdf+xml" in data[name + 4 : stop]):
            width = 2 if version == 2 else 4
            found[int.from_bytes(data[number : number + width], "big")] = item
    return found


def _located(data: bytes, box: tuple[int, int], inner: int, wanted: dict[int, bytes]) -> dict[bytes, bytes]:
    """The bytes of these items, by kind."""
    at, end = box
    version, sizes = data[at], int.from_bytes(data[at + 4 : at + 6], "big")
    widths = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15  # of offset, length, base, index
    at += 6
    wide = 4 if version == 2 else 2
    count, at = _whole(data, at, wide)
    found: dict[bytes, bytes] = {}
    for _ in range(min(count, _MOST_ITEMS)):
        if at >= end:
            break
        item, at = _whole(data, at, wide)
        method = 0
        if version in (1, 2):
            method, at = _whole(data, at, 2)
        _, at = _whole(data, at, 2)
        base, at = _whole(data, at, widths[2])
        extents, at = _whole(data, at, 2)
        body = b""
        for _ in range(extents):
            if at >= end:
                break
            at += widths[3] if version in (1, 2) else 0
            offset, at = _whole(data, at, widths[0])
            length, at = _whole(data, at, widths[1])
            if item in wanted and len(body) < _LARGEST:
                place = base + offset + (inner if method & 15 == 1 else 0)
                body += data[place : place + min(length, _LARGEST)]
        if item in wanted:
            found.setdefault(wanted[item], body)
    return found


def _whole(data: bytes, at: int, width: int) -> tuple[int, int]:
    return int.from_bytes(data[at : at + width], "big"), at + width
