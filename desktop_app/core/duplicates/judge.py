"""What measurements of two pictures mean: copies or not, and in which way they differ, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from desktop_app.core.duplicates.compare import Measured, Verdict
from desktop_app.core.duplicates.sets import Change, How
from desktop_app.core.duplicates.signature import after, back
from desktop_app.core.searching import Box

Matrix = npt.NDArray[np.float64]

_LEVEL = 0.01  # turn or slant, in shares of a side, beyond what measuring is off by

_ROUND = 15 * 60
"""Seconds by whose multiples times of one shot differ where a clock's zone was put right."""


def judged(measured: Measured | None, *, other_shot: bool = False) -> Verdict:
    """What two pictures are to one another; see docs/adr/0025-copies.md for the figures.

    Args:
        measured: what `compare.measure` gave.
        other_shot: the camera wrote other times into them: they are no copies, however alike.
    """
    if measured is None:
        return Verdict.OTHER
    if measured.points > 0:
        copy = measured.over >= 0.85 and measured.points >= 0.5
        copy = copy and measured.same >= 0.75 and measured.alike >= 0.78 and measured.flat >= 0.4
        if measured.same < 0.97 and abs(measured.lift) < 20:
            copy = copy and measured.calm < 3.2  # where nobody painted, a copy is as it was
        if np.abs(measured.matrix[[0, 1], [1, 0]]).max() > _LEVEL:
            # held another way by a hand, or put straight on a screen: then nothing else moved
            copy = copy and measured.same >= 0.99 and measured.alike >= 0.975 and measured.calm < 2.5
        elif measured.over < 0.97:  # each shows what the other does not: two parts of one picture at best
            copy = copy and measured.same >= 0.97 and measured.alike >= 0.95
    else:  # nothing to hold on to: it has to lie right as it is
        copy = measured.over >= 0.97 and measured.same >= 0.95 and measured.flat >= 0.95 and measured.calm < 5
    if copy and not other_shot:
        return Verdict.COPY
    scene = measured.over >= 0.6 and measured.points >= 0.45 and measured.same >= 0.5 and measured.alike >= 0.55
    return Verdict.SCENE if copy or scene else Verdict.OTHER


def other_shots(one: tuple[datetime | None, str], other: tuple[datetime | None, str]) -> bool:
    """Whether two photos (taken, camera) were taken at different times: then they are no copies of one another."""
    if one[0] is None or other[0] is None or one[1] != other[1]:
        return False
    apart = abs((one[0].replace(tzinfo=None) - other[0].replace(tzinfo=None)).total_seconds())
    return apart >= 1 and (apart % _ROUND >= 1 or apart > 26 * 3600)


@dataclass(frozen=True, slots=True)
class Laid:
    """Where a photo lies over the first one of its set.

    Attributes:
        way: the way it has to be laid (`signature.WAYS`) to be upright as the first is.
        matrix: float64 (2, 3): shares of its sides, laid so, to shares of the first's.
        likeness: of what both show.
        edited: whether a part of it differs.
        lift: grey levels by which it is brighter.
        colour: strength of its colours against the first's.
        differs: the box around what differs, in shares of its sides, laid.
    """

    way: int = 0
    matrix: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    likeness: float = 1.0
    edited: bool = False
    lift: float = 0.0
    colour: float = 1.0
    differs: Box | None = None


def laid(way: int, measured: Measured) -> Laid:
    """What is kept of a measurement of two copies."""
    edited = measured.same < 0.97 or (measured.differs is not None and measured.flat < 0.9)
    return Laid(
        way,
        tuple(float(value) for value in measured.matrix.ravel()),
        float(np.clip(measured.alike, 0, 1)),
        edited,
        measured.lift,
        measured.colour,
        measured.differs if edited else None,
    )


def through(inner: Laid, outer: Laid) -> Laid:
    """Where a photo lies over a third if `inner` is it over a second and `outer` the second over the third."""
    # the second is laid by outer.way before its matrix; the first has to be laid by both
    turned = _turned(np.array(inner.matrix).reshape(2, 3), outer.way)
    matrix = _chain(np.array(outer.matrix).reshape(2, 3), turned)
    return Laid(
        after(inner.way, outer.way),
        tuple(float(value) for value in matrix.ravel()),
        inner.likeness * outer.likeness,
        inner.edited or outer.edited,
        inner.lift + outer.lift,
        inner.colour * outer.colour,
        None,
    )


