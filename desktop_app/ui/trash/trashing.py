"""Moving photos to the trash and back: the one place in the window that does it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QUndoCommand

from desktop_app.core import wording
from desktop_app.core.library import Library
from desktop_app.core.operations.trash import belongings, move_to_trash
from desktop_app.core.operations.trash_back import Restored, last_trashed, recently_trashed, restore
from desktop_app.core.operations.trash_mend import mend
from desktop_app.core.operations.trash_parts import Left, Trash, Trashed, lower
from desktop_app.core.types import PhotoId
from desktop_app.jobs import Job
from desktop_app.jobs.trash_mover import SystemTrash
from desktop_app.ui.desk import Desk
from desktop_app.ui.panels.parts import PixmapSource
from desktop_app.ui.trash.many import MANY, ManyDialog
from desktop_app.ui.trash.recent import RecentlyTrashed
from desktop_app.ui.undoing import done_again, taken_back

_TOLD = "where the trash is"  # among what was said once
_WHERE = "“Recently trashed” brings back what is there."
_BACK = ("It is back in its folder.", "They are back in their folders.")
READ_ONLY = "This library is open for looking only, so nothing can be moved."


class Trashing(QObject):
    """Moves photos to the trash at once and says so with Undo; lists what is there.

    Args:
        desk: the window's parts.
        thumbnails: for the list.
        trash: the system's, unless another is wanted.

    Signals:
        leaving(tuple[PhotoId, ...]): photos are about to go.
        moved(Trashed): photos went; or none did, and `left` says why.
        restored(Restored): photos are back.
        idle(): nothing is on its way any more, however it ended.
    """

    leaving = Signal(object)
    moved = Signal(object)
    restored = Signal(object)
    idle = Signal()

    def __init__(self, desk: Desk, thumbnails: PixmapSource, trash: Trash | None = None) -> None:
        super().__init__(desk.window)
        self._desk, self._thumbnails = desk, thumbnails
        self._trash: Trash = trash if trash is not None else SystemTrash()
        self.dialog: RecentlyTrashed | None = None
        self.asking: ManyDialog | None = None
        self._waiting: deque[Callable[[], Job | None]] = deque()
        self._job: Job | None = None
        desk.session.opened.connect(self._mend)
        if desk.session.library is not None:
            self._mend(desk.session.library)

    @Slot(object)
    def _mend(self, library: Library) -> None:
        """See to what was on its way when the program ended last time."""
        if library.writable:
            self._desk.session.write(partial(mend, trash=self._trash))

    # --- there ---------------------------------------------------------------------------------------------------

    def move(self, ids: Sequence[PhotoId], words: str = "", *, shown: bool = False) -> None:
        """Move photos and what belongs to them to the trash; very many are counted in words before.

        Args:
            ids: the photos.
            words: what Undo calls it; by default how many photos.
            shown: whether a person saw already how many they are.
        """
        library = self._desk.session.library
        ids = tuple(photo for photo in ids if photo > 0)  # below 0: a picture that is no photo of the library
        if library is None or not ids:
            return
        if not library.writable:
            self._desk.status.show_message(READ_ONLY)
            return
        if shown or len(ids) <= MANY:
            self._start(ids, words)
            return
        job = self._desk.session.query.submit(partial(belongings, library, ids), name="counting files")
        job.succeeded.connect(partial(self._preview, ids, words))

    def _preview(self, ids: tuple[PhotoId, ...], words: str, counts: tuple[int, int, int]) -> None:
        if self.asking is not None:
            return
        dialog = self.asking = ManyDialog(*counts, self._desk.window)
        dialog.accepted.connect(partial(self._start, ids, words))
        dialog.finished.connect(self._asked)
        dialog.open()

    @Slot()
    def _asked(self) -> None:
        self.asking = None

    def go_again(self, step: _Step) -> None:
        """Make a move again that was taken back."""
        self._start(step.photos, "", step)

    def _start(self, ids: tuple[PhotoId, ...], words: str, step: _Step | None = None) -> None:
        self.leaving.emit(ids)
        self._queue(partial(self._begin_move, ids, words, step))

    def _begin_move(self, ids: tuple[PhotoId, ...], words: str, step: _Step | None) -> Job | None:
        library = self._desk.session.library
        if library is None:
            return None
        job = self._desk.background.start(
            move_to_trash(library, ids, self._trash), "moving to the trash", "Moving to the trash", pause=False,
            urgent=True,
        )  # fmt: skip
        job.succeeded.connect(partial(self._went, words, step))
        job.cancelled.connect(partial(self._stopped, words, step, time.time()))
        return job

    def _queue(self, begin: Callable[[], Job | None]) -> None:
        """One after the other: on the work lane, urgent work is done in the pauses of other urgent work too."""
        self._waiting.append(begin)
        self._next()

    @Slot()
    def _next(self) -> None:
        if self._job is not None and not self._job.is_finished:
            return
        self._job = None
        while self._job is None and self._waiting:
            self._job = self._waiting.popleft()()
        if self._job is not None:
            self._job.finished.connect(self._next)
        else:
            self.idle.emit()

    def _stopped(self, words: str, step: _Step | None, since: float) -> None:
        """What went before it was stopped is there, and can come back."""
        library = self._desk.session.library
        if library is None:
            return
        job = self._desk.session.query.submit(partial(last_trashed, library, since - 1.0), name="trash")
        job.succeeded.connect(partial(self._went_in_part, words, step))

    def _went_in_part(self, words: str, step: _Step | None, result: Trashed | None) -> None:
        if result is not None:
            self._went(words, step, result)
        else:
            self._desk.status.show_message("Stopped. Nothing was moved to the trash.")

    def _went(self, words: str, step: _Step | None, result: Trashed) -> None:
        if result.photos:
            if step is None:
                self._desk.undo.push(_Step(self, lower(words) or _step_words(len(result.photos)), result.photos))
            else:
                step.photos = result.photos
        self._say(result, step)
        self.moved.emit(result)
        self._look()

    def _say(self, result: Trashed, step: _Step | None) -> None:
        said, remembered = result.words, self._desk.remembered
        if result.photos and step is not None:
            said = done_again(said)
        if result.photos and _TOLD not in remembered.now.dismissed:
            remembered.set(dismissed=(*remembered.now.dismissed, _TOLD))
            said = f"{said} {_WHERE}"
        actions = []
        if result.photos:
            actions.append(("Undo", partial(self._undo_if_last, self._desk.undo.index(), result.photos)))
        if result.left:
            actions.append(("Copy the list", partial(copy_list, result.left)))
        if said:
            self._desk.status.show_message(said, actions)

    def _undo_if_last(self, index: int, photos: tuple[PhotoId, ...]) -> None:
        if self._desk.undo.index() == index:
            self._desk.undo.undo()
        else:  # other things were done meanwhile, which stay
            self.restore_photos(photos)

    # --- and back ------------------------------------------------------------------------------------------------

    def restore_photos(self, photos: Sequence[PhotoId]) -> None:
        """Bring photos back that are in the trash, with what belongs to them."""
        if photos:
            self._queue(partial(self._begin_back, 0, tuple(photos), ""))

    def take_back(self, step: _Step) -> None:
        """Bring back what one step moved, and say that it was taken back."""
        self._queue(partial(self._begin_back, 0, step.photos, step.text()))

    def restore_batch(self, batch: int) -> None:
        """Bring back what went in one action."""
        self._queue(partial(self._begin_back, batch, (), ""))

    def _begin_back(self, batch: int, ids: tuple[PhotoId, ...], step: str) -> Job | None:
        library = self._desk.session.library
        if library is None or not library.writable:
            return None
        operation = restore(library, self._trash, batch=batch, ids=ids)
        words = "Bringing photos back"
        job = self._desk.background.start(operation, words.lower(), words, pause=False, urgent=True)
        if self.dialog is not None:
            self.dialog.set_busy(True)
        job.succeeded.connect(partial(self._came, step))
        job.finished.connect(self._look)
        return job

    def _came(self, step: str, result: Restored) -> None:
        actions = [("Copy the list", partial(copy_list, result.left))] if result.left else []
        if result.words:
            whole = step and result.photos and not result.left
            said = f"{taken_back(step)} {_BACK[len(result.photos) > 1]}" if whole else result.words
            self._desk.status.show_message(said, actions)
        if self.dialog is not None:
            self.dialog.say(result.words)
        self.restored.emit(result)

    # --- the list ------------------------------------------------------------------------------------------------

    @Slot()
    def show_recent(self) -> None:
        """Show what is in the trash."""
        if self.dialog is None:
            self.dialog = RecentlyTrashed(self._desk.theme, self._thumbnails, self._desk.window)
            self.dialog.restoreAsked.connect(self._restore_asked)
            self.dialog.finished.connect(self._closed)
            self.dialog.open()
        self._look()

    @Slot()
    def _closed(self) -> None:
        self.dialog = None

    @Slot()
    def _look(self) -> None:
        library = self._desk.session.library
        if self.dialog is None or library is None:
            return
        job = self._desk.session.query.submit(partial(recently_trashed, library), name="trash")
        job.succeeded.connect(self._show)

    @Slot(object)
    def _show(self, batches: object) -> None:
        if self.dialog is not None and isinstance(batches, tuple):
            self.dialog.show_batches(batches)

    @Slot(int)
    def _restore_asked(self, batch: int) -> None:
        if self.dialog is None:
            return
        if batch:
            self.restore_batch(batch)
        else:
            self.restore_photos([photo for one in self.dialog.batches for photo in one.photos])


class _Step(QUndoCommand):
    """One move, done already. Both ways wait for their turn, so that haste does not mix them up."""

    tells = True

    def __init__(self, trashing: Trashing, words: str, photos: tuple[PhotoId, ...]) -> None:
        super().__init__(words)
        self._trashing, self.photos = trashing, photos
        self._first = True

    def redo(self) -> None:
        """Move the photos again."""
        if not self._first:
            self._trashing.go_again(self)
        self._first = False

    def undo(self) -> None:
        """Bring them back."""
        self._trashing.take_back(self)


def _step_words(count: int) -> str:
    """What was done, and what the menu calls it behind “Undo”."""
    many = wording.count(count, "photo")
    return f"{many} moved to the trash\nmoving {many} to the trash"


def copy_list(left: Sequence[Left]) -> None:
    """Put what did not go on the clipboard: a path and its reason on each line."""
    lines = (f"{wording.printable(str(one.path))}\t{one.reason}" for one in left)
    QGuiApplication.clipboard().setText("\n".join(lines))
