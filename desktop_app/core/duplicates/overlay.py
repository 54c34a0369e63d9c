"""Laying one picture over another as exactly as can be.

It begins with a guess, from the window of the larger picture that the smaller one fits best; what then moved between
the two is found by tracking corners (Lucas and Kanade 1981) and an affine map by RANSAC. A matrix, float64 (2, 3),
leads from shares of the other picture's sides to shares of the first's.
"""

from __future__ import annotations

import math
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.searching import Box
from desktop_app.core.types import Pixels

Greys = npt.NDArray[np.uint8]
"""uint8 (h, w)."""

Picture = TypeVar("Picture", Pixels, Greys)
_Row = tuple[float, float, float]

AREA = 150 * 150  # pixels at which pictures are compared
_SMALLEST = 24  # side in pixels below which there is nothing to compare
_AS_IT_IS = np.eye(2, 3)
_CORNERS, _FEWEST = 80, 8  # to track at most; below which nothing can be said
_ENOUGH = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 10, 0.02)  # rounds of tracking a corner, in pixels


def guess(box: Box, *, inside: bool) -> npt.NDArray[np.float64]:
    """Where the other picture lies if it is the first's `box` (`inside`), or the first is its `box`."""
    if inside:
        return np.array([[box.width, 0, box.x], [0, box.height, box.y]], np.float64)
    return np.array([[1 / box.width, 0, -box.x / box.width], [0, 1 / box.height, -box.y / box.height]], np.float64)


def laid_over(
    one: Pixels, other: Pixels, matrix: npt.NDArray[np.float64], area: float
) -> tuple[Pixels, Pixels, npt.NDArray[np.uint8]] | None:
    """What both pictures show, of both, to be looked at: uint8 (h, w, 3) each, and uint8 (h, w), 1 where both are.

    Args:
        one: uint8 (h, w, 3).
        other: uint8 (h, w, 3), lying the same way.
        matrix: `Measured.matrix`.
        area: pixels that the result has at most.
    """
    views = both_show(one, other, matrix, area)
    return None if views is None else views[:3]


def both_show(
    one: Picture, other: Picture, matrix: npt.NDArray[np.float64], area: float = AREA
) -> tuple[Picture, Picture, npt.NDArray[np.uint8], tuple[int, int], Box] | None:
    """The part that both show, of both, at one size: uint8 (h, w, ...) each, where it is valid, and where in `one`."""
    # plain numbers: NumPy takes longer for six of them than OpenCV for the pictures
    (a, b, x), (c, d, y) = matrix.tolist()
    left, right = (min(max(x + max(0, a * way) * way + max(0, b * way) * way, 0.0), 1.0) for way in (-1, 1))
    top, bottom = (min(max(y + max(0, c * way) * way + max(0, d * way) * way, 0.0), 1.0) for way in (-1, 1))
    wide, high = right - left, bottom - top
    if wide < 0.3 or high < 0.3:
        return None
    shown = wide * one.shape[1], high * one.shape[0]
    scale = abs(a * d - b * c)
    if not 0.05 < scale < 20:
        return None
    fine = min(1.0, math.sqrt(other.shape[0] * other.shape[1] / (scale * one.shape[0] * one.shape[1])))
    fine = min(fine, math.sqrt(area / (shown[0] * shown[1])))
    width, height = round(shown[0] * fine), round(shown[1] * fine)
    if min(width, height) < _SMALLEST:
        return None
    to_one = np.array(
        [[wide * one.shape[1] / width, 0, left * one.shape[1]], [0, high * one.shape[0] / height, top * one.shape[0]]]
    )
    place = np.array([[wide / width, 0, left], [0, high / height, top]])
    to_other = chain(inverse(matrix), place)
    to_other[0] *= other.shape[1]
    to_other[1] *= other.shape[0]
    first, _ = _sampled(one, to_one, width, height)
    second, valid = _sampled(other, to_other, width, height)
    return first, second, valid, (width, height), Box(left, top, wide, high)


