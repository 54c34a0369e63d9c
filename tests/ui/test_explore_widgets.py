"""Ways side by side, channels, colours, why alike: what these windows show and ask for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPixmap

from desktop_app.ui.explore.cell_grid import Cell
from desktop_app.ui.explore.channels import ChannelRow, ChannelsWindow
from desktop_app.ui.explore.colours import MOST, ColoursDialog, Swatch
from desktop_app.ui.explore.ways import WayRow, WaysWindow
from desktop_app.ui.explore.why_alike import Lit, WhyAlikeWindow, WhyPair
from desktop_app.ui.panels.strip import Strip
from tests.ui.panel_parts import show

LEFT = Qt.MouseButton.LeftButton


class Pictures:
    """Thumbnails of one colour each."""

    def pixmap(self, photo: int, size: int) -> QPixmap:
        made = QPixmap(size, size)
        made.fill(QColor(photo * 20 % 256, 90, 90))
        return made


def image(width: int, height: int, colour: str = "#204060") -> QImage:
    made = QImage(width, height, QImage.Format.Format_ARGB32)
    made.fill(QColor(colour))
    return made


def test_a_strip_is_walked_and_clicked(qtbot, look):
    strip = show(qtbot, Strip(look, Pictures(), "Looks alike"), 280, 64)
    strip.show_hits([(3, 0.93), (5, 0.8), (8, 0.41)])
    assert strip.accessibleName() == "Looks alike: 1 of 3, likeness 0.93"
    with qtbot.waitSignal(strip.chosen) as chosen:
        qtbot.mouseClick(strip, LEFT, pos=QPoint(80, 20))
    assert chosen.args == [5]
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    qtbot.keyClick(strip, Qt.Key.Key_Right)  # there is no fourth
    with qtbot.waitSignal(strip.chosen) as chosen:
        qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert chosen.args == [8]


def test_a_way_is_chosen_by_its_results(qtbot, look):
    window = show(qtbot, WaysWindow(look, Pictures()), 860, 680)
    window.show_query(7)
    rows = [
        WayRow("n:embedding", "Things", "things and scenes", ((1, 0.9), (2, 0.8)), chosen=True),
        WayRow("colour", "Colour", "", ((4, 0.7),), note="needs about 2 min"),
    ]
    window.show_rows(rows)
    things, colour = window.ways
    assert things.now.isVisible()
    assert not things.choose.isVisible()
    assert colour.sees.text() == "needs about 2 min"
    with qtbot.waitSignal(window.wayChosen) as chosen:
        qtbot.mouseClick(colour.choose, LEFT)
    assert chosen.args == ["colour"]
    with qtbot.waitSignal(window.photoChosen) as photo:
        qtbot.mouseClick(things.strip, LEFT, pos=QPoint(90, 30))
    assert photo.args == [2]
    window.show_rows(rows[:1])
    assert not colour.isVisible()
    window.show_progress("Comparing", 1, 4)
    assert window.bar.isVisible()
    window.show_progress("", 0, 0)
    assert not window.bar.isVisible()
    with qtbot.waitSignal(window.stopped):
        qtbot.keyClick(window, Qt.Key.Key_Escape)


@pytest.fixture
def channels(qtbot, look) -> ChannelsWindow:
    return show(qtbot, ChannelsWindow(look, [("n:stage4", "Shapes"), ("n:embedding", "Things")]), 960, 680)


def test_channels_are_walked_with_the_arrow_keys(qtbot, channels):
    with qtbot.waitSignal(channels.channelChosen) as chosen:
        channels.show_channels([ChannelRow(9, "Channel 9", 1.0), ChannelRow(4, "Channel 4", 0.5)])
    assert chosen.args == [9]
    channels.channels.setFocus()
    with qtbot.waitSignal(channels.channelChosen) as chosen:
        qtbot.keyClick(channels.channels, Qt.Key.Key_Down)
    assert chosen.args == [4]
    assert channels.channel == 4
    with qtbot.waitSignal(channels.layerChosen) as layer:
        qtbot.keyClick(channels.layer, Qt.Key.Key_Down)
    assert layer.args == ["n:embedding"]


def test_photos_of_a_channel_show_the_place_alone_on_demand(qtbot, channels):
    red, green = image(40, 30, "#ff0000"), image(10, 10, "#00ff00")
    channels.show_cells([Cell(1, 2.5, red, green), Cell(2, 1.5, None, None, "away")], "2 photos", more=True)
    assert channels.note.text() == "2 photos"
    assert channels.more.isVisible()

    def middle() -> str:
        return channels.grid.grab().toImage().pixelColor(74, 74).name()

    assert middle() == "#ff0000"
    qtbot.mouseClick(channels.only_places, LEFT)
    assert middle() == "#00ff00"
    channels.grid.setFocus()
    qtbot.keyClick(channels.grid, Qt.Key.Key_Right)
    assert "away" in channels.grid.accessibleName()
    with qtbot.waitSignal(channels.grid.chosen) as chosen:
        qtbot.keyClick(channels.grid, Qt.Key.Key_Return)
    assert chosen.args == [2]


def test_up_to_five_colours(qtbot, look):
    dialog = ColoursDialog(look, photo=False)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    show(qtbot, dialog, 440, 340)
    assert not dialog.from_photo.isEnabled()
    told = []
    dialog.changed.connect(told.append)
    for name in ("Red", "Blue", "Blue", "Green", "White", "Black"):
        qtbot.mouseClick(dialog.swatches[name], LEFT)
    assert len(dialog.chosen) == MOST
    assert told[0] == ((198, 40, 40),)
    assert not dialog.swatches["Pink"].isEnabled()

    def removable() -> list[Swatch]:
        found = dialog.findChildren(Swatch)
        return [one for one in found if one.toolTip().startswith("Take away") and one.isVisible()]

    qtbot.waitUntil(lambda: len(removable()) == MOST)
    qtbot.mouseClick(removable()[0], LEFT)
    assert len(told[-1]) == MOST - 1
    assert dialog.swatches["Pink"].isEnabled()
    dialog.set_colours([(1, 2, 3)])
    assert told[-1] == ((1, 2, 3),)


def test_why_alike_tells_the_place_in_the_photo(qtbot, look):
    window = show(qtbot, WhyAlikeWindow(look), 960, 620)
    first, second = image(200, 100), image(100, 200)
    window.show_pair(WhyPair(Lit("a.jpg", first, image(2, 1)), Lit("b.jpg", second, image(1, 2)), "Likeness 0.83", ""))
    assert not window.sentence.isVisible()
    area = window.second.area()
    assert area.height() == pytest.approx(2 * area.width(), rel=0.02)
    with qtbot.waitSignal(window.placeAsked) as asked:
        at = QPoint(round(area.left() + area.width() / 4), round(area.top() + area.height() / 2))
        qtbot.mouseClick(window.second, LEFT, pos=at)
    down, along, in_second = asked.args
    assert (down, along) == (pytest.approx(0.5, abs=0.02), pytest.approx(0.25, abs=0.02))
    assert in_second
    outside = QPoint(2, 2) if area.left() > 3 or area.top() > 3 else QPoint(-1, -1)
    with qtbot.assertNotEmitted(window.placeAsked):
        qtbot.mouseClick(window.second, LEFT, pos=outside)
    with qtbot.waitSignal(window.kindChosen) as kind:
        qtbot.mouseClick(window.all, LEFT)
    assert kind.args == [False]
    with qtbot.assertNotEmitted(window.kindChosen):
        qtbot.mouseClick(window.plain, LEFT)
    window.show_match((0, 0, 0.1, 0.1), (0.5, 0.5, 0.1, 0.1), "0.91 alike here")
    assert window.hint.text() == "0.91 alike here"
