"""The files of one descriptor of a library: its network's vectors, the index space of its layer, the HNSW graph.

The vectors of a network are shared by its layers: `store` is one object for all of them. Everything here can be made
again, from the vectors or from the photos.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.descriptors import EMBEDDING
from desktop_app.core.index.layer_file import file_stem
from desktop_app.core.index.space import Space
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.types import Vectors

if TYPE_CHECKING:
    from desktop_app.core.index.hnsw import HnswIndex
    from desktop_app.core.index.space import SpaceView

LITTLE = 10_000
"""Rows that the index space may lack at a start and still be brought level at once (a tenth of a second)."""

_PROBES = 32


@dataclass(frozen=True, slots=True)
class Source:
    """What a store's vectors come from.

    Attributes:
        key: names the folder of the vectors and the rows of the catalogue that name positions in them.
        layers: name and dimension of every layer.
        name: of the network; "" for the colours.
        title: for people.
    """

    key: str
    layers: Mapping[str, int]
    name: str
    title: str

    def folder(self, library: Path) -> Path:
        """Where its vectors lie."""
        return library / "vectors" / self.key

    def open(self, library: Path, *, writable: bool) -> VectorStore:
        """Its vectors; several may be open for reading, one for writing."""
        return VectorStore(self.folder(library), self.layers, writable=writable)


def index_folder(library: Path, key: str, layer: str) -> Path:
    """Where a layer's index space and graph lie."""
    return library / "index" / f"{key}-{file_stem(layer)}"


class DescriptorFiles:
    """What a library keeps of one descriptor. Opened by `Library.files` and closed with the library.

    `view` may be read on any thread; `store` and `space` belong to the one that runs operations.

    Args:
        library: the library's folder.
        source: whose layer it is.
        layer: which.
        store: the vectors of `source`, shared with its other layers.
        writable: whether this process may write.
        reference: gives the mean over many photos of many kinds, or None where there is none.
        look: the same vectors as this thread may read them; None where `store` is this thread's.

    Attributes:
        view: what a search may use now; None while there is no index space, or a damaged one.
        graph: what a search over very many photos goes through, once loaded.
        kept: when the index space was last made to outlast this process, time.monotonic.
        closed: whether it was let go of: its descriptor was forgotten, and a new one has to be opened.
        behind: rows that the space lacked when it was opened and that were too many to bring level at once.
    """

    def __init__(
        self,
        library: Path,
        source: Source,
        layer: str,
        store: VectorStore,
        *,
        writable: bool,
        reference: Callable[[], Vectors | None] = lambda: None,
        look: VectorStore | None = None,
    ) -> None:
        self.library, self.source, self.layer, self.store = library, source, layer, store
        self.writable = writable
        self._reference = reference
        self.graph: HnswIndex | None = None
        self.kept = 0.0
        self.closed = False
        self.behind = 0
        self.space = Space(self.folder, writable=writable)
        try:
            self.view: SpaceView | None = self._checked(look or store)
        except BaseException:
            self.space.close()
            raise

    def _checked(self, store: VectorStore) -> SpaceView | None:
        """The space as it lies, if it agrees with the vectors; where this process may write, made to agree."""
        space, rows = self.space, store.rows
        if not self.writable:
            view = space.view()
            return view if self.belongs(view, store) else None
        if not self.belongs(space.view(), store):
            space.clear()
        if space.rows > rows:
            space.truncate(rows)
        self.behind = rows - space.rows
        if space.projection is not None and 0 < self.behind <= LITTLE:
            space.extend(store.read(self.layer, slice(space.rows, rows)))
            self.behind = 0
        return space.view()

    @property
    def key(self) -> str:
        """By what the catalogue names positions in the vectors."""
        return self.source.key

    @property
    def stamp(self) -> str:
        """What graphs over this space are marked with."""
        return self.key if self.layer == EMBEDDING else f"{self.key}-{self.layer}"

    @property
    def folder(self) -> Path:
        """Of the index space and the graph."""
        return index_folder(self.library, self.key, self.layer)

    @property
    def hnsw_file(self) -> Path:
        """The HNSW graph over the index space."""
        return self.folder / "graph.hnsw"

    def belongs(self, view: SpaceView | None, store: VectorStore) -> bool:
        """Whether some rows, spread over a space, are what the vectors at their positions give: else it is damaged."""
        rows = 0 if view is None else min(view.rows, store.rows)
        if view is None or not rows:
            return True
        if view.projection.input_dimension != self.source.layers[self.layer]:
            return False
        probes = np.unique(np.linspace(0, rows - 1, _PROBES).astype(np.int64))
        expected = view.projection.apply(store.read(self.layer, probes))
        return bool(np.allclose(view.matrix[probes], expected, rtol=0, atol=1e-3))

    def publish(self) -> None:
        """Show readers on other threads what the index space holds now: one reference is replaced."""
        self.view = self.space.view()

    def reading_store(self) -> VectorStore:
        """The vectors for another thread to read."""
        return self.source.open(self.library, writable=False)

    def reference_mean(self) -> Vectors:
        """The mean vector of varied photos, float32 (d,): centres a library that has few photos of its own."""
        mean = self._reference()
        dimension = self.source.layers[self.layer]
        return mean if mean is not None and mean.shape == (dimension,) else np.zeros(dimension, np.float32)

    def close(self) -> None:
        """Let go of the index space; the vectors may serve other layers."""
        self.closed = True
        self.space.close()


class OpenFiles:
    """The descriptors of a library that were opened, and the stores that they share. Safe on any thread.

    Args:
        library: the library's folder.
        writable: whether this process may write.
        agree: makes a store that was just opened for writing agree with the catalogue.
    """

    def __init__(self, library: Path, *, writable: bool, agree: Callable[[VectorStore, str], None]) -> None:
        self._library, self._writable, self._agree = library, writable, agree
        self._guard = threading.RLock()
        self._stores: dict[str, VectorStore] = {}
        self._files: dict[tuple[str, str], DescriptorFiles] = {}

    def get(
        self, source: Source, layer: str, reference: Callable[[], Vectors | None] = lambda: None
    ) -> DescriptorFiles:
        """The files of a layer, opened at first use.

        Raises:
            UserError: the catalogue cannot be written.
            OSError: files are there and cannot be read.
        """
        with self._guard:
            found = self._files.get((source.key, layer))
            if found is None:
                shared = self._writable and source.key in self._stores
                store = self.store(source)
                # a store that is open already may be written to by another thread at this moment
                look = source.open(self._library, writable=False) if shared else store
                try:
                    found = DescriptorFiles(
                        self._library, source, layer, store, writable=self._writable, reference=reference, look=look
                    )
                finally:
                    if look is not store:
                        look.close()
                self._files[source.key, layer] = found
            return found

    def store(self, source: Source) -> VectorStore:
        """The vectors of a network, for the thread that writes."""
        with self._guard:
            store = self._stores.get(source.key)
            if store is None:
                store = source.open(self._library, writable=self._writable)
                try:
                    if self._writable:
                        self._agree(store, source.key)
                except BaseException:
                    store.close()
                    raise
                self._stores[source.key] = store
            return store

    def opened(self) -> tuple[DescriptorFiles, ...]:
        """What was opened so far."""
        with self._guard:
            return tuple(self._files.values())

    def close(self, key: str = "") -> None:
        """Let go of one network's files, or of all."""
        with self._guard:
            for where, files in list(self._files.items()):
                if key in ("", where[0]):
                    files.close()
                    del self._files[where]
            for name, store in list(self._stores.items()):
                if key in ("", name):
                    store.close()
                    del self._stores[name]
