"""What the Duplicates page shows, as plain values, and what marking photos of a set as kept or going means."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from desktop_app.core import wording
from desktop_app.core.duplicates.sets import Change, Copy, CopySet, Count, Kind, Suggestion, Summary

LAST_ONE = "One photo of a set always stays. Mark another one to be kept first."

KIND_WORDS = {kind: kind.words for kind in Kind}
KIND_TIPS = {
    Kind.EXACT: "The very same file, more than once",
    Kind.NEAR: "The same shot: smaller, saved again, cropped, turned, marked",
    Kind.BURST: "Other shots of the same scene, taken within seconds: not copies",
}


@dataclass(frozen=True, slots=True)
class Working:
    """How far looking for copies is; `total` 0 while that is not known."""

    words: str
    done: int = 0
    total: int = 0
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the library's copies.

    Attributes:
        looked: when copies were looked for, local time; None: never.
        summary: what was found then.
        new: photos that came or changed since.
        photos: how many the library has.
        estimate: seconds that looking will take; None where nobody knows.
        is_whole: whether the last look came to its end.
    """

    looked: datetime | None = None
    summary: Summary = field(default_factory=Summary)
    new: int = 0
    photos: int = 0
    estimate: float | None = None
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Tally:
    """What was decided since the page was opened."""

    sets: int = 0
    photos: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Companions:
    """Files that belong to a photo and go with it.

    Attributes:
        words: "video, XMP".
        count: how many files.
        bytes: what they take.
    """

    words: str
    count: int
    bytes: int


# --- marks -----------------------------------------------------------------------------------------------------


def suggested(copies: CopySet) -> frozenset[int]:
    """The listed photos that go when one does as suggested."""
    going = set(copies.suggestion.go)
    return frozenset(one.photo for one in copies.copies if one.photo in going)


def toggled(copies: CopySet, goes: frozenset[int], photo: int) -> tuple[frozenset[int], str]:
    """The marks after one photo's was turned round, and why it was not where it was refused."""
    if photo in goes:
        return goes - {photo}, ""
    found = copy_of(copies, photo)
    if found is None:
        return goes, ""
    if found.kept_because:
        return goes, f"This photo stays: it is {found.kept_because}."
    if all(one.photo in goes or one.photo == photo for one in copies.copies):
        return goes, LAST_ONE
    return goes | {photo}, ""


def only(copies: CopySet, photo: int) -> frozenset[int]:
    """The marks when this one is kept and every other one goes that may."""
    return frozenset(one.photo for one in copies.copies if one.photo != photo and not one.kept_because)


def copy_of(copies: CopySet, photo: int) -> Copy | None:
    """The copy that a photo is in a set."""
    return next((one for one in copies.copies if one.photo == photo), None)


def going(copies: CopySet, goes: Collection[int]) -> tuple[int, ...]:
    """Every photo that goes with these marks: those that are marked and what is the same as they, never all."""
    return tuple(int(photo) for one in copies.copies if one.photo in goes for photo in one.photos)


def bytes_going(copies: CopySet, goes: frozenset[int]) -> int:
    """What the files of the marked photos take."""
    return copies.bytes_of(going(copies, goes))


def without(
    sets: Sequence[CopySet],
    gone: Collection[int],
    decided: Collection[str] = (),
    apart: Collection[tuple[str, int]] = (),
) -> list[CopySet]:
    """The sets that are left, each with two photos or more.

    Args:
        sets: all of them.
        gone: photos that are not there any more.
        decided: keys of sets that are done with.
        apart: photos that were said to be no copies within a set, by its key.
    """
    gone, others = set(gone), {key for key, _ in apart}
    left = []
    for one in sets:
        if one.key in decided:
            continue
        own = gone if one.key not in others else gone | {photo for key, photo in apart if key == one.key}
        if own.isdisjoint(photo for copy in one.copies for photo in (copy.photo, *copy.same)):
            left.append(one)
            continue
        copies = tuple(
            replace(copy, same=tuple(photo for photo in copy.same if photo not in own))
            for copy in one.copies
            if copy.photo not in own
        )
        if len(copies) > 1:
            left.append(replace(one, copies=copies, suggestion=_suggestion(one, copies, own)))
    return left


def _suggestion(one: CopySet, copies: tuple[Copy, ...], gone: Collection[int]) -> Suggestion:
    """What is suggested of the photos that are left: the same, or where the suggested one went, the next in order."""
    was = one.suggestion
    keep, reason = (was.keep, was.reason) if was.keep not in gone else (copies[0].photo, "")
    go = tuple(photo for photo in was.go if photo not in gone and photo != keep)
    size = one.bytes_of(go) if go != was.go else was.bytes
    return Suggestion(keep, reason, go, size)


