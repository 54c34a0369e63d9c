"""In which folders photos are, by name: what a person called them on the disk."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator

from desktop_app.core.types import PhotoId


def folder_names(connection: sqlite3.Connection) -> Iterator[tuple[PhotoId, tuple[str, ...]]]:
    """Every present photo with the names of the folders it is in, from the library's folder down.

    100,000 photos take some 0.2 s; photos of one folder share one tuple.
    """
    roots = {row[0]: row[1] for row in connection.execute("SELECT id, name FROM folders WHERE removed IS NULL")}
    known: dict[tuple[int, bytes], tuple[str, ...]] = {}
    for photo, folder, path in connection.execute("SELECT id, folder, path FROM photos WHERE missing = 0"):
        if folder not in roots:
            continue
        inner = path.rpartition(b"/")[0]
        names = known.get((folder, inner))
        if names is None:
            parts = [os.fsdecode(part) for part in inner.split(b"/") if part]
            names = known[folder, inner] = tuple(dict.fromkeys((roots[folder], *parts)))
        yield PhotoId(photo), names
