"""The vector store: what a network said about every photo, one append-only float16 file per layer.

A position is a row number, the same in all layers' files. The catalogue row that names a position is committed
after `flush` has put the position's bytes on the disk; at open the library cuts the store back to the rows that
the catalogue knows. See docs/adr/0005-index.md.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from desktop_app.core.index.files import TEMPORARY, remove_leftovers, sync_folder
from desktop_app.core.index.layer_file import LayerFile
from desktop_app.core.types import Positions, Vectors

TOO_LARGE = 1e38
"""Values beyond this cannot be rounded within float32 and count as not finite."""


class VectorStore:
    """All layers' vectors of one network in one folder.

    One thread's own: another thread opens a second instance with `writable=False`. One instance at a time may
    write (the library's lock sees to it).

    Args:
        folder: The network's folder (the caller keys it by network file and preparation); made if writable.
        layers: Name and dimension of every layer.
        writable: Whether `append` and `truncate` are allowed.

    Raises:
        ValueError: No layers, or a dimension below 1.
        OSError: The folder cannot be made, or a file is there and cannot be read.
    """

    def __init__(self, folder: Path, layers: Mapping[str, int], *, writable: bool) -> None:
        if not layers:
            raise ValueError("a vector store needs a layer")
        self.folder = folder
        self.layers: Mapping[str, int] = MappingProxyType(dict(layers))
        self.writable = writable
        if writable:
            folder.mkdir(parents=True, exist_ok=True)
            remove_leftovers(folder, f"*.f16{TEMPORARY}")
        self._files = {name: LayerFile(folder, name, size, writable=writable) for name, size in layers.items()}
        self._rows = self._whole()
        self._ragged = any(file.rows != self._rows for file in self._files.values())

    def _whole(self) -> int:
        return min(file.rows for file in self._files.values())

    @property
    def rows(self) -> int:
        """Whole rows present in every layer; a layer whose file is missing or damaged makes it 0."""
        return self._rows

    def refresh(self) -> int:
        """See what another instance has appended since; returns `rows`."""
        if not self.writable:
            for file in self._files.values():
                file.refresh()
            self._rows = self._whole()
        return self._rows

    def append(self, features: Mapping[str, Vectors]) -> int:
        """Add the vectors of n photos, of every layer.

        Args:
            features: Float32 (n, dimension) for every layer, the same n in all.

        Returns:
            The position of the first; the others follow it.

        Raises:
            ValueError: A layer is missing, has another shape or holds values that are not finite.
            OSError: The disk is full or refuses; nothing was added.
        """
        blocks = {name: np.ascontiguousarray(features[name], np.float32) for name in self._files if name in features}
        count = self._check(blocks)
        start = self._rows
        if self._ragged:
            # Rows beyond the whole ones are what a kill left behind: they must not come to count.
            self._cut(start)
        try:
            for name, block in blocks.items():
                self._files[name].write(start, block)
        except BaseException:
            self._ragged = True
            self._cut(start)
            raise
        self._rows = start + count
        return start

    def _check(self, blocks: Mapping[str, Vectors]) -> int:
        missing = self._files.keys() - blocks.keys()
        if missing:
            raise ValueError(f"no vectors for layer {min(missing)!r}")
        count = len(next(iter(blocks.values())))
        for name, block in blocks.items():
            if block.shape != (count, self.layers[name]):
                raise ValueError(f"layer {name!r}: shape {block.shape}, not ({count}, {self.layers[name]})")
            # one pass: NaN fails the comparison too
            if count and not float(np.max(np.abs(block))) <= TOO_LARGE:
                raise ValueError(f"layer {name!r} holds values that are not finite")
        return count

    def _cut(self, rows: int) -> None:
        """Cut the files as far as the system lets us; what stays is overwritten by the next rows."""
        done = True
        for file in self._files.values():
            try:
                file.cut(rows)
            except OSError:
                file.rows = min(file.rows, rows)
                done = False
        self._ragged = not done

    def flush(self) -> None:
        """Put every appended row on the disk; only then may the catalogue name its position.

        Raises:
            OSError: The disk is full or refuses.
        """
        for file in self._files.values():
            file.sync()
        sync_folder(self.folder)

    def truncate(self, rows: int) -> None:
        """Cut every file back to the first `rows` whole rows (no more than there are).

        Raises:
            ValueError: The store is for reading, or `rows` is negative.
        """
        if not self.writable or rows < 0:
            raise ValueError("this vector store cannot be cut")
        self._rows = min(rows, self._rows)
        self._cut(self._rows)

    def read(self, layer: str, positions: Positions | slice) -> Vectors:
        """The vectors at `positions`, in that order: float32 (n, dimension), memory of their own.

        A store for reading sees rows appended since the last `refresh` by itself.

        Raises:
            KeyError: No such layer.
            IndexError: A position that is not in the store.
        """
        file = self._files[layer]
        if isinstance(positions, slice):
            if positions.stop is not None and positions.stop > self._rows:
                self.refresh()
            return file.read(slice(*positions.indices(self._rows)))
        wanted = np.asarray(positions, np.int64)
        if wanted.size == 0:
            return np.empty((0, file.dimension), np.float32)
        last = int(wanted.max())
        if last >= self._rows:
            self.refresh()
        if last >= self._rows or int(wanted.min()) < 0:
            raise IndexError(f"position {last} of {self._rows}")
        return file.read(wanted)

    def halves(self, layer: str, rows: slice) -> tuple[npt.NDArray[np.float16], int]:
        """Rows as they lie on the disk, mapped: float16 (n, dimension), and the exponent e: values are theirs * 2**e.

        For who has a quicker way with halves than to make real numbers of them; copy what is to be kept.

        Raises:
            KeyError: No such layer.
        """
        file = self._files[layer]
        return file.halves(slice(*rows.indices(self._rows))), file.exponent

    def column(self, layer: str, channel: int) -> npt.NDArray[np.float32]:
        """One channel of every row: float32 (rows,). Of 100,000 rows it takes some 20 ms, once they are in memory.

        Raises:
            KeyError: No such layer.
            IndexError: No such channel.
        """
        if not 0 <= channel < self.layers[layer]:
            raise IndexError(f"channel {channel} of {self.layers[layer]}")
        return self._files[layer].column(channel, self._rows)

    def chunks(self, layer: str, rows: Positions | slice | None = None, *, size: int = 4096) -> Iterator[Vectors]:
        """The vectors of `rows` (default: all) in their order, at most `size` at a time: float32 (m, dimension)."""
        if rows is None or isinstance(rows, slice):
            start, stop, step = (rows or slice(None)).indices(self._rows)
            if step != 1:
                raise ValueError("chunks are read forwards, row by row")
            for first in range(start, stop, size):
                yield self.read(layer, slice(first, min(first + size, stop)))
            return
        for first in range(0, len(rows), size):
            yield self.read(layer, rows[first : first + size])

    def reader(self) -> VectorStore:
        """A second instance for another thread, for reading."""
        return VectorStore(self.folder, self.layers, writable=False)

    def close(self) -> None:
        """Let go of all files (Windows keeps open files from being removed)."""
        with contextlib.ExitStack() as stack:
            for file in self._files.values():
                stack.callback(file.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
