"""Someone changes how the program looks and which keys it listens to; it is so at once and at the next start."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desktop_app.ui.settings.folders import FoldersPage
from desktop_app.ui.settings.general import GeneralPage
from desktop_app.ui.settings.keys import KeysPage
from tests.photos import save_many
from tests.stories.person import CTRL, LEFT, SHIFT, Key, Person, Program


def open_settings(person: Person) -> None:
    person.press(Key.Key_Comma, CTRL)
    person.until(lambda: person.window.settings.window is not None and person.window.settings.window.isVisible())


def test_choices_take_effect_at_once_and_are_remembered(program: Program, tmp_path: Path) -> None:
    person = program.start()
    save_many(tmp_path / "Album", range(4))
    person.add(tmp_path / "Album")
    open_settings(person)
    settings = person.window.settings.window
    general = settings.body("general")
    assert isinstance(general, GeneralPage)
    QTest.keyClick(general.scheme, Key.Key_End)  # the last of them, "Dark"
    general.scheme.activated.emit(general.scheme.currentIndex())
    assert person.window.desk.theme.is_dark
    QTest.keyClick(general.motion, Key.Key_Space)
    assert person.window.desk.theme.animation_ms == 0
    folders = settings.body("folders")
    assert isinstance(folders, FoldersPage)
    settings.show_page("folders")
    assert "Album" in {label.text() for label in folders.findChildren(QLabel)}
    settings.show_page("keys")
    keys = settings.body("keys")
    assert isinstance(keys, KeysPage)
    QTest.mouseClick(keys.buttons["left_list"], LEFT)
    QTest.keyClick(keys.buttons["left_list"], Key.Key_J, CTRL | SHIFT)
    settings.close()
    person.until(lambda: person.window.settings.window is None)
    person.come_back()
    person.press(Key.Key_J, CTRL | SHIFT)
    assert not person.window.nav.isVisible()
    program.quit()

    person = program.start()
    person.press(Key.Key_B, CTRL)
    assert not person.window.nav.isVisible()  # the old key says nothing any more
    person.press(Key.Key_J, CTRL | SHIFT)
    assert person.window.nav.isVisible()
    assert person.window.desk.remembered.now.scheme == "dark"
