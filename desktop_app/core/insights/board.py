"""The board: one row per theme, how its posts compare with the account's usual, and how surely.

Two words claim something, and both are bounded over all themes of a board together (false-discovery control): where
no theme makes any difference, "Clear" comes up in at most 1 of 100 boards, and "Likely" or "Clear" in at most 5.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from desktop_app.core.insights.baseline import Ints, Ratios
from desktop_app.core.insights.counted import LEAST_POSTS, Choice, Counted, LeftOut
from desktop_app.core.insights.hours import without_hours
from desktop_app.core.insights.intervals import Array, Estimate, adjusted, effective_count, estimate, trimmed_mean
from desktop_app.core.insights.posts import Coverage, Post, PostId
from desktop_app.core.types import PhotoId

# a little under the 0.01 and 0.05 that are promised: chances of skewed numbers are known less exactly than that
CLEAR: Final = 0.008
LIKELY: Final = 0.04
_SHOWN = 3  # best and worst posts of a theme


class Verdict(enum.Enum):
    """What may be said of a theme. The value is the word on the board."""

    CLEAR = "Clear"
    LIKELY = "Likely"
    CANNOT_TELL = "Can't tell"
    TOO_FEW = "Too few"


@dataclass(frozen=True, slots=True)
class PostScore:
    """One post beside its account's usual.

    Attributes:
        post: its id.
        photo: its first picture in the theme; None where it has none.
        time: when it was published, seconds since 1970; None where unknown.
        caption: as it was written.
        permalink: its address, or "".
        value: its number.
        usual: what would have been usual then, for its type.
        ratio: value by usual, in times.
    """

    post: PostId
    photo: PhotoId | None
    time: float | None
    caption: str
    permalink: str
    value: float
    usual: float
    ratio: float


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One row of the board.

    Attributes:
        theme: its id.
        name: as the person calls it.
        pictures: how many of its pictures are in posts that count.
        posts: how many posts are at least partly in it.
        ratio: what its posts earned, in times the account's usual; None for too few.
        low: lower end of the range; None for too few.
        high: upper end.
        verdict: what may be said.
        chance: how often a ratio that far from 1 would come up by chance, taking into account how many themes were
            looked at; None for too few.
        typical: the middle of the posts' own numbers (the median); None where there is none.
        same_hours: the ratio without what the hour and the weekday were worth; None for too few.
        best: its best posts, best first.
        worst: its worst posts, worst first; none that is among the best.
    """

    theme: int
    name: str
    pictures: int
    posts: int
    ratio: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    chance: float | None
    typical: float | None
    same_hours: float | None
    best: tuple[PostScore, ...]
    worst: tuple[PostScore, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """All rows, and what they rest on.

    Attributes:
        choice: what was asked for.
        rows: sorted by the cautious (lower) end of the range, best first; too few last, by posts.
        posts: how many posts count, in whichever theme or none.
        left_out: how many do not, by reason.
        coverage: for the metric menu.
        first: when the first post that counts was published, seconds since 1970; None where no time is known.
        last: when the last one was.
    """

    choice: Choice
    rows: tuple[ThemeRow, ...]
    posts: int
    left_out: Mapping[LeftOut, int]
    coverage: tuple[Coverage, ...]
    first: float | None = None
    last: float | None = None


def verdict_of(chance: float | None) -> Verdict:
    """The word for an adjusted chance; None is too few."""
    if chance is None:
        return Verdict.TOO_FEW
    return Verdict.CLEAR if chance <= CLEAR else Verdict.LIKELY if chance <= LIKELY else Verdict.CANNOT_TELL


def theme_estimate(ratios: Ratios, at: Ints, weights: Array, *, seed: int = 0) -> Estimate | None:
    """How some posts compare with the usual; None for fewer than `LEAST_POSTS`.

    Args:
        ratios: all posts.
        at: int64 (n,), places in `ratios.posts`.
        weights: float64 (n,), the part of each that counts, positive.
        seed: of the draws.
    """
    if len(at) < LEAST_POSTS or effective_count(weights) < LEAST_POSTS * 0.75 or weights.sum() < LEAST_POSTS / 2:
        return None
    return estimate(
        ratios.logs[at],
        weights,
        least_variance=ratios.least_variance(at),
        shared=ratios.shared_error(at, weights),
        part=min(0.75, float(weights.sum()) / len(ratios.posts)),
        seed=seed,
    )


def board(counted: Counted, names: Mapping[int, str]) -> Board:
    """Count a board.

    Args:
        counted: the posts that count.
        names: theme to name; every theme named has a row, also without a post.
    """
    themes = sorted({*names, *counted.members})
    nothing = (np.zeros(0, np.int64), np.zeros(0))
    found = {
        theme: theme_estimate(counted.ratios, *counted.members.get(theme, nothing), seed=theme % 2**32)
        for theme in themes
    }
    judged = [theme for theme in themes if found[theme] is not None]
    chances = dict(
        zip(judged, adjusted(np.array([one.p for one in found.values() if one is not None])).tolist(), strict=True)
    )
    steady = without_hours(counted)
    rows = []
    for theme in themes:
        at, weights = counted.members.get(theme, nothing)
        one = found[theme]
        best, worst = extremes(counted, theme, at)
        rows.append(
            ThemeRow(
                theme,
                names.get(theme, ""),
                counted.pictures.get(theme, 0),
                len(at),
                None if one is None else one.ratio,
                None if one is None else one.low,
                None if one is None else one.high,
                verdict_of(chances.get(theme)),
                chances.get(theme),
                float(np.median(counted.ratios.values[at])) if len(at) else None,
                None if one is None else math.exp(trimmed_mean(steady[at], weights)),
                best,
                worst,
            )
        )
    rows.sort(key=lambda row: (row.low is None, -(row.low or 0.0), -row.posts, row.name))
    known = counted.times[counted.inside]
    known = known[np.isfinite(known)]
    ends = (float(known.min()), float(known.max())) if len(known) else (None, None)
    return Board(counted.choice, tuple(rows), int(counted.inside.sum()), counted.left_out, counted.coverage, *ends)


def extremes(counted: Counted, theme: int, at: Ints) -> tuple[tuple[PostScore, ...], tuple[PostScore, ...]]:
    """The best and the worst posts among some; a post is in one of them at most."""
    order = at[np.argsort(-counted.ratios.logs[at], kind="stable")]
    shown = min(_SHOWN, (len(order) + 1) // 2)
    best = [score(counted, int(one), theme) for one in order[:shown]]
    worst = [score(counted, int(one), theme) for one in order[shown:][::-1][:_SHOWN]]
    return tuple(best), tuple(worst)


def score(counted: Counted, at: int, theme: int | None = None) -> PostScore:
    """One post beside its usual, with its first picture (of a theme, if one is given)."""
    post: Post = counted.ratios.posts[at]
    pictures: Sequence[tuple[PhotoId, int]] = counted.photos.get(at, ())
    photo = next((photo for photo, one in pictures if theme is None or one == theme), None)
    return PostScore(
        post.id,
        photo,
        post.time,
        post.caption,
        post.permalink,
        float(counted.ratios.values[at]),
        float(counted.ratios.usual[at]),
        math.exp(float(counted.ratios.logs[at])),
    )
