"""Adding photos: scan, decode, embed, store, index; resumable at every instant.

Source of the order of writes (vectors, then rows): the project's own design, docs/architecture.md "Main flow".
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.core import paths
from desktop_app.core.catalog import features, folders, photos, skipped
from desktop_app.core.descriptors import COLOUR_KEY
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.commit import commit
from desktop_app.core.operations.describe import begin_colours, level, sweep
from desktop_app.core.operations.details import level_details
from desktop_app.core.operations.enter import enter
from desktop_app.core.operations.estimate import Estimate
from desktop_app.core.operations.finish import catch_up, finish
from desktop_app.core.operations.mounts import note_mounts, refuse_empty_mount
from desktop_app.core.operations.pipeline import Done, Failed, Outcome, Pipeline
from desktop_app.core.operations.plan import Plan, compare
from desktop_app.core.types import Changes, Folder, FolderId, FolderState, Progress, Reason

_ADDING, _RECOGNISING = "Adding photos", "Recognising photos"
_SPEAK = 0.1  # seconds between reports
_FIRST_BATCH = 0.25  # the first photos show soon
_BATCH = 1.0  # seconds of work that a power cut may undo


@dataclass(slots=True)
class Ingested:
    """What an ingest did."""

    photos: int = 0  # present in the library afterwards
    added: int = 0
    updated: int = 0  # changed, moved or renamed
    unchanged: int = 0
    removed: int = 0  # no longer there
    left_out: int = 0
    away: list[str] = field(default_factory=list)  # names of folders that are not connected
    seconds: float = 0.0
    read: int = 0  # files decoded and embedded
    remarks: list[str] = field(default_factory=list)  # why some other way to compare could not be brought level

    @property
    def photos_per_second(self) -> float:
        """Photos read in a second."""
        return self.read / self.seconds if self.seconds else 0.0


def ingest(
    library: Library,
    roots: Sequence[Path] = (),
    *,
    only: Sequence[FolderId] = (),
    within: Mapping[FolderId, Iterable[Path]] | None = None,
    retry: bool = False,
    workers: int = 0,
    limit_megapixels: float = 200.0,
) -> Generator[Progress, None, Ingested]:
    """Add folders and bring the library level with the disk.

    Args:
        library: open for writing.
        roots: folders to add; none rescans the library's own.
        only: with no `roots`, the folders to rescan; none means all.
        within: of these folders look only at these paths and below them; the others are looked at whole.
        retry: also read files again that were left out.
        workers: threads that decode; 0 takes one per core.
        limit_megapixels: larger pictures are left out.

    Yields:
        Progress at least every 100 ms; its changes are in the catalogue already. Closing the generator keeps all
        that is done, and the next ingest carries on.

    Raises:
        UserError: a new folder is not there; the library's disk is full.
    """
    run = _Run(library, retry, workers, limit_megapixels)
    chosen = enter(library, roots, only)
    sweep(library)
    begin_colours(library)
    yield Progress("Looking for photos", changes=Changes(folders=True))
    shown = library.thumbnails.contents()
    larger = limit_megapixels > float(library.get_meta("limit") or limit_megapixels)
    plans: list[tuple[Folder, Plan]] = []
    for folder in chosen:
        try:
            refuse_empty_mount(library, folder)
            parts = (within or {}).get(folder.id)
            plan = yield from compare(library, folder, retry=retry, shown=shown, larger=larger, within=parts)
        except UserError:
            if folder.root in roots and not folder.photos:
                _forget(library, folder)
                raise
            run.result.away.append(folder.name)
            _set_state(library, folder.id, FolderState.AWAY)
            continue
        plans.append((folder, plan))
    note_mounts(library, chosen, run.result.away)
    yield run.note_scan(plans)
    yield from run.read(plans)
    yield run.note_gone(plans)
    if limit_megapixels != float(library.get_meta("limit") or 0):
        library.set_meta("limit", repr(float(limit_megapixels)))
    yield from finish(library)
    run.result.remarks += yield from level(library, workers=workers, limit_megapixels=limit_megapixels)
    yield from level_details(library, plans, workers=workers)
    run.result.photos = photos.count_present(library.connection)
    run.result.seconds = time.monotonic() - run.start
    yield Progress("", changes=Changes(folders=True, skipped=True, index=True))
    return run.result


def stop(library: Library) -> Changes:
    """The user stopped adding: folders that are not all in wait for Continue instead of going on by themselves."""
    with library.database.transaction() as connection:
        folders.stop_adding(connection)
    return Changes(folders=True)


class _Run:
    """One ingest under way."""

    def __init__(self, library: Library, retry: bool, workers: int, limit_megapixels: float) -> None:
        self.library, self.retry, self.workers, self.limit = library, retry, workers, limit_megapixels
        self.result = Ingested()
        self.start = time.monotonic()

    def note_scan(self, plans: Sequence[tuple[Folder, Plan]]) -> Progress:
        """Put what the scan alone could tell into the catalogue."""
        added_again = []
        with self.library.database.transaction() as connection:
            for folder, plan in plans:
                self.result.unchanged += plan.unchanged
                photos.set_missing(connection, plan.back, False)
                added_again += plan.back
                for path in plan.forgotten:
                    skipped.drop(connection, folder.id, path)
                for entry in plan.left_out:
                    skipped.put(connection, folder.id, entry.relative, 0, 0, entry.reason, entry.details)
                if plan.within is None:
                    folders.set_other_files(connection, folder.id, plan.videos, plan.others)
                folders.set_state(connection, folder.id, FolderState.ADDING, plan.new)
        self.library.presence += bool(added_again)
        return Progress("Looking for photos", changes=Changes(added=tuple(added_again), folders=True, skipped=True))

    def read(self, plans: Sequence[tuple[Folder, Plan]]) -> Generator[Progress, None, None]:
        """Read, embed and store every file that needs it."""
        todo = [item for _, plan in plans for item in plan.todo]
        if not todo:
            return
        estimate = Estimate(item.kind for item in todo)
        waiting = {folder.id: plan.new for folder, plan in plans}
        roots = {folder.id: folder.root for folder, _ in plans}
        known = features.featured_contents(self.library.connection, self.library.network.key)
        known &= self.library.thumbnails.contents()  # what has no thumbnail is decoded
        pipeline = Pipeline(
            todo,
            self.library.engine,
            known=known,
            limit_megapixels=self.limit,
            workers=self.workers,
            short_side=self.library.network.decode_side,
        )
        begun, paused = time.monotonic(), 0.0
        stored, spoken = begun - _BATCH + _FIRST_BATCH, begun
        batch: list[Outcome] = []
        done = recognised = 0
        changes = Changes()
        try:
            for outcome in pipeline.results():
                now = time.monotonic()
                if outcome is not None:
                    done += 1
                    recognised += isinstance(outcome, Done) and outcome.picture is None
                    estimate.finished(outcome.todo.kind, outcome.seconds)
                    self._count(outcome)
                    if not self._is_away(outcome, roots):
                        batch.append(outcome)
                    waiting[outcome.todo.folder] -= outcome.todo.photo is None
                if batch and now - stored >= _BATCH:
                    changes = self._store(batch, waiting, pipeline)
                    stored = time.monotonic()
                if changes or now - spoken >= _SPEAK:
                    left = estimate.seconds_left(now - begun - paused)
                    before = time.monotonic()
                    # such as those of a folder that was renamed: nothing is added, and it is quick
                    text = _RECOGNISING if 2 * recognised > done else _ADDING
                    yield Progress(text, done, len(todo), left, changes)
                    spoken, changes = time.monotonic(), Changes()
                    paused += spoken - before  # a paused job's generator is not advanced
            text = _RECOGNISING if 2 * recognised > done else _ADDING
            yield Progress(text, done, len(todo), 0.0, self._store(batch, waiting, pipeline))
        except GeneratorExit:
            self._store(batch, waiting, pipeline)
            raise
        finally:
            pipeline.close()

    def _store(self, batch: list[Outcome], waiting: dict[FolderId, int], pipeline: Pipeline) -> Changes:
        """Store and empty the batch: wherever the operation is closed next, nothing is stored twice."""
        if not batch:
            return Changes()
        outcomes = batch.copy()
        batch.clear()
        changes = commit(self.library, outcomes, pipeline.read_now)
        with self.library.database.transaction() as connection:
            for folder, count in waiting.items():
                folders.set_state(connection, folder, FolderState.ADDING, count)
        self.result.added += len(changes.added)
        self.result.updated += len(changes.updated)
        catch_up(self.library)
        for files in self.library.opened():  # somebody compares by them: new photos are found there too
            if files.key in (self.library.network.key, COLOUR_KEY) and files.space.projection is not None:
                catch_up(self.library, files)
        return changes

    def _count(self, outcome: Outcome) -> None:
        if isinstance(outcome, Failed):
            self.result.left_out += 1
        elif isinstance(outcome, Done) and outcome.picture is not None:
            self.result.read += 1

    def _is_away(self, outcome: Outcome, roots: dict[FolderId, Path]) -> bool:
        """Whether a file could not be read because its whole folder went away: that is no fault of the file."""
        return (
            isinstance(outcome, Failed)
            and outcome.reason in (Reason.GONE, Reason.READ_ERROR)
            and not paths.is_folder(roots[outcome.todo.folder])
        )

    def note_gone(self, plans: Sequence[tuple[Folder, Plan]]) -> Progress:
        """Mark what was not found; photos that were recognised elsewhere meanwhile are not among it."""
        removed = []
        with self.library.database.transaction() as connection:
            for folder, plan in plans:
                if not paths.is_folder(folder.root):
                    self.result.away.append(folder.name)
                    folders.set_state(connection, folder.id, FolderState.AWAY)
                    continue
                places = photos.fetch(connection, plan.gone)
                gone = [
                    id_ for id_, photo in places.items() if photo.folder == folder.id and not paths.is_file(photo.path)
                ]
                photos.set_missing(connection, gone, True)
                removed += gone
                folders.set_state(connection, folder.id, FolderState.READY)
        self.result.removed = len(removed)
        self.library.presence += bool(removed)
        return Progress(_ADDING, changes=Changes(removed=tuple(removed), folders=True, skipped=True))


def _set_state(library: Library, folder: FolderId, state: FolderState) -> None:
    with library.database.transaction() as connection:
        folders.set_state(connection, folder, state)


def _forget(library: Library, folder: Folder) -> None:
    with contextlib.suppress(UserError), library.database.transaction() as connection:
        connection.execute("DELETE FROM folders WHERE id = ?", (folder.id,))
