"""What moving to the trash and back is made of: the system's trash, what came of it, reasons as sentences."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.types import PhotoId

NO_TRASH = "This drive has no trash."


class Trash(Protocol):
    """The system's trash. Every method may raise `UserError` with the reason as a sentence."""

    def refusal(self, folder: Path) -> str:
        """Why files of a folder cannot go to the trash, as a sentence; "" where nothing is known against it."""
        ...

    def move(self, path: Path) -> Path | None:
        """Move a file to the trash; returns where it lies there, None where the system does not say.

        Raises:
            UserError: it did not go, and is where it was.
        """
        ...

    def put_back(self, trashed: Path, place: Path) -> None:
        """Bring a file back, never over another one.

        Raises:
            UserError: it could not be brought back, and is where it was.
        """
        ...

    def find(self, places: Collection[Path]) -> dict[Path, Path] | None:
        """Where files are in the trash that lay at these places; None where the system does not say."""
        ...


@dataclass(frozen=True, slots=True)
class Left:
    """A photo that did not go, or did not come back."""

    path: Path
    reason: str  # a sentence


@dataclass(frozen=True, slots=True)
class Trashed:
    """What came of moving photos to the trash.

    Attributes:
        batch: names it for `restore`; 0 where nothing went.
        photos: that are in the trash now.
        companions: how many files that belong to them went with them.
        size: bytes of all of it.
        left: what did not go, and why; nothing of it was touched.
    """

    batch: int
    photos: tuple[PhotoId, ...]
    companions: int
    size: int
    left: tuple[Left, ...] = ()

    @property
    def words(self) -> str:
        """`214 photos and 3 files that belong to them moved to the trash, 1.3 GB.`, and what did not go."""
        said = []
        if self.photos:
            what = wording.count(len(self.photos), "photo")
            if self.companions:
                owner = "it" if len(self.photos) == 1 else "them"
                verb = "belongs" if self.companions == 1 else "belong"
                what += f" and {wording.count(self.companions, 'file')} that {verb} to {owner}"
            said.append(f"{what} moved to the trash, {wording.byte_size(self.size)}.")
        if self.left:
            said.append(_left_words(self.left, bool(self.photos)))
        return " ".join(said)


def _left_words(left: Sequence[Left], some_went: bool) -> str:
    (reason, most), *others = Counter(one.reason for one in left).most_common()
    if not some_went and not others:
        return f"{reason.removesuffix('.')}, so nothing was moved."
    if len(left) == 1:
        return f"{wording.printable(left[0].path.name)} was not moved: {lower(reason)}"
    if not others:
        return f"{wording.number(most)} were not moved: {lower(reason)}"
    return f"{wording.number(len(left))} were not moved, {wording.number(most)} of them because: {lower(reason)}"


def lower(words: str) -> str:
    """A sentence behind a colon."""
    return words[:1].lower() + words[1:]


def is_one_file(one: Path, other: Path) -> bool:
    """Whether two paths are two names of one file: so it is for a moment while a file comes back."""
    try:
        first, second = os.lstat(one), os.lstat(other)
    except OSError:
        return False
    return first.st_ino != 0 and os.path.samestat(first, second)


def sentence(error: UserError | OSError) -> str:
    """What went wrong, for a person."""
    if isinstance(error, UserError):
        return str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full."
    if isinstance(error, FileNotFoundError):
        return "There is no file any more."
    return f"The system refused ({error.strerror or error})."
