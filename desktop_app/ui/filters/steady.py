"""Rows that stay where they are while somebody points at them: only what they count changes.

While choices are clicked one after the other, others lose their last photo and new ones get some. Were they to come
and go at once, the next click would hit another row than the one that was aimed at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from desktop_app.core.operations.facets import Facets
from desktop_app.core.operations.filter_choices import holds
from desktop_app.core.searching import Filter, FilterKind
from desktop_app.core.types import FolderId
from desktop_app.ui.filters.rows import FOLDER, Row, RowKind, more_note, more_words

NO_MORE = "No more"


def recounted(
    rows: Sequence[Row], facets: Facets, filters: Sequence[Filter], falling: npt.NDArray[np.float32] | None = None
) -> tuple[Row, ...]:
    """The same rows in the same places with what they count now.

    Args:
        rows: as they are listed.
        facets: the choices with their counts; a choice that is not among them has no photos.
        filters: those of the search that are on.
        falling: scores of what was found, best first, float32 (n,).
    """
    counts = {(one.key, bare(option.wish)): option.count for one in facets.groups for option in one.options}
    counts |= {("", bare(option.wish)): option.count for option in facets.quick}
    counts |= {("", _folder(one.folder, one.text)): one.count for one in facets.folders}
    others = {one.key: one for one in facets.groups}
    listed = {(row.key, bare(row.wish)) for row in rows if row.wish is not None}
    made = []
    for row in rows:
        if row.wish is not None:
            wish = bare(row.wish)
            if wish.kind is FilterKind.SCORE:
                scores = falling if falling is not None else np.empty(0, np.float32)
                count = int(np.searchsorted(-scores, -np.float32(wish.least or 0.0), side="right"))
            else:
                count = counts.get((row.key, wish), counts.get(("", wish), 0))
            row = replace(row, count=count, is_chosen=any(holds(bare(one), wish) for one in filters))
        elif row.key in others and row.kind in (RowKind.MORE, RowKind.NOTE):
            group = others[row.key]
            left = sum((group.key, bare(option.wish)) not in listed for option in group.options) + group.more
            words = more_words(left) if row.kind is RowKind.MORE else more_note(left)
            row = replace(row, name=words if left else NO_MORE)
        made.append(row)
    return tuple(made)


def opened(rows: Sequence[Row], fresh: Sequence[Row], row: Row, *, is_open: bool) -> tuple[Row, ...]:
    """The rows with a group or a folder opened or closed, or listed in full; all others stay as they are.

    Args:
        rows: as they are listed.
        fresh: how they would be listed anew.
        row: what was asked for: a heading, a folder, or "12 more".
        is_open: whether it is to be open.
    """
    at = next((place for place, one in enumerate(rows) if _same(one, row)), -1)
    if at < 0:
        return tuple(rows)
    inside = _inside(rows, at)
    anew = next((place for place, one in enumerate(fresh) if _same(one, row)), -1)
    if row.kind is RowKind.MORE:
        have = {bare(one.wish) for one in rows if one.wish is not None}
        section = [one for one in fresh if one.key == row.key and one.kind is not RowKind.HEADING]
        new = [one for one in section if one.wish is None or bare(one.wish) not in have]
        return (*rows[:at], *new, *rows[at + 1 :])
    shown = [one for one in rows[at + 1 : inside] if one.is_chosen and row.kind is RowKind.HEADING]
    if is_open and anew >= 0:
        shown = list(fresh[anew + 1 : _inside(fresh, anew)])
    return (*rows[:at], replace(rows[at], is_open=is_open), *shown, *rows[inside:])


def bare(wish: Filter) -> Filter:
    """A filter without what it is called, to be told from others."""
    return replace(wish, words="", on=True, text=wish.text.strip("/"))


def _folder(folder: int, text: str) -> Filter:
    return bare(Filter(FilterKind.FOLDER, "", folder=FolderId(folder), text=text))


def _same(one: Row, other: Row) -> bool:
    return (one.kind, one.key) == (other.kind, other.key) and (one.wish is None) == (other.wish is None)


def _inside(rows: Sequence[Row], at: int) -> int:
    """The end of what stands in a group or a folder."""
    row, end = rows[at], at + 1
    while end < len(rows) and rows[end].kind is not RowKind.HEADING:
        if row.kind is not RowKind.HEADING and (rows[end].depth <= row.depth or not rows[end].key.startswith(FOLDER)):
            break
        end += 1
    return end
