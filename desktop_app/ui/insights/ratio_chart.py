"""The board on screen: rows on the common axis, walked through with the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QToolTip, QWidget

from desktop_app.core.insights.charts import axis
from desktop_app.ui.insights.axis import axis_for
from desktop_app.ui.insights.board_values import RatioRow
from desktop_app.ui.insights.ratio_paint import (
    Columns,
    Ink,
    columns_for,
    head_height,
    ink_of,
    light_ink,
    paint_grid,
    paint_head,
    paint_row,
    row_height,
)
from desktop_app.ui.panels.parts import PixmapSource, listen
from desktop_app.ui.theme import Theme


class RatioChart(QAbstractScrollArea):
    """Rows with a dot for the middle value and a line for the range; the axis stays above while rows scroll.

    Signals:
        rowChosen(int): the keyboard or the mouse is at a row now; its key.
        rowOpened(int): Enter or a double click.
    """

    rowChosen = Signal(int)
    rowOpened = Signal(int)

    def __init__(
        self, theme: Theme, thumbnails: PixmapSource, *, first: str = "Theme", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails, self._first = theme, thumbnails, first
        self._rows: tuple[RatioRow, ...] = ()
        self._what = ""
        self._axis = axis(())
        self._chosen = -1
        self._fits = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        listen(thumbnails, self._arrived)
        theme.changed.connect(self.viewport().update)

    @Slot()
    def _arrived(self, *_: object) -> None:
        self.viewport().update()

    # --- what is shown ---------------------------------------------------------------------------------------

    def set_rows(self, rows: Sequence[RatioRow], what: str) -> None:
        """Show these; the row that is chosen stays chosen.

        Args:
            rows: from top to bottom.
            what: the number's word in a sentence, "views".
        """
        key = self.chosen.key if self.chosen is not None else None
        self._rows, self._what = tuple(rows), what
        self._axis = axis_for(rows)
        self._chosen = next((at for at, row in enumerate(rows) if row.key == key), 0 if rows else -1)
        self._describe()
        self._measure()
        self.viewport().update()
        self.updateGeometry()

    def rows(self) -> tuple[RatioRow, ...]:
        """What is shown."""
        return self._rows

    @property
    def chosen(self) -> RatioRow | None:
        """The row where the keyboard is."""
        return self._rows[self._chosen] if 0 <= self._chosen < len(self._rows) else None

    def choose(self, key: int) -> None:
        """Go to a row."""
        at = next((at for at, row in enumerate(self._rows) if row.key == key), -1)
        if at >= 0:
            self._go(at)

    def fit_rows(self) -> None:
        """Be as high as all rows: for charts in a column that scrolls itself."""
        self._fits = True
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def image(self, width: int = 960, ratio: float = 2.0) -> QImage:
        """The whole chart as a picture, in light colours."""
        ink = light_ink(self._theme)
        height = head_height(ink) + len(self._rows) * row_height(self._rows, ink) + 8
        made = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
        made.setDevicePixelRatio(ratio)
        made.fill(ink.tokens.canvas)
        painter = QPainter(made)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint(painter, QRectF(0, 0, width, height), 0.0, ink, chosen=False)
        painter.end()
        return made

    # --- where things are ------------------------------------------------------------------------------------

    def _row(self) -> float:
        return row_height(self._rows, ink_of(self._theme))

    def _head(self) -> float:
        return head_height(ink_of(self._theme))

    def row_rect(self, at: int) -> QRectF:
        """Where a row is in the viewport."""
        top = self._head() + at * self._row() - self.verticalScrollBar().value()
        return QRectF(0, top, self.viewport().width(), self._row())

    def _at(self, point: QPoint) -> int:
        if point.y() < self._head():
            return -1
        at = int((point.y() - self._head() + self.verticalScrollBar().value()) // self._row())
        return at if 0 <= at < len(self._rows) else -1

    def _measure(self) -> None:
        room = self.viewport().height() - self._head()
        bar = self.verticalScrollBar()
        bar.setSingleStep(round(self._row()))
        bar.setPageStep(max(1, int(room)))
        bar.setRange(0, 0 if self._fits else max(0, round(len(self._rows) * self._row() - room)))

    def sizeHint(self) -> QSize:
        return QSize(640, round(self._head() + max(1, len(self._rows)) * self._row()) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.sizeHint().height() if self._fits else round(self._head() + 2 * self._row()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    # --- mouse and keys --------------------------------------------------------------------------------------

    def _go(self, at: int) -> None:
        if not self._rows:
            return
        self._chosen = min(max(at, 0), len(self._rows) - 1)
        box, bar = self.row_rect(self._chosen), self.verticalScrollBar()
        if box.top() < self._head():
            bar.setValue(round(bar.value() - (self._head() - box.top())))
        elif box.bottom() > self.viewport().height():
            bar.setValue(round(bar.value() + box.bottom() - self.viewport().height()))
        self._describe()
        self.viewport().update()
        self.rowChosen.emit(self._rows[self._chosen].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(1, int((self.viewport().height() - self._head()) // self._row()))
        keys = Qt.Key
        to = {
            keys.Key_Up: self._chosen - 1,
            keys.Key_Down: self._chosen + 1,
            keys.Key_PageUp: self._chosen - page,
            keys.Key_PageDown: self._chosen + page,
            keys.Key_Home: 0,
            keys.Key_End: len(self._rows) - 1,
        }.get(keys(event.key()))
        if to is not None:
            self._go(to)
        elif event.key() in (keys.Key_Return, keys.Key_Enter) and self.chosen is not None:
            self.rowOpened.emit(self.chosen.key)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and at >= 0:
            self._go(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().toPoint())
        if at >= 0:
            self.rowOpened.emit(self._rows[at].key)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._at(event.pos())
            QToolTip.showText(event.globalPos(), self._rows[at].sentence(self._what) if at >= 0 else "", self)
            return True
        return super().viewportEvent(event)

    def _describe(self) -> None:
        """What a screen reader says: the row that is chosen, of how many."""
        row = self.chosen
        self.setAccessibleDescription(
            f"{row.sentence(self._what)} Row {self._chosen + 1} of {len(self._rows)}" if row is not None else "Empty"
        )

    # --- painting --------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint(
            painter, QRectF(self.viewport().rect()), self.verticalScrollBar().value(), ink_of(self._theme), chosen=True
        )

    def _paint(self, painter: QPainter, box: QRectF, scrolled: float, ink: Ink, *, chosen: bool) -> None:
        head, height = head_height(ink), row_height(self._rows, ink)
        columns = columns_for(self._rows, box.width(), ink, first=self._first)
        painter.save()
        below = box.adjusted(0, head, 0, 0)
        painter.setClipRect(below)
        first = int(scrolled // height)
        last = min(len(self._rows), int((scrolled + below.height()) // height) + 1)
        if chosen and first <= self._chosen < last:
            self._paint_ground(painter, QRectF(0, head + self._chosen * height - scrolled, box.width(), height), ink)
        end = min(box.bottom(), head + len(self._rows) * height - scrolled)
        paint_grid(painter, QRectF(0, head, box.width(), end - head), columns, self._axis, ink)
        for at in range(first, last):
            place = QRectF(0, head + at * height - scrolled, box.width(), height)
            paint_row(painter, place, self._rows[at], columns, self._axis, ink, self._thumbnails.pixmap)
        painter.restore()
        self._paint_axis(painter, QRectF(0, 0, box.width(), head), columns, ink)

    def _paint_axis(self, painter: QPainter, box: QRectF, columns: Columns, ink: Ink) -> None:
        painter.fillRect(box, ink.tokens.canvas)
        paint_head(painter, box, columns, self._axis, ink, self._what, first=self._first)

    def _paint_ground(self, painter: QPainter, box: QRectF, ink: Ink) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.tokens.accentfill)
        inner = box.adjusted(4, 1, -4, -1)
        painter.drawRoundedRect(inner, 6, 6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.hasFocus():
            painter.setPen(QPen(ink.tokens.accent, 2))
            painter.drawRoundedRect(inner.adjusted(1, 1, -1, -1), 6, 6)
