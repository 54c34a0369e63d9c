"""Moving photos to the system's trash. Nothing is ever deleted here.

A photo and its companions are one unit: all of it goes, or nothing. Before a file goes a row of the catalogue says so
("going"), afterwards another says where it is ("in"). Killed between the two, the next start finds out what is where
(`trash_mend.mend`). The photo's own row stays, marked as missing, with all that a person gave it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.core import wording
from desktop_app.core.catalog import photos
from desktop_app.core.catalog import trash as rows
from desktop_app.core.errors import UserError
from desktop_app.core.images.companions import Companion, CompanionKind, companions
from desktop_app.core.library import Library
from desktop_app.core.operations.trash_checks import refusal, shared
from desktop_app.core.operations.trash_mend import mend_going
from desktop_app.core.operations.trash_parts import Left, Trash, Trashed, lower, sentence
from desktop_app.core.types import Changes, FolderId, Photo, PhotoId, Progress

_TEXT = "Moving to the trash"
_BLOCK = 400  # photos whose companions are looked for at once: a folder is listed once for them
_CHUNK = 16  # photos that are on their way at one time


def move_to_trash(library: Library, ids: Sequence[PhotoId], trash: Trash) -> Generator[Progress, None, Trashed]:
    """Move photos and what belongs to them to the trash.

    Args:
        library: open for writing.
        ids: the photos, in any order.
        trash: the system's.

    Yields:
        Progress with `Changes(removed=...)`; closed at any of them, all that went is noted.

    Raises:
        UserError: the library's disk is full or cannot be written. Files that just went are found at the next start.
    """
    wanted = list(dict.fromkeys(ids))
    run = _Run(library, trash, frozenset(wanted))
    # a drive may be there again since the start
    yield Progress(_TEXT, 0, len(wanted), None, mend_going(library, trash))
    start, done = time.monotonic(), 0
    for first in range(0, len(wanted), _BLOCK):
        block = wanted[first : first + _BLOCK]
        units = run.units(block)
        for at in range(0, len(units), _CHUNK):
            part = units[at : at + _CHUNK]
            changes = run.move(part)
            done += len(part)
            passed = time.monotonic() - start
            left = passed / done * (len(wanted) - done) if passed > 2 else None
            yield Progress(_TEXT, done, len(wanted), left, changes)
    return run.result()


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    photo: PhotoId | None


@dataclass(slots=True)
class _Unit:
    """A photo and its companions, the photo last: while it is there, nothing is lost to the eye."""

    photo: Photo
    files: list[_File]
    rows: list[tuple[int, _File]] = field(default_factory=list)
    moved: list[tuple[int, _File, Path | None]] = field(default_factory=list)
    size: int = 0
    stuck: bool = False  # something went, the rest could not, and that could not be put back


class _Run:
    def __init__(self, library: Library, trash: Trash, going: frozenset[PhotoId]) -> None:
        self._library, self._trash, self._going = library, trash, going
        self._batch = 0
        self._gone: list[PhotoId] = []
        self._companions = 0
        self._size = 0
        self._left: list[Left] = []
        self._claimed: set[Path] = set()

    def result(self) -> Trashed:
        batch = self._batch if self._gone else 0
        return Trashed(batch, tuple(self._gone), self._companions, self._size, tuple(self._left))

    def units(self, ids: Sequence[PhotoId]) -> list[_Unit]:
        """The photos with what belongs to them; a camera raw that goes with its JPEG is no unit of its own."""
        connection = self._library.connection
        found = photos.fetch(connection, ids)
        chosen = [found[one] for one in ids if one in found]
        belongings = companions(photo.path for photo in chosen)
        raws = [
            (photo.folder, one.path)
            for photo in chosen
            for one in belongings[photo.path]
            if one.kind is CompanionKind.RAW
        ]
        known = _photos_at(connection, raws, chosen)
        taken = {one.path for photo in chosen for one in belongings[photo.path]}
        units = []
        for photo in chosen:
            if photo.path in self._claimed or photo.path in taken:
                continue
            others = [one for one in belongings[photo.path] if one.path not in self._claimed]
            files = [_File(one.path, known.get(one.path)) for one in others]
            units.append(_Unit(photo, [*files, _File(photo.path, photo.id)]))
            self._claimed.update(file.path for file in units[-1].files)
        return units

    def move(self, units: Sequence[_Unit]) -> Changes:
        """Move a few units; every one is wholly in the trash afterwards, or wholly where it was."""
        going = []
        for unit in units:
            reason = refusal(self._library, unit.photo, self._trash) or shared(self._library, unit.photo, self._going)
            try:
                found = [] if reason else [os.lstat(file.path) for file in unit.files]
            except OSError as error:
                reason = sentence(error)
            if reason:
                self._left.append(Left(unit.photo.path, reason))
            else:
                going.append((unit, found))
        if not going:
            return Changes()
        self._note(going)
        for unit, _ in going:
            self._move(unit)
        return self._settle([unit for unit, _ in going])

    def _note(self, units: Iterable[tuple[_Unit, list[os.stat_result]]]) -> None:
        with self._library.database.transaction() as connection:
            self._batch = self._batch or rows.next_batch(connection)
            now = time.time()
            for unit, found in units:
                for file, status in zip(unit.files, found, strict=True):
                    unit.size += status.st_size
                    row = rows.put(
                        connection, self._batch, unit.photo.id, file.photo, file.path, status.st_size,
                        status.st_mtime_ns, now,
                    )  # fmt: skip
                    unit.rows.append((row, file))

    def _move(self, unit: _Unit) -> None:
        for row, file in unit.rows:
            try:
                unit.moved.append((row, file, self._trash.move(file.path)))
            except (UserError, OSError) as error:
                reason = sentence(error)
                if file.path != unit.photo.path:
                    reason = f"{wording.printable(file.path.name)}, which belongs to it: {lower(reason)}"
                self._left.append(Left(unit.photo.path, reason))
                self._put_back(unit)
                return

    def _put_back(self, unit: _Unit) -> None:
        """The rest could not go: what went comes back."""
        still = []
        for row, file, place in reversed(unit.moved):
            try:
                if place is None:
                    raise UserError("The system does not say where it is in the trash.")
                self._trash.put_back(place, file.path)
            except (UserError, OSError) as error:
                still.append((row, file, place))
                reason = f"It is in the trash and could not be put back: {lower(sentence(error))}"
                self._left.append(Left(file.path, reason))
        unit.stuck, unit.moved = True, still

    def _settle(self, units: Sequence[_Unit]) -> Changes:
        gone: list[PhotoId] = []
        with self._library.database.transaction() as connection:
            for unit in units:
                for row, file, place in unit.moved:
                    rows.settle(connection, row, place)
                    if file.photo is not None:
                        gone.append(file.photo)
                there = {row for row, _, _ in unit.moved}
                rows.drop(connection, (row for row, _ in unit.rows if row not in there))
                if not unit.stuck:
                    self._size += unit.size
                    self._companions += sum(file.photo is None for file in unit.files)
            photos.set_missing(connection, gone, True)
        self._gone += gone
        self._library.presence += bool(gone)
        return Changes(removed=tuple(gone), folders=bool(gone))


def _photos_at(
    connection: sqlite3.Connection, places: Iterable[tuple[FolderId, Path]], near: Iterable[Photo]
) -> dict[Path, PhotoId]:
    """The photos of the library that lie at these paths."""
    known = {photo.path: photo.id for photo in near}
    found: dict[Path, PhotoId] = {}
    roots: dict[FolderId, Path] = {}
    for folder, path in places:
        if path in known:
            found[path] = known[path]
            continue
        if folder not in roots:
            row = connection.execute("SELECT root FROM folders WHERE id = ?", (folder,)).fetchone()
            roots[folder] = Path(os.fsdecode(row[0]))
        relative = os.fsencode(path.relative_to(roots[folder]).as_posix())
        row = connection.execute(
            "SELECT id FROM photos WHERE folder = ? AND path = ? AND missing = 0", (folder, relative)
        ).fetchone()
        if row:
            found[path] = PhotoId(row[0])
    return found


def belongings(library: Library, ids: Sequence[PhotoId]) -> tuple[int, int, int]:
    """What moving photos would move: photos, files that belong to them, bytes of all."""
    found = photos.fetch(library.connection, ids)
    files: dict[Path, Companion] = {}
    for several in companions(photo.path for photo in found.values()).values():
        files.update((one.path, one) for one in several)
    size = sum(photo.size for photo in found.values())
    own = {photo.path for photo in found.values()}
    others = [path for path in files if path not in own]
    for path in others:
        try:
            size += os.lstat(path).st_size
        except OSError:
            continue
    return len(found), len(others), size
