"""What is where: whether the trash still holds the very file that went, and whether the place it came from is there.

A name in the trash is no proof: when the trash was emptied, the next file of that name gets it.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path, PurePath
from urllib.parse import unquote_to_bytes

from desktop_app.core.catalog.trash import TrashedFile
from desktop_app.core.library import Library
from desktop_app.core.operations.mounts import is_empty_mount
from desktop_app.core.types import FolderId

_QUARTER = 900 * 10**9  # nanoseconds; clocks of the world differ by whole ones
_STEP = 2 * 10**9  # nanoseconds; FAT keeps times in such steps


def is_ours(row: TrashedFile) -> bool:
    """Whether what lies in the trash is the file that went: a rename keeps its size and its time.

    Where the trash notes where a file was (freedesktop), that has to be the row's place too. Then the time may be off
    as that of a card or stick is whose local time is read in another zone or season.
    """
    if row.trash is None:
        return False
    try:
        status = os.lstat(row.trash)
    except OSError:
        return False
    if status.st_size != row.size:
        return False
    off = abs(status.st_mtime_ns - row.mtime_ns)
    noted = _noted(row.trash)
    if noted is None:
        return off == 0
    zones = round(off / _QUARTER)
    return _leads_to(noted, row.path) and (off == 0 or (zones < 108 and abs(off - zones * _QUARTER) <= _STEP))


def at(row: TrashedFile, places: dict[Path, Path] | None) -> Path | None:
    """Where the file of a row is, out of what `Trash.find` found; None where that is another file or nothing."""
    place = None if places is None else places.get(row.path)
    return place if place is not None and is_ours(replace(row, trash=place)) else None


def came_by_itself(row: TrashedFile, place: Path) -> bool:
    """Whether the file is in its place already: someone restored it in the file manager, or we were cut off."""
    if is_ours(row):
        return False
    try:
        status = os.lstat(place)
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (row.size, row.mtime_ns)


def has_root(library: Library, place: Path) -> bool:
    """Whether the folder of the library is there that a place lies in; folders below it may be made again.

    The empty place of a drive that is not connected is not that folder.
    """
    found = False
    for number, name in library.connection.execute("SELECT id, root FROM folders").fetchall():
        root = Path(os.fsdecode(name))
        if place.is_relative_to(root):
            found = True
            if not root.is_dir() or is_empty_mount(library, FolderId(number), root):
                return False
    return found or place.parent.is_dir()


def _noted(trash: Path) -> PurePath | None:
    """Where the trash says that a file was; relative to its drive's top unless in the trash of the home folder."""
    if trash.parent.name != "files":
        return None
    info = trash.parent.parent / "info" / f"{trash.name}.trashinfo"
    try:
        lines = info.read_bytes().splitlines()
    except OSError:
        return None
    for line in lines:
        key, _, value = line.partition(b"=")
        if key.strip() == b"Path":
            return PurePath(os.fsdecode(unquote_to_bytes(value.strip())))
    return None


def _leads_to(noted: PurePath, place: Path) -> bool:
    """Whether a noted path is that of a place, which may have been reached through links."""
    true = Path(os.path.realpath(place.parent)) / place.name
    if noted.is_absolute():
        return noted in (place, true)
    return any(one.parts[-len(noted.parts) :] == noted.parts for one in (place, true))
