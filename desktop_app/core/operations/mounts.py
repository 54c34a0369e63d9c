"""Drives whose place stays behind as an empty folder when they are removed: that is not a folder without photos."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.types import Folder, FolderId

_MOUNTS = "mounts"  # what `meta` calls the folders that were where a drive is mounted


def refuse_empty_mount(library: Library, folder: Folder) -> None:
    """Refuse a folder that was a drive and is only its empty place now.

    Raises:
        UserError: it is one; its photos are away, not gone.
    """
    if folder.photos and is_empty_mount(library, folder.id, folder.root):
        raise UserError(
            f"The folder {folder.name} is not there. Connect its drive, or show where it is now.",
            f"nothing is mounted at {folder.root}",
        )


def is_empty_mount(library: Library, folder: FolderId, root: Path) -> bool:
    """Whether a folder of the library was a drive, and only its empty place is there now."""
    return str(folder) in _noted(library) and not os.path.ismount(root) and _is_empty(root)


def note_mounts(library: Library, folders: Iterable[Folder], away: Collection[str]) -> None:
    """Remember which of these folders are whole drives; those that are away stay what they were."""
    before = now = _noted(library)
    for folder in folders:
        if folder.name not in away:
            mounted = os.path.ismount(folder.root)
            now = now | {str(folder.id)} if mounted else now - {str(folder.id)}
    if now != before:
        library.set_meta(_MOUNTS, " ".join(sorted(now, key=int)))


def _noted(library: Library) -> frozenset[str]:
    return frozenset(library.get_meta(_MOUNTS).split())


def _is_empty(root: Path) -> bool:
    try:
        with os.scandir(root) as listing:
            return not any(entry.name != "lost+found" for entry in listing)
    except OSError:
        return False
