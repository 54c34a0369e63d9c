"""The report as one HTML page that needs nothing else: pictures and charts are in it, and nothing in it can run.

Captions, names and comments are a stranger's text: all of it is escaped, addresses are links only where they begin with
http, and the page forbids itself scripts and anything from elsewhere. Always in light colours.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from html import escape
from typing import Final

from desktop_app.core.insights.board import Board, PostScore, ThemeRow, Verdict
from desktop_app.core.insights.charts import Bar, course, ranges, span, times
from desktop_app.core.insights.counted import Choice
from desktop_app.core.insights.findings import Findings
from desktop_app.core.insights.plain_pictures import data_address
from desktop_app.core.insights.report_parts import (
    STRENGTH,
    compare_part,
    day,
    hours_part,
    keys,
    methods_part,
    months_part,
    photos_part,
    quarters_part,
    table_part,
    theirs_only,
)
from desktop_app.core.insights.report_tables import tables
from desktop_app.core.insights.report_wishes import Wishes, ordered
from desktop_app.core.types import PhotoId
from desktop_app.core.wording import count, number

FOOT: Final = "Shows what went together, not what caused it."

_CAPTION = 140  # characters of a caption that are shown

_STYLE: Final = """
:root{color-scheme:light}
body{margin:0;background:#fff;color:#1B1B1B;font:15px/1.5 system-ui,"Segoe UI",sans-serif}
main{max-width:960px;margin:0 auto;padding:32px 24px}
header{display:flex;gap:24px;align-items:flex-start;border-bottom:1px solid #D9D9D9;padding-bottom:16px}
header img{max-height:64px;max-width:200px;margin-left:auto}
h1{font-size:26px;margin:0;line-height:1.2}h2{font-size:19px;margin:40px 0 8px}h3{font-size:16px;margin:24px 0 4px}
p{margin:4px 0 8px;max-width:70ch}.quiet{color:#585858}.comment{border-left:3px solid #0A5FB8;padding-left:12px}
svg{max-width:100%;height:auto}
.photos{display:flex;flex-wrap:wrap;gap:8px}
.photos img,figure img{width:96px;height:96px;object-fit:cover;border-radius:4px}
.posts{display:grid;grid-template-columns:1fr 1fr;gap:24px}figure{display:flex;gap:12px;margin:8px 0}
figcaption{font-size:13px;overflow-wrap:anywhere}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums;margin:8px 0}
th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid #D9D9D9;vertical-align:top;overflow-wrap:anywhere}
td.n{text-align:right}th{font-weight:600}details{margin:8px 0}summary{cursor:pointer;color:#0A5FB8}
footer{margin-top:48px;border-top:1px solid #D9D9D9;padding-top:12px;color:#585858}
section.theme{break-inside:avoid}
@media print{main{max-width:none;padding:0}details{display:none}}
"""


def wanted_photos(findings: Findings, wishes: Wishes, typical: Mapping[int, Sequence[PhotoId]]) -> tuple[PhotoId, ...]:
    """The photos whose small JPEGs `page` needs, each once."""
    found: dict[PhotoId, None] = {}
    for row in ordered(findings.board.rows, wishes):
        for photo in (*typical.get(row.theme, ()), *(post.photo for post in (*row.best, *row.worst))):
            if photo is not None:
                found.setdefault(photo)
    if wishes.competitors_pictures:
        for one in theirs_only(findings.densities, wishes):
            for photo in one.examples:
                found.setdefault(photo)
    return tuple(found)


def page(
    findings: Findings,
    wishes: Wishes,
    photos: Mapping[PhotoId, bytes],
    typical: Mapping[int, Sequence[PhotoId]] | None = None,
    theirs: frozenset[PhotoId] = frozenset(),
) -> str:
    """The report as HTML.

    Args:
        findings: what was counted.
        wishes: what the person says about it.
        photos: small JPEGs; a photo that is not here is left out.
        typical: the photos that stand for a theme.
        theirs: photos of competitors, so that they can be left out.
    """
    if not wishes.competitors_pictures:
        photos = {photo: data for photo, data in photos.items() if photo not in theirs}
    shown = {photo: address for photo, data in photos.items() if (address := data_address(data))}
    rows = ordered(findings.board.rows, wishes)
    choice = findings.board.choice
    body = [
        _head(findings, wishes),
        _summary(findings.board, rows),
        "<h2>Themes</h2>",
        ranges([_bar(row) for row in rows], f"Themes in times the usual {_what(choice)}") if rows else "",
        table_part(next((one for one in tables(findings, keys(rows)) if one.title == "Themes"), None), "Show as table"),
        *(
            _theme(row, findings, wishes, shown, typical or {})
            for row in rows
            if row.posts or wishes.comments.get(row.theme, "").strip()
        ),
        months_part(findings, rows),
        quarters_part(findings, rows),
        hours_part(findings),
        compare_part(findings, wishes, shown),
        methods_part(findings),
        f"<footer><p>{FOOT}</p>{_made(wishes, choice.zone)}</footer>",
    ]
    title = escape(wishes.title or "Themes and how they did")
    css = _STYLE
    # the one style sheet is named by its hash: not even another style can be slipped in
    allowed = hashlib.sha256(css.encode()).digest()
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(allowed)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{css}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


def _policy(style: bytes) -> str:
    import base64

    return f"default-src 'none'; img-src data:; style-src 'sha256-{base64.b64encode(style).decode('ascii')}'"


def _what(choice: Choice) -> str:
    return choice.metric


def _text(words: str) -> str:
    return "<br>".join(escape(line) for line in words.strip().splitlines())


def _head(findings: Findings, wishes: Wishes) -> str:
    logo = data_address(wishes.logo) if wishes.logo else ""
    client = f'<p class="quiet">For {escape(wishes.client)}</p>' if wishes.client else ""
    words = wishes.period or _period(findings.board)
    period = f'<p class="quiet">{escape(words)}</p>' if words else ""
    picture = f'<img src="{logo}" alt="{escape(wishes.client or "Logo", quote=True)}">' if logo else ""
    title = escape(wishes.title or "Themes and how they did")
    return f"<header><div><h1>{title}</h1>{client}{period}</div>{picture}</header>"


def _period(board: Board) -> str:
    if board.first is None or board.last is None:
        return ""
    begin, end = day(board.first, board.choice.zone), day(board.last, board.choice.zone)
    return begin if begin == end else f"{begin} to {end}"


def _summary(board: Board, rows: Sequence[ThemeRow]) -> str:
    what = _what(board.choice)
    sure = [row for row in rows if row.verdict in STRENGTH and row.ratio is not None]
    above = [row for row in sure if row.ratio is not None and row.ratio > 1]
    below = [row for row in sure if row.ratio is not None and row.ratio < 1]
    said = [f"{count(board.posts, 'post')} and their {what} were compared with what was usual for the account."]
    if not sure:
        said.append("No theme differs from the usual by more than chance explains.")
    for side, word in ((above, "more"), (below, "fewer" if what != "reach" else "less")):
        if side:
            said.append(f"Posts in {_names(side)} earned {word} {what} than usual.")
    left = " · ".join(f"{number(n)} {reason.value}" for reason, n in board.left_out.items() if n)
    out = f'<p class="quiet">Not counted or without a theme: {escape(left)}.</p>' if left else ""
    return f"<p>{escape(' '.join(said))}</p>{out}"


def _names(rows: Sequence[ThemeRow]) -> str:
    names = [f"“{row.name}”" for row in rows]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _bar(row: ThemeRow) -> Bar:
    word = row.verdict.value
    if row.verdict is Verdict.TOO_FEW:
        word = f"{count(row.posts, 'post')}: too few to say"
    return Bar(row.name, count(row.posts, "post"), row.ratio, row.low, row.high, word, STRENGTH.get(row.verdict, 0))


def sentence(row: ThemeRow, what: str) -> str:
    """One theme in words: "Posts in this theme earned 1.4 times the usual views (1.1-1.8), 38 posts. Clear."."""
    if row.ratio is None or row.low is None or row.high is None:
        return f"{count(row.posts, 'post')}: too few to say."
    return (
        f"Posts in this theme earned {times(row.ratio)} times the usual {what} ({span(row.low, row.high)}),"
        f" {count(row.posts, 'post')}. {row.verdict.value}."
    )


def _theme(
    row: ThemeRow,
    findings: Findings,
    wishes: Wishes,
    shown: Mapping[PhotoId, str],
    typical: Mapping[int, Sequence[PhotoId]],
) -> str:
    choice = findings.board.choice
    comment = wishes.comments.get(row.theme, "").strip()
    months = next((one for one in findings.months if one.theme == row.theme), None)
    more = ""
    if row.typical is not None:
        more = f"Half of these posts earned {number(round(row.typical))} {_what(choice)} or more."
    if row.same_hours is not None and row.ratio is not None and abs(math.log(row.same_hours / row.ratio)) > 0.05:
        more += f" At the same hours and weekdays it would be {times(row.same_hours)} times."
    line = ""
    if months is not None and sum(one.ratio is not None for one in months.months) >= 3:
        line = course([one.ratio for one in months.months], f"{row.name} by month")
    return (
        f'<section class="theme"><h3>{escape(row.name)}</h3><p>{escape(sentence(row, _what(choice)))}</p>'
        + (f'<p class="comment">{_text(comment)}</p>' if comment else "")
        + (f'<p class="quiet">{escape(more)}</p>' if more else "")
        + line
        + photos_part(typical.get(row.theme, ()), shown, row.name)
        + f'<div class="posts">{_posts("Best", row.best, choice, shown)}{_posts("Weakest", row.worst, choice, shown)}'
        "</div></section>"
    )


def _posts(word: str, posts: Sequence[PostScore], choice: Choice, shown: Mapping[PhotoId, str]) -> str:
    return f"<div><strong>{word}</strong>{''.join(_post(one, choice, shown) for one in posts)}</div>" if posts else ""


def _post(post: PostScore, choice: Choice, shown: Mapping[PhotoId, str]) -> str:
    picture = f'<img src="{shown[post.photo]}" alt="">' if post.photo is not None and post.photo in shown else ""
    caption = " ".join(post.caption.split())
    caption = caption if len(caption) <= _CAPTION else caption[: _CAPTION - 1] + "…"
    date = "" if post.time is None else day(post.time, choice.zone)
    if post.permalink.lower().startswith(("https://", "http://")):
        date = f'<a href="{escape(post.permalink, quote=True)}" rel="noreferrer">{date or "Post"}</a>'
    figure = f"{number(round(post.value))} {_what(choice)}, {times(post.ratio)} times the usual"
    return f"<figure>{picture}<figcaption>{date}<br>{figure}<br>{escape(caption)}</figcaption></figure>"


def _made(wishes: Wishes, zone: tzinfo) -> str:
    return "" if wishes.made is None else f"<p>Made on {day(wishes.made, zone)}.</p>"
