"""Handing over, sorting a folder, and opening a classifier: in the window, with what can go wrong."""

from __future__ import annotations

import csv
import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop_app.core.handover import files as handover_files
from desktop_app.core.handover.about import FORMAT_KEY
from desktop_app.core.operations import handover
from desktop_app.ui.label.sort_dialog import SortDialog
from tests.stories.labeller import Labeller
from tests.stories.person import LEFT, Person, Program


def hand_over(labeller: Labeller, out: Path) -> str:
    """Hand over to a file; what the tab says then."""
    labeller.page.show_tab("hand_over")
    labeller.parts.handing.hand_over_to(out)
    assert labeller.page.hand_over.stop.isVisible()
    labeller.person.until(lambda: not labeller.parts.handing.is_busy)
    return labeller.page.hand_over.result.accessibleName()


def export(labeller: Labeller, what: str, out: Path) -> str:
    """Save labels; what the tab says then."""
    labeller.page.show_tab("hand_over")
    labeller.parts.handing.export_to(what, out)
    labeller.person.until(lambda: not labeller.parts.handing.is_busy)
    return labeller.page.hand_over.result.accessibleName()


def sorting(labeller: Labeller) -> SortDialog:
    """Press "Sort a folder with it…"."""
    labeller.page.show_tab("hand_over")
    QTest.mouseClick(labeller.page.hand_over.sort, LEFT)
    dialog = labeller.parts.handing.sorting.dialog
    assert dialog is not None
    return dialog


def sort(person: Person, dialog: SortDialog) -> str:
    """Press "Sort" and wait; what the dialog says then."""
    QTest.mouseClick(dialog.start, LEFT)
    assert dialog.is_running
    person.until(lambda: not dialog.is_running)
    return dialog.state.text()


@pytest.fixture
def learnt(labeller: Labeller) -> Labeller:
    """Someone whose labels were learnt from."""
    labeller.answer(10)
    return labeller


@pytest.fixture
def others(two_kinds: Path, tmp_path: Path) -> Path:
    """A folder of photos to sort, all in one heap."""
    heap = tmp_path / "Heap"
    heap.mkdir()
    for kind in ("stripes", "discs"):
        for path in sorted((two_kinds / kind).iterdir())[:4]:
            shutil.copy(path, heap / path.name)
    (heap / "broken.jpg").write_bytes(b"\xff\xd8 no photo")
    return heap


