"""The way between two photos: from the grid to a strip, another length, a picture of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.ui.journey.journeying import SELECT_TWO
from tests.photos import save_many
from tests.stories.person import CTRL, LEFT, Key, Person


@pytest.fixture
def album(person: Person, tmp_path: Path) -> Person:
    """Someone with 60 photos."""
    save_many(tmp_path / "Album", range(60))
    person.add(tmp_path / "Album")
    return person


def test_two_photos_a_way_between_them_and_back(album: Person, tmp_path: Path) -> None:
    journeying = album.window.finding.journeying
    album.click("photo 3.jpg")
    album.press(Key.Key_S)
    album.settle()
    far = album.names()[-1]
    album.press(Key.Key_Escape)
    album.settle()
    album.click("photo 3.jpg")
    journeying.show_between_selected()
    assert album.message() == SELECT_TWO
    album.grid.select_photo(album.grid.photos.id_at(album.names().index("photo 3.jpg")))
    album.click(far, CTRL)
    assert len(album.selected()) == 2
    album.window.finding.handlers()["journey"]()
    album.until(lambda: journeying.dialog is not None and journeying.dialog.view is not None)
    dialog = journeying.dialog
    stops = dialog.view.stops.ids
    assert {album.grid.photos.row_of(stops[0]), album.grid.photos.row_of(stops[-1])} == {
        album.names().index("photo 3.jpg"),
        album.names().index(far),
    }
    assert len(stops) > 2

    wished = dialog.view.lengths[1]
    dialog.slider.setValue(1)
    album.until(lambda: len(dialog.view.stops.ids) == wished)

    QTest.mouseDClick(dialog.strip, LEFT, Qt.KeyboardModifier.NoModifier, dialog.strip.square(1).center())
    album.until(lambda: album.window.viewing.is_open)
    assert album.window.viewing.current_photo() == dialog.view.stops.ids[1]
    album.window.viewing.viewer.leave()
    album.until(dialog.isVisible)

    journeying.save(tmp_path / "way.pdf")
    album.until(lambda: "saved as way.pdf" in album.message())
    assert (tmp_path / "way.pdf").stat().st_size > 10_000
    dialog.reject()


def test_copies_lead_nowhere_and_the_window_says_so(album: Person, tmp_path: Path) -> None:
    (tmp_path / "Copies").mkdir()
    (tmp_path / "Copies" / "copy.jpg").write_bytes((tmp_path / "Album" / "photo 3.jpg").read_bytes())
    album.add(tmp_path / "Copies")
    album.click("photo 3.jpg")
    album.click("copy.jpg", CTRL)
    album.window.finding.handlers()["journey"]()
    journeying = album.window.finding.journeying
    album.until(lambda: journeying.dialog is not None and journeying.dialog.problem.isVisible())
    assert "copies of one photo" in journeying.dialog.problem.words()
    journeying.dialog.reject()
