"""The search as a person steers it: words become chips, photos are wanted more or less, searches are kept by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Slot

from desktop_app.core import wording
from desktop_app.core.searching import Box, Filter, FilterKind, Query, Words
from desktop_app.core.types import Order, Photo, PhotoId
from desktop_app.ui.browsing import Found, View
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid.hover import FIND_ALIKE, LESS_LIKE, MORE_LIKE
from desktop_app.ui.panels.empty import Action
from desktop_app.ui.panels.search_field import SearchField
from desktop_app.ui.search import editing
from desktop_app.ui.search.chip_views import chip_views, grouped
from desktop_app.ui.search.completing import Completing
from desktop_app.ui.search.nothing_found import tell_nothing_fits_all, tell_unknown

_MOST = 50  # photos that are taken as examples at once


class Searching(QObject):
    """Turns what is clicked, typed and pressed into chips.

    Args:
        desk: the window's parts.
        field: where words are typed.
    """

    def __init__(self, desk: Desk, field: SearchField) -> None:
        super().__init__(desk.window)
        self._desk, self._field = desk, field
        self.completing = Completing(desk, field)
        self.completing.wordsChosen.connect(self.add_words)
        page = desk.page
        page.nothing_found = self._nothing_found
        page.bar.chips.removed.connect(self._remove)
        page.bar.chips.switched.connect(self._switch)
        page.grid.set_hover_actions((LESS_LIKE, MORE_LIKE, FIND_ALIKE))
        page.grid.hoverActionClicked.connect(self._hovered)
        page.grid.moreAsked.connect(self.more_like)
        page.grid.lessAsked.connect(self.less_like)

    # --- examples --------------------------------------------------------------------------------------------

    @Slot()
    def more_like(self, ids: Sequence[PhotoId] = ()) -> None:
        """Photos like the selected ones, too."""
        self._like(ids or self._desk.areas.chosen(), wanted=True)

    @Slot()
    def less_like(self, ids: Sequence[PhotoId] = ()) -> None:
        """No photos like the selected ones."""
        self._like(ids or self._desk.areas.chosen(), wanted=False)

    @Slot(str, object)
    def _hovered(self, key: str, photo: PhotoId) -> None:
        selected = self._desk.page.grid.selected_ids()
        ids = selected if photo in selected else [photo]
        if key in (MORE_LIKE.key, LESS_LIKE.key):
            self._like(ids, wanted=key == MORE_LIKE.key)

    def _like(self, ids: Sequence[PhotoId], *, wanted: bool) -> None:
        if not ids:
            self._desk.status.show_message("Select a photo first: then the search can be for more, or less, like it.")
            return
        if len(ids) > _MOST:
            many = wording.count(_MOST, "photo")
            self._desk.status.show_message(f"The first {many} are taken as examples.")
        self._desk.with_photos(list(ids)[:_MOST], partial(self._add_examples, wanted))

    def _add_examples(self, wanted: bool, found: list[Photo]) -> None:
        page = self._desk.page
        named = [(photo.id, photo.name) for photo in found]
        page.change_search(editing.with_photos(page.view.query, named, wanted=wanted))

    @Slot(object, object)
    def add_region(self, photo: PhotoId, box: Box) -> None:
        """What is in a part of a photo."""
        self._desk.with_photos([PhotoId(photo)], partial(self._add_box, box))

    def _add_box(self, box: Box, found: list[Photo]) -> None:
        page = self._desk.page
        if found:
            query = editing.with_box(page.view.query, found[0].id, found[0].name, box)
            page.change_search(query)

    # --- chips -----------------------------------------------------------------------------------------------

    @Slot(int)
    def _remove(self, at: int) -> None:
        self._change(at, editing.without)

    @Slot(int)
    def _switch(self, at: int) -> None:
        self._change(at, editing.switched)

    def _change(self, at: int, change: Callable[[Query, editing.Chip], Query]) -> None:
        page = self._desk.page
        query, groups = page.view.query, grouped(page.view.query)
        for chip in groups[at] if at < len(groups) else ():
            query = change(query, chip)
        page.change_search(query)

    # --- words and filters -----------------------------------------------------------------------------------

    @Slot(object, str)
    def add_words(self, words: Words, rest: str) -> None:
        """Words that stay as a chip; `rest` stays in the field."""
        page = self._desk.page
        query = editing.with_words(page.view.query, words)
        self._field.show_words(rest)
        page.show_view(_ordered(replace(page.view, query=query, text=rest)))

    @Slot(object)
    def set_filters(self, filters: Sequence[Filter]) -> None:
        """Narrow what is shown by these."""
        page = self._desk.page
        before = page.view.query
        # days that only become more or fewer, as by Shift and arrows on the calendar, are no step to go back to
        pairs = list(zip(before.filters, filters, strict=False))
        again = len(before.filters) == len(filters) and all(
            one == other or one.kind is other.kind is FilterKind.TAKEN for one, other in pairs
        )
        page.change_search(editing.with_filters(before, filters), again=again)

    # --- what is said ----------------------------------------------------------------------------------------

    def _nothing_found(self, found: Found) -> bool:
        """Say why nothing was found and what could be left out; False where one thing alone was asked for."""
        page, query = self._desk.page, found.view.query
        said = [chip.name for chip in chip_views(query, _no_picture)]
        on = [at for at, group in enumerate(grouped(query)) if group[0].on]
        typed = [(found.view.text, page.clear_text)] if found.view.text else []
        parts = [(said[at], partial(self._switch, at)) for at in on] + typed
        if found.unknown:
            tell_unknown(page.empty, found.unknown, self._instead, self._way_out(found, on))
        elif len(parts) > 1:
            tell_nothing_fits_all(page.empty, parts, found.remarks, ("Clear the search", page.clear_search))
        else:
            return False
        return True

    def _way_out(self, found: Found, on: Sequence[int]) -> Action:
        """What is left to do about a word that finds nothing: switch its chip off, beside others; else begin anew."""
        word, groups = found.unknown[0].word, grouped(found.view.query)
        for at in on:
            chip = groups[at][0]
            if isinstance(chip, Words) and word in chip.text and len(on) > 1:
                return f"Switch off “{wording.shorten_middle(chip.text.strip(), 24)}”", partial(self._switch, at)
        if found.view.text and on:
            return "Clear what is typed", self._desk.page.clear_text
        return "Mark a few example photos instead", self._mark

    def _instead(self, chosen: Words | Filter, word: str) -> None:
        page = self._desk.page
        view = page.view
        query = replace(view.query, words=tuple(one for one in view.query.words if word not in one.text))
        text = " ".join(part for part in view.text.split() if part.strip('-“”"') not in word.split())
        if isinstance(chosen, Words):
            query = editing.with_words(query, chosen)
        else:
            query = editing.with_filters(query, (*query.filters, chosen))
        self._field.show_words(text)
        page.show_view(_ordered(replace(view, query=query, text=text)))

    def _mark(self) -> None:
        self._field.show_words("")
        self._desk.page.show_view(View(order=self._desk.page.plain_order))
        self._desk.page.grid.setFocus()
        self._desk.status.show_message("Press + on a photo for more like it, - for less like it.")


def _ordered(view: View) -> View:
    """Best first, where words are looked for."""
    return replace(view, order=Order.LIKENESS) if view.is_search or view.text else view


def _no_picture(_photo: int, _size: int) -> None:
    """Only the words of chips are wanted."""
