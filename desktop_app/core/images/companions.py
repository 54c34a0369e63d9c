"""Companions of a photo: files beside it that belong to it and move with it.

What counts, by name within one folder, upper and lower case alike (where two photos differ in nothing else, only the
exact name counts):

- *Side-car*: `IMG_1.jpg.xmp`. Also `IMG_1.xmp`, if one picture bears this name, or a camera raw beside its JPEG: then
  it is the raw's.
- *Adjustments* of Apple's Photos: `IMG_1.AAE`, if one picture bears this name; then also `IMG_O1.AAE`, if no picture
  is called IMG_O1.
- *Camera raw twin*: `IMG_1.CR2` beside the only JPEG or HEIC of its name. The JPEG is the photo and the raw its
  companion, never the other way round.
- *Video of a live photo*: `IMG_1.MOV` or `.MP4` beside the only JPEG, HEIC or DNG of its name, and only if the video
  itself says that it is half of a live photo (Apple's content identifier); or, for programs that drop this, if it lasts
  at most six seconds, was last changed within a minute of the photo, and the name holds a number as cameras give it.
- *Google Takeout's details*: `IMG_1.jpg.json`, `IMG_1.jpg.supplemental-metadata.json` and its shortened forms, the
  number of a copy where Takeout puts it (`IMG_1.jpg(2).json` for `IMG_1(2).jpg`).

A name that several pictures share (`IMG_1.png` and `IMG_1.jpg`) says nothing about whose `IMG_1.xmp` is: it is
nobody's. Links, folders and what lies in the cloud only are no companions.
"""

from __future__ import annotations

import enum
import os
import re
import stat
import struct
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from desktop_app.core import archives
from desktop_app.core.images.formats import Kind, extension_of, format_named, kind_of
from desktop_app.core.images.scan import is_placeholder

_IDENTIFIER = b"com.apple.quicktime.content.identifier"
_LARGEST_HEAD = 4 << 20  # bytes of a video's description that are looked through
_LONGEST = 6.0  # seconds
_TOGETHER_NS = 60 * 1_000_000_000
_CAMERA_NUMBER = re.compile(r"\d{3}")
_COPY = re.compile(r"(.*)(\(\d+\))")
_APPLE = re.compile(r"(?i)IMG_(\d+)")
_TAKEOUT = "supplemental-metadata"
_TAKEOUT_LONGEST = 46  # characters before ".json"
_PARENTS = ("JPEG", "HEIC")  # what a camera writes beside a raw, or as the still of a live photo


class CompanionKind(enum.Enum):
    """What a companion is to its photo; the value is what a person reads."""

    LIVE_VIDEO = "video of a live photo"
    ADJUSTMENTS = "adjustments"
    SIDE_CAR = "side-car"
    RAW = "camera raw"
    TAKEOUT = "details from Google Takeout"


@dataclass(frozen=True, slots=True)
class Companion:
    """One file that belongs to a photo."""

    path: Path
    kind: CompanionKind


def companions(paths: Iterable[Path]) -> dict[Path, tuple[Companion, ...]]:
    """The companions of photos, by the photos' paths, ordered by name; every path given has an entry.

    Each folder is listed once. A photo in an archive, or in a folder that cannot be read, has none.
    """
    folders = Folders()
    return {path: folders.of(path) for path in paths}


class Folders:
    """Companions of photos that are asked about one after the other; what a folder holds is read once and kept."""

    def __init__(self) -> None:
        self._listings: dict[Path, _Listing | None] = {}

    def of(self, photo: Path) -> tuple[Companion, ...]:
        """The companions of a photo, as `companions` gives them."""
        if archives.is_inside(photo):
            return ()
        if photo.parent not in self._listings:
            self._listings[photo.parent] = _listed(photo.parent)
        listing = self._listings[photo.parent]
        return listing.of(photo) if listing is not None else ()


