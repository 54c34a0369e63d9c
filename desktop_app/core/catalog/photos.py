"""Photos of a library: rows in, rows out, and the orders the grid can show."""

from __future__ import annotations

import os
import re
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from desktop_app.core.catalog import orders
from desktop_app.core.labelling import LabelFilter
from desktop_app.core.types import FolderId, Order, Photo, PhotoId, PhotoState

_MANY = 500  # bound variables in one statement


@dataclass(frozen=True, slots=True)
class Facts:
    """What reading a file told about it."""

    folder: FolderId
    path: bytes  # relative to the folder's root
    size: int
    mtime_ns: int
    content: bytes
    format: str
    width: int
    height: int
    taken: datetime | None
    camera: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a scan compares a file with."""

    id: PhotoId
    size: int
    mtime_ns: int
    content: bytes
    missing: bool
    featured: bool  # its vectors are there


def known(connection: sqlite3.Connection, folder: FolderId, network: str) -> dict[bytes, Known]:
    """All photos of a folder by relative path; where a present and a missing one share it, the present one."""
    rows = connection.execute(
        "SELECT p.path, p.id, p.size, p.mtime_ns, p.content, p.missing, f.position IS NOT NULL"
        " FROM photos p LEFT JOIN features f ON f.photo = p.id AND f.network = ? WHERE p.folder = ?"
        " ORDER BY p.missing DESC, p.id",
        (network, folder),
    )
    return {row[0]: Known(PhotoId(row[1]), row[2], row[3], row[4], bool(row[5]), bool(row[6])) for row in rows}


def insert(connection: sqlite3.Connection, facts: Facts) -> PhotoId:
    """A photo that was not here before."""
    cursor = connection.execute(
        "INSERT INTO photos (folder, path, size, mtime_ns, content, format, width, height, taken, camera,"
        " sort_date, sort_name) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        _values(facts),
    )
    return PhotoId(cursor.lastrowid or 0)


def update(connection: sqlite3.Connection, photo: PhotoId, facts: Facts) -> None:
    """The same photo with another content, place or time; what belongs to it stays."""
    connection.execute(
        "UPDATE photos SET folder=?, path=?, size=?, mtime_ns=?, content=?, format=?, width=?, height=?, taken=?,"
        " camera=?, sort_date=?, sort_name=?, missing=0 WHERE id=?",
        (*_values(facts), photo),
    )


def relocate(
    connection: sqlite3.Connection, photo: PhotoId, folder: FolderId, path: bytes, size: int, mtime_ns: int
) -> None:
    """The same content at another path, or with another time."""
    taken = connection.execute("SELECT taken FROM photos WHERE id = ?", (photo,)).fetchone()[0]
    connection.execute(
        "UPDATE photos SET folder=?, path=?, size=?, mtime_ns=?, sort_date=?, sort_name=?, missing=0 WHERE id=?",
        (folder, path, size, mtime_ns, taken or _file_time(mtime_ns).isoformat(), sort_name(path), photo),
    )


def set_missing(connection: sqlite3.Connection, ids: Iterable[PhotoId], missing: bool) -> None:
    """Mark photos whose files are gone, or are back."""
    connection.executemany("UPDATE photos SET missing = ? WHERE id = ?", ((int(missing), one) for one in ids))


def count_present(connection: sqlite3.Connection) -> int:
    """Photos that the grid shows."""
    row = connection.execute(
        "SELECT count(*) FROM photos p JOIN folders d ON d.id = p.folder WHERE p.missing = 0 AND d.removed IS NULL"
    ).fetchone()
    return int(row[0])


def listed(
    connection: sqlite3.Connection,
    order: Order,
    folder: FolderId | None = None,
    text: str = "",
    labels: Iterable[LabelFilter] = (),
) -> array[int]:
    """Ids of the present photos in an order, of one folder or all, whose path holds `text` (any case).

    Every one of the filters in `labels` has to let a photo through.
    """
    labels = tuple(labels)
    if order in orders.BY and folder is None and not text.split() and not labels:
        return array("q", orders.in_order(connection, order).tobytes())
    where, values = ["p.missing = 0", "d.removed IS NULL"], list[object]()
    if folder is not None:
        where.append("p.folder = ?")
        values.append(folder)
    for word in text.split():
        # SQLite's LIKE knows upper and lower case in ASCII only; in sort_name all is lower case, but numbers are padded
        column, wanted = (
            ("CAST(p.path AS TEXT)", word) if word.isascii() else ("p.sort_name", pad_numbers(word.casefold()))
        )
        where.append(f"({column} LIKE ? ESCAPE '\\' OR d.name LIKE ? ESCAPE '\\' OR p.sort_date LIKE ? ESCAPE '\\')")
        values += [f"%{_literally(wanted)}%", f"%{_literally(word)}%", f"{_literally(word)}%"]
    for wish in labels:
        condition, more = _label_condition(wish)
        where.append(condition)
        values += more
    rows = connection.execute(
        "SELECT p.id AS id FROM photos p JOIN folders d ON d.id = p.folder"
        f" WHERE {' AND '.join(where)} ORDER BY {orders.BY.get(order, 'p.id')}",
        values,
    )
    return array("q", (row[0] for row in rows))


def _label_condition(wish: LabelFilter) -> tuple[str, list[object]]:
    condition, values = "l.label_set = ? AND l.photo = p.id", list[object]([wish.label_set])
    for column, wanted in (
        ("answer", [answer or 0 for answer in wish.answers]),
        ("origin", [origin.value for origin in wish.origins]),
    ):
        if wanted:
            condition += f" AND l.{column} IN ({','.join('?' * len(wanted))})"
            values += wanted
    return f"{'' if wish.labelled else 'NOT '}EXISTS (SELECT 1 FROM labels l WHERE {condition})", values


def _literally(text: str) -> str:
    return re.sub(r"([%_\\])", r"\\\1", text)


def fetch(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[PhotoId, Photo]:
    """The photos of these ids that exist."""
    found: dict[PhotoId, Photo] = {}
    for start in range(0, len(ids), _MANY):
        part = list(ids[start : start + _MANY])
        rows = connection.execute(
            "SELECT p.id, p.folder, d.root, p.path, p.size, p.mtime_ns, p.content, p.format, p.width, p.height,"
            " p.taken, p.camera, p.missing, d.state FROM photos p JOIN folders d ON d.id = p.folder"
            f" WHERE p.id IN ({','.join('?' * len(part))})",
            part,
        )
        for row in rows:
            found[PhotoId(row[0])] = _photo(row)
    return found


def total_size(connection: sqlite3.Connection, ids: Sequence[int]) -> int:
    """Bytes of these photos' files together."""
    total = 0
    for start in range(0, len(ids), _MANY):
        part = list(ids[start : start + _MANY])
        marks = ",".join("?" * len(part))
        row = connection.execute(f"SELECT ifnull(sum(size), 0) FROM photos WHERE id IN ({marks})", part).fetchone()
        total += int(row[0])
    return total


