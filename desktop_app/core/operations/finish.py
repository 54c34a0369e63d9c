"""Keeping likeness up to date: the projection is fitted, the index space filled, the HNSW graph built.

While an ingest runs, `catch_up` keeps new photos searchable with a provisional projection. At its end `finish` fits
the one that depends only on the set of photos, so that a run that was killed and resumed ends like one that was not.
"""

from __future__ import annotations

import time
from collections.abc import Generator

import numpy as np

from desktop_app.core.catalog import features, photos
from desktop_app.core.index.hnsw import HnswIndex, hnsw_available
from desktop_app.core.index.hnsw_file import Stamp
from desktop_app.core.index.projection import SAMPLE, SMALLEST_FIT, Projection
from desktop_app.core.index.search import EXACT_BELOW
from desktop_app.core.index.space import SpaceView
from desktop_app.core.library import MAIN_LAYER, Library, write_error
from desktop_app.core.types import Changes, Progress

_PROVISIONAL_SAMPLE = 1_000
_PROVISIONAL_GROWTH = 6  # a passing fit is made anew when the library has grown this many times
_KEEP = 10.0  # seconds of new rows in the space that the next start may have to make again
_TEXT = "Putting photos in order"


def catch_up(library: Library) -> None:
    """Bring the index space level with the vectors, in the middle of an ingest.

    Raises:
        UserError: the disk is full or refuses.
    """
    rows = library.store.rows
    now = library.space.projection
    try:
        if now is None or (rows >= SMALLEST_FIT and rows >= _PROVISIONAL_GROWTH * _fitted_on(now)):
            for _ in _refit(library, _PROVISIONAL_SAMPLE, provisional=True):
                pass
        elif library.space.rows < rows:
            library.space.extend(library.store.read(MAIN_LAYER, slice(library.space.rows, rows)))
        if time.monotonic() - library.kept >= _KEEP:
            library.space.flush()
            library.kept = time.monotonic()
    except OSError as error:
        raise write_error(error, library.folder) from error
    library.publish()


def _fitted_on(projection: Projection) -> float:
    """Photos that count as the base of growth; without components the first real fit is due at once."""
    return projection.fitted_on if projection.components is not None else 0.0


def finish(library: Library) -> Generator[Progress, None, None]:
    """Fit what has to be fitted and bring the HNSW graph level with the index space.

    Raises:
        UserError: the disk is full or refuses.
    """
    count = photos.count_present(library.connection)
    if not count or not library.store.rows:
        return
    yield Progress(_TEXT)
    now = library.space.projection
    try:
        if now is None or now.provisional or count < SMALLEST_FIT or count >= 2 * now.fitted_on:
            for rows in _refit(library, SAMPLE, provisional=False):
                yield Progress(_TEXT, rows, library.store.rows)
        elif library.space.rows < library.store.rows:
            library.space.extend(library.store.read(MAIN_LAYER, slice(library.space.rows, library.store.rows)))
        library.space.flush()
        library.publish()
        yield Progress(_TEXT, changes=Changes(index=True))
        if hnsw_available():
            yield from _build_graph(library)
    except OSError as error:
        raise write_error(error, library.folder) from error
    yield Progress(_TEXT, changes=Changes(index=True))


def _refit(library: Library, sample_size: int, *, provisional: bool) -> Generator[int, None, None]:
    where = features.positions_by_content(library.connection, library.network.key, sample_size)
    if not len(where):
        return
    count = max(photos.count_present(library.connection), len(where))
    sample = library.store.read(MAIN_LAYER, where)
    projection = Projection.fit(sample, count, library.reference_mean(), provisional=provisional)
    now = library.space.projection
    same = now is not None and (now.digest, now.provisional) == (projection.digest, provisional)
    if same and library.space.rows == library.store.rows:
        return
    yield from library.space.replacing(projection, library.store.chunks(MAIN_LAYER))


def _build_graph(library: Library) -> Generator[Progress, None, None]:
    """Bring the saved graph level with the space: extend it where it fits, else build it anew."""
    view = library.view
    if view is None or not view.rows:
        return
    stamp = graph_stamp(library, view)
    live, _ = features.positions(library.connection, library.network.key)
    live = live[live < view.rows]
    graph = HnswIndex.load(library.hnsw_file, stamp, view.matrix)
    if graph is not None:
        before = graph.rows
        new = np.setdiff1d(live, graph.positions, assume_unique=True)
        gone = np.setdiff1d(graph.positions, live, assume_unique=True)
        if before == view.rows and not len(new) and not len(gone):
            return
        graph.mark_deleted(gone)
        steps: Generator[int, None, object] = graph.extend(view.matrix, new)
    else:
        new = live
        steps = HnswIndex.build(view.matrix, live, stamp)
    while True:
        try:
            done = next(steps)
        except StopIteration as ended:
            built = graph if graph is not None else ended.value
            break
        yield Progress(_TEXT, done, len(new))
    assert isinstance(built, HnswIndex)
    built.save(library.hnsw_file)
    library.graph = built if view.rows > EXACT_BELOW else None


def graph_stamp(library: Library, view: SpaceView) -> Stamp:
    """What a graph has to belong to for this library."""
    return Stamp(network=library.network.key, projection=view.projection.digest, dimension=view.projection.dimension)
