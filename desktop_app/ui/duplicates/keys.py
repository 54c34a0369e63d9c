"""What keys mean on the Duplicates page, wherever on it the keyboard is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_Key = Qt.Key
_BARE = {
    _Key.Key_Up: "previous",
    _Key.Key_Down: "next",
    _Key.Key_Left: "left",
    _Key.Key_Right: "right",
    _Key.Key_PageUp: "page up",
    _Key.Key_PageDown: "page down",
    _Key.Key_Home: "first",
    _Key.Key_End: "last",
    _Key.Key_K: "keep",
    _Key.Key_N: "not copies",
    _Key.Key_Return: "do",
    _Key.Key_Enter: "do",
    _Key.Key_Space: "compare",
    _Key.Key_Z: "zoom",
    _Key.Key_D: "difference",
    _Key.Key_Delete: "trash",
}
_WITH_CTRL = {
    _Key.Key_Return: "all exact",
    _Key.Key_Enter: "all exact",
    _Key.Key_Plus: "larger",
    _Key.Key_Equal: "larger",
    _Key.Key_Minus: "smaller",
    _Key.Key_0: "fit",
}
_SHIFTED = {_Key.Key_K: "toggle", _Key.Key_N: "not this"}
_REPEATING = frozenset(("previous", "next", "left", "right", "page up", "page down", "larger", "smaller"))
LINES = (
    ("Up · Down", "Set before, set after"),
    ("Left · Right", "Photo within the set"),
    ("K", "Keep this one, the others go; with Shift keep this one too, or let it go"),
    ("N", "Not copies, for good; with Shift only this one is none"),
    ("Enter", "Do as suggested or marked, then the next set"),
    ("Space", "Side by side, again to return"),
    ("Z", "100 % in step"),
    ("D", "Differences"),
    ("Delete", "Move this photo to the trash"),
    ("Ctrl+Enter", "All exact copies: shows what changes"),
)
"""Keys and what they do, for the list of keys."""


def meaning(event: QKeyEvent) -> str:
    """What a key asks for: a word of the page, or "" where it means nothing here.

    A key held down walks; it never decides for the sets to come, which gives "held".
    """
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    found = ""
    if modifiers == Qt.KeyboardModifier.ControlModifier:
        found = _WITH_CTRL.get(_Key(event.key()), "")
    elif modifiers == Qt.KeyboardModifier.ShiftModifier:
        found = _SHIFTED.get(_Key(event.key()), "")
    elif not modifiers:
        found = _BARE.get(_Key(event.key()), "")
    if found and event.isAutoRepeat() and found not in _REPEATING:
        return "held"
    return found


def claims(event: QKeyEvent) -> bool:
    """Whether a key is the page's even where the window has it as a shortcut."""
    return bool(meaning(event))
