"""Which photo of a set to keep, and why, by rules that a person may change. A whole set is never offered to go."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop_app.core.duplicates.sets import KeepRules, Place, Prefer
from desktop_app.core.types import FolderId

_FORMATS = ("GIF", "WebP", "JPEG", "AVIF", "HEIC", "BMP", "PNG", "JPEG 2000", "TIFF", "RAW")
_COPY_NAME = re.compile(
    r"(?i)\bcop(y|ies|ia|ie)\b|kopie|コピー|副本|\(\d+\)\s*$|[-_ ~]\d{1,2}$"
    r"|[-_ (](edit(ed)?|small|web|resized?|crop(ped)?|rotated?|turned|mirror(ed)?|flipped|compressed)\d*\)?$"
)


@dataclass(frozen=True, slots=True)
class Merits:
    """What can speak for keeping a photo.

    Attributes:
        folder: the folder of the library that it is in.
        path: relative to it, "/" between parts.
        pixels: width times height.
        bytes: of its file.
        format: "JPEG", "RAW", ...
        modified: of the file, seconds since 1970.
        labels: how many labels and notes a person gave it.
        facts: what its metadata hold: "a date", "a camera", "a place", "stars", "keywords".
        is_whole: it shows all that any photo of the set shows, unmarked and not mirrored.
        is_upright: it lies as most photos of the set do.
        is_plain: it is as bright and colourful as most of them.
        kept_because: why it may not go; "" where it may.
        companions: what lies beside it: "a camera raw", "a live video", "a side-car".
    """

    folder: FolderId
    path: str
    pixels: int
    bytes: int
    format: str
    modified: float = 0.0
    labels: int = 0
    facts: tuple[str, ...] = ()
    is_whole: bool = True
    is_upright: bool = True
    is_plain: bool = True
    kept_because: str = ""
    companions: tuple[str, ...] = ()


def lies_in(folder: FolderId, path: str, place: Place) -> bool:
    """Whether a photo lies in a folder, or below it."""
    below = place.below.strip("/")
    return folder == place.folder and (not below or path.startswith(below + "/"))


def choose(photos: Sequence[Merits], rules: KeepRules) -> tuple[int, str]:
    """The photo to keep, by its place among `photos`, and what speaks for it in words.

    One in a protected folder comes first, then one with files beside it that the others lack; then the first preference
    that tells two apart decides. Where nothing does, the first by path is kept. Older is what was there first, but for
    a file with less than a quarter of the bytes for as many pixels: of that the others were not made.
    """
    ways = [(prefer, _MERIT[prefer]) for prefer in rules.prefer]
    squeezed = _squeezed(photos)
    values = [[merit(photo, rules) for _, merit in ways] for photo in photos]
    for own, is_squeezed in zip(values, squeezed, strict=True):
        for number, (prefer, _) in enumerate(ways):
            if prefer is Prefer.OLDEST and is_squeezed:
                own[number] = -math.inf
    # what must stay anyway is kept: then all the others may go
    order = sorted(
        range(len(photos)),
        key=lambda n: (
            photos[n].kept_because != PROTECTED,
            -_beside(photos[n]),
            [-value for value in values[n]],
            bool(photos[n].kept_because),
            photos[n].path,
            photos[n].folder,
        ),
    )
    best = order[0]
    reasons = [PROTECTED] if photos[best].kept_because == PROTECTED else []
    open_ = set(range(len(photos))) - {best}
    bare = {other for other in open_ if _beside(photos[other]) < _beside(photos[best])}
    if bare:
        more = [one for one in photos[best].companions if any(one not in photos[other].companions for other in bare)]
        reasons.append(f"has {' and '.join(more[:2])}")
        open_ -= bare
    for number, (prefer, _) in enumerate(ways):
        worse = {other for other in open_ if values[other][number] < values[best][number]}
        if worse and len(reasons) < 3:
            reasons.append(_reason(prefer, photos[best], [photos[other] for other in sorted(worse)]))
        open_ -= worse
        if not open_:
            break
    return best, ", ".join(reason for reason in reasons if reason)


PROTECTED = "in a protected folder"

_SQUEEZED = 0.25
"""A file that is smaller than this share of another one of as many pixels is no original of it, whatever its time says.
Above it time counts more than size, as saving anew makes a photo larger and not better: 150 photos of a usual quality
(70) became 1.6 times as large at 92, 2.4 times at 98 and 3.7 times at 100, in 1 of 20 of them."""


def _squeezed(photos: Sequence[Merits]) -> list[bool]:
    """Which photos hold so little of what another one of as many pixels holds that this was not made of them."""
    most: dict[tuple[int, str], int] = {}
    for photo in photos:
        key = photo.pixels, photo.format
        most[key] = max(most.get(key, 0), photo.bytes)
    return [photo.bytes < _SQUEEZED * most[photo.pixels, photo.format] for photo in photos]


_BESIDE = ("a side-car", "a live video", "a camera raw")  # the weightiest last


def _beside(photo: Merits) -> int:
    return sum(1 << _BESIDE.index(one) for one in photo.companions if one in _BESIDE)


def _place(photo: Merits, rules: KeepRules) -> float:
    for place, one in enumerate(rules.folders):
        if lies_in(photo.folder, photo.path, one):
            return float(len(rules.folders) - place)
    return 0.0


def _plain_name(photo: Merits) -> float:
    stem = photo.path.rpartition("/")[2].rpartition(".")[0]
    return -(1000.0 * bool(_COPY_NAME.search(stem)) + len(photo.path.rpartition("/")[2]))


_MERIT: dict[Prefer, Callable[[Merits, KeepRules], float]] = {
    Prefer.FOLDER: _place,
    Prefer.LABELS: lambda photo, _: float(photo.labels > 0),
    Prefer.RESOLUTION: lambda photo, _: float(photo.pixels),
    Prefer.WHOLE: lambda photo, _: float(photo.is_whole),
    Prefer.UPRIGHT: lambda photo, _: 2.0 * photo.is_upright + photo.is_plain,
    Prefer.FORMAT: lambda photo, _: float(_FORMATS.index(photo.format)) if photo.format in _FORMATS else 0.0,
    Prefer.METADATA: lambda photo, _: float(len(photo.facts)),
    Prefer.FILE_SIZE: lambda photo, _: float(photo.bytes),
    Prefer.OLDEST: lambda photo, _: -photo.modified,
    Prefer.NEWEST: lambda photo, _: photo.modified,
    Prefer.SHORT_NAME: lambda photo, _: _plain_name(photo),
}


def _reason(prefer: Prefer, kept: Merits, worse: Sequence[Merits]) -> str:
    """What speaks for the kept one against those that it beat in this."""
    if prefer is Prefer.METADATA:
        more = [fact for fact in kept.facts if any(fact not in other.facts for other in worse)]
        return "has " + " and ".join([", ".join(more[:-1]), more[-1]] if len(more) > 1 else more) if more else ""
    if prefer is Prefer.FORMAT:
        return "camera raw" if kept.format == "RAW" else f"a {kept.format} file"
    if prefer is Prefer.UPRIGHT and all(other.is_upright == kept.is_upright for other in worse):
        return "as bright as most are"
    return _REASONS[prefer]


_REASONS = {
    Prefer.FOLDER: "in the preferred folder",
    Prefer.LABELS: "labelled",
    Prefer.RESOLUTION: "largest",
    Prefer.WHOLE: "whole",
    Prefer.FILE_SIZE: "least compressed",
    Prefer.UPRIGHT: "upright as most are",
    Prefer.OLDEST: "oldest file",
    Prefer.NEWEST: "newest file",
    Prefer.SHORT_NAME: "plainest name",
}
