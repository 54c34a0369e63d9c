"""Pairs of photos that may be copies of one another, in near-linear time: by their embeddings and by tiny pictures.

Nothing is decided here. Embeddings find what was cropped, marked or edited, tiny pictures what was turned, greyed or
made very small; what does not fit at a glance is left out.
"""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.duplicates import signature, windows
from desktop_app.core.index.hnsw import HnswIndex, hnsw_available
from desktop_app.core.index.space import SpaceView
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.copy_glance import FIT, LIKE, OVER, second_glance
from desktop_app.core.operations.finish import graph_stamp
from desktop_app.core.operations.pipeline import cores
from desktop_app.core.types import Positions

COSINE = 0.77
"""Raw cosine of two embeddings from which photos are looked at as possible copies. See docs/adr/0025-copies.md."""

EXACT_UP_TO = 6000
"""Photos up to which every embedding is compared with every other."""

_NEIGHBOURS = 10
_NEAR = 0.3  # cosine in the index space: raw ones of such pairs are below `COSINE`
_FEW = 3000  # new photos up to which each one's neighbours are asked for by themselves
_BLOCK = 512
_ROWS = 4096
_GLANCES = 512
_MIRRORED = 4
_MIRRORED_FROM = 0.85  # cosine of what may be mirrored: networks hardly tell left from right
_PARTS_FROM = 0.85  # cosine from which the earlier, larger photo may also be a part of the later one

_Pairs = tuple[Positions, Positions]
_Found = tuple[Positions, Positions, npt.NDArray[np.float32]]
"""Pairs and the raw cosines of their embeddings."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Pairs worth a look: `one` comes before `other`.

    Attributes:
        one: int64 (m,), numbers of photos.
        other: int64 (m,).
        way: int8 (m,), how `other` is to be laid to look like `one`.
        fit: float32 (m,), how alike they are at a second glance.
        place: int16 (m,), at which window.
    """

    one: Positions
    other: Positions
    way: npt.NDArray[np.int8]
    fit: npt.NDArray[np.float32]
    place: npt.NDArray[np.int16]


