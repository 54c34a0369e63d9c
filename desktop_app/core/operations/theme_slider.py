"""The slider "few broad … many fine": other cuts of a grouping's tree, without any computing."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

import numpy as np

from desktop_app.core.catalog import themes
from desktop_app.core.catalog.themes import Before, GroupingId, Row, ThemeId
from desktop_app.core.cluster.hierarchy import Tree
from desktop_app.core.library import Library
from desktop_app.core.operations.grouping import Written
from desktop_app.core.operations.theme_change import write

MOST_SHOWN = 300
"""Themes at the fine end of the slider."""


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
    return write(library, grouping, lambda connection: _cut(connection, grouping, count), chosen=True)


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
