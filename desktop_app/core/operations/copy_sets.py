"""What is asked of copies once they are found: what to keep, one set's facts, what an action would do, what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.core import wording
from desktop_app.core.catalog import details as detail_rows
from desktop_app.core.catalog import photos as photo_rows
from desktop_app.core.duplicates.judge import how
from desktop_app.core.duplicates.keep import Merits, choose
from desktop_app.core.duplicates.sets import (
    Change,
    Copy,
    CopySet,
    Count,
    How,
    KeepRules,
    Kind,
    Plan,
    Row,
    SetFacts,
    Suggestion,
    Summary,
)
from desktop_app.core.duplicates.whole import plain, upright, whole
from desktop_app.core.library import Library
from desktop_app.core.operations.as_known import freed
from desktop_app.core.operations.copy_companions import Beside, as_picture, with_only
from desktop_app.core.operations.copy_found import Found, FoundCopy, FoundSet
from desktop_app.core.operations.copy_merits import Writable, facts_of, load_rules, merits_of
from desktop_app.core.types import Details, Photo, PhotoId, Progress

_TEXT = "Choosing what to keep"
_TOGETHER = 200  # sets between two reports
_FEW = 5_000


@dataclass(frozen=True, slots=True)
class Arranged:
    """Sets ready to be shown: what to keep is chosen.

    Attributes:
        sets: the most bytes to gain first; shots of one scene last.
        summary: what there is.
        rules: by what it was chosen.
    """

    sets: tuple[CopySet, ...]
    summary: Summary
    rules: KeepRules

    def of(self, kind: Kind) -> tuple[CopySet, ...]:
        """The sets of one kind, in order."""
        return tuple(one for one in self.sets if one.kind is kind)


def arrange(library: Library, found: Found, rules: KeepRules | None = None) -> Generator[Progress, None, Arranged]:
    """Choose what to keep in every set.

    Args:
        library: the open library; only read.
        found: what `find_duplicates` found, whenever that was: photos that are gone since are left out.
        rules: by what to choose; None: the library's own.

    Yields:
        Progress, after every few hundred sets.
    """
    rules = load_rules(library) if rules is None else rules
    sets: list[CopySet] = []
    writable, beside = Writable(), Beside()
    # of very many files it is not asked which are one under several names
    files = sum(len(one.pictures[0].photos) for one in found.sets if one.kind is Kind.EXACT)
    links = files <= _FEW
    total = len(found.sets)
    for start in range(0, total, _TOGETHER):
        yield Progress(_TEXT, start, total)
        part = found.sets[start : start + _TOGETHER]
        ids = [photo for one in part for picture in one.pictures for photo in picture.photos]
        merits, photos = merits_of(library, list(dict.fromkeys(ids)), rules, writable, beside)
        present = {id_: photos[id_] for id_ in merits if _is_there(photos[id_])}
        arranged = (_arranged(one, merits, present, rules, beside, links=links) for one in part)
        sets += [one for one in arranged if one is not None]
    order = {Kind.EXACT: 0, Kind.NEAR: 0, Kind.BURST: 1}
    sets.sort(key=lambda one: (order[one.kind], -one.bytes_to_gain, one.key))
    counts = {kind: _count(kind, sets, found) for kind in Kind}
    summary = Summary(
        counts[Kind.EXACT],
        counts[Kind.NEAR],
        counts[Kind.BURST],
        found.photos,
        found.away,
        found.not_read,
        found.not_copies,
    )
    return Arranged(tuple(sets), summary, rules)


def _is_there(photo: Photo) -> bool:
    return photo.state.value == "present"


def _count(kind: Kind, sets: Iterable[CopySet], found: Found) -> Count:
    own = [one for one in sets if one.kind is kind]
    if kind is Kind.BURST:
        return Count(len(own), sum(len(one.copies) - 1 for one in own), 0)
    return Count(len(own), sum(len(one.suggestion.go) for one in own), sum(one.bytes_to_gain for one in own))


def _arranged(
    found: FoundSet,
    merits: Mapping[PhotoId, Merits],
    photos: Mapping[PhotoId, Photo],
    rules: KeepRules,
    beside: Beside,
    *,
    links: bool,
) -> CopySet | None:
    """One set; None where fewer than two of its photos are left."""
    if found.kind is Kind.EXACT:
        pictures = [(FoundCopy((photo,)), photo) for photo in found.pictures[0].photos if photo in photos]
        if len(pictures) < 2:
            return None
        best, reason = choose([merits[photo] for _, photo in pictures], rules)
        keep = pictures[best][1]
        same = How((Change.SAME,), 1.0)
        merits = with_only(keep, [photo for _, photo in pictures], merits, photos, beside)
        copies = [_copy(photos[photo], None if photo == keep else same, (), merits) for _, photo in pictures]
        return _set(found, keep, reason, copies, photos, links=links)
    pictures = []
    for picture in found.pictures:
        there = [photo for photo in picture.photos if photo in photos]
        if there:
            stands = choose([merits[photo] for photo in there], rules)[0]
            pictures.append((replace(picture, photos=tuple(there)), there[stands]))
    if len(pictures) < 2:
        return None
    laid = [picture.laid for picture, _ in pictures]
    looks = zip(whole(laid, [merits[photo].pixels for _, photo in pictures]), upright(laid), plain(laid), strict=True)
    best, reason = choose(
        [as_picture(merits[photo], *own) for (_, photo), own in zip(pictures, looks, strict=True)], rules
    )
    kept, keep = pictures[best]
    if found.kind is Kind.BURST:
        copies = []
        for picture, photo in pictures:
            others = tuple(other for other in picture.photos if other != photo)
            shot = None if photo == keep else How((Change.LATER,), found.score)
            copies.append(_copy(photos[photo], shot, others, merits))
        return _set(found, keep, "", copies, photos)
    merits = with_only(keep, [photo for picture, _ in pictures for photo in picture.photos], merits, photos, beside)
    copies = []
    for picture, photo in pictures:
        others = tuple(other for other in picture.photos if other != photo)
        sizes = (photos[keep].width, photos[keep].height), (photos[photo].width, photos[photo].height)
        told = None if photo == keep else how(kept.laid, picture.laid, sizes)
        copies.append(_copy(photos[photo], told, others, merits))
    return _set(found, keep, reason, copies, photos)


def _copy(photo: Photo, told: How | None, same: tuple[PhotoId, ...], merits: Mapping[PhotoId, Merits]) -> Copy:
    movable = tuple(other for other in same if not merits[other].kept_because)
    return Copy(photo.id, told, movable, merits[photo.id].kept_because, photo.size)


def _set(
    found: FoundSet,
    keep: PhotoId,
    reason: str,
    copies: Sequence[Copy],
    photos: Mapping[PhotoId, Photo],
    *,
    links: bool = False,
) -> CopySet:
    order = sorted(
        copies,
        key=lambda copy: (
            copy.photo != keep,
            0 if found.kind is Kind.BURST else -photos[copy.photo].width * photos[copy.photo].height,
            -photos[copy.photo].size,
            copy.photo,
        ),
    )
    if found.kind is Kind.BURST:  # in the order in which they were taken, the kept one first
        place = {copy.photo: number for number, copy in enumerate(copies)}
        order = sorted(copies, key=lambda copy: (copy.photo != keep, place[copy.photo]))
        return CopySet(found.key, found.kind, tuple(order), Suggestion(keep, reason, (), 0), found.score)
    go = tuple(
        photo
        for copy in order
        if copy.photo != keep
        for photo in ((copy.photo, *copy.same) if not copy.kept_because else copy.same)
    )
    size = sum(photos[photo].size for photo in go)
    if links:
        stay = (photos[copy.photo] for copy in order if copy.photo not in go)
        size = sum(freed((photos[photo] for photo in go), stay).values())
    return CopySet(found.key, found.kind, tuple(order), Suggestion(keep, reason, go, size), found.score)


def facts(library: Library, one: CopySet) -> SetFacts:
    """What is shown of one set, side by side: the lines that differ come with what is better.

    Photos that are gone are left out.
    """
    known = photo_rows.fetch(library.connection, one.photos)
    copies = tuple(copy for copy in one.copies if copy.photo in known)
    shown = tuple(known[copy.photo] for copy in copies)
    said = detail_rows.get(library.connection, one.photos)
    merits, _ = merits_of(library, one.photos, KeepRules())
    details = [said.get(photo.id, Details()) for photo in shown]
    rows = [
        _line("Name", [photo.name for photo in shown]),
        _line("Folder", [str(Path(photo.path).parent) for photo in shown]),
        _best("Size in pixels", shown, lambda p: wording.pixel_size(p.width, p.height), lambda p: p.width * p.height),
        _best("File size", shown, lambda p: wording.byte_size(p.size), lambda p: p.size),
        _line("Format", [photo.format for photo in shown]),
        _best(
            "Taken",
            shown,
            lambda p: p.taken.isoformat(" ", "seconds") if p.taken else "",
            lambda p: p.taken is not None,
        ),
        _line("Changed", [photo.modified.isoformat(" ", "seconds") for photo in shown]),
        _best("Camera", shown, lambda p: p.camera, lambda p: bool(p.camera)),
        _line(
            "Place",
            [
                wording.coordinates(own.latitude, own.longitude)
                if own.latitude is not None and own.longitude is not None
                else ""
                for own in details
            ],
        ),
        _line("Rating", [wording.stars(own.rating) if own.rating is not None else "" for own in details]),
        _line("Keywords", [", ".join(own.keywords) for own in details]),
        _best(
            "Labels and notes",
            shown,
            lambda p: wording.number(merits[p.id].labels) if merits[p.id].labels else "",
            lambda p: merits[p.id].labels,
        ),
        _best(
            "Metadata",
            shown,
            lambda p: ", ".join(facts_of(p, said)),
            lambda p: len(facts_of(p, said)),
        ),
        _line("Differs", [copy.how.words if copy.how is not None else "" for copy in copies]),
    ]
    return SetFacts(replace(one, copies=copies), shown, tuple(row for row in rows if any(row.values)))


def _line(title: str, values: Sequence[str]) -> Row:
    """A line; where some have a value and others none, it speaks for those that have one."""
    there = tuple(place for place, value in enumerate(values) if value)
    return Row(title, tuple(values), there if len(there) < len(values) else ())


def _best(title: str, photos: Sequence[Photo], words: Callable[[Photo], str], worth: Callable[[Photo], float]) -> Row:
    values = [worth(photo) for photo in photos]
    most = max(values, default=0)
    best = tuple(place for place, value in enumerate(values) if value == most)
    return Row(title, tuple(words(photo) for photo in photos), best if len(best) < len(values) else ())


def plan(library: Library, sets: Iterable[CopySet]) -> Plan:
    """What doing as suggested in all of these sets would do; of every set at least one photo stays.

    Files are looked up anew: a photo that is gone takes its set along, as what should stay might not be there.
    """
    sets = list(sets)
    ids = list({photo for one in sets for photo in (one.suggestion.keep, *one.suggestion.go)})
    known = photo_rows.fetch(library.connection, ids)
    present = {id_ for id_, photo in known.items() if _is_there(photo)}
    stay: list[PhotoId] = []
    done = 0
    go: dict[PhotoId, None] = {}
    left: Counter[str] = Counter()
    for one in sets:
        if one.suggestion.keep not in present or one.suggestion.keep in go:
            continue
        left.update(copy.kept_because for copy in one.copies if copy.kept_because and copy.photo != one.suggestion.keep)
        going = [photo for photo in one.suggestion.go if photo in present and photo not in stay]
        if going:
            done += 1
            stay.append(one.suggestion.keep)
            go.update(dict.fromkeys(going))
    for kept in stay:  # what one set keeps no other takes away
        go.pop(kept, None)
    return Plan(tuple(go), tuple(stay), done, photo_rows.total_size(library.connection, list(go)), tuple(left.items()))
