"""One layer's vectors in one append-only float16 file, with a power-of-two scale in its name and header."""

from __future__ import annotations

import hashlib
import math
import os
import re
import struct
import urllib.parse
import zlib
from io import FileIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from desktop_app.core.index.files import remove_file, replace_file, sync_folder, write_all
from desktop_app.core.types import Vectors

HEADER_BYTES = 64
VERSION = 1
LARGEST = 60_000.0
"""The largest absolute value kept in float16 (its limit is 65,504)."""
HEADROOM = 2
"""How many powers of two a grown scale has to spare, so that a layer is seldom rewritten twice."""

_MAGIC = b"LIKEVEC\0"
_HEADER = struct.Struct("<8sIIi")  # magic, version, dimension, exponent; then the CRC-32 of these
_CRC = struct.Struct("<I")
_COPY_BYTES = 8 << 20
_ATTEMPTS = 5

Halves = npt.NDArray[np.float16]


_WIDE = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)
"""The float32 of every float16, by its bits."""
_BLOCK = 512  # rows at a time: more do not fit the processor's cache


def widened(halves: Halves) -> Vectors:
    """The same numbers as float32, to the bit: (n, d).

    Looked up: half of what networks say is zero, and numpy's own way, which branches at each number, then takes four
    times as long.
    """
    wide = np.empty(halves.shape, np.float32)
    for start in range(0, len(halves), _BLOCK):
        bits = np.ascontiguousarray(halves[start : start + _BLOCK]).view(np.uint16)
        np.take(_WIDE, bits, out=wide[start : start + _BLOCK], mode="clip")
    return wide


def exponent_for(largest: float) -> int:
    """The smallest exponent e >= 0 with largest / 2**e <= 60,000."""
    return max(0, math.ceil(math.log2(largest / LARGEST))) if largest > LARGEST else 0


def file_stem(layer: str) -> str:
    """A layer's name as the start of a file name: safe on every system, different for different layers.

    Names of imported networks may hold slashes or anything else, and be long.
    """
    stem = urllib.parse.quote(layer, safe="")
    # a digest also tells "Conv" from "conv" where the file system does not
    if len(stem) > 80 or stem != stem.lower() or stem.startswith("."):
        stem = f"{stem[:80].lstrip('.')}-{hashlib.blake2b(layer.encode(), digest_size=8).hexdigest()}"
    return stem


def _header(dimension: int, exponent: int) -> bytes:
    fields = _HEADER.pack(_MAGIC, VERSION, dimension, exponent)
    return (fields + _CRC.pack(zlib.crc32(fields))).ljust(HEADER_BYTES, b"\0")


