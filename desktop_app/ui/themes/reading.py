"""What the Themes page shows of a library: read on a lane, told in the page's own words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop_app.core import wording
from desktop_app.core.catalog import themes
from desktop_app.core.catalog.themes import Grouping, GroupingId
from desktop_app.core.library import Library
from desktop_app.core.operations.themes import Card, cards, levels, photos_in
from desktop_app.ui.themes.values import Evenness, Shelf, ThemeCard

LAST = "themes"
"""The library's remembered value that names the grouping at hand."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Groupings as the catalogue has them, with the themes of one.

    Attributes:
        groupings: the newest first.
        grouping: the one that is shown.
        shelf: its themes.
        nameless: whether some have no name yet.
    """

    groupings: tuple[Grouping, ...] = ()
    grouping: Grouping | None = None
    shelf: Shelf | None = None
    nameless: bool = False


def look(library: Library, wanted: GroupingId | None, waiting: int | None = None) -> Loaded:
    """Read the groupings and the themes of the one wanted, by default the one at hand last, else the newest.

    Args:
        library: the open library.
        wanted: which grouping.
        waiting: photos that are in no theme yet, where that is known: counting them takes longer than all the rest.
    """
    groupings = themes.all_groupings(library.connection)
    if wanted is None:
        remembered = library.get_meta(LAST)
        wanted = GroupingId(int(remembered)) if remembered.isdigit() else None
    chosen = next((one for one in groupings if one.id == wanted), groupings[0] if groupings else None)
    if chosen is None:
        return Loaded(groupings)
    found = cards(library, chosen.id)
    span = levels(library, chosen.id)
    if waiting is None:
        inside = themes.members(library.connection, chosen.id).photos
        waiting = int((~np.isin(photos_in(library, chosen.scope), inside)).sum())
    told = tuple(theme_card(card, place) for place, card in enumerate(found))
    shelf = Shelf(int(chosen.id), scope_words(chosen), told, span.least, span.most, span.proposed, waiting)
    nameless = any(not card.name and not card.proposed and card.kind != "odd" for card in found)
    return Loaded(groupings, chosen, shelf, nameless)


def theme_card(card: Card, place: int) -> ThemeCard:
    """A theme in the page's words."""
    return ThemeCard(
        int(card.id),
        card.name or card.proposed,
        card.size,
        tuple(int(photo) for photo in card.typical),
        Evenness(card.evenness_word),
        is_proposed=not card.name,
        is_locked=card.locked,
        is_odd=card.kind == "odd",
        by_hand=card.kind == "hand",
        place=place,
    )


def scope_words(grouping: Grouping) -> str:
    """What was grouped."""
    scope = grouping.scope
    if grouping.name:
        return grouping.name
    if scope.kind == "photos":
        return f"{wording.count(len(scope.photos), 'photo')} that were chosen"
    if scope.kind == "search":
        return f"Photos named “{scope.text}”" if scope.text else "A folder"
    return "Photos with an answer" if scope.kind == "answer" else "All photos"
