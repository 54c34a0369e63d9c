"""Read whole files, once, without ever waiting for a pipe, a device or a cloud."""

from __future__ import annotations

import errno
import io
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_app.core import archives
from desktop_app.core.errors import Unreadable, UserError
from desktop_app.core.images.children import is_part_present, missing_part
from desktop_app.core.images.formats import SNIFF_BYTES, format_named, sniff
from desktop_app.core.images.scan import is_placeholder
from desktop_app.core.types import Reason

_LARGEST_FILE = 2 << 30  # bytes: a file is read whole
_ALONE_BYTES = 200_000_000


def read_file(path: Path) -> tuple[bytes, int]:
    """The bytes of a picture file and the time it was last changed (nanoseconds since 1970).

    Only a file that may be opened is opened: on this disk, regular, not absurdly large. A path may lead into an
    archive (`archives.split`).

    Raises:
        Unreadable: With the reason; IN_THE_CLOUD and NEEDS_HEIC or NEEDS_RAW without reading the file.
    """
    inside = archives.split(path)
    if inside is not None:
        return _from_archive(*inside)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # opening a pipe or a device can hang
            raise Unreadable(Reason.UNSUPPORTED, "not a file")
        if is_placeholder(status):  # opening it would download it
            raise Unreadable(Reason.IN_THE_CLOUD)
        if status.st_size == 0:
            raise Unreadable(Reason.EMPTY)
        _refuse_without_part(path)
        if status.st_size > _LARGEST_FILE:
            raise Unreadable(Reason.TOO_LARGE, f"{status.st_size / 1e9:.1f} GB")
        with alone(status.st_size > _ALONE_BYTES):
            return _whole(path)
    except (OSError, ValueError) as error:  # ValueError: a null byte in a path
        raise _unreadable(error) from error
    except MemoryError as error:
        raise Unreadable(Reason.TOO_LARGE, "not enough memory") from error


def read_head(path: Path, most: int) -> tuple[bytes, int, int]:
    """The first bytes of a file on the disk, its size, and the time it was last changed.

    Raises:
        Unreadable: with the reason, as `read_file`.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(Reason.UNSUPPORTED, "not a file")
        if is_placeholder(status):
            raise Unreadable(Reason.IN_THE_CLOUD)
        with _opened(path) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable(Reason.UNSUPPORTED, "not a file")
            return file.read(most) or b"", status.st_size, status.st_mtime_ns
    except (OSError, ValueError) as error:
        raise _unreadable(error) from error


def _from_archive(path: Path, name: str) -> tuple[bytes, int]:
    """The same for a file in an archive."""
    try:
        archive = archives.open_archive(path)
        member = archive.members.get(name)
        if member is None:
            raise Unreadable(Reason.GONE)
        if member.size == 0:
            raise Unreadable(Reason.EMPTY)
        if member.size > _LARGEST_FILE:
            raise Unreadable(Reason.TOO_LARGE, f"{member.size / 1e9:.1f} GB")
        format_name = format_named(name)
        if format_name in ("HEIC", "RAW") and not is_part_present(format_name):
            raise Unreadable(missing_part(format_name))
        with alone(member.size > _ALONE_BYTES):
            return archive.read(name, _LARGEST_FILE), member.mtime_ns
    except archives.Damaged as error:
        raise Unreadable(Reason.DAMAGED, error.details or str(error)) from error
    except Unreadable:
        raise
    except UserError as error:  # the archive itself is gone or was replaced by something else
        raise Unreadable(Reason.GONE, str(error)) from error
    except OSError as error:
        raise _unreadable(error) from error
    except MemoryError as error:
        raise Unreadable(Reason.TOO_LARGE, "not enough memory") from error


def _refuse_without_part(path: Path) -> None:
    """A file whose part is missing is not read whole to find that out; thousands of them may be tried."""
    format_name = format_named(path.name)
    if format_name in ("HEIC", "RAW") and not is_part_present(format_name):
        with _opened(path) as file:
            if sniff(file.read(SNIFF_BYTES), path.name) == format_name:
                raise Unreadable(missing_part(format_name))


def _whole(path: Path) -> tuple[bytes, int]:
    with _opened(path) as file:
        # asked again of the open file: the name may lead elsewhere by now
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(Reason.UNSUPPORTED, "not a file")
        return file.read(), status.st_mtime_ns


def _opened(path: Path) -> io.FileIO:
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    return open(os.open(path, flags), "rb", buffering=0)


def _unreadable(error: OSError | ValueError) -> Unreadable:
    """What the system said about a file, as a reason."""
    details = getattr(error, "strerror", None) or str(error)
    if isinstance(error, PermissionError):
        return Unreadable(Reason.NO_PERMISSION, details)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Unreadable(Reason.GONE, details)
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return Unreadable(Reason.PATH_TOO_LONG, details)
    return Unreadable(Reason.READ_ERROR, details)


_one_huge_thing = threading.Lock()


@contextmanager
def alone(needed: bool) -> Iterator[None]:
    """One huge file or picture at a time: a few of them beside each other would take all memory."""
    if not needed:
        yield
        return
    with _one_huge_thing:
        yield
