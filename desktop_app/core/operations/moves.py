"""Which known photo a file is that turned up: the one whose own file is gone, so that its labels go along."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from desktop_app.core import paths
from desktop_app.core.catalog import labels, photos, trash
from desktop_app.core.catalog.features import Donor
from desktop_app.core.library import Library
from desktop_app.core.types import PhotoId


def moves(
    library: Library, arrived: Mapping[int, tuple[bytes, bytes]], known: Mapping[bytes, Sequence[Donor]]
) -> dict[int, PhotoId]:
    """The photos that lie elsewhere now.

    A photo that was there until now comes before one that was missing, and one in the trash is not asked at all: it
    may come back. Of several it is the one whose path ends most like the new one, then one with labels or a note.

    Args:
        library: the open library.
        arrived: the content and the relative path of each file that turned up, by any number.
        known: the photos of each content, at least of those that arrived.

    Returns:
        Photos by the number of the file that is theirs now; each photo once.
    """
    waiting: dict[bytes, dict[int, tuple[bytes, ...]]] = defaultdict(dict)
    for number, (content, path) in arrived.items():
        waiting[content][number] = _backwards(path)
    free = _free(library, {content: known[content] for content in waiting})
    several = [donor.id for donors in free.values() if len(donors) > 1 for donor in donors]
    given = labels.given(library.connection, several)
    found: dict[int, PhotoId] = {}
    for content, donors in free.items():
        for missing in (False, True):
            tier = [donor for donor in donors if donor.missing is missing]
            tier.sort(key=lambda donor: (donor.id not in given, donor.id))
            found.update(_matched(waiting[content], tier))
    return found


def _free(library: Library, known: Mapping[bytes, Sequence[Donor]]) -> dict[bytes, list[Donor]]:
    """The donors of each content that have no file any more and do not wait in the trash."""
    is_folder = cache(paths.is_folder)
    free: dict[bytes, list[Donor]] = {}
    for content, donors in known.items():
        gone = [
            donor
            for donor in donors
            if donor.missing
            or (is_folder(Path(os.fsdecode(donor.root))) and not paths.exists(photos.absolute(donor.root, donor.path)))
        ]
        if gone:
            free[content] = gone
    trashed = _in_trash(library, [donor.id for donors in free.values() for donor in donors if donor.missing])
    return {content: [donor for donor in donors if donor.id not in trashed] for content, donors in free.items()}


def _in_trash(library: Library, missing: Collection[PhotoId]) -> set[PhotoId]:
    """Those of the missing photos that lie in the trash, or may: a file that was taken out of it lies there no more."""
    return {
        row.photo
        for row in trash.of_photos(library.connection, list(missing))
        if row.photo is not None and (row.trash is None or os.path.lexists(row.trash) or not row.trash.parent.is_dir())
    }


def _matched(waiting: dict[int, tuple[bytes, ...]], donors: Iterable[Donor]) -> dict[int, PhotoId]:
    """Share out donors, the longest common ends of paths first; who got one waits no more."""
    found: dict[int, PhotoId] = {}
    left = {donor.id: _backwards(donor.path) for donor in donors}
    for length in range(max(map(len, left.values()), default=-1), -1, -1):
        by_end: dict[tuple[bytes, ...], list[PhotoId]] = defaultdict(list)
        for photo, path in reversed(left.items()):
            by_end[path[:length]].append(photo)
        for number, path in list(waiting.items()):
            if same := by_end.get(path[:length]):
                found[number] = photo = same.pop()
                del waiting[number], left[photo]
    return found


def _backwards(path: bytes) -> tuple[bytes, ...]:
    """A path's parts, its name first."""
    return tuple(reversed(path.split(b"/")))
