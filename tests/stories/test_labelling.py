"""Labelling: set up, by key, accept and correct, the board, undo, a wrong label, and everything kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.core.catalog import labels as catalogue
from desktop_app.core.labelling import Origin
from desktop_app.ui.label.take_dialog import TakeDialog
from tests.stories.person import ALT, CTRL, LEFT, SHIFT, Key, Person, Program

COUNT = 14  # photos of each kind


def picture(kind: str, seed: int) -> Image.Image:
    """A photo that is plainly one of two kinds: bright stripes, or dark discs."""
    random = np.random.default_rng([seed, len(kind)])
    ys, xs = np.mgrid[0:240, 0:320]
    if kind == "stripes":
        width = int(random.integers(10, 24))
        value = ((xs + int(random.integers(0, 40))) // width % 2).astype(np.float64)
        colours = random.integers(150, 256, (2, 3))
    else:
        value = np.zeros((240, 320))
        for _ in range(5):
            y, x, r = random.integers(30, 210), random.integers(30, 290), random.integers(18, 40)
            value[(ys - y) ** 2 + (xs - x) ** 2 < r * r] = 1
        colours = random.integers(0, 100, (2, 3))
    pixels = colours[value.astype(int)] + random.normal(0, 6, (240, 320, 3))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folders of photos: stripes and discs."""
    root = tmp_path_factory.mktemp("drawn")
    for kind in ("stripes", "discs"):
        (root / kind).mkdir()
        for seed in range(COUNT):
            picture(kind, seed).save(root / kind / f"{kind} {seed:02d}.jpg", quality=90)
    return root


@pytest.fixture
def album(person: Person, drawn: Path, tmp_path: Path) -> Person:
    """Someone with photos of two kinds."""
    shutil.copytree(drawn, tmp_path / "Album")
    person.add(tmp_path / "Album")
    return person


class Labeller:
    """Someone on the Label page."""

    def __init__(self, person: Person) -> None:
        self.person, self.window = person, person.window
        self.page = person.window.frame.label
        self.view = self.page.label
        self.parts = person.window.labelling

    def go(self) -> Labeller:
        """Go to the page by its key."""
        self.person.press(Key.Key_4, CTRL)
        self.person.until(self.page.isVisible)
        self.settle()
        return self

    def set_up(self, *answers: str) -> Labeller:
        """Write the answers and start."""
        self.go()
        self.person.until(self.page.set_up.words.hasFocus)
        self.person.type("\r".join(answers))
        self.person.push("Start")
        self.person.until(lambda: len(self.view.bar.buttons()) == len(answers) + 1)
        self.settle()
        self.person.until(self.view.hasFocus)
        return self

    def settle(self) -> None:
        """Wait until labels are written, read and learnt from."""
        session = self.window._session

        def is_quiet() -> bool:
            timers = (self.parts.labels._settling, self.parts.learning._soon, self.parts.learning._keeping)
            lanes = (session.work, session.query, session.compute, session.thumbs)
            return not any(t.isActive() for t in timers) and all(lane.is_idle for lane in lanes)

        self.parts.learning._keeping.setInterval(50)
        self.person.until(is_quiet)
        QApplication.processEvents()
        self.person.until(is_quiet)

    def name(self, photo: int | None = None) -> str:
        """The photo that is shown, or another, by file name."""
        shown = self.parts.walk.queue.current if photo is None else photo
        return self.person._names_of([shown])[shown] if shown is not None else ""

    def kind(self) -> str:
        """What the photo that is shown really is."""
        return self.name().split(" ", maxsplit=1)[0]

    def press(self, key: object, modifiers: object = None) -> None:
        """Press a key where the keyboard is."""
        self.person.press(key, *([modifiers] if modifiers is not None else []))  # type: ignore[arg-type]

    def answer(self, count: int) -> None:
        """Give this many photos their true answer by key."""
        for _ in range(count):
            self.person.type("1" if self.kind() == "stripes" else "2")
        self.settle()

    def given(self) -> dict[str, str]:
        """Every label as it is shown: file name to answer."""
        state = self.parts.labels.state
        names = self.person._names_of(list(state.given))
        found = {}
        for photo, one in state.given.items():
            answer = state.label_set.answer(one.answers[0]) if one.answers[0] is not None else None
            found[names[photo]] = answer.name if answer is not None else "None of these"
        return found

    def stored(self) -> dict[str, tuple[str, Origin]]:
        """Every label as the catalogue has it: file name to answer and origin."""
        self.settle()
        library, label_set = self.window._session.library, self.parts.labels.state.label_set
        table = catalogue.labels(library.connection, label_set.id)
        names = self.person._names_of(table.photos.tolist())
        answers = {answer.id: answer.name for answer in label_set.answers}
        rows = zip(table.photos.tolist(), table.answers.tolist(), table.origins.tolist(), strict=True)
        return {names[p]: (answers.get(a, "None of these"), catalogue.ORIGINS[o]) for p, a, o in rows}


