"""Narrowing a search: the panel of choices is kept level with the search, and what is chosen goes to the window."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core.catalog.filters import ELSEWHERE
from desktop_app.core.operations.facets import Facets, facets
from desktop_app.core.operations.filter_words import Names, worded
from desktop_app.core.searching import Filter, FilterKind, Query
from desktop_app.core.types import Changes
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.filters.panel import FilterPanel

Ids = npt.NDArray[np.int64]
Candidates = Callable[[Query], Ids | None]
_SETTLED_MS = 400


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The photos that a search finds without the filters that are counted; None for all.

    Attributes:
        key: tells this search from others.
        ids: int64 (n,).
    """

    key: tuple[object, ...]
    ids: Ids | None


class Narrowing(QObject):
    """Fills a `FilterPanel` with exact counts and tells which filters the search is to have.

    Args:
        desk: the window.
        panel: the choices; it is asked for counts only while it is on screen.
        candidates: called on the query lane with the search without the filters that are counted: the photos it
            finds, int64 (n,), or None where it leaves none out. Without it all photos are counted.

    Signals:
        filtersChanged(tuple[Filter, ...]): the search is to have these filters, in this order.
    """

    filtersChanged = Signal(object)

    def __init__(self, desk: Desk, panel: FilterPanel, candidates: Candidates | None = None) -> None:
        super().__init__(desk.window)
        self._desk, self._panel, self._candidates = desk, panel, candidates
        self._query = Query()
        self._within: tuple[Filter, ...] = ()
        self._found: _Found | None = None
        self._is_old = True
        self._is_own = False  # what changes the search is the panel itself
        self._latest = Latest(desk.session.query, self)
        self._latest.answered.connect(self._take)
        self._latest.failed.connect(self._fail)
        self._took = 0.0  # seconds of the last counting
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._ask)
        panel.filterAdded.connect(self.add)
        panel.filterRemoved.connect(self.remove)
        panel.filterReplaced.connect(self.replace)
        panel.cleared.connect(self.clear)
        panel.lettersChanged.connect(self._ask)
        panel.opened.connect(self._opened)
        desk.session.changed.connect(self._changed)
        desk.session.opened.connect(self._library_opened)

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Those of the search."""
        return self._query.filters

    def set_query(self, query: Query, within: Sequence[Filter] = ()) -> None:
        """The search is another one now; nothing is emitted.

        Args:
            query: the search with its chips.
            within: filters that hold besides and are no chips, as the folder that one is in.
        """
        is_same = self._is_counted(query, tuple(within))
        if not self._is_own and not is_same:
            self._panel.list_anew()
        self._query, self._within = query, tuple(within)
        self._panel.set_filters(query.filters)
        if is_same:
            return
        self._is_old = True
        if self._panel.isVisible():
            self._ask()

    def _is_counted(self, query: Query, within: tuple[Filter, ...]) -> bool:
        """Whether the counts at hand, or on their way, are those of this search."""
        before = self._query
        return not self._is_old and (query.filters, within, _key(query)) == (before.filters, self._within, _key(before))

    def set_scores(self, falling: npt.NDArray[np.float32]) -> None:
        """Scores of the photos found, best first, float32 (n,); none where nothing orders them."""
        self._panel.set_scores(falling)

    @Slot(object)
    def add(self, wish: Filter) -> None:
        """Let only photos through that also fit this."""
        self._change([*self.filters, wish])

    @Slot(object)
    def remove(self, wish: Filter) -> None:
        """Leave a filter out of the search."""
        self._change([one for one in self.filters if one != wish])

    @Slot(object, object)
    def replace(self, old: Filter, new: Filter) -> None:
        """Put a filter in the place of another."""
        self._change([new if one == old else one for one in self.filters])

    @Slot()
    def clear(self) -> None:
        """No filters."""
        self._change([])

    @Slot()
    def on_this_day(self) -> None:
        """Only photos of today's day, in whatever year."""
        today = date.today()
        self._panel.list_anew()  # asked for in a menu
        wish = worded(Filter(FilterKind.ON_THIS_DAY, "", month=today.month, day=today.day), Names())
        self._change([*(one for one in self.filters if one.kind is not FilterKind.ON_THIS_DAY), wish])

    def _change(self, filters: Sequence[Filter]) -> None:
        if tuple(filters) != self.filters:
            self._is_own = True
            self.set_query(replace(self._query, filters=tuple(filters)), self._within)
            self._is_own = False
            self.filtersChanged.emit(self._query.filters)

    @Slot()
    def _opened(self) -> None:
        if self._is_old:
            self._ask()

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        self._is_old, self._found = True, None
        if self._panel.isVisible() and not self._again.isActive():
            # after a change everything is read anew: while photos are added, most of the lane's time is for searches
            self._again.start(max(_SETTLED_MS, round(8000 * self._took)))

    @Slot(object)
    def _library_opened(self, _library: object) -> None:
        self._panel.set_facets(Facets())
        self.set_query(Query())

    @Slot()
    def _ask(self) -> None:
        library = self._desk.session.library
        if library is None:
            return
        self._is_old = False
        query, within, letters, candidates = self._query, self._within, self._panel.letters, self._candidates
        listed = self._panel.listed
        first = replace(query, filters=tuple(one for one in query.filters if one.kind in ELSEWHERE))
        key, before = _key(query), self._found

        def count() -> tuple[Facets, _Found, float]:
            began, found = time.monotonic(), before
            if found is None or found.key != key:
                found = _Found(key, None if candidates is None or first.is_empty else candidates(first))
            ids, filters = found.ids, query.filters
            counted = facets(library, ids, filters, within=within, keyword=letters, camera=letters, also=listed)
            return counted, found, time.monotonic() - began

        self._latest.ask(count, name="counting choices")

    @Slot(object)
    def _take(self, answer: tuple[Facets, _Found, float]) -> None:
        counted, found, self._took = answer
        if not self._is_old:  # nothing changed meanwhile
            self._found = found
        self._panel.set_facets(counted)

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self._is_old = True
        self._desk.report(error, "counting what can be chosen", again=self._ask)


def _key(query: Query) -> tuple[object, ...]:
    """What tells searches apart as far as they find other photos."""
    examples = tuple((one.photo, one.path, one.box, one.wanted, one.on, id(one.pixels)) for one in query.examples)
    elsewhere = tuple(one for one in query.filters if one.kind in ELSEWHERE)
    return examples, query.words, query.colours, elsewhere
