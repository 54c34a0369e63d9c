"""The menus of the Themes page: what can be done with what is chosen, in how many parts, and what can be grouped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.core import wording
from desktop_app.ui.panels.menus import LINE, brief_menu, word_menu
from desktop_app.ui.themes.values import Choice, Scope, ThemeCard

_PARTS = (2, 3, 4, 5, 6)
_SUBMENUS = {Scope.FOLDER: "A folder", Scope.ANSWER: "Photos with an answer"}


def chosen_menu(
    parent: QWidget, themes: Sequence[ThemeCard], lock: str, grey: Collection[str], act: Callable[[str], object]
) -> QMenu:
    """What can be done with themes that are chosen.

    Args:
        parent: what it belongs to.
        themes: at least one.
        lock: what locking is called now.
        grey: what cannot be done now.
        act: does it, by the page's words.
    """
    many = len(themes) > 1
    rows = (
        ("open", "Open", "Enter"),
        ("look", "All photos below", "Space"),
        LINE,
        ("merge", f"Merge {len(themes)} themes" if many else "Merge", "M"),
        ("split", "Split in parts…", "P"),
        ("rename", "Rename", "F2"),
        ("lock", lock, "K"),
        LINE,
        ("label", "Label all their photos…" if many else "Label all its photos…", "L"),
        ("labels", "Turn into answers…" if many else "Turn into an answer…", ""),
        LINE,
        ("remove", f"Remove {len(themes)} themes" if many else "Remove theme", "Del"),
    )
    return word_menu(parent, rows, act, grey)


def split_menu(parent: QWidget, theme: ThemeCard, split: Callable[[int], object]) -> QMenu:
    """In how many parts a theme is split; the first choice has the keyboard."""
    menu = brief_menu(parent, f"Split “{theme.title}” in")
    menu.addSection(f"Split “{wording.shorten_middle(theme.title, 32)}” in")
    for parts in _PARTS:
        if parts <= theme.count:
            menu.addAction(f"&{parts} parts").triggered.connect(partial(_call, split, parts))
    menu.setActiveAction(menu.actions()[1])
    return menu


def grouping_menu(
    parent: QWidget,
    choices: Sequence[Choice],
    group: Callable[[Choice], object],
    shelves: Sequence[tuple[int, str, int]],
    now: int | None,
    show: Callable[[int], object],
    remove: Callable[[int], object] | None,
) -> QMenu:
    """What can be grouped, and what was.

    Args:
        parent: what it belongs to.
        choices: what can be grouped; `group` does.
        group: takes one of them.
        shelves: groupings that were made: (id, what was grouped, themes).
        now: the id of the one that is shown; None where none is.
        show: shows one of them.
        remove: takes the one that is shown away; None where that cannot be done.
    """
    menu = brief_menu(parent)
    inner: dict[Scope, QMenu] = {}
    for choice in choices:
        into = menu
        if choice.scope in _SUBMENUS:
            if choice.scope not in inner:
                inner[choice.scope] = menu.addMenu(_SUBMENUS[choice.scope])
            into = inner[choice.scope]
        many = f" ({wording.number(choice.count)})" if choice.count else ""
        into.addAction(f"{_plain(choice.words)}{many}").triggered.connect(partial(_call, group, choice))
    if shelves:
        menu.addSeparator()
    if len(shelves) > 1:
        made = menu.addMenu("Themes made before")
        for key, words, count in shelves:
            action = made.addAction(f"{_plain(words)} ({wording.count(count, 'theme')})")
            action.setCheckable(True)
            action.setChecked(key == now)
            action.triggered.connect(partial(_call, show, key))
    if shelves and now is not None and remove is not None:
        menu.addAction("Remove these themes").triggered.connect(partial(_call, remove, now))
    return menu


def _plain(words: str) -> str:
    """Words without a letter that the menu would underline."""
    return words.replace("&", "&&")


def _call(act: Callable[[Any], object], value: object, _checked: bool = False) -> None:
    act(value)
