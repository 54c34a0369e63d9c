"""Opens the program's real window inside a benchmark, and watches what is painted.

Runs without a screen too: where there is no display, Qt's offscreen platform draws into memory.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.name == "nt"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app import app as program
from desktop_app.core.images.decode import single_threaded
from desktop_app.ui import theme
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.remembered import Remembered
from desktop_app.ui.windows import Windows

__all__ = ["Painted", "Window", "key_press", "wait_for"]


class Window:
    """One library in the program's window, in this process; close it at the end."""

    def __init__(self, library: Path, add: tuple[Path, ...] = ()) -> None:
        program._prepare()
        single_threaded()
        existing = QApplication.instance()
        self.app = existing if isinstance(existing, QApplication) else QApplication(["likeness"])
        self._windows = Windows(theme.apply(self.app, "light"), Remembered(), "cpu")
        self._windows.open(library, list(add))
        self.main: MainWindow = self._windows.open_windows[-1]

    @property
    def grid(self):
        """The photo grid."""
        return self.main.page.grid

    def screen_is_there(self) -> bool:
        """Whether every photo on screen has its picture."""
        return shown_pictures(self.main, whole=True)

    def close(self) -> None:
        """Close the window and its library."""
        self._windows.close_all()
        self.app.processEvents()


def shown_pictures(main: MainWindow, *, whole: bool, first: int = 0) -> bool:
    """Whether photos on screen have their pictures: the whole screen's, the `first` ones, or any."""
    grid, photos = main.page.grid, main.page.grid.photos
    rows = list(grid.visible_rows())[: first or None]
    if not rows:
        return False
    thumbnails = grid._thumbnails
    side = thumbnails.side(grid._layout.side, grid.devicePixelRatio())
    if grid._delegate.places:  # whole photos
        side = -side
    there = ((photos.id_at(row), side) in thumbnails._kept for row in rows)
    return all(there) if whole else any(there)


class Painted(QObject):
    """Notes when a widget was painted while something held.

    The moment is the next turn of the event loop after the paint event: by then the picture is on the screen.
    """

    def __init__(self, widget: QWidget, holds: Callable[[], bool]) -> None:
        super().__init__()
        self._widget, self._holds = widget, holds
        self.at = 0.0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything through, and look."""
        if event.type() == QEvent.Type.Paint and not self.at and self._holds():
            QTimer.singleShot(0, self, self._note)
        return False

    def _note(self) -> None:
        if not self.at:
            self.at = time.perf_counter()
            self._widget.removeEventFilter(self)


def wait_for(holds: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Let the event loop run until something holds; false when it takes too long."""
    end, loop, clock = time.perf_counter() + seconds, QEventLoop(), QTimer(interval=2)

    def look() -> None:
        if holds() or time.perf_counter() > end:
            loop.quit()

    clock.timeout.connect(look)
    clock.start()
    if not holds():
        loop.exec()
    clock.stop()
    return holds()


def key_press(widget: QWidget, key: Qt.Key) -> None:
    """Press and release a key, as if it came from the window system."""
    text = chr(key).lower() if Qt.Key.Key_A <= key <= Qt.Key.Key_Z else ""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.postEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
