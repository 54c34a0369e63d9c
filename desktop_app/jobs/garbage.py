"""Python's cyclic garbage collector, kept to the GUI thread."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 500
_FULL_EVERY = 60  # of those


class GuiGarbage(QObject):
    """Collects cyclic garbage on the GUI thread only, for as long as it lives.

    Python collects on whichever thread happens to allocate; a widget or dialog that died in a cycle would then be
    destroyed by a lane's thread. So automatic collection is off, and twice a second the GUI thread does what is
    due by Python's own thresholds: the young generations, which takes under a millisecond, and twice a minute at
    most all. What exists when it is made, modules above all, is left out of that: make it at the end of the
    start. `stop` turns automatic collection on again.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.collect()
        gc.freeze()
        self._turn = 0
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the generation that is due, if any."""
        self._turn += 1
        counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [number for number, (count, limit) in enumerate(counts) if limit and count > limit]
        if due:
            may_be_all = self._turn % _FULL_EVERY == 0
            gc.collect(max(due) if may_be_all else min(max(due), 1))

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
