"""A round: a list of photos with an end, as a spot check or the labels that look wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from desktop_app.core import wording
from desktop_app.core.labelling import Answer, AnswerId, LabelSet


@dataclass
class Round:
    """Photos to go through once.

    Attributes:
        photos: in their order.
        blind: guesses are not shown, as in a spot check.
        notes: what is said above a photo.
        suggested: answers that Enter gives, whatever the guess.
        confirmed: photos that were answered in this round.
    """

    photos: tuple[int, ...]
    blind: bool = False
    notes: Mapping[int, str] = field(default_factory=dict)
    suggested: Mapping[int, AnswerId] = field(default_factory=dict)
    confirmed: set[int] = field(default_factory=set)

    def title(self, photo: int) -> str:
        """What stands above a photo: its place in the round, and its note."""
        if photo not in self.photos:
            return self.notes.get(photo, "")
        place = f"{wording.number(self.photos.index(photo) + 1)} of {wording.number(len(self.photos))}"
        note = self.notes.get(photo, "")
        return f"Spot check: {place}" if self.blind else f"{place}: {note}" if note else place


def keep_or_change(label_set: LabelSet, given: Sequence[AnswerId | None], suggested: Answer) -> str:
    """Which keys change a label that looks wrong to what is suggested, and which keep it."""
    own = label_set.answer(given[0]) if given and given[0] is not None else None
    keep = f"“{own.key.upper()}” or Right keeps “{own.name}”" if own is not None and own.key else "Right keeps it"
    return f"Enter changes it to “{suggested.name}”. {keep}."
