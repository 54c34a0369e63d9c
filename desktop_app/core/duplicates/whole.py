"""Which pictures of a set show all that there is to see of it, and lie as it should.

All pictures lie over the first of their set, which may itself be the one that was mirrored, turned or marked: so they
are held against one another, and what most of them have in common counts as how the picture was.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from desktop_app.core.duplicates.judge import Laid, how
from desktop_app.core.duplicates.signature import after, back

_VISIBLY = 0.95
"""A picture that shows less of another than this share is cut from it; measuring small pictures is off by a few
hundredths."""

_PREVIEW = 4.0
"""One with that many times fewer pixels is a preview: it shows more of the scene, and less of everything in it."""

_COLOURLESS = 0.15
"""Of the strength of another one's colours; below it they were taken away (as in `judge.how`)."""

_BRIGHTER, _STRONGER = 6.0, float(np.log(1.4))
"""Grey levels, and a factor of the strength of colours, from which on a picture counts as altered."""

_WIDEST = 8  # pictures that each one is held against
_MIRRORED = 4  # the ways from here on


def whole(pictures: Sequence[Laid], pixels: Sequence[int]) -> tuple[bool, ...]:
    """Whether each picture of a set is whole.

    No other shows visibly more or has colours that it lacks, and it is neither marked nor mirrored where most of the
    others are not.

    Args:
        pictures: where they lie over the first of the set.
        pixels: of each, width times height.
    """
    areas = [abs(float(np.linalg.det(np.array(one.matrix).reshape(2, 3)[:, :2]))) for one in pictures]
    widest = sorted(range(len(pictures)), key=lambda n: -areas[n])
    as_taken = _as_most([one.way >= _MIRRORED for one in pictures])
    unmarked = _unmarked(pictures)
    strongest = max(one.colour for one in pictures)
    found = []
    for number, one in enumerate(pictures):
        wider = (
            other
            for other in [n for n in widest if pixels[n] * _PREVIEW >= pixels[number]][:_WIDEST]
            if other != number and _is_cut(one, pictures[other])
        )
        is_plain = unmarked[number] and as_taken[number] and one.colour >= _COLOURLESS * strongest
        found.append(is_plain and next(wider, None) is None)
    return tuple(found)


def upright(pictures: Sequence[Laid]) -> tuple[bool, ...]:
    """Whether each picture of a set lies as most of them do, mirrored or not; all do where no way has the most.

    A picture is seldom turned and then copied often, so the way of the most is how it was.

    Args:
        pictures: where they lie over the first of the set.
    """
    # which turn away from a picture another one lies: those that are upright with the first are one kind, and so on
    kinds = [next(n for n, one in enumerate(pictures) if after(one.way, back(own.way)) % 4 == 0) for own in pictures]
    return _as_most(kinds)


def plain(pictures: Sequence[Laid]) -> tuple[bool, ...]:
    """Whether each picture of a set is as bright and as colourful as most of them are; all are where most are not.

    Args:
        pictures: where they lie over the first of the set.
    """
    lifts = np.array([one.lift for one in pictures])
    colours = np.log(np.maximum([one.colour for one in pictures], 1e-3))
    usual = _near_most(lifts, _BRIGHTER) & _near_most(colours, _STRONGER)
    return tuple(usual.tolist())


def _near_most(values: npt.NDArray[np.float64], step: float) -> npt.NDArray[np.bool_]:
    """Which values are within a step of the middle one; all are where those are not more than half."""
    near = np.abs(values - np.median(values)) <= step
    return near if 2 * near.sum() > len(values) else np.ones(len(values), bool)


def _as_most(kinds: Sequence[Hashable]) -> tuple[bool, ...]:
    """Which are of the kind that there is most of; all where two kinds are as frequent."""
    counts = [kinds.count(kind) for kind in kinds]
    most = max(counts)
    most_often = {kind for kind, count in zip(kinds, counts, strict=True) if count == most}
    return tuple(len(most_often) > 1 or kind in most_often for kind in kinds)


def _unmarked(pictures: Sequence[Laid]) -> tuple[bool, ...]:
    """Which pictures nobody painted into. Of two that differ nobody can say which; all pass then."""
    edited = [one.edited for one in pictures]
    if all(edited) or edited.count(False) == edited.count(True):
        return (True,) * len(pictures)
    if edited.count(False) == 1 < edited.count(True) and _in_one_place([one for one in pictures if one.edited]):
        return tuple(edited)  # they differ from the first in the same place: that one is marked and they are not
    return tuple(not one for one in edited)


def _in_one_place(pictures: Sequence[Laid]) -> bool:
    """Whether all of some pictures differ from the first of their set in the same place."""
    boxes = []
    for one in pictures:
        if one.differs is None:
            return False
        matrix, box = np.array(one.matrix).reshape(2, 3), one.differs
        ends = np.array([[box.x, box.y], [box.x + box.width, box.y + box.height]]) @ matrix[:, :2].T + matrix[:, 2]
        boxes.append((*ends.min(axis=0), *ends.max(axis=0)))
    corners = np.array(boxes)
    common = np.clip(corners[:, 2:].min(axis=0) - corners[:, :2].max(axis=0), 0, None).prod()
    return bool(common > 0.5 * (corners[:, 2:] - corners[:, :2]).prod(axis=1).max())


def _is_cut(picture: Laid, other: Laid) -> bool:
    """Whether a picture shows only a part of another."""
    part = how(other, picture, ((1, 1), (1, 1))).part
    return part is not None and part.width * part.height < _VISIBLY
