"""The tree over the finest groups: every number of themes from one to all is a cut through it.

Ward's linkage (Ward 1963, weighted by the photos in each group) by nearest-neighbour chains (Murtagh 1983), whose
heights never fall: a coarser cut only ever joins themes of a finer one.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.types import Vectors

Leaves = npt.NDArray[np.int32]
"""Number of a finest group for each of something: int32, (n,)."""

ODD = -1
"""The leaf of the odd ones out; it is in no tree."""

MOST = 2_000
"""Leaves that a tree is made of at most: its distances fill a square of 32 MB."""

_STEPS = 200  # steps of the chain between two yields: some 10 ms


@dataclass(frozen=True, eq=False)
class Tree:
    """How the finest groups join. Nodes 0 .. leaves - 1 are leaves; merge i makes node leaves + i.

    Attributes:
        leaves: how many finest groups there are.
        merges: int32 (leaves - 1, 2), the nodes that are joined, in the order of their heights.
        heights: float32 (leaves - 1,), rising: how far apart they were.
    """

    leaves: int
    merges: npt.NDArray[np.int32]
    heights: npt.NDArray[np.float32]

    def cut(self, count: int, free: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.int32]:
        """The node that each leaf is in when there are `count` groups: int32 (leaves,).

        Args:
            count: groups wanted; taken as 1 or as all leaves where it is beyond.
            free: bool (leaves,); groups count only where they hold a leaf of these. None: all.
        """
        if not self.leaves:
            return np.empty(0, np.int32)
        usable = np.ones(self.leaves, bool) if free is None else free
        merges = self._merges_until(max(1, count), usable)
        top = np.arange(self.leaves + merges, dtype=np.int32)
        for step in range(merges - 1, -1, -1):
            one, other = self.merges[step]
            top[one] = top[other] = top[self.leaves + step]
        return top[: self.leaves]

    def _merges_until(self, count: int, free: npt.NDArray[np.bool_]) -> int:
        holds = np.zeros(2 * self.leaves - 1, bool)
        holds[: self.leaves] = free
        groups = int(free.sum())
        for step, (one, other) in enumerate(self.merges.tolist()):
            joins = holds[one] and holds[other]
            if joins and groups <= count:
                return step
            groups -= joins
            holds[self.leaves + step] = holds[one] or holds[other]
        return len(self.merges)

    def below(self, node: int) -> Leaves:
        """The leaves of a node, rising."""
        found, waiting = [], [node]
        while waiting:
            at = waiting.pop()
            if at < self.leaves:
                found.append(at)
            else:
                waiting.extend(self.merges[at - self.leaves].tolist())
        return np.array(sorted(found), np.int32)

    def to_bytes(self) -> bytes:
        """The tree as the catalogue keeps it."""
        stream = io.BytesIO()
        np.savez_compressed(stream, leaves=np.int64(self.leaves), merges=self.merges, heights=self.heights)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes | None) -> Tree:
        """Read it back; one that is gone or damaged is a tree without leaves, on which the slider rests."""
        try:
            with np.load(io.BytesIO(data or b""), allow_pickle=False) as held:
                tree = cls(int(held["leaves"]), held["merges"].astype(np.int32), held["heights"].astype(np.float32))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return EMPTY
        steps = np.arange(len(tree.merges))[:, np.newaxis]
        sound = tree.merges.shape == (max(0, tree.leaves - 1), 2) and len(tree.heights) == len(tree.merges)
        if not sound or ((tree.merges < 0) | (tree.merges >= tree.leaves + steps)).any():
            return EMPTY
        return tree


EMPTY = Tree(0, np.empty((0, 2), np.int32), np.empty(0, np.float32))
"""The tree of nothing."""


def ward(centres: Vectors, weights: npt.NDArray[np.int64]) -> Generator[int, None, Tree]:
    """Make the tree; a generator whose return value it is.

    Args:
        centres: float32 (leaves, k), at most `MOST`.
        weights: int64 (leaves,), photos in each, at least 1.

    Yields:
        Merges done, every few milliseconds. 2,000 leaves take some 0.3 s.
    """
    leaves = len(centres)
    if leaves < 2:
        return Tree(leaves, np.empty((0, 2), np.int32), np.empty(0, np.float32))
    size = weights.astype(np.float64)
    apart = _costs(centres.astype(np.float64), size)
    done: list[tuple[float, int, int]] = []
    gone = np.zeros(leaves, bool)
    chain: list[int] = []
    steps = 0
    while len(done) < leaves - 1:
        steps += 1
        if steps % _STEPS == 0:
            yield len(done)
        if not chain:
            chain.append(int(np.argmin(gone)))
        last = chain[-1]
        row = apart[last]
        near = int(np.argmin(row))
        if len(chain) > 1 and row[chain[-2]] <= row[near]:
            near = chain[-2]  # of equal ones the one before: else the chain would never end
        if len(chain) < 2 or near != chain[-2]:
            chain.append(near)
            continue
        del chain[-2:]
        height = float(row[near])
        kept, lost = min(last, near), max(last, near)
        done.append((height, kept, lost))
        _join(apart, size, kept, lost, height)
        gone[lost] = True
    return _in_order(leaves, done)


def _costs(centres: npt.NDArray[np.float64], size: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """By how much the squared distances within groups grow when two are joined."""
    squares = np.einsum("ij,ij->i", centres, centres)
    apart = squares[:, np.newaxis] + squares[np.newaxis] - 2 * (centres @ centres.T)
    apart *= size[:, np.newaxis] * size[np.newaxis] / (size[:, np.newaxis] + size[np.newaxis])
    np.maximum(apart, 0, out=apart)
    apart += apart.T.copy()  # equal to the bit both ways: ties must not depend on who asks
    apart /= 2
    np.fill_diagonal(apart, np.inf)
    made: npt.NDArray[np.float64] = apart
    return made


def _join(apart: npt.NDArray[np.float64], size: npt.NDArray[np.float64], kept: int, lost: int, height: float) -> None:
    """Lance and Williams' formula for Ward's linkage; the group that goes is infinitely far from all."""
    one, other = size[kept], size[lost]
    row = ((one + size) * apart[kept] + (other + size) * apart[lost] - size * height) / (one + other + size)
    row[np.isinf(apart[kept]) | np.isinf(apart[lost])] = np.inf
    apart[kept], apart[:, kept] = row, row
    apart[lost], apart[:, lost] = np.inf, np.inf
    size[kept] = one + other


def _in_order(leaves: int, done: list[tuple[float, int, int]]) -> Tree:
    """Number the merges by their height."""
    node = list(range(leaves))  # the node that a group's first leaf stands for now
    merges = np.empty((leaves - 1, 2), np.int32)
    heights = np.empty(leaves - 1, np.float32)
    highest = 0.0
    owner = list(range(leaves))

    def first(leaf: int) -> int:
        while owner[leaf] != leaf:
            owner[leaf] = owner[owner[leaf]]
            leaf = owner[leaf]
        return leaf

    for step, (height, one, other) in enumerate(sorted(done, key=lambda merge: merge[0])):
        left, right = first(one), first(other)
        merges[step] = sorted((node[left], node[right]))
        owner[max(left, right)] = min(left, right)
        node[min(left, right)] = leaves + step
        highest = max(highest, height)
        heights[step] = np.sqrt(2 * highest)
    return Tree(leaves, merges, heights)
