"""Which row of a network's vector files belongs to which photo."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog.photos import moment
from desktop_app.core.types import FolderId, PhotoId

_MANY = 500  # bound variables in one statement


def set_position(connection: sqlite3.Connection, network: str, photo: PhotoId, position: int) -> None:
    """Name the row of the network's vector files that holds a photo's features."""
    connection.execute("INSERT OR REPLACE INTO features VALUES (?, ?, ?)", (network, photo, position))


def committed_rows(connection: sqlite3.Connection, network: str) -> int:
    """One more than the highest position that the catalogue names."""
    row = connection.execute("SELECT max(position) FROM features WHERE network = ?", (network,)).fetchone()
    return 0 if row[0] is None else int(row[0]) + 1


def forget_positions(connection: sqlite3.Connection, network: str, first: int) -> int:
    """Forget positions from `first` on, whose vectors were lost; their photos are done again. Returns how many."""
    return connection.execute("DELETE FROM features WHERE network = ? AND position >= ?", (network, first)).rowcount


def folders_without_vectors(connection: sqlite3.Connection, network: str) -> list[FolderId]:
    """Folders with present photos whose vectors are not there: another network was chosen, or they were lost."""
    rows = connection.execute(
        "SELECT d.id FROM folders d WHERE d.removed IS NULL AND EXISTS (SELECT 1 FROM photos p WHERE p.folder = d.id"
        " AND p.missing = 0 AND NOT EXISTS (SELECT 1 FROM features f WHERE f.network = ? AND f.photo = p.id))",
        (network,),
    )
    return [FolderId(row[0]) for row in rows]


def positions(
    connection: sqlite3.Connection, network: str, after: int = -1
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Positions above `after` and the photos they belong to, present ones only: two int64 arrays (n,), by position."""
    rows = connection.execute(
        "SELECT f.position, f.photo FROM features f JOIN photos p ON p.id = f.photo JOIN folders d ON d.id = p.folder"
        " WHERE f.network = ? AND f.position > ? AND p.missing = 0 AND d.removed IS NULL ORDER BY f.position",
        (network, after),
    ).fetchall()
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])


def positions_of(
    connection: sqlite3.Connection, network: str, ids: Sequence[int]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Positions of those of these photos that are present and have features, and their ids: two int64 arrays (n,).

    In the order of the ids' numbers. 1,000 of them take some 5 ms, whatever the library's size.
    """
    unique = sorted(set(ids))
    rows: list[tuple[int, int]] = []
    for start in range(0, len(unique), _MANY):
        part = unique[start : start + _MANY]
        rows += connection.execute(
            "SELECT f.position, f.photo FROM features f JOIN photos p ON p.id = f.photo"
            " JOIN folders d ON d.id = p.folder WHERE f.network = ? AND p.missing = 0 AND d.removed IS NULL"
            f" AND f.photo IN ({','.join('?' * len(part))}) ORDER BY f.photo",
            (network, *part),
        )
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])


def positions_by_content(connection: sqlite3.Connection, network: str, limit: int) -> npt.NDArray[np.int64]:
    """Positions of up to `limit` present photos in the order of their content: the same set, the same order."""
    rows = connection.execute(
        "SELECT min(f.position) FROM photos p JOIN features f ON f.photo = p.id AND f.network = ?"
        " JOIN folders d ON d.id = p.folder WHERE p.missing = 0 AND d.removed IS NULL"
        " GROUP BY p.content ORDER BY p.content LIMIT ?",
        (network, limit),
    ).fetchall()
    return np.array(rows, dtype=np.int64).reshape(-1)


@dataclass(frozen=True, slots=True)
class Donor:
    """A photo that holds a content already, with its features."""

    id: PhotoId
    root: bytes
    path: bytes
    missing: bool
    position: int
    format: str
    width: int
    height: int
    taken: datetime | None
    camera: str


def featured_contents(connection: sqlite3.Connection, network: str) -> set[bytes]:
    """Every content whose features are there already."""
    rows = connection.execute(
        "SELECT p.content FROM features f JOIN photos p ON p.id = f.photo WHERE f.network = ?", (network,)
    )
    return {row[0] for row in rows}


def donors(connection: sqlite3.Connection, network: str, content: bytes) -> list[Donor]:
    """The photos of this content that have features, missing ones first."""
    rows = connection.execute(
        "SELECT p.id, d.root, p.path, p.missing, f.position, p.format, p.width, p.height, p.taken, p.camera"
        " FROM photos p JOIN features f ON f.photo = p.id AND f.network = ? JOIN folders d ON d.id = p.folder"
        " WHERE p.content = ? ORDER BY p.missing DESC, p.id",
        (network, content),
    )
    return [
        Donor(PhotoId(row[0]), row[1], row[2], bool(row[3]), row[4], row[5], row[6], row[7], moment(row[8]), row[9])
        for row in rows
    ]
