"""The catalogue's tables, version by version, and how an older file is brought up to date.

`PRAGMA user_version` holds the version. A migration runs in one transaction, after a copy of the whole file
was made; the copy is removed once the migration is in. A file of a newer version is refused.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from desktop_app.core.catalog.database import explain
from desktop_app.core.errors import LibraryTooNew, UserError

_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE folders (
  id INTEGER PRIMARY KEY,
  root BLOB NOT NULL UNIQUE,        -- os.fsencode of the absolute path
  name TEXT NOT NULL,
  state TEXT NOT NULL,              -- FolderState
  waiting INTEGER NOT NULL DEFAULT 0,
  videos INTEGER NOT NULL DEFAULT 0, -- files that are no pictures are counts, not rows
  others INTEGER NOT NULL DEFAULT 0,
  removed REAL                      -- seconds since 1970; removed folders can be brought back for a while
);

CREATE TABLE photos (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- an id is never given twice: views may still hold it
  folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
  path BLOB NOT NULL,               -- relative to the folder's root, "/" between its parts
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  content BLOB NOT NULL,            -- blake2b-128 of the whole file
  format TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  taken TEXT,                       -- ISO 8601 without a zone
  camera TEXT NOT NULL DEFAULT '',
  missing INTEGER NOT NULL DEFAULT 0,
  sort_date TEXT NOT NULL,          -- taken, else the file's time: ISO 8601
  sort_name TEXT NOT NULL           -- display path with numbers padded, so that 2 stands before 10
);
-- a photo whose file is gone keeps its path while another photo may stand there now
CREATE UNIQUE INDEX photos_path ON photos (folder, path) WHERE missing = 0;
CREATE INDEX photos_missing ON photos (folder, path) WHERE missing = 1;
CREATE INDEX photos_content ON photos (content);
CREATE INDEX photos_date ON photos (sort_date, id);
CREATE INDEX photos_name ON photos (sort_name, id);

CREATE TABLE features (
  network TEXT NOT NULL,            -- Network.key
  photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,        -- row in every vector file of that network
  PRIMARY KEY (network, photo)
) WITHOUT ROWID;
CREATE UNIQUE INDEX features_position ON features (network, position);

CREATE TABLE skipped (
  folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
  path BLOB NOT NULL,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  reason TEXT NOT NULL,             -- Reason
  details TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (folder, path)
) WITHOUT ROWID;
"""

_LABELS = """
CREATE TABLE label_sets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,               -- labelling.Kind
  removed REAL                      -- seconds since 1970; removed sets can be brought back for a while
);

CREATE TABLE answers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: a trained head may still name it
  label_set INTEGER NOT NULL REFERENCES label_sets (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  key TEXT NOT NULL DEFAULT '',     -- '' for none
  place INTEGER NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0 -- without labels; the row stays so that undo can give it back under its id
);
CREATE INDEX answers_set ON answers (label_set, place);

CREATE TABLE labels (
  label_set INTEGER NOT NULL REFERENCES label_sets (id) ON DELETE CASCADE,
  photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
  answer INTEGER NOT NULL,          -- an answer of the set; 0 for "none of these"
  origin TEXT NOT NULL,             -- labelling.Origin
  time REAL NOT NULL,               -- seconds since 1970
  PRIMARY KEY (label_set, photo, answer)
) WITHOUT ROWID;
CREATE INDEX labels_photo ON labels (photo);

CREATE TABLE notes (
  photo INTEGER PRIMARY KEY REFERENCES photos (id) ON DELETE CASCADE,
  text TEXT NOT NULL
);
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _LABELS)
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
