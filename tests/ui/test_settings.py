"""The settings window: what is chosen takes effect at once; a key that is taken is refused with its owner's name."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.core.settings import Settings
from desktop_app.core.types import Folder, FolderId, FolderState
from desktop_app.ui import key_choice
from desktop_app.ui.panels.parts import ScrollColumn
from desktop_app.ui.settings.folders import FoldersPage
from desktop_app.ui.settings.general import GeneralPage
from desktop_app.ui.settings.keys import KeysPage
from desktop_app.ui.settings.window import SettingsPage, SettingsWindow
from tests.ui.panel_parts import show

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_a_tab_for_each_page(qtbot):
    bodies = {"general": QWidget(), "keys": QWidget()}
    window = SettingsWindow([SettingsPage(key, key.title(), body) for key, body in bodies.items()])
    show(qtbot, window, 640, 420)
    assert window.page == "general"
    with qtbot.waitSignal(window.pageShown) as shown:
        window.show_page("keys")
    assert shown.args == ["keys"]
    assert bodies["keys"].isVisible()
    assert not bodies["general"].isVisible()


def test_general_shows_and_tells_choices(qtbot, look):
    page = GeneralPage(look, Settings(scheme="dark", limit_megapixels=80.0))
    show(qtbot, page, 640, 420)
    assert page.scheme.currentText() == "Dark"
    assert page.limit.currentText() == "80 megapixels"
    told = []
    page.chosen.connect(told.append)
    qtbot.mouseClick(page.motion, Qt.MouseButton.LeftButton, pos=page.motion.rect().center() / 4)
    qtbot.keyClick(page.limit, Qt.Key.Key_Down)
    assert told == [{"less_motion": True}, {"limit_megapixels": 100.0}]


def test_folders_have_their_menu(qtbot, tmp_path):
    folder = Folder(FolderId(7), tmp_path / "Family", "Family", 1_200, 0, FolderState.AWAY)
    page = show(qtbot, FoldersPage([folder]), 640, 420)
    asked = []
    page.menuAsked.connect(lambda number, _at: asked.append(number))
    more = next(one for one in page.findChildren(QWidget) if one.accessibleName() == "More about Family")
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert asked == [7]
    page.show_folders([])
    assert "No folder" in " ".join(label.text() for label in page.findChildren(QWidget) if hasattr(label, "text"))


@pytest.fixture
def keys_page(qtbot, look) -> KeysPage:
    return show(qtbot, KeysPage(look, key_choice.usual()), 640, 480)


def test_a_key_is_changed_by_typing_it(qtbot, keys_page):
    made = keys_page.buttons["rescan"]
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert made.text() == "Type a key…"
    with qtbot.waitSignal(keys_page.changed) as changed:
        qtbot.keyClick(made, Qt.Key.Key_L, CTRL | SHIFT)
    assert changed.args[0]["rescan"] == ("Ctrl+Shift+L",)
    assert made.text() == "Ctrl+Shift+L"
    with qtbot.waitSignal(keys_page.changed) as changed:
        qtbot.mouseClick(keys_page.reset, Qt.MouseButton.LeftButton)
    assert changed.args[0] == key_choice.usual()


def test_a_clash_is_refused_with_the_name_of_the_other(qtbot, keys_page):
    made = keys_page.buttons["rescan"]
    before = made.text()
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(keys_page.changed):
        qtbot.keyClick(made, Qt.Key.Key_O, CTRL)
    assert keys_page.note.text() == "Ctrl+O is taken by “Add folder”."
    assert made.text() == before


def test_esc_leaves_a_key_and_delete_takes_it_away(qtbot, keys_page):
    made = keys_page.buttons["rescan"]
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(keys_page.changed):
        qtbot.keyClick(made, Qt.Key.Key_Escape)
    assert not made.listening
    assert keys_page.isVisible()
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(keys_page.changed) as changed:
        qtbot.keyClick(made, Qt.Key.Key_Delete)
    assert changed.args[0]["rescan"] == ()
    assert made.text() == "none"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("S", "Single letters"),
        ("Shift+S", "Single letters"),
        ("7", "Single letters"),
        ("Esc", "Esc always means"),
        ("Ctrl+Alt+E", "type letters"),
        ("nonsense", "cannot be used"),
        ("Ctrl+K, Ctrl+B", "cannot be used"),
        ("F11", "Full screen"),
    ],
)
def test_what_no_command_can_have(wish, words):
    assert words in key_choice.refusal(key_choice.usual(), "rescan", wish)


def test_own_keys_are_remembered_and_damaged_lines_do_no_harm():
    keys = {**key_choice.usual(), "rescan": ("Ctrl+Shift+L",), "photos": ()}
    lines = key_choice.write(keys)
    assert sorted(lines) == ["photos=", "rescan=Ctrl+Shift+L"]
    assert key_choice.read(lines) == keys
    assert key_choice.read(["", "=", "rescan=%%% Ctrl+J", "unknown=F9"])["rescan"] == ("Ctrl+J",)
    assert key_choice.refusal(keys, "photos", "Ctrl+1") == ""


def test_a_refusal_stays_in_sight_while_the_keys_scroll(qtbot, keys_page):
    made = keys_page.buttons[[*keys_page.buttons][-1]]
    bar = keys_page.findChild(ScrollColumn).verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    qtbot.keyClick(made, Qt.Key.Key_O, CTRL)
    assert keys_page.note.text() == "Ctrl+O is taken by “Add folder”."
    assert not keys_page.note.visibleRegion().isEmpty()
