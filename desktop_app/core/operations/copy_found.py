"""What a search for copies finds: sets of photos, before anybody decides what to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from desktop_app.core.catalog.not_copies import Apart, ordered
from desktop_app.core.catalog.photos import moment
from desktop_app.core.duplicates.gather import Gathered
from desktop_app.core.duplicates.judge import Laid
from desktop_app.core.duplicates.sets import Kind
from desktop_app.core.library import Library
from desktop_app.core.types import FolderState, PhotoId


@dataclass(frozen=True, slots=True)
class FoundCopy:
    """One picture of a set: the photos with these very bytes, and where they lie over the set's first."""

    photos: tuple[PhotoId, ...]
    laid: Laid = field(default_factory=Laid)


@dataclass(frozen=True, slots=True)
class FoundSet:
    """What was found to belong together, before it is decided what to keep.

    Attributes:
        key: names the set over runs.
        kind: see `Kind`.
        pictures: for EXACT one, with at least two photos; else at least two, the first one first.
        score: 0 to 1: the smallest likeness of a picture to the first.
    """

    key: str
    kind: Kind
    pictures: tuple[FoundCopy, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search for copies found.

    Attributes:
        sets: in no order.
        photos: how many photos were looked at.
        away: photos whose file is not there now.
        not_read: photos compared by their bytes only.
        not_copies: pairs that a person said are none.
        whole: False where only exact copies were looked for yet.
        compared: pairs of pictures that had to be compared in this run.
    """

    sets: tuple[FoundSet, ...]
    photos: int
    away: int = 0
    not_read: int = 0
    not_copies: int = 0
    whole: bool = True
    compared: int = 0


@dataclass(slots=True)
class Pictures:
    """The different pictures of a library, in the order in which they may begin sets.

    Attributes:
        contents: of each.
        photos: the photos with these bytes.
        sizes: width and height, upright.
        shots: when and with which camera it was taken.
    """

    contents: list[bytes]
    photos: list[tuple[PhotoId, ...]]
    sizes: list[tuple[int, int]]
    shots: list[tuple[datetime | None, str]]


def pictures_of(library: Library) -> tuple[Pictures, int]:
    """The different contents of the photos that are there, the largest first; and how many photos are away.

    A camera raw beside its JPEG or HEIC is the JPEG's companion: it goes where that goes, and is no copy of it.
    """
    rows = library.connection.execute(
        "SELECT p.id, p.content, p.width, p.height, p.taken, p.camera, d.state, p.folder, p.format, p.path"
        " FROM photos p JOIN folders d ON d.id = p.folder WHERE p.missing = 0 AND d.removed IS NULL ORDER BY p.id"
    ).fetchall()
    twins = _raw_twins(rows)
    present: dict[bytes, list[tuple[int, bytes, int, int, str | None, str]]] = {}
    away = 0
    for row in rows:
        if row[6] == FolderState.AWAY.value:
            away += 1
        elif row[0] not in twins:
            present.setdefault(row[1], []).append(row)
    order = sorted(present, key=lambda content: (-present[content][0][2] * present[content][0][3], content))
    firsts = [present[content][0] for content in order]
    return Pictures(
        order,
        [tuple(PhotoId(row[0]) for row in present[content]) for content in order],
        [(row[2], row[3]) for row in firsts],
        [(moment(row[4]), row[5]) for row in firsts],
    ), away


def _raw_twins(rows: Iterable[tuple[int, bytes, int, int, str, str, str, int, str, bytes]]) -> frozenset[int]:
    raws = {row[0]: (row[7], row[9].rpartition(b".")[0].lower()) for row in rows if row[8] == "RAW"}
    if not raws:
        return frozenset()
    pictures = {(row[7], row[9].rpartition(b".")[0].lower()) for row in rows if row[8] in ("JPEG", "HEIC")}
    return frozenset(photo for photo, name in raws.items() if name in pictures)


def exact_sets(pictures: Pictures, said: frozenset[Apart]) -> tuple[FoundSet, ...]:
    """The sets of equal files, but for those that a person wants left alone."""
    return tuple(
        FoundSet(f"{Kind.EXACT.value}-{content.hex()}", Kind.EXACT, (FoundCopy(photos),), 1.0)
        for content, photos in zip(pictures.contents, pictures.photos, strict=True)
        if len(photos) > 1 and (content, content) not in said
    )


def near_sets(
    pictures: Pictures,
    numbers: Sequence[int],
    twins: Mapping[int, Sequence[int]],
    gathered: Gathered,
    said: frozenset[Apart],
) -> list[FoundSet]:
    """The sets of copies in another form.

    Args:
        pictures: all of them.
        numbers: which of them were compared: what `gathered` speaks of, by place in here.
        twins: for each of these, the pictures that show the very same.
        gathered: what comparing said.
        said: pairs that are no copies.
    """
    sets = gathered.sets()
    for place, number in enumerate(numbers):
        if number in twins and gathered.first.get(place, place) == place:
            sets.setdefault(place, [place])
    found = []
    for first, places in sorted(sets.items()):
        copies: list[tuple[int, Laid]] = []
        for place in sorted(places):
            own = gathered.laid.get(place, Laid())
            for number in (numbers[place], *twins.get(numbers[place], ())):
                content = pictures.contents[number]
                if not any(ordered(content, pictures.contents[other]) in said for other, _ in copies):
                    copies.append((number, own))
        if len(copies) < 2:
            continue
        # the first one stands first: everything lies over it
        copies.sort(key=lambda one: (one[0] != numbers[first], one[0]))
        key = min(pictures.contents[number] for number, _ in copies).hex()
        score = min(own.likeness for _, own in copies)
        photos = tuple(FoundCopy(pictures.photos[number], own) for number, own in copies)
        found.append(FoundSet(f"{Kind.NEAR.value}-{key}", Kind.NEAR, photos, score))
    return found


def burst_sets(
    pictures: Pictures, numbers: Sequence[int], groups: Iterable[tuple[tuple[int, ...], float]]
) -> list[FoundSet]:
    """The groups of other shots of one scene, by place in `numbers`, as sets; in the order of their times."""
    found = []
    for places, score in groups:
        own = sorted((pictures.shots[numbers[place]][0] or datetime.max, numbers[place]) for place in places)
        key = min(pictures.contents[number] for _, number in own).hex()
        photos = tuple(FoundCopy(pictures.photos[number]) for _, number in own)
        found.append(FoundSet(f"{Kind.BURST.value}-{key}", Kind.BURST, photos, score))
    return found


def apart_of(said: frozenset[Apart], contents: Sequence[bytes]) -> Callable[[int, int], bool]:
    """Whether a person said that two pictures, by number, are no copies."""
    number = {content: place for place, content in enumerate(contents)}
    pairs = {(number[one], number[other]) for one, other in said if one in number and other in number}

    def apart(one: int, other: int) -> bool:
        return (one, other) in pairs or (other, one) in pairs

    return apart
