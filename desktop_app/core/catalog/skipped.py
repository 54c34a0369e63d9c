"""Image files that are not in the library, with the reason each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from desktop_app.core.catalog.photos import absolute
from desktop_app.core.types import FolderId, Reason, Skipped

# what a person moved to the trash is not shown, but neither is it anything to be told of
_LOST = "p.missing = 1 AND NOT EXISTS (SELECT 1 FROM trashed t WHERE t.photo = p.id AND t.state != 'back')"


@dataclass(frozen=True, slots=True)
class KnownSkip:
    """What a scan compares a file with that was left out before."""

    size: int
    mtime_ns: int
    reason: Reason


def known(connection: sqlite3.Connection, folder: FolderId) -> dict[bytes, KnownSkip]:
    """All files of a folder that are left out, by relative path."""
    rows = connection.execute("SELECT path, size, mtime_ns, reason FROM skipped WHERE folder = ?", (folder,))
    return {row[0]: KnownSkip(row[1], row[2], Reason(row[3])) for row in rows}


def put(
    connection: sqlite3.Connection,
    folder: FolderId,
    path: bytes,
    size: int,
    mtime_ns: int,
    reason: Reason,
    details: str,
) -> None:
    """Leave a file out, with a reason."""
    connection.execute(
        "INSERT OR REPLACE INTO skipped VALUES (?, ?, ?, ?, ?, ?)",
        (folder, path, size, mtime_ns, reason.value, details),
    )


def drop(connection: sqlite3.Connection, folder: FolderId, path: bytes) -> None:
    """The file is in, or is no longer there."""
    connection.execute("DELETE FROM skipped WHERE folder = ? AND path = ?", (folder, path))


def counts(connection: sqlite3.Connection) -> dict[Reason, int]:
    """Files left out, by reason; photos whose files are gone count too, but for those in the trash."""
    rows = connection.execute(
        "SELECT s.reason, count(*) FROM skipped s JOIN folders d ON d.id = s.folder"
        " WHERE d.removed IS NULL GROUP BY s.reason ORDER BY count(*) DESC, s.reason"
    )
    found = {Reason(row[0]): int(row[1]) for row in rows}
    gone = connection.execute(
        f"SELECT count(*) FROM photos p JOIN folders d ON d.id = p.folder WHERE {_LOST} AND d.removed IS NULL"
    ).fetchone()[0]
    if gone:
        found[Reason.GONE] = found.get(Reason.GONE, 0) + gone
    return found


def listed(
    connection: sqlite3.Connection, reason: Reason | None = None, folder: FolderId | None = None
) -> Iterator[Skipped]:
    """The files left out, by path, of one reason or all, of one folder or all."""
    rows = connection.execute(
        "SELECT d.root, s.path, s.reason, s.details FROM skipped s JOIN folders d ON d.id = s.folder"
        " WHERE d.removed IS NULL AND (?1 IS NULL OR s.reason = ?1) AND (?2 IS NULL OR s.folder = ?2)"
        " UNION ALL SELECT d.root, p.path, 'gone', '' FROM photos p JOIN folders d ON d.id = p.folder"
        f" WHERE {_LOST} AND d.removed IS NULL AND (?1 IS NULL OR ?1 = 'gone') AND (?2 IS NULL OR p.folder = ?2)"
        " ORDER BY 1, 2",
        (reason.value if reason else None, folder),
    )
    for root, path, why, details in rows:
        yield Skipped(absolute(root, path), Reason(why), details)
