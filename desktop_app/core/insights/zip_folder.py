"""An export as it lies on the disk: a zip archive or the folder it was unpacked to, looked at in the same way.

Nothing is unpacked. Names are relative, with "/" between their parts; only regular files are listed, and only inside.
"""

from __future__ import annotations

import json
import lzma
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from desktop_app.core import archives
from desktop_app.core.errors import UserError

_LARGEST_JSON = 256 << 20  # bytes: a hundred thousand posts are some 60 MB
_MOST_FILES = 1_000_000


class Tree(Protocol):
    """Files below a root.

    Attributes:
        path: the archive or the folder.
        root: the same as a folder of a library has it (`archive.zip!` for an archive).
        names: every file.
    """

    path: Path
    root: Path
    names: tuple[str, ...]

    def read(self, name: str, limit: int = _LARGEST_JSON) -> bytes:
        """A whole file, which must not be larger than `limit` bytes.

        Raises:
            UserError: it is not there, too large, or damaged.
        """

    def changed(self, name: str) -> float:
        """When a file was last changed, seconds since 1970; 0 where unknown."""


class ZipFolder:
    """The files of a zip archive, which is refused where it should not be trusted (`archives.Archive`).

    Raises:
        UserError: it cannot be read, or should not be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = archives.as_folder(path)
        self._archive = archives.open_archive(path)
        self.names: tuple[str, ...] = tuple(self._archive.members)

    def read(self, name: str, limit: int = _LARGEST_JSON) -> bytes:
        """See `Tree`."""
        try:
            return self._archive.read(name, limit)
        except OSError as error:
            raise UserError(f"{self.path.name} cannot be read.", str(error)) from error

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A file as a stream."""
        with self._archive.open(name) as stream:
            yield stream

    def changed(self, name: str) -> float:
        """See `Tree`."""
        member = self._archive.members.get(name)
        seconds = member.mtime_ns // 1_000_000_000 if member else 0
        return float(seconds) if seconds > 1_000_000_000 else 0.0  # before 2001: no time was written


class PlainFolder:
    """The files below a folder. Links are not followed; what cannot be looked at is left out.

    Raises:
        UserError: it is not there, or holds more files than an export can.
    """

    def __init__(self, path: Path) -> None:
        self.path = self.root = path
        if not path.is_dir():
            raise UserError(f"There is no folder at {path}.")
        names = []
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            below = Path(folder).relative_to(path).as_posix()
            names += [name if below == "." else f"{below}/{name}" for name in sorted(files)]
            if len(names) > _MOST_FILES:
                raise UserError(f"{path.name} holds too many files to be an export.")
        self.names: tuple[str, ...] = tuple(names)

    def read(self, name: str, limit: int = _LARGEST_JSON) -> bytes:
        """See `Tree`."""
        file = self.path / name
        try:
            if file.is_symlink() or not file.is_file():
                raise UserError(f"{file.name} is not there any more.", str(file))
            if file.stat().st_size > limit:
                raise UserError(f"{file.name} is too large to be read.", f"{file.stat().st_size} bytes")
            return file.read_bytes()
        except OSError as error:
            raise UserError(f"{file.name} cannot be read.", str(error)) from error

    def changed(self, name: str) -> float:
        """See `Tree`."""
        try:
            return (self.path / name).stat().st_mtime
        except OSError:
            return 0.0


def open_tree(path: Path) -> Tree:
    """An archive or a folder.

    Raises:
        UserError: it cannot be read, or should not be.
    """
    return PlainFolder(path) if path.is_dir() else ZipFolder(path)


def read_json(tree: Tree, name: str) -> Any:
    """A JSON file, also one packed as `.json.xz`.

    Raises:
        UserError: it is damaged, cut off, too large or no JSON.
    """
    short = name.rpartition("/")[2]
    data = tree.read(name)
    try:
        if name.endswith(".xz"):
            data = _unpack_xz(data)
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, lzma.LZMAError, EOFError, RecursionError, MemoryError) as error:
        raise UserError(f"{short} in {tree.path.name} is damaged or cut off.", str(error)[:300]) from error


def _unpack_xz(data: bytes) -> bytes:
    """Unpack, up to the limit of any JSON file: a few bytes can say that they become terabytes."""
    unpacker = lzma.LZMADecompressor(memlimit=128 << 20)
    out = unpacker.decompress(data, max_length=_LARGEST_JSON)
    if not unpacker.eof:
        raise EOFError("cut off, or too large")
    return out
