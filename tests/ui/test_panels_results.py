"""The bar above the photos, the search field, and what stands there when nothing is found."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.types import Order
from desktop_app.ui.panels.empty import EmptyPage
from desktop_app.ui.panels.looseness import EVERYTHING, Looseness
from desktop_app.ui.panels.parts import ElidedLabel
from desktop_app.ui.panels.result_bar import ResultBar
from desktop_app.ui.panels.search_field import DEBOUNCE_MS, PLACEHOLDER, SearchField
from desktop_app.ui.search.chip import ChipView
from tests.ui.panel_parts import make_image, show

SCORES = [0.93, 0.81, 0.8, 0.41, -0.2]


def chip(name: str, picture: QPixmap | None = None) -> ChipView:
    return ChipView(name, f"Looking for {name}", picture)


@pytest.fixture
def bar(qtbot, look):
    return show(qtbot, ResultBar(look), 1300, 60)


@pytest.fixture
def searching(bar):
    bar.set_search([chip("IMG_0003.jpg", QPixmap.fromImage(make_image(3, 40, 40)))], SCORES)
    bar.looseness.set_threshold(0.8)
    return bar


def test_browsing_shows_the_count_the_order_and_the_size(bar):
    bar.set_count(12431)
    assert bar.count_words() == "12,431 photos"
    bar.set_count(12, 3120)
    assert bar.count_words() == "12 of 3,120 photos"
    assert bar.back.isHidden()
    assert bar.chip.isHidden()
    assert [bar.sort.itemText(at) for at in range(bar.sort.count())] == ["Date", "Name"]


def test_searching_adds_the_query_the_slider_and_likeness(searching):
    assert searching.back.isVisible()
    assert searching.chip.accessibleName() == "Looking for IMG_0003.jpg"
    assert searching.looseness.isVisible()
    assert [searching.sort.itemText(at) for at in range(searching.sort.count())] == ["Likeness", "Date", "Name"]
    assert searching.order() is Order.LIKENESS
    searching.set_order(Order.NAME)
    searching.set_search(None)
    assert searching.order() is Order.NAME
    assert searching.looseness.isHidden()


def test_the_order_is_told_when_it_is_chosen_by_hand_only(qtbot, searching):
    with qtbot.assertNotEmitted(searching.sortChosen):
        searching.set_order(Order.DATE)
        searching.set_search(None)
    searching.sort.setFocus()
    with qtbot.waitSignal(searching.sortChosen) as chosen:
        qtbot.keyClick(searching.sort, Qt.Key.Key_Down)
    assert chosen.args == [Order.NAME]


def test_the_count_follows_the_slider(qtbot, searching):
    assert searching.count_words() == "3 photos"
    slider = searching.looseness.slider
    told = []
    searching.thresholdChanged.connect(told.append)
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Left)  # closer
    assert told == [pytest.approx(0.81)]
    assert searching.count_words() == "2 photos"
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert told[-1] == 1.0
    assert searching.count_words() == "0 photos"
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert told[-1] == EVERYTHING == -1.0
    assert searching.count_words() == "5 photos"


def test_the_query_is_removed_by_mouse_and_key_and_back_goes_back(qtbot, searching):
    with qtbot.waitSignal(searching.chips.removed):
        qtbot.mouseClick(searching.chip.close_button, Qt.MouseButton.LeftButton)
    searching.chip.setFocus()
    with qtbot.waitSignal(searching.chips.removed):
        qtbot.keyClick(searching.chip, Qt.Key.Key_Delete)
    with qtbot.waitSignal(searching.backAsked):
        qtbot.mouseClick(searching.back, Qt.MouseButton.LeftButton)


def test_the_size_is_told_while_the_slider_moves(qtbot, bar):
    with qtbot.assertNotEmitted(bar.sizeChosen):
        bar.set_size(200)
    assert bar.size_slider.value() == 200
    bar.size_slider.setFocus()
    with qtbot.waitSignal(bar.sizeChosen) as size:
        qtbot.keyClick(bar.size_slider, Qt.Key.Key_Right)
    assert size.args == [224]


def test_results_of_an_unfinished_library_say_so(searching):
    searching.set_added_so_far(3120)
    assert searching._note.isVisible()
    assert searching._note.text() == "In the 3,120 photos added so far."
    searching.set_added_so_far(None)
    assert searching._note.isHidden()


@pytest.mark.parametrize("width", [420, 740, 1040, 1700])
def test_nothing_is_cut_off_at_any_width(qtbot, look, width):
    page = show(qtbot, QWidget(), 1800, 400)
    searching = ResultBar(look, page)
    searching.set_search([chip("A photo with a long name, from the summer of 2019.jpg")], SCORES)
    searching.set_added_so_far(3120)
    searching.show()
    assert searching.minimumSizeHint().width() <= 420
    for _ in range(2):  # the first time parts change places
        searching.setGeometry(0, 0, width, searching.sizeHint().height())
        searching.layout().activate()
    for part in (searching.back, searching.chip, searching.sort, searching.size_slider, searching.looseness):
        assert part.isVisible()
        left = part.mapTo(searching, part.rect().topLeft()).x()
        assert left >= 0
        assert left + part.width() <= width


def test_a_photo_that_is_just_as_close_as_asked_is_in(qtbot):
    looseness = Looseness()
    qtbot.addWidget(looseness)
    looseness.set_scores(np.array([0.8, 0.7], np.float32))
    looseness.set_threshold(float(np.float32(0.8)))
    assert looseness.count() == 1
    looseness.set_threshold(0.8)
    assert looseness.count() == 1


def test_a_distance_is_closer_when_it_is_smaller(qtbot):
    looseness = Looseness()
    qtbot.addWidget(looseness)
    looseness.set_range(0.0, 2.0)
    looseness.set_scores([1.5, 0.2, 0.9])
    looseness.set_threshold(1.0)
    assert looseness.count() == 2
    assert looseness.nearest() == pytest.approx(0.2)
    with qtbot.waitSignal(looseness.thresholdChanged) as told:
        looseness.slider.setValue(0)
    assert told.args == [0.0]


def test_showing_looser_matches_goes_as_far_as_it_takes(qtbot):
    looseness = Looseness()
    qtbot.addWidget(looseness)
    looseness.set_scores([0.41 - 0.01 * at for at in range(40)])
    looseness.set_threshold(0.9)
    assert looseness.count() == 0
    with qtbot.waitSignal(looseness.thresholdChanged):
        looseness.loosen()
    assert looseness.count() == 12
    looseness.set_scores([])
    looseness.loosen()
    assert looseness.nearest() is None


def test_nothing_this_close(qtbot, look):
    page = EmptyPage(look)
    qtbot.addWidget(page)
    asked = []
    page.nothing_this_close(0.412, lambda: asked.append(1))
    assert page.words() == "No photo is this close. The nearest is at 0.41."
    assert [made.text() for made in page.buttons()] == ["Show looser matches"]
    page.buttons()[0].click()
    assert asked == [1]
    page.nothing_this_close(None, lambda: None)
    assert page.words() == "No other photo yet."
    assert page.buttons() == []


def test_no_name_holds_the_words(qtbot, look):
    page = EmptyPage(look)
    qtbot.addWidget(page)
    page.nothing_fits("<b>" + "x" * 200, lambda: None)
    assert "<b>x" in page.words()
    assert len(page.words()) < 90


# --- the search field


@pytest.fixture
def field(qtbot, look):
    return show(qtbot, SearchField(look), 400, 40)


def test_it_says_what_it_does(field):
    assert field.placeholderText() == PLACEHOLDER
    assert field.accessibleName()
    assert not field.acceptDrops()


def test_typing_is_told_once_it_pauses(qtbot, field):
    told = []
    field.searched.connect(told.append)
    qtbot.keyClicks(field, " summer ")
    assert told == []
    assert field._pause.interval() == DEBOUNCE_MS
    qtbot.waitUntil(lambda: told == ["summer"])
    qtbot.keyClick(field, Qt.Key.Key_Space)
    with qtbot.waitSignal(field._pause.timeout):
        pass
    assert told == ["summer"]  # blanks change nothing


def test_enter_and_escape_tell_at_once(qtbot, field):
    told = []
    field.searched.connect(told.append)
    qtbot.keyClicks(field, "cat")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == ["cat"]
    assert not field._pause.isActive()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert told == ["cat", ""]
    with qtbot.waitSignal(field.left):
        qtbot.keyClick(field, Qt.Key.Key_Escape)


def test_down_leaves_and_ctrl_f_selects(qtbot, field):
    qtbot.keyClicks(field, "cat")
    with qtbot.waitSignals([field.searched, field.left]):
        qtbot.keyClick(field, Qt.Key.Key_Down)
    field.clearFocus()
    field.begin()
    assert field.hasFocus()
    assert field.selectedText() == "cat"


def test_the_cross_clears(qtbot, field):
    assert not field._clear.isVisible()
    qtbot.keyClicks(field, "cat")
    assert field._clear.isVisible()
    field._tell()
    with qtbot.waitSignal(field.searched) as told:
        field._clear.trigger()
    assert told.args == [""]


def leaves(widget: QWidget) -> list[QWidget]:
    """What is seen in it: its children without children of their own."""
    shown = [one for one in widget.findChildren(QWidget) if one.isVisible()]
    seen = (QLabel, QAbstractButton, QComboBox, QSlider)
    return [one for one in shown if isinstance(one, seen) and not isinstance(one.parent(), QComboBox)]


def assert_legible(bar: ResultBar, width: int) -> None:
    """Nothing lies over anything else, nothing is cut off."""
    parts = leaves(bar)
    areas = [QRect(one.mapTo(bar, QPoint(0, 0)), one.size()).adjusted(1, 1, -1, -1) for one in parts]
    for (one, a), (other, b) in itertools.combinations(zip(parts, areas, strict=True), 2):
        assert not a.intersects(b) or one.isAncestorOf(other) or other.isAncestorOf(one), (width, one, other)
    assert max(area.right() for area in areas) <= width
    assert max(area.bottom() for area in areas) <= bar.height()
    for one in parts:
        if isinstance(one, QLabel) and one.text() and not one.wordWrap() and not isinstance(one, ElidedLabel):
            assert one.width() >= one.sizeHint().width(), (width, one.text())
        elif isinstance(one, QLabel) and one.wordWrap():
            assert one.height() >= one.heightForWidth(one.width()), (width, one.text())


def test_nothing_in_the_bar_lies_over_anything_else(qtbot, look):
    window = show(qtbot, QWidget(), 1600, 500)
    bar = ResultBar(look)
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(bar)
    column.addStretch(1)
    narrow = QPushButton("All answers with one")
    bar.add_filter(narrow)
    narrow.hide()

    def check_all() -> None:
        for width in (*range(480, 1600, 70), 1600):
            window.resize(width, 500)
            qtbot.waitUntil(lambda width=width: bar.width() == width)
            QApplication.processEvents()
            assert_legible(bar, width)

    bar.set_count(1_234, 31_234, "answer “a name that is as long as names of answers become”")
    check_all()
    bar.set_search([chip("IMG_0003.jpg", QPixmap.fromImage(make_image(3, 40, 40)))], np.linspace(1, 0, 31_234))
    bar.looseness.set_threshold(EVERYTHING)
    bar.set_ways([("a", "Things (a network with a long name)"), ("b", "Colour")], "a")
    check_all()
    # what comes while it is shown is placed, too
    for width in (480, 960, 1590):
        window.resize(width, 500)
        QApplication.processEvents()
        narrow.hide()
        bar.set_added_so_far(None)
        bar.looseness.set_threshold(0.9999)
        QApplication.processEvents()
        narrow.show()
        bar.looseness.set_threshold(EVERYTHING)
        bar.set_added_so_far(3_120)
        bar.set_remarks(["“t-shir” was read as “t-shirt”.", "“a.jpg” takes no part. The file is empty."])
        QApplication.processEvents()
        assert_legible(bar, width)
    check_all()
    bar.set_search(None)
    check_all()
