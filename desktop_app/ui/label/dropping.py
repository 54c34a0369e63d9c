"""Photos dragged from any grid onto an answer: where they come from, where they go, and what is shown meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from desktop_app.core import wording
from desktop_app.core.labelling import AnswerId
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.label.answer_drops import AnswerDrops
from desktop_app.ui.label.anywhere import AnswerCard, LabelAnywhere
from desktop_app.ui.label.board import Board
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.page import LabelPage
from desktop_app.ui.photo_drag import GridSource, PhotoDrag


class BoardSource:
    """A board of equal guesses: with a photo that is marked as wrong go all that are."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._wrong: list[int] = []

    @property
    def widget(self) -> QWidget:
        """The board."""
        return self._board

    def pressed(self, point: QPoint) -> int | None:
        """A photo; pressing it marks it, so what was marked before is noted."""
        self._wrong = self._board.wrong()
        photos = self._board.photos()
        return next((photo for at, photo in enumerate(photos) if self._board.cell(at).contains(point)), None)

    def taken(self, photo: int) -> list[int]:
        """It was not meant to be clicked: its mark is as before."""
        if (photo in self._wrong) != (photo in self._board.wrong()):
            self._board.toggle(photo)
        if photo not in self._wrong:
            return [photo]
        return [photo, *(one for one in self._wrong if one != photo)]


class Dropping(QObject):
    """Joins the sources of photos and the answers; where no answers are in sight, they come up while one drags."""

    def __init__(
        self, desk: Desk, labels: Labels, anywhere: LabelAnywhere, page: LabelPage, thumbnails: Thumbnails
    ) -> None:
        super().__init__(desk.window)
        self._desk, self._labels, self._anywhere, self._page = desk, labels, anywhere, page
        self._card: AnswerCard | None = None
        self.drag = PhotoDrag(desk, thumbnails, self.library, self)
        for grid in (desk.page.grid, page.check.grid, page.results.grid):
            self.drag.watch(GridSource(grid))
        self.drag.watch(BoardSource(page.label.board))
        self.drag.began.connect(self.show_answers)
        self.drag.ended.connect(self.hide_answers)
        self.bars = (page.label.bar, page.mistakes.bar, page.check.bar)
        for bar in self.bars:
            AnswerDrops(desk.theme, bar, self.library).dropped.connect(self._label)

    def library(self) -> str:
        """Which library the window shows; its photos alone can be dropped here."""
        library = self._desk.session.library
        return str(library.folder) if library is not None else ""

    @property
    def card(self) -> AnswerCard:
        """The answers that come up while one drags; made at first use."""
        if self._card is None:
            made = AnswerCard(self._desk.theme, self._desk.window)
            AnswerDrops(self._desk.theme, made.bar, self.library).dropped.connect(self._label)
            self._card = made
        return self._card

    @Slot(object)
    def show_answers(self, photos: Sequence[int]) -> None:
        """A drag began: show the answers where none are in sight, away from the pointer."""
        state = self._labels.state
        if state.label_set is None or any(bar.isVisible() for bar in self.bars):
            return
        pointer = self._desk.window.mapFromGlobal(QCursor.pos())
        self.card.fill(
            state.label_set,
            state.counts(),
            f"Drop {wording.count(len(photos), 'photo')} on an answer",
            at_top=pointer.y() > self._desk.window.height() * 0.6,
        )
        self.card.show()
        self.card.raise_()

    @Slot()
    def hide_answers(self) -> None:
        """It ended."""
        if self._card is not None:
            self._card.hide()

    @Slot(object, object)
    def _label(self, photos: Sequence[int], answer: AnswerId | None) -> None:
        if self._anywhere.give(photos, answer):
            self._page.label.board.remove(photos)
