"""What grouping photos into themes found, before any of it is kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog.themes import Scope
from desktop_app.core.cluster.group import Clustered, Method
from desktop_app.core.cluster.hierarchy import ODD
from desktop_app.core.operations.places import Ids
from desktop_app.core.types import Vectors


@dataclass(frozen=True, eq=False)
class Found:
    """What `group` found, for `keep` or to be looked at as it is.

    Attributes:
        scope: what was grouped.
        method: how.
        photos: int64 (n,), rising.
        clustered: leaf of each, tree and proposal.
        has_points: bool (n,); the others cannot be compared yet and are among the odd ones out.
        points: float32 (m, k), of those that have.
        count: themes to show, beside those that are kept as they are.
        asked: whether that number was asked for and not measured.
    """

    scope: Scope
    method: Method
    photos: Ids
    clustered: Clustered
    has_points: npt.NDArray[np.bool_]
    points: Vectors
    count: int
    asked: bool = False

    @property
    def has_odd(self) -> bool:
        """Whether there are odd ones out: the last of `groups`."""
        return bool((self.clustered.leaves == ODD).any())

    def groups(self) -> list[Ids]:
        """The photos of each theme, the largest theme first and the odd ones out last, without what was edited."""
        labels = self.clustered.labels(self.count)
        names, sizes = np.unique(labels, return_counts=True)
        order = sorted(range(len(names)), key=lambda at: (names[at] == ODD, -sizes[at], names[at]))
        return [self.photos[labels == names[at]] for at in order]
