"""The photo grid as people use it: selecting, keys, hover buttons, places to come back to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QToolTip, QWidget

from desktop_app.core.types import PhotoId
from desktop_app.ui.grid.hover import FIND_ALIKE, HoverAction, button_rects
from desktop_app.ui.grid.model import GridModel
from desktop_app.ui.grid.surface import AnyIndex, GridSurface
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.theme import Theme

_Flag = QItemSelectionModel.SelectionFlag
_Key = Qt.Key
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier
_MOVES = (
    _Key.Key_Left, _Key.Key_Right, _Key.Key_Up, _Key.Key_Down,
    _Key.Key_Home, _Key.Key_End, _Key.Key_PageUp, _Key.Key_PageDown,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where someone was in a grid: what `Back` returns to.

    Attributes:
        current: the photo with the keyboard's ring, or None.
        selected: the selected photos.
        top: the top-left photo, or None.
        below: how many pixels its top was below the upper edge.
    """

    current: PhotoId | None
    selected: tuple[PhotoId, ...]
    top: PhotoId | None
    below: int


class PhotoGrid(GridSurface):
    """A grid of photos to look through, select in and act on.

    Args:
        theme: the program's look.
        thumbnails: where the pictures come from.
        model: a model of its own, or none to make one; `grid.photos` gives it back.

    Signals:
        photoActivated(PhotoId): double-click, Enter, Return or Space.
        findAlike(PhotoId): S or the magnifier.
        currentPhotoChanged(PhotoId | None): the keyboard's place moved.
        selectionChangedTo(list[PhotoId]): once per turn of the event loop, in the order of the grid.
        contextMenuAsked(list[PhotoId], QPoint): for these photos, at a point of the screen.
        hoverActionClicked(str, PhotoId): the key of a button other than the magnifier.
        wantedSizeChanged(int)
    """

    photoActivated = Signal(object)
    findAlike = Signal(object)
    currentPhotoChanged = Signal(object)
    selectionChangedTo = Signal(list)
    contextMenuAsked = Signal(list, QPoint)
    hoverActionClicked = Signal(str, object)

    def __init__(
        self, theme: Theme, thumbnails: Thumbnails, model: GridModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._pivot = -1  # where a range extended with Shift begins
        self._pressed_row = -1  # a selected photo pressed without a key: alone selected on release
        self._menu_is_asked = False
        self._telling = QTimer(singleShot=True, interval=0)
        super().__init__(theme, thumbnails, model or GridModel(), parent)
        if model is None:
            self._photos.setParent(self)
        self._telling.setParent(self)
        self._telling.timeout.connect(self._tell_selection)
        self.set_hover_actions((FIND_ALIKE,))
        self.setAccessibleName("Photos")

    @property
    def photos(self) -> GridModel:
        """The model."""
        return self._photos

    # what is shown

    def show_photos(
        self,
        ids: Iterable[int],
        scores: Iterable[float] | None = None,
        *,
        pinned: bool = False,
        sections: Sequence[tuple[int, str]] = (),
        keep_place: bool = False,
    ) -> None:
        """Show other photos, from the top or, as far as they are still there, where one was.

        Args:
            ids: distinct photo ids in order.
            scores: likeness for each, or none.
            pinned: the first is the photo that is looked for.
            sections: headings, (first row, title).
            keep_place: keep selection, current photo and the top-left photo: the same photos in another order,
                or with new ones among them.
        """
        place = self.place() if keep_place else None
        self._photos.replace(ids, scores, pinned=pinned)
        if sections:
            self._photos.set_sections(sections)
        if place is not None:
            self.restore(place)

    def place(self) -> Place:
        """Where one is now."""
        row, below = self.first_visible()
        current = self.currentIndex().row()
        return Place(
            self._photos.id_at(current) if current >= 0 else None,
            tuple(self.selected_ids()),
            self._photos.id_at(row) if row >= 0 else None,
            below,
        )

    def restore(self, place: Place) -> None:
        """Go back to a place, as far as its photos are still shown."""
        rows = sorted(row for row in map(self._photos.row_of, place.selected) if row >= 0)
        selection, at = QItemSelection(), 0
        while at < len(rows):
            end = at
            while end + 1 < len(rows) and rows[end + 1] == rows[end] + 1:
                end += 1
            selection.select(self._photos.index(rows[at]), self._photos.index(rows[end]))
            at = end + 1
        self.selectionModel().select(selection, _Flag.ClearAndSelect)
        current = self._photos.row_of(place.current) if place.current is not None else -1
        if current >= 0:
            self.selectionModel().setCurrentIndex(self._photos.index(current), _Flag.NoUpdate)
            self._pivot = current
        if place.top is not None:
            self.scroll_to_place(self._photos.row_of(place.top), place.below)

    # selection

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

    def selectAll(self) -> None:
        """Select every photo, as one range."""
        last = self._photos.rowCount() - 1
        if last >= 0:
            self._select_range(0, last, _Flag.ClearAndSelect)

    def _select_range(self, first: int, last: int, command: QItemSelectionModel.SelectionFlag) -> None:
        first, last = min(first, last), max(first, last)
        self.selectionModel().select(QItemSelection(self._photos.index(first), self._photos.index(last)), command)

    def _go_to(self, row: int, modifiers: Qt.KeyboardModifier, *, toggle: bool = False) -> None:
        """Make `row` current and select as the keys held say; `toggle` is what Ctrl does with the mouse."""
        index, pivot = self._photos.index(row), self._pivot
        if modifiers & _SHIFT:
            pivot = pivot if 0 <= pivot < self._photos.rowCount() else max(self.currentIndex().row(), 0)
            command = _Flag.Select if modifiers & _CONTROL else _Flag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, _Flag.NoUpdate)
            self._select_range(pivot, row, command)
        elif modifiers & _CONTROL:
            self.selectionModel().setCurrentIndex(index, _Flag.Toggle if toggle else _Flag.NoUpdate)
            pivot = row
        else:
            self.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect)
            pivot = row
        self._pivot = pivot
        self.scrollTo(index)

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
        self.currentPhotoChanged.emit(self.current_photo())

    def reset(self) -> None:
        """Other photos: nothing is selected or current."""
        super().reset()
        self._pivot = self._pressed_row = -1
        self._telling.start()
        self.currentPhotoChanged.emit(None)

    # mouse

    def set_hover_actions(self, actions: Sequence[HoverAction]) -> None:
        """Which buttons appear on the photo under the pointer, from left to right."""
        self._painter_of_photos.actions = tuple(actions)
        self.viewport().update()

    def button_at(self, point: QPoint) -> HoverAction | None:
        """The hover button at a point of the viewport."""
        index = self.indexAt(point)
        if index.isValid():
            for action, rect in button_rects(self.visualRect(index), self._painter_of_photos.actions):
                if rect.contains(point):
                    return action
        return None

    def _hover(self, point: QPoint | None) -> None:
        delegate = self._painter_of_photos
        row = self.indexAt(point).row() if point is not None else -1
        action = self.button_at(point) if point is not None else None
        key = action.key if action is not None else ""
        if (row, key) == (delegate.hovered, delegate.hovered_key):
            return
        self._update_row(delegate.hovered)
        delegate.hovered, delegate.hovered_key = row, key
        self._update_row(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select; a button under the pointer is pressed instead."""
        point, row = event.position().toPoint(), self.indexAt(event.position().toPoint()).row()
        self._hover(point)
        self._pressed_row = -1
        modifiers = event.modifiers()
        if event.button() == Qt.MouseButton.RightButton:
            if row >= 0 and not self._row_is_selected(row):
                self._go_to(row, Qt.KeyboardModifier.NoModifier)
        elif event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        elif self._painter_of_photos.hovered_key:
            self._painter_of_photos.pressed_key = self._painter_of_photos.hovered_key
            self._update_row(row)
        elif row < 0:
            if not modifiers & (_CONTROL | _SHIFT):
                self.clearSelection()
        elif self._row_is_selected(row) and not modifiers & (_CONTROL | _SHIFT):
            self._pressed_row = row
            self.selectionModel().setCurrentIndex(self._photos.index(row), _Flag.NoUpdate)
        else:
            self._go_to(row, modifiers, toggle=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the buttons of the photo under the pointer."""
        self._hover(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Click a button, or reduce a selection to the photo clicked."""
        delegate = self._painter_of_photos
        point = event.position().toPoint()
        row = self.indexAt(point).row()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        pressed, delegate.pressed_key = delegate.pressed_key, ""
        if pressed:
            self._update_row(row)
            if row >= 0 and delegate.hovered_key == pressed:
                self._click(pressed, self._photos.id_at(row))
        elif row >= 0 and row == self._pressed_row:
            self._go_to(row, Qt.KeyboardModifier.NoModifier)
        self._pressed_row = -1

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the photo; on a button it is a second click."""
        row = self.indexAt(event.position().toPoint()).row()
        if event.button() != Qt.MouseButton.LeftButton or self.button_at(event.position().toPoint()) is not None:
            self.mousePressEvent(event)
        elif row >= 0 and not event.modifiers() & (_CONTROL | _SHIFT):
            self._pressed_row = -1
            self.photoActivated.emit(self._photos.id_at(row))

    def _click(self, key: str, photo: PhotoId) -> None:
        if key == FIND_ALIKE.key:
            self.findAlike.emit(photo)
        else:
            self.hoverActionClicked.emit(key, photo)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips of buttons before those of photos; the pointer leaves."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            action = self.button_at(event.pos())
            if action is not None:
                QToolTip.showText(event.globalPos(), action.text, self.viewport())
                return True
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """What is under the pointer is another photo now."""
        super().scrollContentsBy(dx, dy)
        if self._painter_of_photos.hovered >= 0:
            self._hover(self.viewport().mapFromGlobal(self.cursor().pos()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu: by the mouse where it is, by key at the current photo."""
        self._ask_menu(event.globalPos() if event.reason() == QContextMenuEvent.Reason.Mouse else None)
        event.accept()

    def _ask_menu(self, at: QPoint | None) -> None:
        # A key arrives both as itself and, on some systems, as a menu event: one of them counts.
        if self._menu_is_asked:
            return
        self._menu_is_asked = True
        QTimer.singleShot(0, self, self._menu_was_asked)
        if at is None:
            rect = self.visualRect(self.currentIndex()) & self.viewport().rect()
            at = self.viewport().mapToGlobal(rect.center())
        self.contextMenuAsked.emit(self.selected_ids(), at)

    @Slot()
    def _menu_was_asked(self) -> None:
        self._menu_is_asked = False

    # keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a photo area; all others are left to the window."""
        if not self._take_key(Qt.Key(event.key()), event.modifiers()):
            event.ignore()

    def _take_key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        current = self.current_photo()
        control, shift = bool(modifiers & _CONTROL), bool(modifiers & _SHIFT)
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
            self._ask_menu(None)
        elif key == _Key.Key_Space and control and current is not None:
            self._go_to(self.currentIndex().row(), _CONTROL, toggle=True)
        elif control or shift or current is None:
            return False
        elif key in (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Space):
            self.photoActivated.emit(current)
        elif key == _Key.Key_S:
            self.findAlike.emit(current)
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
        page = max(2, self.viewport().height() // self._layout.pitch)
        lines = {_Key.Key_Up: -1, _Key.Key_Down: 1, _Key.Key_PageUp: -page, _Key.Key_PageDown: page}[key]
        return self._layout.vertical(row, lines)

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
            self.selectionModel().setCurrentIndex(self._photos.index(row), _Flag.NoUpdate)
        self._update_row(self.currentIndex().row())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard's ring goes."""
        QAbstractItemView.focusOutEvent(self, event)
        self._update_row(self.currentIndex().row())
