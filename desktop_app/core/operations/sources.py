"""Exports that a library's posts come from: recognised, added, taken away, and whose accounts they are."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.core.catalog import folders, insights
from desktop_app.core.catalog.insights import Source
from desktop_app.core.errors import UserError
from desktop_app.core.insights import sources as readers
from desktop_app.core.insights.business_csv import Columns, columns_of
from desktop_app.core.insights.sources import Recognised
from desktop_app.core.library import Library
from desktop_app.core.operations.enter import enter_folder
from desktop_app.core.operations.ingest import Ingested, ingest
from desktop_app.core.operations.plan import set_frames, with_frames
from desktop_app.core.posts import Role
from desktop_app.core.types import Changes, FolderId, Progress

_CHANGED = Changes(folders=True)


@dataclass(frozen=True, slots=True)
class Added:
    """A source that is in now.

    Attributes:
        source: as the catalogue has it.
        root: the folder whose pictures are to be read (`read_pictures`); None where there are none.
    """

    source: Source
    root: Path | None


def recognise(library: Library, path: Path) -> Recognised:
    """What a dropped path is; whose account, by what is known here.

    Raises:
        UserError: it is no export that can be read.
    """
    own = frozenset(a.name.casefold() for a in insights.accounts(library.connection) if a.role == "own")
    return readers.recognise(_absolute(path), own)


def add_source(
    library: Library,
    path: Path,
    *,
    account: str | None = None,
    role: Role | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Added:
    """Remember an export as a source of posts. Its pictures are read by `read_pictures`, its posts by `match_posts`.

    Args:
        library: open for writing.
        path: a zip, a folder, a CSV or an XLSX file.
        account: whose posts they are where the source does not say; None takes the guess.
        role: whose account that is; None takes the guess. An account that is known keeps its role unless one is given.
        mapping: which column is what, as a person chose; None takes what was chosen last time for this file.

    Raises:
        UserError: it is no export that can be read.
    """
    found = recognise(library, path)
    connection = library.connection
    before = next((one for one in insights.sources(connection) if one.path == found.path), None)
    chosen = dict(mapping) if mapping is not None else dict(before.mapping) if before else _remembered(library, found)
    if chosen and found.kind in ("business", "spreadsheet"):
        readers.mapped(found.path, chosen)
    name = found.account if account is None else account.strip().lstrip("@")
    named = dict.fromkeys([*([name] if name else []), *found.accounts])
    known = {one.name.casefold() for one in insights.accounts(connection)}
    with library.database.transaction() as connection:
        for one in named:
            entered = insights.put_account(connection, one, role or found.role)
            if role is not None or one.casefold() not in known:
                insights.set_role(connection, entered.id, role or found.role)
        source = insights.put_source(
            connection, Source(found.path, found.kind, name, time.time(), stamp_of(found.path), chosen)
        )
        if chosen:
            insights.decide(connection, "columns", _headers_key(found.path), chosen, time.time())
    return Added(source, found.root)


def columns(library: Library, path: Path) -> Columns:
    """A table as the column mapper shows it, with what was chosen for it before.

    Raises:
        UserError: it is no table that can be read.
    """
    path = _absolute(path)
    before = next((one for one in insights.sources(library.connection) if one.path == path), None)
    if before is not None:
        return columns_of(path, before.mapping)
    return columns_of(path, insights.decisions(library.connection, "columns").get(_headers_key(path), {}))


def set_mapping(library: Library, source: int, mapping: Mapping[str, str]) -> Source:
    """Say which column of a source is what; remembered for every table with these headers.

    Raises:
        UserError: posts could not be known by it, or there is no such source.
    """
    found = _source(library, source)
    readers.mapped(found.path, mapping)
    with library.database.transaction() as connection:
        insights.decide(connection, "columns", _headers_key(found.path), dict(mapping), time.time())
        return insights.put_source(connection, replace(found, mapping=dict(mapping)))


def set_account(library: Library, source: int, account: str, role: Role = "competitor") -> Source:
    """Say whose posts a source has where it does not say so itself; a new account gets the role.

    Raises:
        UserError: there is no such source.
    """
    found = _source(library, source)
    name = account.strip().lstrip("@")
    with library.database.transaction() as connection:
        if name:
            insights.put_account(connection, name, role)
        return insights.put_source(connection, replace(found, account=name))


def set_role(library: Library, account: int, role: Role) -> Role | None:
    """Say whose account it is. Returns what it was before."""
    with library.database.transaction() as connection:
        return insights.set_role(connection, account, role)


def remove_source(library: Library, source: int) -> Changes:
    """Take a source away with its posts; its pictures stay in the library. `restore_source` brings it back."""
    with library.database.transaction() as connection:
        insights.remove_source(connection, source, time.time())
    return _CHANGED


def restore_source(library: Library, source: int) -> Changes:
    """Undo `remove_source`."""
    with library.database.transaction() as connection:
        insights.remove_source(connection, source, None)
    return _CHANGED


def read_pictures(
    library: Library, roots: list[Path], *, reels: bool = True, workers: int = 0
) -> Generator[Progress, None, Ingested]:
    """Add the pictures of sources to the library: of a zip where they lie, without unpacking.

    Args:
        library: open for writing.
        roots: of `Added`.
        reels: a frame stands for each video that has no cover beside it.
        workers: as for `ingest`.

    Raises:
        UserError: as `ingest`.
    """
    if reels:
        with library.database.transaction() as connection:
            entered = {enter_folder(connection, root): root for root in roots}
            known = {folder.id: folder.root for folder in folders.all_folders(connection)}
        # a folder inside one of the library's is left as the person has it
        own = {FolderId(id_) for id_, root in entered.items() if known.get(id_) == root}
        set_frames(library, with_frames(library) | own)
    return (yield from ingest(library, roots, workers=workers))


def stamp_of(path: Path) -> str:
    """Tells whether a file is still the one that was read; "" for folders."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return "" if path.is_dir() else f"{status.st_size}-{status.st_mtime_ns}"


def _source(library: Library, id_: int) -> Source:
    found = next((one for one in insights.sources(library.connection) if one.id == id_), None)
    if found is None:
        raise UserError("This source is not in the library any more.")
    return found


def _remembered(library: Library, found: Recognised) -> dict[str, str]:
    if found.kind not in ("business", "spreadsheet"):
        return {}
    kept = insights.decisions(library.connection, "columns").get(_headers_key(found.path), {})
    return {str(name): str(header) for name, header in kept.items()}


def _headers_key(path: Path) -> str:
    """Next month's table has the same headers, in whatever order."""
    return "\n".join(sorted(columns_of(path).headers))


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))