class LayerFile:
    """The file of one layer: a header of 64 bytes, then rows of `dimension` float16, each value times 2**-exponent.

    Not thread-safe: every thread has its own.
    """

    def __init__(self, folder: Path, layer: str, dimension: int, *, writable: bool) -> None:
        if dimension < 1:
            raise ValueError(f"layer {layer!r} has no dimension")
        self.layer = layer
        self.dimension = dimension
        self.exponent = 0
        self.rows = 0  # whole rows on the disk
        self._folder = folder
        self._stem = file_stem(layer)
        self._name = re.compile(re.escape(self._stem) + r"\.e(\d{1,3})\.f16")
        self._writable = writable
        self._path: Path | None = None
        self._handle: FileIO | None = None
        self._map: Halves | None = None
        self.refresh()

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return 2 * self.dimension

    def refresh(self) -> None:
        """Look at the disk again: which file is the valid one, and how many whole rows it has.

        Raises:
            OSError: A file is there and cannot be read; that is not the same as damaged.
        """
        found = self._find()
        for _ in range(_ATTEMPTS):
            if found is not None:
                break
            found = self._find()
        found = found or []
        # A larger exponent appears by a rename once it is whole, so it is the newer one.
        exponent, path_or_none, rows = max(found, default=(0, None, 0), key=lambda entry: entry[0])
        if path_or_none != self._path:
            self._map = None
        self.exponent, self._path, self.rows = exponent, path_or_none, rows
        if self._writable:
            for _, path, _ in found:
                if path != self._path:
                    remove_file(path)

    def _find(self) -> list[tuple[int, Path, int]] | None:
        """Exponent, path and rows of every valid file; None if one went away meanwhile: the scale has just grown."""
        found = []
        try:
            names = os.listdir(self._folder)
        except FileNotFoundError:
            return []
        for name in names:
            match = self._name.fullmatch(name)
            if match is None:
                continue
            exponent, path = int(match[1]), self._folder / name
            try:
                rows = self._valid_rows(path, exponent)
            except FileNotFoundError:
                return None
            if rows is not None:
                found.append((exponent, path, rows))
        return found

    def _valid_rows(self, path: Path, exponent: int) -> int | None:
        """Whole rows of a file whose header is right; None for any other file, which counts as missing."""
        with path.open("rb") as stream:
            header = stream.read(HEADER_BYTES)
            size = os.fstat(stream.fileno()).st_size
        if header != _header(self.dimension, exponent):
            return None
        return (size - HEADER_BYTES) // self.row_bytes

    def read(self, rows: slice | npt.NDArray[np.int64]) -> Vectors:
        """The vectors of `rows` (within `self.rows`): float32, (n, dimension), memory of their own."""
        vectors = widened(self._mapped()[rows])
        if self.exponent:
            np.ldexp(vectors, self.exponent, out=vectors)
        return vectors

    def halves(self, rows: slice) -> Halves:
        """Rows as they lie on the disk, float16 (n, dimension), to be multiplied by 2**exponent; not to be kept."""
        return self._mapped()[rows]

    def column(self, channel: int, rows: int) -> Vectors:
        """One channel of the first `rows` rows (within `self.rows`): float32 (rows,), memory of its own."""
        values = self._mapped()[:rows, channel].astype(np.float32)
        if self.exponent:
            np.ldexp(values, self.exponent, out=values)
        return values

    def _mapped(self) -> Halves:
        for attempt in range(_ATTEMPTS):
            if self.rows == 0 or self._path is None:
                break
            if self._map is None or len(self._map) < self.rows:
                shape = (self.rows, self.dimension)
                try:
                    self._map = np.asarray(np.memmap(self._path, np.float16, "r", HEADER_BYTES, shape))
                except (FileNotFoundError, ValueError):
                    # the writer has just rewritten it with a larger scale, or cut it
                    if attempt == _ATTEMPTS - 1:
                        raise
                    self.refresh()
                    continue
            return self._map
        return np.empty((0, self.dimension), np.float16)

    def write(self, start: int, vectors: Vectors) -> None:
        """Write rows from row `start` on, whatever was there; grows the scale first if they need it.

        Raises:
            OSError: The disk is full or refuses; rows below `start` are whole.
        """
        largest = float(np.max(np.abs(vectors), initial=0.0))
        if largest > math.ldexp(LARGEST, self.exponent):
            self._rescale(exponent_for(largest) + HEADROOM, start)
        handle = self._open()
        handle.seek(HEADER_BYTES + start * self.row_bytes)
        block = np.ldexp(vectors, -self.exponent).astype(np.float16)
        write_all(handle, block.data)
        self.rows = max(self.rows, start + len(vectors))

    def cut(self, rows: int) -> None:
        """Drop everything after the first `rows` rows.

        Raises:
            OSError: The system refuses (Windows, while a reader maps the rows); they are overwritten later.
        """
        if self._path is None:
            return
        self._map = None
        self.rows = min(self.rows, rows)
        self._open().truncate(HEADER_BYTES + self.rows * self.row_bytes)

    def sync(self) -> None:
        """Flush to the disk."""
        if self._handle is not None:
            os.fsync(self._handle.fileno())

    def close(self) -> None:
        """Let go of the file; a later read or write opens it again."""
        self._map = None
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def _open(self) -> FileIO:
        if not self._writable:
            raise ValueError("this vector store is for reading")
        if self._handle is None:
            if self._path is None:
                for name in os.listdir(self._folder):  # damaged ones
                    if self._name.fullmatch(name) is not None:
                        remove_file(self._folder / name)
                path = self._folder / f"{self._stem}.e{self.exponent}.f16"
                handle = FileIO(path, "w+b")
                try:
                    write_all(handle, memoryview(_header(self.dimension, self.exponent)))
                except OSError:
                    handle.close()
                    raise
                self._path, self._handle = path, handle
                sync_folder(self._folder)
            else:
                self._handle = FileIO(self._path, "r+b")
        return self._handle

    def _rescale(self, exponent: int, rows: int) -> None:
        """Rewrite the first `rows` rows with a larger scale as a new file; the old one is valid until it is whole."""
        shift = self.exponent - exponent
        source = self._path
        target = self._folder / f"{self._stem}.e{exponent}.f16"

        def write(stream: BinaryIO) -> None:
            stream.write(_header(self.dimension, exponent))
            if source is None:
                return
            step = max(1, _COPY_BYTES // self.row_bytes)
            with source.open("rb") as old:
                old.seek(HEADER_BYTES)
                for start in range(0, rows, step):
                    data = old.read(min(step, rows - start) * self.row_bytes)
                    stream.write(np.ldexp(np.frombuffer(data, np.float16), shift).astype(np.float16).tobytes())

        replace_file(target, write)
        self.close()
        self._path, self.exponent, self.rows = target, exponent, rows
        if source is not None:
            remove_file(source)
