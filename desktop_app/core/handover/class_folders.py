"""A folder per class, under names that every system can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_LONGEST = 80


class ClassFolders:
    """Where the copies of each class go.

    Args:
        root: above all of them.
        classes: their names; two that differ only in case or in what a name cannot hold get folders of their own.
    """

    def __init__(self, root: Path, classes: Iterable[str]) -> None:
        self._folders: dict[str, Path] = {}
        taken: set[str] = set()
        for name in classes:
            if name in self._folders:
                continue
            wanted = folder_name(name)
            chosen, number = wanted, 2
            while chosen.casefold() in taken:
                chosen, number = f"{wanted} ({number})", number + 1
            taken.add(chosen.casefold())
            self._folders[name] = root / chosen

    def folder(self, name: str) -> Path:
        """The folder of a class; not made yet."""
        return self._folders[name]


def folder_name(name: str) -> str:
    """A class's name as a folder's: no separators, no names that Windows keeps, never empty, never "..", not long."""
    cleaned = _FORBIDDEN.sub("_", name.encode("utf-8", "replace").decode())[:_LONGEST].strip().rstrip(". ")
    if not cleaned or _RESERVED.fullmatch(cleaned):
        cleaned = f"_{cleaned}"
    return cleaned


def free_name(folder: Path, name: str) -> Path:
    """A path in a folder that nothing lies at: "photo.jpg", else "photo (2).jpg", ..."""
    wanted = folder / name
    number = 2
    while wanted.exists() or wanted.is_symlink():
        wanted = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
        number += 1
    return wanted
