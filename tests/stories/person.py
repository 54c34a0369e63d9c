"""Someone who uses the program: what they can do with mouse, keys and drops, and what they can see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton, QWidget

from desktop_app.core import paths
from desktop_app.core.types import FolderId
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.panels.nav_rows import Row, RowKind
from desktop_app.ui.remembered import Remembered
from desktop_app.ui.theme import Theme
from desktop_app.ui.windows import Windows

PATIENCE = 30_000
"""Milliseconds until a story gives up; on an idle machine nothing takes a twentieth of it."""

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


class Program:
    """The running program: its windows and settings. `start` and `quit` as often as a story needs."""

    def __init__(self, qtbot, look: Theme) -> None:
        self.qtbot, self.look = qtbot, look
        self.windows: Windows | None = None

    def start(self, library: Path | None = None, add: Sequence[Path] = (), *, opens: bool = True) -> Person:
        """Start it as `app.py` does; returns someone in front of its window, once its library is open if it `opens`."""
        remembered = Remembered()
        self.windows = Windows(self.look, remembered, "cpu")
        last = Path(remembered.now.library) if remembered.now.library else None
        folder = library or last or paths.default_library()
        assert self.windows.open(folder, add)
        return self.newest(opens=opens)

    def newest(self, *, opens: bool = True) -> Person:
        """Someone in front of the window that was opened last."""
        assert self.windows is not None
        return Person(self.qtbot, self.windows.open_windows[-1], opens=opens)

    def quit(self) -> None:
        """Close every window and let go of what it held."""
        if self.windows is not None:
            self.windows.close_all()
            self.windows.remembered.save()
            self.windows.deleteLater()
            self.windows = None
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Person:
    """Someone in front of a window."""

    def __init__(self, qtbot, window: MainWindow, *, opens: bool = True) -> None:
        self.qtbot, self.window = qtbot, window
        self.page, self.grid, self.panel = window.page, window.page.grid, window.panel
        self.until(lambda: not opens or window._session.library is not None)
        self.come_back()
        self.until(lambda: (window._session.query.is_idle and window._session.work.is_idle) or window.adding.is_running)

    # --- waiting ---------------------------------------------------------------------------------------------

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def settle(self) -> None:
        """Wait until nothing is being added or looked up any more."""
        session = self.window._session

        def is_quiet() -> bool:
            lanes = (session.work, session.query, session.thumbs)
            busy = self.window.adding.is_running or self.page._again.isActive()
            return not busy and all(lane.is_idle for lane in lanes)

        self.until(is_quiet)
        QApplication.processEvents()
        self.until(is_quiet)

    # --- mouse and keys --------------------------------------------------------------------------------------

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, to: QWidget | None = None) -> None:
        """Press a key where the keyboard is, through the window's shortcuts."""
        target = to or QApplication.focusWidget() or self.window
        QTest.keyClick(target, key, modifiers)

    def type(self, words: str) -> None:
        """Type where the keyboard is."""
        for letter in words:
            QTest.keyClick(QApplication.focusWidget(), letter)

    def at(self, name: str) -> QPoint:
        """Where a photo is in the grid's viewport, scrolled to where it is not on screen."""
        index = self.grid.photos.index(self.names().index(name))
        if not self.grid.viewport().rect().contains(self.grid.visualRect(index).center()):
            self.grid.scrollTo(index)
        rect = self.grid.visualRect(index)
        return (rect & self.grid.viewport().rect()).center()

    def click(self, name: str, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Click a photo of the grid."""
        QTest.mouseClick(self.grid.viewport(), LEFT, modifiers, self.at(name))

    def double_click(self, name: str) -> None:
        """Double-click a photo of the grid."""
        place = self.at(name)
        QTest.mouseClick(self.grid.viewport(), LEFT, NONE, place)
        QTest.mouseDClick(self.grid.viewport(), LEFT, NONE, place)

    def push(self, words: str, among: Sequence[QPushButton] | None = None) -> None:
        """Click the button that says `words`; the mouse finds only what is there to see."""
        buttons = among if among is not None else self.window.findChildren(QPushButton)
        found = [one for one in buttons if one.text().replace("&", "") == words and one.isVisible()]
        assert len(found) == 1, f"{len(found)} buttons say {words!r}"
        assert found[0].isEnabled(), f"{words!r} cannot be pressed"
        QTest.mouseClick(found[0], LEFT)

    def menu(self, words: str) -> None:
        """Choose an entry of the menu that is open."""
        self.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        entry = next(one for one in menu.actions() if one.text() == words)
        assert entry.isEnabled()
        QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(entry).center())
        self.come_back()

    def come_back(self) -> None:
        """The window is in front again, which the system sees to when a menu or dialog goes."""
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)

    # --- dropping --------------------------------------------------------------------------------------------

    def drag(self, *files: Path, image: QImage | None = None, over: tuple[float, float] = (0.5, 0.5)) -> Drag:
        """Drag files, or pixels, over the window; `over` in parts of its size."""
        mime = QMimeData()
        if files:
            mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        if image is not None:
            mime.setImageData(image)
        return Drag(self.window, mime, over)

    def drop(self, *files: Path, image: QImage | None = None, over: tuple[float, float] = (0.5, 0.5)) -> None:
        """Drag and let go."""
        self.drag(*files, image=image, over=over).release()

    # --- what can be seen ------------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """The photos of the grid in their order, by file name."""
        ids = self.grid.photos.ids()
        return [self._names_of(ids)[photo] for photo in ids]

    def selected(self) -> list[str]:
        """The selected photos by file name."""
        ids = self.grid.selected_ids()
        return [self._names_of(ids)[photo] for photo in ids]

    def current(self) -> str:
        """The photo with the keyboard's ring."""
        photo = self.grid.current_photo()
        return self._names_of([photo])[photo] if photo is not None else ""

    def alike(self) -> list[str]:
        """The look-alikes in the panel, best first."""
        ids = [photo for photo, _ in self.panel.alike.items()]
        return [self._names_of(ids)[photo] for photo in ids]

    def _names_of(self, ids: Sequence[int]) -> dict[int, str]:
        from desktop_app.core.catalog import photos

        library = self.window._session.library
        assert library is not None
        return {photo: facts.name for photo, facts in photos.fetch(library.connection, ids).items()}

    def details(self) -> dict[str, str]:
        """The rows of the panel's details."""
        return {row.name: row.value for row in self.panel._rows.shown()}

    def message(self) -> str:
        """What the status bar says."""
        return self.window.status.message if self.window.status._message_box.isVisible() else ""

    def banner(self) -> str:
        """What the banner says, "" without one."""
        return self.window.banner.words() if self.window.banner.isVisible() else ""

    def empty(self) -> str:
        """What stands in the place of photos, "" while there are photos."""
        return self.page.empty.words() if self.page.empty.isVisible() else ""

    def rows(self) -> list[Row]:
        """The left list from top to bottom."""
        lists = (self.window.nav.list, self.window.nav.foot)
        return [rows.rows().row(at) for rows in lists if rows.isVisible() for at in range(rows.rows().rowCount())]

    def folders(self) -> dict[str, str]:
        """The folders in the left list with what stands behind them."""
        return {row.name: row.count for row in self.rows() if row.kind is RowKind.FOLDER}

    def point_of_row(self, name: str) -> tuple[QWidget, QPoint]:
        """Where a row of the left list is."""
        for rows in (self.window.nav.list, self.window.nav.foot):
            for at in range(rows.rows().rowCount()):
                if rows.rows().row(at).name == name and rows.isVisible():
                    return rows.viewport(), rows.visualRect(rows.rows().index(at, 0)).center()
        raise AssertionError(f"no row {name!r}")

    def choose_row(self, name: str) -> None:
        """Click a row of the left list."""
        viewport, point = self.point_of_row(name)
        QTest.mouseClick(viewport, LEFT, NONE, point)

    def folder_menu(self, name: str, entry: str) -> None:
        """Choose from a folder's context menu."""
        folder = next(f for f in self.window._session.overview.folders if f.name == name)
        viewport, point = self.point_of_row(name)
        self.window.nav.folderMenuAsked.emit(FolderId(folder.id), viewport.mapToGlobal(point))
        self.menu(entry)

    def dialogs(self) -> list[QDialog]:
        """The dialogs that are open."""
        return [one for one in self.window.findChildren(QDialog) if one.isVisible()]

    # --- what most stories begin with ------------------------------------------------------------------------

    def add(self, *folders: Path) -> None:
        """Drop folders and wait until their photos are in."""
        self.drop(*folders)
        self.until(lambda: self.window.adding.is_running)
        self.settle()


class Drag:
    """Something that is held over the window with the mouse."""

    def __init__(self, window: QWidget, mime: QMimeData, over: tuple[float, float]) -> None:
        self.window, self.mime = window, mime
        self._place = QPoint(round(over[0] * window.width()), round(over[1] * window.height()))
        self._held = (Qt.DropAction.CopyAction, mime, LEFT, NONE)
        self.accepted = self._send(QDragEnterEvent(self._place, *self._held))
        self._send(QDragMoveEvent(self._place, *self._held))

    def _send(self, event: QDropEvent) -> bool:
        # the system sends a drag to the widget under the mouse that takes drops
        target = self.window.childAt(self._place) or self.window
        while not target.acceptDrops() and target is not self.window:
            target = target.parentWidget()
        QApplication.sendEvent(target, event)
        return event.isAccepted()

    def words(self) -> str:
        """What the overlay says will happen."""
        overlay = self.window.overlay
        return overlay.accessibleName() if overlay.isVisible() else ""

    def reason(self) -> str:
        """The quieter line of the overlay."""
        return self.window.overlay.outcome.choices[0].note

    def release(self) -> None:
        """Let go of the mouse."""
        self._send(QDropEvent(QPointF(self._place), *self._held))
