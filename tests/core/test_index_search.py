"""The searcher: whatever it uses inside, it answers as an exact search over all rows would."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.index import Projection, Searcher, Snapshot, SpaceView, Stamp, hnsw_available
from desktop_app.core.index.exact import ExactIndex
from desktop_app.core.index.hnsw import HnswIndex
from tests.core.test_index_hnsw import finish

WIDTH = 48


def raw(count: int, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((40, WIDTH))
    return (centres[random.integers(40, size=count)] + 0.7 * random.standard_normal((count, WIDTH))).astype("f4")


@pytest.fixture(scope="module")
def view() -> SpaceView:
    vectors = raw(3000)
    projection = Projection.fit(vectors, 3000, None, 24)
    return SpaceView(projection, projection.apply(vectors), 1)


@pytest.fixture(scope="module")
def hnsw(view: SpaceView) -> HnswIndex:
    """Over the older 2,500 of 3,000 rows."""
    if not hnsw_available():
        pytest.skip("hnswlib is not installed")
    stamp = Stamp("network", view.projection.digest, 24)
    return finish(HnswIndex.build(view.matrix, np.arange(2500, dtype=np.int64), stamp, rows=2500))


def shares(snapshot: Snapshot, live: np.ndarray | None = None, limit: int = 20) -> float:
    exact = ExactIndex(snapshot.view.matrix)
    out = []
    for query in snapshot.projection.apply(raw(80, 1)):
        positions, cosines = snapshot.search(query, limit)
        wanted = exact.search(query, limit, live)[0]
        assert len(positions) == len(wanted)
        assert (np.diff(cosines) <= 0).all()
        assert np.allclose(cosines, snapshot.view.matrix[positions] @ query, atol=1e-6)
        assert live is None or live[positions].all()
        out.append(len(np.intersect1d(positions, wanted)) / len(wanted) if len(wanted) else 1.0)
    return float(np.mean(out))


def test_newer_rows_are_found_beside_the_index(view: SpaceView, hnsw: HnswIndex) -> None:
    snapshot = Snapshot(view, hnsw, exact_below=0)
    assert snapshot.hnsw is hnsw
    assert shares(snapshot) >= 0.98
    for position in (2500, 2999):
        assert snapshot.search(view.matrix[position], 1)[0].tolist() == [position]


@pytest.mark.parametrize("share", [0.9, 0.5, 0.02, 0.0])
def test_rows_that_are_not_live_are_not_found_and_cost_no_results(
    view: SpaceView, hnsw: HnswIndex, share: float
) -> None:
    live = np.random.default_rng(0).random(3000) < share
    assert shares(Snapshot(view, hnsw, live, exact_below=0), live) >= 0.98
    assert shares(Snapshot(view, None, live), live) == 1


def test_with_a_filter_it_is_exact(view: SpaceView, hnsw: HnswIndex) -> None:
    random = np.random.default_rng(1)
    live, allowed = random.random(3000) < 0.8, random.random(3000) < 0.4
    snapshot = Snapshot(view, hnsw, live, exact_below=0)
    for query in view.matrix[::300]:
        positions, _ = snapshot.search(query, 30, allowed)
        assert positions.tolist() == ExactIndex(view.matrix).search(query, 30, live & allowed)[0].tolist()


def test_few_rows_are_searched_exactly(view: SpaceView, hnsw: HnswIndex) -> None:
    assert shares(Snapshot(view, hnsw)) == 1


def test_a_limit_beyond_the_end_gives_every_row_once(view: SpaceView, hnsw: HnswIndex) -> None:
    positions, _ = Snapshot(view, hnsw, exact_below=0).search(view.matrix[0], 5000)
    assert sorted(positions.tolist()) == list(range(3000))


def test_an_index_of_another_space_is_left_aside(view: SpaceView, hnsw: HnswIndex) -> None:
    other = Projection.fit(raw(3000, 5), 3000, None, 24)
    assert Snapshot(SpaceView(other, other.apply(raw(3000)), 2), hnsw).hnsw is None
    assert Snapshot(SpaceView(view.projection, view.matrix[:2400], 2), hnsw).hnsw is None


def test_marks_must_be_for_every_row(view: SpaceView) -> None:
    with pytest.raises(ValueError):
        Snapshot(view, None, np.ones(2, bool))


def test_a_searcher_takes_raw_vectors_and_may_be_empty(view: SpaceView) -> None:
    searcher = Searcher()
    assert [len(part) for part in searcher.search(raw(1)[0], 5)] == [0, 0]
    searcher.swap(Snapshot(view))
    positions, cosines = searcher.search(raw(3000)[17], 3)
    assert positions[0] == 17
    assert cosines[0] == pytest.approx(1, abs=1e-6)


def test_searching_goes_on_while_snapshots_are_swapped(tmp_path: Path) -> None:
    """Spaces of different projections and sizes take turns; every answer fits one of them."""
    snapshots = []
    for count, dimensions in ((300, 8), (500, 30), (20, 8)):
        projection = Projection.fit(raw(count), count, None, dimensions)
        snapshots.append(Snapshot(SpaceView(projection, projection.apply(raw(count)), 1)))
    searcher = Searcher(snapshots[0])
    query = raw(1)[0]
    possible = {tuple(Searcher(snapshot).search(query, 9)[0].tolist()) for snapshot in snapshots}
    answers: set[tuple[int, ...]] = set()
    done = threading.Event()

    def ask() -> None:
        while True:
            last = done.is_set()
            answers.add(tuple(searcher.search(query, 9)[0].tolist()))
            if last:
                return

    asking = threading.Thread(target=ask)
    asking.start()
    for turn in range(300):
        searcher.swap(snapshots[turn % 3])
    done.set()
    asking.join()
    assert answers
    assert answers <= possible


def test_the_few_that_are_live_are_found_however_far_away() -> None:
    """The graph is not asked for thousands of results only to throw them away: then every row is looked at."""
    if not hnsw_available():
        pytest.skip("hnswlib is not installed")
    vectors = raw(6000)
    projection = Projection.fit(vectors, 6000, None, 8)
    view = SpaceView(projection, projection.apply(vectors), 1)
    graph = finish(HnswIndex.build(view.matrix, np.arange(6000, dtype=np.int64), Stamp("n", projection.digest, 8)))
    live = np.zeros(6000, bool)
    live[np.argsort(view.matrix @ view.matrix[0])[:5]] = True
    positions, _ = Snapshot(view, graph, live, exact_below=0).search(view.matrix[0], 20)
    assert sorted(positions.tolist()) == np.flatnonzero(live).tolist()
