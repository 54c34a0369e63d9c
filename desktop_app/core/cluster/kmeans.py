"""The finest groups of many photos: k-means in small batches, with far more centres than anybody wants themes.

Few photos need none of it: each is a finest group of its own.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import numpy.typing as npt

from desktop_app.core.cluster.hierarchy import MOST, Leaves
from desktop_app.core.types import Vectors

FINE = 1_000
"""Centres for more photos than a tree has room for."""

AXES = 64
"""Leading axes of the index space that themes are made of: what is beyond is mostly noise here (docs/adr)."""

_BATCH = 4_096
_BATCHES = 50
_ROWS = 8_192  # photos given to their centres between two yields: some 30 ms


def points(vectors: Vectors) -> Vectors:
    """What themes are made of: the leading axes, at length 1; float32 (n, at most AXES).

    Args:
        vectors: float32 (n, k), rows of an index space.
    """
    short = np.ascontiguousarray(vectors[:, :AXES], np.float32)
    lengths = np.linalg.norm(short, axis=1, keepdims=True)
    made: Vectors = short / np.maximum(lengths, np.float32(1e-12))
    return made


def fine_groups(of: Vectors, seed: int = 0) -> Generator[tuple[int, int], None, tuple[Leaves, Vectors]]:
    """Divide photos into finest groups; a generator whose return value is leaves int32 (n,) and centres float32 (L, k).

    Every leaf holds a photo. The same rows in the same order give the same groups.

    Args:
        of: float32 (n, k), unit rows (`points`).
        seed: chance.

    Yields:
        Steps done and all steps.
    """
    if len(of) <= MOST:
        return np.arange(len(of), dtype=np.int32), of
    centres = yield from _centres(of, seed)
    leaves = yield from nearest(of, centres)
    used, inverse = np.unique(leaves, return_inverse=True)
    leaves = inverse.astype(np.int32)
    return leaves, centres_of(of, leaves, len(used))


def _centres(of: Vectors, seed: int) -> Generator[tuple[int, int], None, Vectors]:
    from sklearn.cluster import MiniBatchKMeans  # a second to load: only who groups many waits for it

    random = np.random.default_rng(seed)
    start = of[np.sort(random.choice(len(of), FINE, replace=False))]
    means = MiniBatchKMeans(FINE, init=start, n_init=1, random_state=seed, reassignment_ratio=0.02)
    for step in range(_BATCHES):
        batch = of[np.sort(random.choice(len(of), min(_BATCH, len(of)), replace=False))]
        means.partial_fit(batch)
        yield step, _BATCHES
    centres: Vectors = np.asarray(means.cluster_centers_, np.float32)
    return centres


def nearest(of: Vectors, centres: Vectors) -> Generator[tuple[int, int], None, Leaves]:
    """The nearest centre of each row, int32 (n,): a generator whose return value it is."""
    half = (np.square(centres).sum(axis=1) / 2).astype(np.float32)
    found = np.empty(len(of), np.int32)
    for start in range(0, len(of), _ROWS):
        part = of[start : start + _ROWS]
        found[start : start + len(part)] = np.argmax(part @ centres.T - half, axis=1)
        yield start, len(of)
    return found


def centres_of(of: Vectors, leaves: Leaves, count: int) -> Vectors:
    """The mean of each leaf's rows, float32 (count, k); zero where a leaf has none."""
    sums = np.zeros((count, of.shape[1]), np.float64)
    order = np.argsort(leaves, kind="stable")
    there, starts = np.unique(leaves[order], return_index=True)
    if len(there):
        sums[there] = np.add.reduceat(of[order].astype(np.float64), starts, axis=0)
    weights: npt.NDArray[np.int64] = np.bincount(leaves, minlength=count)
    made: Vectors = (sums / np.maximum(weights, 1)[:, np.newaxis]).astype(np.float32)
    return made
