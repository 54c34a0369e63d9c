"""Finding what looks alike: select, follow, find in the grid, closer and looser, back and forward."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.photos import save, save_many, scene
from tests.stories.person import ALT, CTRL, LEFT, Key, Person


def same_scene(path: Path, width: int, height: int) -> Path:
    """What photo 3 shows, at another size."""
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(scene(3)).resize((width, height), Image.Resampling.LANCZOS).save(path)
    return path


@pytest.fixture
def family(person: Person, tmp_path: Path) -> Person:
    """Someone whose library holds 14 photos; three of them show one scene."""
    save_many(tmp_path / "Family", range(12))
    same_scene(tmp_path / "Family" / "again.jpg", 400, 300)
    same_scene(tmp_path / "Family" / "once more.jpg", 340, 255)
    person.add(tmp_path / "Family")
    person.click("photo 3.jpg")
    person.until(lambda: person.details().get("Size", "").startswith("320"))
    return person


def find_alike(person: Person, name: str) -> None:
    person.click(name)
    person.press(Key.Key_S)
    person.until(lambda: person.page.bar.chip.isVisible() and person.names()[0] == name)
    person.settle()


def test_a_click_shows_details_and_look_alikes(family: Person, tmp_path: Path) -> None:
    assert family.selected() == ["photo 3.jpg"]
    assert set(family.alike()[:2]) == {"again.jpg", "once more.jpg"}
    assert len(family.alike()) == 12
    scores = [score for _, score in family.panel.alike.items()]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.8
    assert family.details()["Folder"] == str(tmp_path / "Family")
    assert family.details()["Size"].startswith("320 × 240 pixels")
    assert len(family.names()) == 14  # a click never takes away
    family.until(lambda: family.panel._has_preview)


def test_the_panel_follows_the_arrow_keys(family: Person) -> None:
    names = family.names()
    family.click(names[0])
    for name in names[1:4]:
        family.press(Key.Key_Right)
        assert family.selected() == [name]
    family.until(lambda: family.panel._photo is not None and family.panel._photo.name == names[3])
    assert names[3] not in family.alike()
    family.press(Key.Key_Left)
    family.until(lambda: family.panel._photo.name == names[2])


def test_a_look_alike_in_the_panel_leads_to_it(family: Person) -> None:
    thumb = family.panel.alike.thumbs()[0]
    expected = family.alike()[0]
    QTest.mouseClick(thumb, LEFT)
    family.until(lambda: family.selected() == [expected])
    family.until(lambda: family.panel._photo.name == expected)


def test_s_puts_all_into_the_grid_best_first(family: Person) -> None:
    find_alike(family, "photo 3.jpg")
    names = family.names()
    assert len(names) == 14
    assert names[0] == "photo 3.jpg"
    assert set(names[1:3]) == {"again.jpg", "once more.jpg"}
    model = family.grid.photos
    assert model.is_pinned(0)
    scores = [model.score(row) for row in range(1, 14)]
    assert scores == sorted(scores, reverse=True)
    assert family.selected() == ["photo 3.jpg"]
    assert family.page.bar.count_words() == "13 photos"
    family.until(lambda: not family.page.bar.chip._thumbnail.isNull())


def test_the_magnifier_on_a_photo_finds_alike(family: Person) -> None:
    from desktop_app.ui.grid.hover import button_rects

    index = family.grid.photos.index(family.names().index("photo 7.jpg"))
    QTest.mouseMove(family.grid.viewport(), family.at("photo 7.jpg"))
    buttons = button_rects(family.grid.visualRect(index), family.grid._delegate.actions)
    assert [action.text for action, _ in buttons] == ["Less like this (-)", "More like this (+)", "Find alike (S)"]
    rect = buttons[-1][1]
    QTest.mouseClick(family.grid.viewport(), LEFT, pos=rect.center())
    family.until(lambda: family.page.bar.chip.isVisible() and family.names()[0] == "photo 7.jpg")


def test_closer_and_looser(family: Person) -> None:
    find_alike(family, "photo 3.jpg")
    looseness = family.page.bar.looseness
    looseness.slider.setFocus()
    family.press(Key.Key_Home)  # as close as it gets
    assert looseness.count_words() == "0 photos"
    assert family.empty().startswith("No photo is this close. The nearest is at 0.9")
    before = -1
    while looseness.count() < 13 and looseness.slider.value() < looseness.slider.maximum():
        family.press(Key.Key_PageUp)
        assert looseness.count() >= before
        before = looseness.count()
        assert looseness.count_words() == f"{before} photo{'s' * (before != 1)}"
        if before:
            assert len(family.names()) == before + 1  # with the one that is looked for
            assert family.names()[0] == "photo 3.jpg"
    assert before == 13


def test_nothing_this_close_offers_looser_matches(family: Person) -> None:
    family.page.bar.looseness.slider.setFocus()
    find_alike(family, "photo 3.jpg")
    family.page.bar.looseness.slider.setFocus()
    family.press(Key.Key_Home)
    # a search begins as closely as the last one
    family.press(Key.Key_Left, ALT)
    family.until(lambda: not family.page.bar.chip.isVisible())
    family.click("photo 8.jpg")
    family.press(Key.Key_S)
    family.until(lambda: family.empty().startswith("No photo is this close."))
    family.until(lambda: family.panel._photo.name == "photo 8.jpg")
    family.push("Show looser matches")
    assert family.empty() == ""
    assert len(family.names()) >= 12
    assert family.names()[0] == "photo 8.jpg"
    assert "photo 3.jpg" in family.names()


def test_back_returns_to_the_same_place_and_forward_again(person: Person, tmp_path: Path) -> None:
    save_many(tmp_path / "Many", range(40), width=96, height=72)
    person.add(tmp_path / "Many")
    person.window.resize(1180, 560)
    bar = person.grid.verticalScrollBar()
    person.until(lambda: bar.maximum() > 300)
    bar.setValue(237)
    names = person.names()
    name = names[person.grid.visible_rows().start + person.grid._layout.columns]
    person.click(name)
    person.click(names[names.index(name) + 1], CTRL)
    place, selected = bar.value(), person.selected()
    assert len(selected) == 2
    assert place > 100

    person.press(Key.Key_S)
    person.until(lambda: person.page.bar.chip.isVisible())
    person.settle()
    searched = person.names()
    assert bar.value() == 0
    person.press(Key.Key_End)
    last, down = person.current(), bar.value()
    assert down > 300

    person.press(Key.Key_Left, ALT)
    person.until(lambda: not person.page.bar.chip.isVisible())
    assert person.names() == names
    assert bar.value() == place
    assert person.selected() == selected
    person.press(Key.Key_Right, ALT)
    person.until(lambda: person.page.bar.chip.isVisible())
    assert person.names() == searched
    assert bar.value() == down
    assert person.current() == last
    # taking the chips away leads back as well
    QTest.mouseClick(person.page.bar.chip.close_button, LEFT)
    person.until(lambda: len(person.page.bar.chips.chips()) == 1)
    person.settle()
    QTest.mouseClick(person.page.bar.chip.close_button, LEFT)
    person.until(lambda: not person.page.bar.chip.isVisible())
    assert bar.value() == place
    assert person.selected() == selected


def test_a_picture_from_outside_is_dropped(family: Person, tmp_path: Path) -> None:
    picture = same_scene(tmp_path / "elsewhere" / "like 3.jpg", 360, 270)
    drag = family.drag(picture)
    assert drag.words() == "Find photos like this"
    drag.release()
    family.until(lambda: family.page.bar.chip.isVisible())
    family.until(lambda: set(family.names()[:3]) == {"photo 3.jpg", "again.jpg", "once more.jpg"})
    assert len(family.names()) == 14
    assert family.page.bar.chip.accessibleName() == "Looking for like 3.jpg"
    assert not family.grid.photos.is_pinned(0)
    assert not family.page.bar.chip._thumbnail.isNull()


def test_a_photo_of_the_library_that_is_dropped_is_known(family: Person, tmp_path: Path) -> None:
    family.drop(tmp_path / "Family" / "photo 5.jpg")
    family.until(lambda: family.page.bar.chip.isVisible())
    family.until(lambda: family.names()[0] == "photo 5.jpg")
    assert family.grid.photos.is_pinned(0)
    assert len(family.names()) == 14


def test_pixels_from_a_web_page_are_dropped(family: Person, tmp_path: Path) -> None:
    family.drop(image=QImage(str(tmp_path / "Family" / "again.jpg")))
    family.until(lambda: family.page.bar.chip.isVisible())
    family.until(lambda: set(family.names()[:3]) == {"photo 3.jpg", "again.jpg", "once more.jpg"})


def test_a_picture_is_pasted(family: Person, tmp_path: Path) -> None:
    QApplication.clipboard().setImage(QImage(str(tmp_path / "Family" / "again.jpg")))
    family.press(Key.Key_V, CTRL)
    family.until(lambda: family.page.bar.chip.isVisible())
    family.until(lambda: set(family.names()[:3]) == {"photo 3.jpg", "again.jpg", "once more.jpg"})


def test_a_copied_file_is_pasted(family: Person) -> None:
    family.click("photo 9.jpg")
    family.press(Key.Key_C, CTRL)
    family.until(lambda: family.message() == "1 photo copied.")
    family.press(Key.Key_V, CTRL)
    family.until(lambda: family.page.bar.chip.isVisible() and family.names()[0] == "photo 9.jpg")


def test_a_clipboard_without_a_picture_says_so(family: Person) -> None:
    QApplication.clipboard().setText("only words")
    family.press(Key.Key_V, CTRL)
    assert family.message() == "There is no picture on the clipboard."
    assert len(family.names()) == 14


def test_a_file_that_is_no_picture_says_so(family: Person, tmp_path: Path) -> None:
    liar = tmp_path / "liar.jpg"
    liar.write_bytes(b"not a picture at all, but with its name")
    family.drop(liar)
    family.until(lambda: family.message().startswith("“liar.jpg” cannot be compared."))
    assert len(family.names()) == 14
    assert not family.page.bar.chip.isVisible()
    assert not family.page.history.can_go_back
    drag = family.drag(tmp_path / "notes.txt")
    assert drag.words() == "Likeness can't use this file"
    drag.release()
    assert len(family.names()) == 14


def test_several_pictures_are_added_or_looked_for(family: Person, tmp_path: Path) -> None:
    pictures = [save(tmp_path / "New" / f"{seed}.jpg", seed) for seed in (3, 5)]
    drag = family.drag(*pictures, over=(0.75, 0.5))
    assert drag.words() == "Add their folder New, Find photos like these"
    drag.release()
    family.until(lambda: family.page.bar.chip.isVisible())
    chips = [chip.accessibleName() for chip in family.page.bar.chips.chips()]
    assert chips == ["Looking for 3.jpg", "Looking for 5.jpg"]
    family.settle()
    assert len(family.names()) == 14
    assert not family.window.adding.is_running
    family.press(Key.Key_Left, ALT)
    family.until(lambda: not family.page.bar.chip.isVisible())
    family.drop(*pictures, over=(0.25, 0.5))
    family.until(lambda: family.folders() == {"Family": "14", "New": "2"})
    family.settle()


def test_like_several_selected_photos(family: Person) -> None:
    family.click("photo 3.jpg")
    family.click("photo 8.jpg", CTRL)
    family.until(lambda: family.panel.note().startswith("2 photos selected, "))
    family.press(Key.Key_S)
    family.until(lambda: family.page.bar.chip.isVisible())
    chips = [chip.accessibleName() for chip in family.page.bar.chips.chips()]
    # in the grid's order, where files of one second stand in the order in which two threads read them
    assert sorted(chips) == ["Looking for photo 3.jpg", "Looking for photo 8.jpg"]
