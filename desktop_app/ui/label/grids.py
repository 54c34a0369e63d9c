"""The photo grids of Check and Results at work: what stands on a photo, answers by key, the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject

from desktop_app.core.labelling import AnswerId
from desktop_app.core.types import PhotoId
from desktop_app.ui.grid import AnswerBadge, GridModel, PhotoGrid
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.page import LabelPage
from desktop_app.ui.label.telling import Telling
from desktop_app.ui.label.values import NONE_KEY, answer_of_key
from desktop_app.ui.viewing import Viewing


class Grids(QObject):
    """Joins the grids of the page to the labels and to the viewer."""

    def __init__(self, labels: Labels, telling: Telling, page: LabelPage, viewing: Viewing) -> None:
        super().__init__(page)
        self._labels, self._telling, self._page, self._viewing = labels, telling, page, viewing
        page.check.grid.keyAnswered.connect(self._press)
        page.check.bar.answered.connect(self._answer)
        for grid in (page.check.grid, page.results.grid):
            grid.photos.factsWanted.connect(partial(self._bring_facts, grid.photos))
            grid.photoActivated.connect(partial(self._open, grid))

    def refresh(self) -> None:
        """Labels or guesses differ."""
        state = self._labels.state
        self._page.check.grid.photos.set_badges(self._check_badge)
        self._page.results.grid.photos.set_badges(state.badge)
        self._page.check.bar.set_answers(state.label_set, state.counts())

    def _check_badge(self, photo: int) -> AnswerBadge | None:
        """As everywhere; and a guess that is not sure too, and what a label was taken for."""
        state = self._labels.state
        badge = state.badge(photo)
        if badge is not None:
            other = self._telling.taken_for.get(photo)
            found = state.label_set.answer(other) if state.label_set is not None and other is not None else None
            if found is None or found.id in state.answers_of(photo):
                return badge
            return AnswerBadge(f"{badge.name}, not {found.name}?", badge.key, badge.place, badge.sure)
        guess = state.guess(photo)
        found = state.label_set.answer(guess.answer) if state.label_set is not None and guess is not None else None
        if guess is None or found is None or guess.unlike:
            return None
        return AnswerBadge(found.name, found.key, found.place, guess.sure)

    def _press(self, key: str) -> None:
        label_set = self._labels.state.label_set
        found = answer_of_key(label_set, key) if label_set is not None else None
        if found is not None or (label_set is not None and key == NONE_KEY):
            self._answer(None if found is None else found.id)

    def _answer(self, answer: AnswerId | None) -> None:
        """An answer for the selection, else for the photo with the ring."""
        check = self._page.check
        current = check.grid.current_photo()
        photos = check.grid.selected_ids() or ([] if current is None else [current])
        if self._labels.answer([int(photo) for photo in photos], answer):
            check.bar.flash(answer)

    def _bring_facts(self, model: GridModel, ids: Sequence[PhotoId]) -> None:
        self._viewing.bring_facts_to(model, ids)

    def _open(self, grid: PhotoGrid, photo: PhotoId) -> None:
        self._viewing.open_among(grid.photos.ids(), photo)
