"""Ctrl+Z and Ctrl+Shift+Z say what they took back and did again, and the menu says what they would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.jobs import trash_mover
from tests.photos import save_many
from tests.stories.person import CTRL, SHIFT, Key, Person


@pytest.fixture
def family(person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    save_many(tmp_path / "Family", range(6))
    person.add(tmp_path / "Family")
    return person


def delete(family: Person) -> None:
    family.click("photo 1.jpg")
    family.click("photo 2.jpg", CTRL)
    family.press(Key.Key_Delete)
    family.until(lambda: len(family.names()) == 4)


def save_search(family: Person) -> None:
    family.click("photo 3.jpg")
    family.press(Key.Key_S)
    family.settle()
    family.window.finding.saving.save("Hills & Sea")


def remove_folder(family: Person) -> None:
    family.folder_menu("Family", "Remove from library")


def label(family: Person) -> None:
    labels = family.window.labelling.labels
    family.window.labelling.making._start(("good", "dent"), several=False)
    family.until(lambda: labels.state.label_set is not None)
    family.settle()
    assert labels.answer(family.page.grid.photos.ids()[:3], labels.state.label_set.answers[1].id)


STEPS = (
    (delete, "2 photos moved to the trash", "moving 2 photos to the trash"),
    (save_search, "search “Hills & Sea” saved", "saving the search “Hills && Sea”"),
    (remove_folder, "“Family” removed from the library", "removing “Family”"),
    (label, "“dent” for 3 photos", "“dent” for 3 photos"),
)


@pytest.mark.skipif(not trash_mover._FREEDESKTOP, reason="the trash of a test's own is freedesktop's")
@pytest.mark.parametrize(("do", "done", "menu"), STEPS, ids=[one[0].__name__ for one in STEPS])
def test_what_is_taken_back_and_done_again_is_said(
    family: Person, do: Callable[[Person], None], done: str, menu: str
) -> None:
    commands = family.window.commands
    assert (commands["undo"].text(), commands["undo"].isEnabled()) == ("Undo", False)
    do(family)
    family.settle()
    assert (commands["undo"].text(), commands["redo"].text()) == (f"Undo {menu}", "Redo")
    family.press(Key.Key_Z, CTRL)
    family.settle()
    assert family.message().startswith(f"Taken back: {done}.")
    assert commands["redo"].text() == f"Redo {menu}"
    family.press(Key.Key_Z, CTRL | SHIFT)
    family.settle()
    assert family.message().startswith(f"Done again: {done[:8]}")
    family.push("Undo")
    family.settle()
    assert family.message().startswith(f"Taken back: {done}.")
