"""A file that arrives piece by piece, and what is left of it when it stops arriving."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 20


class Partial:
    """The beginning of a file of known size, on disk and in a running sha256.

    Args:
        target: the name of the whole file. What has arrived lies beside it, named by the sha256 too, so that what is
            left of another version of the file is never gone on with.
        size: bytes of the whole file.
        sha256: of the whole file.
    """

    def __init__(self, target: Path, size: int, sha256: str) -> None:
        self.target, self.size, self.sha256 = target, size, sha256
        self.path = target.with_name(f"{target.name}.{sha256[:8]}.part")
        self._note = Path(f"{self.path}.from")
        self.have = 0
        """Bytes that have arrived."""
        self.pieced = False
        """Whether they came over several connections, maybe of several runs."""
        self._hash = hashlib.sha256()
        self._out: BinaryIO | None = None

    @property
    def whole(self) -> bool:
        """Whether all bytes are here; see `right`."""
        return self.have == self.size

    @property
    def found(self) -> str:
        """The sha256 of what has arrived."""
        return self._hash.hexdigest()

    @property
    def right(self) -> bool:
        """Whether it is the file it has to be."""
        return self.whole and self.found == self.sha256

    @property
    def version(self) -> str:
        """The server's name for the version that this is the beginning of; "" where it gave none."""
        try:
            return self._note.read_text("ascii") if self.have else ""
        except (OSError, UnicodeDecodeError):
            return ""

    @version.setter
    def version(self, version: str) -> None:
        if version.isascii() and version.isprintable() and 0 < len(version) < 200:
            with contextlib.suppress(OSError):
                self._note.write_text(version, "ascii")

    def read_target(self) -> Iterator[None]:
        """Look whether the whole file is there already: `right` says so afterwards. Pauses after each megabyte."""
        with contextlib.suppress(OSError):
            if self.target.stat().st_size == self.size:
                yield from self._read(self.target)

    def take_up(self) -> Iterator[None]:
        """Read what is there, to go on from it. Pauses after each megabyte."""
        try:
            if 0 < self.path.stat().st_size <= self.size:
                yield from self._read(self.path)
                self.pieced = True
                return
        except OSError:
            pass
        self.start_over()

    def start_over(self) -> None:
        """Throw away what has arrived."""
        self.have, self._hash, self.pieced = 0, hashlib.sha256(), False
        for path in (self.path, self._note):
            with contextlib.suppress(OSError):
                path.unlink()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """`add` may be called inside. Raises OSError where the file cannot be opened."""
        with self.path.open("r+b" if self.have else "wb", buffering=0) as out:
            out.seek(self.have)
            out.truncate()
            self._out = out
            try:
                yield
            finally:
                self._out = None

    def add(self, piece: bytes) -> None:
        """Put a piece behind what is there; what would be behind the end of the whole file is left.

        Raises:
            OSError: the disk is full or cannot be written.
        """
        assert self._out is not None
        piece = piece[: self.size - self.have]
        rest = memoryview(piece)
        while rest:
            rest = rest[self._out.write(rest) :]
        self._hash.update(piece)
        self.have += len(piece)

    def finish(self) -> None:
        """Give the whole file its name. Raises OSError."""
        with self.path.open("r+b") as out:
            os.fsync(out.fileno())
        self.path.replace(self.target)
        self._note.unlink(missing_ok=True)

    def _read(self, path: Path) -> Iterator[None]:
        self.have, self._hash = 0, hashlib.sha256()
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                self._hash.update(piece)
                self.have += len(piece)
                yield
