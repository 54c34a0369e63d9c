"""Joining by time and caption: what only tells when it was published, to the minute, by a clock without a zone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

from desktop_app.core.insights.captions import is_edit
from desktop_app.core.insights.joining import Group, may_be_one
from desktop_app.core.insights.zones import Clock, Timed, clock_of
from desktop_app.core.posts import How, Why

LATE = 180.0
"""Seconds that a picture may be away from its post where both have one caption that nothing else has: uploads take a
while."""

_MINUTE = (1.0, 61.0)  # a caption that several posts have says less: the minute has to be right
_NEARLY = (31.0, 91.0)  # seconds before and after, where captions are not equal

_SEASON = 120 * 86_400.0  # seconds: how long the clock of a neighbour tells summer from winter


def clocks(groups: Sequence[Group], chosen: Mapping[str, float] | None = None) -> dict[str, Clock | None]:
    """The clock of every source whose times have no zone; `chosen` says the hours of sources that a person set."""
    said = chosen or {}
    pictures = [
        Timed(group.time, next(iter(sorted(group.captions)), ""), group.account)
        for group in groups
        if group.time is not None and group.photos
    ]
    found: dict[str, Clock | None] = {}
    of_source: dict[str, tuple[list[Timed], list[tuple[float, float]]]] = {}
    for group in groups:
        for entry in group.entries:
            if entry.zoned or entry.post.time is None:
                continue
            rows, known = of_source.setdefault(entry.post.source, ([], []))
            rows.append(Timed(entry.post.time, entry.caption, group.account))
            if group.time is not None:
                known.append((entry.post.time, group.time))
    for source, (rows, known) in of_source.items():
        found[source] = clock_of(rows, pictures, known, said.get(source))
    return found


def join_by_time(groups: list[Group], clock: dict[str, Clock | None]) -> list[Group]:
    """Join numbers without pictures to pictures by time and caption, surest first; what is not sure is left apart.

    Args:
        groups: from `join_by_name`.
        clock: from `clocks`.

    Returns:
        The groups that are left; `Group.rivals` and `Group.why` say where several fitted, or nothing.
    """
    shown = sorted((g for g in groups if g.photos and g.time is not None), key=lambda group: group.time or 0.0)
    rows = [_Row(group, clock) for group in groups if group.has_numbers and not group.photos]
    rows = [row for row in rows if row.hours]
    run = _Run(shown, [group.time or 0.0 for group in shown], rows)
    run.allow_summer(rows)
    for step in _STEPS:
        if step == _AGAIN:
            _set_seasons(rows)
        run.settle([row for row in rows if row.met is None and not row.group.rivals], step)
    for row in rows:
        if row.met is None and not row.group.rivals:
            row.group.why = row.group.why or Why.NOTHING_AT_THAT_TIME
    return [group for group in groups if group.entries]


_EQUAL, _AGAIN, _EDITED, _REWRITTEN = _STEPS = range(4)
# _EQUAL: equal captions. _AGAIN: the same, once the season's clock is known. _EDITED: one caption is the other, edited,
# or one is missing. _REWRITTEN: the captions differ, and neither is that of one other thing that is left.

_Wish = tuple[float, int, float]  # seconds between row and picture, the picture's place, the offset in hours


class _Row:
    """A post with numbers that looks for its pictures."""

    def __init__(self, group: Group, clock: dict[str, Clock | None]) -> None:
        self.group = group
        self.met: float | None = None  # the offset, in hours, under which it found them
        entry = next((e for e in group.entries if e.post.time is not None), group.entries[0])
        self.wall = entry.post.time
        found = None if entry.zoned else clock.get(entry.post.source)
        self.source = entry.post.source
        self.trusted = entry.zoned or (found is not None and found.trusted)
        self.hours: tuple[float, ...] = ()
        if self.wall is None:
            group.why = Why.NO_TIME
        elif entry.zoned:
            self.hours = (0.0,)
        elif found is not None:
            # an hour beside it: summer time
            self.hours = (found.hours, found.hours - 1, found.hours + 1)
        else:
            group.why = Why.NOTHING_AT_THAT_TIME


def _set_seasons(rows: Sequence[_Row]) -> None:
    """From here on each row goes by one clock: that of the nearest post of its table that is sure."""
    sure: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        if row.met is not None and row.wall is not None:
            sure.setdefault(row.source, []).append((row.wall, row.met))
    for known in sure.values():
        known.sort()
    for row in rows:
        row.hours = row.hours[:1]
        known = sure.get(row.source, [])
        if row.met is None and known and row.wall is not None:
            at = bisect_left(known, (row.wall, 0.0))
            near = min(known[max(0, at - 1) : at + 1], key=lambda one: abs(one[0] - (row.wall or 0.0)))
            if abs(near[0] - row.wall) < _SEASON:
                row.hours = (near[1],)


class _Run:
    """Rows and pictures on their way to each other."""

    def __init__(self, shown: Sequence[Group], times: Sequence[float], rows: Sequence[_Row]) -> None:
        self.shown, self.times = shown, times
        self.taken: set[int] = set()
        theirs = Counter(caption for group in shown for caption in group.captions)
        mine = Counter(caption for row in rows for caption in row.group.captions)
        self._once = {caption for caption, count in mine.items() if count == theirs[caption] == 1}
        # what many posts say, or an emoji alone, says nothing of where a post belongs
        self._common = {caption for caption in {*mine, *theirs} if mine[caption] > 1 or theirs[caption] > 1}

    def allow_summer(self, rows: Sequence[_Row]) -> None:
        """An hour beside a table's clock counts only where two posts or more, known by their captions, say so."""
        support: Counter[tuple[str, float]] = Counter()
        for row in rows:
            if len(row.hours) < 2 or not row.group.captions & self._once:
                continue
            for hours in row.hours:
                if any(row.group.captions & self.shown[at].captions for at in self._near(row, hours, LATE, LATE + 60)):
                    support[row.source, hours] += 1
                    break
        for row in rows:
            row.hours = tuple(h for place, h in enumerate(row.hours) if not place or support[row.source, h] >= 2)

    def _near(self, row: _Row, hours: float, before: float, after: float) -> range:
        true = (row.wall or 0.0) - hours * 3600
        return range(bisect_left(self.times, true - before), bisect_right(self.times, true + after))

    def _fitting(self, row: _Row, step: int, left: Counter[str], own: Counter[str]) -> list[_Wish]:
        """The pictures that a row may belong to in this step, nearest first."""
        found: dict[int, _Wish] = {}
        mine = row.group.captions
        equal_only = step in (_EQUAL, _AGAIN)
        for penalty, hours in enumerate(row.hours):
            if equal_only and mine & self._once:
                before, after = LATE, LATE + 60
            else:
                before, after = _NEARLY if step == _EDITED else _MINUTE
            for place in self._near(row, hours, before, after):
                group = self.shown[place]
                if place in self.taken or not may_be_one(row.group, group):
                    continue
                theirs = group.captions
                if equal_only:
                    fits = bool(mine & theirs)
                elif not row.trusted:
                    fits = False
                elif not mine or not theirs:
                    fits = step == _EDITED
                elif step == _EDITED:
                    fits = any(is_edit(one, other) for one in mine for other in theirs)
                else:
                    fits = not any(left[one] for one in mine - self._common) and not any(
                        own[one] for one in theirs - self._common
                    )
                    if not fits:
                        row.group.why = Why.CAPTION_DIFFERS
                true = (row.wall or 0.0) - hours * 3600
                distance = abs(self.times[place] - true - 30) + penalty * 1800
                if fits and (place not in found or distance < found[place][0]):
                    found[place] = (distance, place, hours)
        return sorted(found.values())

    def settle(self, rows: Sequence[_Row], step: int) -> None:
        """Join where each is the other's one choice, or clearly its nearest; else say what the choice is."""
        left = Counter(c for at, group in enumerate(self.shown) if at not in self.taken for c in group.captions)
        own = Counter(caption for row in rows for caption in row.group.captions)
        wishes = {id(row): self._fitting(row, step, left, own) for row in rows}
        asked: dict[int, list[tuple[float, _Row]]] = {}
        for row in rows:
            for distance, place, _ in wishes[id(row)]:
                asked.setdefault(place, []).append((distance, row))
        progress = True
        while progress:
            progress = False
            for row in rows:
                wish = [one for one in wishes[id(row)] if one[1] not in self.taken] if row.met is None else []
                if not wish or not _is_clear([one[0] for one in wish]):
                    continue
                distance, place, hours = wish[0]
                others = [far for far, other in asked[place] if other is not row and other.met is None]
                if others and not _is_clear(sorted([distance, *others]), distance):
                    continue
                silent = not row.group.captions or not self.shown[place].captions
                self.shown[place].take(row.group, How.TIME if silent or step == _REWRITTEN else How.TIME_AND_CAPTION)
                row.met = hours
                self.taken.add(place)
                progress = True
        for row in rows:
            wish = [one for one in wishes[id(row)] if one[1] not in self.taken]
            if row.met is None and wish:
                row.group.rivals = [self.shown[place] for _, place, _ in wish]
                row.group.why = Why.SEVERAL_PICTURES if len(wish) > 1 else Why.SEVERAL_POSTS


def _is_clear(distances: Sequence[float], mine: float | None = None) -> bool:
    """Whether the first of sorted distances is nearest by more than a minute, the precision of tables; and is mine."""
    first = distances[0]
    if mine is not None and mine != first:
        return False
    return len(distances) == 1 or distances[1] - first > 60
