"""What all exact copies would change, and what to keep."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop_app.core.duplicates.sets import USUAL, KeepRules, Place, Prefer
from desktop_app.core.types import FolderId
from desktop_app.ui.duplicates.preview_dialog import FolderPart, Preview, PreviewDialog
from desktop_app.ui.duplicates.rules_dialog import Root, RulesDialog, place_of, place_words
from tests.ui.duplicates_parts import LEFT, Key
from tests.ui.panel_parts import show

ROOTS = (
    Root(FolderId(1), "Family", Path("/pictures/Family")),
    Root(FolderId(2), "Old", Path("/pictures/Family/Old")),
    Root(FolderId(3), "Archive", Path("/archive")),
)
SOME = Preview(
    4100, 6214, 340, 11_200_000_000,
    (FolderPart("/backup", 6000, 11_000_000_000, 0), FolderPart("/pictures", 214, 200_000_000, 4100)),
    (("in a zip file", 12),),
)  # fmt: skip


def test_the_preview_says_what_goes_and_what_stays_by_folder(qtbot) -> None:
    dialog = PreviewDialog()
    show(qtbot, dialog, 720, 520)
    assert not dialog.move_all.isEnabled()
    dialog.show_preview(SOME)
    assert dialog.headline.text() == "6,214 exact copies, 11 GB."
    assert dialog.move_all.text() == "Move 6,214 photos to trash"
    assert not dialog.move_all.isDefault()  # the filled button is never the trash
    words = dialog.words.text()
    assert "Of each of 4,100 sets one photo stays" in words
    assert "340 files that belong to them" in words
    assert "12 more copies are left alone: in a zip file." in words
    model = dialog.table.model()
    rows = [[model.index(row, column).data() for column in range(4)] for row in range(2)]
    assert rows == [["/backup", "6,000", "11 GB", "–"], ["/pictures", "214", "200 MB", "4,100"]]


def test_enter_presses_the_button_with_the_keyboard(qtbot) -> None:
    dialog = PreviewDialog()
    show(qtbot, dialog, 720, 520)
    dialog.show_preview(SOME)
    qtbot.waitUntil(dialog.move_all.hasFocus)
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog.move_all, Key.Key_Return)
    again = PreviewDialog()
    show(qtbot, again, 720, 520)
    again.show_preview(SOME)
    again.cancel.setFocus()
    with qtbot.waitSignal(again.rejected):
        QTest.keyClick(again.cancel, Key.Key_Return)


def test_nothing_to_move_is_said(qtbot) -> None:
    dialog = PreviewDialog()
    show(qtbot, dialog, 720, 520)
    dialog.show_preview(Preview(0, 0, 0, 0, (), (("in a protected folder", 1),)))
    assert dialog.headline.text() == "There is nothing to move."
    assert dialog.words.text() == "1 copy stay: in a protected folder."
    assert not dialog.move_all.isEnabled()


def test_a_folder_is_a_place_of_its_innermost_root() -> None:
    assert place_of(Path("/pictures/Family/2019/beach"), ROOTS) == Place(FolderId(1), "2019/beach")
    assert place_of(Path("/pictures/Family/Old"), ROOTS) == Place(FolderId(2))
    assert place_of(Path("/elsewhere"), ROOTS) is None
    assert place_words(Place(FolderId(1), "2019/beach"), ROOTS) == "Family, 2019/beach"
    assert place_words(Place(FolderId(9)), ROOTS) == "a folder that was removed"


def test_rules_come_out_as_they_went_in(qtbot) -> None:
    rules = KeepRules(
        (Place(FolderId(1)), Place(FolderId(3), "best")),
        (Place(FolderId(3), "best"),),
        (Prefer.FOLDER, Prefer.OLDEST, Prefer.FILE_SIZE),
    )
    dialog = RulesDialog(rules, ROOTS)
    show(qtbot, dialog, 480, 640)
    assert dialog.rules == rules
    dialog.usual.click()
    assert dialog.rules == KeepRules((), (), USUAL)


def test_lines_move_and_ticks_turn(qtbot) -> None:
    dialog = RulesDialog(KeepRules((Place(FolderId(1)), Place(FolderId(3))), (), USUAL), ROOTS)
    show(qtbot, dialog, 480, 640)
    places = dialog.places
    places.list.setFocus()
    places.list.setCurrentRow(1)
    assert not places.down.isEnabled()
    QTest.keyClick(places.list, Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert dialog.rules.folders == (Place(FolderId(3)), Place(FolderId(1)))
    places.down.click()
    assert dialog.rules.folders == (Place(FolderId(1)), Place(FolderId(3)))
    rect = places.list.visualItemRect(places.items()[0])
    qtbot.mouseClick(places.list.viewport(), LEFT, pos=QPoint(rect.left() + 20, rect.center().y()))
    assert dialog.rules.protected == (Place(FolderId(1)),)
    QTest.keyClick(places.list, Key.Key_Space)
    assert dialog.rules.protected == ()
    dialog.prefer.list.setFocus()
    QTest.keyClick(dialog.prefer.list, Key.Key_Space)
    assert Prefer.LABELS not in dialog.rules.prefer


def test_a_folder_from_elsewhere_is_refused_with_a_sentence(qtbot) -> None:
    dialog = RulesDialog(KeepRules(), ROOTS)
    show(qtbot, dialog, 480, 640)
    dialog.take_path(Path("/somewhere/else"))
    assert dialog.hint.text() == "“else” is in none of this library's folders."
    assert dialog.hint.isVisible()
    dialog.take_path(Path("/archive/best"))
    dialog.take_path(Path("/archive/best"))
    assert dialog.rules.folders == (Place(FolderId(3), "best"),)
    assert not dialog.hint.isVisible()
    dialog.remove.click()
    assert dialog.rules.folders == ()
