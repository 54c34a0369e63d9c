"""Entering folders into a library: each path once, whatever lies inside what."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from desktop_app.core import archives, paths
from desktop_app.core.catalog import features, folders
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.types import Folder, FolderId


def enter(library: Library, roots: Sequence[Path], only: Sequence[FolderId]) -> list[Folder]:
    """The folders to scan, new ones entered into the catalogue."""
    wanted = list(only)
    for root in roots:
        if not paths.is_folder(root):
            raise UserError(f"{root} is not a folder." if paths.exists(root) else f"There is no folder at {root}.")
    with library.database.transaction() as connection:
        for root in roots:
            wanted.append(enter_folder(connection, root))
        if roots:  # what was lost meanwhile is made good on the way
            wanted += features.folders_without_vectors(connection, library.network.key)
        present = folders.all_folders(connection)
        return [folder for folder in present if not wanted or folder.id in wanted]


def enter_folder(connection: sqlite3.Connection, root: Path) -> FolderId:
    """Add a root; one inside a folder of the library is that folder, one around others takes them in.

    A link to a folder of the library, or to one inside it, is no second folder either: its photos are in already.
    """
    root = Path(os.path.abspath(root))
    real = os.path.realpath(root)
    inner = []
    for folder in folders.all_folders(connection):
        if root == folder.root or not archives.may_nest(root, folder.root):
            continue
        if root.is_relative_to(folder.root) or Path(real).is_relative_to(os.path.realpath(folder.root)):
            return folder.id
        if folder.root.is_relative_to(root):
            inner.append(folder)
    outer = folders.add(connection, root)
    for folder in inner:
        prefix = os.fsencode(folder.root.relative_to(root).as_posix())
        folders.absorb(connection, outer, folder.id, prefix)
    return outer
