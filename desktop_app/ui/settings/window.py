"""The settings: one window, a tab per page; everything takes effect at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.ui.panels.parts import button


@dataclass(frozen=True, slots=True, eq=False)
class SettingsPage:
    """A page: its name in code, its name on the tab, and what is on it."""

    key: str
    words: str
    body: QWidget


class SettingsWindow(QDialog):
    """Pages behind tabs. It stays beside the main window, so that what changes can be seen changing.

    Args:
        pages: in the order of their tabs; the window owns their bodies.

    Signals:
        pageShown(str): another page is shown.
    """

    pageShown = Signal(str)

    def __init__(self, pages: Sequence[SettingsPage], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(640, 420)
        self._pages = list(pages)
        self._tabs = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 0)
        row.setSpacing(4)
        self._stack = QStackedWidget()
        for at, page in enumerate(self._pages):
            tab = button(page.words, quiet=True)
            tab.setProperty("tab", True)
            tab.setCheckable(True)
            self._tabs.addButton(tab, at)
            row.addWidget(tab)
            self._stack.addWidget(page.body)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._stack, 1)
        self._tabs.idClicked.connect(self._choose)
        self._tabs.button(0).setChecked(True)
        self.resize(820, 640)

    @property
    def page(self) -> str:
        """The key of the page that is shown."""
        return self._pages[self._stack.currentIndex()].key

    def body(self, key: str) -> QWidget:
        """What is on a page."""
        return next(page.body for page in self._pages if page.key == key)

    def show_page(self, key: str) -> None:
        """Show a page."""
        self._choose([page.key for page in self._pages].index(key))

    @Slot(int)
    def _choose(self, at: int) -> None:
        self._tabs.button(at).setChecked(True)
        self._stack.setCurrentIndex(at)
        self.pageShown.emit(self._pages[at].key)
