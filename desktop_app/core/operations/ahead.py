"""Threads that work ahead of whoever takes what they bring, no further than is said."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor, Future
from typing import TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")


def in_order(
    pool: Executor, call: Callable[[Item], Value], items: Iterable[Item], ahead: int
) -> Generator[Value, None, None]:
    """What a call makes of each item, in the order of the items.

    Unlike `Executor.map` it neither takes all items at once nor keeps everything that was made: a folder of 100,000
    photos stays on the disk. Closed early, what was not begun is cancelled.

    Args:
        pool: the threads to call on.
        call: what is done with an item; what it raises is raised here.
        items: taken on the caller's own thread, when their turn comes.
        ahead: how many are under way while the one before them is taken.
    """
    waiting: deque[Future[Value]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(call, item))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
