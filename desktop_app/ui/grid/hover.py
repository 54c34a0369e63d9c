"""The buttons that appear on the photo under the pointer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect

BUTTON = 28
_GAP = 2
_INSET = 6


@dataclass(frozen=True, slots=True)
class HoverAction:
    """A button on the photo under the pointer.

    Attributes:
        key: what the grid's `hoverActionClicked` names.
        icon: name of a line icon.
        text: tooltip and name for a screen reader, with the key that does the same.
    """

    key: str
    icon: str
    text: str


FIND_ALIKE = HoverAction("alike", "find-alike", "Find alike (S)")
MORE_LIKE = HoverAction("more", "plus", "More like this (+)")
LESS_LIKE = HoverAction("less", "minus", "Less like this (-)")


def button_rects(photo: QRect, actions: Sequence[HoverAction]) -> list[tuple[HoverAction, QRect]]:
    """Where the buttons of `actions` lie on `photo`, in order; only the last where there is no room for all."""
    room = (photo.width() - 2 * _INSET + _GAP) // (BUTTON + _GAP)
    shown = actions if len(actions) <= room else actions[-1:]
    left = photo.left() + photo.width() - _INSET - len(shown) * (BUTTON + _GAP) + _GAP
    return [
        (action, QRect(left + at * (BUTTON + _GAP), photo.top() + _INSET, BUTTON, BUTTON))
        for at, action in enumerate(shown)
    ]
