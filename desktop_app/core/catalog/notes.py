"""Notes that a person writes to photos."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from desktop_app.core.types import PhotoId

_MANY = 500  # bound variables in one statement


def set_note(connection: sqlite3.Connection, photo: PhotoId, text: str) -> str:
    """Keep a note with a photo; "" takes it away. Returns the note that was there."""
    before = notes(connection, [photo]).get(photo, "")
    text = text.strip()
    if text:
        connection.execute("INSERT OR REPLACE INTO notes SELECT id, ? FROM photos WHERE id = ?", (text, photo))
    else:
        connection.execute("DELETE FROM notes WHERE photo = ?", (photo,))
    return before


def notes(connection: sqlite3.Connection, photos: Sequence[PhotoId]) -> dict[PhotoId, str]:
    """The notes of those of these photos that have one."""
    found: dict[PhotoId, str] = {}
    for start in range(0, len(photos), _MANY):
        part = list(photos[start : start + _MANY])
        marks = ",".join("?" * len(part))
        rows = connection.execute(f"SELECT photo, text FROM notes WHERE photo IN ({marks})", part)
        found.update((PhotoId(photo), text) for photo, text in rows)
    return found


def inherit(connection: sqlite3.Connection, heir: PhotoId, photo: PhotoId) -> None:
    """Give a photo without a note that of another row for the same file, which is about to go."""
    connection.execute("INSERT OR IGNORE INTO notes SELECT ?, text FROM notes WHERE photo = ?", (heir, photo))
