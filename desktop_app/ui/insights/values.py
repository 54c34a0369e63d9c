"""What the pages of Insights show: plain values, made where the library is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from desktop_app.core import wording
from desktop_app.core.insights.charts import span, times
from desktop_app.core.posts import INTERACTIONS, Coverage, Role

FOOT = "Shows what went together, not what caused it."

ROLES: tuple[tuple[Role, str], ...] = (("own", "Your account"), ("competitor", "Competitor"))

METRIC_NAMES = {
    "views": "Views",
    "impressions": "Impressions",
    "reach": "Reach",
    "likes": "Likes",
    "comments": "Comments",
    "shares": "Shares",
    "saves": "Saves",
    "follows": "Follows",
    INTERACTIONS: "Likes and comments",
}


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


@dataclass(frozen=True, slots=True)
class RatioRow:
    """One row on the common axis: a theme, a block of hours, a weekday.

    Attributes:
        key: names it in code.
        name: what stands at the left.
        posts: behind the figure.
        ratio, low, high: in times the account's usual; None for too few.
        verdict: the word, "" where none is given.
        pictures: of the theme.
        photos: examples.
        note: a second line, "" for posts and pictures.
        second: the competitors' row of the same theme, drawn below on the same axis.
    """

    key: int
    name: str
    posts: int
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: str = ""
    pictures: int = 0
    photos: tuple[int, ...] = ()
    note: str = ""
    second: RatioRow | None = None

    @property
    def counts(self) -> str:
        """How many posts and pictures: "38 posts, 52 pictures"."""
        if self.note:
            return self.note
        posts = wording.count(self.posts, "post")
        return f"{posts}, {wording.count(self.pictures, 'picture')}" if self.pictures else posts

    @property
    def figure(self) -> str:
        """The ratio with its range: "1.4 (1.1-1.8)"; "" for too few."""
        if self.ratio is None or self.low is None or self.high is None:
            return ""
        return f"{times(self.ratio)} ({span(self.low, self.high)})"

    def sentence(self, what: str) -> str:
        """All of it in words: "Coffee close-ups: 1.4 times the usual views (1.1-1.8), 38 posts. Clear."."""
        if not self.figure:
            return f"{self.name}: {wording.count(self.posts, 'post')}: too few to say."
        assert self.ratio is not None
        assert self.low is not None
        assert self.high is not None
        usual = f"{times(self.ratio)} times the usual {what} ({span(self.low, self.high)})"
        said = f"{self.name}: {usual}, {wording.count(self.posts, 'post')}."
        return f"{said} {self.verdict}." if self.verdict else said


@dataclass(frozen=True, slots=True)
class PostView:
    """One of the best or worst posts of a theme."""

    post: int
    photo: int | None
    when: str
    caption: str
    figure: str  # "12,400 views, 3.1 times the usual"
    permalink: str = ""


@dataclass(frozen=True, slots=True)
class ThemeView:
    """What stands beside the board for the theme that is chosen.

    Attributes:
        row: its row.
        typical: "Half of its posts earned more than 8,200 views".
        hours: "At the same hours: 1.3 times", "" where it makes no difference.
        best, worst: posts.
        months: its course.
        comment: the person's own words, for the report.
        in_report: whether the report has it.
    """

    row: RatioRow
    typical: str = ""
    hours: str = ""
    best: tuple[PostView, ...] = ()
    worst: tuple[PostView, ...] = ()
    comment: str = ""
    in_report: bool = True


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One theme's course: a point per month."""

    key: int
    name: str
    months: tuple[RatioRow, ...]
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class BoardView:
    """All of the Report step, for one choice of metric and posts.

    Attributes:
        metric: what is counted.
        what: its word within a sentence, "views".
        coverage: the metric menu.
        rows: themes, by the cautious end.
        summary: what it rests on, one sentence.
        left_out: "14 younger than 7 days · 3 boosted"; "" for none.
        months: per theme.
        hours, weekdays: apart from themes.
        compared: your posts with the competitors' as `second`; empty without competitors.
        compared_what: the number that both show.
        quarters: this quarter against the last, in times of what it did then.
        quarters_words: which quarters.
        posts: how many posts count.
    """

    metric: str
    what: str
    coverage: tuple[Coverage, ...]
    rows: tuple[RatioRow, ...]
    summary: str = ""
    left_out: str = ""
    months: tuple[MonthRow, ...] = ()
    hours: tuple[RatioRow, ...] = ()
    weekdays: tuple[RatioRow, ...] = ()
    compared: tuple[RatioRow, ...] = ()
    compared_what: str = "likes and comments"
    quarters: tuple[RatioRow, ...] = ()
    quarters_words: str = ""
    posts: int = 0


@dataclass(frozen=True, slots=True)
class Counting:
    """Which posts count and which pictures are shown."""

    metric: str = ""
    young: bool = False
    boosted: bool = True
    competitors_pictures: bool = True


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """What the person says about the report.

    Attributes:
        title, client, period, logo: for its head; the logo is a file's path.
        comments: by theme.
        order: themes in the person's order; those not named follow by the cautious end.
        left_out: themes that are not in it.
    """

    title: str = ""
    client: str = ""
    period: str = ""
    logo: str = ""
    comments: tuple[tuple[int, str], ...] = ()
    order: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()


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


def coverage_words(one: Coverage) -> str:
    """One entry of the metric menu: "Views: 198 of 212; competitors: none"."""
    words = f"{METRIC_NAMES.get(one.metric, one.metric)}: {one.known:,} of {one.posts:,}"
    if one.competitors_posts:
        theirs = f"{one.competitors_known:,} of {one.competitors_posts:,}" if one.competitors_known else "none"
        words += f"; competitors: {theirs}"
    return words
