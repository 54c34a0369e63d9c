"""Without a mouse: everything that finding and viewing needs is reached by keys, and text stays text."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.ui.dialogs.keys import KeysDialog
from tests.photos import save_many
from tests.stories.person import ALT, CTRL, SHIFT, Key, Person


@pytest.fixture
def album(person: Person, tmp_path: Path) -> Person:
    save_many(tmp_path / "Album", range(14))
    person.add(tmp_path / "Album")
    return person


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def tab_to(person: Person, widget: QWidget, key: Key = Key.Key_Tab) -> None:
    """Press Tab until the keyboard is at a widget."""
    passed = []
    for _ in range(60):
        if focus() is widget:
            return
        passed.append(focus())
        person.press(key)
    raise AssertionError(f"{widget} is not reached from {passed}")


def test_the_first_run_by_keyboard(person: Person) -> None:
    person.until(person.window.welcome.choose.hasFocus)
    person.press(Key.Key_Tab)
    assert person.window.welcome.samples.hasFocus()


def test_finding_by_keyboard(album: Person) -> None:
    assert album.grid.hasFocus()  # where it is when the photos are there
    names = album.names()
    album.press(Key.Key_Right)
    album.press(Key.Key_Home)
    assert album.selected() == [names[0]]
    album.until(lambda: len(album.alike()) == 12)
    # into the panel and through its look-alikes
    album.press(Key.Key_F6)
    assert album.panel.isAncestorOf(focus())
    tab_to(album, album.panel.alike.thumbs()[0])
    album.press(Key.Key_Right)
    second = album.alike()[1]
    assert focus() is album.panel.alike.thumbs()[1]
    album.press(Key.Key_Return)
    album.until(lambda: album.selected() == [second])
    album.press(Key.Key_F6, SHIFT)
    assert album.grid.hasFocus()
    album.press(Key.Key_S)
    album.until(lambda: album.page.bar.chip.isVisible() and album.names()[0] == second)
    # to the slider
    tab_to(album, album.page.bar.looseness.slider, Key.Key_Backtab)
    album.press(Key.Key_Home)
    assert album.empty().startswith("No photo is this close.")
    button = album.page.empty.buttons()[0]
    tab_to(album, button)
    album.press(Key.Key_Space)
    assert not album.empty()
    assert album.grid.hasFocus()
    album.press(Key.Key_Left, ALT)
    album.until(lambda: not album.page.bar.chip.isVisible())
    assert album.selected() == [second]


def test_esc_goes_one_step_out_at_a_time(album: Person) -> None:
    album.press(Key.Key_Home)
    album.press(Key.Key_S)
    album.until(lambda: album.page.bar.chip.isVisible())
    album.settle()
    album.press(Key.Key_Right)
    album.press(Key.Key_Return)
    assert album.window.viewing.is_open
    album.press(Key.Key_Escape)
    assert not album.window.viewing.is_open
    assert len(album.selected()) == 1
    album.press(Key.Key_Escape)
    assert album.selected() == []
    album.press(Key.Key_Escape)
    assert album.page.bar.chip.hasFocus()
    album.press(Key.Key_Delete)
    album.until(lambda: not album.page.bar.chip.isVisible())
    assert len(album.names()) == 14


def test_f6_goes_round_and_back(album: Person) -> None:
    album.press(Key.Key_Home)
    album.until(lambda: len(album.alike()) == 12)
    album.grid.setFocus()
    window = album.window
    areas = {"search": window.search, "nav": window.nav, "bar": album.page.bar, "grid": album.grid,
             "panel": album.panel, "status": window.status}  # fmt: skip

    def area() -> str:
        return next(name for name, one in areas.items() if one is focus() or one.isAncestorOf(focus()))

    forth = []
    for _ in range(len(areas)):
        album.press(Key.Key_F6)
        forth.append(area())
    assert forth == ["panel", "status", "search", "nav", "bar", "grid"]
    back = []
    for _ in range(len(areas)):
        album.press(Key.Key_F6, SHIFT)
        back.append(area())
    assert back == [*reversed(forth[:-1]), "grid"]


def test_letters_in_the_search_field_are_letters(album: Person) -> None:
    album.press(Key.Key_Home)
    album.press(Key.Key_F, CTRL)
    album.type("s z i")
    album.press(Key.Key_Space)
    assert album.window.search.text() == "s z i "
    album.until(lambda: album.empty() != "")
    album.press(Key.Key_Return)  # the words are a chip, no photo is opened
    album.until(lambda: album.page.bar.chip.isVisible())
    album.settle()
    assert album.page.bar.chip.accessibleName() == "Looking for the word s z i"
    assert not album.window.viewing.is_open
    assert album.window.search.hasFocus()
    assert album.window.search.text() == ""
    album.press(Key.Key_Left, ALT)
    album.until(lambda: not album.page.bar.chip.isVisible())
    album.settle()
    album.press(Key.Key_F, CTRL)
    album.type("photo 3")
    album.until(lambda: set(album.names()) == {"photo 3.jpg"})
    album.press(Key.Key_Z, CTRL)  # of the text
    assert album.window.search.text() != "photo 3"
    assert album.folders() == {"Album": "14"}
    album.press(Key.Key_A, CTRL)
    album.press(Key.Key_Delete)
    album.until(lambda: len(album.names()) == 14)
    assert album.window.search.hasFocus()
    album.press(Key.Key_Escape)
    assert album.grid.hasFocus()


def test_the_left_list_by_keyboard(album: Person) -> None:
    window = album.window
    tab_to(album, window.nav.list)
    album.press(Key.Key_S)  # not the grid's key here
    assert not album.page.bar.chip.isVisible()
    frame = window.frame
    for page in (frame.map, frame.themes, frame.label, frame.duplicates, frame.insights):
        album.press(Key.Key_Down)  # headings are passed over
        album.press(Key.Key_Return)
        album.until(page.isVisible)
        tab_to(album, window.nav.list)
    album.press(Key.Key_Down)
    album.press(Key.Key_Return)
    album.until(lambda: album.page.view.folder is not None)


def test_select_by_keyboard(album: Person) -> None:
    album.press(Key.Key_Home)
    album.press(Key.Key_Right, SHIFT)
    album.press(Key.Key_Right, SHIFT)
    assert len(album.selected()) == 3
    album.press(Key.Key_A, CTRL)
    assert len(album.selected()) == 14
    album.until(lambda: album.panel.note().startswith("14 photos selected"))
    album.press(Key.Key_A, CTRL | SHIFT)
    assert album.selected() == []


def test_sizes_by_keyboard(album: Person) -> None:
    usual = album.grid.wanted_size
    album.press(Key.Key_Plus, CTRL)
    assert album.grid.wanted_size > usual
    assert album.page.bar.size_slider.value() == album.grid.wanted_size
    album.press(Key.Key_0, CTRL)
    assert album.grid.wanted_size == usual


def test_f1_shows_the_keys(album: Person) -> None:
    album.press(Key.Key_F1)
    (dialog,) = album.dialogs()
    assert isinstance(dialog, KeysDialog)
    album.press(Key.Key_Escape, to=dialog)
    album.until(lambda: not album.dialogs())


def test_the_menu_key_opens_what_can_be_done(album: Person) -> None:
    album.press(Key.Key_Home)
    album.press(Key.Key_Menu)
    album.menu("Find alike")
    album.until(lambda: album.page.bar.chip.isVisible())
