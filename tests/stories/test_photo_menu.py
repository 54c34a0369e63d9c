"""The context menu of photos: each entry with the key that does the same."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.photos import save_many
from tests.stories.person import SHIFT, Key, Person


def entries(person: Person) -> dict[str, str]:
    """What the menu shows at the current photo, opened by key and left by Esc."""
    person.press(Key.Key_F10, SHIFT)
    person.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    found = {one.text(): one.shortcut().toString() for one in menu.actions() if one.text()}
    QTest.keyClick(menu, Key.Key_Escape)
    person.settle()
    person.come_back()
    return found


def test_keys_are_shown_and_do_what_they_say(person: Person, tmp_path: Path) -> None:
    save_many(tmp_path / "Family", range(4))
    person.add(tmp_path / "Family")
    person.click("photo 1.jpg")
    found = entries(person)
    assert (found["Find alike"], found["Label…"], found["Copy"]) == ("S", "L", "Ctrl+C")
    person.window.settings._keys_changed({"find_alike": ("Ctrl+K",)})
    assert entries(person)["Find alike"] == "Ctrl+K"
    person.press(Key.Key_B)
    viewing = person.window.viewing
    assert viewing.is_open
    assert viewing.viewer.parts.is_boxing
    assert person.window.viewing.current_photo() == person.grid.current_photo()
    person.press(Key.Key_Escape)
    person.press(Key.Key_Escape)
    person.until(lambda: not viewing.is_open)
