"""What a network sees in a library's photos, ready to be searched by words.

The ten likeliest classes of each photo lie in `words/<network>.npz` of the library, a cache of the class layer's
vectors: `keep_classes` extends it at the end of adding photos, and whoever searches reads on from there by himself.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import features
from desktop_app.core.descriptor_files import DescriptorFiles
from desktop_app.core.descriptors import Descriptor
from desktop_app.core.index.top_classes import TopClasses, joined, read_top, top_classes, write_top
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import Network
from desktop_app.core.operations.places import NONE, Ids, places
from desktop_app.core.operations.theme_names import class_columns
from desktop_app.core.operations.word_photos import PhotoList, Rows
from desktop_app.core.types import Progress, Vectors
from desktop_app.core.words.wordnet import wordnet

LEAST = 0.1
"""How likely a thing has to be in a photo for the photo to be found by it. Measured with benchmarks/words.py."""
_LATER = 0.5  # of several meanings of a word each counts this much of the one before it
_CHUNK = 1_024
_PROBES = 32
_WORTH_KEEPING = 1_024  # rows that somebody who searches keeps for the next time
_TEXT = "Noting what photos show"
_one_at_a_time = threading.Lock()  # a file that is open cannot be replaced everywhere


def _file(library: Library, key: str) -> Path:
    return library.folder / "words" / f"{key}.npz"


def _belongs(top: TopClasses, store: VectorStore, layer: str) -> bool:
    """Whether some rows, and the last, are what the vectors give: else the vectors were made again meanwhile."""
    if not len(top):
        return True
    probes = np.unique(np.linspace(0, len(top) - 1, _PROBES).astype(np.int64))
    expected = top_classes(store.read(layer, probes))
    return bool(
        np.allclose(expected.shares.astype(np.float32), top.shares[probes].astype(np.float32), rtol=0, atol=2e-3)
        and (expected.classes[:, 0] == top.classes[probes, 0]).mean() > 0.9  # of two that are equal either is first
    )


def _kept(library: Library, network: Network, store: VectorStore) -> TopClasses:
    """What the file keeps of a network's photos, as far as it is right."""
    dimension = network.layer(network.class_output).dimension
    with _one_at_a_time:
        top = read_top(_file(library, network.key), network.key, dimension)
    if top is not None:
        top = top.until(store.rows)
        if _belongs(top, store, network.class_output):
            return top
    return joined([], dimension)


def keep_classes(library: Library, files: DescriptorFiles) -> Generator[Progress, None, None]:
    """Bring the file of a network's classes level with its vectors; 1,000 photos take some 15 ms.

    Args:
        library: open for writing.
        files: of a descriptor whose vectors are complete; nothing is done where it has no classes of ImageNet.

    Raises:
        UserError: the words of the program are missing.
        OSError: the disk is full or refuses.
    """
    if not files.source.name:
        return
    network, store = library.find_network(files.source.name), files.store
    if class_columns(network, wordnet()) is None:
        return
    top = _kept(library, network, store)
    rows = store.rows
    if len(top) == rows:
        return
    parts = [top]
    for start in range(len(top), rows, _CHUNK):
        parts.append(top_classes(store.read(network.class_output, slice(start, min(start + _CHUNK, rows)))))
        yield Progress(_TEXT, min(start + _CHUNK, rows), rows)
    with _one_at_a_time:
        write_top(_file(library, network.key), network.key, joined(parts, store.layers[network.class_output]))


class Seen:
    """What is seen in photos, by class. Nothing in it changes; may be asked on any thread.

    Args:
        photos: the photos that places in it mean.
        top: the likeliest classes by position.
        positions: int64 (n,), of each of `photos`; -1 where it has none.
        columns: which class of WordNet each class of the network is, -1 for none.
    """

    def __init__(self, photos: PhotoList, top: TopClasses, positions: Ids, columns: Rows) -> None:
        self.photos = photos
        self._top, self._positions, self._columns = top, positions, columns
        self._counts: dict[str, int] = {}
        rows = np.flatnonzero(positions >= 0)
        classes = columns.astype(np.int16)[top.classes[positions[rows]]]
        # by class: a meaning is looked up by reading the photos of its classes one after the other
        order = np.argsort(classes, axis=None, kind="stable")
        self._rows = np.repeat(rows.astype(np.int32), classes.shape[1])[order]
        self._shares: Vectors = top.shares[positions[rows]].reshape(-1)[order].astype(np.float32)
        self._starts = np.searchsorted(classes.reshape(-1)[order], np.arange(len(wordnet().classes) + 1))
        self.size = len(rows)

    def _of(self, id_: str) -> tuple[npt.NDArray[np.int32], Vectors]:
        """Photos that may show a thing, once for each class of it that is among their likeliest, and how likely."""
        under = wordnet().under(id_)
        parts = [slice(self._starts[index], self._starts[index + 1]) for index in under.tolist()]
        if len(parts) == 1:
            return self._rows[parts[0]], self._shares[parts[0]]
        return np.concatenate([self._rows[part] for part in parts]), np.concatenate([self._shares[p] for p in parts])

    def scores(self, ids: Sequence[str]) -> Vectors:
        """How likely each photo shows one of several meanings, the usual one first: float32 (photos,), 0 where hardly.

        Classes exclude one another, so a thing is as likely as all classes under it together. Later meanings of a word
        count less, so that the usual one comes first.
        """
        best = np.zeros(len(self.photos), np.float32)
        for place, id_ in enumerate(ids):
            rows, shares = self._of(id_)
            sums = np.bincount(rows, shares, len(best)).astype(np.float32)
            sums[sums < LEAST] = 0
            np.maximum(best, np.minimum(sums, 1) * np.float32(_LATER**place), out=best)
        return best

    def count(self, id_: str) -> int:
        """Photos that are found by a meaning."""
        known = self._counts.get(id_)
        if known is None:
            rows, shares = self._of(id_)
            known = int((np.bincount(rows, shares) >= np.float32(LEAST)).sum()) if len(rows) else 0
            self._counts[id_] = known
        return known

    def thing(self, row: int, ids: Sequence[str]) -> str:
        """The likeliest thing in a photo that is one of some meanings, in plain words: "streetcar"; "" for none."""
        words = wordnet()
        under = set(np.concatenate([words.under(id_) for id_ in ids]).tolist()) if ids else set()
        position = int(self._positions[row])
        classes = self._columns[self._top.classes[position]].tolist() if position >= 0 else []
        return next((words.name(words.classes[index]) for index in classes if index in under), "")


