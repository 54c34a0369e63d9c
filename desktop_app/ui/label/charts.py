"""Small charts, drawn plainly: layers with their deviation, right answers against labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.core import wording
from desktop_app.ui.label.values import in_hundred
from desktop_app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a `RangeChart`."""

    name: str
    value: float
    low: float
    high: float
    note: str = ""  # stands at the right
    is_chosen: bool = False


class RangeChart(QWidget):
    """Rows with a dot for the value and a line for its range, on one axis from `least` to 100."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show these rows."""
        self._bars = tuple(bars)
        rows = (f"{b.name}: {in_hundred(b.value)} in 100, {in_hundred(b.low)} to {in_hundred(b.high)}" for b in bars)
        self.setAccessibleDescription("; ".join(rows))
        self.updateGeometry()
        self.update()

    def bars(self) -> tuple[Bar, ...]:
        """What is shown."""
        return self._bars

    def _row(self) -> int:
        return self.fontMetrics().height() + 10

    def sizeHint(self) -> QSize:
        return QSize(320, self._row() * (len(self._bars) + 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, metrics, row = self._theme.tokens, self.fontMetrics(), self._row()
        names = min(self.width() // 3, max(metrics.horizontalAdvance(bar.name) for bar in self._bars) + 16)
        notes = max(metrics.horizontalAdvance(bar.note) for bar in self._bars) + 16
        left, right = names + 4.0, self.width() - notes - 4.0
        least = min(0.9, max(0.0, (min(bar.low for bar in self._bars) // 0.1) * 0.1))

        def x(value: float) -> float:
            return left + (min(max(value, least), 1.0) - least) / (1.0 - least) * (right - left)

        painter.setPen(QPen(tokens.line, 1))
        bottom = row * len(self._bars)
        for tick in (least, (least + 1) / 2, 1.0):
            painter.setPen(QPen(tokens.line, 1))
            painter.drawLine(QPointF(x(tick), 2), QPointF(x(tick), bottom))
            painter.setPen(tokens.text3)
            where = QRectF(x(tick) - 24, bottom, 48, row)
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, str(in_hundred(tick)))
        for at, bar in enumerate(self._bars):
            middle = at * row + row / 2
            painter.setFont(self._theme.font(1.0, semi_bold=bar.is_chosen))
            painter.setPen(tokens.text)
            name = painter.fontMetrics().elidedText(bar.name, Qt.TextElideMode.ElideRight, names - 8)
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            painter.drawText(QRectF(0, at * row, names, row), flags, name)
            painter.setPen(tokens.text2)
            painter.setFont(self.font())
            painter.drawText(QRectF(self.width() - notes + 8, at * row, notes - 8, row), flags, bar.note)
            colour = tokens.accent if bar.is_chosen else tokens.text2
            painter.setPen(QPen(colour, 2))
            painter.drawLine(QPointF(x(bar.low), middle), QPointF(x(bar.high), middle))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(x(bar.value), middle), 4.5, 4.5)


class Curve(QWidget):
    """Right answers against the number of labels: is more labelling worth it?"""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._points: tuple[tuple[int, float], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Right answers against the number of labels")

    def set_points(self, points: Sequence[tuple[int, float]]) -> None:
        """Show (labels, share right), fewest labels first."""
        self._points = tuple(points)
        said = (f"{n} labels: {in_hundred(right)} in 100" for n, right in points)
        self.setAccessibleDescription("; ".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 160)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if len(self._points) < 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, metrics = self._theme.tokens, self.fontMetrics()
        left, top = metrics.horizontalAdvance("100") + 8.0, 8.0
        right, bottom = self.width() - 24.0, self.height() - metrics.height() - 8.0
        most = self._points[-1][0]
        least = max(0.0, (min(value for _, value in self._points) // 0.1) * 0.1)
        least = min(least, 0.9)

        def at(labels: int, value: float) -> QPointF:
            share = (value - least) / (1 - least)
            return QPointF(left + labels / most * (right - left), bottom - share * (bottom - top))

        for tick in (least, (least + 1) / 2, 1.0):
            painter.setPen(QPen(tokens.line, 1))
            painter.drawLine(QPointF(left, at(0, tick).y()), QPointF(right, at(0, tick).y()))
            painter.setPen(tokens.text3)
            where = QRectF(0, at(0, tick).y() - 10, left - 6, 20)
            painter.drawText(
                where, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(in_hundred(tick))
            )
        painter.setPen(QPen(tokens.accent, 2))
        places = [at(labels, value) for labels, value in self._points]
        painter.drawPolyline(places)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.accent)
        for place in places:
            painter.drawEllipse(place, 3.5, 3.5)
        painter.setPen(tokens.text3)
        for (labels, _), place in zip(self._points, places, strict=True):
            where = QRectF(place.x() - 30, bottom + 4, 60, metrics.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, wording.number(labels))
