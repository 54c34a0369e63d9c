"""Menus that are made when they are asked for and gone once they are closed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

LINE = ("", "", "")
"""Between groups of a menu."""


def brief_menu(parent: QWidget, name: str = "") -> QMenu:
    """An empty menu that is gone once it is closed; `name` is for screen readers."""
    menu = QMenu(parent)
    if name:
        menu.setAccessibleName(name)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def word_menu(
    parent: QWidget,
    rows: Iterable[tuple[str, str, str]],
    act: Callable[[str], object],
    grey: Collection[str] = (),
) -> QMenu:
    """A menu of what keys and buttons do as well.

    Args:
        parent: what it belongs to.
        rows: of each entry a word of the program's own, what is said, and the keys ("" for none); or `LINE`.
        act: takes the word.
        grey: the words that mean nothing now.
    """
    menu = brief_menu(parent)
    for word, said, keys in rows:
        if not word:
            menu.addSeparator()
            continue
        action = menu.addAction(f"{said}\t{keys}" if keys else said)
        action.setEnabled(word not in grey)
        action.triggered.connect(partial(_act, act, word))
    return menu


def _act(act: Callable[[str], object], word: str, _checked: bool = False) -> None:
    act(word)
