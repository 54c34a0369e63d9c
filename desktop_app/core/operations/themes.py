"""Changes to themes: the slider, merge, split, rename, move, lock, remove, and turning them into labels.

Each is short, says what it altered and carries what undoes it: keep `before` and give it to `undo`, whose own
`before` is the way back (redo). What a person put together or locked stays when the slider moves.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import answers as sets
from desktop_app.core.catalog import labels as catalogue_labels
from desktop_app.core.catalog import themes
from desktop_app.core.catalog.answers import clean_name, folded
from desktop_app.core.catalog.themes import ODD_LEAF, Before, Grouping, GroupingId, Row, Scope, ThemeId
from desktop_app.core.cluster.hierarchy import Tree, ward
from desktop_app.core.cluster.kmeans import centres_of, fine_groups
from desktop_app.core.cluster.typical import spread
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import AnswerId, LabelSetId, Origin
from desktop_app.core.library import Library
from desktop_app.core.operations import labels as label_operations
from desktop_app.core.operations.grouping import ALL, Found, Written, group, group_and_keep, keep, photos_in, selection
from desktop_app.core.operations.theme_cards import Card, cards
from desktop_app.core.operations.theme_points import Points
from desktop_app.core.types import PhotoId

__all__ = [
    "ALL",
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
    "undo",
]

MOST_SHOWN = 300
"""Themes at the fine end of the slider."""


_COMPARED = 4_000  # photos of a theme that those coming in are compared with

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Levels:
    """What the slider "few broad … many fine" goes over.

    Attributes:
        least: themes at its broad end.
        most: themes at its fine end.
        now: themes that are shown.
        proposed: the number that was measured to be best; 0 where none was.
    """

    least: int
    most: int
    now: int
    proposed: int


def undo(library: Library, before: Before) -> Written:
    """Put back what was there; the result's `before` redoes.

    Raises:
        UserError: the grouping is gone for good, or the library cannot be written.
    """
    with library.database.transaction() as connection:
        after = themes.restore(connection, before)
        now = themes.get_grouping(connection, before.grouping)
    return Written(themes=tuple(int(id_) for id_, _ in before.seen), before=after, grouping=now)


# --- the slider ----------------------------------------------------------------------------------------------


def levels(library: Library, grouping: GroupingId) -> Levels:
    """What the slider of a grouping goes over."""
    connection = library.connection
    now = themes.get_grouping(connection, grouping)
    state = _State(connection, grouping)
    inside = int(state.free.sum())
    fixed = state.fixed
    return Levels(fixed + min(1, inside), max(fixed + min(inside, MOST_SHOWN), now.count), now.count, now.proposed)


def cut(library: Library, grouping: GroupingId, count: int) -> Written:
    """Show so many themes, held within what `levels` says: a cut of the tree, without any computing.

    Locked themes and those that a person put together stay as they are and count. Names come back with the number at
    which they were given.

    Raises:
        UserError: the grouping is gone, or the library cannot be written.
    """
    return _write(library, grouping, lambda connection: _cut(connection, grouping, count))


class _State:
    """How a grouping stands to its tree.

    Attributes:
        tree: the tree.
        rows: every theme that is there, by id.
        holder: the theme of each leaf.
        free: bool (leaves of the tree,), those that the slider may put together anew.
        extra: leaves outside of the tree that are in a theme the slider leaves alone without being asked to.
        fixed: shown themes that the slider leaves alone, without the odd ones out.
    """

    def __init__(self, connection: sqlite3.Connection, grouping: GroupingId) -> None:
        self.tree = Tree.from_bytes(themes.tree_of(connection, grouping))
        self.rows = {row.id: row for row in themes.rows(connection, grouping, hidden=True)}
        self.holder = themes.leaf_themes(connection, grouping)
        there = {
            int(row[0])
            for row in connection.execute("SELECT DISTINCT leaf FROM leaf_photos WHERE grouping = ?", (grouping,))
        }
        self.free = np.zeros(self.tree.leaves, bool)
        held: set[ThemeId] = set()
        self.extra: list[int] = []
        for leaf, theme in self.holder.items():
            row = self.rows.get(theme)
            if row is None or row.held:
                if row is not None and row.kind != "odd":
                    held.add(theme)
            elif 0 <= leaf < self.tree.leaves:
                self.free[leaf] = leaf in there
            else:
                self.extra.append(leaf)
                held.add(theme)
        self.fixed = len(held)


def _cut(connection: sqlite3.Connection, grouping: GroupingId, count: int) -> Before:
    before = themes.snapshot(connection, grouping)
    state = _State(connection, grouping)
    if not state.free.any():
        return before
    top = state.tree.cut(min(max(1, count - state.fixed), MOST_SHOWN), state.free)
    stays = {state.holder[leaf] for leaf in state.extra}
    by_node = {row.node: row for row in state.rows.values() if row.kind == "auto" and not row.locked}
    pairs: list[tuple[int, int]] = []
    for node in np.unique(top[state.free]).tolist():
        row = by_node.get(node)
        if row is None:
            id_ = themes.add_row(connection, Row(ThemeId(0), grouping, place=0, node=node))
        else:
            id_ = row.id
            themes.update(connection, replace(row, place=0))
        stays.add(id_)
        pairs += [(leaf, int(id_)) for leaf in np.flatnonzero(state.free & (top == node)).tolist()]
    for row in state.rows.values():
        if row.shown and not row.held and row.id not in stays:
            themes.update(connection, replace(row, place=None))
    themes.put_leaves(connection, grouping, pairs)
    return before


# --- by hand -------------------------------------------------------------------------------------------------


def merge(library: Library, grouping: GroupingId, ids: Sequence[ThemeId], name: str = "") -> Written:
    """Make several themes one. It is the first of them that a person named, else the first as they are shown.

    Raises:
        UserError: fewer than two are named, or one is no longer there.
    """

    def change(connection: sqlite3.Connection) -> Before:
        chosen = sorted((_need(connection, grouping, id_) for id_ in dict.fromkeys(ids)), key=_order)
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
        _take_away(connection, usual, but=into.id)
        return before

    return _write(library, grouping, change)


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

    return _write(library, row.grouping, change)


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
    leaves, centres = _end(fine_groups(points[places]))
    tree = _end(ward(centres, np.bincount(leaves).astype(np.int64)))
    names, at = np.unique(tree.cut(parts), return_inverse=True)
    middles = centres_of(points[places], at[leaves].astype(np.int32), len(names))
    half = np.square(middles).sum(axis=1) / 2
    own = np.argmax(points @ middles.T - half, axis=1)
    groups = sorted((photos[own == place].tolist() for place in range(len(names))), key=lambda part: -len(part))
    groups = [part for part in groups if part]
    holder = themes.leaf_themes(library.connection, row.grouping)
    new = _new_leaf(library.connection, row.grouping)
    kept = [leaf for leaf, theme in holder.items() if theme == row.id]
    moved = {new + place: part for place, part in enumerate(groups[1:])}
    return [kept, *([leaf] for leaf in moved)], moved


def rename(library: Library, theme: ThemeId, name: str) -> Written:
    """Give a theme a name; "" goes back to the proposed one.

    Raises:
        UserError: it is no longer there.
    """
    return _edit(library, theme, lambda row: replace(row, name=clean_name(name) if name.strip() else ""))


def lock(library: Library, theme: ThemeId, on: bool = True) -> Written:
    """Keep a theme's photos together whatever the slider and new runs do; `on` False lets go of it again.

    Letting go of a theme that a person put together gives its photos back to the slider.

    Raises:
        UserError: it is no longer there.
    """
    return _edit(
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
    target = None if to is None else _need(library.connection, grouping, to)
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

    return _write(library, grouping, change)


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
        _take_away(connection, [row])
        return before

    return _write(library, themes.get_row(library.connection, theme).grouping, change)


def remove_grouping(library: Library, grouping: GroupingId) -> Written:
    """Take a whole grouping out of sight; for a month `undo` brings it back."""
    with library.database.transaction() as connection:
        now = themes.get_grouping(connection, grouping)
        connection.execute("UPDATE groupings SET removed = ? WHERE id = ?", (time.time(), grouping))
    before = Before(grouping, ((int(grouping), None),), now.name, now.count)
    return Written(themes=(int(grouping),), before=before, grouping=now)


def propose_names(library: Library, grouping: GroupingId, names: Iterable[tuple[ThemeId, str]]) -> Written:
    """Propose names for themes; what a person called one stays, and there is nothing to undo."""
    with library.database.transaction() as connection:
        themes.set_proposals(connection, names)
        themes.touch(connection, grouping)
        now = themes.get_grouping(connection, grouping)
    return Written(themes=(int(grouping),), grouping=now)


# --- into labels ---------------------------------------------------------------------------------------------


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
        chosen = [_need(connection, grouping, id_) for id_ in dict.fromkeys(ids)]
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


# --- what they share -----------------------------------------------------------------------------------------


def _write(library: Library, grouping: GroupingId, change: Callable[[sqlite3.Connection], Before]) -> Written:
    with library.database.transaction() as connection:
        before = change(connection)
        themes.order(connection, grouping)
        themes.set_count(connection, grouping)
        themes.touch(connection, grouping)
        now = themes.get_grouping(connection, grouping)
    return Written(themes=(int(grouping),), before=before, grouping=now)


def _edit(library: Library, theme: ThemeId, change: Callable[[Row], Row]) -> Written:
    grouping = themes.get_row(library.connection, theme).grouping

    def do(connection: sqlite3.Connection) -> Before:
        before = themes.snapshot(connection, grouping)
        themes.update(connection, change(themes.get_row(connection, theme)))
        return before

    return _write(library, grouping, do)


def _need(connection: sqlite3.Connection, grouping: GroupingId, theme: ThemeId) -> Row:
    row = themes.get_row(connection, theme)
    if row.grouping != grouping:
        raise UserError("This theme is no longer there.")
    return row


def _order(row: Row) -> tuple[bool, int, int]:
    return row.place is None, row.place or 0, int(row.id)


def _take_away(connection: sqlite3.Connection, rows: Iterable[Row], but: ThemeId | None = None) -> None:
    for row in rows:
        if row.id != but:
            themes.update(connection, replace(row, place=None, removed=time.time()))


def _new_leaf(connection: sqlite3.Connection, grouping: GroupingId) -> int:
    """A leaf that no photo is in and no tree has."""
    tree = Tree.from_bytes(themes.tree_of(connection, grouping))
    highest = connection.execute(
        "SELECT max((SELECT ifnull(max(leaf), -1) FROM leaf_photos WHERE grouping = ?1),"
        " (SELECT ifnull(max(leaf), -1) FROM theme_leaves WHERE grouping = ?1))",
        (grouping,),
    ).fetchone()[0]
    return max(int(highest) + 1, tree.leaves)


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
        return [own[0] if own else _new_leaf(connection, grouping)] * len(photos)
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


def _end(steps: Generator[object, None, T]) -> T:
    """Run a short generator to its end."""
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            made: T = ended.value
            return made
