"""Someone brings a network of their own: adds it, compares by it, removes it again; and a file that is none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton

from desktop_app.core import paths
from desktop_app.core.operations.networks import add
from desktop_app.core.surgery.guard import examining
from desktop_app.ui.networks.custom_dialog import CustomDialog
from desktop_app.ui.networks.measuring import WAITS
from desktop_app.ui.networks.page import NetworksPage
from tests.core.tiny_networks import residual, save
from tests.photos import save_many
from tests.stories.conftest import SlowDisk
from tests.stories.labeller import Labeller
from tests.stories.person import CTRL, LEFT, Key, Person, Program


def networks_page(person: Person) -> NetworksPage:
    """Open Settings at the page of networks."""
    person.press(Key.Key_Comma, CTRL)
    person.until(lambda: person.window.settings.window is not None)
    settings = person.window.settings.window
    settings.show_page("networks")
    page = settings.body("networks")
    assert isinstance(page, NetworksPage)
    person.until(lambda: len(page.cards) >= 2 and page.offers)
    return page


def answer(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Press the button that says `words` in the next question."""

    def press(box: QMessageBox) -> int:
        button = next(one for one in box.buttons() if one.text().startswith(words))
        monkeypatch.setattr(box, "clickedButton", lambda: button)
        return 0

    monkeypatch.setattr(QMessageBox, "exec", press)


