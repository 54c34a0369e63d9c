"""How often each part of the catalogue was changed: what is kept of it asks here whether it is still right.

SQLite itself only tells that something was written. The counters tell what, to every connection and process, and a
transaction that is taken back takes its counts back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

PHOTOS, ADDED, LABELS, DETAILS = "photos", "added", "labels", "details"
NOTES, POSTS, THEMES, FEATURES = "notes", "posts", "themes", "features"
SHOWN = (PHOTOS, ADDED)
"""Decides which photos are shown, and their columns. Of new photos only `ADDED` rises, to the highest id."""

Stamp = tuple[object, ...]

# counter, table, and the columns whose change is counted, "" for all; a column that is set to what it was counts too
_COUNTED: tuple[tuple[str, str, str], ...] = (
    (PHOTOS, "photos", "folder, path, size, content, format, width, height, camera, missing, sort_date, sort_name"),
    (PHOTOS, "folders", "root, name, removed"),
    (LABELS, "label_sets", ""),
    (LABELS, "answers", ""),
    (LABELS, "labels", ""),
    (DETAILS, "details", ""),
    (DETAILS, "keywords", ""),
    (NOTES, "notes", ""),
    (POSTS, "accounts", ""),
    (POSTS, "sources", "removed"),
    (POSTS, "posts", "account, caption, source"),
    (POSTS, "post_pictures", "post, photo"),
    (THEMES, "groupings", "ready, removed"),
    (THEMES, "themes", "grouping, name, place, removed"),
    (THEMES, "theme_leaves", ""),
    (THEMES, "leaf_photos", ""),
    (FEATURES, "features", ""),
)


def tables() -> str:
    """SQL that makes the counters; part of version 4, so that it must stay as it is once that is out."""
    kinds = ", ".join(f"('{kind}', 0)" for kind in sorted({kind for kind, _, _ in _COUNTED}))
    parts = [
        "CREATE TABLE changes (what TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID",
        f"INSERT INTO changes VALUES {kinds}",
    ]
    for kind, table, columns in _COUNTED:
        for event in ("INSERT", "UPDATE", "DELETE"):
            if (table, event) == ("photos", "INSERT"):
                continue  # SQLite keeps their highest id anyway; a trigger would treble the time of an insert
            of = f" OF {columns}" if columns and event == "UPDATE" else ""
            parts.append(
                f"CREATE TRIGGER {table}_{event.lower()}_counted AFTER {event}{of} ON {table} BEGIN"
                f" UPDATE changes SET count = count + 1 WHERE what = '{kind}'; END"
            )
    return "".join(f"{part};\n" for part in parts)


def counts(connection: sqlite3.Connection) -> dict[str, object]:
    """Every counter as it stands: some 10 µs.

    Within a transaction, which may be taken back and whose counts would then be given again, each is one of its own
    that equals no other.
    """
    found: dict[str, object] = {ADDED: 0}
    found.update(
        connection.execute(
            "SELECT what, count FROM changes UNION ALL SELECT ?, seq FROM sqlite_sequence WHERE name = 'photos'",
            (ADDED,),
        ).fetchall()
    )
    return {kind: object() for kind in found} if connection.in_transaction else found


def stamp(counted: Mapping[str, object], *kinds: str) -> Stamp:
    """Differs whenever one of these was changed.

    Args:
        counted: what `counts` gave.
        kinds: counters.
    """
    return tuple(counted[kind] for kind in kinds)
