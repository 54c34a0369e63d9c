"""Thumbnails of a library by content: a cache in a SQLite file of its own, thrown away when damaged."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from desktop_app.core.catalog.database import Database, explain, is_damage
from desktop_app.core.errors import UserError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS thumbnails (id INTEGER PRIMARY KEY, content BLOB NOT NULL UNIQUE, jpeg BLOB NOT NULL);
"""
_MANY = 500


class Thumbnails:
    """JPEG thumbnails keyed by the blake2b-128 of the whole photo, so that moves and copies share them.

    Args:
        path: the cache file; made when absent, made anew when damaged (if writable).

    Attributes:
        made_anew: whether there was no usable file when this one was opened.

    Raises:
        UserError: the disk is full or not writable.
    """

    def __init__(self, path: Path, *, writable: bool) -> None:
        self._path, self._writable = path, writable
        self.made_anew = False
        self._damaged = False
        self._database = self._open()

    def _open(self) -> Database | None:
        try:
            return self._tried()
        except (sqlite3.Error, UserError) as error:
            if not self._writable:
                return None  # a reader goes without; the writer heals it
            cause = error.__cause__ or error
            if not (is_damage(cause) or "no such" in str(cause) or self._path.is_dir()):
                # a full disk, or one that cannot be written, is no fault of the file
                raise error if isinstance(error, UserError) else explain(error, self._path) from error
            self._throw_away()
            return self._tried()

    def _throw_away(self) -> None:
        self.made_anew = True
        self._damaged = False
        try:
            if self._path.is_dir():  # not ours: whoever made it may want it back
                self._path.rename(self._path.with_name(f"{self._path.name}.not-a-file-{int(time.time())}"))
            for end in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        except OSError as error:
            raise UserError("The library's folder cannot be written.", str(error)) from error

    def _tried(self) -> Database:
        database = Database(self._path, writable=self._writable)
        try:
            if self._writable:
                tables = database.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
                self.made_anew = self.made_anew or not tables
                database.connection.executescript(_SCHEMA)
            database.connection.execute("SELECT id, content, jpeg FROM thumbnails LIMIT 1").fetchone()
        except BaseException:
            database.close()
            raise
        return database

    def _remake(self) -> None:
        """Throw the file away while it is open; readers on other threads find nothing in the meantime."""
        if self._database is not None:
            self._database.close()
        self._throw_away()
        self._database = self._tried()

    def put(self, many: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep (content, JPEG) pairs. A damaged file is thrown away first.

        Raises:
            UserError: the disk is full or not writable.
        """
        pairs = list(many)
        if not self._writable or not pairs:
            return
        if self._database is None or self._damaged:
            self._remake()
        try:
            self._insert(pairs)
        except UserError as error:
            if not is_damage(error.__cause__ or error):
                raise
            self._remake()
            self._insert(pairs)

    def _insert(self, pairs: Sequence[tuple[bytes, bytes]]) -> None:
        assert self._database is not None
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO thumbnails (content, jpeg) VALUES (?, ?)", pairs)

    def get(self, contents: Sequence[bytes]) -> dict[bytes, bytes]:
        """The JPEGs that are there; a damaged cache gives none."""
        found: dict[bytes, bytes] = {}
        try:
            for start in range(0, len(contents), _MANY):
                part = contents[start : start + _MANY]
                marks = ",".join("?" * len(part))
                query = f"SELECT content, jpeg FROM thumbnails WHERE content IN ({marks})"
                found.update({row[0]: row[1] for row in self._rows(query, part)})
        except (sqlite3.DatabaseError, UserError) as error:
            self._damaged = self._damaged or is_damage(error)
        return found

    def contents(self) -> set[bytes]:
        """Every content that has a thumbnail; of a damaged cache none, and it is thrown away (if writable)."""
        try:
            if not self._damaged:
                return {row[0] for row in self._rows("SELECT content FROM thumbnails", ())}
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
        if self._writable:
            self._remake()
        return set()

    def _rows(self, query: str, values: Sequence[bytes]) -> list[tuple[bytes, ...]]:
        return [] if self._database is None else self._database.connection.execute(query, values).fetchall()

    def close(self) -> None:
        """End every connection."""
        if self._database is not None:
            self._database.close()
