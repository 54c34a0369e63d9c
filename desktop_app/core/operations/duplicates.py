"""Finding copies: the same bytes, the same shot in another form, and other shots of the same scene.

What was found out about photos is kept by content in a file of the library (`copies.sqlite`, a cache): a second run,
or one after some photos came, costs only what is new. Nothing is ever removed here.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import features, not_copies
from desktop_app.core.catalog.copies_cache import CopiesCache, Pair
from desktop_app.core.duplicates.gather import Gathered, gather
from desktop_app.core.duplicates.scenes import bursts, in_a_row
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.copy_candidates import candidates
from desktop_app.core.operations.copy_found import (
    Found,
    Pictures,
    apart_of,
    burst_sets,
    exact_sets,
    near_sets,
    pictures_of,
)
from desktop_app.core.operations.copy_looks import Looks
from desktop_app.core.operations.copy_signatures import tiny_pictures, without_twins
from desktop_app.core.operations.pipeline import cores
from desktop_app.core.types import Positions, Progress

VERSION = 3
"""Of what the cache holds: raise it whenever signatures, candidates or measurements change."""

FILE = "copies.sqlite"

_CHUNK = 256
_ALIKE = 0.75  # raw cosine of two shots in a row of one scene
_CORRELATED = 0.85  # correlation of their tiny pictures
_READING = "Looking at the photos"
_SEARCHING = "Looking for photos that may be copies"
_COMPARING = "Comparing photos pixel by pixel"


_Near = dict[int, list[tuple[int, int, float]]]
_Fits = dict[tuple[int, int, int], tuple[float, int]]
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class CopiesProgress(Progress):
    """How far the search is.

    Attributes:
        exact: the sets of equal files, known at once; every later report has it too.
    """

    exact: Found | None = None


def find_duplicates(library: Library, *, threads: int = 0) -> Generator[CopiesProgress, None, Found]:
    """Find every set of copies. Close the generator to stop: what was found out is kept.

    Args:
        library: the open library; its photos are only read. Where it is not writable nothing is kept.
        threads: to compare with; 0: one for each core.

    Raises:
        UserError: the disk is full or refuses.
    """
    yield CopiesProgress(_READING)
    pictures, away = pictures_of(library)
    said = not_copies.all_pairs(library.connection)
    count = sum(len(photos) for photos in pictures.photos)
    exact = exact_sets(pictures, said)
    first = Found(exact, count, away, 0, len(said), whole=False)
    yield CopiesProgress(_READING, 0, len(pictures.contents), exact=first)
    with (
        closing(CopiesCache(library.folder / FILE, VERSION, writable=library.writable)) as cache,
        ThreadPoolExecutor(threads or cores(), "copies") as pool,
    ):
        added = [photos[0] for photos in pictures.photos]
        tiny = yield from _told(tiny_pictures(library, cache, pictures.contents, added, pool), _READING, first)
        numbers, twins = without_twins(tiny, pictures.sizes)
        yield CopiesProgress(_SEARCHING, exact=first)
        nodes = [pictures.contents[number] for number in numbers]
        table = tiny.table[numbers]
        at = _positions(library, pictures, numbers)
        yield CopiesProgress(_SEARCHING, exact=first)
        searched = [tiny.searched[number] for number in numbers]
        near, fits = _Near(), _Fits()
        number = {content: place for place, content in enumerate(nodes)}
        for part in cache.pairs():
            _note(part, number, near, fits)
            yield CopiesProgress(_SEARCHING, exact=first)
        new = yield from _candidates(library, cache, nodes, table, at, searched, pool, first)
        _note(new, number, near, fits)
        looks = Looks(library, cache, nodes, table, [pictures.shots[n] for n in numbers], fits, pool)
        for _ in looks.read():
            yield CopiesProgress(_COMPARING, 0, len(near), exact=first)
        apart = apart_of(said, nodes)
        gathering = gather(near, len(nodes), looks, apart)
        try:
            while True:
                try:
                    done = next(gathering)
                except StopIteration as ended:
                    gathered: Gathered = ended.value
                    break
                yield CopiesProgress(_COMPARING, done, len(near), exact=first)
        finally:
            looks.keep()
        yield CopiesProgress(_COMPARING, len(near), len(near), exact=first)
        rows = _in_a_row(library, looks, at, gathered)
    sets = [*exact, *near_sets(pictures, numbers, twins, gathered, said)]
    scenes = [
        (gathered.first.get(one, one), gathered.first.get(other, other), fit) for one, other, fit in gathered.scenes
    ]
    sets += burst_sets(pictures, numbers, bursts(rows, scenes, apart))
    return Found(
        tuple(sets),
        count,
        away,
        sum(len(pictures.photos[number]) for number in np.flatnonzero(~tiny.readable).tolist()),
        len(said),
        compared=looks.made,
    )


def _told(
    steps: Generator[tuple[int, int], None, _Result], text: str, first: Found
) -> Generator[CopiesProgress, None, _Result]:
    """Steps with their progress in words."""
    while True:
        try:
            done, total = next(steps)
        except StopIteration as ended:
            result: _Result = ended.value
            return result
        yield CopiesProgress(text, done, total, exact=first)


def _positions(library: Library, pictures: Pictures, numbers: Sequence[int]) -> Positions:
    """Where the embedding of each picture is: int64 (n,), -1 where there is none."""
    where, ids = features.positions(library.connection, library.network.key)
    of = dict(zip(ids.tolist(), where.tolist(), strict=True))
    found = [next((of[photo] for photo in pictures.photos[number] if photo in of), -1) for number in numbers]
    return np.array(found, np.int64)


def _candidates(
    library: Library,
    cache: CopiesCache,
    nodes: Sequence[bytes],
    table: npt.NDArray[np.uint8],
    positions: Positions,
    searched: Sequence[str],
    pool: ThreadPoolExecutor,
    first: Found,
) -> Generator[CopiesProgress, None, list[Pair]]:
    """Look for what new pictures may be copies of; the cache gets the pairs, too."""
    by = library.network.key
    new = np.array(
        [done != (by if at >= 0 else "-") for done, at in zip(searched, positions.tolist(), strict=True)],
        np.bool_,
    )
    if not new.any():
        return []
    found = yield from _told(candidates(library, table, positions, new, pool), _SEARCHING, first)
    columns = (found.one, found.other, found.way, found.fit, found.place)
    pairs = [
        (nodes[one], nodes[other], way, fit, place)
        for one, other, way, fit, place in zip(*(column.tolist() for column in columns), strict=True)
    ]
    pairs.sort()  # so they are written several times as fast
    for start in range(0, max(1, len(pairs)), 20_000):
        cache.put_pairs(pairs[start : start + 20_000], [], by)
        yield CopiesProgress(_SEARCHING, exact=first)
    for able, name in ((True, by), (False, "-")):
        cache.put_pairs([], [nodes[n] for n in np.flatnonzero(new & ((positions >= 0) == able)).tolist()], name)
    return pairs


def _note(pairs: Iterable[Pair], number: Mapping[bytes, int], near: _Near, fits: _Fits) -> None:
    """Pairs by number: for each picture those before it, and how each pair fits."""
    for first, then, way, fit, place in pairs:
        if first in number and then in number:
            one, other = number[first], number[then]
            near.setdefault(other, []).append((one, way, fit))
            fits[one, other, way] = fit, place


def _in_a_row(library: Library, looks: Looks, positions: Positions, gathered: Gathered) -> list[tuple[int, int, float]]:
    """Shots in a row that look alike, with how much; of copies the first one only.

    Alike are near embeddings, or tiny pictures that correlate.
    """
    firsts = [n for n in range(len(positions)) if gathered.first.get(n, n) == n]
    pairs = np.array(in_a_row(looks.shots, firsts), np.int64).reshape(-1, 2)
    alike = looks.at_a_glance(pairs[:, 0], pairs[:, 1])
    alike[alike < _CORRELATED] = 0
    known = np.flatnonzero((positions[pairs] >= 0).all(axis=1))
    with closing(library.main.reading_store()) as store:
        for start in range(0, len(known), _CHUNK):
            part = known[start : start + _CHUNK]
            vectors = store.read(MAIN_LAYER, positions[pairs[part]].ravel()).reshape(len(part), 2, -1)
            vectors /= np.maximum(np.linalg.norm(vectors, axis=2, keepdims=True), 1e-9)
            cosines = (vectors[:, 0] * vectors[:, 1]).sum(axis=1)
            alike[part] = np.maximum(alike[part], np.where(cosines >= _ALIKE, cosines, 0))
    return [(one, other, value) for (one, other), value in zip(pairs.tolist(), alike.tolist(), strict=True) if value]
