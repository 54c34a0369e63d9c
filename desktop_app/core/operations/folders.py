"""Short changes to a library's folders; each is undone by another."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.catalog import folders
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.types import Changes, FolderId

_CHANGED = Changes(folders=True, skipped=True, index=True)


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
    library.presence += 1
    return _CHANGED


def point_elsewhere(library: Library, folder: FolderId, root: Path) -> Changes:
    """The same folder lies somewhere else now; its photos keep what belongs to them. Look for changes afterwards.

    Raises:
        UserError: there is no folder, or the library has it already.
    """
    if not root.is_dir():
        raise UserError(f"There is no folder at {root}.")
    with library.database.transaction() as connection:
        other = folders.find(connection, root)
        if other is not None and other != folder:
            raise UserError(f"“{root.name}” is in this library already.")
        folders.point_elsewhere(connection, folder, root)
    return _CHANGED
