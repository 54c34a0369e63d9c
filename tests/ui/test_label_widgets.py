"""The widgets of the Label page by themselves: box, answers, photo, strip, board, dialog, charts, tabs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop_app.core.labelling import Answer, AnswerId, LabelSet, LabelSetId
from desktop_app.ui.grid import AnswerBadge, PhotoDelegate
from desktop_app.ui.label.answer_bar import FLASH_MS, AnswerBar
from desktop_app.ui.label.anywhere import AnswerPicker
from desktop_app.ui.label.board import Board
from desktop_app.ui.label.charts import Bar, Curve, RangeChart
from desktop_app.ui.label.large_photo import LargePhoto
from desktop_app.ui.label.meter import Meter
from desktop_app.ui.label.mix_ups import MixUps
from desktop_app.ui.label.setup_box import SetUpBox
from desktop_app.ui.label.strip import Recent, RecentStrip
from desktop_app.ui.label.take_dialog import LOOK, Estimate, TakeDialog
from desktop_app.ui.label.values import Guess, Quality
from desktop_app.ui.label.view import LabelView
from tests.ui.grid_parts import Parts

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
ONE, TWO = AnswerId(11), AnswerId(12)
ERA = LabelSet(LabelSetId(1), "era", "classes", (Answer(ONE, "classic", "1", 0), Answer(TWO, "modern", "m", 1)))


class Squares:
    """A grey square for every photo."""

    def pixmap(self, _photo: int, size: int) -> QPixmap:
        made = QPixmap(size, size)
        made.fill(QColor(128, 128, 128))
        return made


def colour_at(widget: QWidget, x: int, y: int) -> QColor:
    return QColor(widget.grab().toImage().pixel(x, y))


# --- the box -------------------------------------------------------------------------------------------------


def test_the_box_starts_with_what_is_written(qtbot, look, show) -> None:
    box = show(SetUpBox(look))
    assert not box.start.isEnabled()
    QTest.keyClicks(box.words, "good")
    QTest.keyClick(box.words, Key.Key_Return)
    QTest.keyClicks(box.words, "dent")
    assert box.note.text() == "2 answers. Keys can be changed later."
    with qtbot.waitSignal(box.started) as started:
        QTest.keyClick(box.words, Key.Key_Return, CTRL)
    assert started.args == [["good", "dent"], False]


def test_one_answer_asks_for_another_and_many_run_out_of_keys(look, show) -> None:
    box = show(SetUpBox(look))
    box.words.setPlainText("dent")
    assert box.start.isEnabled()
    assert "a second answer" in box.note.text()
    box.words.setPlainText("\n".join(f"kind {n}" for n in range(40)))
    assert "The first 35 answers get a key" in box.note.text()


# --- answers -------------------------------------------------------------------------------------------------


def test_a_click_and_space_give_an_answer_and_it_flashes(qtbot, look, show) -> None:
    bar = show(AnswerBar(look), 600, 60)
    bar.set_answers(ERA, {ONE: 3, None: 1})
    classic, modern, none = bar.buttons()
    assert (classic.shown.count, modern.shown.count, none.shown.count) == (3, 0, 1)
    assert classic.accessibleName() == "classic, 3 labels, key 1"
    with qtbot.waitSignal(bar.answered) as clicked:
        QTest.mouseClick(modern, LEFT)
    assert clicked.args == [TWO]
    with qtbot.waitSignal(bar.answered) as pressed:
        QTest.keyClick(none, Key.Key_Space)
    assert pressed.args == [None]
    quiet = modern.grab().toImage().pixelColor(modern.width() // 2, 4)
    bar.flash(TWO)
    assert modern.grab().toImage().pixelColor(modern.width() // 2, 4) == look.answers[1]
    qtbot.waitUntil(lambda: not modern._flashing, timeout=20 * FLASH_MS)
    assert modern.grab().toImage().pixelColor(modern.width() // 2, 4) == quiet


def test_answers_wrap_where_they_do_not_fit(look, show) -> None:
    bar = show(AnswerBar(look), 700, 60)
    many = tuple(Answer(AnswerId(n), f"a rather long answer {n}", "", n) for n in range(8))
    bar.set_answers(LabelSet(LabelSetId(2), "many", "classes", many), {})
    layout = bar.layout()
    assert layout.heightForWidth(400) > layout.heightForWidth(2000)
    bar.resize(400, layout.heightForWidth(400))
    assert all(bar.rect().contains(button.geometry()) for button in bar.buttons())


def test_the_same_buttons_stay_when_only_counts_differ(look, show) -> None:
    bar = show(AnswerBar(look), 600, 60)
    bar.set_answers(ERA, {})
    before = bar.buttons()
    bar.set_answers(ERA, {ONE: 5})
    assert bar.buttons() == before
    assert before[0].shown.count == 5


# --- the view ------------------------------------------------------------------------------------------------


@pytest.fixture
def view(look, show) -> LabelView:
    made = LabelView(look, Squares())
    show(made)
    made.set_answers(ERA, {})
    made.show_photo("photo.jpg")
    return made


def heard(view: LabelView) -> list[tuple[str, object]]:
    said: list[tuple[str, object]] = []
    view.answered.connect(lambda answer: said.append(("answer", answer)))
    view.guessAccepted.connect(lambda: said.append(("accept", None)))
    view.left.connect(lambda: said.append(("later", None)))
    view.wentBack.connect(lambda: said.append(("back", None)))
    view.boardWanted.connect(lambda on: said.append(("board", on)))
    view.takeAsked.connect(lambda: said.append(("take", None)))
    view.whyAsked.connect(lambda: said.append(("why", None)))
    return said


def test_every_key_means_what_the_guide_says(view: LabelView) -> None:
    said = heard(view)
    view.set_guess(Guess(ONE, 0.8))
    for key in ("1", "m", "M", "0", "7"):
        QTest.keyClicks(view, key)
    for key in (Key.Key_Return, Key.Key_Enter, Key.Key_Right, Key.Key_Left, Key.Key_Backspace, Key.Key_F3):
        QTest.keyClick(view, key)
    QTest.keyClick(view, Key.Key_G, CTRL)
    QTest.keyClick(view, Key.Key_Return, CTRL)
    assert said == [
        ("answer", ONE), ("answer", TWO), ("answer", TWO), ("answer", None),
        ("accept", None), ("accept", None), ("later", None), ("back", None), ("back", None), ("why", None),
        ("board", True), ("take", None),
    ]  # fmt: skip


def test_the_guess_is_said_and_marked_only_where_it_is_sure(view: LabelView) -> None:
    view.set_guess(Guess(TWO, 0.87))
    assert view.photo.badge() == "modern, 87 % sure"
    assert [button.is_guess for button in view.bar.buttons()] == [False, True, False]
    assert "Enter takes the guess “modern”" in view.hint.text()
    view.set_guess(Guess(TWO, 0.41))
    assert view.photo.badge() == "Not sure: modern?"
    assert not any(button.is_guess for button in view.bar.buttons())
    view.set_guess(None, (ONE,))
    assert view.photo.badge() == "classic"
    assert [button.is_given for button in view.bar.buttons()] == [True, False, False]
    view.set_guess(None, (None,))
    assert view.photo.badge() == "None of these"


def test_keys_reach_the_view_from_an_answer_that_has_the_keyboard(view: LabelView) -> None:
    said = heard(view)
    button = view.bar.buttons()[0]
    button.setFocus()
    QTest.keyClick(button, Key.Key_Right)
    QTest.keyClicks(button, "m")
    assert said == [("later", None), ("answer", TWO)]


def test_with_nothing_to_label_keys_do_nothing(view: LabelView) -> None:
    said = heard(view)
    view.show_empty("Every photo here has an answer.", "Look at what it mixes up.")
    QTest.keyClicks(view, "1")
    QTest.keyClick(view, Key.Key_Right)
    assert said == []
    QTest.keyClick(view, Key.Key_Left)  # the way back is open
    assert said == [("back", None)]


def test_the_large_photo_is_whole_and_says_its_answer(look, show) -> None:
    photo = show(LargePhoto(look), 400, 400)
    image = QImage(200, 100, QImage.Format.Format_RGB888)
    image.fill(QColor(200, 30, 30))
    photo.show_photo(QSize(200, 100), None)
    photo.set_image(image, full=False)
    assert photo.photo_rect().width() == 2 * photo.photo_rect().height()
    plain = photo.grab().toImage()
    photo.set_badge("classic", QColor("#5DB3F0"))
    assert photo.grab().toImage() != plain
    photo.set_badge("")
    assert photo.grab().toImage() == plain
    over = QImage(20, 10, QImage.Format.Format_RGBA8888)
    over.fill(QColor(255, 255, 0, 120))
    photo.set_overlay(over)
    assert photo.grab().toImage() != plain
    photo.show_photo(QSize(200, 100), None)
    assert not photo.has_overlay


# --- strip, board, dialog ------------------------------------------------------------------------------------


def test_a_click_in_the_strip_returns(qtbot, look, show) -> None:
    strip = show(RecentStrip(look, Squares()), 400, 60)
    strip.set_recent([Recent(n, "classic", 0) for n in (9, 8, 7, 6, 5, 4)])
    assert [one.photo for one in strip.shown()] == [9, 8, 7, 6, 5]
    with qtbot.waitSignal(strip.chosen) as chosen:
        QTest.mouseClick(strip._cells[1], LEFT)
    assert chosen.args == [8]


def test_the_board_shows_all_at_once_and_marks_wrong_ones(qtbot, look, show) -> None:
    board = show(Board(look, Squares()), 900, 500)
    board.show_photos(range(1, 41), [0.9] * 40, QColor("#5DB3F0"))
    cells = [board.cell(at) for at in range(40)]
    assert all(board.rect().contains(cell) for cell in cells)
    assert not any(a.intersects(b) for at, a in enumerate(cells) for b in cells[at + 1 :])
    QTest.mouseClick(board, LEFT, pos=cells[3].center())
    QTest.mouseClick(board, LEFT, pos=cells[39].center())
    assert board.wrong() == [4, 40]
    QTest.mouseClick(board, LEFT, pos=cells[3].center())
    assert board.wrong() == [40]
    QTest.keyClick(board, Key.Key_Home)
    QTest.keyClick(board, Key.Key_Right)
    assert board.current() == 2
    QTest.keyClick(board, Key.Key_Delete)
    assert board.wrong() == [2, 40]
    with qtbot.waitSignal(board.lookedCloser) as closer:
        QTest.keyClick(board, Key.Key_Space)
    assert closer.args == [2]
    board.remove([2])
    assert board.wrong() == [40]
    assert len(board.right()) == 38


def test_a_board_without_photos_takes_no_keys(look, show) -> None:
    board = show(Board(look, Squares()), 300, 200)
    board.show_photos([], [], QColor("red"))
    QTest.keyClick(board, Key.Key_Right)
    QTest.keyClick(board, Key.Key_Delete)
    assert board.current() is None
    assert not board.grab().isNull()


def test_the_dialog_says_what_each_limit_means(qtbot, look) -> None:
    def estimate(limit: float) -> Estimate:
        taken = round(1000 * (1 - limit))
        return Estimate(taken, f"Take {taken} guesses?" if taken else "No guess is this sure.", f"At {limit:.2f}.")

    dialog = TakeDialog(look, estimate, 0.9)
    qtbot.addWidget(dialog)
    assert dialog.headline.text() == "Take 100 guesses?"
    assert dialog.take.text() == "Take 100"
    assert dialog.look.text() == "Look at the least sure 40"
    dialog.slider.setValue(80)
    assert (dialog.take.text(), dialog.explanation.text()) == ("Take 200", "At 0.80.")
    with qtbot.waitSignal(dialog.finished) as finished:
        QTest.mouseClick(dialog.look, LEFT)
    assert finished.args == [LOOK]


# --- meter and charts ----------------------------------------------------------------------------------------


def test_the_meter_hides_what_it_does_not_know(look, show) -> None:
    meter = show(Meter(look), 700, 60)
    meter.set_quality(Quality(), [("good", 1), ("dent", 0)])
    assert not meter.range.isVisible()
    assert not meter.spot_check.isVisible()
    meter.set_quality(Quality(0.91, 0.84, 0.95, 120), [("good", 60), ("dent", 60)], checkable=True)
    assert meter.range.isVisible()
    assert meter.spot_check.isVisible()
    assert meter.advice.text() == "For a figure you can pass on, check 60 random photos."


def test_what_it_mixes_up_by_mouse_and_keys(qtbot, look, show) -> None:
    mixed = MixUps(look)
    mixed.set_counts(("classic", "modern"), ((7, 1), (0, 8)))
    show(mixed, mixed.sizeHint().width(), mixed.sizeHint().height())
    assert mixed.words(0, 1) == "1 photo of “classic” taken for “modern”"
    assert mixed.words(1, 1) == "8 photos of “modern” guessed right"
    with qtbot.waitSignal(mixed.cellChosen) as chosen:
        QTest.mouseClick(mixed, LEFT, pos=mixed.cell(0, 1).center())
    assert chosen.args == [0, 1]
    with qtbot.waitSignal(mixed.cellChosen) as chosen:
        QTest.keyClick(mixed, Key.Key_Down)
    assert chosen.args == [1, 1]


def test_charts_draw_and_say_what_they_show(look, show) -> None:
    chart = RangeChart(look)
    chart.set_bars([Bar("embedding", 0.95, 0.9, 1.0, "chosen", True), Bar("logits", 0.9, 0.84, 0.96)])
    show(chart, 400, chart.sizeHint().height())
    assert "embedding: 95 in 100, 90 to 100" in chart.accessibleDescription()
    empty = chart.grab().toImage()
    chart.set_bars([])
    assert chart.grab().toImage() != empty
    curve = show(Curve(look), 400, 160)
    blank = curve.grab().toImage()
    curve.set_points([(8, 0.7)])
    assert curve.grab().toImage() == blank  # one point is no curve
    curve.set_points([(8, 0.7), (12, 0.8), (20, 0.85)])
    assert curve.grab().toImage() != blank


# --- elsewhere -----------------------------------------------------------------------------------------------


def test_the_picker_takes_one_key_and_goes(qtbot, look, show) -> None:
    below = show(QWidget(), 700, 500)
    picker = AnswerPicker(look, below)
    picker.ask(ERA, {}, 3)
    assert picker.words.text() == "Label 3 photos as"
    assert below.rect().contains(picker.geometry())
    with qtbot.waitSignal(picker.picked) as picked:
        QTest.keyClicks(picker, "m")
    assert picked.args == [TWO]
    assert not picker.isVisible()
    picker.ask(ERA, {}, 1)
    with qtbot.assertNotEmitted(picker.picked):
        QTest.keyClick(picker, Key.Key_Escape)
    assert not picker.isVisible()
    picker.ask(ERA, {}, 1)
    with qtbot.waitSignal(picker.cleared):
        QTest.keyClick(picker, Key.Key_Delete)


def test_badges_of_answers_stand_in_the_grid_and_are_spoken(parts: Parts) -> None:
    grid = parts.make(3)
    before = grid.viewport().grab().toImage()
    badges = {
        1: AnswerBadge("classic", "1", 0),
        2: AnswerBadge("modern", "m", 1, 0.83),
        3: AnswerBadge("None", "0", -1),
    }
    grid.photos.set_badges(badges.get)
    assert grid.viewport().grab().toImage() != before
    index = grid.photos.index(0)
    assert "answer classic" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "guess modern, 83 % sure" in grid.photos.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert badges[2].words == "modern 83 %"
    grid.photos.set_badges(None)
    assert grid.viewport().grab().toImage() == before
    assert isinstance(grid.itemDelegate(), PhotoDelegate)


def test_a_long_name_never_reaches_the_likeness(parts: Parts) -> None:
    grid = parts.make()
    grid.show_photos([1, 2], [0.9, 0.8])
    plain = grid.viewport().grab().toImage()
    grid.photos.set_badges(lambda _photo: AnswerBadge("a name much longer than any photo is wide " * 3, "1", 0))
    shown = grid.viewport().grab().toImage()
    rect = grid.visualRect(grid.photos.index(0))
    right = range(rect.right() - 40, rect.right() - 8)
    y = rect.bottom() - 14
    assert all(shown.pixelColor(x, y) == plain.pixelColor(x, y) for x in right)
