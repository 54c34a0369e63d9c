"""What the window knows of the label set at hand: its labels and guesses, looked up by photo."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.catalog import answers as sets
from desktop_app.core.catalog import labels, photos
from desktop_app.core.labelling import AnswerId, LabelSet, LabelSetId
from desktop_app.core.library import Library
from desktop_app.core.types import FolderId, Order
from desktop_app.ui.grid import AnswerBadge
from desktop_app.ui.label.values import NONE_KEY, PRESELECT_FROM, Guess

if TYPE_CHECKING:  # what guesses loads scikit-learn, which takes a second
    from desktop_app.core.operations.guess import Guesses

ACTIVE = "label set"
"""The library's remembered value that names the set at hand."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a photo was given. `answers` holds None for "none of these"."""

    answers: tuple[AnswerId | None, ...]
    looked_at: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """Label sets as the catalogue has them, with the labels of one of them; made on a lane."""

    sets: tuple[LabelSet, ...]
    label_set: LabelSet | None
    given: dict[int, Given]
    photos: tuple[int, ...]  # present ones, in an order of their own by lot: where labelling begins
    counts: Mapping[AnswerId | None, int] = field(default_factory=dict)
    looked_at: Mapping[AnswerId | None, int] = field(default_factory=dict)
    done: int = 0


def load(library: Library, wanted: LabelSetId | None, folder: FolderId | None = None) -> Loaded:
    """Read the sets and the labels of the one wanted (by default the one at hand last, else the newest)."""
    everything = sets.all_sets(library.connection)
    if wanted is None:
        remembered = library.get_meta(ACTIVE)
        wanted = LabelSetId(int(remembered)) if remembered.isdigit() else None
    chosen = next((one for one in everything if one.id == wanted), everything[-1] if everything else None)
    ids = list(photos.listed(library.connection, Order.NAME, folder))
    random.Random(0).shuffle(ids)
    if chosen is None:
        return Loaded(everything, None, {}, tuple(ids))
    table = labels.labels(library.connection, chosen.id)
    given: dict[int, Given] = {}
    columns = (table.photos.tolist(), table.answers.tolist(), table.looked_at.tolist())
    kept: dict[tuple[int, bool], Given] = {}  # photos with the same answer share one value
    for photo, answer, looked_at in zip(*columns, strict=True):
        one = kept.get((answer, looked_at))
        if one is None:
            one = kept[answer, looked_at] = Given((AnswerId(answer) if answer > 0 else None,), looked_at)
        before = given.get(photo)
        given[photo] = one if before is None else Given((*before.answers, *one.answers), before.looked_at or looked_at)
    counts: Counter[AnswerId | None] = Counter()
    looked: Counter[AnswerId | None] = Counter()
    for held in given.values():
        counts.update(held.answers)
        if held.looked_at:
            looked.update(held.answers)
    done = sum(held.looked_at for held in given.values())
    return Loaded(everything, chosen, given, tuple(ids), counts, looked, done)


