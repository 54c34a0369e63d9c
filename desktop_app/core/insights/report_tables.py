"""The figures of a report as tables: what every chart shows, readable as rows, for the report and for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from desktop_app.core.insights.board import Board, PostScore, ThemeRow
from desktop_app.core.insights.compare import Change, Density
from desktop_app.core.insights.findings import Findings
from desktop_app.core.insights.hours import Hours
from desktop_app.core.insights.months import ThemeMonths

Cell = str | int | float | None
"""None is an empty cell: unknown, never 0."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        title: short; a sheet's name.
        header: its columns.
        rows: as wide as the header.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(findings: Findings, shown: Sequence[int] | None = None) -> tuple[Table, ...]:
    """Every table of a report that has rows.

    Args:
        findings: what was counted.
        shown: only these themes; None for all.
    """
    zone = findings.board.choice.zone
    found = [_board("Themes", findings.board, shown)]
    if findings.theirs is not None:
        found.append(_board("Competitors", findings.theirs, shown))
    found += [
        _months(findings.months, shown),
        _hours(findings.hours),
        _changes(findings.changes, shown),
        _densities(findings.densities, shown),
        _posts(findings.board, zone, shown),
    ]
    return tuple(table for table in found if table.rows)


def _in(theme: int, shown: Sequence[int] | None) -> bool:
    return shown is None or theme in shown


def _round(value: float | None) -> float | None:
    """A ratio, a share or a chance: four digits say more than is known."""
    return None if value is None else float(f"{value:.4g}")


def _number(value: float | None) -> int | float | None:
    """A number of views or likes, as it is."""
    return None if value is None else int(value) if value == int(value) else round(value, 1)


def _board(title: str, board: Board, shown: Sequence[int] | None) -> Table:
    return Table(
        title,
        (
            "Theme", "Pictures", "Posts", f"Times the usual {board.choice.metric}", "Range from", "Range to", "Verdict",
            "Chance", f"Middle {board.choice.metric}", "At the same hours",
        ),
        tuple(_row(row) for row in board.rows if _in(row.theme, shown)),
    )  # fmt: skip


def _row(row: ThemeRow) -> tuple[Cell, ...]:
    return (
        row.name, row.pictures, row.posts, _round(row.ratio), _round(row.low), _round(row.high), row.verdict.value,
        _round(row.chance), _number(row.typical), _round(row.same_hours),
    )  # fmt: skip


def _months(months: Sequence[ThemeMonths], shown: Sequence[int] | None) -> Table:
    rows = [
        (one.name, month.month, month.posts, _round(month.share), _round(month.ratio))
        for one in months
        if _in(one.theme, shown)
        for month in one.months
    ]
    return Table("Months", ("Theme", "Month", "Posts", "Share of posts", "Times the usual"), tuple(rows))


def _hours(hours: Hours) -> Table:
    rows = [
        (kind, row.name, row.posts, _round(row.ratio), _round(row.low), _round(row.high), _round(row.chance))
        for kind, part in (("Hour", hours.hours), ("Weekday", hours.weekdays))
        for row in part
        if row.posts
    ]
    return Table(
        "Hours and weekdays", ("Kind", "When", "Posts", "Times the usual", "Range from", "Range to", "Chance"),
        tuple(rows),
    )  # fmt: skip


def _changes(changes: Sequence[Change], shown: Sequence[int] | None) -> Table:
    rows = [
        (
            one.name, one.now.posts, one.before.posts, _round(one.now.ratio), _round(one.before.ratio),
            _round(one.times), _round(one.low), _round(one.high), one.verdict.value,
        )
        for one in changes
        if _in(one.theme, shown) and (one.now.posts or one.before.posts)
    ]  # fmt: skip
    return Table(
        "Quarters",
        (
            "Theme", "Posts this quarter", "Posts last quarter", "Times the usual this quarter",
            "Times the usual last quarter", "Change in times", "Range from", "Range to", "Verdict",
        ),
        tuple(rows),
    )  # fmt: skip


def _densities(found: Sequence[Density], shown: Sequence[int] | None) -> Table:
    rows = [
        (
            one.name, _number(one.own), _number(one.theirs), _round(one.own_share), _round(one.their_share),
            _round(one.times), _round(one.low), _round(one.high), one.side.value, _round(one.earned),
        )
        for one in found
        if _in(one.theme, shown) and (one.own or one.theirs)
    ]  # fmt: skip
    return Table(
        "Yours and theirs",
        (
            "Theme", "Your posts", "Their posts", "Share of yours", "Share of theirs", "Their share by yours",
            "Range from", "Range to", "Whose", "Theirs did, times their usual",
        ),
        tuple(rows),
    )  # fmt: skip


def _posts(board: Board, zone: tzinfo, shown: Sequence[int] | None) -> Table:
    rows = [
        (row.name, word, when(post, zone), _number(post.value), _number(post.usual), _round(post.ratio), post.caption,
         post.permalink)
        for row in board.rows
        if _in(row.theme, shown)
        for word, posts in (("best", row.best), ("worst", row.worst))
        for post in posts
    ]  # fmt: skip
    metric = board.choice.metric.capitalize()
    return Table(
        "Best and worst posts",
        ("Theme", "Which", "Published", metric, "Usual", "Times the usual", "Caption", "Address"),
        tuple(rows),
    )


def when(post: PostScore, zone: tzinfo) -> str:
    """When a post was published, "2025-05-12 14:03"; "" where unknown."""
    return "" if post.time is None else f"{datetime.fromtimestamp(post.time, zone):%Y-%m-%d %H:%M}"
