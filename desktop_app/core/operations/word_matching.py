"""How well each photo fits one word, by whatever way it fits best.

A score is 0 to 1. What is seen counts as likely as it is. What people wrote counts by how near to the photo they wrote
it: an answer, a keyword, a camera or a date that is just the word 1, a folder or a theme 0.95, a note or a
description 0.9, a file's name 0.85; nine tenths of it where the word is one of several, a half where a longer word
begins so. A photo that fits in several ways takes the best of them, so what was said of a photo stands before what
was only seen in it, and what is clearly seen before names that hold the word among others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.operations.word_classes import Seen
from desktop_app.core.operations.word_names import Names
from desktop_app.core.operations.word_photos import PhotoList, Rows
from desktop_app.core.types import Vectors
from desktop_app.core.words import forms
from desktop_app.core.words.dates import Date
from desktop_app.core.words.lookup import Sense
from desktop_app.core.words.texts import BEGINS, WHOLE, WORD, fold
from desktop_app.core.words.wordnet import wordnet

Tell = Callable[[int], str]
"""Why the photo at a place fits."""

FOLDER, FILE = 0.95, 0.85
_HOW = np.zeros(4, np.float32)
_HOW[[BEGINS, WORD, WHOLE]] = 0.5, 0.9, 1.0


class Fits:
    """How well each photo fits one word, and why.

    Attributes:
        scores: float32 (photos,), 0 where one does not fit.
    """

    def __init__(self, photos: int) -> None:
        self.scores: Vectors = np.zeros(photos, np.float32)
        self._ways: npt.NDArray[np.int16] = np.full(photos, -1, np.int16)
        self._tell: list[Tell] = []

    def add(self, rows: Rows, scores: Vectors | float, tell: Tell) -> None:
        """These photos fit so well in one more way."""
        if not len(rows):
            return
        values = np.broadcast_to(np.asarray(scores, np.float32), rows.shape)
        better = values > self.scores[rows]
        self.scores[rows[better]] = values[better]
        self._ways[rows[better]] = len(self._tell)
        self._tell.append(tell)

    def why(self, row: int) -> str:
        """Why one photo fits; "" where it does not."""
        way = int(self._ways[row])
        return self._tell[way](row) if way >= 0 else ""

    def reread(self, word: str, typed: str, share: float) -> None:
        """It was found by another word than the one that was typed."""
        self.scores *= np.float32(share)
        self._tell = [_ForAnother(tell, word, typed) for tell in self._tell]

    def take(self, other: Fits) -> None:
        """Hold what another one holds."""
        self.scores, self._ways, self._tell = other.scores, other._ways, other._tell

    @property
    def count(self) -> int:
        """How many photos fit."""
        return int(np.count_nonzero(self.scores))

    @property
    def any(self) -> bool:
        """Whether any photo fits."""
        return bool(self._tell)


@dataclass(frozen=True)
class _ForAnother:
    tell: Tell
    word: str
    typed: str

    def __call__(self, row: int) -> str:
        return f"{self.tell(row)}, for “{self.typed}”"


@dataclass(frozen=True)
class _Says:
    text: str

    def __call__(self, row: int) -> str:
        return self.text


@dataclass(frozen=True)
class _OfPlaces:
    """Says which of several names a photo has."""

    texts: Callable[[int], str]
    places: npt.NDArray[np.int64]  # by photo

    def __call__(self, row: int) -> str:
        return self.texts(int(self.places[row]))


@dataclass(frozen=True)
class _OfFile:
    photos: PhotoList

    def __call__(self, row: int) -> str:
        return f"file {self.photos.file_name(row)}"


@dataclass(frozen=True)
class _OfThing:
    seen: Seen
    ids: tuple[str, ...]

    def __call__(self, row: int) -> str:
        return self.seen.thing(row, self.ids)


def spellings(word: str, *, exact: bool) -> tuple[str, ...]:
    """What a name may hold for a word: the word itself, and unless it is to be exact one of it and several."""
    plain = fold(word)
    if exact or len(plain) < 3 or not plain[-1].isalpha():
        return (plain,)
    others = (*forms.singulars(plain, wordnet().plurals), forms.plural(plain))
    return tuple(dict.fromkeys((plain, *(one for one in others if len(one) >= 3))))


def by_names(fits: Fits, names: Names, word: str, *, exact: bool, begins: bool, only: str = "") -> None:
    """Add photos that a word is written of.

    Args:
        fits: what is added to.
        names: of the photos.
        word: as typed.
        exact: neither singular nor plural of it are meant.
        begins: longer words that begin so count, too, from two letters on.
        only: one kind of names ("folder"), which have to be just the word; "" for all.
    """
    begins = begins and len(word) > 1  # half of all names begin with some letter
    wanted = [(spelling, begins and not place) for place, spelling in enumerate(spellings(word, exact=exact))]
    if only in ("", "folder"):
        _by_folders(fits, names.photos, wanted, just=bool(only))
    for named in names.named:
        if only not in ("", named.kind):
            continue
        for spelling, longer in wanted:
            places, hows = named.texts.find(spelling, begins=longer)
            if named.of_photos is not None:
                rows = named.of_photos[places]
                fits.add(rows[rows >= 0], (named.worth * _HOW[hows])[rows >= 0], _Says(named.kind))
                continue
            for place, how in zip(places.tolist(), hows.tolist(), strict=True):
                if not only or how == WHOLE:
                    fits.add(named.rows(place), float(named.worth * _HOW[how]), _Says(named.why(place)))
    if not only:
        for spelling, longer in wanted:
            rows, hows = names.photos.files.find(spelling, begins=longer)
            fits.add(rows, np.float32(FILE) * _HOW[hows], _OfFile(names.photos))


def _by_folders(fits: Fits, photos: PhotoList, wanted: Sequence[tuple[str, bool]], *, just: bool) -> None:
    best = np.zeros(len(photos.folders), np.float32)
    for spelling, longer in wanted:
        places, hows = photos.folder_names.find(spelling, begins=longer)
        if just:
            places, hows = places[hows == WHOLE], hows[hows == WHOLE]
        best[places] = np.maximum(best[places], FOLDER * _HOW[hows])
    if not best.any():
        return
    said = np.arange(len(best))
    for inner, outer in photos.levels:
        better = best[outer] > best[inner]
        best[inner[better]], said[inner[better]] = best[outer[better]], said[outer[better]]
    rows = np.flatnonzero(best[photos.folder_of] > 0)
    names = _FolderNames(photos)
    fits.add(rows, best[photos.folder_of[rows]], _OfPlaces(names, said[photos.folder_of]))


@dataclass(frozen=True)
class _FolderNames:
    photos: PhotoList

    def __call__(self, place: int) -> str:
        return f"folder {self.photos.folders[place].name}"


def by_date(fits: Fits, photos: PhotoList, date: Date) -> None:
    """Add photos of a date."""
    years, rest = np.divmod(photos.days, 10_000)
    months, days = np.divmod(rest, 100)
    fit = np.ones(len(photos), bool)
    for values, wanted in ((years, date.year), (months, date.month), (days, date.day)):
        if wanted:
            fit &= values == wanted
    fits.add(np.flatnonzero(fit), 1.0, _Says(date.text))


def by_things(fits: Fits, seen: Seen, senses: Sequence[Sense]) -> None:
    """Add photos that show something."""
    ids = tuple(sense.id for sense in senses)
    scores = seen.scores(ids)
    rows = np.flatnonzero(scores)
    fits.add(rows, scores[rows], _OfThing(seen, ids))
