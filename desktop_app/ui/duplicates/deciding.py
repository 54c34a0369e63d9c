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
from desktop_app.ui.duplicates import reading
from desktop_app.ui.duplicates.decisions import Decisions, Step
from desktop_app.ui.duplicates.page import DuplicatesPage
from desktop_app.ui.trash.trashing import Trashing


class Deciding(QObject):
    """Does what the page asks for and shows what is left.

    A set that is decided leaves the list at once; what the trash refuses, and what comes back from it, returns.

    Signals:
        changed(): other sets are left.
    """

    changed = Signal()

    def __init__(self, desk: Desk, page: DuplicatesPage, trashing: Trashing) -> None:
        super().__init__(desk.window)
        self._desk, self._page, self._trashing = desk, page, trashing
        self.decisions = Decisions()
        self._truth = Latest(desk.session.query, self)
        self._truth.answered.connect(self._put_right)
        page.doAsked.connect(self.do)
        page.trashAsked.connect(self.trash_one)
        page.notCopiesAsked.connect(self.not_copies)
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

    def take(self, sets: Sequence[CopySet]) -> None:
        """Another look has found these."""
        self.decisions.take(sets)
        self.show()

    def forget(self) -> None:
        """Another library is open."""
        self._truth.drop()
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
            size = copies.suggestion.bytes * len(ids) // max(1, len(copies.suggestion.go))
            self._go(Step((copies.key,), frozenset(ids), size), ids)

    @Slot(object, int)
    def trash_one(self, copies: CopySet, photo: int) -> None:
        """One photo of a set goes now; the last two are a decision about the set."""
        found = next((one for one in copies.copies if one.photo == photo), None)
        if found is None or not self.can_write:
            return
        keys = (copies.key,) if len(copies.copies) == 2 else ()
        ids = [int(one) for one in (found.photo, *found.same)]
        size = copies.suggestion.bytes * len(ids) // max(1, len(copies.suggestion.go))
        self._go(Step(keys, frozenset(ids), size), ids)

    def do_many(self, keys: Sequence[str], ids: Sequence[int], size: int) -> None:
        """Many sets at once, which were shown before."""
        if ids and self.can_write:
            self._go(Step(tuple(keys), frozenset(map(int, ids)), size), ids)

    def _go(self, step: Step, ids: Sequence[int]) -> None:
        self.decisions.add(step)
        self.show()
        count = wording.count(len(ids), "copy", "copies")
        self._trashing.move([PhotoId(int(one)) for one in ids], f"Moving {count} to the trash", shown=True)

    @Slot(object)
    def not_copies(self, copies: CopySet) -> None:
        """The photos of a set are none of one another, for good."""
        if not self.can_write:
            return
        step = Step((copies.key,))
        word = reading.Word(copies)
        self._push("“Not copies”", step, word.give, word.take_back)
        self._desk.status.show_message(
            "These are not offered as copies again.", [("Undo", partial(self._undo_if_last, self._desk.undo.index()))]
        )

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
            self._desk.session.write(back)
        self.decisions.remove(step)
        self.show(step.keys[0])

    def note(self, changes: Changes) -> None:
        """Files came and went, by whoever's hand: what is not there is no copy to decide about."""
        if self.decisions.note(map(int, changes.removed), map(int, (*changes.added, *changes.updated))):
            self.show()

    # --- what came of it -------------------------------------------------------------------------------------

    @Slot(object)
    def _restored(self, result: Restored) -> None:
        self._came_back([int(one) for one in result.photos])

    @Slot()
    def _look_at_truth(self) -> None:
        """See which of the photos that went are there after all: refused, stopped half-way, brought back."""
        library, gone = self._desk.session.library, self.decisions.gone
        if library is not None and gone:
            self._truth.ask(partial(_present, library, gone), name="what is in the trash")

    @Slot(object)
    def _put_right(self, there: frozenset[int]) -> None:
        self._came_back(sorted(there))

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
