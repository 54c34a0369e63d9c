"""Copying chosen photos to a folder, with what belongs to them; nothing written over, originals only read."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core import archives, wording
from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.images.companions import companions
from desktop_app.core.library import Library
from desktop_app.core.operations import copies
from desktop_app.core.types import Photo, PhotoId, Progress

_TEXT = "Copying photos"
_BLOCK = 1_000  # photos whose companions are looked for at once
_LONGEST = 190  # bytes of a name's beginning, so that a number fits behind it


@dataclass(frozen=True, slots=True)
class CopiedOut:
    """What came of copying.

    Attributes:
        folder: where the copies are.
        photos: how many are there, those among them that were there before.
        companions: files that belong to them.
        failed: originals that could not be read.
    """

    folder: Path
    photos: int
    companions: int
    failed: tuple[Path, ...] = ()

    @property
    def words(self) -> str:
        """`214 photos and 3 files that belong to them copied to “Prints”.`, and what could not be read."""
        said = "No photo was copied."
        if self.photos:
            what = wording.count(self.photos, "photo")
            if self.companions:
                owner = "it" if self.photos == 1 else "them"
                verb = "belongs" if self.companions == 1 else "belong"
                what += f" and {wording.count(self.companions, 'file')} that {verb} to {owner}"
            said = f"{what} copied to “{wording.printable(self.folder.name)}”."
        if len(self.failed) == 1:
            said += f" {wording.printable(self.failed[0].name)} could not be read."
        elif self.failed:
            said += f" {wording.number(len(self.failed))} files could not be read."
        return said


def copy_out(
    library: Library, ids: Sequence[PhotoId], target: Path, *, with_companions: bool = True
) -> Generator[Progress, None, CopiedOut]:
    """Copy photos to a folder, in order; where a name is taken the photo and its files get the same number.

    A file that lies there already, equal to the byte, counts as the copy. Closed at any report, what is copied stays.

    Args:
        library: where the photos are.
        ids: the photos.
        target: the folder; made where it is not there.
        with_companions: side-cars, videos of live photos and so on go along.

    Raises:
        UserError: the folder lies in the library, is full or cannot be written; what was copied stays.
    """
    copies.refuse_inside(library, [target])
    yield Progress(_TEXT, 0, len(ids))
    run = _Run(target)
    _refuse_too_much(target, photos.total_size(library.connection, ids))
    start, done = time.monotonic(), 0
    for first in range(0, len(ids), _BLOCK):
        block = ids[first : first + _BLOCK]
        found = photos.fetch(library.connection, block)
        chosen = [found[one] for one in block if one in found]
        beside = companions(photo.path for photo in chosen) if with_companions else {}
        own = {photo.path for photo in chosen}
        for photo in chosen:
            run.copy(photo, [one.path for one in beside.get(photo.path, ()) if one.path not in own])
            done += 1
            passed = time.monotonic() - start
            yield Progress(_TEXT, done, len(ids), passed / done * (len(ids) - done) if passed > 2 else None)
    return CopiedOut(target, run.photos, run.companions, tuple(run.failed))


def _refuse_too_much(target: Path, size: int) -> None:
    there = target
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        free = shutil.disk_usage(there).free
    except OSError:
        return  # writing will tell
    if free < size:
        raise UserError(
            f"There is not enough room in “{wording.printable(target.name)}”: the photos take "
            f"{wording.byte_size(size)}, and {wording.byte_size(free)} are free."
        )


class _Run:
    def __init__(self, target: Path) -> None:
        self._target = target
        self._made: set[Path] = set()
        self.photos = self.companions = 0
        self.failed: dict[Path, None] = {}

    def copy(self, photo: Photo, others: Sequence[Path]) -> None:
        """Copy one photo and its files under names that belong together."""
        try:
            self._target.mkdir(parents=True, exist_ok=True)
            number = 1
            while (names := self._names([photo.path, *others], photo.path, number)) is None:
                number += 1
        except OSError as error:
            raise copies.unwritable(error, self._target) from error
        reserved = {copy for copy, is_there in names.values() if not is_there}
        try:
            for source, (copy, is_there) in names.items():
                if not is_there and not self._fill(source, copy):
                    self.failed[source] = None
                    if source == photo.path:
                        return
                reserved.discard(copy)
                self._made.add(copy)
                self.photos += source == photo.path
                self.companions += source != photo.path and source not in self.failed
        finally:
            for copy in reserved:  # names that were taken and not used
                copy.unlink(missing_ok=True)

    def _names(self, sources: Sequence[Path], photo: Path, number: int) -> dict[Path, tuple[Path, bool]] | None:
        """The names of this number, taken, and whether an equal file is there; None where another file has one."""
        found: dict[Path, tuple[Path, bool]] = {}
        taken: list[Path] = []
        for source in sources:
            copy = self._target / _numbered(source.name, photo.stem, number)
            if copies.take_name(copy):
                taken.append(copy)
                found[source] = copy, False
            elif copy not in self._made and copies.is_equal(source, copy):
                found[source] = copy, True
            else:
                for one in taken:
                    one.unlink(missing_ok=True)
                return None
        return found

    def _fill(self, source: Path, copy: Path) -> bool:
        with ExitStack() as opened:
            try:
                original = opened.enter_context(archives.opened(source))
            except (OSError, ValueError, UserError):
                return False
            part = self._target / f".{os.getpid()}-{len(self._made)}.part"
            return copies.fill(original, source, copy, part, self._target)


def _numbered(name: str, stem: str, number: int) -> str:
    """`IMG_1 (2).jpg.xmp` for the side-car of the second IMG_1: the number stands behind the photo's own name."""
    if number == 1:
        return name
    own = stem if name.lower().startswith(stem.lower()) else name.rpartition(".")[0] or name
    head, tail = name[: len(own)], name[len(own) :]
    head = os.fsdecode(os.fsencode(head)[:_LONGEST])
    return f"{head} ({number}){tail}"
