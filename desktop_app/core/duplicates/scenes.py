"""Other shots of one scene: taken one after another, or laid over one another and found to differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import pairwise

WITHIN = 3.0
"""Seconds between two shots of a burst at most."""


def in_a_row(shots: Sequence[tuple[datetime | None, str]], numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Pairs of photos that one camera took directly after one another.

    Args:
        shots: when and with which camera photos were taken.
        numbers: which of them to look at.
    """
    by_camera: dict[str, list[tuple[datetime, int]]] = {}
    for number in numbers:
        taken, camera = shots[number]
        if taken is not None:
            by_camera.setdefault(camera, []).append((taken.replace(tzinfo=None), number))
    pairs = []
    for taken_by in by_camera.values():
        taken_by.sort()
        for (before, one), (then, other) in pairwise(taken_by):
            if (then - before).total_seconds() <= WITHIN:
                pairs.append((one, other))
    return pairs


def bursts(
    rows: Iterable[tuple[int, int, float]],
    scenes: Iterable[tuple[int, int, float]],
    apart: Callable[[int, int], bool],
) -> list[tuple[tuple[int, ...], float]]:
    """Groups of shots of one scene, and the smallest likeness in each.

    Shots in a row make chains: a burst may wander. Others join only what they were laid over.

    Args:
        rows: pairs of shots in a row that look alike, with their likeness.
        scenes: pairs that were laid over one another and differ: the first one, the other, their likeness.
        apart: whether a person said that two are not to be shown together.
    """
    group: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    score: dict[int, float] = {}

    def may(one: int, other: int) -> bool:
        mine, theirs = members.get(group.get(one, -1), [one]), members.get(group.get(other, -1), [other])
        return not any(apart(a, b) for a in mine for b in theirs)

    def join(one: int, other: int, likeness: float) -> None:
        for photo in (one, other):
            if photo not in group:
                group[photo] = photo
                members[photo] = [photo]
        keep, gone = sorted((group[one], group[other]))
        score[keep] = min(score.get(keep, 1.0), score.get(gone, 1.0), likeness)
        if keep != gone:
            for photo in members.pop(gone):
                group[photo] = keep
                members[keep].append(photo)

    for one, other, likeness in sorted(rows):
        if may(one, other):
            join(one, other, likeness)
    chained = set(group)
    centres: dict[int, int] = {}
    for one, other, likeness in sorted(scenes, key=lambda pair: (-pair[2], pair[0], pair[1])):
        if one == other or centres.get(one, one) != one or other in centres or (one in chained and other in chained):
            continue
        centre, joins = (other, one) if other in chained else (one, other)
        if may(centre, joins):
            join(centre, joins, likeness)
            centres.setdefault(centre, centre)
            centres[joins] = centre
    return [(tuple(sorted(photos)), score[first]) for first, photos in sorted(members.items())]
