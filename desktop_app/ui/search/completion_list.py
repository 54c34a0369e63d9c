"""What a word that is being typed may become: a list below the search field, with counts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop_app.core import wording
from desktop_app.core.words.found import Completion
from desktop_app.ui import icons
from desktop_app.ui.panels.list_model import ROW_ROLE, AnyIndex, ListModel
from desktop_app.ui.theme import Theme

_ROW, _PADDING, _ICON = 32, 8, 16
_MOST = 10
_ICONS = {
    "thing": "photos",
    "answer": "label",
    "folder": "folder",
    "camera": "camera",
    "date": "calendar",
    "keyword": "label",
}
_KINDS = {"answer": "answer", "folder": "folder", "camera": "camera", "date": "date", "keyword": "keyword"}


class _Words(ListModel[Completion]):
    def said(self, row: Completion, role: int) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = [row.text, row.hint or _KINDS.get(row.kind, ""), wording.count(row.count, "photo")]
            return ", ".join(part for part in said if part)
        return None


class _Delegate(QStyledItemDelegate):
    """An icon for its kind, the word, what tells it from others, and the count at the right."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        return QSize(200, max(_ROW, option.fontMetrics.height() + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        item: Completion = index.data(ROW_ROLE)
        tokens, rect, metrics = self._theme.tokens, QRect(option.rect), option.fontMetrics
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, tokens.accentfill)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, tokens.hover)
        ratio = painter.device().devicePixelRatio()
        icon = icons.pixmap(_ICONS[item.kind], tokens.text2, _ICON, ratio)
        painter.drawPixmap(rect.left() + _PADDING, rect.top() + (rect.height() - _ICON) // 2, icon)
        inner = rect.adjusted(_ICON + 2 * _PADDING, 0, -_PADDING, 0)
        count = wording.number(item.count)
        room = inner.width() - metrics.horizontalAdvance(count) - 2 * _PADDING
        painter.setPen(tokens.text2)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), count)
        painter.setPen(tokens.text)
        word = metrics.elidedText(item.text, Qt.TextElideMode.ElideMiddle, room)
        place = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(inner, place, word)
        hint = item.hint or _KINDS.get(item.kind, "")
        left = metrics.horizontalAdvance(word) + _PADDING
        if hint and room - left > 40:
            painter.setPen(tokens.text2)
            shown = metrics.elidedText(hint, Qt.TextElideMode.ElideRight, room - left)
            painter.drawText(inner.adjusted(left, 0, 0, 0), place, shown)


class CompletionList(QListView):
    """Lies over the window below a field, which keeps the keyboard.

    Args:
        theme: the program's look.
        field: what it belongs to.

    Signals:
        chosen(Completion): by a click.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, field: QWidget) -> None:
        super().__init__(field.window())
        self._field = field
        self._made = _Words(self)
        self.setObjectName("completions")
        self.setAccessibleName("Words that begin so")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.Box)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setModel(self._made)
        self.setItemDelegate(_Delegate(theme, self))
        self.hide()

    def show_items(self, items: Sequence[Completion]) -> None:
        """Show these below the field, none of them chosen; with none it goes."""
        self._made.show(items[:_MOST], anew=True)
        if not items:
            self.hide()
            return
        place = self._field.mapTo(self.window(), self._field.rect().bottomLeft())
        height = self.sizeHintForRow(0) * self._made.rowCount() + 2 * self.frameWidth()
        width = min(self._field.width(), 640)
        self.setGeometry(place.x(), place.y() + 2, width, min(height, self.window().height() - place.y() - 8))
        self.show()
        self.raise_()

    def items(self) -> tuple[Completion, ...]:
        """What it shows."""
        return tuple(self._made.rows) if self.isVisible() else ()

    def step(self, by: int) -> None:
        """Choose the next (1) or previous (-1) one; before the first none is chosen."""
        row = min(max(self.currentIndex().row() + by, -1), self._made.rowCount() - 1)
        self.setCurrentIndex(self._made.index(row, 0) if row >= 0 else QModelIndex())

    def current(self) -> Completion | None:
        """The one chosen by keys."""
        row = self.currentIndex().row()
        return self._made.rows[row] if self.isVisible() and row >= 0 else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.chosen.emit(self._made.rows[index.row()])
