"""The words of insights: accounts, posts with their numbers, and which photos belong to which post.

Readers make posts, matching joins them with photos, statistics count them. Everything here is a frozen value
that may cross any thread; nothing here reads a file.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NewType

from desktop_app.core.types import PhotoId

PostId = NewType("PostId", int)
"""The catalogue's row of a post; 0 for a post that is not stored yet. Ids are never given twice."""

Role = Literal["own", "competitor"]

PostType = Literal["photo", "carousel", "reel", "story"]
POST_TYPES: Final[tuple[PostType, ...]] = ("photo", "carousel", "reel", "story")

METRICS: Final = ("views", "impressions", "reach", "likes", "comments", "shares", "saves", "follows")
"""The canonical names of numbers, in the order of the menu. A reader keeps no number under another name.

Views and impressions count different things: no figure ever mixes them.
"""

INTERACTIONS: Final = "likes and comments"
"""The one derived metric: likes + comments, unknown where either is. Everyone's posts show it, so competitors are
compared on it."""

WEEK: Final = 7 * 86_400.0
"""Seconds; numbers taken earlier after a post than this are still moving."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's account.

    Attributes:
        name: the handle without "@", as the source writes it; what the person called it after a change.
        role: "own" or "competitor".
        id: the catalogue's row; 0 while not stored.
    """

    name: str
    role: Role
    id: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """One post with its numbers, from one source or from several that told of the same post.

    Attributes:
        key: names the post within its account, the same in every export that tells of it (shortcode, else the
            service's own id, else the first file's name, else its time): what was read twice is one post.
        account: `Account.name`.
        time: when it was published, seconds since 1970 in UTC; None where unknown. A source without a zone gives
            its wall clock read as UTC, and matching works out the offset.
        type: "photo", "carousel", "reel" or "story".
        caption: repaired, with its line breaks; "" where there is none.
        permalink: its address; "" where unknown.
        shortcode: the name in the address ("C1aB2c"); "" where unknown.
        metrics: canonical name (`METRICS`) to number. None or absent is unknown, never zero.
        boosted: whether it was advertised.
        source: names the source that the numbers are from (the catalogue's row as text, or its path).
        collected: when the numbers were taken (export time), seconds since 1970 in UTC; None where unknown.
        files: the pictures that the source names, in the post's order: paths inside the source, file names or
            addresses; () where it names none.
        id: the catalogue's row; 0 while not stored.
    """

    key: str
    account: str
    time: float | None
    type: PostType
    caption: str = ""
    permalink: str = ""
    shortcode: str = ""
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    boosted: bool = False
    source: str = ""
    collected: float | None = None
    files: tuple[str, ...] = ()
    id: PostId = PostId(0)

    def number(self, metric: str) -> float | None:
        """The number of a metric (one of `METRICS`, or `INTERACTIONS`); None where unknown."""
        if metric == INTERACTIONS:
            likes, comments = self.metrics.get("likes"), self.metrics.get("comments")
            return None if likes is None or comments is None else likes + comments
        return self.metrics.get(metric)


class How(enum.Enum):
    """By what a photo was joined to a post, surest first. The value is what the catalogue holds."""

    HAND = "hand"
    URI = "uri"  # the export names this very file
    SHORTCODE = "shortcode"
    TIME_AND_CAPTION = "time and caption"
    TIME = "time"  # the time alone, where nothing else is near
    FILE_NAME = "file name"


@dataclass(frozen=True, slots=True)
class PostPicture:
    """A photo of a post.

    Attributes:
        post: `Post.id`.
        photo: the photo in the library.
        place: its place in the carousel, from 0 (the cover).
        weight: which part of the post's numbers it stands for: 1/n over n pictures, or 1 for the cover and 0 for
            the rest. The weights of a post's pictures add up to 1.
        how: by what it was joined.
        confirmed: a person said so; no later run takes it back.
    """

    post: PostId
    photo: PhotoId
    place: int = 0
    weight: float = 1.0
    how: How = How.URI
    confirmed: bool = False


class Outcome(enum.Enum):
    """What became of a post or of a photo. The value is what exports hold."""

    MATCHED = "matched"
    ONLY_NUMBERS = "only in the numbers"
    ONLY_ON_DISK = "only on disk"
    AMBIGUOUS = "could be either"


