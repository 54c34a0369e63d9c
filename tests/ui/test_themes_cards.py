"""The cards of the Themes page under keys, mouse and drags: what they ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop_app.ui.photo_drag import photos_mime
from desktop_app.ui.themes.dragged import Dragged, dragged_in, mime_of
from desktop_app.ui.themes.page import ThemesPage
from tests.ui.panel_parts import Drag, grabbed
from tests.ui.themes_parts import (
    BEACH,
    CTRL,
    CUPS,
    DOGS,
    LEFT,
    NONE,
    ODD,
    SHELF,
    TWO,
    Key,
    heard,
    page,
    popup,
)

__all__ = ["page"]


# --- keys --------------------------------------------------------------------------------------------------------


def test_each_key_asks_for_what_the_guide_says(page: ThemesPage) -> None:
    opened, merged, locked = heard(page.openAsked), heard(page.mergeAsked), heard(page.lockAsked)
    removed, labelled = heard(page.removeAsked), heard(page.labelAsked)
    cards = page.cards
    QTest.keyClick(cards, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert cards.chosen_ids() == [BEACH.id, CUPS.id]
    for key in (Key.Key_M, Key.Key_K, Key.Key_L, Key.Key_Delete):
        QTest.keyClick(cards, key)
    assert merged == [[BEACH.id, CUPS.id]]
    assert locked == [([BEACH.id, CUPS.id], True)]
    assert labelled == [[BEACH.id, CUPS.id]]
    assert removed == [[BEACH.id, CUPS.id]]
    for key in (Key.Key_Return, Key.Key_Enter):
        QTest.keyClick(cards, key)
    assert opened == [CUPS.id] * 2
    cards.choose([DOGS.id])
    QTest.keyClick(cards, Key.Key_K)
    assert locked[1] == ([DOGS.id], False)


def test_split_asks_in_how_many_parts(qtbot, page: ThemesPage) -> None:
    asked = heard(page.splitAsked)
    page.cards.choose([CUPS.id])
    QTest.keyClick(page.cards, Key.Key_P)
    menu = popup(qtbot)
    assert [one.text() for one in menu.actions()][1:] == ["&2 parts", "&3 parts", "&4 parts", "&5 parts", "&6 parts"]
    QTest.keyClick(menu, Key.Key_3)
    assert asked == [(CUPS.id, 3)]
    page.cards.choose([TWO.id])
    QTest.keyClick(page.cards, Key.Key_P)
    assert len(popup(qtbot).actions()) == 2  # two photos have no three parts
    QTest.keyClick(popup(qtbot), Key.Key_Escape)


def test_the_odd_ones_out_are_no_theme(qtbot, page: ThemesPage) -> None:
    asked = [heard(one) for one in (page.mergeAsked, page.splitAsked, page.lockAsked, page.removeAsked)]
    labelled = heard(page.labelAsked)
    page.cards.choose([ODD.id])
    for key in (Key.Key_M, Key.Key_P, Key.Key_K, Key.Key_Delete, Key.Key_F2, Key.Key_L):
        QTest.keyClick(page.cards, key)
    assert asked == [[], [], [], []]
    assert page.cards.findChild(QLineEdit) is None
    assert labelled == [[ODD.id]]
    enabled = {key for key, one in page.chosen.buttons.items() if one.isEnabled()}
    assert enabled == {"open", "label", "look"}


def test_all_none_and_out(page: ThemesPage) -> None:
    QTest.keyClick(page.cards, Key.Key_A, CTRL)
    assert len(page.cards.chosen_ids()) == 5
    QTest.keyClick(page.cards, Key.Key_Escape)
    assert page.cards.chosen_ids() == []
    assert not page.chosen.isVisible()


def test_larger_and_smaller_cards(page: ThemesPage) -> None:
    columns = page.cards.columns()
    QTest.keyClick(page.cards, Key.Key_Plus, CTRL)
    assert page.cards.columns() == columns - 1
    QTest.keyClick(page.cards, Key.Key_0, CTRL)
    assert page.cards.columns() == columns
    QTest.keyClick(page.cards, Key.Key_Minus, CTRL)
    assert page.cards.columns() == columns + 1


@pytest.mark.parametrize("width", [700, 740, 1000, 1480, 1700])
def test_cards_fill_the_width_evenly(qtbot, page: ThemesPage, width: int) -> None:
    page.resize(width, 700)
    page.cards.show_cards([replace(CUPS, id=one) for one in range(40)])
    QApplication.processEvents()
    cells = [page.cards.visualRect(page.cards.themes.index(row)) for row in range(40)]
    columns = page.cards.columns()
    assert len({cell.top() for cell in cells[:columns]}) == 1
    assert cells[columns].top() == cells[0].bottom() + 1
    left = page.cards.viewport().width() - cells[columns - 1].right()
    assert 0 <= left < columns + page.cards.verticalScrollBar().sizeHint().width() + 16


# --- names -------------------------------------------------------------------------------------------------------


def test_f2_writes_a_name_in_place(qtbot, page: ThemesPage) -> None:
    asked = heard(page.renamed)
    page.cards.choose([CUPS.id])
    QTest.keyClick(page.cards, Key.Key_F2)
    editor = page.cards.findChild(QLineEdit)
    assert editor.text() == "coffee cup"
    assert editor.selectedText() == "coffee cup"
    QTest.keyClicks(editor, "  Mugs   & more ")
    QTest.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: asked == [(CUPS.id, "Mugs & more")])


def test_letters_of_a_name_are_no_commands(page: ThemesPage) -> None:
    asked = [heard(one) for one in (page.mergeAsked, page.lockAsked, page.removeAsked, page.openAsked)]
    page.cards.choose([CUPS.id])
    QTest.keyClick(page.cards, Key.Key_F2)
    editor = page.cards.findChild(QLineEdit)
    QTest.keyClicks(editor, "mk l")
    QTest.keyClick(editor, Key.Key_Backspace)
    QTest.keyClick(editor, Key.Key_Down)
    assert editor.text() == "mk "
    QTest.keyClick(editor, Key.Key_Escape)
    assert asked == [[], [], [], []]


def test_a_proposal_that_is_confirmed_is_ones_own_and_an_empty_name_is_none(qtbot, page: ThemesPage) -> None:
    asked = heard(page.renamed)
    page.cards.choose([CUPS.id])
    QTest.keyClick(page.cards, Key.Key_F2)
    QTest.keyClick(page.cards.findChild(QLineEdit), Key.Key_Return)
    qtbot.waitUntil(lambda: asked == [(CUPS.id, "coffee cup")])
    assert not page.cards.themes.setData(page.cards.themes.index(0), "   ")
    assert not page.cards.themes.setData(page.cards.themes.index(0), "Our beach")  # it is that already
    assert len(asked) == 1


def test_a_click_on_the_name_of_the_chosen_card_writes_over_it(qtbot, page: ThemesPage) -> None:
    place = page.cards.name_rect(CUPS.id).center()
    QTest.mouseClick(page.cards.viewport(), LEFT, NONE, place)
    assert page.cards.chosen_ids() == [CUPS.id]
    assert page.cards.findChild(QLineEdit) is None
    QTest.mouseClick(page.cards.viewport(), LEFT, NONE, place)
    assert page.cards.findChild(QLineEdit) is not None


# --- the mouse ---------------------------------------------------------------------------------------------------


def test_click_chooses_and_double_click_opens(page: ThemesPage) -> None:
    opened = heard(page.openAsked)
    at = page.cards.photo_rect(DOGS.id, 4).center()
    QTest.mouseClick(page.cards.viewport(), LEFT, NONE, at)
    assert page.cards.chosen_ids() == [DOGS.id]
    assert page.chosen.words.words() == "“dog”, 9 photos"
    assert page.chosen.buttons["lock"].text() == "Unlock"
    QTest.mouseClick(page.cards.viewport(), LEFT, CTRL, page.cards.photo_rect(BEACH.id, 0).center())
    assert page.chosen.words.words() == "2 themes, 129 photos"
    assert not opened
    QTest.mouseDClick(page.cards.viewport(), LEFT, NONE, at)
    assert opened == [DOGS.id]


def test_beside_the_cards_nothing_is_chosen(page: ThemesPage) -> None:
    page.cards.choose([DOGS.id])
    QTest.mouseClick(page.cards.viewport(), LEFT, NONE, QPoint(3, 3))
    assert page.cards.chosen_ids() == []


# --- dragging ----------------------------------------------------------------------------------------------------


def test_a_drag_carries_photos_or_a_whole_theme() -> None:
    for dragged in (Dragged(11, (4, 5)), Dragged(12)):
        assert dragged_in(mime_of(dragged)) == dragged


def test_a_photo_dropped_on_another_card_is_moved_there(page: ThemesPage) -> None:
    moved, merged = heard(page.moveAsked), heard(page.mergeAsked)
    at = page.cards.photo_rect(CUPS.id, 0).center()
    drag = Drag(page.cards.viewport(), mime_of(Dragged(BEACH.id, (12,))))
    drag.enter(at.x(), at.y())
    assert drag.move(at.x(), at.y()).isAccepted()
    ground = page.cards.mapFromGlobal(page.cards.viewport().mapToGlobal(page.cards.name_rect(CUPS.id).topRight()))
    assert grabbed(page.cards, ground + QPoint(2, 2)) == QColor("#DCEAF8")  # where it would go is shown
    drag.drop(at.x(), at.y())
    assert moved == [([12], CUPS.id)]
    assert not merged
    assert grabbed(page.cards, ground + QPoint(2, 2)) == QColor("#FFFFFF")


def test_dropped_where_it_came_from_or_beside_nothing_moves(page: ThemesPage) -> None:
    moved = heard(page.moveAsked)
    at = page.cards.photo_rect(BEACH.id, 0).center()
    drag = Drag(page.cards.viewport(), mime_of(Dragged(BEACH.id, (12,))))
    drag.enter(at.x(), at.y())
    assert not drag.move(at.x(), at.y()).isAccepted()
    drag.drop(at.x(), at.y())
    drag.drop(2, 2)
    assert moved == []


def test_a_whole_theme_dropped_on_another_is_merged_into_it(page: ThemesPage) -> None:
    merged = heard(page.mergeAsked)
    at = page.cards.name_rect(CUPS.id).center()
    drag = Drag(page.cards.viewport(), mime_of(Dragged(DOGS.id)))
    drag.enter(at.x(), at.y())
    drag.drop(at.x(), at.y())
    assert merged == [[CUPS.id, DOGS.id]]
    odd = page.cards.visualRect(page.cards.themes.index(4)).center()
    drag.enter(odd.x(), odd.y())
    drag.drop(odd.x(), odd.y())
    assert len(merged) == 1


def test_files_are_left_to_the_window(page: ThemesPage) -> None:
    from tests.ui.panel_parts import mime_of as files

    assert not Drag(page.cards.viewport(), files("/pictures/a.jpg")).enter(200, 200).isAccepted()


# --- the photos below --------------------------------------------------------------------------------------------


def test_space_shows_the_photos_below_and_returns(qtbot, page: ThemesPage) -> None:
    wanted = heard(page.photosWanted)
    page.cards.choose([CUPS.id])
    QTest.keyClick(page.cards, Key.Key_Space)
    assert page.drawer.isVisible()
    assert wanted == [CUPS.id]
    assert page.drawer.words.words() == "All 38 photos of “coffee cup”"
    page.drawer.show_photos(BEACH.id, [11, 12])  # late: another theme's
    assert page.drawer.grid.photos.rowCount() == 0
    page.drawer.show_photos(CUPS.id, range(1, 39))
    assert page.drawer.grid.photos.rowCount() == 38
    page.cards.choose([DOGS.id])  # follows what is chosen
    assert wanted == [CUPS.id, DOGS.id]
    page.drawer.grid.setFocus()
    QTest.keyClick(page.drawer.grid, Key.Key_Escape)
    assert not page.drawer.isVisible()
    qtbot.waitUntil(page.cards.hasFocus)
    QTest.mouseClick(page.chosen.buttons["look"], LEFT)
    assert page.drawer.isVisible()
    QTest.keyClick(page.cards, Key.Key_Space)
    assert not page.drawer.isVisible()


def test_all_means_the_photos_below_while_the_keyboard_is_there(page: ThemesPage) -> None:
    page.cards.choose([CUPS.id])
    QTest.keyClick(page.cards, Key.Key_Space)
    page.drawer.show_photos(CUPS.id, range(1, 39))
    page.drawer.grid.setFocus()
    QTest.keyClick(page.drawer.grid, Key.Key_A, CTRL)
    assert len(page.drawer.grid.selected_ids()) == 38
    assert page.cards.chosen_ids() == [CUPS.id]


def test_beside_their_photos_a_whole_row_of_cards_stays_in_view(page: ThemesPage) -> None:
    page.resize(740, 520)
    page.cards.choose([CUPS.id])
    QTest.keyClick(page.cards, Key.Key_Space)
    QApplication.processEvents()
    name = page.cards.name_rect(CUPS.id)
    assert page.cards.viewport().rect().contains(name)
    before = page.cards.columns()
    QTest.keyClick(page.cards, Key.Key_Space)
    QApplication.processEvents()
    assert page.cards.columns() < before


def test_a_theme_that_changed_is_fetched_anew_and_one_that_went_closes(page: ThemesPage) -> None:
    wanted = heard(page.photosWanted)
    page.cards.choose([CUPS.id])
    QTest.keyClick(page.cards, Key.Key_Space)
    page.show_shelf(replace(SHELF, themes=(BEACH, replace(CUPS, count=37), DOGS, TWO, ODD)))
    assert wanted == [CUPS.id, CUPS.id]
    page.show_shelf(replace(SHELF, themes=(BEACH, DOGS, TWO, ODD)))
    assert not page.drawer.isVisible()


def test_photos_of_the_grid_below_are_dropped_on_another_card_and_not_on_their_own(page: ThemesPage) -> None:
    moved = heard(page.moveAsked)
    page.cards.library = lambda: "here"
    page.cards.choose([CUPS.id])
    QTest.keyClick(page.cards, Key.Key_Space)
    QApplication.processEvents()
    drag = Drag(page.cards.viewport(), photos_mime([2, 3], "here"))
    own, other = page.cards.photo_rect(CUPS.id, 0).center(), page.cards.photo_rect(BEACH.id, 0).center()
    drag.enter(own.x(), own.y())
    assert not drag.move(own.x(), own.y()).isAccepted()
    assert drag.move(other.x(), other.y()).isAccepted()
    drag.drop(other.x(), other.y())
    assert moved == [([2, 3], BEACH.id)]
    elsewhere = Drag(page.cards.viewport(), photos_mime([2, 3], "another library"))
    assert not elsewhere.enter(other.x(), other.y()).isAccepted()
