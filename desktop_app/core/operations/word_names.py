"""What photos of a library are called, ready to be searched by words: kept level with the catalogue."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from desktop_app.core.catalog import words_text
from desktop_app.core.catalog.words_text import Numbers, Written
from desktop_app.core.library import Library
from desktop_app.core.operations.word_photos import PhotoList, Rows
from desktop_app.core.words.found import Kind
from desktop_app.core.words.texts import Texts, fold

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


class Names:
    """All that photos are called at one moment. Belongs to one thread; what it hands out may cross threads."""

    def __init__(self, library: Library, photos: PhotoList, cameras: Named, texts: dict[Written, Named]) -> None:
        self._library, self._cameras, self._texts = library, cameras, texts
        self.photos = photos

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """Everything with a name but files and folders."""
        connection, photos = self._library.connection, self.photos
        answers = words_text.answers(connection)
        keywords = words_text.keywords(connection)
        themes = words_text.themes(connection)
        found = [
            Named(
                "answer",
                1.0,
                [name for _, name, _ in answers],
                lambda place: photos.rows(words_text.with_answer(connection, answers[place][0])),
                "answer",
            ),
            Named("keyword", 1.0, keywords, _KeywordRows(connection, photos, keywords), "keyword"),
            Named(
                "theme",
                0.95,
                [name for _, name in themes],
                lambda place: photos.rows(words_text.in_theme(connection, themes[place][0])),
            ),
            self._cameras,
        ]
        written = words_text.written(connection)
        known = {one: self._texts.get(one) or _named_texts(one, photos) for one in written}
        self._texts.clear()
        self._texts.update(known)
        return tuple(one for one in (*found, *known.values()) if one.names)

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


def _named_texts(written: Written, photos: PhotoList) -> Named:
    return Named(written.kind, 0.9, written.split(), photos.row_of(written.ids()))


class NamesKept:
    """The names of a library, read again when something changed. Belongs to one thread.

    Args:
        library: the open library.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._seen: tuple[int, ...] = ()
        self._state: tuple[object, ...] = ()
        self._photos: PhotoList | None = None
        self._cameras: Named | None = None
        self._texts: dict[Written, Named] = {}
        self._names: Names | None = None

    def level(self) -> Names:
        """The names as they are now; 100,000 photos take some 0.2 s the first time and none while nothing changes."""
        connection = self._library.connection
        changes = connection.execute("PRAGMA data_version").fetchone()[0], connection.total_changes
        seen = (self._library.presence, *changes)
        if self._names is not None and seen == self._seen:
            return self._names
        state = words_text.state(connection, self._library.network.key)
        if self._photos is None or self._cameras is None or state != self._state:
            names, roots = words_text.photo_names(connection), words_text.folder_names(connection)
            self._photos = PhotoList(names, roots)
            self._cameras = _cameras(words_text.cameras(connection), self._photos)
            self._texts = {}
        self._names = Names(self._library, self._photos, self._cameras, self._texts)
        self._seen, self._state = seen, state
        return self._names


def _cameras(cameras: list[tuple[str, Numbers]], photos: PhotoList) -> Named:
    return Named("camera", 1.0, [name for name, _ in cameras], lambda place: photos.rows(cameras[place][1]), "camera")
