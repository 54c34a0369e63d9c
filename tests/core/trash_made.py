"""What tests of the trash share: libraries of files that were never looked at, and a trash that is a folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Generator, Iterable
from pathlib import Path

from desktop_app.core.catalog import folders, photos
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.trash_parts import Left
from desktop_app.core.types import Changes, FolderState, PhotoId, Progress
from desktop_app.jobs.trash_mover import rename_free
from tests.core.libraries import opened


class FolderTrash:
    """A trash that is a folder; it can be full, broken, away, emptied, or tell nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.where: dict[Path, Path] = {}
        self.number = 0
        self.room = 1_000_000
        self.refuses = ""
        self.tells = True
        self.killed_after = 1_000_000
        self.breaks_on: str = ""

    def refusal(self, folder: Path) -> str:
        return self.refuses

    def move(self, path: Path) -> Path | None:
        if self.number >= self.killed_after:
            raise Killed
        if self.room <= 0:
            raise UserError("The disk is full, and its trash takes no more.")
        if self.breaks_on and path.name == self.breaks_on:
            raise OSError(5, "Input/output error")
        self.number += 1
        self.room -= 1
        place = self.folder / f"{self.number} {path.name}"
        rename_free(path, place)
        self.where[path] = place
        return place if self.tells else None

    def put_back(self, trashed: Path, place: Path) -> None:
        if self.breaks_on and place.name == self.breaks_on:
            raise OSError(5, "Input/output error")
        rename_free(trashed, place)

    def find(self, places: Collection[Path]) -> dict[Path, Path] | None:
        return {place: self.where[place] for place in places if place in self.where} if self.tells else None

    def empty(self) -> None:
        for file in self.folder.iterdir():
            file.unlink()


class Killed(BaseException):
    """The program ends here: nothing of it runs any more."""


def known(library: Library, root: Path, names: Iterable[str]) -> dict[str, PhotoId]:
    """Enter files of a folder as photos, without looking at them."""
    found = {}
    with library.database.transaction() as connection:
        folder = folders.add(connection, root)
        folders.set_state(connection, folder, FolderState.READY)
        for name in names:
            path = root / name
            status = path.stat()
            content = hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
            facts = photos.Facts(
                folder, os.fsencode(name), status.st_size, status.st_mtime_ns, content, "JPEG", 4, 3, None, ""
            )
            found[name] = photos.insert(connection, facts)
    return found


def end(operation: Generator[Progress, None, object]) -> tuple[object, Changes]:
    """Run to the end; what came of it and all that changed."""
    added: list[PhotoId] = []
    removed: list[PhotoId] = []
    while True:
        try:
            report = next(operation)
        except StopIteration as ended:
            return ended.value, Changes(added=tuple(added), removed=tuple(removed))
        added += report.changes.added
        removed += report.changes.removed


def disk(root: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder: its bytes and when it was changed."""
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def catalogue(library: Library) -> list[tuple[object, ...]]:
    """Everything of photos and what a person gave them."""
    tables = ("photos", "labels", "notes", "features", "folders")
    return [row for table in tables for row in library.connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]


def reasons(left: Iterable[Left]) -> dict[str, str]:
    return {one.path.name: one.reason for one in left}


__all__ = ["FolderTrash", "Killed", "catalogue", "disk", "end", "known", "opened", "reasons"]
