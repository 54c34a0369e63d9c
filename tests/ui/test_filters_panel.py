"""The panel of filters: which choices are listed, what choosing asks for, and keys."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop_app.core.labelling import LabelFilter, Origin
from desktop_app.core.operations.facets import Facets, facets
from desktop_app.core.operations.filter_words import worded
from desktop_app.core.searching import Filter, FilterKind, Shape
from desktop_app.ui.filters.panel import WIDTH, FilterPanel
from desktop_app.ui.filters.rows import FEW, Row, RowKind, rows_of
from tests.core.filters_made import Made, catalogue
from tests.core.test_facets import Stand
from tests.core.test_filters import made
from tests.ui.panel_parts import show

K = FilterKind
KEY = Qt.Key


def album() -> list[Made]:
    cameras = ["Canon EOS 80D", "NIKON D850", "", *(f"Camera {n}" for n in range(9))]
    return [
        made(
            n + 1,
            folder=1 + n % 2,
            place=("", "2019", "2019/beach", "2020/a/b")[n % 4],
            day=date(2017 + n % 3, 1 + n % 12, 5),
            camera=cameras[n % len(cameras)],
            format="JPEG" if n % 3 else "PNG",
            width=(4000, 3000, 1000)[n % 3],
            height=(3000, 4000, 1000)[n % 3],
            rating=n % 6 if n % 2 else None,
            labels={1: ((11 + n % 2, Origin.HAND),)} if n % 5 else {},
            words=frozenset({"sea"} if n % 7 == 0 else ()),
        )
        for n in range(48)
    ]


def counted(*filters: Filter) -> Facets:
    with closing(catalogue(album())) as connection:
        return facets(Stand(connection), None, filters, today=date(2019, 1, 5))


@pytest.fixture
def panel(qtbot, look) -> FilterPanel:
    made_panel = show(qtbot, FilterPanel(look), WIDTH, 560)
    made_panel.set_facets(counted())
    return made_panel


def rows(panel: FilterPanel) -> tuple[Row, ...]:
    return panel.choices.rows.rows


def row(panel: FilterPanel, name: str) -> Row:
    return next(one for one in rows(panel) if one.name == name)


def click(panel: FilterPanel, name: str, x: int = 150) -> None:
    """Click a row where it is; it is scrolled to as someone would."""
    index = panel.choices.rows.index(rows(panel).index(row(panel, name)), 0)
    panel.choices.scrollTo(index)
    place = panel.choices.visualRect(index)
    QTest.mouseClick(panel.choices.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, place.bottom() - 8))


def set_filters(panel: FilterPanel, *filters: Filter) -> tuple[Filter, ...]:
    found = counted(*filters)
    given = tuple(worded(one, found.names) for one in filters)
    panel.list_anew()  # the search is another one
    panel.set_filters(given)
    panel.set_facets(found)
    return given


def test_a_choice_adds_its_filter_with_words(qtbot, panel):
    with qtbot.waitSignal(panel.filterAdded) as added:
        click(panel, "Landscape")
    assert added.args == [Filter(K.SHAPE, "landscape", shapes=(Shape.LANDSCAPE,))]


def test_a_second_choice_of_the_same_question_joins_the_first(qtbot, panel):
    (held,) = set_filters(panel, Filter(K.SHAPE, "", shapes=(Shape.LANDSCAPE,)))
    assert row(panel, "Landscape").is_chosen
    with qtbot.waitSignal(panel.filterReplaced) as replaced:
        click(panel, "Portrait")
    both = Filter(K.SHAPE, "landscape or portrait", shapes=(Shape.LANDSCAPE, Shape.PORTRAIT))
    assert replaced.args == [held, both]
    set_filters(panel, both)
    with qtbot.waitSignal(panel.filterReplaced) as replaced:
        click(panel, "Landscape")
    assert replaced.args == [both, Filter(K.SHAPE, "portrait", shapes=(Shape.PORTRAIT,))]
    set_filters(panel, replaced.args[1])
    with qtbot.waitSignal(panel.filterRemoved) as removed:
        click(panel, "Portrait")
    assert removed.args == [Filter(K.SHAPE, "portrait", shapes=(Shape.PORTRAIT,))]


def test_a_filter_that_is_switched_off_is_switched_on_by_choosing_it(qtbot, panel):
    off = Filter(K.FORMAT, "JPEG", choices=("JPEG",), on=False)
    panel.set_filters((off,))
    assert not row(panel, "JPEG").is_chosen
    with qtbot.waitSignal(panel.filterReplaced) as replaced:
        click(panel, "JPEG")
    assert replaced.args == [off, replace(off, on=True)]


def test_not_labelled_takes_the_place_of_answers(qtbot, panel):
    (held,) = set_filters(panel, Filter(K.LABEL, "", label=LabelFilter(1, (11,))))
    with qtbot.waitSignal(panel.filterReplaced) as replaced:
        click(panel, "Not labelled")
    assert replaced.args[0] == held
    assert replaced.args[1].label == LabelFilter(1, labelled=False)
    assert replaced.args[1].words == "not labelled: set 1"


def test_folders_open_by_their_arrow_and_are_chosen_by_their_name(qtbot, panel):
    names = [one.name for one in rows(panel)]
    assert "beach" not in names
    click(panel, "Family", x=14)
    assert row(panel, "2019").depth == 1
    click(panel, "2019", x=30)
    with qtbot.waitSignal(panel.filterAdded) as added:
        click(panel, "beach")
    assert added.args == [Filter(K.FOLDER, "in Family / 2019 / beach", folder=1, text="2019/beach")]
    click(panel, "Family", x=14)
    assert "2019" not in [one.name for one in rows(panel)]


def test_folders_that_hold_what_is_chosen_are_open_but_can_be_closed(panel):
    set_filters(panel, Filter(K.FOLDER, "", folder=1, text="2019/beach"))
    assert row(panel, "beach").is_chosen
    click(panel, "Family", x=14)
    assert "beach" not in [one.name for one in rows(panel)]


def test_letters_find_choices_in_every_group_and_are_told(qtbot, panel):
    with qtbot.waitSignal(panel.lettersChanged):
        panel.search.setText("  bea ")
    assert panel.letters == "bea"
    assert [(one.kind, one.name) for one in rows(panel)] == [(RowKind.HEADING, "Folder"), (RowKind.OPTION, "beach")]
    panel.search.setText("nothing at all")
    assert rows(panel) == ()
    panel.search.clear()
    assert "Shape" in [one.name for one in rows(panel)]


def test_a_long_group_is_listed_in_full_when_asked_for(panel):
    group = [one for one in rows(panel) if one.key == "camera" and one.kind is RowKind.OPTION]
    assert len(group) == FEW
    panel.choices.setCurrentIndex(panel.choices.rows.index(rows(panel).index(row(panel, "6 more")), 0))
    QTest.keyClick(panel.choices, KEY.Key_Return)
    group = [one for one in rows(panel) if one.key == "camera" and one.kind is RowKind.OPTION]
    assert len(group) == 12
    assert panel.choices.current_row() == group[FEW]  # the keyboard goes on where it was


def test_a_closed_group_still_shows_what_is_chosen(panel):
    set_filters(panel, Filter(K.FORMAT, "", choices=("PNG",)))
    click(panel, "Format")
    kept = [one.name for one in rows(panel) if one.key == "format"]
    assert kept == ["Format", "PNG"]
    click(panel, "Format")
    assert [one.name for one in rows(panel) if one.key == "format"] == ["Format", "JPEG", "PNG"]


def test_keys_reach_take_open_and_close(qtbot, panel):
    panel.choices.setFocus()
    names = set()
    for _ in range(len(rows(panel))):
        names.add(panel.choices.current_row().name)
        QTest.keyClick(panel.choices, KEY.Key_Down)
    assert names == {one.name for one in rows(panel) if one.kind is not RowKind.NOTE}
    family = rows(panel).index(row(panel, "Family"))
    panel.choices.setCurrentIndex(panel.choices.rows.index(family, 0))
    QTest.keyClick(panel.choices, KEY.Key_Right)
    assert row(panel, "Family").is_open
    QTest.keyClick(panel.choices, KEY.Key_Down)
    assert panel.choices.current_row().name == "2019"
    QTest.keyClick(panel.choices, KEY.Key_Left)  # closed: to the folder it is in
    assert panel.choices.current_row().name == "Family"
    with qtbot.waitSignal(panel.filterAdded) as added:
        QTest.keyClick(panel.choices, KEY.Key_Space)
    assert added.args[0].words == "in Family"
    QTest.keyClick(panel.choices, KEY.Key_Left)
    assert row(panel, "Family").is_open is False


def test_esc_clears_the_letters_first_and_then_closes(qtbot, panel):
    panel.search.setFocus()
    QTest.keyClicks(panel.search, "bea")
    QTest.keyClick(panel.search, KEY.Key_Escape)
    assert panel.search.text() == ""
    with qtbot.waitSignal(panel.closed):
        QTest.keyClick(panel.search, KEY.Key_Escape)


def test_days_from_the_calendar_become_one_filter(qtbot, panel):
    with qtbot.waitSignal(panel.filterAdded) as added:
        panel.calendar.rangeChosen.emit(date(2018, 5, 1), date(2018, 5, 31))
    assert added.args == [Filter(K.TAKEN, "May 2018", first=date(2018, 5, 1), last=date(2018, 5, 31))]
    (held,) = set_filters(panel, added.args[0])
    with qtbot.waitSignal(panel.filterReplaced) as replaced:
        panel.calendar.rangeChosen.emit(date(2018, 5, 1), date(2018, 6, 30))
    assert replaced.args[1].words == "May to June 2018"
    with qtbot.waitSignal(panel.filterRemoved) as removed:
        panel.calendar.rangeCleared.emit()
    assert removed.args == [held]


def test_the_head_says_how_many_photos_are_left(panel):
    assert panel._words.words() == "48 photos"
    set_filters(panel, Filter(K.TAKEN, "", first=date(2018, 1, 1), last=date(2018, 12, 31)))
    assert panel._words.words() == "16 photos, 2018"
    panel.calendar.wordsChanged.emit("3 photos, May 2018")
    assert panel._words.words() == "3 photos, May 2018"
    panel.calendar.wordsChanged.emit("")
    assert panel._words.words() == "16 photos, 2018"


def test_everything_is_cleared_by_one_button_that_is_there_only_then(qtbot, panel):
    assert not panel.clear_button.isVisible()
    set_filters(panel, Filter(K.FORMAT, "", choices=("PNG",)))
    with qtbot.waitSignal(panel.cleared):
        QTest.mouseClick(panel.clear_button, Qt.MouseButton.LeftButton)


def test_scores_can_be_chosen_while_something_orders_the_photos(qtbot, panel):
    assert "Likeness" not in [one.name for one in rows(panel)]
    panel.list_anew()
    panel.set_scores(np.array([0.95, 0.9, 0.72, 0.2], np.float32))
    wanted = [(one.name, one.count) for one in rows(panel) if one.key == "likeness"]
    assert wanted == [
        ("Likeness", None), ("At least 0.90", 2), ("At least 0.80", 2), ("At least 0.70", 3),
        ("At least 0.60", 3), ("At least 0.50", 3),
    ]  # fmt: skip
    with qtbot.waitSignal(panel.filterAdded) as added:
        click(panel, "At least 0.70")
    assert (added.args[0].kind, added.args[0].least, added.args[0].words) == (K.SCORE, 0.7, "likeness at least 0.70")


def test_below_a_chosen_score_nothing_is_offered_that_could_not_be_counted(panel):
    panel.list_anew()
    panel.set_scores(np.array([0.95, 0.85], np.float32))
    panel.set_filters((Filter(K.SCORE, "likeness at least 0.85", least=0.85),))
    listed = [
        (one.name, one.count, one.is_chosen)
        for one in rows(panel)
        if one.kind is RowKind.OPTION and one.key == "likeness"
    ]
    assert listed == [("At least 0.90", 1, False), ("At least 0.85", 2, True)]


def test_every_row_and_part_has_a_name_for_a_screen_reader(panel):
    for one in rows(panel):
        assert one.spoken
    set_filters(panel, Filter(K.FORMAT, "", choices=("PNG",)))
    index = panel.choices.rows.index(rows(panel).index(row(panel, "PNG")), 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "PNG, 16 photos, chosen"
    for widget in (panel.choices, panel.calendar, panel.search, panel.zoom_button, panel.close_button):
        assert widget.accessibleName()


def test_larger_text_makes_the_panel_wider_and_clips_no_button(qtbot, qapp, look):
    usual = qapp.font()
    large = qapp.font()
    large.setPointSizeF(2 * large.pointSizeF())
    try:
        qapp.setFont(large)
        look.refresh()
        panel = show(qtbot, FilterPanel(look), WIDTH, 560)
        panel.set_filters((Filter(K.FORMAT, "PNG", choices=("PNG",)),))
        assert panel.sizeHint().width() > WIDTH
        panel.resize(panel.sizeHint())
        panel.layout().activate()
        assert panel.clear_button.width() >= panel.clear_button.sizeHint().width()
    finally:
        qapp.setFont(usual)
        look.refresh()


def test_a_name_that_could_break_a_line_is_shown_in_one(panel):
    with closing(catalogue([made(1, words=frozenset({"a\nb\u202ec"})), made(2, place="x\ty")])) as connection:
        panel.set_facets(facets(Stand(connection), None, ()))
    assert all(one.name.isprintable() for one in rows(panel))


def test_thousands_of_folders_are_listed_in_part(look):
    many = [made(n + 1, place=f"{n:05}") for n in range(900)]
    with closing(catalogue(many)) as connection:
        found = facets(Stand(connection), None, ())
    listed = rows_of(found, (), {"open folder 1/"})
    assert len(listed) < 450
    assert any(one.kind is RowKind.NOTE and "letters" in one.name for one in listed)
    assert [one.name for one in rows_of(found, (), (), "00899")] == ["Folder", "00899"]
