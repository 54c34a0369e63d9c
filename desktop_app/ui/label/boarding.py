"""The board at work: which equal guesses it shows, what a key does to one of them, what Enter takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Slot

from desktop_app.core.labelling import AnswerId, Origin
from desktop_app.core.types import Photo, PhotoId
from desktop_app.ui.answer_marks import answer_colour
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.values import BOARD_SIZE

if TYPE_CHECKING:
    from desktop_app.ui.label.walking import Walk


class Boarding(QObject):
    """Fills the board of a walk's view and does what is asked on it."""

    def __init__(self, desk: Desk, labels: Labels, walk: Walk) -> None:
        super().__init__(walk)
        self._desk, self._labels, self._walk = desk, labels, walk
        self.answer_of_all: AnswerId | None = None
        self.inside: set[int] | None = None  # only these photos; None: all
        labels.changed.connect(self._labels_changed)

    def show(self) -> bool:
        """A board of equal guesses: of the answer with most of them. Returns False where there are none."""
        state, view = self._labels.state, self._walk.view
        by_answer: dict[AnswerId, list[tuple[float, int]]] = {}
        for photo in state.photos:
            if self.inside is not None and photo not in self.inside:
                continue
            guess = None if state.is_done(photo) else state.guess(photo)
            if guess is not None and guess.is_preselected:
                by_answer.setdefault(guess.answer, []).append((guess.sure, photo))
        if not by_answer or state.label_set is None:
            view.show_board(on=False)
            return False
        answer = max(by_answer, key=lambda one: len(by_answer[one]))
        chosen = sorted(by_answer[answer], reverse=True)[: min(BOARD_SIZE, view.board.room(view.photo_room))]
        found = state.label_set.answer(answer)
        assert found is not None
        colour = answer_colour(self._desk.theme, found.place, on_photo=True)
        view.board.show_photos([photo for _, photo in chosen], [sure for sure, _ in chosen], colour)
        view.show_board(on=True)
        self.answer_of_all = answer
        self._name_it()
        self._desk.with_photos([PhotoId(photo) for _, photo in chosen], self._take_sizes)
        return True

    def _name_it(self) -> None:
        label_set = self._labels.state.label_set
        found = label_set.answer(self.answer_of_all) if label_set and self.answer_of_all is not None else None
        if found is not None:
            self._walk.view.show_title(f"Are these all “{found.name}”?")
            self._walk.view.bar.mark((), found.id)

    def _take_sizes(self, found: Sequence[Photo]) -> None:
        sizes = {int(photo.id): QSize(photo.width, photo.height) for photo in found}
        self._walk.view.board.set_sizes(sizes)

    def answer(self, answer: AnswerId | None) -> None:
        """An answer for the photo with the ring; it leaves the board."""
        view = self._walk.view
        photo = view.board.current()
        if photo is not None and self._labels.answer([photo], answer):
            view.flash(answer)
            view.board.remove([photo])
            self._walk.recents.add([photo])
            if not view.board.photos():
                self._next()

    @Slot()
    def take(self) -> None:
        """Enter on the board: what is not marked was looked at and is right."""
        walk, view = self._walk, self._walk.view
        right, wrong = view.board.right(), view.board.wrong()
        if right and self.answer_of_all is not None:
            if not self._labels.answer(right, self.answer_of_all, Origin.SUGGESTION):
                return
            view.flash(self.answer_of_all)
            walk.recents.add(right)
        done = set(right)
        walk.queue.drop(done)
        if walk.queue.current in done:
            walk.queue.answered()
        if wrong:  # those that are wrong want an answer next
            view.show_board(on=False)
            for photo in reversed(wrong):
                walk.queue.go_to(photo)
            walk.show()
            view.setFocus()
        else:
            self._next()

    def _next(self) -> None:
        """Another board, or one photo where nothing equal is left."""
        if not self.show():
            self._walk.show()

    def replayed(self) -> None:
        """Undo or redo changed photos while the board is shown: what has no answer again comes back to it."""
        self._next()

    @Slot(object)
    def _labels_changed(self, photos: list[int] | None) -> None:
        if photos is not None or not self._walk.view.is_board:
            return
        label_set = self._labels.state.label_set  # answers may have been renamed, merged or removed
        if label_set is None or self.answer_of_all is None or label_set.answer(self.answer_of_all) is None:
            self._next()
        else:
            self._name_it()
