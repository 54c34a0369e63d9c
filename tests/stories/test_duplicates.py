"""Duplicates: copies are looked for, gone through set by set, moved to the trash and brought back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.core.catalog import not_copies
from desktop_app.core.duplicates.sets import CopySet, KeepRules, Kind, Place
from desktop_app.core.errors import UserError
from desktop_app.core.types import FolderId
from desktop_app.jobs import trash_mover
from desktop_app.ui.duplicates.preview_dialog import Preview
from tests.stories.person import CTRL, Key, Person, Program

pytestmark = pytest.mark.skipif(not trash_mover._FREEDESKTOP, reason="the trash of a test's own is freedesktop's")
NONE = Qt.KeyboardModifier.NoModifier


def scene(seed: int, width: int = 640, height: int = 480) -> Image.Image:
    """A picture unlike those of other seeds, with much to see at every place."""
    made = np.random.default_rng(seed)
    small = made.integers(0, 255, (10, 14, 3), np.uint8)
    large = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
    spots = Image.fromarray(made.integers(0, 255, (60, 80, 3), np.uint8)).resize(
        (width, height), Image.Resampling.NEAREST
    )
    return Image.blend(large, spots, 0.25)


@pytest.fixture
def album(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight photos; two of them twice, of one of these both with a side-car; a smaller one and a turned one."""
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "Album"
    (folder / "old").mkdir(parents=True)
    for seed in range(8):
        scene(seed).save(folder / f"photo {seed}.jpg", quality=93)
    for seed in (0, 1):
        shutil.copy2(folder / f"photo {seed}.jpg", folder / "old" / f"photo {seed} (copy).jpg")
    for name in ("photo 0.jpg.xmp", "old/photo 0 (copy).jpg.xmp"):
        (folder / name).write_text("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    scene(2).resize((400, 300), Image.Resampling.LANCZOS).save(folder / "old" / "small 2.jpg", quality=80)
    scene(3).transpose(Image.Transpose.ROTATE_90).save(folder / "old" / "turned 3.jpg", quality=93)
    return folder


class Tidier:
    """Someone on the Duplicates page."""

    def __init__(self, person: Person, folder: Path | None = None) -> None:
        self.person, self.window, self.folder = person, person.window, folder or Path()
        self.page = person.window.frame.duplicates
        self.parts = person.window.keeping.duplicating
        if folder is not None:
            person.add(folder)

    def go(self) -> Tidier:
        """Go to the page by its key."""
        self.person.press(Key.Key_5, CTRL)
        self.person.until(self.page.isVisible)
        return self.settle()

    def settle(self) -> Tidier:
        """Wait until everything is found, moved and read."""
        session = self.window._session

        def is_quiet() -> bool:
            lanes = (session.work, session.query, session.compute, session.thumbs)
            return all(lane.is_idle for lane in lanes) and not self.parts.looking._settling.isActive()

        for _ in range(4):  # an answer asks on
            self.person.until(is_quiet)
            QApplication.processEvents()
        return self

    def look(self) -> Tidier:
        """Look for copies with one click."""
        self.go()
        QTest.mouseClick(self.page.start.look, Qt.MouseButton.LeftButton)
        self.person.until(lambda: not self.parts.looking.is_running)
        return self.settle()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> Tidier:
        """Press a key where the keyboard is."""
        self.person.press(key, modifiers, to=QApplication.focusWidget())
        return self.settle()

    def kinds(self) -> list[Kind]:
        """Of the sets that are left, in order."""
        return [one.kind for one in self.page.list.sets.rows]

    def names(self) -> list[str]:
        """Of the set at hand, the suggested one first."""
        return [card.name for card in self.page.row.cards.rows]

    def marks(self) -> list[str]:
        """Their marks."""
        return [card.mark for card in self.page.row.cards.rows]

    def files(self) -> set[str]:
        """All files in the folder."""
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}

    def go_to(self, wanted: Callable[[CopySet], bool]) -> CopySet:
        """Go to the first set that fits."""
        row = next(row for row, one in enumerate(self.page.list.sets.rows) if wanted(one))
        self.page.list.go_to(row)
        self.settle()
        found = self.page.current_set()
        assert found is not None
        return found

    def undo(self) -> Tidier:
        """Ctrl+Z."""
        return self.press(Key.Key_Z, CTRL)


