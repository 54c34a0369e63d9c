"""Find the pictures below a folder, without opening any file that has an extension.

What comes out is everything an ingest has to account for: pictures to read, pictures (and folders) that are
not read with the reason, and counts of all other files. 100,000 files take about a second.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core import archives
from desktop_app.core.errors import UserError
from desktop_app.core.images.formats import (
    SNIFF_BYTES,
    Kind,
    extension_of,
    kind_of,
    sniff,
    sniff_unsupported,
)
from desktop_app.core.types import Reason

# Windows: OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS. macOS: SF_DATALESS.
_WINDOWS_NOT_HERE = 0x1000 | 0x40000 | 0x400000
_MACOS_NOT_HERE = 0x40000000

# Kept by programs for themselves; the small pictures in them are copies of what is beside them.
_IGNORED_FOLDERS = frozenset(
    (b"@eadir", b".git", b".hg", b".svn", b".thumbnails", b"$recycle.bin", b"__macosx", b".appledouble")
)
_ICLOUD = ".icloud"  # ".IMG_1.HEIC.icloud" stands for a picture that older versions of macOS moved away


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


Found = FoundFile | NotRead | Others


def is_placeholder(status: os.stat_result) -> bool:
    """Whether a file's contents are elsewhere (OneDrive, iCloud, ...): opening it would download it."""
    if getattr(status, "st_file_attributes", 0) & _WINDOWS_NOT_HERE:
        return True
    return bool(getattr(status, "st_flags", 0) & _MACOS_NOT_HERE)


def scan(root: Path, *, frames: bool = False) -> Iterator[Found]:
    """Every file below a folder, folder by folder.

    Links to files and folders are followed. No folder is visited twice, whatever links lead to it; a folder
    that is there in truth is visited under its true name. Files whose extension promises a picture come as
    `FoundFile` whether or not the part that reads them is installed: `decode` says so at once, without
    reading the file, so that NEEDS_HEIC and NEEDS_RAW may simply be tried again at the next scan.

    Args:
        root: a folder, or a zip archive as one (`archives.as_folder`).
        frames: videos that no picture of their name lies beside are pictures too: one frame stands for them.

    Raises:
        UserError: If the root is missing, is no folder or cannot be read (also: its drive is not connected).
    """
    inside = archives.split(root)
    if inside is not None:
        return _scan_archive(archives.open_archive(inside[0]), frames)
    try:
        status = root.stat()
        if not stat.S_ISDIR(status.st_mode):
            raise UserError(f"{root.name or root} is not a folder. Choose a folder of photos.", str(root))
        with os.scandir(root):
            pass
    except PermissionError as error:
        raise UserError(f"This account may not read the folder {root.name or root}.", str(error)) from error
    except (OSError, ValueError) as error:
        raise UserError(
            f"The folder {root.name or root} is not there. Connect its drive, or show where it is now.",
            str(error),
        ) from error
    return _Scan(os.fspath(root), status, frames).run()


def _scan_archive(archive: archives.Archive, frames: bool) -> Iterator[Found]:
    """The same for an archive. There are no links, pipes or clouds in it; what has no extension is left alone."""
    videos = others = 0
    covered = _stems(member.name for member in archive if kind_of(_base(member.name)) is Kind.PICTURE)
    for member in archive:
        parts = member.name.split("/")
        if any(os.fsencode(part).lower() in _IGNORED_FOLDERS for part in parts[:-1]):
            continue
        hidden = any(part.startswith(".") for part in parts)
        relative, kind = os.fsencode(member.name), kind_of(parts[-1])
        if kind is Kind.PICTURE or (kind is Kind.VIDEO and frames and not hidden and _stem(member.name) not in covered):
            if hidden:
                yield NotRead(relative, Reason.HIDDEN)
            else:
                yield FoundFile(relative, member.size, member.mtime_ns, (0, 0))
        elif kind is Kind.UNSUPPORTED:
            yield _not_supported(relative, extension_of(parts[-1]).upper(), hidden)
        elif kind is Kind.VIDEO:
            videos += 1
        else:
            others += 1
    if videos:
        yield Others(Kind.VIDEO, videos)
    if others:
        yield Others(Kind.OTHER, others)


def _base(name: str) -> str:
    return name.rpartition("/")[2]


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


def _stems(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_stem(name) for name in names)


@dataclass(slots=True)
class _Folder:
    path: str
    relative: bytes  # with "/" at its end, b"" for the root
    hidden: bool
    identity: tuple[int, int] | None  # None: not looked up yet


