"""The Themes page: what its cards and its slider say, what stays while it works, and how it begins."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.core.labelling import LabelSet, LabelSetId
from desktop_app.ui.themes.labels_dialog import LabelsDialog, Wish
from desktop_app.ui.themes.page import ThemesPage
from desktop_app.ui.themes.values import (
    ThemeCard,
    Working,
    count_at,
    part_of,
)
from tests.ui.panel_parts import show
from tests.ui.themes_parts import (
    ALL,
    BEACH,
    CUPS,
    DOGS,
    FOLDER,
    LEFT,
    ODD,
    SHELF,
    TWO,
    Key,
    heard,
    page,
    popup,
)

__all__ = ["page"]


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


def test_where_it_is_narrow_the_least_used_buttons_go_behind_more(qtbot, page: ThemesPage) -> None:
    page.cards.choose([CUPS.id, DOGS.id])
    page.resize(900, 600)
    assert all(one.isVisible() for one in page.chosen.buttons.values())
    for one in page.chosen.buttons.values():
        one.setStyleSheet("min-width: 120px")
    page.resize(760, 600)
    QApplication.processEvents()
    there = {key for key, one in page.chosen.buttons.items() if one.isVisible()}
    assert "merge" in there
    assert "rename" not in there
    page.show_menu(page.mapToGlobal(page.rect().center()))
    words = [one.text().split("\t")[0] for one in popup(qtbot).actions()]
    popup(qtbot).close()
    assert {"Open", "Merge 2 themes", "Rename", "Lock", "Remove 2 themes"} <= set(words)


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