def candidates(
    library: Library,
    signatures: npt.NDArray[np.uint8],
    positions: Positions,
    new: npt.NDArray[np.bool_],
    pool: ThreadPoolExecutor,
) -> Generator[tuple[int, int], None, Candidates]:
    """Pairs with at least one new photo that may be copies.

    Args:
        library: the open library; only read.
        signatures: uint8 (n, 32, 32), of photos in the order in which they may begin sets.
        positions: int64 (n,), where their embeddings are; -1 where they have none.
        new: bool (n,).
        pool: the threads to look on.

    Yields:
        Steps done, steps in all, at least every 100 ms or so.
    """
    total = 2 * int(new.sum()) + 1
    done = 0
    by_hash = signature.alike(signatures, new, pool.map)
    while True:
        try:
            next(by_hash)
        except StopIteration as ended:
            one, other, way = ended.value
            break
        yield done, total
    found = [(one, other, way, np.zeros(len(one), np.float32))]
    shaped = signature.shapes(signatures)
    near = _by_embedding(library, np.where(shaped, positions, -1), new)
    while True:
        try:
            done = next(near)
        except StopIteration as ended:
            one, other, cosine = ended.value
            break
        yield min(done, total // 2), total
    found.append((one, other, np.zeros(len(one), np.int8), cosine))
    alike = cosine >= _MIRRORED_FROM
    found.append((one[alike], other[alike], np.full(int(alike.sum()), _MIRRORED, np.int8), cosine[alike]))
    one, other, way = (np.concatenate([part[n] for part in found]) for n in range(3))
    cosine = np.concatenate([part[3] for part in found])
    keys = (one * len(signatures) + other) * signature.WAYS + way
    order = np.lexsort((-cosine, keys))
    at = order[np.unique(keys[order], return_index=True)[1]]
    one, other, way, cosine = one[at], other[at], way[at], cosine[at]
    # the smaller picture is rarely the one that shows more
    fitting = windows.fits(signatures, one, other, way, outside=cosine >= _PARTS_FROM, each=pool.map)
    while True:
        try:
            fitted = next(fitting)
        except StopIteration as ended:
            fit, place = ended.value
            break
        yield total // 2 + int(fitted / max(1, len(one)) * total / 2), total
    good = np.flatnonzero(fit >= FIT)
    one, other, way, place = one[good], other[good], way[good], place[good]
    parts = [slice(start, start + _GLANCES) for start in range(0, len(one), _GLANCES)]
    ways, places = way.astype(np.int64), place.astype(np.int64)

    def glance(part: slice) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        seen = second_glance(signatures, one[part], other[part], ways[part], places[part])
        return seen.likeness, seen.over

    like = np.zeros(len(one), np.float32)
    for part, (alike_there, over) in zip(parts, pool.map(glance, parts), strict=True):
        like[part] = np.where((alike_there >= LIKE) & (over >= OVER), alike_there, 0)
        yield total - 1, total
    good = np.flatnonzero(like)
    return Candidates(one[good], other[good], way[good], like[good], place[good])


def _by_embedding(library: Library, positions: Positions, new: npt.NDArray[np.bool_]) -> Generator[int, None, _Found]:
    """Pairs whose raw embeddings are near; yields how many photos are done."""
    rows = np.flatnonzero(positions >= 0)
    wanted = rows[new[rows]]
    if len(rows) < 2 or not len(wanted):
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)
    if len(rows) <= EXACT_UP_TO:
        return (yield from _exact(library, positions, rows, wanted))
    view = library.view
    if view is None or int(positions[rows].max()) >= view.rows:
        rows = rows[positions[rows] < (0 if view is None else view.rows)]
        wanted = rows[new[rows]]
    if view is None or not len(wanted):
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)
    if hnsw_available():
        one, other = yield from _by_graph(library, view, positions, rows, wanted)
    else:
        one, other = yield from _in_space(view, positions, rows, wanted)
    return (yield from _raw(library, positions, one, other))


def _exact(library: Library, positions: Positions, rows: Positions, wanted: Positions) -> Generator[int, None, _Found]:
    with closing(library.main.reading_store()) as store:
        vectors = store.read(MAIN_LAYER, positions[rows])
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    yield 0
    places = np.searchsorted(rows, wanted)
    ones, others = [], []
    for start in range(0, len(places), _BLOCK):
        part = places[start : start + _BLOCK]
        cosines = vectors[part] @ vectors.T
        cosines[np.arange(len(part)), part] = -1
        at, near = _best(cosines, 2 * _NEIGHBOURS, COSINE)
        ones.append(rows[part[at]])
        others.append(rows[near])
        yield start + len(part)
    one, other = _ordered(np.concatenate(ones), np.concatenate(others))
    at, to = np.searchsorted(rows, one), np.searchsorted(rows, other)
    cosines = np.concatenate(
        [
            np.einsum("ij,ij->i", vectors[at[part : part + _ROWS]], vectors[to[part : part + _ROWS]])
            for part in range(0, max(1, len(one)), _ROWS)
        ]
    )
    return one, other, cosines


def _best(cosines: npt.NDArray[np.float32], count: int, least: float) -> _Pairs:
    """Row and column of the `count` largest of each row that are at least so large."""
    if cosines.shape[1] > count:
        near = np.argpartition(cosines, -count, axis=1)[:, -count:]
        kept = np.take_along_axis(cosines, near, 1) >= least
        at, column = np.nonzero(kept)
        return at, near[at, column]
    return np.nonzero(cosines >= least)  # type: ignore[return-value]


