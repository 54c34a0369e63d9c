"""Which theme of a new run is which theme of the last one: those that share most photos, each at most once.

The pairs whose overlaps add up to the most are Kuhn's assignment (the Hungarian method).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Groups = npt.NDArray[np.int64]
"""The group of each photo: int64, (n,); below 0 for none."""

LEAST = 0.5
"""Photos in both over photos in either: below, two themes are two."""


def match(old: Groups, new: Groups, least: float = LEAST) -> dict[int, int]:
    """New group by old group, for those that carry one another on.

    Args:
        old: group of each photo before, parallel to `new`; photos that were in only one run are left out of both.
        new: group of each now.
        least: the overlap (Jaccard) below which nothing is carried on.
    """
    both = (old >= 0) & (new >= 0)
    if not both.any():
        return {}
    old_names, old_at = np.unique(old[both], return_inverse=True)
    new_names, new_at = np.unique(new[both], return_inverse=True)
    shared = np.zeros((len(old_names), len(new_names)), np.int64)
    np.add.at(shared, (old_at, new_at), 1)
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    overlap = shared / either
    from scipy.optimize import linear_sum_assignment  # takes half a second to load

    rows, columns = linear_sum_assignment(-overlap)
    return {
        int(old_names[row]): int(new_names[column])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if overlap[row, column] >= least
    }
