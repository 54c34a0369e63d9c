"""The window: it puts the parts together and joins their signals; what happens is decided in the parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.library import Library
from desktop_app.core.types import Changes, FolderId, Order, PhotoId
from desktop_app.ui.adding import Adding
from desktop_app.ui.browsing import View
from desktop_app.ui.commands import Commands
from desktop_app.ui.desk import Desk
from desktop_app.ui.drop import DropOverlay
from desktop_app.ui.folder_actions import FolderActions
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.help_actions import HelpActions
from desktop_app.ui.instance import Doorbell
from desktop_app.ui.library_actions import LibraryActions
from desktop_app.ui.news import News
from desktop_app.ui.not_shown_actions import NotShownActions
from desktop_app.ui.panels.banner import Banner
from desktop_app.ui.panels.nav import NavList, Section
from desktop_app.ui.panels.not_shown import NotShownPage
from desktop_app.ui.panels.search_field import SearchField
from desktop_app.ui.panels.side_panel import SidePanel
from desktop_app.ui.panels.status import StatusBar
from desktop_app.ui.panels.welcome import WelcomePage
from desktop_app.ui.photo_actions import PhotoActions
from desktop_app.ui.photos_page import PhotosPage
from desktop_app.ui.session import Overview, Session
from desktop_app.ui.side import Side
from desktop_app.ui.viewing import Viewing
from desktop_app.ui.windows import Windows

_SMALLEST = (720, 480)
_USUAL = (1180, 760)
_PANEL_FROM = 1100  # narrower windows fold the right panel first


class MainWindow(QMainWindow):
    """One library in a window.

    Args:
        windows: the program's windows.
        library_folder: which library.
        add: folders to add once it is open.
    """

    def __init__(self, windows: Windows, library_folder: Path, add: Sequence[Path] = ()) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.library_folder = library_folder
        self._windows = windows
        self._add = list(add)
        self._session = Session(self)
        self._panel_folded_by_width = False
        theme = windows.theme
        remembered = windows.remembered
        thumbnails = Thumbnails(self._session.thumbs, self._session.thumbnails, parent=self)
        self._thumbnails = thumbnails

        self.page = PhotosPage(theme, self._session, thumbnails)
        self.page.threshold = remembered.now.threshold
        self.page.grid.set_wanted_size(remembered.now.thumbnail_size)
        self.page.bar.set_size(remembered.now.thumbnail_size)
        self.nav = NavList(theme, [Section("Look", (("photos", "Photos"),))])
        self.panel = SidePanel(theme, thumbnails)
        self.status = StatusBar(theme)
        self.search = SearchField(theme)
        self.welcome = WelcomePage(theme)
        self.not_shown = NotShownPage(theme)
        self.banner = Banner(theme, closable=True)
        self.banner.hide()
        self.adding = Adding(self._session, self)
        self.adding.limit_megapixels = remembered.now.limit_megapixels
        self.undo_stack = QUndoStack(self)
        self.desk = Desk(
            self, windows, theme, remembered, self._session, self.adding, self.page, self.status, self.undo_stack
        )
        self.side = Side(self.panel, self._session, self)
        self._lay_out()

        self.folders = FolderActions(self.desk)
        self.photos = PhotoActions(self.desk, self.folders)
        self.libraries = LibraryActions(self.desk, library_folder)
        self.viewing = Viewing(self.desk, thumbnails, self.photos)
        self.not_shown_actions = NotShownActions(self.desk, self.not_shown, self.folders)
        self.help = HelpActions(self.desk)
        self.commands = Commands(self, self._handlers())
        self.menus = self.commands.fill(self.menuBar())
        self.libraries.fill_menu(self.menus["File"], self.commands["open_library"])
        self.help.join(self.commands)
        self.overlay = DropOverlay(theme, self)
        self.news = News(self.desk, self.banner, self._show_not_shown)
        self._doorbell: Doorbell | None = None
        self._join(thumbnails)

        self.setWindowTitle("Likeness")
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_USUAL)
        if remembered.now.geometry:
            self.restoreGeometry(QByteArray.fromBase64(remembered.now.geometry.encode("ascii")))
        self.nav.setVisible(remembered.now.left_list)
        self.panel.setVisible(remembered.now.right_panel)
        self._session.open(library_folder, device=windows.device)

    # --- putting together ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._pages = QStackedWidget()
        for page in (self.page, self.welcome, self.not_shown):
            self._pages.addWidget(page)
        middle = QWidget()
        middle.setObjectName("chrome")
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self._pages, 1)
        self._splitter = QSplitter()
        self._splitter.setHandleWidth(5)
        self._splitter.setChildrenCollapsible(False)
        for widget, stretch in ((self.nav, 0), (middle, 1), (self.panel, 0)):
            self._splitter.addWidget(widget)
            self._splitter.setStretchFactor(self._splitter.count() - 1, stretch)
        self._splitter.setSizes([220, 640, 320])
        top = QWidget()
        top.setObjectName("chrome")
        row = QHBoxLayout(top)
        row.setContentsMargins(16, 12, 16, 12)
        row.addWidget(self.search)
        whole = QWidget()
        whole.setObjectName("chrome")
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self._splitter, 1)
        column.addWidget(self.status)
        self.setCentralWidget(whole)

    def _join(self, thumbnails: Thumbnails) -> None:
        session, page, adding = self._session, self.page, self.adding
        session.opened.connect(self._opened)
        session.openFailed.connect(self.libraries.could_not_open)
        session.overviewChanged.connect(self._show_overview)
        session.changed.connect(page.note)
        session.changed.connect(self._library_changed)
        session.failed.connect(lambda job, error: self.news.operation_failed(job, error))
        page.failed.connect(self.desk.report)
        page.viewChanged.connect(self._view_changed)
        page.bar.sizeChosen.connect(page.grid.set_wanted_size)
        page.grid.wantedSizeChanged.connect(self._size_changed)
        page.grid.selectionChangedTo.connect(self.side.select)
        page.grid.photoActivated.connect(self.viewing.open)
        page.grid.findAlike.connect(self.photos.find_alike)
        page.grid.contextMenuAsked.connect(lambda ids, at: self.photos.show_menu(self.commands, ids, at))
        page.grid.photos.factsWanted.connect(self.viewing.bring_facts)
        self.panel.alikeChosen.connect(self._go_to_alike)
        self.panel.alikeOpened.connect(self.viewing.open_alone)
        self.panel.findAlike.connect(self.photos.find_alike_selected)
        self.panel.previewOpened.connect(lambda: self.viewing.open(page.grid.current_photo()))
        self.nav.pageChosen.connect(lambda _key: self._show_photos(None))
        self.nav.folderChosen.connect(self._show_photos)
        self.nav.folderMenuAsked.connect(self.folders.show_menu)
        self.nav.notShownChosen.connect(self._show_not_shown)
        self.nav.addFolderAsked.connect(self.folders.choose_and_add)
        self.welcome.chooseFolder.connect(self.folders.choose_and_add)
        self.welcome.trySamples.connect(self.libraries.open_samples)
        self.search.searched.connect(self._search)
        self.search.left.connect(page.grid.setFocus)
        self.overlay.addFolders.connect(self.folders.add)
        self.overlay.findLike.connect(self.photos.find_like_files)
        self.overlay.findLikeImage.connect(self.photos.find_like_image)
        self.status.pauseAsked.connect(adding.pause)
        self.status.continueAsked.connect(adding.go_on)
        self.status.stopAsked.connect(adding.stop)
        self.undo_stack.canUndoChanged.connect(self.commands["undo"].setEnabled)
        self.undo_stack.canRedoChanged.connect(self.commands["redo"].setEnabled)
        self.undo_stack.undoTextChanged.connect(lambda text: self.commands["undo"].setText(f"Undo {text}".strip()))
        self.commands["undo"].setEnabled(False)
        self.commands["redo"].setEnabled(False)

    def _handlers(self) -> dict[str, Callable[[], object]]:
        grid, page = self.page.grid, self.page
        return {
            "add_folder": self.folders.choose_and_add,
            "rescan": self.folders.rescan,
            "new_library": self.libraries.choose_new,
            "open_library": self.libraries.choose_existing,
            "samples": self.libraries.open_samples,
            "close": self.close,
            "quit": self._windows.close_all,
            "undo": self.undo_stack.undo,
            "redo": self.undo_stack.redo,
            "search": self._begin_search,
            "paste": self.photos.paste,
            "select_all": grid.selectAll,
            "select_none": grid.clearSelection,
            "photos": partial(self._show_photos, None),
            "back": self._back,
            "forward": page.forward,
            "larger": partial(self.viewing.step, 1),
            "smaller": partial(self.viewing.step, -1),
            "fit": partial(self.viewing.step, 0),
            "left_list": partial(self._toggle, self.nav, "left_list"),
            "right_panel": self._toggle_panel,
            "full_screen": lambda: self.showNormal() if self.isFullScreen() else self.showFullScreen(),
            "scheme_system": partial(self.help.set_scheme, "system"),
            "scheme_light": partial(self.help.set_scheme, "light"),
            "scheme_dark": partial(self.help.set_scheme, "dark"),
            "open_photo": lambda: self.viewing.open(grid.current_photo()),
            "find_alike": self.photos.find_alike_selected,
            "copy_files": self.photos.copy_files,
            "copy_paths": self.photos.copy_paths,
            "show_file": self.photos.show_file,
            "keys": self.help.show_keys,
            "show_log": self.help.show_log,
            "about": self.help.show_about,
            "next_area": partial(self._go_to_area, 1),
            "previous_area": partial(self._go_to_area, -1),
        }

    # --- what is shown ---------------------------------------------------------------------------------------

    @Slot(object)
    def _opened(self, library: Library) -> None:
        self._windows.remembered.opened(self.library_folder)
        self.setWindowTitle(f"{library.name} - Likeness")
        self._doorbell = Doorbell(self.library_folder, self) if library.writable else None
        if self._doorbell is not None:
            self._doorbell.rung.connect(self.come_forward)
        self.news.opened(library)
        self.page.grid.setFocus()
        self.page.start(View(order=Order(self._windows.remembered.now.order)))
        if self._add:
            self.folders.add(self._add)
            self._add = []

    @Slot(object)
    def _show_overview(self, overview: Overview) -> None:
        self.nav.set_folders(overview.folders)
        self.nav.set_not_shown(overview.not_shown)
        self.not_shown_actions.show_counts(overview)
        self.news.overview(overview)
        if not overview.folders and not self.adding.is_running:
            self.welcome.set_samples(self.libraries.count_samples())
            if self.page.view.search is None:
                self._welcome()
        elif self._pages.currentWidget() is self.welcome:
            self._pages.setCurrentWidget(self.page)
            self.search.setEnabled(True)
            wanted, narrow = self._windows.remembered.now.right_panel, self._is_narrow()
            self.panel.setVisible(wanted and not narrow)
            self._panel_folded_by_width = wanted and narrow
            self.page.grid.setFocus()

    def _welcome(self) -> None:
        """Nothing is in yet: only what helps to begin is there."""
        self._pages.setCurrentWidget(self.welcome)
        self.panel.hide()
        self.search.setEnabled(False)
        self.welcome.choose.setFocus()

    def _show_photos(self, folder: FolderId | None) -> None:
        self.viewing.leave()
        view = self.page.view
        if view.folder != folder or view.search is not None or view.text:
            self.search.show_words("")
            self.page.show_view(View(folder, "", self.page.plain_order))
        self._return_to_photos()

    def _return_to_photos(self) -> None:
        """Show the photos as they were, after another page."""
        if self._pages.currentWidget() is self.not_shown:
            self._pages.setCurrentWidget(self.page)
            self._mark_view(self.page.view)

    @Slot()
    def _back(self) -> None:
        """One step back: out of the viewer, from another page, to the view before."""
        if self.viewing.is_open:
            self.viewing.viewer.leave()
        elif self._pages.currentWidget() is self.not_shown:
            self._return_to_photos()
        else:
            self.page.back()

    @Slot()
    def _begin_search(self) -> None:
        self.viewing.leave()
        self.search.begin()

    @Slot()
    def _show_not_shown(self) -> None:
        self.nav.choose_not_shown()
        self.commands["back"].setEnabled(True)
        self._pages.setCurrentWidget(self.not_shown)

    @Slot(object)
    def _view_changed(self, view: View) -> None:
        if self._pages.currentWidget() is not self.welcome or view.search is not None:
            self._pages.setCurrentWidget(self.page)
        self.viewing.leave()
        if not self.search.is_typing:
            self.search.show_words(view.text)
        self._mark_view(view)
        self.side.set_search(view.search)
        self.news.view_changed(view)
        self._windows.remembered.set(order=self.page.plain_order.value, threshold=self.page.threshold)

    def _mark_view(self, view: View) -> None:
        """Show in the left list and the menu where one is."""
        if view.folder is None:
            self.nav.choose_page("photos")
        else:
            self.nav.choose_folder(view.folder)
        self.commands["back"].setEnabled(self.page.history.can_go_back)
        self.commands["forward"].setEnabled(self.page.history.can_go_forward)

    @Slot(str)
    def _search(self, text: str) -> None:
        view = self.page.view
        if text != view.text:
            narrowed = View(view.folder, text, view.order, view.search)
            (self.page.refine if text and view.text else self.page.show_view)(narrowed)
        self._return_to_photos()

    @Slot(object)
    def _library_changed(self, changes: Changes) -> None:
        self._thumbnails.forget([*changes.added, *changes.updated])
        self.side.refresh()

    @Slot(int)
    def _go_to_alike(self, photo: PhotoId) -> None:
        """A look-alike in the panel was clicked: select it in the grid where it is, else show it alone there."""
        self.viewing.note_choice()
        if self.page.grid.photos.row_of(photo) >= 0:
            self.page.grid.select_photo(photo)
        else:
            self.side.select([photo])

    @Slot(int)
    def _size_changed(self, size: int) -> None:
        self.page.bar.set_size(size)
        self._windows.remembered.set(thumbnail_size=size)

    # --- the window itself -----------------------------------------------------------------------------------

    def _toggle(self, widget: QWidget, setting: str) -> None:
        widget.setVisible(not widget.isVisible())
        self._windows.remembered.set(**{setting: widget.isVisible()})

    def _toggle_panel(self) -> None:
        if self.viewing.is_open:
            self.viewing.toggle_details()
            return
        self._panel_folded_by_width = False
        self._toggle(self.panel, "right_panel")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows fold the right panel; wide ones bring back what they folded."""
        super().resizeEvent(event)
        narrow = self._is_narrow()
        if narrow and self.panel.isVisibleTo(self):
            self.panel.hide()
            self._panel_folded_by_width = True
        elif not narrow and self._panel_folded_by_width:
            self.panel.show()
            self._panel_folded_by_width = False

    def _is_narrow(self) -> bool:
        return self.width() < _PANEL_FROM

    def _go_to_area(self, step: int) -> None:
        if self.viewing.is_open:
            return
        areas = (
            self.search, self.nav, self.banner, self.welcome, self.not_shown,
            self.page.bar, self.page.grid, self.page.empty, self.panel, self.status,
        )  # fmt: skip
        stops = [(area, stop) for area in areas if (stop := _first_stop(area)) is not None]
        focus = self.focusWidget()
        now = next((i for i, (area, _) in enumerate(stops) if area is focus or area.isAncestorOf(focus)), 0)
        stops[(now + step) % len(stops)][1].setFocus(Qt.FocusReason.TabFocusReason)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes on; from a button that went away with its message the keyboard goes to the photos, not to text."""
        focus = self.focusWidget()
        if focus is not None and not focus.isVisibleTo(self) and self.page.grid.isVisible():
            self.page.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes one step out: from the selection, then to what is looked for."""
        if event.key() != Qt.Key.Key_Escape or event.modifiers():
            super().keyPressEvent(event)
        elif self.page.grid.selected_ids():
            self.page.grid.clearSelection()
        elif self.page.bar.chip.isVisible():
            self.page.bar.chip.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(list)
    def come_forward(self, add: Sequence[Path] = ()) -> None:
        """Show this window above others, and add folders to its library."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        if add:
            self.folders.add(add)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window, stop what runs (it carries on at the next start), close the library."""
        remembered = self._windows.remembered
        remembered.set(geometry=bytes(self.saveGeometry().toBase64().data()).decode("ascii"))
        remembered.set(threshold=self.page.threshold)
        remembered.save()
        if self._doorbell is not None:
            self._doorbell.close()
        self.viewing.close()
        self._session.shutdown()
        self._windows.forget(self)
        super().closeEvent(event)


def _first_stop(area: QWidget) -> QWidget | None:
    """What the keyboard comes to first in a part of the window; None where there is nothing for it."""
    if not area.isVisible():
        return None
    for widget in (area, *area.findChildren(QWidget)):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and widget.isVisible():
            return widget
    return None