def parts_of(preview: Preview) -> list[tuple[str, int, int]]:
    """Folder by folder, how many go and how many stay."""
    return [(Path(one.path).name, one.go, one.stay) for one in preview.folders]


@pytest.fixture
def tidier(person: Person, album: Path) -> Tidier:
    return Tidier(person, album).look()


def test_copies_are_found_and_counted_by_kind(tidier: Tidier) -> None:
    tiles = tidier.page.view.tiles.tiles
    assert tiles[Kind.EXACT].words().startswith("2 exact copies")
    assert tiles[Kind.NEAR].words().startswith("2 near copies")
    assert tidier.kinds() == [Kind.EXACT, Kind.EXACT, Kind.NEAR, Kind.NEAR]
    assert tidier.page.view.news.words.words().startswith("Looked through 12 photos today")


def test_enter_moves_what_is_suggested_and_goes_on_and_undo_brings_it_back(tidier: Tidier) -> None:
    before = tidier.files()
    first = tidier.page.current_set()
    assert first is not None
    assert tidier.marks() == ["Keep", "Goes"]
    assert tidier.names()[0] in ("photo 0.jpg", "photo 1.jpg")  # the shorter name
    tidier.press(Key.Key_Return)
    assert len(tidier.kinds()) == 3
    assert tidier.page.current_set() != first
    assert tidier.page.view.count.text() == "1 of 4 sets done"
    gone = before - tidier.files()
    assert "old/photo 0 (copy).jpg" in gone or "old/photo 1 (copy).jpg" in gone
    tidier.undo()
    assert tidier.files() == before
    assert len(tidier.kinds()) == 4
    assert tidier.page.current_set() == first
    assert tidier.page.view.count.text() == "4 sets"


def test_all_exact_copies_go_in_one_action_with_what_belongs_to_them(tidier: Tidier) -> None:
    before = tidier.files()
    tidier.press(Key.Key_Return, CTRL)
    dialog = tidier.parts.all_exact.dialog
    assert dialog is not None
    tidier.person.until(lambda: dialog.preview is not None)
    assert dialog.preview is not None
    assert (dialog.preview.go, dialog.preview.companions, dialog.preview.sets) == (2, 1, 2)
    assert dialog.move_all.text() == "Move 2 photos to trash"
    QTest.mouseClick(dialog.move_all, Qt.MouseButton.LeftButton)
    tidier.settle()
    assert before - tidier.files() == {
        "old/photo 0 (copy).jpg", "old/photo 1 (copy).jpg", "old/photo 0 (copy).jpg.xmp",
    }  # fmt: skip
    assert tidier.kinds() == [Kind.NEAR, Kind.NEAR]
    assert "moved to the trash" in tidier.person.message()
    tidier.person.come_back()
    tidier.undo()
    assert tidier.files() == before
    assert tidier.kinds() == [Kind.EXACT, Kind.EXACT, Kind.NEAR, Kind.NEAR]


def test_the_photo_that_is_kept_can_be_another(tidier: Tidier) -> None:
    tidier.go_to(lambda one: one.copies[1].how is not None and one.copies[1].how.turn != 0)
    kept, other = tidier.names()
    assert {kept, other} == {"photo 3.jpg", "turned 3.jpg"}
    tidier.press(Key.Key_Right)
    tidier.press(Key.Key_K)
    assert tidier.marks() == ["Goes", "Keep"]
    going = next(path for path in tidier.folder.rglob(kept)).stat().st_size
    assert going != next(path for path in tidier.folder.rglob(other)).stat().st_size
    tidier.press(Key.Key_Return)
    left = {Path(name).name for name in tidier.files()}
    assert tidier.parts.deciding.decisions.tally.bytes == going
    assert kept not in left
    assert other in left


