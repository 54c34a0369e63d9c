"""Long work beside adding photos: what runs, how far it is, and the way to pause or stop it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.types import Progress
from desktop_app.jobs import Job, Lane
from desktop_app.ui.panels.status import JobView
from desktop_app.ui.session import Session


@dataclass(eq=False)
class _Task:
    job: Job
    text: str
    progress: Progress
    can_pause: bool


class Background(QObject):
    """Starts long operations and shows them in the status bar, one after the other behind "+2".

    What came of an operation is the caller's: connect to the job that `start` returns.

    Signals:
        changed(): `views` differ.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks: list[_Task] = []

    @property
    def views(self) -> list[JobView]:
        """What runs, as the status bar shows it."""
        return [
            JobView(
                id(task.job),
                task.progress.text or task.text,
                task.progress.done,
                task.progress.total,
                task.progress.seconds_left,
                paused=task.job.is_paused,
                can_pause=task.can_pause,
            )
            for task in self._tasks
        ]

    def start(
        self,
        operation: Generator[Any, None, Any],
        name: str,
        text: str,
        *,
        lane: Lane | None = None,
        pause: bool = True,
        urgent: bool = False,
    ) -> Job:
        """Start an operation.

        Args:
            operation: yields `Progress`.
            name: of the job: "comparing photos".
            text: what the status bar says until the operation says it itself.
            lane: where it runs; the work lane by default, whose changes reach the views by themselves.
            pause: whether it can stand still.
            urgent: on the work lane: done between two steps of what runs there, which waits meanwhile.
        """
        if lane is None:
            job = self._session.run(operation, name, urgent=urgent)
        else:
            job = lane.submit(operation, name=name)
        self._tasks.append(_Task(job, text, Progress(text), pause))
        job.progressed.connect(self._hear)
        job.finished.connect(self._finished)
        self.changed.emit()
        return job

    @Slot(object)
    def pause(self, job: int) -> None:
        """Let the job of this view stand still; other numbers are not ours."""
        for task in self._of(job):
            task.job.pause()
            self.changed.emit()

    @Slot(object)
    def go_on(self, job: int) -> None:
        """Go on after a pause."""
        for task in self._of(job):
            task.job.resume()
            self.changed.emit()

    @Slot(object)
    def stop(self, job: int) -> None:
        """Stop; what is done stays."""
        for task in self._of(job):
            task.job.cancel()

    def _of(self, job: int) -> list[_Task]:
        return [task for task in self._tasks if id(task.job) == job]

    @Slot(object)
    def _hear(self, progress: Progress) -> None:
        sender = self.sender()
        for task in self._tasks:
            if task.job is sender and progress.text:
                task.progress = progress
        self.changed.emit()

    @Slot()
    def _finished(self) -> None:
        sender = self.sender()
        self._tasks = [task for task in self._tasks if task.job is not sender]
        self.changed.emit()
