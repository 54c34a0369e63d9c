"""A lane: a queue of operations and the thread, or the few threads, that run them."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop_app.core.priority import lower_thread_priority
from desktop_app.jobs.backlog import Backlog
from desktop_app.jobs.job import Job, Operation, Work


class Lane(QObject):
    """Runs operations one after the other on `threads` threads of its own. Make it and use it on the GUI thread.

    With one thread nothing on the lane needs a lock. What is submitted as urgent runs between two reports of
    a long operation (also of a paused one), on the same thread; so an operation reports only where it leaves
    things whole, never with a transaction open. Threads begin with the first operation and end with `shutdown`,
    which is not optional. The program's start sets `sys.setswitchinterval(0.002)`: with the default of 5 ms a
    thread busy in Python delays the GUI thread's answer by as much.

    Args:
        name: for thread names and reports.
        threads: how many operations may run at a time.
        newest_first: for what scrolls by: the newest request first, the others to be cancelled or reached later.
        low_priority: let the system prefer the GUI thread.

    Signals:
        submitted(Job): a job was taken on.
        failed(Job, BaseException): after the job's own `failed`, for the one place that reports problems.
        idle(): the last job has finished.
    """

    submitted = Signal(object)
    failed = Signal(object, object)
    idle = Signal()
    _news = Signal()

    def __init__(
        self,
        name: str,
        threads: int = 1,
        *,
        newest_first: bool = False,
        low_priority: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._limit = threads
        self._low_priority = low_priority
        self._backlog = Backlog(newest_first=newest_first)
        self._threads: list[threading.Thread] = []
        self._numbers = itertools.count()
        self._jobs: dict[int, Job] = {}
        self._mail: dict[int, Work] = {}
        self._mail_lock = threading.Lock()
        self._closed = False
        # One queued event however many reports come before the GUI thread is back: the latest wins.
        self._news.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def name(self) -> str:
        """The lane's name."""
        return self.objectName()

    @property
    def threads(self) -> int:
        """How many operations may run at a time."""
        return self._limit

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Jobs that have not finished, oldest first."""
        return tuple(self._jobs.values())

    @property
    def is_idle(self) -> bool:
        """Whether every job has finished."""
        return not self._jobs

    def submit(self, operation: Operation[Any], *, name: str = "", urgent: bool = False, patient: bool = False) -> Job:
        """Queue `operation` and return its job. Connect to the job's signals right after: none is lost.

        Args:
            operation: a generator of `Progress`, or a short function without arguments. It runs on another
                thread: it must hold no widget and only what nobody changes meanwhile.
            name: for the status bar and for what `shutdown` reports.
            urgent: short work that must not wait for a long operation; oldest first among its kind. It cannot
                be paused.
            patient: a long operation that nothing is to wait for: whatever is submitted meanwhile runs between two of
                its reports. It leaves things whole there, for any other operation of the lane.

        Returns:
            The job; after `shutdown` one that ends as cancelled.
        """
        name = name or getattr(operation, "__name__", "")
        work = Work(next(self._numbers), name, operation, self._post, patient=patient)
        job = Job(work, self._backlog.cancel, self._backlog.pause)
        self._jobs[work.number] = job
        if self._backlog.put(work, urgent=urgent) and len(self._threads) < self._limit:
            thread = threading.Thread(
                target=_serve,
                args=(self._backlog, self._low_priority),
                name=f"{self.name}-{len(self._threads) + 1}",
                daemon=True,  # an operation stuck in a driver must not keep the process from ending
            )
            self._threads.append(thread)
            thread.start()
        self.submitted.emit(job)
        return job

    def close(self) -> None:
        """Take nothing more and ask everything to stop, without waiting."""
        self._closed = True
        self._backlog.close()

    def shutdown(self, seconds: float = 5.0) -> tuple[str, ...]:
        """Close, wait for the threads, and let the jobs say how they ended.

        Args:
            seconds: the longest wait.

        Returns:
            The names of operations that have not stopped; empty when all is well.
        """
        self.close()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        self._deliver()
        return self._backlog.running() if self._threads else ()

    def _post(self, work: Work) -> None:
        """Called by any thread: `work` has news."""
        with self._mail_lock:
            first = not self._mail
            self._mail[work.number] = work
        if first:
            try:
                self._news.emit()
            except RuntimeError:  # the lane is gone and with it everyone who would listen
                return

    @Slot()
    def _deliver(self) -> None:
        with self._mail_lock:
            mail, self._mail = self._mail, {}
        for number in mail:
            job = self._jobs.get(number)
            if job is None:
                continue
            error = job.deliver()
            if error is not None:
                self.failed.emit(job, error)
            if job.is_finished:
                self._jobs.pop(number, None)
                if not self._jobs:
                    self.idle.emit()


def shut_down(lanes: Iterable[Lane], seconds: float = 5.0) -> tuple[str, ...]:
    """Shut several lanes down together; `seconds` is the limit for all. Returns what has not stopped."""
    lanes = tuple(lanes)
    end = time.monotonic() + seconds
    for lane in lanes:
        lane.close()
    return tuple(name for lane in lanes for name in lane.shutdown(max(0.0, end - time.monotonic())))


def _serve(backlog: Backlog, low_priority: bool) -> None:
    """The body of a lane's thread. It knows the backlog only, so that the lane can go when it wants to."""
    if low_priority:
        lower_thread_priority()
    while (work := backlog.take()) is not None:
        work.run(backlog.breathe)
        backlog.done(work)
        del work
