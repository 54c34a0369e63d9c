"""The search bar: chips for more and less like this, words that stay, switches, saving, and odd searches."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.core import paths
from desktop_app.core.types import Order
from tests.photos import save_many
from tests.stories.person import ALT, CTRL, LEFT, Key, Person


@pytest.fixture
def album(person: Person, tmp_path: Path) -> Person:
    """Someone whose library holds 24 photos in two folders."""
    save_many(tmp_path / "Beach", range(12))
    save_many(tmp_path / "Zoo", range(12, 24))
    person.add(tmp_path / "Beach", tmp_path / "Zoo")
    return person


def chips(person: Person) -> list[str]:
    """What the chips say."""
    return [chip.accessibleName() for chip in person.page.bar.chips.chips()]


def until_chips(person: Person, *said: str) -> None:
    person.until(lambda: chips(person) == list(said))
    person.settle()


def search(person: Person, words: str) -> None:
    person.press(Key.Key_F, CTRL)
    person.type(words)


def test_more_and_less_like_this_by_key_change_the_order_at_once(album: Person) -> None:
    album.click("photo 3.jpg")
    album.press(Key.Key_Plus)
    until_chips(album, "Looking for photo 3.jpg")
    before = album.names()
    assert before[0] == "photo 3.jpg"
    nearest = before[1]
    album.click(nearest)
    album.press(Key.Key_Minus)
    until_chips(album, "Looking for photo 3.jpg", f"Less like {nearest}")
    assert nearest not in album.names()
    assert album.names() != before
    album.press(Key.Key_Left, ALT)  # like a browser
    until_chips(album, "Looking for photo 3.jpg")
    assert album.names() == before
    album.press(Key.Key_Right, ALT)
    until_chips(album, "Looking for photo 3.jpg", f"Less like {nearest}")


def test_the_buttons_on_a_photo_say_more_and_less(album: Person) -> None:
    from desktop_app.ui.grid.hover import button_rects

    def push(name: str, words: str) -> None:
        index = album.grid.photos.index(album.names().index(name))
        QTest.mouseMove(album.grid.viewport(), album.at(name))
        buttons = button_rects(album.grid.visualRect(index), album.grid._delegate.actions)
        (rect,) = [rect for action, rect in buttons if action.text == words]
        QTest.mouseClick(album.grid.viewport(), LEFT, pos=rect.center())

    push("photo 5.jpg", "More like this (+)")
    until_chips(album, "Looking for photo 5.jpg")
    other = album.names()[3]
    push(other, "Less like this (-)")
    until_chips(album, "Looking for photo 5.jpg", f"Less like {other}")


def test_a_chip_is_switched_off_on_again_and_removed(album: Person) -> None:
    album.click("photo 3.jpg")
    album.press(Key.Key_Plus)
    until_chips(album, "Looking for photo 3.jpg")
    one = album.names()
    other = one[-1]
    album.click(other)
    album.press(Key.Key_Equal)  # the same key without Shift
    until_chips(album, "Looking for photo 3.jpg", f"Looking for {other}")
    both = album.names()
    assert both[:2] == ["photo 3.jpg", other]
    chip = album.page.bar.chips.chips()[1]
    chip.setFocus()
    album.press(Key.Key_Space)
    until_chips(album, "Looking for photo 3.jpg", f"Looking for {other}, switched off")
    assert album.names() == one
    chip.setFocus()
    album.press(Key.Key_Space)
    until_chips(album, "Looking for photo 3.jpg", f"Looking for {other}")
    assert album.names() == both
    chip.setFocus()
    album.press(Key.Key_Delete)
    until_chips(album, "Looking for photo 3.jpg")
    assert album.names() == one
    album.page.bar.chips.chips()[0].setFocus()
    album.press(Key.Key_Delete)
    until_chips(album)
    assert len(album.names()) == 24


def test_everything_switched_off_shows_everything(album: Person) -> None:
    album.click("photo 3.jpg")
    album.press(Key.Key_Plus)
    until_chips(album, "Looking for photo 3.jpg")
    album.page.bar.chip.setFocus()
    album.press(Key.Key_Space)
    until_chips(album, "Looking for photo 3.jpg, switched off")
    assert len(album.names()) == 24
    assert album.page.bar.order() is Order.DATE  # as they stand


def test_only_less_like_this_is_a_search_too(album: Person) -> None:
    album.click("photo 3.jpg")
    album.press(Key.Key_Minus)
    until_chips(album, "Less like photo 3.jpg")
    assert "photo 3.jpg" not in album.names()
    assert album.names() or album.empty()


def test_words_become_a_chip_and_narrow_what_is_looked_for(album: Person) -> None:
    search(album, "zoo")
    album.until(lambda: len(album.names()) == 12)
    assert album.page.bar.count_words() == "12 of 24 photos"
    album.press(Key.Key_Return)
    until_chips(album, "Looking for the word zoo")
    assert album.window.search.text() == ""
    assert len(album.names()) == 12
    assert "Zoo" in album.grid.photos.reason(0)
    album.click("photo 15.jpg")
    album.press(Key.Key_Plus)
    until_chips(album, "Looking for photo 15.jpg", "Looking for the word zoo")
    assert album.names()[0] == "photo 15.jpg"
    assert len(album.names()) == 12
    album.push("Clear")
    until_chips(album)
    assert len(album.names()) == 24


def test_words_with_a_minus(album: Person) -> None:
    search(album, "-zoo")
    album.until(lambda: len(album.names()) == 12)
    assert set(album.names()) == {f"photo {n}.jpg" for n in range(12)}


def test_a_completion_shows_counts_and_becomes_a_chip(album: Person) -> None:
    search(album, "zo")
    completions = album.window.finding.searching.completing.list
    album.until(lambda: any(one.text.casefold() == "zoo" for one in completions.items()))
    (zoo,) = [one for one in completions.items() if one.kind == "folder"]
    assert zoo.count == 12
    while completions.current() != zoo:
        album.press(Key.Key_Down)
    album.press(Key.Key_Return)
    album.until(lambda: len(chips(album)) == 1 and len(album.names()) == 12)
    assert not completions.isVisible()
    assert album.window.search.text() == ""


def test_escape_closes_the_completions_first(album: Person) -> None:
    search(album, "zo")
    completions = album.window.finding.searching.completing.list
    album.until(completions.isVisible)
    album.press(Key.Key_Escape)
    assert not completions.isVisible()
    assert album.window.search.text() == "zo"
    album.press(Key.Key_Escape)
    assert album.window.search.text() == ""


@pytest.mark.parametrize("words", ["xyzzyqwv", "собака", "🦒"])
def test_a_word_that_finds_nothing_says_so_and_what_words_can_find(album: Person, words: str) -> None:
    search(album, "zoo")
    album.until(lambda: len(album.names()) == 12)
    album.window.search.selectAll()
    album.window.search.insert(words)
    album.until(lambda: album.empty().startswith(f"No photo found for “{words}”."))
    assert "Words work for things: animals, food, vehicles, objects" in album.empty()
    album.push("Mark a few example photos instead")
    album.until(lambda: len(album.names()) == 24)
    assert album.window.search.text() == ""
    assert album.grid.hasFocus()


def test_a_search_is_saved_opened_renamed_and_removed(album: Person) -> None:
    album.click("photo 15.jpg")
    album.press(Key.Key_Plus)
    until_chips(album, "Looking for photo 15.jpg")
    found = album.names()
    saving = album.window.finding.saving
    album.press(Key.Key_S, CTRL)
    album.until(lambda: album.dialogs())
    saving.dialog.setTextValue("Like fifteen")
    saving.dialog.accept()
    album.until(lambda: "Like fifteen" in [row.name for row in album.rows()])
    album.come_back()
    album.choose_row("Photos")
    album.until(lambda: len(album.names()) == 24 and not chips(album))
    album.choose_row("Like fifteen")
    until_chips(album, "Looking for photo 15.jpg")
    assert album.names() == found
    saving.rename(saving.saved[0], "Number fifteen")
    album.until(lambda: "Number fifteen" in [row.name for row in album.rows()])
    saving.remove(saving.saved[0])
    album.until(lambda: "Number fifteen" not in [row.name for row in album.rows()])
    album.grid.setFocus()
    album.press(Key.Key_Z, CTRL)
    album.until(lambda: "Number fifteen" in [row.name for row in album.rows()])


def test_a_saved_search_whose_photo_and_folder_are_gone_says_so(album: Person, tmp_path: Path) -> None:
    album.click("photo 15.jpg")
    album.press(Key.Key_Plus)
    until_chips(album, "Looking for photo 15.jpg")
    saving = album.window.finding.saving
    saving.save("Fifteen")
    album.until(lambda: saving.saved)
    album.choose_row("Photos")
    until_chips(album)
    album.folder_menu("Zoo", "Remove from library")
    album.until(lambda: album.folders() == {"Beach": "12"})
    album.settle()
    album.choose_row("Fifteen")
    album.until(lambda: album.message() or album.empty())
    album.settle()
    assert not album.dialogs()


def test_what_photos_show_is_found_by_words(person: Person) -> None:
    person.add(paths.sample_photos())
    for words, wanted in (("dog", "two-dogs.jpg"), ("bird", "penguin.jpg"), ("flower", "dahlia.jpg")):
        search(person, words)
        person.until(lambda name=wanted: name in person.names()[:6] and len(person.names()) < 60)
        person.press(Key.Key_Escape)
        person.press(Key.Key_Escape)
        person.until(lambda: len(person.names()) == 60)
    search(person, "vehicle")
    person.until(lambda: 2 <= len(person.names()) < 30)
    assert {"refuse-lorry.jpg", "fire-engine.jpg"} <= set(person.names()[:8])
    assert any(person.grid.photos.reason(row) for row in range(3))


def test_what_comes_meanwhile_leaves_the_viewer_and_other_pages_open(album: Person, tmp_path: Path) -> None:
    search(album, "zoo")
    album.until(lambda: len(album.names()) == 12)
    album.press(Key.Key_Return)
    until_chips(album, "Looking for the word zoo")
    album.double_click("photo 15.jpg")
    album.until(lambda: album.window.viewing.is_open)
    save_many(tmp_path / "Zoo", range(40, 42))
    album.window.folders.rescan()
    album.until(lambda: album.folders().get("Zoo") == "14")
    album.settle()
    assert album.window.viewing.is_open
    album.press(Key.Key_Escape)
    album.until(lambda: len(album.names()) == 14)
    album.window.navigation.show_duplicates()
    save_many(tmp_path / "Zoo", range(42, 43))
    album.window.folders.rescan()
    album.until(lambda: album.folders().get("Zoo") == "15")
    album.settle()
    assert album.window.frame.shown is album.window.frame.duplicates


def test_the_cross_of_the_only_word_ends_the_search(album: Person) -> None:
    search(album, "zoo")
    album.until(lambda: len(album.names()) == 12)
    album.press(Key.Key_Return)
    until_chips(album, "Looking for the word zoo")
    QTest.mouseClick(album.page.bar.chip.close_button, LEFT)
    until_chips(album)
    assert len(album.names()) == 24
    assert album.window.search.text() == ""


def test_an_example_and_a_word_that_finds_nothing_say_so(album: Person) -> None:
    album.click("photo 3.jpg")
    album.press(Key.Key_Plus)
    until_chips(album, "Looking for photo 3.jpg")
    album.click("photo 5.jpg")
    search(album, "zxqv")
    album.until(lambda: album.empty().startswith("No photo found for “zxqv”."))
    assert album.selected() == []  # what is not seen is not acted on
    album.push("Clear what is typed")
    album.until(lambda: not album.empty())
    assert len(album.names()) == 24


def test_what_to_leave_out_is_offered_where_nothing_fits_all(album: Person) -> None:
    album.click("photo 3.jpg")
    album.press(Key.Key_Plus)
    until_chips(album, "Looking for photo 3.jpg")
    search(album, "Zoo")
    album.until(lambda: len(album.names()) == 13)
    model = album.grid.photos
    assert model.reason(5) == "folder Zoo"
    album.until(lambda: "Found by: folder Zoo" in model.data(model.index(5), Qt.ItemDataRole.ToolTipRole))
    assert model.score(5) is not None
    for _ in "Zoo":
        album.press(Key.Key_Backspace)
    album.type("Zoo -Zoo")
    album.until(album.empty)
    assert album.empty() == "No photo fits all of this. Nothing here fits “photo 3.jpg” and “Zoo -Zoo” at once."
    album.push("Without “photo 3.jpg”")
    album.until(lambda: album.empty() == 'No photo found for "Zoo -Zoo".')
    assert chips(album) == ["Looking for photo 3.jpg, switched off"]


def test_remarks_stay_as_long_as_what_they_are_about_is_shown(album: Person) -> None:
    search(album, "Baech")
    album.until(lambda: "“Baech” was read as" in album.page.bar.note_words())
    for _ in "Baech":
        album.press(Key.Key_Backspace)
    album.until(lambda: not album.page.bar.note_words())
    album.settle()
    album.grid.setFocus()
    album.window.status.end_message()
    album.click("photo 3.jpg")
    album.press(Key.Key_Minus)
    album.until(lambda: "least like the unwanted" in album.page.bar.note_words())
    assert album.message() == ""
