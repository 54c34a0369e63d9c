"""What changes to themes share: one step that writes, what it says of itself, and undoing it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from typing import TypeVar

from desktop_app.core.catalog import themes
from desktop_app.core.catalog.themes import Before, GroupingId, Row, ThemeId
from desktop_app.core.cluster.hierarchy import Tree
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.grouping import Written

T = TypeVar("T")


def undo(library: Library, before: Before) -> Written:
    """Put back what was there; the result's `before` redoes.

    Raises:
        UserError: the grouping is gone for good, or the library cannot be written.
    """
    with library.database.transaction() as connection:
        after = themes.restore(connection, before)
        now = themes.get_grouping(connection, before.grouping)
    return Written(themes=tuple(int(id_) for id_, _ in before.seen), before=after, grouping=now)


def write(
    library: Library, grouping: GroupingId, change: Callable[[sqlite3.Connection], Before], *, chosen: bool = False
) -> Written:
    """Make a change in one step: themes keep their order, largest first, and the grouping knows it is another.

    `chosen` says that a person chose the number of themes by it.
    """
    with library.database.transaction() as connection:
        before = change(connection)
        themes.order(connection, grouping)
        themes.set_count(connection, grouping, chosen=chosen)
        themes.touch(connection, grouping)
        now = themes.get_grouping(connection, grouping)
    return Written(themes=(int(grouping),), before=before, grouping=now)


def edit(library: Library, theme: ThemeId, change: Callable[[Row], Row]) -> Written:
    """Make a change to one theme."""
    grouping = themes.get_row(library.connection, theme).grouping

    def do(connection: sqlite3.Connection) -> Before:
        before = themes.snapshot(connection, grouping)
        themes.update(connection, change(themes.get_row(connection, theme)))
        return before

    return write(library, grouping, do)


def need(connection: sqlite3.Connection, grouping: GroupingId, theme: ThemeId) -> Row:
    """A theme of this grouping.

    Raises:
        UserError: it is no longer there.
    """
    row = themes.get_row(connection, theme)
    if row.grouping != grouping:
        raise UserError("This theme is no longer there.")
    return row


def order_of(row: Row) -> tuple[bool, int, int]:
    """Sorts themes as they are shown."""
    return row.place is None, row.place or 0, int(row.id)


def take_away(connection: sqlite3.Connection, rows: Iterable[Row], but: ThemeId | None = None) -> None:
    """Take themes away whose photos are in others by now."""
    for row in rows:
        if row.id != but:
            themes.update(connection, replace(row, place=None, removed=time.time()))


def new_leaf(connection: sqlite3.Connection, grouping: GroupingId) -> int:
    """A leaf that no photo is in and no tree has."""
    tree = Tree.from_bytes(themes.tree_of(connection, grouping))
    highest = connection.execute(
        "SELECT max((SELECT ifnull(max(leaf), -1) FROM leaf_photos WHERE grouping = ?1),"
        " (SELECT ifnull(max(leaf), -1) FROM theme_leaves WHERE grouping = ?1))",
        (grouping,),
    ).fetchone()[0]
    return max(int(highest) + 1, tree.leaves)


def end(steps: Generator[object, None, T]) -> T:
    """Run a short generator to its end."""
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            made: T = ended.value
            return made
