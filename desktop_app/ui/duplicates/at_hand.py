"""What is known and marked of the set that is looked at, and of those that were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop_app.core import wording
from desktop_app.core.duplicates.sets import CopySet, Kind, SetFacts
from desktop_app.ui.duplicates import values
from desktop_app.ui.duplicates.values import Companions


class AtHand:
    """Marks of every set, facts of one.

    Attributes:
        facts: of the set that is looked at; None until they are there.
        companions: files that go with its photos.
    """

    def __init__(self) -> None:
        self.facts: SetFacts | None = None
        self.companions: Mapping[int, Companions] = {}
        self._goes: dict[str, frozenset[int]] = {}

    def keep_only(self, keys: Iterable[str]) -> None:
        """Forget the marks of sets that are not there any more."""
        known = set(keys)
        self._goes = {key: goes for key, goes in self._goes.items() if key in known}

    def begin(self, copies: CopySet | None) -> None:
        """Another set is looked at."""
        if self.facts is None or copies is None or self.facts.set.key != copies.key:
            self.facts, self.companions = None, {}

    def take(self, facts: SetFacts, companions: Mapping[int, Companions]) -> None:
        """What is known of it."""
        self.facts, self.companions = facts, companions

    def goes(self, copies: CopySet | None) -> frozenset[int]:
        """The listed photos of a set that are marked to go: as suggested, until a person says otherwise."""
        if copies is None:
            return frozenset()
        there = frozenset(map(int, copies.photos))
        marked = self._goes.get(copies.key, there) & there
        # where the one that was to be kept has gone, the marks of the others mean nothing any more
        return values.suggested(copies) if marked == there else marked

    def mark(self, copies: CopySet, goes: frozenset[int]) -> None:
        """Mark these to go, the others to be kept."""
        self._goes[copies.key] = goes

    def decision(self, copies: CopySet, names: Mapping[int, str]) -> tuple[str, str]:
        """What Enter does now, as a sentence and as a button."""
        goes = self.goes(copies)
        many = len(values.going(copies, goes))
        if not many and copies.kind is Kind.BURST:
            return "Shots of one scene all stay. K keeps the best and lets the others go.", "Keep all, next"
        gain = values.bytes_going(copies, goes)
        words = values.decision_words(copies, goes, names, gain)
        return words, f"Move {wording.number(many)} to trash" if many else "Keep all, next"
