"""Delete moves photos to the system's trash; undo, the list and the next start bring them back as they were."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from desktop_app.jobs import trash_mover
from desktop_app.ui.trash.recent import RecentlyTrashed
from tests.core.trash_made import disk
from tests.photos import save_many
from tests.stories.person import CTRL, SHIFT, Key, Person, Program

pytestmark = pytest.mark.skipif(not trash_mover._FREEDESKTOP, reason="the trash of a test's own is freedesktop's")


@pytest.fixture
def trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "Trash" / "files"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for at, path in enumerate(save_many(tmp_path / "Family", range(6))):
        os.utime(path, (1_500_000_000 - at * 86_400, 1_500_000_000 - at * 86_400))
    (tmp_path / "Family" / "photo 2.xmp").write_bytes(b"stars")
    return tmp_path / "Family"


@pytest.fixture
def family(person: Person, trash: Path, folder: Path) -> Person:
    person.add(folder)
    return person


def photos(*numbers: int) -> list[str]:
    return [f"photo {number}.jpg" for number in numbers]


def gone(person: Person, *numbers: int) -> None:
    """Wait until exactly these are no longer shown."""
    left = photos(*(number for number in range(6) if number not in numbers))
    person.until(lambda: person.names() == left)
    person.settle()


def test_delete_and_undo(family: Person, folder: Path, trash: Path) -> None:
    before = disk(folder)
    family.click("photo 1.jpg")
    family.click("photo 2.jpg", CTRL)
    family.press(Key.Key_Delete)
    gone(family, 1, 2)
    assert family.message().startswith("2 photos and 1 file that belongs to them moved to the trash, ")
    assert len(os.listdir(trash)) == 3
    assert family.folders() == {"Family": "4"}
    family.push("Undo")
    gone(family)
    assert disk(folder) == before
    assert family.folders() == {"Family": "6"}
    assert os.listdir(trash) == []
    family.press(Key.Key_Z, CTRL | SHIFT)
    gone(family, 1, 2)
    family.press(Key.Key_Z, CTRL)
    gone(family)
    assert disk(folder) == before


def test_one_key_after_the_other(family: Person, folder: Path) -> None:
    """The photo behind the one that goes is the next; at the end the one before it."""
    family.click("photo 3.jpg")
    for at, following in ((3, "photo 4.jpg"), (4, "photo 5.jpg"), (5, "photo 2.jpg")):
        family.press(Key.Key_Delete)
        gone(family, *range(3, at + 1))
        assert (family.current(), family.selected()) == (following, [following])
    family.press(Key.Key_A, CTRL)
    family.press(Key.Key_Delete)
    family.until(lambda: not family.names())
    for _ in range(4):
        family.press(Key.Key_Z, CTRL, to=family.window)
    gone(family)


def test_labels_come_back_with_the_photo(kinds: Person, trash: Path, tmp_path: Path) -> None:
    kinds.grid.setFocus()
    kinds.press(Key.Key_Home)
    name = kinds.current()
    library = kinds.window._session.library
    assert library is not None
    from desktop_app.core.labelling import Origin
    from desktop_app.core.operations import labels

    made = labels.create_set(library, "kind", ["discs", "stripes"]).label_set
    photo = kinds.grid.current_photo()
    labels.put_labels(library, made.id, [(photo, made.answers[0].id)], Origin.HAND)
    kinds.press(Key.Key_Delete)
    kinds.until(lambda: name not in kinds.names())
    kinds.settle()
    kinds.push("Undo")
    kinds.until(lambda: name in kinds.names())
    rows = library.connection.execute("SELECT photo, answer FROM labels").fetchall()
    assert rows == [(photo, made.answers[0].id)]


def test_the_list_survives_a_restart(program: Program, trash: Path, folder: Path) -> None:
    person = program.start()
    person.add(folder)
    before = disk(folder)
    person.click("photo 2.jpg")
    person.press(Key.Key_Delete)
    gone(person, 2)
    person.window.close()
    person = program.start()
    person.settle()
    assert person.names() == photos(0, 1, 3, 4, 5)
    person.window.commands["recently_trashed"].trigger()
    person.settle()
    (dialog,) = (one for one in person.dialogs() if isinstance(one, RecentlyTrashed))
    assert len(dialog.rows) == 1
    dialog.rows[0].restore.click()
    gone(person)
    assert disk(folder) == before
    person.until(lambda: not dialog.rows)
    dialog.close_button.click()
    person.come_back()


def test_emptied_in_the_file_manager(family: Person, trash: Path) -> None:
    family.click("photo 0.jpg")
    family.press(Key.Key_Delete)
    gone(family, 0)
    for file in trash.iterdir():
        file.unlink()
    family.press(Key.Key_Z, CTRL)
    family.settle()
    assert family.message() == "photo 0.jpg did not come back: it is no longer in the trash."
    assert family.names() == photos(1, 2, 3, 4, 5)


def test_a_photo_that_was_changed_meanwhile_stays(family: Person, folder: Path) -> None:
    (folder / "photo 3.jpg").write_bytes(b"something else")
    family.click("photo 3.jpg")
    family.press(Key.Key_Delete)
    family.until(lambda: "so nothing was moved" in family.message())
    assert (folder / "photo 3.jpg").read_bytes() == b"something else"


def test_what_is_chosen_goes_on_paper_and_to_a_folder(
    family: Person, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    family.click("photo 1.jpg")
    family.click("photo 2.jpg", CTRL)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "sheet.pdf"), ""))
    family.press(Key.Key_E, CTRL)
    family.settle()
    (dialog,) = family.dialogs()
    family.until(lambda: dialog.summary.text() == "2 photos on 1 page.")
    dialog.save.click()
    family.until(lambda: "Saved “sheet.pdf”." in family.message())
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    family.come_back()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "Prints"))
    family.window.commands["copy_to_folder"].trigger()
    family.settle()
    (dialog,) = family.dialogs()
    dialog.choose.click()
    dialog.copy_button.click()
    family.until(lambda: "copied to “Prints”" in family.message())
    assert sorted(os.listdir(tmp_path / "Prints")) == ["photo 1.jpg", "photo 2.jpg", "photo 2.xmp"]
    family.come_back()


def test_delete_in_the_viewer_goes_on_with_the_next_photo(family: Person) -> None:
    family.double_click("photo 1.jpg")
    viewing = family.window.viewing
    family.until(lambda: viewing.is_open)
    names = family.names()
    family.press(Key.Key_Delete)
    family.settle()
    assert viewing.is_open
    assert family._names_of([viewing.current_photo()])[viewing.current_photo()] == names[names.index("photo 1.jpg") + 1]
    family.press(Key.Key_Escape)
    family.until(lambda: not viewing.is_open)
    gone(family, 1)
    family.press(Key.Key_Z, CTRL)
    gone(family)


def test_more_like_this_from_the_viewer(family: Person) -> None:
    family.double_click("photo 1.jpg")
    family.until(lambda: family.window.viewing.is_open)
    family.press(Key.Key_Plus)
    family.until(lambda: not family.window.viewing.is_open and family.page.bar.chip.isVisible())
    assert family.page.bar.chip.accessibleName() == "Looking for photo 1.jpg"
    family.settle()
