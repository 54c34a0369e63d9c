"""The window: it puts the parts together and joins their signals; what happens is decided in the parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, Qt, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow

from desktop_app.core.library import Library
from desktop_app.core.types import Changes, Order, PhotoId
from desktop_app.ui.adding import Adding
from desktop_app.ui.background import Background
from desktop_app.ui.browsing import View
from desktop_app.ui.commands import Commands
from desktop_app.ui.comparing import Comparing
from desktop_app.ui.desk import Desk
from desktop_app.ui.drop import DropOverlay
from desktop_app.ui.drop_outcome import is_export
from desktop_app.ui.explore.exploring import Exploring
from desktop_app.ui.finding import Finding
from desktop_app.ui.folder_actions import FolderActions
from desktop_app.ui.frame import Frame
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.help_actions import HelpActions
from desktop_app.ui.insights.insighting import Insighting
from desktop_app.ui.instance import Doorbell
from desktop_app.ui.keeping import Keeping
from desktop_app.ui.label.anywhere import GridAnswers
from desktop_app.ui.label.dropping import Dropping
from desktop_app.ui.label.filtering import Filtering
from desktop_app.ui.label.labelling import Labelling
from desktop_app.ui.label.looking import Looking
from desktop_app.ui.library_actions import LibraryActions
from desktop_app.ui.map.mapping import Mapping
from desktop_app.ui.navigation import Navigation
from desktop_app.ui.networks.managing import ManagingNetworks
from desktop_app.ui.news import News
from desktop_app.ui.not_shown_actions import NotShownActions
from desktop_app.ui.photo_actions import PhotoActions
from desktop_app.ui.photos_page import PhotosPage
from desktop_app.ui.session import Session
from desktop_app.ui.settings_actions import SettingsActions
from desktop_app.ui.side import Side
from desktop_app.ui.themes.grouping import Grouping
from desktop_app.ui.undoing import Steps
from desktop_app.ui.viewing import Viewing
from desktop_app.ui.watching import Watching
from desktop_app.ui.windows import Windows

_SMALLEST = (720, 480)
_USUAL = (1180, 760)


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
        theme, remembered = windows.theme, windows.remembered
        self._thumbnails = Thumbnails(self._session.thumbs, self._session.thumbnails, parent=self)
        self.page = PhotosPage(theme, self._session, self._thumbnails)
        self.page.threshold = remembered.now.threshold
        self.page.grid.set_wanted_size(remembered.now.thumbnail_size)
        self.page.bar.set_size(remembered.now.thumbnail_size)
        self.frame = Frame(theme, self._thumbnails, self.page, remembered, self)
        self.setCentralWidget(self.frame)
        self.nav, self.panel, self.status = self.frame.nav, self.frame.panel, self.frame.status
        self.search, self.banner = self.frame.search, self.frame.banner
        self.welcome, self.not_shown = self.frame.welcome, self.frame.not_shown
        self.adding = Adding(self._session, self)
        self.adding.limit_megapixels = remembered.now.limit_megapixels
        self.undo_stack = Steps(self)
        self.background = Background(self._session, self)
        self.desk = Desk(
            self,
            windows,
            theme,
            remembered,
            self._session,
            self.adding,
            self.page,
            self.status,
            self.undo_stack,
            self.background,
        )

        self.side = Side(self.panel, self._session, self)
        self.comparing = Comparing(self.desk, self.background)
        self.folders = FolderActions(self.desk)
        self.photos = PhotoActions(self.desk, self.folders)
        self.libraries = LibraryActions(self.desk, library_folder)
        self.viewing = Viewing(self.desk, self._thumbnails, self.photos)
        self.not_shown_actions = NotShownActions(self.desk, self.not_shown, self.folders)
        self.help = HelpActions(self.desk)
        self.news = News(self.desk, self.banner)
        self.navigation = Navigation(self.desk, self.frame, self.side, self.viewing, self.libraries, self.news)
        self.finding = Finding(self.desk, self.frame, self._thumbnails, self.viewing, self.navigation)
        self.keeping = Keeping(self.desk, self.frame, self._thumbnails, self.viewing, self.navigation)
        self.watching = Watching(self.desk)
        self.exploring = Exploring(self.desk, self._thumbnails, self.comparing, self.viewing)
        self.networks = ManagingNetworks(self.desk, self._thumbnails, self.comparing, self.exploring)
        self.settings = SettingsActions(self.desk, self.folders, (self.networks.page,))
        self.labelling = Labelling(self.desk, self.frame.label, self._thumbnails, self.viewing)
        self.grouping = Grouping(self.desk, self.frame.themes, self.labelling, self.viewing, self._thumbnails)
        self.dropping = Dropping(
            self.desk, self.labelling.labels, self.labelling.anywhere, self.frame.label, self._thumbnails
        )
        self.looking = Looking(self.desk, self.labelling.labels, self.labelling.learning, self.viewing)
        self.filtering = Filtering(self.desk, self.labelling.labels, self.labelling.learning)
        GridAnswers(self.labelling.labels, self.frame.label.results.grid)
        self.mapping = Mapping(self.desk, self.frame.map, self._thumbnails, self.viewing, self.photos, self.side)
        self.insights = Insighting(self.desk, self.frame.insights, self._thumbnails, self.libraries)
        self.commands = Commands(self, self.mapping.instead_of(self._handlers()))
        self.menus = self.commands.fill(self.menuBar())
        self.libraries.fill_menu(self.menus["File"], self.commands["open_library"])
        self.help.join(self.commands)
        self.settings.join(self.commands)
        self.navigation.join(self.commands)
        self.overlay = DropOverlay(theme, self)
        self._doorbell: Doorbell | None = None
        self._join()

        self.setWindowTitle("Likeness")
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_USUAL)
        if remembered.now.geometry:
            self.restoreGeometry(QByteArray.fromBase64(remembered.now.geometry.encode("ascii")))
        self._session.open(library_folder, device=windows.device)

    # --- putting together ------------------------------------------------------------------------------------

    def _join(self) -> None:
        session, page = self._session, self.page
        session.opened.connect(self._opened)
        session.openFailed.connect(self.libraries.could_not_open)
        session.changed.connect(page.note)
        session.changed.connect(self._library_changed)
        session.failed.connect(lambda job, error: self.news.operation_failed(job, error))
        page.failed.connect(self.desk.report)
        page.bar.sizeChosen.connect(page.grid.set_wanted_size)
        page.grid.wantedSizeChanged.connect(self._size_changed)
        page.grid.selectionChangedTo.connect(self.side.select)
        page.grid.photoActivated.connect(self.viewing.open)
        page.grid.findAlike.connect(self.photos.find_alike)
        page.grid.contextMenuAsked.connect(lambda ids, at: self.photos.show_menu(self.commands, ids, at))
        page.grid.photos.factsWanted.connect(self.viewing.bring_facts)
        page.grid.labelAsked.connect(self.labelling.anywhere.ask)
        self.navigation.labelShown.connect(self.labelling.shown)
        self.navigation.themesShown.connect(self.grouping.shown)
        self.grouping.openAsked.connect(self.navigation.show_theme)
        self.grouping.labelsMade.connect(self.navigation.show_label)
        self.labelling.answers.showAsked.connect(self.navigation.show_labelled)
        self.labelling.taking.restAsked.connect(self.navigation.show_labelled)
        self.labelling.anywhere.begin_first = self.navigation.show_label
        page.grid.whyAsked.connect(self.exploring.show_why)
        self.viewing.whyAsked.connect(self.exploring.show_why)
        self.viewing.labelAsked.connect(lambda photo: self.labelling.anywhere.ask([photo]))
        self.folders.labelAsked.connect(self.labelling.anywhere.ask_folder)
        self.viewing.left.connect(self.frame.label.focus_body)
        self.viewing.left.connect(self.mapping.take_focus)
        self.navigation.mapShown.connect(self.mapping.shown)
        self.keeping.duplicating.findAlikeAsked.connect(lambda photo: self.photos.find_alike_of([PhotoId(photo)]))
        self.keeping.duplicating.showFileAsked.connect(self.photos.show_file)
        self.finding.journeying.copyAsked.connect(self.keeping.copying.ask)
        self.mapping.labelAsked.connect(self.labelling.anywhere.ask)
        self.mapping.whyAsked.connect(self.exploring.show_why)
        self.mapping.menuAsked.connect(lambda ids, at: self.photos.show_menu(self.commands, ids, at))
        self.panel.alikeOpened.connect(self.viewing.open_alone)
        self.panel.findAlike.connect(self.photos.find_alike_selected)
        self.panel.previewOpened.connect(lambda: self.viewing.open(page.grid.current_photo()))
        self.nav.folderMenuAsked.connect(self.folders.show_menu)
        self.nav.addFolderAsked.connect(self.folders.choose_and_add)
        self.welcome.chooseFolder.connect(self.folders.choose_and_add)
        self.welcome.trySamples.connect(self.libraries.open_samples)
        self.overlay.addFolders.connect(self.folders.add)
        self.overlay.findLike.connect(self.photos.find_like_files)
        self.overlay.readExports.connect(self.insights.read)
        self.insights.pageAsked.connect(self.navigation.show_insights)
        self.insights.photosAsked.connect(self.navigation.show_theme)
        self.insights.themesAsked.connect(self.navigation.show_themes)
        self.navigation.insightsShown.connect(self.insights.shown)
        self.overlay.findLikeImage.connect(self.photos.find_like_image)
        self.frame.label.results.looksAsked.connect(self.looking.show)
        self.overlay.openClassifier.connect(self.labelling.handing.open_file)
        self.overlay.addNetwork.connect(self.networks.add_file)
        self.labelling.handing.opened.connect(self.navigation.show_label)
        self.status.waysAsked.connect(partial(self.settings.show, "networks"))
        self.status.pauseAsked.connect(self._pause)
        self.status.continueAsked.connect(self._go_on)
        self.status.stopAsked.connect(self._stop)
        session.comparedBy.connect(self.side.refresh)
        self.commands.follow(self.undo_stack)
        areas, label = self.desk.areas, self.frame.label
        areas.join(self.commands)
        areas.add_grid(page.grid, keys=False)  # its own signals say what its keys mean
        areas.add_grid(self.frame.themes.drawer.grid)
        for grid in (label.check.grid, label.results.grid):
            areas.add_grid(grid, letters=False)
        areas.menuAsked.connect(self._show_photo_menu)

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
            "search": self.navigation.begin_search,
            "paste": self.photos.paste,
            "select_all": grid.selectAll,
            "select_none": grid.clearSelection,
            "settings": self.settings.show,
            "photos": self.navigation.show_all,
            "map": self.navigation.show_map,
            "themes": self.navigation.show_themes,
            "label": self.navigation.show_label,
            "duplicates": self.navigation.show_duplicates,
            "insights": self.navigation.show_insights,
            **self.finding.handlers(),
            **self.keeping.handlers(),
            "why_alike": self.exploring.show_why,
            "ways": self.exploring.show_ways,
            "channels": self.exploring.show_channels,
            "segments": self.exploring.show_segments,
            "colours": self.exploring.show_colours,
            "label_photos": self._label_chosen,
            "back": self.navigation.back,
            "forward": page.forward,
            "larger": partial(self.viewing.step, 1),
            "smaller": partial(self.viewing.step, -1),
            "fit": partial(self.viewing.step, 0),
            "left_list": self.frame.toggle_list,
            "right_panel": self.navigation.toggle_panel,
            "full_screen": lambda: self.showNormal() if self.isFullScreen() else self.showFullScreen(),
            "scheme_system": partial(self.help.set_scheme, "system"),
            "scheme_light": partial(self.help.set_scheme, "light"),
            "scheme_dark": partial(self.help.set_scheme, "dark"),
            "open_photo": self.desk.areas.activate,
            "find_alike": self.photos.find_alike_selected,
            "copy_files": self.photos.copy_files,
            "copy_paths": self.photos.copy_paths,
            "show_file": self.photos.show_file,
            "keys": self.help.show_keys,
            "show_log": self.help.show_log,
            "about": self.help.show_about,
            "next_area": partial(self.navigation.go_to_area, 1),
            "previous_area": partial(self.navigation.go_to_area, -1),
        }

    @Slot(object, QPoint)
    def _show_photo_menu(self, ids: list[PhotoId], at: QPoint) -> None:
        self.photos.show_menu(self.commands, ids, at)

    def _label_chosen(self) -> None:
        """Label what is selected where one looks."""
        areas = self.desk.areas
        current = areas.current()
        chosen = areas.chosen() or ([] if current is None else [current])
        if chosen:
            self.labelling.anywhere.ask(chosen)
        else:
            self.desk.status.show_message("Select the photos to label first.")

    # --- the library -----------------------------------------------------------------------------------------

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
        self._begin_with(self._add)
        self._add = []

    @Slot(object)
    def _library_changed(self, changes: Changes) -> None:
        self._thumbnails.forget([*changes.added, *changes.updated])
        self.side.refresh()

    @Slot(int)
    def _size_changed(self, size: int) -> None:
        self.page.bar.set_size(size)
        self._windows.remembered.set(thumbnail_size=size)

    @Slot(object)
    def _pause(self, job: int) -> None:
        (self.adding.pause if job == id(self.adding) else partial(self.background.pause, job))()

    @Slot(object)
    def _go_on(self, job: int) -> None:
        (self.adding.go_on if job == id(self.adding) else partial(self.background.go_on, job))()

    @Slot(object)
    def _stop(self, job: int) -> None:
        (self.adding.stop if job == id(self.adding) else partial(self.background.stop, job))()

    # --- the window itself -----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or bring back the right panel."""
        super().resizeEvent(event)
        self.frame.follow_width()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes on; from a button that went away with its message the keyboard goes to the photos, not to text."""
        if self.frame.focus_is_lost():
            self.page.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes one step out."""
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.navigation.step_out()
        else:
            super().keyPressEvent(event)

    @Slot(list)
    def come_forward(self, add: Sequence[Path] = ()) -> None:
        """Show this window above others, and add folders to its library."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self._begin_with(add)

    def _begin_with(self, add: Sequence[Path]) -> None:
        """Add folders, and read exports into Insights."""
        exports = [path for path in add if is_export(path)]
        folders = [path for path in add if path not in exports]
        if folders:
            self.folders.add(folders)
        if exports:
            self.insights.read(exports)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window, stop what runs (it carries on at the next start), close the library."""
        remembered = self._windows.remembered
        remembered.set(geometry=bytes(self.saveGeometry().toBase64().data()).decode("ascii"))
        remembered.set(threshold=self.page.threshold)
        remembered.save()
        if self._doorbell is not None:
            self._doorbell.close()
        self.viewing.close()
        self.watching.close()
        self._session.shutdown()
        self._windows.forget(self)
        super().closeEvent(event)
