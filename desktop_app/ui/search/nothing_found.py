"""What is said where a search finds nothing: why, and the ways on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from desktop_app.core import wording
from desktop_app.core.searching import Filter, FilterKind, Words
from desktop_app.core.words.found import UnknownWord
from desktop_app.ui.panels.empty import Action, EmptyPage

_NEAREST, _FOLDERS, _OFF = 3, 1, 3
_THINGS = "Words work for things: animals, food, vehicles, objects, not people, places or events."


def tell_unknown(
    page: EmptyPage,
    unknown: Sequence[UnknownWord],
    choose: Callable[[Words | Filter, str], object],
    last: Action,
) -> None:
    """A word finds no photo: which words and folders do.

    Args:
        page: where it is said.
        unknown: the words that find nothing.
        choose: look for this in the place of the unknown word.
        last: the way on where none of these will do: marking examples, or leaving the word out.
    """
    word = unknown[0]
    shown = wording.shorten_middle(word.word, 40)
    said = [] if word.known else [_THINGS]
    if word.known:
        said.append("The word is known, but nothing of it is in these photos.")
    if word.nearest:
        near = ", ".join(f"{one.text} ({wording.number(one.count)})" for one in word.nearest[:_NEAREST])
        said.append(f"{word.words_here}: {near}." if word.word.isascii() else f"Words are English, such as {near}.")
    actions: list[Action] = [
        (one.text, partial(choose, Words(one.text, one.sense), word.word)) for one in word.nearest[:_NEAREST]
    ]
    for folder in word.folders[:_FOLDERS]:
        only = Filter(FilterKind.FOLDER, f"in {folder.name}", folder=folder.folder, text=folder.below)
        actions.append((f"Folder {wording.shorten_middle(folder.name, 24)}", partial(choose, only, word.word)))
    actions.append(last)
    page.set_contents(f"No photo found for “{shown}”.", " ".join(said), actions)


def tell_nothing_fits_all(
    page: EmptyPage, parts: Sequence[tuple[str, Callable[[], object]]], remarks: Sequence[str], clear: Action
) -> None:
    """Several things are asked for, and no photo has them all: which one to leave out.

    Args:
        page: where it is said.
        parts: each by its name, with what leaves it out.
        remarks: what else is to be said.
        clear: the way out of all of it.
    """
    names = [f"“{wording.shorten_middle(name, 24)}”" for name, _ in parts]
    said = f"Nothing here fits {', '.join(names[:-1])} and {names[-1]} at once."
    ways = list(zip(names, parts, strict=True))[-_OFF:]  # the last is the newest, most likely
    actions: list[Action] = [(f"Without {name}", leave_out) for name, (_, leave_out) in reversed(ways)]
    page.set_contents("No photo fits all of this.", " ".join([said, *remarks]), [*actions, clear])
