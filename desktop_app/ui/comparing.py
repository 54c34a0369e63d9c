"""Compare by: which ways there are, and how the window changes from one to another."""

from __future__ import annotations

import enum
import logging
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.descriptors import COLOUR, Descriptor
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.classifier_files import learnt_with
from desktop_app.core.operations.describe import Described, describe
from desktop_app.core.operations.descriptors import MadeDefault, make_default
from desktop_app.core.operations.ways import WayChoice, choices, title_of
from desktop_app.core.types import Changes
from desktop_app.jobs import Job, Latest
from desktop_app.ui.background import Background
from desktop_app.ui.desk import Desk

log = logging.getLogger(__name__)

_UNFINISHED = "getting_ready"  # lines "then descriptor" in the library: what the next start goes on with


class Then(enum.StrEnum):
    """What becomes of a way once it is ready."""

    BESIDE = "beside"  # it is one of those to choose from
    CHOOSE = "choose"  # photos are compared by it
    DEFAULT = "default"  # the library compares by it, learns on it and finds duplicates with it


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
        self._then: dict[str, Then] = {}  # of what is being got ready
        self._latest = Latest(desk.session.query, self)
        self._latest.answered.connect(self._take)
        desk.session.opened.connect(self._resume)
        desk.session.opened.connect(self.look_again)
        desk.session.comparedBy.connect(self._switched)
        desk.session.changed.connect(self._photos_changed)
        desk.page.bar.wayChosen.connect(self.choose)
        desk.page.bar.waysOpened.connect(self._open_ways)

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
    def _photos_changed(self, changes: Changes) -> None:
        """The first photos bring ways with them, such as their colours."""
        if (changes.added or changes.index) and not all(way.ready for way in self.ways if way.descriptor == COLOUR):
            self.look_again()

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
        for other, then in self._then.items():  # the newest choice counts
            if then is Then.CHOOSE:
                self._then[other] = Then.BESIDE
        if descriptor != self.now:
            if known is not None and known.ready:
                self._change_to(descriptor)
            else:
                self.get_ready(descriptor, Then.CHOOSE)
        self._show()  # the list shows what is in force, not what is wished for

    def make_ready(self, descriptor: str) -> None:
        """Compute what photos lack for a way."""
        self.get_ready(descriptor, Then.BESIDE)

    def make_default(self, descriptor: str) -> None:
        """Let a network be what this library compares by, learns on and finds duplicates with, once it is ready."""
        self.get_ready(descriptor, Then.DEFAULT)

    def get_ready(self, descriptor: str, then: Then) -> None:
        """Compute what photos lack; shown in the status bar, can be stopped and gone on with, also after a restart."""
        library, desk = self._desk.session.library, self._desk
        if library is None:
            return
        if not library.writable:
            desk.status.show_message(f"“{library.name}” is open for looking only, so no other way can be made ready.")
            return
        if descriptor in self._jobs:
            if then is not Then.BESIDE and self._then[descriptor] is not Then.DEFAULT:
                self._then[descriptor] = then
                self._remember()
            return
        self._then[descriptor] = then
        self._remember()
        if then is Then.DEFAULT:
            job = self._background.start(
                make_default(library, descriptor), "comparing photos", "Getting photos ready to be compared"
            )
            job.succeeded.connect(self._made_default)
        else:
            operation = describe(library, descriptor, limit_megapixels=desk.adding.limit_megapixels)
            job = self._background.start(operation, "comparing photos", "Getting photos ready to be compared")
            job.succeeded.connect(self._ready)
        self._jobs[descriptor] = job
        job.cancelled.connect(self._stopped)
        job.finished.connect(self._finished)
        self.changed.emit()

    @property
    def under_way(self) -> frozenset[str]:
        """The networks that photos are being got ready for; "colour" for the colours."""
        return frozenset(descriptor.partition(":")[0] for descriptor in self._jobs)

    @Slot()
    def _open_ways(self) -> None:
        """While somebody reads the list, the files of what may be chosen are opened: the first time is quick too."""
        for way in self.ways:
            if way.ready and way.descriptor != self.now:
                self._desk.session.warm(way.descriptor)

    def _change_to(self, descriptor: str) -> None:
        """Compare by a way that is ready; where its network is another, say what that means for what was learnt."""
        session, library = self._desk.session, self._desk.session.open_library()
        wanted = Descriptor.parse(descriptor, library.network.name)
        another = not wanted.is_colour and wanted.network != library.network.name
        written = session.set_compare_by(descriptor)
        if another and written is not None:
            written.succeeded.connect(session.know_recognition_anew)
            written.succeeded.connect(self.look_again)
            asked = session.query.submit(partial(_learn_again, library, wanted), name="what was learnt")
            asked.succeeded.connect(self._tell_of_learning)

    @Slot(object)
    def _tell_of_learning(self, sets: tuple[str, ...]) -> None:
        if sets:
            names = ", ".join(f"“{name}”" for name in sets)
            self._desk.status.show_message(f"Labels stay as they are. {names} will be learnt again on this network.")

    @Slot(object)
    def _made_default(self, made: MadeDefault) -> None:
        self._desk.session.take_compare_by(str(made.descriptor))
        self._desk.session.know_recognition_anew()
        self._tell_of_learning(made.learn_again)
        self.look_again()

    @Slot(object)
    def _ready(self, described: Described) -> None:
        descriptor = str(described.descriptor)
        then = self._then.get(descriptor, Then.BESIDE)
        if then is Then.CHOOSE:
            self._change_to(descriptor)
        elif then is Then.DEFAULT:  # wished for while it was on its way: what is left takes no time
            self._jobs.pop(descriptor, None)
            self.make_default(descriptor)
        self.look_again()

    @Slot()
    def _stopped(self) -> None:
        descriptor = next((name for name, job in self._jobs.items() if job is self.sender()), "")
        again = partial(self.get_ready, descriptor, self._then.get(descriptor, Then.BESIDE))
        self._desk.status.show_message("Stopped. What is done is kept.", [("Continue", again)])

    @Slot()
    def _finished(self) -> None:
        gone = [name for name, job in self._jobs.items() if job is self.sender()]
        for name in gone:
            del self._jobs[name], self._then[name]
        if gone:
            self._remember()
        self._show()
        self.look_again()

    def _remember(self) -> None:
        """Keep what is under way with the library, for a start after the program was cut off.

        When the window closes, its lanes take nothing any more: what was under way then stays remembered.
        """
        library = self._desk.session.library
        if library is not None and library.writable:
            lines = "\n".join(f"{then} {descriptor}" for descriptor, then in self._then.items())
            self._desk.session.work.submit(
                lambda: library.set_meta(_UNFINISHED, lines), name="changing the library", urgent=True
            )

    @Slot()
    def _resume(self) -> None:
        """Go on with what was under way when the program ended."""
        library = self._desk.session.library
        if library is None or not library.writable:
            return
        for line in library.get_meta(_UNFINISHED).splitlines():
            then, _, descriptor = line.partition(" ")
            if then not in set(Then) or not descriptor:
                continue
            try:
                library.descriptor(descriptor)
            except UserError:  # its network was removed meanwhile
                continue
            self.get_ready(descriptor, Then(then))

    @Slot(str)
    def _switched(self, descriptor: str) -> None:
        self._show()
        self._desk.page.compare_anew()
        log.info("comparing by %s", descriptor)
        self.look_again()


def _learn_again(library: Library, wanted: Descriptor) -> tuple[str, ...]:
    """Label sets whose classifiers were learnt with another network."""
    key = library.find_network(wanted.network).key
    return tuple(name for name, learnt in learnt_with(library).items() if learnt != key)


def _look(library: Library, now: str) -> tuple[tuple[WayChoice, ...], str]:
    return choices(library), title_of(library, library.descriptor(now))
