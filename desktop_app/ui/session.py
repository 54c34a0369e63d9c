"""One open library and the lanes that work for it: what the window asks, and what it hears back.

Everything here runs on the GUI thread and does no work itself: it submits operations and passes on their answers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core import paths
from desktop_app.core.catalog import folders, photos, skipped
from desktop_app.core.engines import Device
from desktop_app.core.errors import LibraryLocked, UserError
from desktop_app.core.images.decode import read_picture
from desktop_app.core.images.thumbnails import encode_thumbnail
from desktop_app.core.library import Library
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.pipeline import cores
from desktop_app.core.operations.search import Searcher
from desktop_app.core.types import Changes, Folder, FolderId, FolderState, PhotoId, Reason
from desktop_app.jobs import Job, Lane, shut_down

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Overview:
    """What the left list and the empty states show of a library."""

    folders: tuple[Folder, ...]
    photos: int
    reasons: tuple[tuple[Reason, int], ...]  # image files that are not in, most first
    videos: int
    others: int

    @property
    def not_shown(self) -> int:
        """All files that are not in, whatever they are."""
        return sum(count for _, count in self.reasons) + self.videos + self.others

    @property
    def waiting(self) -> int:
        """Files that a stopped ingest left for Continue."""
        return sum(folder.waiting for folder in self.folders if folder.state is FolderState.STOPPED)

    @property
    def is_stopped(self) -> bool:
        """Whether the user stopped an ingest before its end."""
        return any(folder.state is FolderState.STOPPED for folder in self.folders)


@dataclass(frozen=True, slots=True)
class Recognition:
    """How photos are compared here, for the status bar."""

    network: str
    kind: str  # "cpu" or "cuda"
    reason: str  # why a graphics card that is here is not used; "" else


class Session(QObject):
    """The library that the window shows.

    Signals:
        opened(Library): it is ready; ask for its overview and photos.
        openFailed(Path, BaseException): it could not be opened.
        overviewChanged(Overview): folders, counts or "Not shown" differ.
        changed(Changes): photos came, went or are comparable now.
        reachChanged(): folders went away or came back: what was found out about their files may be wrong.
        comparedBy(str): photos are compared by another descriptor now.
        recognitionKnown(Recognition): the network is loaded and warm.
        failed(Job, BaseException): an operation failed.
    """

    opened = Signal(object)
    openFailed = Signal(object, object)
    overviewChanged = Signal(object)
    changed = Signal(object)
    reachChanged = Signal()
    comparedBy = Signal(str)
    recognitionKnown = Signal(object)
    failed = Signal(object, object)
    _thumbnailsMade = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library: Library | None = None
        self.overview = Overview((), 0, (), 0, 0)
        self._away: frozenset[FolderId] = frozenset()
        self.recognition: Recognition | None = None
        self.work = Lane("work", low_priority=True, parent=self)
        self.query = Lane("query", parent=self)
        self.thumbs = Lane("thumbs", threads=2, newest_first=True, parent=self)
        self.compute = Lane("compute", low_priority=True, parent=self)
        # what takes minutes and writes outside of the library, such as a download: nothing else waits behind it
        self.errands = Lane("errands", threads=3, low_priority=True, parent=self)
        self._likeness: dict[str, Likeness] = {}
        self._searchers: dict[str, Searcher] = {}
        self.compare_by = ""
        self._opening: Path | None = None
        self._overview_wanted = False
        self._overview_is_old = False
        self._thumbnailsMade.connect(self._keep_thumbnails)
        for lane in (self.work, self.query, self.thumbs, self.compute, self.errands):
            lane.failed.connect(self.failed)

    # --- opening and closing ---------------------------------------------------------------------------------

    def open(self, folder: Path, *, device: Device = "auto") -> None:
        """Open a library in the background; read-only where another process writes to it."""
        self._opening = folder
        job = self.work.submit(lambda: _open(folder, device), name="open", urgent=True)
        job.succeeded.connect(self._take)
        job.failed.connect(self._miss)

    @Slot(object)
    def _take(self, library: Library) -> None:
        self.library = library
        self._likeness, self._searchers = {}, {}
        self.compare_by = str(library.default)
        self.opened.emit(library)
        self.look_again()
        self.query.submit(self._warm_up, name="warm up").succeeded.connect(self._know_recognition)

    @Slot(object)
    def _miss(self, error: BaseException) -> None:
        self.openFailed.emit(self._opening, error)

    def shutdown(self) -> tuple[str, ...]:
        """End the lanes and close the library. Returns the names of operations that did not stop in time."""
        stuck = shut_down((self.thumbs, self.query, self.errands, self.compute, self.work), seconds=10.0)
        for likeness in self._likeness.values():
            likeness.close()
        if self.library is not None and not stuck:
            self.library.close()
        self.library = None
        if stuck:
            log.warning("operations that did not stop: %s", ", ".join(stuck))
        return stuck

    # --- asking ----------------------------------------------------------------------------------------------

    def likeness(self) -> Likeness:
        """The search by what photos are compared by now; for questions that run on the query lane only."""
        return self._likeness_by(self.compare_by)

    def searcher(self) -> Searcher:
        """The whole search, by what photos are compared by now; for questions that run on the query lane only."""
        likeness = self.likeness()
        found = self._searchers.get(self.compare_by)
        if found is None or found.likeness is not likeness:
            found = self._searchers[self.compare_by] = Searcher(self.open_library(), likeness)
        return found

    def warm(self, descriptor: str) -> None:
        """Open what a search by another descriptor reads, which is ready, before somebody asks for it."""
        if descriptor not in self._likeness:
            self.query.submit(lambda: self._likeness_by(descriptor).warm_up(), name="opening a way to compare")

    def _likeness_by(self, descriptor: str) -> Likeness:
        found = self._likeness.get(descriptor)
        if found is None:
            found = self._likeness[descriptor] = Likeness(self.open_library(), descriptor)
        return found

    def set_compare_by(self, descriptor: str) -> Job | None:
        """Compare photos by another descriptor from now on; it has to be ready. Remembered with the library.

        Returns:
            The job that remembers it, where there is something to remember.
        """
        if descriptor == self.compare_by:
            return None
        library, job = self.open_library(), None
        if library.writable:
            job = self.work.submit(lambda: _set_default(library, descriptor), name="changing the library", urgent=True)
        self.take_compare_by(descriptor)
        return job

    def take_compare_by(self, descriptor: str) -> None:
        """The library compares by another descriptor by now."""
        self.compare_by = descriptor
        self.comparedBy.emit(descriptor)

    def open_library(self) -> Library:
        """The library.

        Raises:
            UserError: none is open yet.
        """
        if self.library is None:
            raise UserError("The library is still being opened.")
        return self.library

    def write(self, change: Callable[[Library], Changes], done: Callable[[], None] | None = None) -> Job:
        """Make a short change on the work lane, between two steps of whatever runs there."""
        library = self.open_library()
        job = self.work.submit(lambda: change(library), name="changing the library", urgent=True)
        job.succeeded.connect(self.note)
        if done is not None:
            job.succeeded.connect(done)
        return job

    def run(self, operation: Generator[Any, None, Any], name: str, *, urgent: bool = False) -> Job:
        """Start a long operation on the work lane; its changes reach `changed` by themselves.

        An urgent one does not wait for what runs there: it is done between two steps of it, in one go.
        """
        job = self.work.submit(operation, name=name, urgent=urgent)
        job.progressed.connect(self._hear)
        return job

    @Slot(object)
    def _hear(self, progress: Any) -> None:
        if progress.changes:
            self.note(progress.changes)

    @Slot(object)
    def note(self, changes: Changes) -> None:
        """Something changed: tell the views."""
        if changes.folders or changes.skipped or changes.added or changes.removed:
            self.look_again()
        if changes:
            self.changed.emit(changes)

    def look_again(self) -> None:
        """Ask for the overview anew; several wishes while one is under way become one more."""
        if self.library is None:
            return
        if self._overview_wanted:
            self._overview_is_old = True  # the one under way may have looked before what changed now
            return
        self._overview_wanted = True
        library = self.library
        job = self.query.submit(lambda: _look(library), name="overview", urgent=True)
        job.succeeded.connect(self._show_overview)
        job.finished.connect(self._overview_done)

    @Slot(object)
    def _show_overview(self, overview: Overview) -> None:
        self.overview = overview
        self.overviewChanged.emit(overview)
        away = frozenset(folder.id for folder in overview.folders if folder.state is FolderState.AWAY)
        if away != self._away:
            self._away = away
            self.reachChanged.emit()

    @property
    def overview_is_old(self) -> bool:
        """Whether a newer overview than the one at hand is on its way."""
        return self._overview_is_old

    @Slot()
    def _overview_done(self) -> None:
        self._overview_wanted = False
        if self._overview_is_old:
            self._overview_is_old = False
            self.look_again()

    # --- on the lanes' threads -------------------------------------------------------------------------------

    def _warm_up(self) -> Recognition:
        """Load the network and run it once, so that the first search from outside is not slow."""
        library = self.open_library()
        engine = library.engine
        engine.warm_up()
        return Recognition(library.network.title, engine.device.kind, engine.device.reason)

    def _warm_search(self) -> None:
        """Read what searches look at, so that the first is as quick as the next."""
        self.searcher().warm_up()

    def know_recognition_anew(self) -> None:
        """Another network does the work now: load it and say so."""
        self.query.submit(self._warm_up, name="warm up").succeeded.connect(self._know_recognition)

    @Slot(object)
    def _know_recognition(self, recognition: Recognition) -> None:
        self.recognition = recognition
        self.recognitionKnown.emit(recognition)
        self.query.submit(self._warm_search, name="warm up")

    def thumbnails(self, ids: list[int]) -> list[tuple[int, bytes | None]]:
        """The JPEG thumbnails of photos; None where there is none. Runs on a lane."""
        library = self.library
        if library is None:
            return [(photo, None) for photo in ids]
        contents = photos.contents(library.connection, ids)
        found = library.thumbnails.get(list(set(contents.values())))
        lost = [photo for photo, content in contents.items() if content not in found]
        if lost:
            made = _make_thumbnails(library, lost)
            found.update(made)
            self._thumbnailsMade.emit(made)
        return [(photo, found.get(contents.get(PhotoId(photo), b""))) for photo in ids]

    @Slot(object)
    def _keep_thumbnails(self, made: dict[bytes, bytes]) -> None:
        """The cache lost them: photos that were looked at get theirs back."""
        library = self.library
        if library is not None and library.writable and made:
            self.work.submit(lambda: library.thumbnails.put(made.items()), name="thumbnails", urgent=True)


def _open(folder: Path, device: Device) -> Library:
    try:
        return Library(folder, device=device)
    except LibraryLocked:
        return Library(folder, writable=False, device=device)
    except UserError:
        if (folder / paths.CATALOGUE).is_file():
            try:
                return Library(folder, writable=False, device=device)  # a read-only disk
            except UserError as worse:
                log.info("not readable either: %s", worse)
        raise


def _set_default(library: Library, descriptor: str) -> None:
    library.set_default(library.descriptor(descriptor))


def _look(library: Library) -> Overview:
    connection = library.connection
    reasons = skipped.counts(connection)
    videos, others = folders.other_files(connection)
    return Overview(
        folders.all_folders(connection), photos.count_present(connection), tuple(reasons.items()), videos, others
    )


def _make_thumbnails(library: Library, ids: list[PhotoId]) -> dict[bytes, bytes]:
    made: dict[bytes, bytes] = {}
    for photo in photos.fetch(library.connection, ids).values():
        try:
            picture = read_picture(photo.path)
        except UserError:
            continue
        if picture.content == photo.content:
            made[photo.content] = encode_thumbnail(picture.pixels)
    return made


def workers() -> int:
    """Threads that read photos: one per core, as measured; the window's own thread goes first by priority."""
    return cores()
