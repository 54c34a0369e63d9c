"""Bringing photos back from the trash, and what of them is still there.

A photo comes back under the id that it had, so that its labels, notes and vectors are there again without a rescan.
Nothing is written over: where another file stands by now, the photo stays in the trash and the reason is said.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.core import wording
from desktop_app.core.catalog import photos
from desktop_app.core.catalog import trash as rows
from desktop_app.core.catalog.trash import BACK, GONE, IN, TrashedFile
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.trash_parts import Left, Trash, Trashed, is_one_file, lower, sentence
from desktop_app.core.operations.trash_there import came_by_itself, has_root, is_ours
from desktop_app.core.types import Changes, PhotoId, Progress

_TEXT = "Bringing photos back"
_CHUNK = 16  # photos that are on their way at one time

TOLD_FOR = 30 * 24 * 3600.0
"""Seconds for which a batch is listed that was emptied from the trash."""

TAKEN = "Another file is at its place now."
EMPTIED = "It is no longer in the trash."
UNKNOWN = "The system does not say where it is in the trash. Restore it there with the file manager."


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of bringing photos back.

    Attributes:
        photos: that are in their places again.
        companions: how many files that belong to them.
        left: what stayed in the trash, or is gone from it, and why.
    """

    photos: tuple[PhotoId, ...]
    companions: int
    left: tuple[Left, ...] = ()

    @property
    def words(self) -> str:
        """`214 photos are back in their folders.`, and what is not."""
        said = []
        if self.photos:
            many = len(self.photos) > 1
            said.append(
                f"{wording.count(len(self.photos), 'photo is', 'photos are')} back in "
                f"{'their folders' if many else 'its folder'}."
            )
        elif self.companions:
            said.append(f"{wording.count(self.companions, 'file is', 'files are')} back.")
        if self.left:
            reason, most = Counter(one.reason for one in self.left).most_common(1)[0]
            if len(self.left) == 1:
                said.append(f"{wording.printable(self.left[0].path.name)} did not come back: {lower(reason)}")
            else:
                some = f", {wording.number(most)} of them because" if most < len(self.left) else ""
                said.append(f"{wording.number(len(self.left))} did not come back{some}: {lower(reason)}")
        return " ".join(said)


@dataclass(frozen=True, slots=True)
class Batch:
    """What went to the trash in one action and has not come back.

    Attributes:
        number: names it for `restore`.
        time: when it went, seconds since 1970.
        photos: in the trash still.
        companions: files of theirs.
        size: bytes of both.
        gone: photos that are no longer there: the trash was emptied.
        away: photos whose trash is on a drive that is not connected.
        unknown: photos of which the system does not say where they are.
    """

    number: int
    time: float
    photos: tuple[PhotoId, ...]
    companions: int
    size: int
    gone: int
    away: int
    unknown: int


def recently_trashed(library: Library) -> tuple[Batch, ...]:
    """The batches in the trash, newest first; the disk is asked about every file.

    Those of which nothing is there any more are told of for `TOLD_FOR` seconds.
    """
    found: dict[int, list[TrashedFile]] = defaultdict(list)
    for row in rows.in_states(library.connection, IN, GONE):
        found[row.batch].append(row)
    batches = (_batch(number, of_one) for number, of_one in found.items())
    since = time.time() - TOLD_FOR
    return tuple(one for one in batches if one.photos or one.away or one.unknown or one.time > since)


def _batch(number: int, of_one: Sequence[TrashedFile]) -> Batch:
    there: list[PhotoId] = []
    companions = size = gone = away = unknown = 0
    for row in of_one:
        if row.state == GONE or (row.trash is not None and not is_ours(row)):
            is_away = row.state == IN and row.trash is not None and not row.trash.parent.is_dir()
            if row.photo is not None:
                gone, away = gone + (not is_away), away + is_away
            continue
        size += row.size
        if row.photo is None:
            companions += 1
        elif row.trash is None:
            unknown += 1
        else:
            there.append(row.photo)
    return Batch(number, of_one[0].time, tuple(there), companions, size, gone, away, unknown)


def last_trashed(library: Library, since: float) -> Trashed | None:
    """What went last, if that was after `since` (seconds since 1970): for a move that was stopped half-way."""
    newest = rows.in_states(library.connection, IN)[:1]
    if not newest or newest[0].time < since:
        return None
    went = rows.of_batch(library.connection, newest[0].batch)
    own = tuple(row.photo for row in went if row.photo is not None)
    return Trashed(newest[0].batch, own, len(went) - len(own), sum(row.size for row in went))


