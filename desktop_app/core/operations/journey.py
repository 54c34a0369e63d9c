"""A journey through a library: photos that lead from one to another in small steps."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import read_picture
from desktop_app.core.index.journey import LONGEST, NoPath, Roads, Strips, make_roads, strips, with_strangers
from desktop_app.core.index.space import SpaceView
from desktop_app.core.library import Library
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.neighbourhood import comparable, neighbourhood
from desktop_app.core.operations.pipeline import cores
from desktop_app.core.types import PhotoId, Positions, Progress, Vectors

USUAL = 9
"""Photos of a journey unless another number is wished for, both ends counted."""

OUTSIDE = PhotoId(-1)
"""Stands for an end that is no photo of the library."""

End = PhotoId | Path
"""Where a journey begins or ends: a photo of the library, or a file from anywhere."""

_NEAR = 15  # photos that each is joined to
_SAME = 0.9999  # what is stored of a photo is rounded, what is read now is not
_TEXT = "Looking for a way between the photos"

NO_PATH = "No photos lead from one to the other: nothing in between is like both. Choose two that are less different."
SAME = "These two are copies of one photo, so there is nothing between them. Choose two others."
NOT_READY = "This photo is not ready to be compared yet."
TOO_FEW = "There are no photos to lead from one to the other yet. Add photos first."


@dataclass(frozen=True, slots=True, eq=False)
class Journey:
    """Photos that lead from one to another.

    Attributes:
        ids: both ends included, in order; `OUTSIDE` for an end that is no photo of the library.
        likeness: of each to the next, cosines; one fewer than `ids`.
        direct: the likeness of the two ends.
        lengths: the numbers of photos that a journey between these two can have.
        evenest: the number beyond which more photos only make detours.
    """

    ids: tuple[PhotoId, ...]
    likeness: tuple[float, ...]
    direct: float
    lengths: tuple[int, ...]
    evenest: int


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    view: SpaceView
    ids: Positions  # of the photos that were there, rising
    rows: Positions  # theirs in the index space
    of_row: Positions  # the road of each
    first: Positions  # the photo that stands for each road
    roads: Roads


class Journeys:
    """Finds journeys in one library. Belongs to one thread; remembers who is near to whom until photos come or go.

    Args:
        library: the open library.
        descriptor: what photos are compared by, as `Library.descriptor` takes it; "" for the library's own choice.

    Raises:
        UserError: there is no such network or layer.
    """

    def __init__(self, library: Library, descriptor: str = "") -> None:
        self._library = library
        self._descriptor = library.descriptor(descriptor)
        self._ground: _Ground | None = None
        self._last: tuple[tuple[End, End], _Ground, Strips] | None = None

    def find(self, start: End, end: End, length: int = 0) -> Generator[Progress, None, Journey]:
        """Photos that lead from one to another.

        The first time it looks who is near to whom: some seconds per 10,000 photos; then it takes some tenths of one.
        Another length between the same two is there at once.

        Args:
            start: where it begins.
            end: where it ends.
            length: how many photos, both ends counted, 2 to 60; the nearest number below where there are not so many.
                0 takes the usual number, or fewer where more would make detours.

        Raises:
            Unreadable: a file cannot be read.
            UserError: nothing leads from one to the other, they are copies, or one cannot be compared yet.
        """
        yield Progress(_TEXT)
        ground = yield from self._level()
        asked = (start, end)
        if self._last is not None and self._last[:2] == (asked, ground):
            found = self._last[2]
        else:
            found = self._between(ground, start, end)
            self._last = asked, ground, found
        wished = min(max(2, length), LONGEST) if length else min(USUAL, found.evenest)
        return self._told(ground, found, wished, start, end)

    def _between(self, ground: _Ground, start: End, end: End) -> Strips:
        roads, places = ground.roads, []
        for one in (start, end):
            place = self._place(ground, one)
            if place is None:
                roads = with_strangers(roads, self._vector(ground, one), _NEAR)
                place = len(roads.matrix) - 1
            places.append(place)
        first, last = places
        if first == last or float(roads.matrix[first] @ roads.matrix[last]) > _SAME:
            raise UserError(SAME)
        try:
            return strips(roads, first, last)
        except NoPath:
            raise UserError(NO_PATH) from None

    def _place(self, ground: _Ground, one: End) -> int | None:
        """The road of a photo of the library; None for a file from elsewhere."""
        photo = self._known(one)
        if photo is None:
            return None
        at = int(np.searchsorted(ground.ids, photo))
        if at == len(ground.ids) or ground.ids[at] != photo:
            if not photos.fetch(self._library.connection, [photo]):
                raise UserError("This photo is not in the library any more.")
            raise UserError(NOT_READY)
        return int(ground.of_row[at])

    def _known(self, one: End) -> PhotoId | None:
        if not isinstance(one, Path):
            return one
        return photos.by_path(self._library.connection, one)

    def _vector(self, ground: _Ground, one: End) -> Vectors:
        assert isinstance(one, Path)
        with closing(Likeness(self._library, self._descriptor)) as likeness:
            picture = read_picture(one, short_side=likeness.decode_side)
            return ground.view.projection.apply(likeness.embed(picture.pixels))

    def _told(self, ground: _Ground, found: Strips, length: int, start: End, end: End) -> Journey:
        path = found.of_length(length)
        known = [PhotoId(int(ground.first[row])) if row < len(ground.first) else OUTSIDE for row in path.tolist()]
        for at, one in ((0, start), (-1, end)):
            known[at] = self._known(one) or OUTSIDE
        likeness = tuple((1.0 - found.steps(length) ** 2 / 2.0).tolist())
        return Journey(tuple(known), likeness, 1.0 - found.direct**2 / 2.0, found.lengths, found.evenest)

    # --- who is near to whom -----------------------------------------------------------------------------------

    def _level(self) -> Generator[Progress, None, _Ground]:
        """What there is, made anew when photos came or went."""
        files = self._library.files(self._descriptor)
        ids, rows, view = comparable(self._library, files)
        if view is None or not len(ids):
            raise UserError(TOO_FEW)
        old = self._ground
        if old is not None and old.view is view and np.array_equal(old.ids, ids) and np.array_equal(old.rows, rows):
            return old
        steps = neighbourhood(self._library, files, view, rows, _NEAR, cores())
        while True:
            try:
                next(steps)
            except StopIteration as ended:
                matrix, of_row, table = ended.value
                break
            yield Progress(_TEXT)
        while True:
            try:
                done = next(table)
            except StopIteration as ended:
                near = ended.value
                break
            yield Progress(_TEXT, done, len(matrix))
        first = np.full(len(matrix), len(ids), np.int64)
        np.minimum.at(first, of_row, np.arange(len(ids)))
        ground = _Ground(view, ids, rows, of_row, ids[first], make_roads(matrix, near.indices, near.cosines))
        self._ground, self._last = ground, None
        return ground
