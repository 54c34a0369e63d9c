"""A library: one open collection of folders with its catalogue, vectors, index space and thumbnails.

On disk it is a folder: `catalogue.sqlite` (the truth), `vectors/`, `index/` and `thumbnails.sqlite` (caches that
can be made again) and `lock`, an operating-system lock that dies with the process that holds it.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from desktop_app.core import paths
from desktop_app.core.catalog import answers, features, folders, saved_searches, themes, ways
from desktop_app.core.catalog.database import FULL, explain
from desktop_app.core.catalog.opening import open_catalogue
from desktop_app.core.catalog.thumbnails import Thumbnails
from desktop_app.core.descriptor_files import DescriptorFiles, OpenFiles, Source
from desktop_app.core.descriptors import COLOUR_KEY, EMBEDDING, HISTOGRAM, Descriptor
from desktop_app.core.engines import Device, Engines
from desktop_app.core.errors import UserError
from desktop_app.core.index.space import Space
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.learn import kept
from desktop_app.core.locking import take_lock
from desktop_app.core.nets.manifest import Network, bundled_networks
from desktop_app.core.types import FolderState, Vectors

if TYPE_CHECKING:
    from desktop_app.core.index.hnsw import HnswIndex
    from desktop_app.core.index.space import SpaceView
    from desktop_app.core.nets.session import Engine

MAIN_LAYER = EMBEDDING
"""The layer photos are compared by unless another is named; labels and heads rest on it."""

_NETWORK, _MEANWHILE, _COMPARE_BY = "network", "network_meanwhile", "compare_by"  # what `meta` remembers


class Library:
    """One open library. Reading is safe on any thread; writing belongs to the one that runs operations.

    Args:
        folder: where the library lies; made with its parents when absent and `writable`.
        writable: False opens it for looking only, beside another process that writes.
        network: name of the network a *new* library compares by; "" takes the one that is fastest here.
        device: "auto", "cpu" or "cuda".

    Attributes:
        network: what photos are compared by here, and what labels and heads rest on.
        main: the files of its embedding. Those of other descriptors are opened by `files`.
        remark: a sentence where the library could not be opened as it was left, "" otherwise.
        presence: rises when photos that were searchable are no longer, or are again.

    Raises:
        LibraryLocked: another process writes to it.
        LibraryTooNew: a newer program made it.
        UserError: it cannot be read or written.
    """

    def __init__(self, folder: Path, *, writable: bool = True, network: str = "", device: Device = "auto") -> None:
        self.folder = folder
        self.writable = writable
        self.device = device
        self.remark = ""
        self.presence = 0
        self.local = threading.local()  # what operations keep for each thread
        self.engines = Engines(device)
        self._lost: set[str] = set()  # keys whose vectors were not all there when they were opened
        self._files = OpenFiles(folder, writable=writable, agree=self._agree)
        with ExitStack() as opened:  # what was opened is let go of if the rest cannot be
            if writable:
                opened.callback(take_lock(folder).release)
            elif not paths.is_file(self._catalogue):
                raise UserError(f"There is no library at {folder}.")
            try:
                self.database = open_catalogue(self._catalogue, writable=writable)
                opened.callback(self.database.close)
                self.thumbnails = Thumbnails(folder / "thumbnails.sqlite", writable=writable)
                opened.callback(self.thumbnails.close)
                self._open_caches(network, opened)
            except sqlite3.Error as error:
                raise explain(error, self._catalogue) from error
            except OSError as error:
                raise write_error(error, folder) from error
            self._held = opened.pop_all()

    # --- opening ---------------------------------------------------------------------------------------------

    @property
    def _catalogue(self) -> Path:
        return self.folder / paths.CATALOGUE

    def _open_caches(self, network: str, opened: ExitStack) -> None:
        """Open what can be made again, and see that it agrees with the catalogue."""
        before = self.get_meta(_MEANWHILE) or self.get_meta(_NETWORK)
        self.network = self._choose_network(network)
        if self.writable:
            with self.database.transaction() as connection:
                folders.purge(connection, time.time())
                answers.purge_sets(connection, time.time())
                themes.purge(connection, time.time())
                saved_searches.purge(connection, time.time())
                sets = answers.all_ids(connection)
            kept.forget_others(self.folder, sets)
        opened.callback(self._files.close)
        self.main = self._open_main(self.network)
        if not self.writable:
            return
        lost = self.network.key in self._lost
        if lost or self.main.behind or self.thumbnails.made_anew or before not in ("", self.network.key):
            self._note_unfinished()

    def _choose_network(self, name: str) -> Network:
        """The network this library's vectors were made with; for a new library the named or the fastest one."""
        wanted = self.get_meta(_NETWORK)
        chosen = self.engines.by_key(wanted)
        if name and (chosen is None or chosen.name != name):
            chosen = self.engines.find(name)
            wanted = chosen.key
            if self.writable and self.get_meta(_COMPARE_BY):
                self.set_meta(_COMPARE_BY, "")
        meanwhile = ""
        if chosen is None:
            if wanted:  # it may come back: what it made is kept, and so is the wish
                chosen = self.engines.by_key(self.get_meta(_MEANWHILE))
            if chosen is None:
                from desktop_app.core.nets.choice import fastest

                bundled = bundled_networks(paths.models_dir())
                chosen = fastest(bundled, paths.cache_dir() / "speed.json", device=self.device)
            if wanted:
                meanwhile = chosen.key
                lost = next((way.title for way in ways.all_ways(self.connection) if way.key == wanted), "")
                self.remark = (
                    f"The way this library compared photos{f', “{lost}”,' if lost else ''} is no longer here. "
                    f"They are compared by “{chosen.title}” until it is added again; nothing was lost."
                )
        wanted = wanted or chosen.key
        if self.writable and (wanted, meanwhile) != (self.get_meta(_NETWORK), self.get_meta(_MEANWHILE)):
            self.set_meta(_NETWORK, wanted)
            self.set_meta(_MEANWHILE, meanwhile)
        if self.writable and chosen.key not in {way.key for way in ways.all_ways(self.connection)}:
            with self.database.transaction() as connection:
                ways.put(connection, ways.Way(chosen.key, chosen.name, chosen.title, (MAIN_LAYER,)))
        return chosen

    def _open_main(self, network: Network) -> DescriptorFiles:
        if MAIN_LAYER not in {layer.name for layer in network.layers}:
            raise UserError(f"“{network.title}” cannot be what a library compares by: it has no embedding.")
        return self._files_of(network, MAIN_LAYER)

    def _agree(self, store: VectorStore, key: str) -> None:
        """Make vectors and catalogue agree: whichever is ahead is cut back."""
        committed = features.committed_rows(self.connection, key)
        if store.rows < committed:
            with self.database.transaction() as connection:
                if features.forget_positions(connection, key, store.rows):
                    self._lost.add(key)
                    self.presence += 1
                committed = features.committed_rows(connection, key)
        store.truncate(committed)

    def _note_unfinished(self) -> None:
        """Something has to be made again: folders count as not all in, so that the next ingest carries on by itself."""
        with self.database.transaction() as connection:
            for folder in folders.all_folders(connection):
                if folder.state is FolderState.READY and folder.photos:
                    folders.set_state(connection, folder.id, FolderState.ADDING)

    # --- what belongs to it ----------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What the library is called: the name of its folder."""
        return self.folder.name

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection to the catalogue."""
        return self.database.connection

    def get_meta(self, key: str) -> str:
        """A remembered value of this library; "" where there is none."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, key: str, value: str) -> None:
        """Remember a value with this library."""
        with self.database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # --- networks and descriptors ----------------------------------------------------------------------------

    def networks(self) -> tuple[Network, ...]:
        """The networks there are, bundled and added."""
        return self.engines.networks()

    def find_network(self, name: str) -> Network:
        """The network of this name.

        Raises:
            UserError: there is none, or none any more.
        """
        if name == self.network.name:
            return self.network
        return self.engines.find(name, [way.name for way in ways.all_ways(self.connection)])

    def descriptor(self, text: str) -> Descriptor:
        """What a person wrote as a descriptor: `NETWORK:LAYER`, a network, a layer, `colour`, or "" for the default.

        Raises:
            UserError: there is no such network or layer.
        """
        if not text:
            return self.default
        if text in {network.name for network in self.engines.networks()}:
            text += f":{MAIN_LAYER}"
        wanted = Descriptor.parse(text, self.network.name)
        if not wanted.is_colour:
            self.find_network(wanted.network).layer(wanted.layer)
        return wanted

    @property
    def default(self) -> Descriptor:
        """What photos are compared by unless a descriptor is named."""
        usual = Descriptor(self.network.name, MAIN_LAYER)
        text = self.get_meta(_COMPARE_BY)
        try:
            return Descriptor.parse(text, self.network.name) if text and self.descriptor(text) else usual
        except UserError:  # its network is no longer here
            return usual

    def set_default(self, descriptor: Descriptor) -> None:
        """Compare photos by this from now on; a layer of another network makes that the library's network.

        Raises:
            UserError: there is no such network or layer, or it has no embedding.
        """
        if not descriptor.is_colour and (descriptor.network != self.network.name or self.remark):
            network = self.find_network(descriptor.network)
            main = self._open_main(network)
            with self.database.transaction() as connection:
                for key, value in ((_NETWORK, network.key), (_MEANWHILE, "")):
                    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
                way = ways.Way(network.key, network.name, network.title)
                ways.add_layer(connection, way, MAIN_LAYER)
            self.network, self.main, self.remark = network, main, ""
            self.presence += 1
        self.set_meta(_COMPARE_BY, str(descriptor))

    def source(self, descriptor: Descriptor) -> Source:
        """What the vectors of a descriptor come from.

        Raises:
            UserError: there is no such network.
        """
        if descriptor.is_colour:
            from desktop_app.core.images.colour import sizes  # OpenCV is not loaded for who does not ask

            return Source(COLOUR_KEY, sizes(), "", "Colour")
        return _source(self.find_network(descriptor.network))

    def files(self, descriptor: Descriptor | str = "") -> DescriptorFiles:
        """The files of a descriptor, opened at first use and then kept; "" means the default one. On any thread.

        Raises:
            UserError: there is no such network or layer.
        """
        wanted = self.descriptor(descriptor) if isinstance(descriptor, str) else descriptor
        if wanted.is_colour:
            return self._files.get(self.source(wanted), HISTOGRAM)
        network = self.find_network(wanted.network)
        return self._files_of(network, network.layer(wanted.layer).name)

    def opened(self) -> tuple[DescriptorFiles, ...]:
        """The files of descriptors that were asked for so far, without the library's own."""
        return tuple(files for files in self._files.opened() if files is not self.main)

    def _files_of(self, network: Network, layer: str) -> DescriptorFiles:
        bundled = network.path.parent == paths.models_dir() and layer == network.embedding_output
        return self._files.get(_source(network), layer, _bundled_mean if bundled else lambda: None)

    def writer(self, source: Source) -> VectorStore:
        """The vectors of a network or of the colours, for the thread that runs operations."""
        return self._files.store(source)

    def let_go(self, key: str) -> None:
        """Close what was opened of a network that is not the library's own."""
        self._files.close(key)
        self.engines.let_go(key)

    def engine_of(self, network: Network) -> Engine:
        """A network that is ready to run, loaded at first use and shared by all threads."""
        return self.engines.engine(network)

    @property
    def engine(self) -> Engine:
        """The library's own network, ready to run."""
        return self.engines.engine(self.network)

    # --- the files of the library's own network, by short names -------------------------------------------------

    @property
    def store(self) -> VectorStore:
        """Its vectors, for the thread that runs operations."""
        return self.main.store

    @property
    def space(self) -> Space:
        """The index space of its embedding."""
        return self.main.space

    @property
    def view(self) -> SpaceView | None:
        """What a search by its embedding may use now."""
        return self.main.view

    @property
    def graph(self) -> HnswIndex | None:
        """The HNSW graph, once loaded."""
        return self.main.graph

    @property
    def hnsw_file(self) -> Path:
        """The HNSW graph over its index space."""
        return self.main.hnsw_file

    def reading_store(self) -> VectorStore:
        """Its vectors, for another thread to read."""
        return self.main.reading_store()

    # --- ending ----------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Let go of every file. Calling it twice is fine."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def write_error(error: OSError, folder: Path) -> UserError:
    """A failed write to a library's folder as a sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(FULL, str(error))
    return UserError(f"The library's folder cannot be written: {folder}.", str(error))


def _source(network: Network) -> Source:
    return Source(network.key, {layer.name: layer.dimension for layer in network.layers}, network.name, network.title)


def _bundled_mean() -> Vectors:
    """The mean embedding of varied photos by the bundled networks, float32 (d,)."""
    try:
        with np.load(paths.models_dir() / "reference.npz", allow_pickle=False) as stored:
            return np.asarray(stored["mean"], np.float32)
    except (OSError, ValueError, KeyError) as error:
        raise UserError("A part of Likeness is missing. Install it again.", f"models/reference.npz: {error}") from error
