"""Compare by: which ways there are, and how the window changes from one to another."""

from __future__ import annotations

import logging
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.library import Library
from desktop_app.core.operations.describe import Described, describe
from desktop_app.core.operations.descriptors import MadeDefault, make_default
from desktop_app.core.operations.ways import WayChoice, choices, title_of
from desktop_app.jobs import Job, Latest
from desktop_app.ui.background import Background
from desktop_app.ui.desk import Desk

log = logging.getLogger(__name__)


class Comparing(QObject):
    """Keeps the list of ways level with the library; makes a way ready before photos are compared by it.

    Signals:
        changed(): other ways are there, or ready.
    """

    changed = Signal()

    def __init__(self, desk: Desk, background: Background) -> None:
        super().__init__(desk.window)
        self._desk, self._background = desk, background
        self.ways: tuple[WayChoice, ...] = ()
        self._titles: dict[str, str] = {}
        self._jobs: dict[str, Job] = {}  # by descriptor
        self._wanted = ""  # what photos are compared by once it is ready
        self._latest = Latest(desk.session.query, self)
        self._latest.answered.connect(self._take)
        desk.session.opened.connect(self.look_again)
        desk.session.comparedBy.connect(self._switched)
        desk.page.bar.wayChosen.connect(self.choose)

    @property
    def now(self) -> str:
        """What photos are compared by."""
        return self._desk.session.compare_by

    @Slot()
    def look_again(self) -> None:
        """Ask which ways there are."""
        library = self._desk.session.library
        if library is not None:
            session = self._desk.session
            self._latest.ask(lambda: _look(library, session.compare_by), name="ways to compare")

    @Slot(object)
    def _take(self, found: tuple[tuple[WayChoice, ...], str]) -> None:
        self.ways, title = found
        self._titles = {way.descriptor: way.title for way in self.ways}
        self._titles.setdefault(self.now, title)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        shown = [(way.descriptor, way.title) for way in self.ways]
        if self.now and self.now not in {descriptor for descriptor, _ in shown}:
            shown.append((self.now, self._titles.get(self.now, self.now)))
        self._desk.page.bar.set_ways(shown, self.now)

    # --- changing --------------------------------------------------------------------------------------------

    @Slot(str)
    def choose(self, descriptor: str) -> None:
        """Compare by another way: at once where it is ready, else as soon as it is."""
        known = next((way for way in self.ways if way.descriptor == descriptor), None)
        if descriptor == self.now:
            self._wanted = ""
        elif known is not None and known.ready:
            self._wanted = ""
            self._desk.session.set_compare_by(descriptor)
        else:
            self._wanted = descriptor
            self.make_ready(descriptor)
        self._show()  # the list shows what is in force, not what is wished for

    def make_ready(self, descriptor: str) -> None:
        """Compute what photos lack for a way; shown in the status bar, can be stopped and gone on with."""
        library, desk = self._desk.session.library, self._desk
        if library is None or descriptor in self._jobs:
            return
        if not library.writable:
            desk.status.show_message(f"“{library.name}” is open for looking only, so no other way can be made ready.")
            return
        operation = describe(library, descriptor, limit_megapixels=desk.adding.limit_megapixels)
        job = self._background.start(operation, "comparing photos", "Getting photos ready to be compared")
        self._jobs[descriptor] = job
        job.succeeded.connect(self._ready)
        job.cancelled.connect(self._stopped)
        job.finished.connect(self._finished)

    def make_default(self, descriptor: str) -> None:
        """Let a network be what this library compares by, learns on and finds duplicates with, once it is ready."""
        library, desk = self._desk.session.library, self._desk
        if library is None or descriptor in self._jobs:
            return
        if not library.writable:
            desk.status.show_message(f"“{library.name}” is open for looking only, so it stays as it is.")
            return
        operation = make_default(library, descriptor)
        job = self._background.start(operation, "comparing photos", "Getting photos ready to be compared")
        self._jobs[descriptor] = job
        job.succeeded.connect(self._made_default)
        job.cancelled.connect(self._stopped)
        job.finished.connect(self._finished)

    @Slot(object)
    def _made_default(self, made: MadeDefault) -> None:
        self._desk.session.take_compare_by(str(made.descriptor))
        self._desk.session.know_recognition_anew()
        if made.learn_again:
            names = ", ".join(f"“{name}”" for name in made.learn_again)
            self._desk.status.show_message(f"Labels stay as they are. {names} will be learnt again on this network.")
        self.look_again()

    @Slot(object)
    def _ready(self, described: Described) -> None:
        descriptor = str(described.descriptor)
        if descriptor == self._wanted:
            self._wanted = ""
            self._desk.session.set_compare_by(descriptor)
        self.look_again()

    @Slot()
    def _stopped(self) -> None:
        descriptor = next((name for name, job in self._jobs.items() if job is self.sender()), "")
        if descriptor == self._wanted:
            self._wanted = ""
        again = partial(self._continue, descriptor)
        self._desk.status.show_message("Stopped. What is done is kept.", [("Continue", again)])

    def _continue(self, descriptor: str) -> None:
        self._wanted = descriptor
        self.make_ready(descriptor)

    @Slot()
    def _finished(self) -> None:
        self._jobs = {name: job for name, job in self._jobs.items() if job is not self.sender()}
        self._show()

    @Slot(str)
    def _switched(self, descriptor: str) -> None:
        self._show()
        self._desk.page.compare_anew()
        log.info("comparing by %s", descriptor)
        self.look_again()


def _look(library: Library, now: str) -> tuple[tuple[WayChoice, ...], str]:
    return choices(library), title_of(library, library.descriptor(now))
