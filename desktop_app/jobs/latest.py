"""A question asked again and again of which only the newest answer counts."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.jobs.job import Job, Operation
from desktop_app.jobs.lane import Lane


class Latest(QObject):
    """Asks on a lane and passes on the answer to the newest question only.

    A newer `ask` cancels the one before and stops listening to it. Both happen on the GUI thread, where
    answers are delivered too, so that a stale one cannot slip through, whoever won the race.

    Signals:
        answered(object): the result of the newest question.
        progressed(Progress): a report of the newest question.
        failed(BaseException): what the newest question raised.
    """

    answered = Signal(object)
    progressed = Signal(object)
    failed = Signal(object)

    def __init__(self, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._job: Job | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether the newest question has no answer yet."""
        return self._job is not None

    def ask(self, question: Operation[Any], *, name: str = "", patient: bool = False) -> None:
        """Run `question` on the lane; forget the one before. See `Lane.submit`."""
        self.drop()
        self._job = self._lane.submit(question, name=name, patient=patient)
        self._job.succeeded.connect(self._succeed)
        self._job.failed.connect(self._fail)
        self._job.progressed.connect(self.progressed)

    def drop(self) -> None:
        """Forget the question: its answer will not come."""
        job, self._job = self._job, None
        if job is not None:
            job.succeeded.disconnect(self._succeed)
            job.failed.disconnect(self._fail)
            job.progressed.disconnect(self.progressed)
            job.cancel()

    @Slot(object)
    def _succeed(self, answer: object) -> None:
        self._job = None
        self.answered.emit(answer)

    @Slot(object)
    def _fail(self, error: object) -> None:
        self._job = None
        self.failed.emit(error)
