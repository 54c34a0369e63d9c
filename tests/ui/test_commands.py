"""Menus show the key in force of every command, also those that belong to the photo areas and are no shortcuts."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence, QUndoCommand
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QMenu

from desktop_app.ui import key_choice, photo_actions
from desktop_app.ui.commands import COMMANDS, Commands
from desktop_app.ui.undoing import Steps


class Stand:
    """A window with its menus and a text field."""

    def __init__(self, qtbot) -> None:
        self.window, self.done = QMainWindow(), Counter[str]()
        qtbot.addWidget(self.window)
        handlers = {one.key: (lambda key=one.key: self.done.update([key])) for one in COMMANDS}
        self.commands = Commands(self.window, handlers)
        self.menus = self.commands.fill(self.window.menuBar())
        self.text = QLineEdit()
        self.window.setCentralWidget(self.text)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        self.text.setFocus()
        qtbot.waitUntil(self.text.hasFocus)

    def context(self) -> dict[str, str]:
        """The context menu of photos: words and keys."""
        menu = QMenu(self.window)
        for key in photo_actions._MENU:
            if key:
                menu.addAction(self.commands.entry(key, menu))
        return {one.text(): one.shortcut().toString() for one in menu.actions()}


@pytest.fixture
def stand(qtbot, look) -> Stand:
    return Stand(qtbot)


def test_the_context_menu_of_photos_shows_every_key(stand: Stand) -> None:
    shown = stand.context()
    assert shown == {
        "Open": "Enter", "Find alike": "S", "More like this": "+", "Less like this": "-",
        "Search by a part of it…": "B", "Why alike": "W", "Ways to compare…": "", "Way between two photos…": "",
        "Label…": "L", "Copy": "Ctrl+C", "Copy paths": "Ctrl+Shift+C", "Copy to a folder…": "",
        "Contact sheet…": "Ctrl+E", "Show in file manager": "Ctrl+Shift+R",
        "Move to trash": {one.key: one.bare.replace("Delete", "Del") for one in COMMANDS}["trash"],
    }  # fmt: skip


def test_a_key_of_ones_own_is_shown_instead_at_once(stand: Stand) -> None:
    menu = stand.menus["Photo"]
    entry = next(one for one in menu.actions() if one.text() == "Find alike")
    stand.commands.set_keys(key_choice.read(["find_alike=Ctrl+K", "copy_files=", "journey=Ctrl+J"]))
    assert entry.shortcut().toString() == "Ctrl+K"
    shown = stand.context()
    assert (shown["Find alike"], shown["Copy"], shown["Way between two photos…"]) == ("Ctrl+K", "", "Ctrl+J")
    stand.commands.set_keys(key_choice.usual())
    assert entry.shortcut().toString() == "S"
    assert stand.context()["Find alike"] == "S"


def test_bare_keys_stay_letters_in_a_text_and_the_others_are_pressed_once(stand: Stand, qtbot) -> None:
    QTest.keyClicks(stand.text, "s+-bwl")
    assert stand.text.text() == "s+-bwl"
    assert not stand.done
    stand.commands.set_keys(key_choice.read(["find_alike=Ctrl+K"]))
    QTest.keySequence(stand.text, QKeySequence("Ctrl+K"))
    qtbot.waitUntil(lambda: bool(stand.done))
    assert stand.done == {"find_alike": 1}


def test_an_entry_does_what_its_command_does_and_is_grey_with_it(stand: Stand) -> None:
    menu = QMenu(stand.window)
    entry = stand.commands.entry("more_like", menu)
    entry.trigger()
    assert stand.done == {"more_like": 1}
    stand.commands["more_like"].setEnabled(False)
    assert not entry.isEnabled()


def test_undo_and_redo_say_what_they_would_do(stand: Stand) -> None:
    steps = Steps(stand.window)
    stand.commands.follow(steps)
    undo, redo = stand.commands["undo"], stand.commands["redo"]
    assert (undo.text(), undo.isEnabled(), redo.text(), redo.isEnabled()) == ("Undo", False, "Redo", False)
    steps.push(QUndoCommand("3 photos moved\nmoving 3 photos"))
    assert (undo.text(), undo.isEnabled(), redo.isEnabled()) == ("Undo moving 3 photos", True, False)
    told: list[str] = []
    steps.takenBack.connect(told.append)
    steps.doneAgain.connect(lambda words: told.append(f"again {words}"))
    steps.undo()
    assert (undo.text(), undo.isEnabled(), redo.text()) == ("Undo", False, "Redo moving 3 photos")
    steps.undo()  # nothing to take back: nothing to say
    steps.redo()
    assert told == ["3 photos moved", "again 3 photos moved"]
