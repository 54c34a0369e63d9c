"""Someone looks into how photos are compared: why two are alike, in which ways, what a layer sees, by colour."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop_app.core.operations.networks import add
from desktop_app.core.surgery.guard import examine_safely
from tests.core.tiny_networks import save, segmentation
from tests.photos import save_many
from tests.stories.person import CTRL, LEFT, Key, Person


@pytest.fixture
def album(person: Person, tmp_path: Path) -> Person:
    save_many(tmp_path / "Album", range(10))
    for name, colour in (("red wall.png", (200, 30, 30)), ("blue wall.png", (30, 60, 190))):
        Image.new("RGB", (320, 240), colour).save(tmp_path / "Album" / name)
    person.add(tmp_path / "Album")
    person.settle()
    return person


def test_why_the_chosen_result_is_alike(album: Person) -> None:
    first, second = album.names()[:2]
    album.click(first)
    album.press(Key.Key_W)
    assert "Select two photos" in album.message()
    album.click(second, CTRL)
    album.press(Key.Key_W)
    why = album.window.exploring.why
    album.until(lambda: why.window is not None and why.window.isVisible())
    window = why.window
    assert {window.first.accessibleName(), window.second.accessibleName()} == {first, second}
    likeness = window.likeness.text()
    assert likeness.startswith("Likeness ")
    QTest.mouseClick(window.all, LEFT)
    assert window.likeness.text() != likeness  # all they share is more than what sets them apart
    area = window.first.area()
    QTest.mouseClick(window.first, LEFT, pos=area.center().toPoint())
    assert "most like it in the other photo" in window.hint.text()
    QTest.keyClick(window, Key.Key_Escape)
    album.until(lambda: not window.isVisible())
    album.come_back()

    album.click(first)
    album.press(Key.Key_S)
    album.until(lambda: album.page.bar.chip.isVisible())
    album.settle()
    album.press(Key.Key_Right)
    album.press(Key.Key_F3)
    album.until(window.isVisible)
    assert window.first.accessibleName() == first


def test_one_photo_in_every_way(album: Person) -> None:
    album.click(album.names()[0])
    album.window.commands["ways"].trigger()
    ways = album.window.exploring.ways
    album.until(lambda: ways.window is not None and len(ways.window.ways) > 3)
    window = ways.window
    titles = [way.title.text() for way in window.ways]
    assert "Things" in titles
    assert "Colour" in titles
    things = window.ways[titles.index("Things")]
    assert things.now.isVisible()
    assert len(things.strip.hits) == 8
    texture = window.ways[titles.index("Texture")]
    QTest.mouseClick(texture.choose, LEFT)
    album.until(lambda: album.window._session.compare_by.endswith(":stage2"))
    album.until(texture.now.isVisible)
    second = things.strip.hits[1][0]
    QTest.mouseClick(things.strip, LEFT, pos=QPoint(90, 30))
    album.until(lambda: window.query.hits[0][0] == second)
    album.settle()


def test_what_a_layer_sees(album: Person) -> None:
    album.window.commands["channels"].trigger()
    channels = album.window.exploring.channels
    album.until(lambda: channels.window is not None and channels.window.channel >= 0)
    window = channels.window
    album.until(lambda: window.grid.cells and all(cell.whole is not None for cell in window.grid.cells))
    assert len(window.grid.cells) == 12
    values = [cell.value for cell in window.grid.cells]
    assert values == sorted(values, reverse=True)
    at = window.layer.findText("Shapes", Qt.MatchFlag.MatchStartsWith)
    window.layer.setCurrentIndex(at)
    window.layer.activated.emit(at)
    album.until(lambda: window.grid.cells and all(cell.place is not None for cell in window.grid.cells))
    chosen = window.grid.cells[0].photo
    QTest.mouseClick(window.grid, LEFT, pos=QPoint(40, 40))
    assert album.grid.current_photo() == chosen


def test_what_is_where_needs_a_network_that_says_it(album: Person, tmp_path: Path) -> None:
    album.click(album.names()[0])
    album.window.commands["segments"].trigger()
    album.until(lambda: "Get one in Settings" in album.message())
    file = save(segmentation(), tmp_path / "where.onnx")
    examined = examine_safely(file)
    for _ in add(file, examined, name="where", title="Where"):
        pass
    album.window._session.library.engines.look_again()
    album.window.commands["segments"].trigger()
    segments = album.window.exploring.segments
    album.until(lambda: segments.window is not None and segments.window.isVisible())
    window = segments.window
    legend = window.view.accessibleName()
    assert legend.startswith(f"{album.names()[0]}: ")
    assert "%" in legend
    area = window.view.area()
    QTest.mouseClick(window.view, LEFT, pos=area.center().toPoint())
    assert window.here.text().startswith("Here: ")
    covered = window.view.grab().toImage().pixelColor(area.center().toPoint())
    window.opacity.setValue(0)
    assert window.view.grab().toImage().pixelColor(area.center().toPoint()) != covered or "background" in legend
    window.close()
    album.settle()


def test_pictures_in_a_colour(album: Person) -> None:
    album.window.commands["colours"].trigger()
    colours = album.window.exploring.colours
    album.until(lambda: colours.window is not None and colours.window.isVisible())
    window = colours.window
    results = album.grid.viewport()
    corner = results.mapFromGlobal(window.frameGeometry().topLeft())
    assert not results.rect().center().x() > corner.x()  # beside what is found
    album.window.navigation.show_themes()
    assert not window.isVisible()
    album.window.navigation.show_as_they_were()
    assert window.isVisible()
    QTest.mouseClick(window.swatches["Red"], LEFT)
    album.until(lambda: album.names()[:1] == ["red wall.png"])
    album.settle()
    QTest.mouseClick(window.swatches["Blue"], LEFT)  # half of each: both walls before the rest
    album.until(lambda: set(album.names()[:2]) == {"red wall.png", "blue wall.png"})
    window.set_colours([])
    album.settle()
    assert not album.page.view.is_search
    assert len(album.names()) == 12
    album.click("blue wall.png")
    album.until(window.from_photo.isEnabled)
    QTest.mouseClick(window.from_photo, LEFT)
    album.settle()
    album.until(lambda: album.names()[:1] == ["blue wall.png"] and len(window.chosen) >= 1)
    window.close()
    album.settle()
