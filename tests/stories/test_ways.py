"""Someone compares photos in other ways: by shape, by texture, by colour."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt

from desktop_app.core.operations.descriptors import forget
from tests.photos import save_many
from tests.stories.person import Key, Person, Program


def choose_way(person: Person, title: str) -> None:
    bar = person.page.bar
    at = bar.ways.findText(title)
    assert at >= 0, [bar.ways.itemText(i) for i in range(bar.ways.count())]
    bar.ways.setCurrentIndex(at)
    bar.ways.activated.emit(at)


def ways(person: Person) -> list[str]:
    bar = person.page.bar
    return [bar.ways.itemText(at) for at in range(bar.ways.count()) if bar.ways.itemText(at)]


def test_the_results_change_with_the_way_and_stay_so(program: Program, tmp_path: Path) -> None:
    person = program.start()
    save_many(tmp_path / "Album", range(12))
    person.add(tmp_path / "Album")
    person.click(person.names()[0])
    person.press(Key.Key_S)
    person.until(lambda: person.page.bar.chip.isVisible())
    person.settle()
    assert person.page.bar.ways.isVisible()
    assert ways(person) == ["Things", "Shapes", "Texture", "Colour", "More ways…"]
    query = person.names()[0]
    before = dict(zip(person.names()[1:], person.page._found.scores.tolist(), strict=True))

    choose_way(person, "Texture")  # only an order is missing: it is made in the background, then shown
    person.until(lambda: person.page.bar.ways.currentText() == "Texture")
    person.settle()
    after = dict(zip(person.names()[1:], person.page._found.scores.tolist(), strict=True))
    assert person.names()[0] == query
    assert set(after) == set(before)
    assert after != before
    assert person.window._session.compare_by.endswith(":stage2")
    person.until(lambda: len(person.alike()) == 11)  # the panel follows

    choose_way(person, "Colour")
    person.until(lambda: person.page.bar.ways.currentText() == "Colour")
    person.settle()
    program.quit()

    person = program.start()
    person.settle()
    assert person.window._session.compare_by == "colour"
    person.click(person.names()[0])
    person.press(Key.Key_S)
    person.until(lambda: person.page.bar.ways.isVisible())
    assert person.page.bar.ways.currentText() == "Colour"
    assert person.page.bar.ways.itemData(0, Qt.ItemDataRole.ToolTipRole).endswith(":embedding")


def test_what_may_be_chosen_is_opened_while_the_list_is_read(person: Person, tmp_path: Path) -> None:
    save_many(tmp_path / "Album", range(6))
    person.add(tmp_path / "Album")
    person.click(person.names()[0])
    person.press(Key.Key_S)
    person.until(lambda: person.page.bar.ways.isVisible())
    person.settle()
    session = person.window._session
    assert "colour" not in session._likeness
    person.page.bar.ways.showPopup()
    person.until(lambda: "colour" in session._likeness)
    person.page.bar.ways.hidePopup()
    person.settle()


def test_a_library_from_before_colours_counts_them_when_they_are_asked_for(person: Person, tmp_path: Path) -> None:
    save_many(tmp_path / "Album", range(6))
    person.add(tmp_path / "Album")
    session, comparing = person.window._session, person.window.comparing
    session.write(partial(forget, network="colour"), comparing.look_again)
    person.until(lambda: not next(way for way in comparing.ways if way.title == "Colour").ready)
    person.click(person.names()[0])
    person.press(Key.Key_S)
    person.until(lambda: person.page.bar.ways.isVisible())
    choose_way(person, "Colour")
    assert person.page.bar.ways.currentText() == "Things"  # what is in force, until the other is ready
    person.until(lambda: person.page.bar.ways.currentText() == "Colour")
    person.settle()
    assert len(person.names()) == 6
