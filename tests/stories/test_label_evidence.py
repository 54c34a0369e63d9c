"""Labelling with guesses: boards, taking many, wrong labels, results, the spot check, handing over."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.core.labelling import Origin
from desktop_app.ui.label.take_dialog import TakeDialog
from tests.stories.labeller import COUNT, Labeller
from tests.stories.person import CTRL, LEFT, Key


def test_where_it_looks_is_drawn_over_the_photo_and_goes_again(labeller: Labeller) -> None:
    labeller.answer(8)
    labeller.press(Key.Key_F3)
    labeller.person.until(lambda: labeller.view.photo.has_overlay or labeller.person.message())
    if labeller.view.photo.has_overlay:
        assert "What speaks for" in labeller.view.hint.text()
        labeller.press(Key.Key_F3)
        assert not labeller.view.photo.has_overlay


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
    assert "You said" in labeller.page.mistakes.title.text()
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


def test_a_spot_check_hides_the_guess_and_gives_the_headline(labeller: Labeller) -> None:
    labeller.answer(12)
    QTest.mouseClick(labeller.view.meter.spot_check, LEFT)
    labeller.person.until(lambda: labeller.parts.walk.is_blind)
    assert labeller.view.photo.badge() == ""
    assert labeller.parts.walk.is_blind
    checked = len(labeller.parts.walk.round.photos)
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
