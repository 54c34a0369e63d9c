"""From pairs to sets: every photo of a set lies over the set's first one, so that no chain leads from one to another.

Photos are gone through from the largest down, each beside those found so far that look like it; it joins the one that
it is a copy of, else it begins a set. A photo is compared with a handful of beginnings, however many copies there
are. What comes out depends on the photos and on what comparing says, not on the order in which they were added.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from desktop_app.core.duplicates.compare import Verdict
from desktop_app.core.duplicates.judge import Laid, through
from desktop_app.core.duplicates.signature import after

_BEGINNINGS = 3
"""With how many beginnings of sets a photo is compared."""
_MEMBERS = 2
_CLEAR = 0.9  # likeness
_TOGETHER = 384
_ONE_BY_ONE = 2  # rounds in which each photo is compared with one beginning; then with all that are left


@dataclass(frozen=True, slots=True)
class Look:
    """A comparison that is wanted: `other`, laid by `way`, over `one`; `one` comes first."""

    one: int
    other: int
    way: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a comparison said; `laid` where the verdict is a copy."""

    verdict: Verdict
    laid: Laid | None = None
    likeness: float = 0.0


Compare = Callable[[Sequence[Look]], Mapping[Look, Answer]]
Apart = Callable[[int, int], bool]


@dataclass(slots=True)
class Gathered:
    """Sets in the making, by the numbers of photos.

    Attributes:
        first: for each photo that belongs to a set, or begins one, the set's first photo.
        laid: where each photo lies over that first one.
        through: photos that were laid over another copy and not over the first one itself.
        scenes: pairs that show the same but are other shots, with their likeness.
    """

    first: dict[int, int] = field(default_factory=dict)
    laid: dict[int, Laid] = field(default_factory=dict)
    through: set[int] = field(default_factory=set)
    scenes: list[tuple[int, int, float]] = field(default_factory=list)

    def sets(self) -> dict[int, list[int]]:
        """The sets of at least two, by their first photo, members in the order in which they joined."""
        members: dict[int, list[int]] = {}
        for photo, first in self.first.items():
            members.setdefault(first, []).append(photo)
        return {first: photos for first, photos in members.items() if len(photos) > 1}


def gather(
    near: Mapping[int, Sequence[tuple[int, int, float]]], count: int, compare: Compare, apart: Apart
) -> Generator[int, None, Gathered]:
    """Put photos into sets.

    Args:
        near: for each photo, those *before* it that it may be a copy of: (photo, way, fit), photos counted from 0 in
            the order in which they may begin sets; the way lays the later photo as the earlier lies.
        count: how many photos there are.
        compare: answers comparisons; each is asked for once.
        apart: whether a person said that two photos are no copies.

    Yields:
        Photos done.
    """
    gathered = Gathered()
    wanted = sorted(near)
    members: dict[int, list[int]] = {}
    for start in range(0, len(wanted), _TOGETHER):
        part = wanted[start : start + _TOGETHER]
        # most beginnings are known before: the likeliest of each photo are looked at together, then what is left
        known: dict[Look, Answer] = {}
        open_ = {photo: _beginnings(gathered, photo, near[photo], part[0]) for photo in part}
        begun = dict(open_)
        for turn in range(_ONE_BY_ONE + 1):
            asked = {look for looks in open_.values() for look in (looks if turn == _ONE_BY_ONE else looks[:1])}
            known.update(compare(sorted(asked, key=_order)))
            yield start
            open_ = {
                photo: looks[1:] for photo, looks in open_.items() if len(looks) > 1 and not _settled(known[looks[0]])
            }
            if not open_:
                break
        asked = set()
        for photo in part:
            said = _said([(look.one, known[look].verdict) for look in begun[photo] if look in known])
            if Verdict.COPY not in said.values():
                asked |= set(islice(_member_looks(gathered, photo, near[photo], said), _MEMBERS))
        if asked:
            known.update(compare(sorted(asked - known.keys(), key=_order)))
            yield start
        for photo in part:
            _place(gathered, members, photo, near[photo], known, compare, apart)
        yield start + len(part)
    if not wanted:
        yield count
    return gathered


