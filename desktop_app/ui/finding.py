"""What finds photos, put together: words, examples, regions, filters, dates, ways, saved searches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Slot

from desktop_app.core.searching import Box, Query
from desktop_app.core.types import PhotoId
from desktop_app.ui.browsing import Found
from desktop_app.ui.desk import Desk
from desktop_app.ui.filters.month_jump import MonthJump
from desktop_app.ui.filters.narrowing import Narrowing
from desktop_app.ui.filters.panel import FilterPanel
from desktop_app.ui.frame import Frame
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.journey.journeying import Journeying
from desktop_app.ui.navigation import Navigation
from desktop_app.ui.search.saving import Saving
from desktop_app.ui.search.searching import Searching
from desktop_app.ui.viewing import Viewing


class Finding(QObject):
    """The window's search.

    Args:
        desk: the window's parts.
        frame: where its widgets are.
        thumbnails: where pictures come from.
        viewing: the viewer, in which a part of a photo is marked.
        navigation: leads to the photos.
    """

    def __init__(
        self, desk: Desk, frame: Frame, thumbnails: Thumbnails, viewing: Viewing, navigation: Navigation
    ) -> None:
        super().__init__(desk.window)
        self._desk, self._frame, self._navigation = desk, frame, navigation
        self._viewing = viewing
        page = desk.page
        self.searching = Searching(desk, frame.search)
        self.saving = Saving(desk, frame.nav)
        page.bar.chips.saveAsked.connect(self.saving.ask)
        viewing.regionAsked.connect(self._look_for_region)
        viewing.likeAsked.connect(self._like)
        self.filters = FilterPanel(desk.theme)
        self.filters.hide()
        page.put_beside(self.filters)
        self.narrowing = Narrowing(desk, self.filters, self._candidates)
        self.narrowing.filtersChanged.connect(self.searching.set_filters)
        self.filters.closed.connect(self._hide_filters)
        frame.filters.toggled.connect(self._show_filters)
        self.journeying = Journeying(desk, thumbnails, viewing)
        self.months = MonthJump(desk.theme, page.grid)
        page.shown.connect(self._shown)
        page.grid.partAsked.connect(self.mark_part)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What the window's commands do, by their keys."""
        return {
            "more_like": self.searching.more_like,
            "less_like": self.searching.less_like,
            "part": self.mark_part,
            "journey": self.journeying.show_between_selected,
            "save_search": self.saving.ask,
            "filters": self._frame.filters.click,
            "on_this_day": self._on_this_day,
            "go_to_month": self._go_to_month,
        }

    @Slot()
    def mark_part(self) -> None:
        """Open the current photo to draw a box in it."""
        if not self._viewing.is_open:
            self._desk.areas.activate()
        if not self._viewing.is_open:
            self._desk.status.show_message("Select a photo first: then a part of it can be looked for.")
        elif not self._viewing.viewer.parts.is_boxing:
            self._viewing.viewer.parts.toggle_box()

    @Slot(int, object)
    def _look_for_region(self, photo: int, box: Box) -> None:
        self._viewing.leave()
        self._navigation.show_as_they_were()
        self.searching.add_region(PhotoId(photo), box)

    @Slot(int, bool)
    def _like(self, photo: int, wanted: bool) -> None:
        self._viewing.leave()
        self._navigation.show_as_they_were()
        (self.searching.more_like if wanted else self.searching.less_like)([PhotoId(photo)])

    @Slot(object)
    def _shown(self, found: Found) -> None:
        view = found.view
        self.months.set_months(found.headings.months if not view.is_by_likeness else ())
        own = view.query.filters
        within = [one for one in view.asked.filters if not any(one is other for other in own)]
        self.narrowing.set_query(replace(view.asked, filters=own), within)
        self._viewing.show_places(found.boxes)
        self.narrowing.set_scores(found.falling)

    def _candidates(self, query: Query) -> npt.NDArray[np.int64] | None:
        """The photos among which choices are counted; runs on the query lane."""
        return np.asarray(self._desk.session.searcher().run(query, look=False).ids, np.int64)

    @Slot(bool)
    def _show_filters(self, wanted: bool) -> None:
        if wanted:
            self._navigation.show_as_they_were()
        self.filters.setVisible(wanted)
        self._frame.make_room(wanted)
        if wanted:
            self.filters.search.setFocus()

    @Slot()
    def _hide_filters(self) -> None:
        self._frame.filters.setChecked(False)
        self._desk.page.grid.setFocus()

    @Slot()
    def _on_this_day(self) -> None:
        self._navigation.show_as_they_were()
        self.narrowing.on_this_day()

    @Slot()
    def _go_to_month(self) -> None:
        self._navigation.show_as_they_were()
        self.months.show_menu()
