"""Two photos side by side: moved and magnified in step, and what differs between them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QTransform
from PySide6.QtTest import QTest

from desktop_app.core.duplicates.sets import Change, How, Kind
from desktop_app.core.searching import Box
from desktop_app.ui.duplicates.linked import upright
from desktop_app.ui.duplicates.page import DuplicatesPage
from tests.ui.duplicates_parts import LEFT, NEAR, TURNED, TWINS, Key, heard, make_facts, make_set, page
from tests.ui.panel_parts import make_image

__all__ = ["page"]


@pytest.fixture
def compare(page: DuplicatesPage):
    QTest.keyClick(page.list, Key.Key_Space)
    assert page.is_comparing
    return page.compare


def test_space_looks_closer_and_space_returns(page: DuplicatesPage, compare) -> None:
    assert compare.photos() == [10, 11]
    assert compare.left.name.words() == "IMG_10.jpg"
    assert compare.right.mark.text() == "Goes"
    QTest.keyClick(compare, Key.Key_Space)
    assert not page.is_comparing
    page.row.opened.emit(11)  # so does a double click
    assert page.is_comparing
    QTest.keyClick(compare, Key.Key_Escape)
    assert not page.is_comparing


def test_the_suggested_photo_stays_at_left(page: DuplicatesPage, compare) -> None:
    QTest.keyClick(compare, Key.Key_Down)
    assert page.current_set() == NEAR
    assert compare.photos() == [20, 21]
    QTest.keyClick(compare, Key.Key_Right)
    QTest.keyClick(compare, Key.Key_Right)
    assert compare.photos() == [20, 22]
    assert compare.right.is_current
    QTest.keyClick(compare, Key.Key_Home)
    assert page.current_set() == TWINS


def test_keys_decide_here_too(page: DuplicatesPage, compare) -> None:
    done = heard(page.doAsked)
    QTest.keyClick(compare, Key.Key_Right)
    QTest.keyClick(compare, Key.Key_K)
    assert compare.right.mark.text() == "Keep"
    assert compare.left.mark.text() == "Goes"
    QTest.keyClick(compare, Key.Key_Return)
    assert done == [(TWINS, (10,))]
    compare.right.mark.click()  # the last kept one stays
    assert compare.right.mark.text() == "Keep"
    compare.left.mark.click()
    assert compare.left.mark.text() == "Keep"


def test_z_shows_the_same_place_as_large_in_both(page: DuplicatesPage, compare) -> None:
    page.pictures.put(11, make_image(1, 200, 150))
    left, right = compare.left.canvas, compare.right.canvas
    right.show_photo(make_image(1, 200, 150).size(), None)
    QTest.keyClick(compare, Key.Key_Z)
    assert left.scale() == pytest.approx(1.0)
    assert right.scale() == pytest.approx(2.0)
    assert left.photo_rect().width() == pytest.approx(right.photo_rect().width())
    QTest.keyClick(compare, Key.Key_Z)
    assert left.is_fit
    assert right.is_fit


def test_ctrl_plus_and_minus_magnify_both(compare) -> None:
    ctrl = Qt.KeyboardModifier.ControlModifier
    fits = compare.left.canvas.scale()
    QTest.keyClick(compare, Key.Key_Plus, ctrl)
    assert compare.left.canvas.scale() == pytest.approx(1.25 * fits)
    assert compare.right.canvas.scale() == pytest.approx(1.25 * fits)
    QTest.keyClick(compare, Key.Key_Plus, ctrl)
    QTest.keyClick(compare, Key.Key_Minus, ctrl)
    assert compare.right.canvas.scale() == pytest.approx(1.25 * fits)
    QTest.keyClick(compare, Key.Key_0, ctrl)
    assert compare.link.is_fit


def test_the_wheel_and_the_hand_move_both(compare) -> None:
    left, right = compare.left.canvas, compare.right.canvas
    left.zoom_to(6.0, QPointF(40, 40))
    assert right.scale() == pytest.approx(6.0)
    QTest.mousePress(right, LEFT, pos=QPoint(200, 200))
    QTest.mouseMove(right, QPoint(170, 180))
    QTest.mouseRelease(right, LEFT, pos=QPoint(170, 180))
    a, b = left.photo_rect(), right.photo_rect()
    assert (a.x(), a.y(), a.width()) == pytest.approx((b.x(), b.y(), b.width()), abs=1.5)


def test_what_is_looked_at_stays_for_the_next_photo_of_the_set(page: DuplicatesPage, compare) -> None:
    QTest.keyClick(compare, Key.Key_Down)
    compare.left.canvas.zoom_to(5.0, QPointF(10, 10))
    aim = compare.link.aim()
    QTest.keyClick(compare, Key.Key_Right)
    QTest.keyClick(compare, Key.Key_Right)
    assert compare.photos() == [20, 22]
    assert compare.right.canvas.scale() == pytest.approx(5.0)
    assert compare.link.aim() == aim
    QTest.keyClick(compare, Key.Key_Down)  # another set begins with the whole photos
    assert compare.link.is_fit


def test_a_crop_shows_the_same_place(page: DuplicatesPage) -> None:
    how = How((Change.CROPPED,), 0.98, part=Box(0.25, 0.25, 0.5, 0.5))
    crop = make_set("e", Kind.NEAR, 80, how=how)
    page.show_sets([crop])
    page.enter_compare()
    left, right = page.compare.left.canvas, page.compare.right.canvas
    right.show_photo(make_image(1, 200, 150).size(), None)  # half as wide as the first
    left.zoom_to(8.0)
    assert right.scale() == pytest.approx(8.0)
    assert left.photo_rect().center().x() == pytest.approx(right.photo_rect().center().x(), abs=1)


def test_turned_copies_are_laid_as_the_first_lies(page: DuplicatesPage) -> None:
    first = QImage(4, 2, QImage.Format.Format_RGB888)
    first.fill(QColor("white"))
    first.setPixelColor(0, 0, QColor("red"))
    for turn in (0, 90, 180, 270):
        for mirrored in (False, True):
            other = first.flipped(Qt.Orientation.Horizontal) if mirrored else first
            other = other.transformed(QTransform().rotate(turn))
            back = upright(other, How((Change.TURNED_LEFT,), 1.0, turn=turn, mirrored=mirrored))
            assert back.size() == first.size()
            assert back.pixelColor(0, 0) == QColor("red")
    page.show_sets([TURNED])
    page.pictures.put(31, make_image(2, 300, 400))
    page.enter_compare()
    rect = page.compare.right.canvas.photo_rect()
    assert rect.width() > rect.height()


def test_d_asks_for_what_differs_and_shows_it_in_step(page: DuplicatesPage) -> None:
    asked = heard(page.differenceAsked)
    QTest.keyClick(page.list, Key.Key_D)
    compare = page.compare
    assert asked == [(10, 11)]
    assert compare.is_differing
    compare.left.canvas.zoom_to(3.0)
    compare.show_difference(10, 12, make_image(5, 40, 30), "of others")  # too late, about something else
    assert compare.right.facts.words() != "of others"
    compare.show_difference(10, 11, make_image(5, 40, 30), "they differ at the lower left")
    assert compare.right.facts.words() == "they differ at the lower left"
    assert compare.right.canvas.photo_rect().width() == pytest.approx(compare.left.canvas.photo_rect().width())
    assert page.step_out()  # Esc: back to the photo, then to the sets
    assert not compare.is_differing
    assert page.is_comparing
    assert page.step_out()
    assert not page.step_out()


def test_more_pixels_are_asked_for_only_when_they_show_more(page: DuplicatesPage, compare) -> None:
    side = compare.picture_side()
    assert side < 2000
    compare.left.canvas.fullWanted.emit()
    assert compare.picture_side() > 100_000
    page.show_facts(make_facts(TWINS))
    QTest.keyClick(compare, Key.Key_Down)
    assert compare.picture_side() < 2000
