"""Opening a library's catalogue: brought up to date, or taken from the copy where an update was cut off badly."""

from __future__ import annotations

import time
from pathlib import Path

from desktop_app.core.catalog import schema
from desktop_app.core.catalog.database import Database


def open_catalogue(catalogue: Path, *, writable: bool) -> Database:
    """The catalogue, in the newest version.

    Args:
        catalogue: the file; made when absent and `writable`.
        writable: False refuses a file that would have to be brought up to date.

    Raises:
        LibraryTooNew: a newer program made it.
        UserError: it cannot be read or brought up to date.
        OSError: the copy cannot be put in its place.
    """
    copy = schema.copy_path(catalogue)
    if writable and copy.is_file() and not schema.is_sound(catalogue):
        # an update was cut off so badly that the catalogue itself suffered: the copy from before is whole
        _take_copy(catalogue, copy)
    database = Database(catalogue, writable=writable)
    try:
        if writable:
            schema.migrate(catalogue, database.connection)
        else:
            schema.check_readable(database.connection)
    except BaseException:
        database.close()
        raise
    return database


def _take_copy(catalogue: Path, copy: Path) -> None:
    if not schema.is_sound(copy):
        return
    if catalogue.exists():
        catalogue.replace(catalogue.with_suffix(f".damaged-{int(time.time())}"))
    for end in ("-wal", "-shm"):
        catalogue.with_name(catalogue.name + end).unlink(missing_ok=True)
    copy.replace(catalogue)
