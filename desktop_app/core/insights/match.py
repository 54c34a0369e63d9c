"""Bring posts with numbers and pictures together, and say of everything that stays alone why it does."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Literal

from desktop_app.core.insights.captions import first_words
from desktop_app.core.insights.joining import Entry, Group, join_by_file_name, join_by_name
from desktop_app.core.insights.joining_time import clocks, join_by_time
from desktop_app.core.insights.reading import Reading
from desktop_app.core.insights.zones import Clock
from desktop_app.core.posts import How, Offset, Outcome, Post, PostType, Why
from desktop_app.core.types import PhotoId

Weighing = Literal["cover", "shared"]
"""Whose numbers a carousel's are: the cover's alone, or each picture's by equal parts."""

_DAY = 86_400.0
_STEP = 200  # posts between two reports
_TYPE_RANK: dict[PostType, int] = {"photo": 0, "carousel": 1, "reel": 2, "story": 3}


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What is known of the files that sources name.

    Attributes:
        photos: (source, file) to the photo that it is in the library.
        left_out: (source, file) that is there and could not be shown.
        named: the name of a file in lower case to the photos called so, for tables that only name files.
        loose: photos that lie in a source's folder, with the source and their file.
    """

    photos: Mapping[tuple[str, str], PhotoId] = field(default_factory=dict)
    left_out: frozenset[tuple[str, str]] = frozenset()
    named: Callable[[str], tuple[PhotoId, ...]] = lambda name: ()
    loose: Mapping[PhotoId, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Joined:
    """A post after matching.

    Attributes:
        post: with what all its sources know; the newest numbers win. Its time is UTC where that is known.
        aliases: the other keys it has been known by.
        photos: its pictures, or those that could be its own (`Outcome.AMBIGUOUS`).
        outcome: which of the four groups it is in.
        how: by what numbers and pictures came together.
        why: the reason where they did not.
        rivals: places in the result of posts that could be the same.
        detail: what helps a person to decide.
    """

    post: Post
    aliases: tuple[str, ...]
    photos: tuple[PhotoId, ...]
    outcome: Outcome
    how: How | None
    why: Why | None
    rivals: tuple[int, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class Matching:
    """The result: posts, photos that belong to none with the reason, and the clocks of the tables."""

    posts: tuple[Joined, ...]
    loose: Mapping[PhotoId, Why]
    offsets: tuple[Offset, ...]


def match(readings: Sequence[tuple[str, Reading]], disk: OnDisk) -> Matching:
    """`matching`, run to its end."""
    steps = matching(readings, disk)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            found: Matching = ended.value
            return found


def matching(
    readings: Sequence[tuple[str, Reading]], disk: OnDisk, zones: Mapping[str, float] | None = None
) -> Generator[None, None, Matching]:
    """Match the posts of all sources with each other and with the pictures; yields now and then.

    In this order: the file that the export names, the shortcode, time and caption, the file name. Nothing is joined on
    a guess: where several fit, all of them are named.

    Args:
        readings: of each source, with its name as `Post.source` has it.
        disk: which of their files are photos of the library.
        zones: hours from UTC of sources whose clock a person set, by their names.
    """
    entries = []
    for source, reading in readings:
        for count, post in enumerate(reading.posts):
            if count % _STEP == 0:
                yield
            entries.append(_entry(replace(post, source=source), reading, disk))
    groups = join_by_name(entries)
    yield
    clock = clocks(groups, zones)
    yield
    groups = join_by_time(groups, clock)
    yield
    groups = join_by_file_name(groups)
    sought = {id(rival) for group in groups for rival in group.rivals if not rival.has_numbers}
    kept = [group for group in groups if group.has_numbers or (group.photos and id(group) not in sought)]
    periods = _periods(kept, clock)
    place_of = {id(group): place for place, group in enumerate(kept)}
    rival_of = _rivals(kept)
    shown_stories = any(group.is_story and group.photos for group in kept)
    joined = []
    for count, group in enumerate(kept):
        if count % _STEP == 0:
            yield
        joined.append(_joined(group, clock, disk, periods, place_of, rival_of, shown_stories=shown_stories))
    taken = {photo for group in groups for entry in group.entries for photo in entry.photos}
    loose = _loose(readings, disk, taken)
    return Matching(tuple(joined), loose, _offsets(readings, clock))


def weights(photos: Sequence[PhotoId], weighing: Weighing) -> tuple[float, ...]:
    """The part of the post's numbers that each picture stands for; they add up to 1."""
    if weighing == "shared":
        return (1.0 / len(photos),) * len(photos) if photos else ()
    return tuple(float(place == 0) for place in range(len(photos)))


def _entry(post: Post, reading: Reading, disk: OnDisk) -> Entry:
    own = tuple(dict.fromkeys(p for file in post.files if (p := disk.photos.get((post.source, file))) is not None))
    named = () if own else tuple(disk.named(file) for file in post.files)
    return Entry(post, own, reading.zoned, named)


