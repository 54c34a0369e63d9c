"""What the Duplicates page asks of a library; runs on lanes. What finds copies is loaded at first use."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core import archives, paths
from desktop_app.core.catalog import photos
from desktop_app.core.duplicates.sets import CopySet, KeepRules, Kind, SetFacts, Summary
from desktop_app.core.images.companions import Companion, CompanionKind, companions
from desktop_app.core.library import Library
from desktop_app.core.types import Changes, Folder, PhotoId, Pixels, Progress
from desktop_app.ui.duplicates.preview_dialog import FolderPart, Preview
from desktop_app.ui.duplicates.rules_dialog import Root
from desktop_app.ui.duplicates.values import Companions, Standing

if TYPE_CHECKING:
    from desktop_app.core.operations.copy_found import Found

Write = Callable[[Library], Changes]

_LOOKED = "copies were looked for"  # meta: JSON of when, and how far the ids of photos went then
_SECONDS = 0.0012  # of looking, for each photo that is new to it, on two cores
_SHORT = {
    CompanionKind.LIVE_VIDEO: "video",
    CompanionKind.ADJUSTMENTS: "AAE",
    CompanionKind.SIDE_CAR: "XMP",
    CompanionKind.RAW: "RAW",
    CompanionKind.TAKEOUT: "JSON",
}


@dataclass(frozen=True, slots=True)
class Noted:
    """A look for copies: when, and up to which id photos were there."""

    time: datetime
    newest: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before anything is looked for."""

    standing: Standing
    rules: KeepRules


