"""The strip of a journey, its window, its picture, and the controller that asks for it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QImage

from desktop_app.core.operations.ingest import ingest
from desktop_app.ui.journey.dialog import JourneyDialog, JourneyView, told
from desktop_app.ui.journey.exporting import Plan, save_strip
from desktop_app.ui.journey.journeying import SELECT_TWO, Journeying
from desktop_app.ui.journey.strip import JourneyStrip, Stops
from desktop_app.ui.photo_areas import Area
from tests.core.libraries import by_path
from tests.photos import save_many
from tests.ui.desks import laid

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
STOPS = Stops((11, 5, 7, 3, 9, 20), (0.5, 0.61, 0.4, 0.72, 0.55))


@pytest.fixture
def strip(parts, show):
    made = JourneyStrip(parts.theme, parts.thumbnails)
    show(made, 600, 340)
    made.show_stops(STOPS)
    return made


@pytest.fixture
def dialog(parts, show):
    made = JourneyDialog(parts.theme, parts.thumbnails)
    show(made, 860, 460)
    return made


def middle(strip, place) -> QPoint:
    return strip.square(place).center()


# --- the strip


def test_click_selects_and_a_second_opens(qtbot, strip):
    with qtbot.waitSignal(strip.selectionChanged) as chosen:
        qtbot.mouseClick(strip, LEFT, pos=middle(strip, 1))
    assert chosen.args == [[5]]
    qtbot.mouseClick(strip, LEFT, Qt.KeyboardModifier.ControlModifier, middle(strip, 3))
    assert strip.selected_ids() == [5, 3]
    qtbot.mouseClick(strip, LEFT, Qt.KeyboardModifier.ShiftModifier, middle(strip, 5))
    assert strip.selected_ids() == [3, 9, 20]
    qtbot.mouseClick(strip, LEFT, pos=QPoint(strip.width() - 2, strip.height() - 2))
    assert strip.selected_ids() == []
    with qtbot.waitSignal(strip.opened) as opened:
        qtbot.mouseDClick(strip, LEFT, pos=middle(strip, 4))
    assert opened.args == [9]


def test_keys_move_select_and_open(qtbot, strip):
    assert strip.columns(600) == 3
    qtbot.keyClick(strip, Key.Key_Right)
    assert strip.selected_ids() == [5]
    qtbot.keyClick(strip, Key.Key_Down)
    assert strip.selected_ids() == [9]
    assert strip.accessibleName() == "Way between two photos, photo 5 of 6, selected"
    qtbot.keyClick(strip, Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert strip.selected_ids() == [3, 9]
    qtbot.keyClick(strip, Key.Key_End)
    assert strip.selected_ids() == [20]
    qtbot.keyClick(strip, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert strip.selected_ids() == list(STOPS.ids)
    with qtbot.waitSignal(strip.opened) as opened:
        qtbot.keyClick(strip, Key.Key_Return)
    assert opened.args == [20]


def test_another_journey_keeps_what_is_selected_of_it(qtbot, strip):
    qtbot.keyClick(strip, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(strip.selectionChanged) as chosen:
        strip.show_stops(Stops((11, 8, 20), (0.4, 0.5)))
    assert chosen.args == [[11, 20]]
    strip.show_stops(Stops())
    qtbot.keyClick(strip, Key.Key_Right)
    assert strip.selected_ids() == []


def test_all_photos_have_room_whatever_the_width(strip):
    for width in (190, 300, 600, 1900):
        strip.resize(width, strip.heightForWidth(width))
        for place in range(len(STOPS.ids)):
            assert strip.rect().contains(strip.square(place))


def test_a_journey_on_screen_is_painted(qtbot, parts, strip):
    qtbot.waitUntil(lambda: all(parts.thumbnails.cached(photo, 120) is not None for photo in STOPS.ids))
    image = strip.grab().toImage()
    accent = parts.theme.tokens.accent
    first = strip.square(0)
    assert image.pixelColor(first.left() + 1, first.center().y()) == accent  # the ends are ringed
    second = strip.square(1)
    assert image.pixelColor(second.left() + 1, second.center().y()) != accent


# --- the window


def test_the_slider_asks_for_another_length(qtbot, dialog):
    dialog.show_journey(JourneyView(STOPS, 0.1, (2, 3, 4, 6, 8), 6))
    assert dialog.count.text() == "6 photos"
    assert dialog.slider.value() == 3
    assert "0.40" in dialog.sentence.text()
    assert "0.10" in dialog.sentence.text()
    with qtbot.waitSignal(dialog.lengthChosen) as asked:
        dialog.slider.setValue(4)
        assert dialog.count.text() == "8 photos"
    assert asked.args == [8]


def test_what_is_copied_is_selected_or_all(qtbot, dialog):
    dialog.show_journey(JourneyView(Stops((-1, *STOPS.ids[1:]), STOPS.likeness), 0.1, (2, 6), 6))
    with qtbot.waitSignal(dialog.copyAsked) as asked:
        qtbot.mouseClick(dialog.copy, LEFT)
    assert asked.args == [[5, 7, 3, 9, 20]]
    qtbot.mouseClick(dialog.strip, LEFT, pos=middle(dialog.strip, 2))
    with qtbot.waitSignal(dialog.copyAsked) as asked:
        qtbot.mouseClick(dialog.copy, LEFT)
    assert asked.args == [[7]]


def test_nothing_between_problems_and_progress_are_said(dialog):
    dialog.show_journey(JourneyView(Stops((1, 2), (0.3,)), 0.3, (2,), 2))
    assert "Nothing lies between" in dialog.sentence.text()
    assert dialog.slider.isHidden()
    dialog.show_problem("No photos lead there.")
    assert dialog.problem.isVisible()
    assert dialog.save.isHidden()
    assert dialog.view is None
    dialog.show_progress("Looking", 3, 10)
    assert dialog.problem.isHidden()
    assert (dialog.bar.value(), dialog.bar.maximum()) == (3, 10)
    assert dialog.words.text() == "Looking"


def test_the_two_ends_alone_are_a_choice_where_there_is_more_between_them():
    alone = told(JourneyView(Stops((1, 2), (0.3,)), 0.3, (2, 3, 4), 4))
    assert "Nothing lies" not in alone
    assert "More photos make smaller steps" in alone


def test_a_detour_is_told():
    view = JourneyView(STOPS, 0.1, (2, 6), 4)
    assert "With fewer photos the steps are smaller." in told(view)
    assert "fewer" not in told(JourneyView(STOPS, 0.1, (2, 6), 6))


# --- the picture


@pytest.mark.parametrize("count", [2, 6, 7, 13, 60])
def test_every_photo_of_the_picture_lies_in_it(count: int):
    plan = Plan(count, 100.0, 30.0)
    wide, high = plan.size
    assert plan.columns <= 6
    squares = [plan.square(place) for place in range(count)]
    assert all(square.right() <= wide + 1e-6 and square.bottom() <= high + 1e-6 for square in squares)
    assert not any(a.intersects(b) for at, a in enumerate(squares) for b in squares[:at])


# --- the controller


class _Viewer(QObject):
    closed = Signal(int)


class _Viewing:
    def __init__(self) -> None:
        self.viewer = _Viewer()
        self.shown: list[tuple[tuple[int, ...], int]] = []

    def open_among(self, ids, photo) -> None:
        self.shown.append((tuple(ids), photo))


@pytest.fixture
def table(qtbot, look, tmp_path: Path):
    save_many(tmp_path / "pictures", range(60))
    with laid(qtbot, look, tmp_path / "library") as table:
        table.desk.background.start(ingest(table.library, [tmp_path / "pictures"]), "adding", "Adding")
        table.settle()
        selected: list[int] = []
        table.desk.page = SimpleNamespace(grid=SimpleNamespace(selected_ids=lambda: selected))
        table.selected = selected
        table.desk.areas.add(Area(table.desk.window, lambda: list(selected), lambda: None, print), keys=False)
        table.names = {path.name: photo for path, photo in by_path(table.library).items()}
        table.viewing = _Viewing()
        table.journeying = Journeying(table.desk, table.thumbnails, table.viewing)
        yield table


def far(table) -> int:
    vectors = table.library.view.matrix
    rows = dict(table.library.connection.execute("SELECT photo, position FROM features"))
    one = rows[table.names["photo 3.jpg"]]
    return min(rows, key=lambda photo: float(vectors[rows[photo]] @ vectors[one]))


def shown(table):
    table.qtbot.waitUntil(lambda: table.journeying.dialog.view is not None, timeout=30_000)
    return table.journeying.dialog


def test_two_selected_photos_are_the_ends(table, tmp_path: Path):
    table.journeying.show_between_selected()
    assert table.message == SELECT_TWO
    assert table.journeying.dialog is None
    start, end = table.names["photo 3.jpg"], far(table)
    table.selected[:] = [start, end]
    table.journeying.show_between_selected()
    dialog = shown(table)
    ids = dialog.view.stops.ids
    assert (ids[0], ids[-1]) == (start, end)
    assert len(ids) > 2

    wished = dialog.view.lengths[1]
    dialog.slider.setValue(1)
    table.qtbot.waitUntil(lambda: len(dialog.view.stops.ids) == wished)

    with table.qtbot.waitSignal(table.journeying.copyAsked) as asked:
        dialog.copy.click()
    assert asked.args == [list(dialog.view.stops.ids)]

    dialog.strip.opened.emit(start)
    assert table.viewing.shown == [(dialog.view.stops.ids, start)]
    assert dialog.isHidden()
    table.viewing.viewer.closed.emit(0)
    assert dialog.isVisible()

    for name in ("way.png", "way.pdf"):
        table.journeying.save(tmp_path / name)
        table.settle()
        assert f"saved as {name}" in table.message
    image = QImage(str(tmp_path / "way.png"))
    assert image.width() > 400 * wished
    assert (tmp_path / "way.pdf").read_bytes().startswith(b"%PDF")
    dialog.reject()


def test_what_leads_nowhere_is_said_in_the_window(table):
    photo = table.names["photo 3.jpg"]
    table.journeying.ask(photo, photo)
    dialog = table.journeying.dialog
    table.qtbot.waitUntil(lambda: dialog.problem.isVisible(), timeout=30_000)
    table.journeying.ask(photo, far(table))  # and goes on from there
    assert len(shown(table).view.stops.ids) > 2
    dialog.reject()


def test_a_picture_that_cannot_be_saved_leaves_a_sentence(table, tmp_path: Path):
    from desktop_app.core.errors import UserError

    ids = [table.names["photo 3.jpg"], 4321]
    with pytest.raises(UserError, match="could not be saved"):
        list(save_strip(table.library, ids, (0.5,), tmp_path / "no such folder" / "way.png"))
    list(save_strip(table.library, ids, (0.5,), tmp_path / "way.png"))  # a photo that went is left blank
    image = QImage(str(tmp_path / "way.png"))
    assert np.isclose(image.pixelColor(40 + 400 + 100 + 200, 240).red(), 0xEB, atol=2)
