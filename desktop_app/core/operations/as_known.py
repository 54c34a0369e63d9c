"""Whether photos are on the disk as the catalogue knows them, and what their files really take."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable

from desktop_app.core import archives
from desktop_app.core.errors import UserError
from desktop_app.core.images.scan import is_placeholder
from desktop_app.core.library import Library
from desktop_app.core.types import Photo, PhotoId

_MANY = 500


def as_known(library: Library, photos: Iterable[Photo]) -> frozenset[PhotoId]:
    """Those of some photos whose files hold what the catalogue says, on the disk or in an archive.

    A file whose size and time are as they were is taken at its word; any other is read. One that is in the cloud only
    is never fetched for that.
    """
    several = {photo.id: photo for photo in photos}
    ids = list(several)
    stamps: dict[PhotoId, tuple[int, int]] = {}
    for start in range(0, len(ids), _MANY):
        part = ids[start : start + _MANY]
        rows = library.connection.execute(
            f"SELECT id, size, mtime_ns FROM photos WHERE id IN ({','.join('?' * len(part))})", part
        )
        stamps.update((PhotoId(id_), (size, mtime)) for id_, size, mtime in rows)
    return frozenset(id_ for id_, photo in several.items() if _is_as_known(photo, stamps.get(id_)))


def _is_as_known(photo: Photo, stamp: tuple[int, int] | None) -> bool:
    inside = archives.split(photo.path)
    try:
        if inside is not None:
            member = archives.open_archive(inside[0]).members.get(inside[1])
            if member is None:
                return False
            now, can_read = (member.size, member.mtime_ns), True
        else:
            status = photo.path.stat()
            now, can_read = (status.st_size, status.st_mtime_ns), not is_placeholder(status)
        return now == stamp or (can_read and now[0] > 0 and _content(photo) == photo.content)
    except (OSError, ValueError, UserError):
        return False


def _content(photo: Photo) -> bytes:
    with archives.opened(photo.path) as file:
        digest = hashlib.blake2b(digest_size=16)
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.digest()


def freed(going: Iterable[Photo], staying: Iterable[Photo]) -> dict[PhotoId, int]:
    """What the file of each photo that goes sets free, in bytes: nothing where another name of it stays.

    Of several names of one file the first that goes counts.
    """
    seen = {_file_of(photo) for photo in staying} - {None}
    found: dict[PhotoId, int] = {}
    for photo in going:
        file = _file_of(photo)
        found[photo.id] = 0 if file in seen else photo.size
        if file is not None:
            seen.add(file)
    return found


def _file_of(photo: Photo) -> tuple[int, int] | None:
    """The file behind a photo's name, by what the disk calls it; None where the disk does not say."""
    if archives.is_inside(photo.path):
        return None
    try:
        status = os.lstat(photo.path)
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino) if status.st_ino else None
