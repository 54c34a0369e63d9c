"""The box in the viewer: by mouse and by keyboard, what is too small, and the place that a search found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt

from desktop_app.core.searching import Box
from desktop_app.ui.region.box import CORNERS_AND_EDGES, Drawn, Grip, is_usable, moved, resized
from desktop_app.ui.region.layer import HINT, NO_BOX, READY, TOO_SMALL
from desktop_app.ui.viewer_canvas import STEP
from tests.ui.panel_parts import make_image, still_style
from tests.ui.test_viewer_zoom import rest
from tests.ui.viewer_parts import opened, viewer, window

__all__ = ["still_style", "viewer", "window"]

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def boxing(qtbot, viewer):
    opened(qtbot, viewer)
    viewer.set_image(viewer.current(), make_image(viewer.current(), 600, 400), full=False)
    qtbot.keyClick(viewer, Key.Key_B)
    return viewer.parts.box


def at(viewer, x, y) -> QPoint:
    area = viewer.canvas.photo_rect()
    return QPoint(round(area.left() + x * area.width()), round(area.top() + y * area.height()))


def drag(qtbot, viewer, start, end):
    layer = viewer.parts.box
    qtbot.mousePress(layer, LEFT, pos=at(viewer, *start))
    qtbot.mouseMove(layer, at(viewer, *((a + b) / 2 for a, b in zip(start, end, strict=True))))
    qtbot.mouseMove(layer, at(viewer, *end))
    qtbot.mouseRelease(layer, LEFT, pos=at(viewer, *end))


def is_near(box: Box, x, y, width, height) -> bool:
    return all(
        abs(a - b) < 0.01 for a, b in zip((box.x, box.y, box.width, box.height), (x, y, width, height), strict=True)
    )


def test_a_box_is_drawn_and_searched_by(qtbot, viewer):
    layer = boxing(qtbot, viewer)
    assert layer.isVisible()
    assert layer.cursor().shape() == Qt.CursorShape.CrossCursor
    assert layer.bar.words.text() == HINT
    assert layer.bar.search.isHidden()
    drag(qtbot, viewer, (0.2, 0.3), (0.6, 0.8))
    assert is_near(layer.box, 0.2, 0.3, 0.4, 0.5)
    assert layer.bar.words.text() == READY
    assert layer.bar.geometry().bottom() < viewer.canvas.photo_rect().top()
    with qtbot.waitSignal(viewer.regionAsked) as asked:
        qtbot.mouseClick(layer.bar.search, LEFT)
    assert asked.args[0] == viewer.current()
    assert is_near(asked.args[1], 0.2, 0.3, 0.4, 0.5)
    assert layer.isHidden()
    assert not viewer.top.box_button.isChecked()


def test_the_keyboard_alone_draws_moves_resizes_and_searches(qtbot, viewer):
    layer = boxing(qtbot, viewer)
    row = viewer.row()
    qtbot.keyClick(viewer, Key.Key_Right)
    first = layer.box
    assert first is not None
    qtbot.keyClick(viewer, Key.Key_Right)
    qtbot.keyClick(viewer, Key.Key_Up)
    assert is_near(layer.box, first.x + 0.02, first.y - 0.02, first.width, first.height)
    qtbot.keyClick(viewer, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(viewer, Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert is_near(layer.box, first.x + 0.02, first.y - 0.02, first.width - 0.02, first.height + 0.02)
    assert viewer.row() == row
    with qtbot.waitSignal(viewer.regionAsked):
        qtbot.keyClick(viewer, Key.Key_Return)
    qtbot.keyClick(viewer, Key.Key_Right)  # again the next photo
    assert viewer.row() == row + 1


def test_escape_leaves_the_box_and_then_the_viewer(qtbot, viewer):
    layer = boxing(qtbot, viewer)
    qtbot.keyClick(viewer, Key.Key_Escape)
    assert layer.isHidden()
    assert viewer.isVisible()
    with qtbot.waitSignal(viewer.closed):
        qtbot.keyClick(viewer, Key.Key_Escape)


def test_b_leaves_what_b_began_and_the_button_shows_it(qtbot, viewer):
    layer = boxing(qtbot, viewer)
    assert viewer.top.box_button.isChecked()
    qtbot.keyClick(viewer, Key.Key_B)
    assert layer.isHidden()
    assert not viewer.top.box_button.isChecked()
    qtbot.mouseClick(viewer.top.box_button, LEFT)
    assert layer.isVisible()
    assert viewer.top.box_button.isChecked()


def test_a_slip_of_the_hand_does_nothing_but_say_so(qtbot, viewer):
    layer = boxing(qtbot, viewer)
    with qtbot.assertNotEmitted(viewer.regionAsked):
        start = at(viewer, 0.5, 0.5)
        qtbot.mousePress(layer, LEFT, pos=start)
        qtbot.mouseMove(layer, start + QPoint(3, 4))
        qtbot.mouseRelease(layer, LEFT, pos=start + QPoint(3, 4))
        assert layer.box is None
        assert layer.bar.words.text() == TOO_SMALL
        qtbot.keyClick(viewer, Key.Key_Return)
        assert layer.bar.words.text() == NO_BOX
    drag(qtbot, viewer, (0.2, 0.2), (0.5, 0.5))
    qtbot.mouseClick(layer, LEFT, pos=at(viewer, 0.9, 0.9))  # a click beside it leaves it
    assert is_near(layer.box, 0.2, 0.2, 0.3, 0.3)


def test_handles_pull_and_the_inside_moves_within_the_photo(qtbot, viewer):
    layer = boxing(qtbot, viewer)
    drag(qtbot, viewer, (0.6, 0.7), (0.3, 0.3))  # from the lower right to the upper left
    assert is_near(layer.box, 0.3, 0.3, 0.3, 0.4)
    drag(qtbot, viewer, (0.3, 0.3), (0.1, 0.2))
    assert is_near(layer.box, 0.1, 0.2, 0.5, 0.5)
    drag(qtbot, viewer, (0.6, 0.45), (0.8, 0.45))
    assert is_near(layer.box, 0.1, 0.2, 0.7, 0.5)
    drag(qtbot, viewer, (0.4, 0.4), (0.9, 0.4))
    assert is_near(layer.box, 0.3, 0.2, 0.7, 0.5)
    drag(qtbot, viewer, (0.3, 0.7), (0.3, 1.4))  # beyond the photo's edge
    assert is_near(layer.box, 0.3, 0.2, 0.7, 0.8)


def test_a_box_stays_on_its_place_while_the_photo_is_magnified(qtbot, viewer):
    layer = boxing(qtbot, viewer)
    drag(qtbot, viewer, (0.4, 0.4), (0.6, 0.6))
    before = layer.box_rect(layer.box)
    viewer.canvas.zoom_by(STEP)
    after = layer.box_rect(layer.box)
    assert is_near(layer.box, 0.4, 0.4, 0.2, 0.2)
    assert after.width() == pytest.approx(before.width() * STEP)


def test_the_whole_photo_can_be_reached_while_a_box_is_drawn(qtbot, viewer):
    viewer.resize(480, 320)
    layer = boxing(qtbot, viewer)
    area = viewer.canvas.photo_rect()
    assert layer.bar.geometry().bottom() < area.top()
    assert viewer.canvas.rect().toRectF().contains(area)
    assert viewer.filmstrip.isHidden()
    assert viewer.before.isHidden()
    assert viewer.after.isHidden()
    drag(qtbot, viewer, (0.01, 0.01), (0.99, 0.99))
    assert is_near(layer.box, 0.01, 0.01, 0.98, 0.98)
    drag(qtbot, viewer, (0.99, 0.99), (0.5, 0.5))
    qtbot.keyClick(viewer, Key.Key_Escape)
    assert viewer.filmstrip.isVisible()
    assert viewer.before.isVisible()
    larger = viewer.canvas.photo_rect()
    assert larger.width() > area.width()


def test_magnified_at_a_point_it_stays_there_beside_the_help(qtbot, viewer):
    boxing(qtbot, viewer)
    at_first = QPointF(at(viewer, 0.3, 0.6))
    viewer.canvas.zoom_by(STEP**8, at_first)
    assert (QPointF(at(viewer, 0.3, 0.6)) - at_first).manhattanLength() < 8


def test_controls_that_faded_come_back_with_the_box(qtbot, viewer):
    opened(qtbot, viewer)
    viewer.set_image(viewer.current(), make_image(viewer.current(), 600, 400), full=False)
    rest(viewer)
    qtbot.waitUntil(viewer.top.isHidden)
    qtbot.keyClick(viewer, Key.Key_B)
    assert viewer.top.isVisible()
    assert viewer.filmstrip.isHidden()


def test_another_photo_ends_the_box(qtbot, viewer):
    layer = boxing(qtbot, viewer)
    drag(qtbot, viewer, (0.4, 0.4), (0.6, 0.6))
    viewer.next()
    assert layer.isHidden()
    assert not viewer.top.box_button.isChecked()


def test_the_place_that_was_found_is_outlined_and_can_be_hidden(qtbot, viewer):
    opened(qtbot, viewer)
    photo = viewer.current()
    assert viewer.top.place_button.isHidden()
    viewer.set_places({photo: Box(0.1, 0.2, 0.3, 0.4)})
    assert viewer.parts.outline.isVisible()
    assert viewer.top.place_button.isVisible()
    qtbot.keyClick(viewer, Key.Key_O)
    assert viewer.parts.outline.isHidden()
    qtbot.mouseClick(viewer.top.place_button, LEFT)
    assert viewer.parts.outline.isVisible()
    qtbot.keyClick(viewer, Key.Key_B)  # the box is drawn on the bare photo
    assert viewer.parts.outline.isHidden()
    qtbot.keyClick(viewer, Key.Key_Escape)
    assert viewer.parts.outline.isVisible()
    viewer.next()
    assert viewer.parts.outline.isHidden()
    assert viewer.top.place_button.isHidden()
    viewer.previous()
    assert viewer.parts.outline.place == Box(0.1, 0.2, 0.3, 0.4)


share = st.floats(0, 1)


@given(
    share, share, share, share, st.sampled_from([*CORNERS_AND_EDGES, Grip.INSIDE]), st.floats(-2, 2), st.floats(-2, 2)
)
def test_whatever_is_pulled_the_box_stays_on_the_photo(a, b, c, d, grip, dx, dy):
    box = Drawn(a, b, c, d).box()
    pulled = Drawn.of(box).pulled(grip, dx, dy).box()
    assert 0 <= pulled.x <= pulled.x + pulled.width <= 1 + 1e-9
    assert 0 <= pulled.y <= pulled.y + pulled.height <= 1 + 1e-9
    if grip is Grip.INSIDE:
        assert pulled.width == pytest.approx(box.width, abs=1e-9)
        assert pulled.height == pytest.approx(box.height, abs=1e-9)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1)])), max_size=80))
def test_arrow_keys_never_lose_the_box(steps):
    box = None
    for larger, (dx, dy) in steps:
        box = (resized if larger else moved)(box, dx, dy)
        assert is_usable(box)
        assert box.x + box.width <= 1 + 1e-9
        assert box.y + box.height <= 1 + 1e-9
