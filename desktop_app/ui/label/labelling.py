"""The Label page joined to the library: sets, labels, learning, and what each tab shows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal, Slot

from desktop_app.core.labelling import LabelSetId
from desktop_app.core.operations import labels as operations
from desktop_app.core.operations.labels import Written
from desktop_app.core.types import PhotoId
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import PhotoGrid, Thumbnails
from desktop_app.ui.label.answer_actions import AnswerActions
from desktop_app.ui.label.anywhere import LabelAnywhere
from desktop_app.ui.label.check import AnswerGrid
from desktop_app.ui.label.checking import Checking
from desktop_app.ui.label.handing import Handing
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.learning import Learning
from desktop_app.ui.label.page import LabelPage
from desktop_app.ui.label.taking import Taking
from desktop_app.ui.label.telling import Telling
from desktop_app.ui.label.values import NONE_KEY, answer_of_key
from desktop_app.ui.label.walking import Walk
from desktop_app.ui.label.why import Heat, Why
from desktop_app.ui.viewing import Viewing

EVERYTHING = "everything"
_SHOWN = "shown"


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
        self.why = Why(desk, self.learning)
        self.handing = Handing(desk, self.labels, self.learning, self.checking, page)
        self.anywhere = LabelAnywhere(desk, self.labels, self.answers)
        self._scope: object = EVERYTHING
        self._started: LabelSetId | None = None
        self._is_shown = False
        self._join()

    def _join(self) -> None:
        page, labels, view = self.page, self.labels, self.page.label
        self._desk.session.opened.connect(labels.load)
        labels.loaded.connect(self._loaded)
        labels.changed.connect(self._labels_changed)
        self.learning.learnt.connect(self._learnt)
        page.set_up.started.connect(self._start)
        page.set_up.folderNamesAsked.connect(self._use_folder_names)
        page.set_up.openAsked.connect(self.handing.open)
        page.set_up.cancelled.connect(self._show_page)
        page.setChosen.connect(labels.choose)
        page.newAsked.connect(self._new_set)
        page.menuAsked.connect(self._show_set_menu)
        page.tabChosen.connect(self._tab_chosen)
        view.boardWanted.connect(self._board)
        view.boardTaken.connect(self.walk.take_board)
        view.board.lookedCloser.connect(self._look_closer)
        view.takeAsked.connect(self._take_guesses)
        view.addAnswerAsked.connect(self.answers.add)
        view.scopeChosen.connect(self._choose_scope)
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
        self.mistakes.finished.connect(self._mistakes_done)
        page.check.grid.keyAnswered.connect(partial(self._answer_selected, page.check.grid))
        page.results.choiceMade.connect(self.learning.choose)
        for grid in (page.check.grid, page.results.grid):
            grid.photos.factsWanted.connect(partial(self._bring_facts, grid.photos))
            grid.photoActivated.connect(partial(self._open_in_viewer, grid))
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
        self._fill_scope()
        if self._is_shown and (self.page.is_set_up or self._started != (state.label_set and state.label_set.id)):
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
        for grid in (self.page.check.grid, self.page.results.grid):
            grid.photos.set_badges(self.labels.state.badge)

    def _show_counts(self) -> None:
        state = self.labels.state
        counts = state.counts()
        for view in (self.page.label, self.page.mistakes):
            view.set_answers(state.label_set, counts)
        self.telling.show_meter()
        self.walk.refresh()
        self.mistakes.refresh()

    # --- which photos ----------------------------------------------------------------------------------------

    def _fill_scope(self) -> None:
        scope = self.page.label.scope
        scope.clear()
        scope.addItem("All photos", EVERYTHING)
        for folder in self._desk.session.overview.folders:
            scope.addItem(folder.name, folder.id)
        scope.addItem("What Photos shows", _SHOWN)
        at = next((i for i in range(scope.count()) if scope.itemData(i) == self._scope), 0)
        scope.setCurrentIndex(at)
        scope.show()

    def _choose_scope(self, scope: object) -> None:
        self._scope = scope
        library = self._desk.session.library
        if scope == _SHOWN:
            self._inside = set(self._desk.page.grid.photos.ids())
            self._begin()
        elif scope == EVERYTHING or library is None:
            self._inside = None
            self._begin()
        else:
            job = self._desk.session.query.submit(partial(_in_folder, library, scope), name="photos of a folder")
            job.succeeded.connect(self._take_scope)

    _inside: set[int] | None = None

    def _take_scope(self, inside: set[int]) -> None:
        self._inside = inside
        self._begin()

    def _order(self) -> list[int]:
        """Photos to label: what would teach most first, then the rest by lot."""
        state, now = self.labels.state, self.learning.now
        best: Sequence[int] = ()
        if now is not None and state.label_set is not None and now.label_set == state.label_set.id:
            best = now.order
        inside = self._inside
        order = dict.fromkeys((*best, *state.photos))
        return [p for p in order if not state.is_done(p) and (inside is None or p in inside)]

    def _begin(self) -> None:
        self.walk.is_narrowed = self._inside is not None
        self._end_round_silently()
        self.walk.begin(self._order())

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
        if on and self.walk.round is None:
            self.walk.show_board()
        else:
            self.page.label.show_board(on=False)
            self.walk.show()
            self.page.label.setFocus()

    @Slot(int)
    def _look_closer(self, photo: int) -> None:
        self._viewing.open_among(self.page.label.board.photos(), photo)

    @Slot()
    def _take_guesses(self) -> None:
        look = self.taking.ask()
        if look:
            self._end_round_silently()
            self.walk.begin([*look, *(p for p in self._order() if p not in set(look))])

    @Slot(object)
    def _spot_check(self, photos: Sequence[PhotoId]) -> None:
        self.page.label.show_board(on=False)
        self._show_round(on=True)
        self.walk.begin_round([int(photo) for photo in photos], blind=True)
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
        walk.begin(self._order())

    def _end_round_silently(self) -> None:
        self.walk.end_round()
        self._show_round(on=False)

    # --- the other tabs --------------------------------------------------------------------------------------

    @Slot(object, object, object)
    def _mistakes_found(self, photos: Sequence[int], notes: dict[int, str], suggested: dict[int, object]) -> None:
        if photos:
            self.mistakes.begin_round(photos, notes=notes, suggested=suggested)  # type: ignore[arg-type]
        else:
            self._mistakes_done()

    @Slot()
    def _mistakes_done(self) -> None:
        self.page.mistakes.show_empty(*self.telling.no_mistakes())

    def _answer_selected(self, grid: AnswerGrid, key: str) -> None:
        label_set = self.labels.state.label_set
        if label_set is None:
            return
        found = answer_of_key(label_set, key)
        if found is None and key != NONE_KEY:
            return
        current = grid.current_photo()
        photos = grid.selected_ids() or ([] if current is None else [current])
        self.labels.answer([int(photo) for photo in photos], None if found is None else found.id)

    def _bring_facts(self, model: object, ids: Sequence[PhotoId]) -> None:
        self._viewing.bring_facts_to(model, ids)  # type: ignore[arg-type]

    def _open_in_viewer(self, grid: PhotoGrid, photo: PhotoId) -> None:
        self._viewing.open_among(grid.photos.ids(), photo)

    # --- sets ------------------------------------------------------------------------------------------------

    @Slot(object, bool)
    def _start(self, answers: Sequence[str], several: bool) -> None:
        name = _free_name(answers, [one.name for one in self.labels.state.sets])
        write = partial(operations.create_set, name=name, answers=tuple(answers), kind="tags" if several else "classes")
        self.labels.change(f"label set “{name}”", write, done=self._made)

    @Slot(object)
    def _made(self, written: Written) -> None:
        if written.label_set is not None:
            self.page.show_main()
            self.labels.choose(written.label_set.id)

    @Slot()
    def _new_set(self) -> None:
        self.page.set_sets(self.labels.state.sets, self.labels.state.label_set)
        self.page.show_set_up(can_cancel=True)

    @Slot()
    def _use_folder_names(self) -> None:
        self.answers.use_folder_names(self._made)

    @Slot(object)
    def _show_set_menu(self, at: QPoint) -> None:
        self.answers.show_set_menu(at, self._made)


def _in_folder(library: object, folder: object) -> set[int]:
    from desktop_app.core.catalog import photos
    from desktop_app.core.types import Order

    return set(photos.listed(library.connection, Order.NAME, folder))  # type: ignore[attr-defined, arg-type]


def _free_name(answers: Sequence[str], taken: Sequence[str]) -> str:
    """A name for a new set, made from its answers: “good, scratch, dent”."""
    name = ", ".join(answers[:3]) + (" …" if len(answers) > 3 else "")
    folded = {one.casefold() for one in taken}
    made, number = name, 2
    while made.casefold() in folded:
        made, number = f"{name} {number}", number + 1
    return made
