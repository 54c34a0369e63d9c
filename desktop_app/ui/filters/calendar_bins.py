"""Days, months and years side by side on a line: arithmetic only. Days are counted from 1-1-1970."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog.filters import EPOCH

Days = npt.NDArray[np.int64]

_THIN, _HANDY = 0.8, 7.0
_LEAST_DAYS = 14


class Unit(enum.Enum):
    """What one bar stands for."""

    DAY = "D"
    MONTH = "M"
    YEAR = "Y"


_DAYS_IN = {Unit.DAY: 1.0, Unit.MONTH: 30.4, Unit.YEAR: 365.2}


def to_date(day: int) -> date:
    """The day of a number."""
    return date.fromordinal(day + EPOCH)


def to_day(day: date) -> int:
    """The number of a day."""
    return day.toordinal() - EPOCH


def unit_range(day: int, unit: Unit) -> tuple[int, int]:
    """First and last day of the unit that holds a day."""
    start = np.datetime64(day, "D").astype(f"datetime64[{unit.value}]")
    return _number(start), _number(start + 1) - 1


def _number(moment: np.datetime64) -> int:
    return int(moment.astype("datetime64[D]").astype(np.int64))


def starts(first: int, last: int, unit: Unit) -> Days:
    """First day of every unit that touches a range, and of the one after, int64 (n + 1,)."""
    begin = np.datetime64(first, "D").astype(f"datetime64[{unit.value}]")
    end = np.datetime64(last, "D").astype(f"datetime64[{unit.value}]") + 2
    return np.arange(begin, end).astype("datetime64[D]").astype(np.int64)


@dataclass(frozen=True, eq=False)
class Timeline:
    """Photos per day.

    Attributes:
        days: int64 (n,), rising.
        counts: int64 (n,).
    """

    days: Days = field(default_factory=lambda: np.empty(0, np.int64))
    counts: Days = field(default_factory=lambda: np.empty(0, np.int64))

    def between(self, edges: Days) -> Days:
        """Photos from each edge up to the next, int64 (edges - 1,)."""
        summed = np.concatenate(([0], np.cumsum(self.counts)))
        return np.diff(summed[np.searchsorted(self.days, edges)])

    def count(self, first: int, last: int) -> int:
        """Photos in a range of days, both ends in it."""
        return int(self.between(np.array([first, last + 1]))[0])

    @property
    def span(self) -> tuple[int, int] | None:
        """Whole years from the first photo to the last; None without photos."""
        if not len(self.days):
            return None
        return unit_range(int(self.days[0]), Unit.YEAR)[0], unit_range(int(self.days[-1]), Unit.YEAR)[1]


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are on screen, and how wide.

    Attributes:
        first: the first of them.
        last: the last of them.
        width: of all of them, device-independent pixels.
    """

    first: int
    last: int
    width: float

    @property
    def per_day(self) -> float:
        """Pixels for one day."""
        return self.width / max(1, self.last - self.first + 1)

    def x(self, day: float) -> float:
        """Where a day begins, from the left."""
        return (day - self.first) * self.per_day

    def day_at(self, x: float) -> int:
        """The day at a place, never one outside."""
        return min(max(self.first + int(x // self.per_day), self.first), self.last)

    @property
    def drawn(self) -> Unit:
        """The finest unit whose bars can be seen."""
        return self._finest(_THIN)

    @property
    def picked(self) -> Unit:
        """The finest unit that can be pointed at."""
        return self._finest(_HANDY)

    def _finest(self, pixels: float) -> Unit:
        return next((unit for unit, days in _DAYS_IN.items() if days * self.per_day >= pixels), Unit.YEAR)

    def zoomed(self, factor: float, around: float, limits: tuple[int, int]) -> Window:
        """A window of `factor` times the days with the day at `around` (pixels) kept in place, within limits."""
        whole = limits[1] - limits[0] + 1
        days = min(whole, max(_LEAST_DAYS, round((self.last - self.first + 1) * factor)))
        share = min(max(around / max(1.0, self.width), 0.0), 1.0)
        first = round(self.first + share * (self.last - self.first + 1) - share * days)
        first = min(max(first, limits[0]), limits[1] - days + 1)
        return Window(first, first + days - 1, self.width)

    def showing(self, first: int, last: int, limits: tuple[int, int]) -> Window:
        """A window of the same length, moved as little as shows a range, within limits."""
        days = self.last - self.first + 1
        begin = self.first
        if last > self.last:
            begin = last - days + 1
        begin = min(begin, first) if first < begin else begin
        begin = min(max(begin, limits[0]), limits[1] - days + 1)
        return Window(begin, begin + days - 1, self.width)
