"""What an XMP packet says: stars, keywords, title, description, place. Read only, never written.

Packets come from strangers: there are no entities and no document types in them, and they are small; what is
otherwise is not read. Source: the XMP specification parts 1 and 2; Lightroom's and digiKam's names for tags.
"""

from __future__ import annotations

import math
import re

from desktop_app.core.images.metadata import checked_altitude, checked_place
from desktop_app.core.types import Details

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_EXIF = "{http://ns.adobe.com/exif/1.0/}"
_RATING = "{http://ns.adobe.com/xap/1.0/}Rating"
_PERCENT = "{http://ns.microsoft.com/photo/1.0/}Rating"
_PATHS = {  # tags with what they lie in, and what stands between
    "{http://ns.adobe.com/lightroom/1.0/}hierarchicalSubject": "|",
    "{http://www.digikam.org/ns/1.0/}TagsList": "/",
    "{http://ns.microsoft.com/photo/1.0/}LastKeywordXMP": "/",
}
_TEXT = (_DC + "title", _DC + "description")
_PLACE = ("GPSLatitude", "GPSLongitude", "GPSAltitude", "GPSAltitudeRef")
_WANTED = frozenset((_RATING, _PERCENT, _DC + "subject", *_PATHS, *_TEXT, *(_EXIF + name for name in _PLACE)))
_WORTH_READING = re.compile(rb"Rating|subject|Subject|TagsList|LastKeyword|title|description|GPSL")

# what programs and cameras write where people wrote nothing
_NOTHING_SAID = frozenset(
    ("x-default", "olympus digital camera", "sony dsc", "kodak digital still camera", "minolta digital camera")
)

LARGEST = 4 << 20
_DEEPEST = 64
_MOST_KEYWORDS = 500
_LONGEST_KEYWORD = 200
_LONGEST_TEXT = 10_000
_COORDINATE = re.compile(r"\s*(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?(?:,(\d+(?:\.\d+)?))?\s*([NSEWnsew])\s*")


class _Refused(Exception):
    """Something that no program writes into a packet."""


class _Collector:
    """Gathers the wanted properties while the packet is being read; nothing else is kept."""

    def __init__(self) -> None:
        self.values: dict[str, list[str]] = {}
        self._path: list[str] = []
        self._property = ""
        self._letters: list[str] = []

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise _Refused

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= _DEEPEST:
            raise _Refused
        if tag == _RDF + "Description" and not self._property:
            for name, value in attributes.items():
                if name in _WANTED:
                    self.values.setdefault(name, []).append(value)
        elif not self._property and tag in _WANTED:
            self._property = tag
        self._path.append(tag)
        self._letters.clear()

    def data(self, letters: str) -> None:
        if self._property:
            self._letters.append(letters)

    def end(self, tag: str) -> None:
        self._path.pop()
        if self._property and tag in (_RDF + "li", self._property, _RDF + "value"):
            words = "".join(self._letters).strip()
            if words:
                self.values.setdefault(self._property, []).append(words)
        self._letters.clear()
        if tag == self._property:
            self._property = ""

    def close(self) -> None:
        """Called at the end."""


def read_xmp(packet: bytes) -> Details:
    """What a packet, or a whole side-car, says. Never raises: what cannot be read is not known."""
    if not packet or len(packet) > LARGEST:
        return Details()
    wide = packet[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in packet[:4]
    if not wide and not _WORTH_READING.search(packet):
        return Details()  # the packets of most cameras hold only what EXIF says too
    from xml.etree import ElementTree  # most photos have no packet that is worth it

    collector = _Collector()
    try:
        parser = ElementTree.XMLParser(target=collector)  # a target need not build a tree
        parser.feed(packet if wide else packet.strip(b"\x00 \t\r\n"))
        parser.close()
    except (_Refused, ElementTree.ParseError, ValueError, LookupError):
        return Details()
    return _details(collector.values)


def _details(values: dict[str, list[str]]) -> Details:
    def first(name: str) -> str:
        return next(iter(values.get(name, ())), "")

    latitude, longitude = checked_place(
        _degrees(first(_EXIF + "GPSLatitude"), "NS"), _degrees(first(_EXIF + "GPSLongitude"), "EW")
    )
    height = _quotient(first(_EXIF + "GPSAltitude"))
    if height is not None and first(_EXIF + "GPSAltitudeRef")[:1] == "1":
        height = -height
    return Details(
        latitude,
        longitude,
        None if height is None else checked_altitude(height),
        _rating(first(_RATING), first(_PERCENT)),
        _keywords(values),
        _said(first(_TEXT[0]), 1_000),
        _said(first(_TEXT[1]), _LONGEST_TEXT),
    )


def _keywords(values: dict[str, list[str]]) -> tuple[str, ...]:
    """Every keyword once, also those that others lie in: "Places|Berlin" is both."""
    found: dict[str, str] = {}
    # no program lets a keyword hold what others write between keywords
    words = [word for said in values.get(_DC + "subject", ()) for word in re.split("[,;]", said)]
    for name, between in _PATHS.items():
        words += [part for path in values.get(name, ()) for part in path.split(between)]
    for word in words:
        clean = _clean(word, _LONGEST_KEYWORD)
        if clean and len(found) < _MOST_KEYWORDS:
            found.setdefault(clean.casefold(), clean)
    return tuple(found.values())


def _rating(stars: str, percent: str) -> int | None:
    for text, scale in ((stars, (1, 2, 3, 4, 5)), (percent, (1, 13, 38, 63, 88))):
        try:
            value = float(text)
        except ValueError:
            continue
        if value < 0:
            return -1
        if math.isfinite(value) and value <= 100:
            return sum(value >= least for least in scale)
    return None


def _degrees(text: str, sides: str) -> float | None:
    """Degrees from "52,31.2N" or "52,31,12N"."""
    match = _COORDINATE.fullmatch(text[:80])
    if match is None or match[4].upper() not in sides:
        return None
    degrees: float = sum(float(match[place + 1] or 0) / 60.0**place for place in range(3))
    return -degrees if match[4].upper() == sides[1] else degrees


def _quotient(text: str) -> float | None:
    over, _, under = text[:80].partition("/")
    try:
        value = float(over) / float(under or 1)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _said(text: str, longest: int) -> str:
    words = _clean(text, longest)
    return "" if words.casefold() in _NOTHING_SAID else words


def _clean(text: str, longest: int) -> str:
    """One line of printable letters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * longest]).split())[:longest]
