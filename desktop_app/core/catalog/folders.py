"""Folders of a library: where they are, how far they are in, and their counts."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from desktop_app.core import archives
from desktop_app.core.catalog import labels, notes, themes
from desktop_app.core.types import Folder, FolderId, FolderState, PhotoId

REMOVED_FOR = 30 * 24 * 3600.0
"""Seconds a removed folder can be brought back with everything that belongs to it."""


def all_folders(connection: sqlite3.Connection) -> tuple[Folder, ...]:
    """Every folder that was not removed, by name, with the count of its present photos."""
    rows = connection.execute(
        "SELECT f.id, f.root, f.name, f.state, f.waiting,"
        " (SELECT count(*) FROM photos p WHERE p.folder = f.id AND p.missing = 0)"
        " FROM folders f WHERE f.removed IS NULL ORDER BY f.name COLLATE NOCASE, f.id"
    )
    return tuple(
        Folder(FolderId(row[0]), Path(os.fsdecode(row[1])), row[2], row[5], row[4], FolderState(row[3])) for row in rows
    )


def find(connection: sqlite3.Connection, root: Path) -> FolderId | None:
    """The folder with exactly this root, removed or not."""
    row = connection.execute("SELECT id FROM folders WHERE root = ?", (os.fsencode(root),)).fetchone()
    return FolderId(row[0]) if row else None


def add(connection: sqlite3.Connection, root: Path) -> FolderId:
    """Add a folder, or bring a removed one back. It counts as being added until `set_state` says otherwise."""
    found = find(connection, root)
    if found is not None:
        connection.execute("UPDATE folders SET removed = NULL, state = ? WHERE id = ?", (_ADDING, found))
        return found
    name = _display(archives.display_name(root))
    cursor = connection.execute(
        "INSERT INTO folders (root, name, state) VALUES (?, ?, ?)", (os.fsencode(root), name, _ADDING)
    )
    return FolderId(cursor.lastrowid or 0)


def set_state(connection: sqlite3.Connection, folder: FolderId, state: FolderState, waiting: int = 0) -> None:
    """Remember how far a folder is in; `waiting` files are known but not yet added."""
    connection.execute("UPDATE folders SET state = ?, waiting = ? WHERE id = ?", (state.value, waiting, folder))


def stop_adding(connection: sqlite3.Connection) -> None:
    """Folders that are not all in wait for Continue; removed ones too, should they be brought back."""
    connection.execute("UPDATE folders SET state = ? WHERE state = ?", (FolderState.STOPPED.value, _ADDING))


def set_other_files(connection: sqlite3.Connection, folder: FolderId, videos: int, others: int) -> None:
    """Remember how many files of a folder are no pictures."""
    connection.execute("UPDATE folders SET videos = ?, others = ? WHERE id = ?", (videos, others, folder))


def other_files(connection: sqlite3.Connection) -> tuple[int, int]:
    """Videos and other files of all folders that are no pictures."""
    row = connection.execute("SELECT sum(videos), sum(others) FROM folders WHERE removed IS NULL").fetchone()
    return row[0] or 0, row[1] or 0


def remove(connection: sqlite3.Connection, folder: FolderId) -> None:
    """Take a folder out of sight; its photos and what belongs to them stay for `REMOVED_FOR` seconds."""
    connection.execute("UPDATE folders SET removed = ? WHERE id = ?", (time.time(), folder))


def restore(connection: sqlite3.Connection, folder: FolderId) -> None:
    """Bring a removed folder back as it was."""
    connection.execute("UPDATE folders SET removed = NULL WHERE id = ?", (folder,))


def purge(connection: sqlite3.Connection, now: float) -> None:
    """Forget folders that were removed long ago."""
    connection.execute("DELETE FROM folders WHERE removed < ?", (now - REMOVED_FOR,))


def point_elsewhere(connection: sqlite3.Connection, folder: FolderId, root: Path) -> None:
    """The same folder lies somewhere else now."""
    connection.execute(
        "UPDATE folders SET root = ?, name = ?, state = ? WHERE id = ?",
        (os.fsencode(root), _display(archives.display_name(root)), _ADDING, folder),
    )


def absorb(
    connection: sqlite3.Connection, outer: FolderId, inner: FolderId, prefix: bytes, *, prefer_inner: bool = True
) -> None:
    """Put the photos of `inner` under `outer`, whose root holds it at `prefix`; ids and belongings stay.

    The prefix is b"" where both roots lead to one folder.
    Where both know a path, one row stays: the one of `inner`, or that of `outer`. It takes over the other's labels.
    """
    lead = prefix + b"/" if prefix else b""
    rows = connection.execute(
        "SELECT i.id, o.id FROM photos i JOIN photos o ON o.folder = ? AND o.path = CAST(? || i.path AS BLOB)"
        " AND o.missing = 0 WHERE i.folder = ? AND i.missing = 0",
        (outer, lead, inner),
    ).fetchall()
    for of_inner, of_outer in rows:
        bequeath(connection, *((of_inner, of_outer) if prefer_inner else (of_outer, of_inner)))
    other = "REPLACE" if prefer_inner else "IGNORE"
    for table in ("photos", "skipped"):
        connection.execute(
            f"UPDATE OR {other} {table} SET folder = ?, path = CAST(? || path AS BLOB) WHERE folder = ?",
            (outer, lead, inner),
        )
    connection.execute("DELETE FROM folders WHERE id = ?", (inner,))


def replace(connection: sqlite3.Connection, folder: FolderId, by: FolderId) -> None:
    """Forget a folder whose files are those of another one; what a person gave its photos goes over to them."""
    rows = connection.execute(
        "SELECT h.id, p.id FROM photos p JOIN photos h ON h.folder = ? AND h.path = p.path WHERE p.folder = ?"
        " ORDER BY p.missing, h.missing",
        (by, folder),
    ).fetchall()
    for heir, photo in rows:
        bequeath(connection, heir, photo)
    connection.execute("DELETE FROM folders WHERE id = ?", (folder,))


def bequeath(connection: sqlite3.Connection, heir: PhotoId, photo: PhotoId) -> None:
    """Two rows are the same file and one is about to go: what a person gave it stays with the other."""
    labels.inherit(connection, heir, photo)
    notes.inherit(connection, heir, photo)
    themes.inherit(connection, heir, photo)


def _display(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "replace")


_ADDING = FolderState.ADDING.value
