"""Names for groups of photos that separate each from the others: things seen, folders, captions.

A name is proposed only where something speaks for it; a group about which nothing can be said has none, and is called
by its number. Within one grouping no name is given twice: the group that it fits best has it, the
others take their next best.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from desktop_app.core.words import captions, folder_names, things
from desktop_app.core.words.evidence import Evidence, GroupFacts, is_sure, separation, total, worth
from desktop_app.core.words.wordnet import WordNet, wordnet

HowSure = Literal["clear", "likely", "a guess", ""]

_HALF = 0.5  # a single word that covers this much needs no second
_SECOND = 0.2  # the least share of a second word
_GAIN = 1.1  # by how much two words have to beat the best single one


@dataclass(frozen=True, slots=True)
class Proposal:
    """The name proposed for one group.

    Attributes:
        name: in sentence case, "" where nothing speaks for any.
        evidence: why, the strongest first; of a name of two words that of each.
        sure: 0 to 1.
        how_sure: the same in a word; "" where there is no name.
        synsets: what it means, where it is made of WordNet's words.
    """

    name: str = ""
    evidence: tuple[Evidence, ...] = ()
    sure: float = 0.0

    @property
    def how_sure(self) -> HowSure:
        """In a word."""
        if not self.name:
            return ""
        return "clear" if self.sure >= 0.8 else "likely" if self.sure >= 0.65 else "a guess"

    @property
    def synsets(self) -> tuple[str, ...]:
        """Ids of WordNet, none for folders and captions."""
        return tuple(id_ for one in self.evidence for id_ in one.synsets)

    @property
    def why(self) -> str:
        """The evidence in sentences."""
        return " ".join(one.sentence for one in self.evidence)


def propose(
    groups: Sequence[GroupFacts],
    rest: GroupFacts | None = None,
    *,
    taken: Collection[str] = (),
    wanted: Collection[int] | None = None,
    words: WordNet | None = None,
) -> tuple[Proposal, ...]:
    """A name for each group, none twice.

    200 groups take some 50 ms.

    Args:
        groups: what is known of each.
        rest: photos that are in none of them (odd ones out, the rest of a library).
        taken: names that are in use and not to be proposed, whatever their case.
        wanted: places of the groups that are to be named; those that have a name already only tell the others apart.
            None names all.
        words: WordNet; None takes the one that comes with the program.

    Raises:
        UserError: the words of the program are missing.
    """
    known = words or wordnet()
    whole = total([*groups, rest or GroupFacts()])
    seen = things.things(known, groups, whole)
    asked = range(len(groups)) if wanted is None else set(wanted)
    lists = [
        _candidates(known, groups[place], seen[place], whole) if place in asked else [] for place in range(len(seen))
    ]
    used = {_key(name) for name in taken}
    found = [Proposal()] * len(groups)
    waiting = {place for place, choices in enumerate(lists) if choices}
    while waiting:
        # whoever has the most to say for its name speaks first; those who find it taken go on with their next
        first = {place: _first_free(lists[place], used) for place in waiting}
        waiting = {place for place in waiting if first[place] is not None}
        if not waiting:
            break
        best = max(waiting, key=lambda place: (_value(first[place]), -place))
        found[best] = first[best] or Proposal()
        used.add(_key(found[best].name))
        waiting.remove(best)
    return tuple(found)


def numbered(place: int, taken: Collection[str] = ()) -> str:
    """What a group is called that has no name: "Theme 7" for place 7, or the next number that is free."""
    used = {_key(name) for name in taken}
    while _key(f"Theme {place}") in used:
        place += 1
    return f"Theme {place}"


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _first_free(choices: Sequence[Proposal], used: Collection[str]) -> Proposal | None:
    return next((one for one in choices if _key(one.name) not in used), None)


def _value(proposal: Proposal | None) -> float:
    return max((one.value for one in proposal.evidence), default=0.0) if proposal else 0.0


def _candidates(words: WordNet, group: GroupFacts, seen: list[Evidence], whole: GroupFacts) -> list[Proposal]:
    """All names that something speaks for, best first."""
    singles = [*seen, *folder_names.folders(group, whole), *captions.captions(group, whole)]
    singles.sort(key=lambda one: (-one.value, one.name))
    named: dict[str, Proposal] = {}
    for one in singles:
        # a folder "Dogs" of photos in which dogs are seen: one name, two reasons
        same = tuple(other for other in singles if other is not one and _key(other.name) == _key(one.name))
        sure = is_sure(max(each.nats for each in (one, *same)))
        named.setdefault(_key(one.name), Proposal(_sentence_case(one.name), (one, *same), sure))
    choices = list(named.values())
    pair = _pair(words, seen)
    if pair and pair[1] > _GAIN * (singles[0].value if singles else 0):
        choices.insert(0, pair[0])
    elif pair:
        choices.append(pair[0])
    return choices


def _pair(words: WordNet, seen: Sequence[Evidence]) -> tuple[Proposal, float] | None:
    """Two things that share a group: "beach, sunset"; with how much speaks for both together."""
    best: tuple[Proposal, float] | None = None
    for place, one in enumerate(seen):
        if one.inside >= _HALF or one.inside < _SECOND:
            continue
        for other in seen[place + 1 :]:
            if other.inside < _SECOND or _overlap(words, one, other):
                continue
            inside, outside = min(1.0, one.inside + other.inside), min(1.0, one.outside + other.outside)
            nats = float(separation(inside, outside))
            value = worth(nats, inside)
            if inside >= _HALF and (best is None or value > best[1]):
                both = sorted((one, other), key=lambda each: -each.inside)
                name = _sentence_case(f"{both[0].name}, {both[1].name}")
                best = Proposal(name, tuple(both), is_sure(nats)), value
    return best


def _overlap(words: WordNet, one: Evidence, other: Evidence) -> bool:
    """Whether two names could be said of the same thing: "dogs, terriers"."""
    first = {index for id_ in one.synsets for index in words.under(id_).tolist()}
    return any(index in first for id_ in other.synsets for index in words.under(id_).tolist())


def _sentence_case(name: str) -> str:
    """With a capital at the beginning, unless the word has its own: "iPods"."""
    first = name.partition(" ")[0]
    return name if first[1:] != first[1:].lower() else name[:1].upper() + name[1:]
