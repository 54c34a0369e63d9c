"""Something that a person does once at a time, such as writing a file: while it goes on, it is not begun again."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.jobs.job import Job, Operation
from desktop_app.jobs.lane import Lane


class Single(QObject):
    """Runs one operation at a time on a lane, and says of each what its `Job` says.

    Where the newest question should win over the one before, use `Latest`.

    Signals:
        progressed(Progress), succeeded(object), failed(BaseException), cancelled(): of the operation.
        finished(): after it; by then the next one can be begun.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()

    def __init__(self, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._job: Job | None = None

    @property
    def is_running(self) -> bool:
        """Whether an operation has not ended yet."""
        return self._job is not None

    def start(self, operation: Operation[Any], *, name: str = "") -> Job | None:
        """Begin an operation; None, and nothing is begun, while another one runs."""
        if self._job is not None:
            return None
        job = self._job = self._lane.submit(operation, name=name)
        job.progressed.connect(self.progressed)
        job.succeeded.connect(self.succeeded)
        job.failed.connect(self.failed)
        job.cancelled.connect(self.cancelled)
        job.finished.connect(self._finish)
        return job

    @Slot()
    def stop(self) -> None:
        """Ask it to stop; it says when it has."""
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def _finish(self) -> None:
        self._job = None
        self.finished.emit()