def test_a_network_of_ones_own(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    person = program.start()
    save_many(tmp_path / "Album", range(12))
    person.add(tmp_path / "Album")
    person.settle()
    file = tmp_path / "mine.onnx"
    save(residual(), file)
    before = file.read_bytes()
    page = networks_page(person)
    main = person.window._session.library.network.name
    assert page.cards[main].state.text() == "This library compares by it"
    assert "alexnet" in " ".join(page.offers)

    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    QTest.mouseClick(page.add, LEFT)
    dialog = person.window.networks.adding.dialog
    person.until(dialog.add.isEnabled)
    assert dialog.title.text() == "mine"
    assert len(dialog.trial.rows) == 3
    dialog.title.setText("My network")
    QTest.mouseClick(dialog.add, LEFT)
    person.until(lambda: "mine" in page.cards)
    assert page.cards["mine"].title.text() == "My network"
    assert file.read_bytes() == before
    assert "was added" in person.message()

    QTest.mouseClick(page.cards["mine"].use, LEFT)
    person.until(lambda: person.window._session.compare_by == "mine:embedding")
    person.until(lambda: page.cards["mine"].state.text() == "This library compares by it")
    person.come_back()
    person.settle()
    query = person.names()[0]
    person.click(query)
    person.press(Key.Key_S)
    person.until(lambda: person.page.bar.chip.isVisible())
    person.settle()
    assert len(person.names()) == 12
    assert person.page.bar.ways.currentText() == "Things"

    QTest.mouseClick(page.cards["mine"].remove, LEFT)
    person.until(lambda: "Choose another way first" in person.message())
    QTest.mouseClick(page.cards[main].use, LEFT)
    person.until(lambda: person.window._session.compare_by == f"{main}:embedding")
    person.until(lambda: page.cards["mine"].state.text() == "Ready in this library")
    person.settle()
    answer(monkeypatch, "Remove")
    QTest.mouseClick(page.cards["mine"].remove, LEFT)
    person.until(lambda: "mine" not in page.cards)
    assert "Photos and labels stay as they are" in person.message()
    person.settle()
    assert len(person.names()) == 12
    assert person.page.bar.ways.currentText() == "Things"
    program.quit()

    person = program.start()
    person.settle()
    assert len(person.names()) == 12
    assert person.banner() == ""


def test_a_dropped_file_that_is_no_network(person: Person, tmp_path: Path) -> None:
    save_many(tmp_path / "Album", range(3))
    person.add(tmp_path / "Album")
    person.settle()
    file = tmp_path / "holiday.onnx"
    file.write_bytes((tmp_path / "Album" / "photo 0.jpg").read_bytes())
    drag = person.drag(file)
    assert person.window.overlay.isVisible()
    drag.release()
    dialog = person.window.networks.adding.dialog
    person.until(lambda: dialog.sentence.text())
    assert "picture" in dialog.sentence.text().lower()
    assert dialog._headline.text() == "holiday.onnx can't be used"
    assert not dialog.add.isVisible()
    QTest.mouseClick(dialog.close_button, LEFT)
    person.until(lambda: person.window.networks.adding is None)
    person.settle()


def ended(operation):
    """Run an operation to its end; its result."""
    while True:
        try:
            next(operation)
        except StopIteration as end:
            return end.value


@pytest.fixture
def mine(home: Path, tmp_path: Path) -> str:
    """A network of one's own, added before; its name."""
    file = tmp_path / "mine.onnx"
    save(residual(), file)
    return ended(add(file, ended(examining(file)), title="My network")).name


def buttons(person: Person) -> list[QPushButton]:
    """Those of the status bar."""
    return person.window.status.findChildren(QPushButton)


def getting_ready(person: Person, disk: SlowDisk, mine: str) -> NetworksPage:
    """Ask for a network to compare by, and hold the disk before all photos are through."""
    page = networks_page(person)
    disk.hold_after(3)
    QTest.mouseClick(page.cards[mine].use, LEFT)
    person.until(lambda: page.cards[mine].state.text() == "Getting photos ready…")
    return page


def test_what_was_not_ready_when_the_program_ended_is_gone_on_with(
    program: Program, disk: SlowDisk, tmp_path: Path, mine: str
) -> None:
    person = program.start()
    save_many(tmp_path / "Album", range(12))
    person.add(tmp_path / "Album")
    getting_ready(person, disk, mine)
    assert not person.window._session.compare_by.startswith(mine)
    program.quit()

    person = program.start()
    person.until(lambda: person.window._session.compare_by == f"{mine}:embedding")
    page = networks_page(person)
    person.until(lambda: page.cards[mine].state.text() == "This library compares by it")
    person.settle()
    assert person.window._session.library.get_meta("getting_ready") == ""


def test_stopped_is_stopped_and_continue_goes_on_to_the_same_end(
    program: Program, disk: SlowDisk, tmp_path: Path, mine: str
) -> None:
    person = program.start()
    save_many(tmp_path / "Album", range(12))
    person.add(tmp_path / "Album")
    page = getting_ready(person, disk, mine)
    assert not page.cards[mine].use.isEnabled()  # it is on its way
    QTest.mouseClick(page.cards[mine].measure, LEFT)
    assert page.note.text() == WAITS  # beside other work it would be too slow
    person.until(lambda: len(person.window.background.views) == 1)  # what was being measured has made way
    person.until(lambda: any(one.text() == "Stop" and one.isVisible() for one in buttons(person)))
    person.push("Stop", among=buttons(person))
    person.until(lambda: "Stopped" in person.message())
    person.until(lambda: page.cards[mine].use.isEnabled())
    person.settle()
    assert person.window._session.library.get_meta("getting_ready") == ""
    person.until(lambda: "photos/s" in page.cards[mine].facts.text())
    assert page.note.text() == ""
    person.push("Continue", among=buttons(person))
    person.until(lambda: page.cards[mine].state.text() == "This library compares by it")
    assert person.window._session.library.network.name == mine


def test_labels_are_learnt_again_on_another_network(labeller: Labeller, mine: str) -> None:
    person = labeller.person
    session = person.window._session
    learning, comparing = labeller.parts.learning, person.window.comparing
    labeller.answer(6)
    first = session.library.network.key
    assert learning.result.classifier.network == first
    comparing.make_ready(f"{mine}:embedding")
    person.until(lambda: any(way.descriptor == f"{mine}:embedding" and way.ready for way in comparing.ways))
    comparing.choose(f"{mine}:embedding")
    person.until(lambda: "will be learnt again" in person.message())
    person.until(lambda: session.library.network.key != first)
    person.until(lambda: learning.result.classifier.network == session.library.network.key)
    labeller.settle()
    assert len(labeller.given()) == 6


def test_a_way_of_feeding_of_ones_own_that_is_not_taken_leaves_the_one_before(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_many(tmp_path / "Album", range(6))
    person.add(tmp_path / "Album")
    file = tmp_path / "mine.onnx"
    save(residual(), file)
    person.drop(file)
    dialog = person.window.networks.adding.dialog
    person.until(dialog.add.isEnabled)
    before = dialog.preset.currentText()
    monkeypatch.setattr(CustomDialog, "exec", lambda asking: asking.reject())
    person.press(Key.Key_End, to=dialog.preset)
    assert dialog.preset.currentText() == before
    assert dialog.add.isEnabled()
    QTest.mouseClick(dialog.close_button, LEFT)
    person.until(lambda: person.window.networks.adding is None)
    person.settle()


def test_a_network_whose_folder_was_deleted_by_hand_is_missed_in_a_sentence(
    program: Program, tmp_path: Path, mine: str
) -> None:
    person = program.start()
    save_many(tmp_path / "Album", range(12))
    person.add(tmp_path / "Album")
    person.window.comparing.make_default(f"{mine}:embedding")
    person.until(lambda: person.window._session.compare_by == f"{mine}:embedding")
    person.settle()
    program.quit()
    shutil.rmtree(paths.networks_dir() / mine)

    person = program.start()
    person.until(lambda: "“My network”, is no longer here" in person.banner())
    person.settle()
    assert "nothing was lost" in person.banner()  # it stays said
    person.click(person.names()[0])
    person.press(Key.Key_S)
    person.until(lambda: person.page.bar.chip.isVisible())
    person.settle()
    assert len(person.names()) == 12
