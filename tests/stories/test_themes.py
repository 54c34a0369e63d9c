"""Themes: a folder is grouped, looked at coarser and finer, put right by hand, and turned into labels."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from desktop_app.core.catalog import labels as labels_of
from desktop_app.core.catalog import themes as catalogue
from desktop_app.ui.photo_drag import photos_mime
from desktop_app.ui.themes.dragged import Dragged, mime_of
from desktop_app.ui.themes.labels_dialog import LabelsDialog
from desktop_app.ui.themes.values import ThemeCard
from tests.stories.labeller import COUNT
from tests.stories.person import ALT, CTRL, SHIFT, Key, Person, Program
from tests.ui.panel_parts import Drag


class Sorter:
    """Someone on the Themes page."""

    def __init__(self, person: Person) -> None:
        self.person, self.window = person, person.window
        self.page = person.window.frame.themes
        self.cards = self.page.cards
        self.parts = person.window.grouping

    def go(self) -> Sorter:
        """Go to the page by its key."""
        self.person.press(Key.Key_3, CTRL)
        self.person.until(self.page.isVisible)
        return self.settle()

    def settle(self) -> Sorter:
        """Wait until everything is written, read and named."""
        session = self.window._session

        def is_quiet() -> bool:
            lanes = (session.work, session.query, session.compute, session.thumbs)
            timers = (self.parts._settling, self.page.bar.fineness._settling)
            return all(lane.is_idle for lane in lanes) and not any(timer.isActive() for timer in timers)

        for _ in range(3):  # an answer asks on: what was cut is read, what was read is named
            self.person.until(is_quiet)
            QApplication.processEvents()
        return self

    def group(self) -> Sorter:
        """Group all photos with one click."""
        self.go()
        QTest.mouseClick(self.page.start.all, Qt.MouseButton.LeftButton)
        self.person.until(lambda: self.page.shelf is not None and not self.parts.is_running)
        return self.settle()

    def shown(self) -> list[ThemeCard]:
        """The cards without the odd ones out."""
        return [card for card in self.cards.themes.rows if not card.is_odd]

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Sorter:
        """Press a key on the cards."""
        self.person.press(key, modifiers, to=self.cards)
        return self.settle()

    def kinds(self, theme: int) -> dict[str, int]:
        """How many photos of each kind are in a theme, as the catalogue has it."""
        photos = catalogue.photos_of(self.window._session.library.connection, theme)
        found: dict[str, int] = {}
        for name in self.person._names_of(photos).values():
            found[name.split()[0]] = found.get(name.split()[0], 0) + 1
        return found

    def to_count(self, count: int) -> Sorter:
        """Move the slider until so many themes are shown."""
        slider = self.page.bar.fineness.slider
        slider.setFocus()
        for _ in range(1200):
            if self.page.bar.fineness.count == count:
                break
            self.person.press(Key.Key_Right if self.page.bar.fineness.count < count else Key.Key_Left, to=slider)
        self.person.until(lambda: self.page.shelf is not None and self.page.shelf.count == count)
        return self.settle()


@pytest.fixture
def sorter(kinds: Person) -> Sorter:
    """Someone with photos of two kinds, grouped into two themes."""
    sorter = Sorter(kinds).group()
    return sorter.to_count(2)


def test_one_click_groups_a_folder_and_the_slider_answers(kinds: Person) -> None:
    sorter = Sorter(kinds).go()
    assert sorter.page.start.all.text() == f"Group all {2 * COUNT} photos"
    sorter.group()
    assert sum(card.count for card in sorter.cards.themes.rows) == 2 * COUNT
    assert all(1 <= len(card.photos) <= 6 for card in sorter.shown())
    sorter.to_count(2)
    assert sorted(max(sorter.kinds(card.id).items(), key=lambda pair: pair[1])[0] for card in sorter.shown()) == [
        "discs",
        "stripes",
    ]
    sorter.to_count(5)
    assert len(sorter.shown()) == 5
    kinds.press(Key.Key_Z, CTRL)
    sorter.settle()
    assert len(sorter.shown()) == 2
    kinds.press(Key.Key_Z, CTRL | SHIFT)
    sorter.settle()
    assert len(sorter.shown()) == 5


def test_a_theme_opens_in_the_grid_and_back_leads_to_its_card(sorter: Sorter) -> None:
    theme = sorter.shown()[1]
    sorter.cards.choose([theme.id])
    sorter.cards.setFocus()
    sorter.press(Key.Key_Return)
    sorter.person.settle()
    assert sorter.person.grid.isVisible()
    assert len(sorter.person.names()) == theme.count
    bar = sorter.person.page.bar
    said = [chip.accessibleName() for chip in bar.chips.chips()]
    assert said == [f"Only theme “{theme.title}”"]
    assert bar.back.isVisible()
    sorter.person.press(Key.Key_Left, ALT)
    sorter.person.settle()
    assert sorter.page.isVisible()
    assert sorter.cards.chosen_ids() == [theme.id]
    assert sorter.cards.hasFocus()
    sorter.person.press(Key.Key_1, CTRL)
    sorter.person.settle()
    assert sorter.person.grid.isVisible()
    assert len(sorter.person.names()) == 2 * COUNT
    assert not sorter.person.page.bar.back.isVisible()


def test_a_search_inside_a_theme_says_so_until_the_theme_is_taken_away(sorter: Sorter) -> None:
    theme, person = sorter.shown()[1], sorter.person
    bar = person.page.bar
    sorter.cards.choose([theme.id])
    sorter.cards.setFocus()
    sorter.press(Key.Key_Return)
    person.settle()
    person.press(Key.Key_F, CTRL)
    person.type("jpg")
    person.until(lambda: person.page.view.text == "jpg")
    person.settle()
    assert [chip.isVisible() for chip in bar.chips.chips()] == [True]
    assert len(person.names()) == theme.count
    person.press(Key.Key_Left, ALT)  # one step back is the theme, not yet its card
    person.settle()
    assert person.grid.isVisible()
    assert person.page.view.text == ""
    person.push("All themes")
    assert sorter.page.isVisible()
    sorter.press(Key.Key_Return)
    person.settle()
    chip = bar.chips.chips()[0]
    chip.setFocus()
    person.press(Key.Key_Delete)
    person.settle()
    assert len(person.names()) == 2 * COUNT
    assert not bar.crumb.isVisible()
    assert bar.chips.chips() == []


def test_merge_split_lock_rename_and_remove_are_undone_one_by_one(sorter: Sorter) -> None:
    before = sorter.shown()
    sorter.cards.setFocus()
    sorter.cards.choose([before[0].id])
    sorter.press(Key.Key_F2)
    editor = sorter.cards.findChild(QLineEdit)
    QTest.keyClicks(editor, "Mine")
    QTest.keyClick(editor, Key.Key_Return)
    sorter.person.until(lambda: "Mine" in [card.title for card in sorter.shown()])
    sorter.settle()
    named = next(card for card in sorter.shown() if card.title == "Mine")
    assert not named.is_proposed
    sorter.press(Key.Key_K)
    assert [card.is_locked for card in sorter.shown() if card.title == "Mine"] == [True]
    sorter.press(Key.Key_A, CTRL)
    sorter.press(Key.Key_M)
    assert [(card.title, card.count) for card in sorter.shown()] == [("Mine", sum(card.count for card in before))]
    sorter.press(Key.Key_P)
    sorter.person.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    QTest.keyClick(QApplication.activePopupWidget(), Key.Key_3)
    sorter.person.come_back()
    sorter.settle()
    assert len(sorter.shown()) == 3
    sorter.cards.setFocus()
    sorter.cards.choose([sorter.shown()[-1].id])
    gone = sorter.shown()[-1]
    sorter.press(Key.Key_Delete)
    assert len(sorter.shown()) == 2
    assert sorter.cards.themes.rows[-1].is_odd
    assert sorter.cards.themes.rows[-1].count >= gone.count
    steps = []
    for _ in range(5):
        sorter.person.press(Key.Key_Z, CTRL)
        sorter.settle()
        steps.append((len(sorter.shown()), "Mine" in [card.title for card in sorter.shown()]))
    assert steps == [(3, True), (1, True), (2, True), (2, True), (2, False)]
    assert sorter.shown() == before


def test_a_photo_is_dragged_to_where_it_belongs(sorter: Sorter) -> None:
    one, other = sorter.shown()
    photo = one.photos[0]
    at = sorter.cards.photo_rect(other.id, 0).center()
    drag = Drag(sorter.cards.viewport(), mime_of(Dragged(one.id, (photo,))))
    drag.enter(at.x(), at.y())
    drag.move(at.x(), at.y())
    drag.drop(at.x(), at.y())
    sorter.settle()
    counts = {card.id: card.count for card in sorter.shown()}
    assert counts == {one.id: one.count - 1, other.id: other.count + 1}
    assert f"1 photo moved to “{other.title}”." in sorter.person.message()
    sorter.person.push("Undo")
    sorter.settle()
    assert {card.id: card.count for card in sorter.shown()} == {one.id: one.count, other.id: other.count}


def test_all_photos_of_a_theme_are_below_and_dragged_from_there(sorter: Sorter) -> None:
    one, other = sorter.shown()
    sorter.cards.setFocus()
    sorter.cards.choose([one.id])
    sorter.press(Key.Key_Space)
    grid = sorter.page.drawer.grid
    assert grid.photos.rowCount() == one.count
    photos = [int(photo) for photo in grid.photos.ids()][:3]
    at = sorter.cards.photo_rect(other.id, 0).center()
    drag = Drag(sorter.cards.viewport(), photos_mime(photos, sorter.parts.below.library()))
    drag.enter(at.x(), at.y())
    drag.move(at.x(), at.y())
    drag.drop(at.x(), at.y())
    sorter.settle()
    assert grid.photos.rowCount() == one.count - 3
    assert not set(photos) & set(grid.photos.ids())
    sorter.person.press(Key.Key_Z, CTRL)
    sorter.settle()
    assert grid.photos.rowCount() == one.count


def test_themes_become_answers_and_a_classifier_learns_from_them(sorter: Sorter) -> None:
    for card, name in zip(sorter.shown(), ("first", "second"), strict=True):
        sorter.parts.editing.rename(card.id, name)
    sorter.settle()
    sorter.person.push("Turn into labels…")
    sorter.person.until(lambda: isinstance(QApplication.activeModalWidget(), LabelsDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LabelsDialog)
    assert dialog.headline.text() == "Turn 2 themes into 2 answers?"
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    sorter.person.come_back()
    sorter.person.until(lambda: "are answers of “Themes” now" in sorter.person.message())
    sorter.settle()
    sorter.person.push("See them")
    page = sorter.window.frame.label
    sorter.person.until(lambda: page.isVisible() and not page.is_set_up)
    sorter.settle()
    state = sorter.window.labelling.labels.state
    assert [answer.name for answer in state.label_set.answers] == ["first", "second"]
    library = sorter.window._session.library
    table = labels_of.labels(library.connection, state.label_set.id)
    assert len(table.photos) == sum(card.count for card in sorter.shown())
    sorter.person.until(lambda: sorter.window.labelling.labels.state.guesses is not None)
    sorter.person.press(Key.Key_Z, CTRL)
    sorter.person.until(lambda: sorter.window.labelling.labels.state.label_set is None)


def test_a_theme_is_labelled_with_one_key(sorter: Sorter) -> None:
    person = sorter.person
    person.press(Key.Key_4, CTRL)
    person.until(sorter.window.frame.label.set_up.words.hasFocus)
    person.type("one\rtwo")
    person.push("Start")
    sorter.settle()
    sorter.go()
    theme = sorter.shown()[0]
    sorter.cards.setFocus()
    sorter.cards.choose([theme.id])
    sorter.press(Key.Key_L)
    picker = sorter.window.labelling.anywhere.picker
    person.until(picker.isVisible)
    assert picker.words.text() == f"Label {theme.count} photos as"
    person.press(Key.Key_2, to=picker)
    person.until(lambda: "labelled “two”" in person.message())
    assert sorter.cards.hasFocus()


def test_themes_are_there_again_at_the_next_start(sorter: Sorter, program: Program) -> None:
    kept = sorter.shown()
    program.quit()
    again = Sorter(program.start()).go()
    assert again.shown() == kept


def test_stopping_leaves_the_themes_as_they_were(sorter: Sorter) -> None:
    kept = sorter.cards.themes.rows
    sorter.parts._group_again()
    sorter.parts.stop()
    sorter.person.until(lambda: not sorter.parts.is_running)
    sorter.settle()
    assert sorter.cards.themes.rows == kept
    assert not sorter.page.progress.isVisible()


def test_a_selection_of_photos_can_be_grouped(sorter: Sorter) -> None:
    sorter.person.press(Key.Key_1, CTRL)
    sorter.person.settle()
    sorter.person.grid.setFocus()
    for name in [name for name in sorter.person.names() if name.startswith("discs")][:6]:
        sorter.person.click(name, CTRL)
    sorter.person.settle()
    sorter.go()
    QTest.mouseClick(sorter.page.bar.group, Qt.MouseButton.LeftButton)
    sorter.person.menu("Photos that are selected (6)")
    sorter.person.until(lambda: sorter.page.shelf is not None and sorter.page.shelf.photos == 6)
    sorter.settle()
    assert sorter.page.bar.scope.words() == "Photos that are selected"
