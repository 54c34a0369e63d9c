"""What waits on a lane and what runs there: the part the lane's threads share, without Qt."""

from __future__ import annotations

import threading
from collections import deque

from desktop_app.jobs.job import Ending, Work


class Backlog:
    """The queue of one lane. All methods may be called from any thread.

    Args:
        newest_first: hand out the newest waiting work first instead of the oldest.
    """

    def __init__(self, *, newest_first: bool = False) -> None:
        self._newest_first = newest_first
        self._changed = threading.Condition()
        self._waiting: deque[Work] = deque()
        self._urgent: deque[Work] = deque()
        self._running: list[Work] = []
        self._idle = 0  # threads waiting in `take`
        self._closed = False

    def put(self, work: Work, *, urgent: bool) -> bool:
        """Queue `work`; true when no idle thread is there to take it. Once closed, it ends as cancelled."""
        with self._changed:
            if not self._closed:
                (self._urgent if urgent else self._waiting).append(work)
                self._changed.notify_all()
                return self._idle < len(self._waiting) + len(self._urgent)
        work.end(Ending.CANCELLED)
        return False

    def take(self) -> Work | None:
        """Wait for the next work, which counts as running until `done`; none once closed."""
        with self._changed:
            self._idle += 1
            try:
                while not (self._urgent or self._waiting or self._closed):
                    self._changed.wait()
            finally:
                self._idle -= 1
            if self._closed:
                return None
            work = self._urgent.popleft() if self._urgent else self._next()
            self._running.append(work)
            return work

    def done(self, work: Work) -> None:
        """`work` runs no longer."""
        with self._changed:
            self._running.remove(work)

    def breathe(self, work: Work) -> None:
        """Between two steps of `work`: run what goes first, on this thread; wait while `work` is paused."""
        while True:
            with self._changed:
                while work.paused and not (work.stopping or self._urgent):
                    self._changed.wait()
                if self._urgent:
                    first, is_urgent = self._urgent.popleft(), True
                elif work.patient and self._waiting and not work.stopping:
                    first, is_urgent = self._next(), False
                else:
                    return
                self._running.append(first)
            first.run(None if is_urgent else self.breathe)
            self.done(first)

    def _next(self) -> Work:
        return self._waiting.pop() if self._newest_first else self._waiting.popleft()

    def pause(self, work: Work, paused: bool) -> None:
        """Hold `work` at its next report, or let it go on."""
        with self._changed:
            work.paused = paused
            self._changed.notify_all()

    def cancel(self, work: Work) -> None:
        """End `work` now where it still waits, else at its next report."""
        with self._changed:
            work.stop()
            self._changed.notify_all()
            queue = next((queue for queue in (self._waiting, self._urgent) if work in queue), None)
            if queue is None:
                return
            queue.remove(work)
        work.end(Ending.CANCELLED)

    def close(self) -> None:
        """Take nothing more, end what waits, ask what runs to stop."""
        with self._changed:
            self._closed = True
            waiting = [*self._urgent, *self._waiting]
            self._urgent.clear()
            self._waiting.clear()
            for work in self._running:
                work.stop()
            self._changed.notify_all()
        for work in waiting:
            work.end(Ending.CANCELLED)

    def running(self) -> tuple[str, ...]:
        """The names of what runs, in the order in which it began."""
        with self._changed:
            return tuple(work.name for work in self._running)
