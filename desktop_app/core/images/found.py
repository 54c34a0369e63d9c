"""What a scan finds, and what it passes by."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.core.images.formats import Kind, extension_of
from desktop_app.core.types import Reason

# Windows: OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS. macOS: SF_DATALESS.
_WINDOWS_NOT_HERE = 0x1000 | 0x40000 | 0x400000
_MACOS_NOT_HERE = 0x40000000

# Kept by programs for themselves; the small pictures in them are copies of what is beside them.
IGNORED_FOLDERS = frozenset(
    (b"@eadir", b".git", b".hg", b".svn", b".thumbnails", b"$recycle.bin", b"__macosx", b".appledouble")
)
"""Names of folders, in lower case, that are passed by."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A picture to read.

    Attributes:
        relative: Path below the root as bytes (`os.fsencode`), "/" between its parts.
        size: In bytes.
        mtime_ns: Time of the last change, in nanoseconds since 1970.
        inode: (device, file number), equal for two names of one file; (0, 0) where the system names none.
    """

    relative: bytes
    size: int
    mtime_ns: int
    inode: tuple[int, int]


@dataclass(frozen=True, slots=True)
class NotRead:
    """A picture, or a folder (UNREADABLE_FOLDER), that is left out. `relative` is as in `FoundFile`."""

    relative: bytes
    reason: Reason
    details: str = ""


@dataclass(frozen=True, slots=True)
class Others:
    """How many files of one folder are no pictures; a count, no error. `kind` is VIDEO or OTHER."""

    kind: Kind
    count: int


@dataclass(frozen=True, slots=True)
class FoundSidecar:
    """An XMP side-car, to be read with the picture it belongs to. It is among the `Others` too."""

    relative: bytes
    size: int
    mtime_ns: int


Found = FoundFile | NotRead | Others | FoundSidecar


def is_placeholder(status: os.stat_result) -> bool:
    """Whether a file's contents are elsewhere (OneDrive, iCloud, ...): opening it would download it."""
    if getattr(status, "st_file_attributes", 0) & _WINDOWS_NOT_HERE:
        return True
    return bool(getattr(status, "st_flags", 0) & _MACOS_NOT_HERE)


def is_sidecar(name: str) -> bool:
    """Whether a file's name is that of an XMP side-car."""
    return extension_of(name) == "xmp" and not name.startswith(".")


def not_supported(relative: bytes, details: str, hidden: bool) -> NotRead:
    """A picture of a kind that is not read."""
    return NotRead(relative, Reason.HIDDEN) if hidden else NotRead(relative, Reason.UNSUPPORTED, details)


def stem(name: str) -> str:
    """A name without its extension."""
    return name.rpartition(".")[0]


def stems(names: Iterable[str]) -> frozenset[str]:
    """Several of them."""
    return frozenset(stem(name) for name in names)
