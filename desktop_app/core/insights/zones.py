"""How far the wall clock of a table is from UTC, worked out from the posts whose true time is known.

Business Suite writes times to the minute and names no zone. Every offset there is on Earth is tried; the one
under which most posts fall on the minute of a picture wins, where captions agree. What chance could do as well
decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from desktop_app.core.insights.captions import is_edit

OFFSETS: Final = tuple(sorted({*(half / 2 for half in range(-24, 29)), 5.75, 8.75, 12.75}))
"""Hours before UTC that clocks on Earth show."""

BEFORE, AFTER = 61.0, 121.0
"""Seconds around a minute-precise time in which its picture's time may lie."""

_CHECKED = 3_000  # posts, spread evenly: enough to decide
_ENOUGH = 3  # fits without any caption
_KNOWN_WEIGHT = 10


@dataclass(frozen=True, slots=True)
class Clock:
    """What was found.

    Attributes:
        hours: to be taken off the table's times.
        fits: posts that fall on a picture's minute then.
        confirmed: those of them whose captions agree.
        posts: posts that were tried.
        trusted: whether a time alone may join a post and a picture.
    """

    hours: float
    fits: int
    confirmed: int
    posts: int
    trusted: bool


@dataclass(frozen=True, slots=True)
class Timed:
    """A post as zones see it: its time in seconds, its plain caption ("" for none), its account in lower case."""

    time: float
    caption: str
    account: str


def clock_of(
    rows: Sequence[Timed],
    pictures: Sequence[Timed],
    known: Sequence[tuple[float, float]] = (),
    chosen: float | None = None,
) -> Clock | None:
    """Work out the clock of a table.

    Args:
        rows: posts of the table, by its own clock.
        pictures: posts whose time is UTC.
        known: (time by the table, time in UTC) of posts that are known to be one by other means.
        chosen: hours that a person said; they decide, and only what falls on them is counted.

    Returns:
        The clock; None where nothing decides.
    """
    votes = Counter[float]()
    for wall, true in known:
        nearest = min(OFFSETS, key=lambda hours: abs(wall - true - hours * 3600))
        if -AFTER < wall - true - nearest * 3600 < BEFORE + 60:
            votes[nearest] += 1
    if not rows or (not pictures and not votes and chosen is None):
        return None
    if len(rows) > _CHECKED:
        rows = [rows[int(at)] for at in np.linspace(0, len(rows) - 1, _CHECKED)]
    pictures = sorted(pictures, key=lambda picture: picture.time)
    times = np.array([picture.time for picture in pictures])
    walls = np.array([row.time for row in rows])
    if chosen is not None:
        one = _count(chosen, rows, pictures, walls - chosen * 3600, times, votes[chosen])
        return Clock(chosen, one.fits, one.confirmed + one.votes, len(rows), trusted=True)
    counted = [_count(hours, rows, pictures, walls - hours * 3600, times, votes[hours]) for hours in OFFSETS]
    ranked = sorted(counted, key=lambda one: (-one.score, abs(one.hours)))
    best, second = ranked[0], ranked[1]
    summer = [one for one in ranked[1:] if abs(one.hours - best.hours) == 1]  # half a year may be there
    if best.score == 0 or (best.score <= second.score and second not in summer):
        return None
    rest = max((one.fits for one in ranked[1:] if one not in summer), default=0)
    if best.confirmed + votes[best.hours] == 0:
        plenty = best.fits >= _ENOUGH and best.fits * 2 >= min(len(rows), len(pictures))
        if not plenty or best.fits < 2 * second.fits or best.against * 5 > best.fits:
            return None
    elif best.against > 4 * (best.confirmed + votes[best.hours]):  # agreed by chance: most captions say no
        return None
    trusted = best.fits >= 2 * rest and best.against <= best.confirmed + votes[best.hours] + best.silent
    return Clock(best.hours, best.fits, best.confirmed + votes[best.hours], len(rows), trusted)


@dataclass(slots=True)
class _Count:
    hours: float
    fits: int = 0
    confirmed: int = 0  # the captions are equal
    edited: int = 0  # or nearly
    silent: int = 0  # one of them has none
    against: int = 0
    votes: int = 0

    @property
    def score(self) -> float:
        return self.confirmed * 4 + self.edited * 3 + self.silent + self.votes * _KNOWN_WEIGHT + self.against * 0.1


def _count(
    hours: float,
    rows: Sequence[Timed],
    pictures: Sequence[Timed],
    wanted: npt.NDArray[np.float64],
    times: npt.NDArray[np.float64],
    votes: int,
) -> _Count:
    """What speaks for an offset: the pictures, sorted by `times`, that lie at the `wanted` times of the rows."""
    found = _Count(hours, votes=votes)
    first, last = np.searchsorted(times, wanted - BEFORE), np.searchsorted(times, wanted + AFTER)
    for at in np.flatnonzero(last > first):
        row = rows[int(at)]
        near = pictures[int(first[at]) : int(last[at])]
        near = [one for one in near if same_account(one.account, row.account)]
        if not near:
            continue
        found.fits += 1
        if not row.caption or any(not one.caption for one in near):
            equal = row.caption and any(one.caption == row.caption for one in near)
            found.confirmed += bool(equal)
            found.silent += not equal
        elif any(one.caption == row.caption for one in near):
            found.confirmed += 1
        elif any(is_edit(one.caption, row.caption) for one in near):
            found.edited += 1
        else:
            found.against += 1
    return found


def same_account(one: str, other: str) -> bool:
    """Whether two accounts may be one: an unknown one may be any."""
    return not one or not other or one == other
