"""The map's canvas and page under mouse and keys, with photos that need no library."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.ui.map.canvas import MapCanvas
from desktop_app.ui.map.colouring import Amounts, Kinds, as_text
from desktop_app.ui.map.page import SHEET, MapPage
from desktop_app.ui.map.scene import DIM

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def canvas(qtbot, parts) -> MapCanvas:
    """A grid of 5 x 4 photos, ids from 101, two units apart."""
    canvas = MapCanvas(parts.theme, parts.thumbnails)
    qtbot.addWidget(canvas)
    canvas.resize(600, 480)
    rows, columns = np.divmod(np.arange(20), 5)
    canvas.show_points(np.arange(101, 121), np.stack([columns, rows], axis=1).astype(np.float32) * 2, 0.9)
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    quiet(qtbot, canvas)
    return canvas


def quiet(qtbot, canvas: MapCanvas) -> None:
    """Until nothing is drawn any more."""
    timers = (canvas._working, canvas._settling, canvas._wanting, canvas._aging)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in timers))


def at(canvas: MapCanvas, photo: int) -> QPoint:
    return canvas.place_of(canvas.index_of(photo)).center().toPoint()


def selected(canvas: MapCanvas) -> list[int]:
    return canvas.selected_photos().tolist()


def drag(canvas: MapCanvas, line: list[QPoint], modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mousePress(canvas, LEFT, modifiers, line[0])
    for one, other in pairwise(line):
        for step in range(1, 9):
            QTest.mouseMove(canvas, one + (other - one) * step / 8)
    QTest.mouseRelease(canvas, LEFT, modifiers, line[-1])


def turn(canvas: MapCanvas, where: QPoint, steps: int) -> None:
    place = QPointF(where)
    wheel = QWheelEvent(
        place, QPointF(canvas.mapToGlobal(where)), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, wheel)


def test_a_click_selects_and_beside_photos_selects_nothing(qtbot, canvas: MapCanvas) -> None:
    with qtbot.waitSignal(canvas.selectionChosen) as told:
        QTest.mouseClick(canvas, LEFT, NONE, at(canvas, 107))
    assert told.args[0].tolist() == [107]
    QTest.mouseClick(canvas, LEFT, CTRL, at(canvas, 109))
    assert selected(canvas) == [107, 109]
    QTest.mouseClick(canvas, LEFT, CTRL, at(canvas, 107))
    assert selected(canvas) == [109]
    between = (at(canvas, 101) + at(canvas, 107)) / 2
    QTest.mouseClick(canvas, LEFT, NONE, between)
    assert selected(canvas) == []


def test_the_wheel_comes_closer_to_what_is_under_the_mouse(canvas: MapCanvas) -> None:
    before, scale = at(canvas, 104), canvas.camera.scale
    turn(canvas, before, 3)
    assert canvas.camera.scale > 1.5 * scale
    assert (at(canvas, 104) - before).manhattanLength() <= 2
    QTest.keyClick(canvas, Key.Key_Home)
    assert canvas.camera.scale == pytest.approx(scale)


def test_a_drag_moves_the_map(canvas: MapCanvas) -> None:
    turn(canvas, at(canvas, 108), 4)
    before = at(canvas, 108)
    drag(canvas, [QPoint(300, 200), QPoint(340, 230)])
    assert (at(canvas, 108) - before - QPoint(40, 30)).manhattanLength() <= 2
    assert selected(canvas) == []


def test_shift_and_drag_draws_a_lasso(canvas: MapCanvas) -> None:
    corner, other = at(canvas, 101) - QPoint(20, 20), at(canvas, 107) + QPoint(20, 20)
    box = [corner, QPoint(other.x(), corner.y()), other, QPoint(corner.x(), other.y())]
    drag(canvas, box, SHIFT)
    assert selected(canvas) == [101, 102, 106, 107]
    assert not canvas.is_lassoing
    corner, other = at(canvas, 119) - QPoint(20, 20), at(canvas, 120) + QPoint(20, 20)
    box = [corner, QPoint(other.x(), corner.y()), other, QPoint(corner.x(), other.y())]
    drag(canvas, box, SHIFT | CTRL)
    assert selected(canvas) == [101, 102, 106, 107, 119, 120]


def test_o_begins_a_lasso_and_esc_leaves_it(qtbot, canvas: MapCanvas) -> None:
    with qtbot.waitSignal(canvas.lassoChanged, check_params_cb=lambda on: on):
        QTest.keyClick(canvas, Key.Key_O)
    with qtbot.waitSignal(canvas.lassoChanged, check_params_cb=lambda on: not on):
        QTest.keyClick(canvas, Key.Key_Escape)
    QTest.keyClick(canvas, Key.Key_O)
    corner = at(canvas, 101) - QPoint(25, 25)
    drag(canvas, [corner, QPoint(at(canvas, 105).x() + 25, corner.y()), at(canvas, 103) + QPoint(0, 25)])
    assert 103 in selected(canvas)
    assert not {106, 110, 120} & set(selected(canvas))


def test_a_lasso_with_keys_alone(canvas: MapCanvas) -> None:
    QTest.keyClick(canvas, Key.Key_O)
    for keys in ("LLLLLLUUUUUU ", "RRRRRRRRRRRR ", "DDDDDDDDDDDD ", "LLLLLLLLLLLL\n"):
        for key in keys:
            name = {"L": Key.Key_Left, "R": Key.Key_Right, "U": Key.Key_Up, "D": Key.Key_Down}
            QTest.keyClick(canvas, name.get(key, Key.Key_Space if key == " " else Key.Key_Return))
    middle = [
        photo
        for photo in range(101, 121)
        if abs(at(canvas, photo).x() - 300) < 90 and abs(at(canvas, photo).y() - 240) < 90
    ]
    assert selected(canvas) == middle
    assert middle


def test_ctrl_and_arrows_go_from_photo_to_photo(canvas: MapCanvas) -> None:
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, 107))
    for key, expected in ((Key.Key_Right, 108), (Key.Key_Down, 113), (Key.Key_Left, 112), (Key.Key_Up, 107)):
        QTest.keyClick(canvas, key, CTRL)
        assert selected(canvas) == [expected]
    QTest.keyClick(canvas, Key.Key_Right, CTRL | SHIFT)
    assert selected(canvas) == [107, 108]


def test_keys_ask_for_what_can_be_done(qtbot, canvas: MapCanvas) -> None:
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, 110))
    with qtbot.waitSignal(canvas.opened) as told:
        QTest.keyClick(canvas, Key.Key_Return)
    assert told.args == [110]
    for key, signal in ((Key.Key_S, canvas.alikeAsked), (Key.Key_L, canvas.labelAsked), (Key.Key_W, canvas.whyAsked)):
        with qtbot.waitSignal(signal):
            QTest.keyClick(canvas, key)
    with qtbot.waitSignal(canvas.opened) as told:
        QTest.mouseDClick(canvas, LEFT, NONE, at(canvas, 102))
    assert told.args == [102]


def test_select_all_means_what_is_lit(canvas: MapCanvas) -> None:
    QTest.keyClick(canvas, Key.Key_A, CTRL)
    assert len(selected(canvas)) == 20
    lit = np.zeros(20, bool)
    lit[3:6] = True
    canvas.set_lit(lit)
    canvas.select_all()
    assert selected(canvas) == [104, 105, 106]
    canvas.select_none()
    assert selected(canvas) == []


def colour_at(canvas: MapCanvas, photo: int) -> tuple[int, int, int]:
    pixel = canvas.grab().toImage().pixelColor(at(canvas, photo))
    return pixel.red(), pixel.green(), pixel.blue()


def test_what_is_not_lit_is_dimmed_to_a_quarter(qtbot, canvas: MapCanvas) -> None:
    tiles = np.full((20, 12, 12, 3), (200, 40, 0), np.uint8)
    canvas.show_points(np.arange(101, 121), canvas.scene.points, 0.2)  # small enough for tiles
    canvas.set_tiles(tiles, np.ones(20, bool))
    quiet(qtbot, canvas)
    assert canvas.scene.side_at(canvas.camera.scale) < 26
    assert colour_at(canvas, 103) == (200, 40, 0)
    lit = np.zeros(20, bool)
    lit[0] = True
    canvas.set_lit(lit)
    quiet(qtbot, canvas)
    assert colour_at(canvas, 101) == (200, 40, 0)
    ground = canvas.ground()
    expected = [own + DIM * (part - own) for own, part in zip(ground.getRgb()[:3], (200, 40, 0), strict=True)]
    np.testing.assert_allclose(colour_at(canvas, 103), expected, atol=2)


def test_thumbnails_are_asked_for_only_where_they_are_seen_and_large(qtbot, canvas: MapCanvas, parts) -> None:
    qtbot.waitUntil(lambda: all(parts.thumbnails.cached(photo, 64) is not None for photo in range(101, 121)))
    parts.thumbnails.clear()
    canvas.zoom(8.0, QPointF(at(canvas, 101)))
    quiet(qtbot, canvas)
    qtbot.waitUntil(lambda: parts.thumbnails.cached(101, 128) is not None)
    assert parts.thumbnails.cached(120, 128) is None
    canvas.show_points(np.arange(101, 121), canvas.scene.points, 0.05)
    parts.thumbnails.clear()
    quiet(qtbot, canvas)
    assert parts.thumbnails.cached(101, 32) is None


def test_new_points_keep_selection_and_view(canvas: MapCanvas) -> None:
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, 107))
    canvas.zoom(2.0)
    camera = canvas.camera
    points = np.concatenate([canvas.scene.points, np.float32([[3, 3]])])
    canvas.show_points(np.arange(101, 122), points, 0.9, keep=True)
    assert canvas.camera == camera
    assert selected(canvas) == [107]


def test_an_empty_map_takes_everything_calmly(qtbot, parts) -> None:
    canvas = MapCanvas(parts.theme, parts.thumbnails)
    qtbot.addWidget(canvas)
    canvas.resize(300, 200)
    with qtbot.waitExposed(canvas):
        canvas.show()
    for key in (Key.Key_A, Key.Key_Right, Key.Key_Plus, Key.Key_Home, Key.Key_Return, Key.Key_S):
        QTest.keyClick(canvas, key, CTRL if key == Key.Key_Right else NONE)
    turn(canvas, QPoint(100, 100), 2)
    drag(canvas, [QPoint(10, 10), QPoint(200, 20), QPoint(100, 150)], SHIFT)
    assert selected(canvas) == []


def test_the_nine_largest_kinds_have_colours_and_the_rest_one(look) -> None:
    codes = np.concatenate([np.repeat(np.arange(12), np.arange(12, 0, -1)), [-1, -1]])
    kinds = Kinds("Theme", codes, tuple(f"t{at}" for at in range(12)))
    colours, lines = kinds.colours(look.answers), kinds.legend(look.answers)
    assert [line.words for line in lines[:9]] == [f"t{at}" for at in range(9)]
    assert (lines[9].words, lines[9].count) == ("3 others", 6)
    assert lines[10].count == 2
    assert len({tuple(colour) for colour in colours.tolist()}) == 10
    assert sum(line.count for line in lines) == len(codes)
    assert "t0: 12 photos" in as_text(lines)


def test_amounts_go_from_dark_to_bright_and_unknown_is_grey(look) -> None:
    amounts = Amounts("Views", np.array([1.0, 2.0, 3.0, 1e9, 2.0, np.nan]))
    colours = amounts.colours(look.answers).astype(int)
    assert np.argsort(colours[:4, 1]).tolist() == [0, 1, 2, 3]  # viridis: green rises; no outlier takes all of it
    assert colours[1].tolist() == colours[4].tolist()
    assert colours[5].tolist() == [140, 140, 140]
    lines = amounts.legend(look.answers)
    assert sum(line.count for line in lines) == 6
    assert [line.words for line in lines] == ["1", "2", "3", "1,000,000,000", "Not known"]
    empty = Amounts("Views", np.array([np.nan, np.nan]))
    assert [line.count for line in empty.legend(look.answers)] == [2]
    assert Amounts("Views", np.array([])).legend(look.answers) == []


def test_the_page_tells_what_was_chosen(qtbot, parts) -> None:
    page = MapPage(parts.theme, parts.thumbnails)
    qtbot.addWidget(page)
    page.resize(900, 600)
    with qtbot.waitExposed(page):
        page.show()
    with qtbot.waitSignal(page.arrangementChosen) as told:
        QTest.mouseClick(page.sheet, LEFT)
    assert told.args == [SHEET]
    page.set_colourings([("", "Nothing"), ("date", "Date")], "")
    with qtbot.waitSignal(page.colourChosen) as told:
        page.colours.setCurrentIndex(1)
        page.colours.activated.emit(1)
    assert told.args == ["date"]
    QTest.mouseClick(page.lasso, LEFT)
    assert page.canvas.is_lassoing
    QTest.mouseClick(page.lasso, LEFT)
    assert not page.canvas.is_lassoing
    names = [one.accessibleName() for one in (page.colours, page.lasso, page.fit, page.save, page.more, page.canvas)]
    assert all(names)
