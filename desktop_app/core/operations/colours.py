"""Photos in these colours: by how much of a wanted palette is in each picture.

The score is a share that can be checked by eye: 0.4 means that two fifths of the picture are in the colours asked for,
where each of several colours counts for no more than its part (Swain and Ballard's intersection of histograms).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.descriptor_files import DescriptorFiles
from desktop_app.core.descriptors import COLOUR_KEY, PALETTE, Descriptor
from desktop_app.core.errors import UserError
from desktop_app.core.images import colour
from desktop_app.core.images.colour import MOST_COLOURS, Colour
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.library import Library
from desktop_app.core.operations.places import NONE, Ids, Places, places
from desktop_app.core.types import PhotoId, Vectors

Shares = npt.NDArray[np.uint16]
"""Shares of a picture in parts of 65,535."""

_WHOLE = 65_535
_CHUNK = 1_024  # rows that the processor's cache holds


@dataclass(frozen=True, slots=True, eq=False)
class ColourHits:
    """Photos in some colours, best first.

    Attributes:
        ids: int64 (n,).
        scores: float32 (n,), how much of the wanted palette is in each, 0 to 1, falling.
        shares: float32 (n, colours), the share of the picture that is in each of the colours asked for.
    """

    ids: Ids
    scores: Vectors
    shares: Vectors


class _Palettes:
    """The palettes of a library's photos, cell by cell in memory. Belongs to one thread."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._store: VectorStore | None = None
        self._places: Places = places(library, COLOUR_KEY)
        # by cell, then position: a question looks at a dozen or two of the cells
        self._cells: Shares = np.empty((colour.palette_size(), 0), np.uint16)
        self._files: DescriptorFiles | None = None

    def search(self, colours: Sequence[Colour], weights: Sequence[float], limit: int | None) -> ColourHits:
        cells = self._level()
        photos = self._places.until(cells.shape[1])[: cells.shape[1]]
        found = np.zeros((len(colours), cells.shape[1]), np.float32)
        for row, belongs in enumerate(colour.shares(colours)):
            for cell in np.flatnonzero(belongs > 0):
                found[row] += cells[cell] * (belongs[cell] / np.float32(_WHOLE))
        scores = np.minimum(found, np.array(weights, np.float32)[:, np.newaxis]).sum(axis=0)
        shown = np.flatnonzero((photos != NONE) & (scores > 0))
        if limit is not None and len(shown) > limit:
            # all that might be among the first, then in order
            edge = np.partition(scores[shown], len(shown) - limit)[len(shown) - limit] if limit else np.inf
            shown = shown[scores[shown] >= edge]
        shown = shown[np.argsort(-scores[shown], kind="stable")][:limit]
        return ColourHits(photos[shown], scores[shown], np.ascontiguousarray(found[:, shown].T))

    def palette_of(self, photo: PhotoId) -> Vectors | None:
        self._level()
        at = self._places.position(photo)
        if not 0 <= at < self._cells.shape[1]:
            return None
        return np.asarray(self._cells[:, at] / np.float32(_WHOLE), np.float32)

    def _level(self) -> Shares:
        """Read what was stored since the last time; 100,000 photos take a tenth of a second, once."""
        self._places.refresh()
        if self._files is None or self._store is None or self._files.closed:
            self._files = self._library.files(Descriptor())
            self._store = self._files.reading_store()
            self._cells = self._cells[:, :0]
        rows, known = self._store.refresh(), self._cells.shape[1]
        rows = min(rows, len(self._places.photos))
        if rows > known:
            grown = np.empty((len(self._cells), rows), np.uint16)
            grown[:, :known] = self._cells
            for start in range(known, rows, _CHUNK):
                stop = min(start + _CHUNK, rows)
                halves, _ = self._store.halves(PALETTE, slice(start, stop))  # shares need no exponent
                grown[:, start:stop] = _shares_of_halves()[halves.view(np.uint16)].T
            self._cells = grown
        return self._cells


@functools.cache
def _shares_of_halves() -> Shares:
    """The share that each of the 65,536 halves stands for: looked up, since turning halves into numbers is slow."""
    values = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)
    return np.rint(np.clip(np.nan_to_num(values), 0, 1) * _WHOLE).astype(np.uint16)


def by_colours(
    library: Library,
    colours: Sequence[Colour],
    limit: int | None = None,
    *,
    weights: Sequence[float] = (),
) -> ColourHits:
    """Photos in these colours. For one thread of its own, such as the query lane; the first call reads all palettes.

    Args:
        library: the open library.
        colours: up to five, red, green, blue from 0 to 255.
        limit: the most results; None gives every photo that has some of the colours.
        weights: the share of the picture that each colour is wanted for; equal parts where none are given.

    Raises:
        UserError: no colour, more than five, or numbers that are no colours.
    """
    if not 1 <= len(colours) <= MOST_COLOURS:
        raise UserError(f"Choose one to {MOST_COLOURS} colours.")
    if any(not 0 <= value <= 255 for one in colours for value in one):
        raise UserError("A colour is three numbers from 0 to 255.")
    parts = np.array(weights or [1.0] * len(colours), np.float64)
    if parts.shape != (len(colours),) or not (parts > 0).all():
        raise ValueError(f"weights {weights} for {len(colours)} colours")
    return _palettes(library).search(colours, (parts / parts.sum()).tolist(), limit)


def colours_of(library: Library, photo: PhotoId) -> list[tuple[Colour, float]]:
    """The main colours of a photo and their shares of it, the largest first; for `by_colours` with its shares.

    Raises:
        UserError: its colours are not counted yet.
    """
    found = _palettes(library).palette_of(photo)
    if found is None:
        raise UserError("The colours of this photo are not counted yet.")
    return colour.main_colours(found)


def _palettes(library: Library) -> _Palettes:
    known: _Palettes | None = getattr(library.local, "palettes", None)
    if known is None:
        known = library.local.palettes = _Palettes(library)
    return known
