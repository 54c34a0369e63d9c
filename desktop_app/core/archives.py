"""Files inside zip archives, read one by one without unpacking anything.

A place inside an archive is written `archive.zip!/inner/path`; `archive.zip!` alone is the archive as a folder. A
stranger's archive is looked at before anything in it is believed: how many files it says it holds, how much they say
they become, whether they lie on each other, where their names lead. What is read is limited by what was said.

Source of the format: PKWARE's APPNOTE.TXT; of the kinds of bombs: D. Fifield, "A better zip bomb" (2019).
"""

from __future__ import annotations

import calendar
import io
import os
import struct
import threading
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from desktop_app.core.errors import UserError

SUFFIX = ".zip"
_MARK = "!"

_MOST_MEMBERS = 1_000_000
_LARGEST_LISTING = 256 << 20  # bytes of central directory
_LONGEST_NAME = 4_096
_LARGEST_WHOLE = 4 << 40  # bytes: what all files together may say they become
_BOMB_RATIO = 250  # of the whole; photos and videos hardly shrink, JSON shrinks 10 to 40 times
_BOMB_FROM = 1 << 30  # bytes: smaller wholes are harmless whatever the ratio
_READ = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_KEPT = 6  # listings of archives that are held in memory
_STEP = 1 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: where it begins, how many bytes it has there and unpacked, and when it was changed.

    `mtime_ns` has the archive's time in its seconds (as if UTC) and a part of the checksum below, so that a file
    that was changed is known even where all files bear one date.
    """

    name: str
    offset: int
    packed: int
    size: int
    method: int
    checksum: int
    mtime_ns: int


class Damaged(UserError):
    """A file of an archive, or the whole archive, cannot be read."""


def as_folder(archive: Path) -> Path:
    """An archive as a folder: `export.zip` becomes `export.zip!`."""
    return archive.with_name(archive.name + _MARK)


def split(path: Path) -> tuple[Path, str] | None:
    """The archive and the path inside it ("" for the whole); None for a path that leads into no archive.

    The disk is not looked at.
    """
    text = os.fspath(path)
    if _MARK not in text:
        return None
    parts = path.parts
    for place, part in enumerate(parts):
        if part.endswith(_MARK) and part[:-1].lower().endswith(SUFFIX):
            archive = Path(*parts[:place], part[:-1])
            return archive, "/".join(parts[place + 1 :])
    return None


def is_inside(path: Path) -> bool:
    """Whether a path leads into an archive, or is one as a folder."""
    return split(path) is not None


def may_nest(one: Path, other: Path) -> bool:
    """Whether one of two roots could hold the other: an archive's inside is never a part of the folder it lies in."""
    first, second = split(one), split(other)
    return (first and first[0]) == (second and second[0])


def display_name(root: Path) -> str:
    """What a root is called: an archive by its file's name."""
    name = root.name or str(root)
    return name[:-1] if is_inside(root) and name.endswith(_MARK) else name


class Archive:
    """The files of one archive. May be used by several threads at once: every read opens the file for itself.

    Args:
        path: the zip file.

    Raises:
        UserError: it is not there, is no whole zip file, or is one that should not be trusted.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                _check_end(file, path.name)
                with zipfile.ZipFile(file) as listing:
                    infos = listing.infolist()
                size = path.stat().st_size
        except FileNotFoundError as error:
            raise UserError(f"{path.name} is not there any more.", str(path)) from error
        except OSError as error:
            raise UserError(f"{path.name} cannot be read.", str(error)) from error
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, UnicodeError) as error:
            raise Damaged(_broken(path.name), str(error)) from error
        self.members = _checked(infos, path.name, size)

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members.values())

    def read(self, name: str, limit: int) -> bytes:
        """A whole file.

        Args:
            name: as in `members`.
            limit: in bytes; a larger file is refused before it is read.

        Raises:
            Damaged: it is not there, is larger, or is not what the archive says.
            OSError: the disk reports an error.
        """
        member = self.members.get(name)
        if member is None:
            raise Damaged(f"{PurePosixPath(name).name} is not in {self.path.name}.")
        if member.size > limit:
            raise Damaged(
                f"{PurePosixPath(name).name} in {self.path.name} is too large to be read.", f"{member.size} bytes"
            )
        pieces = list(self._chunks(member))
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A file as a stream: never more than a piece of it is in memory.

        Raises:
            Damaged: as `read`; while reading, where the file turns out not to be what the archive says.
        """
        member = self.members.get(name)
        if member is None:
            raise Damaged(f"{PurePosixPath(name).name} is not in {self.path.name}.")
        with io.BufferedReader(_Stream(self._chunks(member)), _STEP) as stream:
            yield stream

    def _chunks(self, member: Member) -> Iterator[bytes]:
        """The unpacked bytes: exactly as many as were promised, with the right checksum, or an error."""
        seen, checksum = 0, 0
        try:
            for piece in _unpacked(self.path, member):
                seen += len(piece)
                if seen > member.size:
                    raise Damaged(_wrong(member.name, self.path.name), "more bytes than promised")
                checksum = zlib.crc32(piece, checksum)
                yield piece
        except (zlib.error, struct.error, EOFError, ValueError) as error:
            raise Damaged(_wrong(member.name, self.path.name), str(error)) from error
        if seen != member.size or checksum != member.checksum:
            raise Damaged(_wrong(member.name, self.path.name), f"{seen} bytes of {member.size}")


