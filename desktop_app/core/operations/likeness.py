"""Which photos look like this one: the search behind the side panel, the grid and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import features
from desktop_app.core.errors import UserError
from desktop_app.core.index.exact import cosines
from desktop_app.core.index.hnsw import HnswIndex
from desktop_app.core.index.neighbours import best as select
from desktop_app.core.index.neighbours import rank
from desktop_app.core.index.search import EXACT_BELOW, Snapshot
from desktop_app.core.index.space import SpaceView
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.finish import graph_stamp
from desktop_app.core.operations.reach import Reach
from desktop_app.core.types import Hit, PhotoId, Pixels, Vectors

Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]

_NONE = -1
_FIRST = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """All photos in the order of their likeness to a query.

    Attributes:
        ids: int64 (n,), best first; never the query itself.
        scores: float32 (n,), cosines in [-1, 1], falling.
    """

    ids: Ids
    scores: Scores


@dataclass(frozen=True, slots=True)
class Measures:
    """How alike two photos are, for the details.

    Attributes:
        cosine: of the raw embeddings, neither centred nor projected.
        euclidean: distance of the raw embeddings.
        mse: the mean squared error, euclidean squared over the dimension.
    """

    cosine: float
    euclidean: float
    mse: float


class Likeness:
    """Searches one library. Belongs to one thread; sees at its next call what was stored meanwhile."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._store = library.reading_store()
        self._photos = np.empty(0, np.int64)  # photo at each position; -1 where there is none to show
        self._positions: dict[int, int] = {}
        self._seen: tuple[int, int] = (-1, -1)
        self._snapshot: Snapshot | None = None
        self._reach = Reach(library, self._store)

    def close(self) -> None:
        """Let go of the vectors."""
        self._store.close()

    # --- asking ----------------------------------------------------------------------------------------------

    def best(self, query: Vectors, limit: int, without: Sequence[int] = ()) -> list[Hit]:
        """The photos most like a query.

        Args:
            query: float32 (n, d), raw embeddings: the middle of several, or just one.
            limit: the most results.
            without: photos that are never results.
        """
        snapshot = self._refreshed()
        if snapshot is None or limit <= 0:
            return []
        found, scores = snapshot.search(_middle(snapshot, query), limit + len(without))
        ids = self._photos[found]
        return [
            Hit(PhotoId(photo), score)
            for photo, score in zip(ids.tolist(), scores.tolist(), strict=True)
            if photo not in without
        ][:limit]

    def ranking(self, query: Vectors, without: Sequence[int] = ()) -> Ranking:
        """Every photo, best first; arguments as for `best`. 100,000 photos take some 15 ms."""
        snapshot = self._refreshed()
        if snapshot is None:
            return Ranking(np.empty(0, np.int64), np.empty(0, np.float32))
        middle = _middle(snapshot, query)
        # einsum: one pass in this thread, steadier than BLAS with its threads while photos are being added
        scores = np.clip(np.einsum("ij,j->i", snapshot.view.matrix, middle), -1.0, 1.0)
        shown = self._photos != _NONE
        for photo in without:
            if photo in self._positions:
                shown[self._positions[photo]] = False
        where = np.flatnonzero(shown)
        order = np.argsort(-scores[where], kind="stable")
        where, scores = where[order], scores[where][order].astype(np.float32, copy=False)
        # the first are ordered as `best` orders them: near-equal ones must not change places between two views
        first = len(select(scores, _FIRST))
        where[:first], scores[:first] = rank(snapshot.view.matrix[where[:first]], where[:first], middle, first)
        return Ranking(self._photos[where], scores)

    def embeddings(self, ids: Sequence[int]) -> Vectors:
        """The stored embeddings of photos, float32 (n, d), in their order.

        Raises:
            UserError: one of them has none yet.
        """
        self._refreshed()
        where = [self._positions.get(photo, _NONE) for photo in ids]
        # of a damaged library the store has fewer rows than the catalogue names, until it is healed
        if _NONE in where or (max(where, default=0) >= self._store.rows and max(where) >= self._store.refresh()):
            raise UserError("This photo is not ready to be compared yet.")
        return self._store.read(MAIN_LAYER, np.array(where, np.int64))

    def embed(self, pixels: Pixels) -> Vectors:
        """The embedding of a picture from anywhere, float32 (1, d); it runs the network once, some 5 ms."""
        engine = self._library.engine
        features: dict[str, Vectors] = engine.run(engine.prepare(pixels)[np.newaxis], [MAIN_LAYER])
        return features[MAIN_LAYER]

    def measures(self, one: Vectors, other: Vectors) -> Measures:
        """Compare two raw embeddings, float32 (1, d) each."""
        difference = one[0].astype(np.float64) - other[0].astype(np.float64)
        squared = float(difference @ difference)
        return Measures(float(cosines(one, other[0])[0]), squared**0.5, squared / difference.size)

    @property
    def searchable(self) -> int:
        """Photos that can be found so far."""
        self._refreshed()
        return len(self._positions)

    # --- keeping level with the library ----------------------------------------------------------------------

    def _refreshed(self) -> Snapshot | None:
        version = self._library.connection.execute("PRAGMA data_version").fetchone()[0]
        view = self._library.view if self._library.writable else self._reread()
        if view is None or not self._library.writable:
            self._store.refresh()
            view = self._reach.cover(view)
        if view is None:
            return None
        seen = (version, self._library.presence)
        if self._snapshot is None or seen != self._seen or view is not self._snapshot.view:
            anew = self._snapshot is None or self._library.presence != self._seen[1] or not self._library.writable
            self._store.refresh()
            self._take_positions(view.rows, anew)
            self._seen = seen
            self._snapshot = Snapshot(view, self._graph(view), self._photos != _NONE)
        return self._snapshot

    def _reread(self) -> SpaceView | None:
        """Beside a process that writes: look whether it has stored more."""
        self._library.space.refresh()
        fresh, old = self._library.space.view(), self._library.view
        if fresh is None or old is None or (fresh.generation, fresh.rows) != (old.generation, old.rows):
            self._store.refresh()
            self._library.view = fresh if self._library.belongs(fresh, self._store) else None
        return self._library.view

    def _take_positions(self, rows: int, anew: bool) -> None:
        if anew:
            self._positions = {}
            self._photos = np.full(rows, _NONE, np.int64)
        elif rows != len(self._photos):
            grown = np.full(rows, _NONE, np.int64)
            kept = min(rows, len(self._photos))
            grown[:kept] = self._photos[:kept]
            self._photos = grown
        known = np.flatnonzero(self._photos != _NONE)
        after = int(known[-1]) if len(known) else _NONE
        where, ids = features.positions(self._library.connection, self._library.network.key, after)
        inside = where < rows
        where, ids = where[inside], ids[inside]
        for photo in ids.tolist():
            old = self._positions.get(photo)
            if old is not None:
                self._photos[old] = _NONE  # the photo changed and was done again
        self._photos[where] = ids
        self._positions.update(zip(ids.tolist(), where.tolist(), strict=True))

    def _graph(self, view: SpaceView) -> HnswIndex | None:
        if view.rows <= EXACT_BELOW:
            return None
        graph = self._library.graph
        if graph is None:
            graph = HnswIndex.load(self._library.hnsw_file, graph_stamp(self._library, view), view.matrix)
            self._library.graph = graph
        return graph


def _middle(snapshot: Snapshot, query: Vectors) -> Vectors:
    """Raw embeddings as one unit vector of the index space: the middle of their directions, float32 (k,)."""
    middle: Vectors = snapshot.projection.apply(query).mean(axis=0).astype(np.float32)
    length = float(np.linalg.norm(middle))
    return middle / np.float32(length) if length else middle
