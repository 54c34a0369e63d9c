"""Finding copies: the same bytes, the same shot in another form, and other shots of the same scene.

What was found out about photos is kept by content in a file of the library (`copies.sqlite`, a cache): a second run,
or one after some photos came, costs only what is new. Nothing is ever removed here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import features, not_copies
from desktop_app.core.catalog.copies_cache import CopiesCache, Pair, Picture
from desktop_app.core.duplicates import signature
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
from desktop_app.core.operations.pipeline import cores
from desktop_app.core.types import Positions, Progress

VERSION = 1
"""Of what the cache holds: raise it whenever signatures, candidates or measurements change."""

FILE = "copies.sqlite"

_CHUNK = 256
_ALIKE = 0.75  # raw cosine of two shots in a row of one scene
_CORRELATED = 0.85  # correlation of their tiny pictures
_READING = "Looking at the photos"
_SEARCHING = "Looking for photos that may be copies"
_COMPARING = "Comparing photos pixel by pixel"


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
        known = {picture[0]: picture for picture in cache.pictures()}
        yield CopiesProgress(_READING, 0, len(pictures.contents), exact=first)
        yield from _signatures(library, cache, pictures, known, pool, first)
        own = [known.get(content) for content in pictures.contents]
        readable = np.array([one is not None and bool(one[1]) for one in own], np.bool_)
        numbers, twins = _without_twins(pictures, own, readable)
        nodes = [pictures.contents[number] for number in numbers]
        table = np.stack(
            [np.frombuffer(known[content][1], np.uint8).reshape(signature.SIDE, signature.SIDE) for content in nodes]
            or [np.zeros((signature.SIDE, signature.SIDE), np.uint8)]
        )[: len(nodes)]
        at = _positions(library, pictures, numbers)
        yield CopiesProgress(_SEARCHING, exact=first)
        pairs = cache.pairs()
        pairs += yield from _candidates(library, cache, nodes, table, at, known, first)
        near, fits = _near(pairs, nodes)
        looks = Looks(library, cache, nodes, table, [pictures.shots[n] for n in numbers], fits, pool)
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
        sum(len(photos) for photos, good in zip(pictures.photos, readable, strict=True) if not good),
        len(said),
        compared=looks.made,
    )


def _signatures(
    library: Library,
    cache: CopiesCache,
    pictures: Pictures,
    known: dict[bytes, Picture],
    pool: ThreadPoolExecutor,
    first: Found,
) -> Generator[CopiesProgress]:
    """Make the tiny pictures that are not there yet; `known` gets them."""
    missing = [content for content in pictures.contents if content not in known]
    total = len(missing)
    waiting: list[Picture] = []
    for start in range(0, total, _CHUNK):
        part = missing[start : start + _CHUNK]
        jpegs = library.thumbnails.get(part)
        there = [content for content in part if content in jpegs]  # the others may get one yet
        made = pool.map(signature.signature_of, [jpegs[content] for content in there])
        for content, one in zip(there, made, strict=True):
            digest = hashlib.blake2b(jpegs[content], digest_size=16).digest()
            waiting.append((content, b"" if one is None else one.tobytes(), digest, ""))
        if len(waiting) >= 8 * _CHUNK or start + _CHUNK >= total:
            cache.put_pictures(waiting)
            known.update((picture[0], picture) for picture in waiting)
            waiting = []
        yield CopiesProgress(_READING, min(start + _CHUNK, total), total, exact=first)


def _without_twins(
    pictures: Pictures, own: Sequence[Picture | None], readable: npt.NDArray[np.bool_]
) -> tuple[list[int], dict[int, list[int]]]:
    """Pictures to compare, by number; and for each the others that show the same to the last bit of the thumbnail."""
    first: dict[tuple[bytes, int, int], int] = {}
    twins: dict[int, list[int]] = {}
    numbers = []
    for number in np.flatnonzero(readable).tolist():
        picture = own[number]
        assert picture is not None
        key = (picture[2], *pictures.sizes[number])
        if key in first and np.frombuffer(picture[1], np.uint8).std() >= signature.FLAT:
            twins.setdefault(first[key], []).append(number)
        else:
            first[key] = number
            numbers.append(number)
    return numbers, twins


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
    known: dict[bytes, Picture],
    first: Found,
) -> Generator[CopiesProgress, None, list[Pair]]:
    """Look for what new pictures may be copies of; the cache gets the pairs, too."""
    by = library.network.key
    new = np.array(
        [known[content][3] != (by if at >= 0 else "-") for content, at in zip(nodes, positions.tolist(), strict=True)],
        np.bool_,
    )
    if not new.any():
        return []
    steps = candidates(library, table, positions, new)
    while True:
        try:
            done, total = next(steps)
        except StopIteration as ended:
            found = ended.value
            break
        yield CopiesProgress(_SEARCHING, done, total, exact=first)
    columns = (found.one, found.other, found.way, found.fit, found.place)
    pairs = [
        (nodes[one], nodes[other], way, fit, place)
        for one, other, way, fit, place in zip(*(column.tolist() for column in columns), strict=True)
    ]
    for start in range(0, max(1, len(pairs)), 20_000):
        cache.put_pairs(pairs[start : start + 20_000], [], by)
        yield CopiesProgress(_SEARCHING, total, total, exact=first)
    for able, name in ((True, by), (False, "-")):
        cache.put_pairs([], [nodes[n] for n in np.flatnonzero(new & ((positions >= 0) == able)).tolist()], name)
    return pairs


def _near(
    pairs: Sequence[Pair], nodes: Sequence[bytes]
) -> tuple[dict[int, list[tuple[int, int, float]]], dict[tuple[int, int, int], tuple[float, int]]]:
    """Pairs by number: for each picture those before it, and how each pair fits."""
    number = {content: place for place, content in enumerate(nodes)}
    near: dict[int, list[tuple[int, int, float]]] = {}
    fits: dict[tuple[int, int, int], tuple[float, int]] = {}
    for first, then, way, fit, place in pairs:
        if first in number and then in number:
            one, other = number[first], number[then]
            near.setdefault(other, []).append((one, way, fit))
            fits[one, other, way] = fit, place
    return near, fits


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
