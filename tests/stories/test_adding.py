"""Adding photos: pause, continue, stop; the window closed in the middle; what goes wrong on the way."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from desktop_app.core.catalog.database import FULL
from desktop_app.core.errors import UserError
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.types import FolderState
from desktop_app.ui.dialogs.problem import ProblemDialog
from tests.photos import save_many
from tests.stories.conftest import SlowDisk
from tests.stories.person import CTRL, Key, Person, Program


def state(person: Person) -> FolderState:
    return person.window._session.overview.folders[0].state


def test_stop_keeps_what_is_done_and_continue_does_the_rest(person: Person, disk: SlowDisk, tmp_path: Path) -> None:
    save_many(tmp_path / "Family", range(20))
    disk.hold_after(8)
    person.drop(tmp_path / "Family")
    person.until(lambda: len(person.names()) == 8)
    person.until(lambda: person.window.status.job_words.startswith("Adding photos: 8 of 20"))
    person.push("Stop")
    person.until(lambda: person.banner().startswith("Stopped."))
    person.settle()
    assert len(person.names()) == 8
    assert person.banner() == "Stopped. 8 photos are ready; 12 wait."
    assert person.folders() == {"Family": "12 wait"}
    assert person.window.status.job_words == ""
    # what is done can be searched
    person.click(person.names()[0])
    person.until(lambda: len(person.alike()) == 7)
    person.push("Continue")
    person.until(lambda: person.folders() == {"Family": "20"})
    person.settle()
    assert person.banner() == ""
    assert len(person.names()) == 20
    assert person.message().startswith("20 photos ready.")


def test_stopped_stays_stopped_at_the_next_start(program: Program, disk: SlowDisk, tmp_path: Path) -> None:
    person = program.start()
    save_many(tmp_path / "Family", range(12))
    disk.hold_after(5)
    person.drop(tmp_path / "Family")
    person.until(lambda: len(person.names()) == 5)
    person.until(lambda: person.window.status.job_words.startswith("Adding photos: 5 of 12"))
    person.push("Stop")
    person.until(lambda: person.banner().startswith("Stopped."))
    person.settle()
    program.quit()
    person = program.start()
    person.until(lambda: person.banner().startswith("Stopped."))
    assert not person.window.adding.is_running
    assert state(person) is FolderState.STOPPED
    person.push("Continue")
    person.until(lambda: person.folders() == {"Family": "12"})


def test_a_folder_of_the_command_line_that_is_stopped_stays_so(
    program: Program, disk: SlowDisk, tmp_path: Path
) -> None:
    save_many(tmp_path / "Family", range(12))
    disk.hold_after(5)
    person = program.start(add=[tmp_path / "Family"])
    person.until(lambda: person.window.status.job_words.startswith("Adding photos: 5 of 12"))
    person.push("Stop")
    person.until(lambda: person.banner().startswith("Stopped."))
    person.settle()
    assert state(person) is FolderState.STOPPED


def test_paused_stands_still_and_goes_on(person: Person, disk: SlowDisk, tmp_path: Path) -> None:
    save_many(tmp_path / "Family", range(16))
    save_many(tmp_path / "Other", range(20, 22))
    person.add(tmp_path / "Other")
    disk.hold_after(6)
    person.drop(tmp_path / "Family")
    person.until(lambda: person.window.status.job_words.startswith("Adding photos: 6 of 16"))
    person.push("Pause")
    person.until(lambda: person.window.status.job_words == "Adding photos: 6 of 16, paused")
    disk.release()
    # a short change is made even so
    other = next(folder for folder in person.window._session.overview.folders if folder.name == "Other")
    person.window.folders.remove(other)
    person.until(lambda: list(person.folders()) == ["Family"])
    words = person.window.status.job_words  # one more report may have been on its way
    assert words.endswith(" of 16, paused")
    person.press(Key.Key_Z, CTRL)
    person.until(lambda: list(person.folders()) == ["Family", "Other"])
    assert person.window.status.job_words == words
    person.push("Continue")
    person.until(lambda: person.folders() == {"Family": "16", "Other": "2"})


def test_removing_the_folder_that_is_being_added_stops_it(person: Person, disk: SlowDisk, tmp_path: Path) -> None:
    save_many(tmp_path / "Family", range(16))
    disk.hold_after(6)
    person.drop(tmp_path / "Family")
    person.until(lambda: person.window.status.job_words.startswith("Adding photos: 6 of 16"))
    person.window.folders.remove(person.window._session.overview.folders[0])
    disk.release()
    person.until(lambda: person.folders() == {} and not person.window.adding.is_running)
    person.press(Key.Key_Z, CTRL)
    person.until(lambda: list(person.folders()) == ["Family"])
    person.until(lambda: person.banner().startswith("Stopped."))


@pytest.mark.parametrize("paused", [False, True])
def test_closed_in_the_middle_it_carries_on_by_itself(
    program: Program, disk: SlowDisk, tmp_path: Path, paused: bool
) -> None:
    person = program.start()
    save_many(tmp_path / "Family", range(20))
    disk.hold_after(7)
    person.drop(tmp_path / "Family")
    person.until(lambda: len(person.names()) == 7)
    person.until(lambda: person.window.status.job_words.startswith("Adding photos: 7 of 20"))
    if paused:
        person.push("Pause")
    program.quit()

    person = program.start()
    person.until(lambda: person.folders() == {"Family": "20"})
    person.settle()
    assert sorted(person.names()) == sorted(f"photo {n}.jpg" for n in range(20))
    library = person.window._session.library
    assert library.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_what_is_dropped_meanwhile_is_done_next(person: Person, disk: SlowDisk, tmp_path: Path) -> None:
    save_many(tmp_path / "One", range(6))
    save_many(tmp_path / "Two", range(10, 14))
    disk.hold_after(3)
    person.drop(tmp_path / "One")
    person.until(lambda: person.window.status.job_words.startswith("Adding photos: 3 of 6"))
    person.drop(tmp_path / "Two")
    disk.release()
    person.until(lambda: person.folders() == {"One": "6", "Two": "4"})
    person.settle()
    assert len(person.names()) == 10


def test_a_full_disk_is_said_and_continue_goes_on(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_many(tmp_path / "Family", range(8))
    append = VectorStore.append

    def no_room(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(VectorStore, "append", no_room)
    person.drop(tmp_path / "Family")
    person.until(lambda: person.banner() == FULL)
    person.settle()
    assert person.banner() == FULL  # it stays said
    assert person.dialogs() == []
    assert not person.window.adding.is_running
    monkeypatch.setattr(VectorStore, "append", append)
    person.push("Continue")
    person.until(lambda: person.folders() == {"Family": "8"})
    person.settle()
    assert person.banner() == ""
    assert len(person.names()) == 8


def test_a_mistake_of_ours_is_told_and_the_other_work_goes_on(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_many(tmp_path / "Good", range(6))
    person.add(tmp_path / "Good")
    save_many(tmp_path / "Bad", range(10, 14))

    def fails(*_: object) -> int:
        raise ZeroDivisionError("a mistake")

    with monkeypatch.context() as patch:
        patch.setattr(VectorStore, "append", fails)
        person.drop(tmp_path / "Bad")
        person.until(person.dialogs)
        person.settle()
    (dialog,) = person.dialogs()
    assert isinstance(dialog, ProblemDialog)
    assert dialog.report().startswith("Something went wrong while adding photos.")
    assert "ZeroDivisionError: a mistake" in dialog.report()
    # the window behind it works
    person.click("photo 3.jpg")
    person.until(lambda: len(person.alike()) == 5)
    person.push("Try again", [dialog.again])
    person.until(lambda: person.folders() == {"Bad": "4", "Good": "6"})
    person.settle()
    assert person.dialogs() == []
    assert person.banner() == ""


def test_a_mistake_while_searching_is_told(person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_app.core.operations.likeness import Likeness

    save_many(tmp_path / "Good", range(6))
    person.add(tmp_path / "Good")
    person.click("photo 3.jpg")
    person.until(lambda: len(person.alike()) == 5)

    def fails(*_: object) -> object:
        raise sqlite3.ProgrammingError("a mistake")

    with monkeypatch.context() as patch:
        patch.setattr(Likeness, "ranking", fails)
        person.press(Key.Key_S)
        person.until(person.dialogs)
    (dialog,) = person.dialogs()
    assert len(person.names()) == 6
    person.push("Close", [dialog.close_button])
    person.come_back()
    person.grid.setFocus()
    person.press(Key.Key_S)
    person.until(lambda: person.page.bar.chip.isVisible())
    person.settle()
    assert person.names()[0] == "photo 3.jpg"


def test_a_folder_that_vanished_before_it_was_let_go_of_is_said(person: Person, tmp_path: Path) -> None:
    save_many(tmp_path / "Family", range(3))
    drag = person.drag(tmp_path / "Family")
    (tmp_path / "Family").rename(tmp_path / "elsewhere")
    drag.release()
    person.until(lambda: person.banner() == f"There is no folder at {tmp_path / 'Family'}.")
    person.settle()
    assert person.folders() == {}
    assert person.window.welcome.isVisible()


def test_a_write_that_fails_is_one_sentence(person: Person, tmp_path: Path) -> None:
    save_many(tmp_path / "Family", range(3))
    person.add(tmp_path / "Family")

    def refuses(_library: object) -> object:
        raise UserError("This cannot be written. Free some space.")

    person.window._session.write(refuses)
    person.until(lambda: person.message() == "This cannot be written. Free some space.")
    assert person.dialogs() == []
