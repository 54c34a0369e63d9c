"""The keys of the viewer, by the name of what they do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_KEY = Qt.Key
_BARE = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier

ARROWS = (_KEY.Key_Left, _KEY.Key_Right)
"""Change the photo wherever the keyboard is; the other keys leave a focused button its Enter and Space."""

_NAMES = {
    (_KEY.Key_Left, _BARE): "previous",
    (_KEY.Key_Right, _BARE): "next",
    (_KEY.Key_PageUp, _BARE): "previous",
    (_KEY.Key_PageDown, _BARE): "next",
    (_KEY.Key_Home, _BARE): "first",
    (_KEY.Key_End, _BARE): "last",
    (_KEY.Key_Z, _BARE): "zoom",
    (_KEY.Key_I, _BARE): "details",
    (_KEY.Key_S, _BARE): "find",
    (_KEY.Key_B, _BARE): "box",
    (_KEY.Key_O, _BARE): "place",
    (_KEY.Key_L, _BARE): "label",
    (_KEY.Key_W, _BARE): "why",
    (_KEY.Key_F3, _BARE): "why",
    (_KEY.Key_Plus, _BARE): "more",
    (_KEY.Key_Plus, _SHIFT): "more",
    (_KEY.Key_Equal, _BARE): "more",
    (_KEY.Key_Minus, _BARE): "less",
    (_KEY.Key_Delete, _BARE): "trash",
    (_KEY.Key_Backspace, _CTRL): "trash",
    (_KEY.Key_Escape, _BARE): "leave",
    (_KEY.Key_Space, _BARE): "leave",
    (_KEY.Key_Return, _BARE): "leave",
    (_KEY.Key_Enter, _BARE): "leave",
    (_KEY.Key_Plus, _CTRL): "larger",
    # "+" is on a shifted key on many keyboards
    (_KEY.Key_Plus, _CTRL | _SHIFT): "larger",
    (_KEY.Key_Equal, _CTRL): "larger",
    (_KEY.Key_Minus, _CTRL): "smaller",
    (_KEY.Key_0, _CTRL): "fit",
    (_KEY.Key_I, _CTRL): "details",
    (_KEY.Key_R, _CTRL | _SHIFT): "show file",
    (_KEY.Key_C, _CTRL | _SHIFT): "copy path",
}


def named(event: QKeyEvent) -> str:
    """What a key does in the viewer; "" for keys that are not the viewer's."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return _NAMES.get((Qt.Key(event.key()), modifiers), "")
