"""The left list: what it shows, and that mouse and keyboard reach all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from desktop_app.core.types import FolderState
from desktop_app.ui.panels.nav import NavList, Section
from desktop_app.ui.panels.nav_rows import RowKind
from tests.ui.panel_parts import make_folder, show

LOOK = Section("Look", (("photos", "Photos"),))
FOLDERS = (
    make_folder(1, "Family", 12_431),
    make_folder(2, "Scans", 1_204, 311, FolderState.STOPPED),
    make_folder(3, "Iceland", 3_120, 9_311, FolderState.ADDING),
    make_folder(4, "Archive", 8_210, state=FolderState.AWAY),
)


@pytest.fixture
def nav(qtbot, look):
    nav = NavList(look, [LOOK])
    nav.set_folders(FOLDERS)
    nav.set_not_shown(23)
    return show(qtbot, nav, 220, 500)


def rows(nav):
    model = nav.list.rows()
    return [model.row(at) for at in range(model.rowCount())]


def names(nav):
    return [row.name for row in rows(nav)]


def click(qtbot, view, name):
    at = [view.rows().row(row).name for row in range(view.rows().rowCount())].index(name)
    index = view.rows().index(at, 0)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())


def test_what_it_shows(nav):
    assert names(nav) == ["Photos", "Folders", "Family", "Scans", "Iceland", "Archive", "Add folder…"]
    assert [row.count for row in rows(nav)][2:6] == ["12,431", "311 wait", "3,120 of 12,431", "away"]
    assert nav.foot.rows().row(0).name == "Not shown (23)"


def test_sections_have_headings_when_there_are_several(qtbot, look):
    nav = NavList(look, [LOOK, Section("Do", (("label", "Label"),))])
    qtbot.addWidget(nav)
    assert names(nav)[:4] == ["Look", "Photos", "Do", "Label"]


def test_tooltips_hold_the_whole_path_and_the_words(nav):
    tips = [row.tip for row in rows(nav)]
    assert tips[2].startswith(str(Path("/pictures/Family")))
    assert "9,311 waiting" in tips[4]
    assert "Not connected. Its 8,210 photos stay in the library and come back with it." in tips[5]


def test_screen_readers_hear_the_count_and_the_state(nav):
    role = Qt.ItemDataRole.AccessibleTextRole
    model = nav.list.rows()
    assert model.index(0, 0).data(role) == "Photos, chosen"
    assert model.index(2, 0).data(role) == "Family, 12,431 photos"
    assert model.index(5, 0).data(role) == "Archive, away, 8,210 photos"


def test_a_click_chooses(qtbot, nav):
    with qtbot.waitSignal(nav.folderChosen) as folder:
        click(qtbot, nav.list, "Scans")
    assert folder.args == [2]
    with qtbot.waitSignal(nav.pageChosen) as page:
        click(qtbot, nav.list, "Photos")
    assert page.args == ["photos"]
    with qtbot.waitSignal(nav.addFolderAsked):
        click(qtbot, nav.list, "Add folder…")
    with qtbot.waitSignal(nav.notShownChosen):
        click(qtbot, nav.foot, "Not shown (23)")


def test_a_heading_is_no_row_to_choose(qtbot, nav):
    with qtbot.assertNotEmitted(nav.folderChosen), qtbot.assertNotEmitted(nav.pageChosen):
        click(qtbot, nav.list, "Folders")


def test_arrows_move_past_headings_and_enter_takes(qtbot, nav):
    nav.list.setFocus()
    assert nav.list.currentIndex().row() == 0
    with qtbot.assertNotEmitted(nav.folderChosen):
        qtbot.keyClick(nav.list, Qt.Key.Key_Down)
    assert nav.list.currentIndex().data() == "Family"
    with qtbot.waitSignal(nav.folderChosen) as chosen:
        qtbot.keyClick(nav.list, Qt.Key.Key_Return)
    assert chosen.args == [1]
    qtbot.keyClick(nav.list, Qt.Key.Key_End)
    with qtbot.waitSignal(nav.addFolderAsked):
        qtbot.keyClick(nav.list, Qt.Key.Key_Space)
    qtbot.keyClick(nav.list, Qt.Key.Key_Tab)
    assert nav.foot.hasFocus()
    with qtbot.waitSignal(nav.notShownChosen):
        qtbot.keyClick(nav.foot, Qt.Key.Key_Enter)


def test_bare_letters_are_not_a_search_in_the_list(qtbot, nav):
    nav.list.setFocus()
    qtbot.keyClick(nav.list, Qt.Key.Key_S)
    assert nav.list.currentIndex().row() == 0


def test_the_menu_of_a_folder_by_mouse_and_key(qtbot, nav):
    index = nav.list.rows().index(4, 0)
    place = nav.list.visualRect(index).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, nav.list.viewport().mapToGlobal(place))
    with qtbot.waitSignal(nav.folderMenuAsked) as asked:
        QApplication.sendEvent(nav.list.viewport(), event)
    assert asked.args == [3, nav.list.viewport().mapToGlobal(place)]

    nav.list.setFocus()
    qtbot.keyClick(nav.list, Qt.Key.Key_Down)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    with qtbot.waitSignal(nav.folderMenuAsked) as asked:
        QApplication.sendEvent(nav.list.viewport(), event)
    assert asked.args[0] == 1


def test_a_menu_elsewhere_is_not_a_folders(qtbot, nav):
    place = nav.list.visualRect(nav.list.rows().index(0, 0)).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, nav.list.viewport().mapToGlobal(place))
    with qtbot.assertNotEmitted(nav.folderMenuAsked):
        QApplication.sendEvent(nav.list.viewport(), event)


def test_counts_that_change_leave_the_keyboard_where_it_is(qtbot, nav):
    nav.list.setFocus()
    qtbot.keyClick(nav.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(nav.list.rows().dataChanged):
        nav.set_folders((make_folder(1, "Family", 12_432), *FOLDERS[1:]))
    assert nav.list.currentIndex().data() == "Family"
    assert rows(nav)[2].count == "12,432"


def test_a_chosen_folder_that_goes_away_leaves_all_photos(qtbot, nav):
    nav.choose_folder(2)
    assert nav.list.rows().chosen_row() == 3
    with qtbot.waitSignal(nav.folderChosen) as chosen:
        nav.set_folders((FOLDERS[0],))
    assert chosen.args == [None]
    assert rows(nav)[nav.list.rows().chosen_row()].kind is RowKind.PAGE


def test_choosing_by_the_program_says_nothing(qtbot, nav):
    with qtbot.assertNotEmitted(nav.folderChosen), qtbot.assertNotEmitted(nav.pageChosen):
        nav.choose_folder(1)
        nav.choose_page("photos")
        nav.choose_not_shown()
    assert nav.foot.rows().chosen_row() == 0


def test_nothing_left_out_leaves_no_row(nav):
    nav.set_not_shown(0)
    assert nav.foot.isHidden()


def test_rows_grow_with_the_text(qtbot, nav):
    assert nav.list.sizeHintForRow(2) == 32
    font = nav.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    nav.list.setFont(font)
    assert nav.list.sizeHintForRow(2) > 40
