"""How rows on the common axis are painted: the same code for the window, for Copy and for the printed report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPixmap, QPolygonF

from desktop_app.core.insights.charts import Axis
from desktop_app.ui.insights.axis import is_beyond
from desktop_app.ui.insights.board_values import RatioRow
from desktop_app.ui.theme import ANSWERS_DARK, ANSWERS_LIGHT, LIGHT, Theme, Tokens

Pictures = Callable[[int, int], QPixmap | QImage | None]

_GAP = 12.0
_CLAIMS = ("Clear", "Likely")
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_MIDDLE = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours and fonts of one drawing.

    Attributes:
        tokens: the scheme's colours.
        above, below: what earned more and less than the usual, told apart by everyone; the place says it, too.
        body, strong, small: fonts.
    """

    tokens: Tokens
    above: QColor
    below: QColor
    body: QFont
    strong: QFont
    small: QFont


def ink_of(theme: Theme) -> Ink:
    """The ink of the window."""
    answers = ANSWERS_DARK if theme.is_dark else ANSWERS_LIGHT
    fonts = theme.font(), theme.font(semi_bold=True), theme.font(0.85)
    return Ink(theme.tokens, answers[0], answers[1], *fonts)


def light_ink(theme: Theme) -> Ink:
    """The ink of what leaves the window: always light."""
    return Ink(LIGHT, ANSWERS_LIGHT[0], ANSWERS_LIGHT[1], theme.font(), theme.font(semi_bold=True), theme.font(0.85))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the parts of a row are, from left to right; widths in device-independent pixels."""

    side: float  # of a picture
    pictures: int
    name: tuple[float, float]  # left, width
    chart: tuple[float, float]
    figure: tuple[float, float]
    verdict: tuple[float, float]


def columns_for(
    rows: Sequence[RatioRow], width: float, ink: Ink, *, side: float = 40.0, inset: float = 12.0, first: str = "Theme"
) -> Columns:
    """Lay a row out for a width: pictures go first where it is narrow, then the figures under the verdict."""
    body, strong, small = QFontMetricsF(ink.body), QFontMetricsF(ink.strong), QFontMetricsF(ink.small)
    figures = [one.figure for row in rows for one in (row, row.second) if one is not None]
    words = [one.verdict for row in rows for one in (row, row.second) if one is not None] + ["Can't tell"]
    figure = max((body.horizontalAdvance(one) for one in figures), default=0.0) + 4
    verdict = max(body.horizontalAdvance(one) for one in words) + 4
    if not any(word for word in words[:-1]):
        verdict = 0.0
    most = max((len(row.photos) for row in rows), default=0)
    pictures = min(most, 3 if width >= 720 else 2 if width >= 600 else 1 if width >= 420 else 0)
    left = inset + pictures * (side + 4) + (_GAP - 4 if pictures else 0)
    named = max((strong.horizontalAdvance(row.name) + 8 for row in rows), default=80.0)
    counted = max((small.horizontalAdvance(row.counts) + 8 for row in rows), default=80.0)
    counted = max(counted, small.horizontalAdvance(first) + 8)
    name = min(max(named, counted), max(96.0, 0.3 * width))
    right = width - inset
    verdict_left = right - verdict
    figure_left = verdict_left - (_GAP if verdict else 0) - figure
    chart_left = left + name + _GAP
    return Columns(
        side,
        pictures,
        (left, name),
        (chart_left, max(80.0, figure_left - _GAP - chart_left)),
        (figure_left, figure),
        (verdict_left, verdict),
    )


def row_height(rows: Sequence[RatioRow], ink: Ink, *, side: float = 40.0) -> float:
    """How high each row is."""
    lines = QFontMetricsF(ink.body).height() + QFontMetricsF(ink.small).height()
    pictured = any(row.photos for row in rows)
    return max(side + 12 if pictured else 0.0, lines + (14 if pictured else 8))


def head_height(ink: Ink) -> float:
    """How high the words of the axis are."""
    return 2 * QFontMetricsF(ink.small).height() + 8


def paint_head(
    painter: QPainter, box: QRectF, columns: Columns, axis: Axis, ink: Ink, what: str, *, first: str = "Theme"
) -> None:
    """The axis' words above the rows."""
    small = QFontMetricsF(ink.small)
    line = small.height()
    painter.setFont(ink.small)
    painter.setPen(ink.tokens.text2)
    low = box.bottom() - line - 3
    painter.drawText(QRectF(box.left() + columns.name[0], low, columns.name[1], line), _LEFT, first)
    left, width = box.left() + columns.chart[0], columns.chart[1]
    caption = small.elidedText(f"times the usual {what}", Qt.TextElideMode.ElideRight, width)
    painter.drawText(QRectF(left, low - line, width, line), _MIDDLE, caption)
    for ratio in axis.ticks:
        at = left + axis.place(ratio) * width
        painter.setPen(ink.tokens.text if ratio == 1.0 else ink.tokens.text2)
        painter.drawText(QRectF(at - 30, low, 60, line), _MIDDLE, f"{ratio:g}")
    painter.setPen(QPen(ink.tokens.line, 1))
    painter.drawLine(QPointF(box.left(), box.bottom() - 0.5), QPointF(box.right(), box.bottom() - 0.5))


