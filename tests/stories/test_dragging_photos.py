"""Photos dragged onto an answer, from every grid, with what will happen said before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.core.labelling import Origin
from desktop_app.ui.label.answer_bar import AnswerBar
from desktop_app.ui.label.answer_drops import Bubble
from desktop_app.ui.photo_drag import photos_mime, photos_of
from tests.stories.labeller import Labeller
from tests.stories.person import CTRL, LEFT, NONE, Key

COPY = Qt.DropAction.CopyAction


class Hand:
    """Carries what was taken up, as the system would: enter, move, drop."""

    def __init__(self, labeller: Labeller, monkeypatch: pytest.MonkeyPatch) -> None:
        self.labeller = labeller
        self.carried: tuple[int, ...] = ()
        self.said: list[str] = []
        self.refused = False
        self._goal: Callable[[QMimeData], None] = lambda _mime: None
        self._mime: QMimeData | None = None
        monkeypatch.setattr(labeller.window.dropping.drag, "carry", self._carry)

    def take(self, widget: QWidget, point: QPoint, goal: Callable[[QMimeData], None]) -> None:
        """Press there, move away and carry what comes along to the goal."""
        self._goal = goal
        QTest.mousePress(widget, LEFT, NONE, point)
        move = QPoint(point.x() + 3 * QApplication.startDragDistance(), point.y())
        QTest.mouseMove(widget, move)
        QTest.mouseRelease(widget, LEFT, NONE, move)

    def _carry(self, drag: QDrag) -> None:
        mime = drag.mimeData()
        self.carried = photos_of(mime, self.labeller.window.dropping.library())
        self._goal(mime)

    def onto(self, bar: Callable[[], AnswerBar], name: str) -> Callable[[QMimeData], None]:
        """Let go over an answer of a bar."""

        def goal(mime: QMimeData) -> None:
            target = next(one for one in bar().buttons() if one.shown.name == name)
            self.hold(bar(), target.geometry().center(), mime)
            self.drop(bar(), target.geometry().center(), mime)

        return goal

    def hold(self, bar: AnswerBar, at: QPoint, mime: QMimeData) -> bool:
        """Hold it over a point of a bar; whether it would be taken there."""
        entered = QDragEnterEvent(at, COPY, mime, LEFT, NONE)
        QApplication.sendEvent(bar, entered)
        assert entered.isAccepted() == bool(photos_of(mime, self.labeller.window.dropping.library()))
        moved = QDragMoveEvent(at, COPY, mime, LEFT, NONE)
        QApplication.sendEvent(bar, moved)
        self.said = [one.words() for one in self.labeller.window.findChildren(Bubble) if one.words()]
        return moved.isAccepted()

    def drop(self, bar: AnswerBar, at: QPoint, mime: QMimeData) -> None:
        """Let go."""
        QApplication.sendEvent(bar, QDropEvent(QPointF(at), COPY, mime, LEFT, NONE))


@pytest.fixture
def hand(labeller: Labeller, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """A hand on the mouse."""
    return Hand(labeller, monkeypatch)


def on_photos(labeller: Labeller) -> list[str]:
    """Go to the photos; their names."""
    labeller.person.press(Key.Key_1, CTRL)
    labeller.person.until(labeller.window.page.isVisible)
    return labeller.person.names()


def test_the_selection_is_dragged_onto_an_answer_that_comes_up(labeller: Labeller, hand: Hand) -> None:
    names = on_photos(labeller)
    person, dropping = labeller.person, labeller.window.dropping
    for name in names[:3]:
        person.click(name, CTRL)
    hand.take(person.grid.viewport(), person.at(names[1]), hand.onto(lambda: dropping.card.bar, "stripes"))
    assert len(hand.carried) == 3
    assert hand.said == ["Label 3 photos “stripes”"]
    assert not dropping.card.isVisible()
    assert person.message() == "3 photos labelled “stripes”."
    assert labeller.stored() == dict.fromkeys(names[:3], ("stripes", Origin.HAND))
    person.push("Undo")
    assert labeller.stored() == {}
    person.press(Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert len(labeller.stored()) == 3


def test_a_photo_outside_the_selection_goes_alone(labeller: Labeller, hand: Hand) -> None:
    names = on_photos(labeller)
    person = labeller.person
    person.click(names[0])
    goal = hand.onto(lambda: labeller.window.dropping.card.bar, "None of these")
    hand.take(person.grid.viewport(), person.at(names[2]), goal)
    assert hand.said == ["Label 1 photo “None of these”"]
    assert labeller.stored() == {names[2]: ("None of these", Origin.HAND)}


def test_a_small_move_is_a_click_and_no_drag(labeller: Labeller, hand: Hand) -> None:
    names = on_photos(labeller)
    person = labeller.person
    at = person.at(names[0])
    QTest.mousePress(person.grid.viewport(), LEFT, NONE, at)
    QTest.mouseMove(person.grid.viewport(), at + QPoint(2, 0))
    QTest.mouseRelease(person.grid.viewport(), LEFT, NONE, at + QPoint(2, 0))
    assert hand.carried == ()
    assert len(person.grid.selected_ids()) == 1


def test_let_go_beside_the_answers_nothing_happens(labeller: Labeller, hand: Hand) -> None:
    names = on_photos(labeller)
    person, dropping = labeller.person, labeller.window.dropping
    seen: list[bool] = []

    def beside(mime: QMimeData) -> None:
        bar = dropping.card.bar
        assert dropping.card.isVisible()
        assert dropping.card.words.text() == "Drop 1 photo on an answer"
        seen.append(hand.hold(bar, bar.buttons()[0].geometry().center(), mime))
        assert hand.said
        seen.append(hand.hold(bar, QPoint(bar.width() - 1, bar.height() - 1), mime))
        assert not hand.said
        hand.hold(bar, bar.buttons()[0].geometry().center(), mime)
        QApplication.sendEvent(bar, QDragLeaveEvent())
        hand.drop(bar, QPoint(bar.width() - 1, bar.height() - 1), mime)

    hand.take(person.grid.viewport(), person.at(names[0]), beside)
    assert seen == [True, False]
    assert labeller.stored() == {}
    assert not [one for one in labeller.window.findChildren(Bubble) if one.isVisible()]


def test_files_go_along_to_other_programs(labeller: Labeller, hand: Hand) -> None:
    names = on_photos(labeller)
    person = labeller.person
    for name in names[:2]:
        person.click(name, CTRL)
    offered: list[str] = []
    moved: list[bool] = []
    labeller.window.status.end_message()

    def elsewhere(mime: QMimeData) -> None:
        offered.extend(url.toLocalFile() for url in mime.urls())
        assert mime.hasUrls()
        # back on the window it is no file to look for, nor a folder to add
        enter = QDragEnterEvent(QPoint(400, 300), COPY, mime, LEFT, NONE)
        QApplication.sendEvent(labeller.window, enter)
        moved.append(labeller.window.overlay.isVisible())

    hand.take(person.grid.viewport(), person.at(names[1]), elsewhere)
    assert [Path(one).name for one in offered] == [names[1], names[0]]
    assert all(Path(one).is_file() for one in offered)
    assert moved == [False]
    assert person.message() == ""


def test_photos_without_a_file_are_left_out_and_that_is_said(labeller: Labeller, hand: Hand) -> None:
    names = on_photos(labeller)
    person = labeller.person
    folder = labeller.window._session.overview.folders[0].root
    folder.rename(folder.with_name("elsewhere"))
    person.press(Key.Key_F5)
    person.settle()
    offered: list[bool] = []

    def elsewhere(mime: QMimeData) -> None:
        assert mime.urls() == []
        offered.append(mime.hasUrls())

    hand.take(person.grid.viewport(), person.at(names[0]), elsewhere)
    assert offered == [False]
    said = "1 photo has no file to hand over: it is in an archive, or its folder is not connected."
    assert person.message() == said


def test_photos_of_another_library_are_not_taken(labeller: Labeller, hand: Hand) -> None:
    on_photos(labeller)
    dropping = labeller.window.dropping
    dropping.show_answers([1])
    bar = dropping.card.bar
    assert not hand.hold(bar, bar.buttons()[0].geometry().center(), photos_mime([1], "elsewhere"))
    assert not hand.said
    odd = QMimeData()
    odd.setData("application/x-likeness-photos", b"[1")
    assert photos_of(odd, dropping.library()) == ()
    dropping.hide_answers()


def test_a_photo_of_the_board_is_dragged_onto_the_bar_below(labeller: Labeller, hand: Hand) -> None:
    labeller.answer(10)
    labeller.press(Key.Key_G, CTRL)
    board = labeller.view.board
    photo, before = board.photos()[0], set(labeller.given())
    hand.take(board, board.cell(0).center(), hand.onto(lambda: labeller.view.bar, "None of these"))
    assert hand.carried == (photo,)
    assert board.wrong() == []
    assert photo not in board.photos()
    labeller.settle()
    name = labeller.name(photo)
    assert set(labeller.stored()) == before | {name}
    assert labeller.stored()[name] == ("None of these", Origin.HAND)


def test_wrong_ones_of_the_board_go_together(labeller: Labeller, hand: Hand) -> None:
    labeller.answer(10)
    labeller.press(Key.Key_G, CTRL)
    board = labeller.view.board
    assert len(board.photos()) > 2
    for at in (0, 1):
        QTest.mouseClick(board, LEFT, pos=board.cell(at).center())
    wrong = board.wrong()
    hand.take(board, board.cell(1).center(), hand.onto(lambda: labeller.view.bar, "None of these"))
    assert sorted(hand.carried) == sorted(wrong)
    assert hand.said == ["Label 2 photos “None of these”"]


def test_photos_of_check_are_dragged_onto_the_bar_there(labeller: Labeller, hand: Hand) -> None:
    labeller.answer(10)
    labeller.page.show_tab("check")
    grid = labeller.page.check.grid
    labeller.person.until(lambda: grid.isVisible() and grid.photos.rowCount())
    photo = grid.photos.id_at(0)
    at = grid.visualRect(grid.photos.index(0)).center()
    hand.take(grid.viewport(), at, hand.onto(lambda: labeller.page.check.bar, "discs"))
    assert hand.carried == (photo,)
    assert labeller.stored()[labeller.name(photo)] == ("discs", Origin.HAND)


def test_photos_of_results_are_dragged_onto_answers_that_come_up(labeller: Labeller, hand: Hand) -> None:
    labeller.answer(14)
    labeller.page.show_tab("results")
    mixed = labeller.page.results.mix_ups
    labeller.person.until(mixed.isVisible)
    QTest.mouseClick(mixed, LEFT, pos=mixed.cell(0, 0).center())
    grid = labeller.page.results.grid
    photo = grid.photos.id_at(0)
    at = grid.visualRect(grid.photos.index(0)).center()
    hand.take(grid.viewport(), at, hand.onto(lambda: labeller.window.dropping.card.bar, "discs"))
    assert labeller.stored()[labeller.name(photo)] == ("discs", Origin.HAND)
