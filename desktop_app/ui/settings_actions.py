"""Opens the settings and puts what is chosen there in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app import __version__
from desktop_app.ui import key_choice
from desktop_app.ui.commands import Commands
from desktop_app.ui.desk import Desk
from desktop_app.ui.dialogs.about import AboutBody, AboutInfo
from desktop_app.ui.folder_actions import FolderActions
from desktop_app.ui.help_actions import licences, parts
from desktop_app.ui.key_choice import Keys
from desktop_app.ui.session import Overview
from desktop_app.ui.settings.folders import FoldersPage
from desktop_app.ui.settings.general import GeneralPage
from desktop_app.ui.settings.keys import KeysPage
from desktop_app.ui.settings.window import SettingsPage, SettingsWindow

PageMaker = Callable[[], SettingsPage]


class SettingsActions(QObject):
    """Shows the settings window; every choice takes effect at once and is remembered.

    Args:
        desk: the window's parts.
        folders: what can be done with folders.
        more: makers of further pages; they stand before Keys.
    """

    def __init__(self, desk: Desk, folders: FolderActions, more: tuple[PageMaker, ...] = ()) -> None:
        super().__init__(desk.window)
        self._desk, self._folders, self._more = desk, folders, more
        self._commands: Commands | None = None
        self.window: SettingsWindow | None = None
        desk.theme.less_motion = desk.remembered.now.less_motion
        desk.session.overviewChanged.connect(self._show_folders)

    def join(self, commands: Commands) -> None:
        """Put the remembered keys in force."""
        self._commands = commands
        commands.set_keys(key_choice.read(self._desk.remembered.now.keys))

    def show(self, page: str = "general") -> None:
        """Open the settings at a page, or bring them forward."""
        if self.window is None:
            self.window = self._made()
            self.window.destroyed.connect(self._gone)
            self.window.show()
        self.window.show_page(page)
        self.window.raise_()
        self.window.activateWindow()

    def _made(self) -> SettingsWindow:
        desk = self._desk
        general = GeneralPage(desk.theme, desk.remembered.now)
        general.chosen.connect(self._choose)
        folders = FoldersPage(desk.session.overview.folders)
        folders.addAsked.connect(self._folders.choose_and_add)
        folders.menuAsked.connect(self._folders.show_menu)
        keys = KeysPage(desk.theme, key_choice.read(desk.remembered.now.keys))
        keys.changed.connect(self._keys_changed)
        return SettingsWindow(
            [
                SettingsPage("general", "General", general),
                SettingsPage("folders", "Folders", folders),
                *(make() for make in self._more),
                SettingsPage("keys", "Keys", keys),
                SettingsPage("about", "About", _about()),
            ],
            desk.window,
        )

    @Slot()
    def _gone(self) -> None:
        self.window = None

    @Slot(object)
    def _show_folders(self, overview: Overview) -> None:
        if self.window is not None:
            page = self.window.body("folders")
            assert isinstance(page, FoldersPage)
            page.show_folders(overview.folders)

    @Slot(object)
    def _choose(self, changes: Mapping[str, Any]) -> None:
        desk = self._desk
        desk.remembered.set(**changes)
        now = desk.remembered.now
        if "scheme" in changes:
            desk.theme.set_scheme(changes["scheme"])
            if self._commands is not None:
                self._commands[f"scheme_{now.scheme}"].setChecked(True)
        desk.theme.less_motion = now.less_motion
        desk.adding.limit_megapixels = now.limit_megapixels

    @Slot(object)
    def _keys_changed(self, keys: Keys) -> None:
        self._desk.remembered.set(keys=key_choice.write(keys))
        if self._commands is not None:
            self._commands.set_keys(keys)


def _about() -> QWidget:
    page = QWidget()
    page.setObjectName("chrome")
    body = AboutBody(AboutInfo(__version__, parts(), licences=licences()))
    column = QVBoxLayout(page)
    column.setContentsMargins(24, 24, 24, 16)
    column.addWidget(body, 1)
    column.addWidget(body.copy, 0, Qt.AlignmentFlag.AlignLeft)
    return page
