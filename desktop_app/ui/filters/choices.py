"""The list of choices: painted rows with a tick, a name and a count, by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QModelIndex,
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

from desktop_app.ui.filters.choice_delegate import PADDING, STEP, ChoiceDelegate
from desktop_app.ui.filters.rows import Row, RowKind
from desktop_app.ui.panels.list_model import AnyIndex, ListModel
from desktop_app.ui.theme import Theme

_TAKE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ChoiceModel(ListModel[Row]):
    """Rows as they are listed."""

    def identity(self, row: Row) -> object:
        """What a row leads to and where it stands; only what is chosen by its name is another one under another."""
        return row.kind, row.key, row.name if row.kind in (RowKind.HEADING, RowKind.OPTION) else "", row.depth

    def said(self, row: Row, role: int) -> object:
        """Its name, and what a screen reader says."""
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        return row.spoken if role == Qt.ItemDataRole.AccessibleTextRole else None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        row = self.row(index.row())
        if row is None or not row.can_be_taken:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


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
        self._rows.show(rows)
        at = -1 if row is None else self._rows.place_of(self._rows.identity(row))
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
