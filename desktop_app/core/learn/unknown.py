"""Photos unlike anything labelled: "not sure" instead of an answer forced upon them.

How far a photo is from the labelled ones (one minus the mean likeness to the three nearest) is compared with how far
the labelled ones are from one another, each left out in turn: as many as `SHARE` of them would be called unknown, so
about that share of photos that do belong are. (The conformal way of setting a threshold: Vovk, Gammerman, Shafer,
"Algorithmic Learning in a Random World", 2005; nearest-neighbour distance as the measure: Sun et al., "Out-of-
Distribution Detection with Deep Nearest Neighbors", ICML 2022.) A sure head is no sign of a known photo: where a whole
answer was kept from it, it was wrong with confidence as often as right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from desktop_app.core.types import Positions, Vectors

SHARE = 0.05
"""About this share of photos that do belong is called unknown."""
SURE = 0.6
"""The probability from which a guess counts as sure; below it nothing is preselected."""
FEWEST = 4
"""Labelled photos below which nothing is called unknown: there is nothing to compare with."""

_NEAREST = 3
_MOST = 4_000
"""The most labelled photos that are compared with."""
_CHUNK = 2_048
_FEW = 250
"""Labelled photos compared with at a time: a byte counts them."""


@dataclass(frozen=True, eq=False)
class Known:
    """What is labelled, as a measure of what is not.

    Attributes:
        vectors: Float32 (m, k), unit length: labelled photos, at most 4,000.
        threshold: Distance beyond which a photo is unknown; infinite while there are too few labels.
    """

    vectors: Vectors
    threshold: float

    @classmethod
    def of(cls, vectors: Vectors, groups: Positions | None = None, *, share: float = SHARE, seed: int = 0) -> Self:
        """Measure the labelled photos.

        Args:
            vectors: Float32 (n, k), unit length, of all labelled photos ("none of these" belongs to them: it was
                looked at and is nothing new).
            groups: Int64 (n,), the same number for near-duplicates; copies do not vouch for one another.
            share: About this share of photos that do belong is called unknown.
            seed: Which labelled photos are compared with where there are very many.
        """
        if len(vectors) > _MOST:
            kept = np.sort(np.random.default_rng(seed).choice(len(vectors), _MOST, replace=False))
            vectors = vectors[kept]
            groups = None if groups is None else groups[kept]
        own = np.arange(len(vectors)) if groups is None else groups
        if len(np.unique(own)) < FEWEST:
            return cls(vectors, math.inf)
        apart = np.empty(len(vectors), np.float32)
        for start in range(0, len(vectors), _CHUNK):
            rows = slice(start, start + _CHUNK)
            likeness = vectors[rows] @ vectors.T
            likeness[own[rows, np.newaxis] == own[np.newaxis, :]] = -np.inf
            apart[rows] = 1 - _nearest_mean(likeness)
        # the k-th smallest of n, k = (n + 1)(1 - share) rounded up: the largest where there are few
        rank = min(len(apart), math.ceil((len(apart) + 1) * (1 - share)))
        return cls(vectors, float(np.partition(apart, rank - 1)[rank - 1]))

    def distances(self, vectors: Vectors) -> npt.NDArray[np.float32]:
        """How far photos are from what is labelled: float32 (n,), 0 the same to 2; infinite where nothing is."""
        out = np.full(len(vectors), np.inf, np.float32)
        if len(self.vectors):
            for start in range(0, len(vectors), _CHUNK):
                rows = slice(start, start + _CHUNK)
                out[rows] = 1 - _nearest_mean(vectors[rows] @ self.vectors.T)
        return out

    def is_unknown(self, vectors: Vectors) -> npt.NDArray[np.bool_]:
        """Photos unlike anything labelled: bool (n,). 100,000 against 1,000 labels take a third of a second at most."""
        unknown = np.zeros(len(vectors), np.bool_)
        if not math.isfinite(self.threshold):
            return unknown
        limit = self.threshold + 1e-5  # equal photos differ by rounding
        enough = min(_NEAREST, len(self.vectors))
        for start in range(0, len(vectors), _CHUNK):
            # enough labelled photos within the limit: known, whatever the others are; so most photos need not be
            # compared with all of them
            open_ = np.arange(start, min(start + _CHUNK, len(vectors)))
            near = np.zeros(len(open_), np.int64)
            for first in range(0, len(self.vectors), _FEW):
                likeness = self.vectors[first : first + _FEW] @ vectors[open_].T
                # row upon row in bytes: a quarter of the time of counting along rows
                near += (likeness >= 1 - limit).view(np.uint8).sum(axis=0, dtype=np.uint8)
                open_, near = open_[near < enough], near[near < enough]
            # none within the limit: unknown; only for the few between are the nearest to be found, which is slow
            unknown[open_[near == 0]] = True
            between = open_[near > 0]
            unknown[between] = 1 - _nearest_mean(vectors[between] @ self.vectors.T) > limit
        return unknown


def not_sure(
    probabilities: npt.NDArray[np.float32], unknown: npt.NDArray[np.bool_] | None = None, least: float = SURE
) -> npt.NDArray[np.bool_]:
    """Photos to show as "not sure": bool (n,), less probable than `least` or unlike anything labelled.

    Rows that are not finite, and a head without classes, are not sure.
    """
    if probabilities.shape[1] == 0:
        return np.ones(len(probabilities), np.bool_)
    low: npt.NDArray[np.bool_] = ~(probabilities.max(axis=1) >= least)  # NaN fails the comparison too
    return low if unknown is None else low | unknown


def _nearest_mean(likeness: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Mean of the largest few of each row that are finite: float32 (n,)."""
    few = min(_NEAREST, likeness.shape[1])
    best = np.partition(likeness, likeness.shape[1] - few, axis=1)[:, likeness.shape[1] - few :]
    there = np.isfinite(best)
    counted = np.maximum(there.sum(axis=1), 1)
    mean: npt.NDArray[np.float32] = (np.where(there, best, 0).sum(axis=1) / counted).astype(np.float32)
    return mean
