"""Which photos of a library are nearest to each: what the map and journeys are made from."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from desktop_app.core.descriptor_files import DescriptorFiles
from desktop_app.core.index.hnsw import HnswIndex, hnsw_available
from desktop_app.core.index.space import SpaceView
from desktop_app.core.library import Library
from desktop_app.core.mapping.neighbours import NeighbourTable, exact_table
from desktop_app.core.operations.finish import graph_stamp
from desktop_app.core.operations.places import NONE, places
from desktop_app.core.types import Positions, Progress, Vectors

EXACT_UP_TO = 12_000
"""Up to so many rows every one is compared with every other; beyond, neighbours come from the HNSW graph."""


def comparable(library: Library, files: DescriptorFiles) -> tuple[Positions, Positions, SpaceView | None]:
    """The photos that have vectors in the index space, by rising id, and the rows where they are."""
    view = files.view
    if view is None:
        return np.empty(0, np.int64), np.empty(0, np.int64), None
    known = places(library, files.key)
    known.refresh()
    of_row = known.until(view.rows)[: view.rows]
    rows = np.flatnonzero(of_row != NONE)
    ids = of_row[rows]
    order = np.argsort(ids, kind="stable")
    return ids[order].astype(np.int64), rows[order].astype(np.int64), view


def neighbourhood(
    library: Library, files: DescriptorFiles, view: SpaceView, rows: Positions, count: int, threads: int
) -> Generator[Progress, None, tuple[Vectors, Positions, Generator[int, None, NeighbourTable]]]:
    """Unit rows, for each photo the index of its row among them, and what finds their neighbours.

    Equal photos would take all of one another's neighbours: one stands for them.

    Args:
        library: the open library.
        files: of the descriptor.
        view: its index space.
        rows: int64 (n,), the photos' rows in it.
        count: neighbours of each.
        threads: to work with.
    """
    if len(rows) > EXACT_UP_TO and hnsw_available():
        graph = yield from _graph(library, files, view, rows, threads)
        elements, of_row = np.unique(graph.owners[rows], return_inverse=True)
        table = _from_graph(graph, view, count, threads)
        return np.ascontiguousarray(view.matrix[elements]), of_row.ravel(), table
    matrix = np.ascontiguousarray(view.matrix[rows])
    whole_rows = matrix.view(np.dtype((np.void, matrix.dtype.itemsize * matrix.shape[1]))).ravel()
    _, first, of_row = np.unique(whole_rows, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    matrix = np.ascontiguousarray(matrix[first[order]])
    return matrix, rank[of_row.ravel()], exact_table(matrix, count)


def _from_graph(graph: HnswIndex, view: SpaceView, count: int, threads: int) -> Generator[int, None, NeighbourTable]:
    _, near, cosines = yield from graph.table(view.matrix, count, threads)
    return NeighbourTable(near, cosines)


def _graph(
    library: Library, files: DescriptorFiles, view: SpaceView, rows: Positions, threads: int
) -> Generator[Progress, None, HnswIndex]:
    """The library's graph where it has one that is level; else one made for the moment."""
    if files is library.main:
        graph = HnswIndex.load(files.hnsw_file, graph_stamp(files, view), view.matrix)
        if graph is not None and np.array_equal(np.sort(graph.positions), np.sort(rows)):
            return graph
    steps = HnswIndex.build(view.matrix, np.sort(rows), graph_stamp(files, view), threads=threads)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            built = ended.value
            assert isinstance(built, HnswIndex)
            return built
        yield Progress("")
