"""Which photos the filters of a search let through."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from desktop_app.core.catalog.label_reading import ORIGINS
from desktop_app.core.catalog.photo_table import Ids, Mask, PhotoTable, photo_table
from desktop_app.core.labelling import LabelFilter
from desktop_app.core.searching import Filter, FilterKind, Shape

ELSEWHERE = frozenset({FilterKind.WORDS, FilterKind.SCORE})
"""What the catalogue cannot tell: whoever runs the search looks at these."""

SHAPES = (Shape.LANDSCAPE, Shape.PORTRAIT, Shape.SQUARE, Shape.PANORAMA)
"""What the numbers of `shape_codes` stand for."""

EPOCH = date(1970, 1, 1).toordinal()


def matching(connection: sqlite3.Connection, filters: Sequence[Filter]) -> Ids:
    """The photos that every one of these filters lets through.

    Filters that are switched off, that name something which is gone (`gone` says so) and those in `ELSEWHERE` let
    every photo through.

    - Days are those of the grid's order by date: when a photo was taken, else its file's time.
    - A photo has one shape: a panorama is neither landscape nor portrait.
    - Megapixels and megabytes: at least `least`, and less than `most`. Stars: both ends are in it; no stars are 0.
    - A folder's `text` is a folder inside it, compared byte by byte; all below it is in it.

    Args:
        connection: of the calling thread.
        filters: in whatever order.

    Returns:
        Ids, int64 (n,), rising.
    """
    table = photo_table(connection)
    return table.ids[mask_of(connection, table, filters)]


def mask_of(connection: sqlite3.Connection, table: PhotoTable, filters: Sequence[Filter]) -> Mask:
    """As `matching`, as one truth for each row of the table, bool (n,)."""
    mask = np.ones(len(table), np.bool_)
    for wish in filters:
        if wish.on and wish.kind not in ELSEWHERE and not gone(connection, wish):
            mask &= _LETS[wish.kind](table, wish)
    return mask


def gone(connection: sqlite3.Connection, wish: Filter) -> str:
    """A sentence where what a filter names is no longer there, so that it is left out; "" where it is."""
    found: object = True
    if wish.kind is FilterKind.FOLDER and wish.folder is not None:
        found = connection.execute("SELECT 1 FROM folders WHERE id = ? AND removed IS NULL", (wish.folder,)).fetchone()
        what = "its folder is no longer in the library"
    elif wish.kind is FilterKind.LABEL and wish.label is not None:
        what = _missing_label(connection, wish.label)
        found = not what
    elif wish.kind is FilterKind.THEME and wish.theme is not None:
        found = connection.execute(
            "SELECT 1 FROM themes t JOIN groupings g ON g.id = t.grouping WHERE t.id = ? AND t.removed IS NULL"
            " AND t.place IS NOT NULL AND g.removed IS NULL",
            (wish.theme,),
        ).fetchone()
        what = "its theme is no longer there"
    named = f"“{wish.words}”" if wish.words else "A filter"
    return "" if found else f"{named} is left out: {what}."


def none_fits(connection: sqlite3.Connection, wish: Filter) -> str:
    """A sentence where no photo that is shown fits a filter, as one by a camera that was sold; "" where some does."""
    if not wish.on or wish.kind in ELSEWHERE or gone(connection, wish):
        return ""
    if _LETS[wish.kind](photo_table(connection), wish).any():
        return ""
    if wish.kind is FilterKind.CAMERA and all(wish.choices):
        return f"No photo here was taken with {_either(wish.choices)}."
    if wish.kind is FilterKind.KEYWORD:
        return f"No photo here has the keyword {_either(wish.choices)}."
    if wish.kind is FilterKind.FORMAT:
        return f"No photo here is a file of the format {_either(wish.choices)}."
    if wish.kind is FilterKind.FOLDER and wish.text:
        return f"There is no photo in the folder “{wish.text.strip('/')}” any more."
    if wish.kind is FilterKind.ON_THIS_DAY and wish.words:
        return f"No photo here is of {wish.words}."
    return f"No photo here fits “{wish.words}”." if wish.words else "No photo here fits one of the filters."


def _either(choices: Sequence[str]) -> str:
    return " or ".join(f"“{choice}”" for choice in choices)


def _missing_label(connection: sqlite3.Connection, wish: LabelFilter) -> str:
    """What of a label set is gone, so that nothing of the filter is left; "" where it means something."""
    there = "SELECT 1 FROM label_sets WHERE id = ? AND removed IS NULL"
    if connection.execute(there, (wish.label_set,)).fetchone() is None:
        return "its label set is no longer there"
    named = [answer for answer in wish.answers if answer]
    if not named or len(named) < len(wish.answers):  # "none of these" is always there
        return ""
    marks = ",".join("?" * len(named))
    there = f"SELECT 1 FROM answers WHERE label_set = ? AND removed = 0 AND id IN ({marks}) LIMIT 1"
    found = connection.execute(there, (wish.label_set, *named)).fetchone()
    return "" if found else "its answer is no longer there"


def shape_codes(table: PhotoTable) -> Ids:
    """The shape of each photo as a place in `SHAPES`, int64 (n,)."""
    wide, high = table.widths, table.heights
    longer, shorter = np.maximum(wide, high), np.minimum(wide, high)
    codes = np.where(wide > high, 0, 1)
    codes[50 * (longer - shorter) <= longer] = 2
    codes[longer >= 2 * shorter] = 3
    return codes


def _in_folder(table: PhotoTable, wish: Filter) -> Mask:
    inner = os.fsencode(wish.text).strip(b"/")
    fits = [
        wish.folder in (None, folder) and (not inner or place == inner or place.startswith(inner + b"/"))
        for folder, place in table.place_names
    ]
    mask: Mask = np.array(fits, np.bool_)[table.places]
    return mask


def _taken(table: PhotoTable, wish: Filter) -> Mask:
    mask = np.ones(len(table), np.bool_)
    if wish.first is not None:
        mask &= table.days >= wish.first.toordinal() - EPOCH
    if wish.last is not None:
        mask &= table.days <= wish.last.toordinal() - EPOCH
    return mask


def _on_this_day(table: PhotoTable, wish: Filter) -> Mask:
    return table.on_day(wish.month, wish.day)


def _labelled(table: PhotoTable, wish: Filter) -> Mask:
    label = wish.label
    if label is None:
        return np.ones(len(table), np.bool_)
    given = table.given(label.label_set)
    fits = np.ones(len(given.rows), np.bool_)
    if label.answers:
        fits &= np.isin(given.answers, [answer or 0 for answer in label.answers])
    if label.origins:
        fits &= np.isin(given.origins, [ORIGINS.index(origin) for origin in label.origins])
    mask = np.zeros(len(table), np.bool_)
    mask[given.rows[fits]] = True
    return mask if label.labelled else ~mask


def _by_camera(table: PhotoTable, wish: Filter) -> Mask:
    return _chosen(table.camera_names, wish.choices)[table.cameras]


def _by_format(table: PhotoTable, wish: Filter) -> Mask:
    return _chosen(table.format_names, wish.choices)[table.formats]


def _chosen(names: Sequence[str], choices: Sequence[str]) -> Mask:
    return np.array([name in choices for name in names], np.bool_)


def _by_shape(table: PhotoTable, wish: Filter) -> Mask:
    return np.array([shape in wish.shapes for shape in SHAPES])[table.kept("shapes", lambda: shape_codes(table))]


def _by_size(table: PhotoTable, wish: Filter) -> Mask:
    return _below_most(table.widths * table.heights, wish)


def _by_file_size(table: PhotoTable, wish: Filter) -> Mask:
    return _below_most(table.sizes, wish)


def _below_most(values: Ids, wish: Filter) -> Mask:
    """`least` and `most` in millions; `most` itself is not in it, so that bands next to one another share nothing."""
    mask = np.ones(len(values), np.bool_)
    if wish.least is not None:
        mask &= values >= wish.least * 1e6
    if wish.most is not None:
        mask &= values < wish.most * 1e6
    return mask


def _by_rating(table: PhotoTable, wish: Filter) -> Mask:
    stars = table.ratings()
    mask = np.ones(len(table), np.bool_)
    if wish.least is not None:
        mask &= stars >= wish.least
    if wish.most is not None:
        mask &= stars <= wish.most
    return mask


def _by_keyword(table: PhotoTable, wish: Filter) -> Mask:
    words = table.words()
    mask = np.zeros(len(table), np.bool_)
    mask[words.rows[_chosen(words.names, wish.choices)[words.codes]]] = True
    return mask


def _by_place(table: PhotoTable, wish: Filter) -> Mask:
    located = table.located()
    mask = np.zeros(len(table), np.bool_)
    if "yes" in wish.choices:
        mask |= located
    if "no" in wish.choices:
        mask |= ~located
    return mask


def _of_theme(table: PhotoTable, wish: Filter) -> Mask:
    return np.ones(len(table), np.bool_) if wish.theme is None else table.of_theme(wish.theme)


_LETS: dict[FilterKind, Callable[[PhotoTable, Filter], Mask]] = {
    FilterKind.FOLDER: _in_folder,
    FilterKind.TAKEN: _taken,
    FilterKind.ON_THIS_DAY: _on_this_day,
    FilterKind.LABEL: _labelled,
    FilterKind.CAMERA: _by_camera,
    FilterKind.SHAPE: _by_shape,
    FilterKind.SIZE: _by_size,
    FilterKind.FILE_SIZE: _by_file_size,
    FilterKind.FORMAT: _by_format,
    FilterKind.RATING: _by_rating,
    FilterKind.KEYWORD: _by_keyword,
    FilterKind.LOCATED: _by_place,
    FilterKind.THEME: _of_theme,
}
