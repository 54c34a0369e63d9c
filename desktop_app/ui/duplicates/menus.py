"""The context menu of a photo on the Duplicates page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from desktop_app.core.duplicates.sets import Kind
from desktop_app.ui.duplicates.cards import Card

if TYPE_CHECKING:
    from desktop_app.ui.duplicates.page import DuplicatesPage


def set_menu(page: DuplicatesPage, card: Card | None, photo: int) -> QMenu:
    """Everything that can be done with a photo and its set; gone once it is closed."""
    menu = QMenu(page)
    stays = card is None or card.stays
    copies = page.current_set()
    is_many = len(page.row.cards.rows) > 2 and copies is not None and copies.kind is not Kind.EXACT
    locked = card is not None and bool(card.because)
    for word, words, keys in (
        ("keep", "Keep this one, the others go", "K"),
        ("toggle", "Let this one go" if stays else "Keep this one too", "Shift+K"),
        ("", "", ""),
        ("compare", "Side by side" if not page.is_comparing else "Back to the sets", "Space"),
        ("difference", "Differences", "D"),
        ("", "", ""),
        ("not copies", "Not copies, for good", "N"),
        ("not this", "Only this one is no copy, for good", "Shift+N"),
        ("trash", "Move this photo to trash", "Del"),
    ):
        if not word:
            menu.addSeparator()
            continue
        action = menu.addAction(f"{words}\t{keys}")
        action.setEnabled(not (locked and word in ("toggle", "trash")) and (word != "not this" or is_many))
        action.triggered.connect(partial(_act, page, word))
    menu.addSeparator()
    for words, signal in (
        ("Open photo", page.openAsked),
        ("Find alike", page.findAlikeAsked),
        ("Show in file manager", page.showFileAsked),
    ):
        menu.addAction(words).triggered.connect(partial(_emit, signal, photo))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _act(page: DuplicatesPage, word: str, _on: bool = False) -> None:
    page.act(word)


def _emit(signal: object, photo: int, _on: bool = False) -> None:
    signal.emit(photo)  # type: ignore[attr-defined]
