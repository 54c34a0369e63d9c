"""Whether two pictures are the same shot: laid over one another as exactly as can be, then compared place by place.

What counts is how much of what can be seen is the same at its place: copies agree nearly everywhere down to the noise
of saving, but for a mark; other shots of the same scene or product do not.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.duplicates.overlay import AREA, both_show, composed, grey, inverse, movement
from desktop_app.core.searching import Box
from desktop_app.core.types import Pixels

Floats = npt.NDArray[np.float32]

_CELL = 1 / 10  # side of the places that are compared, of the root of the area
_AS_IT_IS = np.eye(2, 3)
_NEARLY = 0.02  # shares of a side: where one that lies right as it is may seem to begin
_FAR = 2.0  # pixels beyond which tracking corners has to be done again from where it led to
_FIRM = 0.7  # share of corners that go along once it lies right, of the same picture
_HOLDS = 0.3  # share of corners that have to move as one
_NOISE = 14.0  # squared grey levels: what saving as JPEG does to flat places
_CHROMA = np.array([[0.5, -0.419, -0.081], [-0.169, -0.331, 0.5]], np.float32)  # red and blue differences, JPEG's


class Verdict(enum.Enum):
    """What a comparison found."""

    COPY = "copy"
    SCENE = "scene"  # laid over one another, but what they show differs
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of two pictures laid over one another; shares from 0 to 1.

    Attributes:
        over: share of the smaller picture that could be laid over the larger.
        matrix: float64 (2, 3): shares of the other picture's sides to shares of the first's.
        points: share of corners that moved as the whole did.
        same: share of the places with something to see that are the same.
        alike: mean likeness of those places.
        flat: share of the plain places that are as bright and of the same colour.
        calm: the median of how much places that are the same differ: grey levels beyond a change of brightness.
        gain, lift: contrast and mean brightness of the other against the first.
        colour: how strong its colours are against the first's; 1.0 where both are grey.
        differs: the box, in shares of the other, around what is not the same; None where all is.
    """

    over: float
    matrix: npt.NDArray[np.float64]
    points: float
    same: float
    alike: float
    flat: float
    calm: float
    gain: float
    lift: float
    colour: float
    differs: Box | None


def prepared(jpeg: bytes) -> Pixels | None:
    """A thumbnail as `measure` takes it: uint8 (h, w, 3), RGB, of about `AREA` pixels; None for a damaged one."""
    data = np.frombuffer(jpeg, np.uint8)
    if not len(data):
        return None
    try:
        picture = cv2.imdecode(data, cv2.IMREAD_REDUCED_COLOR_2)
        if picture is not None and picture.shape[0] * picture.shape[1] < 0.7 * AREA:
            picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
        if picture is None:
            return None
    except cv2.error:
        return None
    shrink = np.sqrt(AREA / (picture.shape[0] * picture.shape[1]))
    if shrink < 0.75:
        size = max(1, round(picture.shape[1] * shrink)), max(1, round(picture.shape[0] * shrink))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def measure(one: Pixels, other: Pixels, start: npt.NDArray[np.float64]) -> Measured | None:
    """Lay `other` over `one`, beginning at `start`, and compare; None where they cannot be laid over one another.

    Args:
        one: uint8 (h, w, 3).
        other: the same of the other, lying the same way.
        start: as `overlay.guess` gives it.
    """
    if np.abs(start - _AS_IT_IS).max() < _NEARLY:
        views = both_show(one, other, _AS_IT_IS)
        found = None if views is None else _compared(*views[:3], _AS_IT_IS, 1.0, views[4])
        if found is not None and found.same >= 0.985 and found.flat >= 0.95 and found.alike >= 0.97:
            return found  # they lie right as they are
    matrix, points = start, 0.0
    grey_one, grey_other = grey(one), grey(other)
    for turn in range(2):
        shades = both_show(grey_one, grey_other, matrix)
        if shades is None:
            return None
        first, second, valid, size, corner = shades
        moved = movement(first, second, valid)
        if moved is None:
            break  # nothing to hold on to: only what already lies right can be judged
        step, points, far = moved
        if points < (_HOLDS if turn else _HOLDS / 2):
            return None  # nothing holds together: no use in looking closer
        matrix = composed(matrix, step, corner, size)
        if far < _FAR and points > _FIRM:
            break
    views = both_show(one, other, matrix)
    return None if views is None else _compared(*views[:3], matrix, points, views[4])


