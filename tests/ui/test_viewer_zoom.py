"""The viewer: zoom, and controls that fade and come back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QCursor, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolButton

from desktop_app.ui.viewer_canvas import STEP
from desktop_app.ui.viewer_place import LARGEST
from tests.ui.grid_parts import colour_of
from tests.ui.panel_parts import make_image, make_photo, still_style
from tests.ui.viewer_parts import near, opened, viewer, window

__all__ = ["still_style", "viewer", "window"]

# --- zoom


@pytest.fixture
def zoomed(qtbot, viewer):
    opened(qtbot, viewer)
    viewer.set_image(12, make_image(1, 1024, 768), False)
    return viewer.canvas


def test_z_and_double_click_go_between_fit_and_all_pixels(qtbot, viewer, zoomed):
    fits = zoomed.scale()
    assert fits == pytest.approx(800 / 4032)
    qtbot.keyClick(viewer, Qt.Key.Key_Z)
    assert zoomed.scale() == 1.0
    assert viewer.top.zoom.text() == "100 %"
    qtbot.keyClick(viewer, Qt.Key.Key_Z)
    assert zoomed.scale() == fits
    qtbot.mouseDClick(zoomed, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert zoomed.scale() == 1.0
    # the point under the mouse stayed there: a quarter of the way into the photo
    rect = zoomed.photo_rect()
    assert (200 - rect.x()) / rect.width() == pytest.approx(0.25, abs=0.001)
    assert (150 - rect.y()) / rect.height() == pytest.approx(0.25, abs=0.001)


def turn(canvas, at: QPointF, notches: int) -> None:
    event = QWheelEvent(
        at,
        canvas.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def test_the_wheel_zooms_around_the_mouse_and_back_to_fit(zoomed):
    at = QPointF(600, 450)
    fits = zoomed.scale()
    before = zoomed.photo_rect()
    point = (at - before.topLeft()).x() / before.width()
    for _ in range(4):
        turn(zoomed, at, 1)
    assert zoomed.scale() == pytest.approx(fits * STEP**4)
    after = zoomed.photo_rect()
    assert (at - after.topLeft()).x() / after.width() == pytest.approx(point, abs=0.001)
    turn(zoomed, at, 500)
    assert zoomed.scale() == LARGEST
    turn(zoomed, at, -500)
    assert zoomed.is_fit


def test_keys_zoom(qtbot, viewer, zoomed):
    control = Qt.KeyboardModifier.ControlModifier
    fits = zoomed.scale()
    qtbot.keyClick(viewer, Qt.Key.Key_Plus, control)
    qtbot.keyClick(viewer, Qt.Key.Key_Equal, control)
    assert zoomed.scale() == pytest.approx(fits * STEP**2)
    qtbot.keyClick(viewer, Qt.Key.Key_Minus, control)
    assert zoomed.scale() == pytest.approx(fits * STEP)
    qtbot.keyClick(viewer, Qt.Key.Key_0, control)
    assert zoomed.is_fit


def test_dragging_moves_the_photo_but_not_off_the_window(qtbot, zoomed):
    zoomed.zoom_to(1.0)
    start = zoomed.photo_rect().topLeft()
    drag(zoomed, QPoint(400, 300), QPoint(450, 340))
    assert zoomed.photo_rect().topLeft() == start + QPointF(50, 40)
    drag(zoomed, QPoint(10, 10), QPoint(9000, 9000))
    assert zoomed.photo_rect().topLeft() == QPointF(0, 0)
    drag(zoomed, QPoint(10, 10), QPoint(-9000, -9000))
    assert zoomed.photo_rect().bottomRight() == QPointF(800, 600)


def drag(canvas, start: QPoint, end: QPoint) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    left, none, plain = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    for kind, at, button, buttons in (
        (QEvent.Type.MouseButtonPress, start, left, left),
        (QEvent.Type.MouseMove, end, none, left),
        (QEvent.Type.MouseButtonRelease, end, left, none),
    ):
        place = QPointF(at)
        QApplication.sendEvent(canvas, QMouseEvent(kind, place, canvas.mapToGlobal(place), button, buttons, plain))


def test_a_small_photo_is_at_most_doubled(qtbot, viewer):
    viewer.open([1], 0)
    viewer.set_photo(make_photo(1, 100, 50))
    viewer.set_image(1, make_image(1, 100, 50), False)
    assert viewer.canvas.photo_rect().size().toSize() == QSize(200, 100)
    assert viewer.top.zoom.text() == "Fit, 200 %"


def test_a_late_smaller_picture_does_not_replace_a_better_one(qtbot, viewer):
    opened(qtbot, viewer)
    viewer.set_image(12, make_image(1, 1024, 768), False)
    viewer.set_image(12, make_image(2, 256, 192), False)
    assert near(viewer.canvas.grab().toImage().pixelColor(400, 300), colour_of(1))


# --- controls


def rest(viewer):
    """Rest the mouse on the photo and wait less long than a person would have to."""
    QCursor.setPos(viewer.mapToGlobal(QPoint(400, 300)))
    viewer._fading.still.setInterval(20)
    viewer.stir()


def test_controls_fade_after_stillness_and_return_on_movement(qtbot, viewer):
    opened(qtbot, viewer)
    assert viewer._fading.still.interval() == 2000
    rest(viewer)
    qtbot.waitUntil(viewer.top.isHidden)
    assert viewer.filmstrip.isHidden()
    assert viewer.canvas.cursor().shape() == Qt.CursorShape.BlankCursor
    viewer.canvas.stirred.emit()  # the mouse is where it was: no movement
    assert viewer.top.isHidden()
    QCursor.setPos(viewer.mapToGlobal(QPoint(300, 310)))
    qtbot.mouseMove(viewer.canvas, QPoint(300, 310))
    qtbot.waitUntil(viewer.top.isVisible)
    assert viewer.controls_shown()
    assert viewer.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_they_stay_while_the_mouse_is_on_one(qtbot, viewer):
    opened(qtbot, viewer)
    rest(viewer)
    QCursor.setPos(viewer.mapToGlobal(QPoint(400, 20)))
    viewer.stir()
    with qtbot.waitSignal(viewer._fading.still.timeout):
        pass
    assert viewer.controls_shown()


def test_going_on_by_key_leaves_faded_controls_faded(qtbot, viewer):
    opened(qtbot, viewer)
    rest(viewer)
    qtbot.waitUntil(viewer.top.isHidden)
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.top.isHidden()
    assert viewer.after.isHidden()


def test_tab_brings_them_back_and_they_stay_while_one_has_the_focus(qtbot, viewer):
    opened(qtbot, viewer)
    rest(viewer)
    qtbot.waitUntil(viewer.top.isHidden)
    qtbot.keyClick(viewer, Qt.Key.Key_Tab)
    assert viewer.top.isVisible()
    with qtbot.waitSignal(viewer._fading.still.timeout):
        pass
    assert viewer.controls_shown()
    viewer.setFocus()
    qtbot.waitUntil(viewer.top.isHidden)


def test_without_motion_they_go_at_once(qtbot, viewer, still_style):
    opened(qtbot, viewer)
    rest(viewer)
    with qtbot.waitSignal(viewer._fading.fade.arrived):
        pass
    assert viewer.top.isHidden()


def test_it_fills_its_window_and_follows_it(qtbot, window, viewer):
    opened(qtbot, viewer)
    assert viewer.geometry() == window.rect()
    window.resize(900, 500)
    qtbot.waitUntil(lambda: viewer.geometry() == window.rect())
    assert viewer.canvas.size() == window.size()


def test_icon_buttons_have_names_and_tooltips_with_keys(viewer):
    for made in viewer.findChildren(QToolButton):
        assert made.accessibleName()
        assert made.toolTip().startswith(made.accessibleName())
        assert made.toolTip().endswith(")") or made.accessibleName() == "Dismiss"
