"""What rises and falls: one strip per theme, a point per month, the usual as a line through all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app.core.insights.charts import Axis, axis, times
from desktop_app.ui.insights.axis import Table, axis_for
from desktop_app.ui.insights.board_values import MonthRow, RatioRow
from desktop_app.ui.insights.ratio_paint import Ink, ink_of, light_ink
from desktop_app.ui.theme import Theme

_STRIP = 76.0
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class MonthChart(QWidget):
    """Strips, one below the other, on one axis."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[MonthRow, ...] = ()
        self._what = ""
        self._axis = axis(())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_rows(self, rows: Sequence[MonthRow], what: str) -> None:
        """Show these; all have the same months."""
        self._rows, self._what = tuple(rows), what
        self._axis = axis_for(point for row in rows for point in row.months)
        self.setAccessibleDescription(" ".join(row.sentence for row in rows if row.sentence))
        self.updateGeometry()
        self.update()

    def rows(self) -> tuple[MonthRow, ...]:
        """What is shown."""
        return self._rows

    def sizeHint(self) -> QSize:
        return QSize(640, round(len(self._rows) * _STRIP + 2 * QFontMetricsF(ink_of(self._theme).small).height() + 8))

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.sizeHint().height())

    def image(self, width: int = 960, ratio: float = 2.0) -> QImage:
        """The chart as a picture, in light colours."""
        made = QImage(QSize(width, self.sizeHint().height()) * ratio, QImage.Format.Format_RGB32)
        made.setDevicePixelRatio(ratio)
        ink = light_ink(self._theme)
        made.fill(ink.tokens.canvas)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_months(painter, QRectF(0, 0, width, self.sizeHint().height()), self._rows, self._axis, ink, self._what)
        painter.end()
        return made

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = ink_of(self._theme)
        painter.fillRect(self.rect(), ink.tokens.canvas)
        paint_months(painter, QRectF(self.rect()), self._rows, self._axis, ink, self._what)
        if self.hasFocus():
            painter.setPen(QPen(ink.tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._words_at(event.pos()), self)
            return True
        return super().event(event)

    def _words_at(self, point: QPoint) -> str:
        ink = ink_of(self._theme)
        at = int((point.y() - _head(ink)) // _STRIP)
        if not 0 <= at < len(self._rows) or not self._rows[at].months:
            return ""
        left, width = _plot(float(self.width()), self._rows, ink)
        months = self._rows[at].months
        month = int((point.x() - left) / width * len(months))
        if not 0 <= month < len(months):
            return self._rows[at].sentence
        return f"{self._rows[at].name}, {months[month].sentence(self._what)}"


def month_table(rows: Sequence[MonthRow]) -> Table:
    """The strips as a table."""
    body = [
        (
            row.name,
            point.name,
            f"{point.posts:,}",
            *("" if one is None else times(one) for one in (point.ratio, point.low, point.high)),
        )
        for row in rows
        for point in row.months
    ]
    return ("Theme", "Month", "Posts", "Times the usual", "From", "To"), body


def _head(ink: Ink) -> float:
    return QFontMetricsF(ink.small).height() + 4


def _plot(width: float, rows: Sequence[MonthRow], ink: Ink) -> tuple[float, float]:
    """Where the months are: left and width."""
    name = min(
        max((QFontMetricsF(ink.strong).horizontalAdvance(row.name) for row in rows), default=80.0) + 16, 0.28 * width
    )
    left = 12 + name + 40
    return left, max(80.0, width - left - 16)


def months_height(rows: Sequence[MonthRow], ink: Ink) -> float:
    """How high all strips are."""
    return _head(ink) * 2 + len(rows) * _STRIP


def paint_months(painter: QPainter, box: QRectF, rows: Sequence[MonthRow], axis: Axis, ink: Ink, what: str) -> None:
    """All strips, with the words of the months below."""
    if not rows:
        return
    tokens, small = ink.tokens, QFontMetricsF(ink.small)
    left, width = _plot(box.width(), rows, ink)
    left += box.left()
    head = _head(ink)
    painter.setFont(ink.small)
    painter.setPen(tokens.text2)
    painter.drawText(
        QRectF(left, box.top(), width, head),
        _LEFT,
        f"times the usual {what}, the posts of each month; a speck: too few to say",
    )
    for at, row in enumerate(rows):
        strip = QRectF(box.left(), box.top() + head + at * _STRIP, box.width(), _STRIP)
        _paint_strip(painter, strip, row, axis, ink, left, width)
    bottom = box.top() + head + len(rows) * _STRIP
    months = rows[0].months
    each = width / max(1, len(months))
    widest = max((small.horizontalAdvance(point.name) for point in months), default=1.0) + 8
    every = max(1, -int(-widest // each))
    painter.setFont(ink.small)
    painter.setPen(tokens.text2)
    for at in range(0, len(months), every):
        middle = left + (at + 0.5) * each
        painter.drawText(
            QRectF(middle - widest / 2, bottom + 2, widest, small.height()),
            int(Qt.AlignmentFlag.AlignCenter),
            months[at].name,
        )


def _paint_strip(
    painter: QPainter, strip: QRectF, row: MonthRow, axis: Axis, ink: Ink, left: float, width: float
) -> None:
    tokens, strong = ink.tokens, QFontMetricsF(ink.strong)
    top, high = strip.top() + 8, strip.height() - 16

    def y(ratio: float) -> float:
        return top + (1 - axis.place(ratio)) * high

    painter.setFont(ink.strong)
    painter.setPen(tokens.text)
    room = left - 40 - strip.left() - 12
    name = strong.elidedText(row.name, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRectF(strip.left() + 12, strip.top(), room, strip.height()), _LEFT, name)
    painter.setFont(ink.small)
    for ratio in dict.fromkeys((axis.ticks[0], 1.0, axis.ticks[-1])):
        painter.setPen(QPen(tokens.text2 if ratio == 1.0 else tokens.line, 1))
        painter.drawLine(QPointF(left, y(ratio)), QPointF(left + width, y(ratio)))
        painter.setPen(tokens.text2)
        painter.drawText(QRectF(left - 40, y(ratio) - 8, 32, 16), _RIGHT, f"{ratio:g}")
    each = width / max(1, len(row.months))
    middles = [left + (at + 0.5) * each for at in range(len(row.months))]
    painter.setPen(QPen(tokens.control, 1.5))
    for (x, here), (after, there) in pairwise(zip(middles, row.months, strict=True)):
        if here.ratio is not None and there.ratio is not None:
            painter.drawLine(QPointF(x, y(here.ratio)), QPointF(after, y(there.ratio)))
    for middle, point in zip(middles, row.months, strict=True):
        _paint_month(painter, middle, point, y, ink)


def _paint_month(painter: QPainter, middle: float, point: RatioRow, y: Callable[[float], float], ink: Ink) -> None:
    """One month's dot, with its range where there is one; a speck on the line for too few posts."""
    tokens = ink.tokens
    if point.ratio is None:
        if point.posts:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.text3)
            painter.drawEllipse(QPointF(middle, y(1.0)), 1.8, 1.8)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        return
    here = QPointF(middle, y(point.ratio))
    away = (point.low or 0.0) > 1.0 or (point.high or 1.0) < 1.0
    colour = (ink.above if point.ratio >= 1 else ink.below) if away else tokens.text2
    painter.setPen(QPen(colour, 2))
    if point.low is not None and point.high is not None:
        painter.drawLine(QPointF(middle, y(point.low)), QPointF(middle, y(point.high)))
    painter.setBrush(colour if away else tokens.canvas)
    painter.drawEllipse(here, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
