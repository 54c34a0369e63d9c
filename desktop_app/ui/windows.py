"""The program's windows: one per library; a library that is open elsewhere comes forward instead."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop_app.core.engines import Device
from desktop_app.ui.instance import hand_over
from desktop_app.ui.remembered import Remembered
from desktop_app.ui.theme import Theme

if TYPE_CHECKING:
    from desktop_app.ui.main_window import MainWindow

log = logging.getLogger(__name__)


class Windows(QObject):
    """Opens libraries, each in a window of its own.

    Args:
        theme: the program's look.
        remembered: the program's settings.
        device: "auto", "cpu" or "cuda".
    """

    def __init__(self, theme: Theme, remembered: Remembered, device: Device = "auto") -> None:
        super().__init__()
        self.theme, self.remembered, self.device = theme, remembered, device
        self.open_windows: list[MainWindow] = []

    def open(self, library: Path, add: Sequence[Path] = (), *, instead_of: QWidget | None = None) -> bool:
        """Show a library, and add folders to it.

        Args:
            library: its folder; made when absent.
            add: folders to add.
            instead_of: a window that closes once the other is there.

        Returns:
            False where a window of another process shows the library: that one came forward.
        """
        for window in self.open_windows:
            if window.library_folder == library:
                window.come_forward(add)
                self._close(instead_of, keep=window)
                return True
        if hand_over(library, add):
            self._close(instead_of, keep=None)
            return False
        from desktop_app.ui.main_window import MainWindow

        window = MainWindow(self, library, add)
        if instead_of is not None:
            window.resize(instead_of.size())
            window.move(instead_of.pos())
        self.open_windows.append(window)
        window.show()
        self._close(instead_of, keep=window)
        return True

    def forget(self, window: MainWindow) -> None:
        """A window was closed."""
        if window in self.open_windows:
            self.open_windows.remove(window)

    def close_all(self) -> None:
        """Close every window; the program ends with the last."""
        for window in list(self.open_windows):
            window.close()

    def _close(self, window: QWidget | None, keep: MainWindow | None) -> None:
        if window is not None and window is not keep:
            window.close()
