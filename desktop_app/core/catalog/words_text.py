"""What photos can be found by in words: their places, days and cameras, answers, keywords, and what was written.

Numbers and names of many rows come as one text in one row: a third of the cost of as many rows.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import changes, photo_captions
from desktop_app.core.types import FolderId

Numbers = npt.NDArray[np.int64]

_END = "\x1e"  # ends each text
_COLUMNS = {"title": ("details", "title"), "description": ("details", "description"), "note": ("notes", "text")}
WRITTEN = {
    "title": changes.DETAILS,
    "description": changes.DETAILS,
    "note": changes.NOTES,
    "caption": changes.POSTS,
}
"""Kinds of texts, and the counter of changes that each falls under."""
_BETWEEN = "//"  # no path below a folder has two slashes side by side


@dataclass(frozen=True, slots=True, eq=False)
class PhotoNames:
    """Every present photo; what is at the same place of each list belongs together.

    Attributes:
        ids: as text, separated by ",".
        folders: the library's folders they are in, likewise.
        days: of their dates: 20190531, likewise.
        paths: below those folders, as bytes, separated by "//".
    """

    ids: str
    folders: str
    days: str
    paths: bytes

    def numbers(self) -> tuple[Numbers, Numbers, Numbers]:
        """Ids, folders and days: int64 (n,) each."""
        ids, folders, days = (np.fromstring(text, np.int64, sep=",") for text in (self.ids, self.folders, self.days))
        return ids, folders, days

    def split_paths(self) -> list[bytes]:
        """The path of each, below its folder."""
        return self.paths.split(_BETWEEN.encode()) if self.ids else []


def photo_names(connection: sqlite3.Connection) -> PhotoNames:
    """Every present photo, in no order. 100,000 of them take some 0.1 s."""
    row = connection.execute(
        "SELECT group_concat(p.id), group_concat(p.folder),"
        " group_concat(replace(substr(p.sort_date, 1, 10), '-', '')),"
        f" CAST(group_concat(p.path, '{_BETWEEN}') AS BLOB)"
        # in the order of the table itself: by way of an index every row would be looked up on its own
        " FROM photos p NOT INDEXED WHERE p.missing = 0 AND p.folder IN (SELECT id FROM folders WHERE removed IS NULL)"
    ).fetchone()
    return PhotoNames(row[0] or "", row[1] or "", row[2] or "", row[3] or b"")


def folder_names(connection: sqlite3.Connection) -> dict[FolderId, str]:
    """The library's folders by id."""
    return {FolderId(row[0]): row[1] for row in connection.execute("SELECT id, name FROM folders")}


def cameras(connection: sqlite3.Connection) -> list[tuple[str, Numbers]]:
    """Cameras and the photos taken with each, int64 (n,); photos that are not shown may be among them."""
    rows = connection.execute("SELECT camera, group_concat(id) FROM photos WHERE camera <> '' GROUP BY camera")
    return [(row[0], _numbers(row[1])) for row in rows]


def answers(connection: sqlite3.Connection) -> list[tuple[int, str, str]]:
    """Answers that some label set has: id, name, and the name of the set."""
    rows = connection.execute(
        "SELECT a.id, a.name, s.name FROM answers a JOIN label_sets s ON s.id = a.label_set"
        " WHERE s.removed IS NULL AND a.removed = 0 ORDER BY s.id, a.place"
    )
    return [(row[0], row[1], row[2]) for row in rows]


def with_answer(connection: sqlite3.Connection, answer: int) -> Numbers:
    """Photos that have an answer, int64 (n,)."""
    row = connection.execute(
        "SELECT group_concat(l.photo) FROM answers a JOIN labels l ON l.label_set = a.label_set AND l.answer = a.id"
        " WHERE a.id = ?",
        (answer,),
    ).fetchone()
    return _numbers(row[0])


def keywords(connection: sqlite3.Connection) -> list[str]:
    """Every keyword that photos have; by jumps through an index, so in no time where many photos have the same."""
    rows = connection.execute(
        "WITH RECURSIVE every (word) AS (SELECT min(word) FROM keywords UNION ALL SELECT"
        " (SELECT min(k.word) FROM keywords k WHERE k.word > every.word) FROM every WHERE every.word IS NOT NULL)"
        " SELECT word FROM every WHERE word IS NOT NULL"
    )
    return [row[0] for row in rows]


def with_keyword(connection: sqlite3.Connection, word: str) -> Numbers:
    """Photos that have a keyword, int64 (n,)."""
    return _numbers(
        connection.execute("SELECT group_concat(photo) FROM keywords WHERE word = ?", (word,)).fetchone()[0]
    )


def photos_by_keyword(connection: sqlite3.Connection) -> dict[str, Numbers]:
    """Photos of every keyword, int64 (n,) each. 300,000 keywords of photos take some 60 ms."""
    return {
        row[0]: _numbers(row[1])
        for row in connection.execute("SELECT word, group_concat(photo) FROM keywords GROUP BY word")
    }


def themes(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    """Themes that a person gave a name and that are shown: id and name."""
    rows = connection.execute(
        "SELECT t.id, t.name FROM themes t JOIN groupings g ON g.id = t.grouping WHERE t.name <> ''"
        " AND t.removed IS NULL AND t.place IS NOT NULL AND g.ready = 1 AND g.removed IS NULL ORDER BY t.id"
    )
    return [(row[0], row[1]) for row in rows]


def in_theme(connection: sqlite3.Connection, theme: int) -> Numbers:
    """Photos of a theme, int64 (n,)."""
    row = connection.execute("SELECT group_concat(photo) FROM theme_photos WHERE theme = ?", (theme,)).fetchone()
    return _numbers(row[0])


@dataclass(frozen=True, slots=True)
class Written:
    """Texts that were written of photos, one of each.

    Attributes:
        kind: what they are, as a person reads it: "title", "description", "note", "caption".
        photos: as text, separated by ",".
        texts: likewise, each ended by a mark that no text has.
    """

    kind: str
    photos: str
    texts: str

    def ids(self) -> Numbers:
        """The photos, int64 (n,)."""
        return _numbers(self.photos)

    def split(self) -> list[str]:
        """The texts."""
        return self.texts.split(_END)[:-1]


def written(connection: sqlite3.Connection, kind: str) -> Written | None:
    """What was written of photos; None where nothing was. 100,000 texts take some 20 ms.

    Args:
        connection: to the catalogue.
        kind: one of `WRITTEN`.
    """
    if kind == "caption":
        captions = photo_captions.captions(connection)
        texts = "".join(text.replace(_END, " ") + _END for text in captions.values())
        return Written(kind, ",".join(map(str, captions)), texts) if captions else None
    table, column = _COLUMNS[kind]
    row = connection.execute(
        f"SELECT group_concat(photo), group_concat(replace({column}, ?1, ' ') || ?1, '')"
        f" FROM {table} WHERE {column} <> ''",
        (_END,),
    ).fetchone()
    return Written(kind, row[0], row[1]) if row[0] else None


def decode(name: bytes) -> str:
    """A name of the disk as text; bytes that are none are marked."""
    return name.decode("utf-8", "replace")


def _numbers(text: str | None) -> Numbers:
    return np.fromstring(text or "", np.int64, sep=",")
