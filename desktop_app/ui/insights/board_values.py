"""What the board and the report show: plain values, made where the library is known."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.core import wording
from desktop_app.core.insights.charts import span, times
from desktop_app.core.posts import INTERACTIONS, Coverage

FOOT = "Shows what went together, not what caused it."

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


def coverage_words(one: Coverage) -> str:
    """One entry of the metric menu: "Views: 198 of 212; competitors: none"."""
    words = f"{METRIC_NAMES.get(one.metric, one.metric)}: {one.known:,} of {one.posts:,}"
    if one.competitors_posts:
        theirs = f"{one.competitors_known:,} of {one.competitors_posts:,}" if one.competitors_known else "none"
        words += f"; competitors: {theirs}"
    return words
