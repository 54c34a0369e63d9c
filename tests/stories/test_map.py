"""The map: explore it, pick with the lasso, let what is looked for stand out, and keep it as a picture."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop_app.ui.map.mapping import Mapping
from tests.photos import save_many
from tests.stories.person import ALT, CTRL, LEFT, NONE, SHIFT, Key, Person


def mapping(person: Person) -> Mapping:
    return person.window.mapping


def quiet(person: Person) -> None:
    canvas = mapping(person).canvas
    timers = (canvas._working, canvas._settling, canvas._wanting, mapping(person).making._soon)
    person.until(lambda: not any(timer.isActive() for timer in timers))
    session = person.window._session
    lanes = (session.query, session.thumbs, session.work, session.compute)
    person.until(lambda: all(lane.is_idle for lane in lanes))
    QApplication.processEvents()


def open_map(person: Person) -> Mapping:
    person.press(Key.Key_2, CTRL)
    assert person.window.frame.shown is person.window.frame.map
    person.until(lambda: mapping(person).now is not None and not mapping(person).making.is_making)
    quiet(person)
    return mapping(person)


def names(person: Person, ids) -> list[str]:
    found = person._names_of([int(photo) for photo in ids])
    return sorted(found.values())


def ids_of(person: Person, kind: str) -> np.ndarray:
    made = mapping(person).now
    found = person._names_of(made.photos.tolist())
    return np.array([photo for photo, name in found.items() if name.startswith(kind)])


def lasso_round(person: Person, photos: np.ndarray, modifiers: Qt.KeyboardModifier = SHIFT) -> None:
    """Draw round some photos that lie together."""
    canvas = mapping(person).canvas
    places = [canvas.place_of(canvas.index_of(int(photo))).center() for photo in photos]
    left, right = min(p.x() for p in places) - 6, max(p.x() for p in places) + 6
    top, bottom = min(p.y() for p in places) - 6, max(p.y() for p in places) + 6
    corners = [QPoint(int(x), int(y)) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]
    QTest.mousePress(canvas, LEFT, modifiers, corners[0])
    for one, other in pairwise(corners):
        for step in range(1, 9):
            QTest.mouseMove(canvas, one + (other - one) * step / 8)
    QTest.mouseRelease(canvas, LEFT, modifiers, corners[-1])


def test_someone_explores_the_map_and_picks_with_the_lasso(kinds: Person) -> None:
    shown = open_map(kinds)
    assert len(shown.now.photos) == len(kinds.names())
    assert kinds.window.frame.map.hint.isVisible()
    # alike photos are together: no disc among the stripes nearest to one another
    stripes, discs = ids_of(kinds, "stripes"), ids_of(kinds, "discs")
    points = dict(zip(shown.now.photos.tolist(), shown.now.points, strict=True))
    middle = [np.mean([points[int(photo)] for photo in some], axis=0) for some in (stripes, discs)]
    assert np.linalg.norm(middle[0] - middle[1]) > 1.5
    # the lasso picks, and the selection is that of the photos page too
    lasso_round(kinds, stripes)
    chosen = set(shown.canvas.selected_photos().tolist())
    assert set(stripes.tolist()) <= chosen
    kinds.until(lambda: set(kinds.grid.selected_ids()) == chosen)
    kinds.press(Key.Key_1, CTRL)
    assert kinds.window.frame.shown is kinds.page
    assert {name.split()[0] for name in kinds.selected()} >= {"stripes"}
    # chosen there, it is chosen here
    kinds.click(kinds.names()[0])
    kinds.press(Key.Key_2, CTRL)
    quiet(kinds)
    assert names(kinds, shown.canvas.selected_photos()) == kinds.selected()
    kinds.press(Key.Key_Escape)
    assert not len(shown.canvas.selected_photos())


def test_what_is_looked_for_stands_out(kinds: Person) -> None:
    shown = open_map(kinds)
    kinds.press(Key.Key_F, CTRL)
    kinds.type("discs")
    kinds.until(
        lambda: shown.canvas.scene.lit is not None and shown.canvas.scene.lit.sum() == len(ids_of(kinds, "discs"))
    )
    assert kinds.window.frame.shown is kinds.window.frame.map  # one stays on the map
    assert "stand out" in kinds.window.frame.map.words.words()
    kinds.press(Key.Key_1, CTRL)
    kinds.until(lambda: shown.canvas.scene.lit is None)


def test_keys_alone_find_alike_open_and_label(kinds: Person) -> None:
    shown = open_map(kinds)
    canvas = shown.canvas
    assert canvas.hasFocus()
    kinds.press(Key.Key_Right, CTRL)
    assert len(canvas.selected_photos()) == 1
    first = int(canvas.selected_photos()[0])
    kinds.press(Key.Key_Return)
    kinds.until(lambda: kinds.window.viewing.is_open)
    assert kinds.window.viewing.current_photo() == first
    kinds.press(Key.Key_Escape)
    kinds.until(lambda: not kinds.window.viewing.is_open)
    kinds.until(canvas.hasFocus)
    kinds.press(Key.Key_S)
    kinds.until(lambda: kinds.page.view.sought == (first,))
    kinds.until(lambda: canvas.scene.lit is not None)
    assert kinds.window.frame.shown is kinds.window.frame.map


def test_new_photos_join_and_the_map_is_there_at_the_next_start(kinds: Person, tmp_path: Path) -> None:
    shown = open_map(kinds)
    before = {photo: place.tolist() for photo, place in zip(shown.now.photos.tolist(), shown.now.points, strict=True)}
    save_many(tmp_path / "More", range(3))
    kinds.window.folders.add([tmp_path / "More"])
    kinds.until(lambda: len(shown.now.photos) == len(before) + 3)
    quiet(kinds)
    after = dict(zip(shown.now.photos.tolist(), shown.now.points.tolist(), strict=True))
    assert all(after[photo] == place for photo, place in before.items())
    assert shown.now.later.sum() == 3
    library = kinds.window._session.library
    assert library is not None
    assert list((library.folder / "map").glob("*-embedding.npz"))


def test_a_stopped_map_can_be_made_again(kinds: Person) -> None:
    shown = open_map(kinds)
    made = shown.now
    shown.making.make()
    assert shown.making.is_making
    kinds.window.background.stop(id(shown.making._job))
    kinds.until(lambda: not shown.making.is_making)
    assert shown.now is made or np.array_equal(shown.now.points, made.points)
    assert not kinds.window.frame.map.is_empty


@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_the_map_is_saved_as_a_picture(kinds: Person, tmp_path: Path, monkeypatch, ending: str) -> None:
    shown = open_map(kinds)
    shown.colours.choose("date")
    quiet(kinds)
    assert kinds.window.frame.map.legend.isVisible()
    target = tmp_path / f"map.{ending}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    kinds.press(Key.Key_E, CTRL, to=shown.canvas)
    kinds.until(lambda: kinds.message().startswith("The map was saved"))
    head = target.read_bytes()[:8]
    assert head.startswith(b"%PDF" if ending == "pdf" else b"\x89PNG")
    assert target.stat().st_size > 20_000


def test_the_contact_sheet_has_a_place_for_each(kinds: Person) -> None:
    shown = open_map(kinds)
    QTest.mouseClick(kinds.window.frame.map.sheet, LEFT)
    quiet(kinds)
    points = shown.canvas.scene.points
    assert len(np.unique(points, axis=0)) == len(points)
    assert shown.canvas.scene.is_sheet
    QTest.mouseClick(shown.canvas, LEFT, NONE, shown.canvas.place_of(0).center().toPoint())
    assert shown.canvas.selected_photos().tolist() == [int(shown.now.photos[0])]
    kinds.press(Key.Key_Left, ALT)
    assert kinds.window.frame.shown is kinds.page


def test_two_photos_make_a_map_too(person: Person, tmp_path: Path) -> None:
    save_many(tmp_path / "Two", range(2))
    person.add(tmp_path / "Two")
    shown = open_map(person)
    assert len(shown.now.photos) == 2
    assert not person.window.frame.map.is_empty
