"""The few EXIF values the program shows: turn, date, camera, place, stars.

Pillow's own EXIF reader warns about every camera that writes a tag a little wrongly and stops at some of
them. These files are shown by every viewer, so the few tags are read here, forgivingly: a value that
cannot be read is simply not known. Source: the EXIF 2.32 and TIFF 6.0 specifications.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

_MAKE, _MODEL, _ORIENTATION, _CHANGED = 0x010F, 0x0110, 0x0112, 0x0132
_EXIF_IFD, _ORIGINAL, _DIGITISED = 0x8769, 0x9003, 0x9004
_WIDTH, _HEIGHT = 0x0100, 0x0101
_WANTED = frozenset({_MAKE, _MODEL, _ORIENTATION, _CHANGED, _EXIF_IFD, _ORIGINAL, _DIGITISED, _WIDTH, _HEIGHT})
_GPS_IFD, _RATING, _XMP = 0x8825, 0x4746, 0x02BC
_WANTED_OF_PLACE = frozenset({_GPS_IFD, _RATING, _XMP})
_NORTH_SOUTH, _LATITUDE, _EAST_WEST, _LONGITUDE, _BELOW, _ALTITUDE = range(1, 7)
_WANTED_OF_GPS = frozenset(range(1, 7))
_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _UNDEFINED, _SIGNED_RATIONAL = 1, 2, 3, 4, 5, 7, 10
_LARGEST_XMP = 1 << 20
_COMPANY = (
    "camera cameras co co., co.,ltd co.,ltd. company computer corp corp. corporation digital electric "
    "electronics gmbh imaging inc inc. industries international kk ltd ltd. optical"
)
_COMPANY_WORDS = frozenset(_COMPANY.split())


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a picture says of itself. `orientation` is EXIF's 1 to 8; naive local time, as cameras write it."""

    orientation: int = 1
    taken: datetime | None = None
    camera: str = ""
    width: int = 0  # of the first picture of a TIFF, 0 where unknown
    height: int = 0


