"""Where the parts of a window are: search above, list at the left, pages, panel at the right, status below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.ui.duplicates.page import DuplicatesPage
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.insights.page import InsightsPage
from desktop_app.ui.label.page import LabelPage
from desktop_app.ui.map.page import MapPage
from desktop_app.ui.panels.banner import Banner
from desktop_app.ui.panels.nav import NavList, Section
from desktop_app.ui.panels.not_shown import NotShownPage
from desktop_app.ui.panels.parts import button
from desktop_app.ui.panels.search_field import SearchField
from desktop_app.ui.panels.side_panel import SidePanel
from desktop_app.ui.panels.status import StatusBar
from desktop_app.ui.panels.welcome import WelcomePage
from desktop_app.ui.photos_page import PhotosPage
from desktop_app.ui.remembered import Remembered
from desktop_app.ui.theme import Theme
from desktop_app.ui.themes.page import ThemesPage

PANEL_FROM = 1100
"""Narrower windows fold the right panel first."""
ROOMY_FROM = 1500
"""Narrower windows fold it while something else stands beside the photos."""

SECTIONS = (
    Section("Look", (("photos", "Photos"), ("map", "Map"), ("themes", "Themes"))),
    Section("Do", (("label", "Label"), ("duplicates", "Duplicates"), ("insights", "Insights"))),
)


class Frame(QWidget):
    """The window's inside: its widgets, which of them are shown, and the keyboard's way between them.

    Args:
        theme: the program's look.
        thumbnails: where thumbnails come from.
        page: the photos.
        remembered: which side panels the user wants.
        parent: the window.
    """

    def __init__(
        self, theme: Theme, thumbnails: Thumbnails, page: PhotosPage, remembered: Remembered, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("chrome")
        self._remembered = remembered
        self._folded_by_width = False
        self._folded_by_page = False
        self._folded_for_room = False
        self._panel_fits = True
        self.page = page
        self.nav = NavList(theme, SECTIONS)
        self.panel = SidePanel(theme, thumbnails)
        self.status = StatusBar(theme)
        self.search = SearchField(theme)
        self.filters = button("Filters", tip="Narrow what is shown by date, folder, camera… (Ctrl+Shift+F)")
        self.filters.setCheckable(True)
        self.welcome = WelcomePage(theme)
        self.not_shown = NotShownPage(theme)
        self.label = LabelPage(theme, thumbnails)
        self.map = MapPage(theme, thumbnails)
        self.themes = ThemesPage(theme, thumbnails)
        self.duplicates = DuplicatesPage(theme, thumbnails)
        self.insights = InsightsPage(theme, thumbnails)
        self.banner = Banner(theme, closable=True)
        self.banner.hide()
        self._pages = QStackedWidget()
        self._lay_out()
        self.nav.setVisible(remembered.now.left_list)
        self.panel.setVisible(remembered.now.right_panel)

    def _lay_out(self) -> None:
        # from the outside in: what is put into another parent gets its style anew, with everything in it. And in the
        # order in which Tab goes
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        top = QWidget(self)
        top.setObjectName("chrome")
        row = QHBoxLayout(top)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(8)
        row.addWidget(self.search)
        row.addWidget(self.filters)
        whole.addWidget(top)
        splitter = QSplitter(self)
        splitter.setHandleWidth(5)
        splitter.setChildrenCollapsible(False)
        whole.addWidget(splitter, 1)
        middle = QWidget()
        middle.setObjectName("chrome")
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, stretch in ((self.nav, 0), (middle, 1), (self.panel, 0)):
            splitter.addWidget(widget)
            splitter.setStretchFactor(splitter.count() - 1, stretch)
            if widget is middle:
                column.addWidget(self.banner)
                column.addWidget(self._pages, 1)
                pages = (self.page, self.welcome, self.not_shown, self.label, self.map, self.themes, self.duplicates)
                for one in (*pages, self.insights):
                    self._pages.addWidget(one)
        splitter.setSizes([220, 640, 320])
        whole.addWidget(self.status)

    # --- pages -----------------------------------------------------------------------------------------------

    @property
    def shown(self) -> QWidget | None:
        """The page in the middle."""
        return self._pages.currentWidget()

    def show_page(self, page: QWidget) -> None:
        """Show a page in the middle."""
        # a page of its own needs the room, and nothing is selected there
        beside_photos = page not in (self.label, self.themes, self.duplicates, self.insights)
        if beside_photos != self._panel_fits:
            self._panel_fits = beside_photos
            if beside_photos and self._folded_by_page:
                self.panel.setVisible(not self._is_narrow())
                self._folded_by_width = self._is_narrow()
            was_wanted = self.panel.isVisibleTo(self.window()) or self._folded_by_width
            self._folded_by_page = was_wanted and not beside_photos
            if not beside_photos:
                self.panel.hide()
                self._folded_by_width = False
        self._pages.setCurrentWidget(page)

    def show_welcome(self, samples: int) -> None:
        """Nothing is in yet: only what helps to begin is there."""
        self.welcome.set_samples(samples)
        self.show_page(self.welcome)
        self.panel.hide()
        self.search.setEnabled(False)
        self.filters.setEnabled(False)
        self.welcome.choose.setFocus()

    def leave_welcome(self) -> None:
        """The first photos are on their way."""
        if self.shown is not self.welcome:
            return
        self.show_page(self.page)
        self.search.setEnabled(True)
        self.filters.setEnabled(True)
        wanted, narrow = self._remembered.now.right_panel, self._is_narrow()
        self.panel.setVisible(wanted and not narrow)
        self._folded_by_width = wanted and narrow
        self.page.grid.setFocus()

    # --- side panels -----------------------------------------------------------------------------------------

    def toggle_list(self) -> None:
        """Show or hide the left list, and remember it."""
        self.nav.setVisible(not self.nav.isVisible())
        self._remembered.set(left_list=self.nav.isVisible())

    def toggle_panel(self) -> None:
        """Show or hide the right panel, and remember it."""
        self._folded_by_width = False
        self.panel.setVisible(not self.panel.isVisible())
        self._remembered.set(right_panel=self.panel.isVisible())

    def make_room(self, wanted: bool) -> None:
        """Something stands beside the photos: in a window that is not wide the right panel makes room for it."""
        if wanted and self.window().width() < ROOMY_FROM and self.panel.isVisibleTo(self.window()):
            self.panel.hide()
            self._folded_for_room = True
        elif not wanted and self._folded_for_room:
            self._folded_for_room = False
            self.panel.setVisible(not self._is_narrow() and self._panel_fits)

    def follow_width(self) -> None:
        """Narrow windows fold the right panel; wide ones bring back what they folded."""
        if self._is_narrow() and self.panel.isVisibleTo(self.window()):
            self.panel.hide()
            self._folded_by_width = True
        elif not self._is_narrow() and self._folded_by_width:
            self.panel.show()
            self._folded_by_width = False

    def _is_narrow(self) -> bool:
        return self.window().width() < PANEL_FROM

    # --- the keyboard ----------------------------------------------------------------------------------------

    def go_to_area(self, step: int) -> None:
        """Put the keyboard into the next (1) or previous (-1) part of the window that has a place for it."""
        areas = (
            self.search, self.nav, self.banner, self.welcome, self.not_shown, self.label, self.themes, self.duplicates,
            self.insights, self.map, self.page.bar, self.page.grid, self.page.empty, self.panel, self.status,
        )  # fmt: skip
        stops = [(area, stop) for area in areas if (stop := _first_stop(area)) is not None]
        focus = self.window().focusWidget()
        now = next((i for i, (area, _) in enumerate(stops) if area is focus or area.isAncestorOf(focus)), 0)
        stops[(now + step) % len(stops)][1].setFocus(Qt.FocusReason.TabFocusReason)

    def focus_is_lost(self) -> bool:
        """Whether the keyboard is at something that went away, such as the button of a message."""
        focus = self.window().focusWidget()
        return focus is not None and not focus.isVisibleTo(self.window()) and self.page.grid.isVisible()


def _first_stop(area: QWidget) -> QWidget | None:
    """What the keyboard comes to first in a part of the window; None where there is nothing for it."""
    if not area.isVisible():
        return None
    for widget in (area, *area.findChildren(QWidget)):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and widget.isVisible():
            return widget
    return None
