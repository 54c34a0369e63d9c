"""What keys mean while labelling: answers, the guess, the way on and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from desktop_app.ui.label.values import NONE_KEY

if TYPE_CHECKING:
    from desktop_app.ui.label.view import LabelView

_Key = Qt.Key
_ENTER = (_Key.Key_Return, _Key.Key_Enter)


def _modifiers(event: QKeyEvent) -> Qt.KeyboardModifier:
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def claims(event: QKeyEvent) -> bool:
    """Whether a key is the page's even where the window has it as a shortcut: bare letters, Ctrl+G, Ctrl+Enter."""
    modifiers = _modifiers(event)
    if modifiers == Qt.KeyboardModifier.ControlModifier:
        return event.key() in (_Key.Key_G, *_ENTER)
    bare = not modifiers or modifiers == Qt.KeyboardModifier.ShiftModifier
    return bare and len(event.text()) == 1 and event.text().isalnum()


def take(view: LabelView, event: QKeyEvent) -> bool:
    """Do what a key means in a view; False where it means nothing."""
    modifiers, key = _modifiers(event), event.key()
    if modifiers == Qt.KeyboardModifier.ControlModifier:
        if key == _Key.Key_G:
            view.boardWanted.emit(not view.is_board)
            return True
        if key in _ENTER:
            view.takeAsked.emit()
            return True
        return False
    if modifiers and modifiers != Qt.KeyboardModifier.ShiftModifier:
        return False
    if view.is_empty and key not in (_Key.Key_Left, _Key.Key_Backspace):
        return False
    return _take_answer(view, event) or (not modifiers and _take_move(view, event))


def _take_answer(view: LabelView, event: QKeyEvent) -> bool:
    pressed = event.text()
    if len(pressed) != 1 or not pressed.isalnum():
        return False
    found = view.answer_of(pressed)
    if found is None and pressed != NONE_KEY:
        return False
    if not event.isAutoRepeat():  # a key held down must not answer for the photos to come
        view.answered.emit(None if found is None else found.id)
    return True


def _take_move(view: LabelView, event: QKeyEvent) -> bool:
    key = event.key()
    if key in _ENTER:
        if event.isAutoRepeat():
            return True
        if view.is_board:
            view.boardTaken.emit()
        elif view.guess is not None or view.is_given:
            view.guessAccepted.emit()
    elif key == _Key.Key_F3:
        view.whyAsked.emit()
    elif view.is_board:
        return False
    elif key == _Key.Key_Right:
        view.left.emit()
    elif key in (_Key.Key_Left, _Key.Key_Backspace):
        view.wentBack.emit()
    elif key == _Key.Key_Space:
        view.photo.toggle()
    else:
        return False
    return True
