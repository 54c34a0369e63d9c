"""Where one is in a window and how one gets elsewhere: pages, folders, searches, and the way back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot
from PySide6.QtWidgets import QWidget

from desktop_app.core.catalog.themes import ThemeId
from desktop_app.core.labelling import LabelFilter
from desktop_app.core.searching import Filter, FilterKind, Query
from desktop_app.core.types import FolderId, Order, PhotoId
from desktop_app.ui.browsing import View
from desktop_app.ui.commands import Commands
from desktop_app.ui.desk import Desk
from desktop_app.ui.frame import Frame
from desktop_app.ui.library_actions import LibraryActions
from desktop_app.ui.news import News
from desktop_app.ui.session import Overview
from desktop_app.ui.side import Side
from desktop_app.ui.viewing import Viewing


class Navigation(QObject):
    """Keeps left list, search field, pages and commands level with the view that is shown.

    Signals:
        labelShown(): the Label page is in the middle now.
        mapShown(): the Map page is.
        themesShown(): the Themes page is.
        duplicatesShown(): the Duplicates page is.
        insightsShown(): the Insights page is.
    """

    labelShown = Signal()
    mapShown = Signal()
    themesShown = Signal()
    duplicatesShown = Signal()
    insightsShown = Signal()

    def __init__(
        self, desk: Desk, frame: Frame, side: Side, viewing: Viewing, libraries: LibraryActions, news: News
    ) -> None:
        super().__init__(desk.window)
        self._desk, self._frame, self._side, self._viewing = desk, frame, side, viewing
        self._libraries, self._news = libraries, news
        self._commands: Commands | None = None
        self._came_from_welcome = False
        page = desk.page
        self._stays = False  # the photos step back behind another page
        page.viewChanged.connect(self._view_changed)
        page.themeLeft.connect(self._leave_theme)
        page.bar.crumb.clicked.connect(self.show_themes)
        frame.nav.pageChosen.connect(self._page_chosen)
        frame.nav.folderChosen.connect(self.show_photos)
        frame.nav.notShownChosen.connect(self.show_not_shown)
        frame.search.searched.connect(self._search)
        frame.search.left.connect(page.grid.setFocus)
        frame.panel.alikeChosen.connect(self._go_to_alike)
        desk.session.overviewChanged.connect(self._show_overview)
        news.seeWhyAsked.connect(self.show_not_shown)

    def join(self, commands: Commands) -> None:
        """Let Back and Forward say whether there is a way."""
        self._commands = commands

    # --- going places ----------------------------------------------------------------------------------------

    @Slot()
    def show_all(self) -> None:
        """All photos, as they were."""
        self.show_photos(None)

    @Slot(object)
    def show_photos(self, folder: FolderId | None) -> None:
        """The photos of a folder, or all with None."""
        self._viewing.leave()
        view = self._desk.page.view
        if view.folder != folder or not replace(view, folder=None).is_plain:
            self._frame.search.show_words("")
            self._desk.page.show_view(View(folder, "", self._desk.page.plain_order))
        self._return_to_photos()

    @Slot()
    def show_as_they_were(self) -> None:
        """The photos, from wherever one is."""
        self._viewing.leave()
        self._return_to_photos()

    @Slot()
    def show_not_shown(self) -> None:
        """The files that are not shown."""
        self._frame.nav.choose_not_shown()
        self._enable("back", True)
        self._frame.show_page(self._frame.not_shown)

    @Slot(object, str)
    def show_labelled(self, wish: LabelFilter, words: str) -> None:
        """The photos that a wish about labels lets through; `words` say which."""
        self._viewing.leave()
        self._frame.search.show_words("")
        self._desk.page.show_view(View(None, "", self._desk.page.plain_order, labels=(wish,), words=words))
        self._return_to_photos()
        self._desk.page.grid.setFocus()

    @Slot()
    def show_label(self) -> None:
        """Label photos; Back returns to the photos as they were."""
        self._show_page("label", self._frame.label, self.labelShown)

    @Slot()
    def show_map(self) -> None:
        """All photos on a plane; Back returns to the photos as they were."""
        self._show_page("map", self._frame.map, self.mapShown)

    @Slot()
    def show_themes(self) -> None:
        """See what looks alike put together; Back returns to the photos as they were."""
        self._show_page("themes", self._frame.themes, self.themesShown)

    @Slot()
    def show_duplicates(self) -> None:
        """Copies of photos, set by set; Back returns to the photos as they were."""
        self._show_page("duplicates", self._frame.duplicates, self.duplicatesShown)

    @Slot()
    def show_insights(self) -> None:
        """Which themes work; there before there are photos, since an export brings its own."""
        self._came_from_welcome |= self._frame.shown is self._frame.welcome
        self._show_page("insights", self._frame.insights, self.insightsShown, before_photos=True)

    def _show_page(self, key: str, page: QWidget, shown: SignalInstance, *, before_photos: bool = False) -> None:
        if self._frame.shown is self._frame.welcome and not before_photos:
            return
        self._viewing.leave()
        self._frame.nav.choose_page(key)
        self._enable("back", True)
        self._frame.show_page(page)
        shown.emit()

    @property
    def is_map_in_use(self) -> bool:
        """Whether the map is what is looked at."""
        return self._frame.shown is self._frame.map and not self._viewing.is_open

    @Slot(int, str)
    def show_theme(self, theme: int, words: str) -> None:
        """The photos of a theme; Back returns to its card."""
        self._viewing.leave()
        self._frame.search.show_words("")
        only = Query(filters=(Filter(FilterKind.THEME, words, theme=theme),))
        self._desk.page.show_view(View(None, "", self._desk.page.plain_order, only, theme=ThemeId(theme)))
        self._return_to_photos()
        self._desk.page.grid.setFocus()

    @Slot()
    def _leave_theme(self) -> None:
        self._stays = True
        self.show_themes()

    @Slot()
    def back(self) -> None:
        """One step back: out of the viewer, from another page, to the view before."""
        if self._viewing.is_open:
            self._viewing.viewer.leave()
        elif self._is_elsewhere():
            self._return_to_photos()
            self._desk.page.grid.setFocus()
        else:
            self._desk.page.back()

    @Slot()
    def begin_search(self) -> None:
        """Put the keyboard into the search field."""
        self._viewing.leave()
        self._frame.search.begin()

    def step_out(self) -> None:
        """Esc: from the selection, then to what is looked for."""
        page = self._desk.page
        if self._frame.shown is self._frame.duplicates and self._frame.duplicates.step_out():
            return
        if self.is_map_in_use and self._frame.map.canvas.selected_photos().size:
            self._frame.map.canvas.select_none()
        elif page.grid.selected_ids():
            page.grid.clearSelection()
        elif page.bar.chip.isVisible():
            page.bar.chips.chips()[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_panel(self) -> None:
        """The right panel; in the viewer its own details."""
        if self._viewing.is_open:
            self._viewing.toggle_details()
        else:
            self._frame.toggle_panel()

    def go_to_area(self, step: int) -> None:
        """The next or previous part of the window."""
        if not self._viewing.is_open:
            self._frame.go_to_area(step)

    # --- being somewhere -------------------------------------------------------------------------------------

    @Slot(str)
    def _page_chosen(self, key: str) -> None:
        pages = {
            "label": self.show_label,
            "map": self.show_map,
            "themes": self.show_themes,
            "duplicates": self.show_duplicates,
            "insights": self.show_insights,
        }
        pages.get(key, self.show_all)()

    def _is_elsewhere(self) -> bool:
        frame = self._frame
        elsewhere = (frame.not_shown, frame.label, frame.map, frame.themes, frame.duplicates, frame.insights)
        return frame.shown in elsewhere

    def _return_to_photos(self) -> None:
        """Show the photos as they were, after another page."""
        self._stays = False
        if not self._is_elsewhere():
            return
        if self._came_from_welcome:  # back to where photos are asked for, unless some came in meanwhile
            self._frame.show_page(self._frame.welcome)
            self._frame.panel.hide()
            if self._desk.session.overview.folders or self._desk.adding.is_running:
                self._came_from_welcome = False
                self._frame.leave_welcome()
        else:
            self._frame.show_page(self._desk.page)
        self._mark_view(self._desk.page.view)

    @Slot(object)
    def _view_changed(self, view: View) -> None:
        # on the map stands out what is looked for
        stays, self._stays = self._stays or self._frame.shown is self._frame.map, False
        if not stays and (self._frame.shown is not self._frame.welcome or view.is_search):
            self._frame.show_page(self._desk.page)
        self._viewing.leave()
        if not self._frame.search.is_typing:
            self._frame.search.show_words(view.text)
        if not stays:
            self._mark_view(view)
        self._side.set_search(view.query)
        self._news.view_changed(view)
        self._desk.remembered.set(order=self._desk.page.plain_order.value, threshold=self._desk.page.threshold)

    def _mark_view(self, view: View) -> None:
        """Show in the left list and the menu where one is."""
        if view.saved is not None:
            self._frame.nav.choose_saved(view.saved)
        elif view.folder is None:
            self._frame.nav.choose_page("photos" if view.theme is None else "themes")
        else:
            self._frame.nav.choose_folder(view.folder)
        self._enable("back", self._desk.page.history.can_go_back)
        self._enable("forward", self._desk.page.history.can_go_forward)

    def _enable(self, command: str, enabled: bool) -> None:
        if self._commands is not None:
            self._commands[command].setEnabled(enabled)

    @Slot(str)
    def _search(self, text: str) -> None:
        page, view = self._desk.page, self._desk.page.view
        if text != view.text:
            order = view.order
            if not view.is_search:  # words put what fits best first
                order = Order.LIKENESS if text else page.plain_order
            narrowed = replace(view, text=text, order=order)
            (page.refine if text and view.text else page.show_view)(narrowed)
        if self._frame.shown is not self._frame.map:
            self._return_to_photos()

    @Slot(int)
    def _go_to_alike(self, photo: PhotoId) -> None:
        """A look-alike in the panel was clicked: select it in the grid where it is, else show it in the panel."""
        self._viewing.note_choice()
        if self._desk.page.grid.photos.row_of(photo) >= 0:
            self._desk.page.grid.select_photo(photo)
        else:
            self._side.select([photo])

    @Slot(object)
    def _show_overview(self, overview: Overview) -> None:
        self._frame.nav.set_folders(overview.folders)
        self._frame.nav.set_not_shown(overview.not_shown)
        self._news.overview(overview)
        if overview.folders or self._desk.adding.is_running:
            self._frame.leave_welcome()
        elif not self._desk.page.view.is_search:
            self._frame.show_welcome(self._libraries.count_samples())
