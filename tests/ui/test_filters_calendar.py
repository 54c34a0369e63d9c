"""The calendar's histogram: arithmetic of days, and days chosen by mouse and keys."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from desktop_app.ui.filters.calendar_bins import Timeline, Unit, Window, starts, to_date, to_day, unit_range
from desktop_app.ui.filters.histogram import CalendarHistogram
from desktop_app.ui.filters.histogram_paint import BARS, EDGE, LOW_BARS, bar_height
from tests.ui.panel_parts import show

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton
dates = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(dates, dates, st.sampled_from(Unit))
def test_units_cover_a_range_without_gaps(one, other, unit):
    first, last = sorted((to_day(one), to_day(other)))
    edges = starts(first, last, unit)
    assert edges[0] <= first
    assert edges[-2] <= last < edges[-1]
    assert (np.diff(edges) > 0).all()
    for edge, after in zip(edges[:-1].tolist()[:40], edges[1:].tolist(), strict=False):
        assert unit_range(edge, unit) == (edge, after - 1)


@given(st.dictionaries(dates, st.integers(1, 50), max_size=20), dates, dates)
def test_photos_between_two_days_are_counted_exactly(photos, one, other):
    days = sorted(photos)
    line = Timeline(
        np.array([to_day(day) for day in days], np.int64), np.array([photos[day] for day in days], np.int64)
    )
    first, last = sorted((one, other))
    expected = sum(count for day, count in photos.items() if first <= day <= last)
    assert line.count(to_day(first), to_day(last)) == expected
    if days:
        begin, end = line.span
        assert (to_date(begin).month, to_date(begin).day) == (1, 1)
        assert (to_date(end).month, to_date(end).day) == (12, 31)
        assert int(line.between(starts(begin, end, Unit.MONTH)).sum()) == sum(photos.values())


@given(st.integers(-9000, 9000), st.integers(30, 20000), st.floats(50, 900), st.floats(0.1, 10), st.floats(0, 1))
def test_zooming_stays_within_the_years_and_keeps_what_is_pointed_at(first, days, width, factor, share):
    limits = (first, first + days - 1)
    window = Window(*limits, width).zoomed(0.3, width * share, limits)
    again = window.zoomed(factor, width * share, limits)
    for one in (window, again):
        assert limits[0] <= one.first <= one.last <= limits[1]
        assert one.last - one.first + 1 >= min(days, 14)
    if limits[0] < again.first and again.last < limits[1]:
        before = window.first + share * (window.last - window.first + 1)
        after = again.first + share * (again.last - again.first + 1)
        assert abs(before - after) <= 1.5


@given(st.integers(0, 9000), st.integers(0, 400), st.floats(50, 900))
def test_a_place_leads_to_the_day_that_is_drawn_there(first, days, width):
    window = Window(first, first + days, width)
    for day in {first, first + days // 2, first + days}:
        assert window.day_at(window.x(day) + window.per_day / 2) == day
    assert window.day_at(-50) == first
    assert window.day_at(width + 50) == first + days


@pytest.fixture
def calendar(qtbot, look):
    made = show(qtbot, CalendarHistogram(look), 376, 100)
    days = [date(year, month, 3) for year in (2017, 2018, 2019) for month in range(1, 13)]
    made.set_days(np.array([to_day(day) for day in days], np.int32), np.arange(1, 37, dtype=np.int64))
    return made


def x_of(calendar: CalendarHistogram, day: date) -> int:
    return round(EDGE + calendar._window.x(to_day(day)) + calendar._window.per_day / 2)


def test_a_click_chooses_a_month_and_the_same_again_none(qtbot, calendar):
    at = QPoint(x_of(calendar, date(2018, 5, 12)), 40)
    with qtbot.waitSignal(calendar.rangeChosen) as chosen:
        QTest.mouseClick(calendar, LEFT, pos=at)
    assert chosen.args == [date(2018, 5, 1), date(2018, 5, 31)]
    calendar.set_range(*chosen.args)
    with qtbot.waitSignal(calendar.rangeCleared):
        QTest.mouseClick(calendar, LEFT, pos=at)


def test_a_drag_chooses_from_month_to_month_in_either_direction(qtbot, calendar):
    for first, second in ((date(2017, 11, 20), date(2018, 2, 3)), (date(2018, 2, 3), date(2017, 11, 20))):
        QTest.mousePress(calendar, LEFT, pos=QPoint(x_of(calendar, first), 40))
        QTest.mouseMove(calendar, QPoint(x_of(calendar, date(2018, 1, 1)), 40))
        QTest.mouseMove(calendar, QPoint(x_of(calendar, second), 40))
        with qtbot.waitSignal(calendar.rangeChosen) as chosen:
            QTest.mouseRelease(calendar, LEFT, pos=QPoint(x_of(calendar, second), 40))
        assert chosen.args == [date(2017, 11, 1), date(2018, 2, 28)]


def test_what_is_pointed_at_is_said_with_its_photos(calendar):
    said: list[str] = []
    calendar.wordsChanged.connect(said.append)
    QTest.mouseMove(calendar, QPoint(x_of(calendar, date(2018, 5, 12)), 30))
    assert said[-1] == "17 photos, May 2018"
    QApplication.sendEvent(calendar, QEvent(QEvent.Type.Leave))
    assert said[-1] == ""


def test_the_tooltip_says_exactly_how_many_photos_a_bar_stands_for(calendar):
    point = QPoint(x_of(calendar, date(2018, 3, 12)), 30)
    QApplication.sendEvent(calendar, QHelpEvent(QEvent.Type.ToolTip, point, calendar.mapToGlobal(point)))
    assert QToolTip.text() == calendar.words(unit_range(to_day(date(2018, 3, 12)), Unit.MONTH))
    QToolTip.hideText()


@given(st.lists(st.integers(1, 200_000), min_size=2, max_size=9), st.sampled_from((BARS, LOW_BARS)))
def test_more_photos_are_never_lower_and_few_are_seen_beside_many(counts, room):
    heights = [bar_height(count, max(counts), room) for count in sorted(counts)]
    assert heights == sorted(heights)
    assert heights[-1] == room
    assert heights[0] >= 4
    assert bar_height(0, max(counts), room) == 0
    assert bar_height(100, 10_000, room) >= room / 11  # of a hundredth a tenth, not nothing


def wheel(calendar: CalendarHistogram, day: date, steps: int) -> None:
    at = QPointF(x_of(calendar, day), 40)
    event = QWheelEvent(
        at, calendar.mapToGlobal(at), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(calendar, event)
    assert event.isAccepted()  # a list around it does not scroll


def test_the_wheel_zooms_into_days_and_esc_shows_all_years(qtbot, calendar):
    zoomed: list[bool] = []
    calendar.zoomChanged.connect(zoomed.append)
    for _ in range(12):
        wheel(calendar, date(2018, 5, 12), 1)
    assert zoomed[-1] is True
    assert calendar._window.picked is Unit.DAY
    with qtbot.waitSignal(calendar.rangeChosen) as chosen:
        QTest.mouseClick(calendar, LEFT, pos=QPoint(x_of(calendar, date(2018, 5, 12)), 40))
    assert chosen.args == [date(2018, 5, 12), date(2018, 5, 12)]
    QTest.keyClick(calendar, KEY.Key_Escape)
    assert zoomed[-1] is False
    assert not calendar.is_zoomed


def test_a_second_click_zooms_into_the_month(qtbot, calendar):
    at = QPoint(x_of(calendar, date(2018, 5, 12)), 40)
    with qtbot.waitSignal(calendar.rangeChosen):
        QTest.mouseDClick(calendar, LEFT, pos=at)
    assert (to_date(calendar._window.first), to_date(calendar._window.last)) == (date(2018, 5, 1), date(2018, 5, 31))


def test_keys_walk_extend_choose_and_clear(qtbot, calendar):
    calendar.setFocus()
    chosen: list[tuple[date, date]] = []
    calendar.rangeChosen.connect(lambda first, last: chosen.append((first, last)))
    QTest.keyClick(calendar, KEY.Key_Home)
    QTest.keyClick(calendar, KEY.Key_Right)
    QTest.keyClick(calendar, KEY.Key_Return)
    assert chosen[-1] == (date(2017, 2, 1), date(2017, 2, 28))
    calendar.set_range(*chosen[-1])
    QTest.keyClick(calendar, KEY.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(calendar, KEY.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert chosen[-1] == (date(2017, 2, 1), date(2017, 4, 30))
    calendar.set_range(*chosen[-1])
    with qtbot.waitSignal(calendar.rangeCleared):
        QTest.keyClick(calendar, KEY.Key_Delete)
    QTest.keyClick(calendar, KEY.Key_End)
    QTest.keyClick(calendar, KEY.Key_Right)  # there is nothing further
    QTest.keyClick(calendar, KEY.Key_Space)
    assert chosen[-1] == (date(2019, 12, 1), date(2019, 12, 31))


def test_keys_zoom_and_the_keyboards_place_stays_in_sight(calendar):
    calendar.setFocus()
    QTest.keyClick(calendar, KEY.Key_Home)
    for _ in range(4):
        QTest.keyClick(calendar, KEY.Key_Plus)
    assert calendar.is_zoomed
    for _ in range(80):
        QTest.keyClick(calendar, KEY.Key_Right)
        place = calendar._place
        assert calendar._window.first <= place[0] <= place[1] <= calendar._window.last
    for _ in range(6):
        QTest.keyClick(calendar, KEY.Key_Minus)
    assert not calendar.is_zoomed


def test_the_zoom_stays_while_counts_change_and_years_that_went_are_left(calendar):
    calendar.zoom_to(date(2018, 5, 1), date(2018, 7, 31))
    before = calendar._window
    days = np.array([to_day(date(2017, 3, 3)), to_day(date(2019, 3, 3))], np.int32)
    calendar.set_days(days, np.ones(2, np.int64))
    assert calendar._window == before
    calendar.set_days(days[:1], np.ones(1, np.int64))  # nothing is left of 2018
    assert not calendar.is_zoomed


def test_what_is_chosen_is_in_reach_even_without_photos(calendar):
    calendar.set_range(date(2022, 1, 1), date(2022, 1, 31))
    assert to_date(calendar._limits[1]) == date(2022, 12, 31)
    calendar.set_range(date(2018, 1, 1), None)
    assert calendar._range == (to_day(date(2018, 1, 1)), to_day(date(2019, 12, 31)))
    calendar.set_days(np.empty(0, np.int32), np.empty(0, np.int64))
    calendar.set_range(None, None)
    assert calendar._limits is None
    QTest.mouseClick(calendar, LEFT, pos=QPoint(50, 40))  # nothing to choose, nothing happens
    QTest.keyClick(calendar, KEY.Key_Right)


@pytest.mark.parametrize(
    "span", [(date(2019, 5, 1), date(2019, 5, 9)), (date(1, 1, 1), date(2026, 1, 1)), (date(1826, 1, 1),) * 2]
)
@pytest.mark.parametrize("width", [170, 300, 1200])
def test_any_span_of_years_can_be_drawn(qtbot, look, span, width):
    calendar = show(qtbot, CalendarHistogram(look), width, 100)
    calendar.set_days(np.unique(np.array([to_day(day) for day in span], np.int32)), np.ones(len(set(span)), np.int64))
    assert not calendar.grab().isNull()
    calendar.zoom_to(span[0], span[1])
    calendar.set_range(span[0], None)
    calendar.setFocus()
    QTest.keyClick(calendar, KEY.Key_End)
    assert not calendar.grab().isNull()
