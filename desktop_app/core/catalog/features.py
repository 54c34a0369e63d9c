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

_ABSENT = (  # photos that are not to be shown; by two indexes, in no time where there are none
    "SELECT id FROM photos WHERE missing = 1 UNION ALL"
    " SELECT p.id FROM folders d CROSS JOIN photos p ON p.folder = d.id AND p.missing = 0 WHERE d.removed IS NOT NULL"
)


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
    """Positions above `after` and the photos they belong to, present ones only: two int64 arrays (n,), by position.

    100,000 of them take some 40 ms: a number as text in one row is a third of the cost of a row.
    """
    row = connection.execute(
        "SELECT group_concat(position), group_concat(photo) FROM features WHERE network = ? AND position > ?",
        (network, after),
    ).fetchone()
    where, ids = _numbers(row[0]), _numbers(row[1])
    order = np.argsort(where, kind="stable")
    where, ids = where[order], ids[order]
    absent = connection.execute(_ABSENT).fetchall()
    if absent:
        shown = ~np.isin(ids, np.array(absent, np.int64).reshape(-1))
        where, ids = where[shown], ids[shown]
    return where, ids


def _numbers(text: str | None) -> npt.NDArray[np.int64]:
    """What `group_concat` gave of whole numbers."""
    return np.fromstring(text or "", np.int64, sep=",")


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


def count_with(connection: sqlite3.Connection, network: str) -> int:
    """Present photos that have features of this network; 100,000 take some 5 ms."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM features WHERE network = ?1) - (SELECT count(*) FROM"
        f" ({_ABSENT}) a JOIN features f ON f.network = ?1 AND f.photo = a.id)",
        (network,),
    ).fetchone()
    return int(row[0])


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Present photos that each network has features of."""
    rows = connection.execute("SELECT DISTINCT network FROM features").fetchall()
    return {row[0]: count_with(connection, row[0]) for row in rows}


@dataclass(frozen=True, slots=True)
class Lacking:
    """A present photo without features of a network, and where its file is."""

    id: PhotoId
    content: bytes
    folder: FolderId
    root: bytes
    path: bytes
    size: int
    mtime_ns: int


def lacking(connection: sqlite3.Connection, network: str) -> list[Lacking]:
    """Present photos without features of a network, by content: the same set, the same order.

    Where none is lacking 100,000 photos take some 60 ms.
    """
    _, known = positions(connection, network)
    text = connection.execute(
        "SELECT group_concat(p.id) FROM photos p JOIN folders d ON d.id = p.folder"
        " WHERE p.missing = 0 AND d.removed IS NULL"
    ).fetchone()[0]
    wanted = np.setdiff1d(_numbers(text), known).tolist()
    found: list[Lacking] = []
    for start in range(0, len(wanted), _MANY):
        part = wanted[start : start + _MANY]
        rows = connection.execute(
            "SELECT p.id, p.content, p.folder, d.root, p.path, p.size, p.mtime_ns FROM photos p"
            f" JOIN folders d ON d.id = p.folder WHERE p.id IN ({','.join('?' * len(part))})",
            part,
        )
        found += [Lacking(PhotoId(row[0]), row[1], FolderId(row[2]), *row[3:]) for row in rows]
    return sorted(found, key=lambda photo: (photo.content, photo.id))


def set_position_of(
    connection: sqlite3.Connection, network: str, photo: PhotoId, content: bytes, position: int
) -> bool:
    """As `set_position`, if the photo is still there with that content; whether it is."""
    done = connection.execute(
        "INSERT OR REPLACE INTO features SELECT ?, id, ? FROM photos WHERE id = ? AND content = ?",
        (network, position, photo, content),
    )
    return bool(done.rowcount)


def forget_changed(connection: sqlite3.Connection, photo: PhotoId, content: bytes, kept: Sequence[str]) -> int:
    """Forget what networks said of a photo whose content was another; those in `kept` stay. Returns how many."""
    done = connection.execute(
        f"DELETE FROM features WHERE photo = ? AND network NOT IN ({','.join('?' * len(kept))})"
        " AND EXISTS (SELECT 1 FROM photos WHERE id = ? AND content <> ?)",
        (photo, *kept, photo, content),
    )
    return done.rowcount


def forget_network(connection: sqlite3.Connection, network: str) -> int:
    """Forget all that a network said. Returns of how many photos."""
    return connection.execute("DELETE FROM features WHERE network = ?", (network,)).rowcount


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
    """The photos of this content that have features, present ones first."""
    rows = connection.execute(
        "SELECT p.id, d.root, p.path, p.missing, f.position, p.format, p.width, p.height, p.taken, p.camera"
        " FROM photos p JOIN features f ON f.photo = p.id AND f.network = ? JOIN folders d ON d.id = p.folder"
        " WHERE p.content = ? ORDER BY p.missing, p.id",
        (network, content),
    )
    return [
        Donor(PhotoId(row[0]), row[1], row[2], bool(row[3]), row[4], row[5], row[6], row[7], moment(row[8]), row[9])
        for row in rows
    ]