@dataclass(frozen=True, slots=True)
class Ordered:
    """The sets of a search with what is suggested, in the order in which they are gone through."""

    sets: tuple[CopySet, ...]
    summary: Summary
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of one set."""

    facts: SetFacts
    companions: dict[int, Companions]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An action over many sets: what it shows, and what it does: sets, each with the photos of it that go."""

    preview: Preview
    sets: tuple[tuple[CopySet, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Safe:
    """Photos that may go, and photos that are held back as nothing of their set would be sure to stay."""

    may: tuple[int, ...]
    held: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What differs between two photos, laid as the first lies; no pixels where they cannot be laid so."""

    one: int
    other: int
    pixels: Pixels | None
    words: str


# --- the whole library -----------------------------------------------------------------------------------------


def ask_standing(library: Library, noted: Noted | None = None) -> Known:
    """When copies were looked for last, what came since, and by which rules one is suggested.

    Args:
        library: the open library.
        noted: the last look, where that is known already.
    """
    from desktop_app.core.operations.copy_merits import load_rules

    count = photos.count_present(library.connection)
    noted = noted or _noted(library)
    new = count
    if noted is not None:
        row = library.connection.execute(
            "SELECT count(*) FROM photos WHERE missing = 0 AND id > ?", (noted.newest,)
        ).fetchone()  # fmt: skip
        new = int(row[0])
    estimate = new * _SECONDS if new * _SECONDS > 2 else None
    looked = noted.time if noted is not None else None
    standing = Standing(looked, new=new if noted is not None else 0, photos=count, estimate=estimate)
    return Known(standing, load_rules(library))


def _noted(library: Library) -> Noted | None:
    try:
        noted = json.loads(library.get_meta(_LOOKED) or "{}")
        return Noted(datetime.fromisoformat(noted["time"]), int(noted["newest"]))
    except (ValueError, KeyError, TypeError):
        return None


def note_look(library: Library, noted: Noted) -> None:
    """Remember that copies were looked for."""
    time = noted.time.isoformat(timespec="seconds")
    library.set_meta(_LOOKED, json.dumps({"time": time, "newest": noted.newest}))


def find(library: Library) -> Generator[Progress, None, tuple[Found, int]]:
    """Look for copies; ends with what was found, and up to which id photos were looked at."""
    from desktop_app.core.operations.duplicates import find_duplicates

    row = library.connection.execute("SELECT max(id) FROM photos").fetchone()
    found = yield from find_duplicates(library)
    return found, int(row[0] or 0)


def so_far(progress: Progress) -> Found | None:
    """What a search has found by the time of a report; None where that cannot be used yet."""
    from desktop_app.core.operations.duplicates import CopiesProgress

    return progress.exact if isinstance(progress, CopiesProgress) else None


def in_order(library: Library, found: Found, rules: KeepRules) -> Generator[Progress, None, Ordered]:
    """The sets with what is suggested."""
    from desktop_app.core.operations.copy_sets import arrange

    arranged = yield from arrange(library, found, rules)
    return Ordered(arranged.sets, arranged.summary, found.whole)


def keep_rules(library: Library, rules: KeepRules) -> None:
    """Remember by which rules one is suggested."""
    from desktop_app.core.operations.copy_merits import save_rules

    save_rules(library, rules)


def roots(folders: Iterable[Folder]) -> tuple[Root, ...]:
    """The folders of a library for the dialog of rules."""
    return tuple(Root(one.id, one.name, one.root) for one in folders)


# --- one set ---------------------------------------------------------------------------------------------------


def look_at(library: Library, copies: CopySet) -> Looked:
    """What is known of the photos of a set, and of the files that go with them."""
    from desktop_app.core.operations import copy_sets

    facts = copy_sets.facts(library, copies)
    belongings = companions(photo.path for photo in facts.photos)
    found = {int(photo.id): _companions(belongings[photo.path]) for photo in facts.photos if belongings.get(photo.path)}
    return Looked(facts, found)


def _companions(files: Sequence[Companion]) -> Companions:
    words = dict.fromkeys(_SHORT[one.kind] for one in files)
    return Companions(", ".join(words), len(files), sum(_size(one.path) for one in files))


def _size(path: Path) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0


def difference(library: Library, one: int, other: int) -> Difference:
    """Where two photos of a set differ."""
    from desktop_app.core.operations import copy_difference

    found = copy_difference.difference(library, PhotoId(one), PhotoId(other))
    if found.share is None:
        return Difference(one, other, None, "These two cannot be laid over one another.")
    share = 100 * found.share
    words = "Nothing to see differs" if share < 0.05 else f"{share:.1f} % differs, in red" if share < 10 else ""
    words = words or f"{share:.0f} % differs, in red"
    if found.small:
        words += "; seen on the thumbnail, as a file cannot be read now"
    return Difference(one, other, found.pixels, f"{words}.")


class Word:
    """A person's word that the photos of a set are no copies; given on the work lane, taken back there.

    Args:
        copies: the set.
        photo: only this one is no copy of the others; None: none is of any other.
    """

    def __init__(self, copies: CopySet, photo: int | None = None) -> None:
        self._photos = copies.photos if photo is None else (PhotoId(photo),)
        self._of = None if photo is None else tuple(one for one in copies.photos if one != photo)
        self._pairs: tuple[tuple[bytes, bytes], ...] = ()

    def give(self, library: Library) -> Changes:
        """Remember it for good."""
        from desktop_app.core.operations.copy_words import say_not_copies

        said = say_not_copies(library, self._photos, self._of)
        self._pairs = said.pairs
        return said

    def take_back(self, library: Library) -> Changes:
        """Forget what was new in it."""
        from desktop_app.core.operations.copy_words import allow_copies

        return allow_copies(library, self._pairs)


def safe(library: Library, wanted: Sequence[tuple[CopySet, tuple[int, ...]]]) -> Safe:
    """Which photos may go: those of sets of which a photo that stays is there, and still the same where it has to be.

    Looked up on the disk just before they go: what was kept may have been deleted elsewhere meanwhile.
    """
    ids = [int(photo) for copies, _ in wanted for one in copies.copies for photo in (one.photo, *one.same)]
    known = photos.fetch(library.connection, list(dict.fromkeys(ids)))
    going = {photo for _, some in wanted for photo in some}
    may: list[int] = []
    held: list[int] = []
    for copies, some in wanted:
        there = [
            known[one.photo]
            for one in copies.copies
            if one.photo in known and int(one.photo) not in going and paths.exists(_file_of(known[one.photo].path))
        ]
        contents = {photo.content for photo in there}
        for photo in some:
            own = known.get(PhotoId(photo))
            same = own is not None and (copies.kind is not Kind.EXACT or own.content in contents)
            (may if there and same else held).append(photo)
    return Safe(tuple(dict.fromkeys(may)), tuple(dict.fromkeys(held)))


def _file_of(path: Path) -> Path:
    """The file in which a photo is: itself, or its archive."""
    inside = archives.split(path)
    return inside[0] if inside is not None else path


# --- many sets -------------------------------------------------------------------------------------------------


def preview(library: Library, wanted: Sequence[tuple[CopySet, tuple[int, ...]]]) -> Wanted:
    """What moving photos of many sets to the trash would do, folder by folder.

    Args:
        library: the open library.
        wanted: the sets, each with the photos of it that go.
    """
    ids = tuple(dict.fromkeys(photo for _, going in wanted for photo in going))
    sets = tuple((copies, some) for copies, some in wanted if some)
    going = set(ids)
    stay = {int(one.photo) for copies, some in wanted if some for one in copies.copies} - going
    found = photos.fetch(library.connection, [*ids, *sorted(stay)])
    go: dict[str, int] = defaultdict(int)
    sizes: dict[str, int] = defaultdict(int)
    kept: dict[str, int] = defaultdict(int)
    there = [photo for photo in found.values() if photo.id in going]
    belongings = companions(photo.path for photo in there)
    files = {one.path for several in belongings.values() for one in several} - {photo.path for photo in there}
    for photo in there:
        place = str(photo.path.parent)
        go[place] += 1
        sizes[place] += photo.size
    for path in files:
        sizes[str(path.parent)] += _size(path)
    for photo in found.values():
        if photo.id in stay:
            kept[str(photo.path.parent)] += 1
    places = sorted({*go, *kept}, key=lambda place: (-go[place], place))
    parts = tuple(FolderPart(place, go[place], sizes[place], kept[place]) for place in places)
    because = Counter(one.kept_because for copies, _ in wanted for one in copies.copies if one.kept_because)
    shown = Preview(len(sets), len(there), len(files), sum(sizes.values()), parts, tuple(because.most_common()))
    return Wanted(shown, sets)
