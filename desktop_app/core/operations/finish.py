"""Keeping likeness up to date: the projection is fitted, the index space filled, the HNSW graph built.

While an ingest runs, `catch_up` keeps new photos searchable with a provisional projection. At its end `finish` fits
the one that depends only on the set of photos, so that a run that was killed and resumed ends like one that was not.
"""

from __future__ import annotations

import time
from collections.abc import Generator

import numpy as np

from desktop_app.core.catalog import features
from desktop_app.core.descriptor_files import DescriptorFiles
from desktop_app.core.index.hnsw import HnswIndex, hnsw_available
from desktop_app.core.index.hnsw_file import Stamp
from desktop_app.core.index.projection import SAMPLE, SMALLEST_FIT, Projection
from desktop_app.core.index.search import EXACT_BELOW
from desktop_app.core.index.space import SpaceView
from desktop_app.core.library import Library, write_error
from desktop_app.core.types import Changes, Progress

_PROVISIONAL_SAMPLE = 1_000
_PROVISIONAL_GROWTH = 6  # a passing fit is made anew when the library has grown this many times
_KEEP = 10.0  # seconds of new rows in the space that the next start may have to make again
_STEP = 4_096  # rows between two reports
IN_ORDER = "Putting photos in order"
"""What the progress of `finish` says."""


def catch_up(library: Library, files: DescriptorFiles | None = None) -> None:
    """Bring the index space of a descriptor (the library's own) level with its vectors, in the middle of an ingest.

    Raises:
        UserError: the disk is full or refuses.
    """
    files = files or library.main
    space, rows = files.space, files.store.rows
    now = space.projection
    try:
        if now is None or (rows >= SMALLEST_FIT and rows >= _PROVISIONAL_GROWTH * _fitted_on(now)):
            for _ in _refit(library, files, _PROVISIONAL_SAMPLE, provisional=True):
                pass
        elif space.rows < rows:
            space.extend(files.store.read(files.layer, slice(space.rows, rows)))
        if time.monotonic() - files.kept >= _KEEP:
            space.flush()
            files.kept = time.monotonic()
    except OSError as error:
        raise write_error(error, library.folder) from error
    files.publish()


def _fitted_on(projection: Projection) -> float:
    """Photos that count as the base of growth; without components the first real fit is due at once."""
    return projection.fitted_on if projection.components is not None else 0.0


def finish(library: Library, files: DescriptorFiles | None = None) -> Generator[Progress, None, None]:
    """Fit what has to be fitted of a descriptor, and bring the HNSW graph and the classes to search level with it.

    Only what the library compares by has a graph: duplicates, themes and the map go through it. Other descriptors are
    only searched, which is a few milliseconds without one.

    Args:
        library: open for writing.
        files: of the descriptor; None for the library's own.

    Raises:
        UserError: the disk is full or refuses.
    """
    files = files or library.main
    count = features.count_with(library.connection, files.key)
    if not count or not files.store.rows:
        return
    yield Progress(IN_ORDER)
    space, now = files.space, files.space.projection
    try:
        if now is None or now.provisional or count < SMALLEST_FIT or count >= 2 * now.fitted_on:
            for rows in _refit(library, files, SAMPLE, provisional=False):
                yield Progress(IN_ORDER, rows, files.store.rows)
        elif space.rows < files.store.rows:
            for start in range(space.rows, files.store.rows, _STEP):
                space.extend(files.store.read(files.layer, slice(start, min(start + _STEP, files.store.rows))))
                yield Progress(IN_ORDER, space.rows, files.store.rows)
        space.flush()
        files.publish()
        yield Progress(IN_ORDER, changes=Changes(index=True))
        if hnsw_available() and files is library.main:
            yield from _build_graph(library, files)
        from desktop_app.core.operations.word_classes import keep_classes  # windows start without it

        yield from keep_classes(library, files)
    except OSError as error:
        raise write_error(error, library.folder) from error
    yield Progress(IN_ORDER, changes=Changes(index=True))


def _refit(
    library: Library, files: DescriptorFiles, sample_size: int, *, provisional: bool
) -> Generator[int, None, None]:
    where = features.positions_by_content(library.connection, files.key, sample_size)
    if not len(where):
        return
    count = max(features.count_with(library.connection, files.key), len(where))
    sample = files.store.read(files.layer, where)
    projection = Projection.fit(sample, count, files.reference_mean(), provisional=provisional)
    now = files.space.projection
    same = now is not None and (now.digest, now.provisional) == (projection.digest, provisional)
    if same and files.space.rows == files.store.rows:
        return
    yield from files.space.replacing(projection, files.store.chunks(files.layer))


def _build_graph(library: Library, files: DescriptorFiles) -> Generator[Progress, None, None]:
    """Bring the saved graph level with the space: extend it where it fits, else build it anew."""
    view = files.view
    if view is None or not view.rows:
        return
    stamp = graph_stamp(files, view)
    live, _ = features.positions(library.connection, files.key)
    live = live[live < view.rows]
    graph = HnswIndex.load(files.hnsw_file, stamp, view.matrix)
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
        yield Progress(IN_ORDER, done, len(new))
    assert isinstance(built, HnswIndex)
    built.save(files.hnsw_file)
    files.graph = built if view.rows > EXACT_BELOW else None


def graph_stamp(files: DescriptorFiles, view: SpaceView) -> Stamp:
    """What a graph has to belong to for these files."""
    return Stamp(network=files.stamp, projection=view.projection.digest, dimension=view.projection.dimension)
