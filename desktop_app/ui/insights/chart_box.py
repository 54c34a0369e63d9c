"""A chart that can be read as a table (T) and copied (Ctrl+C): as a picture and as text, or as a table."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QEvent, QMimeData, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QStackedWidget, QTableView, QVBoxLayout, QWidget

from desktop_app.ui.insights.axis import Table

_INDEX = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
# a cell of a spreadsheet that begins like this is run, not read
_RUNS = ("=", "+", "-", "@", "\t", "\r")


class Rows(QAbstractTableModel):
    """A table of words."""

    def __init__(self) -> None:
        super().__init__()
        self._head: tuple[str, ...] = ()
        self._rows: list[tuple[str, ...]] = []

    def set_table(self, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
        """Show another one."""
        self.beginResetModel()
        self._head, self._rows = head, rows
        self.endResetModel()

    def rowCount(self, parent: _INDEX = _NONE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _INDEX = _NONE) -> int:
        return 0 if parent.isValid() else len(self._head)

    def data(self, index: _INDEX, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and _is_number(self._rows[index.row()][index.column()]):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._head[section]
        return None


def _is_number(words: str) -> bool:
    return bool(words) and words.replace(",", "").replace(".", "").replace("%", "").strip().isdigit()


class ChartBox(QWidget):
    """A chart, and the same as a table behind it.

    Args:
        name: what it shows, for screen readers.
        chart: the chart; its keys T and Ctrl+C come here.
        table: makes the table from what the chart shows now.
        image: makes the picture for Copy.

    Signals:
        turned(bool): the table is shown now.
        copied(str): what went to the clipboard: "chart" or "table".
    """

    turned = Signal(bool)
    copied = Signal(str)

    def __init__(self, name: str, chart: QWidget, table: Callable[[], Table], image: Callable[[], QImage]) -> None:
        super().__init__()
        self.name, self.chart = name, chart
        self._table, self._image = table, image
        self._fills = True
        self.rows = Rows()
        self.table = QTableView()
        self.table.setModel(self.rows)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.setAccessibleName(f"{name}, table")
        chart.setAccessibleName(f"{name}, chart")
        self._stack = QStackedWidget(self)
        self._stack.addWidget(chart)
        self._stack.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        chart.installEventFilter(self)
        self.table.installEventFilter(self)
        self.setFocusProxy(chart)

    @property
    def is_table(self) -> bool:
        """Whether the table is shown."""
        return self._stack.currentWidget() is self.table

    def set_fills(self, fills: bool) -> None:
        """Whether it takes the room there is, or is as high as its rows."""
        self._fills = fills

    def refresh(self) -> None:
        """The chart shows something else: the table follows."""
        self.rows.set_table(*self._table())
        if not self._fills:
            line = self.table.verticalHeader().defaultSectionSize()
            header = self.table.horizontalHeader().sizeHint().height()
            high = line * self.rows.rowCount() + header + 4 if self.is_table else self.chart.sizeHint().height()
            self.setFixedHeight(high)

    @Slot()
    def turn(self) -> None:
        """Chart or table."""
        had = self.chart.hasFocus() or self.table.hasFocus()
        shown = self.chart if self.is_table else self.table
        self._stack.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        self.refresh()
        if had:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)
        self.turned.emit(self.is_table)

    @Slot()
    def copy(self) -> None:
        """Put what is shown on the clipboard: the table as text, the chart as a picture with the same text."""
        head, rows = self._table()
        data = QMimeData()
        data.setText(as_text(head, rows))
        data.setHtml(as_html(head, rows))
        if not self.is_table:
            data.setImageData(self._image())
        QGuiApplication.clipboard().setMimeData(data)
        self.copied.emit("table" if self.is_table else "chart")

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """T and Ctrl+C, before the window's own Copy takes it."""
        if isinstance(event, QKeyEvent):
            copies = event.matches(QKeySequence.StandardKey.Copy)
            turns = event.key() == Qt.Key.Key_T and not event.modifiers()
            if event.type() == QEvent.Type.ShortcutOverride and (copies or turns):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and (copies or turns):
                self.copy() if copies else self.turn()
                return True
        return False


def as_text(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The table with tabs, as spreadsheets take it; no cell can be run there."""
    return "\n".join("\t".join(_plain(cell) for cell in row) for row in (head, *rows))


def _plain(cell: str) -> str:
    words = " ".join(cell.split())
    return f"'{words}" if cell.startswith(_RUNS) else words


def as_html(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The table for mail and documents."""

    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    return "<table>" + line(head, "th") + "".join(line(row, "td") for row in rows) + "</table>"
