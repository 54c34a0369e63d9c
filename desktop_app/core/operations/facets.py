"""What can be chosen to narrow a search, and how many photos each choice leaves, exactly.

A choice is counted under everything else that is chosen: beside "JPEG" stands how many photos there are in the
chosen folder, of the chosen days and so on that are JPEG, whatever formats are chosen already.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import theme_reading
from desktop_app.core.catalog.filters import mask_of
from desktop_app.core.catalog.photo_table import Ids, Mask, photo_table
from desktop_app.core.library import Library
from desktop_app.core.operations.facet_groups import Counter, Group, Option
from desktop_app.core.operations.filter_choices import group_of
from desktop_app.core.operations.filter_words import Names, names_of
from desktop_app.core.operations.folder_counts import FolderCount, count_folders
from desktop_app.core.searching import Filter, FilterKind


@dataclass(frozen=True, slots=True, eq=False)
class Facets:
    """Everything that can be chosen.

    Attributes:
        total: photos left by all filters together.
        folders: folders and those inside them, each after the one it is in.
        days: int32 (n,), rising: days since 1-1-1970 that have photos under everything but the filter of days.
        per_day: int64 (n,), how many.
        quick: today, this week, last year, on this day.
        groups: the others.
        names: what is called how.
        letters: what listed cameras and keywords hold; "" for all.
    """

    total: int = 0
    folders: tuple[FolderCount, ...] = ()
    days: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    per_day: Ids = field(default_factory=lambda: np.empty(0, np.int64))
    quick: tuple[Option, ...] = ()
    groups: tuple[Group, ...] = ()
    names: Names = field(default_factory=Names)
    letters: str = ""


def facets(
    library: Library,
    ids: npt.ArrayLike | None,
    filters: Sequence[Filter],
    *,
    within: Sequence[Filter] = (),
    today: date | None = None,
    keyword: str = "",
    camera: str = "",
    also: Collection[str] = (),
) -> Facets:
    """Count every choice; runs on the query lane.

    Args:
        library: an open library.
        ids: int64 (n,), the photos that are narrowed; None for all.
        filters: what is chosen, in whatever order.
        within: what holds whatever is chosen, as the folder that one is in.
        today: for "today" and its like.
        keyword: letters that listed keywords hold, in any case.
        camera: letters that listed cameras hold.
        also: cameras and keywords that are listed, where they have photos, however many others have more.
    """
    connection = library.connection
    table, names = photo_table(connection), names_of(library)
    base = mask_of(connection, table, within)
    if ids is not None:
        rows, known = table.rows_of(np.unique(np.asarray(ids, np.int64)))
        wanted = np.zeros(len(table), np.bool_)
        wanted[rows[known]] = True
        base &= wanted
    chosen = [wish for wish in filters if wish.on]
    masks = [(group_of(wish), mask_of(connection, table, (wish,))) for wish in chosen]

    def others(group: tuple[FilterKind, int]) -> Mask:
        return reduce(np.logical_and, (mask for of, mask in masks if of != group), base)

    counter = Counter(connection, table, names, chosen, frozenset(also))
    groupings = theme_reading.all_groupings(connection)
    taken, this_day = others((FilterKind.TAKEN, 0)), others((FilterKind.ON_THIS_DAY, 0))
    days, per_day = np.unique(table.days[taken], return_counts=True)
    return Facets(
        total=int(np.count_nonzero(others((FilterKind.SCORE, -1)))),
        folders=count_folders(table, others((FilterKind.FOLDER, 0)), names.folders, chosen),
        days=days,
        per_day=per_day.astype(np.int64),
        quick=counter.quick(days, per_day, this_day, today or date.today()),
        groups=(
            *(counter.labels(others((FilterKind.LABEL, one)), named) for one, named in names.label_sets.items()),
            *(counter.themes(others((FilterKind.THEME, 0)), one) for one in groupings[:1]),
            counter.named("camera", others((FilterKind.CAMERA, 0)), camera),
            counter.shapes(others((FilterKind.SHAPE, 0))),
            counter.ranges("size", others((FilterKind.SIZE, 0))),
            counter.ranges("file size", others((FilterKind.FILE_SIZE, 0))),
            counter.named("format", others((FilterKind.FORMAT, 0))),
            counter.ratings(others((FilterKind.RATING, 0))),
            counter.keywords(others((FilterKind.KEYWORD, 0)), keyword),
            counter.located(others((FilterKind.LOCATED, 0))),
        ),
        names=names,
        letters=keyword or camera,
    )
