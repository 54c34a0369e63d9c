"""Folders: choosing one, sorting, searching by name, removing with undo, moving, new files, a drive that is away."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.types import Order
from tests.photos import save, save_many
from tests.stories.person import ALT, CTRL, SHIFT, Key, Person, Program


@pytest.fixture
def two(person: Person, tmp_path: Path) -> Person:
    """Someone with two folders; file dates fall while names rise."""
    paths = save_many(tmp_path / "Beach", range(5)) + save_many(tmp_path / "Zoo", range(5, 9))
    for at, path in enumerate(paths):
        os.utime(path, (1_500_000_000 - at * 86_400, 1_500_000_000 - at * 86_400))
    person.add(tmp_path / "Beach", tmp_path / "Zoo")
    return person


def photos(*numbers: int) -> list[str]:
    return [f"photo {n}.jpg" for n in numbers]


def sort(person: Person, words: str) -> None:
    choice = person.page.bar.sort
    choice.setFocus()
    at = choice.findText(words)
    while choice.currentIndex() != at:
        person.press(Key.Key_Down if choice.currentIndex() < at else Key.Key_Up)
    person.settle()


def test_both_folders_with_their_counts(two: Person) -> None:
    assert two.folders() == {"Beach": "5", "Zoo": "4"}
    assert two.page.bar.count_words() == "9 photos"
    two.choose_row("Zoo")
    two.until(lambda: len(two.names()) == 4)
    assert two.page.bar.count_words() == "4 of 9 photos"
    assert set(two.names()) == set(photos(5, 6, 7, 8))
    two.choose_row("Photos")
    two.until(lambda: len(two.names()) == 9)
    two.press(Key.Key_Left, ALT)
    two.until(lambda: len(two.names()) == 4)


def test_sorted_by_date_and_by_name(two: Person) -> None:
    assert two.page.bar.order() is Order.DATE
    assert two.names() == photos(*range(9))  # newest first
    two.click("photo 3.jpg")
    sort(two, "Name")
    assert two.names() == photos(*range(9))
    save(Path(two.details()["Folder"]) / "a first.jpg", 77)
    two.press(Key.Key_F5)
    two.until(lambda: len(two.names()) == 10)
    two.settle()
    assert two.names()[0] == "a first.jpg"
    assert two.selected() == ["photo 3.jpg"]
    sort(two, "Date")
    assert two.names()[0] == "a first.jpg"  # of today
    assert two.names()[1:] == photos(*range(9))
    assert two.selected() == ["photo 3.jpg"]


def test_results_in_another_order(two: Person) -> None:
    two.click("photo 3.jpg")
    two.press(Key.Key_S)
    two.until(lambda: two.page.bar.chip.isVisible())
    two.settle()
    assert two.page.bar.order() is Order.LIKENESS
    by_likeness = two.names()
    sort(two, "Name")
    assert two.names() == ["photo 3.jpg", *photos(0, 1, 2, 4, 5, 6, 7, 8)]
    scores = [two.grid.photos.score(row) for row in range(1, 9)]
    assert scores != sorted(scores, reverse=True)
    sort(two, "Likeness")
    assert two.names() == by_likeness


def test_search_by_file_name(two: Person) -> None:
    two.press(Key.Key_F, CTRL)
    assert two.window.search.hasFocus()
    two.type("photo 7")
    two.until(lambda: two.names() == photos(7))
    assert two.page.bar.count_words() == "1 of 9 photos"
    two.press(Key.Key_Down)
    assert two.grid.hasFocus()
    two.press(Key.Key_Left, ALT)  # one step, however many letters it took
    two.until(lambda: len(two.names()) == 9)
    assert two.window.search.text() == ""
    two.press(Key.Key_Right, ALT)
    two.until(lambda: two.names() == photos(7))
    assert two.window.search.text() == "photo 7"


def test_a_name_that_no_file_has(two: Person) -> None:
    two.press(Key.Key_F, CTRL)
    two.type("giraffe")
    two.until(lambda: two.empty().startswith("No photo found for “giraffe”."))
    two.push("Mark a few example photos instead")
    two.until(lambda: len(two.names()) == 9 and not two.empty())
    assert two.window.search.text() == ""
    # the same words again are searched again
    two.press(Key.Key_F, CTRL)
    two.type("giraffe")
    two.until(lambda: two.empty() != "")
    two.choose_row("Photos")
    two.until(lambda: len(two.names()) == 9 and not two.empty())
    assert two.window.search.text() == ""
    two.press(Key.Key_F, CTRL)
    two.type("giraffe")
    two.until(lambda: two.empty() != "")
    two.press(Key.Key_Escape)
    two.until(lambda: len(two.names()) == 9 and not two.empty())


def test_a_folder_name_is_searched_too(two: Person) -> None:
    two.press(Key.Key_F, CTRL)
    two.type("zoo")
    two.until(lambda: set(two.names()) == set(photos(5, 6, 7, 8)))


def test_remove_a_folder_and_take_it_back_by_the_button(two: Person, tmp_path: Path) -> None:
    two.choose_row("Zoo")
    two.until(lambda: len(two.names()) == 4)
    two.folder_menu("Zoo", "Remove from library")
    two.until(lambda: two.folders() == {"Beach": "5"})
    assert two.message() == "“Zoo” was removed from the library. Its 4 photos stay on the disk."
    two.until(lambda: len(two.names()) == 5)  # the folder that was shown went away: all photos are
    assert len(list((tmp_path / "Zoo").iterdir())) == 4
    two.push("Undo")
    assert two.grid.hasFocus()  # the button is gone; keys are for photos again
    two.until(lambda: two.folders() == {"Beach": "5", "Zoo": "4"})
    two.choose_row("Photos")
    two.until(lambda: len(two.names()) == 9)


def test_remove_a_folder_and_take_it_back_by_key(two: Person) -> None:
    two.folder_menu("Beach", "Remove from library")
    two.until(lambda: two.folders() == {"Zoo": "4"} and len(two.names()) == 4)
    assert two.window.commands["undo"].isEnabled()
    assert two.window.commands["undo"].text() == "Undo removing “Beach”"
    two.grid.setFocus()
    two.press(Key.Key_Z, CTRL)
    two.until(lambda: two.folders() == {"Beach": "5", "Zoo": "4"})
    two.until(lambda: len(two.names()) == 9)
    assert two.message() == "Taken back: “Beach” removed from the library."
    two.press(Key.Key_Z, CTRL | SHIFT)
    two.until(lambda: two.folders() == {"Zoo": "4"})
    two.until(lambda: len(two.names()) == 4)


def test_the_last_folder_removed_leads_to_the_beginning(person: Person, tmp_path: Path) -> None:
    save_many(tmp_path / "Only", range(3))
    person.add(tmp_path / "Only")
    person.folder_menu("Only", "Remove from library")
    person.until(person.window.welcome.isVisible)
    person.push("Undo")
    person.until(lambda: person.folders() == {"Only": "3"})
    person.until(lambda: person.page.isVisible() and len(person.names()) == 3)


def test_look_alikes_of_a_removed_folder_are_gone(two: Person) -> None:
    two.click("photo 2.jpg")
    two.press(Key.Key_S)
    two.until(lambda: two.page.bar.chip.isVisible() and len(two.names()) == 9)
    two.settle()
    two.folder_menu("Zoo", "Remove from library")
    two.until(lambda: set(two.names()) == set(photos(0, 1, 2, 3, 4)))
    two.until(lambda: len(two.alike()) == 4)


def test_a_folder_that_was_moved(two: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two.click("photo 6.jpg")
    ids = {two.grid.photos.id_at(row) for row in range(9)}
    (tmp_path / "Zoo").rename(tmp_path / "Animals")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "Animals"))
    two.folder_menu("Zoo", "Folder moved to…")
    two.until(lambda: two.folders() == {"Animals": "4", "Beach": "5"})
    two.settle()
    assert {two.grid.photos.id_at(row) for row in range(9)} == ids
    assert two.selected() == ["photo 6.jpg"]
    two.until(lambda: two.details()["Folder"] == str(tmp_path / "Animals"))


def test_a_folder_moved_to_nowhere_says_so(two: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "Beach"))
    two.folder_menu("Zoo", "Folder moved to…")
    two.until(lambda: two.message() == "“Beach” is in this library already.")
    assert two.dialogs() == []
    assert two.folders() == {"Beach": "5", "Zoo": "4"}


def test_looking_again_finds_what_is_new_changed_and_gone(two: Person, tmp_path: Path) -> None:
    two.click("photo 0.jpg")
    two.until(lambda: two.details().get("Size", "").startswith("320 × 240"))
    two.settle()
    row = two.grid.photos.row_of(two.grid.selected_ids()[0])
    side = two.grid._thumbnails.side(two.grid._layout.side)
    before = two.grid._thumbnails.cached(two.grid.photos.id_at(row), side).toImage()
    save(tmp_path / "Beach" / "new.jpg", 50)
    save(tmp_path / "Beach" / "photo 0.jpg", 51, 400, 300)
    (tmp_path / "Zoo" / "photo 8.jpg").unlink()
    two.press(Key.Key_F5)
    two.until(lambda: two.folders() == {"Beach": "6", "Zoo": "3"})
    two.settle()
    assert "new.jpg" in two.names()
    assert "photo 8.jpg" not in two.names()
    two.until(lambda: two.details()["Size"].startswith("400 × 300"))
    photo = two.grid.selected_ids()[0]
    two.until(lambda: two.grid._thumbnails.cached(photo, side) is not None)
    two.until(lambda: two.grid._thumbnails.cached(photo, side).toImage() != before)  # its picture is the new one


def test_a_drive_that_is_away_and_comes_back(two: Person, tmp_path: Path) -> None:
    two.until(lambda: notes(two) == Counter({"": 9}))
    (tmp_path / "Zoo").rename(tmp_path / "unplugged")
    two.press(Key.Key_F5)
    two.until(lambda: two.banner().startswith("“Zoo” is not connected."))
    two.settle()
    assert two.banner() == "“Zoo” is not connected. Its 4 photos stay in the library and come back with it."
    assert two.folders() == {"Beach": "5", "Zoo": "away"}
    assert len(two.names()) == 9
    two.click("photo 6.jpg")
    two.until(lambda: two.panel._state.text() == "Its folder is not connected.")
    two.until(lambda: len(two.alike()) == 8)
    away = Counter({"": 5, "Its folder is not connected.": 4})
    two.until(lambda: notes(two) == away)  # those that were looked at before, too
    # its thumbnail and its likeness are here even so
    two.press(Key.Key_S)
    two.until(lambda: two.page.bar.chip.isVisible())
    two.until(lambda: len(two.names()) == 9)
    (tmp_path / "unplugged").rename(tmp_path / "Zoo")
    two.push("Look again")
    two.until(lambda: two.folders() == {"Beach": "5", "Zoo": "4"})
    two.settle()
    assert two.banner() == ""
    two.until(lambda: two.panel._state.text() == "")
    two.until(lambda: notes(two) == Counter({"": 9}))


def notes(person: Person) -> Counter[str]:
    """Why photos of the grid are shown faintly, by how many."""
    model = person.grid.photos
    facts = [model.facts(row) for row in range(model.rowCount())]
    return Counter(one.note for one in facts if one is not None)


def test_the_same_folder_again_adds_nothing(two: Person, tmp_path: Path) -> None:
    two.add(tmp_path / "Zoo")
    assert two.folders() == {"Beach": "5", "Zoo": "4"}
    assert two.message().startswith("9 photos ready.")
    assert len(two.names()) == 9


def test_a_drive_is_missed_and_found_at_the_next_start(program: Program, tmp_path: Path) -> None:
    save_many(tmp_path / "drive" / "Archive", range(3))
    program.start().add(tmp_path / "drive" / "Archive")
    program.quit()
    (tmp_path / "drive").rename(tmp_path / "unplugged")
    person = program.start()
    person.until(lambda: person.banner().startswith("“Archive” is not connected."))
    assert person.folders() == {"Archive": "away"}
    assert len(person.names()) == 3
    program.quit()
    (tmp_path / "unplugged").rename(tmp_path / "drive")
    person = program.start()
    person.until(lambda: person.folders() == {"Archive": "3"})
    person.until(lambda: not person.banner())