def inverse(matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What leads back: float64 (2, 3)."""
    return np.asarray(cv2.invertAffineTransform(matrix), np.float64)


def chain(outer: npt.NDArray[np.float64], inner: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What does `inner` and then `outer`, both (2, 3)."""
    (a, b, x), (c, d, y) = outer.tolist()
    (e, f, u), (g, h, v) = inner.tolist()
    return np.array(
        [[a * e + b * g, a * f + b * h, a * u + b * v + x], [c * e + d * g, c * f + d * h, c * u + d * v + y]]
    )


def _sampled(
    picture: Picture, place: npt.NDArray[np.float64], width: int, height: int
) -> tuple[Picture, npt.NDArray[np.uint8]]:
    """A picture at places: reduced first as far as needed, so that nothing glitters. `place` counts edges from 0."""
    high, wide = picture.shape[:2]
    if (high, wide) == (height, width) and np.abs(place - _AS_IT_IS).max() <= 1e-3:
        return picture, np.ones((height, width), np.uint8)
    (a, b, x), (c, d, y) = place.tolist()
    shrink = math.sqrt(abs(a * d - b * c))
    if shrink > 1.2:
        size = max(1, round(wide / shrink)), max(1, round(high / shrink))
        less, lower = size[0] / wide, size[1] / high
        a, b, x, c, d, y = a * less, b * less, x * less, c * lower, d * lower, y * lower
        wide, high = size
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    # OpenCV counts from the middle of the first pixel
    centred = np.array([[a, b, x + (a + b) / 2 - 0.5], [c, d, y + (c + d) / 2 - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out = cv2.warpAffine(picture, centred, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(out, np.uint8), _within((wide, high), (a, b, x), (c, d, y), (width, height))


def _within(size: tuple[int, int], across: _Row, down: _Row, sampled: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Which of the sampled places are in the picture: uint8 (height, width)."""
    width, height = sampled
    for (a, b, x), most in zip((across, down), size, strict=True):
        ends = [a * u + b * v + x for u in (0.5, width - 0.5) for v in (0.5, height - 0.5)]
        if min(ends) < 0 or max(ends) > most:
            break
    else:
        return np.ones((height, width), np.uint8)
    columns, rows = np.arange(width) + 0.5, np.arange(height)[:, None] + 0.5
    inside = np.ones((height, width), np.bool_)
    for (a, b, x), most in zip((across, down), size, strict=True):
        at = a * columns + b * rows + x
        inside &= (at >= 0) & (at <= most)
    return inside.astype(np.uint8)


def grey(picture: Pixels) -> Greys:
    """Shades of grey of a picture: uint8 (h, w)."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def movement(
    first: Greys, second: Greys, valid: npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.float64], float, float] | None:
    """What moves `first` to `second`: float64 (2, 3) in pixels, the share of corners that go along, how far it is."""
    mean, spread = (value.item() for value in cv2.meanStdDev(second))
    if spread < 1.0:
        return None
    mean_here, spread_here = (value.item() for value in cv2.meanStdDev(first))
    there = cv2.addWeighted(second, spread_here / spread, second, 0, mean_here - mean * spread_here / spread)
    found = cv2.goodFeaturesToTrack(first, _CORNERS, 0.02, 5, mask=valid)
    if found is None or len(found) < _FEWEST:
        return None
    went, good, _ = cv2.calcOpticalFlowPyrLK(  # type: ignore[call-overload]
        first, there, found, None, winSize=(13, 13), maxLevel=1, criteria=_ENOUGH
    )
    kept = good.ravel() == 1
    if kept.sum() < _FEWEST:
        return None
    before, now = found[kept], went[kept]
    step, along = cv2.estimateAffine2D(before, now, method=cv2.RANSAC, ransacReprojThreshold=1.0, maxIters=100)
    if step is None:
        return None
    height, width = first.shape
    far = max(
        abs((a - here) * width * u + (b - 1 + here) * height * v + x)
        for here, (a, b, x) in zip((1, 0), step.tolist(), strict=True)
        for u in (0, 1)
        for v in (0, 1)
    )
    return np.asarray(step, np.float64), float(along.sum()) / len(found), far


def composed(
    matrix: npt.NDArray[np.float64], step: npt.NDArray[np.float64], corner: Box, size: tuple[int, int]
) -> npt.NDArray[np.float64]:
    """The matrix after a step that was measured in the pixels of the common part."""
    width, height = size
    place = np.array([[corner.width / width, 0, corner.x], [0, corner.height / height, corner.y]])
    return chain(place, chain(inverse(step), chain(inverse(place), matrix)))