def read_metadata(exif: bytes) -> Metadata:
    """The metadata in an EXIF block (with or without its "Exif" prefix) or in a whole TIFF file.

    Never raises: what cannot be read is not known.
    """
    if exif.startswith(b"Exif\x00"):
        exif = exif[6:]
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None or len(exif) < 8:
        return Metadata()
    tags = dict(_entries(exif, order, int(struct.unpack_from(order + "I", exif, 4)[0])))
    nested = tags.get(_EXIF_IFD)
    if isinstance(nested, int):
        # the first table wins: some cameras write Make and Orientation a second time, wrongly
        tags = {**dict(_entries(exif, order, nested)), **tags}
    orientation = tags.get(_ORIENTATION)
    return Metadata(
        orientation=orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1,
        taken=next(filter(None, (_when(tags.get(tag)) for tag in (_ORIGINAL, _DIGITISED, _CHANGED))), None),
        camera=camera_name(_text(tags.get(_MAKE)), _text(tags.get(_MODEL))),
        width=_number(tags.get(_WIDTH)),
        height=_number(tags.get(_HEIGHT)),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture was taken and how many stars it has, as EXIF says, and the XMP packet that a TIFF holds."""

    latitude: float | None = None  # degrees, north positive; known together with the longitude
    longitude: float | None = None
    altitude: float | None = None  # metres
    rating: int | None = None  # 0 to 5
    xmp: bytes = b""


def read_place(exif: bytes) -> Place:
    """The place in an EXIF block or a whole TIFF file. Never raises: what cannot be read is not known."""
    if exif.startswith(b"Exif\x00"):
        exif = exif[6:]
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None or len(exif) < 8:
        return Place()
    tags = dict(_entries(exif, order, int(struct.unpack_from(order + "I", exif, 4)[0]), _WANTED_OF_PLACE))
    rating, xmp, nested = tags.get(_RATING), tags.get(_XMP, b""), tags.get(_GPS_IFD)
    gps = dict(_entries(exif, order, nested, _WANTED_OF_GPS)) if isinstance(nested, int) else {}
    latitude, longitude = checked_place(
        _degrees(gps.get(_LATITUDE), gps.get(_NORTH_SOUTH), "NS", order),
        _degrees(gps.get(_LONGITUDE), gps.get(_EAST_WEST), "EW", order),
    )
    height = _rationals(gps.get(_ALTITUDE), order)[:1]
    below = gps.get(_BELOW) in (1, b"1")
    return Place(
        latitude,
        longitude,
        checked_altitude(-height[0] if below else height[0]) if height and height[0] is not None else None,
        rating if isinstance(rating, int) and 0 <= rating <= 5 else None,
        xmp if isinstance(xmp, bytes) else b"",
    )


def checked_place(latitude: float | None, longitude: float | None) -> tuple[float | None, float | None]:
    """Both coordinates where they can be of this earth, else neither.

    Nothing at all (0, 0) is what devices write that do not know where they are.
    """
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None, None
    return (None, None) if latitude == longitude == 0 else (latitude, longitude)


def checked_altitude(metres: float) -> float | None:
    """Metres above the sea where a camera can have been there: from the deepest sea to the edge of the air."""
    return metres if -12_000 < metres < 100_000 else None


def _degrees(value: int | bytes | None, side: int | bytes | None, sides: str, order: str) -> float | None:
    """Degrees from up to three parts (degrees, minutes, seconds); without its side of the earth it says nothing."""
    letter = _text(side)[:1].upper()
    parts = _rationals(value, order)
    if not letter or letter not in sides or not parts or parts[0] is None:
        return None
    degrees: float = sum((part or 0.0) / 60.0**place for place, part in enumerate(parts[:3]))
    return -degrees if letter == sides[1] else degrees


def _rationals(value: int | bytes | None, order: str) -> list[float | None]:
    """Quotients of pairs of numbers; None for a division by nothing."""
    if not isinstance(value, bytes):
        return []
    pairs = struct.iter_unpack(
        order + "ii" if value[:1] == b"-" else order + "II", value[1 : 1 + (len(value) - 1) // 8 * 8]
    )
    return [over / under if under else None for over, under in pairs]


def _entries(data: bytes, order: str, at: int, wanted: frozenset[int] = _WANTED) -> Iterator[tuple[int, int | bytes]]:
    """The wanted tags of one table: numbers as int, text as bytes; pairs of numbers as bytes after their sign."""
    if at < 8 or at + 2 > len(data):
        return
    (count,) = struct.unpack_from(order + "H", data, at)
    entry = struct.Struct(order + "HHI")
    for start in range(at + 2, min(at + 2 + count * 12, len(data) - 11), 12):
        tag, kind, length = entry.unpack_from(data, start)
        if tag not in wanted:
            continue
        if kind == _SHORT:
            yield tag, struct.unpack_from(order + "H", data, start + 8)[0]
        elif kind == _LONG:
            yield tag, struct.unpack_from(order + "I", data, start + 8)[0]
        elif kind == _ASCII:
            place = start + 8 if length <= 4 else struct.unpack_from(order + "I", data, start + 8)[0]
            yield tag, data[place : place + min(length, 200)]
        elif kind in (_RATIONAL, _SIGNED_RATIONAL):
            place = struct.unpack_from(order + "I", data, start + 8)[0]
            yield tag, (b"-" if kind == _SIGNED_RATIONAL else b"+") + data[place : place + 8 * min(length, 3)]
        elif kind in (_BYTE, _UNDEFINED) and length == 1:
            yield tag, data[start + 8]
        elif kind in (_BYTE, _UNDEFINED) and tag == _XMP:
            place = struct.unpack_from(order + "I", data, start + 8)[0]
            yield tag, data[place : place + min(length, _LARGEST_XMP)]


def _text(value: int | bytes | None) -> str:
    if not isinstance(value, bytes):
        return ""
    text = value.split(b"\x00", 1)[0].decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _number(value: int | bytes | None) -> int:
    return value if isinstance(value, int) else 0


def _when(value: int | bytes | None) -> datetime | None:
    """A date such as "2019:05:12 10:11:12", also with other separators; zeros and blanks mean "never set"."""
    digits = "".join(c if c in "0123456789" else " " for c in _text(value)).split()
    try:
        year, month, day, *clock = (int(part) for part in digits[:6])
        hour, minute, second = (*clock, 0, 0, 0)[:3]
        return datetime(year, month, day, hour, minute, min(second, 59)) if year >= 1826 else None
    except (ValueError, OverflowError):
        return None


def camera_name(make: str, model: str) -> str:
    """The name people use: "Canon" and "Canon EOS 80D" make "Canon EOS 80D", with no company words."""
    words = make.split()
    while len(words) > 1 and words[-1].lower().strip(",") in _COMPANY_WORDS:
        words.pop()
    brand = " ".join(words).rstrip(",")
    if not brand or model.lower().startswith(words[0].lower()):
        return model or brand
    return f"{brand} {model}".strip()
