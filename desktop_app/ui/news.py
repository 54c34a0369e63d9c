"""What the window says by itself: progress, what ended how, what waits, what runs slower than it could."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.folders import notice_drives
from desktop_app.core.operations.ingest import Ingested
from desktop_app.core.types import Changes, FolderId, FolderState, Reason
from desktop_app.jobs import Job
from desktop_app.ui.adding import summary
from desktop_app.ui.browsing import View
from desktop_app.ui.desk import Desk
from desktop_app.ui.dialogs.device import DeviceInfo
from desktop_app.ui.panels.banner import Banner, Kind
from desktop_app.ui.session import Overview, Recognition
from desktop_app.ui.undoing import done_again, taken_back

# jobs whose end those who asked tell of
_TOLD = {"adding photos", "open", "look up", "pixels"}
_TOLD |= {"examining a network", "trying a network", "adding a network", "downloading a network", "networks"}
_TOLD |= {"channel", "channels", "layers", "place of a channel", "colours of a photo", "ways side by side"}
_TOLD |= {"what is where", "why alike"}


class News(QObject):
    """Joins session and adding to status bar and banner.

    Args:
        desk: the window's parts.
        banner: above the photos; shows one thing at a time.

    Signals:
        seeWhyAsked(): show the files that are not shown.
    """

    seeWhyAsked = Signal()

    def __init__(self, desk: Desk, banner: Banner) -> None:
        super().__init__(desk.window)
        self._desk, self._banner = desk, banner
        self._rate = 0.0
        self._begun: tuple[float, int] | None = None
        self._resumed = False
        self._put_away = ""
        self._failure = ""  # stays said until photos are being added again
        self._result: Ingested | None = None  # of an ingest that ended, until the counts after it are known
        adding = desk.adding
        adding.viewChanged.connect(self._show_progress)
        desk.background.changed.connect(self._show_progress)
        adding.ended.connect(self._ended)
        adding.failed.connect(self._failed)
        desk.session.recognitionKnown.connect(self._show_device)
        desk.status.deviceFixAsked.connect(self._show_fix)
        banner.closed.connect(self._close_banner)
        desk.undo.takenBack.connect(self._taken_back)
        desk.undo.doneAgain.connect(self._done_again)

    def opened(self, library: Library) -> None:
        """A library is open: say so where only looking is possible."""
        if not library.writable:
            self._say(f"“{library.name}” is in use by another program, so it is open for looking only.", Kind.WARN)
        elif library.remark:
            self._say(library.remark, Kind.WARN)

    def overview(self, overview: Overview) -> None:
        """Carry on with what was cut off; offer what was stopped; say which folders are away."""
        desk = self._desk
        if not self._resumed:
            self._resumed = True
            desk.adding.resume_unfinished()
            self._look_for_drives()
        if self._result is not None and not desk.session.overview_is_old:
            self._tell_end(self._result, overview)
            self._result = None
        library = desk.session.library
        if library is None or not library.writable or self._failure:
            return
        if overview.is_stopped and not desk.adding.is_running:
            ready, waits = wording.count(overview.photos, "photo"), overview.waiting
            verb = "is" if overview.photos == 1 else "are"
            wait = f"; {wording.number(waits)} {'waits' if waits == 1 else 'wait'}" if waits else ""
            self._say(
                f"Stopped. {ready} {verb} ready{wait}.",
                Kind.INFO,
                ("Continue", desk.adding.continue_stopped),
            )
            return
        away = [folder for folder in overview.folders if folder.state is FolderState.AWAY]
        if away:
            first = away[0]
            theirs = "Its photo stays" if first.photos == 1 else f"Its {wording.number(first.photos)} photos stay"
            self._say(
                f"“{first.name}” is not connected. {theirs} in the library and come back with it.",
                Kind.WARN,
                ("Look again", desk.adding.rescan),
            )
            return
        heic = dict(overview.reasons).get(Reason.NEEDS_HEIC, 0)
        if heic:
            self._say(
                f"{wording.count(heic, 'iPhone photo (HEIC) needs', 'iPhone photos (HEIC) need')} one extra part,"
                " about 5 MB.",
                Kind.INFO,
                ("Install…", self.seeWhyAsked.emit),
            )
            return
        if library.remark:
            self._say(library.remark, Kind.WARN)
            return
        self._banner.hide()

    def _look_for_drives(self) -> None:
        """Ask which folders are there; on the work lane, for a network drive may take its time to answer."""
        library = self._desk.session.library
        if library is not None and library.writable:
            job = self._desk.session.work.submit(lambda: notice_drives(library), name="looking for drives", urgent=True)
            job.succeeded.connect(self._drives_noticed)

    @Slot(object)
    def _drives_noticed(self, noticed: tuple[Changes, list[FolderId]]) -> None:
        changes, back = noticed
        self._desk.session.note(changes)
        if back:
            self._desk.adding.rescan(back)

    def view_changed(self, view: View) -> None:
        """Results found while photos are still being added say so."""
        running = self._desk.adding.is_running and view.is_search
        self._desk.page.bar.set_added_so_far(self._desk.page.searched if running else None)

    @Slot()
    def _show_progress(self) -> None:
        job = self._desk.adding.view
        self._desk.status.set_jobs([*([job] if job is not None else []), *self._desk.background.views])
        self._desk.page.set_growing(job is not None)
        if job is not None:
            self._failure = ""
        if job is None or not job.done:
            self._begun = None
        elif self._begun is None or job.paused or job.done < self._begun[1]:
            self._begun = (time.monotonic(), job.done)
        else:
            passed = time.monotonic() - self._begun[0]
            if passed > 2.0 and job.done > self._begun[1]:
                self._rate = (job.done - self._begun[1]) / passed
                self._show_device(self._desk.session.recognition)
        if self._desk.page.view.is_search:
            self.view_changed(self._desk.page.view)

    @Slot(object)
    def _ended(self, result: Ingested) -> None:
        desk = self._desk
        if result.read > 20 and result.seconds:
            self._rate = result.photos_per_second
            self._show_device(desk.session.recognition)
        self._result = result
        desk.session.look_again()

    def _tell_end(self, result: Ingested, overview: Overview) -> None:
        desk, not_shown = self._desk, overview.not_shown
        actions = [("See why", self.seeWhyAsked.emit)] if not_shown else []
        words = summary(result, not_shown)
        if result.added and not desk.page.grid.selected_ids():
            words += " Click a photo to see its look-alikes."
        desk.status.show_message(words, actions)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._put_away, self._failure = "", str(error)
            self._say(str(error), Kind.WARN, ("Continue", self._desk.adding.rescan))
        else:
            self._desk.report(error, "adding photos", self._desk.adding.rescan)

    def operation_failed(self, job: Job, error: BaseException) -> None:
        """Any operation failed that nobody else answers for."""
        if job.name in _TOLD:
            return  # by those who asked
        self._desk.report(error, job.name)

    # --- steps ----------------------------------------------------------------------------------------------

    @Slot(str)
    def _taken_back(self, words: str) -> None:
        self._desk.status.show_message(taken_back(words), [("Redo", self._if_next(self._desk.undo.redo))])

    @Slot(str)
    def _done_again(self, words: str) -> None:
        self._desk.status.show_message(done_again(words), [("Undo", self._if_next(self._desk.undo.undo))])

    def _if_next(self, act: Callable[[], None]) -> Callable[[], None]:
        """What a message's button does, unless another step came meanwhile: that one stays as it is."""
        steps = self._desk.undo
        at = steps.index()

        def step() -> None:
            if steps.index() == at:
                act()

        return step

    # --- device ----------------------------------------------------------------------------------------------

    @Slot(object)
    def _show_device(self, known: Recognition | None) -> None:
        if known is not None:
            self._desk.status.set_device(
                DeviceInfo(
                    on_graphics_card=known.kind == "cuda",
                    photos_per_second=self._rate,
                    network=known.network,
                    reason=known.reason,
                    fixable=bool(known.reason),
                )
            )

    @Slot()
    def _show_fix(self) -> None:
        self._desk.status.show_message(
            'Install the graphics card part with: .venv/bin/pip install "likeness[cuda]", then start again.',
            stay_ms=0,
        )

    # --- banner ----------------------------------------------------------------------------------------------

    def _say(self, words: str, kind: Kind, *buttons: tuple[str, Callable[[], object]]) -> None:
        if words == self._put_away:
            return
        self._banner.set_contents(kind, words, [(name, self._then_hide(act)) for name, act in buttons])
        self._banner.show()

    def _then_hide(self, act: Callable[[], object]) -> Callable[[], object]:
        def both() -> None:
            self._banner.hide()
            act()

        return both

    @Slot()
    def _close_banner(self) -> None:
        self._put_away, self._failure = self._banner.words(), ""
