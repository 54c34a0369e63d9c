"""The grid under the keyboard: the current photo, the selection, and the keys of a photo area."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop_app.core.types import PhotoId
from desktop_app.ui.grid.model import GridModel
from desktop_app.ui.grid.picture import GridPicture
from desktop_app.ui.grid.surface import AnyIndex
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.theme import Theme

Flag = QItemSelectionModel.SelectionFlag
_Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
_MAC = sys.platform == "darwin"
_ALT = Qt.KeyboardModifier.AltModifier
_MOVES = (
    _Key.Key_Left, _Key.Key_Right, _Key.Key_Up, _Key.Key_Down,
    _Key.Key_Home, _Key.Key_End, _Key.Key_PageUp, _Key.Key_PageDown,
)  # fmt: skip


class SelectingGrid(GridPicture):
    """Keeps a current photo and a selection, and takes keys.

    Signals:
        photoActivated(PhotoId): double-click, Enter, Return or Space.
        findAlike(PhotoId): S or the magnifier.
        labelAsked(): L: the selection is to be labelled.
        whyAsked(): W or F3: why the photo is alike.
        moreAsked(): + or =: more photos like those that are selected.
        lessAsked(): -: fewer of them.
        partAsked(): B: what is in a part of the photo.
        trashAsked(): Delete: the selection is to go.
        currentPhotoChanged(PhotoId | None): the keyboard's place moved.
        selectionChangedTo(list[PhotoId]): once per turn of the event loop, in the order of the grid.
        menuKeyPressed(): the Menu key or Shift+F10.
    """

    photoActivated = Signal(object)
    findAlike = Signal(object)
    labelAsked = Signal()
    whyAsked = Signal()
    moreAsked = Signal()
    lessAsked = Signal()
    partAsked = Signal()
    trashAsked = Signal()
    currentPhotoChanged = Signal(object)
    # `object`, since a list would be converted photo by photo: 30 ms for 100,000
    selectionChangedTo = Signal(object)
    menuKeyPressed = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails, model: GridModel, parent: QWidget | None = None) -> None:
        self._pivot = -1  # where a range extended with Shift begins
        self._in_sight = False  # whether the current photo is whole on screen, as it was laid out last
        self._room: tuple[object, ...] = ()  # what it was laid out for
        self._telling = QTimer(singleShot=True, interval=0)
        super().__init__(theme, thumbnails, model, parent)
        self._telling.setParent(self)
        self._telling.timeout.connect(self._tell_selection)

    def current_photo(self) -> PhotoId | None:
        """The photo with the keyboard's ring, or None."""
        row = self.currentIndex().row()
        return self._photos.id_at(row) if row >= 0 else None

    def selected_ids(self) -> list[PhotoId]:
        """The selected photos in the order of the grid."""
        parts = sorted((part.top(), part.bottom()) for part in self.selectionModel().selection().toList())
        return [photo for first, last in parts for photo in self._photos.ids(first, last)]

    def select_photo(self, photo: int) -> None:
        """Select one photo alone and show it."""
        row = self._photos.row_of(photo)
        if row >= 0:
            self._go_to(row, Qt.KeyboardModifier.NoModifier)

    def select_photos(self, photos: Iterable[int]) -> None:
        """Select these photos and no others, as far as they are shown here; nothing scrolls."""
        rows = sorted(row for row in map(self._photos.row_of, photos) if row >= 0)
        chosen = QItemSelection()
        start = 0
        for at in range(1, len(rows) + 1):
            if at == len(rows) or rows[at] != rows[at - 1] + 1:
                chosen.append(QItemSelectionRange(self._photos.index(rows[start]), self._photos.index(rows[at - 1])))
                start = at
        self.selectionModel().select(chosen, Flag.ClearAndSelect)

    def selectAll(self) -> None:
        """Select every photo, as one range."""
        last = self._photos.rowCount() - 1
        if last >= 0:
            self._select_range(0, last, Flag.ClearAndSelect)

    def _select_range(self, first: int, last: int, command: QItemSelectionModel.SelectionFlag) -> None:
        first, last = min(first, last), max(first, last)
        self.selectionModel().select(QItemSelection(self._photos.index(first), self._photos.index(last)), command)

    def _go_to(self, row: int, modifiers: Qt.KeyboardModifier, *, toggle: bool = False) -> None:
        """Make `row` current and select as the keys held say; `toggle` is what Ctrl does with the mouse."""
        index, pivot = self._photos.index(row), self._pivot
        if modifiers & SHIFT:
            pivot = pivot if 0 <= pivot < self._photos.rowCount() else max(self.currentIndex().row(), 0)
            command = Flag.Select if modifiers & CONTROL else Flag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, Flag.NoUpdate)
            self._select_range(pivot, row, command)
        elif modifiers & CONTROL:
            self.selectionModel().setCurrentIndex(index, Flag.Toggle if toggle else Flag.NoUpdate)
            pivot = row
        else:
            self.selectionModel().setCurrentIndex(index, Flag.ClearAndSelect)
            pivot = row
        self._pivot = pivot
        self.scrollTo(index)

    # what is looked at stays in sight

    @Slot()
    def _relayout(self) -> None:
        """Lay out anew; the current photo is still whole on screen afterwards if it was before."""
        before, was_in_sight = self._room, self._in_sight
        super()._relayout()
        self._room = (self._shape, self.viewport().height())
        if was_in_sight and before != self._room:
            self.keep_in_sight()

    def keep_in_sight(self) -> None:
        """Bring the current photo whole on screen, scrolling as little as that takes."""
        self._in_sight = False
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        self._look_where()

    def _look_where(self) -> None:
        self._in_sight = self.row_is_whole(self.currentIndex().row())

    @property
    def is_current_in_sight(self) -> bool:
        """Whether all of the current photo is on screen."""
        return self._in_sight

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scrolled by hand, the current photo may go out of sight."""
        super().scrollContentsBy(dx, dy)
        if not self._is_laying_out:
            self._look_where()

    @Slot()
    def _tell_selection(self) -> None:
        self.selectionChangedTo.emit(self.selected_ids())

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Repaint and tell, once for several changes."""
        QListView.selectionChanged(self, selected, deselected)
        self._telling.start()

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        """Repaint both photos with their rings and tell."""
        QListView.currentChanged(self, current, previous)
        self._update_row(previous.row())
        self._update_row(current.row())
        self._look_where()
        self.currentPhotoChanged.emit(self.current_photo())

    def reset(self) -> None:
        """Other photos: nothing is selected or current."""
        self._in_sight = False
        super().reset()
        self._pivot = -1
        self._telling.start()
        self.currentPhotoChanged.emit(None)

    # keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a photo area; all others are left to the window."""
        if not self._take_key(Qt.Key(event.key()), event.modifiers()):
            event.ignore()

    def _take_key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        current = self.current_photo()
        control, shift = bool(modifiers & CONTROL), bool(modifiers & SHIFT)
        if modifiers & _ALT:
            return False
        if key in _MOVES:
            return self._move(key, modifiers)
        if key == _Key.Key_A and control:
            (self.clearSelection if shift else self.selectAll)()
        elif key in (_Key.Key_Plus, _Key.Key_Equal) and control:
            self.step_size(1)
        elif key in (_Key.Key_Minus, _Key.Key_Underscore) and control:
            self.step_size(-1)
        elif key == _Key.Key_0 and control:
            self.reset_size()
        elif key == _Key.Key_Menu or (key == _Key.Key_F10 and shift and not control):
            self.menuKeyPressed.emit()
        elif key == _Key.Key_Space and control and current is not None:
            self._go_to(self.currentIndex().row(), CONTROL, toggle=True)
        elif key == _Key.Key_Delete or (_MAC and control and key == _Key.Key_Backspace):
            self.trashAsked.emit()
        elif control or current is None:
            return False
        elif key in (_Key.Key_Plus, _Key.Key_Equal):  # on most keyboards one of them needs Shift
            self.moreAsked.emit()
        elif shift:
            return False
        elif key == _Key.Key_Minus:
            self.lessAsked.emit()
        elif key in (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Space):
            self.photoActivated.emit(current)
        elif key == _Key.Key_S:
            self.findAlike.emit(current)
        elif key == _Key.Key_L:
            self.labelAsked.emit()
        elif key == _Key.Key_B:
            self.partAsked.emit()
        elif key in (_Key.Key_W, _Key.Key_F3):
            self.whyAsked.emit()
        else:
            return False
        return True

    def _move(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if self._photos.rowCount():
            self._go_to(self._target(key), modifiers)
        return True

    def _target(self, key: Qt.Key) -> int:
        """The row that a moving key leads to."""
        last, row = self._photos.rowCount() - 1, self.currentIndex().row()
        if key == _Key.Key_Home or (row < 0 and key != _Key.Key_End):
            return 0 if row >= 0 or key == _Key.Key_Home else max(0, self.first_visible()[0])
        if key == _Key.Key_End:
            return last
        if key in (_Key.Key_Left, _Key.Key_Right):
            return min(max(row + (1 if key == _Key.Key_Right else -1), 0), last)
        if key in (_Key.Key_PageUp, _Key.Key_PageDown):
            page = max(2 * self._layout.pitch, self.viewport().height() - self.heading_height)
            return self._layout.paged(row, page if key == _Key.Key_PageDown else -page)
        return self._layout.vertical(row, 1 if key == _Key.Key_Down else -1)

    def moveCursor(self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Where Qt's own moves lead, as the keys do."""
        moves = QAbstractItemView.CursorAction
        keys = {
            moves.MoveLeft: _Key.Key_Left, moves.MovePrevious: _Key.Key_Left,
            moves.MoveRight: _Key.Key_Right, moves.MoveNext: _Key.Key_Right,
            moves.MoveUp: _Key.Key_Up, moves.MoveDown: _Key.Key_Down,
            moves.MoveHome: _Key.Key_Home, moves.MoveEnd: _Key.Key_End,
            moves.MovePageUp: _Key.Key_PageUp, moves.MovePageDown: _Key.Key_PageDown,
        }  # fmt: skip
        return self._photos.index(self._target(keys[action])) if self._photos.rowCount() else QModelIndex()

    def keyboardSearch(self, _text: str) -> None:
        """No type-ahead: bare letters are keys of their own."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard's ring shows; without a place it begins at the top-left photo."""
        QAbstractItemView.focusInEvent(self, event)
        if not self.currentIndex().isValid() and self._photos.rowCount():
            row = max(0, self.first_visible()[0])
            self.selectionModel().setCurrentIndex(self._photos.index(row), Flag.NoUpdate)
        self._update_row(self.currentIndex().row())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard's ring goes."""
        QAbstractItemView.focusOutEvent(self, event)
        self._update_row(self.currentIndex().row())
