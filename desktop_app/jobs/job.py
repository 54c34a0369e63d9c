"""One operation on its way: `Job` is the half on the GUI thread, `Work` the half its lane's thread holds."""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable, Generator
from typing import Any, TypeAlias, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop_app.core.types import Progress
from desktop_app.jobs.reports import merge_reports

Result = TypeVar("Result")

Operation: TypeAlias = Generator[Progress, None, Result] | Callable[[], Result]
"""A generator whose every `yield` is a progress report and a cancel point, or a short plain function."""


class Ending(enum.Enum):
    """How an operation ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Work:
    """The half of a job that crosses to the lane's thread.

    It does not know its `Job`, so that none can be destroyed on that thread: the last reference to a `QObject`
    must not be a worker's. News wait here until the GUI thread takes them, however many there are by then.

    Attributes:
        number: tells the lane which job the news belong to.
        paused: while true, the operation is not advanced. Guarded by the lane's backlog.
        patient: lets whatever waits go first, between two of its reports.
    """

    def __init__(
        self, number: int, name: str, operation: Operation[Any], post: Callable[[Work], None], *, patient: bool = False
    ) -> None:
        self.number = number
        self.name = name
        self.paused = False
        self.patient = patient
        self._operation: Operation[Any] | None = operation
        self._post = post
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._reports: list[Progress] = []
        self._end: tuple[Ending, Any] | None = None

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask the operation to end at its next report."""
        self._stop.set()

    def run(self, breathe: Callable[[Work], None] | None = None) -> None:
        """Advance the operation to its end, on the lane's thread. Never raises.

        Args:
            breathe: called after each report; the lane runs what goes first in it and waits while paused.
        """
        operation, self._operation = self._operation, None
        try:
            end = self._advance(operation, breathe)
        # The one broad `except` of the program's threads, wide enough that nothing ends a lane silently:
        # the error crosses to the GUI thread as an object.
        except BaseException as error:
            end = (Ending.FAILED, error)
        del operation  # what it holds may go before anyone hears of the end
        self.end(*end)

    def end(self, ending: Ending, value: object = None) -> None:
        """Note how it ended: the last news there are."""
        with self._lock:
            self._end = (ending, value)
        self._post(self)

    def take(self) -> tuple[Progress | None, tuple[Ending, Any] | None]:
        """Hand over the news since the last time: all reports as one, and the end if it has come."""
        with self._lock:
            reports, self._reports = self._reports, []
            end = self._end
        return (merge_reports(reports) if reports else None), end

    def _advance(self, operation: Operation[Any] | None, breathe: Callable[[Work], None] | None) -> tuple[Ending, Any]:
        if not isinstance(operation, Generator):
            assert operation is not None, "work runs once"
            return Ending.SUCCEEDED, operation()
        while not self._stop.is_set():
            try:
                report = next(operation)
            except StopIteration as done:
                return Ending.SUCCEEDED, done.value
            with self._lock:
                self._reports.append(report)
            self._post(self)
            if breathe is not None:
                breathe(self)
        operation.close()  # runs its `finally` and `with` blocks, here
        return Ending.CANCELLED, None


class Job(QObject):
    """An operation that waits, runs or has ended on a lane. Lives on the GUI thread; made by `Lane.submit`.

    Everything it says comes from the event loop, never from inside `submit` or `cancel`, so that connecting
    to a job right after submitting it misses nothing. The lane keeps it alive until `finished`.

    Signals:
        progressed(Progress): the latest report of this turn of the event loop, with the changes of all.
        succeeded(object): the operation's result.
        failed(BaseException): what the operation raised.
        cancelled(): it was stopped before its end; what its reports named stays done.
        finished(): after any of the three, the last signal.
        pausedChanged(bool)
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()
    pausedChanged = Signal(bool)

    def __init__(self, work: Work, cancel: Callable[[Work], None], pause: Callable[[Work, bool], None]) -> None:
        super().__init__()
        self.name = work.name
        self._work = work
        self._cancel = cancel
        self._pause = pause
        self._finished = False

    @property
    def is_finished(self) -> bool:
        """Whether `finished` was emitted or is about to be."""
        return self._finished

    @property
    def is_paused(self) -> bool:
        """Whether it waits for `resume`."""
        return self._work.paused

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to stop and has perhaps not done so yet."""
        return self._work.stopping

    def cancel(self) -> None:
        """Ask it to stop: at once where it still waits, else at its next report.

        A plain function cannot be stopped half-way; it then ends as it would have.
        """
        if not self._finished:
            self._cancel(self._work)

    def pause(self) -> None:
        """Do not advance the operation beyond its next report until `resume`."""
        self._set_paused(True)

    def resume(self) -> None:
        """Go on after `pause`."""
        self._set_paused(False)

    def deliver(self) -> BaseException | None:
        """Say what is new; called by the lane on the GUI thread. Returns the error of a failed operation."""
        report, end = self._work.take()
        if report is not None:
            self.progressed.emit(report)
        if end is None or self._finished:
            return None
        self._finished = True
        ending, value = end
        if ending is Ending.SUCCEEDED:
            self.succeeded.emit(value)
        elif ending is Ending.FAILED:
            self.failed.emit(value)
        else:
            self.cancelled.emit()
        self.finished.emit()
        return value if ending is Ending.FAILED else None

    def _set_paused(self, paused: bool) -> None:
        if self._finished or paused == self._work.paused:
            return
        self._pause(self._work, paused)
        self.pausedChanged.emit(paused)
