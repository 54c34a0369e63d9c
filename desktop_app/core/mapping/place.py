"""Where photos go that come after the plane was made: beside what they are like, and nothing else moves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from desktop_app.core.mapping.neighbours import Points, nearest
from desktop_app.core.types import Positions, Vectors

NEIGHBOURS = 5

_BLOCK = 1024
_COLUMNS = 50_000  # rows compared with at once: bounds memory at 200 MB
_FAR = 2.0  # neighbours this many times farther from the middle than usual lie in another part of the plane


def beside(
    matrix: Vectors, placed: Vectors, points: Points, names: Positions, jitter: float, neighbours: int = NEIGHBOURS
) -> Points:
    """Put rows where the rows most like them are: at the mean of their places, and a little off it.

    Neighbours that lie apart from the others are left out of the mean: between two parts of the plane is nowhere.

    Args:
        matrix: float32 (m, d), unit rows to place.
        placed: float32 (n, d), unit rows that have a place; n > 0.
        points: float32 (n, 2), their places.
        names: int64 (m,): what the little is drawn from, so that a photo comes to the same place whenever it comes.
        jitter: the most that a row is put off the mean.
        neighbours: how many places are averaged.

    Returns:
        float32 (m, 2).
    """
    out = np.empty((len(matrix), 2), np.float32)
    for start in range(0, len(matrix), _BLOCK):
        rows = matrix[start : start + _BLOCK]
        columns, cosines = _nearest_of_many(rows, placed, min(neighbours, len(placed)))
        out[start : start + _BLOCK] = _middle(points[columns], cosines)
    return out + scatter(names, jitter)


def _nearest_of_many(rows: Vectors, placed: Vectors, count: int) -> tuple[Positions, npt.NDArray[np.float32]]:
    found: list[tuple[Positions, npt.NDArray[np.float32]]] = []
    for start in range(0, len(placed), _COLUMNS):
        part = placed[start : start + _COLUMNS]
        columns, scores = nearest(rows @ part.T, min(count, len(part)))
        found.append((columns + start, scores))
    if len(found) == 1:
        return found[0]
    columns, scores = (np.concatenate(both, axis=1) for both in zip(*found, strict=True))
    best, values = nearest(scores, count)
    return np.take_along_axis(columns, best, axis=1), values


def _middle(places: Points, cosines: npt.NDArray[np.float32]) -> Points:
    """The mean of each row's places (m, k, 2), weighted by likeness, without those that lie apart."""
    centre = np.median(places, axis=1, keepdims=True)
    away = np.linalg.norm(places - centre, axis=2)
    usual = np.median(away, axis=1, keepdims=True)
    weights = np.maximum(cosines, 0.0) + 1e-3
    weights = np.where(away <= _FAR * usual + 1e-12, weights, 0.0)
    total = weights.sum(axis=1, keepdims=True)
    middle: Points = ((places * weights[:, :, None]).sum(axis=1) / total).astype(np.float32)
    return middle


def scatter(names: Positions, radius: float) -> Points:
    """A small step for each name, the same one every time: float32 (n, 2), none longer than `radius`."""
    mixed = _mixed(np.asarray(names).astype(np.uint64))
    angle = (mixed & np.uint64(0xFFFFFFFF)).astype(np.float64) * (2 * np.pi / 2**32)
    length = np.sqrt((mixed >> np.uint64(32)).astype(np.float64) / 2**32) * radius
    return np.stack([np.cos(angle) * length, np.sin(angle) * length], axis=1).astype(np.float32)


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """SplitMix64 (Steele, Lea and Flood 2014): neighbouring numbers become unrelated ones."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: npt.NDArray[np.uint64] = values ^ (values >> np.uint64(31))
    return mixed


def spacing(points: Points) -> float:
    """How far apart neighbours would be if the photos lay evenly over the part of the plane that they take up.

    That part is counted in squares, so that the empty room between groups does not make photos too large.
    """
    if len(points) < 2:
        return 1.0
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float(max(*(high - low), 1e-9))
    lines = max(2, min(256, int(np.sqrt(len(points) / 4))))
    cells = np.minimum((points - low) / extent * lines, lines - 1).astype(np.int64)
    taken = len(np.unique(cells[:, 1] * lines + cells[:, 0]))
    return extent / lines * float(np.sqrt(taken / len(points)))
