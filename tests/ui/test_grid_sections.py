"""Headings in the grid: where they stand, the one that stays at the edge, keys across them, and years at the side."""

from __future__ import annotations

from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest

from desktop_app.core.catalog.filters import EPOCH
from desktop_app.core.operations.date_headings import Headings, headings
from desktop_app.ui.filters.month_jump import MonthJump
from desktop_app.ui.grid.layout import Layout
from tests.ui.test_grid_layout import layouts

KEY = Qt.Key


def sectioned(*counts: int) -> list[tuple[int, str]]:
    starts = [sum(counts[:at]) for at in range(len(counts))]
    return [(start, f"{at + 1} May 2019") for at, start in enumerate(starts)]


@given(layouts(), st.data())
def test_the_start_of_a_row_shows_it_below_its_heading(layout, data):
    if not layout.count:
        return
    row = data.draw(st.integers(0, layout.count - 1))
    start = layout.start_of(row)
    top = layout.rect(row).top()
    sticky = layout.sticky_at(start)
    covered = 0 if sticky is None else sticky[1] + layout._heading
    assert start + max(0, covered) <= top
    if layout._heading and layout.place(row)[0] in layout._lines and row in layout._starts:
        assert start == top - layout._heading or start == 0  # the heading is at the edge


@given(layouts(), st.integers(0, 40000))
def test_the_heading_that_stays_is_that_of_the_photos_below_it(layout, offset):
    found = layout.sticky_at(offset)
    if found is None:
        return
    section, top = found
    assert -layout._heading <= top <= 0
    assert layout._tops[section] - layout._heading < offset  # its own place is above the edge
    places = [rect.top() - offset for _at, rect in layout.headings_between(offset, offset + 4000) if _at > section]
    assert not places or top + layout._heading <= places[0]  # it never covers the next
    if section + 1 < len(layout._tops):
        assert offset < layout._tops[section + 1] - layout._heading


@given(layouts(), st.data(), st.integers(1, 3000), st.booleans())
def test_a_page_moves_on_but_never_past_what_was_on_screen(layout, data, pixels, down):
    if not layout.count:
        return
    row = data.draw(st.integers(0, layout.count - 1))
    to = layout.paged(row, pixels if down else -pixels)
    line, column = layout.place(row)
    after, into = layout.place(to)
    moved = abs(layout.top(after) - layout.top(line))
    if (line, down) not in ((0, False), (layout.lines - 1, True)):
        assert (after > line) if down else (after < line)
    assert moved <= pixels or abs(after - line) == 1
    assert into <= column


def put(parts, *counts: int):
    grid = parts.make(0)
    grid.show_photos(range(1, sum(counts) + 1), sections=sectioned(*counts))
    grid.setFocus()
    return grid


def covered(grid) -> int:
    found = grid.sticky_heading()
    return 0 if found is None else found[1].bottom() + 1


@pytest.mark.parametrize("key", [KEY.Key_Down, KEY.Key_Right, KEY.Key_PageDown])
def test_keys_lead_through_every_section_and_back_with_the_photo_always_in_sight(parts, key):
    grid = put(parts, 7, 1, 12, 3, 30, 2, 2, 9)
    back = {KEY.Key_Down: KEY.Key_Up, KEY.Key_Right: KEY.Key_Left, KEY.Key_PageDown: KEY.Key_PageUp}[key]
    QTest.keyClick(grid, KEY.Key_Home)
    seen: list[int] = []
    for press, last in ((key, grid.photos.rowCount() - 1), (back, 0)):
        lines = set()
        for _ in range(grid.photos.rowCount() + 2):
            rect = grid.visualRect(grid.currentIndex())
            assert covered(grid) <= rect.top()
            assert rect.bottom() < grid.viewport().height()
            lines.add(grid._layout.place(grid.currentIndex().row())[0])
            seen.append(grid.currentIndex().row())
            QTest.keyClick(grid, press)
        if key != KEY.Key_PageDown:
            assert lines == set(range(grid._layout.lines))
        assert grid._layout.place(grid.currentIndex().row())[0] == grid._layout.place(last)[0]


def is_whole(grid) -> bool:
    """Whether the current photo is; of one that there is no room for the top is."""
    rect = grid.visualRect(grid.currentIndex())
    fits = grid.heading_height + grid._layout.pitch + 8 <= grid.viewport().height()
    return covered(grid) <= rect.top() and (rect.bottom() < grid.viewport().height() or not fits)


def go_on(grid) -> None:
    """As after Delete: the photo behind the current one takes its place."""
    row = grid.currentIndex().row()
    gone, following = (
        grid.photos.id_at(row),
        grid.photos.id_at(row + 1 if row + 1 < grid.photos.rowCount() else row - 1),
    )
    grid.select_photo(following)
    grid.photos.remove([gone])
    grid.doItemsLayout()


