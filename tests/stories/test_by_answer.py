"""Photos by answer or by guess, above the photos; and what is left once sure guesses were taken."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QAction

from desktop_app.core.labelling import Origin
from tests.stories.labeller import COUNT, Labeller
from tests.stories.person import CTRL, Key, Person


def entries(labeller: Labeller) -> list[QAction]:
    """What the list above the photos offers now."""
    button = labeller.window.filtering.button
    assert button.isVisible()
    button.menu().aboutToShow.emit()
    return [one for one in button.menu().actions() if one.isEnabled() and one.data() is not None]


def choose(labeller: Labeller, name: str, at: int = 0) -> tuple[int, set[str]]:
    """Choose an entry, the second of that name with 1; the number beside it, and the photos shown then."""
    found = [one for one in entries(labeller) if one.text().split("\t")[0] == name][at]
    found.trigger()
    labeller.person.settle()
    labeller.settle()
    return int(found.text().split("\t")[1]) if "\t" in found.text() else -1, set(labeller.person.names())


def to_photos(labeller: Labeller) -> None:
    """Go to the photos."""
    labeller.press(Key.Key_1, CTRL)
    labeller.person.until(labeller.window.page.isVisible)


def test_without_labels_there_is_no_list(kinds: Person) -> None:
    assert not kinds.window.filtering.button.isVisible()


def test_photos_of_an_answer_and_of_none(labeller: Labeller) -> None:
    labeller.answer(6)
    labeller.person.type("0")
    labeller.settle()
    to_photos(labeller)
    stored = labeller.stored()
    for name in ("stripes", "discs", "None of these"):
        own = {photo for photo, (answer, _) in stored.items() if answer == name}
        assert choose(labeller, name) == (len(own), own)
    count, shown = choose(labeller, "No answer yet")
    assert count == len(shown) == 2 * COUNT - len(stored)
    assert shown.isdisjoint(stored)
    assert labeller.window.page.bar.count_words() == f"{count} of {2 * COUNT} photos: no answer yet"
    assert labeller.window.filtering.button.text() == "no answer yet"
    # what is labelled now leaves the list
    grid = labeller.person.grid
    grid.select_photo(grid.photos.id_at(0))
    labeller.press(Key.Key_L)
    labeller.person.type("1")
    labeller.settle()
    labeller.person.until(lambda: len(labeller.person.names()) == count - 1)
    assert choose(labeller, "All photos")[1] == shown | set(stored)
    assert labeller.window.filtering.button.text() == "All answers"


def test_guesses_of_each_answer_and_those_not_sure_are_all_the_rest(labeller: Labeller) -> None:
    labeller.answer(10)
    to_photos(labeller)
    offered = [one.text().split("\t")[0] for one in entries(labeller)]
    guessed = [name for name in ("stripes", "discs") if offered.count(name) == 2]
    assert guessed
    found = [choose(labeller, name, 1) for name in guessed]
    if "Not sure" in offered:
        found.append(choose(labeller, "Not sure"))
    for count, shown in found:
        assert count == len(shown)
    together = set.union(*(shown for _, shown in found))
    assert sum(count for count, _ in found) == len(together)
    assert together | set(labeller.stored()) == choose(labeller, "All photos")[1]
    # Back leads through them
    choose(labeller, guessed[0], 1)
    labeller.window.navigation.back()
    labeller.person.settle()
    assert len(labeller.person.names()) == 2 * COUNT


def test_a_folder_and_a_name_stay_while_narrowed(labeller: Labeller) -> None:
    labeller.answer(8)
    to_photos(labeller)
    page = labeller.window.page
    page.show_view(replace(page.view, text="stripes"))
    labeller.person.settle()
    _, shown = choose(labeller, "No answer yet")
    assert shown
    assert all(name.startswith("stripes") for name in shown)
    labeller.press(Key.Key_1, CTRL)
    labeller.person.settle()
    assert len(labeller.person.names()) == 2 * COUNT


def test_alike_within_an_answer(labeller: Labeller) -> None:
    labeller.answer(8)
    to_photos(labeller)
    grid = labeller.person.grid
    grid.select_photo(grid.photos.id_at(0))
    labeller.press(Key.Key_S)
    labeller.person.settle()
    _, shown = choose(labeller, "discs")
    stored = {name for name, (answer, _) in labeller.stored().items() if answer == "discs"}
    assert stored <= shown
    assert len(shown - stored) <= 1  # the one that is looked for


def test_after_sure_guesses_were_taken_the_rest_is_named_and_shown(labeller: Labeller) -> None:
    labeller.answer(10)
    taking, state = labeller.parts.taking, labeller.parts.labels.state
    # so high a limit that something is left
    limit = next(
        one / 100
        for one in range(99, 59, -1)
        if 0 < len(taking._above(one / 100)) < len(state.photos) - len(state.given)
    )
    taking.take(limit)
    left = len(state.photos) - len(state.given)
    assert labeller.person.message().endswith(f"{left} photo{' is' if left == 1 else 's are'} left as not sure.")
    buttons = labeller.window.status.message_buttons()
    labeller.person.until(lambda: all(one.isVisible() for one in buttons))
    labeller.person.push("Show the rest", buttons)
    labeller.person.settle()
    stored = labeller.stored()
    assert len(labeller.person.names()) == left
    assert set(labeller.person.names()).isdisjoint(stored)
    bulk = {name for name, (_, origin) in stored.items() if origin is Origin.BULK}
    count, shown = choose(labeller, "Guesses taken at once")
    assert (count, shown) == (len(bulk), bulk)
