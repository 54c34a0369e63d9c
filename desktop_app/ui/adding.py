"""Adding photos from the window: one ingest at a time, with pause, stop and continue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core import wording
from desktop_app.core.library import Library
from desktop_app.core.operations.finish import IN_ORDER, finish
from desktop_app.core.operations.ingest import Ingested, ingest, stop
from desktop_app.core.types import Changes, FolderId, FolderState, Progress
from desktop_app.jobs import Job
from desktop_app.ui.panels.status import JobView
from desktop_app.ui.session import Session, workers

_WORTH_SHOWING = 20  # files: fewer appear by themselves without a word


@dataclass(frozen=True, slots=True)
class _Wish:
    """One ingest that is asked for."""

    roots: tuple[Path, ...] = ()
    only: tuple[FolderId, ...] = ()
    retry: bool = False
    within: Mapping[FolderId, frozenset[Path]] | None = None  # only these paths of these folders, and quietly


class Adding(QObject):
    """Starts ingests, holds the one that runs, and says how far it is.

    What is asked for while one runs waits and is done next.

    Signals:
        viewChanged(): `view` differs.
        ended(Ingested): one that somebody asked for has come to its end.
        levelled(Ingested): one that `level` began has.
        stopped(): the user stopped one.
        failed(BaseException): one failed; what it had stored stays.
    """

    viewChanged = Signal()
    ended = Signal(object)
    levelled = Signal(object)
    stopped = Signal()
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: Job | None = None
        self._progress = Progress("Adding photos")
        self._stopping = False
        self._wish = _Wish()
        self._silent = False
        self._next: list[_Wish] = []
        self.limit_megapixels = 200.0

    @property
    def is_running(self) -> bool:
        """Whether photos are being added."""
        return self._job is not None

    @property
    def view(self) -> JobView | None:
        """The job as the status bar shows it; None too where it is not worth a word."""
        if self._job is None:
            return None
        progress = self._progress
        if self._silent and not self._job.is_paused:
            return None
        return JobView(
            id(self),
            progress.text or "Adding photos",
            progress.done,
            progress.total,
            progress.seconds_left,
            paused=self._job.is_paused,
        )

    @property
    def so_far(self) -> int:
        """Photos done in the run under way."""
        return self._progress.done

    # --- what can be asked -----------------------------------------------------------------------------------

    def add(self, roots: Sequence[Path]) -> None:
        """Add folders to the library."""
        self._start(_Wish(tuple(roots)))

    def rescan(self, only: Sequence[FolderId] = (), *, retry: bool = False) -> None:
        """Bring folders level with the disk; none means all. `retry` reads what was left out again."""
        self._start(_Wish((), tuple(only), retry))

    def level(self, changed: Mapping[FolderId, frozenset[Path]]) -> None:
        """Bring these places level with the disk, without a word about a handful of photos.

        Args:
            changed: paths by folder; each with all below it. The folder's root stands for the whole folder.
        """
        if changed:
            self._start(_Wish((), tuple(changed), within=dict(changed)))

    def resume_unfinished(self) -> None:
        """Carry on with folders whose ingest was cut off; those the user stopped wait for `rescan`."""
        cut_off = [f.id for f in self._session.overview.folders if f.state is FolderState.ADDING]
        if cut_off:
            self.rescan(cut_off)

    def continue_stopped(self) -> None:
        """Go on with what the user stopped."""
        waiting = [f.id for f in self._session.overview.folders if f.state is FolderState.STOPPED]
        if waiting:
            self.rescan(waiting)

    @Slot()
    def pause(self) -> None:
        """Stand still; nothing is lost."""
        if self._job is not None:
            self._job.pause()
            self.viewChanged.emit()

    @Slot()
    def go_on(self) -> None:
        """Go on after a pause."""
        if self._job is not None:
            self._job.resume()
            self.viewChanged.emit()

    @Slot()
    def stop(self) -> None:
        """Stop; what is done stays, the rest waits for Continue."""
        if self._job is not None:
            self._stopping = True
            self._next.clear()
            self._job.cancel()

    # --- how it goes -----------------------------------------------------------------------------------------

    def _start(self, wish: _Wish) -> None:
        library = self._session.library
        if library is None:
            return
        if not library.writable:
            return
        if self._job is not None:
            if wish not in self._next:
                self._next.append(wish)
            return
        self._wish, self._silent = wish, wish.within is not None
        self._progress = Progress("Looking for photos")
        operation = ingest(
            library,
            wish.roots,
            only=wish.only,
            within=wish.within,
            retry=wish.retry,
            workers=workers(),
            limit_megapixels=self.limit_megapixels,
        )
        self._job = self._session.run(operation, "adding photos")
        self._job.progressed.connect(self._hear)
        self._job.succeeded.connect(self._end)
        self._job.cancelled.connect(self._cancelled)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._finished)
        self.viewChanged.emit()

    @Slot(object)
    def _hear(self, progress: Progress) -> None:
        # a report that only brings changes does not set the counts back
        if progress.text and (progress.total or progress.text != self._progress.text):
            self._progress = progress
        if progress.total >= _WORTH_SHOWING and progress.text != IN_ORDER:  # that one counts all photos
            self._silent = False
        self.viewChanged.emit()

    @Slot(object)
    def _end(self, result: Ingested) -> None:
        (self.ended if self._wish.within is None else self.levelled).emit(result)

    @Slot()
    def _cancelled(self) -> None:
        library = self._session.library
        if self._stopping and library is not None:
            self._session.write(stop)
            self._session.run(finish(library), "putting photos in order")
            self.stopped.emit()

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        if self._session.library is not None:
            self._session.write(_stop_quietly)
        self.failed.emit(error)

    @Slot()
    def _finished(self) -> None:
        self._job = None
        self._stopping = False
        self.viewChanged.emit()
        if self._next:
            self._start(self._next.pop(0))


def _stop_quietly(library: Library) -> Changes:
    """After a failure: what is left waits for Continue instead of failing again at the next start."""
    return stop(library)


def summary(result: Ingested, not_shown: int) -> str:
    """The sentence at the end of an ingest."""
    ready = f"{wording.count(result.photos, 'photo')} ready."
    if not_shown:
        return f"{ready} {wording.count(not_shown, 'file is', 'files are')} not shown."
    return ready
