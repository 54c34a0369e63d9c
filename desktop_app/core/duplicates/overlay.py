"""Laying one picture over another as exactly as can be.

It begins with a guess, from the window of the larger picture that the smaller one fits best; what then moved between
the two is found by tracking corners (Lucas and Kanade 1981) and an affine map by RANSAC. A matrix, float64 (2, 3),
leads from shares of the other picture's sides to shares of the first's.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.searching import Box
from desktop_app.core.types import Pixels

Floats = npt.NDArray[np.float32]

AREA = 150 * 150  # pixels at which pictures are compared
_SMALLEST = 24  # side in pixels below which there is nothing to compare
_AS_IT_IS = np.eye(2, 3)


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
    one: Pixels, other: Pixels, matrix: npt.NDArray[np.float64], area: float = AREA
) -> tuple[Pixels, Pixels, npt.NDArray[np.uint8], tuple[int, int], Box] | None:
    """The part that both show, of both, at one size: uint8 (h, w, 3) each, where it is valid, and where in `one`."""
    corners = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], np.float64) @ matrix[:, :2].T + matrix[:, 2]
    left, top = np.clip(corners.min(axis=0), 0, 1)
    right, bottom = np.clip(corners.max(axis=0), 0, 1)
    wide, high = right - left, bottom - top
    if wide < 0.3 or high < 0.3:
        return None
    shown = wide * one.shape[1], high * one.shape[0]
    scale = np.abs(np.linalg.det(matrix[:, :2]))
    if not 0.05 < scale < 20:
        return None
    fine = min(1.0, np.sqrt(other.shape[0] * other.shape[1] / (scale * one.shape[0] * one.shape[1])))
    fine = min(fine, np.sqrt(area / (shown[0] * shown[1])))
    width, height = round(shown[0] * fine), round(shown[1] * fine)
    if min(width, height) < _SMALLEST:
        return None
    to_one = np.array(
        [[wide * one.shape[1] / width, 0, left * one.shape[1]], [0, high * one.shape[0] / height, top * one.shape[0]]]
    )
    back = inverse(matrix)
    place = np.array([[wide / width, 0, left], [0, high / height, top]])
    to_other = np.array([[other.shape[1]], [other.shape[0]]]) * chain(back, place)
    first, _ = _sampled(one, to_one, width, height)
    second, valid = _sampled(other, to_other, width, height)
    return first, second, valid, (width, height), Box(left, top, wide, high)


def inverse(matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What leads back: float64 (2, 3)."""
    return np.asarray(cv2.invertAffineTransform(matrix), np.float64)


def chain(outer: npt.NDArray[np.float64], inner: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What does `inner` and then `outer`, both (2, 3)."""
    return np.hstack([outer[:, :2] @ inner[:, :2], outer[:, :2] @ inner[:, 2:] + outer[:, 2:]])


def _sampled(
    picture: Pixels, place: npt.NDArray[np.float64], width: int, height: int
) -> tuple[Pixels, npt.NDArray[np.uint8]]:
    """A picture at places: reduced first as far as needed, so that nothing glitters. `place` counts edges from 0."""
    if picture.shape[:2] == (height, width) and np.allclose(place, _AS_IT_IS, rtol=0, atol=1e-3):
        return picture, np.ones((height, width), np.uint8)
    shrink = np.sqrt(np.abs(np.linalg.det(place[:, :2])))
    if shrink > 1.2:
        size = max(1, round(picture.shape[1] / shrink)), max(1, round(picture.shape[0] / shrink))
        place = np.array([[size[0] / picture.shape[1]], [size[1] / picture.shape[0]]]) * place
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    centred = place.copy()
    centred[:, 2] += place[:, :2].sum(axis=1) / 2 - 0.5  # OpenCV counts from the middle of the first pixel
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out = cv2.warpAffine(picture, centred, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    columns, rows = np.arange(width) + 0.5, np.arange(height)[:, None] + 0.5
    x = place[0, 0] * columns + place[0, 1] * rows + place[0, 2]
    y = place[1, 0] * columns + place[1, 1] * rows + place[1, 2]
    valid = (x >= 0) & (y >= 0) & (x <= picture.shape[1]) & (y <= picture.shape[0])
    return np.asarray(out, np.uint8), valid.astype(np.uint8)


def grey(picture: Pixels) -> Floats:
    """Shades of grey of a picture: float32 (h, w), 0 to 255."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)


def movement(
    first: Floats, second: Floats, valid: npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.float64], float, float] | None:
    """What moves `first` to `second`: float64 (2, 3) in pixels, the share of corners that go along, how far it is."""
    spread = float(second.std())
    if spread < 1.0:
        return None
    second = (second - second.mean()) * (float(first.std()) / spread) + first.mean()
    here, there = (np.clip(one, 0, 255).astype(np.uint8) for one in (first, second))
    found = cv2.goodFeaturesToTrack(here, 120, 0.02, 5, mask=valid * 255)
    if found is None or len(found) < 8:
        return None
    went, good, _ = cv2.calcOpticalFlowPyrLK(here, there, found, None, winSize=(15, 15), maxLevel=2)  # type: ignore[call-overload]
    kept = good.ravel() == 1
    if kept.sum() < 8:
        return None
    before, now = found[kept], went[kept]
    step, along = cv2.estimateAffine2D(before, now, method=cv2.RANSAC, ransacReprojThreshold=1.0, maxIters=300)
    if step is None:
        return None
    height, width = first.shape
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float64)
    far = float(np.abs(corners @ step[:, :2].T + step[:, 2] - corners).max())
    return np.asarray(step, np.float64), float(along.sum()) / len(found), far


def composed(
    matrix: npt.NDArray[np.float64], step: npt.NDArray[np.float64], corner: Box, size: tuple[int, int]
) -> npt.NDArray[np.float64]:
    """The matrix after a step that was measured in the pixels of the common part."""
    width, height = size
    place = np.array([[corner.width / width, 0, corner.x], [0, corner.height / height, corner.y]])
    return chain(place, chain(inverse(step), chain(inverse(place), matrix)))
