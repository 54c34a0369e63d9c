"""The account's usual: what a post of that type would have got at that time.

Accounts grow and have seasons, and reels reach others than photos do. A theme that was photographed only this summer
must not inherit the summer. So each post is compared with the posts of the same type that were published around it:
a local line through the logarithms of the 40 to 120 nearest ones, the post itself left out (it would pull its own
usual towards itself), nearer ones counting more (tricube), far-off values hardly (bisquare): Cleveland's robust
locally weighted regression, 1979. A rolling median instead would lag behind growth at both ends of the history, which
is where people look; the line's slope is held near nothing unless the posts insist.

A type with fewer than 12 posts takes the course of the account's other types, moved to its own middle; with fewer than
5 it has no usual, and its posts are left out and counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeGuard

import numpy as np
import numpy.typing as npt

from desktop_app.core.insights.intervals import Array, trimmed_mean
from desktop_app.core.insights.posts import WEEK, Post

Ints = npt.NDArray[np.int64]

LEAST_SERIES: Final = 12
LEAST_TYPE: Final = 5
_NEAREST = (40, 120)  # posts in a window
_SLOPE = math.log(10) / (365.25 * 86_400)  # per second: growth beyond ten times a year is taken for noise at first
_HALF = 0.5  # added to counts, so that a post that nobody saved has a logarithm


@dataclass(frozen=True, slots=True)
class Ratios:
    """Posts with a number, and how each compares with its account's usual.

    Attributes:
        posts: those whose number and usual are known.
        values: float64 (n,), their numbers.
        usual: float64 (n,), what would have been usual.
        logs: float64 (n,), natural logarithm of the ratio; over all posts of an account and type their middle is 0.
        near: int64 (n, k), the posts that each usual was made from; -1 for none.
        parts: float64 (n, k), how much each of them went into it.
        weeks: int64 (n,), the same for posts of one account and week.
        week_variance: variance of log ratios that posts of the same week share: weeks go well or badly as a whole.
        without: how many posts have a number but no usual: too few of their type.
    """

    posts: tuple[Post, ...]
    values: Array
    usual: Array
    logs: Array
    near: Ints
    parts: Array
    weeks: Ints
    week_variance: float
    without: int = 0

    def least_variance(self, at: Ints) -> float:
        """What counting alone makes log ratios vary by (Poisson): mean of 1 / usual."""
        return float(np.mean(1.0 / (self.usual[at] + _HALF)))

    def shared_error(self, at: Ints, weights: Array) -> float:
        """Variance of the mean log ratio of some posts that more posts of the same weeks do not average away.

        Posts published together are compared with the same neighbours, and what these happened to get is an error of
        their usual. And they share their week.

        Args:
            at: int64 (m,), places in `posts`.
            weights: float64 (m,), positive.
        """
        share = weights / weights.sum()
        parts = (self.parts[at] * share[:, None]).ravel()
        near = self.near[at].ravel()
        fine = near >= 0
        drawn = np.bincount(near[fine], parts[fine], minlength=len(self.posts))
        drawn[at] = 0.0  # a post that is in the theme and in a usual of the theme: its pull to 1 is no error
        # a far-off neighbour went in with next to no weight, but its distance would be squared
        far = 3 * 1.4826 * float(np.median(np.abs(self.logs))) if len(self.logs) else 0.0
        usual = float(np.square(drawn) @ np.square(np.clip(self.logs, -far, far)))
        of_weeks = np.bincount(self.weeks[at], share)
        pairs = float(np.square(of_weeks).sum() - np.square(share).sum())
        return usual + self.week_variance * max(pairs, 0.0)


def is_number(number: float | None) -> TypeGuard[float]:
    """Whether a number can be counted with: it is known, and neither negative nor beyond all bounds."""
    return number is not None and 0 <= number < 1e15


def ratios(posts: Sequence[Post], metric: str) -> Ratios:
    """Compare every post that has the metric with its account's usual.

    Args:
        posts: of any number of accounts. All that may make the usual: also those without a picture.
        metric: one of `posts.METRICS`, or `posts.INTERACTIONS`. Posts without it are left out, not taken for 0.
    """
    known = [(post, number) for post in posts if is_number(number := post.number(metric))]
    values = np.array([number for _, number in known], np.float64)
    times = np.array([math.nan if post.time is None else post.time for post, _ in known], np.float64)
    count = len(known)
    usual = np.full(count, math.nan)
    near = np.full((count, _NEAREST[1]), -1, np.int64)
    parts = np.zeros((count, _NEAREST[1]))
    logs = np.log(values + _HALF)
    groups: dict[str, dict[str, list[int]]] = {}
    for at, (post, _) in enumerate(known):
        groups.setdefault(post.account, {}).setdefault(post.type, []).append(at)
    for account in groups.values():
        _one_account([np.array(at) for at in account.values()], times, logs, usual, near, parts)
    there = np.flatnonzero(np.isfinite(usual))
    place = np.full(count + 1, -1)
    place[there] = np.arange(len(there))
    kept = tuple(known[at][0] for at in there)
    compared = logs[there] - usual[there]
    weeks = _weeks(kept)
    return Ratios(
        kept,
        values[there],
        np.maximum(np.exp(usual[there]) - _HALF, 0.0),
        compared,
        place[near[there]],
        parts[there],
        weeks,
        _shared_by_weeks(compared, weeks),
        count - len(there),
    )


def _weeks(posts: Sequence[Post]) -> Ints:
    """A number for each account's each week; posts without a time share theirs with none."""
    known: dict[object, int] = {}
    found = [
        known.setdefault((post.account, at) if post.time is None else (post.account, post.time // WEEK, ""), len(known))
        for at, post in enumerate(posts)
    ]
    return np.array(found, np.int64)


def _shared_by_weeks(logs: Array, weeks: Ints) -> float:
    """The mean product of two log ratios of the same week, 0 at least: what the weeks themselves vary by."""
    if not len(logs):
        return 0.0
    far = 3 * 1.4826 * float(np.median(np.abs(logs)))
    held = np.clip(logs, -far, far)
    sums, counts = np.bincount(weeks, held), np.bincount(weeks)
    pairs = float((counts * (counts - 1)).sum())
    products = float(np.square(sums).sum() - np.square(held).sum())
    return max(0.0, products / pairs) if pairs else 0.0


def _one_account(types: Sequence[Ints], times: Array, logs: Array, usual: Array, near: Ints, parts: Array) -> None:
    """Fill in the logarithm of the usual for the posts of one account, given as one list of places per type."""
    series: list[Ints] = []
    for at in types:
        dated = at[np.isfinite(times[at])]
        if len(dated) >= LEAST_SERIES:
            dated = dated[np.argsort(times[dated], kind="stable")]
            series.append(dated)
            usual[dated] = _local(times[dated], logs[dated], dated, near, parts)
    course = np.concatenate(series) if series else np.zeros(0, np.int64)
    course = course[np.argsort(times[course], kind="stable")]
    # the account's course without what its types differ by
    level = np.zeros(len(logs))
    for at in series:
        level[at] = logs[at] - np.median(logs[at])
    for at in types:
        rest = at[~np.isfinite(usual[at])]
        if len(rest) and len(at) >= LEAST_TYPE:
            dated = rest[np.isfinite(times[rest])]
            if len(course) and len(dated) == len(at):
                moved = _at(times[dated], times[course], level[course])
                usual[dated] = moved + _median_of_others(logs[dated] - moved)
            else:
                usual[rest] = _median_of_others(logs[at])[np.isin(at, rest)]
        done = at[np.isfinite(usual[at])]
        if len(done) >= LEAST_TYPE:
            # by the very measure that themes are judged by, the account as a whole is at 1
            usual[done] += trimmed_mean(logs[done] - usual[done])


def _median_of_others(values: Array) -> Array:
    """For each value the median of all the others."""
    order = np.sort(values)
    rank = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    count = len(values) - 1
    low, high = (count - 1) // 2, count // 2
    found: Array = (order[low + (low >= rank)] + order[high + (high >= rank)]) / 2
    return found


def _windows(times: Array, size: int) -> Ints:
    """Where the window of the `size` nearest times begins, for each of some rising times."""
    count = len(times)
    starts = np.zeros(count, np.int64)
    start = 0
    for at in range(count):
        start = max(start, at - size + 1, 0)
        while start < at and start + size < count and times[start + size] - times[at] < times[at] - times[start]:
            start += 1
        starts[at] = min(start, count - size)
    return starts


def _local(times: Array, logs: Array, at: Ints, near: Ints, parts: Array) -> Array:
    """Robust local lines, each without the post it is for; notes which posts went into each, and how much."""
    count = len(times)
    size = min(count, int(np.clip(count // 8, *_NEAREST)))
    places = _windows(times, size)[:, None] + np.arange(size)
    found, weights = _lines(times[places] - times[:, None], logs[places], places == np.arange(count)[:, None])
    near[at, :size] = at[places]
    parts[at, :size] = weights
    return found


def _at(wanted: Array, times: Array, logs: Array) -> Array:
    """The local line through other posts at some times."""
    size = min(len(times), _NEAREST[0])
    distance = np.abs(wanted[:, None] - times)
    places = np.argsort(distance, axis=1, kind="stable")[:, :size]
    found, _ = _lines(times[places] - wanted[:, None], logs[places], np.zeros(places.shape, bool))
    return found


def _lines(distance: Array, logs: Array, left_out: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """Values at distance 0 of robust local lines, and how much each neighbour went into them.

    Args:
        distance: float64 (n, k), seconds from the place of each line.
        logs: float64 (n, k).
        left_out: bool (n, k).

    Returns:
        float64 (n,) and float64 (n, k).
    """
    reach = np.abs(distance).max(axis=1, keepdims=True) * 1.001 + 1.0
    near = (1 - (np.abs(distance) / reach) ** 3) ** 3
    near[left_out] = 0.0
    trust = np.ones_like(near)
    parts = near
    for _ in range(3):
        weight = near * trust
        total = weight.sum(axis=1, keepdims=True)
        middle = (weight * distance).sum(axis=1, keepdims=True) / total
        value = (weight * logs).sum(axis=1, keepdims=True) / total
        off = distance - middle
        rest = logs - value
        spread = (weight * np.square(rest)).sum(axis=1, keepdims=True) / total
        square = (weight * np.square(off)).sum(axis=1, keepdims=True) + spread / _SLOPE**2 + 1e-9
        lean = weight * off / square
        slope = (lean * rest).sum(axis=1, keepdims=True)
        parts = weight / total - middle * (lean - weight * (lean.sum(axis=1, keepdims=True) / total))
        rest = rest - slope * off
        scale = 6 * np.median(np.abs(rest), axis=1, keepdims=True) + 1e-9
        trust = np.square(1 - np.square(np.clip(rest / scale, -1, 1)))
    return (parts * logs).sum(axis=1), parts
