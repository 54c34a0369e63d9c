"""Copies of photos beside one another in a folder: nothing written over, no half files, originals only read."""

from __future__ import annotations

import errno
import filecmp
import json
import os
import re
import shutil
import time
from collections.abc import Collection, Generator, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from desktop_app.core import archives, paths
from desktop_app.core.catalog import folders
from desktop_app.core.catalog.database import FULL
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.settings import write_atomically
from desktop_app.core.types import Photo, Progress

_TEXT = "Copying photos"

_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}


_LONGEST = 200  # bytes: file systems end at 255, and a number may follow


def safe_name(name: str) -> str:
    """A name that every system takes for a folder."""
    text = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f]', "_", name)
    text = text.encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore").rstrip(" .").lstrip(" ")
    if not text:
        return "_"
    stem, dot, rest = text.partition(".")
    return f"{stem}_{dot}{rest}" if stem.rstrip().casefold() in _RESERVED else text


def refuse_inside(library: Library, places: Iterable[Path]) -> None:
    """See that no copy comes to lie in a folder of the library, where it would be added as a photo.

    Raises:
        UserError: one would.
    """
    roots = [Path(os.path.realpath(folder.root)) for folder in folders.all_folders(library.connection)]
    for place in places:
        real = Path(os.path.realpath(place))
        for root in roots:
            if real.is_relative_to(root):
                raise UserError(
                    f"The copies would lie in “{root.name}” and be added as photos. Choose a folder outside it."
                )


def refuse_full(target: Path) -> None:
    """See that a folder is empty or absent.

    Raises:
        UserError: it is not.
    """
    try:
        full = paths.exists(target) and any(target.iterdir())
    except OSError as error:
        raise UserError(f"The folder {target} cannot be used.", str(error)) from error
    if full:
        raise UserError(f"“{target.name}” is not empty. Choose an empty folder.")


def copy_all(
    places: Sequence[tuple[Photo, Path]], target: Path, *, fresh: bool
) -> Generator[Progress, None, tuple[list[tuple[Photo, Path]], tuple[Path, ...]]]:
    """Copy photos to folders below `target`; returns the copies, and the originals that could not be read.

    Where a name is taken the copy gets a number behind it; unless `fresh`, an equal file that was there before counts
    as the copy.

    Raises:
        UserError: a copy cannot be written; those before it stay.
    """
    copied: list[tuple[Photo, Path]] = []
    failed: dict[Path, None] = {}
    made: set[Path] = set()
    start = time.monotonic()
    for done, (photo, folder) in enumerate(places):
        passed = time.monotonic() - start
        left = passed / done * (len(places) - done) if done and passed > 2 else None
        yield Progress(_TEXT, done, len(places), left)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(error, target) from error
        copy = _copy(photo.path, folder, made, target, fresh=fresh)
        if copy is None:
            failed[photo.path] = None
        else:
            made.add(copy)
            copied.append((photo, copy))
    yield Progress(_TEXT, len(places), len(places))
    return copied, tuple(failed)


def _copy(source: Path, folder: Path, made: Collection[Path], target: Path, *, fresh: bool) -> Path | None:
    """Copy a file under a free name; None where it cannot be read. An equal file that lay there before is taken."""
    with ExitStack() as opened:
        try:
            original = opened.enter_context(archives.opened(source))
        except (OSError, ValueError, UserError):
            return None
        try:
            number, copy = 1, folder / source.name
            while not take_name(copy):
                if not fresh and copy not in made and is_equal(source, copy):
                    return copy
                number += 1
                stem = os.fsdecode(os.fsencode(source.stem)[:_LONGEST])
                copy = folder / f"{stem} ({number}){source.suffix}"
        except OSError as error:
            raise unwritable(error, target) from error
        part = folder / f".{os.getpid()}-{len(made)}.part"
        return copy if fill(original, source, copy, part, target) else None


def fill(original: BinaryIO, source: Path, copy: Path, part: Path, target: Path) -> bool:
    """Put a file's bytes in the place of the empty file that holds their name; False where they cannot be read.

    The copy has the file's times. Failed or stopped, neither the empty file nor `part` stays.

    Raises:
        UserError: it cannot be written.
    """
    try:
        with open(part, "wb") as out:
            shutil.copyfileobj(original, out, 1 << 20)
        if not archives.is_inside(source):
            shutil.copystat(source, part)
        part.replace(copy)
    except BaseException as error:
        part.unlink(missing_ok=True)
        copy.unlink(missing_ok=True)
        if isinstance(error, archives.Damaged):
            return False
        if not isinstance(error, OSError):
            raise
        if error.errno == errno.EIO or not paths.is_file(source):
            return False  # its disk is failing, or went away
        raise unwritable(error, target) from error
    return True


def take_name(path: Path) -> bool:
    """Make an empty file, so that nobody else's is written over; False where there is something already."""
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def is_equal(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes; the first may be in an archive."""
    try:
        if archives.is_inside(one):
            with archives.opened(one) as first, archives.opened(other) as second:
                while (piece := first.read(1 << 16)) == second.read(1 << 16):
                    if not piece:
                        return True
            return False
        return filecmp.cmp(one, other, shallow=False)
    except (OSError, UserError):
        return False


def unwritable(error: OSError, target: Path) -> UserError:
    """A failed write as a sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(FULL.replace("the library", "the copies"), str(error))
    return UserError(f"The folder {target} cannot be written.", str(error))


def save_json(path: Path, value: object) -> None:
    """Write a value as JSON.

    Raises:
        UserError: it cannot be written.
    """
    try:
        write_atomically(path, json.dumps(value, ensure_ascii=False, indent=1).encode())
    except OSError as error:
        raise unwritable(error, path.parent) from error
