"""Choices stay where they are while somebody points at them; only their counts change."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.core.operations.facets import facets
from desktop_app.core.operations.filter_words import worded
from desktop_app.core.searching import Filter, Shape
from desktop_app.ui.filters.panel import FilterPanel
from desktop_app.ui.filters.rows import FEW, RowKind
from tests.core.filters_made import catalogue
from tests.core.test_facets import Stand
from tests.core.test_filters import made
from tests.ui.test_filters_panel import KEY, K, click, counted, panel, row, rows, set_filters

__all__ = ["panel"]


def enter(panel: FilterPanel) -> None:
    point = QPointF(40, 300)
    QApplication.sendEvent(panel, QEnterEvent(point, point, QPointF(panel.mapToGlobal(point.toPoint()))))


def leave(panel: FilterPanel) -> None:
    QApplication.sendEvent(panel, QEvent(QEvent.Type.Leave))


def names(panel: FilterPanel) -> list[tuple[RowKind, str]]:
    return [(one.kind, one.name if one.kind in (RowKind.HEADING, RowKind.OPTION) else one.key) for one in rows(panel)]


def answer(panel: FilterPanel, *filters: Filter) -> None:
    """The search has these filters now, because they were chosen here."""
    found = counted(*filters)
    panel.set_filters(tuple(worded(one, found.names) for one in filters))
    panel.set_facets(found)


def test_rows_stay_under_the_pointer_and_what_has_no_photos_is_grey(qtbot, panel):
    enter(panel)
    before = names(panel)
    places = {name: panel.choices.visualRect(panel.choices.rows.index(at, 0)) for at, (_, name) in enumerate(before)}
    camera = Filter(K.CAMERA, "", choices=("Camera 3",))
    answer(panel, camera)
    assert names(panel) == before
    assert {
        name: panel.choices.visualRect(panel.choices.rows.index(at, 0)) for at, (_, name) in enumerate(before)
    } == places
    now = counted(camera)
    for one in rows(panel):
        if one.wish is not None and one.key in ("shape", "format", "rating"):
            held = next((option for group in now.groups for option in group.options if option.wish == one.wish), None)
            assert one.count == (held.count if held else 0)
    empty = [one for one in rows(panel) if one.count == 0]
    assert empty
    assert not any(one.can_be_taken for one in empty)
    with qtbot.assertNotEmitted(panel.filterAdded), qtbot.assertNotEmitted(panel.filterReplaced):
        click(panel, empty[-1].name)
    leave(panel)
    assert names(panel) != before
    assert all(one.count for one in rows(panel) if one.kind is RowKind.OPTION)


def test_opening_and_listing_in_full_moves_only_what_is_below(qtbot, panel):
    enter(panel)
    answer(panel, Filter(K.SHAPE, "", shapes=(Shape.PORTRAIT,)))
    before = names(panel)
    at = [name for _, name in before].index("Family")
    click(panel, "Family", x=14)
    opened = names(panel)
    assert opened[: at + 1] == before[: at + 1]
    assert (RowKind.OPTION, "2019") in opened[at + 1 :]
    assert [one for one in opened if one in before] == before
    click(panel, "Family", x=14)
    assert names(panel) == before
    more = next(one for one in rows(panel) if one.kind is RowKind.MORE and one.key == "camera")
    at = rows(panel).index(more)
    click(panel, more.name)
    assert names(panel)[:at] == before[:at]
    assert (RowKind.MORE, "camera") not in names(panel)
    heading = next(one for one in rows(panel) if one.kind is RowKind.HEADING and one.key == "camera")
    click(panel, heading.name)
    assert [one for one in rows(panel) if one.key == "camera"] == [replace(heading, is_open=False)]


def test_a_search_from_elsewhere_is_listed_anew_even_under_the_pointer(panel):
    enter(panel)
    set_filters(panel, Filter(K.CAMERA, "", choices=("Camera 3",)))
    assert all(one.count for one in rows(panel) if one.kind is RowKind.OPTION)


def test_by_key_rows_stay_until_the_keyboard_goes_elsewhere(qtbot, panel):
    leave(panel)
    panel.choices.setFocus()
    panel.choices.setCurrentIndex(panel.choices.rows.index(rows(panel).index(row(panel, "Landscape")), 0))
    before = names(panel)
    QTest.keyClick(panel.choices, KEY.Key_Space)
    answer(panel, Filter(K.SHAPE, "", shapes=(Shape.LANDSCAPE,)), Filter(K.CAMERA, "", choices=("Camera 3",)))
    assert names(panel) == before
    panel.search.setFocus()
    assert names(panel) != before


def test_counts_of_letters_that_are_not_counted_yet_are_not_said(panel):
    with closing(catalogue([made(n + 1, words=frozenset({f"word {n}"})) for n in range(80)])) as connection:
        stand = Stand(connection)
        panel.list_anew()
        panel.set_facets(facets(stand, None, ()))
        panel.search.setText("word")
        assert not [one for one in rows(panel) if one.kind is RowKind.NOTE]
        panel.set_facets(facets(stand, None, (), keyword="word", camera="word"))
        assert [one.name for one in rows(panel) if one.kind is RowKind.NOTE] == ["30 more: find them by their letters"]
        panel.search.setText("word 7")
        panel.set_facets(facets(stand, None, (), keyword="word 7", camera="word 7"))
        assert len([one for one in rows(panel) if one.kind is RowKind.OPTION]) == 11
        panel.search.clear()  # back to all of them at once, with what they counted
        listed = [one for one in rows(panel) if one.key == "keyword"]
        assert listed[-1].name == f"{80 - FEW} more"