def _compared(
    first: Pixels,
    second: Pixels,
    valid: npt.NDArray[np.uint8],
    matrix: npt.NDArray[np.float64],
    points: float,
    corner: Box,
) -> Measured | None:
    height, width = valid.shape
    side = max(7, int(np.sqrt(width * height) * _CELL)) | 1
    step = max(2, side // 2)
    rows, columns = np.arange(side // 2, height - side // 2, step), np.arange(side // 2, width - side // 2, step)
    if len(rows) < 3 or len(columns) < 3:
        return None
    edge = side // 2

    def mean(picture: Floats | Pixels) -> Floats:
        blurred = cv2.blur(picture, (side, side))
        return np.asarray(blurred[edge : height - edge : step, edge : width - edge : step], np.float32)

    one, two = (_softened(one) for one in (first, second))
    whole = cv2.countNonZero(valid) / valid.size
    inside = np.ones((len(rows), len(columns)), np.bool_) if whole == 1 else mean(valid.astype(np.float32)) > 0.999
    if inside.sum() < 9:
        return None
    mean_one, mean_two = mean(one), mean(two)
    var_one = np.maximum(mean(one * one) - mean_one**2, 0)[inside]
    var_two = np.maximum(mean(two * two) - mean_two**2, 0)[inside]
    both = (mean(one * two) - mean_one * mean_two)[inside]
    mean_one, mean_two = mean_one[inside], mean_two[inside]
    # the other's contrast and brightness as those of the first, as far as one curve for the whole picture does it
    bent, slope = _curved(mean_two, mean_one)
    rest = np.abs(bent - mean_one)
    var_two, both = var_two * slope**2, both * slope
    likeness = (2 * both + _NOISE) / (var_one + var_two + _NOISE)
    seen = np.maximum(var_one, var_two) > 4 * _NOISE
    calm = np.sqrt(np.maximum(var_one + var_two - 2 * both, 0))
    tint, strong = _tint(mean(first)[inside], mean(second)[inside])
    # what is burnt out or black in either tells nothing of the other
    bright, dark = np.maximum(mean_one, mean_two), np.minimum(mean_one, mean_two)
    lost = ((bright > 248) & (dark > 150)) | ((dark < 6) & (bright < 60))
    if not 0.25 < strong < 4.0:  # without colour: then at least the shades of grey are those of the picture
        rest = np.maximum(rest, np.abs(mean_two - mean_one))
        lost[:] = False
    right = ((likeness > 0.6) & (rest < 18) & (tint < 16)) | lost
    same = float(right[seen].mean()) if seen.any() else 0.0
    flat = float(right[~seen].mean()) if not seen.all() else 1.0
    agreed = calm[right]
    return Measured(
        over=whole * max(corner.width * corner.height, _share_of_other(matrix, corner)),
        matrix=matrix,
        points=points,
        same=same,
        alike=float(np.clip(likeness, 0, 1)[seen].mean()) if seen.any() else 0.0,
        flat=flat,
        calm=_median(agreed) if len(agreed) else 99.0,
        gain=_median(slope),
        lift=float(np.mean(mean_two) - np.mean(mean_one)),
        colour=strong,
        differs=_where(inside, right, rows, columns, matrix, corner, (width, height)),
    )


def _share_of_other(matrix: npt.NDArray[np.float64], corner: Box) -> float:
    return min(1.0, corner.width * corner.height / max(1e-9, abs(float(np.linalg.det(matrix[:, :2])))))


def _softened(picture: Pixels) -> Floats:
    return np.asarray(cv2.GaussianBlur(grey(picture).astype(np.float32), (0, 0), 0.8), np.float32)


def _median(values: Floats) -> float:
    """As `numpy.median`, in a fraction of its time for some hundreds of values."""
    half = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, half)[half])
    low, high = np.partition(values, (half - 1, half))[half - 1 : half + 1].tolist()
    return float((low + high) / 2)