def test_sort_a_folder_with_copies_by_answer(learnt: Labeller, others: Path) -> None:
    dialog = sorting(learnt)
    assert not dialog.start.isEnabled()
    dialog.set_folder(others)
    words = sort(learnt.person, dialog)
    assert words.startswith("Sorted 8 photos: ")
    assert "1 file could not be read." in words
    with (others.parent / "Heap sorted.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == 8
    copies = others.parent / "Heap sorted"
    for row in rows:
        folder = row["label"] if row["sure"] == "yes" else "not sure"
        assert (copies / folder / Path(row["path"]).name).is_file()
    assert len([path for path in copies.rglob("*") if path.is_file()]) == 8
    assert len(list(others.iterdir())) == 9  # nothing was moved
    assert dialog.show_it.isVisible()
    # nothing of it stays in the library
    assert not list(learnt.window._session.library.folder.rglob("*.onnx"))
    QTest.mouseClick(dialog.close_it, LEFT)
    assert learnt.parts.handing.sorting.dialog is None


def test_sort_without_copies_makes_the_table_alone(learnt: Labeller, others: Path) -> None:
    dialog = sorting(learnt)
    dialog.set_folder(others)
    dialog.with_copies.setChecked(False)
    assert not dialog.choose_copies.isEnabled()
    sort(learnt.person, dialog)
    assert (others.parent / "Heap sorted.csv").is_file()
    assert not (others.parent / "Heap sorted").exists()


def test_sorting_can_be_stopped_and_says_so(learnt: Labeller, others: Path) -> None:
    dialog = sorting(learnt)
    dialog.set_folder(others)
    QTest.mouseClick(dialog.start, LEFT)
    assert dialog.close_it.text() == "Stop"
    QTest.mouseClick(dialog.close_it, LEFT)
    learnt.person.until(lambda: not dialog.is_running)
    assert dialog.state.text().startswith(("Stopped.", "Sorted "))
    assert dialog.start.isEnabled()


def test_the_dialog_closed_while_it_sorts_stops_it(learnt: Labeller, others: Path) -> None:
    dialog = sorting(learnt)
    dialog.set_folder(others)
    QTest.mouseClick(dialog.start, LEFT)
    dialog.close()
    learnt.person.until(lambda: not learnt.parts.handing.sorting.running.is_running)
    assert learnt.parts.handing.sorting.dialog is None


@pytest.mark.parametrize("where", ["among", "file"])
def test_sorting_to_where_nothing_can_be_written_is_one_sentence(learnt: Labeller, others: Path, where: str) -> None:
    dialog = sorting(learnt)
    dialog.set_folder(others)
    if where == "among":
        dialog.copies = others / "sorted"
    else:
        dialog.copies = None
        dialog.table = others / "broken.jpg" / "sorted.csv"
    words = sort(learnt.person, dialog)
    assert ("among the photos" in words) if where == "among" else ("Nothing can be written to" in words)
    assert not dialog.show_it.isVisible()


def test_a_folder_that_is_gone_is_one_sentence(learnt: Labeller, tmp_path: Path) -> None:
    dialog = sorting(learnt)
    dialog.set_folder(tmp_path / "gone")
    words = sort(learnt.person, dialog)
    assert words
    assert "Sorted" not in words


def test_handing_over_where_nothing_can_be_written_is_one_sentence(learnt: Labeller, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = hand_over(learnt, tmp_path / "file" / "kinds.onnx")
    assert said.startswith("Nothing was saved. Nothing can be written to ")
    assert learnt.person.message().startswith("Nothing can be written to ")
    assert learnt.page.hand_over.hand_over.isEnabled()  # it can be tried again
    assert hand_over(learnt, tmp_path / "kinds.onnx").startswith("Saved “kinds” to ")


def test_handing_over_to_a_full_disk_leaves_nothing(
    learnt: Labeller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = handover_files.write_for_others

    def full(path: Path, data: bytes) -> None:
        if path.suffix == ".onnx":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, data)

    monkeypatch.setattr(handover, "write_for_others", full)
    said = hand_over(learnt, tmp_path / "Out" / "kinds.onnx")
    assert said == "Nothing was saved. The disk is full. Free some space, then try again."
    assert not list((tmp_path / "Out").glob("*.onnx*"))


def test_handing_over_a_set_whose_answer_went_meanwhile_is_one_sentence(learnt: Labeller, tmp_path: Path) -> None:
    label_set = learnt.parts.labels.state.label_set
    classifier = learnt.parts.learning.result.classifier
    learnt.parts.answers.remove(label_set.answers[0])
    learnt.settle()
    learnt.page.show_tab("hand_over")
    from desktop_app.core.operations.hand_over_set import hand_over_set

    handing = learnt.parts.handing
    library = learnt.window._session.library
    handing._run(hand_over_set(library, classifier, tmp_path / "kinds.onnx"), "handing over", handing._handed_over)
    learnt.person.until(lambda: not handing.is_busy)
    assert learnt.page.hand_over.result.accessibleName().startswith("Nothing was saved. ")
    assert not (tmp_path / "kinds.onnx").exists()


@pytest.mark.parametrize("what", ["csv", "folders", "coco", "yolo", "features"])
def test_labels_saved_where_nothing_can_be_written_are_one_sentence(
    learnt: Labeller, tmp_path: Path, what: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    name = {"csv": "out.csv", "features": "out.npz"}.get(what, "out")
    said = export(learnt, what, tmp_path / "file" / name)
    assert said.startswith("Nothing was saved. ")
    assert said.endswith(".")
    assert "Errno" not in said
    assert export(learnt, what, tmp_path / name).startswith("Saved “")


def test_handing_over_is_stopped_and_leaves_nothing(learnt: Labeller, tmp_path: Path) -> None:
    learnt.page.show_tab("hand_over")
    learnt.parts.handing.hand_over_to(tmp_path / "kinds.onnx")
    QTest.mouseClick(learnt.page.hand_over.stop, LEFT)
    learnt.person.until(lambda: not learnt.parts.handing.is_busy)
    said = learnt.page.hand_over.result.accessibleName()
    assert said.startswith(("Stopped.", "Saved "))
    assert (tmp_path / "kinds.onnx").exists() == said.startswith("Saved ")


def test_a_classifier_dropped_anywhere_is_opened_and_sorts(learnt: Labeller, others: Path, tmp_path: Path) -> None:
    out = tmp_path / "Out" / "kinds.onnx"
    hand_over(learnt, out)
    learnt.window.navigation.show_all()
    held = learnt.person.drag(out)
    assert held.words() == "Open classifier"
    assert held.reason() == "kinds.onnx"
    held.release()
    learnt.person.until(lambda: learnt.page.isVisible() and learnt.page.tab == "hand_over")
    card = learnt.page.hand_over.result
    learnt.person.until(card.isVisible)
    assert card.accessibleName().startswith("Opened “stripes, discs”. It tells apart: stripes, discs.")
    sort_it = next(one for one in card.findChildren(QPushButton) if one.text() == "Sort a folder with it…")
    learnt.person.until(sort_it.isVisible)
    QTest.mouseClick(sort_it, LEFT)
    dialog = learnt.parts.handing.sorting.dialog
    dialog.set_folder(others)
    assert sort(learnt.person, dialog).startswith("Sorted 8 photos: ")
    assert held.accepted


def test_a_classifier_opens_where_there_are_no_photos_yet(
    program: Program, learnt: Labeller, others: Path, tmp_path: Path
) -> None:
    out = tmp_path / "kinds.onnx"
    hand_over(learnt, out)
    program.quit()
    person = program.start(tmp_path / "Empty")
    person.drop(out)
    handing = person.window.labelling.handing
    person.until(lambda: handing.sorting.dialog is not None)
    dialog = handing.sorting.dialog
    assert "stripes, discs" in dialog.title.text()
    dialog.set_folder(others)
    assert sort(person, dialog).startswith("Sorted 8 photos: ")
    dialog.close()


def test_a_damaged_classifier_is_one_sentence(kinds: Person, tmp_path: Path) -> None:
    import onnx

    damaged = onnx.ModelProto(ir_version=10)
    onnx.helper.set_model_props(damaged, {FORMAT_KEY: "1"})
    (tmp_path / "kinds.onnx").write_bytes(damaged.SerializeToString())
    held = kinds.drag(tmp_path / "kinds.onnx")
    assert held.words() == "Open classifier"
    held.release()
    kinds.until(kinds.message)
    kinds.until(lambda: "kinds.onnx" in kinds.message())
    assert kinds.window.labelling.handing.sorting.dialog is None


def test_the_window_loads_nothing_heavy_to_hand_over() -> None:
    code = (
        "import sys, desktop_app.ui.main_window\n"
        "print([name for name in ('onnx', 'sklearn', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"