def test_not_copies_is_remembered_after_another_look(tidier: Tidier) -> None:
    tidier.go_to(lambda one: one.kind is Kind.NEAR)
    tidier.press(Key.Key_N)
    assert tidier.kinds() == [Kind.EXACT, Kind.EXACT, Kind.NEAR]
    library = tidier.window._session.library
    assert not_copies.count(library.connection) == 1
    tidier.page.lookAsked.emit()
    tidier.person.until(lambda: not tidier.parts.looking.is_running)
    tidier.settle()
    assert tidier.kinds() == [Kind.EXACT, Kind.EXACT, Kind.NEAR]
    tidier.page.focus_body()
    tidier.undo()
    assert not_copies.count(library.connection) == 0
    tidier.person.until(lambda: not tidier.parts.looking.is_running)
    tidier.settle()
    assert tidier.kinds() == [Kind.EXACT, Kind.EXACT, Kind.NEAR, Kind.NEAR]


def test_two_photos_are_looked_at_side_by_side_with_what_differs(tidier: Tidier) -> None:
    tidier.go_to(lambda one: one.kind is Kind.NEAR)
    tidier.press(Key.Key_Space)
    compare = tidier.page.compare
    assert tidier.page.is_comparing
    assert compare.left.canvas.has_image
    tidier.press(Key.Key_Z)
    assert not compare.link.is_fit
    tidier.press(Key.Key_D)
    assert compare.is_differing
    assert compare.right.facts.words()
    tidier.press(Key.Key_Escape)
    tidier.press(Key.Key_Escape)
    assert not tidier.page.is_comparing


def test_folders_say_what_is_kept(tidier: Tidier) -> None:
    library = tidier.window._session.library
    assert tidier.names()[0].startswith("photo")
    tidier.page.rulesAsked.emit()
    dialog = tidier.parts.rules_dialog
    assert dialog is not None
    dialog.take_path(tidier.folder / "old")
    assert dialog.rules.folders[0].below == "old"
    dialog.save.click()
    tidier.settle()
    assert "(copy)" in tidier.names()[0]
    assert library is not None
    tidier.parts.set_rules(KeepRules(protected=(Place(FolderId(1)),)))
    tidier.settle()
    assert set(tidier.marks()[1:]) == {"Stays"}


def test_many_keys_in_a_row_lose_nothing(tidier: Tidier) -> None:
    before = tidier.files()
    for _ in range(4):  # nobody waits for the trash
        tidier.person.press(Key.Key_Return, to=QApplication.focusWidget())
    assert tidier.page.view.count.text() == "4 of 4 sets done"
    tidier.settle()
    assert tidier.kinds() == []
    assert tidier.page.view.nothing.words().startswith("All sets are decided. 4 sets.")
    assert len(before - tidier.files()) == 5  # with the side-car
    tidier.page.focus_body()
    for _ in range(4):
        tidier.undo()
    assert tidier.files() == before
    assert len(tidier.kinds()) == 4


def test_nothing_goes_when_what_is_kept_is_gone(tidier: Tidier) -> None:
    kept = tidier.names()[0]
    (tidier.folder / kept).unlink()  # by another program, a moment ago
    before = tidier.files()
    tidier.press(Key.Key_Return)
    assert tidier.files() == before
    assert "not there any more" in tidier.person.message()
    assert len(tidier.kinds()) == 4


def test_a_photo_that_is_edited_meanwhile_is_no_copy_any_more(tidier: Tidier) -> None:
    going = tidier.names()[1]
    scene(99).save(next(tidier.folder.rglob(going)), quality=93)
    tidier.window.folders.rescan()
    tidier.person.settle()
    tidier.settle()
    assert tidier.kinds() == [Kind.EXACT, Kind.NEAR, Kind.NEAR]
    assert going not in tidier.names()
    tidier.parts.set_rules(KeepRules())
    tidier.settle()
    assert tidier.kinds() == [Kind.EXACT, Kind.NEAR, Kind.NEAR]


def test_undo_after_another_look_brings_the_set_back_too(tidier: Tidier) -> None:
    tidier.press(Key.Key_Return)
    tidier.page.lookAsked.emit()
    tidier.person.until(lambda: not tidier.parts.looking.is_running)
    tidier.settle()
    assert tidier.kinds() == [Kind.EXACT, Kind.NEAR, Kind.NEAR]
    tidier.page.focus_body()
    tidier.undo()
    tidier.person.until(lambda: not tidier.parts.looking.is_running)
    tidier.settle()
    assert tidier.kinds() == [Kind.EXACT, Kind.EXACT, Kind.NEAR, Kind.NEAR]


