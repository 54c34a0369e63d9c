"""The photos of one set as cards: what is shown of each, as values and as a list's model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import Qt

from desktop_app.core import wording
from desktop_app.core.duplicates.sets import Change, CopySet, Row, SetFacts
from desktop_app.ui.duplicates.values import Companions
from desktop_app.ui.panels.details import long_date
from desktop_app.ui.panels.list_model import ListModel

_SAID_ELSEWHERE = ((Change.SAME,), (Change.LATER,))
_IN_HEAD = frozenset(("name", "folder", "differs"))  # said elsewhere on a card


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of a photo beside the same fact of the others.

    Attributes:
        title: "Size".
        value: of this photo; a dash where it is not known.
        differs: whether the photos differ in it.
        is_best: whether this one's speaks for keeping it.
    """

    title: str
    value: str
    differs: bool
    is_best: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One photo of the set at hand.

    Attributes:
        name, folder: of its file; "" while they are not known.
        width, height: upright pixels; 0 while they are not known.
        stays: whether it is marked to be kept.
        reason: why it is suggested; "" for those that are not, or where nothing tells them apart.
        because: why it can only be kept; "" where it may go.
        how: how it differs from the first: "turned 90° left".
        same: how many more files are the very same.
        companions: files that go with it; None where there are none.
        lines: facts, those that differ first.
    """

    photo: int
    name: str
    folder: str
    width: int
    height: int
    stays: bool
    is_suggested: bool
    reason: str
    because: str
    how: str
    same: int
    companions: Companions | None
    lines: tuple[Line, ...]

    @property
    def mark(self) -> str:
        """The word of its mark."""
        if self.because:
            return "Stays"
        return "Keep" if self.stays else "Goes"

    @property
    def spoken(self) -> str:
        """For a screen reader."""
        words = [self.name or "photo", self.mark.lower(), self.because, self.reason, self.how]
        words += [f"{line.title} {line.value}" for line in self.lines if line.differs]
        if self.companions is not None:
            words.append(f"with {self.companions.words}")
        return ", ".join(word for word in words if word)


def make_cards(
    copies: CopySet, facts: SetFacts | None, goes: frozenset[int], companions: Mapping[int, Companions]
) -> list[Card]:
    """The cards of a set; without facts while those are still being asked for."""
    known = {int(photo.id): photo for photo in facts.photos} if facts is not None else {}
    rows = _rows(facts) if facts is not None else []
    places = [int(photo.id) for photo in facts.photos] if facts is not None else []
    made = []
    for copy in copies.copies:
        photo = known.get(int(copy.photo))
        at = places.index(int(copy.photo)) if photo is not None else -1
        lines = tuple(
            Line(row.title, row.values[at] or wording.UNKNOWN, row.differs, row.differs and at in row.best)
            for row in rows
            if 0 <= at < len(row.values) and (row.values[at] or row.differs)
        )
        suggested = copy.photo == copies.suggestion.keep and bool(copies.suggestion.go)
        how = copy.how
        made.append(
            Card(
                int(copy.photo),
                wording.printable(photo.name) if photo is not None else "",
                wording.printable(str(photo.path.parent)) if photo is not None else "",
                photo.width if photo is not None else 0,
                photo.height if photo is not None else 0,
                copy.photo not in goes,
                suggested,
                copies.suggestion.reason if suggested else "",
                copy.kept_because,
                how.words if how is not None and how.changes not in _SAID_ELSEWHERE else "",
                len(copy.same),
                companions.get(int(copy.photo)),
                lines,
            )
        )
    return made


def _rows(facts: SetFacts) -> list[Row]:
    """The lines of a card, those in which the photos differ first."""
    rows = []
    for row in facts.rows:
        if row.title.casefold() in _IN_HEAD:
            continue
        shown = row.values
        if row.title == "Taken":
            shown = _moments([photo.taken for photo in facts.photos])
        elif row.title == "Changed":
            shown = _moments([photo.modified for photo in facts.photos])
        elif "pixels" in row.title:
            shown = tuple(value.removesuffix(" pixels") for value in row.values)
        rows.append(replace(row, values=shown))
    return sorted(rows, key=lambda row: not row.differs)


def _moments(moments: Sequence[datetime | None]) -> tuple[str, ...]:
    """Times as the program writes them; where only the seconds tell them apart, with those."""
    words = [long_date(moment) if moment is not None else "" for moment in moments]
    if len(set(words)) < len({moment and moment.replace(microsecond=0) for moment in moments}):
        words = [f"{moment:%Y-%m-%d %H:%M:%S}" if moment is not None else "" for moment in moments]
    return tuple(words)


class CardsModel(ListModel[Card]):
    """Holds the cards of one set."""

    def identity(self, row: Card) -> object:
        """The photo's id."""
        return row.photo

    def said(self, row: Card, role: int) -> object:
        """Its name, and what a screen reader says."""
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        return row.spoken if role == Qt.ItemDataRole.AccessibleTextRole else None