def _in_space(
    view: SpaceView, positions: Positions, rows: Positions, wanted: Positions
) -> Generator[int, None, _Pairs]:
    """Without a graph: each new photo with every other, in the index space."""
    matrix = np.ascontiguousarray(view.matrix[positions[rows]])
    places = np.searchsorted(rows, wanted)
    ones, others = [], []
    for start in range(0, len(places), _BLOCK):
        part = places[start : start + _BLOCK]
        cosines = matrix[part] @ matrix.T
        cosines[np.arange(len(part)), part] = -1
        at, near = _best(cosines, _NEIGHBOURS, _NEAR)
        ones.append(rows[part[at]])
        others.append(rows[near])
        yield start + len(part)
    return _ordered(np.concatenate(ones), np.concatenate(others))


def _by_graph(
    library: Library, view: SpaceView, positions: Positions, rows: Positions, wanted: Positions
) -> Generator[int, None, _Pairs]:
    stamp = graph_stamp(library.main, view)
    graph = HnswIndex.load(library.main.hnsw_file, stamp, view.matrix)
    if graph is None:
        steps = HnswIndex.build(view.matrix, np.sort(positions[rows]), stamp, threads=cores())
        while True:
            try:
                next(steps)
            except StopIteration as ended:
                graph = ended.value
                break
            yield 0
    assert graph is not None
    yield 0
    # the first photo at each element of the graph: equal vectors share one
    owners = np.full(view.rows, -1, np.int64)
    owners[: min(graph.rows, view.rows)] = graph.owners[: view.rows]
    photo_of = np.full(view.rows, -1, np.int64)
    photo_of[positions[rows[::-1]]] = rows[::-1]
    first_of = np.full(view.rows, -1, np.int64)
    own = owners[positions[rows]]
    within = own >= 0
    first_of[own[within][::-1]] = rows[within][::-1]
    ones, others = [rows[within]], [first_of[own[within]]]
    outside = wanted[owners[positions[wanted]] < 0]
    asked = wanted if len(wanted) <= _FEW else outside
    for done, photo in enumerate(asked.tolist()):
        near, cosines = graph.search(view.matrix[positions[photo]], _NEIGHBOURS + 1)
        near = near[cosines >= _NEAR]
        others.append(photo_of[near])
        ones.append(np.full(len(near), photo, np.int64))
        if done % 256 == 0:
            yield done
    if len(wanted) > _FEW:
        table = graph.table(view.matrix, _NEIGHBOURS, cores())
        while True:
            try:
                yield min(next(table), len(wanted))
            except StopIteration as ended:
                elements, near, cosines = ended.value
                break
        at, column = np.nonzero(cosines >= _NEAR)
        ones.append(first_of[elements[at]])
        others.append(first_of[elements[near[at, column]]])
    one, other = np.concatenate(ones), np.concatenate(others)
    there = (one >= 0) & (other >= 0)
    one, other = one[there], other[there]
    fresh = np.zeros(len(positions), np.bool_)
    fresh[wanted] = True
    needed = fresh[one] | fresh[other]
    return _ordered(one[needed], other[needed])


def _ordered(one: Positions, other: Positions) -> _Pairs:
    """Each pair once, the earlier photo first."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    size = int(high.max()) + 1 if len(high) else 1
    keys = np.unique(low[low < high] * size + high[low < high])
    return keys // size, keys % size


def _raw(library: Library, positions: Positions, one: Positions, other: Positions) -> Generator[int, None, _Found]:
    """Of pairs those whose raw cosine is large enough."""
    cosines = np.empty(len(one), np.float32)
    with closing(library.main.reading_store()) as store:
        for start in range(0, len(one), _ROWS):
            part = slice(start, start + _ROWS)
            seen, at = np.unique(np.concatenate([one[part], other[part]]), return_inverse=True)
            order = np.argsort(positions[seen])
            vectors = np.empty((len(seen), library.main.source.layers[MAIN_LAYER]), np.float32)
            vectors[order] = store.read(MAIN_LAYER, positions[seen[order]])
            vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
            half = len(at) // 2
            cosines[part] = np.einsum("ij,ij->i", vectors[at[:half]], vectors[at[half:]])
            yield len(positions)
    good = cosines >= COSINE
    return one[good], other[good], cosines[good]