class _Scan:
    """One walk: true folders first, then the links to folders elsewhere."""

    def __init__(self, root: str, status: os.stat_result, frames: bool) -> None:
        self._frames = frames
        self._true = [_Folder(root, b"", False, (status.st_dev, status.st_ino))]
        self._links: list[_Folder] = []
        self._visited: set[tuple[int, int]] = set()

    def run(self) -> Iterator[Found]:
        while self._true or self._links:
            if not self._true:
                # a fixed order, so that the next scan finds the same files under the same names
                self._links.sort(key=lambda folder: folder.relative, reverse=True)
                self._true.append(self._links.pop())
            folder = self._true.pop()
            try:
                identity = folder.identity or _identity(folder.path)
                if identity in self._visited:
                    continue
                self._visited.add(identity)
                with os.scandir(folder.path) as listing:
                    entries = list(listing)
            except OSError as error:
                if not folder.hidden:
                    yield _folder_not_read(folder, error)
                continue
            yield from self._files(folder, entries)

    def _files(self, folder: _Folder, entries: list[os.DirEntry[str]]) -> Iterator[Found]:
        videos = others = 0
        covered = _stems(entry.name for entry in entries if self._frames and kind_of(entry.name) is Kind.PICTURE)
        for entry in entries:
            name = entry.name
            hidden = folder.hidden or name.startswith(".")
            kind = kind_of(name)
            try:
                if kind is not Kind.PICTURE and entry.is_dir():
                    self._enter(folder, entry, hidden)
                    continue
            except OSError:  # a link that leads nowhere or to itself
                others += 1
                continue
            found: Found | None = None
            if kind is Kind.PICTURE:
                found = self._picture(folder, entry, hidden)
            elif kind is Kind.UNSUPPORTED:
                relative = folder.relative + os.fsencode(name)
                found = _not_supported(relative, extension_of(name).upper(), hidden)
            elif kind is Kind.VIDEO:
                if self._frames and not hidden and _stem(name) not in covered:
                    found = self._picture(folder, entry, hidden)
                if found is None:
                    videos += 1
                    continue
            elif name.endswith(_ICLOUD) and kind_of(name[1 : -len(_ICLOUD)]) is Kind.PICTURE:
                found = NotRead(folder.relative + os.fsencode(name), Reason.IN_THE_CLOUD)
            elif not hidden and not extension_of(name):
                found = _sniffed(folder.relative + os.fsencode(name), entry)
            if found is not None:
                yield found
            elif kind is Kind.OTHER:
                others += 1
        if videos:
            yield Others(Kind.VIDEO, videos)
        if others:
            yield Others(Kind.OTHER, others)

    def _picture(self, folder: _Folder, entry: os.DirEntry[str], hidden: bool) -> Found | None:
        """A file, link, pipe or even folder whose name ends as a picture's does."""
        relative = folder.relative + os.fsencode(entry.name)
        try:
            status = entry.stat()
        except OSError as error:
            return _file_not_read(relative, error)
        if stat.S_ISREG(status.st_mode):
            if hidden:
                return NotRead(relative, Reason.HIDDEN)
            if is_placeholder(status):
                return NotRead(relative, Reason.IN_THE_CLOUD)
            return FoundFile(relative, status.st_size, status.st_mtime_ns, (status.st_dev, status.st_ino))
        if stat.S_ISDIR(status.st_mode):
            self._enter(folder, entry, hidden)
            return None
        return NotRead(relative, Reason.UNSUPPORTED, "not a file")

    def _enter(self, folder: _Folder, entry: os.DirEntry[str], hidden: bool) -> None:
        name = os.fsencode(entry.name)
        if name.lower() in _IGNORED_FOLDERS:
            return
        inner = _Folder(entry.path, folder.relative + name + b"/", hidden, None)
        if not entry.is_symlink():
            self._true.append(inner)
        elif not hidden:
            self._links.append(inner)


def _identity(path: str) -> tuple[int, int]:
    status = Path(path).stat()
    return status.st_dev, status.st_ino


def _not_supported(relative: bytes, details: str, hidden: bool) -> NotRead:
    return NotRead(relative, Reason.HIDDEN) if hidden else NotRead(relative, Reason.UNSUPPORTED, details)


def _sniffed(relative: bytes, entry: os.DirEntry[str]) -> Found | None:
    """A file without an extension: a picture if its first bytes say so. Never opens a placeholder or a pipe."""
    try:
        status = entry.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size == 0 or is_placeholder(status):
            return None
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        with open(os.open(entry.path, flags), "rb", buffering=0) as file:
            head = file.read(SNIFF_BYTES)
    except OSError:  # whether it is a picture at all cannot be known
        return None
    if sniff(head):
        return FoundFile(relative, status.st_size, status.st_mtime_ns, (status.st_dev, status.st_ino))
    kind = sniff_unsupported(head)
    return NotRead(relative, Reason.UNSUPPORTED, kind) if kind else None


def _folder_not_read(folder: _Folder, error: OSError) -> NotRead:
    reason = Reason.PATH_TOO_LONG if error.errno == errno.ENAMETOOLONG else Reason.UNREADABLE_FOLDER
    return NotRead(folder.relative.rstrip(b"/"), reason, error.strerror or str(error))


def _file_not_read(relative: bytes, error: OSError) -> NotRead:
    details = error.strerror or str(error)
    if isinstance(error, FileNotFoundError):
        return NotRead(relative, Reason.GONE, details)
    if isinstance(error, PermissionError):
        return NotRead(relative, Reason.NO_PERMISSION, details)
    if error.errno == errno.ENAMETOOLONG:
        return NotRead(relative, Reason.PATH_TOO_LONG, details)
    return NotRead(relative, Reason.READ_ERROR, details)
