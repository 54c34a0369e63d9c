"""What was moved to the system's trash, file by file, so that it can come back to where it was."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.core.types import PhotoId

GOING, IN, BACK, GONE = "going", "in", "back", "gone"
"""States: being moved just now; in the trash; back in its place; no longer in the trash."""

KEPT_FOR = 90 * 24 * 3600.0
"""Seconds after which what came back is forgotten. What is gone is not: its photo is missing for a reason."""

_MANY = 500  # bound variables in one statement
_COLUMNS = "id, batch, unit, photo, path, trash, size, mtime_ns, time, state"


@dataclass(frozen=True, slots=True)
class TrashedFile:
    """One file that went.

    Attributes:
        id: of the row.
        batch: what went in one action.
        unit: the photo that it is, or belongs to.
        photo: None for a companion that is no photo of the library.
        path: where it lay, absolute.
        trash: where it lies in the trash; None where the system does not say.
        size: in bytes.
        mtime_ns: when it was last changed, nanoseconds since 1970.
        time: when it went, seconds since 1970.
        state: `GOING`, `IN`, `BACK` or `GONE`.
    """

    id: int
    batch: int
    unit: PhotoId
    photo: PhotoId | None
    path: Path
    trash: Path | None
    size: int
    mtime_ns: int
    time: float
    state: str


def next_batch(connection: sqlite3.Connection) -> int:
    """A number that no batch had before."""
    row = connection.execute("SELECT ifnull(max(batch), 0) FROM trashed").fetchone()
    return int(row[0]) + 1


def put(
    connection: sqlite3.Connection,
    batch: int,
    unit: PhotoId,
    photo: PhotoId | None,
    path: Path,
    size: int,
    mtime_ns: int,
    now: float,
) -> int:
    """Note that a file is about to go; returns the row's id."""
    cursor = connection.execute(
        "INSERT INTO trashed (batch, unit, photo, path, trash, size, mtime_ns, time, state) VALUES (?,?,?,?,?,?,?,?,?)",
        (batch, unit, photo, os.fsencode(path), b"", size, mtime_ns, now, GOING),
    )
    return cursor.lastrowid or 0


def settle(connection: sqlite3.Connection, row: int, trash: Path | None) -> None:
    """The file is in the trash now, there."""
    place = b"" if trash is None else os.fsencode(trash)
    connection.execute("UPDATE trashed SET trash = ?, state = ? WHERE id = ?", (place, IN, row))


def set_state(connection: sqlite3.Connection, rows: Iterable[int], state: str) -> None:
    """Several files are in another state now."""
    connection.executemany("UPDATE trashed SET state = ? WHERE id = ?", ((state, row) for row in rows))


def drop(connection: sqlite3.Connection, rows: Iterable[int]) -> None:
    """Forget rows of files that did not go after all."""
    connection.executemany("DELETE FROM trashed WHERE id = ?", ((row,) for row in rows))


def purge(connection: sqlite3.Connection, now: float) -> None:
    """Forget files that are long back."""
    connection.execute("DELETE FROM trashed WHERE state = ? AND time < ?", (BACK, now - KEPT_FOR))


def of_batch(connection: sqlite3.Connection, batch: int) -> tuple[TrashedFile, ...]:
    """The files of one batch in the order in which they went."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM trashed WHERE batch = ? ORDER BY id", (batch,))
    return tuple(_file(row) for row in rows)


def of_units(connection: sqlite3.Connection, photos: Sequence[PhotoId]) -> tuple[TrashedFile, ...]:
    """The files in the trash that are these photos, or belong to them."""
    found: list[TrashedFile] = []
    for start in range(0, len(photos), _MANY):
        part = list(photos[start : start + _MANY])
        marks = ",".join("?" * len(part))
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM trashed WHERE unit IN ({marks}) AND state = ? ORDER BY id", (*part, IN)
        )
        found += (_file(row) for row in rows)
    return tuple(found)


def of_photos(connection: sqlite3.Connection, photos: Sequence[PhotoId]) -> tuple[TrashedFile, ...]:
    """The files of these photos themselves that are in the trash, or on their way there."""
    found: list[TrashedFile] = []
    for start in range(0, len(photos), _MANY):
        part = list(photos[start : start + _MANY])
        marks = ",".join("?" * len(part))
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM trashed WHERE photo IN ({marks}) AND state IN (?, ?) ORDER BY id",
            (*part, GOING, IN),
        )
        found += (_file(row) for row in rows)
    return tuple(found)


def in_states(connection: sqlite3.Connection, *states: str) -> tuple[TrashedFile, ...]:
    """All files in one of these states, those that went last first."""
    marks = ",".join("?" * len(states))
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM trashed WHERE state IN ({marks}) ORDER BY batch DESC, id", states
    )
    return tuple(_file(row) for row in rows)


def _file(row: tuple[Any, ...]) -> TrashedFile:
    id_, batch, unit, photo, path, trash, size, mtime_ns, time, state = row
    return TrashedFile(
        id_,
        batch,
        PhotoId(unit),
        None if photo is None else PhotoId(photo),
        Path(os.fsdecode(path)),
        Path(os.fsdecode(trash)) if trash else None,
        size,
        mtime_ns,
        time,
        state,
    )
