"""How several kinds of wishes become one order: examples, a region, words and colours.

A photo has to fit every kind that is asked for: those that one of them does not know are left out. Its score is the
geometric mean of what each kind gives it, so that one poor fit is not made good by another's luck, and all kinds weigh
the same whatever else is in the library. A kind that gives nothing or less decides: the score is then its own. A kind
that gives 1 to all it knows, such as "-dog" or "2019", orders nothing: it only lets through.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from desktop_app.core.operations.likeness import Ranking, Scores
from desktop_app.core.operations.places import Ids

Mask = npt.NDArray[np.bool_]


def fuse(parts: Sequence[Ranking]) -> Ranking:
    """The photos that every part knows, best first; photos of equal score by their id.

    One part is given back as it is. The order of the parts makes no difference.

    Args:
        parts: at least one; each id once in each.
    """
    if len(parts) == 1:
        return parts[0]
    size = 1 + max((int(part.ids.max()) for part in parts if len(part.ids)), default=-1)
    seen = np.zeros(size, np.int64)
    for part in parts:
        seen[part.ids] += 1
    common = np.flatnonzero(seen == len(parts))
    of_id = np.zeros(size, np.float32)
    rows = list[Scores]()
    for part in parts:
        if len(part.scores) and part.scores.min() < 1:
            of_id[part.ids] = part.scores
            rows.append(of_id[common])
    scores = mean_of(np.sort(rows, axis=0)) if rows else np.ones(len(common), np.float32)
    order = np.argsort(-scores, kind="stable")
    return Ranking(common[order], scores[order])


def mean_of(table: npt.NDArray[np.float32]) -> Scores:
    """The geometric mean of each column where all is above 0, else its least: float32 (n,); never falls when one rises.

    Args:
        table: float32 (kinds, n), each column rising.
    """
    least = table[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.exp(np.log(table, dtype=np.float64).mean(axis=0)).astype(np.float32)
    scores: Scores = np.where(least > 0, np.clip(means, least, table[-1]), least)
    return scores


def members(ids: Ids, size: int) -> Mask:
    """Which ids below `size` are among these, bool (size,)."""
    inside = np.zeros(size, np.bool_)
    inside[ids[ids < size]] = True
    return inside


def only(ranking: Ranking, allowed: Sequence[Ids]) -> Ranking:
    """The photos of a ranking that are in every one of `allowed`, in their order."""
    ids, scores = ranking.ids, ranking.scores
    for chosen in allowed:
        if len(ids):
            keep = members(chosen, int(ids.max()) + 1)[ids]
            ids, scores = ids[keep], scores[keep]
    return Ranking(ids, scores)
