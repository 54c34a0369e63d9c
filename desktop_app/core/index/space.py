"""The index space of one descriptor on the disk: every photo's projected unit vector, by position.

A cache: whatever is wrong with it, it is made again from the vector store. `space.json` names the valid generation,
its projection's digest, its dimension and its rows; it is replaced in one step after the files that it names are
whole. A new projection is a new generation with new file names, so readers of the old one are not disturbed
(Windows cannot replace a mapped file at all).
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import BinaryIO

import numpy as np

from desktop_app.core.index.files import (
    TEMPORARY,
    remove_leftovers,
    replace_file,
    sync_folder,
    write_all,
)
from desktop_app.core.index.projection import DamagedProjection, Projection
from desktop_app.core.types import Vectors

VERSION = 1
_SIDECAR = "space.json"
_CHUNK = 8192


@dataclass(frozen=True, eq=False)
class SpaceView:
    """What a reader sees: it stays as it is while the writer appends or replaces. Safe on any thread.

    Attributes:
        projection: Turns a raw vector into one of this space.
        matrix: Float32 (n, k), unit rows (or zero) by position, read-only, mapped from the disk.
        generation: Rises with every new projection.
    """

    projection: Projection
    matrix: Vectors
    generation: int

    @property
    def rows(self) -> int:
        """Number of positions."""
        return len(self.matrix)


class Space:
    """The files of one descriptor's index space. One thread's own; give other threads a `view`.

    Args:
        folder: A folder of its own for this descriptor; made by the first `replace`.
        writable: False for a second process that only reads; it cleans nothing up.
    """

    def __init__(self, folder: Path, *, writable: bool = True) -> None:
        self.folder = folder
        self._writable = writable
        self._projection: Projection | None = None
        self._generation = 0
        self._rows = 0
        self._saved_rows = 0  # what space.json says
        self._handle: FileIO | None = None
        self._view: SpaceView | None = None
        self.refresh()

    @property
    def projection(self) -> Projection | None:
        """The projection in use; None when there is no valid space and it has to be made with `replace`."""
        return self._projection

    @property
    def rows(self) -> int:
        """Positions that have a vector here: 0 .. rows - 1. The store's rows beyond are to be given to `extend`."""
        return self._rows

    @property
    def generation(self) -> int:
        """Number of the projection in use; 0 when there is none."""
        return self._generation

    def refresh(self) -> None:
        """Read the state from the disk again; a damaged or unknown one counts as none."""
        self.close()
        self._projection, self._rows, self._saved_rows, self._view = None, 0, 0, None
        state = self._read_sidecar()
        while state is not None and not self._load(*state):
            before, state = state, self._read_sidecar()
            if state == before:  # else another process has just replaced what it named
                return
        if self._projection is not None and self._writable:
            self._clean_up()

    def _load(self, generation: int, digest: str, dimension: int, rows: int) -> bool:
        try:
            projection = Projection.load(self._projection_path(generation))
            size = self._matrix_path(generation).stat().st_size
        except (DamagedProjection, OSError):
            return False
        if projection.digest != digest or projection.dimension != dimension or size < rows * dimension * 4:
            return False
        self._projection, self._generation = projection, generation
        self._rows = self._saved_rows = rows
        return True

    def view(self) -> SpaceView | None:
        """A snapshot for readers; None when there is no valid space."""
        try:
            return self._mapped()
        except FileNotFoundError:  # another process has replaced it since
            self.refresh()
            return self._mapped()

    def _mapped(self) -> SpaceView | None:
        if self._projection is None:
            return None
        if self._view is None or self._view.rows != self._rows:
            shape = (self._rows, self._projection.dimension)
            if self._rows:
                matrix = np.asarray(np.memmap(self._matrix_path(self._generation), np.float32, "r", shape=shape))
            else:
                matrix = np.empty(shape, np.float32)
            self._view = SpaceView(self._projection, matrix, self._generation)
        return self._view

    def replace(self, projection: Projection, chunks: Iterable[Vectors]) -> None:
        """Make the space anew; see `replacing`."""
        for _ in self.replacing(projection, chunks):
            pass

    def replacing(self, projection: Projection, chunks: Iterable[Vectors]) -> Generator[int]:
        """Make the space anew, as a new generation beside the old one, and swap it in at the end.

        Stopped before the end (closed, killed, disk full), the old generation is what counts.

        Args:
            projection: What turns the rows into this space.
            chunks: All rows of the store in the order of their positions, raw: float32 (m, d) at a time.

        Yields:
            Rows done, after each chunk.

        Raises:
            OSError: The disk is full or refuses.
        """
        yield from self._write(projection, (projection.apply(chunk) for chunk in chunks))

    def extend(self, vectors: Vectors) -> int:
        """Append the raw vectors (float32 (n, d)) of the positions from `rows` on; returns the new `rows`.

        They are in `view` at once, and on the disk for the next start after `flush`.

        Raises:
            ValueError: There is no projection yet.
            OSError: The disk is full or refuses; nothing was added.
        """
        if self._projection is None or not self._writable:
            raise ValueError("there is no space to extend")
        block = self._projection.apply(vectors)
        row_bytes = 4 * self._projection.dimension
        if self._handle is None:
            self._handle = FileIO(self._matrix_path(self._generation), "r+b")
        self._handle.seek(self._rows * row_bytes)  # bytes beyond the known rows are overwritten
        write_all(self._handle, block.data)
        self._rows += len(block)
        return self._rows

    def flush(self) -> None:
        """Make what was appended last until the next start.

        Raises:
            OSError: The disk is full or refuses; the next start appends the rows again.
        """
        if self._projection is None or self._rows == self._saved_rows:
            return
        if self._handle is not None:
            os.fsync(self._handle.fileno())
        self._write_sidecar(self._projection, self._generation, self._rows)
        self._saved_rows = self._rows

    def truncate(self, rows: int) -> None:
        """Forget the positions from `rows` on (the store was cut back); views made before stay whole.

        Raises:
            OSError: The disk is full or refuses.
        """
        view = self.view()
        if view is None or rows >= self._rows:
            return
        kept = view.matrix[:rows]
        for _ in self._write(view.projection, (kept[at : at + _CHUNK] for at in range(0, rows, _CHUNK))):
            pass

    def clear(self) -> None:
        """Remove the space; `replace` makes it again."""
        self.close()
        self._projection, self._rows, self._saved_rows, self._view = None, 0, 0, None
        remove_leftovers(self.folder, _SIDECAR)
        self._clean_up()

    def close(self) -> None:
        """Let go of the file that `extend` writes to."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def _write(self, projection: Projection, blocks: Iterable[Vectors]) -> Generator[int]:
        if not self._writable:
            raise ValueError("this space is for reading")
        self.folder.mkdir(parents=True, exist_ok=True)
        generation = self._generation + 1
        path = self._matrix_path(generation)
        rows, done = 0, False
        try:
            projection.save(self._projection_path(generation))
            with FileIO(path, "wb") as handle:
                for block in blocks:
                    write_all(handle, np.ascontiguousarray(block, np.float32).data)
                    rows += len(block)
                    yield rows
                os.fsync(handle.fileno())
            sync_folder(self.folder)
            self._write_sidecar(projection, generation, rows)
            done = True
        finally:
            if not done:
                remove_leftovers(self.folder, path.name)
                remove_leftovers(self.folder, self._projection_path(generation).name)
        self.close()
        self._projection, self._generation = projection, generation
        self._rows = self._saved_rows = rows
        self._view = None
        self._clean_up()

    def _matrix_path(self, generation: int) -> Path:
        return self.folder / f"space.g{generation}.f32"

    def _projection_path(self, generation: int) -> Path:
        return self.folder / f"projection.g{generation}.npz"

    def _clean_up(self) -> None:
        """Remove the files of other generations and half-written ones; what a reader still maps waits."""
        keep = set()
        if self._projection is not None:
            keep = {self._matrix_path(self._generation), self._projection_path(self._generation)}
        for pattern in ("space.g*.f32", "projection.g*.npz", f"*{TEMPORARY}"):
            remove_leftovers(self.folder, pattern, keep)

    def _write_sidecar(self, projection: Projection, generation: int, rows: int) -> None:
        state = {
            "version": VERSION,
            "generation": generation,
            "projection": projection.digest,
            "dimension": projection.dimension,
            "rows": rows,
        }
        text = json.dumps(state, indent=1).encode()

        def write(stream: BinaryIO) -> None:
            stream.write(text)

        replace_file(self.folder / _SIDECAR, write)

    def _read_sidecar(self) -> tuple[int, str, int, int] | None:
        """Generation, projection digest, dimension and rows; the generation is kept even of a state that is no use."""
        try:
            state = json.loads((self.folder / _SIDECAR).read_bytes())
            generation, dimension, rows = (int(state[key]) for key in ("generation", "dimension", "rows"))
            version, digest = state["version"], str(state["projection"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        # A reader may map files of this generation: the next one must have other names.
        self._generation = max(self._generation, generation)
        if version != VERSION or generation < 1 or dimension < 1 or rows < 0:
            return None
        return generation, digest, dimension, rows
