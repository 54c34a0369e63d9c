"""What the first three steps of Insights show: plain values, made where the library is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from desktop_app.core import wording
from desktop_app.core.posts import Role

ROLES: tuple[tuple[Role, str], ...] = (("own", "Your account"), ("competitor", "Competitor"))


@dataclass(frozen=True, slots=True)
class SourceCard:
    """One source that was dropped.

    Attributes:
        key: the catalogue's row.
        name: of the file or folder.
        path: whole, for the tooltip.
        kind: "Instagram export", "Business Suite table".
        account: whose posts they are.
        role: yours or a competitor's.
        posts: how many it tells of.
        pictures: how many pictures lie in it.
        first, last: when the posts were published.
        columns: whether its columns can be chosen by hand.
        stale: the file differs from what was read.
        note: what else is worth knowing.
        trouble: why it cannot be read; "" where it can.
        reading: it is being read now.
    """

    key: int
    name: str
    path: str = ""
    kind: str = ""
    account: str = ""
    role: Role = "own"
    posts: int = 0
    pictures: int = 0
    first: datetime | None = None
    last: datetime | None = None
    columns: bool = False
    stale: bool = False
    note: str = ""
    trouble: str = ""
    reading: bool = False

    @property
    def facts(self) -> str:
        """Kind, counts and period in one line."""
        parts = [self.kind]
        if self.reading:
            parts.append("being read")
        else:
            parts += [wording.count(self.posts, "post")] if self.posts or not (self.pictures or self.trouble) else []
            parts += [wording.count(self.pictures, "picture")] if self.pictures else []
            parts += [period(self.first, self.last)]
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Reason:
    """One line under the sentence: so many posts or pictures are without the other.

    Attributes:
        key: names it in code.
        count: how many.
        words: "have numbers but no picture: the post was deleted".
        fix: what its button says; "" for none.
    """

    key: str
    count: int
    words: str
    fix: str = "Review"


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """How far a table's times are from UTC.

    Attributes:
        source: names it in code.
        name: of the file.
        hours: to be taken off its times.
        fits, posts: how many of the posts that could be tried agree with a picture then.
        by_hand: a person said so.
        changeable: whether another one can be said.
    """

    source: str
    name: str
    hours: float
    fits: int
    posts: int
    by_hand: bool = False
    changeable: bool = False

    @property
    def sentence(self) -> str:
        """What was found."""
        if not self.posts:
            return f"Nothing tells which time zone {self.name} is in: taken as UTC."
        how = "set by hand, " if self.by_hand else ""
        return f"The times of {self.name} are {offset_words(self.hours)} ({how}fits {self.fits:,} of {self.posts:,})."


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post, or a picture without one, that can be put right by hand.

    Attributes:
        key: names it in code.
        title: when and what kind: "12 May 2025, 14:03 · carousel".
        caption: how it begins.
        detail: why it is here.
        photos: pictures that are its own or could be.
        can_pick: whether a picture can be chosen for it.
        can_leave: whether it can be settled as being without.
    """

    key: int
    title: str
    caption: str = ""
    detail: str = ""
    photos: tuple[int, ...] = ()
    can_pick: bool = True
    can_leave: bool = True


@dataclass(frozen=True, slots=True)
class MatchView:
    """The Match step.

    Attributes:
        matched: posts with a picture and numbers.
        posts: all posts that have a picture or numbers.
        reasons: the rest.
        zones: of tables without a time zone.
        cover_only: numbers of a carousel belong to its first picture.
    """

    matched: int
    posts: int
    reasons: tuple[Reason, ...] = ()
    zones: tuple[ZoneRow, ...] = ()
    cover_only: bool = False

    @property
    def sentence(self) -> str:
        """The first thing that is said."""
        if not self.posts:
            return "No posts were read yet."
        verb = "has" if self.matched == 1 else "have"
        return f"{self.matched:,} of {wording.count(self.posts, 'post')} {verb} a picture and numbers."


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme and who posts it.

    Attributes:
        key: the theme.
        name: as shown; proposed until a person touched it.
        proposed: the name is the program's.
        photos: six at most, the most typical.
        count: pictures in it.
        own, competitors: posts that are at least partly in it.
    """

    key: int
    name: str
    proposed: bool
    photos: tuple[int, ...]
    count: int
    own: int
    competitors: int


def local(time: float, zone: tzinfo | None = None) -> datetime:
    """A moment by the clock of this computer, or of a zone."""
    return datetime.fromtimestamp(time).astimezone(zone)


def period(first: datetime | None, last: datetime | None) -> str:
    """From when to when: "12 May 2025 to 3 Oct 2026"; "" where unknown."""
    if first is None or last is None:
        return ""
    begin, end = _day(first), _day(last)
    return begin if begin == end else f"{begin} to {end}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def offset_words(hours: float) -> str:
    """How far a clock is from UTC: "7 hours behind UTC", "in UTC"."""
    if not hours:
        return "in UTC"
    size = f"{abs(hours):g} hour{'' if abs(hours) == 1 else 's'}"
    return f"{size} {'behind' if hours < 0 else 'ahead of'} UTC"
