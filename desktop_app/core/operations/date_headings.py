"""Headings above photos in the order of their days, and where each month begins."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from desktop_app.core import wording
from desktop_app.core.catalog.filters import EPOCH
from desktop_app.core.catalog.photo_table import all_days, kept_table
from desktop_app.core.operations.filter_words import day_words, month_words

NO_DATE = np.iinfo(np.int32).min
"""Stands for the day of a photo that is not in the catalogue, or no longer."""

_PER_DAY, _MOST_DAYS = 4, 4_000
_PER_MONTH = 3


@dataclass(frozen=True, slots=True)
class Month:
    """Where a month begins in a grid.

    Attributes:
        row: its first photo.
        count: how many photos stand from there on that are of this month.
    """

    year: int
    month: int
    row: int
    count: int


@dataclass(frozen=True, slots=True)
class Headings:
    """What a grid that is sorted by date is divided by.

    Attributes:
        sections: (first row, title), rising, the first at row 0; as `GridModel.set_sections` takes them.
        months: every month, in the order of the grid.
    """

    sections: tuple[tuple[int, str], ...] = ()
    months: tuple[Month, ...] = ()


def date_headings(connection: sqlite3.Connection, ids: npt.ArrayLike) -> Headings:
    """Headings for photos in the order in which they are shown; 100,000 take some 15 to 60 ms.

    Args:
        connection: of the calling thread.
        ids: int64 (n,), sorted by date.
    """
    return headings(days_of(connection, ids))


def days_of(connection: sqlite3.Connection, ids: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """The day that each photo is sorted by, in days since 1-1-1970, int32 (n,); `NO_DATE` where there is none."""
    wanted, table = np.asarray(ids, np.int64), kept_table(connection)
    if table is not None:
        known, days = table.ids, table.days
    else:
        known, days = all_days(connection)
        order = np.argsort(known)
        known, days = known[order], days[order]
    if not len(known):
        return np.full(len(wanted), NO_DATE, np.int32)
    rows = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[rows] == wanted, days[rows], NO_DATE).astype(np.int32)


def headings(days: npt.NDArray[np.int32]) -> Headings:
    """Headings by day; by month, then by year, where days hold few photos or there would be thousands of headings.

    Args:
        days: int32 (n,), days since 1-1-1970 in the order of the grid.
    """
    if not len(days):
        return Headings()
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    months[days == NO_DATE] = NO_DATE
    day_starts, month_starts = _starts(days), _starts(months)
    count = len(days)
    named = tuple(
        Month(*_year_month(int(months[start])), int(start), int(end - start))
        for start, end in zip(month_starts, [*month_starts[1:], count], strict=True)
        if months[start] != NO_DATE
    )
    if len(day_starts) <= min(_MOST_DAYS, max(1, count // _PER_DAY)):
        sections = tuple((int(row), _day_title(int(days[row]))) for row in day_starts)
    elif len(month_starts) <= max(1, count // _PER_MONTH):
        sections = tuple((int(row), _month_title(int(months[row]))) for row in month_starts)
    else:
        years = np.where(months == NO_DATE, NO_DATE, months // 12)
        sections = tuple((int(row), _year_title(int(years[row]))) for row in _starts(years))
    return Headings(sections, named)


@dataclass(frozen=True, slots=True, eq=False)
class SameDay:
    """Photos of one day of the year, years apart.

    Attributes:
        order: int64 (n,), positions in what was given, as they are to be shown: earlier years first, the latest of them
            at the top, then this year's and what is dated later.
        headings: above them, a year each.
        earlier: how many are of earlier years.
    """

    order: npt.NDArray[np.int64]
    headings: Headings
    earlier: int


def same_day(days: npt.NDArray[np.int32], today: date) -> SameDay:
    """A look back at one day of the year: what was in earlier years comes before what is known from this one.

    Args:
        days: int32 (n,), days since 1-1-1970 in the order of the grid.
        today: what "3 years ago" is counted from.
    """
    if not len(days):
        return SameDay(np.empty(0, np.int64), Headings(), 0)
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    years[days == NO_DATE] = NO_DATE
    is_late = years >= today.year
    order = np.lexsort((np.where(is_late, years, -years), is_late))
    found = headings(days[order])
    sections = tuple((int(row), _ago_title(int(days[order[row]]), today)) for row in _starts(years[order]))
    earlier = int(np.count_nonzero(~is_late & (days != NO_DATE)))
    return SameDay(order, Headings(sections, found.months), earlier)


def _ago_title(day: int, today: date) -> str:
    if day == NO_DATE:
        return _UNKNOWN
    that = date.fromordinal(day + EPOCH)
    years = today.year - that.year
    if that == today:
        ago = "today"
    elif years > 0:
        ago = f"{wording.count(years, 'year')} ago"
    else:
        ago = "this year" if not years else f"in {wording.count(-years, 'year')}"
    return f"{day_words(that)} · {ago}"


def _starts(values: npt.NDArray[np.signedinteger]) -> npt.NDArray[np.int64]:
    """Where values differ from the one before, int64, the first 0."""
    return np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1)).astype(np.int64)


def _year_month(months: int) -> tuple[int, int]:
    return 1970 + months // 12, months % 12 + 1


_UNKNOWN = "No date"


def _day_title(day: int) -> str:
    return _UNKNOWN if day == NO_DATE else day_words(date.fromordinal(day + EPOCH))


def _month_title(months: int) -> str:
    return _UNKNOWN if months == NO_DATE else month_words(*_year_month(months))


def _year_title(years: int) -> str:
    return _UNKNOWN if years == NO_DATE else str(1970 + years)