@pytest.fixture
def labeller(album: Person) -> Labeller:
    """Someone who told stripes and discs apart in the box, and has not answered yet."""
    return Labeller(album).set_up("stripes", "discs")


def test_the_box_shows_keys_and_refuses_nothing_written(album: Person) -> None:
    labeller = Labeller(album).go()
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


def test_where_it_looks_is_drawn_over_the_photo_and_goes_again(labeller: Labeller) -> None:
    labeller.answer(8)
    labeller.press(Key.Key_F3)
    labeller.person.until(lambda: labeller.view.photo.has_overlay or labeller.person.message())
    if labeller.view.photo.has_overlay:
        assert "What speaks for" in labeller.view.hint.text()
        labeller.press(Key.Key_F3)
        assert not labeller.view.photo.has_overlay


def test_enter_takes_nothing_without_a_guess(labeller: Labeller) -> None:
    name = labeller.name()
    labeller.press(Key.Key_Return)
    assert labeller.name() == name
    assert labeller.stored() == {}


def test_a_board_of_equal_guesses_the_wrong_ones_are_asked_next(labeller: Labeller) -> None:
    labeller.answer(10)
    labeller.press(Key.Key_G, CTRL)
    assert labeller.view.is_board
    board = labeller.view.board
    assert board.photos()
    wrong = board.photos()[-1]
    QTest.mouseClick(board, LEFT, pos=board.cell(len(board.photos()) - 1).center())
    assert board.wrong() == [wrong]
    right = [labeller.name(photo) for photo in board.right()]
    before = set(labeller.given())
    labeller.press(Key.Key_Return)
    assert not labeller.view.is_board
    assert labeller.parts.walk.queue.current == wrong
    stored = labeller.stored()
    assert set(stored) == before | set(right)
    assert {stored[name][1] for name in right} == {Origin.SUGGESTION}
    # one step back takes the whole board back
    labeller.press(Key.Key_Z, CTRL)
    assert set(labeller.stored()) == before


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


def test_take_sure_guesses_as_guesses_and_take_them_back(labeller: Labeller) -> None:
    labeller.answer(12)
    before = labeller.stored()
    taking = labeller.parts.taking
    most = taking.estimates()(0.6)
    assert most.taken > 0
    shown: list[str] = []

    def accept() -> None:
        dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, TakeDialog))
        dialog.slider.setValue(60)
        shown.extend((dialog.headline.text(), dialog.explanation.text()))
        QTest.mouseClick(dialog.take, LEFT)

    from PySide6.QtCore import QTimer

    QTimer.singleShot(0, accept)
    labeller.press(Key.Key_Return, CTRL)
    assert shown[0].startswith("Take ")
    assert "checked labels" in shown[1]
    labeller.person.come_back()
    stored = labeller.stored()
    bulk = {name for name, (_, origin) in stored.items() if origin is Origin.BULK}
    assert len(bulk) == most.taken
    assert set(before) | bulk == set(stored)
    # guesses are no evidence
    assert sum(count for _, count in labeller.parts.labels.state.looked_at()) == 12
    labeller.person.push("Undo")
    assert labeller.stored() == before