def _order(look: Look) -> tuple[int, int, int]:
    return look.other, look.one, look.way


def _settled(answer: Answer) -> bool:
    """Whether a copy is so clear that no other beginning needs to be looked at."""
    return answer.verdict is Verdict.COPY and answer.likeness > _CLEAR


def _beginnings(gathered: Gathered, photo: int, near: Sequence[tuple[int, int, float]], before: int) -> list[Look]:
    """The comparisons of a photo with the first ones of the sets it may belong to, the likeliest first."""
    looks: dict[tuple[int, int], Look] = {}
    firsts: set[int] = set()
    for other, way, _ in sorted(near, key=lambda one: (-one[2], one[0], one[1])):
        if other >= before and other not in gathered.first:
            first, whole = other, way
        else:
            first = gathered.first.get(other, other)
            laid = gathered.laid.get(other)
            whole = after(way, laid.way) if laid is not None else way
        if (first, whole) not in looks:
            if len(firsts) == _BEGINNINGS and first not in firsts:
                break
            firsts.add(first)
            looks[first, whole] = Look(first, photo, whole)
    return list(looks.values())


def _place(
    gathered: Gathered,
    members: dict[int, list[int]],
    photo: int,
    near: Sequence[tuple[int, int, float]],
    known: dict[Look, Answer],
    compare: Compare,
    apart: Apart,
) -> None:
    """Find the set of one photo."""

    def ask(look: Look) -> Answer:
        if look not in known:
            known.update(compare([look]))
        return known[look]

    def may_join(first: int) -> bool:
        return not any(apart(one, photo) for one in members.get(first, [first]))

    answers: list[tuple[int, Verdict]] = []
    best: tuple[float, int, Laid] | None = None
    for look in _beginnings(gathered, photo, near, photo):
        answer = ask(look)
        answers.append((look.one, answer.verdict))
        if answer.verdict is Verdict.SCENE:
            gathered.scenes.append((look.one, photo, answer.likeness))
        if answer.verdict is Verdict.COPY and answer.laid is not None and may_join(look.one):
            if best is None or answer.likeness > best[0]:
                best = answer.likeness, look.one, answer.laid
            if _settled(answer):
                break
    if best is None:
        best = _by_member(gathered, _member_looks(gathered, photo, near, _said(answers)), ask, may_join)
        if best is not None:
            gathered.through.add(photo)
    first, laid = (photo, Laid()) if best is None else best[1:]
    gathered.first[photo], gathered.laid[photo] = first, laid
    gathered.first.setdefault(first, first)
    gathered.laid.setdefault(first, Laid())
    members.setdefault(first, [first] if first != photo else []).append(photo)


def _said(answers: Iterable[tuple[int, Verdict]]) -> dict[int, Verdict]:
    """What was said of each beginning; of one that was laid in several ways what was not nothing."""
    said: dict[int, Verdict] = {}
    for first, verdict in answers:
        if verdict is not Verdict.OTHER or first not in said:
            said[first] = verdict
    return said


def _member_looks(
    gathered: Gathered, photo: int, near: Sequence[tuple[int, int, float]], said: Mapping[int, Verdict]
) -> Iterator[Look]:
    """Comparisons with members of those sets whose beginnings a photo has nothing in common with, likeliest first."""
    for other, way, _ in sorted(near, key=lambda one: (-one[2], one[0], one[1])):
        first = gathered.first.get(other, other)
        if first != other and other not in gathered.through and said.get(first) is Verdict.OTHER:
            yield Look(other, photo, way)


def _by_member(
    gathered: Gathered, looks: Iterable[Look], ask: Callable[[Look], Answer], may_join: Callable[[int], bool]
) -> tuple[float, int, Laid] | None:
    """A photo may be a copy of a copy and yet have too little in common with the first: two parts of one picture.

    One step, and no more: what was found so leads no further.
    """
    joined = (look for look in looks if may_join(gathered.first[look.one]))
    for look in islice(joined, _MEMBERS):
        answer = ask(look)
        if _settled(answer) and answer.laid is not None:
            return answer.likeness, gathered.first[look.one], through(answer.laid, gathered.laid[look.one])
    return None
