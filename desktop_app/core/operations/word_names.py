"""What photos of a library are called, ready to be searched by words: kept level with the catalogue."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import photo_captions, words_text
from desktop_app.core.catalog.words_text import Numbers, PhotoNames
from desktop_app.core.library import Library
from desktop_app.core.types import FolderId
from desktop_app.core.words.found import Kind
from desktop_app.core.words.texts import END, Texts, fold

_FEW = 30  # keywords whose photos are read one by one

Rows = npt.NDArray[np.int64]
"""Places of photos in `PhotoList.ids`."""


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """A folder in the tree of folders.

    Attributes:
        folder: the library's folder that it is, or is in.
        below: where in it, "" for itself.
        name: its own name.
        parent: place of the folder that it is in; -1 for the library's own.
    """

    folder: FolderId
    below: str
    name: str
    parent: int


class PhotoList:
    """The present photos of a library, newest first, with their folders and file names. Nothing in it changes.

    Attributes:
        ids: int64 (n,).
        days: int64 (n,), 20190531 each.
        folders: every folder that has photos at any depth, outer ones before those in them.
        folder_of: int64 (n,), place in `folders` of the one each photo is in.
        files: names of the files.
        folder_names: names of `folders`, to be searched.
        folded: the same as they are compared.
    """

    def __init__(self, names: PhotoNames, roots: dict[FolderId, str]) -> None:
        ids, folders, days = names.numbers()
        order = np.lexsort((-ids, -days))
        self.ids, self.days = ids[order], days[order]
        self._row_of = np.full(int(ids.max()) + 2 if len(ids) else 1, -1, np.int64)
        self._row_of[self.ids] = np.arange(len(ids))
        paths = names.split_paths()
        places = _Folders(roots)
        inner = [places.of(folder, path) for folder, path in zip(folders.tolist(), paths, strict=True)]
        self.folders: Sequence[FolderPlace] = tuple(places.found)
        self.folder_of: Rows = np.array(inner, np.int64)[order] if len(inner) else np.empty(0, np.int64)
        file_names = END.encode().join(paths[place].rpartition(b"/")[2] for place in order.tolist())
        self.files = Texts(fold(words_text.decode(file_names)) + END) if len(ids) else Texts("")
        self._file_names = file_names
        self.folded = [fold(place.name) for place in self.folders]
        self.folder_names = Texts.of(place.name for place in self.folders)

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, ids: Numbers) -> Rows:
        """Where photos are; those that are not shown are left out: int64 (m,)."""
        found = self.row_of(ids)
        return found[found >= 0]

    def row_of(self, ids: Numbers) -> Rows:
        """Where each of some photos is, -1 for one that is not shown: int64, as many."""
        last = len(self._row_of) - 1  # where no photo is
        return self._row_of[np.where((ids >= 0) & (ids < last), ids, last)]

    @cached_property
    def _files_listed(self) -> list[bytes]:
        return self._file_names.split(END.encode())

    @cached_property
    def months(self) -> tuple[Rows, Rows]:
        """Months that have photos (201905), newest first, and how many: int64 (months,) each."""
        months, counts = np.unique(self.days // 100, return_counts=True)
        return months[::-1], counts[::-1]

    def file_name(self, row: int) -> str:
        """What a photo's file is called."""
        return words_text.decode(self._files_listed[row])

    @cached_property
    def levels(self) -> list[tuple[Rows, Rows]]:
        """Folders that are in others and those they are in, int64 (m,) each, the outermost first."""
        depths: list[int] = []
        for folder in self.folders:
            depths.append(depths[folder.parent] + 1 if folder.parent >= 0 else 0)
        parents = np.array([folder.parent for folder in self.folders], np.int64)
        below = np.array(depths, np.int64)
        inside = [np.flatnonzero(below == depth) for depth in range(1, max(depths, default=0) + 1)]
        return [(places, parents[places]) for places in inside]

    @cached_property
    def folder_counts(self) -> Rows:
        """Photos in each of `folders`, at any depth: int64 (folders,)."""
        counts = np.bincount(self.folder_of, minlength=len(self.folders)).astype(np.int64)
        for place in range(len(self.folders) - 1, -1, -1):
            if self.folders[place].parent >= 0:
                counts[self.folders[place].parent] += counts[place]
        return counts


