"""What a theme looks like: the photos nearest to its middle, and how alike its photos are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from desktop_app.core.types import Vectors

SHOWN = 6
"""Photos on a theme's card."""

LOOKED_AT = 256
"""Photos of a theme that are looked at for it, spread over all."""

_SAME = 0.97  # two photos this alike show the same thing twice
_VERY, _QUITE = 0.8, 0.65


def spread(count: int, most: int = LOOKED_AT) -> npt.NDArray[np.int64]:
    """Places of up to `most` of `count` things, evenly spread: int64 (m,), rising."""
    if count <= most:
        return np.arange(count, dtype=np.int64)
    return np.linspace(0, count - 1, most).round().astype(np.int64)


def typical(of: Vectors, most: int = SHOWN) -> npt.NDArray[np.int64]:
    """Rows nearest to the middle of all, nearest first; what shows the same thing twice comes last.

    Args:
        of: float32 (n, k), unit rows of one theme.
        most: how many are wanted.
    """
    if not len(of):
        return np.empty(0, np.int64)
    order = np.argsort(-(of @ of.mean(axis=0)), kind="stable")
    chosen: list[int] = []
    for row in order.tolist():
        if len(chosen) == most:
            break
        if not chosen or float((of[chosen] @ of[row]).max()) < _SAME:
            chosen.append(row)
    chosen += [row for row in order.tolist() if row not in set(chosen)][: most - len(chosen)]
    return np.array(chosen, np.int64)


def evenness(of: Vectors) -> float:
    """How alike the photos of a theme are: the length of the mean of float32 (n, k) unit rows, 0 to 1."""
    return min(1.0, float(np.linalg.norm(of.mean(axis=0, dtype=np.float64)))) if len(of) else 0.0


def evenness_word(value: float) -> str:
    """The same for a person: "very alike", "alike" or "mixed"."""
    return "very alike" if value >= _VERY else "alike" if value >= _QUITE else "mixed"
