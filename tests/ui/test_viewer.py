"""The viewer: its keys, what it shows and asks for."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QToolButton

from desktop_app.core.types import PhotoState
from tests.ui.grid_parts import colour_of
from tests.ui.panel_parts import make_image, make_photo, still_style
from tests.ui.viewer_parts import near, opened, settle, viewer, window

__all__ = ["still_style", "viewer", "window"]

# --- keys


@pytest.mark.parametrize(
    ("key", "row"),
    [
        (Qt.Key.Key_Right, 12),
        (Qt.Key.Key_Left, 10),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 99),
        (Qt.Key.Key_PageDown, 12),
    ],
)
def test_keys_go_through_the_list(qtbot, viewer, key, row):
    opened(qtbot, viewer)
    with qtbot.waitSignal(viewer.currentChanged) as changed:
        qtbot.keyClick(viewer, key)
    assert changed.args == [row, row + 1]
    assert viewer.top.place() == f"{row + 1} of 100"


def test_the_ends_of_the_list_are_ends(qtbot, viewer):
    opened(qtbot, viewer, count=2, row=0)
    assert viewer.before.isHidden()
    with qtbot.assertNotEmitted(viewer.currentChanged):
        qtbot.keyClick(viewer, Qt.Key.Key_Left)
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.after.isHidden()
    assert viewer.before.isVisible()
    with qtbot.assertNotEmitted(viewer.currentChanged):
        qtbot.keyClick(viewer, Qt.Key.Key_Right)


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_that_return(qtbot, viewer, key):
    opened(qtbot, viewer)
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    with qtbot.waitSignal(viewer.closed) as closed:
        qtbot.keyClick(viewer, key)
    assert closed.args == [12]
    assert viewer.isHidden()


@pytest.mark.parametrize(
    ("key", "modifiers", "signal"),
    [
        (Qt.Key.Key_S, Qt.KeyboardModifier.NoModifier, "findAlike"),
        (Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, "showInFileManager"),
        (Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, "copyPath"),
    ],
)
def test_keys_that_ask_for_something(qtbot, viewer, key, modifiers, signal):
    opened(qtbot, viewer)
    with qtbot.waitSignal(getattr(viewer, signal)) as asked:
        qtbot.keyClick(viewer, key, modifiers)
    assert asked.args == [12]


def test_its_keys_win_over_the_windows_shortcuts(qtbot, window, viewer):
    """Ctrl+I and Ctrl+- mean something else in the window below; two shortcuts at once would do nothing at all."""
    for keys in ("Ctrl+I", "Ctrl+-", "S", "Space"):
        action = QAction(window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda: pytest.fail("the window took the viewer's key"))
        window.addAction(action)
    opened(qtbot, viewer)
    handle = window.windowHandle()
    qtbot.keyClick(handle, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert viewer.details.isVisible()
    with qtbot.waitSignal(viewer.findAlike):
        qtbot.keyClick(handle, Qt.Key.Key_S)
    with qtbot.waitSignal(viewer.closed):
        qtbot.keyClick(handle, Qt.Key.Key_Space)


def test_other_keys_of_the_window_still_work(qtbot, window, viewer):
    action = QAction(window)
    action.setShortcut(QKeySequence("Ctrl+Q"))
    window.addAction(action)
    opened(qtbot, viewer)
    with qtbot.waitSignal(action.triggered):
        qtbot.keyClick(window.windowHandle(), Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


def test_tab_stays_inside_and_arrows_still_change_the_photo(qtbot, window, viewer):
    below = QToolButton(window.centralWidget())
    below.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    below.show()
    opened(qtbot, viewer)
    names = []
    for _ in range(12):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        names.append(QApplication.focusWidget().accessibleName() or QApplication.focusWidget().text())
        assert viewer.isAncestorOf(QApplication.focusWidget())
    assert {"Back", "Find alike", "Details", "Previous photo", "Next photo"} <= set(names)
    with qtbot.waitSignal(viewer.currentChanged):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    viewer.top.back.setFocus()
    with qtbot.waitSignal(viewer.closed):
        qtbot.keyClick(viewer.top.back, Qt.Key.Key_Space)


# --- what it shows and asks for


def test_the_thumbnail_is_there_at_once_then_the_photo_then_all_of_it(qtbot, viewer, parts):
    parts.thumbnails.give(12, make_image(5, 256, 256))
    opened(qtbot, viewer)
    middle = QPoint(400, 300)
    assert near(viewer.canvas.grab().toImage().pixelColor(middle), colour_of(5))
    assert viewer.asked == [(12, 1024)]  # 800 px, in steps of 256
    assert not viewer.canvas.has_image

    viewer.set_image(12, make_image(6, 1024, 768), False)
    assert near(viewer.canvas.grab().toImage().pixelColor(middle), colour_of(6))
    assert (12, None) not in viewer.asked
    qtbot.keyClick(viewer, Qt.Key.Key_Z)
    assert viewer.asked[-1] == (12, None)
    viewer.set_image(12, make_image(7, 4032, 3024), True)
    assert near(viewer.canvas.grab().toImage().pixelColor(middle), colour_of(7))


def test_a_square_thumbnail_is_never_pulled_out_of_shape(qtbot, viewer, parts, look):
    parts.thumbnails.give(12, make_image(5, 256, 256))
    opened(qtbot, viewer)
    rect = viewer.canvas.photo_rect().toRect()
    shot = viewer.canvas.grab().toImage()
    assert rect.width() == 800
    assert rect.height() == 600
    assert shot.pixelColor(rect.left() + 20, 300) == look.tokens.hover  # beside the middle square
    assert near(shot.pixelColor(rect.center()), colour_of(5))


def test_answers_for_other_photos_do_no_harm(qtbot, viewer):
    opened(qtbot, viewer)
    viewer.set_image(40, make_image(6, 800, 600), False)
    viewer.set_failure(40, "The file is damaged and cannot be read.")
    viewer.set_photo(make_photo(40, 10, 10))
    assert not viewer.canvas.has_image
    assert viewer.failure.isHidden()
    assert viewer.canvas.photo_rect().width() == 800


def test_neighbours_are_fetched_one_after_the_other_and_then_shown_at_once(qtbot, viewer):
    opened(qtbot, viewer)
    viewer.set_image(12, make_image(1, 1024, 768), False)
    assert viewer.asked == [(12, 1024), (13, 1024)]
    viewer.set_image(13, make_image(2, 1024, 768), False)
    assert viewer.asked[-1] == (11, 1024)
    viewer.set_image(11, make_image(3, 1024, 768), False)
    before = len(viewer.asked)
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.canvas.has_image
    settle(qtbot, viewer)
    assert viewer.asked[before:] == [(14, 1024)]


def test_hurrying_through_the_list_asks_only_for_where_it_ends(qtbot, viewer):
    opened(qtbot, viewer)
    viewer.asked.clear()
    for _ in range(30):
        qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.asked == [(13, 1024)]  # the first step, which was no hurry
    settle(qtbot, viewer)
    assert viewer.asked == [(13, 1024), (42, 1024)]


def test_a_small_photo_is_asked_for_once(qtbot, viewer):
    viewer.currentChanged.connect(lambda _row, photo: viewer.set_photo(make_photo(photo, 300, 200)))
    viewer.open([1], 0)
    viewer.set_image(1, make_image(1, 300, 200), False)
    settle(qtbot, viewer)
    viewer.resize(780, 580)
    settle(qtbot, viewer)
    qtbot.keyClick(viewer, Qt.Key.Key_Z)
    assert viewer.asked == [(1, 1024)]


def test_a_file_that_is_away_keeps_its_thumbnail_and_says_why(qtbot, viewer, parts):
    parts.thumbnails.give(12, make_image(5, 256, 256))
    viewer.currentChanged.connect(lambda _row, photo: viewer.set_photo(make_photo(photo, state=PhotoState.AWAY)))
    viewer.open(list(range(1, 100)), 11)
    assert viewer.failure.isVisible()
    assert viewer.failure.words() == "Its folder is not connected."
    assert near(viewer.canvas.grab().toImage().pixelColor(QPoint(400, 300)), colour_of(5))
    viewer.currentChanged.disconnect()
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.failure.isHidden()
    viewer.set_failure(13, "The file is damaged and cannot be read.")
    assert viewer.failure.words() == "The file is damaged and cannot be read."


def test_details(qtbot, viewer):
    opened(qtbot, viewer)
    qtbot.keyClick(viewer, Qt.Key.Key_I)
    shown = {detail.name: detail.value for detail in viewer.details.rows().shown()}
    assert shown["Size"] == "4,032 × 3,024 pixels, 4.2 MB"
    assert shown["Camera"] == "Canon EOS 600D"
    assert shown["Folder"].endswith("Family")
    assert shown["Place"] == "12 of 100"
    assert "2019" in shown["Taken"]
    assert viewer.canvas.width() == 800 - 320
    with qtbot.waitSignal(viewer.copyPath):
        qtbot.mouseClick(viewer.details.copy_path, Qt.MouseButton.LeftButton)
    qtbot.keyClick(viewer, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert viewer.details.isHidden()
    assert viewer.canvas.width() == 800


def test_a_list_of_a_hundred_thousand_in_an_array(qtbot, viewer, parts):
    viewer.open(np.arange(1, 100_001), 99_999)
    assert viewer.current() == 100_000
    assert viewer.top.place() == "100,000 of 100,000"
    seen = viewer.filmstrip.visible_rows()
    assert seen.stop == 100_000
    assert len(seen) < 30
    qtbot.waitUntil(lambda: len(parts.store.asked) >= len(seen))
    assert set(parts.store.asked) <= set(range(99_950, 100_001))


def test_the_keyboard_returns_to_where_it_was(qtbot, window, viewer):
    below = QToolButton(window.centralWidget())
    below.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    below.show()
    below.setFocus()
    opened(qtbot, viewer)
    assert viewer.hasFocus()
    qtbot.keyClick(viewer, Qt.Key.Key_Escape)
    assert below.hasFocus()


def test_an_empty_list_opens_nothing(viewer):
    viewer.open([], 0)
    assert viewer.isHidden()


def test_the_filmstrip_chooses(qtbot, viewer):
    opened(qtbot, viewer)
    place = viewer.filmstrip.square(14).center().toPoint()
    with qtbot.waitSignal(viewer.currentChanged) as changed:
        qtbot.mouseClick(viewer.filmstrip, Qt.MouseButton.LeftButton, pos=place)
    assert changed.args == [14, 15]
    assert abs(viewer.filmstrip.square(14).center().x() - viewer.filmstrip.width() / 2) < 1
