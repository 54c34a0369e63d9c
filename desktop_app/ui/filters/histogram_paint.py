"""How the calendar's histogram is drawn: bars, what is chosen, and words below as close as they fit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from desktop_app.core.operations.filter_words import MONTHS
from desktop_app.ui.filters.calendar_bins import Timeline, Unit, Window, starts, to_date
from desktop_app.ui.theme import Theme

EDGE = 8
"""Free at the left and the right of the bars."""

BARS, LOW_BARS = 72, 40
"""How high bars can be; lower where room is short."""

_ABOVE, _LEAST = 10, 4
_NARROW = 3  # bars that are wider have a gap between them

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Spans:
    """Ranges of days that are marked; None for none."""

    chosen: Span | None
    hovered: Span | None
    place: Span | None  # the keyboard's


def words_height(theme: Theme) -> int:
    """How high the words below the bars are."""
    return round(QFontMetricsF(theme.font(0.85)).height()) + 8


def paint_histogram(
    painter: QPainter, theme: Theme, window: Window, timeline: Timeline, spans: Spans, bars: int = BARS
) -> None:
    """All of it, from the top left of a widget.

    Args:
        painter: of the widget.
        theme: the program's look.
        window: the days that are shown.
        timeline: photos per day.
        spans: what is marked.
        bars: how high bars can be.
    """
    tokens = theme.tokens
    if spans.chosen is not None:
        painter.fillRect(_box(window, spans.chosen, bars), tokens.accentfill)
    if spans.hovered is not None and spans.hovered != spans.chosen:
        painter.fillRect(_box(window, spans.hovered, bars), tokens.hover)
    _paint_bars(painter, theme, window, timeline, spans.chosen, bars)
    if spans.place is not None and spans.place[0] <= window.last and spans.place[1] >= window.first:
        painter.setPen(QPen(tokens.text, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(_box(window, spans.place, bars).adjusted(-0.75, 3.75, 0.75, -0.75), 2, 2)
    _paint_words(painter, theme, window, bars)


def _box(window: Window, span: Span, bars: int) -> QRectF:
    """Where a range is, as far as it is on screen."""
    left = min(max(window.x(span[0]), 0.0), window.width)
    right = min(max(window.x(span[1] + 1), 0.0), window.width)
    return QRectF(EDGE + left, 0, right - left, bars)


def _paint_bars(
    painter: QPainter, theme: Theme, window: Window, timeline: Timeline, chosen: Span | None, bars: int
) -> None:
    tokens = theme.tokens
    edges = starts(window.first, window.last, window.drawn)
    counts = timeline.between(edges)
    tallest = max(1, int(counts.max(initial=0)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for begin, end, count in zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True):
        left, right = round(max(window.x(begin), 0.0)), round(min(window.x(end), window.width))
        if not count or right < 0 or left > window.width:
            continue
        gap = 1 if right - left >= _NARROW else 0
        high = bar_height(count, tallest, bars - _ABOVE)
        is_in = chosen is None or (begin <= chosen[1] and end > chosen[0])
        bar = QRectF(EDGE + left, bars - high, max(1, right - left - gap), high)
        painter.fillRect(bar, tokens.accent if is_in else tokens.control)
    painter.setPen(QPen(tokens.control, 1))
    painter.drawLine(QPointF(EDGE, bars), QPointF(EDGE + window.width, bars))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)


def bar_height(count: int, tallest: int, room: int) -> int:
    """How high a bar is, in pixels: by the square root, so that a few photos are seen beside ten thousand.

    Args:
        count: its photos; more than none have some height.
        tallest: the photos of the highest bar.
        room: how high that is.
    """
    return max(_LEAST, round(room * math.sqrt(count / tallest))) if count else 0


def _paint_words(painter: QPainter, theme: Theme, window: Window, bars: int) -> None:
    """The finest of days, months and years of which at least two can be read."""
    font = theme.font(0.85)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(theme.tokens.text2)
    unit, first, step = _spacing(window, metrics)
    end = 0.0
    for edge in starts(window.first, window.last, unit)[first:-1:step].tolist():
        left = window.x(edge)
        words = _words(edge, unit)
        wide = metrics.horizontalAdvance(words)
        if left >= end and left + wide <= window.width + EDGE:
            painter.drawText(QPointF(EDGE + left, bars + 4 + metrics.ascent()), words)
            end = left + wide + 8


def _spacing(window: Window, metrics: QFontMetricsF) -> tuple[Unit, int, int]:
    """The unit that is named, the first of them, and every how many."""
    for unit, wide in ((Unit.DAY, "30 May"), (Unit.MONTH, "May 2019"), (Unit.YEAR, "2019")):
        room = metrics.horizontalAdvance(wide) + 14
        count = len(starts(window.first, window.last, unit)) - 1
        step = max(1, -int(-room // (window.width / count)))
        # named by fives and tens years are found sooner than by threes
        if unit is Unit.YEAR:
            step = next(round_step for round_step in (1, 2, 5, 10, 20, 50, 100, 1000) if round_step >= min(step, 1000))
            return unit, -to_date(window.first).year % step, step
        most = {Unit.DAY: 45, Unit.MONTH: 20}[unit]
        if count <= most and count / step >= 2:
            return unit, 0, step
    raise AssertionError


def _words(day: int, unit: Unit) -> str:
    that = to_date(day)
    month = MONTHS[that.month - 1][:3]
    return {Unit.DAY: f"{that.day} {month}", Unit.MONTH: f"{month} {that.year}", Unit.YEAR: str(that.year)}[unit]
