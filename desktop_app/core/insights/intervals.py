"""How surely a middle is known: trimmed means of log ratios, their ranges, and how many of many are chance.

The unit is the post: a carousel with three pictures in a theme is one observation with a weight of up to 1, never
three. Everything is on the logarithmic scale, where "twice" and "half" are equally far from the usual, and comes back
as ratios.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from desktop_app.core.insights.tails import student_at, student_beyond

Array = npt.NDArray[np.float64]

LEVEL: Final = 0.95
"""How often a range covers what it is about."""

TRIM: Final = 0.2
"""Share of posts left out at either end: one post that went round the world is not the theme."""

DRAWS: Final = 999


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ratio with its range.

    Attributes:
        ratio: the middle, in times (1.0 is the usual).
        low: lower end of the range.
        high: upper end.
        p: how often a range at least as far from 1.0 would come up by chance, 0 to 1.
        count: how many posts it rests on; posts of which only a part counts, counted as parts.
    """

    ratio: float
    low: float
    high: float
    p: float
    count: float


def trimmed_mean(values: Array, weights: Array | None = None, trim: float = TRIM) -> float:
    """The weighted mean of the middle part; nan for no values.

    Args:
        values: float64 (n,).
        weights: float64 (n,), positive; None for equal ones.
        trim: the share of all weight left out at either end.
    """
    if not len(values):
        return math.nan
    order = np.argsort(values, kind="stable")
    kept = _kept(np.ones(len(values)) if weights is None else weights[order], trim)
    return float(kept @ values[order] / kept.sum())


def effective_count(weights: Array) -> float:
    """As how many whole posts posts of unequal weight count: (sum of w)^2 / sum of w^2 (Kish)."""
    square = float(np.square(weights).sum())
    return float(weights.sum()) ** 2 / square if square else 0.0


def estimate(
    logs: Array,
    weights: Array,
    *,
    least_variance: float = 0.0,
    shared: float = 0.0,
    part: float = 0.0,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = 0,
) -> Estimate:
    """The trimmed mean of log ratios as a ratio, with a studentised bootstrap range.

    Posts are drawn again with replacement, and in each draw the distance of the trimmed mean from that of all posts is
    divided by its own standard error (Tukey and McLaughlin, 1963, from the winsorised variance). The quantiles of its
    size take the place of Student's; a plain percentile bootstrap is too narrow below some 30 posts
    (benchmarks/insights_simulation.py compares them).

    Args:
        logs: float64 (n,), natural logarithms of the ratios to the usual; n >= 2.
        weights: float64 (n,), the part of each post that counts, 0 to 1, positive.
        least_variance: no post's log ratio is taken to vary less than this (small numbers: 1 / usual).
        shared: variance of what all these posts share, such as an error of the usual itself.
        part: how much of what they are compared with they are themselves, 0 to 1: what they have by chance is then in
            the usual, too, and so that part of it is no difference.
        level: how often the range is to cover the truth.
        draws: how many times posts are drawn.
        seed: the same seed gives the same range.
    """
    order = np.argsort(logs, kind="stable")
    logs, weights = logs[order], weights[order]
    count = effective_count(weights)
    middles, errors = _studentised(np.ones((1, len(logs))), weights, logs, least_variance)
    middle, error = float(middles[0]), float(errors[0])
    freedom = max(1.0, (1 - 2 * TRIM) * count - 1)
    whole = math.sqrt(error**2 * (1 - part) + shared)
    student = student_at((1 + level) / 2, freedom)
    drawn = _drawn_quantile(logs, weights, middle, least_variance, level, draws, seed)
    # a draw of few posts may hold hardly any spread: its quantile is kept within what Student's can be wrong by
    wide = float(np.clip(drawn, 0.85 * student, 1.5 * student))
    # the same widening for the chance, so that word and range say the same
    p = 2 * float(student_beyond(abs(middle) / max(whole, 1e-12) * student / wide, freedom))
    return Estimate(
        math.exp(middle), math.exp(middle - wide * whole), math.exp(middle + wide * whole), min(1.0, p), count
    )


def _drawn_quantile(
    logs: Array, weights: Array, middle: float, least_variance: float, level: float, draws: int, seed: int
) -> float:
    """The quantile of |trimmed mean - middle| / standard error over draws of posts."""
    count = len(logs)
    random = np.random.default_rng(seed)
    sizes: list[Array] = []
    part = max(1, min(draws, 1_000_000 // count))  # draws at once: a few MB
    for start in range(0, draws, part):
        rows = min(part, draws - start)
        chosen = random.integers(0, count, (rows, count)) + (np.arange(rows) * count)[:, None]
        times = np.bincount(chosen.ravel(), minlength=rows * count).reshape(rows, count).astype(np.float64)
        middles, errors = _studentised(times, weights, logs, least_variance)
        sizes.append(np.abs(middles - middle) / errors)
    return float(np.quantile(np.concatenate(sizes), level))


def _kept(weights: Array, trim: float) -> Array:
    """What trimming leaves of weights (..., n) whose values are in rising order."""
    ends = np.cumsum(weights, axis=-1)
    total = ends[..., -1:]
    kept: Array = np.diff(np.clip(ends, trim * total, (1 - trim) * total), axis=-1, prepend=trim * total)
    return kept


def _studentised(times: Array, weights: Array, logs: Array, least_variance: float) -> tuple[Array, Array]:
    """Trimmed means and their standard errors, one per draw.

    Args:
        times: float64 (draws, n), how often each post was drawn.
        weights: float64 (n,), the part of each post that counts.
        logs: float64 (n,), rising.
        least_variance: see `estimate`.

    Returns:
        float64 (draws,) each.
    """
    ends = np.cumsum(times * weights, axis=1)
    total = ends[:, -1]
    low_at = np.argmax(ends >= (TRIM * total)[:, None] * (1 - 1e-12), axis=1)
    high_at = np.argmax(ends >= ((1 - TRIM) * total)[:, None] * (1 - 1e-12), axis=1)
    low, high = logs[low_at], logs[high_at]
    lower, upper = (TRIM * total)[:, None], ((1 - TRIM) * total)[:, None]
    kept = np.diff(np.clip(ends, lower, upper), axis=1, prepend=lower)
    share = 1 - 2 * TRIM
    middle = kept @ logs / (share * total)
    # winsorised: what lies outside counts as the nearest value inside
    inside = kept @ np.square(logs)
    mean = share * middle + TRIM * (low + high)
    variance = inside / total + TRIM * (np.square(low) + np.square(high)) - np.square(mean)
    count = np.square(total) / (times @ np.square(weights))
    variance = np.maximum(variance, 0) * count / np.maximum(count - 1, 1)
    # the floor is one of whole values; winsorising keeps about `share` of their standard deviation
    variance = np.maximum(variance, max(least_variance, 1e-8) * share**2)
    return middle, np.sqrt(variance / count) / share


def adjusted(chances: Array) -> Array:
    """False-discovery adjusted chances (Benjamini and Hochberg, 1995), float64 (n,) in the given order.

    Taking what is at most q leaves a share of at most q by chance; where nothing is real at all, anything is taken in
    at most that share of accounts.
    """
    count = len(chances)
    if not count:
        return chances
    order = np.argsort(chances)
    scaled = chances[order] * count / np.arange(1, count + 1)
    scaled = np.minimum.accumulate(scaled[::-1])[::-1]
    found = np.empty(count)
    found[order] = np.minimum(scaled, 1.0)
    return found
