"""The plane: t-SNE over neighbours that are known already.

openTSNE's interpolated t-SNE (Linderman et al. 2019, Nature Methods 16) with equal pull between 15 neighbours, which
gives much the same picture as perplexity 30 at a sixth of the neighbours (Böhm, Berens and Kobak 2022, JMLR 23).
Everything is seeded and begins with the first two principal components (Kobak and Berens 2019, Nature Communications
10), so that the same photos give the same plane. For many photos a sample is laid out first, the rest is put beside
what it is like, and that is where the layout of all begins: a preview within seconds, and a plane whose large parts
lie as in the preview.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from desktop_app.core.mapping.neighbours import NeighbourTable, Points, exact_table
from desktop_app.core.mapping.place import beside, spacing
from desktop_app.core.types import Vectors

NEIGHBOURS = 15
SAMPLE = 2_500

_SEED = 1
_EARLY, _LATE = 250, 400  # steps; openTSNE takes 250 and 500
_EARLY_AGAIN = 100  # of all photos, which begin in order
_EARLY_SAMPLE, _LATE_SAMPLE = 150, 200
_PREVIEW_SHARE, _NEIGHBOUR_SHARE = 0.08, 0.12  # of the work, roughly
_EXAGGERATION = 12.0
_START = 1e-4  # standard deviation along the first axis, as openTSNE scales a start
_FIT_ON = 20_000
_FEWEST = 8
_THREADS_FROM = 200_000  # with fewer rows threads wait longer than they work, beside other work at least
_STEP_SECONDS = 0.08
_MOST_AT_ONCE = 25


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """How far a layout is.

    Attributes:
        done: of its work, 0 to 1.
        preview: float32 (n, 2) once there is a first plane; the same in every later step.
    """

    done: float
    preview: Points | None = None


def lay_out(
    matrix: Vectors, neighbours: Generator[int, None, NeighbourTable], *, threads: int = 1
) -> Generator[Step, None, Points]:
    """Lay rows out on a plane so that neighbours lie together. A generator; close it to stop.

    Args:
        matrix: float32 (n, d), unit rows, no two alike.
        neighbours: finds those of each row, as many as `NEIGHBOURS`, fewer where there are fewer rows; begun only
            after the preview, and not at all for a handful of rows.
        threads: for the steps of the layout.

    Returns:
        float32 (n, 2): around (0, 0), the neighbours' usual distance (`spacing`) being 1.
    """
    if len(matrix) < _FEWEST:
        return _few(matrix)
    preview: Points | None = None
    start, early, before = principal(matrix), _EARLY, 0.0
    if len(matrix) > 2 * SAMPLE:
        before = _PREVIEW_SHARE
        preview = start = yield from _preview(matrix)
        early = _EARLY_AGAIN
    yield Step(before, preview)
    while True:
        try:
            done = next(neighbours)
        except StopIteration as ended:
            table = ended.value
            break
        yield Step(before + _NEIGHBOUR_SHARE * done / len(matrix), preview)
    before += _NEIGHBOUR_SHARE
    plane = yield from _optimise(start, table, early, threads, before, preview)
    return normalised(plane)


def _preview(matrix: Vectors) -> Generator[Step, None, Points]:
    """A sample laid out, and the rest beside what it is like there."""
    rows = np.unique(np.linspace(0, len(matrix) - 1, SAMPLE).astype(np.int64))
    sample = np.ascontiguousarray(matrix[rows])
    small = exact_table(sample, NEIGHBOURS)
    while True:
        try:
            next(small)
        except StopIteration as ended:
            table = ended.value
            break
        yield Step(0.0)
    steps = _optimise(principal(sample), table, _EARLY_SAMPLE, 1, 0.0, None, late=_LATE_SAMPLE)
    while True:
        try:
            step = next(steps)
        except StopIteration as ended:
            plane = normalised(ended.value)
            break
        yield Step(step.done * _PREVIEW_SHARE)
    jitter = 0.7 * spacing(plane)
    parts = []
    for at in range(0, len(matrix), 2048):
        block = np.ascontiguousarray(matrix[at : at + 2048])
        parts.append(beside(block, sample, plane, np.arange(at, at + len(block)), jitter, neighbours=3))
        yield Step(_PREVIEW_SHARE)
    return normalised(np.concatenate(parts))


def principal(matrix: Vectors) -> Points:
    """The first two principal components, float32 (n, 2), signs fixed: what a layout begins with."""
    some = np.unique(np.linspace(0, len(matrix) - 1, min(_FIT_ON, len(matrix))).astype(np.int64))
    sample = matrix[some].astype(np.float64)
    mean = sample.mean(axis=0)
    _, axes = np.linalg.eigh((sample - mean).T @ (sample - mean))
    axes = axes[:, ::-1][:, :2]
    if axes.shape[1] < 2:
        axes = np.concatenate([axes, np.zeros_like(axes)], axis=1)
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(2)]
    axes = axes * np.where(largest < 0, -1.0, 1.0)
    turned: Points = ((matrix.astype(np.float64) - mean) @ axes).astype(np.float32)
    return turned


def normalised(plane: Points) -> Points:
    """The plane around (0, 0), its usual distance between neighbours being 1."""
    plane = plane - (plane.min(axis=0) + plane.max(axis=0)) / 2
    return (plane / np.float32(spacing(plane))).astype(np.float32)


def _few(matrix: Vectors) -> Points:
    """A handful of rows has no neighbourhoods: they stand in a line, in the order of their first component."""
    count = len(matrix)
    x = np.arange(count, dtype=np.float32) - np.float32((count - 1) / 2)
    if count > 1:
        x[np.argsort(principal(matrix)[:, 0], kind="stable")] = x.copy()
    return np.stack([x, np.zeros_like(x)], axis=1)


def _optimise(
    start: Points,
    table: NeighbourTable,
    early: int,
    threads: int,
    before: float,
    preview: Points | None,
    late: int = _LATE,
) -> Generator[Step, None, Points]:
    """The two phases of openTSNE, a few steps at a time."""
    # OpenMP's threads would spin while they wait for one another: with other work on the machine that is all they do
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import Uniform
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    threads = threads if len(start) >= _THREADS_FROM else 1
    random = np.random.default_rng(_SEED)
    begin = start.astype(np.float64)
    begin = begin / max(float(begin[:, 0].std()), 1e-12) * _START
    begin = begin + random.normal(0.0, _START / 100, begin.shape)  # equal photos must not stay on one another
    # where all pull at all, they end on one spot
    count = min(table.indices.shape[1], max(2, (len(start) - 1) // 3))
    index = PrecomputedNeighbors(table.indices[:, :count], table.distances[:, :count])
    pull = Uniform(knn_index=index, k_neighbors=count, symmetrize="mean", random_state=_SEED)
    # a coarser grid than openTSNE's own costs nothing that trustworthiness shows, and a third of the time
    how: dict[str, Any] = {"negative_gradient_method": "bh", "theta": 0.8}
    if len(start) >= SAMPLE:
        how = {"negative_gradient_method": "fft", "min_num_intervals": 30}
        how["ints_in_interval"] = 3 if len(start) < 4 * SAMPLE else 2
    plane: Any = TSNEEmbedding(begin, pull, n_jobs=threads, random_state=_SEED, **how)
    yield Step(before, preview)
    total, done, at_once = early + late, 0, 1
    for length, exaggeration, momentum in ((early, _EXAGGERATION, 0.5), (late, 1.0, 0.8)):
        left = length
        while left:
            steps = min(at_once, left)
            begun = time.perf_counter()
            plane.optimize(
                steps, exaggeration=exaggeration, momentum=momentum, learning_rate="auto", inplace=True, n_jobs=threads
            )
            took = time.perf_counter() - begun
            # each call costs one step more than it makes: as many at once as still leave room to stop
            at_once = int(min(max(steps * _STEP_SECONDS / max(took, 1e-6), 2), _MOST_AT_ONCE, 2 * steps))
            left -= steps
            done += steps
            yield Step(before + (1 - before) * done / total, preview)
    return np.asarray(plane, np.float32)
