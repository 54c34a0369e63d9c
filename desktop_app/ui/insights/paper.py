"""The report on paper: A4 pages painted with the code of the window's charts, always in light colours.

Everything is in points (1/72 inch): fonts are sized in "pixels" of a painter that is scaled so, which makes a page come
out alike in a PDF and as a picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPageSize, QPainter, QPdfWriter, QPen

from desktop_app.core.errors import UserError
from desktop_app.core.insights.charts import Axis
from desktop_app.ui.insights.axis import axis_for
from desktop_app.ui.insights.board_values import MonthRow, PostView, RatioRow
from desktop_app.ui.insights.month_chart import months_height, paint_months
from desktop_app.ui.insights.press import MARGIN, PAGE, WRAP, Press
from desktop_app.ui.insights.ratio_paint import (
    columns_for,
    head_height,
    paint_grid,
    paint_head,
    paint_row,
    row_height,
)
from desktop_app.ui.theme import LIGHT

_POST = 52.0

Thumbnails = Mapping[int, QImage]


@dataclass(frozen=True, slots=True)
class ThemePart:
    """One theme in the report."""

    name: str
    sentence: str
    more: str
    comment: str
    photos: tuple[int, ...]
    best: tuple[PostView, ...]
    worst: tuple[PostView, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart in the report."""

    title: str
    words: str
    rows: tuple[RatioRow, ...]
    what: str
    first: str = "Theme"


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """All that is printed.

    Attributes:
        title, client, period: the head.
        logo: beside it; a null image for none.
        summary: what was found, a few sentences.
        charts: the board first.
        themes: one part each, after the board.
        months: strips, after the themes.
        methods: how it was counted, one paragraph each.
        made: "Made on 22 Nov 2026."
        thumbnails: pictures by photo.
    """

    title: str
    client: str
    period: str
    logo: QImage
    summary: tuple[str, ...]
    charts: tuple[Chart, ...]
    themes: tuple[ThemePart, ...]
    months: tuple[MonthRow, ...]
    months_words: str
    what: str
    methods: tuple[str, ...]
    made: str
    thumbnails: Thumbnails


def print_pages(painter: QPainter, new_page: Callable[[], bool], paper: Paper, family: str) -> int:
    """Paint all pages.

    Args:
        painter: scaled so that one unit is a point, on the first page.
        new_page: begins the next page and says whether there is one.
        paper: what to print.
        family: of the fonts.

    Returns:
        How many pages there are.
    """
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    press = Press(painter, new_page, family, paper.made)
    steps: list[Callable[[], None]] = [partial(_head, press, paper)]
    steps += [partial(_chart, press, chart, paper.thumbnails) for chart in paper.charts[:1]]
    steps += [partial(_theme, press, theme, paper.thumbnails) for theme in paper.themes]
    steps += [partial(_months, press, paper)] if paper.months else []
    steps += [partial(_chart, press, chart, paper.thumbnails) for chart in paper.charts[1:]]
    steps.append(partial(_methods, press, paper))
    for step in steps:
        step()
        if press.over:
            return press.number - 1
    press.foot()
    return press.number


def _head(press: Press, paper: Paper) -> None:
    logo = paper.logo
    room = press.width
    if not logo.isNull():
        scale = min(120 / logo.width(), 48 / logo.height())
        width, height = logo.width() * scale, logo.height() * scale
        press.painter.drawImage(QRectF(PAGE.width() - MARGIN - width, MARGIN, width, height), logo)
        room -= width + 16
    press.words(paper.title, press.title, width=room)
    if paper.client:
        press.words(f"For {paper.client}", press.body, LIGHT.text2, after=2, width=room)
    press.words(paper.period, press.body, LIGHT.text2, after=10, width=room)
    press.painter.setPen(QPen(LIGHT.line, 0.7))
    press.painter.drawLine(int(MARGIN), int(press.y), int(PAGE.width() - MARGIN), int(press.y))
    press.y += 12
    for at, words in enumerate(paper.summary):
        press.words(words, press.section if at == 0 else press.body, after=6)
    press.y += 8


def _chart(press: Press, chart: Chart, thumbnails: Thumbnails) -> None:
    if not chart.rows:
        return
    painter, ink = press.painter, press.ink
    axis = axis_for(chart.rows)
    side = 26.0
    high, head = row_height(chart.rows, ink, side=side), head_height(ink)
    columns = columns_for(chart.rows, press.width, ink, side=side, inset=0.0, first=chart.first)
    press.room(30 + head + 3 * high)
    press.y += 6
    press.words(chart.title, press.heading)
    press.words(chart.words, press.body, LIGHT.text2)

    def begin() -> None:
        paint_head(
            painter, QRectF(MARGIN, press.y, press.width, head), columns, axis, ink, chart.what, first=chart.first
        )
        press.y += head

    begin()
    for row in chart.rows:
        if press.y + high > press.bottom:
            press.turn()
            if press.over:
                return
            begin()
        box = QRectF(MARGIN, press.y, press.width, high)
        paint_grid(painter, box, columns, axis, ink)
        paint_row(painter, box, row, columns, axis, ink, lambda photo, _size: thumbnails.get(photo))
        press.y += high
    press.y += 14