def by_path(connection: sqlite3.Connection, path: Path) -> PhotoId | None:
    """The present photo at this absolute path, also where links lead there by another name."""
    rows = connection.execute("SELECT id, root FROM folders WHERE removed IS NULL").fetchall()
    whole = os.fsencode(path)
    places = [(folder, whole, root) for folder, root in rows]
    # asked second: following links touches the disk
    places += [(folder, os.path.realpath(whole), os.path.realpath(root)) for folder, root in rows]
    for folder, file, root in places:
        prefix = root.rstrip(b"/\\") + os.fsencode(os.sep)
        if file.startswith(prefix):
            relative = file[len(prefix) :].replace(os.fsencode(os.sep), b"/")
            row = connection.execute(
                "SELECT id FROM photos WHERE folder = ? AND path = ? AND missing = 0", (folder, relative)
            ).fetchone()
            if row:
                return PhotoId(row[0])
    return None


def contents(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[PhotoId, bytes]:
    """The content hash of each of these photos."""
    found: dict[PhotoId, bytes] = {}
    for start in range(0, len(ids), _MANY):
        part = list(ids[start : start + _MANY])
        marks = ",".join("?" * len(part))
        rows = connection.execute(f"SELECT id, content FROM photos WHERE id IN ({marks})", part)
        found.update((PhotoId(row[0]), row[1]) for row in rows)
    return found


def absolute(root: bytes, relative: bytes) -> Path:
    """A photo's path from the catalogue's bytes."""
    return Path(os.fsdecode(root)) / PurePosixPath(os.fsdecode(relative))


def pad_numbers(text: str) -> str:
    """Pad runs of digits to ten places, so that text order is the order people expect."""
    return re.sub(r"\d+", lambda digits: digits.group().lstrip("0").zfill(10), text)


def sort_name(path: bytes) -> str:
    """The key by which paths are sorted and searched."""
    return pad_numbers(path.decode("utf-8", "replace").casefold())


def _values(facts: Facts) -> tuple[object, ...]:
    taken = facts.taken.isoformat() if facts.taken else None
    return (
        facts.folder,
        facts.path,
        facts.size,
        facts.mtime_ns,
        facts.content,
        facts.format,
        facts.width,
        facts.height,
        taken,
        facts.camera,
        taken or _file_time(facts.mtime_ns).isoformat(),
        sort_name(facts.path),
    )


def _file_time(mtime_ns: int) -> datetime:
    """Local time of a file's stamp; stamps that no calendar holds become the epoch."""
    try:
        return datetime.fromtimestamp(mtime_ns // 1_000_000_000)
    except (OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(0)


def moment(text: str | None) -> datetime | None:
    """A time as the catalogue holds it."""
    return datetime.fromisoformat(text) if text else None


def _photo(row: tuple[Any, ...]) -> Photo:
    (
        id_,
        folder,
        root,
        path,
        size,
        mtime_ns,
        content,
        format_,
        width,
        height,
        taken,
        camera,
        missing,
        state,
    ) = row
    place = absolute(root, path)
    if missing:
        where = PhotoState.MISSING
    else:
        where = PhotoState.AWAY if state == PhotoState.AWAY.value else PhotoState.PRESENT
    return Photo(
        id=PhotoId(id_),
        folder=FolderId(folder),
        path=place,
        name=os.fsencode(place.name).decode("utf-8", "replace"),
        size=size,
        modified=_file_time(mtime_ns),
        content=content,
        format=format_,
        width=width,
        height=height,
        taken=moment(taken),
        camera=camera,
        state=where,
    )
