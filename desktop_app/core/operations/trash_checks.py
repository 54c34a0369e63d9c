"""Why a photo does not go to the trash: looked at before anything of it is touched."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection
from pathlib import Path

from desktop_app.core import archives, paths, wording
from desktop_app.core.catalog import photos
from desktop_app.core.images.scan import is_placeholder
from desktop_app.core.library import Library
from desktop_app.core.operations.trash_parts import Trash
from desktop_app.core.types import FolderId, Photo, PhotoId


def refusal(library: Library, photo: Photo, trash: Trash) -> str:
    """Why a photo does not go, as a sentence; "" where nothing stands against it."""
    inside = archives.split(photo.path)
    if inside is not None:
        return f"Likeness changes nothing inside archives, and it is in {inside[0].name}."
    if not paths.is_folder(photo.path.parent) and not _has_root(library, photo.folder):
        return "Its drive or folder is not connected."
    try:
        status = photo.path.stat()
    except (OSError, ValueError):
        return "There is no file any more."
    if is_placeholder(status):
        return "The file is in the cloud, not on this computer."
    if not stat.S_ISREG(status.st_mode):
        return "There is no file any more."
    if _is_changed(library, photo, status):
        return "It was changed after it was added. Look for new photos first."
    if not os.access(photo.path.parent, os.W_OK):
        return "Its folder cannot be written."
    return trash.refusal(photo.path.parent)


def shared(library: Library, photo: Photo, going: Collection[PhotoId]) -> str:
    """Why a file stays that another photo shows too, as a sentence; "" where none does.

    A link to a file, or to its folder, is a photo of its own in the library, and so is a file on a drive that is
    connected at two places: to a person a copy, and yet it would be gone with the file. The link itself may go, and so
    may one of several names of a file.
    """
    if photo.path.is_symlink():
        return ""
    others = library.connection.execute(
        "SELECT id FROM photos WHERE content = ? AND missing = 0 AND id != ?", (photo.content, photo.id)
    ).fetchall()
    staying = [PhotoId(row[0]) for row in others if row[0] not in going]
    if not staying:
        return ""
    real = os.path.realpath(photo.path)
    for other in photos.fetch(library.connection, staying).values():
        if os.path.realpath(other.path) == real:
            name, place = wording.printable(other.name), wording.printable(other.path.parent.name)
            return f"{name} in “{place}” is a link to it and would be gone too."
        if _is_same(photo.path, other.path):
            name, place = wording.printable(other.name), wording.printable(other.path.parent.name)
            return f"{name} in “{place}” is the same file and would be gone too."
    return ""


def _is_same(one: Path, other: Path) -> bool:
    """Whether two paths are one name of one file, by two ways that no link tells of: mounts, or letters' case."""
    try:
        first, second = one.stat(), other.stat()
        if first.st_ino == 0 or not os.path.samestat(first, second):
            return False
        if first.st_nlink == 1:
            return True
        is_one_name = one.name.casefold() == other.name.casefold()
        return is_one_name and os.path.samestat(one.parent.stat(), other.parent.stat())
    except (OSError, ValueError):
        return False


def _has_root(library: Library, folder: FolderId) -> bool:
    row = library.connection.execute("SELECT root FROM folders WHERE id = ?", (folder,)).fetchone()
    return row is not None and paths.is_folder(Path(os.fsdecode(row[0])))


def _is_changed(library: Library, photo: Photo, status: os.stat_result) -> bool:
    """Whether the file is no longer what the person saw; by its content where its time or size differ."""
    row = library.connection.execute("SELECT size, mtime_ns FROM photos WHERE id = ?", (photo.id,)).fetchone()
    if row is not None and (row[0], row[1]) == (status.st_size, status.st_mtime_ns):
        return False
    try:
        return _content(photo.path) != photo.content
    except OSError:
        return True


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        digest = hashlib.blake2b(digest_size=16)
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.digest()
