"""The list of files that are not shown: groups by reason, with their files below them when unfolded.

One flat list, since a tree asks for every one of 100,000 children when it unfolds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPen
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
from desktop_app.core.types import Reason, Skipped
from desktop_app.ui import icons
from desktop_app.ui.theme import Theme

_INDEX = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(slots=True)
class Group:
    """The files with one reason. `files` is None until they were fetched."""

    reason: Reason
    count: int
    files: Sequence[Skipped] | None = None
    unfolded: bool = False

    @property
    def rows(self) -> int:
        """How many rows it takes: itself and its files, or one that says they are on their way."""
        if not self.unfolded:
            return 1
        return 2 if self.files is None else 1 + len(self.files)


class NotShownModel(QAbstractListModel):
    """Groups and files as rows of one list.

    Signals:
        wanted(object): The files of a `Reason` are needed.
    """

    wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.groups: list[Group] = []

    def set_counts(self, counts: Sequence[tuple[Reason, int]]) -> None:
        """Other counts. Groups that stay unfolded ask for their files again when their count differs."""
        old = {group.reason: group for group in self.groups}
        self.beginResetModel()
        self.groups = []
        for reason, count in sorted(counts, key=lambda pair: -pair[1]):
            if count:
                before = old.get(reason)
                same = before is not None and before.count == count
                files = before.files if before is not None and same else None
                self.groups.append(Group(reason, count, files, before.unfolded if before is not None else False))
        self.endResetModel()
        for group in self.groups:
            if group.unfolded and group.files is None:
                self.wanted.emit(group.reason)

    def set_files(self, reason: Reason, files: Sequence[Skipped]) -> None:
        """The files of a reason, as asked for by `wanted`."""
        group = next((group for group in self.groups if group.reason is reason), None)
        if group is None:
            return
        unfolded = group.unfolded
        if unfolded:
            self._fold(group)
        group.files = files
        if unfolded:
            self._unfold(group)

    def toggle(self, row: int) -> None:
        """Unfold or fold the group at a row."""
        group, at = self.locate(row)
        if at >= 0:
            return
        if group.unfolded:
            self._fold(group)
        else:
            self._unfold(group)
            if group.files is None:
                self.wanted.emit(group.reason)
        place = self.index(row, 0)
        self.dataChanged.emit(place, place)

    def locate(self, row: int) -> tuple[Group, int]:
        """The group of a row and which of its files it is; -1 for the group itself."""
        for group in self.groups:
            if row < group.rows:
                return group, row - 1
            row -= group.rows
        raise IndexError(row)

    def file(self, row: int) -> Skipped | None:
        """The file at a row; None for a group."""
        group, at = self.locate(row)
        return group.files[at] if at >= 0 and group.files is not None else None

    def row_of(self, group: Group) -> int:
        """Where a group stands."""
        return sum(before.rows for before in self.groups[: self.groups.index(group)])

    def rowCount(self, parent: _INDEX = _NONE) -> int:
        return 0 if parent.isValid() else sum(group.rows for group in self.groups)

    def data(self, index: _INDEX, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        group, at = self.locate(index.row())
        if role == ROW_ROLE:
            return (group, at)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if at < 0:
            words = f"{wording.number(group.count)} {group.reason.short}"
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return f"{words}, {'unfolded' if group.unfolded else 'folded'}"
            return group.reason.sentence if role == Qt.ItemDataRole.ToolTipRole else words
        if group.files is None:
            return "Looking them up…" if role != Qt.ItemDataRole.ToolTipRole else None
        file = group.files[at]
        path = wording.printable(str(file.path))
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{path}\n{file.details or group.reason.sentence}"
        return path

    def _fold(self, group: Group) -> None:
        first = self.row_of(group) + 1
        self.beginRemoveRows(QModelIndex(), first, first + group.rows - 2)
        group.unfolded = False
        self.endRemoveRows()

    def _unfold(self, group: Group) -> None:
        first = self.row_of(group) + 1
        more = 1 if group.files is None else len(group.files)
        if more:
            self.beginInsertRows(QModelIndex(), first, first + more - 1)
        group.unfolded = True
        if more:
            self.endInsertRows()


class NotShownDelegate(QStyledItemDelegate):
    """Paints groups with their arrow and count, files with their name first and the folder behind it."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, _index: _INDEX) -> QSize:
        return QSize(200, max(32, option.fontMetrics.height() + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _INDEX) -> None:
        group, at = index.data(ROW_ROLE)
        tokens = self._theme.tokens
        area = option.rect.adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.hover)
            painter.drawRoundedRect(area, 6, 6)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, 6, 6)
        words = area.adjusted(36, 0, -12, 0)
        if at < 0:
            self._group(painter, area, words, group, option)
        else:
            self._file(painter, words, str(index.data()), option, waiting=group.files is None)
        painter.restore()

    def _group(self, painter: QPainter, area: QRect, words: QRect, group: Group, option: QStyleOptionViewItem) -> None:
        tokens = self._theme.tokens
        widget = option.widget
        ratio = widget.devicePixelRatioF() if isinstance(widget, QWidget) else 1.0
        arrow = icons.pixmap("chevron-down" if group.unfolded else "chevron-right", tokens.text2, 16, ratio)
        painter.drawPixmap(area.left() + 10, area.center().y() - 8, arrow)
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(tokens.text)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        line = f"{wording.number(group.count)} {group.reason.short}"
        painter.drawText(
            words, flags, painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, words.width())
        )

    def _file(self, painter: QPainter, words: QRect, path: str, option: QStyleOptionViewItem, *, waiting: bool) -> None:
        tokens = self._theme.tokens
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        metrics = option.fontMetrics
        if waiting:
            painter.setPen(tokens.text3)
            painter.drawText(words, flags, path)
            return
        cut = max(path.rfind("/"), path.rfind("\\"))
        folder, name = path[: max(cut, 0)], path[cut + 1 :]
        name = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, round(words.width() * 0.6))
        painter.setPen(tokens.text)
        painter.drawText(words, flags, name)
        rest = words.adjusted(metrics.horizontalAdvance(name) + 12, 0, 0, 0)
        painter.setPen(tokens.text2)
        painter.drawText(rest, flags, metrics.elidedText(folder, Qt.TextElideMode.ElideMiddle, rest.width()))


class NotShownList(QListView):
    """The list; a click, Enter, Space, Right and Left unfold and fold.

    Signals:
        opened(object): A file (`Skipped`) was double-clicked or taken with Enter.
    """

    opened = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Files that are not shown")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(1000)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.rows = NotShownModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(NotShownDelegate(theme, self))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.rows.toggle(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self._open(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.currentIndex()
        if not current.isValid():
            super().keyPressEvent(event)
            return
        row = current.row()
        group, at = self.rows.locate(row)
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if at < 0:
                self.rows.toggle(row)
            else:
                self._open(row)
        elif key == Qt.Key.Key_Right and at < 0 and not group.unfolded:
            self.rows.toggle(row)
        elif key == Qt.Key.Key_Left:
            head = self.rows.row_of(group)
            if group.unfolded:
                self.setCurrentIndex(self.rows.index(head, 0))
                self.rows.toggle(head)
        else:
            super().keyPressEvent(event)

    def _open(self, row: int) -> None:
        file = self.rows.file(row)
        if file is not None:
            self.opened.emit(file)
