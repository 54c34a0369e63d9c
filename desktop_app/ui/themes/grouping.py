"""The Themes page joined to the library: grouping, the slider, every change, and labels made of themes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core import wording
from desktop_app.core.catalog import themes as catalogue
from desktop_app.core.catalog.themes import Before, GroupingId, ThemeId
from desktop_app.core.labelling import LabelSetId
from desktop_app.core.library import Library
from desktop_app.core.operations import labels as label_operations
from desktop_app.core.operations import themes as operations
from desktop_app.core.operations.themes import Found, Scope, Written
from desktop_app.core.types import Changes, PhotoId, Progress
from desktop_app.jobs import Job, Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.label.labelling import Labelling
from desktop_app.ui.themes.below import Below
from desktop_app.ui.themes.changing import Step, Write
from desktop_app.ui.themes.choices import choices, scope_of
from desktop_app.ui.themes.labels_dialog import LabelsDialog
from desktop_app.ui.themes.naming import Names, Naming
from desktop_app.ui.themes.page import ThemesPage
from desktop_app.ui.themes.reading import LAST, Loaded, look, scope_words
from desktop_app.ui.themes.values import Choice, ThemeCard, Working
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
        self._choose_next: tuple[int, ...] = ()
        self._naming = Naming()
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
        page.shelfRemoved.connect(self._remove_grouping)
        page.againAsked.connect(self._group_again)
        page.stopAsked.connect(self.stop)
        page.countAsked.connect(self._cut)
        page.countSettled.connect(self._settle)
        page.openAsked.connect(self._open)
        page.renamed.connect(self._rename)
        page.mergeAsked.connect(self._merge)
        page.splitAsked.connect(self._split)
        page.lockAsked.connect(self._lock)
        page.removeAsked.connect(self._remove)
        page.moveAsked.connect(self.move)
        page.labelAsked.connect(self._label)
        page.labelsAsked.connect(self._turn_into_labels)

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
            wanted = self._wanted
            self._latest.ask(lambda: look(library, wanted), name="looking at themes")

    @Slot(object)
    def _take(self, loaded: Loaded) -> None:
        self.loaded, self.is_loaded = loaded, True
        if loaded.grouping is not None:
            self._wanted = loaded.grouping.id
        earlier = [(int(one.id), scope_words(one), one.count) for one in loaded.groupings]
        self.page.set_shelves(earlier, int(self._wanted) if self._wanted is not None else None)
        self.page.show_shelf(loaded.shelf)
        if self._choose_next:
            self.page.cards.choose(self._choose_next)
            self._choose_next = ()
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

    @property
    def _can_write(self) -> bool:
        library = self._desk.session.library
        if library is not None and not library.writable:
            self._desk.status.show_message(f"“{library.name}” is open for looking only, so nothing can be grouped.")
            return False
        return library is not None

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
        if library is None or self._job is not None or not self._can_write:
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
            self._desk.undo.push(Step(self._submit, "grouping", before=written.before))
        many = wording.count(written.grouping.count, "theme")
        self._desk.status.show_message(f"{many} found.", [("Undo", self._undo_if_last())])
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
        if grouping is None or count is None or not self._can_write:
            self._is_cutting = False
            return
        self._is_cutting = True
        self._names.drop()
        job = self._submit(partial(operations.cut, grouping=grouping.id, count=count))
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
            self._desk.undo.push(Step(self._submit, "another number of themes", before=before))
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
            self._submit(partial(operations.propose_names, grouping=grouping, names=names))

    # --- changes ---------------------------------------------------------------------------------------------

    def _submit(self, write: Write) -> Job:
        """Have something written; the page looks again from what it altered."""
        session = self._desk.session
        library = session.open_library()
        job = session.work.submit(lambda: write(library), name="changing themes", urgent=True)
        job.succeeded.connect(session.note)
        return job

    def _change(self, words: str, write: Write) -> None:
        if self._can_write:
            self._desk.undo.push(Step(self._submit, words, write))

    def _tell(self, words: str) -> None:
        self._desk.status.show_message(words, [("Undo", self._undo_if_last())])

    def _undo_if_last(self) -> Callable[[], None]:
        done, stack = self._desk.undo.index(), self._desk.undo

        def undo() -> None:
            if stack.index() == done:
                stack.undo()

        return undo

    def _card(self, theme: int) -> ThemeCard | None:
        shelf = self.loaded.shelf
        return next((card for card in shelf.themes if card.id == theme), None) if shelf is not None else None

    @Slot(int)
    def _open(self, theme: int) -> None:
        card = self._card(theme)
        if card is not None:
            words = f"theme “{card.title}”" if not card.is_odd else "odd ones out"
            self.openAsked.emit(theme, words)

    @Slot(int, str)
    def _rename(self, theme: int, name: str) -> None:
        self._change("renaming a theme", partial(operations.rename, theme=ThemeId(theme), name=name))

    @Slot(object)
    def _merge(self, ids: Sequence[int]) -> None:
        grouping, first = self.loaded.grouping, self._card(ids[0])
        if grouping is None or first is None:
            return
        # the one that others were dropped on keeps its name, whoever gave it
        name = first.name if not first.is_proposed else ""
        chosen = [ThemeId(one) for one in ids]
        self._change("merging themes", partial(operations.merge, grouping=grouping.id, ids=chosen, name=name))
        self._choose_next = tuple(ids)
        self._tell(f"{len(ids)} themes merged.")

    @Slot(int, int)
    def _split(self, theme: int, parts: int) -> None:
        self._change("splitting a theme", partial(operations.split, theme=ThemeId(theme), parts=parts))

    @Slot(object, bool)
    def _lock(self, ids: Sequence[int], on: bool) -> None:
        words = "locking" if on else "unlocking"
        self._change(f"{words} {wording.count(len(ids), 'theme')}", partial(_lock_all, ids=tuple(ids), on=on))

    @Slot(object)
    def _remove(self, ids: Sequence[int]) -> None:
        many = wording.count(len(ids), "theme")
        self._change(f"removing {many}", partial(_remove_all, ids=tuple(ids)))
        self._tell(f"{many} removed; the photos are odd ones out now.")

    @Slot(object, int)
    def move(self, photos: Sequence[int], theme: int) -> None:
        """Put photos into another theme."""
        grouping, card = self.loaded.grouping, self._card(theme)
        if grouping is None or card is None:
            return
        many = wording.count(len(photos), "photo")
        ids = [PhotoId(photo) for photo in photos]
        write = partial(operations.move, photos=ids, grouping=grouping.id, to=ThemeId(theme))
        self._change(f"moving {many}", lambda library: write(library))
        self._tell(f"{many} moved to “{card.title}”.")

    @Slot(int)
    def _remove_grouping(self, grouping: int) -> None:
        if self._wanted == grouping:
            self._wanted = None
        self._change("removing themes", partial(operations.remove_grouping, grouping=GroupingId(grouping)))
        self._tell("These themes are gone. Photos and labels stay as they are.")

    # --- labels ----------------------------------------------------------------------------------------------

    @Slot(object)
    def _label(self, ids: Sequence[int]) -> None:
        """One key for all photos of some themes, as on any page."""
        library = self._desk.session.library
        if library is not None:
            chosen = tuple(ids)
            job = self._desk.session.query.submit(lambda: _photos_of(library, chosen), name="photos of a theme")
            job.succeeded.connect(self._labelling.anywhere.ask)

    @Slot(object)
    def _turn_into_labels(self, ids: Sequence[int]) -> None:
        grouping, shelf = self.loaded.grouping, self.loaded.shelf
        if grouping is None or shelf is None or not self._can_write:
            return
        chosen = [replace(card, place=at) for at, card in enumerate(c for c in shelf.themes if c.id in set(ids))]
        dialog = LabelsDialog(
            self._desk.theme, chosen, self._labelling.labels.state.sets, self._free_name(), self._desk.window
        )
        dialog.accepted.connect(partial(self._make_labels, dialog, grouping.id, tuple(ids)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _free_name(self) -> str:
        taken = {one.name.casefold() for one in self._labelling.labels.state.sets}
        number = 1
        while (name := f"Themes {number}" if number > 1 else "Themes").casefold() in taken:
            number += 1
        return name

    def _make_labels(self, dialog: LabelsDialog, grouping: GroupingId, ids: tuple[int, ...]) -> None:
        wish = dialog.wish
        write = partial(
            operations.as_labels,
            grouping=grouping,
            ids=[ThemeId(one) for one in ids],
            name="" if wish.label_set is not None else wish.name,
            label_set=wish.label_set,
        )
        self._labelling.labels.change("labels from themes", lambda library: write(library), done=self._labelled)

    @Slot(object)
    def _labelled(self, written: label_operations.Written) -> None:
        label_set = written.label_set
        if label_set is None:
            return
        self._labelling.labels.choose(label_set.id)
        actions = [("See them", partial(self._see_labels, label_set.id)), ("Undo", self._undo_if_last())]
        self._desk.status.show_message(f"The themes are answers of “{label_set.name}” now.", actions)

    def _see_labels(self, label_set: LabelSetId) -> None:
        self._labelling.labels.choose(label_set)
        self.labelsMade.emit()


def _named(
    naming: Naming, library: Library, grouping: GroupingId
) -> Generator[Progress, None, tuple[GroupingId, Names]]:
    names = yield from naming.names(library, grouping)
    return grouping, names


def _lock_all(library: Library, ids: Sequence[int], *, on: bool) -> Written:
    """Several as one step: the first one's `before` holds the whole grouping."""
    written = [operations.lock(library, ThemeId(one), on) for one in ids]
    return _as_one(written)


def _remove_all(library: Library, ids: Sequence[int]) -> Written:
    return _as_one([operations.remove(library, ThemeId(one)) for one in ids])


def _as_one(written: Sequence[Written]) -> Written:
    last = written[-1]
    return Written(themes=last.themes, before=written[0].before, grouping=last.grouping)


def _photos_of(library: Library, ids: Sequence[int]) -> list[PhotoId]:
    return [photo for one in ids for photo in catalogue.photos_of(library.connection, ThemeId(one))]
