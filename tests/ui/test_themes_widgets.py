"""The Themes page: what its cards say, what keys, the mouse and drags ask for, and what stays while it works."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from desktop_app.core.labelling import LabelSet, LabelSetId
from desktop_app.ui.photo_drag import photos_mime
from desktop_app.ui.themes.dragged import Dragged, dragged_in, mime_of
from desktop_app.ui.themes.labels_dialog import LabelsDialog, Wish
from desktop_app.ui.themes.page import ThemesPage
from desktop_app.ui.themes.values import (
    Choice,
    Evenness,
    Scope,
    Shelf,
    ThemeCard,
    Working,
    count_at,
    part_of,
)
from tests.ui.panel_parts import Drag, grabbed, show

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key

CUPS = ThemeCard(11, "coffee cup", 38, tuple(range(1, 7)), Evenness.VERY_ALIKE)
BEACH = ThemeCard(12, "Our beach", 120, tuple(range(11, 17)), Evenness.MIXED, is_proposed=False)
DOGS = ThemeCard(13, "dog", 9, tuple(range(21, 27)), Evenness.ALIKE, is_locked=True)
TWO = ThemeCard(14, "", 2, (31, 32), Evenness.ALIKE, place=3)
ODD = ThemeCard(19, "", 5, (41, 42, 43, 44, 45), is_odd=True)
SHELF = Shelf(1, "All photos", (BEACH, CUPS, DOGS, TWO, ODD), 2, 60, 12)
ALL = Choice(Scope.ALL, "All photos", count=174)
FOLDER = Choice(Scope.FOLDER, "Family", 3, 60)


@pytest.fixture
def page(qtbot, parts) -> ThemesPage:
    page = ThemesPage(parts.theme, parts.thumbnails)
    page.set_choices([ALL, FOLDER])
    page.show_shelf(SHELF)
    show(qtbot, page, 900, 640)
    page.cards.setFocus()
    qtbot.waitUntil(page.cards.hasFocus)
    return page


def heard(signal) -> list:
    asked: list = []
    signal.connect(lambda *values: asked.append(values[0] if len(values) == 1 else values))
    return asked


def popup(qtbot) -> QMenu:
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


# --- what is said ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "title", "facts", "spoken"),
    [
        (CUPS, "coffee cup", "38 photos · very alike", "coffee cup, proposed name, 38 photos, very alike"),
        (BEACH, "Our beach", "120 photos · mixed", "Our beach, 120 photos, mixed"),
        (DOGS, "dog", "9 photos · alike", "dog, proposed name, 9 photos, alike, locked"),
        (TWO, "Theme 4", "2 photos · alike", "Theme 4, 2 photos, alike"),
        (ODD, "Odd ones out", "5 photos", "Odd ones out, 5 photos"),
    ],
)
def test_a_card_says_name_count_and_evenness(card: ThemeCard, title: str, facts: str, spoken: str) -> None:
    assert (card.title, card.facts, card.spoken) == (title, facts, spoken)


def test_the_bar_counts_themes_without_the_odd_ones_out(page: ThemesPage) -> None:
    assert page.bar.scope.words() == "All photos"
    assert page.bar.summary.text() == "4 themes in 174 photos"


def test_screen_readers_find_every_card(page: ThemesPage) -> None:
    reader = QAccessible.queryAccessibleInterface(page.cards)
    assert reader.text(QAccessible.Text.Name) == "Themes"
    said = [reader.child(at).text(QAccessible.Text.Name) for at in range(reader.childCount())]
    assert said == [card.spoken for card in SHELF.themes]


def test_a_proposed_name_is_in_italics_until_touched(page: ThemesPage) -> None:
    # the same name in one's own hand is painted otherwise, and nothing else of the card is
    proposed = page.cards.grab(page.cards.visualRect(page.cards.themes.index(1))).toImage()
    name = page.cards.name_rect(CUPS.id).translated(8, 8)
    page.show_shelf(replace(SHELF, themes=(BEACH, replace(CUPS, is_proposed=False), DOGS, TWO, ODD)))
    own = page.cards.grab(page.cards.visualRect(page.cards.themes.index(1))).toImage()
    cell = page.cards.visualRect(page.cards.themes.index(1))
    differs = [
        (x, y) for x in range(own.width()) for y in range(own.height()) if own.pixel(x, y) != proposed.pixel(x, y)
    ]
    assert differs
    assert all(name.translated(-cell.topLeft()).adjusted(-12, -12, 12, 12).contains(x, y) for x, y in differs)


# --- the slider --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fewest", "most"), [(2, 2), (2, 3), (2, 60), (1, 400)])
def test_every_number_of_themes_has_its_place_on_the_slider(fewest: int, most: int) -> None:
    assert count_at(0.0, fewest, most) == fewest
    assert count_at(1.0, fewest, most) == most
    assert [count_at(part_of(n, fewest, most), fewest, most) for n in range(fewest, most + 1)] == list(
        range(fewest, most + 1)
    )


def test_the_slider_asks_while_it_moves_and_says_when_it_stands(qtbot, page: ThemesPage) -> None:
    asked, settled = heard(page.countAsked), []
    page.countSettled.connect(lambda: settled.append(True))
    page.bar.fineness.slider.setFocus()
    QTest.keyClick(page.bar.fineness.slider, Key.Key_End)
    assert asked == [60]
    assert "60 themes; 12 fit these photos best" in page.bar.fineness.slider.toolTip()
    assert not settled
    qtbot.waitUntil(lambda: bool(settled))
    page.show_shelf(SHELF)  # the answer: as many as there are
    assert page.bar.fineness.count == 4
    assert asked == [60]


def test_what_cannot_be_cut_otherwise_has_no_slider_to_move(page: ThemesPage) -> None:
    page.show_shelf(replace(SHELF, themes=(CUPS,), fewest=1, most=1))
    assert not page.bar.fineness.isEnabled()


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


# --- what stays --------------------------------------------------------------------------------------------------


def test_what_is_chosen_stays_while_it_is_there(page: ThemesPage) -> None:
    page.cards.choose([CUPS.id, DOGS.id])
    page.show_shelf(replace(SHELF, themes=(TWO, DOGS, ODD)))
    assert page.cards.chosen_ids() == [DOGS.id]
    assert page.cards.current_card() is not None
    page.show_shelf(replace(SHELF, themes=(TWO, replace(DOGS, name="hound"), ODD)))
    assert page.chosen.words.words() == "“hound”, 9 photos"


def test_while_grouping_the_cards_stay_and_stop_is_there(qtbot, page: ThemesPage) -> None:
    stopped = []
    page.stopAsked.connect(lambda: stopped.append(True))
    page.show_work(Working("Finding themes", 10, 100, 20.0))
    assert not page.progress.isVisible()  # what takes no time shows no bar
    qtbot.waitUntil(page.progress.isVisible)
    assert page.progress.words.text() == "Finding themes, about 20 s left"
    assert page.cards.isVisible()
    assert not page.bar.group.isEnabled()
    QTest.mouseClick(page.progress.stop, LEFT)
    assert stopped == [True]
    page.show_work(None)
    assert not page.progress.isVisible()
    assert page.bar.group.isEnabled()


def test_photos_that_came_since_are_counted_with_a_way_to_group_them(page: ThemesPage) -> None:
    asked = []
    page.againAsked.connect(lambda: asked.append(True))
    assert not page.bar.again.isVisible()
    page.show_shelf(replace(SHELF, waiting=1))
    assert page.bar.note.text() == "1 photo came since and is in no theme yet."
    page.show_shelf(replace(SHELF, waiting=38))
    assert page.bar.note.text() == "38 photos came since and are in no theme yet."
    QTest.mouseClick(page.bar.again, LEFT)
    assert asked == [True]


# --- the beginning -----------------------------------------------------------------------------------------------


def test_before_anything_is_grouped_one_click_does_it(qtbot, page: ThemesPage) -> None:
    asked = heard(page.groupAsked)
    page.show_shelf(None)
    assert not page.cards.isVisible()
    assert page.start.all.text() == "Group all 174 photos"
    page.focus_body()
    assert page.start.all.hasFocus()
    QTest.mouseClick(page.start.all, LEFT)
    assert asked == [ALL]
    page.show_work(Working("Finding themes"))
    qtbot.waitUntil(page.start.stop.isVisible)
    assert page.start.stop.hasFocus()
    assert not page.start.all.isVisible()


def test_without_photos_there_is_nothing_to_group(page: ThemesPage) -> None:
    page.show_shelf(None)
    page.set_choices([replace(ALL, count=0)])
    assert not page.start.all.isEnabled()
    assert page.start.advice.text().startswith("Add photos first")


def test_a_folder_can_be_grouped(qtbot, page: ThemesPage) -> None:
    asked = heard(page.groupAsked)
    QTest.mouseClick(page.bar.group, LEFT)
    menu = popup(qtbot)
    assert [one.text() for one in menu.actions()] == ["All photos (174)", "A folder"]
    inner = menu.actions()[1].menu()
    inner.actions()[0].trigger()
    menu.close()
    assert asked == [FOLDER]


# --- labels ------------------------------------------------------------------------------------------------------


def test_one_chosen_card_or_none_turns_all_into_labels_and_several_themselves(page: ThemesPage) -> None:
    asked = heard(page.labelsAsked)
    page.bar.labels.click()
    page.cards.choose([CUPS.id, DOGS.id, ODD.id])
    page.bar.labels.click()
    assert asked == [[BEACH.id, CUPS.id, DOGS.id, TWO.id], [CUPS.id, DOGS.id]]


def test_the_dialog_says_what_becomes_of_themes(qtbot, look) -> None:
    sets = [LabelSet(LabelSetId(7), "Era", "classes", ())]
    dialog = LabelsDialog(look, [CUPS, DOGS, replace(DOGS, id=99, count=1)], sets, "Themes")
    show(qtbot, dialog, 500, 400)
    assert dialog.headline.text() == "Turn 3 themes into 2 answers?"
    assert dialog.go.text() == "Label 48 photos"
    assert dialog.wish == Wish("Themes")
    dialog.name.setText(" era ")
    assert not dialog.go.isEnabled()
    assert dialog.trouble.text().startswith("There is a label set “era” already.")
    dialog.old.setChecked(True)
    assert dialog.go.isEnabled()
    assert dialog.wish == Wish("Era", LabelSetId(7))


def test_without_label_sets_only_a_name_is_asked_for(qtbot, look) -> None:
    dialog = LabelsDialog(look, [CUPS], [], "Themes")
    show(qtbot, dialog, 500, 400)
    assert not dialog.sets.isVisible()
    assert not dialog.old.isVisible()
    dialog.name.clear()
    assert not dialog.go.isEnabled()
