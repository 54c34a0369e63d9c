"""How long adding will still take, per kind of file, from the rates measured so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

_QUIET = 2.0  # seconds of measuring before anything is said


class Estimate:
    """Remaining time of a job whose items differ in cost by kind (a HEIC takes ten times a small JPEG).

    Args:
        kinds: the kind of every item to come, such as its file's extension.
    """

    def __init__(self, kinds: Iterable[str]) -> None:
        self._left = Counter(kinds)
        self._cost: dict[str, tuple[int, float]] = {}
        self._worked = 0.0

    def finished(self, kind: str, seconds: float) -> None:
        """One item is done and took a worker `seconds`."""
        self._left[kind] -= 1
        count, total = self._cost.get(kind, (0, 0.0))
        self._cost[kind] = (count + 1, total + seconds)
        self._worked += seconds

    def seconds_left(self, elapsed: float) -> float | None:
        """Seconds to go after `elapsed` seconds of work; None while too little was measured."""
        done = sum(count for count, _ in self._cost.values())
        if elapsed < _QUIET or not done or not self._worked:
            return None
        usual = self._worked / done
        left = 0.0
        for kind, count in self._left.items():
            finished, total = self._cost.get(kind, (0, 0.0))
            left += max(count, 0) * (total / finished if finished else usual)
        at_once = self._worked / elapsed  # how many workers' seconds pass in one second of the clock
        return left / at_once