class Why(enum.Enum):
    """Why a post or a photo is without the other. The value is what exports hold."""

    NOTHING_AT_THAT_TIME = "no picture from that time"
    CAPTION_DIFFERS = "a picture from that time has another caption"
    NO_TIME = "neither a time nor a file name to go by"
    FILE_MISSING = "the export names a picture that is not in it"
    PICTURE_NOT_SHOWN = "its picture is damaged or of a kind that is not read"
    DELETED = "the post was deleted or archived"
    OUTSIDE_PERIOD = "outside the period of the numbers"
    NO_NUMBERS = "no row tells of it"
    NOT_A_POST = "not a post: a profile picture or another file"
    SEVERAL_PICTURES = "several pictures fit"
    SEVERAL_POSTS = "several posts fit"
    STORY = "stories have no picture in the export"
    REMOVED_BY_HAND = "taken apart by hand"


@dataclass(frozen=True, slots=True)
class MatchLine:
    """One line of the match report: a post, or a photo without one.

    Attributes:
        outcome: which of the four groups it is in.
        post: the post; None for a photo that no row tells of.
        photos: the photos that are its own, or that could be; in the post's order.
        how: by what it was matched; None unless matched.
        why: the reason; None for what is matched.
        candidates: the posts that a photo could belong to (`Why.SEVERAL_POSTS`).
        detail: what helps a person to decide ("12 May 2025 14:03, 'Morning light'").
    """

    outcome: Outcome
    post: PostId | None
    photos: tuple[PhotoId, ...] = ()
    how: How | None = None
    why: Why | None = None
    candidates: tuple[PostId, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Offset:
    """How far the wall clock of a source is from UTC.

    Attributes:
        source: `Post.source`.
        hours: to be taken off its times; 0 for a source in UTC.
        fits: posts whose time then agrees with a picture's.
        posts: posts that could be tried.
    """

    source: str
    hours: float
    fits: int
    posts: int


@dataclass(frozen=True, slots=True)
class Match:
    """The result of matching.

    Attributes:
        pictures: every photo that belongs to a post, with its weight.
        lines: one line per post and per photo without post.
        offsets: one per source whose times had no zone.
    """

    pictures: tuple[PostPicture, ...] = ()
    lines: tuple[MatchLine, ...] = ()
    offsets: tuple[Offset, ...] = ()

    def count(self, outcome: Outcome) -> int:
        """How many lines had that outcome."""
        return sum(line.outcome is outcome for line in self.lines)

    def reasons(self) -> dict[tuple[Outcome, Why], int]:
        """Lines by outcome and reason, commonest first; what is matched is left out."""
        found: dict[tuple[Outcome, Why], int] = {}
        for line in self.lines:
            if line.why is not None:
                found[line.outcome, line.why] = found.get((line.outcome, line.why), 0) + 1
        return dict(sorted(found.items(), key=lambda item: -item[1]))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many posts have a number, for the metric menu: "Views: 198 of 212; competitors: none".

    Attributes:
        metric: one of `METRICS`, or `INTERACTIONS`.
        known: own posts that have it.
        posts: own posts.
        competitors_known: competitors' posts that have it.
        competitors_posts: competitors' posts.
    """

    metric: str
    known: int
    posts: int
    competitors_known: int
    competitors_posts: int


def coverage(posts: Iterable[Post], accounts: Iterable[Account]) -> tuple[Coverage, ...]:
    """How many posts have each metric.

    A post whose account is not among `accounts` counts as a competitor's: numbers of a stranger are never taken
    for one's own.

    Returns:
        One entry per metric of `METRICS` and `INTERACTIONS` that any post has, in the order of the menu.
    """
    own = {account.name for account in accounts if account.role == "own"}
    total = {True: 0, False: 0}
    names = (*METRICS, INTERACTIONS)
    known = {(name, mine): 0 for name in names for mine in (True, False)}
    for post in posts:
        mine = post.account in own
        total[mine] += 1
        for name in names:
            known[name, mine] += post.number(name) is not None
    return tuple(
        Coverage(name, known[name, True], total[True], known[name, False], total[False])
        for name in names
        if known[name, True] or known[name, False]
    )
