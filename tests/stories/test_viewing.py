"""The viewer: opened in every way, through the list, closer, back to where it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.photos import save_many
from tests.stories.person import CTRL, LEFT, SHIFT, Key, Person


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """15 photos larger than the window."""
    folder = tmp_path_factory.mktemp("large")
    save_many(folder, range(15), width=1600, height=1200)
    return folder


@pytest.fixture
def album(person: Person, large: Path, tmp_path: Path) -> Person:
    """Someone with 15 photos, larger than the window."""
    shutil.copytree(large, tmp_path / "Album")
    person.add(tmp_path / "Album")
    return person


def opened(person: Person) -> str:
    """Wait until the viewer shows its photo's pixels; returns the name it says."""
    viewing = person.window.viewing
    person.until(lambda: viewing.is_open and viewing.viewer.canvas.has_image and viewing.viewer._photo is not None)
    return viewing.viewer.top._name.words()


def test_double_click_enter_and_space_open_it_and_esc_space_enter_leave(album: Person) -> None:
    name = album.names()[4]
    viewing = album.window.viewing
    ways = {
        Key.Key_Escape: lambda: album.double_click(name),
        Key.Key_Space: lambda: album.press(Key.Key_Return),
        Key.Key_Return: lambda: album.press(Key.Key_Space),
    }
    album.click(name)
    for leave, enter in ways.items():
        enter()
        assert opened(album) == name
        assert viewing.viewer.top.place() == "5 of 15"
        album.press(leave)
        assert not viewing.is_open
        assert album.selected() == [name]
        assert album.grid.hasFocus()


def test_the_next_the_one_before_and_back_to_the_right_photo(album: Person) -> None:
    names = album.names()
    album.click(names[2])
    album.press(Key.Key_Return)
    assert opened(album) == names[2]
    album.press(Key.Key_Right)
    assert opened(album) == names[3]
    album.press(Key.Key_Right)
    assert opened(album) == names[4]
    album.press(Key.Key_Left)
    assert opened(album) == names[3]
    album.press(Key.Key_End)
    assert opened(album) == names[-1]
    album.press(Key.Key_Escape)
    assert album.selected() == [names[-1]]
    assert album.current() == names[-1]
    rect = album.grid.visualRect(album.grid.currentIndex())
    assert album.grid.viewport().rect().contains(rect)
    album.until(lambda: album.panel._photo is not None and album.panel._photo.name == names[-1])


def test_fit_all_pixels_and_details(album: Person) -> None:
    album.double_click(album.names()[0])
    opened(album)
    viewer = album.window.viewing.viewer
    assert viewer.canvas.is_fit
    assert viewer.top.zoom.text().startswith("Fit, ")
    album.press(Key.Key_Z)
    album.until(lambda: viewer.top.zoom.text() == "100 %")
    assert not viewer.canvas.is_fit
    album.press(Key.Key_Z)
    assert viewer.canvas.is_fit
    album.press(Key.Key_I)
    assert viewer.details.isVisible()
    rows = {row.name: row.value for row in viewer.details.rows().shown()}
    assert rows["Size"].startswith("1,600 × 1,200 pixels")
    assert rows["Place"] == "1 of 15"
    assert rows["Folder"].endswith("Album")
    assert rows["Format"].startswith("JPEG")
    album.press(Key.Key_I)
    assert not viewer.details.isVisible()
    # the window's own key for the right panel means the details here
    album.press(Key.Key_I, CTRL)
    assert viewer.details.isVisible()
    assert album.panel.isVisible()


def test_the_path_is_copied(album: Person, tmp_path: Path) -> None:
    album.double_click(album.names()[0])
    name = opened(album)
    album.press(Key.Key_C, CTRL | SHIFT)
    album.until(lambda: QApplication.clipboard().text() == str(tmp_path / "Album" / name))


def test_find_alike_in_the_viewer(album: Person) -> None:
    album.double_click(album.names()[0])
    album.press(Key.Key_Right)
    name = opened(album)
    album.press(Key.Key_S)
    assert not album.window.viewing.is_open
    album.until(lambda: album.page.bar.chip.isVisible())
    album.until(lambda: album.names()[0] == name)
    assert album.selected() == [name]
    assert album.grid.hasFocus()
    # the viewer of the results goes through the results
    names = album.names()
    album.press(Key.Key_Return)
    assert opened(album) == name
    album.press(Key.Key_Right)
    assert opened(album) == names[1]
    QTest.mouseClick(album.window.viewing.viewer.top.back, LEFT)
    assert album.selected() == [names[1]]


def test_a_look_alike_is_opened_from_the_panel(album: Person) -> None:
    first = album.names()[0]
    album.click(first)
    album.until(lambda: len(album.alike()) == 12)
    alike = album.alike()
    thumb = album.panel.alike.thumbs()[1]
    QTest.mouseClick(thumb, LEFT)
    # a slow second click: the first has selected the photo, and the panel shows what looks like that one
    album.until(lambda: album.panel._photo.name == alike[1] and album.alike() != alike)
    QTest.mouseDClick(thumb, LEFT)
    assert opened(album) == alike[1]
    assert album.window.viewing.viewer.top.place() == "2 of 12"
    album.press(Key.Key_Right)
    assert opened(album) == alike[2]
    album.press(Key.Key_Escape)
    assert len(album.selected()) == 1


def test_a_file_deleted_meanwhile_shows_the_sentence_and_the_thumbnail(album: Person, tmp_path: Path) -> None:
    names = album.names()
    album.settle()
    (tmp_path / "Album" / names[3]).unlink()
    album.double_click(names[3])
    viewer = album.window.viewing.viewer
    album.until(lambda: viewer.failure.isVisible())
    assert "not there any more" in viewer.failure.words() or "went away" in viewer.failure.words()
    assert not viewer.canvas.has_image
    album.until(lambda: not viewer.canvas._thumbnail.isNull())
    album.press(Key.Key_Right)
    assert opened(album) == names[4]
    assert not viewer.failure.isVisible()


def test_nothing_below_the_viewer_is_touched_while_it_is_open(album: Person) -> None:
    names = album.names()
    album.double_click(names[1])
    opened(album)
    album.press(Key.Key_F6)
    assert album.window.viewing.viewer.hasFocus()
    album.press(Key.Key_Right)
    assert opened(album) == names[2]
    album.press(Key.Key_F, CTRL)
    assert not album.window.viewing.is_open
    assert album.window.search.hasFocus()


def test_a_drop_on_the_viewer_is_as_good_as_anywhere(album: Person, tmp_path: Path) -> None:
    names = album.names()
    album.double_click(names[1])
    opened(album)
    album.drop(tmp_path / "Album" / names[5])
    album.until(lambda: album.page.bar.chip.isVisible())
    album.until(lambda: album.names()[0] == names[5])
    assert not album.window.viewing.is_open
    assert album.selected() == [names[5]]
