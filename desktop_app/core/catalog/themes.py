"""Groupings and their themes: which photo is in which theme, and what a person made of it.

A photo is in a leaf, a finest group, and a leaf is in a theme: a move of the slider or a merge writes some hundred
rows, whatever the library's size. Every change returns what was there before, and `restore` puts exactly that back.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, NewType

import numpy as np
import numpy.typing as npt

from desktop_app.core.errors import UserError
from desktop_app.core.types import PhotoId

GroupingId = NewType("GroupingId", int)
ThemeId = NewType("ThemeId", int)

ODD_LEAF = -1
"""The leaf of the odd ones out."""

NOWHERE = -2
"""Stands for the leaf of a photo that is in none."""

REMOVED_FOR = 30 * 24 * 3600.0
"""Seconds a grouping can be brought back that was removed or run anew."""

_MANY = 500  # bound variables in one statement

Kind = Literal["auto", "hand", "odd"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is grouped. The same scope grouped again carries the last grouping on.

    Attributes:
        kind: "all" photos, the named "photos", those that a "search" by words finds, or those with an "answer".
        photos: for "photos".
        text: for "search", as `catalog.photos.listed` takes it.
        folder: for "search"; None for all.
        label_set: for "answer".
        answer: for "answer"; None for "none of these".
    """

    kind: Literal["all", "photos", "search", "answer"] = "all"
    photos: tuple[int, ...] = ()
    text: str = ""
    folder: int | None = None
    label_set: int = 0
    answer: int | None = None

    def to_json(self) -> str:
        """As the catalogue keeps it: equal scopes give equal text."""
        own = replace(self, photos=tuple(sorted(set(self.photos))))
        usual = asdict(Scope())
        return json.dumps({key: value for key, value in asdict(own).items() if value != usual[key]}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Scope:
        """Read it back."""
        held: dict[str, Any] = json.loads(text)
        return cls(**{**held, "photos": tuple(held.get("photos", ()))})


@dataclass(frozen=True, slots=True)
class Grouping:
    """One grouping.

    Attributes:
        count: themes shown, without the odd ones out.
        proposed: the count that was measured to be best.
        time: when it was made, seconds since 1970.
        version: rises with every change.
    """

    id: GroupingId
    name: str
    scope: Scope
    method: str
    count: int
    proposed: int
    time: float
    version: int


@dataclass(frozen=True, slots=True)
class Row:
    """One theme as the catalogue holds it.

    Attributes:
        name: what a person called it; "" until then.
        proposed: what the program proposes.
        kind: "auto", "hand" (put together by a person: the slider leaves it alone) or "odd".
        place: its order; None for one that the present cut does not show.
        node: of the grouping's tree; None for what a person put together.
        parent: the theme it was split from.
        lineage: the first theme that this one carries on over new runs; its own id where it is new.
        removed: seconds since 1970; None while it is there.
    """

    id: ThemeId
    grouping: GroupingId
    name: str = ""
    proposed: str = ""
    locked: bool = False
    kind: Kind = "auto"
    place: int | None = None
    node: int | None = None
    parent: int | None = None
    lineage: int | None = None
    removed: float | None = None

    @property
    def held(self) -> bool:
        """Whether the slider and new runs leave its photos where they are."""
        return self.locked or self.kind != "auto"

    @property
    def shown(self) -> bool:
        """Whether the present cut shows it."""
        return self.removed is None and self.place is not None


@dataclass(frozen=True, slots=True)
class Before:
    """What a grouping held before a change; `restore` brings it back and returns the same for redo.

    Attributes:
        grouping: which.
        seen: whether each of some groupings was out of sight (seconds since 1970) or not (None).
        name: of the grouping.
        count: themes it showed.
        rows: all its themes.
        leaves: leaf and theme of each leaf.
        photos: leaf and whether put there by hand, of each photo that the change touched.
    """

    grouping: GroupingId
    seen: tuple[tuple[int, float | None], ...]
    name: str
    count: int
    rows: tuple[Row, ...] = ()
    leaves: tuple[tuple[int, int], ...] = ()
    photos: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, eq=False)
class Members:
    """Every photo of a grouping.

    Attributes:
        photos: int64 (n,), rising.
        leaves: int32 (n,).
        hand: bool (n,), put there by a person.
    """

    photos: npt.NDArray[np.int64]
    leaves: npt.NDArray[np.int32]
    hand: npt.NDArray[np.bool_]


# --- reading -------------------------------------------------------------------------------------------------

_GROUPING = "SELECT id, name, scope, method, count, proposed, time, version FROM groupings"
_ROW = "SELECT id, grouping, name, proposed, locked, kind, place, node, parent, lineage, removed FROM themes"


def all_groupings(connection: sqlite3.Connection) -> tuple[Grouping, ...]:
    """Every grouping that is there, the newest first."""
    rows = connection.execute(f"{_GROUPING} WHERE ready = 1 AND removed IS NULL ORDER BY time DESC, id DESC")
    return tuple(_grouping(row) for row in rows)


def get_grouping(connection: sqlite3.Connection, id_: GroupingId) -> Grouping:
    """The grouping of this id, also one that was removed.

    Raises:
        UserError: it is gone for good.
    """
    row = connection.execute(f"{_GROUPING} WHERE id = ?", (id_,)).fetchone()
    if row is None:
        raise UserError("These themes are no longer there.")
    return _grouping(row)


