"""The photos that are shown as columns of numbers: what filters and counts look at.

Reading 100,000 photos takes some 0.3 s; the columns are then kept for the thread that asked. The catalogue's counters
tell what became wrong: a label makes only labels be read again, and photos that were added are read alone.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import changes, theme_reading
from desktop_app.core.catalog.columns import Codes, coded, grown
from desktop_app.core.catalog.label_reading import ORIGINS

Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Part = TypeVar("Part")

_MOST = 64  # parts that are kept: a mask takes 0.1 MB of 100,000 photos

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

    No array in it is ever written to again. What only some questions need is read when it is first asked for.

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

    ids: Ids
    place_names: tuple[tuple[int, bytes], ...]
    format_names: tuple[str, ...]
    camera_names: tuple[str, ...]

    def __init__(
        self, connection: sqlite3.Connection, counted: Mapping[str, object], before: PhotoTable | None = None
    ) -> None:
        """Read the columns; those of photos that were added where a table is given that only lacks them.

        Args:
            connection: to the catalogue.
            counted: what `changes.counts` gave, before.
            before: a table that is level but for photos that were added.
        """
        self._connection, self.counted = connection, counted
        self._parts: dict[object, tuple[changes.Stamp, Any]] = {}
        last = int(before.ids[-1]) if before is not None and len(before) else 0
        # in the order of the table itself: by way of an index every row would be looked up on its own
        rows = connection.execute(
            "SELECT p.id, p.folder, p.width, p.height, p.size, p.path, substr(p.sort_date, 1, 10), p.format, p.camera"
            " FROM photos p NOT INDEXED WHERE p.missing = 0 AND p.id > ?"
            " AND p.folder IN (SELECT id FROM folders WHERE removed IS NULL) ORDER BY p.id",
            (last,),
        ).fetchall()
        columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * 9
        self.ids, self.folders, self.widths, self.heights, self.sizes = (
            np.array(column, np.int64) for column in columns[:5]
        )
        inner = (path.rpartition(b"/")[0] for path in columns[5])
        names = (before.place_names, before.format_names, before.camera_names) if before is not None else ((), (), ())
        self.place_names, self.places = coded(zip(columns[1], inner, strict=True), len(rows), names[0])
        self.days = np.array(columns[6], "U10").astype("datetime64[D]").astype(np.int32)
        self.format_names, self.formats = coded(columns[7], len(rows), names[1])
        self.camera_names, self.cameras = coded(columns[8], len(rows), names[2])
        if before is not None:
            for name in ("ids", "folders", "widths", "heights", "sizes", "places", "days", "formats", "cameras"):
                setattr(self, name, np.concatenate((getattr(before, name), getattr(self, name))))
            # had a photo that was added any of these, its counter would have changed
            self._parts = {
                key: (stamp, grown(part, len(self))) for key, (stamp, part) in before._parts.items() if stamp
            }

    def __len__(self) -> int:
        return len(self.ids)

    def kept(self, key: object, read: Callable[[], Part], *kinds: str) -> Part:
        """What was made of the table before under this key, or is made now.

        Args:
            key: names it.
            read: makes it.
            kinds: counters of what else it is made of than the table: it lasts until they change.
        """
        stamp = changes.stamp(self.counted, *kinds)
        known = self._parts.get(key)
        if known is None or known[0] != stamp:
            self._parts.pop(key, None)
            while len(self._parts) >= _MOST:
                self._parts.pop(next(iter(self._parts)))
            known = self._parts[key] = stamp, read()
        found: Part = known[1]
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
        return self.kept(("labels", label_set), lambda: self._read_labels(label_set), changes.LABELS)

    def ratings(self) -> npt.NDArray[np.int8]:
        """Stars 0 to 5, -1 rejected; a photo without any is one of 0 stars, as programs that give stars have it."""
        ratings: npt.NDArray[np.int8] = self.kept("details", self._read_details, changes.DETAILS)[0]
        return ratings

    def located(self) -> Mask:
        """Whether the place is known where it was taken."""
        located: Mask = self.kept("details", self._read_details, changes.DETAILS)[1]
        return located

    def words(self) -> Words:
        """Keywords."""
        return self.kept("words", self._read_words, changes.DETAILS)

    def of_theme(self, theme: int) -> Mask:
        """Whether a photo is in a theme."""
        return self.kept(("theme", theme), lambda: self._read_theme(theme), changes.THEMES)

    def themes(self, grouping: int) -> Ids:
        """The theme of each photo in a grouping, int64 (n,); 0 for those that are in none."""
        return self.kept(("grouping", grouping), lambda: self._read_grouping(grouping), changes.THEMES)

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
        cases = " ".join(f"WHEN '{origin}' THEN {number}" for origin, number in _NUMBER_OF.items())
        found = self._connection.execute(
            f"SELECT group_concat(photo), group_concat(answer), group_concat(CASE origin {cases} END)"
            " FROM labels WHERE label_set = ?",
            (label_set,),
        ).fetchone()  # as one text: a third of the cost of as many rows
        photos, answers, origins = (np.fromstring(text or "", np.int64, sep=",") for text in found)
        rows, known = self.rows_of(photos)
        return Given(rows[known], answers[known], origins[known].astype(np.int8))

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


class _Kept(threading.local):
    connection: sqlite3.Connection | None = None
    table: PhotoTable | None = None


_kept = _Kept()


def photo_table(connection: sqlite3.Connection) -> PhotoTable:
    """The table as the catalogue is now; for the thread of `connection` only.

    It is read anew when this connection or any other has changed photos or folders since; of photos that were added
    nothing else is read.
    """
    counted = changes.counts(connection)
    if connection.in_transaction:  # what is being changed may be taken back
        return PhotoTable(connection, counted)
    table = _level(connection, counted)
    if table is None:
        table = PhotoTable(connection, counted)
        _kept.connection, _kept.table = connection, table
    return table


def kept_table(connection: sqlite3.Connection) -> PhotoTable | None:
    """The table, where it is at hand and lacks no more than photos that were added; else it is not read."""
    return None if connection.in_transaction else _level(connection, changes.counts(connection))


def _level(connection: sqlite3.Connection, counted: Mapping[str, object]) -> PhotoTable | None:
    """The table that is kept, brought level where that is quickly done."""
    table = _kept.table
    if table is None or _kept.connection is not connection:
        return None
    if table.counted[changes.PHOTOS] != counted[changes.PHOTOS]:
        return None
    if table.counted[changes.ADDED] != counted[changes.ADDED]:
        table = _kept.table = PhotoTable(connection, counted, table)
    # what the table reads later is of this stamp or newer: it is let go of as soon as the stamp differs
    table.counted = counted
    return table


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