def restore(
    library: Library, trash: Trash, *, batch: int = 0, ids: Sequence[PhotoId] = ()
) -> Generator[Progress, None, Restored]:
    """Bring back a batch, or some photos with what belongs to them.

    Args:
        library: open for writing.
        trash: the system's.
        batch: from `Trashed` or `Batch`; 0 where `ids` says what.
        ids: photos in the trash.

    Yields:
        Progress with `Changes(added=...)`; closed at any of them, all that came back is noted.
    """
    connection = library.connection
    wanted = rows.of_batch(connection, batch) if batch else rows.of_units(connection, ids)
    units: dict[PhotoId, list[TrashedFile]] = defaultdict(list)
    for row in reversed(wanted):  # the photo went last and comes first
        if row.state == IN:
            units[row.unit].append(row)
    run = _Run(library, trash)
    total = len(units)
    yield Progress(_TEXT, 0, total)
    todo, start = list(units.values())[::-1], time.monotonic()
    for at in range(0, total, _CHUNK):
        changes = run.bring(todo[at : at + _CHUNK])
        done = min(at + _CHUNK, total)
        passed = time.monotonic() - start
        yield Progress(_TEXT, done, total, passed / done * (total - done) if passed > 2 else None, changes)
    return Restored(tuple(run.photos), run.companions, tuple(run.left))


@dataclass(slots=True)
class _Run:
    library: Library
    trash: Trash
    photos: list[PhotoId] = field(default_factory=list)
    companions: int = 0
    left: list[Left] = field(default_factory=list)

    def bring(self, units: Sequence[Sequence[TrashedFile]]) -> Changes:
        """Bring a few units back."""
        back: list[tuple[TrashedFile, Path]] = []
        gone: list[TrashedFile] = []
        for unit in units:
            self._bring(unit, back, gone)
        with self.library.database.transaction() as connection:
            rows.set_state(connection, (row.id for row, _ in back), BACK)
            rows.set_state(connection, (row.id for row in gone), GONE)
            here = [
                row.photo for row, place in back if row.photo is not None and show_again(connection, row.photo, place)
            ]
        self.photos += [row.photo for row, _ in back if row.photo is not None]
        self.companions += sum(row.photo is None for row, _ in back)
        self.library.presence += bool(here)
        return Changes(added=tuple(here), folders=bool(here))

    def _bring(
        self, unit: Sequence[TrashedFile], back: list[tuple[TrashedFile, Path]], gone: list[TrashedFile]
    ) -> None:
        folder = _folder_now(self.library, unit)
        places = [(row, row.path if folder is None else folder / row.path.name) for row in unit]
        for row, place in places:
            half = row.trash is not None and is_ours(row) and is_one_file(row.trash, place)  # we were cut off last time
            if os.path.lexists(place) and not half and not came_by_itself(row, place):
                self.left.append(Left(place, TAKEN))
                return
        for row, place in places:
            if came_by_itself(row, place):
                back.append((row, place))
            elif row.trash is None:
                self.left.append(Left(place, UNKNOWN))
            elif not is_ours(row):
                if row.trash.parent.is_dir():
                    gone.append(row)
                    self.left.append(Left(place, EMPTIED))
                else:
                    self.left.append(Left(place, "The drive that holds its trash is not connected."))
            elif self._put_back(row.trash, place):
                back.append((row, place))

    def _put_back(self, trashed: Path, place: Path) -> bool:
        try:
            if not has_root(self.library, place):
                raise UserError("Its drive or folder is not connected.")
            place.parent.mkdir(parents=True, exist_ok=True)
            self.trash.put_back(trashed, place)
        except (UserError, OSError) as error:
            self.left.append(Left(place, sentence(error)))
            return False
        return True


def _folder_now(library: Library, unit: Iterable[TrashedFile]) -> Path | None:
    """Where the unit's folder is now, if the library's folder was pointed elsewhere meanwhile."""
    for row in unit:
        if row.photo is None:
            continue
        known = photos.fetch(library.connection, [row.photo]).get(row.photo)
        missing = known is not None and known.state.value == "missing"
        if known is not None and missing and known.path.name == row.path.name and known.path != row.path:
            return known.path.parent
    return None


def show_again(connection: sqlite3.Connection, photo: PhotoId, place: Path) -> bool:
    """Show a photo again, unless its row follows another file by now: then the file is found at the next look."""
    row = connection.execute(
        "SELECT p.folder, p.path, d.root, p.missing FROM photos p JOIN folders d ON d.id = p.folder WHERE p.id = ?",
        (photo,),
    ).fetchone()
    if row is None or not row[3] or photos.absolute(row[2], row[1]) != place:
        return False
    # a photo that was known at this path has no file there: it would have been in the way
    rivals = connection.execute(
        "SELECT id FROM photos WHERE folder = ? AND path = ? AND missing = 0", (row[0], row[1])
    ).fetchall()
    photos.set_missing(connection, [PhotoId(one[0]) for one in rivals], True)
    photos.set_missing(connection, [photo], False)
    return True