def how(kept: Laid, photo: Laid, sizes: tuple[tuple[int, int], tuple[int, int]], *, same: bool = False) -> How:
    """How a photo differs from the one that is kept, both lying over the same third.

    Args:
        kept: where the one lies.
        photo: where the other lies.
        sizes: width and height in pixels of both, upright.
        same: whether their files are equal to the byte.
    """
    if same:
        return How((Change.SAME,), 1.0)
    way = after(kept.way, back(photo.way))
    part = _part(kept, photo)
    turn, mirrored = 90 * (way % 4), way >= 4
    changes = {90: [Change.TURNED_RIGHT], 180: [Change.UPSIDE_DOWN], 270: [Change.TURNED_LEFT]}.get(turn, [])
    if mirrored:
        changes = [*changes, Change.MIRRORED]
    cut = part is not None and part.width * part.height < 0.985
    more = _part(photo, kept)
    if cut:
        changes.append(Change.CROPPED)
    if more is not None and more.width * more.height < 0.985:
        changes.append(Change.WIDER)
    if photo.edited or kept.edited:
        changes.append(Change.EDITED)
    strength = photo.colour / max(kept.colour, 1e-3)
    if kept.colour > 0.2 and strength < 0.15:
        changes.append(Change.GREY)
    elif not 0.7 < strength < 1.4 and kept.colour > 0.15:
        changes.append(Change.COLOURS)
    lift = photo.lift - kept.lift
    if abs(lift) > 6:
        changes.append(Change.BRIGHTER if lift > 0 else Change.DARKER)
    (width, height), (wide, high) = sizes
    share = part.width * part.height if part is not None else 1.0
    ratio = wide * high / max(1.0, width * height * share)
    if abs(ratio - 1) > 0.03:
        changes.append(Change.SMALLER if ratio < 1 else Change.LARGER)
    likeness = photo.likeness * kept.likeness
    return How(
        tuple(changes) or (Change.COMPRESSED,),
        float(np.clip(likeness, 0, 1)),
        turn,
        mirrored,
        part if cut else None,
        _unlaid(photo.differs, photo.way) if photo.differs is not None else None,
    )


def lay_box(box: Box, way: int) -> Box:
    """A box of a picture, in shares, after the picture was laid a way."""
    if way >= 4:
        box = Box(1 - box.x - box.width, box.y, box.width, box.height)
    for _ in range(way % 4):
        box = Box(1 - box.y - box.height, box.x, box.height, box.width)
    return box


def _unlaid(box: Box, way: int) -> Box:
    return lay_box(box, back(way))


def _turned(matrix: Matrix, way: int) -> Matrix:
    """A matrix between two pictures after both were laid a way."""
    into = _lay_matrix(way)
    return _chain(into, _chain(matrix, _inverse(into)))


def _lay_matrix(way: int) -> Matrix:
    """Where a point, in shares, comes to lie when its picture is laid a way."""
    matrix = np.array([[-1.0, 0, 1], [0, 1, 0]]) if way >= 4 else np.array([[1.0, 0, 0], [0, 1, 0]])
    for _ in range(way % 4):
        matrix = _chain(np.array([[0.0, -1, 1], [1, 0, 0]]), matrix)
    return matrix


def _part(kept: Laid, photo: Laid) -> Box | None:
    """Which part of the kept photo, upright, another one shows; None for all."""
    over = _chain(_inverse(np.array(kept.matrix).reshape(2, 3)), np.array(photo.matrix).reshape(2, 3))
    corners = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], np.float64) @ over[:, :2].T + over[:, 2]
    low, high = np.clip(corners.min(axis=0), 0, 1), np.clip(corners.max(axis=0), 0, 1)
    if (low < 0.006).all() and (high > 0.994).all():
        return None
    sides = high - low
    return _unlaid(Box(float(low[0]), float(low[1]), float(sides[0]), float(sides[1])), kept.way)


def _chain(outer: Matrix, inner: Matrix) -> Matrix:
    return np.hstack([outer[:, :2] @ inner[:, :2], outer[:, :2] @ inner[:, 2:] + outer[:, 2:]])


def _inverse(matrix: Matrix) -> Matrix:
    square = np.linalg.inv(matrix[:, :2])
    return np.hstack([square, -square @ matrix[:, 2:]])
