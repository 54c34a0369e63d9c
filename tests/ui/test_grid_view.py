from __future__ import annotations

import gc
import random
import weakref

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication

from desktop_app.core.types import PhotoId, PhotoState
from desktop_app.ui.grid import FIND_ALIKE, HoverAction, PhotoDelegate, PhotoFacts, PhotoGrid
from tests.ui.grid_parts import colour_of

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def middle(grid, photo) -> QPoint:
    return grid.visualRect(grid.photos.index(grid.photos.row_of(photo))).center()


def top_left(grid):
    row, below = grid.first_visible()
    return grid.photos.id_at(row), below


def test_five_columns_of_a_screenful(parts):
    grid = parts.make(100)
    assert [grid.photos.id_at(row) for row in grid.visible_rows()] == list(range(1, 21))
    assert grid.indexAt(QPoint(1, 300)).row() == -1


def test_a_hundred_thousand_photos_fetch_only_what_is_seen(parts, qtbot):
    grid = parts.make(100_000)
    qtbot.waitUntil(lambda: len(parts.store.asked) >= grid.visible_rows().stop and parts.lane.is_idle)
    near = set(range(1, grid.visible_rows().stop + 3 * 5))
    assert set(range(1, grid.visible_rows().stop)) <= set(parts.store.asked) <= near
    parts.store.asked.clear()
    asked = []
    grid.photos.factsWanted.connect(asked.extend)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: 100_000 in parts.store.asked and 100_000 in asked and parts.lane.is_idle)
    assert min(parts.store.asked) > 100_000 - 40
    assert min(asked) > 100_000 - 40


def test_click_selects_and_never_moves_the_grid(parts, qtbot):
    grid = parts.make(100)
    changed, current = [], []
    grid.selectionChangedTo.connect(changed.append)
    grid.currentPhotoChanged.connect(current.append)
    qtbot.mouseClick(grid.viewport(), LEFT, pos=middle(grid, 7))
    qtbot.mouseClick(grid.viewport(), LEFT, CONTROL, middle(grid, 3))
    with qtbot.waitSignal(grid.selectionChangedTo):
        qtbot.mouseClick(grid.viewport(), LEFT, SHIFT, middle(grid, 6))
    assert grid.selected_ids() == [3, 4, 5, 6]
    qtbot.mouseClick(grid.viewport(), LEFT, CONTROL, middle(grid, 5))
    assert grid.selected_ids() == [3, 4, 6]
    qtbot.mouseClick(grid.viewport(), LEFT, SHIFT | CONTROL, middle(grid, 9))
    assert grid.selected_ids() == [3, 4, 5, 6, 7, 8, 9]
    qtbot.mouseClick(grid.viewport(), LEFT, pos=middle(grid, 8))  # of several, the one clicked stays
    assert grid.selected_ids() == [8]
    assert current == [7, 3, 6, 5, 9, 8]
    assert changed[0] == [3, 4, 5, 6]
    assert grid.verticalScrollBar().value() == 0


def test_a_click_beside_the_photos_selects_nothing(parts, qtbot):
    grid = parts.make(3)
    qtbot.mouseClick(grid.viewport(), LEFT, pos=middle(grid, 2))
    qtbot.mouseClick(grid.viewport(), LEFT, SHIFT, QPoint(400, 500))
    assert grid.selected_ids() == [2]
    qtbot.mouseClick(grid.viewport(), LEFT, pos=QPoint(400, 500))
    assert grid.selected_ids() == []
    assert grid.current_photo() == 2


@pytest.mark.parametrize(
    ("key", "photo"),
    [
        (Key.Key_Right, 52), (Key.Key_Left, 50), (Key.Key_Down, 56), (Key.Key_Up, 46),
        (Key.Key_Home, 1), (Key.Key_End, 100), (Key.Key_PageDown, 66), (Key.Key_PageUp, 36),
    ],
)  # fmt: skip
def test_keys_move(parts, qtbot, key, photo):
    grid = parts.make(100)
    grid.select_photo(51)
    qtbot.keyClick(grid, key)
    assert grid.current_photo() == photo
    assert grid.selected_ids() == [photo]
    rect = grid.visualRect(grid.currentIndex())
    assert grid.viewport().rect().contains(rect)


