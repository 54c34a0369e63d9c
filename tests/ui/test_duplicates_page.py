"""The Duplicates page under keys and mouse: what it shows, and what it asks for."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from desktop_app.core.duplicates.sets import Kind, Summary
from desktop_app.ui.duplicates import values
from desktop_app.ui.duplicates.card_delegate import Places
from desktop_app.ui.duplicates.page import DuplicatesPage
from desktop_app.ui.duplicates.values import Standing, Tally, Working
from tests.ui.duplicates_parts import (
    FOUND,
    LEFT,
    NEAR,
    SETS,
    SHOTS,
    TURNED,
    TWINS,
    Key,
    heard,
    make_set,
    page,
)
from tests.ui.panel_parts import show

__all__ = ["page"]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def marks(page: DuplicatesPage) -> dict[int, str]:
    return {card.photo: card.mark for card in page.row.cards.rows}


def places(page: DuplicatesPage, row: int) -> Places:
    found = page.row.card_places(row)
    assert isinstance(found, Places)
    return found


# --- before there is anything ------------------------------------------------------------------------------------


def test_before_a_look_there_is_one_button(qtbot, parts) -> None:
    page = DuplicatesPage(parts.theme, parts.thumbnails)
    page.show_standing(Standing(photos=31_204, estimate=240))
    show(qtbot, page, 960, 600)
    asked = heard(page.lookAsked)
    assert "31,204 photos, about 4 min." in page.start.words_shown()
    page.focus_body()
    assert page.start.look.hasFocus()
    QTest.keyClick(page.start.look, Key.Key_Space)
    assert len(asked) == 1
    page.show_standing(Standing(photos=0))
    assert not page.start.look.isEnabled()


def test_a_look_can_stand_still_and_end(qtbot, parts) -> None:
    page = DuplicatesPage(parts.theme, parts.thumbnails)
    page.show_work(Working("Comparing photos: 3 of 9", 3, 9))
    show(qtbot, page, 960, 600)
    paused, stopped = heard(page.pauseAsked), heard(page.stopAsked)
    assert page.start.bar.value() == 3
    page.start.pause.click()
    page.show_work(Working("Comparing photos: 3 of 9", 3, 9, paused=True))
    page.start.pause.click()
    page.start.stop.click()
    assert paused == [True, False]
    assert len(stopped) == 1
    page.show_sets(SETS)  # what was found so far can be used
    assert page.list.isVisible()
    assert page.view.progress.isVisible()


def test_none_found_says_when_it_was_looked(qtbot, parts) -> None:
    page = DuplicatesPage(parts.theme, parts.thumbnails)
    page.show_standing(replace(FOUND, summary=Summary(photos=400), new=1))
    show(qtbot, page, 960, 600)
    words = page.start.words_shown()
    assert words.startswith("No copies found. Looked through 400 photos on 22 November 2026.") or "today" in words
    assert "1 photo is new since." in words
    assert page.start.look.text() == "Look again"


# --- the sets ----------------------------------------------------------------------------------------------------


def test_numbers_choose_their_kind(page: DuplicatesPage) -> None:
    tiles = page.view.tiles.tiles
    assert tiles[Kind.EXACT].words() == "1 exact copy, 1.0 MB in 1 set"
    assert tiles[Kind.NEAR].words() == "3 near copies, 3.0 MB in 2 sets"
    assert tiles[Kind.BURST].words() == "1 same scene, 5 photos"
    tiles[Kind.NEAR].click()
    assert page.list.sets.rows == (NEAR, TURNED)
    assert page.current_set() == NEAR
    tiles[None].click()
    assert page.list.sets.rows == SETS
    assert page.current_set() == NEAR  # what is looked at stays
    page.show_sets([NEAR])
    tiles[Kind.EXACT].click()
    assert page.view.nothing.words() == "No exact copies."
    page.view.nothing.buttons()[0].click()
    assert page.current_set() == NEAR


def test_arrows_go_from_set_to_set_and_from_photo_to_photo(page: DuplicatesPage) -> None:
    seen = heard(page.setShown)
    QTest.keyClick(page.list, Key.Key_Down)
    assert page.current_set() == NEAR
    QTest.keyClick(page.list, Key.Key_Right)
    QTest.keyClick(page.list, Key.Key_Right)
    QTest.keyClick(page.list, Key.Key_Right)  # there is none further on
    assert page.row.current_photo() == 22
    QTest.keyClick(page.list, Key.Key_Left)
    assert page.row.current_photo() == 21
    page.row.setFocus()  # the keys mean the same there
    QTest.keyClick(page.row, Key.Key_Down)
    QTest.keyClick(page.row, Key.Key_End)
    assert page.current_set() == SHOTS
    QTest.keyClick(page.row, Key.Key_Home)
    QTest.keyClick(page.row, Key.Key_Up)
    assert page.current_set() == TWINS
    assert seen == [NEAR, TURNED, SHOTS, TWINS]


def test_enter_does_as_suggested(page: DuplicatesPage) -> None:
    done = heard(page.doAsked)
    QTest.keyClick(page.list, Key.Key_Return)
    QTest.keyClick(page.list, Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    page.set_bar.buttons["do"].click()
    assert done == [(TWINS, (11,))] * 3
    page.list.step(1)
    assert page.set_bar.buttons["do"].text() == "Move 2 to trash"
    assert page.set_bar.words.words() == "Keep IMG_20.jpg: largest, has a date. 2 go to the trash, 2.0 MB."


def test_k_keeps_this_one_and_lets_the_others_go(page: DuplicatesPage) -> None:
    page.list.step(1)
    QTest.keyClick(page.list, Key.Key_Right)
    QTest.keyClick(page.list, Key.Key_K)
    assert marks(page) == {20: "Goes", 21: "Keep", 22: "Goes"}
    QTest.keyClick(page.list, Key.Key_Right)
    QTest.keyClick(page.list, Key.Key_K, SHIFT)  # this one too
    assert marks(page) == {20: "Goes", 21: "Keep", 22: "Keep"}
    page.list.step(1)
    page.list.step(-1)  # marks are remembered
    done = heard(page.doAsked)
    QTest.keyClick(page.list, Key.Key_Return)
    assert done == [(NEAR, (20,))]


def test_marks_mean_nothing_once_the_kept_photo_is_gone(page: DuplicatesPage) -> None:
    page.list.step(1)
    QTest.keyClick(page.list, Key.Key_Right)
    QTest.keyClick(page.list, Key.Key_K)
    assert page.goes() == {20, 22}
    page.show_sets(values.without(SETS, {21}))
    assert page.current_set() is not None
    assert page.current_set().photos == (20, 22)
    assert marks(page) == {20: "Keep", 22: "Goes"}


def test_a_click_on_a_mark_turns_it_round_but_never_lets_all_go(qtbot, page: DuplicatesPage) -> None:
    refused = heard(page.refused)
    qtbot.mouseClick(page.row.viewport(), LEFT, pos=places(page, 1).mark.center())
    assert marks(page) == {10: "Keep", 11: "Keep"}
    assert page.set_bar.buttons["do"].text() == "Keep all, next"
    qtbot.mouseClick(page.row.viewport(), LEFT, pos=places(page, 1).mark.center())
    qtbot.mouseClick(page.row.viewport(), LEFT, pos=places(page, 0).mark.center())
    assert marks(page) == {10: "Keep", 11: "Goes"}
    assert refused == [values.LAST_ONE]
    qtbot.mouseClick(page.row.viewport(), LEFT, pos=places(page, 1).photo.center())  # a click on a photo selects
    assert marks(page) == {10: "Keep", 11: "Goes"}
    assert page.row.current_photo() == 11


def test_n_says_not_copies_and_delete_takes_one_photo(page: DuplicatesPage) -> None:
    never, gone, this = heard(page.notCopiesAsked), heard(page.trashAsked), heard(page.notThisAsked)
    QTest.keyClick(page.list, Key.Key_N)
    assert never == [TWINS]
    QTest.keyClick(page.list, Key.Key_Right)
    QTest.keyClick(page.list, Key.Key_N, SHIFT)
    assert this == [(TWINS, 11)]
    QTest.keyClick(page.list, Key.Key_Delete)
    assert gone == [(TWINS, 11)]


def test_one_of_several_equal_files_cannot_be_told_apart(page: DuplicatesPage) -> None:
    page.show_sets([make_set("three", Kind.EXACT, 50, 3)])
    this, refused = heard(page.notThisAsked), heard(page.refused)
    QTest.keyClick(page.list, Key.Key_N, SHIFT)
    assert this == []
    assert "N leaves the set alone" in refused[0]
    page.show_sets([make_set("near", Kind.NEAR, 60, 3)])
    QTest.keyClick(page.list, Key.Key_N, SHIFT)
    assert [photo for _, photo in this] == [60]


def test_what_may_not_go_says_why(page: DuplicatesPage) -> None:
    zipped = make_set("z", Kind.EXACT, 50, 2, stays={51: "in a zip file"})
    page.show_sets([zipped])
    refused, gone = heard(page.refused), heard(page.trashAsked)
    assert marks(page) == {50: "Keep", 51: "Stays"}
    QTest.keyClick(page.list, Key.Key_Right)
    QTest.keyClick(page.list, Key.Key_Delete)
    QTest.keyClick(page.list, Key.Key_K, SHIFT)
    assert refused == ["This photo stays: it is in a zip file."] * 2
    assert gone == []


def test_ctrl_enter_asks_for_all_exact_copies(page: DuplicatesPage) -> None:
    asked, done = heard(page.allExactAsked), heard(page.doAsked)
    QTest.keyClick(page.list, Key.Key_Return, CTRL)
    page.view.news.all_exact.click()
    assert len(asked) == 2
    assert done == []
    page.show_sets([NEAR])
    assert not page.view.news.all_exact.isEnabled()


def test_a_key_held_down_walks_but_never_decides(page: DuplicatesPage) -> None:
    done, never = heard(page.doAsked), heard(page.notCopiesAsked)
    for key in (Key.Key_Return, Key.Key_N, Key.Key_Down):
        QTest.simulateEvent(page.list, True, key, Qt.KeyboardModifier.NoModifier, "", True, -1)
    assert done == []
    assert never == []
    assert page.current_set() == NEAR


def test_the_next_set_takes_the_place_of_one_that_is_decided(page: DuplicatesPage) -> None:
    page.list.step(1)
    page.show_sets([TWINS, TURNED, SHOTS])
    assert page.current_set() == TURNED
    page.show_sets([TWINS, TURNED])
    page.list.step(1)
    page.show_sets([TWINS])
    assert page.current_set() == TWINS
    page.show_sets([TWINS, NEAR], "b")  # undo brings a set back, and goes there
    assert page.current_set() == NEAR
    page.show_tally(Tally(3, 4, 3_000_000))
    page.show_sets([])
    assert page.current_set() is None
    assert page.view.nothing.words() == "All sets are decided. 3 sets. 3.0 MB went to the trash."
    QTest.keyClick(page, Key.Key_Return)  # means nothing now


def test_news_of_the_library_is_one_quiet_line(page: DuplicatesPage) -> None:
    asked = heard(page.lookAsked)
    assert page.view.news.words.words().startswith("Looked through 400 photos")
    page.show_standing(replace(FOUND, new=412))
    assert page.view.news.words.words() == "412 photos are new since."
    page.view.news.again.click()
    assert len(asked) == 1


def test_thousands_of_sets_are_a_list_like_any_other(qtbot, page: DuplicatesPage, parts) -> None:
    many = [make_set(f"m{at}", Kind.EXACT, 1000 + 2 * at) for at in range(3000)]
    page.show_sets(many)
    QTest.keyClick(page.list, Key.Key_End)
    assert page.current_set() == many[-1]
    assert page.list.visible_rows().stop == 3000
    qtbot.waitUntil(lambda: 1000 + 2 * 2999 in parts.store.asked)
    assert len(parts.store.asked) < 400
    assert page.view.count.text() == "3,000 sets"


def test_a_set_of_hundreds_asks_for_what_is_on_screen(page: DuplicatesPage) -> None:
    icons = make_set("i", Kind.EXACT, 5000, 300)
    page.show_sets([icons])
    assert len(page.row.photos_on_screen()) < 6
    for _ in range(20):
        QTest.keyClick(page.list, Key.Key_Right)
    assert page.row.current_photo() == 5020
    assert 5020 in page.row.photos_on_screen()


@pytest.mark.parametrize("size", [(720, 420), (1900, 1300)])
def test_nothing_on_a_card_overlaps(page: DuplicatesPage, qtbot, size: tuple[int, int]) -> None:
    page.resize(*size)
    page.list.step(1)
    qtbot.waitUntil(lambda: page.row.viewport().width() > 300)
    found = places(page, 0)
    stacked = [found.mark, found.photo, found.name, found.folder, *found.lines]
    for upper, lower in itertools.pairwise(stacked):
        assert upper.bottom() < lower.top()
        assert found.card.contains(lower)
    assert found.photo.height() >= 60


def test_the_menu_names_the_keys(qtbot, page: DuplicatesPage) -> None:
    done, opened = heard(page.notCopiesAsked), heard(page.openAsked)
    page.show_menu(11, page.mapToGlobal(QPoint(300, 200)))
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    actions = {one.text().split("\t")[0]: one for one in menu.actions()}
    actions["Not copies, for good"].trigger()
    actions["Open photo"].trigger()
    assert done == [TWINS]
    assert opened == [11]
    menu.close()