def paint_grid(painter: QPainter, box: QRectF, columns: Columns, axis: Axis, ink: Ink) -> None:
    """The lines of the axis behind the rows: thin ones at the ticks, the usual a little stronger."""
    left, width = box.left() + columns.chart[0], columns.chart[1]
    for ratio in axis.ticks:
        at = left + axis.place(ratio) * width
        usual = ratio == 1.0
        painter.setPen(QPen(ink.tokens.text2 if usual else ink.tokens.line, 1))
        painter.drawLine(QPointF(at, box.top()), QPointF(at, box.bottom()))


def paint_row(
    painter: QPainter, box: QRectF, row: RatioRow, columns: Columns, axis: Axis, ink: Ink, pictures: Pictures
) -> None:
    """One row; its ground and the grid are painted before."""
    tokens = ink.tokens
    for at, photo in enumerate(row.photos[: columns.pictures]):
        left = box.left() + columns.name[0] - _GAP + 4 - (columns.pictures - at) * (columns.side + 4) + 4
        place = QRectF(left, box.center().y() - columns.side / 2, columns.side, columns.side)
        found = pictures(photo, round(columns.side))
        if found is None:
            painter.fillRect(place, tokens.hover)
        else:
            side = min(found.width(), found.height())
            square = QRectF((found.width() - side) / 2, (found.height() - side) / 2, side, side)
            if isinstance(found, QImage):
                painter.drawImage(place, found, square)
            else:
                painter.drawPixmap(place, found, square)
    body, small = QFontMetricsF(ink.strong), QFontMetricsF(ink.small)
    left, width = box.left() + columns.name[0], columns.name[1]
    top = box.center().y() - (body.height() + small.height()) / 2
    painter.setFont(ink.strong)
    painter.setPen(tokens.text)
    name = body.elidedText(row.name, Qt.TextElideMode.ElideRight, width)
    painter.drawText(QRectF(left, top, width, body.height()), _LEFT, name)
    painter.setFont(ink.small)
    painter.setPen(tokens.text2)
    counts = small.elidedText(row.counts, Qt.TextElideMode.ElideRight, width)
    painter.drawText(QRectF(left, top + body.height(), width, small.height()), _LEFT, counts)
    shown = [(row, box.center().y(), False)]
    if row.second is not None:
        line = QFontMetricsF(ink.body).height()
        shown = [(row, box.center().y() - line / 2, False), (row.second, box.center().y() + line / 2, True)]
    for one, middle, theirs in shown:
        _paint_one(painter, box.left(), middle, one, columns, axis, ink, theirs=theirs)


def _paint_one(
    painter: QPainter, x: float, middle: float, row: RatioRow, columns: Columns, axis: Axis, ink: Ink, *, theirs: bool
) -> None:
    """The range, the dot, the figure and the word of one row."""
    tokens = ink.tokens
    line = QFontMetricsF(ink.body).height()
    painter.setFont(ink.body)
    few = row.ratio is None or row.low is None or row.high is None
    claims = row.verdict in _CLAIMS
    figure = QRectF(x + columns.figure[0], middle - line / 2, columns.figure[1], line)
    painter.setPen(tokens.text if claims else tokens.text2)
    painter.drawText(figure, _RIGHT, row.figure)
    verdict = QRectF(x + columns.verdict[0], middle - line / 2, columns.verdict[1], line)
    word = row.verdict or ("Too few" if few and columns.verdict[1] else "")
    painter.setFont(ink.strong if claims else ink.body)
    painter.setPen(tokens.text3 if few else tokens.text if claims else tokens.text2)
    painter.drawText(verdict, _LEFT, word)
    left, width = x + columns.chart[0], columns.chart[1]
    if few or row.ratio is None or row.low is None or row.high is None:
        painter.setFont(ink.small)
        painter.setPen(tokens.text3)
        words = QFontMetricsF(ink.small).elidedText("too few posts to say", Qt.TextElideMode.ElideRight, width)
        room = QFontMetricsF(ink.small).horizontalAdvance(words)
        usual = left + axis.place(1.0) * width
        at = usual + 8 if usual + 8 + room <= left + width else usual - 8 - room
        painter.drawText(QRectF(at, middle - line / 2, room + 2, line), _LEFT, words)
        return
    colour = (ink.above if row.ratio >= 1 else ink.below) if claims else tokens.text2
    start, end = left + axis.place(row.low) * width, left + axis.place(row.high) * width
    painter.setPen(QPen(colour, 2))
    painter.drawLine(QPointF(start, middle), QPointF(end, middle))
    for ratio, at, way in ((row.low, start, -1), (row.high, end, 1)):
        if is_beyond(axis, ratio):  # the range goes on beyond the axis
            painter.drawPolyline(
                [QPointF(at - 4 * way, middle - 4), QPointF(at, middle), QPointF(at - 4 * way, middle + 4)]
            )
    place = QPointF(left + axis.place(row.ratio) * width, middle)
    painter.setPen(QPen(colour, 2))
    # filled, ring, small and grey: how sure it is shows without colour, and the word says so, too
    sure = row.verdict == _CLAIMS[0]
    painter.setBrush(tokens.canvas if claims and not sure else colour)
    size = (5.0 if sure else 4.0) if claims else 3.0
    if theirs:
        size += 1
        steps = ((0, -size), (size, 0), (0, size), (-size, 0))
        painter.drawPolygon(QPolygonF([place + QPointF(*step) for step in steps]))
    else:
        painter.drawEllipse(place, size, size)
    painter.setBrush(Qt.BrushStyle.NoBrush)
