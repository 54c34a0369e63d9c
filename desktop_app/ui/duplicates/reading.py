"""What the Duplicates page asks of a library; runs on lanes. What finds copies is loaded at first use."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.catalog import photos
from desktop_app.core.duplicates.sets import CopySet, KeepRules, SetFacts, Summary
from desktop_app.core.images.companions import Companion, CompanionKind, companions
from desktop_app.core.library import Library
from desktop_app.core.types import Changes, Folder, PhotoId, Pixels, Progress
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
    return Companions(", ".join(words), len(files), sum(size_of(one.path) for one in files))


def size_of(path: Path) -> int:
    """What a file takes; 0 where it is not there."""
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