def _joined(
    group: Group,
    clock: Mapping[str, Clock | None],
    disk: OnDisk,
    periods: Mapping[str, tuple[float, float]],
    place_of: Mapping[int, int],
    rival_of: Mapping[int, list[Group]],
    *,
    shown_stories: bool,
) -> Joined:
    post = _merged(group, clock)
    aliases = tuple(dict.fromkeys(e.post.key for e in group.entries if e.post.key != post.key))
    photos, how, why = group.photos, group.how, group.why
    others = (row for rival in group.rivals for row in rival_of.get(id(rival), ()) if row is not group)
    rivals = tuple(dict.fromkeys(place_of[id(row)] for row in others if id(row) in place_of))
    if group.has_numbers and photos:
        outcome, why = Outcome.MATCHED, None
        how = how or How.URI
    elif group.has_numbers and group.rivals:
        outcome, how = Outcome.AMBIGUOUS, None
        photos = tuple(dict.fromkeys(photo for rival in group.rivals for photo in rival.photos))
    elif group.has_numbers and why in (Why.SEVERAL_PICTURES, Why.SEVERAL_POSTS):
        outcome, how = Outcome.AMBIGUOUS, None
        photos = tuple(dict.fromkeys(p for e in group.entries for many in e.named for p in many))
    elif group.has_numbers:
        outcome, how = Outcome.ONLY_NUMBERS, None
        why = _why_no_picture(group, disk, why, shown_stories)
    else:
        outcome, how = Outcome.ONLY_ON_DISK, None
        why = _why_no_numbers(post, periods)
    return Joined(post, aliases, photos, outcome, how, why, rivals, _detail(post))


def _rivals(groups: Iterable[Group]) -> dict[int, list[Group]]:
    """The groups of pictures that rows could mean, with those rows."""
    found: dict[int, list[Group]] = {}
    for group in groups:
        for rival in group.rivals:
            found.setdefault(id(rival), []).append(group)
    return found


def _why_no_picture(group: Group, disk: OnDisk, why: Why | None, shown_stories: bool) -> Why:
    for entry in group.entries:
        for file in entry.post.files:
            if (entry.post.source, file) in disk.left_out:
                return Why.PICTURE_NOT_SHOWN
    if why is not Why.CAPTION_DIFFERS and any(e.post.files for e in group.entries):
        return Why.FILE_MISSING
    if group.is_story and not shown_stories:
        return Why.STORY
    if why is None and all(entry.post.time is None for entry in group.entries):
        return Why.NO_TIME
    return why or Why.NOTHING_AT_THAT_TIME


def _why_no_numbers(post: Post, periods: Mapping[str, tuple[float, float]]) -> Why:
    period = periods.get(post.account.casefold()) or periods.get("")
    if period is not None and post.time is not None and not period[0] - _DAY <= post.time <= period[1] + _DAY:
        return Why.OUTSIDE_PERIOD
    return Why.NO_NUMBERS


def _periods(groups: Iterable[Group], clock: Mapping[str, Clock | None]) -> dict[str, tuple[float, float]]:
    """From when to when each account's numbers reach; under "" those of all."""
    found: dict[str, tuple[float, float]] = {}
    for group in groups:
        if not group.has_numbers:
            continue
        time = _time(group, clock)
        if time is None:
            continue
        for account in {group.account, ""}:
            first, last = found.get(account, (time, time))
            found[account] = (min(first, time), max(last, time))
    return found


def _time(group: Group, clock: Mapping[str, Clock | None]) -> float | None:
    if group.time is not None:
        return group.time
    for entry in group.entries:
        if entry.post.time is not None:
            found = clock.get(entry.post.source)
            return entry.post.time - (found.hours * 3600 if found else 0.0)
    return None


def _merged(group: Group, clock: Mapping[str, Clock | None]) -> Post:
    """One post of all its entries: of each number the newest, of each word the best."""
    entries = [entry.post for entry in group.entries]
    told = sorted(
        (p for p in entries if any(v is not None for v in p.metrics.values())),
        key=lambda p: p.collected if p.collected is not None else float("-inf"),
    )
    numbers: dict[str, float | None] = {}
    for post in told:
        numbers.update({name: value for name, value in post.metrics.items() if value is not None})
    best = min(entries, key=_key_rank)
    newest = told[-1] if told else entries[0]
    pictured = max(group.entries, key=lambda entry: len(entry.photos)).post
    kind = max((post.type for post in entries), key=_TYPE_RANK.__getitem__)
    return replace(
        newest,
        key=best.key,
        account=next((p.account for p in (newest, *entries) if p.account), ""),
        time=_time(group, clock),
        type=kind,
        caption=next((p.caption for p in (newest, *entries) if p.caption), ""),
        permalink=next((p.permalink for p in entries if p.permalink), ""),
        shortcode=group.shortcode,
        metrics=numbers,
        boosted=any(p.boosted for p in entries),
        files=pictured.files or newest.files,
    )


def _key_rank(post: Post) -> int:
    if post.shortcode:
        return 0
    if post.key.startswith(("row ", "time ")):
        return 3
    named = post.files and post.key == PurePosixPath(post.files[0]).name
    return 2 if named else 1


def _loose(readings: Sequence[tuple[str, Reading]], disk: OnDisk, taken: set[PhotoId]) -> dict[PhotoId, Why]:
    """Photos in the sources' folders that no post has."""
    reasons = {(source, file): why for source, reading in readings for file, why in reading.others.items()}
    return {photo: reasons.get(where, Why.NOT_A_POST) for photo, where in disk.loose.items() if photo not in taken}


def _offsets(readings: Sequence[tuple[str, Reading]], clock: Mapping[str, Clock | None]) -> tuple[Offset, ...]:
    found = []
    for source, reading in readings:
        if source in clock:
            one = clock[source]
            count = sum(post.time is not None for post in reading.posts)
            found.append(Offset(source, one.hours if one else 0.0, one.fits if one else 0, one.posts if one else count))
    return tuple(found)


def _detail(post: Post) -> str:
    when = ""
    if post.time is not None:
        try:
            moment = datetime.fromtimestamp(post.time, UTC)
            when = f"{moment.day} {moment:%B %Y %H:%M}"
        except (OverflowError, OSError, ValueError):
            when = ""
    words = first_words(post.caption)
    return ", ".join(filter(None, (when, f"“{words}”" if words else "")))
