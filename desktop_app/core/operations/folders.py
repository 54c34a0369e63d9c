"""Short changes to a library's folders; each is undone by another."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from desktop_app.core import paths
from desktop_app.core.catalog import folders
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.types import Changes, FolderId, FolderState

_CHANGED = Changes(folders=True, skipped=True, index=True)


def notice_drives(library: Library) -> tuple[Changes, list[FolderId]]:
    """Mark folders whose drive is not connected as away.

    Returns:
        What changed, and the folders that are back: they are to be looked through.
    """
    connection = library.connection
    there = {folder.id: paths.is_folder(folder.root) for folder in folders.all_folders(connection)}
    back = []
    changed = False
    with library.database.transaction() as connection:
        for folder in folders.all_folders(connection):
            is_there = there.get(folder.id, True)
            if not is_there and folder.state is not FolderState.AWAY:
                folders.set_state(connection, folder.id, FolderState.AWAY, folder.waiting)
                changed = True
            elif is_there and folder.state is FolderState.AWAY:
                folders.set_state(connection, folder.id, FolderState.ADDING, folder.waiting)
                back.append(folder.id)
    return Changes(folders=changed or bool(back)), back


def remove_folder(library: Library, folder: FolderId) -> Changes:
    """Take a folder out of the library; for a month `restore_folder` brings it back whole."""
    with library.database.transaction() as connection:
        folders.remove(connection, folder)
    library.presence += 1
    return _CHANGED


def restore_folder(library: Library, folder: FolderId) -> Changes:
    """Undo `remove_folder`."""
    with library.database.transaction() as connection:
        folders.restore(connection, folder)
        _join(connection, folder)
    library.presence += 1
    return _CHANGED


def point_elsewhere(library: Library, folder: FolderId, root: Path) -> Changes:
    """The same folder lies somewhere else now; its photos keep what belongs to them. Look for changes afterwards.

    Raises:
        UserError: there is no folder, or the library has it already.
    """
    root = Path(os.path.abspath(root))
    if not paths.is_folder(root):
        raise UserError(f"There is no folder at {root}.")
    with library.database.transaction() as connection:
        for other in folders.all_folders(connection):
            if other.id == folder:
                continue
            if paths.place_in(root, other.root) is not None or paths.place_in(other.root, root) is not None:
                raise UserError(f"“{root.name}” is in this library already.")
        removed = folders.find(connection, root)
        if removed is not None and removed != folder:  # the same files: they belong to this folder from now on
            folders.replace(connection, removed, folder)
        folders.point_elsewhere(connection, folder, root)
    return _CHANGED


def _join(connection: sqlite3.Connection, folder: FolderId) -> None:
    """What was added while a folder was removed may hold it, or lie in it: one photo per path, the older ids stay."""
    everything = folders.all_folders(connection)
    root = next((one.root for one in everything if one.id == folder), None)
    if root is None:
        return
    for other in everything:
        if other.id == folder:
            continue
        prefix = paths.place_in(root, other.root)
        if prefix is not None:
            folders.absorb(connection, other.id, folder, prefix)
            return
        prefix = paths.place_in(other.root, root)
        if prefix is not None:
            folders.absorb(connection, folder, other.id, prefix, prefer_inner=False)
