"""Wherever photos are selected the same keys do the same: a table over the pages and windows that show photos."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop_app.core.catalog import photos as catalogue
from desktop_app.core.types import PhotoId
from desktop_app.jobs import trash_mover
from desktop_app.ui.grid import PhotoGrid
from tests.photos import save_many
from tests.stories.person import CTRL, SHIFT, Key, Person
from tests.stories.test_themes import Sorter

COUNT = 14


@dataclass
class Place:
    """Two photos are selected in `widget`, which has the keyboard."""

    person: Person
    widget: QWidget
    ids: list[PhotoId]

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.widget, key, modifiers)
        self.person.settle()

    def files(self) -> list[Path]:
        library = self.person.window._session.library
        found = catalogue.fetch(library.connection, self.ids)
        return [found[photo].path for photo in self.ids]


def two_of(grid: PhotoGrid) -> tuple[QWidget, list[PhotoId]]:
    grid.setFocus()
    grid.select_photo(grid.photos.id_at(1))
    QTest.keyClick(grid, Key.Key_Left, SHIFT)
    return grid, grid.selected_ids()


def on_photos(person: Person) -> tuple[QWidget, list[PhotoId]]:
    return two_of(person.grid)


def on_the_map(person: Person) -> tuple[QWidget, list[PhotoId]]:
    person.press(Key.Key_2, CTRL)
    mapping = person.window.mapping
    person.until(lambda: mapping.now is not None and not mapping.now.is_preview)
    person.until(lambda: person.window._session.compute.is_idle)
    mapping.canvas.select_photos(mapping.canvas.scene.photos[2:4])
    mapping.canvas.selectionChosen.emit(mapping.canvas.selected_photos())
    mapping.canvas.setFocus()
    return mapping.canvas, mapping.chosen()


def below_themes(person: Person) -> tuple[QWidget, list[PhotoId]]:
    sorter = Sorter(person).group()
    page = sorter.page
    page.cards.setFocus()
    QTest.keyClick(page.cards, Key.Key_Home)
    QTest.keyClick(page.cards, Key.Key_Space)
    person.until(lambda: page.drawer.grid.photos.rowCount() > 1)
    person.settle()
    return two_of(page.drawer.grid)


def along_a_way(person: Person) -> tuple[QWidget, list[PhotoId]]:
    ids = person.grid.photos.ids()
    journeying = person.window.finding.journeying
    journeying.ask(ids[0], ids[-1])
    person.until(lambda: journeying.dialog is not None and journeying.dialog.view is not None)
    strip = journeying.dialog.strip
    strip.setFocus()
    QTest.keyClick(strip, Key.Key_Home)
    QTest.keyClick(strip, Key.Key_Right, SHIFT)
    return strip, strip.chosen()


PLACES = {one.__name__: one for one in (on_photos, on_the_map, below_themes, along_a_way)}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    save_many(tmp_path / "Family", range(COUNT))
    person.window.resize(1300, 800)
    person.add(tmp_path / "Family")
    made = Place(person, *PLACES[request.param](person))
    person.settle()
    assert len(made.ids) == 2
    return made


def test_alike(place: Place) -> None:
    place.press(Key.Key_S)
    assert set(place.person.page.view.sought) == set(place.ids)


@pytest.mark.parametrize("key", [Key.Key_Plus, Key.Key_Equal, Key.Key_Minus])
def test_more_and_less_like_these(place: Place, key: Qt.Key) -> None:
    place.press(key)
    examples = place.person.page.view.query.examples
    assert {one.photo for one in examples} == set(place.ids)
    assert {one.wanted for one in examples} == {key != Key.Key_Minus}


def test_label(place: Place) -> None:
    labelling = place.person.window.labelling
    labelling.making._start(("good", "dent"), several=False)
    place.person.until(lambda: labelling.labels.state.label_set is not None)
    place.person.settle()
    place.widget.setFocus()
    place.press(Key.Key_L)
    assert set(labelling.anywhere._photos) == set(place.ids)
    labelling.anywhere.give(labelling.anywhere._photos, labelling.labels.state.label_set.answers[0].id)
    place.person.settle()
    labelling.anywhere.picker.hide()


def test_copy_files_and_paths(place: Place) -> None:
    clipboard = QApplication.clipboard()
    place.press(Key.Key_C, CTRL)
    place.person.until(lambda: bool(clipboard.mimeData().urls()))
    assert {Path(url.toLocalFile()) for url in clipboard.mimeData().urls()} == set(place.files())
    place.press(Key.Key_C, CTRL | SHIFT)
    place.person.until(lambda: bool(clipboard.text()) and not clipboard.mimeData().urls())
    assert {Path(line) for line in clipboard.text().splitlines()} == set(place.files())


@pytest.mark.skipif(not trash_mover._FREEDESKTOP, reason="the trash of a test's own is freedesktop's")
def test_delete_and_undo(place: Place) -> None:
    files = place.files()
    place.press(Key.Key_Delete)
    place.person.until(lambda: not any(file.exists() for file in files))
    place.person.settle()
    left = len(list(files[0].parent.iterdir()))
    assert left == COUNT - 2
    place.press(Key.Key_Z, CTRL)
    place.person.until(lambda: all(file.exists() for file in files))
    place.person.settle()


def test_the_menu_of_photos(place: Place) -> None:
    place.person.window.photos.show_menu(place.person.window.commands, place.ids, QPoint(400, 300))
    place.person.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    next(one for one in menu.actions() if one.text() == "Find alike").trigger()
    menu.close()
    place.person.settle()
    assert set(place.person.page.view.sought) == set(place.ids)


@pytest.mark.parametrize("where", ["on_photos", "below_themes", "along_a_way"])
def test_they_are_dragged_to_another_program_as_files(
    person: Person, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_many(tmp_path / "Family", range(COUNT))
    person.window.resize(1300, 800)
    person.add(tmp_path / "Family")
    widget, ids = PLACES[where](person)
    person.settle()
    window = person.window
    drag = {
        "on_photos": window.dropping.drag, "below_themes": window.grouping.below.drag,
        "along_a_way": window.finding.journeying.drag,
    }[where]  # fmt: skip
    got: list[set[Path]] = []

    def carry(moved: QDrag) -> None:
        mime = moved.mimeData()
        assert mime.hasFormat("text/uri-list")  # promised from the first moment on
        person.until(lambda: bool(mime.urls()))
        got.append({Path(url.toLocalFile()) for url in mime.urls()})

    monkeypatch.setattr(drag, "carry", carry)
    target = widget.viewport() if hasattr(widget, "viewport") else widget
    point = (
        widget.square(1).center()
        if where == "along_a_way"
        else widget.visualRect(widget.photos.index(widget.photos.row_of(ids[0]))).center()
    )
    press(target, point)
    assert got == [set(Place(person, widget, ids).files())]


def press(target: QWidget, point: QPoint) -> None:
    """Press the mouse and move away with it."""
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    far = point + QPoint(4 * QApplication.startDragDistance(), 0)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for kind, at in ((QEvent.Type.MouseButtonPress, point), (QEvent.Type.MouseMove, far)):
        place = QPointF(at)
        QApplication.sendEvent(target, QMouseEvent(kind, place, QPointF(target.mapToGlobal(at)), left, left, none))
    QTest.mouseRelease(target, left, none, far)


def test_on_a_page_without_photos_nothing_hidden_is_acted_on(person: Person, tmp_path: Path) -> None:
    save_many(tmp_path / "Family", range(4))
    person.add(tmp_path / "Family")
    person.grid.selectAll()
    person.press(Key.Key_6, CTRL)
    assert not person.grid.isVisible()
    for command, said in (
        ("trash", "Select the photos that are to go first."),
        ("more_like", "Select a photo first: then the search can be for more, or less, like it."),
        ("label_photos", "Select the photos to label first."),
        ("copy_to_folder", "Select the photos that are to be copied first."),
    ):
        person.window.commands[command].trigger()
        person.settle()
        assert person.message() == said
    assert len(list((tmp_path / "Family").iterdir())) == 4
