"""Looking for copies: when, how far, what was found so far, and by which rules one of each set is suggested."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core import wording
from desktop_app.core.duplicates.sets import KeepRules, Kind
from desktop_app.core.types import Changes, Progress
from desktop_app.jobs import Job, Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.duplicates import reading
from desktop_app.ui.duplicates.page import DuplicatesPage
from desktop_app.ui.duplicates.values import Standing, Working

if TYPE_CHECKING:
    from desktop_app.core.operations.copy_found import Found

TEXT = "Looking for copies"
_SETTLE_MS = 500
_ORDER = (Kind.EXACT, Kind.NEAR, Kind.BURST)


class Looking(QObject):
    """Starts the search, follows it, and has its answer put in order.

    Signals:
        found(object, bool): the sets (tuple[CopySet, ...]), of the whole library or those known so far; whether they
            come of another look, or were only put in order anew.
    """

    found = Signal(object, bool)

    def __init__(self, desk: Desk, page: DuplicatesPage) -> None:
        super().__init__(desk.window)
        self._desk, self._page = desk, page
        self.standing = Standing()
        self.rules = KeepRules()
        self._last: Found | None = None
        self._job: Job | None = None
        self._is_known = False
        self._is_new = False
        self._is_wanted = False
        self._progress: Progress | None = None
        self._noted: reading.Noted | None = None
        self._ordering = Latest(desk.session.query, self)
        self._ordering.answered.connect(self._take)
        self._ordering.failed.connect(self._miss)
        self._asking = Latest(desk.session.query, self)
        self._asking.answered.connect(self._know)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settling.timeout.connect(self.look)
        page.lookAsked.connect(self.find)
        page.pauseAsked.connect(self._pause)
        page.stopAsked.connect(self.stop)
        desk.background.changed.connect(self._show_work)
        desk.session.changed.connect(self._library_changed)

    # --- what is known ---------------------------------------------------------------------------------------

    def forget(self) -> None:
        """Another library is open."""
        self._ordering.drop()
        self._asking.drop()
        self._last, self._is_known, self._progress, self._noted = None, False, None, None
        self.standing = Standing()

    @Slot()
    def look(self) -> None:
        """Ask how much there is, and since when."""
        library = self._desk.session.library
        if library is not None:
            self._asking.ask(partial(reading.ask_standing, library, self._noted), name="what is known of copies")

    @Slot(object)
    def _know(self, known: reading.Known) -> None:
        first, self._is_known = not self._is_known, True
        self.rules = known.rules
        if self._last is not None:
            self.standing = replace(known.standing, summary=self.standing.summary, is_whole=self.standing.is_whole)
        else:
            # what was found out when copies were looked for before is kept, so that finding them again is quick
            self.standing = replace(known.standing, looked=None)
            if first and known.standing.looked is not None:
                self.find()
        self._page.show_standing(self.standing)

    @Slot(object)
    def _library_changed(self, changes: Changes) -> None:
        if self._page.isVisible() and (changes.added or changes.removed or changes.updated):
            self._settling.start()

    # --- looking ---------------------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether copies are being looked for."""
        return self._job is not None

    @Slot()
    def find(self) -> None:
        """Look for copies; what was compared before is not compared again."""
        library = self._desk.session.library
        if library is None or self._job is not None:
            return
        job = self._desk.background.start(
            reading.find(library), "looking for copies", TEXT, lane=self._desk.session.compute
        )
        self._job, self._progress = job, None
        job.progressed.connect(self._progressed)
        job.succeeded.connect(self._found)
        job.finished.connect(partial(self._ended, job))
        self._show_work()

    @Slot()
    def find_again(self) -> None:
        """Look once more: what runs now began before something changed that it has to know."""
        self._is_wanted = self._job is not None
        self.find()

    @Slot()
    def stop(self) -> None:
        """End here; what was found stays."""
        self._is_wanted = False
        if self._job is not None:
            self._job.cancel()

    @Slot(bool)
    def _pause(self, on: bool) -> None:
        if self._job is not None:
            (self._job.pause if on else self._job.resume)()
            self._show_work()

    @Slot(object)
    def _progressed(self, progress: Progress) -> None:
        self._progress = progress
        self._show_work()
        so_far = reading.so_far(progress)
        # those of the last look are worth more than the exact ones of this one
        if so_far is not None and self._last is None:
            self._last, self._is_new = so_far, True
            self.put_in_order()

    @Slot(object)
    def _found(self, result: tuple[Found, int]) -> None:
        self._last, newest = result
        self._is_new = True
        noted = self._noted = reading.Noted(datetime.now(), newest)
        library = self._desk.session.library
        if library is not None and library.writable:
            self._desk.session.work.submit(
                partial(reading.note_look, library, noted), name="copies were looked for", urgent=True
            )
        self.look()
        self.put_in_order()

    def _ended(self, job: Job) -> None:
        if self._job is job:
            self._job, self._progress = None, None
            if self._last is not None and not self._last.whole:  # stopped
                self._noted = reading.Noted(datetime.now(), 1 << 62)
                self.standing = replace(self.standing, looked=self._noted.time, is_whole=False)
                self._page.show_standing(self.standing)
            self._page.show_work(None)
            if self._is_wanted:
                self._is_wanted = False
                self.find()

    @Slot()
    def _show_work(self) -> None:
        job, progress = self._job, self._progress
        if job is None:
            return
        if progress is None:
            self._page.show_work(Working(f"{TEXT}.", paused=job.is_paused))
            return
        words = wording.progress(progress.text or TEXT, progress.done, progress.total, progress.seconds_left)
        self._page.show_work(Working(words, progress.done, progress.total, job.is_paused))

    # --- putting it in order ---------------------------------------------------------------------------------

    def set_rules(self, rules: KeepRules) -> None:
        """Suggest by other rules from now on; remembered with the library."""
        self.rules = rules
        library = self._desk.session.library
        if library is not None and library.writable:
            self._desk.session.work.submit(
                partial(reading.keep_rules, library, rules), name="changing the library", urgent=True
            )
        self.put_in_order()

    @Slot()
    def put_in_order(self) -> None:
        """Choose anew what is suggested of what was found."""
        library, last = self._desk.session.library, self._last
        if library is not None and last is not None:
            self._ordering.ask(reading.in_order(library, last, self.rules), name="putting copies in order")

    @Slot(object)
    def _take(self, ordered: reading.Ordered) -> None:
        looked = self._noted.time if self._noted is not None else None
        self.standing = replace(self.standing, summary=ordered.summary, looked=looked, is_whole=ordered.is_whole)
        self._page.show_standing(self.standing)
        # exact copies first: they are the quickest decided, and go in one action
        is_new, self._is_new = self._is_new, False
        self.found.emit(tuple(sorted(ordered.sets, key=lambda one: _ORDER.index(one.kind))), is_new)

    @Slot(object)
    def _miss(self, error: BaseException) -> None:
        self._desk.report(error, "putting copies in order", again=self.put_in_order)
