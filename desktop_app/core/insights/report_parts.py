"""The parts of a report that stand below its themes: months, quarters, hours, competitors, and how it was counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape

from desktop_app.core.insights.board import ThemeRow, Verdict, verdict_of
from desktop_app.core.insights.charts import Bar, ranges, span, times
from desktop_app.core.insights.compare import Density, Side
from desktop_app.core.insights.counted import LEAST_POSTS
from desktop_app.core.insights.findings import Findings
from desktop_app.core.insights.hours import TimeRow
from desktop_app.core.insights.report_tables import Table, tables
from desktop_app.core.insights.report_wishes import Wishes, ordered
from desktop_app.core.types import PhotoId
from desktop_app.core.wording import count, number

STRENGTH = {Verdict.CLEAR: 2, Verdict.LIKELY: 1}


def keys(rows: Sequence[ThemeRow]) -> list[int]:
    """Their themes."""
    return [row.theme for row in rows]


def months_part(findings: Findings, rows: Sequence[ThemeRow]) -> str:
    """Themes that rise or fall."""
    of = {one.theme: one for one in findings.months}
    moving = []
    for row in rows:
        one = of.get(row.theme)
        if one is None:
            continue
        for trend, about in ((one.earned, "its posts' ratio to the usual"), (one.posted, "its share of the posts")):
            if trend.word in ("rises", "falls") and trend.times and trend.low and trend.high:
                moving.append(
                    f"<li>{escape(row.name)}: {about} {trend.word}, {times(trend.times)} times a year"
                    f" ({span(trend.low, trend.high)}). {trend.verdict.value}.</li>"
                )
    said = f"<ul>{''.join(moving)}</ul>" if moving else "<p>No theme rises or falls by more than chance explains.</p>"
    return f"<h2>What rises and falls</h2>{said}{_table_of(findings, 'Months', rows)}"


def quarters_part(findings: Findings, rows: Sequence[ThemeRow]) -> str:
    """This quarter against the last."""
    table = next((one for one in tables(findings, keys(rows)) if one.title == "Quarters"), None)
    if table is None or findings.quarters is None:
        return ""
    zone = findings.board.choice.zone
    now, before = (_quarter(time, zone) for time in findings.quarters[:2])
    kept = set(keys(rows))
    bars = [
        Bar(
            one.name,
            f"{one.now.posts} against {count(one.before.posts, 'post')}",
            one.times,
            one.low,
            one.high,
            one.verdict.value,
            STRENGTH.get(one.verdict, 0),
        )
        for one in findings.changes
        if one.theme in kept and one.times is not None
    ]
    chart = ranges(bars, f"{now} against {before}") if bars else "<p>Too few posts in these quarters to compare.</p>"
    said = f'<p class="quiet">How each theme did in {now}, in times how it did in {before}.</p>'
    return f"<h2>{now} against {before}</h2>{said}{chart}{table_part(table, 'Show as table')}"


def _table_of(findings: Findings, title: str, rows: Sequence[ThemeRow]) -> str:
    found = next((one for one in tables(findings, keys(rows)) if one.title == title), None)
    return table_part(found, "Show as table")


def _quarter(time: float, zone: tzinfo) -> str:
    local = datetime.fromtimestamp(time, zone)
    return f"quarter {(local.month - 1) // 3 + 1} of {local.year}"


def hours_part(findings: Findings) -> str:
    """Hours and weekdays, apart from the themes."""

    def bars(rows: Sequence[TimeRow]) -> list[Bar]:
        found = []
        for row in rows:
            if row.posts:
                verdict = verdict_of(row.chance)
                strength = STRENGTH.get(verdict, 0)
                word = verdict.value if row.ratio is not None else "too few to say"
                posts = count(row.posts, "post")
                found.append(Bar(row.name, posts, row.ratio, row.low, row.high, word, strength))
        return found

    hours, weekdays = bars(findings.hours.hours), bars(findings.hours.weekdays)
    if not hours:
        return ""
    zone = datetime.fromtimestamp(0, findings.board.choice.zone).tzname() or ""
    return (
        f'<h2>Hour and weekday</h2><p class="quiet">Each without the other, over all themes; clock: {escape(zone)}.</p>'
        f"{ranges(hours, 'Hours in times the usual')}{ranges(weekdays, 'Weekdays in times the usual')}"
        f"{_table_of(findings, 'Hours and weekdays', ())}"
    )


def theirs_only(found: Sequence[Density], wishes: Wishes) -> list[Density]:
    """What competitors have and you do not, or have more of."""
    theirs = (Side.ONLY_THEIRS, Side.MORE_THEIRS)
    return [one for one in found if one.side in theirs and one.theme not in wishes.left_out]


def compare_part(findings: Findings, wishes: Wishes, shown: Mapping[PhotoId, str]) -> str:
    """Competitors: what they have and you do not."""
    if findings.theirs is None:
        return ""
    parts = ["<h2>Beside competitors</h2>"]
    missing = theirs_only(findings.densities, wishes)
    if not missing:
        parts.append("<p>Competitors post no theme more often than you by more than chance explains.</p>")
    for one in missing:
        own = f"{100 * one.own_share:.0f} % of yours"
        did = ""
        if one.earned is not None and one.earned_low is not None and one.earned_high is not None:
            did = (
                f" Their posts in it earned {times(one.earned)} times their own usual likes and comments"
                f" ({span(one.earned_low, one.earned_high)})."
            )
        said = (
            f"{100 * one.their_share:.0f} % of their posts, {own}: {times(one.times)} times as often"
            f" ({span(one.low, one.high)}).{did}"
        )
        parts.append(f"<h3>{escape(one.name)}</h3><p>{escape(said)}</p>")
        if wishes.competitors_pictures:
            parts.append(photos_part(one.examples, shown, one.name))
    rows = ordered(findings.theirs.rows, wishes)
    table = [one for one in tables(findings, keys(rows)) if one.title in ("Yours and theirs", "Competitors")]
    parts += [table_part(one, one.title) for one in table]
    return "".join(parts)


def methods_part(findings: Findings) -> str:
    """How it was counted."""
    choice = findings.board.choice
    left = "" if choice.young else " Posts whose numbers were taken within 7 days of publishing are left out."
    boosted = " Boosted posts are counted." if choice.boosted else " Boosted posts are left out."
    return (
        "<h2>How this was counted</h2>"
        "<p>Each post is compared with the account's usual: what posts of the same type earned around the same time"
        " (a robust local line through the logarithms of its neighbours, the post itself left out). So growth and"
        f" seasons are not taken for themes.{left}{boosted} A number that is not known is left out, never taken for 0;"
        " views and impressions are never mixed.</p>"
        "<p>A theme's figure is the middle of its posts' ratios (a mean without the highest and the lowest fifth); a"
        " carousel counts as one post, by its cover or shared out among its pictures. The range covers the true figure"
        f" in about 95 of 100 cases (studentised bootstrap over posts). Fewer than {LEAST_POSTS} posts are too few to"
        " say.</p>"
        "<p>The words allow for how many themes were looked at (false-discovery control): in accounts whose themes make"
        " no difference, “Clear” comes up in at most 1 report of 100, “Likely” or “Clear” in at most 5. Themes are"
        " sorted by the lower end of their range. Competitors are compared on likes and comments, against their own"
        " usual.</p>"
    )


def photos_part(photos: Sequence[PhotoId], shown: Mapping[PhotoId, str], name: str) -> str:
    """A row of photos."""
    found = [f'<img src="{shown[one]}" alt="{escape(name, quote=True)}">' for one in photos if one in shown]
    return f'<div class="photos">{"".join(found)}</div>' if found else ""


def day(time: float, zone: tzinfo) -> str:
    """A day in words: "12 May 2025"."""
    local = datetime.fromtimestamp(time, zone)
    return f"{local.day} {local:%B %Y}"


def table_part(table: Table | None, word: str) -> str:
    """A table that can be folded out; nothing for one without rows."""
    if table is None or not table.rows:
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in table.header)
    rows = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in table.rows)
    return (
        f"<details><summary>{escape(word)}</summary><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        "</details>"
    )


def _cell(cell: str | float | None) -> str:
    if cell is None:
        return "<td></td>"
    if isinstance(cell, str):
        return f"<td>{escape(cell)}</td>"
    if isinstance(cell, int) or abs(cell) >= 1000:
        words = number(round(cell))
    else:
        words = "&lt; 0.001" if 0 < cell < 0.001 else f"{cell:.3g}"
    return f'<td class="n">{words}</td>'
