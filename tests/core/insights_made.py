"""Made-up accounts whose themes have known effects: what the statistics of insights are tried on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from desktop_app.core.insights.board import Board, ThemeRow, Verdict
from desktop_app.core.insights.counted import Choice, Counted, count
from desktop_app.core.insights.intervals import trimmed_mean
from desktop_app.core.insights.posts import Account, Post, PostId, PostPicture, PostType
from desktop_app.core.types import PhotoId

NAMES = {theme: f"theme {theme}" for theme in range(1, 9)}
CLAIMS = {Verdict.CLEAR, Verdict.LIKELY}
DAY = 86_400.0
START = 1_672_531_200.0  # 1 January 2023, a Sunday
TYPES: tuple[PostType, ...] = ("photo", "carousel", "reel")


@dataclass(frozen=True)
class Made:
    """One account (or several) with everything the statistics take."""

    posts: tuple[Post, ...]
    accounts: tuple[Account, ...]
    pictures: tuple[PostPicture, ...]
    themes: dict[PhotoId, int]
    truth: dict[int, float]  # log ratio of each theme to the usual, as the estimator means it

    def count(self, metric: str = "views", **options: object) -> Counted:
        return count(self.posts, self.accounts, self.pictures, self.themes, Choice(metric, **options))

    def joined(self, other: Made) -> Made:
        """Both accounts together."""
        shift, away = max(post.id for post in self.posts), max(self.themes)
        return Made(
            self.posts + tuple(replace(post, id=PostId(post.id + shift)) for post in other.posts),
            self.accounts + other.accounts,
            self.pictures
            + tuple(
                replace(one, post=PostId(one.post + shift), photo=PhotoId(one.photo + away)) for one in other.pictures
            ),
            self.themes | {PhotoId(photo + away): theme for photo, theme in other.themes.items()},
            self.truth,
        )


def row_of(found: Board, theme: int) -> ThemeRow:
    """The row of a theme."""
    return next(row for row in found.rows if row.theme == theme)


def noise(random: np.random.Generator, kind: str, count: int) -> np.ndarray:
    """Log noise as accounts have it: "even", "heavy" (some posts go round the world), "skewed"."""
    if kind == "even":
        return random.normal(0, 0.6, count)
    if kind == "heavy":
        return random.standard_t(3, count) * 0.5
    return random.gamma(1.5, 0.5, count) - 0.75


def account(
    seed: int,
    posts: int = 240,
    effects: tuple[float, ...] = (1.0,) * 8,
    *,
    shares: tuple[float, ...] | None = None,
    kind: str = "even",
    growth: float = 2.0,
    season: float = 0.3,
    days: int = 730,
    name: str = "own",
    role: str = "own",
    metric: str = "views",
    level: float = 5000.0,
    pictures: int = 3,
    hours: bool = False,
) -> Made:
    """An account whose themes multiply what a post would have got.

    Args:
        seed: the same seed gives the same account.
        posts: how many.
        effects: what each theme multiplies by; themes are 1, 2, ...
        shares: how often each theme is posted; None for equally often.
        kind: of the noise.
        growth: times a year.
        season: log amplitude over a year.
        days: the length of its history.
        pictures: of a carousel, all of one theme.
        hours: evenings (18 to 21 UTC) are worth 1.5 times as much.
    """
    random = np.random.default_rng(seed)
    times = START + np.sort(random.random(posts)) * days * DAY
    types = random.choice(3, posts, p=(0.6, 0.25, 0.15))
    chances = np.full(len(effects), 1 / len(effects)) if shares is None else np.array(shares)
    themes = random.choice(len(effects), posts, p=chances)
    worth = np.log(effects)
    since = (times - START) / (365.25 * DAY)
    logs = math.log(level) + np.log(growth) * since + season * np.sin(2 * np.pi * since)
    logs += np.array([0.0, 0.2, 1.0])[types] + worth[themes] + noise(random, kind, posts)
    if hours:
        logs += np.where((times % DAY // 3600 >= 18) & (times % DAY // 3600 < 21), math.log(1.5), 0.0)
    values = np.round(np.exp(logs))
    told, joined, of_photo = [], [], {}
    photo = 0
    for at in range(posts):
        numbers: dict[str, float | None] = {metric: float(values[at])}
        if metric == "likes":
            numbers["comments"] = float(round(values[at] / 50))
        told.append(
            Post(str(at), name, float(times[at]), TYPES[types[at]], f"caption {at}", metrics=numbers, id=PostId(at + 1))
        )
        shown = pictures if types[at] == 1 else 1
        for place in range(shown):
            photo += 1
            joined.append(PostPicture(PostId(at + 1), PhotoId(photo), place, 1 / shown))
            of_photo[PhotoId(photo)] = int(themes[at]) + 1
    owner = Account(name, role)  # type: ignore[arg-type]
    return Made(tuple(told), (owner,), tuple(joined), of_photo, truths(effects, chances, kind))


def truths(effects: tuple[float, ...], shares: np.ndarray, kind: str) -> dict[int, float]:
    """What a very large account would show: the middle of a theme, less that of all posts."""
    key = (effects, tuple(shares.tolist()), kind)
    if key not in _KNOWN:
        random = np.random.default_rng(0)
        size = 200_000
        worth = np.log(effects)
        plain = noise(random, kind, size)
        themes = random.choice(len(effects), size, p=shares)
        usual = trimmed_mean(worth[themes] + plain)
        _KNOWN[key] = {theme + 1: worth[theme] + trimmed_mean(plain) - usual for theme in range(len(effects))}
    return _KNOWN[key]


_KNOWN: dict[object, dict[int, float]] = {}