def test_another_folder_is_kept_from_within_the_preview(tidier: Tidier) -> None:
    tidier.press(Key.Key_Return, CTRL)
    dialog = tidier.parts.all_exact.dialog
    assert dialog is not None
    tidier.person.until(lambda: dialog.preview is not None)
    assert dialog.preview is not None
    assert [(Path(one.path).name, one.go, one.stay) for one in dialog.preview.folders] == [
        ("old", 2, 0),
        ("Album", 0, 2),
    ]
    assert not dialog.keep_here.isEnabled()
    dialog.table.selectRow(0)
    QTest.mouseClick(dialog.keep_here, Qt.MouseButton.LeftButton)
    tidier.person.until(lambda: dialog.preview.folders[0].path == str(tidier.folder))
    assert [(Path(one.path).name, one.go, one.stay) for one in dialog.preview.folders] == [
        ("Album", 2, 0),
        ("old", 0, 2),
    ]
    dialog.reject()
    tidier.settle()
    assert "(copy)" in tidier.names()[0]


def test_what_was_found_is_there_again_after_a_restart(program: Program, album: Path) -> None:
    tidier = Tidier(program.start(), album).look()
    tidier.press(Key.Key_Return)
    tidier.person.window.close()
    again = Tidier(program.start()).go()  # no click is needed: copies were looked for before
    again.person.until(lambda: not again.parts.looking.is_running)
    again.settle()
    assert again.kinds() == [Kind.EXACT, Kind.NEAR, Kind.NEAR]
    assert again.page.view.news.words.words().startswith("Looked through 11 photos today")


def test_a_look_can_be_stopped_and_what_is_known_is_used(person: Person, album: Path) -> None:
    tidier = Tidier(person, album).go()
    looking = tidier.parts.looking
    QTest.mouseClick(tidier.page.start.look, Qt.MouseButton.LeftButton)
    looking.stop()
    person.until(lambda: not looking.is_running)
    tidier.settle()
    if not tidier.page.sets():  # stopped before anything was known
        assert "Find photos" in tidier.page.start.words_shown()
        assert tidier.page.start.look.isVisible()
    else:
        assert set(tidier.kinds()) == {Kind.EXACT}
        assert "before the end" in tidier.page.view.news.words.words()


def test_a_library_for_looking_only_says_so(program: Program, album: Path) -> None:
    first = Tidier(program.start(), album).look()
    library = first.window._session.library
    assert library is not None
    library.writable = False
    first.press(Key.Key_Return)
    assert "for looking only" in first.person.message()
    first.press(Key.Key_N)
    assert len(first.kinds()) == 4
    library.writable = True


def test_a_file_that_cannot_go_returns_to_the_list(tidier: Tidier, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tidier.files()

    def refuse(*_: object) -> None:
        raise UserError("This file is in use by another program.")

    monkeypatch.setattr(trash_mover.SystemTrash, "move", refuse)
    tidier.press(Key.Key_Return)
    assert "in use by another program" in tidier.person.message()
    assert tidier.files() == before
    assert len(tidier.kinds()) == 4
    assert tidier.page.view.count.text() == "4 sets"


def test_photos_that_come_since_are_one_line_and_gone_ones_leave_their_set(tidier: Tidier) -> None:
    shutil.copy2(tidier.folder / "photo 5.jpg", tidier.folder / "another.jpg")
    (tidier.folder / "old" / "small 2.jpg").unlink()
    tidier.window.folders.rescan()
    tidier.person.settle()
    tidier.settle()
    assert tidier.page.view.news.words.words() == "1 photo is new since."
    assert tidier.kinds() == [Kind.EXACT, Kind.EXACT, Kind.NEAR]
    tidier.page.view.news.again.click()
    tidier.person.until(lambda: not tidier.parts.looking.is_running)
    tidier.settle()
    assert tidier.kinds() == [Kind.EXACT, Kind.EXACT, Kind.EXACT, Kind.NEAR]
