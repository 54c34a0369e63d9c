"""Which photo of a library a path means that somebody wrote down."""

from __future__ import annotations

import os
import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from desktop_app.core.types import PhotoId


class PhotoFinder:
    """Finds present photos by paths as people and programs write them.

    Tried in this order: the path itself, or relative to `base`; relative to a folder of the library or to the one that
    holds it, if only one photo fits; a name alone, if only one photo below `base`, or in all, has it. Paths are
    compared as written, then whatever their case and Unicode form, then by where links lead.

    Args:
        connection: to the catalogue.
        base: what relative paths start from, absolute.
    """

    def __init__(self, connection: sqlite3.Connection, base: Path) -> None:
        self._base = os.fspath(base)
        self._exact: dict[str, PhotoId] = {}
        self._folded: dict[str, PhotoId | None] = {}  # None where several photos differ by case only
        self._real: dict[str, str] = {}
        self._named: dict[str, list[str]] = {}
        roots: set[str] = set()
        for photo, root, relative in _present(connection):
            roots.add(root)
            path = os.path.join(root, relative)  # noqa: PTH118 - as text: a Path for each of 100,000 is slow
            self._exact[os.path.normpath(path)] = photo
        for path, photo in self._exact.items():
            key = _fold(path)
            self._folded[key] = None if key in self._folded else photo
            self._named.setdefault(os.path.basename(path), []).append(path)  # noqa: PTH119
        parents = {os.path.dirname(root) for root in roots}  # noqa: PTH120
        self._places = sorted(roots) + sorted(parents - roots)
        self._real_roots = [(os.path.realpath(root), root) for root in roots]

    def find(self, text: str) -> PhotoId | None:
        """The photo that a path means, or None."""
        if not text or "\0" in text:
            return None
        for written in dict.fromkeys([text, text.replace("\\", os.sep)]):
            found = self._at(os.path.normpath(os.path.join(self._base, written)))  # noqa: PTH118
            if found is None and not os.path.isabs(written):  # noqa: PTH117
                there = {self._at(os.path.normpath(os.path.join(place, written))) for place in self._places}  # noqa: PTH118
                there.discard(None)
                found = there.pop() if len(there) == 1 else None
            if found is None:
                found = self._by_name(written)
            if found is not None:
                return found
        return None

    def _by_name(self, name: str) -> PhotoId | None:
        """The one photo of this name."""
        everywhere = self._named.get(name, [])
        near = [path for path in everywhere if path.startswith(self._base + os.sep)]
        for found in (near, everywhere):
            if len(found) == 1:
                return self._exact[found[0]]
        return None

    def _at(self, path: str) -> PhotoId | None:
        found = self._exact.get(path)
        if found is None:
            found = self._folded.get(_fold(path))
        if found is None:
            folder, name = os.path.split(path)
            if folder not in self._real:  # asked once per folder: following links touches the disk
                self._real[folder] = self._known_as(os.path.realpath(folder))
            found = self._exact.get(os.path.join(self._real[folder], name))  # noqa: PTH118
        return found

    def _known_as(self, real: str) -> str:
        """A folder without links as the library names it."""
        for place, root in self._real_roots:
            if real == place or real.startswith(place.rstrip(os.sep) + os.sep):
                return os.path.normpath(root + os.sep + real[len(place) :])
        return real


def photos_below(connection: sqlite3.Connection, root: Path) -> Iterator[tuple[PhotoId, tuple[str, ...]]]:
    """Present photos under a folder, also where links lead there, with the parts of their paths inside it."""
    wanted = os.path.realpath(root)
    real: dict[str, str] = {}
    for photo, folder, relative in _present(connection):
        if folder not in real:
            real[folder] = os.path.realpath(folder)
        for base, below in ((folder, os.fspath(root)), (real[folder], wanted)):
            path = os.path.normpath(os.path.join(base, relative))  # noqa: PTH118
            prefix = below.rstrip(os.sep) + os.sep
            if os.path.normcase(path).startswith(os.path.normcase(prefix)):
                yield photo, tuple(path[len(prefix) :].split(os.sep))  # noqa: PTH206
                break


def _present(connection: sqlite3.Connection) -> Iterator[tuple[PhotoId, str, str]]:
    """Id, root and relative path of every present photo."""
    rows = connection.execute(
        "SELECT p.id, d.root, p.path FROM photos p JOIN folders d ON d.id = p.folder"
        " WHERE p.missing = 0 AND d.removed IS NULL ORDER BY p.id"
    )
    for photo, root, path in rows:
        yield PhotoId(photo), os.fsdecode(root), os.fsdecode(path)


def _fold(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
