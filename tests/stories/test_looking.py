"""What it looks at: the maps of many photos of one answer, from Results."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop_app.ui.label.looks_dialog import LooksDialog
from tests.stories.labeller import Labeller
from tests.stories.person import LEFT, Key


@pytest.fixture
def results(labeller: Labeller) -> Labeller:
    """Someone at Results, whose labels were learnt by a head that can be drawn."""
    labeller.parts.learning.choose("softmax", "embedding")
    labeller.answer(14)
    labeller.page.show_tab("results")
    labeller.person.until(labeller.page.results.mix_ups.isVisible)
    return labeller


def looks(labeller: Labeller) -> LooksDialog:
    """Press "What it looks at" of the first answer."""
    buttons = [one for one in labeller.page.results.findChildren(QPushButton) if one.text() == "What it looks at"]
    QTest.mouseClick(next(one for one in buttons if one.isVisible()), LEFT)
    dialog = labeller.window.looking.dialog
    assert dialog is not None
    return dialog


def wait(labeller: Labeller, dialog: LooksDialog) -> str:
    """Wait until all is drawn; what is said then."""
    labeller.person.until(lambda: not dialog.stop.isVisible())
    return dialog.words.text()


def test_every_photo_of_an_answer_is_drawn(results: Labeller) -> None:
    dialog = looks(results)
    name = dialog.answer.currentText()
    state = results.parts.labels.state
    answer = next(one for one in state.label_set.answers if one.name == name)
    own = {photo for photo in state.given if answer.id in state.answers_of(photo)}
    assert set(dialog.grid.photos.ids()) == own
    words = wait(results, dialog)
    assert f"speaks for “{name}”" in words
    assert set(results.window.looking._drawn) == own
    assert not dialog.mean.pixmap().isNull()
    thumbnails = results.window.looking._thumbnails
    side = thumbnails.side(dialog.grid._layout.side, dialog.grid.devicePixelRatioF())
    results.person.until(lambda: all((photo, side) in thumbnails._kept for photo in own))
    dialog.close()


def test_another_answer_and_the_photos_it_takes_for_it(results: Labeller) -> None:
    dialog = looks(results)
    wait(results, dialog)
    dialog.answer.setCurrentIndex(1)
    dialog.which.setCurrentIndex(1)
    dialog.which.activated.emit(1)
    words = wait(results, dialog)
    looking = results.window.looking
    assert dialog.grid.photos.ids() == list(looking.photos(1, "guessed"))
    assert set(dialog.grid.photos.ids()).isdisjoint(results.parts.labels.state.given)
    assert "discs" in words or words == "There are no such photos yet."
    dialog.close()


def test_drawing_is_stopped(results: Labeller) -> None:
    dialog = looks(results)
    QTest.mouseClick(dialog.stop, LEFT)
    words = wait(results, dialog)
    assert words.startswith("Stopped.") or "speaks for" in words
    dialog.close()
    results.person.until(lambda: results.window._session.errands.is_idle)
    assert results.window.looking.dialog is None


def test_what_cannot_be_drawn_is_one_sentence(labeller: Labeller) -> None:
    labeller.parts.learning.choose("neighbours", "embedding")
    labeller.answer(14)
    labeller.page.show_tab("results")
    labeller.person.until(labeller.page.results.mix_ups.isVisible)
    dialog = looks(labeller)
    assert wait(labeller, dialog) == "This classifier compares whole photos, so there are no places to show."
    dialog.close()


def test_an_answer_s_key_corrects_a_photo_of_results(results: Labeller) -> None:
    mixed = results.page.results.mix_ups
    QTest.mouseClick(mixed, LEFT, pos=mixed.cell(0, 0).center())
    grid = results.page.results.grid
    results.person.until(lambda: grid.photos.rowCount() > 1)
    grid.setFocus()
    grid.select_photo(grid.photos.id_at(0))
    name = results.name(grid.photos.id_at(0))
    results.press(Key.Key_2)
    assert results.stored()[name][0] == "discs"
    results.window.undo_stack.undo()
    assert results.stored()[name][0] == "stripes"
