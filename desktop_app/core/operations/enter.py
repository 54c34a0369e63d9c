"""Entering folders into a library: each path once, whatever lies inside what."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from desktop_app.core import paths
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

    So is what a link leads to: its photos are in already, whatever they are called here.
    """
    root = Path(os.path.abspath(root))
    inner: list[tuple[FolderId, bytes]] = []
    for folder in folders.all_folders(connection):
        if root == folder.root:
            continue
        if paths.place_in(root, folder.root) is not None:
            return folder.id
        prefix = paths.place_in(folder.root, root)
        if prefix is not None:
            inner.append((folder.id, prefix))
    outer = folders.add(connection, root)
    for id_, prefix in inner:
        folders.absorb(connection, outer, id_, prefix)
    return outer