def looked_up_again(grid) -> None:
    grid.show_photos(grid.photos.ids(), sections=grid.photos.sections, keep_place=True)


CHANGES = {
    "go on": go_on,
    "larger": lambda grid: grid.step_size(1),
    "smaller": lambda grid: grid.step_size(-1),
    "narrower": lambda grid: grid.resize(500, grid.height()),
    "wider": lambda grid: grid.resize(868, grid.height()),
    "lower": lambda grid: grid.resize(grid.width(), 400),
    "higher": lambda grid: grid.resize(grid.width(), 600),
    "again": looked_up_again,
}


@pytest.mark.parametrize("seed", range(12))
def test_what_is_selected_stays_whole_below_its_heading_whatever_changes(parts, qtbot, seed):
    random = Random(seed)
    grid = put(parts, *(random.choice((1, 1, 2, 3, 5, 7, 12, 30)) for _ in range(14)))
    for _ in range(5):
        grid.verticalScrollBar().setValue(random.randint(0, grid.verticalScrollBar().maximum()))
        grid.select_photo(grid.photos.id_at(random.choice(list(grid.visible_rows()))))
        assert is_whole(grid)
        for name in random.choices(list(CHANGES), k=8):
            CHANGES[name](grid)
            qtbot.waitUntil(lambda: not grid.testAttribute(Qt.WidgetAttribute.WA_PendingResizeEvent))
            assert is_whole(grid), name


def test_a_photo_that_was_scrolled_away_from_stays_away(parts):
    grid = put(parts, 40, 40, 40)
    grid.select_photo(1)
    grid.verticalScrollBar().setValue(900)
    grid.photos.remove([2])
    grid.doItemsLayout()
    grid.set_wanted_size(200)
    assert grid.verticalOffset() > 400


def test_where_the_first_on_screen_went_the_next_keeps_its_place(parts):
    grid = put(parts, 40, 40, 40)
    grid.verticalScrollBar().setValue(900)
    row = grid.first_visible()[0]
    ids = grid.photos.ids()
    kept = ids[row + grid._layout.columns]
    top = grid.visualRect(grid.photos.index(row + grid._layout.columns)).top()
    grid.show_photos(ids[: row + 1 - grid._layout.columns] + ids[row + 1 :], sections=[(0, "one day")], keep_place=True)
    assert abs(grid.visualRect(grid.photos.index(grid.photos.row_of(kept))).top() - top) <= grid._layout.pitch


def test_one_that_is_higher_than_the_room_is_shown_from_its_top(parts):
    grid = put(parts, 4, 40)
    grid.set_wanted_size(320)
    grid.resize(300, 200)
    QTest.keyClick(grid, KEY.Key_Home)
    for _ in range(6):
        QTest.keyClick(grid, KEY.Key_Down)
        assert grid.visualRect(grid.currentIndex()).top() == covered(grid) + (
            8 if covered(grid) else grid.heading_height
        )


def test_up_to_the_first_photos_of_a_day_shows_the_day(parts):
    grid = put(parts, 40, 40, 40)
    grid.select_photo(100)
    for _ in range(3):
        QTest.keyClick(grid, KEY.Key_Up)
    grid.select_photo(81)  # the first of the third day
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    grid.scrollTo(grid.photos.index(80))
    section, rect = grid._layout.headings_between(grid.verticalOffset(), grid.verticalOffset() + 10)[0]
    assert section == 2
    assert rect.top() == grid.verticalOffset()
    assert grid.sticky_heading() is None