def test_a_wrong_label_is_found_and_fixed(labeller: Labeller) -> None:
    labeller.answer(9)
    lie = labeller.name()
    labeller.person.type("2" if labeller.kind() == "stripes" else "1")
    labeller.answer(8)
    assert labeller.given()[lie] != lie.split(" ")[0]
    labeller.page.show_tab("mistakes")
    walk = labeller.parts.mistakes
    labeller.person.until(lambda: walk.round is not None and not labeller.page.mistakes.is_empty)
    while labeller.name(walk.queue.current) != lie:
        labeller.press(Key.Key_Right)
    assert "You said" in labeller.page.mistakes.name.words()
    labeller.press(Key.Key_Return)
    assert labeller.stored()[lie] == (lie.split(" ")[0], Origin.HAND)


def test_results_show_the_photos_of_a_cell(labeller: Labeller) -> None:
    labeller.page.show_tab("results")
    assert "no guesses yet" in labeller.page.results.empty.accessibleName()
    labeller.page.show_tab("label")
    labeller.answer(14)
    labeller.page.show_tab("results")
    mixed = labeller.page.results.mix_ups
    labeller.person.until(mixed.isVisible)
    QTest.mouseClick(mixed, LEFT, pos=mixed.cell(0, 0).center())
    result = labeller.parts.learning.result
    assert len(labeller.page.results.grid.photos.ids()) == result.mixed_up[0, 0]
    assert "Right about" in labeller.page.results.headline.text()


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


def test_folder_names_become_answers(album: Person) -> None:
    labeller = Labeller(album).go()
    album.push("Use folder names")
    album.until(lambda: len(labeller.view.bar.buttons()) == 3)
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
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent

    labeller.person.type("1")
    held = QKeyEvent(QEvent.Type.KeyPress, Key.Key_1, Qt.KeyboardModifier.NoModifier, "1", True)
    for _ in range(5):
        QApplication.sendEvent(labeller.view, held)
    assert len(labeller.given()) == 1


def test_a_spot_check_hides_the_guess_and_gives_the_headline(labeller: Labeller) -> None:
    labeller.answer(12)
    QTest.mouseClick(labeller.view.meter.spot_check, LEFT)
    labeller.person.until(lambda: labeller.parts.walk.is_blind)
    assert labeller.view.photo.badge() == ""
    assert labeller.parts.walk.is_blind
    checked = len(labeller.parts.walk.round)
    for _ in range(checked):
        labeller.person.type("1" if labeller.kind() == "stripes" else "2")
    assert not labeller.parts.walk.is_blind
    checking = labeller.parts.checking
    labeller.person.until(lambda: checking.check is not None and not checking.check.waiting)
    found = checking.check.found
    assert found.checked + found.not_sure == checked
    assert labeller.person.message() == checking.check.sentence
    if found.checked >= 10:
        assert labeller.view.meter.words.text() == checking.check.sentence


def test_handed_over_the_file_answers_like_likeness(labeller: Labeller, tmp_path: Path) -> None:
    labeller.answer(10)
    labeller.page.show_tab("hand_over")
    out = tmp_path / "Out" / "kinds.onnx"
    out.parent.mkdir()
    labeller.parts.handing.hand_over_to(out)
    card = labeller.page.hand_over.result
    labeller.person.until(card.isVisible)
    assert card.accessibleName().startswith("Saved “kinds” to Out.")
    assert f"on {2 * COUNT} of {2 * COUNT} photos" in card.accessibleName()
    assert out.is_file()
    assert list(out.parent.glob("*.html"))


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


def test_tags_several_for_a_photo_and_a_key_again_takes_one_away(album: Person) -> None:
    labeller = Labeller(album).go()
    album.type("round\rbright")
    labeller.page.set_up.several.setChecked(True)
    album.push("Start")
    album.until(lambda: len(labeller.view.bar.buttons()) == 3)
    album.until(labeller.view.hasFocus)
    first = labeller.name()
    album.type("12")
    assert labeller.name() == first  # more may follow
    assert labeller.view.photo.badge() == "round, bright"
    album.type("1")
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
