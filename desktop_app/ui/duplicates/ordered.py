"""A list whose lines have a tick and can be moved up and down."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui import theme
from desktop_app.ui.panels.parts import icon_button

AnyIndex = QModelIndex | QPersistentModelIndex
_BOX = 16
_CHECK = Qt.ItemDataRole.CheckStateRole
FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsUserCheckable
    | Qt.ItemFlag.ItemIsDragEnabled
)
"""Of a line: it can be ticked and dragged, and nothing is dropped into it."""


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        return QSize(100, max(32, option.fontMetrics.height() + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        rect, state = option.rect, option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = QRectF(rect).adjusted(3, 1, -3, -1)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.token("accentfill" if chosen else "hover"))
            painter.drawRoundedRect(row, 6, 6)
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.token("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), 6, 6)
        self._paint_box(painter, _box(rect), _is_ticked(index))
        painter.setPen(theme.token("text"))
        words = rect.adjusted(_BOX + 24, 0, -10, 0)
        metrics = QFontMetrics(painter.font())
        shown = metrics.elidedText(index.data() or "", Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()

    def _paint_box(self, painter: QPainter, box: QRect, ticked: bool) -> None:
        painter.setPen(QPen(theme.token("accent" if ticked else "control"), 1))
        painter.setBrush(theme.token("accent" if ticked else "raised"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if ticked:
            tick = QPainterPath()
            tick.moveTo(box.left() + 3.8, box.top() + 8.4)
            tick.lineTo(box.left() + 6.8, box.top() + 11.4)
            tick.lineTo(box.left() + 12.2, box.top() + 5.0)
            painter.setPen(QPen(theme.token("onaccent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(tick)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        """A click on the box, or Space, turns its tick round."""
        clicked = event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent)
        if clicked and isinstance(event, QMouseEvent):
            clicked = _box(option.rect).adjusted(-8, -8, 8, 8).contains(event.position().toPoint())
        pressed = (
            event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        )
        if not clicked and not pressed:
            return False
        ticked = _is_ticked(index)
        return model.setData(index, Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked, _CHECK)


def _is_ticked(index: AnyIndex) -> bool:
    return Qt.CheckState(index.data(_CHECK)) == Qt.CheckState.Checked


def _box(rect: QRect) -> QRect:
    return QRect(rect.left() + 12, rect.center().y() - _BOX // 2 + 1, _BOX, _BOX)


class Ordered(QWidget):
    """The list, and beside it the way up and down."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setUniformItemSizes(True)
        self.up = icon_button("chevron-up", "Move up", "Alt+Up")
        self.down = icon_button("chevron-down", "Move down", "Alt+Down")
        self.side = QVBoxLayout()
        self.side.setSpacing(4)
        self.side.addWidget(self.up)
        self.side.addWidget(self.down)
        self.side.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.list, 1)
        row.addLayout(self.side)
        self.up.clicked.connect(partial(self.move_line, -1))
        self.down.clicked.connect(partial(self.move_line, 1))
        self.list.currentRowChanged.connect(self._show_state)
        self.list.model().rowsMoved.connect(self._show_state)
        self.list.model().rowsInserted.connect(self._show_state)
        self.list.installEventFilter(self)
        self._show_state()

    def move_line(self, by: int, _on: bool = False) -> None:
        """Move the line that the keyboard is at."""
        row = self.list.currentRow()
        if row >= 0 and 0 <= row + by < self.list.count():
            item = self.list.takeItem(row)
            self.list.insertItem(row + by, item)
            self.list.setCurrentRow(row + by)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt+Up and Alt+Down move the line."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
            if by and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.move_line(by)
                return True
        return super().eventFilter(watched, event)

    def _show_state(self) -> None:
        row = self.list.currentRow()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < self.list.count() - 1)

    def items(self) -> list[QListWidgetItem]:
        """The lines, in order."""
        return [self.list.item(row) for row in range(self.list.count())]
