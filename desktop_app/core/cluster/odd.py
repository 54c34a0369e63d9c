"""The odd ones out: photos that look like no other photo here."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import numpy.typing as npt

from desktop_app.core.cluster.hierarchy import Leaves
from desktop_app.core.types import Vectors

_NEAR = 3  # neighbours that a photo is judged by
_EXACT = 4_000  # up to so many photos every pair is looked at
_FEWEST = 12  # among fewer photos nobody can say what is odd
_FAR = 2.5  # robust deviations below the middle likeness
_LEAST_SPREAD = 0.05  # in a library of near-equal photos nothing is odd for a hair's breadth
_MOST = 0.1  # of all photos: more are no exception
_ROWS = 1_024


def odd_ones(
    of: Vectors, leaves: Leaves | None = None, centres: Vectors | None = None
) -> Generator[int, None, npt.NDArray[np.bool_]]:
    """Which photos are odd, bool (n,): a generator whose return value it is.

    Few photos are judged by their nearest ones; many by the centre of their finest group, without their own part.

    Args:
        of: float32 (n, k), unit rows.
        leaves: int32 (n,), the finest group of each; needed for many.
        centres: float32 (L, k), the means of these groups.

    Yields:
        Photos looked at.
    """
    if len(of) < _FEWEST:
        return np.zeros(len(of), bool)
    if len(of) <= _EXACT or leaves is None or centres is None:
        likeness = yield from _to_neighbours(of)
    else:
        likeness = yield from _to_centres(of, leaves, centres)
    middle = float(np.median(likeness))
    spread = max(_LEAST_SPREAD, 1.4826 * float(np.median(np.abs(likeness - middle))))
    limit = max(middle - _FAR * spread, -1.0)
    found: npt.NDArray[np.bool_] = likeness < limit
    most = int(_MOST * len(of))
    if int(found.sum()) > most:
        found = np.zeros(len(of), bool)
        found[np.argsort(likeness, kind="stable")[:most]] = True
    return found


def _to_neighbours(of: Vectors) -> Generator[int, None, npt.NDArray[np.float32]]:
    made = np.empty(len(of), np.float32)
    for start in range(0, len(of), _ROWS):
        part = of[start : start + _ROWS] @ of.T
        rows = np.arange(len(part))
        part[rows, start + rows] = -1
        made[start : start + len(part)] = np.partition(part, -_NEAR, axis=1)[:, -_NEAR:].mean(axis=1)
        yield start
    return made


def _to_centres(of: Vectors, leaves: Leaves, centres: Vectors) -> Generator[int, None, npt.NDArray[np.float32]]:
    weights = np.bincount(leaves, minlength=len(centres))
    made = np.empty(len(of), np.float32)
    for start in range(0, len(of), _ROWS * 8):
        part, own = of[start : start + _ROWS * 8], leaves[start : start + _ROWS * 8]
        rest = centres[own] * weights[own, np.newaxis] - part
        lengths = np.linalg.norm(rest, axis=1)
        made[start : start + len(part)] = np.einsum("ij,ij->i", rest, part) / np.maximum(lengths, 1e-6)
        yield start
    return made
