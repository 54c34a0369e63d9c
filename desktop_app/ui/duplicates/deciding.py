"""Decisions about sets: photos go to the trash, sets are none, and all of it comes back with Undo."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core import wording
from desktop_app.core.catalog import photos
from desktop_app.core.duplicates.sets import CopySet
from desktop_app.core.library import Library
from desktop_app.core.operations.trash_back import Restored
from desktop_app.core.types import Changes, PhotoId, PhotoState
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk, Undoable
from desktop_app.ui.duplicates import many, reading
from desktop_app.ui.duplicates.decisions import Decisions, Step
from desktop_app.ui.duplicates.page import DuplicatesPage
from desktop_app.ui.duplicates.values import copy_of
from desktop_app.ui.trash.trashing import Trashing


class Deciding(QObject):
    """Does what the page asks for and shows what is left.

    A set that is decided leaves the list at once; what the trash refuses, and what comes back from it, returns.

    Signals:
        changed(): other sets are left.
        unknownBack(): something is to be decided again that the last look left out.
    """

    changed = Signal()
    unknownBack = Signal()

    def __init__(self, desk: Desk, page: DuplicatesPage, trashing: Trashing) -> None:
        super().__init__(desk.window)
        self._desk, self._page, self._trashing = desk, page, trashing
        self.decisions = Decisions()
        self._checking: set[int] = set()  # photos of which it is not known yet whether they may go
        self._truth = Latest(desk.session.query, self)
        self._truth.answered.connect(self._put_right)
        page.doAsked.connect(self.do)
        page.trashAsked.connect(self.trash_one)
        page.notCopiesAsked.connect(self.not_copies)
        page.notThisAsked.connect(self.not_copies)
        page.refused.connect(self._say)
        trashing.restored.connect(self._restored)
        trashing.idle.connect(self._look_at_truth)

    @property
    def can_write(self) -> bool:
        """Whether anything can be decided here; says so where not."""
        library = self._desk.session.library
        if library is not None and not library.writable:
            self._say(f"“{library.name}” is open for looking only, so nothing can be moved or decided.")
            return False
        return library is not None

    # --- what is shown ---------------------------------------------------------------------------------------

    def take(self, sets: Sequence[CopySet], *, is_new: bool = True) -> None:
        """Another look has found these, or (not `is_new`) they were only put in order anew."""
        self.decisions.take(sets, is_new=is_new)
        self.show()

    def forget(self) -> None:
        """Another library is open."""
        self._truth.drop()
        self._checking.clear()
        self.decisions.forget()
        self.show()

    def show(self, key: str = "") -> None:
        """Show what is left; `key` is a set to go to."""
        self._page.show_tally(self.decisions.tally)
        self._page.show_sets(self.decisions.left, key)
        self.changed.emit()

    # --- deciding --------------------------------------------------------------------------------------------

    @Slot(object, object)
    def do(self, copies: CopySet, ids: Sequence[int]) -> None:
        """A set is decided: these photos go, or none."""
        if not ids:
            self._push("keeping all photos of a set", Step((copies.key,)))
        elif self.can_write:
            self._go(Step((copies.key,), frozenset(ids), copies.bytes_of(ids)), [(copies, tuple(ids))])

    @Slot(object, int)
    def trash_one(self, copies: CopySet, photo: int) -> None:
        """One photo of a set goes now; the last two are a decision about the set."""
        found = copy_of(copies, photo)
        if found is not None and self.can_write:
            keys = (copies.key,) if len(copies.copies) == 2 else ()
            ids = tuple(map(int, found.photos))
            self._go(Step(keys, frozenset(ids), copies.bytes_of(ids)), [(copies, ids)])

    def do_many(self, sets: Sequence[many.Going], size: int) -> None:
        """Many sets at once, which were shown before."""
        if sets and self.can_write:
            ids = frozenset(photo for _, some in sets for photo in some)
            self._go(Step(tuple(copies.key for copies, _ in sets), ids, size), sets)

    def _go(self, step: Step, sets: Sequence[many.Going]) -> None:
        self.decisions.add(step)
        self._checking |= step.photos
        self.show()
        job = self._desk.session.query.submit(
            partial(many.safe, self._desk.session.open_library(), sets), name="whether what is kept is there"
        )
        job.succeeded.connect(self._move)
        job.failed.connect(partial(self._not_checked, step))

    def _not_checked(self, step: Step, _error: object) -> None:
        self._checking -= step.photos
        self._came_back(sorted(step.photos))

    @Slot(object)
    def _move(self, found: many.Safe) -> None:
        self._checking -= {*found.may, *found.held}
        if found.may:
            count = wording.count(len(found.may), "copy", "copies")
            self._trashing.move([PhotoId(one) for one in found.may], f"Moving {count} to the trash", shown=True)
        if found.held:
            self._came_back(found.held)
            what = wording.count(len(found.held), "photo")
            verb = "stays" if len(found.held) == 1 else "stay"
            self._say(f"What was to be kept is not there any more or differs now, so {what} {verb}. Look again.")

    @Slot(object, int)
    def not_copies(self, copies: CopySet, photo: int = -1) -> None:
        """The photos of a set are none of one another, for good; or only `photo` is none of the others."""
        if not self.can_write:
            return
        is_one = photo >= 0 and len(copies.copies) > 2
        step = Step((), apart=(copies.key, photo)) if is_one else Step((copies.key,))
        word = reading.Word(copies, photo if is_one else None)
        self._push("“Not copies”", step, word.give, word.take_back)
        words = "This one is not offered as their copy again." if is_one else "These are not offered as copies again."
        self._desk.status.show_message(words, [("Undo", partial(self._undo_if_last, self._desk.undo.index()))])

    def _undo_if_last(self, index: int) -> None:
        if self._desk.undo.index() == index:
            self._desk.undo.undo()

    def _push(
        self, words: str, step: Step, write: reading.Write | None = None, back: reading.Write | None = None
    ) -> None:
        self._desk.undo.push(Undoable(words, partial(self._add, step, write), partial(self._remove, step, back)))

    def _add(self, step: Step, write: reading.Write | None) -> None:
        if write is not None:
            self._desk.session.write(write)
        self.decisions.add(step)
        self.show()

    def _remove(self, step: Step, back: reading.Write | None) -> None:
        if back is not None:
            # a look that was made meanwhile took the word at its face and left these out
            done = None if self.decisions.has(step) else self._tell_unknown
            self._desk.session.write(back, done)
        self.decisions.remove(step)
        self.show(step.keys[0] if step.keys else step.apart[0] if step.apart is not None else "")

    def note(self, changes: Changes) -> None:
        """Files came and went, by whoever's hand: what is not there is no copy to decide about."""
        # a file of another content is no copy any more, until the next look says otherwise
        gone = [int(one) for one in (*changes.removed, *changes.updated)]
        if self.decisions.note(gone, map(int, changes.added)):
            self.show()

    @Slot()
    def _tell_unknown(self) -> None:
        self.unknownBack.emit()

    # --- what came of it -------------------------------------------------------------------------------------

    @Slot(object)
    def _restored(self, result: Restored) -> None:
        ids = [int(one) for one in result.photos]
        ours = not self.decisions.gone.isdisjoint(ids)
        self._came_back(ids)
        if ours and not self.decisions.knows(ids):  # they were away when the sets were put in order
            self.unknownBack.emit()

    @Slot()
    def _look_at_truth(self) -> None:
        """See which of the photos that went are there after all: refused, stopped half-way, brought back."""
        library, gone = self._desk.session.library, self.decisions.gone - self._checking
        if library is not None and gone:
            self._truth.ask(partial(_present, library, gone), name="what is in the trash")

    @Slot(object)
    def _put_right(self, there: frozenset[int]) -> None:
        self._came_back(sorted(there - self._checking))

    def _came_back(self, ids: Sequence[int]) -> None:
        before = self.decisions.gone
        if not before.isdisjoint(ids):
            self.show(self.decisions.came_back(ids))

    @Slot(str)
    def _say(self, words: str) -> None:
        self._desk.status.show_message(words)


def _present(library: Library, ids: frozenset[int]) -> frozenset[int]:
    """Those of these photos whose files are where the catalogue says."""
    found = photos.fetch(library.connection, sorted(ids)).values()
    return frozenset(int(photo.id) for photo in found if photo.state is PhotoState.PRESENT)