@dataclass
class State:
    """The label set at hand. Lives on the GUI thread; answers from dictionaries only."""

    sets: tuple[LabelSet, ...] = ()
    label_set: LabelSet | None = None
    given: dict[int, Given] = field(default_factory=dict)
    photos: tuple[int, ...] = ()
    guesses: Guesses | None = None
    version: int = 0  # rises when labels or answers differ
    _places: dict[int, int] = field(default_factory=dict)
    _counts: Counter[AnswerId | None] = field(default_factory=Counter)
    _looked_at: Counter[AnswerId | None] = field(default_factory=Counter)
    _done: int = 0

    def take(self, loaded: Loaded) -> None:
        """Another set, or the same as the catalogue has it now."""
        if self.label_set is None or loaded.label_set is None or self.label_set.id != loaded.label_set.id:
            self.set_guesses(None, {})
        if loaded.label_set != self.label_set or loaded.given != self.given:
            self.version += 1
        self.sets, self.label_set = loaded.sets, loaded.label_set
        self.given, self.photos = loaded.given, loaded.photos
        # copies: what was read may be read again
        self._counts, self._looked_at, self._done = Counter(loaded.counts), Counter(loaded.looked_at), loaded.done

    def put(self, photo: int, given: Given | None) -> None:
        """Another label for one photo, or none."""
        before = self.given.get(photo)
        self._count(before, -1)
        self._count(given, 1)
        if given is None:
            self.given.pop(photo, None)
        else:
            self.given[photo] = given
        self.version += 1

    def _count(self, given: Given | None, step: int) -> None:
        if given is None:
            return
        self._done += step * given.looked_at
        for answer in given.answers:
            self._counts[answer] += step
            if given.looked_at:
                self._looked_at[answer] += step

    def set_guesses(self, guesses: Guesses | None, places: dict[int, int]) -> None:
        """What the classifier believes; `places` finds a photo in its arrays."""
        self.guesses, self._places = guesses, places

    def guess(self, photo: int) -> Guess | None:
        """The guess for a photo, whether or not it has a label."""
        place = self._places.get(photo)
        if place is None or self.guesses is None:
            return None
        found = self.guesses.at(place)
        if self.label_set is None or self.label_set.answer(found.answer) is None:
            return None
        return Guess(found.answer, found.probability, found.unknown)

    def answers_of(self, photo: int) -> tuple[AnswerId | None, ...]:
        """What a photo was given; () while it has no label."""
        given = self.given.get(photo)
        return () if given is None else given.answers

    def is_done(self, photo: int) -> bool:
        """Whether a person has answered this photo; a guess taken in bulk may still be looked at."""
        given = self.given.get(photo)
        return given is not None and given.looked_at

    def counts(self) -> dict[AnswerId | None, int]:
        """Photos of each answer."""
        return dict(self._counts)

    @property
    def done(self) -> int:
        """How many photos a person has answered."""
        return self._done

    def looked_at(self) -> list[tuple[str, int]]:
        """Each answer's name with how many labels a person looked at."""
        if self.label_set is None:
            return []
        return [(answer.name, self._looked_at[answer.id]) for answer in self.label_set.answers]

    def badge(self, photo: int) -> AnswerBadge | None:
        """What the grid says about a photo."""
        if self.label_set is None:
            return None
        given = self.given.get(photo)
        if given is not None and given.answers:
            answer = given.answers[0]
            if answer is None:
                return AnswerBadge("None of these", NONE_KEY, -1)
            found = self.label_set.answer(answer)
            if found is None:
                return None
            more = f" +{len(given.answers) - 1}" if len(given.answers) > 1 else ""
            sure = None
            if not given.looked_at:  # taken in bulk: still a guess
                guess = self.guess(photo)
                sure = guess.sure if guess is not None and guess.answer == answer else PRESELECT_FROM
            return AnswerBadge(found.name + more, found.key, found.place, sure)
        guess = self.guess(photo)
        if guess is None or not guess.is_preselected:
            return None
        found = self.label_set.answer(guess.answer)
        return None if found is None else AnswerBadge(found.name, found.key, found.place, guess.sure)


def places_of(guesses: Guesses) -> dict[int, int]:
    """Where each photo stands in the arrays of guesses."""
    return dict(zip(guesses.photos.tolist(), range(len(guesses)), strict=True))


def with_answer(before: Given | None, answer: AnswerId | None, *, tags: bool, looked_at: bool = True) -> Given:
    """What a photo has after one more answer, as the catalogue has it: classes replace, tags come on top."""
    if before is None or not tags or answer is None or None in before.answers:
        return Given((answer,), looked_at)
    return Given(tuple(dict.fromkeys((*before.answers, answer))), looked_at)


def unsure_first(guesses: Guesses, done: Mapping[int, Given]) -> list[int]:
    """Photos without a label, the guess that is least sure first (margin between the best two answers)."""
    if guesses.probabilities.shape[1] < 2:
        margins = guesses.probability.astype(np.float64)
    else:
        best = np.partition(guesses.probabilities, -2, axis=1)[:, -2:]
        margins = np.abs(best[:, 1] - best[:, 0])
    order = guesses.photos[np.argsort(margins, kind="stable")]
    return [photo for photo in order.tolist() if photo not in done]
