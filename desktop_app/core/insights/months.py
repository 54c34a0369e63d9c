"""Month by month: how often each theme was posted, how its posts did, and what rises and falls.

A month rests on few posts, so single months are shown with their count and without a verdict. What rises and falls is
one line through all posts of a theme, with a range of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from desktop_app.core.insights.baseline import Ints
from desktop_app.core.insights.board import Verdict, verdict_of
from desktop_app.core.insights.counted import LEAST_POSTS, Counted
from desktop_app.core.insights.intervals import LEVEL, Array, adjusted, trimmed_mean
from desktop_app.core.insights.tails import student_at, student_beyond

LEAST_IN_MONTH: Final = 3
_LEAST_MONTHS: Final = 3
_YEAR = 365.25 * 86_400
_CUT = 0.1  # share of posts at either end whose value counts as the nearest one inside


@dataclass(frozen=True, slots=True)
class ThemeMonth:
    """One theme in one month.

    Attributes:
        month: "2025-03".
        posts: how many posts were at least partly in the theme.
        share: the part of all the month's posts that was in it, 0 to 1.
        ratio: how they did, in times the account's usual; None below `LEAST_IN_MONTH` posts.
    """

    month: str
    posts: int
    share: float
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """A change, in times a year.

    Attributes:
        times: what a year multiplies by; None for too few.
        low: lower end of the range.
        high: upper end.
        verdict: adjusted over all themes.
    """

    times: float | None
    low: float | None
    high: float | None
    verdict: Verdict

    @property
    def word(self) -> str:
        """How it goes: "rises", "falls", "can't tell" or "too few"."""
        if self.verdict in (Verdict.CLEAR, Verdict.LIKELY) and self.times is not None:
            return "rises" if self.times > 1 else "falls"
        return "too few" if self.verdict is Verdict.TOO_FEW else "can't tell"


@dataclass(frozen=True, slots=True)
class ThemeMonths:
    """One theme over the months.

    Attributes:
        theme: its id.
        name: as the person calls it.
        months: every month from the account's first post to its last, also those without the theme.
        earned: how its posts' ratio to the usual changes.
        posted: how its share of the posts changes.
    """

    theme: int
    name: str
    months: tuple[ThemeMonth, ...]
    earned: Trend
    posted: Trend


def by_month(counted: Counted, names: Mapping[int, str]) -> tuple[ThemeMonths, ...]:
    """Count every theme month by month, over the posts inside the period whose time is known."""
    times = counted.times
    dated = np.flatnonzero(counted.inside & np.isfinite(times))
    local = {int(at): counted.local(int(at)) for at in dated}
    month_of = {at: time.year * 12 + time.month - 1 for at, time in local.items() if time is not None}
    themes = sorted({*names, *counted.members})
    if not month_of:
        none = Trend(None, None, None, Verdict.TOO_FEW)
        return tuple(ThemeMonths(theme, names.get(theme, ""), (), none, none) for theme in themes)
    first, last = min(month_of.values()), max(month_of.values())
    totals = np.bincount(np.array(list(month_of.values())) - first, minlength=last - first + 1)
    earned: list[tuple[float, float, float] | None] = []
    posted: list[tuple[float, float, float] | None] = []
    rows: list[tuple[ThemeMonth, ...]] = []
    for theme in themes:
        at, weights = counted.members.get(theme, (np.zeros(0, np.int64), np.zeros(0)))
        known = np.isfinite(times[at])
        at, weights = at[known], weights[known]
        where = np.array([month_of[one] for one in at.tolist()], np.int64) - first
        rows.append(_months(first, where, at, weights, counted, totals))
        spread = len(set(where.tolist())) >= _LEAST_MONTHS
        enough = spread and len(at) >= LEAST_POSTS
        earned.append(_slope(times[at], counted.ratios.logs[at], weights) if enough else None)
        part = np.zeros(len(times))
        part[at] = weights
        posted.append(_share_slope(times[dated], part[dated]) if enough else None)
    both = zip(themes, rows, _trends(earned), _trends(posted), strict=True)
    return tuple(ThemeMonths(theme, names.get(theme, ""), months, *trends) for theme, months, *trends in both)


def _months(
    first: int, where: Ints, at: Ints, weights: Array, counted: Counted, totals: Ints
) -> tuple[ThemeMonth, ...]:
    posts = np.bincount(where, minlength=len(totals))
    shares = np.bincount(where, weights, minlength=len(totals)) / np.maximum(totals, 1)
    found = []
    for step in range(len(totals)):
        ratio = None
        if posts[step] >= LEAST_IN_MONTH:
            mine = where == step
            ratio = math.exp(trimmed_mean(counted.ratios.logs[at[mine]], weights[mine]))
        year, month = divmod(first + step, 12)
        found.append(ThemeMonth(f"{year:04}-{month + 1:02}", int(posts[step]), float(shares[step]), ratio))
    return tuple(found)


def _slope(times: Array, logs: Array, weights: Array) -> tuple[float, float, float]:
    """Slope per year of a weighted line through winsorised values, its standard error (HC3), degrees of freedom."""
    low, high = np.quantile(logs, (_CUT, 1 - _CUT))
    return _line(times / _YEAR, np.clip(logs, low, high), weights)


def _share_slope(times: Array, part: Array) -> tuple[float, float, float] | None:
    """How the share of a theme among all posts changes: relative to its mean share, in logs per year."""
    mean = float(part.mean())
    if not mean:
        return None
    slope, error, freedom = _line(times / _YEAR, part / mean, np.ones(len(part)))
    return slope, error, freedom


def _line(at: Array, values: Array, weights: Array) -> tuple[float, float, float]:
    total = weights.sum()
    off = at - weights @ at / total
    rest = values - weights @ values / total
    square = float(weights @ np.square(off))
    if square <= 0:
        return 0.0, math.inf, 1.0
    slope = float(weights @ (off * rest)) / square
    pull = weights / total + weights * np.square(off) / square
    left = (rest - slope * off) / np.maximum(1 - pull, 0.05)
    error = math.sqrt(float(np.square(weights * off) @ np.square(left))) / square
    return slope, max(error, 1e-9), max(1.0, len(at) - 2.0)


def _trends(slopes: Sequence[tuple[float, float, float] | None]) -> list[Trend]:
    chances = adjusted(
        np.array([2 * student_beyond(abs(one[0]) / one[1], one[2]) for one in slopes if one is not None], np.float64)
    )
    left = iter(chances.tolist())
    found = []
    for one in slopes:
        if one is None or not math.isfinite(one[1]):
            if one is not None:
                next(left)
            found.append(Trend(None, None, None, Verdict.TOO_FEW))
            continue
        slope, error, freedom = one
        half = student_at((1 + LEVEL) / 2, freedom) * error
        middle, low, high = (math.exp(float(np.clip(end, -20, 20))) for end in (slope, slope - half, slope + half))
        found.append(Trend(middle, low, high, verdict_of(next(left))))
    return found
