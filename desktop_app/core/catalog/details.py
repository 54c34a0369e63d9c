"""What files and side-cars say beside date and camera: rows in, rows out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop_app.core.types import Details, FolderId, FolderState, PhotoId

_MANY = 500  # bound variables in one statement


def put(connection: sqlite3.Connection, photo: PhotoId, content: bytes, details: Details) -> None:
    """Keep what was read of a file of this content, in the place of what was known before."""
    old = connection.execute("SELECT 1 FROM details WHERE photo = ?", (photo,)).fetchone()
    if old:
        connection.execute("DELETE FROM keywords WHERE photo = ?", (photo,))
    connection.execute(
        "INSERT OR REPLACE INTO details (photo, content, sidecar, latitude, longitude, altitude, rating, title,"
        " description) VALUES (?,?,?,?,?,?,?,?,?)",
        (
            photo,
            content,
            details.sidecar,
            details.latitude,
            details.longitude,
            details.altitude,
            details.rating,
            details.title,
            details.description,
        ),
    )
    if details.keywords:
        connection.executemany(
            "INSERT OR IGNORE INTO keywords VALUES (?, ?)", ((photo, word) for word in details.keywords)
        )


def get(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[PhotoId, Details]:
    """What is known of those of these photos that were read, in the order of the words as they sort."""
    found: dict[PhotoId, Details] = {}
    for start in range(0, len(ids), _MANY):
        part = list(ids[start : start + _MANY])
        marks = ",".join("?" * len(part))
        words: dict[int, list[str]] = {}
        for photo, word in connection.execute(
            f"SELECT photo, word FROM keywords WHERE photo IN ({marks}) ORDER BY photo, word COLLATE NOCASE", part
        ):
            words.setdefault(photo, []).append(word)
        for row in connection.execute(
            "SELECT photo, latitude, longitude, altitude, rating, title, description, sidecar FROM details"
            f" WHERE photo IN ({marks})",
            part,
        ):
            keywords = tuple(words.get(row[0], ()))
            found[PhotoId(row[0])] = Details(row[1], row[2], row[3], row[4], keywords, row[5], row[6], row[7])
    return found


@dataclass(frozen=True, slots=True)
class Owed:
    """A present photo whose file or side-car is to be read, and by what its file is known."""

    id: PhotoId
    folder: FolderId
    root: bytes
    path: bytes
    content: bytes
    size: int
    mtime_ns: int
    sidecar: str  # stamp of the side-car that was read


_OWED = (
    "SELECT p.id, p.folder, d.root, p.path, p.content, p.size, p.mtime_ns, ifnull(t.sidecar, '') FROM photos p"
    " JOIN folders d ON d.id = p.folder LEFT JOIN details t ON t.photo = p.id"
    f" WHERE p.missing = 0 AND d.removed IS NULL AND d.state <> '{FolderState.AWAY.value}'"
)


def lacking(connection: sqlite3.Connection) -> list[Owed]:
    """Present photos that were never read, or whose content is another by now."""
    rows = connection.execute(f"{_OWED} AND (t.photo IS NULL OR t.content <> p.content) ORDER BY p.folder, p.path")
    return [_owed(row) for row in rows]


def of_folder(connection: sqlite3.Connection, folder: FolderId, *, with_sidecar: bool) -> list[Owed]:
    """The present photos of a folder; `with_sidecar` only those whose side-car was read."""
    wish = " AND t.sidecar <> ''" if with_sidecar else ""
    return [_owed(row) for row in connection.execute(f"{_OWED} AND p.folder = ?{wish}", (folder,))]


def beside(connection: sqlite3.Connection, folder: FolderId, sidecars: Iterable[bytes]) -> list[Owed]:
    """The present photos that these side-cars may belong to, by their paths: `IMG_1.jpg.xmp`, `IMG_1.xmp`."""
    found: dict[PhotoId, Owed] = {}
    for path in sidecars:
        name = path[:-4]  # "/" is what comes after "."
        rows = connection.execute(
            f"{_OWED} AND p.folder = ? AND (p.path = ? OR (p.path > ? AND p.path < ?))",
            (folder, name, name + b".", name + b"/"),
        )
        for row in rows:
            owed = _owed(row)
            if b"/" not in owed.path[len(name) :]:
                found[owed.id] = owed
    return list(found.values())


def _owed(row: tuple[int, int, bytes, bytes, bytes, int, int, str]) -> Owed:
    return Owed(PhotoId(row[0]), FolderId(row[1]), *row[2:])
