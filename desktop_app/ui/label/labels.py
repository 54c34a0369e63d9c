"""Labels under the hand: shown at once, written on the work lane, taken back with Ctrl+Z."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QUndoCommand

from desktop_app.core import wording
from desktop_app.core.catalog.labels import Before
from desktop_app.core.labelling import AnswerId, LabelSetId, Origin
from desktop_app.core.library import Library
from desktop_app.core.operations import labels as operations
from desktop_app.core.operations.labels import Written
from desktop_app.core.types import Changes, PhotoId
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.state import ACTIVE, Given, Loaded, State, load, with_answer

_SETTLE_MS = 300

Write = Callable[[Library], Written]
Also = Callable[[Library], Changes]


class Labels(QObject):
    """The label set at hand and every change to it.

    Signals:
        changed(object): labels of these photos (list[int]) differ; None: all may, or the answers do.
        loaded(): the set at hand was read, for the first time or anew.
        replayed(object): undo or redo changed these photos (list[int]).
    """

    changed = Signal(object)
    loaded = Signal()
    replayed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self.state = State()
        self.is_loaded = False
        self._wanted: LabelSetId | None = None
        self._edits = 0
        self._asked_at = -1
        self._writes = 0
        self._is_own = False
        self._newest: _Change | None = None
        self._latest = Latest(desk.session.query, self)
        self._latest.answered.connect(self._take)
        self._latest.failed.connect(self._miss)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settling.timeout.connect(self._read_again)
        desk.session.changed.connect(self._library_changed)

    # --- reading ---------------------------------------------------------------------------------------------

    @Slot()
    def load(self) -> None:
        """Read the sets and the one at hand."""
        library = self._desk.session.library
        if library is None:
            return
        self._asked_at = self._edits
        wanted = self._wanted
        self._latest.ask(lambda: load(library, wanted), name="labels")

    def choose(self, label_set: LabelSetId) -> None:
        """Another set; remembered with the library."""
        self._wanted = label_set
        library = self._desk.session.library
        if library is not None and library.writable:
            self._desk.session.work.submit(
                lambda: library.set_meta(ACTIVE, str(int(label_set))), name="label set", urgent=True
            )
        self.load()

    @Slot(object)
    def _take(self, loaded: Loaded) -> None:
        if self._writes or self._edits != self._asked_at:
            self._settling.start()  # what was read is older than what is shown
            if self.is_loaded:
                return
        self.state.take(loaded)
        self.is_loaded = True
        if loaded.label_set is not None:
            self._wanted = loaded.label_set.id
        self.changed.emit(None)
        self.loaded.emit()

    @Slot(object)
    def _miss(self, error: BaseException) -> None:
        self._desk.report(error, "reading the labels", again=self.load)

    @Slot(object)
    def _library_changed(self, changes: Changes) -> None:
        if not self._is_own and (changes.labels or changes.added or changes.removed or changes.folders):
            self._settling.start()

    @Slot()
    def _read_again(self) -> None:
        if self._writes:
            self._settling.start()
        elif self.is_loaded:
            self.load()

    # --- writing ---------------------------------------------------------------------------------------------

    @property
    def can_write(self) -> bool:
        """Whether labels can be given here; says so where not."""
        library = self._desk.session.library
        if library is not None and not library.writable:
            self._desk.status.show_message(f"“{library.name}” is open for looking only, so nothing can be labelled.")
            return False
        return library is not None

    def answer(self, photos: Sequence[int], answer: AnswerId | None, origin: Origin = Origin.HAND) -> bool:
        """Give photos an answer; undone as one step. Returns False where nothing can be written."""
        label_set = self.state.label_set
        if label_set is None or not photos or not self.can_write:
            return False
        found = label_set.answer(answer) if answer is not None else None
        name = found.name if found is not None else "None of these"
        many = f" for {wording.count(len(photos), 'photo')}" if len(photos) > 1 else ""
        pairs = [(PhotoId(photo), answer) for photo in photos]
        tags = label_set.kind == "tags"
        after: dict[int, Given | None] = {}
        for photo in photos:
            after[photo] = with_answer(self.state.given.get(photo), answer, tags=tags)
        write = partial(operations.put_labels, label_set=label_set.id, pairs=pairs, origin=origin)
        self._push(f"“{name}”{many}", write, after)
        return True

    def take_back(self, photos: Sequence[int], answer: AnswerId | None) -> bool:
        """Take one answer away from photos, as a tag is."""
        label_set = self.state.label_set
        if label_set is None or not photos or not self.can_write:
            return False
        after: dict[int, Given | None] = {}
        for photo in photos:
            left = tuple(one for one in self.state.answers_of(photo) if one != answer)
            after[photo] = Given(left) if left else None
        pairs = [(PhotoId(photo), answer) for photo in photos]
        self._push("taking an answer away", partial(operations.take_labels, label_set=label_set.id, pairs=pairs), after)
        return True

    def clear(self, photos: Sequence[int]) -> bool:
        """Make photos unlabelled again."""
        label_set = self.state.label_set
        if label_set is None or not photos or not self.can_write:
            return False
        ids = [PhotoId(photo) for photo in photos]
        write = partial(operations.clear_labels, label_set=label_set.id, photos=ids)
        self._push(f"removing {wording.count(len(ids), 'label')}", write, dict.fromkeys(photos))
        return True

    def change(
        self,
        words: str,
        write: Write,
        after: Mapping[int, Given | None] | None = None,
        done: Callable[[Written], object] | None = None,
    ) -> None:
        """Any other change, undoable; `after` are the labels it gives where that is known at once."""
        if self.can_write:
            self._push(words, write, after or {}, done)

    def _push(
        self,
        words: str,
        write: Write,
        after: Mapping[int, Given | None],
        done: Callable[[Written], object] | None = None,
    ) -> None:
        before = {photo: self.state.given.get(photo) for photo in after}
        change = _Change(self, words, write, before, after, done)
        self._desk.undo.push(change)
        self._newest = change

    def attach(self, also: Also, back: Also) -> None:
        """Let the change made last bring something else with it: done now, and undone and redone with it."""
        if self._newest is not None:
            self._newest.attach(also, back)
            self.write_also(also)

    def write_also(self, change: Also) -> None:
        """Write what came with a change; for undo steps."""
        session = self._desk.session
        library = session.library
        if library is not None:
            session.work.submit(partial(change, library), name="labelling", urgent=True).succeeded.connect(session.note)

    def write(self, write: Write, shown: Mapping[int, Given | None], done: Callable[[Written], object] | None) -> None:
        """Show labels and write them; for undo steps."""
        session = self._desk.session
        library = session.library
        if library is None:
            return
        self._edits += 1
        for photo, given in shown.items():
            self.state.put(photo, given)
        self._writes += 1
        job = session.work.submit(lambda: write(library), name="labelling", urgent=True)
        # labels that are shown already need not be read back; other changes, and what failed, do
        job.succeeded.connect(self._note_own if shown else session.note)
        job.failed.connect(self._settling.start)
        if done is not None:
            job.succeeded.connect(done)
        job.finished.connect(self._written)
        if shown:
            self.changed.emit(list(shown))

    @Slot(object)
    def _note_own(self, written: Written) -> None:
        self._is_own = True
        try:
            self._desk.session.note(written)
        finally:
            self._is_own = False

    @Slot()
    def _written(self) -> None:
        self._writes -= 1

    @property
    def is_saved(self) -> bool:
        """Whether everything shown is in the catalogue."""
        return not self._writes


class _Change(QUndoCommand):
    """One change to labels. What undoes it is known once the work lane has made it; the lane keeps the order."""

    def __init__(
        self,
        owner: Labels,
        words: str,
        write: Write,
        before: Mapping[int, Given | None],
        after: Mapping[int, Given | None],
        done: Callable[[Written], object] | None,
    ) -> None:
        super().__init__(words)
        self._owner, self._write, self._done = owner, write, done
        self._shown_before, self._shown_after = before, after
        self._stored: Before | None = None  # read and written on the work lane only
        self._first = True
        self._also: tuple[Also, Also] | None = None

    def attach(self, also: Also, back: Also) -> None:
        """Something else goes with it."""
        self._also = (also, back)

    def redo(self) -> None:
        """Make the change, or make it again."""
        write = self._do if self._first else self._turn_back
        self._owner.write(write, self._shown_after, self._done if self._first else None)
        if not self._first:
            if self._also is not None:
                self._owner.write_also(self._also[0])
            self._owner.replayed.emit(list(self._shown_after))
        self._first = False

    def undo(self) -> None:
        """Take it back."""
        self._owner.write(self._turn_back, self._shown_before, None)
        if self._also is not None:
            self._owner.write_also(self._also[1])
        self._owner.replayed.emit(list(self._shown_before))

    def _do(self, library: Library) -> Written:
        written = self._write(library)
        self._stored = written.before
        return written

    def _turn_back(self, library: Library) -> Written:
        if self._stored is None:  # the change itself failed: there is nothing to take back
            return Written()
        written = operations.undo(library, self._stored)
        self._stored = written.before
        return written
