"""What was decided about sets since the page was opened, and which sets are left; plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from desktop_app.core.duplicates.sets import CopySet
from desktop_app.ui.duplicates.values import Tally, without


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One decision.

    Attributes:
        keys: of the sets it decides; none where one photo went and the set is still open.
        photos: that go.
        bytes: what those take, as far as that is known.
        apart: a photo that is no copy of the others of a set, by the set's key.
    """

    keys: tuple[str, ...]
    photos: frozenset[int] = frozenset()
    bytes: int = 0
    apart: tuple[str, int] | None = None


class Decisions:
    """The sets that were found, less what was decided.

    Attributes:
        found: all sets of the last look.
    """

    def __init__(self) -> None:
        self.found: tuple[CopySet, ...] = ()
        self._steps: list[Step] = []
        self._vanished: set[int] = set()
        self._known: set[int] | None = None

    def take(self, sets: Sequence[CopySet], *, is_new: bool = True) -> None:
        """Another look has found these, or (not `is_new`) they were only put in order anew."""
        self.found, self._known = tuple(sets), None
        if is_new:
            self._vanished.clear()

    def forget(self) -> None:
        """Another library is open."""
        self.found, self._steps, self._vanished, self._known = (), [], set(), None

    def add(self, step: Step) -> None:
        """Something was decided."""
        self._steps.append(step)

    def remove(self, step: Step) -> None:
        """It is as if that had not been decided."""
        self._steps = [one for one in self._steps if one is not step]

    def came_back(self, photos: Collection[int]) -> str:
        """Photos are where they were.

        Returns:
            The key of a set that is open again by that; "" where there is none.
        """
        back, opened, steps = set(photos), "", []
        for step in self._steps:
            if not step.photos or step.photos.isdisjoint(back):
                steps.append(step)
                continue
            opened = opened or next(iter(step.keys), "") or self._key_with(step.photos)
            left = step.photos - back
            if left and len(step.keys) != 1:  # of many sets at once some came back: those are open again
                keys = tuple(one.key for one in self.found if one.key in set(step.keys) and _touches(one, left))
                steps.append(replace(step, keys=keys, photos=left, bytes=self._less(step, back)))
            elif left:
                steps.append(replace(step, keys=(), photos=left, bytes=self._less(step, back)))
        self._steps = steps
        return opened

    def note(self, gone: Iterable[int], there: Iterable[int]) -> bool:
        """Files went or came by somebody's hand; returns whether other sets are left by that."""
        before = set(self._vanished)
        self._vanished |= (set(gone) & self._all()) - self.gone
        self._vanished -= set(there)
        return self._vanished != before

    def has(self, step: Step) -> bool:
        """Whether the last look found what a step is about."""
        keys = {*step.keys, *((step.apart[0],) if step.apart is not None else ())}
        found = [one for one in self.found if one.key in keys]
        return len(found) == len(keys) and (step.apart is None or step.apart[1] in map(int, found[0].photos))

    def knows(self, photos: Iterable[int]) -> bool:
        """Whether all of these photos are in sets of the last look."""
        return set(photos) <= {
            int(one) for found in self.found for copy in found.copies for one in (copy.photo, *copy.same)
        }

    @property
    def gone(self) -> frozenset[int]:
        """Photos that went."""
        return frozenset().union(*(step.photos for step in self._steps))

    @property
    def left(self) -> list[CopySet]:
        """The sets that are still to be decided."""
        decided = {key for step in self._steps for key in step.keys}
        apart = {step.apart for step in self._steps if step.apart is not None}
        return without(self.found, self.gone | self._vanished, decided, apart)

    @property
    def tally(self) -> Tally:
        """How much was decided."""
        return Tally(
            sum(len(step.keys) for step in self._steps),
            sum(len(step.photos) for step in self._steps),
            sum(step.bytes for step in self._steps),
        )

    def _less(self, step: Step, back: Collection[int]) -> int:
        """What the photos of a step take without those that came back; about, where those are not known."""
        came = step.photos & set(back)
        sizes: dict[int, int] = {}
        for one in self.found:
            for copy in one.copies:
                for photo in came.intersection(map(int, copy.photos)):
                    sizes.setdefault(photo, one.bytes_of((photo,)))
        if len(sizes) < len(came):
            return step.bytes * (len(step.photos) - len(came)) // len(step.photos)
        return max(0, step.bytes - sum(sizes.values()))

    def _all(self) -> set[int]:
        if self._known is None:  # asked with every few photos that are added
            photos = (photo for one in self.found for copy in one.copies for photo in (copy.photo, *copy.same))
            self._known = set(map(int, photos))
        return self._known

    def _key_with(self, photos: Collection[int]) -> str:
        return next((one.key for one in self.found if _touches(one, photos)), "")


def _touches(copies: CopySet, photos: Collection[int]) -> bool:
    return any(photo in photos for one in copies.copies for photo in (one.photo, *one.same))
