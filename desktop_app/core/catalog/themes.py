"""Groupings and their themes: which photo is in which theme, and what a person made of it.

A photo is in a leaf, a finest group, and a leaf is in a theme: a move of the slider or a merge writes some hundred
rows, whatever the library's size. Every change returns what was there before, and `restore` puts exactly that back.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from desktop_app.core.catalog.theme_reading import (
    NOWHERE,
    ODD_LEAF,
    ROW_COLUMNS,
    Before,
    Grouping,
    GroupingId,
    Kind,
    Members,
    Row,
    Scope,
    ThemeId,
    all_groupings,
    get_grouping,
    get_row,
    leaf_themes,
    members,
    moves,
    of_scope,
    photos_of,
    row_of,
    rows,
    themes_of,
    tree_of,
)
from desktop_app.core.types import PhotoId

__all__ = [
    "NOWHERE",
    "ODD_LEAF",
    "REMOVED_FOR",
    "Before",
    "Grouping",
    "GroupingId",
    "Kind",
    "Members",
    "Row",
    "Scope",
    "ThemeId",
    "add_row",
    "all_groupings",
    "begin",
    "discard",
    "finish",
    "get_grouping",
    "get_row",
    "inherit",
    "leaf_themes",
    "members",
    "moves",
    "of_scope",
    "order",
    "outdated",
    "photos_of",
    "purge",
    "put_leaves",
    "put_members",
    "restore",
    "rows",
    "set_count",
    "set_proposals",
    "snapshot",
    "themes_of",
    "thin_out",
    "touch",
    "tree_of",
    "update",
]

REMOVED_FOR = 30 * 24 * 3600.0
"""Seconds a grouping can be brought back that was removed or run anew."""

_MANY = 500  # bound variables in one statement


# --- writing a grouping --------------------------------------------------------------------------------------


def begin(
    connection: sqlite3.Connection, name: str, scope: Scope, method: str, count: int, proposed: int, tree: bytes
) -> GroupingId:
    """A grouping that nobody sees until `finish`; one that is left over goes when the library is opened."""
    cursor = connection.execute(
        "INSERT INTO groupings (name, scope, method, count, proposed, time, tree) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (name, scope.to_json(), method, count, proposed, time.time(), tree),
    )
    return GroupingId(cursor.lastrowid or 0)


def put_members(connection: sqlite3.Connection, grouping: GroupingId, part: Iterable[tuple[int, int, int]]) -> None:
    """Put photos in leaves: (photo, leaf, by hand); `NOWHERE` takes one out. Photos that are gone are passed over."""
    given = list(part)
    connection.executemany(
        "INSERT OR REPLACE INTO leaf_photos SELECT ?, id, ?, ? FROM photos WHERE id = ?",
        ((grouping, leaf, hand, photo) for photo, leaf, hand in given if leaf != NOWHERE),
    )
    connection.executemany(
        "DELETE FROM leaf_photos WHERE grouping = ? AND photo = ?",
        ((grouping, photo) for photo, leaf, _ in given if leaf == NOWHERE),
    )
    if given:
        connection.execute("UPDATE groupings SET moves = moves + 1 WHERE id = ?", (grouping,))


def add_row(connection: sqlite3.Connection, row: Row) -> ThemeId:
    """A new theme; the `id` of `row` does not count. Without a lineage it begins one."""
    cursor = connection.execute(
        "INSERT INTO themes (grouping, name, proposed, locked, kind, place, node, parent, lineage)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (row.grouping, row.name, row.proposed, row.locked, row.kind, row.place, row.node, row.parent, row.lineage),
    )
    made = cursor.lastrowid or 0
    if row.lineage is None:
        connection.execute("UPDATE themes SET lineage = id WHERE id = ?", (made,))
    return ThemeId(made)


def put_leaves(connection: sqlite3.Connection, grouping: GroupingId, pairs: Iterable[tuple[int, int]]) -> None:
    """Say which theme holds each of some leaves."""
    connection.executemany(
        "INSERT OR REPLACE INTO theme_leaves VALUES (?, ?, ?)", ((grouping, leaf, theme) for leaf, theme in pairs)
    )


def finish(connection: sqlite3.Connection, grouping: GroupingId, instead: GroupingId | None) -> Before:
    """Show a grouping that was written, in place of another one."""
    before = Before(grouping, ((grouping, time.time()), *(() if instead is None else ((instead, None),))), "", 0)
    connection.execute("UPDATE groupings SET ready = 1 WHERE id = ?", (grouping,))
    if instead is not None:
        connection.execute("UPDATE groupings SET removed = ? WHERE id = ?", (time.time(), instead))
    now = get_grouping(connection, grouping)
    return replace(before, name=now.name, count=now.count)


def discard(connection: sqlite3.Connection, grouping: GroupingId) -> None:
    """Take a grouping away for good."""
    connection.execute("DELETE FROM groupings WHERE id = ?", (grouping,))


def purge(connection: sqlite3.Connection, now: float) -> None:
    """Forget groupings that were never finished, and those that were removed long ago."""
    connection.execute("DELETE FROM groupings WHERE ready = 0 OR removed < ?", (now - REMOVED_FOR,))


def outdated(connection: sqlite3.Connection, scope: Scope, keep: int) -> list[GroupingId]:
    """Removed groupings of a scope, without the `keep` that were removed last."""
    found = connection.execute(
        "SELECT id FROM groupings WHERE scope = ? AND removed IS NOT NULL ORDER BY removed DESC, id DESC"
        " LIMIT -1 OFFSET ?",
        (scope.to_json(), keep),
    )
    return [GroupingId(row[0]) for row in found]


def thin_out(connection: sqlite3.Connection, grouping: GroupingId, limit: int) -> bool:
    """Take a grouping away for good, at most `limit` photos at once; whether it is gone."""
    done = connection.execute(
        "DELETE FROM leaf_photos WHERE grouping = ?1 AND photo IN"
        " (SELECT photo FROM leaf_photos WHERE grouping = ?1 LIMIT ?2)",
        (grouping, limit),
    )
    if done.rowcount >= limit:
        return False
    discard(connection, grouping)
    return True


# --- changing one --------------------------------------------------------------------------------------------


def snapshot(connection: sqlite3.Connection, grouping: GroupingId, photos: Sequence[int] = ()) -> Before:
    """What a grouping holds now, with the leaves of some photos."""
    now = get_grouping(connection, grouping)
    removed = connection.execute("SELECT removed FROM groupings WHERE id = ?", (grouping,)).fetchone()[0]
    every = connection.execute(f"{ROW_COLUMNS} WHERE grouping = ? ORDER BY id", (grouping,))
    held: list[tuple[int, int, int]] = []
    unique = sorted(set(photos))
    for start in range(0, len(unique), _MANY):
        part = unique[start : start + _MANY]
        held += connection.execute(
            f"SELECT photo, leaf, hand FROM leaf_photos WHERE grouping = ? AND photo IN ({','.join('?' * len(part))})",
            (grouping, *part),
        )
    found = {photo for photo, _, _ in held}
    held += [(photo, NOWHERE, 0) for photo in unique if photo not in found]
    return Before(
        grouping,
        ((grouping, removed),),
        now.name,
        now.count,
        now.proposed,
        tuple(row_of(row) for row in every),
        tuple((leaf, int(theme)) for leaf, theme in leaf_themes(connection, grouping).items()),
        tuple(held),
    )


def restore(connection: sqlite3.Connection, before: Before) -> Before:
    """Undo a change. Returns what was there instead: giving that to `restore` is redo.

    Raises:
        UserError: the grouping is gone for good.
    """
    for id_, _ in before.seen:
        get_grouping(connection, GroupingId(id_))
    after = snapshot(connection, before.grouping, [photo for photo, _, _ in before.photos])
    seen = tuple(
        (id_, connection.execute("SELECT removed FROM groupings WHERE id = ?", (id_,)).fetchone()[0])
        for id_, _ in before.seen
    )
    connection.executemany("UPDATE groupings SET removed = ? WHERE id = ?", ((at, id_) for id_, at in before.seen))
    if not before.rows:  # only sight was changed
        return Before(before.grouping, seen, after.name, after.count, after.proposed)
    connection.execute(
        "UPDATE groupings SET name = ?, count = ?, proposed = ? WHERE id = ?",
        (before.name, before.count, before.proposed, before.grouping),
    )
    connection.execute("DELETE FROM theme_leaves WHERE grouping = ?", (before.grouping,))
    wanted = {row.id for row in before.rows}
    connection.executemany("DELETE FROM themes WHERE id = ?", [(row.id,) for row in after.rows if row.id not in wanted])
    connection.executemany(
        "INSERT INTO themes (id, grouping, name, proposed, locked, kind, place, node, parent, lineage, removed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
        " proposed = excluded.proposed, locked = excluded.locked, kind = excluded.kind, place = excluded.place,"
        " node = excluded.node, parent = excluded.parent, lineage = excluded.lineage, removed = excluded.removed",
        [tuple(getattr(row, name) for name in Row.__slots__) for row in before.rows],
    )
    put_leaves(connection, before.grouping, before.leaves)
    put_members(connection, before.grouping, before.photos)
    touch(connection, before.grouping)
    return replace(after, seen=seen)


def touch(connection: sqlite3.Connection, grouping: GroupingId) -> None:
    """Note that a grouping is another now."""
    connection.execute("UPDATE groupings SET version = version + 1 WHERE id = ?", (grouping,))


def update(connection: sqlite3.Connection, row: Row) -> None:
    """Write a theme that is there."""
    connection.execute(
        "UPDATE themes SET name = ?, proposed = ?, locked = ?, kind = ?, place = ?, node = ?, removed = ? WHERE id = ?",
        (row.name, row.proposed, row.locked, row.kind, row.place, row.node, row.removed, row.id),
    )


def set_count(connection: sqlite3.Connection, grouping: GroupingId, *, chosen: bool) -> None:
    """Count the themes that are shown, without the odd ones out.

    Args:
        connection: the catalogue.
        grouping: which.
        chosen: whether a person chose the number. Else, where the proposed number is shown, it stays the proposed one:
            who merges two themes has not asked for another number.
    """
    count, proposed = connection.execute("SELECT count, proposed FROM groupings WHERE id = ?", (grouping,)).fetchone()
    connection.execute(
        "UPDATE groupings SET count = (SELECT count(*) FROM themes WHERE grouping = ?1 AND removed IS NULL"
        " AND place IS NOT NULL AND kind <> 'odd') WHERE id = ?1",
        (grouping,),
    )
    if not chosen and count == proposed:
        connection.execute("UPDATE groupings SET proposed = count WHERE id = ?", (grouping,))


def set_proposals(connection: sqlite3.Connection, proposals: Iterable[tuple[ThemeId, str]]) -> None:
    """Propose names; what a person called a theme stays."""
    connection.executemany("UPDATE themes SET proposed = ? WHERE id = ?", ((name, id_) for id_, name in proposals))


def order(connection: sqlite3.Connection, grouping: GroupingId) -> None:
    """Give the shown themes their places: the largest first, the odd ones out last."""
    sizes = dict(
        connection.execute(
            "SELECT l.theme, sum(p.count) FROM theme_leaves l JOIN (SELECT leaf, count(*) AS count FROM leaf_photos"
            " WHERE grouping = ?1 GROUP BY leaf) p ON p.leaf = l.leaf WHERE l.grouping = ?1 GROUP BY l.theme",
            (grouping,),
        ).fetchall()
    )
    shown = sorted(rows(connection, grouping), key=lambda row: (row.kind == "odd", -sizes.get(row.id, 0), row.id))
    connection.executemany("UPDATE themes SET place = ? WHERE id = ?", [(at, row.id) for at, row in enumerate(shown)])


def inherit(connection: sqlite3.Connection, heir: PhotoId, photo: PhotoId) -> None:
    """Give a photo the places of another row for the same file, which is about to go.

    Its own come first, unless only the other was put where it is by a person.
    """
    connection.execute(
        "INSERT INTO leaf_photos SELECT grouping, ?, leaf, hand FROM leaf_photos WHERE photo = ?"
        " ON CONFLICT (grouping, photo) DO UPDATE SET leaf = excluded.leaf, hand = 1"
        " WHERE excluded.hand = 1 AND leaf_photos.hand = 0",
        (heir, photo),
    )
    connection.execute(
        "UPDATE groupings SET moves = moves + 1 WHERE id IN (SELECT grouping FROM leaf_photos WHERE photo = ?)", (heir,)
    )
