"""Which photo comes next while labelling, and the way back."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

KEPT_AHEAD = 2
"""Photos that keep their turn when the order changes: their pixels are there already."""


class Queue:
    """The photos to label, in order.

    A person goes forward by answering or by leaving a photo for later, and back along the way they came. What
    was left for later comes again at the end. Photos are plain ids.
    """

    def __init__(self) -> None:
        self._coming: list[int] = []
        self._left: list[int] = []
        self._way: list[int] = []  # photos that were current, the oldest first
        self._ahead: list[int] = []  # gone back from, to be met again first
        self.current: int | None = None

    def begin(self, order: Iterable[int]) -> None:
        """Start anew with these photos."""
        self._coming = list(order)
        self._left, self._way, self._ahead = [], [], []
        self.current = self._coming.pop(0) if self._coming else None

    def promote(self, best: Iterable[int]) -> None:
        """These come first of what is still to come; the current photo and the next few keep their turn."""
        waiting = set(self._coming)
        kept = self._coming[:KEPT_AHEAD]
        first = dict.fromkeys([*kept, *(photo for photo in best if photo in waiting)])
        self._coming = [*first, *(photo for photo in self._coming if photo not in first)]

    def update(self, present: Iterable[int], joining: Iterable[int]) -> None:
        """Photos that are not present any more go; those joining come at the end."""
        here = set(present)
        for held in (self._coming, self._left, self._ahead, self._way):
            held[:] = [photo for photo in held if photo in here]
        known = {*self._coming, *self._left, *self._ahead, *self._way, self.current}
        self._coming += [photo for photo in joining if photo not in known]

    def drop(self, photos: Container[int]) -> None:
        """These photos need no answer any more, or are gone; the current one stays."""
        for held in (self._coming, self._left, self._ahead):
            held[:] = [photo for photo in held if photo not in photos]

    def answered(self) -> None:
        """The current photo has its answer: the next one."""
        self._step()

    def leave(self) -> None:
        """The current photo comes again at the end."""
        if self.current is not None and self.current not in self._left:
            self._left.append(self.current)
        self._step()

    def back(self) -> bool:
        """Go to the photo before. Returns False where this is the first."""
        if not self._way:
            return False
        if self.current is not None:
            self._ahead.insert(0, self.current)
        self.current = self._way.pop()
        return True

    def go_to(self, photo: int) -> None:
        """Make any photo the current one; what was current comes again right after it."""
        if photo == self.current:
            return
        if self.current is not None:
            self._ahead.insert(0, self.current)
        for held in (self._coming, self._left, self._ahead):
            if photo in held:
                held.remove(photo)
        self.current = photo

    def next_few(self, count: int) -> Sequence[int]:
        """The photos whose turn it is next."""
        ahead = [*self._ahead[:count], *self._coming[:count], *self._left[:count]]
        return list(dict.fromkeys(photo for photo in ahead if photo != self.current))[:count]

    @property
    def before(self) -> int | None:
        """The photo that `back` leads to."""
        return self._way[-1] if self._way else None

    def _step(self) -> None:
        if self.current is not None:
            self._way.append(self.current)
        if self._ahead:
            self.current = self._ahead.pop(0)
        elif self._coming:
            self.current = self._coming.pop(0)
        elif self._left:
            self.current = self._left.pop(0)
        else:
            self.current = None
