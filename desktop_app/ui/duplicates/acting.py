"""What the words of the Duplicates page do: its keys, its buttons and its menu all say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.duplicates.sets import CopySet, Kind
from desktop_app.ui.duplicates import values

if TYPE_CHECKING:
    from desktop_app.ui.duplicates.page import DuplicatesPage

_STEPS = {"previous": -1, "next": 1}
_LARGER = 1.25


def act(page: DuplicatesPage, word: str) -> None:
    """Do what a word asks for; one that means nothing now does nothing."""
    copies, sets = page.current_set(), page.list
    if word == "all exact":
        page.allExactAsked.emit()
    elif word in _STEPS:
        sets.step(_STEPS[word])
    elif word in ("page up", "page down"):
        sets.step(sets.page_rows() * (1 if word == "page down" else -1))
    elif word in ("first", "last"):
        sets.go_to(0 if word == "first" else len(sets.sets.rows) - 1)
    elif word in ("left", "right"):
        page.row.step(1 if word == "right" else -1)
        page.show_pair()
        page.want_pictures()
    elif word in ("larger", "smaller", "fit"):
        if page.is_comparing:
            page.compare.zoom_by({"larger": _LARGER, "smaller": 1 / _LARGER}.get(word, 0.0))
    elif copies is not None:
        _act_on(page, copies, word)


def _act_on(page: DuplicatesPage, copies: CopySet, word: str) -> None:
    photo = page.row.current_photo()
    if word == "keep":
        page.mark(copies, values.only(copies, photo))
    elif word == "toggle":
        page.toggle(photo)
    elif word == "do":
        page.doAsked.emit(copies, page.going_of(copies))
    elif word == "not copies":
        page.notCopiesAsked.emit(copies)
    elif word == "not this":
        if copies.kind is Kind.EXACT and len(copies.copies) > 2:  # a word by content would be one on all of them
            page.refused.emit("These are the very same file, so one cannot be told apart. N leaves the set alone.")
        else:
            page.notThisAsked.emit(copies, photo)
    elif word == "trash":
        _trash(page, copies, photo)
    elif word == "compare":
        (page.leave_compare if page.is_comparing else page.enter_compare)()
    elif word in ("zoom", "difference"):
        if not page.is_comparing:
            page.enter_compare()
        (page.compare.toggle_zoom if word == "zoom" else page.compare.toggle_difference)()


def _trash(page: DuplicatesPage, copies: CopySet, photo: int) -> None:
    found = values.copy_of(copies, photo)
    if found is not None and found.kept_because:
        page.refused.emit(f"This photo stays: it is {found.kept_because}.")
    elif found is not None:
        page.trashAsked.emit(copies, photo)