# --- words -----------------------------------------------------------------------------------------------------


def title_of(copies: CopySet) -> str:
    """A set in two words: "3 photos", "5 shots"; copies are those of them that one can do without."""
    return wording.count(copies.count, "shot" if copies.kind is Kind.BURST else "photo")


def facts_of(copies: CopySet) -> str:
    """How the photos of a set differ: "smaller, saved again"."""
    if copies.kind is Kind.EXACT:
        return "the very same file"
    if copies.kind is Kind.BURST:
        return "same scene"
    words: list[str] = []
    for one in copies.copies:
        for change in one.how.changes if one.how is not None else ():
            if change is not Change.SAME and change.value not in words:
                words.append(change.value)
    return ", ".join(words) or "near copies"


def spoken(copies: CopySet) -> str:
    """A set for a screen reader."""
    return f"{title_of(copies)}, {facts_of(copies)}, {wording.byte_size(copies.bytes_to_gain)} to gain"


def decision_words(copies: CopySet, goes: frozenset[int], names: Mapping[int, str], gain: int) -> str:
    """What Enter does now, and why it is suggested."""
    kept = [one for one in copies.copies if one.photo not in goes]
    stay, many = sum(len(one.photos) for one in kept), len(going(copies, goes))
    if not many:
        return "All photos of this set stay."
    name = names.get(int(kept[0].photo), "") if stay == 1 else ""
    words = f"Keep {name}" if name else f"Keep {wording.count(stay, 'photo')}"
    if goes == suggested(copies) and copies.suggestion.reason:
        words += f": {copies.suggestion.reason}"
    return f"{words}. {wording.number(many)} {'goes' if many == 1 else 'go'} to the trash, {wording.byte_size(gain)}."


def counted(sets: Iterable[CopySet]) -> dict[Kind, Count]:
    """How much there is of each kind: sets, photos that could go and their bytes; of shots, all photos of the sets."""
    found = {kind: [0, 0, 0] for kind in Kind}
    for one in sets:
        count = found[one.kind]
        count[0] += 1
        count[1] += one.count if one.kind is Kind.BURST else len(one.suggestion.go)
        count[2] += one.suggestion.bytes
    return {kind: Count(*numbers) for kind, numbers in found.items()}


def tile_words(kind: Kind, count: Count) -> tuple[str, str, str]:
    """The big number of a kind, what it counts, and what stands below: "6,214", "exact copies", "11 GB in 4,100 sets".

    Other shots of a scene are no copies: of them the sets are counted, and nothing is said to be gained.
    """
    if kind is Kind.BURST:
        return wording.number(count.sets), KIND_WORDS[kind], wording.count(count.extra, "photo")
    below = f"{wording.byte_size(count.bytes)} in {wording.count(count.sets, 'set')}" if count.sets else "none"
    words = KIND_WORDS[kind] if count.extra != 1 else KIND_WORDS[kind].removesuffix("ies") + "y"
    return wording.number(count.extra), words, below


def when(moment: datetime, now: datetime | None = None) -> str:
    """A time as one says it: "today at 14:03", "on 22 November 2026"."""
    now = now or datetime.now()
    if moment.date() == now.date():
        return f"today at {moment:%H:%M}"
    return f"on {moment.day} {moment:%B %Y}"


def looked_words(standing: Standing) -> str:
    """When copies were looked for, and among how many photos."""
    if standing.looked is None:
        return ""
    words = f"Looked through {wording.count(standing.summary.photos, 'photo')} {when(standing.looked)}."
    if not standing.is_whole:
        words = f"Stopped {when(standing.looked)}, before the end: these are the copies found so far."
    if standing.summary.away:
        words += f" {wording.count(standing.summary.away, 'photo')} {_are(standing.summary.away)} away and left out."
    return words


def news_words(standing: Standing) -> str:
    """What came since; "" where nothing did."""
    if standing.looked is None or not standing.new:
        return ""
    return f"{wording.count(standing.new, 'photo')} {_are(standing.new)} new since."


def tally_words(tally: Tally, left: int) -> tuple[str, str]:
    """The running count in two lines: "37 of 1,204 sets done", "1.3 GB so far"."""
    total = tally.sets + left
    first = f"{wording.number(tally.sets)} of {wording.count(total, 'set')} done" if tally.sets else _sets(left)
    return first, f"{wording.byte_size(tally.bytes)} so far" if tally.bytes else ""


def _sets(left: int) -> str:
    return wording.count(left, "set") if left else "No sets"


def _are(many: int) -> str:
    return "is" if many == 1 else "are"
