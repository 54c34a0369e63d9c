"""The HNSW index: approximate search that stays fast in libraries of any size. A cache that can be rebuilt.

Graph and search are hnswlib's (Malkov and Yashunin 2016, arXiv:1603.09320), inner product on unit vectors. Equal
vectors (copies of a photo) share one element of the graph: more copies than an element has links would link only
to one another and be an island that searches do not find.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np

from desktop_app.core.index.files import DAMAGED
from desktop_app.core.index.hnsw_file import Stamp, read_index, write_index
from desktop_app.core.index.neighbours import Allowed, Cosines, nothing, rank
from desktop_app.core.types import Positions, Vectors

try:
    import hnswlib
except ImportError:  # no compiler when the program was set up
    hnswlib = None

LINKS = 16  # M
EF_CONSTRUCTION = 200
SMALLEST_EF = 64

_SPACE = "ip"
_CHUNK = 256  # rows between two yields of a build: some 60 ms
_SPARE = 8  # results asked for beyond the limit, so that equal cosines at its end are ordered by position
_MOST = 4096  # results asked for at most: beyond, looking at every row is faster
_PROBES = 64
_NONE = -1


def hnsw_available() -> bool:
    """Whether hnswlib could be imported; without it every search is exact."""
    return hnswlib is not None


class HnswIndex:
    """An HNSW graph over the positions of one index space; implements `Neighbours`.

    Searching is safe from several threads. `extend` and `mark_deleted` must not run while others search: load a
    second one beside it, change that, and swap (see `Searcher`). Made by `build` or `load`.
    """

    def __init__(self, graph: Any, owners: Positions, stamp: Stamp) -> None:
        self._graph = graph
        self._owners = owners  # (rows,): the position whose element stands for this one; -1: not in the index
        self.stamp = stamp
        self._group()

    @property
    def rows(self) -> int:
        """Positions from here on are newer than the index and have to be searched in another way."""
        return len(self._owners)

    @property
    def count(self) -> int:
        """Positions in the index that are not deleted."""
        return len(self._members)

    @property
    def elements(self) -> int:
        """Elements of the graph, deleted ones included; many more than are needed mean that a new build is due."""
        return int(self._graph.element_count)

    @property
    def positions(self) -> Positions:
        """The positions in the index that are not deleted, in no order."""
        return self._members

    @classmethod
    def build(
        cls, matrix: Vectors, positions: Positions, stamp: Stamp, *, threads: int = -1, rows: int | None = None
    ) -> Generator[int, None, HnswIndex]:
        """Build an index; a generator whose return value it is (`index = yield from HnswIndex.build(...)`).

        Close the generator to stop. With more than one thread the graph, and so a rare result, differs from one
        build to the next.

        Args:
            matrix: Float32 (n, k), the space's unit rows.
            positions: Int64 (m,), rising: the rows to put in.
            stamp: What the index belongs to.
            threads: Threads to build with; -1: one per core.
            rows: Positions below this count as looked at (default: n).

        Yields:
            Positions done, after every few hundred.

        Raises:
            RuntimeError: hnswlib is not there.
        """
        if hnswlib is None:
            raise RuntimeError("hnswlib is not installed")
        graph = hnswlib.Index(_SPACE, stamp.dimension)
        graph.init_index(max(1024, len(positions)), LINKS, EF_CONSTRUCTION)
        index = cls(graph, np.empty(0, np.int64), stamp)
        yield from index.extend(matrix, positions, threads=threads, rows=rows)
        return index

    def extend(
        self, matrix: Vectors, positions: Positions, *, threads: int = -1, rows: int | None = None
    ) -> Generator[int]:
        """Put further positions in; the arguments are those of `build`. Stopped early, throw the index away.

        Raises:
            ValueError: A position that is in already or is not in the matrix, or a matrix of another dimension.
        """
        upto = max(self.rows, len(matrix) if rows is None else rows)
        if matrix.shape[1] != self.stamp.dimension or upto > len(matrix):
            raise ValueError(f"matrix {matrix.shape} for an index of {upto} x {self.stamp.dimension}")
        if len(positions) and not 0 <= int(positions.min()) <= int(positions.max()) < upto:
            raise ValueError("positions beyond the matrix")
        if (self._owners[positions[positions < self.rows]] != _NONE).any():
            raise ValueError("positions that are in the index already")
        owners = np.full(upto, _NONE, np.int64)
        owners[: self.rows] = self._owners
        known = set(self._graph.get_ids_list())
        first_of = {matrix[element].tobytes(): element for element in self._elements.tolist()}
        live = set(first_of.values())
        for at in range(0, len(positions), _CHUNK):
            part = positions[at : at + _CHUNK]
            block = np.ascontiguousarray(matrix[part], np.float32)
            new = []
            for place, position in enumerate(part.tolist()):
                owner = first_of.setdefault(block[place].tobytes(), position)
                owners[position] = owner
                if owner != position or position in live:
                    continue
                if position in known:  # deleted before: a position's row never changes within a space
                    self._graph.unmark_deleted(position)
                else:
                    new.append(place)
            self._add(block[new], part[new], threads)
            yield at + len(part)
        self._owners = owners
        self._group()

    def _add(self, vectors: Vectors, labels: Positions, threads: int) -> None:
        room = self._graph.get_max_elements()
        needed = self._graph.element_count + len(labels)
        if needed > room:
            self._graph.resize_index(max(needed, 2 * room))
        if len(labels):
            self._graph.add_items(vectors, labels, threads)

    def mark_deleted(self, positions: Positions) -> None:
        """Take positions out of the results; those not in the index are passed over."""
        gone = positions[(positions >= 0) & (positions < self.rows)]
        before = np.unique(self._owners[gone])
        self._owners[gone] = _NONE
        self._group()
        for owner in np.setdiff1d(before, self._elements).tolist():
            if owner != _NONE:
                self._graph.mark_deleted(owner)

    def _group(self) -> None:
        """Lay the positions out by the element that stands for them."""
        within = np.flatnonzero(self._owners >= 0)
        order = within[np.argsort(self._owners[within], kind="stable")]
        self._members = order.astype(np.int64, copy=False)
        self._elements, starts = np.unique(self._owners[order], return_index=True)
        self._starts = np.append(starts, len(order)).astype(np.int64)

    def search(self, query: Vectors, limit: int, allowed: Allowed | None = None) -> tuple[Positions, Cosines]:
        """See `Neighbours.search`. May find fewer than there are when few positions are allowed."""
        live = len(self._elements)
        if limit <= 0 or not live:
            return nothing()
        query = np.ascontiguousarray(query, np.float32)
        fetch = min(limit + _SPARE, live)
        while True:
            labels = self._query(query, fetch)
            found, cosines = self._expand(labels, query, limit, allowed)
            if len(found) >= limit or len(labels) < fetch or fetch >= min(live, _MOST):
                return found, cosines
            fetch = min(4 * fetch, live, _MOST)

    def _query(self, query: Vectors, count: int) -> Positions:
        """Labels of the nearest elements, best first; fewer than `count` if the graph does not lead to so many."""
        while count:
            self._graph.set_ef(max(SMALLEST_EF, 2 * count))  # 10 after every load
            try:
                labels, _ = self._graph.knn_query(query[np.newaxis], count, num_threads=1)
            except RuntimeError:  # "cannot return the results": not so many were reached
                count //= 2
                continue
            found: Positions = labels[0].astype(np.int64)
            return found
        return np.empty(0, np.int64)

    def _expand(
        self, labels: Positions, query: Vectors, limit: int, allowed: Allowed | None
    ) -> tuple[Positions, Cosines]:
        """From elements to the positions that they stand for, in the final order."""
        if not len(labels):
            return nothing()
        vectors = np.asarray(self._graph.get_items(labels), np.float32)
        places = np.searchsorted(self._elements, labels)
        starts, ends = self._starts[places], self._starts[places + 1]
        positions = np.concatenate([self._members[a:b] for a, b in zip(starts, ends, strict=True)])
        which = np.repeat(np.arange(len(labels)), ends - starts)
        if allowed is not None:
            keep = allowed[positions]
            positions, which = positions[keep], which[keep]
        return rank(vectors[which], positions, query, limit)

    @property
    def owners(self) -> Positions:
        """Int64 (rows,): the position whose element stands for each one, itself mostly; -1: not in the index."""
        return self._owners

    def table(
        self, matrix: Vectors, count: int, threads: int = 1
    ) -> Generator[int, None, tuple[Positions, Positions, Cosines]]:
        """The nearest elements of every element, in one pass over the graph; close the generator to stop.

        Args:
            matrix: Float32 (n, k), the space's unit rows.
            count: Neighbours of each element; fewer where there are fewer elements.
            threads: Threads to search with.

        Yields:
            Elements done.

        Returns:
            Positions int64 (m,) of the elements, rising, and for each the indices among them int64 (m, count) and
            cosines float32 (m, count) of its neighbours, best first, itself left out.
        """
        elements = self._elements
        count = max(0, min(count, len(elements) - 1))
        near = np.empty((len(elements), count), np.int64)
        cosines = np.empty((len(elements), count), np.float32)
        self._graph.set_ef(max(SMALLEST_EF, 2 * (count + 1)))
        for at in range(0, len(elements), _CHUNK):
            part = elements[at : at + _CHUNK]
            found, distances = self._graph.knn_query(np.ascontiguousarray(matrix[part]), count + 1, num_threads=threads)
            found = found.astype(np.int64)
            # itself comes first but for rounding; where the graph did not lead back to it the last one is left out
            own = found == part[:, None]
            own[~own.any(axis=1), -1] = True
            near[at : at + len(part)] = np.searchsorted(elements, found[~own].reshape(len(part), count))
            cosines[at : at + len(part)] = 1.0 - distances[~own].reshape(len(part), count)
            yield at + len(part)
        return elements, near, cosines

    def save(self, path: Path) -> None:
        """Write the index to one file, in one step.

        Raises:
            OSError: The disk is full or refuses; the old file is whole.
        """
        write_index(path, self.stamp, self._owners, self._graph.__getstate__()[0])

    @classmethod
    def load(cls, path: Path, stamp: Stamp, matrix: Vectors) -> HnswIndex | None:
        """Read an index back, if it is the right one.

        Args:
            path: What `save` wrote.
            stamp: What the index has to belong to; another network, projection or dimension is refused before
                hnswlib sees the data (it would read past their end).
            matrix: Float32 (n, k), the space's rows: some are compared with the index's own.

        Returns:
            None when it has to be built: no hnswlib, no file, damaged, of another version or not this space's.
        """
        if hnswlib is None:
            return None
        read = read_index(path, stamp, len(matrix))
        if read is None:
            return None
        owners, state = read
        try:
            graph = hnswlib.Index.__new__(hnswlib.Index)
            graph.__setstate__((state,))
            index = cls(graph, owners, stamp)
            return index if index._agrees(matrix) else None
        except DAMAGED:
            return None

    def _agrees(self, matrix: Vectors) -> bool:
        """Whether elements spread over the whole index are the matrix's rows (positions may have been given anew)."""
        spread = np.linspace(0, len(self._elements) - 1, min(_PROBES, len(self._elements))).astype(np.int64)
        labels = self._elements[spread]
        if not len(labels):
            return True
        mine = np.asarray(self._graph.get_items(labels), np.float32)
        return bool(np.allclose(mine, matrix[labels], rtol=0, atol=1e-5))
