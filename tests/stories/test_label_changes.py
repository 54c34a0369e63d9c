"""Answers that are renamed, made the same or removed while it learns; several label sets; other keys."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog

from tests.stories.labeller import COUNT, Labeller
from tests.stories.person import CTRL, LEFT, Key


def begin_learning(labeller: Labeller) -> None:
    """Answer until it learns, and do not wait for what it learns."""
    for _ in range(8):
        labeller.person.type("1" if labeller.kind() == "stripes" else "2")
    labeller.person.until(lambda: labeller.parts.learning._latest.is_waiting)


def test_renamed_while_it_learns_the_guess_has_the_new_name(labeller: Labeller, monkeypatch) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("  bars  ", True))
    begin_learning(labeller)
    labeller.parts.answers.rename(labeller.parts.labels.state.label_set.answers[0])
    labeller.settle()
    assert labeller.view.bar.buttons()[0].shown.name == "bars"
    assert labeller.person.banner() == ""
    state = labeller.parts.labels.state
    assert state.guesses is not None
    names = {state.label_set.answer(state.guess(photo).answer).name for photo in state.photos}
    assert names <= {"bars", "discs"}
    labeller.press(Key.Key_Z, CTRL)
    labeller.settle()
    assert labeller.view.bar.buttons()[0].shown.name == "stripes"


@pytest.mark.parametrize("change", ["merge", "remove"])
def test_an_answer_that_goes_while_it_learns_leaves_no_guess_of_it(labeller: Labeller, change: str) -> None:
    begin_learning(labeller)
    stripes, discs = labeller.parts.labels.state.label_set.answers
    if change == "merge":
        labeller.parts.answers.merge(stripes, discs)
    else:
        labeller.parts.answers.remove(discs)
    labeller.settle()
    state = labeller.parts.labels.state
    assert [answer.name for answer in state.label_set.answers] == ["stripes"]
    assert all(state.guess(photo) is None or state.guess(photo).answer == stripes.id for photo in state.photos)
    assert labeller.person.banner() == ""
    assert "one answer alone" in labeller.view.meter.words.text()
    assert not labeller.view.meter.spot_check.isVisible()
    labeller.press(Key.Key_Z, CTRL)
    labeller.settle()
    assert labeller.parts.learning.result is not None
    assert len(labeller.view.bar.buttons()) == 3


def test_a_chosen_letter_gives_the_answer(labeller: Labeller, monkeypatch) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("s", True))
    labeller.parts.answers._change_key(labeller.parts.labels.state.label_set.answers[0])
    labeller.settle()
    assert labeller.view.bar.buttons()[0].shown.key == "s"
    first = labeller.name()
    labeller.press(Key.Key_1)  # nobody's key any more
    assert labeller.given() == {}
    labeller.press(Key.Key_S)  # elsewhere it finds alike; here letters are the answers'
    assert labeller.given() == {first: "stripes"}
    assert labeller.page.isVisible()


def test_each_label_set_keeps_its_own_answers(labeller: Labeller) -> None:
    labeller.answer(4)
    before, page = labeller.given(), labeller.page
    page.newAsked.emit()
    labeller.person.until(page.set_up.words.hasFocus)
    labeller.person.type("keep\rthrow")
    labeller.person.push("Start")
    labeller.person.until(lambda: labeller.view.bar.buttons()[0].shown.name == "keep")
    labeller.settle()
    assert labeller.given() == {}
    assert labeller.view.strip.shown() == []
    assert labeller.view.progress.text() == f"0 of {2 * COUNT} answered"
    labeller.person.until(labeller.view.hasFocus)
    labeller.person.type("2")
    page.sets.setCurrentIndex(0)
    page.sets.activated.emit(0)
    labeller.person.until(lambda: labeller.view.bar.buttons()[0].shown.name == "stripes")
    labeller.settle()
    assert labeller.given() == before
    QTest.mouseClick(page.tab_button("results"), LEFT)
    assert labeller.parts.labels.state.label_set.name == "stripes, discs"
