"""Writing cache files so that a kill at any instant leaves the old state or the new one, never half of either."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from io import FileIO
from pathlib import Path
from typing import BinaryIO

TEMPORARY = ".tmp"
"""What the name of a file still being written ends in; such a file is worth nothing after a crash."""

DAMAGED = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RuntimeError,  # "encrypted", says one flipped bit; NotImplementedError for a compression nobody knows
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)
"""What reading a damaged .npz or JSON file may raise."""


def replace_file(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Put a whole file at `path` in one step: temporary file, flush to the disk, rename.

    Args:
        path: The file to make or to replace; its folder exists.
        write: Writes the contents to the stream that it is given.

    Raises:
        OSError: The disk is full or refuses; `path` is as it was before.
    """
    temporary = path.with_name(path.name + TEMPORARY)
    try:
        with temporary.open("wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        remove_file(temporary)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut, where the system can do that (Windows cannot)."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def remove_file(path: Path) -> bool:
    """Remove a file that nobody needs; False if it has to wait (on Windows: still mapped by a reader)."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def remove_leftovers(folder: Path, pattern: str, keep: Iterable[Path] = ()) -> None:
    """Remove the files in `folder` that match `pattern` except those in `keep`, as far as the system lets us."""
    kept = set(keep)
    try:
        found = list(folder.glob(pattern))
    except OSError:
        return
    for path in found:
        if path not in kept:
            remove_file(path)


def write_all(handle: FileIO, data: memoryview) -> None:
    """Write all of `data` at the handle's place; a raw file may take less than it is given at a time."""
    if not data.nbytes:  # cannot be cast
        return
    view = data.cast("B")
    while view:
        taken = handle.write(view)
        view = view[taken or 0 :]
