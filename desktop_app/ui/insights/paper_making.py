"""What is printed, made of what the Report step shows."""

from __future__ import annotations

import html
import re
import time

from PySide6.QtGui import QImage

from desktop_app.ui.insights.board_values import BoardView, Counting, RatioRow, ReportSettings
from desktop_app.ui.insights.paper import Chart, Paper, ThemePart
from desktop_app.ui.insights.telling import Counted, theme_views
from desktop_app.ui.insights.values import local

_PLAIN_TITLE = "Themes and how they did"
_FEW_SHOWN = 4
_SURE = ("Clear", "Likely")


def make_paper(
    counted: Counted,
    view: BoardView,
    settings: ReportSettings,
    counting: Counting,
    order: list[int],
    thumbnails: dict[int, QImage],
) -> Paper:
    """What is printed, from what the window shows."""
    views = theme_views(counted, view, settings)
    kept = [key for key in order if key in views and views[key].in_report]
    rows = {row.key: row for row in view.rows}
    parts = []
    for key in kept:
        one = views[key]
        if one.row.ratio is None and not one.comment:
            continue  # too few to say: its row in the chart says so
        typical = counted.typical.get(key, ())
        photos = tuple(int(p) for p in typical if counting.competitors_pictures or p not in counted.theirs)
        more = " ".join(part for part in (one.typical, one.hours) if part)
        said = one.row.sentence(view.what).removeprefix(f"{one.row.name}: ")
        sentence = f"Posts in this theme earned {said}" if one.row.figure else said
        parts.append(ThemePart(one.row.name, sentence, more, one.comment, photos, one.best, one.worst))
    inside = set(kept)
    charts = (
        _board_chart([rows[key] for key in kept], view.what),
        Chart("Quarters", view.quarters_words, _kept(view.quarters, inside), view.what),
        Chart("Hours", "Counted apart from the themes and from the weekday.", view.hours, view.what, "Hour"),
        Chart("Weekdays", "Counted apart from the themes and from the hour.", view.weekdays, view.what, "Weekday"),
        Chart(
            "You and competitors",
            "Each against its own account's usual: a dot is yours, a diamond is theirs.",
            _kept(view.compared, inside),
            view.compared_what,
        ),
    )
    months = tuple(row for row in view.months if row.key in inside and any(p.ratio is not None for p in row.months))
    moving = " ".join(row.sentence for row in months if row.sentence)
    today = local(time.time())
    return Paper(
        settings.title or _PLAIN_TITLE,
        settings.client,
        settings.period,
        QImage(settings.logo) if settings.logo else QImage(),
        _summary(view, [rows[key] for key in kept]),
        tuple(chart for chart in charts if chart.rows),
        tuple(parts),
        months,
        moving or "No theme rises or falls by more than chance explains.",
        view.what,
        _methods(counted),
        f"Made on {today.day} {today:%B %Y}.",
        thumbnails,
    )


def _board_chart(rows: list[RatioRow], what: str) -> Chart:
    """The board; where many themes have too few posts, they are told in one line instead of a page each."""
    few = [row for row in rows if row.ratio is None]
    if len(few) <= _FEW_SHOWN:
        return Chart("Themes", "", tuple(rows), what)
    posts = sum(row.posts for row in few)
    words = f"{len(few)} more themes with {posts:,} posts between them are too small to say anything about."
    return Chart("Themes", words, tuple(row for row in rows if row.ratio is not None), what)


def _kept(rows: tuple[RatioRow, ...], inside: set[int]) -> tuple[RatioRow, ...]:
    return tuple(row for row in rows if row.key in inside)


def _summary(view: BoardView, rows: list[RatioRow]) -> tuple[str, ...]:
    """What was found, first; what it rests on, after it."""
    found = []
    for more, word in ((True, "more"), (False, "fewer" if view.what != "reach" else "less")):
        names = [f"“{row.name}”" for row in rows if row.verdict in _SURE and ((row.ratio or 1) > 1) == more]
        if names:
            listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
            found.append(f"Posts in {listed} earned {word} {view.what} than usual.")
    first = " ".join(found) or "No theme differs from the usual by more than chance explains."
    left = f" Not counted: {view.left_out}." if view.left_out else ""
    return first, f"{view.summary}{left}"


def _methods(counted: Counted) -> tuple[str, ...]:
    """The words of the web page's note, without their markup."""
    from desktop_app.core.insights.report_parts import methods_part

    parts = re.findall(r"<p>(.*?)</p>", methods_part(counted.findings), re.DOTALL)
    return tuple(html.unescape(re.sub(r"<[^>]+>", "", part)) for part in parts)
