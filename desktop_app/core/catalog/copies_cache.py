"""What comparing photos found, by content: a cache in a SQLite file, thrown away when damaged or outdated."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from desktop_app.core.catalog.database import Database, is_damage
from desktop_app.core.errors import UserError

_MANY = 4000
_SCHEMA = """
CREATE TABLE pictures (
  content BLOB PRIMARY KEY,
  signature BLOB NOT NULL,          -- x'' where the thumbnail is damaged
  thumbnail BLOB NOT NULL,          -- blake2b-128 of the thumbnail: equal ones show the same
  searched TEXT NOT NULL DEFAULT '' -- by what its neighbours were looked for; '' not yet
) WITHOUT ROWID;
CREATE TABLE pairs (
  one BLOB NOT NULL,
  other BLOB NOT NULL,
  way INTEGER NOT NULL,
  fit REAL NOT NULL,                -- how alike they are at a second glance
  place INTEGER NOT NULL,           -- at which window
  PRIMARY KEY (one, other, way)
) WITHOUT ROWID;
CREATE TABLE comparisons (
  one BLOB NOT NULL,
  other BLOB NOT NULL,
  way INTEGER NOT NULL,
  measured BLOB NOT NULL,           -- x'' where they could not be laid over one another
  PRIMARY KEY (one, other, way)
) WITHOUT ROWID;
"""

Picture = tuple[bytes, bytes, bytes, str]
"""Content, signature, digest of the thumbnail, by what its neighbours were looked for."""
Pair = tuple[bytes, bytes, int, float, int]
"""Content of one and other, way, fit, window."""
Comparison = tuple[bytes, bytes, int, bytes]
"""Content of one and other, way, what was measured."""


class CopiesCache:
    """What is known of the likeness of photos, kept between runs. Close it after use.

    Args:
        path: the file; made when absent, made anew when damaged or of another version (if writable).
        version: of what it holds; a positive number.
        writable: False reads what is there, and keeps nothing.
    """

    def __init__(self, path: Path, version: int, *, writable: bool) -> None:
        self._path, self._version, self._writable = path, version, writable
        self._database = self._open()

    def _open(self) -> Database | None:
        for _ in range(2):
            try:
                return self._tried()
            except (sqlite3.Error, UserError, _OutdatedError):
                if not self._writable:
                    return None
                try:
                    self._throw_away()
                except OSError:
                    return None  # everything is found anew each time: slow, but right
        return None

    def _tried(self) -> Database:
        if self._path.is_dir() or (not self._writable and not self._path.is_file()):
            raise _OutdatedError
        database = Database(self._path, writable=self._writable)
        try:
            connection = database.connection
            if self._writable and not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                connection.executescript(f"BEGIN;{_SCHEMA};PRAGMA user_version={self._version};COMMIT;")
            if connection.execute("PRAGMA user_version").fetchone()[0] != self._version:
                raise _OutdatedError
            for table in ("pictures", "pairs", "comparisons"):
                connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
        except BaseException:
            database.close()
            raise
        return database

    def _throw_away(self) -> None:
        if self._path.is_dir():
            raise OSError(f"a folder lies at {self._path}")
        for end in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)

    @contextmanager
    def _guarded(self) -> Iterator[sqlite3.Connection | None]:
        """The connection, or None where there is no file; damage found meanwhile throws the file away."""
        try:
            yield None if self._database is None else self._database.connection
        except (sqlite3.DatabaseError, UserError) as error:
            if not is_damage(error.__cause__ or error):
                raise
            self.close()
            if self._writable:
                self._throw_away()
                self._database = self._tried()

    def pictures(self) -> Iterator[list[Picture]]:
        """Every picture that is known, in no order, some at a time; of a damaged file what could be read."""
        return self._parts("SELECT content, signature, thumbnail, searched FROM pictures")

    def pairs(self) -> Iterator[list[Pair]]:
        """Every pair that may be one of copies, some at a time."""
        return self._parts("SELECT one, other, way, fit, place FROM pairs")

    def comparisons(self) -> Iterator[list[Comparison]]:
        """Every comparison that was made, some at a time."""
        return self._parts("SELECT one, other, way, measured FROM comparisons")

    def _parts(self, query: str) -> Iterator[list[Any]]:
        with self._guarded() as connection:
            if connection is None:
                return
            rows = connection.execute(query)
            while part := rows.fetchmany(_MANY):
                yield part

    def put_pictures(self, pictures: Iterable[Picture]) -> None:
        """Keep pictures, in the place of what was known of them."""
        self._put(
            "INSERT OR REPLACE INTO pictures (content, signature, thumbnail, searched) VALUES (?,?,?,?)", pictures
        )

    def put_pairs(self, pairs: Iterable[Pair], searched: Sequence[bytes], by: str) -> None:
        """Keep pairs, and that the neighbours of some pictures were looked for: both or nothing."""
        if self._database is None or not self._writable:
            return
        with self._guarded(), self._database.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO pairs VALUES (?,?,?,?,?)", pairs)
            connection.executemany(
                "UPDATE pictures SET searched = ? WHERE content = ?", ((by, one) for one in searched)
            )

    def put_comparisons(self, comparisons: Iterable[Comparison]) -> None:
        """Keep comparisons."""
        self._put("INSERT OR REPLACE INTO comparisons VALUES (?,?,?,?)", comparisons)

    def _put(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        if self._database is None or not self._writable:
            return
        with self._guarded(), self._database.transaction() as connection:
            connection.executemany(statement, rows)

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None


class _OutdatedError(Exception):
    """The file holds what another version of the program found."""
