"""Files that are not shown: counted, grouped by reason, saved as a list, tried again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from tests.photos import save, save_many
from tests.stories.person import ALT, LEFT, NONE, Key, Person


@pytest.fixture
def mixed(person: Person, tmp_path: Path) -> Person:
    """Someone whose folder holds more than photos."""
    folder = tmp_path / "Mixed"
    paths = save_many(folder, range(8))
    paths[6].write_bytes(paths[6].read_bytes()[:60])
    (folder / "=formula.jpg").write_bytes(b"no picture")
    (folder / "empty.png").touch()
    (folder / "film.mp4").write_bytes(b"\0" * 64)
    (folder / "letter.txt").write_text("Dear reader")
    person.add(folder)
    return person


def lines(person: Person) -> list[str]:
    model = person.window.not_shown.list.rows
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def unfold(person: Person, start: str) -> None:
    rows = person.window.not_shown.list
    row = next(at for at, line in enumerate(lines(person)) if line.startswith(start))
    QTest.mouseClick(rows.viewport(), LEFT, NONE, rows.visualRect(rows.rows.index(row, 0)).center())


def test_the_end_says_how_many_and_leads_to_why(mixed: Person) -> None:
    assert mixed.message() == "7 photos ready. 5 files are not shown. Click a photo to see its look-alikes."
    assert len(mixed.names()) == 7
    mixed.push("See why")
    page = mixed.window.not_shown
    assert page.isVisible()
    assert page.words().startswith("5 files are not shown. 1 video · 1 other file · ")
    assert "2 damaged" in page.words()
    assert "1 empty" in page.words()
    assert mixed.rows()[-1].name == "Not shown (5)"


def test_groups_unfold_into_files(mixed: Person) -> None:
    mixed.choose_row("Not shown (5)")
    unfold(mixed, "2 damaged")
    mixed.until(lambda: any(line.endswith("photo 6.jpg") for line in lines(mixed)))
    assert any(line.endswith("=formula.jpg") for line in lines(mixed))
    unfold(mixed, "2 damaged")
    assert len(lines(mixed)) == 2


def test_the_list_is_saved(mixed: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "list.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    mixed.choose_row("Not shown (5)")
    mixed.push("Save list…")
    mixed.until(lambda: mixed.message() == "Saved 3 paths to list.csv.")
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(Path(row["path"]).name, row["reason"]) for row in rows} == {
        ("photo 6.jpg", "damaged"),
        ("=formula.jpg", "damaged"),
        ("empty.png", "empty"),
    }


def test_a_list_that_cannot_be_saved_says_so(mixed: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "letter.txt" / "list.csv"
    target.parent.touch()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    mixed.choose_row("Not shown (5)")
    mixed.push("Save list…")
    mixed.until(lambda: mixed.message() == "The list could not be saved to list.csv.")
    assert mixed.dialogs() == []


def test_try_again_after_a_repair(mixed: Person, tmp_path: Path) -> None:
    mixed.choose_row("Not shown (5)")
    save(tmp_path / "Mixed" / "photo 6.jpg", 6)
    mixed.push("Try again")
    mixed.until(lambda: mixed.folders() == {"Mixed": "8"})
    mixed.settle()
    assert mixed.rows()[-1].name == "Not shown (4)"
    # the page stays, though photos came
    assert mixed.window.not_shown.isVisible()
    assert mixed.window.not_shown.words().startswith("4 files are not shown.")
    mixed.choose_row("Photos")
    mixed.until(lambda: len(mixed.names()) == 8)


def test_back_leads_from_the_page_to_the_photos(mixed: Person) -> None:
    mixed.click("photo 3.jpg")
    mixed.choose_row("Not shown (5)")
    assert not mixed.page.isVisible()
    mixed.press(Key.Key_Left, ALT)
    assert mixed.page.isVisible()
    assert mixed.selected() == ["photo 3.jpg"]
    assert not mixed.window.commands["back"].isEnabled()


def test_the_page_is_reached_and_used_by_keyboard(mixed: Person) -> None:
    window = mixed.window
    mixed.grid.setFocus()
    for _ in range(12):
        if window.nav.list.hasFocus():
            break
        mixed.press(Key.Key_F6)
    assert window.nav.list.hasFocus()
    mixed.press(Key.Key_Tab)
    assert window.nav.foot.hasFocus()
    mixed.press(Key.Key_Return)
    assert window.not_shown.isVisible()
    seen = set()
    for _ in range(12):
        mixed.press(Key.Key_F6)
        seen.add(next((name for name in ("not_shown", "nav", "status", "search") if inside(window, name)), ""))
    assert seen >= {"not_shown", "nav", "search", "status"}


def inside(window: object, name: str) -> bool:
    area = getattr(window, name)
    return area.hasFocus() or area.isAncestorOf(area.window().focusWidget())
