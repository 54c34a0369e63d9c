"""What the hour and the weekday of a post went together with, told apart from the themes.

Each is counted without the other: a weekday's posts are compared after the worth of their hours is taken off, and the
other way round (a two-way fit whose parts are drawn towards nothing where posts are few).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from desktop_app.core.insights.baseline import Ints
from desktop_app.core.insights.counted import LEAST_POSTS, Counted
from desktop_app.core.insights.intervals import Array, adjusted, estimate, trimmed_mean

if TYPE_CHECKING:
    from desktop_app.core.insights.intervals import Estimate

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BLOCK: Final = 3
"""Hours that are counted together."""
BLOCKS: Final = tuple(f"{hour:02}-{hour + BLOCK:02}" for hour in range(0, 24, BLOCK))

_HELD = 8.0  # posts' worth of "no difference" that each part starts with


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One block of hours, or one weekday.

    Attributes:
        name: "06-09", "Monday".
        posts: how many posts.
        ratio: in times the account's usual, None for too few.
        low: lower end of the range.
        high: upper end.
        chance: adjusted over all rows of both tables; None for too few.
    """

    name: str
    posts: int
    ratio: float | None
    low: float | None
    high: float | None
    chance: float | None


@dataclass(frozen=True, slots=True)
class Hours:
    """Both tables, in the order of the clock and of the week."""

    hours: tuple[TimeRow, ...]
    weekdays: tuple[TimeRow, ...]


def _parts(counted: Counted) -> tuple[Ints, Ints]:
    """Block of hours and weekday of every post; -1 where its time is unknown."""
    local = [counted.local(at) for at in range(len(counted.ratios.posts))]
    hours = np.array([-1 if time is None else time.hour // BLOCK for time in local], np.int64)
    days = np.array([-1 if time is None else time.weekday() for time in local], np.int64)
    return hours, days


def _fit(counted: Counted, hours: Ints, days: Ints) -> tuple[Array, Array]:
    """The log worth of each block and of each weekday, each without the other."""
    worth_hours, worth_days = np.zeros(len(BLOCKS) + 1), np.zeros(len(WEEKDAYS) + 1)  # the last: unknown
    logs = counted.ratios.logs
    inside = counted.inside & (hours >= 0)
    for _ in range(4):
        for worth, of, other, of_other in (
            (worth_hours, hours, worth_days, days),
            (worth_days, days, worth_hours, hours),
        ):
            rest = logs - other[of_other]
            for part in range(len(worth) - 1):
                mine = rest[inside & (of == part)]
                worth[part] = trimmed_mean(mine) * len(mine) / (len(mine) + _HELD) if len(mine) else 0.0
    return worth_hours, worth_days


def without_hours(counted: Counted) -> Array:
    """Log ratios of all posts without what their hour and weekday were worth: float64 (n,)."""
    hours, days = _parts(counted)
    worth_hours, worth_days = _fit(counted, hours, days)
    logs: Array = counted.ratios.logs - worth_hours[hours] - worth_days[days]
    if counted.inside.any():
        logs = logs - trimmed_mean(logs[counted.inside]) + trimmed_mean(counted.ratios.logs[counted.inside])
    return logs


def hours_and_weekdays(counted: Counted) -> Hours:
    """Count both tables over the posts inside the period, whatever their theme."""
    hours, days = _parts(counted)
    worth_hours, worth_days = _fit(counted, hours, days)
    logs = counted.ratios.logs
    first = _estimates(counted, logs - worth_days[days], hours, len(BLOCKS))
    second = _estimates(counted, logs - worth_hours[hours], days, len(WEEKDAYS))
    judged = [one.p for _, one in (*first, *second) if one is not None]
    chances = iter(adjusted(np.array(judged)).tolist())
    return Hours(_rows(BLOCKS, first, chances), _rows(WEEKDAYS, second, chances))


def _estimates(counted: Counted, logs: Array, of: Ints, count: int) -> list[tuple[int, Estimate | None]]:
    found: list[tuple[int, Estimate | None]] = []
    for part in range(count):
        at = np.flatnonzero(counted.inside & (of == part))
        if len(at) < LEAST_POSTS:
            found.append((len(at), None))
            continue
        weights = np.ones(len(at))
        found.append(
            (
                len(at),
                estimate(
                    logs[at],
                    weights,
                    least_variance=counted.ratios.least_variance(at),
                    shared=counted.ratios.shared_error(at, weights),
                    part=min(0.75, len(at) / len(counted.ratios.posts)),
                    seed=part,
                ),
            )
        )
    return found


def _rows(
    names: Sequence[str], found: Sequence[tuple[int, Estimate | None]], chances: Iterator[float]
) -> tuple[TimeRow, ...]:
    rows = []
    for name, (posts, one) in zip(names, found, strict=True):
        if one is None:
            rows.append(TimeRow(name, posts, None, None, None, None))
        else:
            rows.append(TimeRow(name, posts, one.ratio, one.low, one.high, next(chances)))
    return tuple(rows)