def test_shift_extends_and_control_moves_without_selecting(parts, qtbot):
    grid = parts.make(100)
    grid.select_photo(7)
    qtbot.keyClick(grid, Key.Key_Right, SHIFT)
    qtbot.keyClick(grid, Key.Key_Down, SHIFT)
    assert grid.selected_ids() == list(range(7, 14))
    qtbot.keyClick(grid, Key.Key_Up, SHIFT)
    qtbot.keyClick(grid, Key.Key_Left, SHIFT)
    qtbot.keyClick(grid, Key.Key_Left, SHIFT)
    assert grid.selected_ids() == [6, 7]
    qtbot.keyClick(grid, Key.Key_End, CONTROL)
    assert grid.current_photo() == 100
    assert grid.selected_ids() == [6, 7]
    qtbot.keyClick(grid, Key.Key_Space, CONTROL)
    assert grid.selected_ids() == [6, 7, 100]


def test_moves_stop_at_the_ends(parts, qtbot):
    grid = parts.make(7)
    for key, start, end in (
        (Key.Key_Left, 1, 1), (Key.Key_Up, 3, 3), (Key.Key_Right, 7, 7), (Key.Key_Down, 4, 7), (Key.Key_Down, 6, 6),
    ):  # fmt: skip
        grid.select_photo(start)
        qtbot.keyClick(grid, key)
        assert grid.current_photo() == end


def test_all_and_none(parts, qtbot):
    grid = parts.make(100_000)
    with qtbot.waitSignal(grid.selectionChangedTo) as said:
        qtbot.keyClick(grid, Key.Key_A, CONTROL)
    assert len(said.args[0]) == 100_000
    assert len(grid.selectionModel().selection()) == 1  # one range, not 100,000
    qtbot.keyClick(grid, Key.Key_A, CONTROL | SHIFT)
    assert grid.selected_ids() == []


def test_keys_act_on_the_current_photo(parts, qtbot):
    grid = parts.make(20)
    opened, alike, menus = [], [], []
    grid.photoActivated.connect(opened.append)
    grid.findAlike.connect(alike.append)
    grid.contextMenuAsked.connect(lambda ids, point: menus.append((ids, point)))
    grid.select_photo(4)
    for key in (Key.Key_Return, Key.Key_Enter, Key.Key_Space):
        qtbot.keyClick(grid, key)
    qtbot.keyClick(grid, Key.Key_S)
    qtbot.keyClick(grid, Key.Key_S, CONTROL)  # saves a search: the window's
    with qtbot.waitSignal(grid.contextMenuAsked):
        qtbot.keyClick(grid, Key.Key_Menu)
    QApplication.processEvents()
    with qtbot.waitSignal(grid.contextMenuAsked):
        qtbot.keyClick(grid, Key.Key_F10, SHIFT)
    assert opened == [4, 4, 4]
    assert alike == [4]
    assert [ids for ids, _ in menus] == [[4], [4]]
    assert grid.viewport().mapFromGlobal(menus[0][1]) == middle(grid, 4)


def test_double_click_opens_and_right_click_asks_for_a_menu(parts, qtbot):
    grid = parts.make(20)
    grid.select_photo(4)
    with qtbot.waitSignal(grid.photoActivated) as opened:
        qtbot.mouseDClick(grid.viewport(), LEFT, pos=middle(grid, 6))
    assert opened.args == [6]
    with qtbot.waitSignal(grid.contextMenuAsked) as asked:
        point = middle(grid, 9)
        qtbot.mousePress(grid.viewport(), Qt.MouseButton.RightButton, pos=point)
        at = grid.viewport().mapToGlobal(point)
        QApplication.sendEvent(grid.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, at))
    assert asked.args == [[9], at]


def test_hover_buttons(parts, qtbot):
    grid = parts.make(20)
    qtbot.mouseMove(grid.viewport(), middle(grid, 3))
    rect = grid.visualRect(grid.photos.index(2))
    magnifier = QPoint(rect.right() - 16, rect.top() + 16)
    assert grid.button_at(magnifier) == FIND_ALIKE
    assert grid.button_at(rect.center()) is None
    with qtbot.waitSignal(grid.findAlike) as said:
        qtbot.mouseClick(grid.viewport(), LEFT, pos=magnifier)
    assert said.args == [3]
    assert grid.selected_ids() == []  # a button is no selection
    more = HoverAction("more", "plus", "More like this (+)")
    grid.set_hover_actions((more, FIND_ALIKE))
    with qtbot.waitSignal(grid.hoverActionClicked) as clicked:
        qtbot.mouseClick(grid.viewport(), LEFT, pos=magnifier - QPoint(30, 0))
    assert clicked.args == ["more", 3]
    qtbot.mousePress(grid.viewport(), LEFT, pos=magnifier)
    with qtbot.assertNotEmitted(grid.findAlike):  # let go elsewhere: nothing
        qtbot.mouseMove(grid.viewport(), middle(grid, 8))
        qtbot.mouseRelease(grid.viewport(), LEFT, pos=middle(grid, 8))