class _Folders:
    """The tree of folders, as it is met."""

    def __init__(self, roots: dict[FolderId, str]) -> None:
        self._roots = roots
        self._place_of: dict[tuple[int, bytes], int] = {}
        self.found: list[FolderPlace] = []

    def of(self, folder: int, path: bytes) -> int:
        inner = path.rpartition(b"/")[0]
        place = self._place_of.get((folder, inner))
        return self._enter(folder, inner) if place is None else place

    def _enter(self, folder: int, inner: bytes) -> int:
        place = self._place_of.get((folder, inner))
        if place is not None:
            return place
        parent = -1
        name = self._roots.get(FolderId(folder), "")
        if inner:
            outer, _, own = inner.rpartition(b"/")
            parent, name = self._enter(folder, outer), words_text.decode(own)
        place = self._place_of[folder, inner] = len(self.found)
        self.found.append(FolderPlace(FolderId(folder), words_text.decode(inner), name, parent))
        return place


class Named:
    """Things with names that photos belong to: answers, keywords, cameras, themes; or texts, one for each photo.

    Attributes:
        kind: what they are, as a person reads it.
        completes: the kind of a completion by them; None where nothing is completed.
        worth: the score of a photo whose name is just the word.
        names: as written.
        texts: the same, to be searched.
        is_name: False for texts.
    """

    def __init__(
        self,
        kind: str,
        worth: float,
        names: Sequence[str],
        rows: Callable[[int], Rows],
        completes: Kind | None = None,
        *,
        is_name: bool = True,
    ) -> None:
        self.kind, self.worth, self.names, self.completes = kind, worth, names, completes
        self.texts = Texts.of(names)
        self._read, self.is_name = rows, is_name
        self._rows: dict[int, Rows] = {}

    def rows(self, place: int) -> Rows:
        """Photos that belong to one of them, int64 (m,)."""
        known = self._rows.get(place)
        if known is None:
            known = self._rows[place] = self._read(place)
        return known

    def why(self, place: int) -> str:
        """Why a photo fits that belongs to it."""
        return f"{self.kind} {self.names[place]}" if self.is_name else self.kind


class Names:
    """All that photos are called at one moment. Belongs to one thread; what it hands out may cross threads."""

    def __init__(self, library: Library, photos: PhotoList, cameras: Named) -> None:
        self._library, self._cameras = library, cameras
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
        by_kind: dict[str, list[tuple[int, str]]] = {}
        for photo, kind, text in words_text.written(connection):
            by_kind.setdefault(kind, []).append((photo, text))
        by_kind["caption"] = [(photo, text) for photo, text in photo_captions.captions(connection).items()]
        for kind, rows in by_kind.items():
            found.append(_written(kind, rows, photos))
        return tuple(one for one in found if one.names)

    @cached_property
    def whole(self) -> frozenset[str]:
        """Names as they are compared: of folders, answers, keywords, cameras and themes."""
        found = {fold(folder.name) for folder in self.photos.folders}
        return frozenset(found.union(*(map(fold, one.names) for one in self.named if one.is_name)))

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


def _written(kind: str, texts: list[tuple[int, str]], photos: PhotoList) -> Named:
    ids = np.array([photo for photo, _ in texts], np.int64)
    return Named(
        kind, 0.9, [text for _, text in texts], lambda place: photos.rows(ids[place : place + 1]), is_name=False
    )


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
        self._names = Names(self._library, self._photos, self._cameras)
        self._seen, self._state = seen, state
        return self._names


def _cameras(cameras: list[tuple[str, Numbers]], photos: PhotoList) -> Named:
    return Named("camera", 1.0, [name for name, _ in cameras], lambda place: photos.rows(cameras[place][1]), "camera")
