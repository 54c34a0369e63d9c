"""How far a plane can be trusted: whether what lies together on it is alike."""

from __future__ import annotations

import numpy as np

from desktop_app.core.mapping.neighbours import Points
from desktop_app.core.types import Vectors


def trustworthiness(matrix: Vectors, plane: Points, neighbours: int = 12, most: int = 2_000) -> float:
    """The measure of Venna and Kaski 2001, on a sample of rows: 1 is perfect, about 0.5 is chance.

    Args:
        matrix: float32 (n, d), unit rows.
        plane: float32 (n, 2).
        neighbours: how many of each row's neighbours on the plane are looked at.
        most: rows looked at, spread evenly; each is compared with all.
    """
    count = len(matrix)
    neighbours = min(neighbours, (count - 1) // 2)
    if neighbours < 1:
        return 1.0
    rows = np.unique(np.linspace(0, count - 1, min(most, count)).astype(np.int64))
    penalty = 0.0
    squares = (plane.astype(np.float64) ** 2).sum(axis=1)
    for row in rows.tolist():
        near = squares - 2 * (plane.astype(np.float64) @ plane[row].astype(np.float64))
        near[row] = np.inf
        shown = np.argpartition(near, neighbours)[:neighbours]
        likeness = matrix @ matrix[row]
        likeness[row] = -np.inf
        ranks = 1 + (likeness[None, :] > likeness[shown][:, None]).sum(axis=1)
        penalty += float(np.maximum(ranks - neighbours, 0).sum())
    worst = len(rows) * neighbours * (2 * count - 3 * neighbours - 1) / 2
    return 1.0 - penalty / worst
