"""The examples of a search: their vectors, read once, and every photo in the order of how much it is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from desktop_app.core import paths
from desktop_app.core.catalog import folders, photos
from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import read_picture
from desktop_app.core.learn import relevance
from desktop_app.core.library import Library
from desktop_app.core.operations.likeness import Likeness, Ranking, Rows
from desktop_app.core.operations.places import NONE
from desktop_app.core.operations.region_picture import read_part
from desktop_app.core.searching import Example
from desktop_app.core.types import PhotoId, PhotoState, Pixels, Vectors

_KEPT = 256  # vectors of pictures that are remembered
_LARGEST = 16_000_000  # bytes of a file's pixels that are kept for its part


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """An example whose vector is known.

    Attributes:
        example: with the photo of the library that it is, or with its pixels, filled in.
        vector: float32 (1, d), raw; None for a wanted part of a picture, which `RegionSearch` looks for.
    """

    example: Example
    vector: Vectors | None


class ExampleVectors:
    """The vectors of examples by one descriptor, remembered. Belongs to one thread.

    Args:
        library: the open library.
        likeness: what examples are compared by.
    """

    def __init__(self, library: Library, likeness: Likeness) -> None:
        self._library, self._likeness = library, likeness
        self._of_photos: dict[PhotoId, Vectors] = {}
        self._of_pixels: dict[object, tuple[object, Vectors]] = {}
        self._own: dict[Path, PhotoId | None] = {}  # whether a file is a photo of the library
        self._stamp: tuple[int, ...] = ()

    def know(self, example: Example) -> Known:
        """The vector of an example: of the library's photo, else of its pixels, else of its file, read now.

        Of an unwanted example with a box it is that of the part. What was known once stays known when the photo or
        the file is gone.

        Raises:
            UserError: the picture cannot be read, or is gone.
        """
        if example.photo is None and example.path is not None:
            own = self._photo_at(example.path)
            example = example if own is None else replace(example, photo=own)
        if example.box is not None:
            return self._part(example)
        if example.photo is not None:
            vector = self._of_photo(example.photo)
            if vector is not None:
                return Known(example, vector)
            # its row may be another one now, such as of a folder that was removed and added again
            own = None if example.path is None else self._photo_at(example.path)
            vector = None if own is None else self._of_photo(own)
            if vector is not None:
                return Known(replace(example, photo=own), vector)
        if example.pixels is None:
            example = replace(example, pixels=self._read(example))
        return Known(example, self._embedded(example))

    def _of_photo(self, photo: PhotoId) -> Vectors | None:
        """The vector of one of the library's photos; None where it has none, and had none when it was asked before."""
        try:
            vector = self._likeness.embeddings([photo])
        except UserError:
            return self._of_photos.get(photo)
        self._of_photos[photo] = vector
        self._thin_out()
        return vector

    def _read(self, example: Example) -> Pixels:
        if example.path is None and example.photo is not None:
            raise self._why_not(example.photo)
        if example.path is None:
            raise UserError("There is no picture to look for.")
        if not paths.exists(example.path):
            raise UserError("Its file is gone.", str(example.path))
        return read_picture(example.path, short_side=self._likeness.decode_side).pixels

    def _why_not(self, photo: PhotoId) -> UserError:
        connection = self._library.connection
        found = photos.fetch(connection, [photo]).get(photo)
        if found is None or found.folder not in {folder.id for folder in folders.all_folders(connection)}:
            return UserError("It is no longer in the library.")
        if found.state is PhotoState.AWAY:
            return UserError("Its folder is not connected.")
        return UserError("Its file is gone." if found.state is PhotoState.MISSING else "It is not ready yet.")

    def _part(self, example: Example) -> Known:
        if example.pixels is None and example.photo is None:  # a file: as much of it as its part takes is kept
            picture = read_part(self._library, example).picture
            if picture.nbytes <= _LARGEST:
                example = replace(example, pixels=picture)
        if example.wanted:
            return Known(example, None)
        key = (example.photo, example.path, id(example.pixels), example.box)
        # a photo's part is that of its content: the file may have been edited; what is gone stays known
        holds: object = example.pixels
        if example.pixels is None and example.photo is not None:
            holds = photos.contents(self._library.connection, [example.photo]).get(example.photo)
        found = self._of_pixels.get(key)
        if found is None or (isinstance(holds, bytes) and found[0] != holds):
            part = read_part(self._library, example).pixels
            found = self._of_pixels[key] = (holds, self._likeness.embed(part))
            self._thin_out()
        return Known(example, found[1])

    def _embedded(self, example: Example) -> Vectors:
        assert example.pixels is not None
        key = id(example.pixels)
        found = self._of_pixels.get(key)
        if found is None:
            # the pixels are kept with it: as long as they live, no other picture has their id
            found = self._of_pixels[key] = (example.pixels, self._likeness.embed(example.pixels))
            self._thin_out()
        return found[1]

    def _thin_out(self) -> None:
        while len(self._of_photos) > _KEPT:
            self._of_photos.pop(next(iter(self._of_photos)))
        while len(self._of_pixels) > _KEPT:
            self._of_pixels.pop(next(iter(self._of_pixels)))

    def _photo_at(self, path: Path) -> PhotoId | None:
        connection = self._library.connection
        stamp = (connection.execute("PRAGMA data_version").fetchone()[0], connection.total_changes)
        if stamp != self._stamp or len(self._own) > _KEPT:
            self._own, self._stamp = {}, stamp
        if path not in self._own:
            self._own[path] = photos.by_path(connection, path)
        return self._own[path]


