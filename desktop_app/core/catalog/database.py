"""Connections to one SQLite file: one per thread, WAL, and errors that say whose fault it is."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_app.core.errors import UserError


class Database:
    """One SQLite file, opened once per thread that uses it.

    Args:
        path: the file.
        writable: False opens it read-only; where even SQLite's side files cannot be made (a read-only disk)
            the file is read as it lies.
    """

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path = path
        self.writable = writable
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._closed = False

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._open()
            with self._guard:
                if self._closed:
                    found.close()
                    raise UserError("The library was closed.")
                self._all.append(found)
            self._local.connection = found
        return found

    def _open(self) -> sqlite3.Connection:
        # check_same_thread is off only so that close() can end every thread's connection
        try:
            if self.writable:
                connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=10)
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=NORMAL")
                connection.execute("PRAGMA foreign_keys=ON")
            else:
                connection = self._open_to_read()
            connection.execute("PRAGMA cache_size=-8000")
        except sqlite3.Error as error:
            raise explain(error, self.path) from error
        return connection

    def _open_to_read(self) -> sqlite3.Connection:
        address = self.path.absolute().as_uri()
        connection = sqlite3.connect(
            f"{address}?mode=ro", uri=True, isolation_level=None, check_same_thread=False, timeout=10
        )
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            connection = sqlite3.connect(
                f"{address}?immutable=1", uri=True, isolation_level=None, check_same_thread=False
            )
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing.

        Raises:
            UserError: the disk is full, the file is locked, damaged or not writable.
        """
        connection = self.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise explain(error, self.path) from error

    def close(self) -> None:
        """Close every thread's connection. Calling it twice is fine."""
        with self._guard:
            self._closed = True
            for connection in self._all:
                connection.close()
            self._all.clear()


FULL = "The disk that holds the library is full. Free some space, then go on."


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file itself is broken."""
    text = str(error).lower()
    return isinstance(error, sqlite3.DatabaseError) and ("malformed" in text or "not a database" in text)


def _nothing_free(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < 1_000_000
    except OSError:
        return False


def explain(error: sqlite3.Error, path: Path) -> Exception:
    """The world's errors as a sentence; a mistake of ours comes back as it is."""
    text = str(error).lower()
    if "full" in text:
        return UserError(FULL, f"{error}: {path}")
    if is_damage(error):
        return UserError("The library's catalogue is damaged. Open a copy of it from a backup.", f"{error}: {path}")
    if "locked" in text or "busy" in text:
        return UserError("The library is busy in another program. Try again in a moment.", f"{error}: {path}")
    if "disk i/o" in text and _nothing_free(path):
        return UserError(FULL, f"{error}: {path}")  # what SQLite says when its side files cannot grow
    if "readonly" in text or "unable to open" in text or "disk i/o" in text:
        return UserError("The library's folder cannot be written.", f"{error}: {path}")
    return error
