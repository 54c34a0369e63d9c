"""Gathers what is heard of files until there is a quiet moment, so that a copy of thousands is told of a few times.

Pure: who uses it says what time it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable


class Gathering:
    """Paths that something happened to and nobody was told of yet.

    Args:
        quiet: seconds without news after which all of it is told.
        most: seconds after which what is still by then is told, while more goes on.
        limit: paths from which on the whole root is told instead of each.
        burst: single events from which on some may have been lost by the system: the whole root is told.
    """

    def __init__(self, quiet: float, most: float, *, limit: int = 2_000, burst: int = 8_000) -> None:
        self._quiet, self._most, self._limit, self._burst = quiet, most, limit, burst
        self._last: dict[str, dict[str, float]] = {}  # by root: path, and when it was last heard of
        self._events: dict[str, int] = {}
        self._newest = self._since = 0.0

    def note(self, root: str, path: str, now: float) -> None:
        """Something happened to a path that is the root or lies below it."""
        if not self._last:
            self._since = now
        self._last.setdefault(root, {})[path] = now
        self._events[root] = self._events.get(root, 0) + 1
        self._newest = now

    def note_lost(self, root: str, now: float) -> None:
        """The system may have lost news of a root: all of it is to be looked through."""
        self.note(root, root, now)

    def forget(self, root: str) -> None:
        """Nobody wants to hear of this root any more."""
        self._last.pop(root, None)
        self._events.pop(root, None)

    def wait(self, now: float) -> float | None:
        """Seconds until `take` may have something; None where nothing waits."""
        if not self._last:
            return None
        return max(0.0, min(self._newest + self._quiet, max(self._since + self._most, now + self._quiet / 4)) - now)

    def take(self, now: float) -> frozenset[str]:
        """What is to be told now; it is not told again. A path stands for everything below it."""
        if not self._last:
            return frozenset()
        if now - self._newest >= self._quiet:
            told = self._told(self._last)
            self._last, self._events = {}, {}
            return told
        if now - self._since < self._most:
            return frozenset()
        still = {
            root: {path: when for path, when in paths.items() if now - when >= self._quiet}
            for root, paths in self._last.items()
        }
        told = self._told({root: paths for root, paths in still.items() if paths})
        for root, paths in still.items():
            for path in paths:
                del self._last[root][path]
        self._last = {root: paths for root, paths in self._last.items() if paths}
        self._events = dict.fromkeys(self._last, 0)
        self._since = now
        return told

    def _told(self, heard: dict[str, dict[str, float]]) -> frozenset[str]:
        told: set[str] = set()
        for root, paths in heard.items():
            outermost = {root} if self._events.get(root, 0) >= self._burst else without_inner(paths)
            told |= outermost if len(outermost) <= self._limit else {root}
        return frozenset(told)


def without_inner(paths: Iterable[str]) -> set[str]:
    """Those of some paths that do not lie below another of them."""
    kept: set[str] = set()
    for path in sorted(paths, key=len):
        if not kept or not _is_below(path, kept):
            kept.add(path)
    return kept


def _is_below(path: str, others: set[str]) -> bool:
    while True:
        if path in others:
            return True
        outer = os.path.dirname(path)  # noqa: PTH120  # ten thousand times
        if outer == path:
            return False
        path = outer