def test_sizes_step_by_columns_and_stay_in_their_range(parts, qtbot):
    grid = parts.make(100)
    with qtbot.waitSignal(grid.wantedSizeChanged) as said:
        qtbot.keyClick(grid, Key.Key_Plus, CONTROL)
    assert said.args == [200]
    for _ in range(9):
        qtbot.keyClick(grid, Key.Key_Equal, CONTROL)
    assert grid.wanted_size == 320
    for _ in range(9):
        qtbot.keyClick(grid, Key.Key_Minus, CONTROL)
    assert grid.wanted_size == 96
    qtbot.keyClick(grid, Key.Key_0, CONTROL)
    assert grid.wanted_size == 168


def wheel(grid, notches, modifiers=Qt.KeyboardModifier.NoModifier):
    point = QPointF(100, 100)
    event = QWheelEvent(
        point, grid.viewport().mapToGlobal(point), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(grid.viewport(), event)


def test_the_wheel_scrolls_by_pixels_and_sizes_with_control(parts):
    grid = parts.make(100)
    wheel(grid, -1)
    assert 0 < grid.verticalScrollBar().value() < 200
    wheel(grid, -1, CONTROL)
    assert grid.wanted_size == 120


def test_the_top_left_photo_stays_through_sizes_and_widths(parts):
    grid = parts.make(1000)
    grid.verticalScrollBar().setValue(7000)
    grid.verticalScrollBar().setValue(7030)
    photo, below = top_left(grid)
    value = grid.verticalScrollBar().value()
    draw = random.Random(3)
    for _ in range(12):
        grid.resize(draw.randrange(300, 1400), draw.randrange(300, 900))
        grid.set_wanted_size(draw.randrange(96, 320))
        rect = grid.visualRect(grid.photos.index(grid.photos.row_of(photo)))
        assert rect.intersects(grid.viewport().rect())
        assert rect.top() <= grid.photos.rowCount()
        assert grid.visible_rows().start <= grid.photos.row_of(photo) < grid.visible_rows().start + 14
    grid.set_wanted_size(168)
    grid.resize(868, 600)
    assert top_left(grid) == (photo, below)
    assert abs(grid.verticalScrollBar().value() - value) <= 1


def test_new_photos_never_push_what_is_looked_at(parts):
    grid = parts.make(100)
    grid.verticalScrollBar().setValue(1234)
    before = top_left(grid)
    grid.photos.append(range(101, 400))
    assert top_left(grid) == before
    grid.show_photos([*range(900, 915), *range(1, 400)], keep_place=True)  # three lines of newer ones above
    assert top_left(grid) == before
    grid.photos.remove(range(900, 915))
    assert top_left(grid) == before


def test_at_the_very_top_headings_show(parts):
    grid = parts.make()
    grid.show_photos(range(100), sections=[(0, "May 2019"), (7, "April 2019")])
    assert grid.verticalScrollBar().value() == 0
    assert grid.visualRect(grid.photos.index(0)).top() > 24
    assert grid.visualRect(grid.photos.index(7)).left() == 8


def test_back_returns_to_place_selection_and_scroll(parts):
    grid = parts.make(1000)
    grid.verticalScrollBar().setValue(5555)
    first = grid.visible_rows().start
    grid.select_photo(first + 8)
    grid.selectionModel().select(grid.photos.index(2), QItemSelectionModel.SelectionFlag.Select)
    place, value = grid.place(), grid.verticalScrollBar().value()
    grid.show_photos(range(5, 50), [0.5] * 45)
    assert grid.selected_ids() == []
    assert grid.verticalScrollBar().value() == 0
    grid.show_photos(range(1, 1001))
    grid.restore(place)
    assert grid.selected_ids() == [3, first + 8]
    assert grid.current_photo() == first + 8
    assert grid.verticalScrollBar().value() == value


def test_an_empty_grid_takes_every_key(parts, qtbot):
    grid = parts.make(0)
    for key in (Key.Key_Down, Key.Key_End, Key.Key_Return, Key.Key_S, Key.Key_PageUp):
        qtbot.keyClick(grid, key)
    qtbot.keyClick(grid, Key.Key_A, CONTROL)
    assert grid.current_photo() is None
    assert grid.place().top is None


def test_without_a_place_the_keyboard_begins_at_the_top_left_photo(parts, qtbot):
    grid = parts.make(1000)
    grid.show_photos(range(1, 1001))
    grid.verticalScrollBar().setValue(3000)
    first = grid.photos.id_at(grid.first_visible()[0])
    qtbot.keyClick(grid, Key.Key_Down)
    assert grid.current_photo() == first


def test_scroll_to_shows_the_whole_photo(parts):
    grid = parts.make(1000)
    for row in (500, 499, 3, 999):
        grid.scrollTo(grid.photos.index(row))
        assert grid.viewport().rect().contains(grid.visualRect(grid.photos.index(row)))
    grid.scrollTo(grid.photos.index(500), QAbstractItemView.ScrollHint.PositionAtTop)
    assert grid.visualRect(grid.photos.index(500)).top() == 8


def test_a_grid_goes_without_the_garbage_collector(parts):
    """What dies in a cycle is emptied at any time, by any thread, while its timers still run."""
    gc.collect()
    gc.disable()
    try:
        grid = PhotoGrid(parts.theme, parts.thumbnails)
        grid.resize(800, 600)
        grid.show_photos(range(1000))
        grid.grab()
        dead = [weakref.ref(part) for part in (grid, grid.photos, grid.itemDelegate())]
        del grid
        assert [part() for part in dead] == [None, None, None]
    finally:
        gc.enable()


def test_a_rectangle_selects_what_it_touches(parts):
    grid = parts.make(100)
    area = QRect(middle(grid, 2), middle(grid, 9))
    grid.setSelection(area, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    assert grid.selected_ids() == [2, 3, 4, 7, 8, 9]


def test_a_screen_reader_finds_the_photos(parts, qtbot):
    grid = parts.make(100_000)
    grid.select_photo(2)
    grid.photos.set_facts([PhotoFacts(PhotoId(2), "IMG_2.jpg", None, PhotoState.PRESENT)])
    face = QAccessible.queryAccessibleInterface(grid)
    assert face.role() == QAccessible.Role.List
    assert face.childCount() == 100_000
    assert face.child(1).text(QAccessible.Text.Name) == "IMG_2, selected"
    assert face.child(1).state().selected


def test_what_is_painted(parts, qtbot):
    grid = parts.make()
    grid.photos.set_facts([PhotoFacts(PhotoId(3), "c.jpg", None, PhotoState.AWAY)])
    grid.show_photos([1, 2, 3, 4, 5, 6], [1.0, 0.9, 0.8, 0.7, 0.6, 0.5], pinned=True)
    tokens = parts.theme.tokens

    def pixel(photo, x, y):
        rect = grid.visualRect(grid.photos.index(grid.photos.row_of(photo)))
        colour = grid.viewport().grab().toImage().pixelColor(rect.topLeft() + QPoint(x, y))
        return colour.red(), colour.green(), colour.blue()

    def rgb(colour):
        return colour.red(), colour.green(), colour.blue()

    parts.store.open.clear()
    assert pixel(2, 80, 80) == rgb(tokens.hover)  # waiting
    parts.store.open.set()
    side = parts.thumbnails.side(grid.visualRect(grid.photos.index(0)).width(), 1.0)
    qtbot.waitUntil(lambda: all(parts.thumbnails.cached(photo, side) is not None for photo in range(1, 7)))
    assert pixel(2, 80, 80) == pytest.approx(colour_of(2), abs=4)
    assert pixel(2, 0, 0) == pytest.approx((255, 255, 255), abs=40)  # round corner
    faint = [round(0.4 * part + 0.6 * 255) for part in colour_of(3)]
    assert pixel(3, 60, 80) == pytest.approx(faint, abs=5)
    assert pixel(1, 1, 80) == rgb(tokens.accent)  # the photo looked for
    assert pixel(1, 9, -12 + grid.visualRect(grid.photos.index(0)).height()) == rgb(tokens.accent)  # its words
    grid.select_photo(5)
    assert pixel(5, -2, 80) == rgb(tokens.accent)
    assert pixel(5, 0, 80) == rgb(tokens.canvas)
    assert pixel(5, 18, 10) == rgb(tokens.accent)  # the tick's disc
    assert pixel(4, -2, 80) == rgb(tokens.canvas)


def test_scrolling_paints_only_what_comes_into_view(parts, qtbot, monkeypatch):
    grid = parts.make(1000)
    qtbot.waitUntil(lambda: len(parts.store.asked) >= grid.visible_rows().stop and parts.lane.is_idle)
    QApplication.processEvents()
    painted = []
    paint = PhotoDelegate.paint

    def spy(self, painter, option, index):
        painted.append(index.row())
        paint(self, painter, option, index)

    monkeypatch.setattr(PhotoDelegate, "paint", spy)
    grid.verticalScrollBar().setValue(10)
    grid.viewport().repaint()
    everything = len(painted)
    painted.clear()
    grid.verticalScrollBar().setValue(20)
    qtbot.waitUntil(lambda: bool(painted))
    assert len(painted) <= 10 < everything
