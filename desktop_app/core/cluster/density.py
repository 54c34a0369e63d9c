"""The finest groups by density: where photos lie close together, whatever shape that has.

HDBSCAN (Campello, Moulavi, Sander 2013) on at most `MOST` photos, since it is quadratic: the smallest groups of its
hierarchy become the finest groups here, the rest of the photos join the nearest one. It is written out because a
library's call can neither be stopped nor report.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import numpy.typing as npt

from desktop_app.core.cluster.hierarchy import MOST as LEAVES
from desktop_app.core.cluster.hierarchy import Leaves
from desktop_app.core.cluster.kmeans import centres_of, nearest
from desktop_app.core.types import Vectors

MOST = 10_000
"""Photos whose density is measured: 10,000 take some 5 s."""

_NEIGHBOURS = 3  # the density of a photo is the distance to its so-many-th neighbour
_SMALLEST = 3  # photos of a group, among those that are measured
_ROWS = 512


def dense_groups(of: Vectors, seed: int = 0) -> Generator[tuple[int, int], None, tuple[Leaves, Vectors]]:
    """Divide photos by density; interface as `kmeans.fine_groups`."""
    random = np.random.default_rng(seed)
    places = np.arange(len(of))
    if len(of) > MOST:
        places = np.sort(random.choice(len(of), MOST, replace=False))
    sample = of[places]
    whole = 2 * len(sample)
    if len(sample) <= 2 * _SMALLEST:
        return np.arange(len(of), dtype=np.int32), of
    reach = np.empty(len(sample), np.float32)
    for start in range(0, len(sample), _ROWS):
        part = np.maximum(1 - sample[start : start + _ROWS] @ sample.T, 0)
        reach[start : start + len(part)] = np.partition(part, _NEIGHBOURS, axis=1)[:, _NEIGHBOURS]
        yield start, whole
    edges = yield from _spanning_tree(sample, reach)
    groups = _smallest_groups(len(sample), edges)
    count = int(groups.max()) + 1
    if not count:
        return np.zeros(len(of), np.int32), centres_of(of, np.zeros(len(of), np.int32), 1)
    inside = groups >= 0
    centres = centres_of(sample[inside], groups[inside].astype(np.int32), count)
    if count > LEAVES:  # only of very many tiny groups; the largest stay
        largest = np.argsort(-np.bincount(groups[inside], minlength=count), kind="stable")[:LEAVES]
        centres = centres[np.sort(largest)]
    leaves = yield from nearest(of, centres)
    if len(of) == len(sample) and count <= LEAVES:
        leaves[inside] = groups[inside]
    used, inverse = np.unique(leaves, return_inverse=True)
    leaves = inverse.astype(np.int32)
    return leaves, centres_of(of, leaves, len(used))


def _spanning_tree(
    sample: Vectors, reach: npt.NDArray[np.float32]
) -> Generator[tuple[int, int], None, list[tuple[float, int, int]]]:
    """The minimum spanning tree by mutual reachability (Prim), as (distance, one, other)."""
    count = len(sample)
    near = np.full(count, np.inf, np.float32)
    via = np.zeros(count, np.int64)
    waiting = np.ones(count, bool)
    edges: list[tuple[float, int, int]] = []
    at = 0
    for step in range(count - 1):
        if step % 256 == 0:
            yield count + step, 2 * count
        waiting[at] = False
        away = np.maximum(np.maximum(1 - sample @ sample[at], reach), reach[at])
        closer = waiting & (away < near)
        near[closer] = away[closer]
        via[closer] = at
        near[at] = np.inf
        at = int(np.argmin(near))
        edges.append((float(near[at]), int(via[at]), at))
    return edges


def _smallest_groups(count: int, edges: list[tuple[float, int, int]]) -> npt.NDArray[np.int64]:
    """The groups at the tips of the condensed hierarchy: int64 (count,), -1 for those that fell out of one before.

    Going up from single photos, a group is born when `_SMALLEST` photos are together. When two that were born meet,
    both end as tips, with the photos that they had then; what they make together is no tip any more.
    """
    owner = np.arange(count)
    members: list[list[int]] = [[photo] for photo in range(count)]
    inner = np.zeros(count, bool)  # whether it holds tips already
    groups = np.full(count, -1, np.int64)
    named = 0

    def first(photo: int) -> int:
        while owner[photo] != photo:
            owner[photo] = owner[owner[photo]]
            photo = int(owner[photo])
        return photo

    for _, left, right in sorted(edges, key=lambda edge: edge[0]):
        one, other = first(left), first(right)
        if len(members[one]) < len(members[other]):
            one, other = other, one
        born = [root for root in (one, other) if inner[root] or len(members[root]) >= _SMALLEST]
        if len(born) == 2:
            for root in born:
                if not inner[root]:
                    groups[members[root]] = named
                    named += 1
            inner[one] = True
        owner[other] = one
        members[one] += members[other]
        members[other] = []
    if not named:
        groups[:] = 0 if count >= _SMALLEST else -1
    return groups