def of_scope(connection: sqlite3.Connection, scope: Scope) -> Grouping | None:
    """The grouping of this scope, if it was grouped."""
    row = connection.execute(
        f"{_GROUPING} WHERE scope = ? AND ready = 1 AND removed IS NULL ORDER BY time DESC, id DESC LIMIT 1",
        (scope.to_json(),),
    ).fetchone()
    return None if row is None else _grouping(row)


def tree_of(connection: sqlite3.Connection, id_: GroupingId) -> bytes | None:
    """The grouping's tree as `cluster.hierarchy.Tree.from_bytes` takes it."""
    row = connection.execute("SELECT tree FROM groupings WHERE id = ?", (id_,)).fetchone()
    return None if row is None else row[0]


def rows(connection: sqlite3.Connection, grouping: GroupingId, *, hidden: bool = False) -> tuple[Row, ...]:
    """The themes of a grouping in their order; with `hidden` also those that the present cut does not show."""
    which = "removed IS NULL" if hidden else "removed IS NULL AND place IS NOT NULL"
    found = connection.execute(f"{_ROW} WHERE grouping = ? AND {which} ORDER BY place IS NULL, place, id", (grouping,))
    return tuple(_row(row) for row in found)


def get_row(connection: sqlite3.Connection, theme: ThemeId) -> Row:
    """One theme.

    Raises:
        UserError: it is no longer there.
    """
    row = connection.execute(f"{_ROW} WHERE id = ? AND removed IS NULL", (theme,)).fetchone()
    if row is None:
        raise UserError("This theme is no longer there.")
    return _row(row)


def members(connection: sqlite3.Connection, grouping: GroupingId) -> Members:
    """The leaf of every photo; 100,000 take some 60 ms."""
    row = connection.execute(
        "SELECT group_concat(photo), group_concat(leaf), group_concat(hand) FROM leaf_photos WHERE grouping = ?",
        (grouping,),
    ).fetchone()
    photos, leaves, hand = (np.fromstring(text or "", np.int64, sep=",") for text in row)
    order = np.argsort(photos, kind="stable")
    return Members(photos[order], leaves[order].astype(np.int32), hand[order].astype(bool))


def moves(connection: sqlite3.Connection, grouping: GroupingId) -> int:
    """A number that rises when photos of a grouping go to other leaves."""
    row = connection.execute("SELECT moves FROM groupings WHERE id = ?", (grouping,)).fetchone()
    return 0 if row is None else int(row[0])


def leaf_themes(connection: sqlite3.Connection, grouping: GroupingId) -> dict[int, ThemeId]:
    """The theme of each leaf."""
    found = connection.execute("SELECT leaf, theme FROM theme_leaves WHERE grouping = ? ORDER BY leaf", (grouping,))
    return {leaf: ThemeId(theme) for leaf, theme in found}


def photos_of(connection: sqlite3.Connection, theme: ThemeId) -> list[PhotoId]:
    """The photos of a theme by id, also those whose files are away."""
    found = connection.execute(
        "SELECT p.photo FROM theme_leaves l CROSS JOIN leaf_photos p ON p.grouping = l.grouping AND p.leaf = l.leaf"
        " WHERE l.theme = ? ORDER BY p.photo",
        (theme,),
    )
    return [PhotoId(row[0]) for row in found]


def themes_of(connection: sqlite3.Connection, photo: PhotoId) -> tuple[Row, ...]:
    """The theme of a photo in every grouping that is there, the newest grouping first."""
    found = connection.execute(
        "SELECT l.theme FROM leaf_photos p JOIN theme_leaves l ON l.grouping = p.grouping AND l.leaf = p.leaf"
        " JOIN groupings g ON g.id = p.grouping WHERE p.photo = ? AND g.ready = 1 AND g.removed IS NULL"
        " ORDER BY g.time DESC, g.id DESC",
        (photo,),
    ).fetchall()
    return tuple(get_row(connection, ThemeId(row[0])) for row in found)


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


# --- changing one --------------------------------------------------------------------------------------------


def snapshot(connection: sqlite3.Connection, grouping: GroupingId, photos: Sequence[int] = ()) -> Before:
    """What a grouping holds now, with the leaves of some photos."""
    now = get_grouping(connection, grouping)
    removed = connection.execute("SELECT removed FROM groupings WHERE id = ?", (grouping,)).fetchone()[0]
    every = connection.execute(f"{_ROW} WHERE grouping = ? ORDER BY id", (grouping,))
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
        tuple(_row(row) for row in every),
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
        return Before(before.grouping, seen, after.name, after.count)
    connection.execute(
        "UPDATE groupings SET name = ?, count = ? WHERE id = ?", (before.name, before.count, before.grouping)
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


def set_count(connection: sqlite3.Connection, grouping: GroupingId) -> None:
    """Count the themes that are shown, without the odd ones out."""
    connection.execute(
        "UPDATE groupings SET count = (SELECT count(*) FROM themes WHERE grouping = ?1 AND removed IS NULL"
        " AND place IS NOT NULL AND kind <> 'odd') WHERE id = ?1",
        (grouping,),
    )


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


def _grouping(row: tuple[Any, ...]) -> Grouping:
    return Grouping(GroupingId(row[0]), row[1], Scope.from_json(row[2]), *row[3:])


def _row(row: tuple[Any, ...]) -> Row:
    return Row(ThemeId(row[0]), GroupingId(row[1]), row[2], row[3], bool(row[4]), *row[5:])
