"""Charts as vector graphics for a report: always in light colours, readable without colour.

A dot for the middle, a line for the range, a thin line at the usual; the axis in times, logarithmic. How sure a row is
shows in the dot's shape (filled, ring, small and grey) and stands beside it as a word.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

TEXT, QUIET, FAINT, LINE, ACCENT = "#1B1B1B", "#585858", "#6B6B6B", "#D9D9D9", "#0A5FB8"
_TICKS: Final = (0.05, 0.1, 0.2, 0.33, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0, 10.0, 20.0)
_ROW, _LABEL, _PLOT, _WORDS, _TOP = 30, 230, 380, 210, 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart.

    Attributes:
        name: what stands at the left.
        note: small, below the name ("38 posts").
        ratio: the middle in times the usual; None draws only the word.
        low: lower end of the range.
        high: upper end.
        word: what stands at the right.
        strength: 2 filled dot, 1 ring, 0 small grey dot.
    """

    name: str
    note: str
    ratio: float | None
    low: float | None
    high: float | None
    word: str
    strength: int = 0


@dataclass(frozen=True, slots=True)
class Axis:
    """A logarithmic axis in times the usual, shared by all rows.

    Attributes:
        low: its left end.
        high: its right end.
        ticks: where it is labelled, rising; always with 1.
    """

    low: float
    high: float
    ticks: tuple[float, ...]

    def place(self, ratio: float) -> float:
        """Where a ratio lies, 0 at the left end to 1 at the right; what is outside stays at the edge."""
        whole = math.log(self.high / self.low)
        return min(1.0, max(0.0, math.log(max(ratio, 1e-12) / self.low) / whole))


def axis(ends: Sequence[float]) -> Axis:
    """An axis that shows some ratios, at least 0.5 to 2 and at most 0.05 to 20; it always lies evenly around 1."""
    far = max((abs(math.log(max(end, 1e-9))) for end in ends), default=0.0)
    reach = min(max(far * 1.05, math.log(2.05)), math.log(20.5))
    low, high = math.exp(-reach), math.exp(reach)
    inside = [tick for tick in _TICKS if low <= tick <= high]
    while len(inside) > 7:  # every second one, seen from the usual
        at = inside.index(1.0)
        inside = [tick for place, tick in enumerate(inside) if (place - at) % 2 == 0]
    return Axis(low, high, tuple(inside))


def times(ratio: float) -> str:
    """A ratio as it is written everywhere: "1.4", "0.83", "12"."""
    if ratio >= 9.95:
        return f"{ratio:,.0f}"
    return f"{ratio:.1f}" if ratio >= 0.995 else f"{ratio:.2f}"


def span(low: float, high: float) -> str:
    """A range: "1.1-1.8" with a dash."""
    return f"{times(low)}\N{EN DASH}{times(high)}"


def ranges(rows: Sequence[Bar], title: str) -> str:
    """A chart of ratios with their ranges, one row each, as SVG.

    Args:
        rows: top to bottom.
        title: what a screen reader says first.
    """
    shown = axis([end for row in rows for end in (row.low, row.ratio, row.high) if end is not None])
    width, height = _LABEL + _PLOT + _WORDS, _TOP + _ROW * len(rows) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-label="{escape(title, quote=True)}" font-family="system-ui, sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
    ]
    bottom = height - 8
    for tick in shown.ticks:
        x = _x(shown, tick)
        usual = tick == 1.0
        parts.append(
            f'<line x1="{x:.1f}" y1="{_TOP - 6}" x2="{x:.1f}" y2="{bottom}" stroke="{QUIET if usual else LINE}"/>'
            f'<text x="{x:.1f}" y="14" text-anchor="middle" fill="{TEXT if usual else QUIET}">'
            f"{'1 = usual' if usual else f'{tick:g}'}</text>"
        )
    for at, row in enumerate(rows):
        parts.append(_row(row, shown, _TOP + _ROW * at + _ROW / 2))
    parts.append("</svg>")
    return "".join(parts)


def _x(shown: Axis, ratio: float) -> float:
    return _LABEL + 10 + shown.place(ratio) * (_PLOT - 20)


def _row(row: Bar, shown: Axis, y: float) -> str:
    parts = [
        f'<text x="0" y="{y - 1:.1f}" fill="{TEXT}">{escape(_short(row.name))}</text>'
        f'<text x="0" y="{y + 11:.1f}" fill="{FAINT}" font-size="10">{escape(row.note)}</text>'
    ]
    beside = row.word
    if row.ratio is not None and row.low is not None and row.high is not None:
        colour = ACCENT if row.strength else FAINT
        left, middle, right = (_x(shown, end) for end in (row.low, row.ratio, row.high))
        parts.append(
            f'<line x1="{left:.1f}" y1="{y:.1f}" x2="{right:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="2"/>'
        )
        for end, x, turn in ((row.low, left, 1), (row.high, right, -1)):
            if not shown.low <= end <= shown.high:  # it goes on beyond the axis
                parts.append(
                    f'<path d="M{x + 5 * turn:.1f} {y - 4:.1f}L{x:.1f} {y:.1f}L{x + 5 * turn:.1f} {y + 4:.1f}"'
                    f' fill="none" stroke="{colour}" stroke-width="2"/>'
                )
        size, fill = ((3, colour), (4, "#FFFFFF"), (5, colour))[row.strength]
        parts.append(
            f'<circle cx="{middle:.1f}" cy="{y:.1f}" r="{size}" fill="{fill}" stroke="{colour}" stroke-width="2"/>'
        )
        beside = f"{times(row.ratio)} ({span(row.low, row.high)})  {row.word}"
    weight = ' font-weight="600"' if row.strength == 2 else ""
    colour = TEXT if row.strength else FAINT
    parts.append(f'<text x="{_LABEL + _PLOT + 12}" y="{y + 4:.1f}" fill="{colour}"{weight}>{escape(beside)}</text>')
    return "".join(parts)


def _short(name: str, limit: int = 34) -> str:
    return name if len(name) <= limit else name[: limit - 1] + "…"


def course(values: Sequence[float | None], title: str, *, width: int = 220, height: int = 44) -> str:
    """A small course over months: a dot per month that has a ratio, a thin line at the usual; as SVG.

    Args:
        values: ratio of each month, None where there are too few posts.
        title: what a screen reader says.
        width: in pixels.
        height: in pixels.
    """
    shown = axis([value for value in values if value is not None])
    step = (width - 12) / max(1, len(values) - 1)

    def y(ratio: float) -> float:
        return height - 6 - shown.place(ratio) * (height - 12)

    points = [(6 + at * step, y(value)) for at, value in enumerate(values) if value is not None]
    drawn = " ".join(f"{x:.1f},{at:.1f}" for x, at in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{at:.1f}" r="2.2" fill="{ACCENT}"/>' for x, at in points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-label="{escape(title, quote=True)}"><title>{escape(title)}</title>'
        f'<line x1="0" y1="{y(1.0):.1f}" x2="{width}" y2="{y(1.0):.1f}" stroke="{QUIET}" stroke-width="1"/>'
        f'<polyline points="{drawn}" fill="none" stroke="{LINE}" stroke-width="1.5"/>{dots}</svg>'
    )
