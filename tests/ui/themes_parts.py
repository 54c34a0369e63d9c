"""What the tests of the Themes page are made of: themes that are made up, and the page with them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from desktop_app.ui.themes.page import ThemesPage
from desktop_app.ui.themes.values import Choice, Evenness, Scope, Shelf, ThemeCard
from tests.ui.panel_parts import show

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key

CUPS = ThemeCard(11, "coffee cup", 38, tuple(range(1, 7)), Evenness.VERY_ALIKE)
BEACH = ThemeCard(12, "Our beach", 120, tuple(range(11, 17)), Evenness.MIXED, is_proposed=False)
DOGS = ThemeCard(13, "dog", 9, tuple(range(21, 27)), Evenness.ALIKE, is_locked=True)
TWO = ThemeCard(14, "", 2, (31, 32), Evenness.ALIKE, place=3)
ODD = ThemeCard(19, "", 5, (41, 42, 43, 44, 45), is_odd=True)
SHELF = Shelf(1, "All photos", (BEACH, CUPS, DOGS, TWO, ODD), 2, 60, 12)
ALL = Choice(Scope.ALL, "All photos", count=174)
FOLDER = Choice(Scope.FOLDER, "Family", 3, 60)


@pytest.fixture
def page(qtbot, parts) -> ThemesPage:
    page = ThemesPage(parts.theme, parts.thumbnails)
    page.set_choices([ALL, FOLDER])
    page.show_shelf(SHELF)
    show(qtbot, page, 900, 640)
    page.cards.setFocus()
    qtbot.waitUntil(page.cards.hasFocus)
    return page


def heard(signal) -> list:
    asked: list = []
    signal.connect(lambda *values: asked.append(values[0] if len(values) == 1 else values))
    return asked


def popup(qtbot) -> QMenu:
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu
