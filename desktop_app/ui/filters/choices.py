"""The list of choices: painted rows with a tick, a name and a count, by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QWidget,
)

from desktop_app.ui.filters.choice_delegate import PADDING, ROW_ROLE, STEP, ChoiceDelegate
from desktop_app.ui.filters.rows import Row, RowKind
from desktop_app.ui.theme import Theme

_INDEX = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
_TAKE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ChoiceModel(QAbstractListModel):
    """Rows as they are listed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """List these; while they are the same choices, only what differs is painted."""
        rows = tuple(rows)
        if [_identity(row) for row in rows] == [_identity(row) for row in self._rows]:
            changed = [at for at, row in enumerate(rows) if row != self._rows[at]]
            self._rows = rows
            for at in changed:
                self.dataChanged.emit(self.index(at, 0), self.index(at, 0))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows."""
        return self._rows

    def place_of(self, row: Row) -> int:
        """Where this choice is listed now, or -1."""
        wanted = _identity(row)
        return next((at for at, one in enumerate(self._rows) if _identity(one) == wanted), -1)

    def rowCount(self, parent: _INDEX = _NONE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _INDEX, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        if role == ROW_ROLE:
            return row
        return None

    def flags(self, index: _INDEX) -> Qt.ItemFlag:
        if not index.isValid() or not self._rows[index.row()].can_be_taken:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _identity(row: Row) -> tuple[object, ...]:
    return row.kind, row.key, row.name if row.kind in (RowKind.HEADING, RowKind.OPTION) else "", row.depth


class ChoiceList(QListView):
    """Choices in groups. Enter, Space or a click takes a row; Left and Right close and open groups and folders.

    Signals:
        taken(Row): an option was chosen or is no longer to be, a group is to be listed in full.
        openAsked(Row, bool): a group or a folder is to be open, or closed.
        left(): the keyboard went elsewhere.
    """

    taken = Signal(object)
    openAsked = Signal(object, bool)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nav")
        self.setAccessibleName("Choices")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self._rows = ChoiceModel(self)
        self.setModel(self._rows)
        self.setItemDelegate(ChoiceDelegate(theme, self))
        theme.changed.connect(self.viewport().update)

    @property
    def rows(self) -> ChoiceModel:
        """The model."""
        return self._rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """List these; the keyboard and what is on screen keep their place."""
        current = self.currentIndex()
        row = self._rows.rows[current.row()] if current.isValid() else None
        place = current.row()
        scrolled = self.verticalScrollBar().value()
        self._rows.set_rows(rows)
        at = -1 if row is None else self._rows.place_of(row)
        if at < 0 and row is not None:  # it went, as "12 more" does: on to what stands there now
            at = min(place, self._rows.rowCount() - 1)
        if at >= 0:
            self.setCurrentIndex(self._rows.index(at, 0))
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(scrolled)

    def current_row(self) -> Row | None:
        """The row with the keyboard's ring."""
        index = self.currentIndex()
        return self._rows.rows[index.row()] if index.isValid() else None

    def go_to_first_choice(self) -> None:
        """Put the keyboard on the first row that can be chosen."""
        options = (at for at, row in enumerate(self._rows.rows) if row.kind is RowKind.OPTION)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setCurrentIndex(self._rows.index(next(options, 0), 0))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index = self.indexAt(point)
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid() or index != self.currentIndex():
            return
        row = self._rows.rows[index.row()]
        if row.kind is RowKind.HEADING or (row.is_open is not None and self._arrow(index).contains(point)):
            self.openAsked.emit(row, not row.is_open)
        elif row.can_be_taken:
            self.taken.emit(row)

    def _arrow(self, index: QModelIndex) -> QRect:
        """Where the arrow of a folder is; wide enough to be hit."""
        row = self._rows.rows[index.row()]
        area = self.visualRect(index)
        return QRect(area.left(), area.top(), PADDING + (row.depth + 1) * STEP + 6, area.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current_row()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if row is None or not plain:
            super().keyPressEvent(event)
        elif event.key() in _TAKE:
            if row.kind is RowKind.HEADING:
                self.openAsked.emit(row, not row.is_open)
            elif row.can_be_taken:
                self.taken.emit(row)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            wanted = event.key() == Qt.Key.Key_Right
            if row.is_open is not None and row.is_open != wanted:
                self.openAsked.emit(row, wanted)
            elif not wanted:
                self._go_out(row)
        else:
            super().keyPressEvent(event)

    def _go_out(self, row: Row) -> None:
        """To the folder or heading that a row stands in."""
        rows = self._rows.rows
        for at in range(self.currentIndex().row() - 1, -1, -1):
            if rows[at].depth < row.depth or rows[at].kind is RowKind.HEADING:
                self.setCurrentIndex(self._rows.index(at, 0))
                return

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # a press of the mouse finds its own place: going to the first row would scroll away what is pressed
        if event.reason() != Qt.FocusReason.MouseFocusReason and not self.currentIndex().isValid():
            self.setCurrentIndex(self._rows.index(0, 0))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()
