"""What photos of a library are called, ready to be searched by words: kept level with the catalogue."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import TypeVar

import numpy as np

from desktop_app.core.catalog import changes, words_text
from desktop_app.core.catalog.words_text import Numbers, Written
from desktop_app.core.library import Library
from desktop_app.core.operations.word_photos import PhotoList, Rows
from desktop_app.core.words.found import Kind
from desktop_app.core.words.texts import Texts, fold

Part = TypeVar("Part")

_FEW = 30  # keywords whose photos are read one by one


class Named:
    """Things with names that photos belong to: answers, keywords, cameras, themes; or texts, one for each photo.

    Attributes:
        kind: what they are, as a person reads it.
        completes: the kind of a completion by them; None where nothing is completed.
        worth: the score of a photo whose name is just the word.
        names: as written.
        texts: the same, to be searched.
        of_photos: of texts, the photo that each is of, -1 for none; None for names.
    """

    def __init__(
        self,
        kind: str,
        worth: float,
        names: Sequence[str],
        rows: Callable[[int], Rows] | Rows,
        completes: Kind | None = None,
    ) -> None:
        self.kind, self.worth, self.names, self.completes = kind, worth, names, completes
        self.texts = Texts.of(names)
        self.of_photos = None if callable(rows) else rows
        self._read = rows
        self._rows: dict[int, Rows] = {}

    def rows(self, place: int) -> Rows:
        """Photos that belong to one of them, int64 (m,)."""
        if not callable(self._read):
            return self._read[place : place + 1]
        known = self._rows.get(place)
        if known is None:
            known = self._rows[place] = self._read(place)
        return known

    def why(self, place: int) -> str:
        """Why a photo fits that belongs to it."""
        return f"{self.kind} {self.names[place]}"


class _Parts:
    """What was made of a library, each part with the counters it was made at. Belongs to one thread."""

    def __init__(self) -> None:
        self._made: dict[object, tuple[changes.Stamp, object]] = {}

    def part(self, key: object, stamp: changes.Stamp, make: Callable[[], Part]) -> Part:
        """What was made under a key while the counters stood like this, or is made now."""
        known = self._made.get(key)
        if known is None or known[0] != stamp:
            known = self._made[key] = stamp, make()
        found: Part = known[1]  # type: ignore[assignment]
        return found


class Names:
    """All that photos are called at one moment. Belongs to one thread; what it hands out may cross threads."""

    def __init__(self, library: Library, photos: PhotoList, parts: _Parts, counted: Mapping[str, object]) -> None:
        self._library, self._parts, self._counted = library, parts, counted
        self.photos = photos

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """Everything with a name but files and folders."""
        connection, photos = self._library.connection, self.photos
        found = [
            self._part(changes.LABELS, partial(_answers, connection, photos)),
            self._part(changes.DETAILS, partial(_keywords, connection, photos)),
            self._part(changes.THEMES, partial(_themes, connection, photos)),
            self._part(changes.PHOTOS, partial(_cameras, connection, photos)),
        ]
        texts = (self._texts(kind, counter) for kind, counter in words_text.WRITTEN.items())
        return tuple(one for one in (*found, *texts) if one is not None and one.names)

    def _part(self, counter: str, make: Callable[[], Named]) -> Named:
        return self._parts.part((counter, "named"), self._stamp(counter), make)

    def _stamp(self, counter: str) -> changes.Stamp:
        return changes.stamp(self._counted, *changes.SHOWN, counter)

    def _texts(self, kind: str, counter: str) -> Named | None:
        """Texts of a kind; folded again only where they differ, for a rating counts as a change as well."""
        read = partial(words_text.written, self._library.connection, kind)
        written = self._parts.part((kind, "written"), self._stamp(counter), read)
        if written is None:
            return None
        stamp = (*changes.stamp(self._counted, *changes.SHOWN), written)
        return self._parts.part((kind, "texts"), stamp, partial(_named_texts, written, self.photos))

    @cached_property
    def whole(self) -> frozenset[str]:
        """Names as they are compared: of folders, answers, keywords, cameras and themes."""
        found = {fold(folder.name) for folder in self.photos.folders}
        return frozenset(found.union(*(map(fold, one.names) for one in self.named if one.of_photos is None)))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Those names and the words in them, without numbers; for who forgives misspellings."""
        found = self.whole | {word for name in self.whole for word in re.findall(r"[^\W\d_]{3,}", name)}
        return tuple(sorted(found))


class _KeywordRows:
    """Photos by keyword: a few are asked for one by one, of many all are read at once."""

    def __init__(self, connection: sqlite3.Connection, photos: PhotoList, keywords: Sequence[str]) -> None:
        self._connection, self._photos, self._keywords = connection, photos, keywords
        self._asked = 0
        self._all: dict[str, Numbers] | None = None

    def __call__(self, place: int) -> Rows:
        self._asked += 1
        if self._all is None and self._asked > _FEW:
            self._all = words_text.photos_by_keyword(self._connection)
        word = self._keywords[place]
        known = words_text.with_keyword(self._connection, word) if self._all is None else self._all.get(word)
        return self._photos.rows(np.empty(0, np.int64) if known is None else known)


def _answers(connection: sqlite3.Connection, photos: PhotoList) -> Named:
    answers = words_text.answers(connection)
    return Named(
        "answer",
        1.0,
        [name for _, name, _ in answers],
        lambda place: photos.rows(words_text.with_answer(connection, answers[place][0])),
        "answer",
    )


def _keywords(connection: sqlite3.Connection, photos: PhotoList) -> Named:
    keywords = words_text.keywords(connection)
    return Named("keyword", 1.0, keywords, _KeywordRows(connection, photos, keywords), "keyword")


def _themes(connection: sqlite3.Connection, photos: PhotoList) -> Named:
    themes = words_text.themes(connection)
    return Named(
        "theme",
        0.95,
        [name for _, name in themes],
        lambda place: photos.rows(words_text.in_theme(connection, themes[place][0])),
    )


def _cameras(connection: sqlite3.Connection, photos: PhotoList) -> Named:
    cameras = words_text.cameras(connection)
    return Named("camera", 1.0, [name for name, _ in cameras], lambda place: photos.rows(cameras[place][1]), "camera")


def _named_texts(written: Written, photos: PhotoList) -> Named:
    return Named(written.kind, 0.9, written.split(), photos.row_of(written.ids()))


class NamesKept:
    """The names of a library; what changed is read again when it is next asked for. Belongs to one thread.

    Args:
        library: the open library.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._seen: tuple[object, ...] = ()
        self._parts = _Parts()
        self._names: Names | None = None

    def level(self) -> Names:
        """The names as they are now; 100,000 photos take some 0.2 s the first time and none while nothing changes."""
        connection = self._library.connection
        counted = changes.counts(connection)
        seen = tuple(counted.items())
        if self._names is None or seen != self._seen:
            stamp = changes.stamp(counted, *changes.SHOWN)
            photos = self._parts.part("photo list", stamp, partial(_photos, connection))
            self._names = Names(self._library, photos, self._parts, counted)
            self._seen = seen
        return self._names


def _photos(connection: sqlite3.Connection) -> PhotoList:
    return PhotoList(words_text.photo_names(connection), words_text.folder_names(connection))
