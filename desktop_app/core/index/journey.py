"""From one photo to another in small steps: a path over the neighbour graph, with as many photos as are wished for.

Every photo is joined to its nearest ones; a path costs the sum of its steps, each to a high power, so that many small
steps are cheaper than a large one. The shortest ways from both ends to everything (Dijkstra 1959) say which photos lie
along the best way, and in what order. Among those, and always onwards in that order, the strip of exactly so many
photos with the most even small steps is found by going through all lengths at once (Bellman 1957).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from desktop_app.core.index.neighbours import Cosines
from desktop_app.core.types import Positions, Vectors

Doubles = npt.NDArray[np.float64]

POWER = 12.0
"""Of a step's length, in what a path costs: measured, see docs/adr/0024-region-and-journey.md."""

TWINS = 0.985
"""Photos with a larger cosine are copies or the same moment: one of them is enough in a journey."""

LONGEST = 60
"""The most photos of a journey."""

_ALONG = 400  # photos near the best way that a strip is made of
_POOL = 400  # photos of each kind that are looked at where the graph falls apart
_LEAST = 1e-9  # what a step costs at least: a graph's edge of 0 would be none


class NoPath(ValueError):
    """Nothing leads from one to the other."""


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """Which rows are joined, and how far apart they are.

    Attributes:
        matrix: float32 (n, k), unit rows.
        costs: a sparse float64 (n, n), symmetric: the length of each step to the power of `POWER`.
    """

    matrix: Vectors
    costs: Any


def make_roads(matrix: Vectors, indices: Positions, cosines: Cosines) -> Roads:
    """Join every row to its nearest ones, both ways.

    Args:
        matrix: float32 (n, k), unit rows.
        indices: int64 (n, m), the nearest rows of each.
        cosines: float32 (n, m), how alike they are.
    """
    from scipy import sparse

    count, near = indices.shape
    starts = np.arange(count + 1, dtype=np.int64) * near
    costs = sparse.csr_array((_cost(_apart(cosines)).ravel(), indices.ravel(), starts), shape=(count, count))
    return Roads(matrix, costs.maximum(costs.T).tocsr())


def with_strangers(roads: Roads, strangers: Vectors, near: int) -> Roads:
    """The same with further rows at the end, each joined to its nearest `near`.

    Args:
        roads: what there is.
        strangers: float32 (m, k), unit rows.
        near: how many each is joined to.
    """
    from scipy import sparse

    count = len(roads.matrix)
    cosines = np.clip(strangers @ roads.matrix.T, -1.0, 1.0)
    near = min(near, count)
    found = np.argsort(-cosines, axis=1, kind="stable")[:, :near]
    values = _cost(_apart(np.take_along_axis(cosines, found, axis=1)))
    rows = np.repeat(np.arange(len(strangers)), near)
    new = sparse.csr_array((values.ravel(), (rows, found.ravel())), shape=(len(strangers), count))
    corner = sparse.csr_array((len(strangers), len(strangers)), dtype=np.float64)
    costs = sparse.block_array([[roads.costs, new.T], [new, corner]], format="csr")
    return Roads(np.concatenate([roads.matrix, strangers]), costs)


@dataclass(frozen=True, slots=True, eq=False)
class Strips:
    """Journeys between two rows, of every length.

    Attributes:
        rows: int64 (m,), the rows along the way in their order; the first and the last are the ends.
        before: int64 (lengths, m): from which place a strip of `length` photos comes to each place; -1 for none.
        costs: float64 (lengths, m), of those; infinite where there is none. Line 0 is a strip of one photo.
        apart: float64 (m, m), how far apart any two of them are.
    """

    rows: Positions
    before: Positions
    costs: Doubles
    apart: Doubles

    @property
    def direct(self) -> float:
        """How far apart the ends are."""
        return float(self.apart[0, -1])

    @property
    def lengths(self) -> tuple[int, ...]:
        """The numbers of photos a journey can have, both ends counted."""
        return tuple((np.flatnonzero(np.isfinite(self.costs[:, -1])) + 1).tolist())

    @property
    def evenest(self) -> int:
        """The length beyond which more photos only make detours."""
        return int(np.argmin(self.costs[:, -1])) + 1

    def of_length(self, length: int) -> Positions:
        """The rows of a journey of `length` photos, or of the nearest number below that there is; int64 (n,)."""
        return self.rows[self._places(length)]

    def steps(self, length: int) -> Doubles:
        """How far apart the photos of that journey are, each from the next: float64 (n - 1,)."""
        places = self._places(length)
        return np.asarray(self.apart[places[:-1], places[1:]], np.float64)

    def _places(self, length: int) -> Positions:
        possible = [known for known in self.lengths if known <= length]
        layer = (possible[-1] if possible else self.lengths[0]) - 1
        at = len(self.rows) - 1
        path = [at]
        while layer > 0:
            at = int(self.before[layer, at])
            path.append(at)
            layer -= 1
        return np.array(path[::-1], np.int64)


