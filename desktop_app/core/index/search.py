"""Search over one descriptor's index space: exact where that is fast enough, HNSW beyond, always up to date."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from desktop_app.core.index.exact import ExactIndex
from desktop_app.core.index.hnsw import HnswIndex
from desktop_app.core.index.neighbours import Allowed, Cosines, nothing
from desktop_app.core.index.projection import Projection
from desktop_app.core.index.space import SpaceView
from desktop_app.core.types import Positions, Vectors

EXACT_BELOW = 50_000
"""Rows up to which every search is exact: there it takes about a millisecond (docs/adr/0005-index.md)."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A library's photos as a search sees them; immutable, implements `Neighbours`. Safe on any thread.

    Attributes:
        view: The space's projection and rows.
        hnsw: The index over its older rows, or None. One of another projection or of more rows is left aside.
        live: Bool (rows,), False for positions that no photo to be shown has (removed, missing); None: all are.
        exact_below: Rows up to which every search is exact.
    """

    view: SpaceView
    hnsw: HnswIndex | None = None
    live: Allowed | None = None
    exact_below: int = EXACT_BELOW
    _exact: ExactIndex = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.live is not None and len(self.live) != self.view.rows:
            raise ValueError(f"{len(self.live)} marks for {self.view.rows} rows")
        hnsw = self.hnsw
        if hnsw is not None and (hnsw.stamp.projection != self.view.projection.digest or hnsw.rows > self.view.rows):
            object.__setattr__(self, "hnsw", None)
        if self.live is not None and self.live.all():
            object.__setattr__(self, "live", None)
        object.__setattr__(self, "_exact", ExactIndex(self.view.matrix))

    @property
    def projection(self) -> Projection:
        """What turns a raw vector into a query for this snapshot."""
        return self.view.projection

    @property
    def rows(self) -> int:
        """Number of positions."""
        return self.view.rows

    def search(self, query: Vectors, limit: int, allowed: Allowed | None = None) -> tuple[Positions, Cosines]:
        """See `Neighbours.search`; positions that are not live are never among the results.

        With a filter (`allowed`) it is exact, whatever the size.
        """
        if allowed is not None:
            return self._exact.search(query, limit, allowed if self.live is None else allowed & self.live)
        hnsw = self.hnsw
        if hnsw is None or self.rows <= self.exact_below:
            return self._exact.search(query, limit, self.live)
        older, older_cosines = hnsw.search(query, limit, self.live)
        if len(older) < min(limit, hnsw.count):
            # too many of the nearest are not live, or the graph did not lead to enough
            return self._exact.search(query, limit, self.live)
        newer, newer_cosines = self._exact.search_from(hnsw.rows, query, limit, self.live)
        if not len(newer):
            return older, older_cosines
        positions = np.concatenate([older, newer])
        cosines = np.concatenate([older_cosines, newer_cosines])
        order = np.lexsort((positions, -cosines))[:limit]
        return positions[order], cosines[order]


class Searcher:
    """Holds the newest snapshot; the query thread searches it while another thread prepares and swaps in the next."""

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        self._snapshot = snapshot

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest; keep hold of it for the length of one query, so that projection and rows belong together."""
        return self._snapshot

    def swap(self, snapshot: Snapshot | None) -> None:
        """Put a newer one in place: one assignment, searches that have begun go on with the old one."""
        self._snapshot = snapshot

    def search(self, raw: Vectors, limit: int, allowed: Allowed | None = None) -> tuple[Positions, Cosines]:
        """Nearest to a raw vector float32 (d,), see `Neighbours.search`; nothing when there is no snapshot."""
        snapshot = self._snapshot
        if snapshot is None:
            return nothing()
        return snapshot.search(snapshot.projection.apply(raw[np.newaxis])[0], limit, allowed)
