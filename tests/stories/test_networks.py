"""Someone brings a network of their own: adds it, compares by it, removes it again; and a file that is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from desktop_app.ui.networks.page import NetworksPage
from tests.core.tiny_networks import residual, save
from tests.photos import save_many
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
    assert not dialog.add.isVisible()
    QTest.mouseClick(dialog.close_button, LEFT)
    person.until(lambda: person.window.networks.adding is None)
    person.settle()
