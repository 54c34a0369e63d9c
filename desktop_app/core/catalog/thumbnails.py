"""Thumbnails of a library by content: a cache in a SQLite file of its own, thrown away when damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from desktop_app.core.catalog.database import Database
from desktop_app.core.errors import UserError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS thumbnails (id INTEGER PRIMARY KEY, content BLOB NOT NULL UNIQUE, jpeg BLOB NOT NULL);
PRAGMA user_version = 1;
"""
_MANY = 500


class Thumbnails:
    """JPEG thumbnails keyed by the blake2b-128 of the whole photo, so that moves and copies share them.

    Args:
        path: the cache file; made when absent, made anew when damaged (if writable).
    """

    def __init__(self, path: Path, *, writable: bool) -> None:
        self._path, self._writable = path, writable
        self._database = self._open()

    def _open(self) -> Database | None:
        try:
            return self._tried()
        except (sqlite3.Error, UserError):
            if not self._writable:
                return None  # a reader goes without; the writer heals it
            for leftover in (
                self._path,
                *(self._path.with_name(self._path.name + end) for end in ("-wal", "-shm")),
            ):
                leftover.unlink(missing_ok=True)
            return self._tried()

    def _tried(self) -> Database:
        database = Database(self._path, writable=self._writable)
        try:
            if self._writable:
                database.connection.executescript(_SCHEMA)
            database.connection.execute("SELECT id, content, jpeg FROM thumbnails LIMIT 1").fetchone()
        except BaseException:
            database.close()
            raise
        return database

    def put(self, many: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep (content, JPEG) pairs.

        Raises:
            UserError: the disk is full or not writable.
        """
        if self._database is None:
            return
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO thumbnails (content, jpeg) VALUES (?, ?)", many)

    def get(self, contents: Sequence[bytes]) -> dict[bytes, bytes]:
        """The JPEGs that are there; a damaged cache gives none."""
        found: dict[bytes, bytes] = {}
        if self._database is None:
            return found
        try:
            for start in range(0, len(contents), _MANY):
                part = contents[start : start + _MANY]
                marks = ",".join("?" * len(part))
                found.update(
                    self._database.connection.execute(
                        f"SELECT content, jpeg FROM thumbnails WHERE content IN ({marks})", part
                    )
                )
        except sqlite3.DatabaseError:
            return found
        return found

    def close(self) -> None:
        """End every connection."""
        if self._database is not None:
            self._database.close()
