"""A library: one open collection of folders with its catalogue, vectors, index space and thumbnails.

On disk it is a folder: `catalogue.sqlite` (the truth), `vectors/`, `index/` and `thumbnails.sqlite` (caches that
can be made again) and `lock`, an operating-system lock that dies with the process that holds it.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
import threading
import time
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

import filelock
import numpy as np

from desktop_app.core import paths
from desktop_app.core.catalog import answers, features, folders, schema
from desktop_app.core.catalog.database import FULL, Database, explain
from desktop_app.core.catalog.thumbnails import Thumbnails
from desktop_app.core.errors import LibraryLocked, UserError
from desktop_app.core.index.space import Space
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.nets.manifest import Network, bundled_networks
from desktop_app.core.types import FolderState, Vectors

if TYPE_CHECKING:
    from desktop_app.core.index.hnsw import HnswIndex
    from desktop_app.core.index.space import SpaceView
    from desktop_app.core.nets.session import Engine

Device = Literal["auto", "cpu", "cuda"]

MAIN_LAYER = "embedding"
"""The layer photos are compared by unless another is named."""

_PROBES = 32
_LITTLE = 10_000
"""Rows that the index space may lack at a start and still be brought level at once (a tenth of a second)."""


class Library:
    """One open library. Reading is safe on any thread; writing belongs to the one that runs operations.

    Args:
        folder: where the library lies; made with its parents when absent and `writable`.
        writable: False opens it for looking only, beside another process that writes.
        network: name of the network a *new* library compares by; "" takes the one that is fastest here.
        device: "auto", "cpu" or "cuda".

    Raises:
        LibraryLocked: another process writes to it.
        LibraryTooNew: a newer program made it.
        UserError: it cannot be read or written.
    """

    def __init__(self, folder: Path, *, writable: bool = True, network: str = "", device: Device = "auto") -> None:
        self.folder = folder
        self.writable = writable
        self.device = device
        self._lock: filelock.FileLock | None = None
        self._engine: Engine | None = None
        self._engine_guard = threading.Lock()
        if writable:
            self._take_lock()
        elif not paths.is_file(self._catalogue):
            raise UserError(f"There is no library at {folder}.")
        with ExitStack() as opened:  # what was opened is let go of if the rest cannot be
            opened.callback(self._release_lock)
            try:
                self.database = self._open_catalogue()
                opened.callback(self.database.close)
                self.thumbnails = Thumbnails(folder / "thumbnails.sqlite", writable=writable)
                opened.callback(self.thumbnails.close)
                self._open_caches(network, opened)
            except sqlite3.Error as error:
                raise explain(error, self._catalogue) from error
            except OSError as error:
                raise write_error(error, folder) from error
            opened.pop_all()
        self.graph: HnswIndex | None = None  # what a search over very many photos goes through, once loaded
        self.kept = 0.0  # when the index space was last made to outlast this process, time.monotonic
        self.presence = 0  # rises when photos that were searchable are no longer, or are again

    # --- opening ---------------------------------------------------------------------------------------------

    @property
    def _catalogue(self) -> Path:
        return self.folder / paths.CATALOGUE

    def _take_lock(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(self.folder / "lock", blocking=False)
            lock.acquire()
        except NotImplementedError as error:  # some network shares cannot lock files
            raise UserError(
                f"The library cannot be kept at {self.folder}: files cannot be locked there.", str(error)
            ) from error
        except filelock.Timeout as error:
            raise LibraryLocked(f"“{self.name}” is already open in another window.") from error
        except OSError as error:
            raise UserError(
                f"The library cannot be kept at {self.folder}: the folder cannot be written.", str(error)
            ) from error
        self._lock = lock

    def _release_lock(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _open_catalogue(self) -> Database:
        copy = schema.copy_path(self._catalogue)
        if self.writable and copy.is_file() and not schema.is_sound(self._catalogue):
            # an update was cut off so badly that the catalogue itself suffered: the copy from before is whole
            try:
                self._take_copy(copy)
            except OSError as error:
                raise write_error(error, self.folder) from error
        database = Database(self._catalogue, writable=self.writable)
        try:
            if self.writable:
                schema.migrate(self._catalogue, database.connection)
            else:
                schema.check_readable(database.connection)
        except BaseException:
            database.close()
            raise
        return database

    def _take_copy(self, copy: Path) -> None:
        if not schema.is_sound(copy):
            return
        if self._catalogue.exists():
            self._catalogue.replace(self._catalogue.with_suffix(f".damaged-{int(time.time())}"))
        for end in ("-wal", "-shm"):
            self._catalogue.with_name(self._catalogue.name + end).unlink(missing_ok=True)
        copy.replace(self._catalogue)

    def _open_caches(self, network: str, opened: ExitStack) -> None:
        """Open what can be made again, and see that it agrees with the catalogue."""
        before = self.get_meta("network")
        self.network = self._choose_network(network)
        self.store = self._open_store(self.writable)
        opened.callback(self.store.close)
        lost = self.writable and self._agree()
        self.space = Space(self._index_folder, writable=self.writable)
        opened.callback(self.space.close)
        if not self.writable:
            view = self.space.view()
            self.view = view if self.belongs(view, self.store) else None
            return
        if not self.belongs(self.space.view(), self.store):
            self.space.clear()
        if self.space.rows > self.store.rows:
            self.space.truncate(self.store.rows)
        behind = self.store.rows - self.space.rows
        if self.space.projection is not None and 0 < behind <= _LITTLE:
            self.space.extend(self.store.read(MAIN_LAYER, slice(self.space.rows, self.store.rows)))
            behind = 0
        self.view = self.space.view()
        if lost or behind or self.thumbnails.made_anew or before not in ("", self.network.key):
            self._note_unfinished()

    def belongs(self, view: SpaceView | None, store: VectorStore) -> bool:
        """Whether some rows, spread over a space, are what the vectors at their positions give: else it is damaged."""
        rows = 0 if view is None else min(view.rows, store.rows)
        if view is None or not rows:
            return True
        probes = np.unique(np.linspace(0, rows - 1, _PROBES).astype(np.int64))
        expected = view.projection.apply(store.read(MAIN_LAYER, probes))
        return bool(np.allclose(view.matrix[probes], expected, rtol=0, atol=1e-3))

    def _choose_network(self, name: str) -> Network:
        """The network this library's vectors were made with; for a new library the named or the fastest one."""
        bundled = bundled_networks(paths.models_dir())
        key = self.get_meta("network")
        for network in bundled:
            if network.key == key and name in ("", network.name):
                return network
        if name:
            chosen = next((network for network in bundled if network.name == name), None)
            if chosen is None:
                known = ", ".join(network.name for network in bundled)
                raise UserError(f"There is no network called “{name}”. There are: {known}.")
        else:
            from desktop_app.core.nets.choice import fastest

            chosen = fastest(bundled, paths.cache_dir() / "speed.json", device=self.device)
        if self.writable:
            self.set_meta("network", chosen.key)
        return chosen

    def _open_store(self, writable: bool) -> VectorStore:
        layers = {layer.name: layer.dimension for layer in self.network.layers}
        return VectorStore(self.folder / "vectors" / self.network.key, layers, writable=writable)

    def _agree(self) -> bool:
        """Make vectors and catalogue agree: whichever is ahead is cut back. Returns whether vectors were lost."""
        with self.database.transaction() as connection:
            folders.purge(connection, time.time())
            answers.purge_sets(connection, time.time())
            sets = answers.all_ids(connection)
            lost = features.forget_positions(connection, self.network.key, self.store.rows)
            rows = features.committed_rows(connection, self.network.key)
        self.store.truncate(rows)
        self._forget_learnt(sets)
        return bool(lost)

    def _forget_learnt(self, sets: Collection[int]) -> None:
        """Take away what was learnt of label sets that are gone for good."""
        for place in (self.folder / "heads").glob("[0-9]*"):
            if place.name.isdecimal() and int(place.name) not in sets:
                shutil.rmtree(place, ignore_errors=True)

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

    @property
    def engine(self) -> Engine:
        """The network, loaded at first use and shared by all threads."""
        with self._engine_guard:
            if self._engine is None:
                from desktop_app.core.nets.session import Engine

                self._engine = Engine(self.network, self.device)
            return self._engine

    @property
    def _index_folder(self) -> Path:
        return self.folder / "index" / f"{self.network.key}-{MAIN_LAYER}"

    @property
    def hnsw_file(self) -> Path:
        """The HNSW graph over the index space."""
        return self._index_folder / "graph.hnsw"

    def publish(self) -> None:
        """Show readers on other threads what the index space holds now: one reference is replaced."""
        self.view = self.space.view()

    def reading_store(self) -> VectorStore:
        """The vectors for another thread to read."""
        return self._open_store(writable=False)

    def reference_mean(self) -> Vectors:
        """The mean embedding of varied photos, float32 (d,): centres a library that has few photos of its own."""
        dimension = next(layer.dimension for layer in self.network.layers if layer.name == MAIN_LAYER)
        try:
            with np.load(paths.models_dir() / "reference.npz", allow_pickle=False) as stored:
                mean = stored["mean"].astype(np.float32)
        except (OSError, ValueError, KeyError) as error:
            raise UserError(
                "A part of Likeness is missing. Install it again.", f"models/reference.npz: {error}"
            ) from error
        return mean if mean.shape == (dimension,) else np.zeros(dimension, np.float32)

    # --- ending ----------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Let go of every file. Calling it twice is fine."""
        self.space.close()
        self.store.close()
        self.thumbnails.close()
        self.database.close()
        self._release_lock()

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
