"""What a new grouping takes over from the last one of the same scope: names, locks, hand-made themes, moved photos."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import themes
from desktop_app.core.catalog.themes import Grouping, GroupingId, Kind, Row, ThemeId
from desktop_app.core.cluster.hierarchy import ODD, Leaves, Tree
from desktop_app.core.cluster.stable import match
from desktop_app.core.operations.grouped import Found
from desktop_app.core.operations.places import Ids

_SAME = 0.5  # photos in both over photos in either, for the name of a theme that is not shown
_NONE = -2
_JOINS = 0.25  # a new photo joins a theme that is kept if it is as near to its middle as three in four of its own


@dataclass(frozen=True)
class Draft:
    """A theme that is to be written."""

    kind: Kind
    leaves: tuple[int, ...]
    node: int | None = None
    name: str = ""
    proposed: str = ""
    locked: bool = False
    lineage: int | None = None
    shown: bool = True

    def row(self, grouping: GroupingId) -> Row:
        """As a row of a grouping, without an id yet."""
        place = 0 if self.shown else None
        return Row(
            ThemeId(0), grouping, self.name, self.proposed, self.locked, self.kind, place, self.node, None, self.lineage
        )


@dataclass(frozen=True, eq=False)
class Plan:
    """What is to be written.

    Attributes:
        photos: int64 (n,).
        leaves: int32 (n,), of each.
        hand: int64 (n,), 1 where a person put it there.
        drafts: the themes.
        count: themes shown, without the odd ones out.
        proposed: the number that was measured to be best; 0 where none was.
    """

    photos: Ids
    leaves: Leaves
    hand: Ids
    drafts: tuple[Draft, ...]
    count: int
    proposed: int


def carried(connection: sqlite3.Connection, found: Found, last: Grouping | None) -> Plan:
    """Join what was found with what a person made of the last grouping."""
    tree, leaves = found.clustered.tree, found.clustered.leaves.copy()
    hand = np.zeros(len(leaves), np.int64)
    if last is None:
        drafts = _drafts(tree, tree.cut(found.count), {})
        return Plan(found.photos, leaves, hand, (*drafts, _odd(None)), len(drafts), 0 if found.asked else len(drafts))
    old = _Last(connection, last, found.photos)
    kept = [row for row in old.rows if row.shown and (row.locked or row.kind == "hand")]
    while True:  # once more where a theme that was edited is found no more, and is kept as it was
        theme = old.theme.copy()
        theme[np.isin(theme, [row.id for row in kept])] = _NONE
        free = np.zeros(tree.leaves, bool)
        fixed = _kept_members(found, old, kept)
        loose = (fixed < 0) & (leaves != ODD)
        free[leaves[loose]] = True
        top = tree.cut(found.count, free).astype(np.int64)
        now = np.where(loose, top[np.maximum(leaves, 0)], _NONE) if tree.leaves else np.full(len(leaves), _NONE)
        stays = {row.id for row in kept}
        shown = {row.id: row for row in old.rows if row.shown and not row.held and row.id not in stays}
        theme[~np.isin(theme, list(shown))] = _NONE
        carried_on = match(theme, now)
        edited = {row.id for row in shown.values() if row.name} | set(theme[old.hand & (theme >= 0)].tolist())
        lost = [shown[ThemeId(id_)] for id_ in sorted(edited) if id_ not in carried_on]
        if not lost:
            break
        kept += lost
    taken_on = {node: shown[ThemeId(id_)] for id_, node in carried_on.items()}
    _move_again(found, old, carried_on, top, loose, leaves, hand)
    drafts = _drafts(tree, top, taken_on, free)
    for place, row in enumerate(kept):
        inside = fixed == place
        leaves[inside] = tree.leaves + place
        hand[inside & old.hand] = 1
        leaf = (tree.leaves + place,)
        drafts.append(
            Draft("auto" if row.locked and row.kind == "auto" else "hand", leaf, None, row.name, row.proposed,
                  row.locked, row.lineage)
        )  # fmt: skip
    stays_odd = old.put_aside & (fixed < 0)
    leaves[stays_odd], hand[stays_odd] = ODD, 1
    drafts += _hidden(tree, leaves, old, {draft.node for draft in drafts})
    count = sum(draft.shown for draft in drafts)
    odd = next((row for row in old.rows if row.kind == "odd"), None)
    proposed = last.proposed if found.asked else count
    return Plan(found.photos, leaves, hand, (*drafts, _odd(odd)), count, proposed)


class _Last:
    """The last grouping, by the photos of the new one.

    Attributes:
        rows: its themes, also those that its cut does not show.
        theme: int64 (n,), the theme of each photo; `_NONE` for a new photo.
        hand: bool (n,), a person put it there.
        put_aside: bool (n,), a person put it among the odd ones out.
        tree: its tree.
        leaf: int32 (n,).
    """

    def __init__(self, connection: sqlite3.Connection, last: Grouping, photos: Ids) -> None:
        self.rows = themes.rows(connection, last.id, hidden=True)
        members = themes.members(connection, last.id)
        self.tree = Tree.from_bytes(themes.tree_of(connection, last.id))
        holder = themes.leaf_themes(connection, last.id)
        lowest = min([ODD, *holder])
        table = np.full(max([0, *holder]) - lowest + 1, _NONE, np.int64)
        for leaf, theme in holder.items():
            table[leaf - lowest] = theme
        at = np.searchsorted(members.photos, photos)
        at[at == len(members.photos)] = 0
        known = np.zeros(len(photos), bool) if not len(members.photos) else members.photos[at] == photos
        self.theme = np.full(len(photos), _NONE, np.int64)
        self.leaf = np.full(len(photos), ODD, np.int32)
        self.hand = np.zeros(len(photos), bool)
        self.leaf[known] = members.leaves[at[known]]
        inside = np.clip(self.leaf[known] - lowest, 0, len(table) - 1)
        self.theme[known] = table[inside]
        self.hand[known] = members.hand[at[known]]
        self.known = known
        odd = [row.id for row in self.rows if row.kind == "odd"]
        self.put_aside = np.isin(self.theme, odd) & ((self.leaf != ODD) | self.hand)


def _kept_members(found: Found, old: _Last, kept: list[Row]) -> Ids:
    """Which kept theme (its place in `kept`) each photo belongs to, int64 (n,), -1 for none; new photos may join."""
    fixed = np.full(len(found.photos), -1, np.int64)
    for place, row in enumerate(kept):
        fixed[old.theme == row.id] = place
    new = np.flatnonzero(~old.known & found.has_points)
    if not kept or not len(new):
        return fixed
    point_of = np.cumsum(found.has_points) - 1
    middles, limits = [], []
    for place in range(len(kept)):
        own = found.points[point_of[(fixed == place) & found.has_points]]
        middle = own.mean(axis=0) if len(own) else np.zeros(found.points.shape[1], np.float32)
        middle = middle / max(float(np.linalg.norm(middle)), 1e-9)
        middles.append(middle)
        limits.append(float(np.quantile(own @ middle, _JOINS)) if len(own) else 2.0)
    near = found.points[point_of[new]] @ np.array(middles, np.float32).T
    best = near.argmax(axis=1)
    joins = near[np.arange(len(new)), best] >= np.array(limits)[best]
    fixed[new[joins]] = best[joins]
    return fixed


def _move_again(
    found: Found,
    old: _Last,
    carried_on: dict[int, int],
    top: npt.NDArray[np.int64],
    loose: npt.NDArray[np.bool_],
    leaves: Leaves,
    hand: Ids,
) -> None:
    """Put photos that a person moved back into the theme that carries theirs on: into the leaf of the nearest there."""
    point_of = np.cumsum(found.has_points) - 1
    original = leaves.copy()
    for theme, node in carried_on.items():
        moved = np.flatnonzero(old.hand & (old.theme == theme))
        if not len(moved):
            continue
        hand[moved] = 1
        there = np.flatnonzero(loose & ~old.hand & (top[np.maximum(original, 0)] == node))
        away = [photo for photo in moved.tolist() if original[photo] == ODD or top[original[photo]] != node]
        if not len(there):
            there = np.flatnonzero(loose & (top[np.maximum(original, 0)] == node))
        for photo in away:
            nearest = there[0]
            if found.has_points[photo]:
                nearest = there[int(np.argmax(found.points[point_of[there]] @ found.points[point_of[photo]]))]
            leaves[photo] = original[nearest]


def _drafts(
    tree: Tree, top: npt.NDArray[np.integer], taken_on: dict[int, Row], free: npt.NDArray[np.bool_] | None = None
) -> list[Draft]:
    nodes = top if free is None else top[free]
    every = np.arange(tree.leaves) if free is None else np.flatnonzero(free)
    made = []
    for node in np.unique(nodes).tolist():
        row = taken_on.get(node)
        leaves = tuple(every[nodes == node].tolist())
        if row is None:
            made.append(Draft("auto", leaves, node))
        else:
            made.append(Draft("auto", leaves, node, row.name, row.proposed, False, row.lineage))
    return made


def _odd(row: Row | None) -> Draft:
    return Draft("odd", (ODD,), None, "" if row is None else row.name, lineage=None if row is None else row.lineage)


def _hidden(tree: Tree, leaves: Leaves, old: _Last, used: set[int | None]) -> list[Draft]:
    """Names that a person gave at other settings of the slider: for the nodes that hold mostly the same photos."""
    named = [row for row in old.rows if row.name and not row.shown and row.kind == "auto" and row.node is not None]
    if not named or not tree.leaves:
        return []
    made: list[Draft] = []
    inside = (leaves >= 0) & (leaves < tree.leaves)
    sizes = np.bincount(leaves[inside], minlength=tree.leaves)
    whole = _upwards(tree, sizes)
    for row in named:
        if row.node is None or row.node >= 2 * old.tree.leaves - 1:
            continue
        own = inside & old.known & np.isin(old.leaf, old.tree.below(row.node))
        shared = _upwards(tree, np.bincount(leaves[own], minlength=tree.leaves))
        overlap = shared / np.maximum(whole + int(own.sum()) - shared, 1)
        node = int(np.argmax(overlap))
        if overlap[node] >= _SAME and node not in used:
            used.add(node)
            made.append(Draft("auto", (), node, row.name, row.proposed, False, row.lineage, shown=False))
    return made


def _upwards(tree: Tree, of_leaves: npt.NDArray[np.integer]) -> Ids:
    """Sums over the leaves below each node: int64 (nodes,)."""
    sums = np.zeros(max(0, 2 * tree.leaves - 1), np.int64)
    sums[: tree.leaves] = of_leaves
    for step, (one, other) in enumerate(tree.merges.tolist()):
        sums[tree.leaves + step] = sums[one] + sums[other]
    return sums
