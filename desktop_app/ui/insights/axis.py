"""Rows on the common axis of the report (times the usual, logarithmic), and the same rows as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from desktop_app.core.insights.charts import Axis, axis, times
from desktop_app.ui.insights.board_values import RatioRow

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""Headings and rows."""


def axis_for(rows: Iterable[RatioRow]) -> Axis:
    """The axis of the report for these rows: it holds every range and lies evenly around the usual."""
    ends = [end for row in _with_seconds(rows) for end in (row.low, row.ratio, row.high) if end is not None]
    return axis(ends)


def is_beyond(shown: Axis, ratio: float) -> bool:
    """Whether a ratio does not fit on the axis."""
    return not shown.low <= ratio <= shown.high


def _with_seconds(rows: Iterable[RatioRow]) -> Iterator[RatioRow]:
    for row in rows:
        yield row
        if row.second is not None:
            yield row.second


def table_of(rows: Iterable[RatioRow], first: str) -> Table:
    """The same as a table: its headings and its rows, for the table view and for Copy."""
    rows = list(rows)
    pairs = any(row.second is not None for row in rows)
    head = (first, "Whose", "Posts", "Pictures", "Times the usual", "From", "To", "Verdict")
    body: list[tuple[str, ...]] = []
    for row in rows:
        for one, whose in ((row, "yours"), (row.second, "competitors")):
            if one is None:
                continue
            figures = tuple("" if value is None else times(value) for value in (one.ratio, one.low, one.high))
            verdict = one.verdict or ("Too few" if one.ratio is None else "")
            body.append((row.name, whose, f"{one.posts:,}", f"{one.pictures:,}", *figures, verdict))
    keep = [at for at, name in enumerate(head) if (name != "Whose" or pairs) and (name != "Pictures" or _any(body, at))]
    return tuple(head[at] for at in keep), [tuple(line[at] for at in keep) for line in body]


def _any(body: list[tuple[str, ...]], at: int) -> bool:
    return any(line[at] not in ("", "0") for line in body)
