"""The settings while the program runs: read once, written in the background, one object for all windows."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core.settings import Settings

log = logging.getLogger(__name__)

_SAVE_AFTER_MS = 800


class Remembered(QObject):
    """Holds the settings and saves them soon after they change.

    Signals:
        changed(Settings): some differ.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = Settings.load()
        self._saving = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._saving.timeout.connect(self.save)

    def set(self, **changes: Any) -> None:
        """Change some settings."""
        changed = self.now.changed(**changes)
        if changed == self.now:
            return
        self.now = changed
        self._saving.start()
        self.changed.emit(changed)

    def opened(self, library: Path) -> None:
        """A library is open: the next start opens it, and the list of libraries holds it."""
        name = str(library)
        self.set(library=name, libraries=(name, *(other for other in self.now.libraries if other != name)))

    @Slot()
    def save(self) -> None:
        """Write them. It is a few hundred bytes; a folder that cannot be written costs only the memory."""
        self._saving.stop()
        try:
            self.now.save()
        except OSError as error:
            log.warning("settings cannot be saved: %s", error)
