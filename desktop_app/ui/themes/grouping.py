"""The Themes page joined to the library: what is shown, grouping, the slider, and names."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core import wording
from desktop_app.core.catalog.themes import Before, GroupingId
from desktop_app.core.library import Library
from desktop_app.core.operations import themes as operations
from desktop_app.core.operations.themes import Found, Scope, Written
from desktop_app.core.types import Changes, Progress
from desktop_app.jobs import Job, Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.label.labelling import Labelling
from desktop_app.ui.themes.below import Below
from desktop_app.ui.themes.changing import Step
from desktop_app.ui.themes.choices import choices, scope_of
from desktop_app.ui.themes.editing import Editing
from desktop_app.ui.themes.naming import Names, Naming
from desktop_app.ui.themes.page import ThemesPage
from desktop_app.ui.themes.reading import LAST, Loaded, look, scope_words
from desktop_app.ui.themes.values import Choice, Working
from desktop_app.ui.viewing import Viewing

_SETTLE_MS = 600
TEXT = "Finding themes"


class Grouping(QObject):
    """Puts the Themes page together for one window.

    Signals:
        openAsked(int, str): show the photos of a theme; what they are, in words.
        labelsMade(): labels were made of themes, and are to be looked at.
    """

    openAsked = Signal(int, str)
    labelsMade = Signal()

    def __init__(
        self, desk: Desk, page: ThemesPage, labelling: Labelling, viewing: Viewing, thumbnails: Thumbnails
    ) -> None:
        super().__init__(desk.window)
        self._desk, self.page, self._labelling = desk, page, labelling
        self.loaded = Loaded()
        self.is_loaded = False
        self._is_shown = False
        self._wanted: GroupingId | None = None
        self._job: Job | None = None
        self._is_stopped = False
        self._cut_wanted: int | None = None
        self._cut_before: Before | None = None
        self._is_cutting = False
        self._has_settled = False
        self._naming = Naming()
        self.editing = Editing(desk, page, labelling)
        self.editing.openAsked.connect(self.openAsked)
        self.editing.labelsMade.connect(self.labelsMade)
        self.below = Below(desk, page, labelling, viewing, thumbnails)
        self._latest = Latest(desk.session.query, self)
        self._latest.answered.connect(self._take)
        self._latest.failed.connect(self._miss)
        self._names = Latest(desk.session.compute, self)
        self._names.answered.connect(self._take_names)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settling.timeout.connect(self._look)
        self._join()

    def _join(self) -> None:
        page, session = self.page, self._desk.session
        session.changed.connect(self._library_changed)
        session.overviewChanged.connect(self._show_choices)
        page.groupAsked.connect(self.group)
        page.groupMenuAsked.connect(self._show_choices)
        page.shelfChosen.connect(self._choose)
        page.againAsked.connect(self._group_again)
        page.stopAsked.connect(self.stop)
        page.countAsked.connect(self._cut)
        page.countSettled.connect(self._settle)

    # --- being looked at -------------------------------------------------------------------------------------

    @Slot()
    def shown(self) -> None:
        """The page came to the middle."""
        self._is_shown = True
        self._show_choices()
        if not self.is_loaded or self._settling.isActive():
            self._look()
        self.page.focus_body()

    @Slot()
    def _show_choices(self) -> None:
        state = self._labelling.labels.state
        self.page.set_choices(choices(self._desk, state.label_set, state.counts() if state.label_set else {}))

    @Slot(object)
    def _library_changed(self, changes: Changes) -> None:
        if changes.themes:
            self._look()
        elif self._is_shown and (changes.added or changes.removed or changes.index):
            self._settling.start()

    @Slot()
    def _look(self) -> None:
        self._settling.stop()
        library = self._desk.session.library
        if library is not None and self._is_shown:
            wanted, shelf = self._wanted, self.loaded.shelf
            waiting = shelf.waiting if shelf is not None and self._is_cutting else None
            self._latest.ask(lambda: look(library, wanted, waiting), name="looking at themes")

    @Slot(object)
    def _take(self, loaded: Loaded) -> None:
        self.loaded, self.is_loaded = loaded, True
        self.editing.loaded = loaded
        if loaded.grouping is not None:
            self._wanted = loaded.grouping.id
        earlier = [(int(one.id), scope_words(one), one.count) for one in loaded.groupings]
        self.page.set_shelves(earlier, int(self._wanted) if self._wanted is not None else None)
        self.page.show_shelf(loaded.shelf)
        if self.editing.choose_next:
            self.page.cards.choose(self.editing.choose_next)
            self.editing.choose_next = ()
        self._is_cutting = False
        if self._cut_wanted is not None:
            self._cut_next()
        elif self._has_settled:
            self._settle()
        elif loaded.nameless and self._cut_before is None:
            self._find_names()

    @Slot(object)
    def _miss(self, _error: object) -> None:
        self._is_cutting = False

    # --- grouping --------------------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether themes are being found."""
        return self._job is not None

    @Slot(object)
    def group(self, choice: Choice) -> None:
        """Group something."""
        scope = scope_of(self._desk, choice, self._labelling.labels.state.label_set)
        if scope is not None:
            self._group(scope, choice.words)

    @Slot()
    def _group_again(self) -> None:
        grouping = self.loaded.grouping
        if grouping is not None:
            self._group(grouping.scope, grouping.name)

    def _group(self, scope: Scope, name: str) -> None:
        library = self._desk.session.library
        if library is None or self._job is not None or not self.editing.can_write:
            return
        job = self._desk.background.start(
            operations.group(library, scope), "finding themes", TEXT, lane=self._desk.session.compute, pause=False
        )
        job.succeeded.connect(partial(self._keep, name))
        self._is_stopped = False
        self._follow(job)

    def _follow(self, job: Job) -> None:
        self._job = job
        self.page.show_work(Working(TEXT))
        job.progressed.connect(self._progressed)
        job.finished.connect(partial(self._ended, job))

    def _keep(self, name: str, found: Found) -> None:
        library = self._desk.session.library
        if library is None or self._is_stopped:  # stopped when it had just been found
            return
        job = self._desk.background.start(
            operations.keep(library, found, name), "saving themes", "Saving the themes", pause=False
        )
        job.succeeded.connect(self._kept)
        self._follow(job)

    @Slot(object)
    def _kept(self, written: Written) -> None:
        if written.grouping is None:
            return
        self._wanted = written.grouping.id
        self._remember(self._wanted)
        if written.before is not None:
            self._desk.undo.push(Step(self.editing.submit, "grouping", before=written.before))
        many = wording.count(written.grouping.count, "theme")
        self._desk.status.show_message(f"{many} found.", [("Undo", self.editing.undo_if_last())])
        self._desk.session.note(written)

    @Slot(object)
    def _progressed(self, progress: Progress) -> None:
        if progress.text and self._job is not None:
            self.page.show_work(Working(progress.text, progress.done, progress.total, progress.seconds_left))

    def _ended(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self.page.show_work(None)

    @Slot()
    def stop(self) -> None:
        """Stop grouping; the themes that are there stay."""
        if self._job is not None:
            self._is_stopped = True
            self._job.cancel()

    @Slot(int)
    def _choose(self, grouping: int) -> None:
        self._wanted = GroupingId(grouping)
        self._remember(self._wanted)
        self._look()

    def _remember(self, grouping: GroupingId) -> None:
        library = self._desk.session.library
        if library is not None and library.writable:
            value = str(int(grouping))
            self._desk.session.work.submit(lambda: library.set_meta(LAST, value), name="themes", urgent=True)

    # --- the slider ------------------------------------------------------------------------------------------

    @Slot(int)
    def _cut(self, count: int) -> None:
        self._cut_wanted, self._has_settled = count, False
        if not self._is_cutting:
            self._cut_next()

    def _cut_next(self) -> None:
        count, self._cut_wanted = self._cut_wanted, None
        grouping = self.loaded.grouping
        if grouping is None or count is None or not self.editing.can_write:
            self._is_cutting = False
            return
        self._is_cutting = True
        self._names.drop()
        job = self.editing.submit(partial(operations.cut, grouping=grouping.id, count=count))
        job.succeeded.connect(self._note_cut)
        job.failed.connect(self._miss)

    @Slot(object)
    def _note_cut(self, written: Written) -> None:
        if self._cut_before is None:  # one step back for all that the hand did
            self._cut_before = written.before

    @Slot()
    def _settle(self) -> None:
        """The slider stands still: one step to undo, and names for what came up."""
        self._has_settled = self._is_cutting or self._cut_wanted is not None
        if self._has_settled:
            return
        before, self._cut_before = self._cut_before, None
        if before is not None:
            self._desk.undo.push(Step(self.editing.submit, "another number of themes", before=before))
        if self.loaded.nameless:
            self._find_names()

    # --- names -----------------------------------------------------------------------------------------------

    def _find_names(self) -> None:
        library, grouping = self._desk.session.library, self.loaded.grouping
        if library is not None and library.writable and grouping is not None and not self._names.is_waiting:
            self._names.ask(_named(self._naming, library, grouping.id), name="names for themes")

    @Slot(object)
    def _take_names(self, found: tuple[GroupingId, Names]) -> None:
        grouping, names = found
        if names:
            self.editing.submit(partial(operations.propose_names, grouping=grouping, names=names))


def _named(
    naming: Naming, library: Library, grouping: GroupingId
) -> Generator[Progress, None, tuple[GroupingId, Names]]:
    names = yield from naming.names(library, grouping)
    return grouping, names
