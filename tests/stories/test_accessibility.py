"""What a screen reader finds: names on everything that can be reached, photos that say what they are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QLineEdit, QWidget

from tests.photos import save_many, scene
from tests.stories.person import Key, Person


@pytest.fixture
def album(person: Person, tmp_path: Path) -> Person:
    folder = tmp_path / "Album"
    save_many(folder, range(6))
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = datetime(2019, 5, 12, 14, 3).strftime("%Y:%m:%d %H:%M:%S")
    Image.fromarray(scene(30)).save(folder / "IMG_1234.jpg", exif=exif)
    person.add(folder)
    return person


def spoken(person: Person, name: str) -> str:
    model = person.grid.photos
    row = person.names().index(name)
    person.until(lambda: model.facts(row) is not None)
    return str(model.index(row).data(Qt.ItemDataRole.AccessibleTextRole))


def test_photos_say_what_they_are(album: Person) -> None:
    assert spoken(album, "IMG_1234.jpg") == "IMG_1234, 12 May 2019"
    album.click("IMG_1234.jpg")
    assert spoken(album, "IMG_1234.jpg") == "IMG_1234, 12 May 2019, selected"
    album.click("photo 3.jpg")
    album.press(Key.Key_S)
    album.until(lambda: album.page.bar.chip.isVisible() and album.names()[0] == "photo 3.jpg")
    album.settle()
    assert spoken(album, "photo 3.jpg").startswith("Looking for, photo 3")
    score = album.grid.photos.score(album.names().index("IMG_1234.jpg"))
    words = f"{abs(score):.2f}"
    assert spoken(album, "IMG_1234.jpg") == f"IMG_1234, 12 May 2019, likeness {'−' if score < 0 else ''}{words}"


def test_the_grid_is_a_list_with_its_photos(album: Person) -> None:
    interface = QAccessible.queryAccessibleInterface(album.grid)
    assert interface.role() == QAccessible.Role.List
    assert interface.text(QAccessible.Text.Name) == "Photos"
    assert interface.childCount() == 7
    row = album.names().index("IMG_1234.jpg")
    album.until(lambda: interface.child(row).text(QAccessible.Text.Name).startswith("IMG_1234"))


def unnamed(root: QWidget) -> list[str]:
    """What the keyboard reaches below a widget and a screen reader has no word for."""
    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QAbstractItemView)
    found = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, kinds) or not widget.isVisible() or widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name).strip():
            found.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}")
    return found


def test_everything_that_can_be_reached_has_a_name(album: Person) -> None:
    album.click("photo 3.jpg")
    album.until(lambda: len(album.alike()) == 6)
    assert unnamed(album.window) == []
    album.press(Key.Key_S)
    album.until(lambda: album.page.bar.chip.isVisible())
    assert unnamed(album.window) == []
    album.press(Key.Key_Return)
    album.until(lambda: album.window.viewing.is_open)
    album.press(Key.Key_I)
    assert unnamed(album.window.viewing.viewer) == []


def test_the_welcome_has_names(person: Person) -> None:
    person.until(person.window.welcome.isVisible)
    assert unnamed(person.window) == []


def test_folders_say_their_counts(album: Person) -> None:
    row = next(row for row in album.rows() if row.name == "Album")
    assert row.spoken == "Album, 7 photos"


def test_colour_is_never_the_only_sign_of_the_pinned_photo(album: Person) -> None:
    album.click("photo 3.jpg")
    album.press(Key.Key_S)
    album.until(lambda: album.page.bar.chip.isVisible())
    album.settle()
    assert album.page.bar.chips._looking.text() == "Looking for"
    assert album.page.bar.chip.accessibleName() == "Looking for photo 3.jpg"