def _curved(there: Floats, here: Floats) -> tuple[Floats, Floats]:
    """Brightness after a curve that is fitted to the middle of the places, and its slope; a line for few shades."""
    spread = float(there.max() - there.min())
    if spread < 12:
        return there + np.float32(_median(here - there)), np.ones_like(there)
    at, wanted = there.astype(np.float64) / 256, here.astype(np.float64)
    powers = np.stack([at * at, at, np.ones_like(at)] if spread > 60 else [at, np.ones_like(at)])
    firm = 1e-6 * np.eye(len(powers))
    weighted = powers
    for turn in range(4):
        _, fitted = cv2.solve(weighted @ powers.T + firm, weighted @ wanted[:, None], flags=cv2.DECOMP_LU)
        factors = fitted.ravel()
        if turn < 3:
            weighted = powers / np.maximum(np.abs(factors @ powers - wanted), 4.0)
    bent = factors @ powers
    slope = (2 * factors[0] * at + factors[1] if spread > 60 else np.full_like(at, factors[0])) / 256
    return bent.astype(np.float32), np.clip(slope, 0.3, 3.0).astype(np.float32)


def _tint(one: Floats, two: Floats) -> tuple[Floats, float]:
    """How far colours are off beyond one change of strength and a tinge for the whole picture, and that strength.

    Args:
        one: float32 (n, 3), red, green and blue of the places, 0 to 255.
        two: those of the other.
    """
    one, two = (_CHROMA @ part.T for part in (one, two))
    shift = np.clip(np.array([[_median(off)] for off in two - one], np.float32), -10, 10)
    ways = []
    for here, there in ((one, two - shift), (two - shift, one)):
        power = float((here * here).sum())
        strong = float((here * there).sum() / power) if power > 16.0 * here.shape[1] else 1.0
        strong = float(np.clip(strong, 0.05, 2.5))
        ways.append((np.sqrt(np.square(there - strong * here).sum(axis=0)) / max(1.0, strong), strong))
    forth, again = ways
    # a picture in grey has colours taken from it: only one of the two directions can say so
    off, strong = forth if _median(forth[0]) <= _median(again[0]) else (again[0], 1 / again[1])
    plain = np.sqrt(np.square(two - one).sum(axis=0))
    return np.minimum(off, plain), strong


def _where(
    inside: npt.NDArray[np.bool_],
    right: npt.NDArray[np.bool_],
    rows: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int64],
    matrix: npt.NDArray[np.float64],
    corner: Box,
    size: tuple[int, int],
) -> Box | None:
    """The box around the largest patch of places that differ, in shares of the other picture."""
    if right.all():
        return None
    wrong = np.zeros(inside.shape, np.uint8)
    wrong[inside] = ~right
    count, _, stats, _ = cv2.connectedComponentsWithStats(wrong, connectivity=8)
    if count < 2:
        return None
    left, top, wide, high, _ = stats[1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())].tolist()
    step_x, step_y = (columns[1] - columns[0]) / 2, (rows[1] - rows[0]) / 2
    x0, x1 = columns[left] - step_x, columns[left + wide - 1] + step_x
    y0, y1 = rows[top] - step_y, rows[top + high - 1] + step_y
    edges = np.array([[x0, y0], [x1, y0], [x0, y1], [x1, y1]]) / size * [corner.width, corner.height]
    back = inverse(matrix)
    there = np.clip((edges + np.array([corner.x, corner.y])) @ back[:, :2].T + back[:, 2], 0, 1)
    (x0, y0), (x1, y1) = there.min(axis=0), there.max(axis=0)
    return Box(float(x0), float(y0), float(x1 - x0), float(y1 - y0))
