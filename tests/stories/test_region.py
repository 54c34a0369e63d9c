"""A part of a photo is searched by: drawn with the mouse, placed with the keyboard, too small, gone."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from desktop_app.core.operations import region_look
from desktop_app.core.operations.region_cells import CellReader, Seen
from tests.photos import scene
from tests.stories.person import ALT, LEFT, SHIFT, Key, Person

SIDE = 300


def quarters(*seeds: int) -> np.ndarray:
    """Four scenes, two by two."""
    one, two, three, four = (scene(seed, SIDE, SIDE) for seed in seeds)
    return np.vstack([np.hstack([one, two]), np.hstack([three, four])])


@pytest.fixture(scope="module")
def collages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight collages; what is at the top left of "asked" is at the bottom right of "with it"."""
    folder = tmp_path_factory.mktemp("collages") / "Collages"
    folder.mkdir()
    for number in range(6):
        seeds = [100 + 4 * number + at for at in range(4)]
        Image.fromarray(quarters(*seeds)).save(folder / f"other {number}.png")
    Image.fromarray(quarters(201, 202, 203, 7)).save(folder / "with it.png")
    Image.fromarray(quarters(7, 221, 222, 223)).save(folder / "asked.png")
    return folder


@pytest.fixture
def album(person: Person, collages: Path) -> Person:
    """Someone with these."""
    person.add(collages)
    return person


def open_viewer(person: Person, name: str) -> None:
    person.click(name)
    person.press(Key.Key_Return)
    viewing = person.window.viewing
    person.until(lambda: viewing.is_open and viewing.viewer.canvas.has_image and viewing.viewer._photo is not None)


def drag(person: Person, start: tuple[float, float], end: tuple[float, float]) -> None:
    layer, area = person.window.viewing.viewer.parts.box, person.window.viewing.viewer.canvas.photo_rect()

    def at(share: tuple[float, float]) -> QPoint:
        return QPoint(round(area.left() + share[0] * area.width()), round(area.top() + share[1] * area.height()))

    QTest.mousePress(layer, LEFT, pos=at(start))
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(layer, at((start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1]))))
    QTest.mouseRelease(layer, LEFT, pos=at(end))


def until_outlined(person: Person) -> dict[int, object]:
    """Wait until the places are outlined in the grid; by photo."""
    person.settle()
    person.until(lambda: len(person.grid._delegate.places) > 1)
    return dict(person.grid._delegate.places)


def test_a_box_finds_the_photo_with_the_same_thing_and_says_where(album: Person) -> None:
    open_viewer(album, "asked.png")
    viewer = album.window.viewing.viewer
    album.press(Key.Key_B)
    drag(album, (0.02, 0.02), (0.49, 0.49))
    said: list[tuple[bool, str]] = []
    album.page.shown.connect(lambda found: said.append((found.is_first, album.page.bar.note_words())))
    viewer.parts.box.bar.search.click()
    places = until_outlined(album)
    # the order changes once more: that is said as long as it is to come
    assert [(is_first, "Looking closer…" in words) for is_first, words in said[:2]] == [(True, True), (False, False)]
    assert not album.window.viewing.is_open
    assert album.names()[:2] == ["asked.png", "with it.png"]  # what was asked by stands first
    second = album.grid.photos.id_at(1)
    box = places[second]
    assert box.x + box.width / 2 > 0.5
    assert box.y + box.height / 2 > 0.5
    # the photo itself shows it, too, and not when it is not wanted
    open_viewer(album, "with it.png")
    assert viewer.parts.outline.place == box
    album.press(Key.Key_O)
    assert viewer.parts.outline.isHidden()
    album.press(Key.Key_O)
    assert viewer.parts.outline.isVisible()
    album.press(Key.Key_Escape)
    # back, and nothing is outlined any more
    album.press(Key.Key_Left, ALT)
    album.settle()
    album.until(lambda: not album.grid._delegate.places)
    assert len(album.names()) == 8


class Gate:
    """Holds the second look at its first photo until the test lets it go on; counts what is looked at."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.go, self.looks = threading.Event(), threading.Event(), 0
        self._look = region_look._look
        monkeypatch.setattr(region_look, "_look", self.look)

    def look(self, reader: CellReader, thumbnail: bytes) -> Seen | None:
        self.looks += 1
        self.reached.set()
        assert self.go.wait(20)
        return self._look(reader, thumbnail)


def search_by_part(person: Person, gate: Gate) -> None:
    """Search by the top left of "asked", as far as the second look."""
    open_viewer(person, "asked.png")
    person.press(Key.Key_B)
    drag(person, (0.02, 0.02), (0.49, 0.49))
    person.press(Key.Key_Return)
    person.until(lambda: gate.reached.is_set() and person.page.found.is_first)


def test_a_click_does_not_wait_for_the_second_look(album: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    search_by_part(album, gate)
    answers = []
    album.page.shown.connect(lambda found: answers.append("places"))
    for number in range(3):
        job = album.window._session.query.submit(lambda: None, name="a click")
        job.succeeded.connect(lambda _, number=number: answers.append(number))
    gate.go.set()
    places = until_outlined(album)
    assert answers == [0, 1, 2, "places"]
    assert len(places) == 8


def test_a_newer_question_ends_the_second_look(album: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    search_by_part(album, gate)
    album.press(Key.Key_Left, ALT)
    gate.go.set()
    album.settle()
    album.until(lambda: not album.page.view.is_search and len(album.names()) == 8)
    assert 0 < gate.looks <= region_look.STEP  # of seven photos
    assert not album.grid._delegate.places


def test_the_keyboard_alone_searches_by_a_part(album: Person) -> None:
    open_viewer(album, "asked.png")
    viewer = album.window.viewing.viewer
    album.press(Key.Key_B)
    album.press(Key.Key_Left)  # a box in the middle
    for _ in range(14):
        album.press(Key.Key_Left)
        album.press(Key.Key_Up)
    for _ in range(3):
        album.press(Key.Key_Right, SHIFT)
        album.press(Key.Key_Down, SHIFT)
    assert viewer.parts.box.box.width == pytest.approx(0.46, abs=0.01)
    assert viewer.parts.box.box.x == pytest.approx(0.02, abs=0.01)
    assert album.window.viewing.is_open
    album.press(Key.Key_Return)
    until_outlined(album)
    assert album.names()[:2] == ["asked.png", "with it.png"]


def test_a_slip_of_the_hand_says_so_and_escape_leaves_step_by_step(album: Person) -> None:
    open_viewer(album, "asked.png")
    viewer = album.window.viewing.viewer
    album.press(Key.Key_B)
    drag(album, (0.5, 0.5), (0.502, 0.51))
    assert "too small" in viewer.parts.box.bar.words.text()
    album.press(Key.Key_Return)
    assert album.window.viewing.is_open
    album.press(Key.Key_Escape)
    assert album.window.viewing.is_open
    assert not viewer.parts.is_boxing
    album.press(Key.Key_Escape)
    assert not album.window.viewing.is_open
    assert album.selected() == ["asked.png"]
