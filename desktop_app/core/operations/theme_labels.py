"""Turning themes into labels, and so into a classifier that sorts next month's photos."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from desktop_app.core.catalog import answers as sets
from desktop_app.core.catalog import labels as catalogue_labels
from desktop_app.core.catalog import themes
from desktop_app.core.catalog.answers import folded
from desktop_app.core.catalog.themes import GroupingId, Row, ThemeId
from desktop_app.core.labelling import AnswerId, LabelSetId, Origin
from desktop_app.core.library import Library
from desktop_app.core.operations import labels as label_operations
from desktop_app.core.operations.theme_change import need
from desktop_app.core.types import PhotoId


def as_labels(
    library: Library,
    grouping: GroupingId,
    ids: Sequence[ThemeId] = (),
    *,
    name: str = "",
    label_set: LabelSetId | None = None,
    origin: Origin = Origin.SUGGESTION,
) -> label_operations.Written:
    """Turn themes into the answers of a label set, and their photos into its labels.

    Args:
        library: the open library, writable.
        grouping: whose themes.
        ids: which; none means all that are shown, without the odd ones out.
        name: of a new set; "" takes the grouping's name, or "Themes", with a number where it is taken.
        label_set: a set to add to instead.
        origin: where the labels come from; as a person looks at themes before taking them, they count as looked at.

    Raises:
        UserError: a theme or the set is no longer there.
    """
    with library.database.transaction() as connection:
        chosen = [need(connection, grouping, id_) for id_ in dict.fromkeys(ids)]
        chosen = chosen or [row for row in themes.rows(connection, grouping) if row.kind != "odd"]
        titles = {row.id: title(row, place) for place, row in enumerate(chosen)}
        if label_set is None:
            wish = name or themes.get_grouping(connection, grouping).name or "Themes"
            definition = sets.create_set(connection, _free_name(connection, wish))
            before, fresh = catalogue_labels.snapshot(connection, definition.id), True
        else:
            before, fresh = catalogue_labels.snapshot(connection, label_set), False
        own = before.definition.id
        answers = sets.need_answers(connection, own, titles.values())
        pairs: list[tuple[PhotoId, AnswerId | None]] = [
            (photo, answers[folded(titles[row.id])]) for row in chosen for photo in themes.photos_of(connection, row.id)
        ]
        written = catalogue_labels.put_labels(connection, own, pairs, origin)
        now = sets.get_set(connection, own)
    definition = now if fresh else before.definition  # a new set goes whole: its answers stay with it
    whole = replace(written, definition=definition, removed=fresh)
    return label_operations.Written(labels=(int(own),), before=whole, label_set=now)


def title(row: Row, place: int) -> str:
    """What a theme is called where it needs a name."""
    if row.kind == "odd":
        return "Odd ones out"
    return row.name or row.proposed or f"Theme {place + 1}"


def _free_name(connection: sqlite3.Connection, wish: str) -> str:
    name, number = wish, 1
    while sets.find_set(connection, name) is not None:
        number += 1
        name = f"{wish} {number}"
    return name
