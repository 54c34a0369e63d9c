"""Which posts count, and how much of each belongs to which theme: what every table of insights rests on."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Final

import numpy as np
import numpy.typing as npt

from desktop_app.core.insights.baseline import Ints, Ratios, is_number, ratios
from desktop_app.core.insights.intervals import Array
from desktop_app.core.insights.posts import (
    WEEK,
    Account,
    Coverage,
    Post,
    PostId,
    PostPicture,
    PostType,
    Role,
    coverage,
)
from desktop_app.core.types import PhotoId

LEAST_POSTS: Final = 8
"""Fewer posts than this are too few to say anything from."""

_TIMES: Final = (1.1e9, 4.1e9)  # from 2004 to 2099: any other time is a mistake of the file, and so unknown


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person wants counted.

    Attributes:
        metric: one of `posts.METRICS`, or `posts.INTERACTIONS`; never more than one, so views and impressions are
            never pooled.
        role: whose posts; None for everyone's.
        accounts: only these accounts; () for all of that role.
        types: only these types; () for all.
        since: only posts from this time on, seconds since 1970; None for no limit. Earlier ones still tell what was
            usual.
        until: only posts before this time.
        young: count posts whose numbers were taken within 7 days, too.
        boosted: count posts that were advertised, too.
        now: when numbers were taken whose source does not tell, seconds since 1970.
        zone: the clock by which months, weekdays and hours are told.
    """

    metric: str
    role: Role | None = "own"
    accounts: tuple[str, ...] = ()
    types: tuple[PostType, ...] = ()
    since: float | None = None
    until: float | None = None
    young: bool = False
    boosted: bool = True
    now: float | None = None
    zone: tzinfo = UTC


class LeftOut(enum.Enum):
    """Why a post does not count. The value is how a count of them reads."""

    NO_NUMBER = "without this number"
    YOUNG = "younger than 7 days"
    BOOSTED = "boosted"
    TYPE = "of a type that is left out"
    PERIOD = "outside the period"
    NO_USUAL = "of a type with too few posts to have a usual"
    NO_THEME = "without a picture in a theme"


@dataclass(frozen=True, slots=True)
class Counted:
    """The posts that count, and their themes.

    Attributes:
        choice: what was asked for.
        ratios: every post that makes the usual, also outside the period.
        inside: bool (n,), which of them are in the period.
        members: theme to places in `ratios.posts` (int64) and the part of each post that is in the theme (float64, 0
            to 1): only posts inside the period.
        pictures: theme to the number of its pictures in posts that count.
        photos: place in `ratios.posts` to the photos of that post with their theme.
        left_out: how many posts do not count, by reason; nothing for reasons without a post.
        coverage: how many posts have each metric, whatever was asked for.
    """

    choice: Choice
    ratios: Ratios
    inside: npt.NDArray[np.bool_]
    members: Mapping[int, tuple[Ints, Array]]
    pictures: Mapping[int, int]
    photos: Mapping[int, tuple[tuple[PhotoId, int], ...]]
    left_out: Mapping[LeftOut, int]
    coverage: tuple[Coverage, ...] = field(default=())

    @property
    def times(self) -> Array:
        """When the posts of `ratios` were published: float64 (n,), nan where unknown."""
        return np.array([math.nan if post.time is None else post.time for post in self.ratios.posts], np.float64)

    def local(self, at: int) -> datetime | None:
        """When a post was published, by the chosen clock."""
        time = self.ratios.posts[at].time
        return None if time is None else datetime.fromtimestamp(time, self.choice.zone)


def is_young(post: Post, now: float | None) -> bool:
    """Whether its numbers were taken within a week of it, when they were still moving."""
    taken = post.collected if post.collected is not None else now
    return post.time is not None and taken is not None and taken - post.time < WEEK


def count(
    posts: Sequence[Post],
    accounts: Iterable[Account],
    pictures: Iterable[PostPicture],
    themes: Mapping[PhotoId, int],
    choice: Choice,
) -> Counted:
    """Find the posts that count, compare each with its account's usual, and share them out among themes.

    Args:
        posts: all posts, with their ids.
        accounts: their accounts; a post of an account that is not here counts as a competitor's.
        pictures: which photos belong to which post.
        themes: the theme of each photo; a photo that is not here is in none.
        choice: what the person wants counted.
    """
    accounts = tuple(accounts)
    own = {account.name for account in accounts if account.role == "own"}
    left: dict[LeftOut, int] = {}

    def leave(reason: LeftOut, number: int = 1) -> None:
        if number:
            left[reason] = left.get(reason, 0) + number

    chosen: list[Post] = []
    for post in posts:
        if choice.role is not None and (post.account in own) != (choice.role == "own"):
            continue
        if choice.accounts and post.account not in choice.accounts:
            continue
        if choice.types and post.type not in choice.types:
            leave(LeftOut.TYPE)
        elif post.boosted and not choice.boosted:
            leave(LeftOut.BOOSTED)
        elif not choice.young and is_young(post, choice.now):
            leave(LeftOut.YOUNG)
        elif not is_number(post.number(choice.metric)):
            leave(LeftOut.NO_NUMBER)
        elif post.time is not None and not _TIMES[0] <= post.time < _TIMES[1]:
            chosen.append(replace(post, time=None))
        else:
            chosen.append(post)
    compared = ratios(chosen, choice.metric)
    leave(LeftOut.NO_USUAL, compared.without)
    inside = np.array([_within(post, choice) for post in compared.posts], bool)
    leave(LeftOut.PERIOD, int((~inside).sum()))
    place = {post.id: at for at, post in enumerate(compared.posts) if inside[at]}
    members, numbers, photos = _share_out(place, pictures, themes)
    leave(LeftOut.NO_THEME, len(place) - len(set[int]().union(*(parts for parts in members.values()))))
    return Counted(
        choice,
        compared,
        inside,
        {theme: _arrays(parts) for theme, parts in members.items()},
        numbers,
        {at: tuple(found) for at, found in photos.items()},
        left,
        coverage(posts, accounts),
    )


def _within(post: Post, choice: Choice) -> bool:
    if choice.since is None and choice.until is None:
        return True
    if post.time is None:
        return False
    return (choice.since is None or post.time >= choice.since) and (choice.until is None or post.time < choice.until)


def _share_out(
    place: Mapping[PostId, int], pictures: Iterable[PostPicture], themes: Mapping[PhotoId, int]
) -> tuple[dict[int, dict[int, float]], dict[int, int], dict[int, list[tuple[PhotoId, int]]]]:
    """The part of each post in each theme, pictures per theme, and the photos of each post in their order."""
    members: dict[int, dict[int, float]] = {}
    numbers: dict[int, int] = {}
    photos: dict[int, list[tuple[PhotoId, int]]] = {}
    for picture in sorted(pictures, key=lambda one: (one.post, one.place)):
        at, theme = place.get(picture.post), themes.get(picture.photo)
        if at is None or theme is None:
            continue
        numbers[theme] = numbers.get(theme, 0) + 1
        photos.setdefault(at, []).append((picture.photo, theme))
        if picture.weight > 0:
            parts = members.setdefault(theme, {})
            parts[at] = min(1.0, parts.get(at, 0.0) + picture.weight)
    return members, numbers, photos


def _arrays(parts: Mapping[int, float]) -> tuple[Ints, Array]:
    at = np.array(sorted(parts), np.int64)
    return at, np.array([parts[one] for one in at.tolist()], np.float64)
