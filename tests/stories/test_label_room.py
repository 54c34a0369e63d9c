"""Labelling in a small window, while photos are added, after menus; what came in; a spot check in two goes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.labelling import Origin
from desktop_app.ui.grid import PhotoGrid
from tests.stories.labeller import COUNT, Labeller, picture
from tests.stories.person import CTRL, LEFT, SHIFT, Key, Person


def test_in_the_smallest_window_the_photo_keeps_its_room(labeller: Labeller) -> None:
    labeller.answer(12)
    window, view = labeller.window, labeller.view
    window.resize(960, 600)
    labeller.person.until(lambda: view.add.text() == "+")
    labeller.person.until(lambda: view.photo.height() > 0.45 * view.height())
    assert not view.meter.advice.isVisible()
    assert view.meter.words.isVisible()
    tops = {button.y() for button in view.bar.buttons()}
    assert len(tops) == 1
    labeller.press(Key.Key_G, CTRL)
    assert view.board.cell(0).height() >= 60
    labeller.press(Key.Key_G, CTRL)
    window.resize(1400, 900)
    labeller.person.until(lambda: view.add.text() == "+ Answer")


def test_what_is_being_written_stays_while_photos_come_in(kinds: Person, tmp_path: Path) -> None:
    labeller = Labeller(kinds).go()
    kinds.type("stripes\rdi")
    picture("discs", 99).save(tmp_path / "Album" / "late.jpg")
    kinds.press(Key.Key_F5)
    labeller.person.until(lambda: len(labeller.parts.labels.state.photos) == 2 * COUNT + 1)
    labeller.settle()
    assert labeller.page.set_up.words.hasFocus()
    kinds.type("scs")
    assert labeller.page.set_up.answers() == ["stripes", "discs"]


def test_another_set_is_written_down_while_photos_come_in(labeller: Labeller, tmp_path: Path) -> None:
    labeller.page.newAsked.emit()
    labeller.person.until(labeller.page.set_up.words.hasFocus)
    labeller.person.type("old")
    picture("discs", 99).save(tmp_path / "Album" / "late.jpg")
    labeller.press(Key.Key_F5)
    labeller.person.until(lambda: len(labeller.parts.labels.state.photos) == 2 * COUNT + 1)
    labeller.settle()
    assert labeller.page.is_set_up
    assert labeller.page.set_up.answers() == ["old"]
    labeller.person.push("Cancel")
    assert not labeller.page.is_set_up


def test_a_click_beside_the_photo_leaves_the_keyboard_with_it(labeller: Labeller) -> None:
    opened: list[QPoint] = []
    labeller.page.menuAsked.connect(opened.append)
    for clicked in (labeller.view.take, labeller.view.as_board):
        QTest.mouseClick(clicked, LEFT)
        assert labeller.view.hasFocus()
    assert not labeller.view.is_board
    assert "No guess is sure enough for a board yet." in labeller.view.hint.text()
    QTest.mouseClick(labeller.page.more, LEFT)
    assert opened
    labeller.person.menu("Show photos without an answer")
    labeller.press(Key.Key_4, CTRL)
    labeller.person.until(labeller.view.hasFocus)
    labeller.person.type("1")
    assert len(labeller.given()) == 1


def test_how_far_it_is_counts_up_and_back(labeller: Labeller) -> None:
    assert labeller.view.progress.text() == f"0 of {2 * COUNT} answered"
    labeller.person.type("10")
    assert labeller.view.progress.text() == f"2 of {2 * COUNT} answered"
    labeller.press(Key.Key_Z, CTRL)
    assert labeller.view.progress.text() == f"1 of {2 * COUNT} answered"


def test_the_last_answers_say_their_keys_and_come_back_with_redo(labeller: Labeller) -> None:
    labeller.person.type("120")
    assert [recent.key for recent in labeller.view.strip.shown()] == ["0", "2", "1"]
    for _ in range(3):
        labeller.press(Key.Key_Z, CTRL)
    assert labeller.view.strip.shown() == []
    for _ in range(3):
        labeller.press(Key.Key_Z, CTRL | SHIFT)
    assert [recent.key for recent in labeller.view.strip.shown()] == ["0", "2", "1"]


def test_a_table_says_what_came_in_and_what_did_not(labeller: Labeller, tmp_path: Path, monkeypatch) -> None:
    table = tmp_path / "labels.csv"
    album = tmp_path / "Album"
    rows = [f"{album / 'stripes' / f'stripes {at:02d}.jpg'},stripes" for at in range(3)]
    table.write_text("\n".join(["path,label", *rows, f"{tmp_path / 'nowhere.jpg'},discs"]), "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
    QTest.mouseClick(labeller.page.more, LEFT)
    labeller.person.menu("Read labels from a table (CSV)…")
    labeller.person.until(lambda: labeller.person.message().startswith("3 photos labelled with 1 answer."))
    assert labeller.person.message().endswith("1 row names no photo of this library, as nowhere.jpg.")
    assert {origin for _, origin in labeller.stored().values()} == {Origin.IMPORT}
    labeller.person.push("Undo")
    assert labeller.stored() == {}


def test_photos_to_check_say_their_guess_and_take_an_answer_by_click(labeller: Labeller) -> None:
    labeller.answer(8)
    QTest.mouseClick(labeller.page.tab_button("check"), LEFT)
    check = labeller.page.check
    photos = check.sections()[0].photos
    assert photos
    badge = check.grid.photos.badge(0)
    assert badge is not None
    assert badge.sure is not None  # also where the guess is not sure enough to be taken
    photo = check.grid.photos.id_at(0)
    check.grid.select_photo(photo)
    QTest.mouseClick(check.bar.buttons()[1], LEFT)
    assert labeller.given()[labeller.name(photo)] == "discs"
    assert check.grid.photos.badge(0).words == "2 discs"
    labeller.settle()
    assert check.bar.buttons()[1].shown.count == list(labeller.given().values()).count("discs")


def test_a_spot_check_that_is_cut_off_goes_on(labeller: Labeller) -> None:
    labeller.answer(12)
    QTest.mouseClick(labeller.view.meter.spot_check, LEFT)
    walk = labeller.parts.walk
    labeller.person.until(lambda: walk.is_blind)
    drawn = len(walk.round.photos)
    assert labeller.view.title.text() == f"Spot check: 1 of {drawn}"
    labeller.person.type("1" if labeller.kind() == "stripes" else "2")
    assert labeller.view.title.text() == f"Spot check: 2 of {drawn}"
    labeller.press(Key.Key_Z, CTRL)  # undo shows what it changed, here too
    assert labeller.view.title.text() == f"Spot check: 1 of {drawn}"
    assert labeller.view.photo.badge() == ""
    labeller.person.type("1" if labeller.kind() == "stripes" else "2")
    labeller.person.push("End the check")
    labeller.person.until(lambda: labeller.person.message() == f"1 of {drawn} photos checked; the rest waits.")
    assert f"{drawn - 1} left" in labeller.view.meter.spot_check.text()
    labeller.settle()
    QTest.mouseClick(labeller.view.meter.spot_check, LEFT)
    labeller.person.until(lambda: walk.is_blind)
    assert len(walk.round.photos) == drawn - 1


def test_undo_on_the_board_brings_its_photos_back(labeller: Labeller) -> None:
    labeller.answer(10)
    labeller.press(Key.Key_G, CTRL)
    first = labeller.view.board.photos()
    labeller.press(Key.Key_Return)
    if not labeller.view.is_board:  # nothing equal was left
        labeller.press(Key.Key_Z, CTRL)
        return
    assert not set(first) & set(labeller.view.board.photos())
    labeller.press(Key.Key_Z, CTRL)
    assert labeller.view.is_board
    assert not set(first) & set(labeller.parts.labels.state.given)


def test_an_answer_that_is_removed_takes_its_board_with_it(labeller: Labeller) -> None:
    labeller.answer(10)
    labeller.press(Key.Key_G, CTRL)
    answer = labeller.parts.walk.boarding.answer_of_all
    found = labeller.parts.labels.state.label_set.answer(answer)
    labeller.parts.answers.remove(found)
    labeller.settle()
    assert found.name not in labeller.view.title.text()
    labeller.press(Key.Key_Return)
    assert found.name not in labeller.given().values()


def test_with_every_photo_answered_the_way_goes_on_to_the_results(labeller: Labeller) -> None:
    labeller.answer(2 * COUNT)
    assert labeller.view.is_empty
    labeller.person.until(lambda: labeller.parts.learning.result is not None)
    labeller.settle()
    assert not labeller.view.meter.spot_check.isVisible()  # nothing is left to check it on
    labeller.person.push("See what it mixes up")
    assert labeller.page.tab == "results"
    QTest.mouseClick(labeller.page.tab_button("mistakes"), LEFT)
    labeller.settle()
    if labeller.page.mistakes.is_empty:
        assert not labeller.page.mistakes.foot.isVisible()


def test_a_tag_says_how_to_go_on(kinds: Person) -> None:
    labeller = Labeller(kinds).go()
    kinds.type("round\rbright")
    labeller.page.set_up.several.setChecked(True)
    kinds.push("Start")
    kinds.until(lambda: len(labeller.view.bar.buttons()) == 3)
    kinds.until(labeller.view.hasFocus)
    first = labeller.name()
    kinds.type("1")
    assert "Enter goes on" in labeller.view.hint.text()
    labeller.press(Key.Key_Return)
    assert labeller.name() != first


def test_facts_that_come_after_their_grid_is_gone_do_no_harm(labeller: Labeller) -> None:
    grid = PhotoGrid(labeller.window.desk.theme, labeller.window._thumbnails)
    photos = list(labeller.parts.labels.state.photos)
    grid.show_photos(photos)
    labeller.window.viewing.bring_facts_to(grid.photos, photos)
    grid.deleteLater()
    QCoreApplication.sendPostedEvents(grid, QEvent.Type.DeferredDelete)
    labeller.settle()
    assert labeller.view.isVisible()
