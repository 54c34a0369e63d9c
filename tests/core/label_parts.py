"""What tests of labels share: a catalogue in memory with photos, and all that it holds of labels."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from desktop_app.core.catalog import folders, labels, photos, schema
from desktop_app.core.labelling import LabelSetId, Origin
from desktop_app.core.types import PhotoId


def catalogue() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    schema.migrate(Path("no such file"), connection)
    return connection


def add_photos(connection: sqlite3.Connection, count: int, root: str = "/photos") -> list[PhotoId]:
    folder = folders.add(connection, Path(root))
    return [
        photos.insert(
            connection,
            photos.Facts(folder, b"%d.jpg" % at, 10, at * 10**9, at.to_bytes(16, "big"), "JPEG", 4, 3, None, ""),
        )
        for at in range(count)
    ]


Held = dict[PhotoId, dict[int | None, tuple[Origin, float]]]


def held(connection: sqlite3.Connection, label_set: LabelSetId) -> Held:
    """Origin and time of every label by photo and answer, as the arrays say it."""
    table = labels.labels(connection, label_set, missing=True)
    found: Held = {}
    for photo, answer, origin, time in zip(table.photos, table.answers, table.origins, table.times, strict=True):
        own = found.setdefault(PhotoId(int(photo)), {})
        own[None if answer < 0 else int(answer)] = (labels.ORIGINS[origin], float(time))
    return found
