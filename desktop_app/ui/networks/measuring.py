"""Measures networks one after the other, and only while nothing else works the processor.

A speed measured beside other work is too low, and it is kept: it would be shown as the truth, and the way of running
the network chosen by it.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.operations.networks import measure
from desktop_app.jobs import Job
from desktop_app.ui.comparing import Comparing
from desktop_app.ui.desk import Desk

WAITS = "The speed is measured when other work is done, since it would come out too low beside it."


class Measuring(QObject):
    """What waits to be measured, and what is being measured.

    Args:
        desk: the window's parts.
        comparing: knows which photos are being got ready.

    Signals:
        measured(): the speed of one more network is known.
        told(str): a sentence while something waits, "" else.
    """

    measured = Signal()
    told = Signal(str)

    def __init__(self, desk: Desk, comparing: Comparing) -> None:
        super().__init__(desk.window)
        self._desk, self._comparing = desk, comparing
        self._waiting: list[str] = []
        self._job: Job | None = None
        comparing.changed.connect(self._look)
        desk.adding.viewChanged.connect(self._look)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing else works the processor."""
        return not self._desk.adding.is_running and not self._comparing.under_way

    @property
    def is_idle(self) -> bool:
        """Whether nothing is measured and nothing waits."""
        return self._job is None and not self._waiting

    def ask(self, name: str) -> None:
        """Measure a network, as soon as it can be done truly."""
        if name not in self._waiting:
            self._waiting.append(name)
        self._look()

    @Slot()
    def _look(self) -> None:
        quiet = self.is_quiet
        if self._job is not None:
            if not quiet:
                self._job.cancel()  # it waits again
        elif self._waiting and quiet:
            name = self._waiting[0]
            background, lane = self._desk.background, self._desk.session.errands
            job = self._job = background.start(
                measure(name), "measuring a network", "Measuring speed", lane=lane, pause=False
            )
            job.succeeded.connect(self.measured)
            job.finished.connect(partial(self._ended, name))
        self.told.emit("" if quiet or not self._waiting else WAITS)

    def _ended(self, name: str) -> None:
        self._job = None
        if self.is_quiet:  # measured, failed, or stopped by the person; else it was cut off by other work
            self._waiting.remove(name)
        self._look()