class SeenKept:
    """What a network sees in a library's photos, kept level with it. Belongs to one thread.

    Args:
        library: the open library.

    Attributes:
        remark: a sentence where things are not, or not everywhere, found by what photos show; "" otherwise.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self.remark = ""
        self._columns: dict[str, Rows | None] = {}
        self._network: Network | None = None
        self._top: TopClasses | None = None
        self._presence = -1
        self._made: tuple[object, ...] = ()
        self._chosen: Network | None = None
        self._chosen_at: tuple[object, ...] = ()
        self._seen: Seen | None = None

    def level(self, photos: PhotoList) -> Seen | None:
        """What is seen now, of these photos; None where no network with ImageNet's classes has seen them.

        From an up-to-date file 100,000 photos take some 0.1 s the first time; where there is none, 2 s.
        """
        network = self._choose()
        if network is None:
            self._seen = None
            return None
        where = places(self._library, network.key)
        where.refresh()
        if self._network is None or network.key != self._network.key:
            self._network, self._top, self._seen = network, None, None
        made = (photos, where.version, self._library.presence)
        if self._seen is not None and made == self._made:
            return self._seen
        top = self._filled(network, len(where.photos))
        of_photo = where.until(len(top))[: len(top)]
        positions = np.full(len(photos), NONE, np.int64)
        shown = np.flatnonzero(of_photo != NONE)
        rows = photos.row_of(of_photo[shown])
        positions[rows[rows >= 0]] = shown[rows >= 0]
        columns = self._columns_of(network)
        assert columns is not None
        self._seen, self._made = Seen(photos, top, positions, columns), made
        return self._seen

    def _choose(self) -> Network | None:
        """The library's own network if it has ImageNet's classes, else another one that saw most of the photos."""
        own, connection = self._library.network, self._library.connection
        if self._columns_of(own) is not None:
            self.remark = ""
            return own
        changes = own.key, connection.execute("PRAGMA data_version").fetchone()[0], connection.total_changes
        if changes != self._chosen_at:
            self._chosen, self._chosen_at = self._choose_other(own), changes
        return self._chosen

    def _choose_other(self, own: Network) -> Network | None:
        self.remark = ""
        counts = features.counts(self._library.connection)
        others = [one for one in self._library.networks() if counts.get(one.key) and self._columns_of(one) is not None]
        if not others:
            self.remark = (
                f"Words look through names, dates and answers only: “{own.title}” has no names for what photos show."
            )
            return None
        best = max(others, key=lambda one: counts[one.key])
        if counts[best.key] < counts.get(own.key, 0):
            self.remark = (
                f"What photos show is known of {counts[best.key]:,} photos, those that “{best.title}” has seen."
            )
        return best

    def _columns_of(self, network: Network) -> Rows | None:
        if network.key not in self._columns:
            self._columns[network.key] = class_columns(network, wordnet())
        return self._columns[network.key]

    def _filled(self, network: Network, rows: int) -> TopClasses:
        """The classes of at least so many rows, if the vectors have them."""
        source = self._library.source(Descriptor(network.name, network.class_output))
        layer = network.class_output
        top = self._top
        if top is not None and len(top) >= rows and self._presence == self._library.presence:
            return top
        with closing(source.open(self._library.folder, writable=False)) as store:
            if top is None or len(top) > store.rows or not _belongs(top, store, layer):
                top = _kept(self._library, network, store)
            first = len(top)
            parts = [top]
            for start in range(first, store.rows, _CHUNK):
                parts.append(top_classes(store.read(layer, slice(start, min(start + _CHUNK, store.rows)))))
            top = joined(parts, store.layers[layer])
        self._top, self._presence = top, self._library.presence
        if self._library.writable and len(top) - first >= _WORTH_KEEPING:
            self._keep(network, top)
        return top

    def _keep(self, network: Network, top: TopClasses) -> None:
        """For the next time: only what the catalogue names, since the rest may be written over after a crash."""
        committed = features.committed_rows(self._library.connection, network.key)
        try:
            with _one_at_a_time:
                write_top(_file(self._library, network.key), network.key, top.until(committed))
        except OSError:
            pass  # a full disk is for those to tell who have something to lose
