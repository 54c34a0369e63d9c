"""Photos that go, of one set or of many: what that changes, and whether what is kept is there; runs on lanes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.core.catalog import photos
from desktop_app.core.duplicates.sets import CopySet, Kind
from desktop_app.core.images.companions import companions
from desktop_app.core.library import Library
from desktop_app.core.operations.as_known import as_known, freed
from desktop_app.core.types import PhotoId
from desktop_app.ui.duplicates.preview_dialog import FolderPart, Preview
from desktop_app.ui.duplicates.reading import size_of

Going = tuple[CopySet, tuple[int, ...]]
"""A set with the photos of it that go."""


@dataclass(frozen=True, slots=True)
class Safe:
    """Photos that may go, and photos that are held back as nothing of their set would be sure to stay."""

    may: tuple[int, ...]
    held: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An action over many sets: what it shows, and what it does: sets, each with the photos of it that go."""

    preview: Preview
    sets: tuple[Going, ...]


def safe(library: Library, wanted: Sequence[Going]) -> Safe:
    """Which photos may go: those of sets of which a photo that stays is there, and still the same where it has to be.

    Looked up on the disk just before they go: what was kept may have been deleted or written over meanwhile.
    """
    ids = [int(photo) for copies, _ in wanted for one in copies.copies for photo in (one.photo, *one.same)]
    known = photos.fetch(library.connection, list(dict.fromkeys(ids)))
    going = {photo for _, some in wanted for photo in some}
    stays = {one.photo for copies, _ in wanted for one in copies.copies if int(one.photo) not in going}
    sure = as_known(library, (known[photo] for photo in sorted(stays) if photo in known))
    may: list[int] = []
    held: list[int] = []
    for copies, some in wanted:
        there = [known[one.photo] for one in copies.copies if one.photo in sure]
        contents = {photo.content for photo in there}
        for photo in some:
            own = known.get(PhotoId(photo))
            same = own is not None and (copies.kind is not Kind.EXACT or own.content in contents)
            (may if there and same else held).append(photo)
    return Safe(tuple(dict.fromkeys(may)), tuple(dict.fromkeys(held)))


def preview(library: Library, wanted: Sequence[Going]) -> Wanted:
    """What moving photos of many sets to the trash would do, folder by folder.

    Args:
        library: the open library.
        wanted: the sets, each with the photos of it that go.
    """
    ids = tuple(dict.fromkeys(photo for _, going in wanted for photo in going))
    sets = tuple((copies, some) for copies, some in wanted if some)
    going = set(ids)
    stay = {int(one.photo) for copies, some in wanted if some for one in copies.copies} - going
    found = photos.fetch(library.connection, [*ids, *sorted(stay)])
    go: dict[str, int] = defaultdict(int)
    sizes: dict[str, int] = defaultdict(int)
    kept: dict[str, int] = defaultdict(int)
    there = [photo for photo in found.values() if photo.id in going]
    gained = freed(there, (photo for photo in found.values() if photo.id in stay))
    belongings = companions(photo.path for photo in there)
    files = {one.path for several in belongings.values() for one in several} - {photo.path for photo in there}
    for photo in there:
        place = str(photo.path.parent)
        go[place] += 1
        sizes[place] += gained[photo.id]
    for path in files:
        sizes[str(path.parent)] += size_of(path)
    for photo in found.values():
        if photo.id in stay:
            kept[str(photo.path.parent)] += 1
    places = sorted({*go, *kept}, key=lambda place: (-go[place], place))
    parts = tuple(FolderPart(place, go[place], sizes[place], kept[place]) for place in places)
    because = Counter(one.kept_because for copies, _ in wanted for one in copies.copies if one.kept_because)
    shown = Preview(len(sets), len(there), len(files), sum(sizes.values()), parts, tuple(because.most_common()))
    return Wanted(shown, sets)
