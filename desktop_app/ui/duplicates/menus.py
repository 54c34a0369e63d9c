"""The context menu of a photo on the Duplicates page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.ui.duplicates.cards import Card
from desktop_app.ui.panels.menus import LINE, word_menu


def set_menu(
    parent: QWidget,
    card: Card | None,
    act: Callable[[str], object],
    others: tuple[tuple[str, Callable[[], object]], ...],
    *,
    is_comparing: bool,
    is_many: bool,
) -> QMenu:
    """Everything that can be done with a photo and its set.

    Args:
        parent: what it belongs to.
        card: the photo's.
        act: takes the page's words.
        others: what can be done with any photo: what is said, and what does it.
        is_comparing: whether two photos fill the page.
        is_many: whether one photo can be no copy while the others are.
    """
    stays = card is None or card.stays
    rows = (
        ("keep", "Keep this one, the others go", "K"),
        ("toggle", "Let this one go" if stays else "Keep this one too", "Shift+K"),
        LINE,
        ("compare", "Back to the sets" if is_comparing else "Side by side", "Space"),
        ("difference", "Differences", "D"),
        LINE,
        ("not copies", "Not copies, for good", "N"),
        ("not this", "Only this one is no copy, for good", "Shift+N"),
        ("trash", "Move this photo to trash", "Del"),
    )
    grey = {"toggle", "trash"} if card is not None and card.because else set()
    menu = word_menu(parent, rows, act, grey if is_many else grey | {"not this"})
    menu.addSeparator()
    for said, do in others:
        menu.addAction(said).triggered.connect(partial(_do, do))
    return menu


def _do(do: Callable[[], object], _checked: bool = False) -> None:
    do()
