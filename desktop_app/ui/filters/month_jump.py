"""Years beside the scroll bar of a grid that is sorted by date: point at a month, click to be there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from desktop_app.core import wording
from desktop_app.core.operations.date_headings import Month
from desktop_app.core.operations.filter_words import MONTHS, month_words
from desktop_app.ui.grid.view import PhotoGrid
from desktop_app.ui.theme import Theme


class MonthJump(QWidget):
    """A strip of years between the photos of a grid and its scroll bar. It takes its room only while it has months.

    Args:
        theme: the program's look.
        grid: where it stands; it stays at its place by itself.

    Signals:
        jumped(int): to this row.
    """

    jumped = Signal(int)

    def __init__(self, theme: Theme, grid: PhotoGrid) -> None:
        super().__init__(grid)
        self._theme, self._grid = theme, grid
        self._months: tuple[Month, ...] = ()
        self._at: Month | None = None  # under the pointer
        self._painted_for = -1
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Months")
        self.hide()
        grid.installEventFilter(self)
        grid.moved.connect(self._moved)
        theme.changed.connect(self._fit)

    def set_months(self, months: Sequence[Month]) -> None:
        """The months of what the grid shows, in its order; none where it is not sorted by date."""
        self._months = tuple(months)
        self._at = None
        self._fit()

    @property
    def months(self) -> tuple[Month, ...]:
        """What can be jumped to."""
        return self._months

    def go_to(self, month: Month) -> None:
        """Scroll so that a month begins at the upper edge."""
        self._grid.go_to_row(month.row)
        self.jumped.emit(month.row)

    def menu(self, parent: QWidget | None = None) -> QMenu:
        """Years with their months, to choose by keyboard: typing a year or a month's first letters goes there."""
        made = QMenu(parent or self._grid)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        years: dict[int, list[Month]] = {}
        for month in self._months:
            years.setdefault(month.year, []).append(month)
        for year, months in years.items():
            inside = made.addMenu(f"{year}\t{wording.number(sum(month.count for month in months))}")
            for month in months:
                action = inside.addAction(f"{MONTHS[month.month - 1]}\t{wording.number(month.count)}")
                action.triggered.connect(partial(self.go_to, month))
        if not years:
            made.addAction("Sort by date to go to a month").setEnabled(False)
        return made

    def show_menu(self) -> None:
        """The menu of years and months over the grid."""
        menu = self.menu()
        grid = self._grid
        menu.popup(grid.mapToGlobal(QPoint(grid.width() - menu.sizeHint().width() - 24, 24)))

    @Slot()
    def _moved(self) -> None:
        """Other sizes of photos put months elsewhere; scrolling does not."""
        if self._grid.content_height != self._painted_for:
            self.update()

    @Slot()
    def _fit(self) -> None:
        """Take the room that years need, or none."""
        grid, bar = self._grid, self._grid.verticalScrollBar()
        wide = QFontMetrics(self._theme.font(0.85)).horizontalAdvance("2019") + 16
        years = {month.year for month in self._months}
        is_useful = len(self._months) > 1 and bool(years)
        grid.set_side_room(wide if is_useful else 0)
        self.setVisible(is_useful)
        right = grid.width() - bar.sizeHint().width()
        self.setGeometry(QRect(right - wide, 0, wide, grid.height()))
        self.update()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self._grid and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._fit()
        return False

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self._theme.font(0.85)).horizontalAdvance("2019") + 16, 100)

    # places

    def place_of(self, month: Month) -> float:
        """How far down a month begins, in pixels."""
        return self._grid.share_of_row(month.row) * self.height()

    def month_at(self, y: float) -> Month | None:
        """The month at a height."""
        found = None
        for month in self._months:
            if self.place_of(month) > y and found is not None:
                break
            found = month
        return found

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        self._painted_for = self._grid.content_height
        painter.fillRect(self.rect(), tokens.canvas)
        font = self._theme.font(0.85)
        high, end = QFontMetrics(font).height(), -1.0
        painter.setFont(font)
        seen: int | None = None
        names_months = len(self._months) * (high + 4) <= self.height()
        for month in self._months:
            y = self.place_of(month)
            is_year, seen = month.year != seen, month.year
            painter.setPen(QPen(tokens.control, 1))
            painter.drawLine(
                QPointF(self.width() - (12 if is_year else 8), y + 0.5), QPointF(self.width() - 5, y + 0.5)
            )
            if y < end or y + high > self.height() or not (is_year or names_months):
                continue
            words = str(month.year) if is_year else MONTHS[month.month - 1][:3]
            painter.setPen(tokens.text2)
            painter.drawText(QRectF(0, y, self.width() - 14, high), int(Qt.AlignmentFlag.AlignRight), words)
            end = y + high + 2
        if self._at is not None:
            y = self.place_of(self._at)
            painter.setPen(QPen(tokens.accent, 2))
            painter.drawLine(QPointF(0, y + 1), QPointF(self.width() - 4, y + 1))

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._point(event, go=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event, go=bool(event.buttons() & Qt.MouseButton.LeftButton))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._at = None
        self.update()

    def _point(self, event: QMouseEvent, *, go: bool) -> None:
        month = self.month_at(event.position().y())
        if month is None:
            return
        changed, self._at = month != self._at, month
        if go and (changed or event.type() == QEvent.Type.MouseButtonPress):
            self.go_to(month)
        words = f"{month_words(month.year, month.month)} · {wording.count(month.count, 'photo')}"
        QToolTip.showText(event.globalPosition().toPoint() + QPoint(-120, -12), words, self)
        self.update()
