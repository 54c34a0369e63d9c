"""The calendar as a histogram: a bar per month over the years; click, drag or keys choose days, the wheel zooms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app.core import wording
from desktop_app.core.operations.filter_words import days_words
from desktop_app.ui.filters.calendar_bins import Timeline, Unit, Window, to_date, to_day, unit_range
from desktop_app.ui.filters.histogram_paint import BARS, EDGE, LOW_BARS, Spans, paint_histogram, words_height
from desktop_app.ui.theme import Theme

_DRAG = 4  # pixels that make a click a drag
_Key = Qt.Key


class CalendarHistogram(QWidget):
    """Photos over the years, and a range of days to choose.

    Signals:
        rangeChosen(date, date): first and last day, both in it.
        rangeCleared(): no range.
        wordsChanged(str): what is under the pointer or the keyboard; "" for nothing.
        zoomChanged(bool): whether only some of the years are shown.
    """

    rangeChosen = Signal(object, object)
    rangeCleared = Signal()
    wordsChanged = Signal(str)
    zoomChanged = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bars = BARS
        self._timeline = Timeline()
        self._limits: tuple[int, int] | None = None
        self._window = Window(0, 0, 1.0)
        self._chosen: tuple[date | None, date | None] = (None, None)
        self._pressed: float | None = None  # where the mouse went down
        self._dragged: tuple[int, int] | None = None
        self._hovered: tuple[int, int] | None = None
        self._place: tuple[int, int] | None = None  # the keyboard's unit
        self._pivot: tuple[int, int] | None = None  # where a range by Shift began
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Photos over the years")
        theme.changed.connect(self.update)

    # what is shown

    def set_days(self, days: npt.NDArray[np.int32], counts: npt.NDArray[np.int64]) -> None:
        """Photos per day, int32 and int64 (n,), days since 1-1-1970, rising. The zoom stays as far as it can."""
        self._timeline = Timeline(days.astype(np.int64), counts)
        self._set_limits()
        self.update()

    def _set_limits(self) -> None:
        """From the first year with photos, or with what is chosen, to the last; the zoom stays as far as it can."""
        span = self._timeline.span
        for day in self._chosen:
            if day is not None:  # what is chosen is always in reach
                first, last = unit_range(to_day(day), Unit.YEAR)
                span = (first, last) if span is None else (min(span[0], first), max(span[1], last))
        if span == self._limits:
            return
        was_whole = not self.is_zoomed
        self._limits = span
        if span is not None and (was_whole or not (span[0] <= self._window.first and self._window.last <= span[1])):
            self._window = Window(*span, self._room())
        self.zoomChanged.emit(self.is_zoomed)

    def set_range(self, first: date | None, last: date | None) -> None:
        """Which days are chosen; two None for no range, one for an open end."""
        self._chosen = (first, last)
        self._set_limits()
        self.update()

    @property
    def _range(self) -> tuple[int, int] | None:
        """What is chosen, an open end up to the last year that is shown."""
        first, last = self._chosen
        if first is None and last is None:
            return None
        begin = to_day(first) if first is not None else self._limits[0] if self._limits else 0
        end = to_day(last) if last is not None else self._limits[1] if self._limits else begin
        return begin, max(begin, end)

    @property
    def is_zoomed(self) -> bool:
        """Whether only some of the years are shown."""
        return self._limits is not None and (self._window.first, self._window.last) != self._limits

    def set_low(self, is_low: bool) -> None:
        """Take less room, where there is little."""
        bars = LOW_BARS if is_low else BARS
        if bars != self._bars:
            self._bars = bars
            self.updateGeometry()
            self.update()

    def zoom_out(self) -> None:
        """Show all years."""
        if self._limits is not None:
            self._show(Window(*self._limits, self._room()))

    def zoom_to(self, first: date, last: date) -> None:
        """Show these days."""
        if self._limits is not None:
            days = max(14, to_day(last) - to_day(first) + 1)
            begin = min(max(to_day(first), self._limits[0]), max(self._limits[0], self._limits[1] - days + 1))
            self._show(Window(begin, min(begin + days - 1, self._limits[1]), self._room()))

    def words(self, span: tuple[int, int]) -> str:
        """A range of days with its photos: "123 photos, May 2019"."""
        count = wording.count(self._timeline.count(*span), "photo")
        return f"{count}, {days_words(to_date(span[0]), to_date(span[1]))}"

    def sizeHint(self) -> QSize:
        return QSize(280, self._bars + words_height(self._theme))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self._bars + words_height(self._theme))

    def _room(self) -> float:
        return max(1.0, float(self.width() - 2 * EDGE))

    def _show(self, window: Window) -> None:
        self._window = window
        self._hovered = None
        self.zoomChanged.emit(self.is_zoomed)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        if self._limits is None:
            painter.setPen(tokens.text2)
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), "No photos")
        else:
            place = self._place if self.hasFocus() else None
            hovered = self._hovered if self._dragged is None else None
            spans = Spans(self._dragged or self._range, hovered, place)
            paint_histogram(painter, self._theme, self._window, self._timeline, spans, self._bars)
        if self.hasFocus():
            painter.setPen(QPen(tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    # the mouse

    def event(self, event: QEvent) -> bool:
        """The tooltip: exactly how many photos a bar stands for."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            if self._limits is not None:
                QToolTip.showText(event.globalPos(), self.words(self._span_at(event.pos().x())), self)
            return True
        return super().event(event)

    def _span_at(self, x: float) -> tuple[int, int]:
        return unit_range(self._window.day_at(x - EDGE), self._window.picked)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._limits is not None:
            self._pressed = event.position().x()
            self._place = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._limits is None:
            return
        x = event.position().x()
        here = self._span_at(x)
        if self._pressed is not None and (self._dragged is not None or abs(x - self._pressed) >= _DRAG):
            begun = self._span_at(self._pressed)
            self._dragged = (min(begun[0], here[0]), max(begun[1], here[1]))
            self._tell(self._dragged)
        else:
            self._hovered = here
            self._tell(here)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        span = self._dragged or self._span_at(self._pressed)
        self._pressed = self._dragged = None
        self._choose(span)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Zoom into what was clicked twice; the first click chose it."""
        if self._limits is not None and self._window.picked is not Unit.DAY:
            span = self._span_at(event.position().x())
            self.rangeChosen.emit(to_date(span[0]), to_date(span[1]))
            self.zoom_to(to_date(span[0]), to_date(span[1]))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom; a list that scrolls around it does not."""
        steps = event.angleDelta().y() / 120
        if self._limits is not None and steps:
            self._zoom(0.7**steps, event.position().x() - EDGE)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = None
        self.wordsChanged.emit("")
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._window = replace(self._window, width=self._room())

    def _zoom(self, factor: float, around: float) -> None:
        if self._limits is not None:
            self._show(replace(self._window, width=self._room()).zoomed(factor, around, self._limits))

    def _tell(self, span: tuple[int, int]) -> None:
        self.wordsChanged.emit(self.words(span))

    def _choose(self, span: tuple[int, int]) -> None:
        """Choose a range; the same once more clears it."""
        if span == self._range:
            self.rangeCleared.emit()
        else:
            self.rangeChosen.emit(to_date(span[0]), to_date(span[1]))
        self.update()

    # the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = _Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        others = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if self._limits is None or others or not self._take_key(key, shift=shift):
            super().keyPressEvent(event)

    def _take_key(self, key: Qt.Key, *, shift: bool) -> bool:
        if key in (_Key.Key_Left, _Key.Key_Right, _Key.Key_Home, _Key.Key_End):
            self._step(key, shift=shift)
        elif key in (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Space) and self._place is not None:
            self._choose(self._stretch())
        elif key in (_Key.Key_Plus, _Key.Key_Equal):
            self._zoom(0.5, self._middle())
        elif key in (_Key.Key_Minus, _Key.Key_Underscore):
            self._zoom(2.0, self._middle())
        elif key in (_Key.Key_Delete, _Key.Key_Backspace) and self._range is not None:
            self.rangeCleared.emit()
        elif key == _Key.Key_Escape and self.is_zoomed:
            self.zoom_out()
        else:
            return False
        return True

    def _middle(self) -> float:
        return self._window.width / 2 if self._place is None else self._window.x(sum(self._place) / 2)

    def _stretch(self) -> tuple[int, int]:
        """From where Shift began to the keyboard's place."""
        assert self._place is not None
        pivot = self._pivot or self._place
        return min(pivot[0], self._place[0]), max(pivot[1], self._place[1])

    def _step(self, key: Qt.Key, *, shift: bool) -> None:
        assert self._limits is not None
        unit, before = self._window.picked, self._place
        if key == _Key.Key_Home:
            day = self._limits[0]
        elif key == _Key.Key_End:
            day = self._limits[1]
        elif before is None:
            chosen = self._range or (self._limits[1], self._limits[1])
            day = chosen[0]
        else:
            day = before[0] - 1 if key == _Key.Key_Left else before[1] + 1
        day = min(max(day, self._limits[0]), self._limits[1])
        self._place = unit_range(day, unit)
        self._pivot = (self._pivot or before or self._place) if shift else self._place
        self._window = self._window.showing(*self._place, self._limits)
        stretch = self._stretch()
        self._tell(stretch)
        if shift:
            self.rangeChosen.emit(to_date(stretch[0]), to_date(stretch[1]))
        self.update()
