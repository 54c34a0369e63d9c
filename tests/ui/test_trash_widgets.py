"""Moving to the trash from the window: a sentence, Undo, and the list that survives a restart."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication

from desktop_app.core.operations.trash_back import Batch
from desktop_app.core.operations.trash_parts import NO_TRASH
from desktop_app.core.types import PhotoId, Progress
from desktop_app.jobs import trash_mover
from desktop_app.ui.grid import PhotoGrid
from desktop_app.ui.trash import trashing as module
from desktop_app.ui.trash.recent import EMPTY, BatchRow, RecentlyTrashed, batch_note, batch_words, when
from desktop_app.ui.trash.stepping import SteppingOn
from desktop_app.ui.trash.trashing import READ_ONLY, Trashing
from tests.core.trash_made import FolderTrash, catalogue, disk, known
from tests.ui.desks import Table, laid
from tests.ui.grid_parts import Parts


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "Family"
    folder.mkdir()
    for number in range(6):
        (folder / f"IMG_{number}.jpg").write_bytes(b"picture %d" % number)
    (folder / "IMG_1.xmp").write_bytes(b"stars")
    return folder


@pytest.fixture
def table(qtbot, look, tmp_path: Path) -> Iterator[Table]:
    with laid(qtbot, look, tmp_path / "library") as table:
        table.desk.remembered.set(dismissed=("where the trash is",))
        yield table


@pytest.fixture
def ids(table: Table, root: Path) -> list[PhotoId]:
    return list(known(table.library, root, [f"IMG_{number}.jpg" for number in range(6)]).values())


@pytest.fixture
def trash(tmp_path: Path) -> FolderTrash:
    return FolderTrash(tmp_path / "bin")


@pytest.fixture
def trashing(table: Table, trash: FolderTrash) -> Trashing:
    made = Trashing(table.desk, table.thumbnails, trash)
    table.settle()
    return made


def move(table: Table, trashing: Trashing, ids: list[PhotoId]) -> None:
    with table.qtbot.waitSignal(trashing.moved, timeout=30_000):
        trashing.move(ids)
    table.settle()


def test_photos_go_and_undo_brings_them_back(table: Table, trashing: Trashing, ids: list[PhotoId], root: Path) -> None:
    before, written = disk(root), catalogue(table.library)
    move(table, trashing, ids[:3])
    assert table.message == "3 photos and 1 file that belongs to them moved to the trash, 32 bytes."
    assert len(disk(root)) == 3
    assert {photo for changes in table.changes for photo in changes.removed} == set(ids[:3])
    assert table.desk.undo.undoText() == "moving 3 photos to the trash"
    table.press("Undo")
    assert table.message == "Taken back: 3 photos moved to the trash. They are back in their folders."
    assert table.desk.undo.redoText() == "moving 3 photos to the trash"
    assert (disk(root), catalogue(table.library)) == (before, written)
    assert {photo for changes in table.changes for photo in changes.added} == set(ids[:3])
    table.desk.undo.redo()
    table.settle()
    assert len(disk(root)) == 3
    assert table.message == "Done again: 3 photos and 1 file that belongs to them moved to the trash, 32 bytes."
    table.desk.undo.undo()
    table.settle()
    assert (disk(root), catalogue(table.library)) == (before, written)


def test_haste_with_undo_and_redo_leaves_nothing_half(
    table: Table, trashing: Trashing, ids: list[PhotoId], root: Path
) -> None:
    before = disk(root)
    move(table, trashing, ids)
    for _ in range(3):
        table.desk.undo.undo()
        table.desk.undo.redo()
    table.desk.undo.undo()
    table.settle()
    assert disk(root) == before


def test_the_first_time_it_says_where_they_are(table: Table, trashing: Trashing, ids: list[PhotoId]) -> None:
    table.desk.remembered.set(dismissed=())
    move(table, trashing, ids[:1])
    assert table.message == "1 photo moved to the trash, 9 bytes. “Recently trashed” brings back what is there."
    move(table, trashing, ids[3:4])
    assert table.message == "1 photo moved to the trash, 9 bytes."


def test_undo_of_the_message_after_something_else(
    table: Table, trashing: Trashing, ids: list[PhotoId], root: Path
) -> None:
    move(table, trashing, ids[:1])
    first = [one for one in table.desk.status.message_buttons() if one.text() == "Undo"]
    undo = trashing._undo_if_last
    index = table.desk.undo.index()
    assert first
    move(table, trashing, ids[2:3])
    undo(index, (ids[0],))  # the message of the first was still there
    table.settle()
    assert (root / "IMG_0.jpg").exists()
    assert not (root / "IMG_2.jpg").exists()


def test_what_did_not_go_is_a_sentence_and_a_list(
    table: Table, trashing: Trashing, trash: FolderTrash, ids: list[PhotoId], root: Path
) -> None:
    trash.refuses = NO_TRASH
    move(table, trashing, ids)
    assert table.message == "This drive has no trash, so nothing was moved."
    assert [one.text() for one in table.desk.status.message_buttons()] == ["Copy the list"]
    table.press("Copy the list")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines == [f"{root / f'IMG_{number}.jpg'}\tThis drive has no trash." for number in range(6)]
    assert not table.desk.undo.canUndo()
    QGuiApplication.clipboard().clear()


def test_very_many_are_counted_before(
    table: Table, trashing: Trashing, ids: list[PhotoId], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MANY", 3)
    trashing.move(ids)
    table.settle()
    assert trashing.asking is not None
    assert trashing.asking.headline.text() == "Move 6 photos to the trash?"
    assert trashing.asking.explanation.text().startswith("59 bytes, with 1 file that belong")
    trashing.asking.cancel.click()
    table.settle()
    assert trashing.asking is None
    assert len(disk(root)) == 7
    trashing.move(ids)
    table.settle()
    assert trashing.asking is not None
    with table.qtbot.waitSignal(trashing.moved, timeout=30_000):
        trashing.asking.move_button.click()
    table.settle()
    assert disk(root) == {}


def test_while_photos_are_being_added_it_does_not_wait(
    table: Table, trashing: Trashing, ids: list[PhotoId], root: Path
) -> None:
    def endless():
        while True:
            yield Progress("adding")

    job = table.session.run(endless(), "adding")
    with table.qtbot.waitSignal(trashing.moved, timeout=30_000):
        trashing.move(ids)
    assert not job.is_finished
    assert disk(root) == {}
    job.cancel()
    table.settle()


def test_stopped_half_way(table: Table, trashing: Trashing, root: Path) -> None:
    for number in range(100):
        (root / f"P{number}.jpg").write_bytes(b"p%d" % number)
    own = list(known(table.library, root, [f"P{number}.jpg" for number in range(100)]).values())
    before = disk(root)

    def stop() -> None:
        for job in table.session.work.jobs:
            job.cancel()

    table.session.changed.connect(stop)
    trashing.move(own)
    table.settle()
    table.session.changed.disconnect(stop)
    table.settle()
    if len(disk(root)) < 106:  # it may have been quicker than the wish to stop it
        assert "moved to the trash" in table.message
        table.press("Undo")
    assert disk(root) == before


def test_stopped_before_it_began(table: Table, trashing: Trashing, ids: list[PhotoId], root: Path) -> None:
    trashing.move(ids)
    for job in table.session.work.jobs:
        job.cancel()
    table.settle()
    if len(disk(root)) == 7:  # it may have been quicker
        assert table.message == "Stopped. Nothing was moved to the trash."
        assert not table.desk.undo.canUndo()


def test_a_library_that_another_window_writes_is_left_alone(
    table: Table, trashing: Trashing, ids: list[PhotoId], root: Path
) -> None:
    table.library.writable = False
    trashing.move(ids)
    assert table.message == READ_ONLY
    table.library.writable = True
    assert len(disk(root)) == 7


def test_the_list_restores_and_says_so(table: Table, trashing: Trashing, ids: list[PhotoId], root: Path) -> None:
    before = disk(root)
    trashing.show_recent()
    table.settle()
    dialog = trashing.dialog
    assert dialog is not None
    assert dialog.empty.accessibleName().startswith(EMPTY)
    for photo in ids[:3]:
        move(table, trashing, [photo])
    assert [row.restore.text() for row in dialog.rows] == ["Restore 1 photo"] * 3
    dialog.rows[1].restore.click()
    table.settle()
    assert (root / "IMG_1.xmp").exists()
    assert dialog.outcome.text() == "1 photo is back in its folder."
    assert len(dialog.rows) == 2
    dialog.restore_all.click()
    table.settle()
    assert disk(root) == before
    assert dialog.rows == []
    assert not dialog.empty.isHidden()
    dialog.close_button.click()
    assert trashing.dialog is None


def test_the_next_start_lists_it_and_mends_what_was_cut_off(qtbot, look, tmp_path: Path, root: Path) -> None:
    trash = FolderTrash(tmp_path / "bin")
    with laid(qtbot, look, tmp_path / "library") as table:
        ids = list(known(table.library, root, ["IMG_0.jpg", "IMG_1.jpg"]).values())
        before = disk(root)
        move(table, Trashing(table.desk, table.thumbnails, trash), ids)
        with table.library.database.transaction() as connection:  # as if it had ended in the middle of the first
            connection.execute("UPDATE trashed SET state = 'going', trash = x'' WHERE unit = ?", (ids[0],))
            connection.execute("UPDATE photos SET missing = 0 WHERE id = ?", (ids[0],))
    with laid(qtbot, look, tmp_path / "library") as table:
        trashing = Trashing(table.desk, table.thumbnails, trash)
        table.settle()
        trashing.show_recent()
        table.settle()
        assert trashing.dialog is not None
        assert [len(row.batch.photos) for row in trashing.dialog.rows] == [2]
        trashing.dialog.rows[0].restore.click()
        table.settle()
        assert disk(root) == before
        trashing.dialog.close()


def test_the_grid_steps_on_at_once(
    table: Table, trashing: Trashing, trash: FolderTrash, ids: list[PhotoId], qtbot, look
) -> None:
    grid = PhotoGrid(look, table.thumbnails)
    qtbot.addWidget(grid)
    grid.resize(600, 400)
    grid.show_photos(ids)
    with qtbot.waitExposed(grid):
        grid.show()
    SteppingOn(grid, trashing)
    grid.select_photo(ids[1])
    move(table, trashing, ids[1:3])
    assert grid.photos.ids() == [ids[0], *ids[3:]]
    assert grid.current_photo() == ids[3]
    assert grid.selected_ids() == [ids[3]]
    trash.refuses = NO_TRASH
    move(table, trashing, ids[3:4])
    assert grid.current_photo() == ids[3]  # it is still there
    trash.refuses = ""
    grid.select_photo(ids[0])
    move(table, trashing, ids[4:5])
    assert grid.current_photo() == ids[0]  # somebody is elsewhere
    grid.select_photo(ids[5])
    move(table, trashing, ids[5:6])
    assert grid.current_photo() == ids[3]
    move(table, trashing, [ids[0], ids[3]])
    assert grid.photos.ids() == []


@pytest.mark.skipif(not trash_mover._FREEDESKTOP, reason="the trash of a test's own is freedesktop's")
def test_the_systems_own_trash(
    table: Table, ids: list[PhotoId], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    before = disk(root)
    trashing = Trashing(table.desk, table.thumbnails)
    table.settle()
    move(table, trashing, ids)
    assert len(os.listdir(tmp_path / "data" / "Trash" / "files")) == 7
    table.press("Undo")
    assert disk(root) == before
    assert os.listdir(tmp_path / "data" / "Trash" / "info") == []


def batch(**others: object) -> Batch:
    values: dict[str, object] = {
        "number": 1,
        "time": time.time(),
        "photos": tuple(PhotoId(number) for number in range(1, 215)),
        "companions": 3,
        "size": 1_300_000_000,
        "gone": 0,
        "away": 0,
        "unknown": 0,
    }
    return Batch(**{**values, **others})  # type: ignore[arg-type]


def test_words_of_batches() -> None:
    assert batch_words(batch()) == "214 photos and 3 files that belong to them, 1.3 GB"
    assert batch_words(batch(photos=(1,), companions=1)) == "1 photo and 1 file that belongs to it, 1.3 GB"
    assert batch_words(batch(photos=(), gone=2)) == "No photo of this is in the trash any more."
    assert batch_words(batch(photos=(), away=2)) == "Its drive is not connected."
    assert batch_note(batch()) == ""
    assert batch_note(batch(gone=1, away=2)) == (
        "1 photo is gone: the trash was emptied. 2 photos are on a drive that is not connected."
    )
    assert "file manager" in batch_note(batch(unknown=2))
    then = datetime(2019, 5, 12, 14, 3).timestamp()
    british = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    assert when(then, date(2019, 5, 12), british) == "Today, 14:03"
    assert when(then, date(2019, 5, 13), british) == "Yesterday, 14:03"
    assert when(then, date(2020, 5, 13), british) == "12 May 2019, 14:03"


def test_a_long_list_comes_in_parts(qtbot, parts: Parts) -> None:
    dialog = RecentlyTrashed(parts.theme, parts.thumbnails)
    qtbot.addWidget(dialog)
    dialog.show_batches([batch(number=number) for number in range(1, 101)])
    dialog.show()
    assert len(dialog.rows) == 40
    dialog.more.click()
    dialog.more.click()
    assert len(dialog.rows) == 100
    assert dialog.more.isHidden()
    with qtbot.waitSignal(dialog.restoreAsked) as asked:
        dialog.rows[2].restore.click()
    assert asked.args == [3]
    dialog.set_busy(True)
    assert not dialog.rows[0].restore.isEnabled()
    assert not dialog.restore_all.isEnabled()
    assert BatchRow(parts.theme, parts.thumbnails, batch(photos=(), gone=1)).restore.isHidden()