@dataclass(slots=True)
class _Listing:
    """The names of one folder, by what they have in common."""

    folder: Path
    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by lower-case name
    pictures: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by lower-case stem
    takeout: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by the photo's lower-case name
    cut: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # pictures, by the beginning of long names

    def of(self, photo: Path) -> tuple[Companion, ...]:
        """The companions of a photo of this folder."""
        name, stem = photo.name, _stem(photo.name)
        same = [one for one in self.pictures.get(stem.lower(), []) if _stem(one) == stem or not self._clash(stem)]
        raws = [one for one in same if format_named(one) == "RAW" and one != name]
        others = [one for one in same if format_named(one) != "RAW" and one != name]
        found = dict.fromkeys(self._named(f"{name}.xmp", stem), CompanionKind.SIDE_CAR)
        found |= dict.fromkeys(self._takeout_of(name, stem), CompanionKind.TAKEOUT)
        beside: dict[str, CompanionKind] = {}
        if stem.lower() not in self.names:  # a.jpg.xmp beside a.jpg and a.jpg.jpg is that of a.jpg
            beside = dict.fromkeys(self._named(f"{stem}.xmp", stem), CompanionKind.SIDE_CAR)
        if not raws and not others:  # the only picture of its name
            found |= beside | self._of_only(photo, stem)
        elif format_named(name) == "RAW":
            if not raws and len(others) == 1 and format_named(others[0]) in _PARENTS:
                found |= beside
        elif format_named(name) in _PARENTS and len(raws) == 1 and not others:
            found |= beside | self._of_only(photo, stem)
            found |= dict.fromkeys(self._named(f"{raws[0]}.xmp", stem), CompanionKind.SIDE_CAR)
            found[raws[0]] = CompanionKind.RAW
        kept = sorted((other, kind.value, kind) for other, kind in found.items() if self._is_file(other))
        return tuple(Companion(self.folder / other, kind) for other, _, kind in kept)

    def _of_only(self, photo: Path, stem: str) -> dict[str, CompanionKind]:
        """What belongs to the one picture of a name, or to the one beside its raw."""
        found = dict.fromkeys(self._named(f"{stem}.aae", stem), CompanionKind.ADJUSTMENTS)
        numbered = _APPLE.fullmatch(stem)
        if numbered and f"img_o{numbered[1]}" not in self.pictures:  # else it is that picture's own
            found |= dict.fromkeys(self._named(f"IMG_O{numbered[1]}.aae", stem), CompanionKind.ADJUSTMENTS)
        if format_named(photo.name) in _PARENTS or extension_of(photo.name) == "dng":
            videos = [one for ending in ("mov", "mp4") for one in self._named(f"{stem}.{ending}", stem)]
            if len(videos) == 1 and _is_live(self.folder / videos[0], photo):
                found[videos[0]] = CompanionKind.LIVE_VIDEO
        return found

    def _takeout_of(self, name: str, stem: str) -> list[str]:
        found = self._clear(self.takeout.get(name.lower(), []), stem)
        cut = name[:_TAKEOUT_LONGEST]
        if not found and len(name) > _TAKEOUT_LONGEST and self.cut[cut.lower()] == 1:
            found = self._named(f"{cut}.json", stem)
        return found

    def _named(self, wanted: str, stem: str) -> list[str]:
        """The file of this name, whatever its case where that is clear."""
        found = self.names.get(wanted.lower(), [])
        return self._clear(found, stem) if len(found) == 1 else [one for one in found if one == wanted]

    def _clear(self, found: list[str], stem: str) -> list[str]:
        return [one for one in found if one.startswith(stem)] if self._clash(stem) else list(found)

    def _clash(self, stem: str) -> bool:
        """Whether two pictures differ in nothing but the case of their names."""
        return len({_stem(one) for one in self.pictures.get(stem.lower(), [])}) > 1

    def _is_file(self, name: str) -> bool:
        try:
            status = os.lstat(self.folder / name)
        except OSError:
            return False
        return stat.S_ISREG(status.st_mode) and not is_placeholder(status)


def _listed(folder: Path) -> _Listing | None:
    try:
        names = os.listdir(folder)
    except (OSError, ValueError):
        return None
    listing = _Listing(folder)
    for name in names:
        listing.names[name.lower()].append(name)
        if kind_of(name) in (Kind.PICTURE, Kind.UNSUPPORTED):
            listing.pictures[_stem(name).lower()].append(name)
            if len(name) > _TAKEOUT_LONGEST:
                listing.cut[name[:_TAKEOUT_LONGEST].lower()] += 1
        elif extension_of(name) == "json" and (owner := _takeout_owner(name)):
            listing.takeout[owner.lower()].append(name)
    return listing


def _takeout_owner(name: str) -> str:
    """The picture that a JSON file of Takeout is about, by its name; "" for other files."""
    rest, number = _without_number(_stem(name))
    before, dot, last = rest.rpartition(".")
    if dot and last and kind_of(rest) is not Kind.PICTURE and _TAKEOUT.startswith(last.lower()):
        rest = before
        if not number:
            rest, number = _without_number(rest)
    if kind_of(rest) is not Kind.PICTURE:
        return ""
    stem, _, ending = rest.rpartition(".")
    return f"{stem}{number}.{ending}"


def _without_number(text: str) -> tuple[str, str]:
    numbered = _COPY.fullmatch(text)
    return (numbered[1], numbered[2]) if numbered else (text, "")


def _stem(name: str) -> str:
    stem, dot, _ = name.rpartition(".")
    return stem if dot and stem.strip(".") else name


# --- videos of live photos -------------------------------------------------------------------------------------


def _is_live(video: Path, photo: Path) -> bool:
    """Whether a video is the moving half of a live photo; read as ISO 14496-12 has it: boxes in boxes."""
    try:
        if is_placeholder(os.lstat(video)):
            return False
        together = abs(video.stat().st_mtime_ns - photo.stat().st_mtime_ns) <= _TOGETHER_NS
        with video.open("rb") as file:
            head = _description(file)
    except (OSError, ValueError, struct.error):
        return False
    if _IDENTIFIER in head:
        return True
    seconds = _seconds(head)
    return 0 < seconds <= _LONGEST and together and bool(_CAMERA_NUMBER.search(_stem(photo.name)))


def _description(file: BinaryIO) -> bytes:
    """The video's `moov` box; b"" where there is none to be found."""
    at, end = 0, file.seek(0, os.SEEK_END)
    for _ in range(64):
        if at + 8 > end:
            break
        file.seek(at)
        size, kind = struct.unpack(">I4s", file.read(8))
        if size == 1:
            size = struct.unpack(">Q", file.read(8))[0]
        elif size == 0:
            size = end - at
        if kind == b"moov":
            return file.read(min(size, _LARGEST_HEAD))
        if size < 8:
            break
        at += size
    return b""


def _seconds(head: bytes) -> float:
    """How long it lasts, from the `mvhd` box; 0 where that is not said."""
    at = head.find(b"mvhd")
    if at < 0:
        return 0.0
    try:
        if head[at + 4] == 1:
            scale, length = struct.unpack(">IQ", head[at + 24 : at + 36])
        else:
            scale, length = struct.unpack(">II", head[at + 16 : at + 24])
    except (struct.error, IndexError):
        return 0.0
    return float(length / scale) if scale else 0.0