def strips(roads: Roads, start: int, end: int) -> Strips:
    """All journeys from one row to another.

    Args:
        roads: which rows are joined.
        start: the first.
        end: the last, another row.

    Raises:
        NoPath: nothing leads there in smaller steps than going at once.
    """
    from scipy.sparse.csgraph import dijkstra

    there, back = dijkstra(roads.costs, indices=[start, end])
    if not np.isfinite(there[end]):
        return _over_the_gap(roads.matrix, start, end)
    return _between(roads.matrix, there, back, start, end)


def _over_the_gap(matrix: Vectors, start: int, end: int) -> Strips:
    """Journeys between two islands of the graph: by photos like the one, like the other or like both, all joined."""
    from scipy.sparse.csgraph import dijkstra

    first, last = matrix @ matrix[start], matrix @ matrix[end]
    count = min(_POOL, len(matrix))
    best = [np.argpartition(-alike, count - 1)[:count] for alike in (first, last, first + last)]
    pool = np.unique(np.concatenate([*best, [start, end]]))
    unit = matrix[pool]
    ends = int(np.searchsorted(pool, start)), int(np.searchsorted(pool, end))
    there, back = dijkstra(_cost(_apart(unit @ unit.T)), indices=ends)
    found = _between(unit, there, back, *ends)
    if found.lengths == (2,):
        raise NoPath
    return Strips(pool[found.rows], found.before, found.costs, found.apart)


def _between(matrix: Vectors, there: Doubles, back: Doubles, start: int, end: int) -> Strips:
    """All journeys along the best ways, given how far everything is from both ends."""
    rows = _along(matrix, there, back, start, end)
    unit = matrix[rows].astype(np.float64)
    apart = _apart(unit @ unit.T)
    direct = float(apart[0, -1])
    onwards = there[rows] - back[rows]
    # in the order of the way, and no step is larger than going there at once
    allowed = (onwards[:, np.newaxis] < onwards) & (apart <= direct)
    allowed[0, -1] = True
    steps = np.where(allowed, apart**POWER, np.inf)
    costs = np.full((1, len(rows)), np.inf)
    costs[0, 0] = 0.0
    before = np.full((1, len(rows)), -1, np.int64)
    while len(costs) < min(LONGEST, len(rows)):
        through = costs[-1][:, np.newaxis] + steps
        best = through.argmin(axis=0)
        cheapest = through[best, np.arange(len(rows))]
        if not np.isfinite(cheapest).any():
            break
        costs = np.vstack([costs, cheapest])
        before = np.vstack([before, np.where(np.isfinite(cheapest), best, -1)])
    return Strips(rows, before, costs, apart)


def _along(matrix: Vectors, there: Doubles, back: Doubles, start: int, end: int) -> Positions:
    """The rows that lie nearest to the best way, in its order, no two of them twins: int64 (m,)."""
    total = there + back
    count = min(_ALONG, len(total))
    near = np.argpartition(total, count - 1)[:count]
    near = near[np.isfinite(total[near])]
    order = near[np.lexsort((near, total[near]))]
    chosen = [start, end]
    for row in order.tolist():
        if row not in (start, end) and not (matrix[chosen] @ matrix[row] >= TWINS).any():
            chosen.append(row)
    between = np.array(chosen[2:], np.int64)
    place = there[between] - back[between]
    # beyond an end nothing is on the way
    between = between[(place > there[start] - back[start]) & (place < there[end] - back[end])]
    place = there[between] - back[between]
    return np.concatenate([[start], between[np.argsort(place, kind="stable")], [end]]).astype(np.int64)


def _apart(cosines: npt.NDArray[Any]) -> Doubles:
    """How far apart unit vectors with these cosines are."""
    return np.asarray(np.sqrt(np.maximum(2.0 - 2.0 * np.asarray(cosines, np.float64), 0.0)), np.float64)


def _cost(apart: Doubles) -> Doubles:
    return np.asarray(np.maximum(apart**POWER, _LEAST), np.float64)
