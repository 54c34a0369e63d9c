"""How many themes to show: the number at which photos sit best in their themes, measured by silhouettes.

Silhouettes (Rousseeuw 1987) of a sample on the cosine distance, for cuts of one tree: the distances to the finest
groups are summed once, and each coarser cut adds up columns of the one before.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.cluster.hierarchy import Leaves, Tree
from desktop_app.core.types import Vectors

FEWEST = 5
"""Fewer are hardly ever proposed: two halves always sit well, and tell nobody anything."""

HIGHEST = 100
"""More are never proposed: nobody looks at so many cards."""

_EACH = 3  # photos that a theme should have on average at least
_SAMPLE = 2_000
_PER_DOUBLING = 0.02  # twice as many themes have to be better by so much: of equal numbers the smaller is proposed
_STAY = 0.01  # by so much another number has to be better than the one that was shown before


@dataclass(frozen=True, slots=True)
class Proposal:
    """A number of themes with its evidence.

    Attributes:
        count: the number.
        tried: the numbers that were measured, rising.
        silhouettes: the mean silhouette of each, -1 to 1.
    """

    count: int
    tried: tuple[int, ...] = ()
    silhouettes: tuple[float, ...] = ()


def propose(
    of: Vectors, leaves: Leaves, tree: Tree, *, before: int = 0, seed: int = 0
) -> Generator[int, None, Proposal]:
    """Measure which number of themes is best; a generator whose return value it is.

    Args:
        of: float32 (n, k), unit rows.
        leaves: int32 (n,), the leaf of each.
        tree: over these leaves.
        before: the number that is shown now and stays unless another is clearly better; 0 for none.
        seed: chance, for the sample of many photos.

    Yields:
        Numbers tried.
    """
    few, most = bounds(len(of), tree.leaves)
    if most <= few:
        return Proposal(most)
    random = np.random.default_rng(seed)
    places = np.arange(len(of))
    if len(of) > _SAMPLE:
        places = np.sort(random.choice(len(of), _SAMPLE, replace=False))
    sample, own = of[places], leaves[places]
    sums = np.zeros((len(sample), tree.leaves), np.float32)
    apart = np.maximum(1 - sample @ sample.T, 0)
    yield 0
    order = np.argsort(own, kind="stable")
    there, starts = np.unique(own[order], return_index=True)
    sums[:, there] = np.add.reduceat(apart[:, order], starts, axis=1)
    in_leaf = np.bincount(own, minlength=tree.leaves)
    yield 0
    measured: dict[int, float] = {}
    group = np.arange(tree.leaves)  # the column of each leaf
    for tried, count in enumerate(range(most, few - 1, -1)):
        names, column = np.unique(tree.cut(count), return_inverse=True)
        # from the columns of the cut before to those of this one
        onto = np.zeros((sums.shape[1], len(names)), np.float32)
        onto[group, column] = 1
        sums = sums @ onto
        weights = np.bincount(column, weights=in_leaf, minlength=len(names)).astype(np.int64)
        group = column
        measured[count] = _silhouette(sums, weights, column[own])
        yield tried + 1
    tried_counts = tuple(sorted(measured))
    scores = {count: measured[count] - _PER_DOUBLING * np.log2(count / few) for count in tried_counts}
    best = max(tried_counts, key=lambda count: (scores[count], -count))
    if before in scores and scores[before] >= scores[best] - _STAY:
        best = before
    return Proposal(best, tried_counts, tuple(measured[count] for count in tried_counts))


def bounds(photos: int, leaves: int) -> tuple[int, int]:
    """The smallest and the largest number that is proposed for so many photos and finest groups."""
    if photos < 2 * _EACH:
        return min(1, leaves), min(1, leaves)
    few = FEWEST if photos >= 6 * FEWEST else 2
    return few, max(few, min(photos // _EACH, leaves, HIGHEST))


def _silhouette(sums: npt.NDArray[np.float32], weights: npt.NDArray[np.int64], own: npt.NDArray[np.intp]) -> float:
    """The mean silhouette of a sample.

    Args:
        sums: float32 (n, groups), summed distances of each to those of every group.
        weights: int64 (groups,), of how many.
        own: (n,), the group of each.
    """
    rows = np.arange(len(sums))
    inside = sums[rows, own] / np.maximum(weights[own] - 1, 1)
    means = sums / np.maximum(weights, 1)
    means[:, weights == 0] = np.inf
    means[rows, own] = np.inf
    outside = means.min(axis=1)
    value = (outside - inside) / np.maximum(np.maximum(outside, inside), 1e-9)
    value[(weights[own] < 2) | ~np.isfinite(outside)] = 0
    return float(value.mean())