def test_shift_extends_over_a_heading_and_a_press_on_a_heading_is_no_photos(parts):
    grid = put(parts, 7, 9)
    grid.select_photo(6)
    QTest.keyClick(grid, KEY.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(grid, KEY.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert grid.selected_ids() == [6, 7, 8]
    heading = grid._layout.headings_between(0, 2000)[1][1].center()
    assert not grid.indexAt(heading - QPoint(0, grid.verticalOffset())).isValid()


def test_what_lies_below_the_heading_that_stays_is_not_hit(parts):
    grid = put(parts, 80, 9)
    grid.verticalScrollBar().setValue(grid._layout.pitch + 30)
    section, band = grid.sticky_heading()
    assert (section, band.top()) == (0, 0)
    assert not grid.indexAt(QPoint(60, band.bottom() - 2)).isValid()
    assert grid.indexAt(QPoint(60, band.bottom() + grid._layout.pitch)).isValid()


def test_the_heading_that_stays_is_painted_where_it_is_after_every_step(parts):
    grid = put(parts, 14, 14, 14, 40)
    for value in (3, 60, 200, 190, grid.verticalScrollBar().maximum(), 0):
        grid.verticalScrollBar().setValue(value)
        stepped = grid.viewport().grab().toImage()
        grid.viewport().update()
        assert stepped == grid.viewport().grab().toImage()


def test_a_heading_says_how_many_are_below_it_also_after_some_went(parts):
    grid = put(parts, 3, 4)
    assert [grid.photos.section_count(at) for at in (0, 1)] == [3, 4]
    grid.photos.remove([2, 7])
    assert [grid.photos.section_count(at) for at in (0, 1)] == [2, 3]
    grid.photos.append([50])
    assert [grid.photos.section_count(at) for at in (0, 1)] == [2, 4]


# years at the side


def by_month(years: int, each: int) -> tuple[Headings, int]:
    days = [
        date(year, month, 1).toordinal() - EPOCH
        for year in range(2024, 2024 - years, -1)
        for month in range(12, 0, -1)
        for _ in range(each)
    ]
    return headings(np.array(days, np.int32)), len(days)


@pytest.fixture
def jump(parts, look):
    grid = parts.make(0)
    found, count = by_month(4, 30)
    strip = MonthJump(look, grid)
    grid.show_photos(range(1, count + 1), sections=found.sections)
    strip.set_months(found.months)
    return strip


def test_years_take_room_beside_the_photos_only_while_there_are_months(parts, jump):
    grid = jump._grid
    assert jump.isVisible()
    assert jump.geometry().left() == grid.viewport().geometry().right() + 1
    assert jump.geometry().right() + 1 == grid.width() - grid.verticalScrollBar().width()
    assert grid._layout.rect(grid._layout.columns - 1).right() < grid.viewport().width()
    before = grid.viewport().width()
    jump.set_months(())
    assert not jump.isVisible()
    assert grid.viewport().width() == before + jump.width()


def mouse(kind: QEvent.Type, at: QPointF, widget, buttons=Qt.MouseButton.NoButton) -> QMouseEvent:
    button = Qt.MouseButton.LeftButton if kind == QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
    return QMouseEvent(kind, at, widget.mapToGlobal(at), button, buttons, Qt.KeyboardModifier.NoModifier)


def test_a_click_leads_to_the_month_that_stands_there(jump):
    month = jump.months[17]
    y = (jump.place_of(month) + jump.place_of(jump.months[18])) / 2
    assert jump.month_at(y) == month
    left = Qt.MouseButton.LeftButton
    jump.mousePressEvent(mouse(QEvent.Type.MouseButtonPress, QPointF(5, y), jump, left))
    grid = jump._grid
    heading = grid._layout.headings_between(grid.verticalOffset(), grid.verticalOffset() + 5)[0][1]
    assert heading.top() == grid.verticalOffset()
    assert grid.visible_rows().start <= month.row
    assert covered(grid) <= grid.visualRect(grid.photos.index(month.row)).top() < 80


def test_dragging_goes_from_month_to_month(jump):
    rows: list[int] = []
    jump.jumped.connect(rows.append)
    left = Qt.MouseButton.LeftButton
    jump.mousePressEvent(mouse(QEvent.Type.MouseButtonPress, QPointF(5, 2), jump, left))
    for y in range(2, jump.height(), 3):
        jump.mouseMoveEvent(mouse(QEvent.Type.MouseMove, QPointF(5, y), jump, left))
    assert rows == [month.row for month in jump.months]
    jump.mouseMoveEvent(mouse(QEvent.Type.MouseMove, QPointF(5, 5), jump))
    assert len(rows) == len(jump.months)  # pointing alone goes nowhere


def test_the_menu_lists_years_with_their_months(jump):
    menu = jump.menu()
    years = [action.text().split("\t") for action in menu.actions()]
    assert years == [[str(year), "360"] for year in (2024, 2023, 2022, 2021)]
    months = menu.actions()[1].menu().actions()
    assert [action.text().split("\t")[0] for action in months[:2]] == ["December", "November"]
    rows: list[int] = []
    jump.jumped.connect(rows.append)
    months[2].trigger()
    assert rows == [12 * 30 + 60]
    menu.close()
    menu.deleteLater()


def test_without_dates_the_menu_says_what_to_do(jump):
    jump.set_months(())
    menu = jump.menu()
    assert [(action.text(), action.isEnabled()) for action in menu.actions()] == [
        ("Sort by date to go to a month", False)
    ]
    menu.deleteLater()


def test_a_layout_without_headings_has_none_that_stays():
    layout = Layout(50, 800, 168)
    assert layout.sticky_at(500) is None
    assert layout.start_of(0) == 0
