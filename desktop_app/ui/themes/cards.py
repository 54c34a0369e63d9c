"""The cards of the themes under keyboard and mouse: chosen, named, opened, merged, split, locked, taken away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.theme import Theme
from desktop_app.ui.themes.moving import MovingWall
from desktop_app.ui.themes.wall import Flag

_Key = Qt.Key
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_MOVES = (
    _Key.Key_Left, _Key.Key_Right, _Key.Key_Up, _Key.Key_Down,
    _Key.Key_Home, _Key.Key_End, _Key.Key_PageUp, _Key.Key_PageDown,
)  # fmt: skip


class ThemeCards(MovingWall):
    """A wall of cards.

    Args:
        theme: the program's look.
        thumbnails: where pictures come from.

    Signals:
        openAsked(int): a theme: double-click or Enter.
        lookAsked(): Space: its photos below, or away with them.
        mergeAsked(list[int]), splitAsked(int), lockAsked(list[int]), removeAsked(list[int]), labelAsked(list[int]):
            M, P, K, Delete, L, for what is chosen.
        menuAsked(QPoint): for what is chosen, at a point of the screen.
        renamed(int, str), chosen(), moveAsked(list[int], int), wholeMoved(int, int)
    """

    openAsked = Signal(int)
    lookAsked = Signal()
    mergeAsked = Signal(object)
    splitAsked = Signal(int)
    lockAsked = Signal(object)
    removeAsked = Signal(object)
    labelAsked = Signal(object)
    menuAsked = Signal(QPoint)

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(theme, thumbnails, parent)
        self._pressed: tuple[int, int, QPoint] | None = None  # row, photo or -1 for the whole card, where
        self._name_pressed = -1

    # --- keys ------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_own(event):
            event.accept()  # before the window's shortcuts, which mean the photos
            return True
        return super().event(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers() & ~_KEYPAD
        if modifiers & _CTRL:
            return key in (_Key.Key_A, _Key.Key_Plus, _Key.Key_Equal, _Key.Key_Minus, _Key.Key_0)
        return not modifiers and key in (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Space, _Key.Key_F2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState or not self._take_key(event):
            if event.key() in _MOVES:
                super().keyPressEvent(event)
            else:
                event.ignore()

    def _take_key(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers() & ~_KEYPAD
        if modifiers & _CTRL:
            if key == _Key.Key_A:
                (self.clearSelection if modifiers & _SHIFT else self.selectAll)()
            elif key in (_Key.Key_Plus, _Key.Key_Equal):
                self.step_size(1)
            elif key == _Key.Key_Minus:
                self.step_size(-1)
            elif key == _Key.Key_0:
                self.step_size(0)
            else:
                return False
            return True
        if modifiers:
            return False
        if key == _Key.Key_Escape and self.selectionModel().hasSelection():
            self.clearSelection()
            return True
        return self._act(_Key(key))

    def _act(self, key: Qt.Key) -> bool:
        current = self.current_card()
        ids = self.chosen_ids() or ([current.id] if current is not None else [])
        if key in (_Key.Key_Return, _Key.Key_Enter):
            if current is not None:
                self.openAsked.emit(current.id)
        elif key == _Key.Key_Space:
            if current is not None and current.id not in self.chosen_ids():
                self.choose([current.id])
            self.lookAsked.emit()
        elif key == _Key.Key_F2:
            self.rename()
        elif not ids:
            return False
        elif key == _Key.Key_M:
            self.mergeAsked.emit(ids)
        elif key == _Key.Key_P:
            self.splitAsked.emit(ids[0])
        elif key == _Key.Key_K:
            self.lockAsked.emit(ids)
        elif key == _Key.Key_L:
            self.labelAsked.emit(ids)
        elif key in (_Key.Key_Delete, _Key.Key_Backspace):
            self.removeAsked.emit(ids)
        else:
            return False
        return True

    def keyboardSearch(self, _search: str) -> None:
        """Letters are commands here, not the beginning of a name."""

    # --- mouse -----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        row, photo, on_name = self.part_at(point)
        self._pressed, self._name_pressed = None, -1
        plain = not event.modifiers() & (_CTRL | _SHIFT)
        if row < 0:
            if plain and event.button() == Qt.MouseButton.LeftButton:
                self.clearSelection()
            return
        index = self.themes.index(row)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = (row, photo, point)
            if plain and self.selectionModel().isSelected(index):
                # several stay chosen while one of them is dragged; a click on the name of the one writes over it
                alone = len(self.selectionModel().selectedIndexes()) == 1
                self._name_pressed = row if on_name and alone else -1
                self.selectionModel().setCurrentIndex(index, Flag.NoUpdate)
                return
        elif event.button() == Qt.MouseButton.RightButton and self.selectionModel().isSelected(index):
            self.selectionModel().setCurrentIndex(index, Flag.NoUpdate)
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            row, photo, at = self._pressed
            if (point - at).manhattanLength() >= QApplication.startDragDistance():
                self._pressed, self._name_pressed = None, -1
                self._drag(row, photo)
            return
        row, _photo, on_name = self.part_at(point)
        hovered = row if on_name else -1
        if hovered != self._delegate.hovered_name:
            self._delegate.hovered_name = hovered
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if event.button() == Qt.MouseButton.LeftButton and pressed is not None:
            row = pressed[0]
            if self._name_pressed == row and self.part_at(event.position().toPoint())[2]:
                self.edit(self.themes.index(row))
            elif not event.modifiers() & (_CTRL | _SHIFT):
                self.selectionModel().setCurrentIndex(self.themes.index(row), Flag.ClearAndSelect)
        self._name_pressed = -1
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row, _photo, on_name = self.part_at(event.position().toPoint())
        if row < 0 or event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = None
        card = self.themes.row(row)
        assert card is not None
        if on_name:
            self.edit(self.themes.index(row))
        else:
            self.openAsked.emit(card.id)

    def leaveEvent(self, event: QEvent) -> None:
        if self._delegate.hovered_name >= 0:
            self._delegate.hovered_name = -1
            self.viewport().update()
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """At the mouse, or by key at the current card."""
        at = event.globalPos()
        if event.reason() != QContextMenuEvent.Reason.Mouse:
            rect = self.visualRect(self.currentIndex()) & self.viewport().rect()
            at = self.viewport().mapToGlobal(rect.center())
            if not self.selectionModel().hasSelection() and self.currentIndex().isValid():
                self.selectionModel().select(self.currentIndex(), Flag.ClearAndSelect)
        if self.selectionModel().hasSelection():
            self.menuAsked.emit(at)
        event.accept()
