"""Groupings and their themes as the catalogue holds them: the words, and reading.

`catalog.themes` writes, and has all of this too.
"""

from __future__ import annotations

import json
import sqlite3
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
        proposed: the number that was proposed.
        rows: all its themes.
        leaves: leaf and theme of each leaf.
        photos: leaf and whether put there by hand, of each photo that the change touched.
    """

    grouping: GroupingId
    seen: tuple[tuple[int, float | None], ...]
    name: str
    count: int
    proposed: int = 0
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

GROUPING_COLUMNS = "SELECT id, name, scope, method, count, proposed, time, version FROM groupings"
ROW_COLUMNS = "SELECT id, grouping, name, proposed, locked, kind, place, node, parent, lineage, removed FROM themes"


def all_groupings(connection: sqlite3.Connection) -> tuple[Grouping, ...]:
    """Every grouping that is there, the newest first."""
    rows = connection.execute(f"{GROUPING_COLUMNS} WHERE ready = 1 AND removed IS NULL ORDER BY time DESC, id DESC")
    return tuple(grouping_of(row) for row in rows)


def get_grouping(connection: sqlite3.Connection, id_: GroupingId) -> Grouping:
    """The grouping of this id, also one that was removed.

    Raises:
        UserError: it is gone for good.
    """
    row = connection.execute(f"{GROUPING_COLUMNS} WHERE id = ?", (id_,)).fetchone()
    if row is None:
        raise UserError("These themes are no longer there.")
    return grouping_of(row)


def of_scope(connection: sqlite3.Connection, scope: Scope) -> Grouping | None:
    """The grouping of this scope, if it was grouped."""
    row = connection.execute(
        f"{GROUPING_COLUMNS} WHERE scope = ? AND ready = 1 AND removed IS NULL ORDER BY time DESC, id DESC LIMIT 1",
        (scope.to_json(),),
    ).fetchone()
    return None if row is None else grouping_of(row)


def tree_of(connection: sqlite3.Connection, id_: GroupingId) -> bytes | None:
    """The grouping's tree as `cluster.hierarchy.Tree.from_bytes` takes it."""
    row = connection.execute("SELECT tree FROM groupings WHERE id = ?", (id_,)).fetchone()
    return None if row is None else row[0]


def rows(connection: sqlite3.Connection, grouping: GroupingId, *, hidden: bool = False) -> tuple[Row, ...]:
    """The themes of a grouping in their order; with `hidden` also those that the present cut does not show."""
    which = "removed IS NULL" if hidden else "removed IS NULL AND place IS NOT NULL"
    found = connection.execute(
        f"{ROW_COLUMNS} WHERE grouping = ? AND {which} ORDER BY place IS NULL, place, id", (grouping,)
    )
    return tuple(row_of(row) for row in found)


def get_row(connection: sqlite3.Connection, theme: ThemeId) -> Row:
    """One theme.

    Raises:
        UserError: it is no longer there.
    """
    row = connection.execute(f"{ROW_COLUMNS} WHERE id = ? AND removed IS NULL", (theme,)).fetchone()
    if row is None:
        raise UserError("This theme is no longer there.")
    return row_of(row)


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


def grouping_of(row: tuple[Any, ...]) -> Grouping:
    """What `GROUPING_COLUMNS` gave."""
    return Grouping(GroupingId(row[0]), row[1], Scope.from_json(row[2]), *row[3:])


def row_of(row: tuple[Any, ...]) -> Row:
    """What `ROW_COLUMNS` gave."""
    return Row(ThemeId(row[0]), GroupingId(row[1]), row[2], row[3], bool(row[4]), *row[5:])
