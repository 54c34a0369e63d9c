"""Which photos look like this one: the search behind the side panel, the grid and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.descriptors import HISTOGRAM, Descriptor
from desktop_app.core.errors import UserError
from desktop_app.core.index.exact import cosines
from desktop_app.core.index.hnsw import HnswIndex
from desktop_app.core.index.neighbours import best as select
from desktop_app.core.index.neighbours import rank
from desktop_app.core.index.projection import Projection
from desktop_app.core.index.search import EXACT_BELOW, Snapshot
from desktop_app.core.index.space import SpaceView
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import Network
from desktop_app.core.operations.finish import graph_stamp
from desktop_app.core.operations.places import NONE, Ids, places
from desktop_app.core.operations.reach import Reach
from desktop_app.core.types import Hit, PhotoId, Pixels, Vectors

Scores = npt.NDArray[np.float32]

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


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The library's photos in the index space, as they were at one moment. Safe on any thread.

    Attributes:
        photos: int64 (n,), the photo at each position; -1 where there is none to show.
        matrix: float32 (n, k), unit rows by position, read-only.
        projection: turns raw vectors into rows of this space.
    """

    photos: Ids
    matrix: Vectors
    projection: Projection


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
    """Searches one library by one descriptor. Belongs to one thread; sees at its next call what was stored meanwhile.

    Opening another one beside it is cheap: layers of one network share the positions of photos.

    Args:
        library: the open library.
        descriptor: as `Library.descriptor` takes it; "" for what the library compares by.

    Attributes:
        descriptor: what it compares by.

    Raises:
        UserError: there is no such network or layer.
    """

    def __init__(self, library: Library, descriptor: Descriptor | str = "") -> None:
        self.descriptor = library.descriptor(descriptor) if isinstance(descriptor, str) else descriptor
        self._library = library
        self._open()

    def _open(self) -> None:
        self._files = self._library.files(self.descriptor)
        self._store = self._files.reading_store()
        self._places = places(self._library, self._files.key)
        self._version = -1  # of the places that the snapshot knows
        self._photos: Ids = np.empty(0, np.int64)  # photo at each position; -1 where there is none to show
        self._snapshot: Snapshot | None = None
        self._reach = Reach(self._library, self._store, self._files)

    def close(self) -> None:
        """Let go of the vectors."""
        self._store.close()

    def warm_up(self) -> None:
        """Open all that a search reads, so that the first is as quick as the next."""
        self._refreshed()

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
        shown = self._photos != NONE
        for photo in without:
            position = self._places.position(photo)
            if 0 <= position < len(shown):
                shown[position] = False
        where = np.flatnonzero(shown)
        order = np.argsort(-scores[where], kind="stable")
        where, scores = where[order], scores[where][order].astype(np.float32, copy=False)
        # the first are ordered as `best` orders them: near-equal ones must not change places between two views
        first = len(select(scores, _FIRST))
        where[:first], scores[:first] = rank(snapshot.view.matrix[where[:first]], where[:first], middle, first)
        return Ranking(self._photos[where], scores)

    def rows(self) -> Rows | None:
        """All photos in the index space; None while there are none."""
        snapshot = self._refreshed()
        return None if snapshot is None else Rows(self._photos, snapshot.view.matrix, snapshot.projection)

    def embeddings(self, ids: Sequence[int]) -> Vectors:
        """The stored embeddings of photos, float32 (n, d), in their order.

        Raises:
            UserError: one of them has none yet.
        """
        self._refreshed()
        where = [self._places.position(photo) for photo in ids]
        # of a damaged library the store has fewer rows than the catalogue names, until it is healed
        if NONE in where or (max(where, default=0) >= self._store.rows and max(where) >= self._store.refresh()):
            raise UserError("This photo is not ready to be compared yet.")
        return self._store.read(self._files.layer, np.array(where, np.int64))

    @property
    def decode_side(self) -> int:
        """The short side at which a picture from anywhere is to be decoded for `embed`, in pixels."""
        return 256 if self.descriptor.is_colour else self._network.decode_side

    @property
    def _network(self) -> Network:
        return self._library.find_network(self.descriptor.network)

    def embed(self, pixels: Pixels) -> Vectors:
        """The vector of a picture from anywhere, float32 (1, d); it runs the network once, some 5 ms."""
        if self.descriptor.is_colour:
            from desktop_app.core.images.colour import describe

            return describe(pixels)[HISTOGRAM]
        engine, layer = self._library.engine_of(self._network), self._files.layer
        features: dict[str, Vectors] = engine.run(engine.prepare(pixels)[np.newaxis], [layer])
        return features[layer]

    def measures(self, one: Vectors, other: Vectors) -> Measures:
        """Compare two raw embeddings, float32 (1, d) each."""
        difference = one[0].astype(np.float64) - other[0].astype(np.float64)
        squared = float(difference @ difference)
        return Measures(float(cosines(one, other[0])[0]), squared**0.5, squared / difference.size)

    @property
    def searchable(self) -> int:
        """Photos that can be found so far."""
        self._refreshed()
        return int((self._photos != NONE).sum())

    # --- keeping level with the library ----------------------------------------------------------------------

    def _refreshed(self) -> Snapshot | None:
        if self._files.closed:  # forgotten meanwhile, and maybe computed anew
            self._store.close()
            self._open()
        view = self._files.view if self._library.writable else self._reread()
        if view is None or not self._library.writable:
            self._store.refresh()
            view = self._reach.cover(view)
        if view is None:
            return None
        self._places.refresh()
        if self._snapshot is None or self._places.version != self._version or view is not self._snapshot.view:
            self._store.refresh()
            self._photos, self._version = self._places.until(view.rows), self._places.version
            self._snapshot = Snapshot(view, self._graph(view), self._photos != NONE)
        return self._snapshot

    def _reread(self) -> SpaceView | None:
        """Beside a process that writes: look whether it has stored more."""
        files = self._files
        files.space.refresh()
        fresh, old = files.space.view(), files.view
        if fresh is None or old is None or (fresh.generation, fresh.rows) != (old.generation, old.rows):
            self._store.refresh()
            files.view = fresh if files.belongs(fresh, self._store) else None
        return files.view

    def _graph(self, view: SpaceView) -> HnswIndex | None:
        files = self._files
        if view.rows <= EXACT_BELOW or files is not self._library.main:
            return None
        if files.graph is None:
            files.graph = HnswIndex.load(files.hnsw_file, graph_stamp(files, view), view.matrix)
        return files.graph


def _middle(snapshot: Snapshot, query: Vectors) -> Vectors:
    """Raw embeddings as one unit vector of the index space: the middle of their directions, float32 (k,)."""
    middle: Vectors = snapshot.projection.apply(query).mean(axis=0).astype(np.float32)
    length = float(np.linalg.norm(middle))
    return middle / np.float32(length) if length else middle
