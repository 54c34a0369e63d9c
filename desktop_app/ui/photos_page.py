"""The middle of the window: the bar above the photos, the photos, and what is said where there are none."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.types import Changes, Order, PhotoId
from desktop_app.jobs import Latest
from desktop_app.ui.browsing import Found, GuessWish, History, Search, Step, View, look_up
from desktop_app.ui.grid import PhotoGrid, Place, Thumbnails
from desktop_app.ui.panels.empty import EmptyPage
from desktop_app.ui.panels.looseness import EVERYTHING
from desktop_app.ui.panels.result_bar import Query, ResultBar
from desktop_app.ui.pixels import to_image
from desktop_app.ui.session import Session
from desktop_app.ui.theme import Theme


class PhotosPage(QWidget):
    """Shows a view of the library and keeps it up to date.

    Signals:
        viewChanged(View): another view is shown now.
        failed(BaseException): a search could not be answered; the view before it stays.
        searchRemoved(): the query's x was clicked.
        themeLeft(): back from the photos of a theme.
    """

    viewChanged = Signal(object)
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
        self.bar = ResultBar(theme, self)
        self.grid = PhotoGrid(theme, thumbnails, parent=self)
        self.empty = EmptyPage(theme, self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)

        self._latest = Latest(session.query, self)
        self._latest.answered.connect(self._answer)
        self._latest.failed.connect(self._fail)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._ask_again)
        self.bar.backAsked.connect(self.back)
        self.bar.queryRemoved.connect(self.leave_search)
        self.bar.thresholdChanged.connect(self._set_threshold)
        self.bar.sortChosen.connect(self.sort)
        thumbnails.changed.connect(self._show_query)

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

    def look_for(self, search: Search) -> None:
        """Put what looks like something into the grid, best first."""
        self.show_view(View(order=Order.LIKENESS, search=search))

    @Slot()
    def back(self) -> None:
        """One step back; from the photos of a theme to its card."""
        leaves = self.view.theme is not None and self.view.search is None
        self._move(-1)
        if leaves:
            self.themeLeft.emit()

    @Slot()
    def forward(self) -> None:
        """One step forward."""
        self._move(1)

    @Slot()
    def leave_search(self) -> None:
        """The search's x: back to where it began, else to all photos."""
        if self.history.can_go_back and self.history.steps[self.history.at - 1].view.search is None:
            self.back()
        else:
            self.show_view(View(order=self.plain_order))

    @property
    def plain_order(self) -> Order:
        """The order of the last view without a search."""
        for step in reversed(self.history.steps[: self.history.at + 1]):
            if step.view.search is None:
                return step.view.order
        return Order.DATE

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
        if self.view.search is not None:
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
        self._latest.ask(lambda: look_up(library, session.likeness(), view, guessed), name="look up")

    @Slot()
    def _ask_again(self) -> None:
        if self._latest.is_waiting:
            self._again.start(100)
        elif self.view.search is None or not self._is_growing or (self._found is not None and not len(self._found.ids)):
            self._ask(self.history.now, keep=True)

    @Slot(object)
    def _answer(self, found: Found) -> None:
        assert self._asked is not None
        step, keep = self._asked
        self._took = time.monotonic() - self._asked_at
        before, self._found = self._found, found
        step.view = found.view
        search = found.view.search
        if search is None:
            self.bar.set_query(None)
            self.bar.set_order(found.view.order)
            self.bar.set_count(len(found.ids), found.total, found.view.words)
            self.bar.back.setVisible(found.view.theme is not None)
        else:
            self.bar.set_query(Query(search.name, self._query_thumbnail()), found.falling)
            self.bar.looseness.set_threshold(self.threshold)
            self.bar.set_order(found.view.order)
        self._fill(keep=keep)
        if not keep and step.place is not None:
            self.grid.restore(step.place)
        elif not keep and search is not None and len(search.photos) == 1:
            self.grid.select_photo(search.photos[0])
        if not keep or before is None or before.view != found.view:
            self.viewChanged.emit(found.view)

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
        search = found.view.search
        if search is None:
            # at the top, untouched, the newest photos may come in above; anywhere else nothing moves
            keep = keep and not (self.grid.verticalOffset() == 0 and self.grid.current_photo() is None)
            self.grid.show_photos(found.ids, keep_place=keep)
            if not len(found.ids) and found.view.words:
                self.empty.set_contents(f"No photo with {found.view.words}.")
                self._stack.setCurrentWidget(self.empty)
                return
            if not len(found.ids) and found.view.text:
                self.empty.no_name_holds(found.view.text, self._clear_text)
                self._stack.setCurrentWidget(self.empty)
                return
        else:
            ids, scores = found.within(self.threshold)
            pinned = len(search.photos) == 1
            if not len(ids) and len(found.ids):
                self.grid.clearSelection()  # what is not seen is not acted on
                self.empty.nothing_this_close(float(found.falling[0]), self.bar.looseness.loosen)
                self._stack.setCurrentWidget(self.empty)
                return
            if pinned:
                ids = type(ids)("q", [search.photos[0]]) + ids
                scores = np.concatenate([np.ones(1, np.float32), scores])
            self.grid.show_photos(ids, scores, pinned=pinned, keep_place=keep)
        self._stack.setCurrentWidget(self.grid)

    @Slot(float)
    def _set_threshold(self, threshold: float) -> None:
        self.threshold = threshold
        self._fill(keep=True)

    @Slot()
    def _clear_text(self) -> None:
        self.show_view(replace(self.view, text=""))

    def _query_thumbnail(self) -> QPixmap | None:
        search = self.view.search
        if search is not None and search.pixels is not None and not search.photos:
            return QPixmap.fromImage(to_image(search.pixels))
        if search is None or not search.photos:
            return None
        return self._thumbnails.pixmap(int(search.photos[0]), 20)

    @Slot(list)
    def _show_query(self, ids: list[PhotoId]) -> None:
        search = self.view.search
        if search is not None and search.photos and search.photos[0] in ids:
            self.bar.chip.set_thumbnail(self._query_thumbnail())
