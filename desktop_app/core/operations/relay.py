"""Results on their way from several workers to the one thread that stores them."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Relay(Generic[Item]):
    """A bounded hand-over whose taker looks from time to time, instead of being woken for every item.

    Workers read hundreds of photos a second at low priority: a thread woken for each of them would take the core
    and Python's lock from a worker each time. It is woken early only when nothing more comes, or when half of the
    room is taken, so that no worker has to wait for it.

    Args:
        room: items that may wait; then workers wait.
        expected: items that will come; after the last the taker is woken at once.
    """

    def __init__(self, room: int, expected: int) -> None:
        self._room, self._left = room, expected
        self._items: list[Item] = []
        self._error: BaseException | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._space = threading.Condition(self._lock)
        self._due = threading.Event()

    def put(self, item: Item) -> None:
        """Hand an item over, waiting for room; once closed it is dropped."""
        with self._lock:
            while len(self._items) >= self._room and not self._closed:
                self._space.wait()
            if self._closed:
                return
            self._items.append(item)
            self._left -= 1
            if self._left <= 0 or 2 * len(self._items) >= self._room:
                self._due.set()

    def fail(self, error: BaseException) -> None:
        """What the taker meets after the items that are there."""
        with self._lock:
            self._error = self._error or error
            self._due.set()

    def take(self, patience: float) -> list[Item]:
        """Everything that is there after at most `patience` seconds; maybe nothing.

        Raises:
            BaseException: what a worker failed with, once no items are left before it.
        """
        self._due.wait(patience)
        with self._lock:
            items, self._items = self._items, []
            self._space.notify_all()
            if self._error is not None and not items:
                raise self._error
            if self._error is None:
                self._due.clear()
            return items

    def close(self) -> None:
        """Nothing is taken any more: workers that wait for room go on."""
        with self._lock:
            self._closed = True
            self._items.clear()
            self._space.notify_all()
