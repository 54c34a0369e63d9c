"""The first run: an empty window, a folder dropped on it, photos that can be searched while the rest comes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel

from tests.photos import save_many
from tests.stories.conftest import SlowDisk
from tests.stories.person import Key, Person, Program


def test_the_empty_window_says_what_to_do(person: Person) -> None:
    window = person.window
    person.until(window.welcome.isVisible)
    words = [label.text() for label in window.welcome.findChildren(QLabel)]
    assert "Drop a folder of photos here." in words
    assert any("Nothing is uploaded and no photo is changed." in one for one in words)
    assert window.welcome.choose.isVisible()
    assert window.welcome.choose.hasFocus()
    assert window.welcome.samples.text() == "Try 60 sample photos"
    assert not window.panel.isVisible()
    assert "Photos" in window.windowTitle()


def test_a_dropped_folder_is_named_before_it_is_let_go_of_and_added_after(person: Person, tmp_path: Path) -> None:
    save_many(tmp_path / "Family", range(12))
    drag = person.drag(tmp_path / "Family")
    assert drag.accepted
    assert drag.words() == "Add Family"
    assert not person.window.adding.is_running
    drag.release()
    person.until(lambda: person.window.adding.is_running)
    person.until(lambda: person.folders() == {"Family": "12"})
    person.settle()
    assert sorted(person.names()) == sorted(f"photo {n}.jpg" for n in range(12))
    assert person.message() == "12 photos ready. Click a photo to see its look-alikes."
    assert not person.window.welcome.isVisible()
    assert person.panel.isVisible()
    assert person.page.bar.count_words() == "12 photos"


def test_a_folder_on_the_command_line_is_added_at_the_start(program: Program, tmp_path: Path) -> None:
    save_many(tmp_path / "Family", range(5))
    person = program.start(add=[tmp_path / "Family"])
    person.until(lambda: person.folders() == {"Family": "5"})
    person.settle()
    assert len(person.names()) == 5


def test_photos_can_be_searched_before_the_rest_is_in(person: Person, disk: SlowDisk, tmp_path: Path) -> None:
    save_many(tmp_path / "Family", range(24))
    disk.hold_after(10)
    window = person.window
    person.drop(tmp_path / "Family")
    person.until(lambda: len(person.names()) == 10)
    person.until(lambda: window.status.job_words.startswith("Adding photos: 10 of 24"))
    assert person.folders() == {"Family": "10 of 24"}
    person.push("Pause")
    person.until(lambda: window.status.job_words.endswith("paused"))
    disk.release()

    first = person.names()[0]
    person.click(first)
    person.until(lambda: len(person.alike()) == 9)
    person.press(Key.Key_S)
    person.until(lambda: person.page.bar.chip.isVisible())
    person.until(lambda: len(person.names()) == 10)
    assert person.names()[0] == first
    assert person.page.bar._note.text() == "In the 10 photos added so far."
    assert person.page.bar._note.isVisible()

    person.push("Continue")
    person.settle()
    # what was looked for meanwhile is looked for among all of them now
    assert not person.page.bar._note.isVisible()
    person.until(lambda: len(person.names()) == 24)
    assert person.names()[0] == first
    assert person.selected() == [first]
