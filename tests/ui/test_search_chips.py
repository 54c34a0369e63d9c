"""The chips of a search: what they say, the row they stand in, and the changes that they ask for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.core.searching import Box, Colours, Example, Filter, FilterKind, Query, Words
from desktop_app.ui.panels.result_bar import ResultBar
from desktop_app.ui.search import editing
from desktop_app.ui.search.chip import ChipView
from desktop_app.ui.search.chip_row import ChipRow
from desktop_app.ui.search.chip_views import chip_views, grouped
from desktop_app.ui.search.completing import parted
from tests.ui.panel_parts import show

LIKE = Example("a.jpg", photo=1)
UNLIKE = Example("b.jpg", photo=2, wanted=False)
DOG = Words("dog")
NOT_CAT = Words("cat", minus=True)
RED = Colours(((255, 0, 0), (0, 0, 255)))
MAY = Filter(FilterKind.TAKEN, "May 2019")
ALL = Query((LIKE, UNLIKE), (DOG, NOT_CAT), (RED,), (MAY,))


def no_picture(_photo: int, _size: int) -> QPixmap | None:
    return None


def views(query: Query) -> list[tuple[str, str, bool, bool]]:
    return [(view.name, view.spoken, view.minus, view.on) for view in chip_views(query, no_picture)]


def test_every_part_of_a_search_is_a_chip() -> None:
    assert views(ALL) == [
        ("a.jpg", "Looking for a.jpg", False, True),
        ("b.jpg", "Less like b.jpg", True, True),
        ("dog", "Looking for the word dog", False, True),
        ("not cat", "Without the word cat", True, True),
        ("2 colours", "Looking for 2 colours", False, True),
        ("May 2019", "Only May 2019", False, True),
    ]
    box = Query((Example("a.jpg", photo=1, box=Box(0, 0, 0.5, 0.5)),))
    assert views(box) == [("part of a.jpg", "Looking for part of a.jpg", False, True)]


def test_many_photos_are_one_chip() -> None:
    many = tuple(Example(f"{n}.jpg", photo=n) for n in range(7))
    query = Query((*many, UNLIKE))
    assert [name for name, *_ in views(query)] == ["7 photos", "b.jpg"]
    assert grouped(query)[0] == many
    assert [name for name, *_ in views(Query(many[:6]))] == [f"{n}.jpg" for n in range(6)]


@pytest.mark.parametrize("chip", [LIKE, UNLIKE, DOG, NOT_CAT, RED, MAY])
def test_a_chip_is_switched_off_and_on_and_taken_away(chip: editing.Chip) -> None:
    off = editing.switched(ALL, chip)
    changed = [one for one in editing.chips(off) if not one.on]
    assert len(changed) == 1
    assert len(editing.chips(off)) == 6
    again = editing.switched(off, changed[0])
    assert views(again) == views(ALL)
    less = editing.without(ALL, chip)
    assert len(editing.chips(less)) == 5
    assert chip not in editing.chips(less)


@given(st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=12))
def test_a_photo_is_wanted_or_unwanted_never_both(clicks: list[tuple[int, bool]]) -> None:
    query = Query()
    for photo, wanted in clicks:
        query = editing.with_photos(query, [(photo, f"{photo}.jpg")], wanted=wanted)
    last = dict(clicks)
    assert {one.photo: one.wanted for one in query.examples} == last
    assert len(query.examples) == len(last)


def test_a_box_stands_beside_its_whole_photo_and_another_takes_its_place() -> None:
    query = editing.with_box(Query((LIKE,)), 1, "a.jpg", Box(0, 0, 0.5, 0.5))
    query = editing.with_box(query, 1, "a.jpg", Box(0.5, 0.5, 0.5, 0.5))
    assert [one.box for one in query.examples] == [None, Box(0.5, 0.5, 0.5, 0.5)]


def test_the_same_words_are_one_chip() -> None:
    query = editing.with_words(editing.with_words(Query(), DOG), Words("dog"))
    assert query.words == (DOG,)
    off = editing.switched(query, DOG)
    assert [one.on for one in editing.with_words(off, Words("dog")).words] == [True]
    assert len(editing.with_words(query, Words("dog", minus=True)).words) == 2


@pytest.mark.parametrize(
    ("typed", "instead_of", "rest", "minus"),
    [
        ("do", "do", "", False),
        ("red do", "do", "red", False),
        ("-ca", "ca", "", True),
        ("beach -ca", "ca", "beach", True),
        ("beach -“grand pi", "grand pi", "beach", True),
        ("my musical in", "musical in", "my", False),
        ("elefant", "", "", False),
        ("grey elefant", "", "grey", False),
    ],
)
def test_a_completion_takes_the_place_of_what_was_typed_of_it(
    typed: str, instead_of: str, rest: str, minus: bool
) -> None:
    assert parted(typed, instead_of) == (rest, minus)


@pytest.fixture
def row(qtbot, look):
    return show(qtbot, ChipRow(look), 700, 40)


def view(name: str, **more: object) -> ChipView:
    return ChipView(name, f"Looking for {name}", **more)


def test_a_row_is_hidden_until_there_are_chips(row) -> None:
    row.show_chips([])
    assert row.isHidden()
    row.show_chips([view("dog")])
    assert not row.isHidden()
    assert [chip.words() for chip in row.chips()] == ["dog"]
    assert not row.clear.isVisibleTo(row)
    row.show_chips([view("dog"), view("cat")])
    assert row.clear.isVisibleTo(row)
    row.show_chips([])
    assert row.isHidden()


def test_a_click_switches_and_the_cross_removes(qtbot, row) -> None:
    row.show_chips([view("dog"), view("cat", on=False)])
    row.show()
    dog, cat = row.chips()
    assert cat.accessibleName() == "Looking for cat, switched off"
    with qtbot.waitSignal(row.switched) as told:
        qtbot.mouseClick(cat, Qt.MouseButton.LeftButton, pos=QPoint(12, 8))
    assert told.args == [1]
    with qtbot.waitSignal(row.removed) as told:
        qtbot.mouseClick(dog.close_button, Qt.MouseButton.LeftButton)
    assert told.args == [0]
    with qtbot.waitSignal(row.switched) as told:
        qtbot.keyClick(dog, Qt.Key.Key_Space)
    assert told.args == [0]
    with qtbot.waitSignal(row.saveAsked):
        row.save.click()


def test_the_keyboard_stays_in_the_row_when_a_chip_goes(qtbot, row) -> None:
    row.show_chips([view("dog"), view("cat")])
    row.show()
    row.activateWindow()
    qtbot.waitUntil(row.isActiveWindow)
    row.chips()[1].setFocus()
    row.show_chips([view("dog")])
    assert row.chips()[0].hasFocus()


@pytest.mark.parametrize("width", [300, 520, 900])
def test_chips_go_on_in_the_next_line(qtbot, look, width) -> None:
    window = show(qtbot, QWidget(), 1000, 400)
    row = ChipRow(look, window)
    row.show_chips([view(f"a photo with a name {n}.jpg") for n in range(6)] + [view("red", colours=((255, 0, 0),))])
    row.show()
    row.setGeometry(0, 0, width, row.heightForWidth(width))
    row.layout().activate()
    areas = [QRect(chip.pos(), chip.size()) for chip in row.chips()]
    assert all(not a.intersects(b) for at, a in enumerate(areas) for b in areas[:at])
    assert all(area.right() < width and area.bottom() < row.height() + 1 for area in areas)
    tops = [area.top() for area in areas]
    assert tops == sorted(tops)
    assert (np.diff(tops) > 0).any() == (width < 900 or len(set(tops)) > 1)


def test_the_bar_grows_with_the_lines_of_its_chips(qtbot, look) -> None:
    window = show(qtbot, QWidget(), 1400, 600)
    column = QVBoxLayout(window)
    bar = ResultBar(look)
    column.addWidget(bar)
    column.addStretch(1)
    bar.set_search([view(f"photo {n}.jpg") for n in range(6)], [0.5])

    def has_its_lines() -> bool:
        return bar.chips.height() == bar.chips.heightForWidth(bar.chips.width())

    qtbot.waitUntil(has_its_lines)
    one = bar.chips.height()
    window.resize(620, 600)
    qtbot.waitUntil(lambda: has_its_lines() and bar.chips.height() > one)
    assert bar.chips.clear.geometry().bottom() < bar.chips.height()
