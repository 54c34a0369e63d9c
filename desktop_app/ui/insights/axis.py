"""The common axis: times the usual, logarithmic, so that "twice" and "half" are equally far from it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from desktop_app.ui.insights.values import RatioRow, times

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""Headings and rows."""

_TICKS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
_FINE = (0.25, 0.5, 0.7, 1.0, 1.4, 2.0, 4.0)
_WIDEST = (0.05, 50.0)
_NARROWEST = (0.6, 1.7)


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high` times the usual.

    Attributes:
        low, high: its ends.
    """

    low: float
    high: float

    def place(self, ratio: float) -> float:
        """Where a ratio is, 0 to 1; what is beyond an end is at it."""
        inside = min(max(ratio, self.low), self.high)
        return math.log(inside / self.low) / math.log(self.high / self.low)

    def is_beyond(self, ratio: float) -> bool:
        """Whether it does not fit on the axis."""
        return ratio < self.low * 0.999 or ratio > self.high * 1.001

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Ratios with their words: "0.5", "1", "2"."""
        wide = self.high / self.low > 9
        found = [one for one in (_TICKS if wide else _FINE) if self.low * 0.999 <= one <= self.high * 1.001]
        return tuple((one, f"{one:g}") for one in found)


def axis_for(rows: Iterable[RatioRow]) -> Axis:
    """An axis that holds every range, with a little room; the usual is always on it."""
    ends = [end for row in _with_seconds(rows) for end in (row.low, row.high) if end is not None and end > 0]
    low = min((*ends, _NARROWEST[0])) / 1.08
    high = max((*ends, _NARROWEST[1])) * 1.08
    return Axis(max(low, _WIDEST[0]), min(high, _WIDEST[1]))


def _with_seconds(rows: Iterable[RatioRow]) -> Iterator[RatioRow]:
    for row in rows:
        yield row
        if row.second is not None:
            yield row.second


def table_of(rows: Iterable[RatioRow], first: str) -> Table:
    """The same as a table: its headings and its rows, for the table view and for Copy."""
    rows = list(rows)
    pairs = any(row.second is not None for row in rows)
    head = (first, "Whose", "Posts", "Pictures", "Times the usual", "From", "To", "Verdict")
    body: list[tuple[str, ...]] = []
    for row in rows:
        for one, whose in ((row, "yours"), (row.second, "competitors")):
            if one is None:
                continue
            figures = tuple("" if value is None else times(value) for value in (one.ratio, one.low, one.high))
            verdict = one.verdict or ("Too few" if one.ratio is None else "")
            body.append((row.name, whose, f"{one.posts:,}", f"{one.pictures:,}", *figures, verdict))
    keep = [at for at, name in enumerate(head) if (name != "Whose" or pairs) and (name != "Pictures" or _any(body, at))]
    return tuple(head[at] for at in keep), [tuple(line[at] for at in keep) for line in body]


def _any(body: list[tuple[str, ...]], at: int) -> bool:
    return any(line[at] not in ("", "0") for line in body)
