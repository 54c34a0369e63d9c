"""From vectors to finest groups, their tree, the odd ones out and a proposed number: one run of clustering."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from desktop_app.core.cluster.count import Proposal, propose
from desktop_app.core.cluster.density import dense_groups
from desktop_app.core.cluster.hierarchy import EMPTY, ODD, Leaves, Tree, ward
from desktop_app.core.cluster.kmeans import centres_of, fine_groups, nearest
from desktop_app.core.cluster.odd import odd_ones
from desktop_app.core.types import Progress, Vectors

Method = Literal["kmeans", "density"]

T = TypeVar("T")

_TEXT = "Finding themes"


@dataclass(frozen=True, eq=False)
class Clustered:
    """What clustering found.

    Attributes:
        leaves: int32 (n,), the finest group of each row; `ODD` for the odd ones out.
        tree: over the finest groups; every one of them holds a row.
        proposal: how many themes to show, with its evidence.
    """

    leaves: Leaves
    tree: Tree
    proposal: Proposal

    def labels(self, count: int) -> npt.NDArray[np.int64]:
        """The group of each row when there are `count`: int64 (n,), a node of the tree, or `ODD`."""
        top = self.tree.cut(count).astype(np.int64)
        found = np.full(len(self.leaves), ODD, np.int64)
        inside = self.leaves != ODD
        found[inside] = top[self.leaves[inside]]
        return found


def cluster(
    of: Vectors,
    *,
    method: Method = "kmeans",
    count: int | None = None,
    before: int = 0,
    join: npt.NDArray[np.bool_] | None = None,
    seed: int = 0,
) -> Generator[Progress, None, Clustered]:
    """Group photos. The same rows in the same order give the same groups.

    Args:
        of: float32 (n, k), unit rows (`kmeans.points`).
        method: how the finest groups are found.
        count: how many themes are wanted; None measures it.
        before: the number shown until now, which stays unless another is clearly better.
        join: bool (n,), False for rows that make no group of their own and only join the nearest one.
        seed: chance.
    """
    making = np.flatnonzero(np.ones(len(of), bool) if join is None else join)
    leaves = np.full(len(of), ODD, np.int32)
    if not len(making):
        return Clustered(leaves, EMPTY, Proposal(0))
    base = of if len(making) == len(of) else of[making]
    yield Progress(_TEXT)
    finest = dense_groups if method == "density" else fine_groups
    own, centres = yield from _told(finest(base, seed))
    odd = yield from _quietly(odd_ones(base, own, centres))
    own[odd] = ODD
    there, own[~odd] = np.unique(own[~odd], return_inverse=True)
    weights = np.bincount(own[~odd], minlength=len(there)).astype(np.int64)
    centres = centres_of(base[~odd], own[~odd], len(there))
    tree = yield from _quietly(ward(centres, weights))
    if count is None:
        proposal = yield from _quietly(propose(base[~odd], own[~odd], tree, before=before, seed=seed))
    else:
        proposal = Proposal(min(max(1, count), tree.leaves))
    leaves[making] = own
    others = np.setdiff1d(np.arange(len(of)), making)
    if len(others) and len(centres):
        leaves[others] = yield from _told(nearest(of[others], centres))
    return Clustered(leaves, tree, proposal)


def _told(steps: Generator[tuple[int, int], None, T]) -> Generator[Progress, None, T]:
    while True:
        try:
            done, whole = next(steps)
        except StopIteration as ended:
            found: T = ended.value
            return found
        yield Progress(_TEXT, done, whole)


def _quietly(steps: Generator[int, None, T]) -> Generator[Progress, None, T]:
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            found: T = ended.value
            return found
        yield Progress(_TEXT)
