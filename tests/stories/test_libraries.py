"""Several libraries: the samples, new ones, the way between them; what is remembered; caches that went away."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QInputDialog

from desktop_app.core import paths
from desktop_app.core.library import Library
from desktop_app.core.types import Order
from tests.photos import save_many
from tests.stories.person import CTRL, SHIFT, Key, Person, Program


def entries(person: Person) -> list[str]:
    menu = person.window.menus["File"]
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions()]


def choose(person: Person, words: str) -> None:
    next(action for action in person.window.menus["File"].actions() if action.text() == words).trigger()


def test_the_samples_are_a_library_of_their_own(program: Program) -> None:
    person = program.start()
    person.until(person.window.welcome.isVisible)
    assert not any(words.startswith("Switch") for words in entries(person))
    person.push("Try 60 sample photos")
    person = program.newest()
    person.until(lambda: list(person.folders().values()) == ["60"])
    person.settle()
    assert person.window.windowTitle().startswith("Sample photos")
    assert len(person.names()) == 60
    assert len(program.windows.open_windows) == 1  # it took the place of the empty one
    assert "Switch to “Photos”" in entries(person)
    assert "Sample photos" in entries(person)
    choose(person, "Switch to “Photos”")
    person = program.newest()
    person.until(person.window.welcome.isVisible)
    assert len(program.windows.open_windows) == 1


def test_a_new_library_and_the_way_back(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_many(tmp_path / "in", range(4))
    person = program.start()
    person.add(tmp_path / "in")
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: (" Family/2019 ", True))
    person.press(Key.Key_N, CTRL)
    person = program.newest()
    assert person.window.windowTitle().startswith("Family-2019")
    person.until(person.window.welcome.isVisible)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(paths.default_library()))
    person.press(Key.Key_O, CTRL | SHIFT)
    person = program.newest()
    person.until(lambda: person.folders() == {"in": "4"})


def test_a_folder_that_is_no_library_is_not_opened_as_one(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_many(tmp_path / "in", range(2))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "in"))
    choose(person, "Open library…")
    assert person.message() == "“in” is no library. To add its photos, choose File > Add folder."
    assert person.folders() == {}


def test_what_is_remembered(program: Program, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(6))
    person = program.start()
    person.add(tmp_path / "in")
    person.window.resize(780, 640)
    person.page.bar.size_slider.setFocus()
    person.press(Key.Key_Right)
    person.press(Key.Key_Right)
    size = person.grid.wanted_size
    assert size == 168 + 48
    choice = person.page.bar.sort
    choice.setFocus()
    person.press(Key.Key_Down)
    person.settle()
    assert person.page.bar.order() is Order.NAME
    person.grid.setFocus()
    person.press(Key.Key_B, CTRL)
    assert not person.window.nav.isVisible()
    person.click("photo 3.jpg")
    person.press(Key.Key_S)
    person.until(lambda: person.page.bar.chip.isVisible())
    person.settle()
    person.page.bar.looseness.slider.setFocus()
    for _ in range(3):
        person.press(Key.Key_PageDown)
    threshold = person.page.bar.looseness.threshold()
    assert 0 < threshold < 0.2
    program.quit()

    person = program.start()
    person.settle()
    assert (person.window.width(), person.window.height()) == (780, 640)
    assert person.grid.wanted_size == size
    assert person.page.bar.size_slider.value() == size
    assert not person.window.nav.isVisible()
    assert person.page.bar.order() is Order.NAME
    assert person.names() == [f"photo {n}.jpg" for n in range(6)]
    assert person.folders() == {}  # its list is hidden
    person.press(Key.Key_B, CTRL)
    assert person.folders() == {"in": "6"}
    person.click("photo 3.jpg")
    person.press(Key.Key_S)
    person.until(lambda: person.page.bar.chip.isVisible())
    assert person.page.bar.looseness.threshold() == pytest.approx(threshold)


def test_the_right_panel_folds_in_a_narrow_window_and_comes_back(program: Program, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(3))
    person = program.start()
    person.add(tmp_path / "in")
    assert person.panel.isVisible()
    person.window.resize(960, 600)
    person.until(lambda: not person.panel.isVisible())
    person.window.resize(1300, 800)
    person.until(person.panel.isVisible)
    person.press(Key.Key_I, CTRL)
    assert not person.panel.isVisible()
    program.quit()
    person = program.start()
    person.settle()
    assert not person.panel.isVisible()
    person.press(Key.Key_I, CTRL)
    person.click("photo 1.jpg")
    person.until(lambda: len(person.alike()) == 2)
    person.until(lambda: person.panel._has_preview)


def test_the_panel_of_a_first_run_in_a_narrow_window_comes_with_its_width(program: Program, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(3))
    person = program.start()
    person.window.resize(960, 600)
    person.add(tmp_path / "in")
    assert not person.panel.isVisible()
    person.window.resize(1300, 800)
    person.until(person.panel.isVisible)


def test_lost_thumbnails_come_back(program: Program, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(6))
    person = program.start()
    person.add(tmp_path / "in")
    program.quit()
    for file in paths.default_library().glob("thumbnails.sqlite*"):
        file.unlink()
    person = program.start()
    person.until(lambda: len(person.names()) == 6)
    ids = person.grid.photos.ids()
    side = person.grid._thumbnails.side(person.grid._layout.side)
    person.until(lambda: all(person.grid._thumbnails.cached(photo, side) is not None for photo in ids))
    person.settle()
    library = person.window._session.library
    assert len(library.thumbnails.contents()) == 6
    assert person.folders() == {"in": "6"}


def test_a_lost_index_is_made_again(program: Program, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(12))
    person = program.start()
    person.add(tmp_path / "in")
    person.click("photo 3.jpg")
    person.until(lambda: len(person.alike()) == 11)
    before = person.alike()
    program.quit()
    shutil.rmtree(paths.default_library() / "index")
    person = program.start()
    person.until(lambda: len(person.names()) == 12)
    person.settle()
    person.click("photo 3.jpg")
    person.until(lambda: person.alike() == before)


def test_a_second_start_brings_the_first_window_forward(person: Person, tmp_path: Path) -> None:
    save_many(tmp_path / "More", range(3))
    person.window.showMinimized()
    second = subprocess.Popen(
        [sys.executable, "-m", "desktop_app", "--library", str(paths.default_library()), str(tmp_path / "More")],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
        text=True,
    )
    person.until(lambda: second.poll() is not None)
    _, said = second.communicate()
    assert second.returncode == 0
    assert "its window was brought forward" in said
    person.until(lambda: not person.window.isMinimized())
    person.until(lambda: person.folders() == {"More": "3"})
    person.settle()


def test_the_same_library_twice_in_one_program_is_one_window(program: Program) -> None:
    person = program.start()
    assert program.windows.open(paths.default_library())
    assert program.windows.open_windows == [person.window]


def test_a_library_in_use_is_open_for_looking_only(program: Program, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(5))
    person = program.start()
    person.add(tmp_path / "in")
    program.quit()
    with Library(paths.default_library()):  # as the command line has it
        person = program.start()
        assert person.banner() == "“Photos” is in use by another program, so it is open for looking only."
        person.until(lambda: len(person.names()) == 5)
        person.click("photo 3.jpg")
        person.until(lambda: len(person.alike()) == 4)
        person.press(Key.Key_S)
        person.until(lambda: person.page.bar.chip.isVisible())
        save_many(tmp_path / "more", range(2))
        person.drop(tmp_path / "more")
        assert person.message() == "“Photos” is open for looking only, so nothing can be added to it."
        person.press(Key.Key_F5)
        person.settle()
        assert person.folders() == {"in": "5"}
        assert person.banner() != ""
        program.quit()


def test_a_library_of_a_newer_program_is_not_opened_and_says_so(program: Program, tmp_path: Path) -> None:
    program.start()
    program.quit()
    connection = sqlite3.connect(paths.default_library() / "catalogue.sqlite")
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    person = program.start(opens=False)
    person.until(lambda: "newer" in person.banner())
    assert person.dialogs() == []
    choose(person, "Open the sample photos")
    program.newest().settle()
