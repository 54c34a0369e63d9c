"""What a theme's card shows: its most typical photos, how many there are, how alike they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop_app.core.catalog import photos as catalogue
from desktop_app.core.catalog import themes
from desktop_app.core.catalog.themes import GroupingId, Kind, Members, ThemeId
from desktop_app.core.cluster.typical import LOOKED_AT, evenness, evenness_word, spread, typical
from desktop_app.core.descriptors import Descriptor
from desktop_app.core.library import Library
from desktop_app.core.operations.places import NONE
from desktop_app.core.operations.theme_points import Points
from desktop_app.core.types import Order, PhotoId

_IN_ALL, _LEAST = 20_000, 64  # photos looked at for all cards together, and for one: reading them is what takes time


@dataclass(frozen=True, slots=True)
class Card:
    """One theme as it is shown.

    Attributes:
        name: what a person called it; "" until then.
        proposed: the name that the program proposes; "" for none.
        size: its present photos.
        evenness: how alike they are, 0 to 1.
        typical: up to six photos, the most typical first.
        locked: whether slider and new runs leave it alone.
        kind: "auto", "hand" (put together by a person) or "odd" (the odd ones out).
        lineage: the same for a theme and what carries it on over new runs: what is said of it hangs on this.
    """

    id: ThemeId
    name: str
    proposed: str
    size: int
    evenness: float
    typical: tuple[PhotoId, ...]
    locked: bool
    kind: Kind
    lineage: int

    @property
    def evenness_word(self) -> str:
        """How alike as a word: "very alike", "alike", "mixed"; "" for the odd ones out, which are never alike."""
        return "" if self.kind == "odd" else evenness_word(self.evenness)


def cards(library: Library, grouping: GroupingId, descriptor: Descriptor | str = "") -> tuple[Card, ...]:
    """The themes of a grouping in their order, the odd ones out last; those without a present photo are left out.

    Only reads. 100,000 photos take some 150 ms at the first time and less from then on.

    Raises:
        UserError: the grouping is gone.
    """
    connection = library.connection
    members = _members(library, grouping)
    reader = Points(library, descriptor)
    positions = reader.where(members.photos)
    present = positions != NONE
    if not present.all():
        some = members.photos[~present]
        present[~present] = np.isin(some, _present(library))
    holder = themes.leaf_themes(connection, grouping)
    low = min([themes.ODD_LEAF, *holder])
    table = np.full(max([0, *holder, *members.leaves.tolist()[:1]]) - low + 1, -1, np.int64)
    for leaf, theme in holder.items():
        table[leaf - low] = theme
    inside = (members.leaves >= low) & (members.leaves - low < len(table)) & present
    places = np.flatnonzero(inside)
    own = table[members.leaves[places] - low]
    order = np.argsort(own, kind="stable")
    ids, starts = np.unique(own[order], return_index=True)
    ends = np.append(starts[1:], len(order))
    where = {int(id_): places[order[a:b]] for id_, a, b in zip(ids, starts, ends, strict=True)}
    shown = [row for row in themes.rows(connection, grouping) if row.id in where]
    each = max(_LEAST, min(LOOKED_AT, _IN_ALL // max(1, len(shown))))
    looked, sizes = [], []
    for row in shown:
        mine = where[row.id]
        mine = mine[positions[mine] != NONE]
        looked.append(mine[spread(len(mine), each)])
        sizes.append(len(where[row.id]))
    every = np.concatenate(looked) if looked else np.empty(0, np.int64)
    points = reader.at(positions[every])
    made, start = [], 0
    for row, mine, size in zip(shown, looked, sizes, strict=True):
        of = points[start : start + len(mine)]
        start += len(mine)
        best = tuple(PhotoId(photo) for photo in members.photos[mine[typical(of)]].tolist())
        best = best or tuple(PhotoId(photo) for photo in members.photos[where[row.id][:6]].tolist())
        made.append(
            Card(row.id, row.name, row.proposed, size, evenness(of), best, row.locked, row.kind, row.lineage or row.id)
        )
    return tuple(made)


def _members(library: Library, grouping: GroupingId) -> Members:
    """Who is in which leaf; kept for this thread until photos are moved."""
    held: dict[int, tuple[int, Members]] | None = getattr(library.local, "theme_members", None)
    if held is None:
        held = library.local.theme_members = {}
    stamp = themes.moves(library.connection, grouping)
    if grouping not in held or held[grouping][0] != stamp:
        held.clear()  # one grouping is looked at at a time
        held[grouping] = stamp, themes.members(library.connection, grouping)
    return held[grouping][1]


def _present(library: Library) -> np.ndarray:
    return np.array(catalogue.listed(library.connection, Order.LIKENESS), np.int64)
