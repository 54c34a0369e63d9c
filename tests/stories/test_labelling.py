"""Labelling: set up, by key, accept and correct, undo, elsewhere, and everything kept."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from desktop_app.core.labelling import Origin
from tests.stories.labeller import COUNT, Labeller
from tests.stories.person import ALT, CTRL, SHIFT, Key, Person, Program


def test_the_box_shows_keys_and_refuses_nothing_written(kinds: Person) -> None:
    labeller = Labeller(kinds).go()
    assert labeller.page.is_set_up
    assert not labeller.page.set_up.start.isEnabled()
    labeller.person.type("good\r good \rscratch\rdent")
    assert labeller.page.set_up.answers() == ["good", "scratch", "dent"]
    labeller.person.push("Start")
    labeller.person.until(lambda: len(labeller.view.bar.buttons()) == 4)
    shown = [(b.shown.key, b.shown.name) for b in labeller.view.bar.buttons()]
    assert shown == [("1", "good"), ("2", "scratch"), ("3", "dent"), ("0", "None of these")]
    assert "Too few labels to say" in labeller.view.meter.words.text()


def test_by_key_each_answer_is_saved_and_the_next_photo_comes(labeller: Labeller) -> None:
    first = labeller.name()
    labeller.person.type("1")
    second = labeller.name()
    assert second != first
    assert labeller.view.bar.buttons()[0].shown.count == 1
    assert [recent.name for recent in labeller.view.strip.shown()] == ["stripes"]
    labeller.person.type("0")
    third = labeller.name()
    labeller.press(Key.Key_Right)  # later
    assert labeller.name() not in (first, second, third)
    labeller.press(Key.Key_Left)
    assert labeller.name() == third
    labeller.press(Key.Key_Backspace)
    assert labeller.name() == second
    assert labeller.view.photo.badge() == "None of these"
    assert labeller.stored() == {first: ("stripes", Origin.HAND), second: ("None of these", Origin.HAND)}


def test_space_looks_closer_and_back(labeller: Labeller) -> None:
    labeller.person.until(lambda: labeller.view.photo.has_image)
    assert labeller.view.photo.is_fit
    labeller.press(Key.Key_Space)
    assert not labeller.view.photo.is_fit
    labeller.press(Key.Key_Space)
    assert labeller.view.photo.is_fit


def test_accept_the_guess_and_correct_one(labeller: Labeller) -> None:
    labeller.answer(8)
    state = labeller.parts.labels.state
    assert state.guesses is not None
    guess = state.guess(labeller.parts.walk.queue.current)
    assert guess is not None
    while not guess.is_preselected:  # one that is not sure enough is answered by hand
        labeller.answer(1)
        guess = state.guess(labeller.parts.walk.queue.current)
    accepted = labeller.name()
    assert "sure" in labeller.view.photo.badge()
    labeller.press(Key.Key_Return)
    corrected = labeller.name()
    assert corrected != accepted
    wrong = "2" if labeller.kind() == "stripes" else "1"
    labeller.person.type(wrong)
    stored = labeller.stored()
    assert stored[accepted] == (accepted.split(" ")[0], Origin.SUGGESTION)
    assert stored[corrected] == ("discs" if wrong == "2" else "stripes", Origin.HAND)


def test_enter_takes_nothing_without_a_guess(labeller: Labeller) -> None:
    name = labeller.name()
    labeller.press(Key.Key_Return)
    assert labeller.name() == name
    assert labeller.stored() == {}


def test_everything_undoes_and_redoes(labeller: Labeller) -> None:
    names = []
    for _ in range(4):
        names.append(labeller.name())
        labeller.person.type("1")
    for left in (3, 2, 1, 0):
        labeller.press(Key.Key_Z, CTRL)
        assert set(labeller.given()) == set(names[:left])
        assert labeller.name() == names[left]
    assert labeller.stored() == {}
    labeller.press(Key.Key_Z, CTRL | SHIFT)
    labeller.press(Key.Key_Z, CTRL | SHIFT)
    assert set(labeller.stored()) == set(names[:2])


def test_label_the_selection_in_the_photos(labeller: Labeller) -> None:
    person = labeller.person
    person.press(Key.Key_1, CTRL)
    names = person.names()
    person.click(names[0])
    person.click(names[2], SHIFT)
    person.press(Key.Key_L)
    person.until(lambda: labeller.parts.anywhere.picker.isVisible())
    person.press(Key.Key_2)
    assert not labeller.parts.anywhere.picker.isVisible()
    assert labeller.given() == dict.fromkeys(names[:3], "discs")
    assert person.grid.photos.badge(0).words == "2 discs"
    assert person.message() == "3 photos labelled “discs”."
    person.until(person.grid.hasFocus)
    person.press(Key.Key_Z, CTRL)
    assert labeller.stored() == {}
    assert person.grid.photos.badge(0) is None


def test_folder_names_become_answers(kinds: Person) -> None:
    labeller = Labeller(kinds).go()
    kinds.push("Use folder names")
    kinds.until(lambda: len(labeller.view.bar.buttons()) == 3)
    labeller.settle()
    given = labeller.stored()
    assert len(given) == 2 * COUNT
    assert all(name.startswith(answer) and origin is Origin.IMPORT for name, (answer, origin) in given.items())
    assert labeller.view.is_empty  # nothing is left to ask


def test_closed_and_opened_again_everything_is_there(labeller: Labeller, program: Program) -> None:
    labeller.answer(6)
    stored = labeller.stored()
    program.quit()
    again = Labeller(program.start()).go()
    assert not again.page.is_set_up
    assert again.stored() == stored
    assert [b.shown.name for b in again.view.bar.buttons()] == ["stripes", "discs", "None of these"]
    assert again.name() not in stored
    again.person.until(lambda: again.view.hasFocus())


def test_a_held_key_answers_once(labeller: Labeller) -> None:

    labeller.person.type("1")
    held = QKeyEvent(QEvent.Type.KeyPress, Key.Key_1, Qt.KeyboardModifier.NoModifier, "1", True)
    for _ in range(5):
        QApplication.sendEvent(labeller.view, held)
    assert len(labeller.given()) == 1


def test_the_photos_of_an_answer_are_shown_and_left_again(labeller: Labeller) -> None:
    labeller.answer(5)
    given = labeller.given()
    stripes = {name for name, answer in given.items() if answer == "stripes"}
    person, bar = labeller.person, labeller.view.bar
    labeller.parts.answers.show_menu(bar.buttons()[0].shown.answer, bar.mapToGlobal(bar.rect().center()))
    person.menu("Show its photos")
    person.until(lambda: person.grid.isVisible() and set(person.names()) == stripes)
    assert person.page.bar.count_words() == f"{len(stripes)} of {2 * COUNT} photos: answer “stripes”"
    person.choose_row("Photos")
    person.until(lambda: len(person.names()) == 2 * COUNT)


def test_tags_several_for_a_photo_and_a_key_again_takes_one_away(kinds: Person) -> None:
    labeller = Labeller(kinds).go()
    kinds.type("round\rbright")
    labeller.page.set_up.several.setChecked(True)
    kinds.push("Start")
    kinds.until(lambda: len(labeller.view.bar.buttons()) == 3)
    kinds.until(labeller.view.hasFocus)
    first = labeller.name()
    kinds.type("12")
    assert labeller.name() == first  # more may follow
    assert labeller.view.photo.badge() == "round, bright"
    kinds.type("1")
    assert labeller.view.photo.badge() == "bright"
    labeller.press(Key.Key_Right)
    assert labeller.name() != first
    assert labeller.stored() == {first: ("bright", Origin.HAND)}


def test_an_answer_is_removed_with_its_labels_and_comes_back(labeller: Labeller) -> None:
    labeller.answer(6)
    before = labeller.stored()
    state = labeller.parts.labels.state
    labeller.parts.answers.remove(state.label_set.answers[0])
    labeller.person.until(lambda: len(labeller.view.bar.buttons()) == 2)
    assert all(answer == "discs" for answer, _ in labeller.stored().values())
    labeller.person.push("Undo")
    labeller.person.until(lambda: len(labeller.view.bar.buttons()) == 3)
    assert labeller.stored() == before


def test_back_returns_from_the_page_to_the_photos_as_they_were(labeller: Labeller) -> None:
    person = labeller.person
    person.press(Key.Key_1, CTRL)
    person.click(person.names()[3])
    selected = person.selected()
    assert person.panel.isVisible()
    person.press(Key.Key_4, CTRL)
    assert not person.panel.isVisible()
    labeller.person.until(labeller.view.hasFocus)
    person.press(Key.Key_Left, ALT)
    assert person.grid.isVisible()
    assert person.panel.isVisible()
    assert person.selected() == selected


def test_label_the_photo_in_the_viewer_and_a_whole_folder(labeller: Labeller) -> None:
    person, picker = labeller.person, labeller.parts.anywhere.picker
    person.press(Key.Key_1, CTRL)
    name = person.names()[0]
    person.double_click(name)
    person.until(lambda: person.window.viewing.is_open)
    person.press(Key.Key_L)
    person.until(picker.isVisible)
    person.press(Key.Key_1)
    assert labeller.given() == {name: "stripes"}
    assert person.window.viewing.is_open
    assert person.window.viewing.viewer.hasFocus()
    person.press(Key.Key_Escape)
    person.folder_menu("Album", "Label its photos…")
    person.until(picker.isVisible)
    person.press(Key.Key_2)
    assert list(labeller.stored().values()) == [("discs", Origin.HAND)] * 2 * COUNT
    person.press(Key.Key_Z, CTRL)
    assert labeller.stored() == {name: ("stripes", Origin.HAND)}
