"""What an ingest has to do: a folder on disk compared with what the catalogue knows of it."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Generator, Iterable, Iterator, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop_app.core import archives
from desktop_app.core.catalog import photos, skipped
from desktop_app.core.catalog.within import known_within
from desktop_app.core.images.formats import Kind, parts_present
from desktop_app.core.images.scan import Found, FoundFile, FoundSidecar, Linked, NotRead, Others, scan, scan_within
from desktop_app.core.images.sidecar import sidecar_among, sidecar_at
from desktop_app.core.library import Library
from desktop_app.core.types import Folder, FolderId, FolderState, PhotoId, Progress, Reason

_STEADY = {Reason.DAMAGED, Reason.EMPTY, Reason.TOO_SLOW, Reason.TOO_LARGE, Reason.UNSUPPORTED}
"""Reasons that hold as long as the file does not change; the others are worth another try."""

_FRAMES = "frames"  # what `meta` calls it


@dataclass(frozen=True, slots=True)
class Todo:
    """One file to read."""

    folder: FolderId
    root: Path
    path: bytes  # relative
    size: int
    mtime_ns: int
    photo: PhotoId | None  # the present photo at this path, if there is one
    content: bytes | None  # what its vectors were made from; None where it has none
    sidecar: FoundSidecar | None = None  # what lies beside it

    @property
    def kind(self) -> str:
        """The extension, by which costs are told apart."""
        return self.path.rpartition(b".")[2].lower().decode("ascii", "replace")

    @property
    def file(self) -> Path:
        """Where it lies."""
        return photos.absolute(str(self.root).encode("utf-8", "surrogateescape"), self.path)


@dataclass(slots=True)
class Plan:
    """What one folder needs."""

    folder: FolderId
    within: frozenset[bytes] | None = None  # the only paths that were looked at, with all below them
    todo: list[Todo] = field(default_factory=list)
    unchanged: int = 0
    back: list[PhotoId] = field(default_factory=list)  # were missing, are there again
    gone: list[PhotoId] = field(default_factory=list)  # were there, were not found
    left_out: list[NotRead] = field(default_factory=list)
    forgotten: list[bytes] = field(default_factory=list)  # left out before, no longer there
    sidecars: dict[bytes, FoundSidecar] = field(default_factory=dict)  # by path in lower case
    videos: int = 0
    others: int = 0

    @property
    def new(self) -> int:
        """Files to read that are no photos of the library yet."""
        return sum(item.photo is None for item in self.todo)


def with_frames(library: Library) -> frozenset[FolderId]:
    """The folders whose videos are in, a frame each."""
    return frozenset(FolderId(int(number)) for number in library.get_meta(_FRAMES).split())


def set_frames(library: Library, folders: Iterable[FolderId]) -> None:
    """Say which folders those are; the next ingest takes new ones in. Frames that are in stay in."""
    library.set_meta(_FRAMES, " ".join(str(number) for number in sorted(folders)))


def compare(
    library: Library,
    folder: Folder,
    *,
    retry: bool = False,
    shown: Set[bytes] = frozenset(),
    larger: bool = False,
    within: Iterable[Path] | None = None,
) -> Generator[Progress, None, Plan]:
    """Scan a folder and compare by (path, size, time) with the catalogue.

    Args:
        library: the open library.
        folder: which of its folders.
        retry: read files again that were left out, whatever the reason was.
        shown: contents that have a thumbnail; a photo without one is read again.
        larger: read files again that were too large: the limit has risen.
        within: look at these paths only and at what lies below them; None for the whole folder. It is looked at whole
            too where a part alone would tell less: the folder itself is among the paths, it was not all in before, it
            holds links, its videos are in, or it is an archive.

    Raises:
        UserError: the folder is not there.
    """
    parts = _parts(library, folder, within)
    if parts is not None:
        with contextlib.suppress(Linked):
            return (yield from _compare(library, folder, retry, shown, larger, parts))
    return (yield from _compare(library, folder, retry, shown, larger, None))


def _parts(library: Library, folder: Folder, within: Iterable[Path] | None) -> frozenset[bytes] | None:
    """The relative paths that are enough to look at; None where all of the folder is to be looked at."""
    if within is None or folder.state is not FolderState.READY or not folder.root.is_dir():
        return None
    if archives.is_inside(folder.root) or folder.id in with_frames(library):
        return None
    paths = [path for path in within if path.is_relative_to(folder.root)]
    if folder.root in paths:
        return None
    found = frozenset(os.fsencode(path.relative_to(folder.root).as_posix()) for path in paths)
    return frozenset(path for path in found if not _is_within(path.rpartition(b"/")[0], found))  # each once


def _compare(
    library: Library, folder: Folder, retry: bool, shown: Set[bytes], larger: bool, within: frozenset[bytes] | None
) -> Generator[Progress, None, Plan]:
    connection = library.connection
    left_out = skipped.known(connection, folder.id)
    scanned: Iterator[Found]
    if within is None:
        in_library = photos.known(connection, folder.id, library.network.key)
        scanned = scan(folder.root, frames=folder.id in with_frames(library))
    else:
        paths = sorted(within)
        in_library = known_within(connection, folder.id, library.network.key, paths)
        left_out = {path: skip for path, skip in left_out.items() if _is_within(path, within)}
        scanned = scan_within(folder.root, paths)
    plan = Plan(folder.id, within)
    again = _Again(retry, larger, parts_present(), shown)
    seen: set[bytes] = set()
    unread: list[bytes] = []
    found, spoke = 0, time.monotonic()
    for entry in scanned:
        if isinstance(entry, FoundFile):
            found += 1
            seen.add(entry.relative)
            _place(plan, folder, entry, in_library.get(entry.relative), left_out.get(entry.relative), again)
        elif isinstance(entry, NotRead):
            seen.add(entry.relative)
            row = in_library.get(entry.relative)
            if entry.reason is Reason.IN_THE_CLOUD and row is not None and row.featured and not row.missing:
                plan.unchanged += 1  # the system moved its bytes away; likeness and thumbnail are here
                continue
            plan.left_out.append(entry)
            if entry.reason is Reason.UNREADABLE_FOLDER:
                unread.append(entry.relative + b"/" if entry.relative else b"")
        elif isinstance(entry, FoundSidecar):
            plan.sidecars[entry.relative.lower()] = entry
        elif isinstance(entry, Others):
            if entry.kind is Kind.VIDEO:
                plan.videos += entry.count
            else:
                plan.others += entry.count
        if time.monotonic() - spoke > 0.08:
            spoke = time.monotonic()
            yield Progress(f"Looking for photos in {folder.name}: {found:,} so far")
    plan.todo = _with_sidecars(plan, folder.root)
    plan.forgotten += [path for path in left_out if path not in seen]
    refused = {entry.relative for entry in plan.left_out}
    plan.gone = [
        row.id
        for path, row in in_library.items()
        if not row.missing
        and (path not in seen or path in refused)
        and not any(path.startswith(prefix) for prefix in unread)  # what cannot be looked at is not gone
    ]
    return plan


def _with_sidecars(plan: Plan, root: Path) -> list[Todo]:
    """The files to read with their side-cars; beside single paths the disk is asked for each."""
    if plan.within is not None:
        return [replace(todo, sidecar=sidecar_at(root, todo.path)) for todo in plan.todo]
    if not plan.sidecars:
        return plan.todo
    return [replace(todo, sidecar=sidecar_among(plan.sidecars, todo.path)) for todo in plan.todo]


def _is_within(path: bytes, within: Set[bytes]) -> bool:
    """Whether a path is one of some, or lies below one."""
    while path:
        if path in within:
            return True
        path = path.rpartition(b"/")[0]
    return False


@dataclass(frozen=True, slots=True)
class _Again:
    """What is read although it did not change."""

    retry: bool
    larger: bool
    parts: dict[str, bool]  # which extra formats can be read here
    shown: Set[bytes]

    def leaves_out(self, skip: skipped.KnownSkip) -> bool:
        """Whether a file that was left out, and is as it was then, stays out."""
        if self.retry or (self.larger and skip.reason is Reason.TOO_LARGE):
            return False
        absent = {Reason.NEEDS_HEIC: "heic", Reason.NEEDS_RAW: "raw"}.get(skip.reason)
        return skip.reason in _STEADY or (absent is not None and not self.parts[absent])


def _place(
    plan: Plan,
    folder: Folder,
    entry: FoundFile,
    row: photos.Known | None,
    skip: skipped.KnownSkip | None,
    again: _Again,
) -> None:
    present = row is not None and not row.missing
    same = row is not None and (row.size, row.mtime_ns) == (entry.size, entry.mtime_ns)
    if row is not None and same and row.featured:
        if row.missing:
            plan.back.append(row.id)
            present = True
        if skip is not None:
            plan.forgotten.append(entry.relative)  # it was unreadable for a while
        if row.content in again.shown:
            plan.unchanged += 1
            return
    elif skip is not None and (skip.size, skip.mtime_ns) == (entry.size, entry.mtime_ns) and again.leaves_out(skip):
        return
    plan.todo.append(
        Todo(
            folder.id,
            folder.root,
            entry.relative,
            entry.size,
            entry.mtime_ns,
            row.id if row is not None and present else None,
            row.content if row is not None and present and row.featured else None,
        )
    )
