"""The middle of the window: the bar above the photos, the photos, and what is said where there are none."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.searching import Query
from desktop_app.core.types import Changes, Order, PhotoId
from desktop_app.jobs import Latest
from desktop_app.ui.browsing import NOTHING, Found, GuessWish, View, looking_up
from desktop_app.ui.grid import PhotoGrid, Place, Thumbnails
from desktop_app.ui.history import History, Step
from desktop_app.ui.panels.empty import EmptyPage
from desktop_app.ui.panels.looseness import EVERYTHING
from desktop_app.ui.panels.result_bar import ResultBar
from desktop_app.ui.search.chip_views import chip_views
from desktop_app.ui.session import Session
from desktop_app.ui.theme import Theme

_MOST_PINNED = 12  # photos that are looked for and shown in front of what was found


class PhotosPage(QWidget):
    """Shows a view of the library and keeps it up to date.

    Signals:
        viewChanged(View): another view is shown now.
        failed(BaseException): a search could not be answered; the view before it stays.
        shown(Found): what was looked up is shown now.
        themeLeft(): back from the photos of a theme.
    """

    viewChanged = Signal(object)
    shown = Signal(object)
    themeLeft = Signal()
    failed = Signal(object)

    def __init__(self, theme: Theme, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._thumbnails = thumbnails
        self.history = History()
        self.threshold = EVERYTHING
        self._found: Found | None = None
        self._asked: tuple[Step, bool] | None = None
        self._took = 0.0
        self._asked_at = 0.0
        self._is_growing = False
        self.guessed: Callable[[GuessWish], npt.NDArray[np.int64]] | None = None
        """Which photos a wish about guesses means now: int64 (n,)."""
        self.nothing_found: Callable[[Found], bool] | None = None
        """Says more about why nothing was found; False where it has nothing to say."""
        self.bar = ResultBar(theme, self)
        self.grid = PhotoGrid(theme, thumbnails, parent=self)
        self.empty = EmptyPage(theme, self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        self._beside = QHBoxLayout(self)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.setSpacing(0)
        self._beside.addLayout(column, 1)

        self._latest = Latest(session.query, self)
        self._latest.answered.connect(self._answer)
        self._latest.failed.connect(self._fail)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._ask_again)
        self.bar.backAsked.connect(self.back)
        self.bar.chips.clearAsked.connect(self.clear_search)
        self.bar.thresholdChanged.connect(self._set_threshold)
        self.bar.sortChosen.connect(self.sort)
        thumbnails.changed.connect(self._show_pictures)

    def put_beside(self, widget: QWidget) -> None:
        """Something at the left of the photos, such as what narrows them."""
        self._beside.insertWidget(0, widget)

    # --- going places ----------------------------------------------------------------------------------------

    @property
    def view(self) -> View:
        """What is shown, or was asked for last."""
        return self.history.now.view

    def show_view(self, view: View) -> None:
        """Go to another view; Back returns to this one, to the same place and selection."""
        self.history.go(view, self._place())
        self._ask(self.history.now, keep=False)

    def refine(self, view: View) -> None:
        """Show another view in the place of this one, as while typing: Back leads to where that began."""
        self.history.amend(view)
        self._ask(self.history.now, keep=False)

    def look_for(self, query: Query) -> None:
        """Put what is looked for into the grid, best first."""
        self.show_view(View(order=Order.LIKENESS, query=query))

    def change_search(self, query: Query, *, again: bool = False) -> None:
        """Look for something else where one is; without anything left, back to where the search began.

        Args:
            query: the search as it is to be.
            again: in the place of this view, as while something is still being chosen.
        """
        before = self.view
        view = before.with_query(query)
        if view.is_search and not before.is_search:
            view = replace(view, order=Order.LIKENESS)
        elif before.is_search and not view.is_search:
            if not view.is_narrowed:
                self.clear_search()
                return
            view = replace(view, order=Order.LIKENESS if view.text else self.plain_order)
        (self.refine if again else self.show_view)(view)

    @Slot()
    def back(self) -> None:
        """One step back; from the photos of a theme to its card."""
        theme = self.view.theme
        self._move(-1)
        if theme is not None and self.view.theme != theme:
            self.themeLeft.emit()

    @Slot()
    def forward(self) -> None:
        """One step forward."""
        self._move(1)

    @Slot()
    def leave_search(self) -> None:
        """Nothing is looked for any more: back to where it began, else to all photos."""
        self._return(lambda view: not (view.is_search or view.query.filters))

    @Slot()
    def clear_search(self) -> None:
        """No chips, and nothing typed: back to where all of it began."""
        self._return(lambda view: not (view.is_search or view.query.filters or view.text))

    def _return(self, is_it: Callable[[View], bool]) -> None:
        began = self.history.last(is_it)
        if began is None:
            self.show_view(View(order=self.plain_order))
        elif began is self.history.steps[self.history.at - 1]:
            self.back()
        else:  # several changes ago: the same place, without losing the way there
            self.history.go(began.view, self._place())
            self.history.now.place = began.place
            self._ask(self.history.now, keep=False)

    @property
    def plain_order(self) -> Order:
        """The order of the last view without a search."""
        return self.history.plain_order

    @Slot(object)
    def sort(self, order: Order) -> None:
        """Show the same photos in another order."""
        view = replace(self.view, order=order)
        self.history.amend(view)
        self._ask(self.history.now, keep=True)

    def start(self, view: View) -> None:
        """Begin anew, as with another library."""
        self.history = History([Step(view)])
        self._ask(self.history.now, keep=False)

    def compare_anew(self) -> None:
        """Photos are compared by another way now: a search is looked up again, with what is selected kept."""
        if self.view.is_search:
            self._ask(self.history.now, keep=True)

    def note(self, changes: Changes) -> None:
        """Photos came or went: look again, but no more often than leaves the query lane time for searches."""
        if changes.updated:
            self.grid.photos.mark_stale(changes.updated)
            self._thumbnails.forget(changes.updated)
        relabelled = bool(changes.labels and self.view.is_by_answer)
        regrouped = bool(changes.themes and self.view.theme is not None)
        if changes.added or changes.removed or changes.updated or changes.index or relabelled or regrouped:
            wait = max(0.0, self._asked_at + max(0.25, 8 * self._took) - time.monotonic())
            if not self._again.isActive():
                self._again.start(int(wait * 1000))

    @Slot()
    def note_guesses(self) -> None:
        """The classifier guesses otherwise now."""
        if self.view.guess is not None and not self._again.isActive():
            self._again.start(0)

    def set_growing(self, growing: bool) -> None:
        """While photos are being added a search stays as it was found; afterwards it is asked again."""
        ended = self._is_growing and not growing
        self._is_growing = growing
        if ended:
            self.note(Changes(index=True))

    @property
    def found(self) -> Found | None:
        """What is shown; None before anything is."""
        return self._found

    @property
    def searched(self) -> int:
        """How many photos there were when what is shown was looked up."""
        return self._found.total if self._found is not None else 0

    # --- asking and showing ----------------------------------------------------------------------------------

    def _place(self) -> Place | None:
        return self.grid.place() if self._found is not None else None

    def _move(self, by: int) -> None:
        step = self.history.move(by, self._place())
        if step is not None:
            self._ask(step, keep=False)

    def _ask(self, step: Step, *, keep: bool) -> None:
        library = self._session.library
        if library is None:
            return
        self._asked = (step, keep)
        self._asked_at = time.monotonic()
        view, session = step.view, self._session
        guessed: npt.NDArray[np.int64] | None = None
        if view.guess is not None:
            guessed = self.guessed(view.guess) if self.guessed is not None else np.empty(0, np.int64)
        look = keep or not view.is_by_part
        # the second look takes its time: a click anywhere goes first
        steps = looking_up(library, session.searcher, view, guessed, look=look)
        self._latest.ask(steps, name="look up", patient=view.is_by_part and look)

    @Slot()
    def _ask_again(self) -> None:
        if self._latest.is_waiting:
            self._again.start(100)
        elif not self.view.is_search or not self._is_growing or (self._found is not None and not len(self._found.ids)):
            self._ask(self.history.now, keep=True)

    @Slot(object)
    def _answer(self, found: Found) -> None:
        assert self._asked is not None
        step, keep = self._asked
        self._took = time.monotonic() - self._asked_at
        before, self._found = self._found, found
        asked, step.view = step.view, found.view
        view = found.view
        views = chip_views(view.query, self._thumbnails.pixmap)
        searching = view.is_search or bool(view.text)
        self.bar.set_search(views if searching else None, found.falling, by_likeness=view.is_by_likeness)
        self.bar.chips.show_chips(views)
        self.bar.crumb.setVisible(view.theme is not None)
        self.bar.looseness.set_threshold(self.threshold)
        if not view.is_by_likeness:
            self.bar.set_count(len(found.ids), found.total, view.words)
            self.bar.back.setVisible(searching or view.theme is not None)
        # what is switched off orders nothing: the newest come first then
        is_by_date = view.order is Order.LIKENESS and found.scores is None
        self.bar.set_order(Order.DATE if is_by_date else view.order)
        self._fill(keep=keep)
        # where there are no photos they stand in the middle, unless a word is explained there
        is_empty = self._stack.currentWidget() is self.empty
        said = () if is_empty and not found.unknown else found.remarks
        self.bar.set_remarks((*said, "Looking closer…") if found.is_first else said)
        if not keep and step.place is not None:
            self.grid.restore(step.place)
        elif not keep and len(view.sought) == 1 and len(view.query.examples) == 1:
            self.grid.select_photo(view.sought[0])
        # the same question answered again is no other view, even if what was read is filled in by now
        if not keep or before is None or before.view is not asked:
            self.viewChanged.emit(view)
        self.shown.emit(found)
        if found.is_first:
            self._ask(step, keep=True)

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        now = self.history.now
        is_now = self._asked is not None and self._asked[0] is now
        if is_now and self.history.can_go_back and (self._found is None or self._found.view is not now.view):
            self.history.at -= 1
            del self.history.steps[self.history.at + 1 :]
        self.failed.emit(error)

    def _fill(self, *, keep: bool) -> None:
        found = self._found
        if found is None:
            return
        view = found.view
        if not view.is_by_likeness:
            # at the top, untouched, the newest photos may come in above; anywhere else nothing moves
            keep = keep and not (self.grid.verticalOffset() == 0 and self.grid.current_photo() is None)
            self.grid.photos.set_reasons(found.why)
            self.grid.show_places({})
            self.grid.show_photos(found.ids, sections=found.headings.sections, keep_place=keep)
            if not len(found.ids) and not view.is_plain:
                self._say_nothing_found(found)
                return
        else:
            if not len(found.ids) and (view.is_narrowed or view.query.words):
                self.grid.show_photos(found.ids)  # what is not seen is not acted on
                self._say_nothing_found(found)
                return
            ids, scores = found.within(self.threshold)
            if not len(ids) and len(found.ids):
                self.grid.clearSelection()  # what is not seen is not acted on
                self.empty.nothing_this_close(float(found.falling[0]), self.bar.looseness.loosen)
                self._stack.setCurrentWidget(self.empty)
                return
            sought = tuple(dict.fromkeys(view.sought))[:_MOST_PINNED]
            if sought:
                ids = type(ids)("q", sought) + ids
                scores = np.concatenate([np.ones(len(sought), np.float32), scores])
            self.grid.photos.set_reasons(found.why)
            own = {
                int(one.photo): one.box for one in view.query.wanted if one.photo is not None and one.box is not None
            }
            self.grid.show_places({**found.boxes, **own})
            self.grid.show_photos(ids, scores, pinned=len(sought), keep_place=keep)
        self._stack.setCurrentWidget(self.grid)

    def _say_nothing_found(self, found: Found) -> None:
        view = found.view
        if self.nothing_found is not None and self.nothing_found(found):
            pass
        elif view.is_by_answer and not view.is_search and not view.text:
            self.empty.set_contents(f"No photo with {view.words}.")
        elif view.text and not found.remarks:
            self.empty.nothing_fits(view.text, self.clear_text)
        else:
            clear = self.clear_text if view.text else self.leave_search
            self.empty.set_contents("No photo fits.", " ".join(found.remarks), [("Clear the search", clear)])
        self._stack.setCurrentWidget(self.empty)

    @Slot(float)
    def _set_threshold(self, threshold: float) -> None:
        self.threshold = threshold
        self._fill(keep=True)

    @Slot()
    def clear_text(self) -> None:
        """The chips without what is typed."""
        self.show_view(replace(self.view, text=""))

    @Slot(list)
    def _show_pictures(self, ids: list[PhotoId]) -> None:
        query = self.view.query
        if query is not NOTHING and any(one.photo in ids for one in query.examples if one.photo is not None):
            views = chip_views(query, self._thumbnails.pixmap)
            for chip, view in zip(self.bar.chips.chips(), views, strict=False):
                chip.set_thumbnail(view.picture)