def _theme(press: Press, part: ThemePart, thumbnails: Thumbnails) -> None:
    side, gap = 76.0, 7.0
    shown = part.photos[: int((press.width + gap) // (side + gap))]
    posts = max(len(part.best), len(part.worst))
    height = 60 + (side + 10 if shown else 0) + (_POST + 18 if posts else 0)
    press.room(height)
    if press.over:
        return
    press.y += 8
    press.words(part.name, press.heading, after=2)
    press.words(part.sentence, press.body, after=3)
    press.words(part.more, press.body, LIGHT.text2, after=4)
    if part.comment.strip():
        high = press.height_of(part.comment.strip(), press.body, press.width - 12)
        press.room(high + 6)
        press.painter.fillRect(QRectF(MARGIN, press.y + 1, 2, high), LIGHT.accent)
        press.words(part.comment.strip(), press.body, left=10, width=press.width - 12, after=8)
    if shown:
        press.room(side + 8)
        for at, photo in enumerate(shown):
            press.image(thumbnails.get(photo, QImage()), QRectF(MARGIN + at * (side + gap), press.y, side, side))
        press.y += side + 10
    if posts:
        _posts(press, part, thumbnails, posts)
    press.y += 10


def _posts(press: Press, part: ThemePart, thumbnails: Thumbnails, count: int) -> None:
    """Best at the left, weakest at the right."""
    half = press.width / 2 - 8
    line = QFontMetricsF(press.section).height() + 4
    press.room(line + _POST)
    for left, words, found in ((0.0, "Earned most", part.best), (half + 16, "Earned least", part.worst)):
        if found:
            press.painter.setFont(press.section)
            press.painter.setPen(LIGHT.text2)
            press.painter.drawText(QRectF(MARGIN + left, press.y, half, line), int(Qt.AlignmentFlag.AlignLeft), words)
    press.y += line
    for at in range(count):
        press.room(_POST)
        if press.over:
            return
        for left, found in ((0.0, part.best), (half + 16, part.worst)):
            if at < len(found):
                _post(press, found[at], QRectF(MARGIN + left, press.y, half, _POST - 6), thumbnails)
        press.y += _POST


def _post(press: Press, post: PostView, box: QRectF, thumbnails: Thumbnails) -> None:
    painter, side = press.painter, box.height()
    if post.photo is not None and post.photo in thumbnails:
        press.image(thumbnails[post.photo], QRectF(box.left(), box.top(), side, side))
    left, width = box.left() + side + 8, box.width() - side - 8
    small = QFontMetricsF(press.small)
    y = box.top()
    painter.setFont(press.small)
    for words, colour in ((post.figure, LIGHT.text), (post.when, LIGHT.text2)):
        painter.setPen(colour)
        shown = small.elidedText(words, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRectF(left, y, width, small.height() + 1), int(Qt.AlignmentFlag.AlignLeft), shown)
        y += small.height() + 1
    painter.setPen(LIGHT.text2)
    caption = small.elidedText(" ".join(post.caption.split()), Qt.TextElideMode.ElideRight, 1.9 * width)
    painter.drawText(QRectF(left, y, width, 2 * small.height() + 2), WRAP, caption)


def _months(press: Press, paper: Paper) -> None:
    rows = list(paper.months)
    axis: Axis = axis_for(point for row in rows for point in row.months)
    press.room(120)
    press.y += 6
    press.words("What rises and falls", press.heading)
    press.words(paper.months_words, press.body, LIGHT.text2, after=6)
    while rows:
        fits = 1
        while fits < len(rows) and press.y + months_height(rows[: fits + 1], press.ink) <= press.bottom:
            fits += 1
        part, rows = rows[:fits], rows[fits:]
        high = months_height(part, press.ink)
        press.room(high)
        if press.over:
            return
        paint_months(press.painter, QRectF(MARGIN, press.y, press.width, high), part, axis, press.ink, paper.what)
        press.y += high + 6
    press.y += 8


def _methods(press: Press, paper: Paper) -> None:
    press.room(90)
    press.y += 6
    press.words("How it was counted", press.heading)
    for words in paper.methods:
        if press.over:
            return
        press.words(words, press.body, LIGHT.text2, after=6)


def write_pdf(paper: Paper, path: Path, family: str) -> int:
    """Write the report as a PDF; an old one stays whole until the new one is. Returns the number of pages.

    Raises:
        UserError: it cannot be written.
    """
    half = path.with_name(path.name + ".part")
    writer = QPdfWriter(str(half))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(300)
    writer.setTitle(paper.title)
    writer.setCreator("Likeness")
    painter = QPainter()
    if not painter.begin(writer):
        raise UserError(f"The file cannot be written: {path}.")
    painter.scale(300 / 72, 300 / 72)
    pages = print_pages(painter, writer.newPage, paper, family)
    painter.end()
    del writer
    try:
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise UserError(f"The file cannot be written: {path}.", str(error)) from error
    return pages


def page_image(paper: Paper, family: str, scale: float = 1.0) -> QImage:
    """The first page as a picture."""
    made = QImage((PAGE * scale).toSize(), QImage.Format.Format_RGB32)
    made.fill(LIGHT.canvas)
    painter = QPainter(made)
    painter.scale(scale, scale)
    print_pages(painter, lambda: False, paper, family)
    painter.end()
    return made


def wanted(themes: Sequence[ThemePart], charts: Sequence[Chart]) -> tuple[int, ...]:
    """The photos that are printed, each once."""
    found: dict[int, None] = {}
    for chart in charts:
        for row in chart.rows:
            found.update(dict.fromkeys(row.photos))
    for part in themes:
        found.update(dict.fromkeys(part.photos))
        found.update(dict.fromkeys(post.photo for post in (*part.best, *part.worst) if post.photo is not None))
    return tuple(found)
