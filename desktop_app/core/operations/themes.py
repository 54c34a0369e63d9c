"""Changes to themes: the slider, merge, split, rename, move, lock, remove, and turning them into labels.

Each is short, says what it altered and carries what undoes it: keep `before` and give it to `undo`, whose own
`before` is the way back (redo). What a person put together or locked stays when the slider moves.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import themes
from desktop_app.core.catalog.answers import clean_name
from desktop_app.core.catalog.themes import ODD_LEAF, Before, Grouping, GroupingId, Row, Scope, ThemeId
from desktop_app.core.cluster.hierarchy import Tree, ward
from desktop_app.core.cluster.kmeans import centres_of, fine_groups
from desktop_app.core.cluster.typical import spread
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.grouped import Found
from desktop_app.core.operations.grouping import ALL, Written, group, group_and_keep, keep, photos_in, selection
from desktop_app.core.operations.theme_cards import Card, cards
from desktop_app.core.operations.theme_change import edit, end, need, new_leaf, order_of, take_away, undo, write
from desktop_app.core.operations.theme_labels import as_labels, title
from desktop_app.core.operations.theme_points import Points
from desktop_app.core.operations.theme_slider import MOST_SHOWN, Levels, cut, levels
from desktop_app.core.types import PhotoId

__all__ = [
    "ALL",
    "MOST_SHOWN",
    "Card",
    "Found",
    "Grouping",
    "GroupingId",
    "Levels",
    "Scope",
    "ThemeId",
    "Written",
    "as_labels",
    "cards",
    "cut",
    "group",
    "group_and_keep",
    "keep",
    "levels",
    "lock",
    "merge",
    "move",
    "photos_in",
    "propose_names",
    "remove",
    "remove_grouping",
    "rename",
    "selection",
    "split",
    "title",
    "undo",
]

_COMPARED = 4_000  # photos of a theme that those coming in are compared with


# --- by hand -------------------------------------------------------------------------------------------------


def merge(library: Library, grouping: GroupingId, ids: Sequence[ThemeId], name: str = "") -> Written:
    """Make several themes one. It is the first of them that a person named, else the first as they are shown.

    Raises:
        UserError: fewer than two are named, or one is no longer there.
    """

    def change(connection: sqlite3.Connection) -> Before:
        chosen = sorted((need(connection, grouping, id_) for id_ in dict.fromkeys(ids)), key=order_of)
        if len(chosen) < 2:
            raise UserError("Choose at least two themes to merge.")
        usual = [row for row in chosen if row.kind != "odd"]
        if len(usual) < len(chosen):
            raise UserError("The odd ones out are no theme. Drag photos out of them instead.")
        into = next((row for row in usual if row.name), usual[0])
        before = themes.snapshot(connection, grouping)
        others = {row.id for row in usual if row.id != into.id}
        holder = themes.leaf_themes(connection, grouping)
        themes.put_leaves(connection, grouping, ((leaf, into.id) for leaf, own in holder.items() if own in others))
        own_name = clean_name(name) if name else into.name
        locked = any(row.locked for row in usual)
        themes.update(connection, replace(into, name=own_name, kind="hand", locked=locked))
        take_away(connection, usual, but=into.id)
        return before

    return write(library, grouping, change)


def split(library: Library, theme: ThemeId, parts: int = 2) -> Written:
    """Divide a theme. Its largest part stays the theme, with name and lock; the others are new.

    Raises:
        UserError: it is no longer there, or its photos cannot be told apart into so many.
    """
    row = themes.get_row(library.connection, theme)
    if row.kind == "odd":
        raise UserError("The odd ones out are no theme. Drag photos out of them instead.")
    divided = _parts_by_tree(library, row, parts)
    moved: dict[int, list[int]] = {}
    if len(divided) < parts:
        divided, moved = _parts_by_photos(library, row, parts)
    if len(divided) < 2:
        raise UserError("These photos are too alike to be split.")

    def change(connection: sqlite3.Connection) -> Before:
        now = themes.get_row(connection, theme)
        photos = [photo for own in moved.values() for photo in own]
        before = themes.snapshot(connection, row.grouping, photos)
        themes.put_members(connection, row.grouping, ((p, leaf, 1) for leaf, own in moved.items() for p in own))
        themes.update(connection, replace(now, kind="hand"))
        for leaves in divided[1:]:
            made = themes.add_row(connection, Row(ThemeId(0), row.grouping, kind="hand", place=0, parent=theme))
            themes.put_leaves(connection, row.grouping, ((leaf, made) for leaf in leaves))
        themes.put_leaves(connection, row.grouping, ((leaf, theme) for leaf in divided[0]))
        return before

    return write(library, row.grouping, change)


def _parts_by_tree(library: Library, row: Row, parts: int) -> list[list[int]]:
    """Leaves of each part, the part with most photos first; from the tree, if the theme has leaves enough in it."""
    tree = Tree.from_bytes(themes.tree_of(library.connection, row.grouping))
    sizes = dict(
        library.connection.execute(
            "SELECT p.leaf, count(*) FROM theme_leaves l CROSS JOIN leaf_photos p ON p.grouping = l.grouping"
            " AND p.leaf = l.leaf WHERE l.theme = ? GROUP BY p.leaf",
            (row.id,),
        ).fetchall()
    )
    mine = np.zeros(tree.leaves, bool)
    mine[[leaf for leaf in sizes if 0 <= leaf < tree.leaves]] = True
    outside = [leaf for leaf in sizes if not 0 <= leaf < tree.leaves]
    if int(mine.sum()) < parts or outside:
        return []
    top = tree.cut(parts, mine)
    made = [np.flatnonzero(mine & (top == node)).tolist() for node in np.unique(top[mine]).tolist()]
    return sorted(made, key=lambda leaves: (-sum(sizes[leaf] for leaf in leaves), leaves[0]))


def _parts_by_photos(library: Library, row: Row, parts: int) -> tuple[list[list[int]], dict[int, list[int]]]:
    """New leaves, one for each part, and their photos; the first part keeps the leaves that it has."""
    photos, points = Points(library).of(np.array(themes.photos_of(library.connection, row.id), np.int64))
    if len(photos) < parts:
        return [], {}
    places = spread(len(photos), 1_000)
    leaves, centres = end(fine_groups(points[places]))
    tree = end(ward(centres, np.bincount(leaves).astype(np.int64)))
    names, at = np.unique(tree.cut(parts), return_inverse=True)
    middles = centres_of(points[places], at[leaves].astype(np.int32), len(names))
    half = np.square(middles).sum(axis=1) / 2
    own = np.argmax(points @ middles.T - half, axis=1)
    groups = sorted((photos[own == place].tolist() for place in range(len(names))), key=lambda part: -len(part))
    groups = [part for part in groups if part]
    holder = themes.leaf_themes(library.connection, row.grouping)
    new = new_leaf(library.connection, row.grouping)
    kept = [leaf for leaf, theme in holder.items() if theme == row.id]
    moved = {new + place: part for place, part in enumerate(groups[1:])}
    return [kept, *([leaf] for leaf in moved)], moved


def rename(library: Library, theme: ThemeId, name: str) -> Written:
    """Give a theme a name; "" goes back to the proposed one.

    Raises:
        UserError: it is no longer there.
    """
    return edit(library, theme, lambda row: replace(row, name=clean_name(name) if name.strip() else ""))


def lock(library: Library, theme: ThemeId, on: bool = True) -> Written:
    """Keep a theme's photos together whatever the slider and new runs do; `on` False lets go of it again.

    Letting go of a theme that a person put together gives its photos back to the slider.

    Raises:
        UserError: it is no longer there.
    """
    return edit(
        library,
        theme,
        lambda row: replace(row, locked=on, kind="auto" if not on and row.kind == "hand" else row.kind),
    )


def move(
    library: Library, photos: Iterable[PhotoId], grouping: GroupingId, to: ThemeId | None, name: str = ""
) -> Written:
    """Put photos into another theme of a grouping; None makes a new one. Photos of no theme of it may come in.

    Raises:
        UserError: the theme is no longer there.
    """
    wanted = sorted({int(photo) for photo in photos})
    target = None if to is None else need(library.connection, grouping, to)
    leaves = _leaves_for(library, grouping, target, wanted)

    def change(connection: sqlite3.Connection) -> Before:
        before = themes.snapshot(connection, grouping, wanted)
        if target is None:
            own_name = clean_name(name) if name else ""
            made = themes.add_row(connection, Row(ThemeId(0), grouping, own_name, kind="hand", place=0))
            themes.put_leaves(connection, grouping, [(leaves[0], made)] if leaves else [])
        elif target.id not in set(themes.leaf_themes(connection, grouping).values()):
            themes.put_leaves(connection, grouping, [(leaf, target.id) for leaf in dict.fromkeys(leaves)])
        themes.put_members(connection, grouping, ((p, leaf, 1) for p, leaf in zip(wanted, leaves, strict=True)))
        return before

    return write(library, grouping, change)


def remove(library: Library, theme: ThemeId) -> Written:
    """Take a theme away; its photos become odd ones out.

    Raises:
        UserError: it is no longer there.
    """

    def change(connection: sqlite3.Connection) -> Before:
        row = themes.get_row(connection, theme)
        if row.kind == "odd":
            raise UserError("The odd ones out cannot be removed.")
        before = themes.snapshot(connection, row.grouping)
        holder = themes.leaf_themes(connection, row.grouping)
        odd = next(one.id for one in themes.rows(connection, row.grouping) if one.kind == "odd")
        themes.put_leaves(connection, row.grouping, ((leaf, odd) for leaf, own in holder.items() if own == theme))
        take_away(connection, [row])
        return before

    return write(library, themes.get_row(library.connection, theme).grouping, change)


def remove_grouping(library: Library, grouping: GroupingId) -> Written:
    """Take a whole grouping out of sight; for a month `undo` brings it back."""
    with library.database.transaction() as connection:
        now = themes.get_grouping(connection, grouping)
        connection.execute("UPDATE groupings SET removed = ? WHERE id = ?", (time.time(), grouping))
    before = Before(grouping, ((int(grouping), None),), now.name, now.count, now.proposed)
    return Written(themes=(int(grouping),), before=before, grouping=now)


def propose_names(library: Library, grouping: GroupingId, names: Iterable[tuple[ThemeId, str]]) -> Written:
    """Propose names for themes; what a person called one stays, and there is nothing to undo."""
    with library.database.transaction() as connection:
        themes.set_proposals(connection, names)
        themes.touch(connection, grouping)
        now = themes.get_grouping(connection, grouping)
    return Written(themes=(int(grouping),), grouping=now)


def _leaves_for(library: Library, grouping: GroupingId, target: Row | None, photos: list[int]) -> list[int]:
    """The leaf that each of some photos goes to: that of the photo in the theme which is most like it."""
    connection = library.connection
    if target is not None and target.kind == "odd":
        return [ODD_LEAF] * len(photos)
    members = themes.members(connection, grouping)
    holder = themes.leaf_themes(connection, grouping)
    own = [] if target is None else [leaf for leaf, theme in holder.items() if theme == target.id]
    there: npt.NDArray[np.int64] = np.flatnonzero(np.isin(members.leaves, own) & ~np.isin(members.photos, photos))
    if not len(there):
        return [own[0] if own else new_leaf(connection, grouping)] * len(photos)
    if len(there) > _COMPARED:
        there = there[np.linspace(0, len(there) - 1, _COMPARED).astype(np.int64)]
    reader = Points(library)
    known, points = reader.of(members.photos[there])
    leaf_of = dict(zip(members.photos.tolist(), members.leaves.tolist(), strict=True))
    usual = int(members.leaves[there[0]])
    if not len(known):
        return [usual] * len(photos)
    coming, wanted = reader.of(np.array(photos, np.int64))
    best = np.argmax(wanted @ points.T, axis=1) if len(coming) else np.empty(0, np.int64)
    near = {int(photo): leaf_of[int(known[at])] for photo, at in zip(coming.tolist(), best.tolist(), strict=True)}
    return [near.get(photo, usual) for photo in photos]