def _unpacked(path: Path, member: Member) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(member.offset)
        head = file.read(30)
        signature, names, extra = head[:4], *struct.unpack("<HH", head[26:30])
        if signature != b"PK\x03\x04":
            raise ValueError("no file begins here")
        file.seek(names + extra, os.SEEK_CUR)
        left = member.packed
        # stored files are read in one go; what is packed grows by pieces that cannot get out of hand
        step = max(1, member.packed) if member.method == zipfile.ZIP_STORED else 1 << 20
        unpacker = zlib.decompressobj(-15) if member.method == zipfile.ZIP_DEFLATED else None
        while left > 0:
            packed = file.read(min(step, left, 16 << 20))
            if not packed:
                raise EOFError("the archive ends early")
            left -= len(packed)
            if unpacker is None:
                yield packed
                continue
            while packed and not unpacker.eof:
                yield unpacker.decompress(packed, 4 << 20)
                packed = unpacker.unconsumed_tail
        if unpacker is not None:
            yield unpacker.flush()


class _Stream(io.RawIOBase):
    """Pieces as a file that can be read once."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not len(self._rest):
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def _check_end(file: BinaryIO, name: str) -> None:
    """Look at the record at the end before anything is listed: it says how long the listing is."""
    size = file.seek(0, os.SEEK_END)
    tail_at = max(0, size - 65_557)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise zipfile.BadZipFile("no end record")
    members, listing = struct.unpack_from("<HI", tail, at + 10)
    locator = at - 20
    if locator >= 0 and tail[locator : locator + 4] == b"PK\x06\x07":
        (where,) = struct.unpack_from("<Q", tail, locator + 8)
        if where + 56 > size:
            raise zipfile.BadZipFile("no end record of 64 bits")
        file.seek(where)
        record = file.read(56)
        if record[:4] == b"PK\x06\x06":
            members, listing = struct.unpack_from("<QQ", record, 32)
    if members > _MOST_MEMBERS or listing > _LARGEST_LISTING:
        raise UserError(
            f"{name} says that it holds {members:,} files. Likeness does not open archives like that.",
            f"listing of {listing} bytes",
        )
    file.seek(0)


def _checked(infos: list[zipfile.ZipInfo], name: str, size: int) -> dict[str, Member]:
    if len(infos) > _MOST_MEMBERS:
        raise UserError(f"{name} holds {len(infos):,} files. Likeness does not open archives like that.")
    members: dict[str, Member] = {}
    packed = whole = 0
    for info in infos:
        packed += info.compress_size
        whole += info.file_size
        if info.flag_bits & 0x41:
            raise UserError(f"{name} is protected by a password. Unpack it with the password, and drop the folder.")
        if info.header_offset < 0:
            raise Damaged(_broken(name), "its beginning is missing")
        if not info.is_dir():
            _check_name(info, name)
            if info.compress_type not in _READ:
                raise UserError(
                    f"{name} is packed in a way that Likeness does not read. Unpack it, and drop the folder.",
                    f"method {info.compress_type}",
                )
            member = _member(info)
            members[member.name] = member
    if packed > size:  # files that share their bytes: each is small, together they are endless
        raise UserError(f"{name} holds files that lie on each other. Likeness does not open archives like that.")
    if whole > _LARGEST_WHOLE or (whole > _BOMB_FROM and whole > _BOMB_RATIO * max(1, packed)):
        raise UserError(
            f"{name} is small and would become {whole / 1e9:,.0f} GB. Likeness does not open archives like that.",
            f"{packed} bytes packed",
        )
    return members


def _check_name(info: zipfile.ZipInfo, archive: str) -> None:
    # zipfile turns backslashes round on Windows only
    name = info.filename.replace("\\", "/")
    outside = name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")
    if outside or len(name) > _LONGEST_NAME or "\0" in info.orig_filename:
        raise UserError(
            f"{archive} holds a file whose name leads out of it. Likeness does not open archives like that.",
            name[:200],
        )


def _member(info: zipfile.ZipInfo) -> Member:
    try:
        seconds = calendar.timegm((*info.date_time, 0, 0, 0))
    except (ValueError, OverflowError):
        seconds = 0
    return Member(
        "/".join(part for part in info.filename.replace("\\", "/").split("/") if part not in ("", ".")),
        info.header_offset,
        info.compress_size,
        info.file_size,
        info.compress_type,
        info.CRC,
        seconds * 1_000_000_000 + info.CRC % 1_000_000_000,
    )


def _broken(name: str) -> str:
    return f"{name} is not a whole zip file. Download it again, or unpack it and drop the folder."


def _wrong(member: str, archive: str) -> str:
    return f"{PurePosixPath(member).name} in {archive} is damaged."


_listings: OrderedDict[tuple[str, int, int], Archive] = OrderedDict()
_guard = threading.Lock()


def open_archive(path: Path) -> Archive:
    """An archive, its listing read at most once while the file stays as it is. On any thread.

    Raises:
        UserError: as `Archive`.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise UserError(f"{path.name} is not there any more.", str(error)) from error
    key = (os.fspath(path), status.st_size, status.st_mtime_ns)
    with _guard:
        found = _listings.get(key)
        if found is not None:
            _listings.move_to_end(key)
            return found
    made = Archive(path)
    with _guard:
        _listings[key] = made
        while len(_listings) > _KEPT:
            _listings.popitem(last=False)
    return made


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file for reading once from its beginning, on the disk or in an archive.

    Raises:
        OSError: as `open`.
        UserError: as `open_archive` and `Archive.open`.
    """
    inside = split(path)
    if inside is None:
        with path.open("rb") as file:
            yield file
    else:
        with open_archive(inside[0]).open(inside[1]) as file:
            yield file
