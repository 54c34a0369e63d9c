"""Where photos can be selected in a window: the keys and commands of photos mean those that one is looking at."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.core.types import PhotoId
from desktop_app.ui.grid import PhotoGrid

if TYPE_CHECKING:
    from desktop_app.ui.commands import Commands

_Key = Qt.Key
_MAC = sys.platform == "darwin"
_LETTERS = {
    _Key.Key_S: "find_alike",
    _Key.Key_L: "label_photos",
    _Key.Key_B: "part",
    _Key.Key_W: "why_alike",
}
_SIGNS = {
    _Key.Key_Plus: "more_like",
    _Key.Key_Equal: "more_like",  # on most keyboards one of the two needs Shift
    _Key.Key_Minus: "less_like",
    _Key.Key_F3: "why_alike",
    _Key.Key_Delete: "trash",
}
# in a window of its own the main window's shortcuts do not work
_ALSO = ("copy_files", "copy_paths", "show_file", "undo", "redo")


@dataclass(frozen=True, slots=True)
class Area:
    """A widget with photos that can be selected.

    Attributes:
        widget: has the keyboard.
        chosen: the selected photos in their order; below 0 for a picture that is no photo of the library.
        current: the photo with the keyboard's ring, or None.
        activate: opens a photo.
        letters: whether bare letters are commands there; on the Label page they are answers.
    """

    widget: QWidget
    chosen: Callable[[], list[PhotoId]]
    current: Callable[[], PhotoId | None]
    activate: Callable[[PhotoId], object]
    letters: bool = True


class PhotoAreas(QObject):
    """All of a window's areas. What a command is to act on is what is selected in the one that is looked at.

    Signals:
        menuAsked(list[PhotoId], QPoint): what can be done with these photos, at a point of the screen.
    """

    menuAsked = Signal(object, QPoint)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._areas: dict[QWidget, Area] = {}
        self._commands: Commands | None = None

    def join(self, commands: Commands) -> None:
        """What the keys of photos do."""
        self._commands = commands

    @property
    def areas(self) -> tuple[Area, ...]:
        """All of them."""
        return tuple(self._areas.values())

    def add(self, area: Area, *, keys: bool = True) -> None:
        """One more area; with `keys` those of photos are taken there."""
        self._areas[area.widget] = area
        area.widget.destroyed.connect(partial(self._areas.pop, area.widget, None))
        if keys:
            area.widget.installEventFilter(self)

    def add_grid(self, grid: PhotoGrid, *, letters: bool = True, keys: bool = True) -> None:
        """A grid of photos."""
        area = Area(grid, grid.selected_ids, grid.current_photo, grid.photoActivated.emit, letters)
        self.add(area, keys=keys)
        if keys:
            grid.contextMenuAsked.connect(self.menuAsked)

    def here(self) -> Area | None:
        """The area that is looked at: the one with the keyboard, else one in sight with something selected."""
        focus, window = QApplication.focusWidget(), QApplication.activeWindow()
        seen = [one for one in self._areas.values() if one.widget.isVisible()]
        for area in seen:
            if focus is not None and (area.widget is focus or area.widget.isAncestorOf(focus)):
                return area
        near = [one for one in seen if window is None or one.widget.window() is window] or seen
        return next((one for one in near if one.chosen()), near[0] if near else None)

    def chosen(self) -> list[PhotoId]:
        """The photos that are selected where one looks; none on a page without photos."""
        area = self.here()
        return [] if area is None else [photo for photo in area.chosen() if photo >= 0]

    def current(self) -> PhotoId | None:
        """The photo with the keyboard's ring there."""
        area = self.here()
        return None if area is None else area.current()

    def activate(self) -> bool:
        """Open the photo with the ring; False where there is none."""
        area, photo = self.here(), self.current()
        if area is None or photo is None:
            return False
        area.activate(photo)
        return True

    # --- keys ------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of photos."""
        area = self._areas.get(watched) if isinstance(watched, QWidget) else None
        if area is None or self._commands is None:
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            command = self._named(area, event)
            if command:
                self._commands[command].trigger()
                return True
        return False

    def _named(self, area: Area, event: QKeyEvent) -> str:
        key, modifiers = _Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not modifiers:
            return _SIGNS.get(key) or (_LETTERS.get(key, "") if area.letters else "")
        if modifiers == Qt.KeyboardModifier.ShiftModifier and key == _Key.Key_Plus:
            return "more_like"
        if _MAC and modifiers == Qt.KeyboardModifier.ControlModifier and key == _Key.Key_Backspace:
            return "trash"
        assert self._commands is not None
        pressed = QKeySequence(event.keyCombination())
        return next((name for name in _ALSO if pressed in self._commands[name].shortcuts()), "")
