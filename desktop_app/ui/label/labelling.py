"""The Label page joined to the library: sets, labels, learning, and what each tab shows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.labelling import AnswerId, LabelSetId
from desktop_app.core.types import PhotoId
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.label.answer_actions import AnswerActions
from desktop_app.ui.label.anywhere import LabelAnywhere
from desktop_app.ui.label.checking import Checking
from desktop_app.ui.label.grids import Grids
from desktop_app.ui.label.handing import Handing
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.learning import Learning
from desktop_app.ui.label.page import LabelPage
from desktop_app.ui.label.rounds import Round
from desktop_app.ui.label.scope import Scope
from desktop_app.ui.label.set_making import SetMaking
from desktop_app.ui.label.taking import Taking
from desktop_app.ui.label.telling import Telling
from desktop_app.ui.label.walking import Walk
from desktop_app.ui.label.why import Heat, Why
from desktop_app.ui.viewing import Viewing


class Labelling(QObject):
    """Puts the parts of labelling together for one window.

    Signals:
        ready(): the label sets were read for the first time.
    """

    ready = Signal()

    def __init__(self, desk: Desk, page: LabelPage, thumbnails: Thumbnails, viewing: Viewing) -> None:
        super().__init__(desk.window)
        self._desk, self.page, self._viewing = desk, page, viewing
        self.labels = Labels(desk)
        self.learning = Learning(desk, self.labels)
        self.walk = Walk(desk, self.labels, self.learning, page.label, thumbnails)
        self.mistakes = Walk(desk, self.labels, self.learning, page.mistakes, thumbnails)
        self.answers = AnswerActions(desk, self.labels)
        self.taking = Taking(desk, self.labels, self.learning)
        self.checking = Checking(desk, self.labels, self.learning)
        self.telling = Telling(self.labels, self.learning, self.checking, page)
        self.grids = Grids(self.labels, self.telling, page, viewing)
        self.why = Why(desk, self.learning)
        self.handing = Handing(desk, self.labels, self.learning, page)
        self.anywhere = LabelAnywhere(desk, self.labels, self.answers)
        self.scope = Scope(desk, self.labels, self.learning, page.label.scope)
        self.making = SetMaking(self.labels, self.answers, page)
        self._started: LabelSetId | None = None
        self._is_shown = False
        self._join()

    def _join(self) -> None:
        page, labels, view = self.page, self.labels, self.page.label
        self._desk.session.opened.connect(labels.load)
        labels.loaded.connect(self._loaded)
        labels.changed.connect(self._labels_changed)
        self.learning.learnt.connect(self._learnt)
        page.set_up.openAsked.connect(self.handing.open)
        page.set_up.cancelled.connect(self._show_page)
        page.setChosen.connect(labels.choose)
        page.tabChosen.connect(self._tab_chosen)
        view.boardWanted.connect(self._board)
        view.boardTaken.connect(self.walk.boarding.take)
        view.board.lookedCloser.connect(self._look_closer)
        view.takeAsked.connect(self._take_guesses)
        view.addAnswerAsked.connect(self.answers.add)
        view.scopeChosen.connect(self.scope.choose)
        self.scope.changed.connect(self._begin)
        view.stopAsked.connect(self._end_round)
        view.meter.spotCheckAsked.connect(self.checking.begin)
        self.checking.drawn.connect(self._spot_check)
        self.mistakes.given.connect(self._confirm)
        self.why.arrived.connect(self._show_why)
        view.whyAsked.connect(partial(self._ask_why, self.walk))
        page.mistakes.whyAsked.connect(partial(self._ask_why, self.mistakes))
        for one in (view, page.mistakes):
            one.bar.menuAsked.connect(self.answers.show_menu)
        self.walk.finished.connect(self._end_round)
        self.walk.tabAsked.connect(page.show_tab)
        self.mistakes.finished.connect(self._mistakes_done)
        page.results.choiceMade.connect(self.learning.choose)
        self.telling.mistakesFound.connect(self._mistakes_found)

    # --- the page --------------------------------------------------------------------------------------------

    @Slot()
    def shown(self) -> None:
        """The page came to the middle."""
        self._is_shown = True
        self.learning.want()
        if not self.labels.is_loaded:
            return
        self._show_page()
        self.page.focus_body()

    @Slot()
    def _show_page(self) -> None:
        label_set = self.labels.state.label_set
        if label_set is None:
            self.page.show_set_up(can_cancel=False)
            return
        self.page.show_main()
        if self._started != label_set.id and self._is_shown:
            self._started = label_set.id
            self._begin()
        self._tab_chosen(self.page.tab)

    @Slot()
    def _loaded(self) -> None:
        self.checking.look()
        state = self.labels.state
        self.page.set_sets(state.sets, state.label_set)
        self.scope.fill()
        is_other = self._started != (state.label_set and state.label_set.id)
        is_stale = is_other or not self.page.is_begun or (self.page.is_set_up and state.label_set is not None)
        if self._is_shown and is_stale and not self.page.is_new_set:
            self._show_page()
            if self.page.isVisible():
                self.page.focus_body()
        self.walk.keep(state.photos)
        self._show_counts()
        if self.walk.queue.current is None and self.walk.round is None and self._is_shown and state.label_set:
            self._begin()
        self.ready.emit()

    @Slot(str)
    def _tab_chosen(self, key: str) -> None:
        self.walk.is_active = key == "label"
        self.mistakes.is_active = key == "mistakes"
        if key == "label":
            self.walk.show()
        elif key == "mistakes":
            self.telling.show_mistakes(force=True)
        self.telling.show(key)
        self.handing.show_state()

    @Slot(object)
    def _labels_changed(self, _photos: object) -> None:
        self._show_counts()
        self._desk.page.grid.photos.set_badges(self.labels.state.badge)
        self.grids.refresh()

    def _show_counts(self) -> None:
        state = self.labels.state
        counts = state.counts()
        for view in (self.page.label, self.page.mistakes):
            view.set_answers(state.label_set, counts)
        self._show_progress()
        self.telling.show_meter()
        self.walk.refresh()
        self.mistakes.refresh()

    def _show_progress(self) -> None:
        self.page.label.set_progress(*self.scope.progress())

    # --- which photos ----------------------------------------------------------------------------------------

    @Slot()
    def _begin(self) -> None:
        self.walk.is_narrowed = self.scope.inside is not None
        self.walk.boarding.inside = self.scope.inside
        self._end_round_silently()
        self.walk.begin(self.scope.order())
        self._show_progress()

    @Slot()
    def _learnt(self) -> None:
        state, now = self.labels.state, self.learning.now
        if now is not None and state.label_set is not None and now.label_set == state.label_set.id:
            self.walk.promote(now.order)
        self._labels_changed(None)
        self.telling.show(self.page.tab)
        self.handing.show_state()

    # --- the label tab ---------------------------------------------------------------------------------------

    @Slot(bool)
    def _board(self, on: bool) -> None:
        view = self.page.label
        if on and self.walk.round is None and self.walk.boarding.show():
            return
        view.show_board(on=False)
        self.walk.show()
        if on:
            view.set_hint("No guess is sure enough for a board yet. Label a few more photos of each answer.")
        view.setFocus()

    @Slot(int)
    def _look_closer(self, photo: int) -> None:
        self._viewing.open_among(self.page.label.board.photos(), photo)

    @Slot()
    def _take_guesses(self) -> None:
        look = self.taking.ask()
        if look:
            self._end_round_silently()
            self.walk.begin([*look, *(p for p in self.scope.order() if p not in set(look))])

    @Slot(object)
    def _spot_check(self, photos: Sequence[PhotoId]) -> None:
        self.page.label.show_board(on=False)
        self._show_round(on=True)
        self.walk.begin_round(Round(tuple(int(photo) for photo in photos), blind=True))
        self.page.label.setFocus()

    def _ask_why(self, walk: Walk) -> None:
        """F3: where the classifier looks in the photo; again: the photo alone."""
        photo, canvas = walk.queue.current, walk.view.photo
        if canvas.has_overlay:
            canvas.set_overlay(None)
            walk.refresh()
            return
        guess = self.labels.state.guess(photo) if photo is not None and not walk.is_blind else None
        if photo is None or guess is None or not self.why.ask(photo, guess.answer):
            self._desk.status.show_message("There is no guess to explain yet.")

    @Slot(object)
    def _show_why(self, heat: Heat) -> None:
        for walk in (self.walk, self.mistakes):
            if walk.is_active and walk.queue.current == heat.photo:
                walk.view.photo.set_overlay(heat.image)
                walk.view.set_hint(heat.words)

    @Slot(int, object, object)
    def _confirm(self, photo: int, answer: object, had: object) -> None:
        """A suspect label was given again: it is right."""
        if had == (answer,):
            self.checking.confirm([photo])

    def _show_round(self, *, on: bool) -> None:
        view = self.page.label
        view.stop.setVisible(on)
        for widget in (view.as_board, view.take, view.meter, view.scope):
            widget.setVisible(not on)

    @Slot()
    def _end_round(self) -> None:
        walk = self.walk
        if walk.is_blind:
            self.checking.is_ending = True
            self.checking.look()
        self._end_round_silently()
        walk.begin(self.scope.order())

    def _end_round_silently(self) -> None:
        self.walk.end_round()
        self._show_round(on=False)

    # --- the other tabs --------------------------------------------------------------------------------------

    @Slot(object, object, object)
    def _mistakes_found(self, photos: Sequence[int], notes: dict[int, str], suggested: dict[int, AnswerId]) -> None:
        if photos:
            self.mistakes.begin_round(Round(tuple(photos), notes=notes, suggested=suggested))
        else:
            self._mistakes_done()

    @Slot()
    def _mistakes_done(self) -> None:
        self.page.mistakes.show_empty(*self.telling.no_mistakes())
