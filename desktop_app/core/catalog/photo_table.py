"""The photos that are shown as columns of numbers: what filters and counts look at.

Reading 100,000 photos takes some 0.3 s; the columns are then kept for the thread that asked until anything in the
catalogue changes, which SQLite tells for nothing.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import theme_reading
from desktop_app.core.catalog.label_reading import ORIGINS

Ids = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
Part = TypeVar("Part")

_NUMBER_OF = {origin.value: at for at, origin in enumerate(ORIGINS)}


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """The labels of one set on photos that are shown, as arrays of equal length (n,).

    Attributes:
        rows: int64, rows of the table; several labels may stand for one row.
        answers: int64, answer ids; 0 for "none of these".
        origins: int8, positions in `label_reading.ORIGINS`.
    """

    rows: Ids
    answers: Ids
    origins: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Which photos bear which keyword, as arrays of equal length (n,).

    Attributes:
        names: every keyword, sorted.
        rows: int64, rows of the table.
        codes: int32, positions in `names`.
    """

    names: tuple[str, ...]
    rows: Ids
    codes: Codes


class PhotoTable:
    """Every photo that is shown, as columns of equal length (n,), by id.

    Nothing in it is ever written to again. What only some questions need is read when it is first asked for.

    Attributes:
        ids: int64, rising.
        folders: int64, folder ids.
        places: int32, positions in `place_names`.
        place_names: folder id and path inside it without the file's name, b"" for the folder itself.
        days: int32, days since 1-1-1970 of `sort_date`: when it was taken, else the file's time.
        widths, heights: int64, upright pixels.
        sizes: int64, bytes.
        formats: int32, positions in `format_names`.
        cameras: int32, positions in `camera_names`, where "" is unknown.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._parts: dict[object, Any] = {}
        # in the order of the table itself: by way of an index every row would be looked up on its own
        rows = connection.execute(
            "SELECT p.id, p.folder, p.width, p.height, p.size, p.path, substr(p.sort_date, 1, 10), p.format, p.camera"
            " FROM photos p NOT INDEXED WHERE p.missing = 0"
            " AND p.folder IN (SELECT id FROM folders WHERE removed IS NULL) ORDER BY p.id"
        ).fetchall()
        columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * 9
        self.ids, self.folders, self.widths, self.heights, self.sizes = (
            np.array(column, np.int64) for column in columns[:5]
        )
        inner = (path.rpartition(b"/")[0] for path in columns[5])
        self.place_names, self.places = coded(zip(columns[1], inner, strict=True), len(rows))
        self.days = np.array(columns[6], "U10").astype("datetime64[D]").astype(np.int32)
        self.format_names, self.formats = coded(columns[7], len(rows))
        self.camera_names, self.cameras = coded(columns[8], len(rows))

    def __len__(self) -> int:
        return len(self.ids)

    def kept(self, key: object, read: Callable[[], Part]) -> Part:
        """What was made of the table before under this key, or is made now: it lasts as long as the table."""
        if key not in self._parts:
            self._parts[key] = read()
        found: Part = self._parts[key]
        return found

    def rows_of(self, ids: Ids) -> tuple[Ids, Mask]:
        """Rows of photos, int64 (n,), and which of them are in the table, bool (n,)."""
        if not len(self.ids):
            return np.zeros(len(ids), np.int64), np.zeros(len(ids), np.bool_)
        rows = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return rows, self.ids[rows] == ids

    def on_day(self, month: int, day: int) -> Mask:
        """Whether a photo is of this day of whatever year."""
        of_year = self.kept("days of years", self._days_of_years)
        mask: Mask = of_year == month * 32 + day
        return mask

    def _days_of_years(self) -> npt.NDArray[np.int16]:
        days = self.days.astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        numbers: npt.NDArray[np.int64] = (months.astype(np.int64) % 12 + 1) * 32 + (days - months).astype(np.int64) + 1
        return numbers.astype(np.int16)

    def given(self, label_set: int) -> Given:
        """The labels of a set."""
        return self.kept(("labels", label_set), lambda: self._read_labels(label_set))

    def ratings(self) -> npt.NDArray[np.int8]:
        """Stars 0 to 5, -1 rejected; a photo without any is one of 0 stars, as programs that give stars have it."""
        ratings: npt.NDArray[np.int8] = self.kept("details", self._read_details)[0]
        return ratings

    def located(self) -> Mask:
        """Whether the place is known where it was taken."""
        located: Mask = self.kept("details", self._read_details)[1]
        return located

    def words(self) -> Words:
        """Keywords."""
        return self.kept("words", self._read_words)

    def of_theme(self, theme: int) -> Mask:
        """Whether a photo is in a theme."""
        return self.kept(("theme", theme), lambda: self._read_theme(theme))

    def themes(self, grouping: int) -> Ids:
        """The theme of each photo in a grouping, int64 (n,); 0 for those that are in none."""
        return self.kept(("grouping", grouping), lambda: self._read_grouping(grouping))

    def _read_grouping(self, grouping: int) -> Ids:
        held = theme_reading.members(self._connection, theme_reading.GroupingId(grouping))
        of_leaf = theme_reading.leaf_themes(self._connection, theme_reading.GroupingId(grouping))
        leaves = np.array(sorted(of_leaf), np.int64)  # every photo's leaf is among them
        found = np.zeros(len(self), np.int64)
        if len(leaves):
            own = np.array([of_leaf[leaf] for leaf in leaves.tolist()], np.int64)
            at = np.minimum(np.searchsorted(leaves, held.leaves), len(leaves) - 1)
            rows, known = self.rows_of(held.photos)
            known &= leaves[at] == held.leaves
            found[rows[known]] = own[at][known]
        return found

    def _read_labels(self, label_set: int) -> Given:
        found = self._connection.execute(
            "SELECT photo, answer, origin FROM labels WHERE label_set = ?", (label_set,)
        ).fetchall()
        photos, answers, origins = zip(*found, strict=True) if found else ((), (), ())
        rows, known = self.rows_of(np.array(photos, np.int64))
        numbers = np.fromiter(map(_NUMBER_OF.__getitem__, origins), np.int8, len(origins))
        return Given(rows[known], np.array(answers, np.int64)[known], numbers[known])

    def _read_details(self) -> tuple[npt.NDArray[np.int8], Mask]:
        found = self._connection.execute("SELECT photo, ifnull(rating, 0), latitude IS NOT NULL FROM details")
        photos, stars, located = np.array(found.fetchall(), np.int64).reshape(-1, 3).T
        rows, known = self.rows_of(photos)
        ratings, has_place = np.zeros(len(self), np.int8), np.zeros(len(self), np.bool_)
        ratings[rows[known]] = np.clip(stars[known], -1, 5)
        has_place[rows[known]] = located[known] != 0
        return ratings, has_place

    def _read_words(self) -> Words:
        found = self._connection.execute("SELECT word, photo FROM keywords ORDER BY word").fetchall()
        words, photos = zip(*found, strict=True) if found else ((), ())
        names, codes = coded(words, len(words))
        rows, known = self.rows_of(np.array(photos, np.int64))
        return Words(names, rows[known], codes[known])

    def _read_theme(self, theme: int) -> Mask:
        found = self._connection.execute(
            "SELECT p.photo FROM theme_leaves l CROSS JOIN leaf_photos p ON p.grouping = l.grouping AND p.leaf = l.leaf"
            " WHERE l.theme = ?",
            (theme,),
        )
        rows, known = self.rows_of(np.array([row[0] for row in found], np.int64))
        mask = np.zeros(len(self), np.bool_)
        mask[rows[known]] = True
        return mask


def coded(values: Iterable[Any], count: int) -> tuple[tuple[Any, ...], Codes]:
    """The different values in the order they come in, and the place of each of `count` values there, int32."""
    known: dict[Any, int] = {}
    codes = np.fromiter((known.setdefault(value, len(known)) for value in values), np.int32, count)
    return tuple(known), codes


class _Kept(threading.local):
    connection: sqlite3.Connection | None = None
    stamp: tuple[int, int] = (-1, -1)
    table: PhotoTable | None = None


_kept = _Kept()


def photo_table(connection: sqlite3.Connection) -> PhotoTable:
    """The table as the catalogue is now; for the thread of `connection` only.

    It is read anew when this connection or any other has changed the catalogue since.
    """
    if connection.in_transaction:  # what is being changed may be taken back
        return PhotoTable(connection)
    # what the table reads later is of the same stamp: it is let go of as soon as the stamp differs
    stamp = _stamp(connection)
    if _kept.connection is not connection or _kept.stamp != stamp or _kept.table is None:
        _kept.connection, _kept.stamp, _kept.table = connection, stamp, PhotoTable(connection)
    return _kept.table


def kept_table(connection: sqlite3.Connection) -> PhotoTable | None:
    """The table, where it is at hand and level with the catalogue; it is not read."""
    if connection.in_transaction or _kept.connection is not connection or _kept.stamp != _stamp(connection):
        return None
    return _kept.table


def all_days(connection: sqlite3.Connection) -> tuple[Ids, npt.NDArray[np.int32]]:
    """Every photo, also those that are not shown, by its day, and the day: int64 and int32 (n,).

    An index holds all that is read: a tenth of the time of the whole table.
    """
    rows = connection.execute(
        "SELECT substr(sort_date, 1, 10) day, group_concat(id), count(*) FROM photos INDEXED BY photos_date"
        " GROUP BY day"
    ).fetchall()
    ids = np.fromstring(",".join(row[1] for row in rows), np.int64, sep=",")
    days = np.array([row[0] for row in rows], "U10").astype("datetime64[D]").astype(np.int32)
    return ids, np.repeat(days, np.array([row[2] for row in rows], np.int64))


def _stamp(connection: sqlite3.Connection) -> tuple[int, int]:
    """Differs after every change: by other connections, by this one."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0]), connection.total_changes
