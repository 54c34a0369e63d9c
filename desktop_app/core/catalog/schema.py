"""How a catalogue of an older version is brought up to date, and whether a file is a catalogue at all.

`PRAGMA user_version` holds the version. A migration runs in one transaction, after a copy of the whole file
was made; the copy is removed once the migration is in. A file of a newer version is refused.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from desktop_app.core.catalog.database import explain
from desktop_app.core.catalog.tables import MIGRATIONS
from desktop_app.core.errors import LibraryTooNew, UserError

VERSION = len(MIGRATIONS)


def copy_path(catalogue: Path) -> Path:
    """Where the copy lies that is made before a migration."""
    return catalogue.with_name(catalogue.stem + ".before-update.sqlite")


def migrate(catalogue: Path, connection: sqlite3.Connection, migrations: tuple[str, ...] = MIGRATIONS) -> None:
    """Bring an open catalogue to the newest version.

    Raises:
        LibraryTooNew: a newer program wrote it; nothing was changed.
        UserError: the migration failed; the file is as it was.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    newest = len(migrations)
    if version > newest:
        raise LibraryTooNew(
            "This library was made by a newer version of Likeness. Update Likeness to open it.",
            f"catalogue version {version}, this program knows {newest}",
        )
    if version == newest:
        copy_path(catalogue).unlink(missing_ok=True)  # left by an update that was cut off: it was rolled back
        return
    if version:
        _make_copy(catalogue, connection)
    try:
        script = "".join(migrations[version:])
        connection.executescript(f"BEGIN IMMEDIATE;{script};PRAGMA user_version={newest};COMMIT;")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.rollback()
        explained = explain(error, catalogue)
        if isinstance(explained, UserError):  # a full disk is no fault of the update
            raise explained from error
        raise UserError(
            "The library could not be brought up to date and is unchanged. Open it with the version of Likeness "
            "that you had before, or report this.",
            f"{error} (version {version} to {newest}, {catalogue})",
        ) from error
    copy_path(catalogue).unlink(missing_ok=True)


def _make_copy(catalogue: Path, connection: sqlite3.Connection) -> None:
    """Copy the whole file beside it; under its final name there is only ever a whole copy."""
    path = copy_path(catalogue)
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(half)) as copy:
            connection.backup(copy)
        half.replace(path)
    except sqlite3.Error as error:
        half.unlink(missing_ok=True)
        raise explain(error, catalogue) from error
    except OSError as error:
        half.unlink(missing_ok=True)
        raise UserError("The library's folder cannot be written.", str(error)) from error


def is_sound(catalogue: Path) -> bool:
    """Whether a file is a catalogue that SQLite finds no fault with; an empty one is none."""
    try:
        with closing(sqlite3.connect(f"{catalogue.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            if not connection.execute("PRAGMA user_version").fetchone()[0]:
                return False
            return bool(connection.execute("PRAGMA quick_check").fetchone()[0] == "ok")
    except sqlite3.Error:
        return False


def check_readable(connection: sqlite3.Connection) -> None:
    """A reader cannot migrate: it needs exactly this version.

    Raises:
        LibraryTooNew: a newer program wrote it.
        UserError: it has to be opened for writing once, to be brought up to date.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise LibraryTooNew("This library was made by a newer version of Likeness. Update Likeness to open it.")
    if version == 0:
        raise UserError("This library is still being made. Try again in a moment.")
    if version < VERSION:
        raise UserError("This library has to be brought up to date first. Open it where its folder can be written.")