def ranked(likeness: Likeness, known: Sequence[Known]) -> Ranking:
    """Every photo by how much it is what the examples show; the examples themselves are not among them.

    Of one wanted example the score is the cosine with it, in [-1, 1]; of one unwanted example how unlike it is, 0 to
    1. Of several it is the probability, 0 to 1, that a photo is meant: see `core.learn.relevance`. The order of the
    examples makes no difference.

    Args:
        likeness: what they are compared by.
        known: at least one, all with a vector; a photo that is there twice counts once.
    """
    known = list({_key(one): one for one in known}.values())
    own = sorted({int(one.example.photo) for one in known if one.example.photo is not None})
    wanted = _stacked([one.vector for one in known if one.example.wanted and one.vector is not None])
    unwanted = _stacked([one.vector for one in known if not one.example.wanted and one.vector is not None])
    if len(wanted) == 1 and not len(unwanted):
        return likeness.ranking(wanted, own)
    rows = likeness.rows()
    if rows is None:
        return Ranking(np.empty(0, np.int64), np.empty(0, np.float32))
    shown = rows.photos != NONE
    where = np.flatnonzero(shown)
    mine = where[np.isin(rows.photos[where], own)]
    others = rows.matrix[relevance.background(where, mine)]
    head = relevance.learn(_projected(rows, wanted), _projected(rows, unwanted), others)
    shown[mine] = False
    where = np.flatnonzero(shown)
    scores = head.scores(rows.matrix)[where]
    order = np.argsort(-scores, kind="stable")
    return Ranking(rows.photos[where[order]], scores[order])


def _stacked(vectors: Sequence[Vectors]) -> Vectors:
    """One block in an order of its own, float32 (n, d)."""
    if not vectors:
        return np.empty((0, 0), np.float32)
    block = np.concatenate(vectors)
    return block[np.lexsort(block.T[:8])]


def _projected(rows: Rows, vectors: Vectors) -> Vectors:
    return rows.projection.apply(vectors) if len(vectors) else np.empty((0, rows.matrix.shape[1]), np.float32)


def _key(one: Known) -> object:
    example = one.example
    return id(one) if example.photo is None else (example.photo, example.box, example.wanted)
