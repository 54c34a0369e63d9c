"""From what was counted to what the Report step shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from desktop_app.core import wording
from desktop_app.core.insights.board import PostScore, ThemeRow, Verdict, verdict_of
from desktop_app.core.insights.charts import span, times
from desktop_app.core.insights.compare import Change, Density, Side
from desktop_app.core.insights.findings import Findings
from desktop_app.core.insights.hours import TimeRow
from desktop_app.core.insights.months import ThemeMonths
from desktop_app.core.posts import INTERACTIONS
from desktop_app.core.types import PhotoId
from desktop_app.ui.insights.board_values import (
    BoardView,
    Counting,
    MonthRow,
    PostView,
    RatioRow,
    ReportSettings,
    ThemeView,
)
from desktop_app.ui.insights.values import period
from desktop_app.ui.panels.details import long_date


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What was counted, with what is needed to show it.

    Attributes:
        findings: the figures.
        typical: photos that stand for each theme.
        theirs: photos of competitors.
        first, last: when the posts that count were published.
        accounts: own accounts by name.
    """

    findings: Findings
    typical: Mapping[int, Sequence[PhotoId]]
    theirs: frozenset[PhotoId]
    first: datetime | None = None
    last: datetime | None = None
    accounts: tuple[str, ...] = ()


def board_view(counted: Counted, counting: Counting) -> BoardView:
    """Everything the Report step shows but the theme beside the board."""
    findings = counted.findings
    board = findings.board
    what = board.choice.metric
    rows = tuple(_row(row, _photos(counted, counting, row.theme)) for row in board.rows)
    shares = {one.theme: one for one in findings.densities}
    months = {one.theme: one for one in findings.months}
    whose = " and ".join(counted.accounts) or "your account"
    when = period(counted.first, counted.last)
    return BoardView(
        what,
        what,
        board.coverage,
        rows,
        f"{wording.count(board.posts, 'post')} of {whose}" + (f", {when}." if when else "."),
        " · ".join(f"{wording.number(n)} {reason.value}" for reason, n in board.left_out.items() if n),
        tuple(_months(months[row.key], row.name) for row in rows if row.key in months and months[row.key].months),
        _times(findings.hours.hours),
        _times(findings.hours.weekdays),
        _compared(findings, shares, counted, counting),
        INTERACTIONS,
        tuple(_change(one) for one in findings.changes if one.now.posts or one.before.posts),
        _quarters(findings),
        board.posts,
    )


def theme_views(counted: Counted, view: BoardView, settings: ReportSettings) -> dict[int, ThemeView]:
    """What stands beside the board, for each theme."""
    board = counted.findings.board
    comments = dict(settings.comments)
    rows = {row.key: row for row in view.rows}
    return {
        row.theme: ThemeView(
            rows[row.theme],
            _typical(row, view.what),
            _hours(row),
            tuple(_post(one, view.what, board.choice.zone) for one in row.best),
            tuple(_post(one, view.what, board.choice.zone) for one in row.worst),
            comments.get(row.theme, ""),
            row.theme not in settings.left_out,
        )
        for row in board.rows
    }


def _photos(counted: Counted, counting: Counting, theme: int) -> tuple[int, ...]:
    found = counted.typical.get(theme, ())
    return tuple(int(one) for one in found if counting.competitors_pictures or one not in counted.theirs)


def _row(row: ThemeRow, photos: tuple[int, ...]) -> RatioRow:
    return RatioRow(
        row.theme, row.name, row.posts, row.ratio, row.low, row.high, row.verdict.value, row.pictures, photos[:3]
    )


def _typical(row: ThemeRow, what: str) -> str:
    if row.typical is None:
        return ""
    return f"Half of its posts earned {wording.number(round(row.typical))} {what} or more."


def _hours(row: ThemeRow) -> str:
    """What is left of it when hour and weekday are taken off, where that reads differently."""
    if row.same_hours is None or row.ratio is None or times(row.same_hours) == times(row.ratio):
        return ""
    return f"At the same hours and weekdays it would be {times(row.same_hours)} times."


def _post(post: PostScore, what: str, zone: tzinfo) -> PostView:
    when = "" if post.time is None else long_date(datetime.fromtimestamp(post.time, zone))
    figure = f"{wording.number(round(post.value))} {what}, {times(post.ratio)} times the usual"
    return PostView(post.post, post.photo, when, post.caption, figure, post.permalink)


def month_name(month: str) -> str:
    """A month of a table as a person writes it: "2025-03" is "Mar 2025"."""
    return f"{datetime(int(month[:4]), int(month[5:]), 1):%b %Y}"


def _months(one: ThemeMonths, name: str) -> MonthRow:
    points = tuple(
        RatioRow(at, month_name(month.month), month.posts, month.ratio) for at, month in enumerate(one.months)
    )
    said = []
    for trend, about in ((one.earned, "earns more and more"), (one.posted, "is posted more and more")):
        if trend.word in ("rises", "falls") and trend.times and trend.low and trend.high:
            way = about if trend.word == "rises" else about.replace("more and more", "less and less")
            change = f"{times(trend.times)} times a year ({span(trend.low, trend.high)})"
            said.append(f"{name} {way}: {change}. {trend.verdict.value}.")
    return MonthRow(one.theme, name, points, " ".join(said))


def _times(rows: Sequence[TimeRow]) -> tuple[RatioRow, ...]:
    return tuple(
        RatioRow(at, row.name, row.posts, row.ratio, row.low, row.high, verdict_of(row.chance).value)
        for at, row in enumerate(rows)
        if row.posts
    )


def _compared(
    findings: Findings, shares: Mapping[int, Density], counted: Counted, counting: Counting
) -> tuple[RatioRow, ...]:
    """Yours above, theirs below, each against its own usual; what they have more of first."""
    if findings.own is None or findings.theirs is None:
        return ()
    own = {row.theme: row for row in findings.own.rows}
    theirs = {row.theme: row for row in findings.theirs.rows}
    found = []
    for one in sorted(shares.values(), key=lambda share: (share.side is Side.TOO_FEW, -share.times, share.name)):
        if not one.own and not one.theirs:
            continue
        examples = one.examples if counting.competitors_pictures else ()
        photos = tuple(int(photo) for photo in examples[:3]) or _photos(counted, counting, one.theme)[:3]
        said = f"yours {_part(one.own_share)}, theirs {_part(one.their_share)}"
        claim = "" if one.side in (Side.ALIKE, Side.TOO_FEW) else f": {one.side.value}"
        second = theirs.get(one.theme)
        found.append(
            replace(
                _row(own[one.theme], photos) if one.theme in own else RatioRow(one.theme, one.name, 0, photos=photos),
                note=said + claim,
                second=None if second is None else _row(second, ()),
            )
        )
    return tuple(found)


def _part(share: float) -> str:
    return f"{100 * share:.0f} %" if share == 0 or share >= 0.01 else "under 1 %"


def _change(one: Change) -> RatioRow:
    posts = f"{one.now.posts:,} posts, {one.before.posts:,} before"
    verdict = Verdict.TOO_FEW.value if one.times is None else one.verdict.value
    return RatioRow(one.theme, one.name, one.now.posts, one.times, one.low, one.high, verdict, note=posts)


def _quarters(findings: Findings) -> str:
    if findings.quarters is None:
        return ""
    zone = findings.board.choice.zone
    now, before = (_quarter(datetime.fromtimestamp(time, zone)) for time in findings.quarters[:2])
    return f"How each theme did in {now}, in times how it did in {before}."


def _quarter(time: datetime) -> str:
    return f"quarter {(time.month - 1) // 3 + 1} of {time.year}"
