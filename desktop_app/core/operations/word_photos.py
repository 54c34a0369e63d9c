"""The photos of a library with their folders and file names, ready to be searched by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import words_text
from desktop_app.core.catalog.words_text import Numbers, PhotoNames
from desktop_app.core.types import FolderId
from desktop_app.core.words.texts import END, Texts, fold

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
        parts = [path.rpartition(b"/") for path in names.split_paths()]
        inner = [(folder, part[0]) for folder, part in zip(folders.tolist(), parts, strict=True)]
        tree = _Folders(roots)
        for folder, below in sorted(set(inner)):
            tree.enter(folder, below)
        self.folders: Sequence[FolderPlace] = tuple(tree.found)
        self.folder_of: Rows = np.array([tree.place_of[one] for one in inner], np.int64)[order]
        file_names = END.encode().join([parts[place][2] for place in order.tolist()])
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
    """The tree of folders, as it is made."""

    def __init__(self, roots: dict[FolderId, str]) -> None:
        self._roots = roots
        self.place_of: dict[tuple[int, bytes], int] = {}
        self.found: list[FolderPlace] = []

    def enter(self, folder: int, inner: bytes) -> int:
        """The place of a folder, those it is in before it."""
        place = self.place_of.get((folder, inner))
        if place is not None:
            return place
        parent = -1
        name = self._roots.get(FolderId(folder), "")
        if inner:
            outer, _, own = inner.rpartition(b"/")
            parent, name = self.enter(folder, outer), words_text.decode(own)
        place = self.place_of[folder, inner] = len(self.found)
        self.found.append(FolderPlace(FolderId(folder), words_text.decode(inner), name, parent))
        return place
