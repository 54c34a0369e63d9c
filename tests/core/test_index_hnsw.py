"""The HNSW index: finds nearly what exact search finds, never what is deleted, and never loads what is not its own."""

from __future__ import annotations

import sys
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.index.exact import ExactIndex
from desktop_app.core.index.hnsw import HnswIndex, hnsw_available
from desktop_app.core.index.hnsw_file import Stamp
from desktop_app.core.index.projection import unit

pytestmark = pytest.mark.skipif(not hnsw_available(), reason="hnswlib is not installed")

STAMP = Stamp("network/embedding", "digest", 32)


def clustered(count: int, seed: int = 0, width: int = 32) -> np.ndarray:
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((60, width))
    return unit((centres[random.integers(60, size=count)] + 0.6 * random.standard_normal((count, width))).astype("f4"))


def finish(steps: Generator[int, None, HnswIndex | None]) -> HnswIndex | None:
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def build(matrix: np.ndarray, positions: np.ndarray | None = None, rows: int | None = None) -> HnswIndex:
    positions = np.arange(len(matrix), dtype=np.int64) if positions is None else positions
    index = finish(HnswIndex.build(matrix, positions, replace(STAMP, dimension=matrix.shape[1]), rows=rows))
    assert index is not None
    return index


def recall(index: HnswIndex, matrix: np.ndarray, queries: np.ndarray, limit: int = 20) -> float:
    exact = ExactIndex(matrix)
    shares = []
    for query in queries:
        found, wanted = index.search(query, limit)[0], exact.search(query, limit)[0]
        shares.append(len(np.intersect1d(found, wanted)) / len(wanted))
    return float(np.mean(shares))


def test_it_finds_nearly_everything_that_exact_search_finds() -> None:
    matrix = clustered(6000)
    index = build(matrix)
    assert (index.rows, index.count) == (6000, 6000)
    assert recall(index, matrix, clustered(200, 1)) >= 0.98
    assert recall(index, matrix, clustered(50, 2), limit=200) >= 0.98


def test_results_are_in_order_with_true_cosines() -> None:
    matrix = clustered(500)
    index = build(matrix)
    for query in clustered(20, 3):
        positions, found = index.search(query, 12)
        assert positions.dtype == np.int64
        assert np.allclose(found, matrix[positions] @ query, atol=1e-6)
        assert (np.diff(found) <= 0).all()


@pytest.mark.parametrize("count", [0, 1, 2, 30])
def test_a_limit_beyond_the_end(count: int) -> None:
    matrix = clustered(count)
    index = build(matrix)
    positions, _ = index.search(clustered(1, 5)[0], 100)
    assert sorted(positions.tolist()) == list(range(count))
    assert len(index.search(clustered(1, 5)[0], 0)[0]) == 0


def test_hundreds_of_copies_are_no_island() -> None:
    """As elements of their own, copies link only to one another and hide from searches."""
    single, copied = clustered(2000), clustered(10, 7)
    matrix = np.concatenate([np.repeat(copied, 300, axis=0), single])
    matrix = matrix[np.random.default_rng(0).permutation(len(matrix))]
    index = build(matrix)
    assert index.count == 5000
    assert recall(index, matrix, np.concatenate([copied, single[:50]]), limit=320) >= 0.98
    exact, found = ExactIndex(matrix).search(copied[0], 40), index.search(copied[0], 40)
    assert found[0].tolist() == exact[0].tolist()


def test_deleted_positions_are_never_found() -> None:
    matrix = clustered(800)
    matrix[5] = matrix[400] = matrix[3]  # copies go one by one
    index = build(matrix)
    gone = np.array([3, 400, *range(10, 200)], np.int64)
    index.mark_deleted(gone)
    assert index.count == 800 - len(gone)
    assert index.search(matrix[3], 1)[0].tolist() == [5]
    index.mark_deleted(np.array([5, 5, 10_000], np.int64))
    for query in matrix[::20]:
        positions, _ = index.search(query, 800)
        assert not set(positions.tolist()) & {5, *gone.tolist()}
    assert len(index.search(matrix[0], 800)[0]) == 800 - len(gone) - 1
    index.mark_deleted(np.arange(800, dtype=np.int64))
    assert len(index.search(matrix[0], 5)[0]) == 0


def test_deleted_positions_can_come_back(tmp_path: Path) -> None:
    """A photo that was missing is there again, at its old position; copies among them."""
    matrix = clustered(600)
    matrix[[5, 6, 500]] = matrix[4]
    index = build(matrix)
    random = np.random.default_rng(0)
    present = np.ones(600, bool)
    for turn in range(6):
        gone = np.union1d(random.choice(600, 150, replace=False), [4, 5] if turn % 2 else [6])
        index.mark_deleted(gone[present[gone]])
        present[gone] = False
        assert np.array_equal(np.sort(index.positions), np.flatnonzero(present))
        if turn % 3 == 1:
            index.save(tmp_path / "graph")
            index = HnswIndex.load(tmp_path / "graph", STAMP, matrix)
        back = np.union1d(random.choice(gone, len(gone) // 2, replace=False), np.intersect1d(gone, [4]))
        finish(index.extend(matrix, back))
        present[back] = True
        assert np.array_equal(np.sort(index.positions), np.flatnonzero(present))
        for query in matrix[::40]:
            found, exact = index.search(query, 10)[0], ExactIndex(matrix).search(query, 10, present)[0]
            assert len(np.intersect1d(found, exact)) >= 9
        assert sorted(index.search(matrix[4], 600)[0].tolist()) == np.flatnonzero(present).tolist()
    assert index.elements <= 597


def test_only_allowed_positions_are_found() -> None:
    matrix = clustered(2000)
    index = build(matrix)
    allowed = np.random.default_rng(0).random(2000) < 0.3
    exact = ExactIndex(matrix)
    for query in clustered(20, 4):
        positions, _ = index.search(query, 20, allowed)
        assert allowed[positions].all()
        assert len(np.intersect1d(positions, exact.search(query, 20, allowed)[0])) >= 19


def test_extended_it_equals_one_built_at_once() -> None:
    matrix = clustered(3000)
    matrix[2500:2600] = matrix[:100]  # copies of older ones
    index = build(matrix, np.arange(1200, dtype=np.int64), rows=1200)
    assert (index.rows, index.count) == (1200, 1200)
    done = list(index.extend(matrix, np.arange(1200, 3000, dtype=np.int64)))
    assert done == sorted(done)
    assert done[-1] == 1800
    assert (index.rows, index.count) == (3000, 3000)
    assert recall(index, matrix, clustered(100, 6)) >= 0.98
    assert index.search(matrix[7], 2)[0].tolist() == [7, 2507]


def test_what_is_not_in_the_matrix_or_in_twice_is_refused() -> None:
    matrix = clustered(50)
    index = build(matrix)
    for matrix_, positions in ((matrix, [3]), (matrix, [50]), (matrix, [-1]), (matrix[:, :8], [50]), (matrix[:9], [])):
        with pytest.raises(ValueError):
            finish(index.extend(matrix_, np.array(positions, np.int64)))
    assert index.count == 50


def test_a_build_reports_often_and_can_be_stopped() -> None:
    matrix = clustered(2000)
    steps = HnswIndex.build(matrix, np.arange(2000, dtype=np.int64), STAMP)
    assert 0 < next(steps) <= 500
    steps.close()


@pytest.fixture(scope="module")
def matrix() -> np.ndarray:
    return clustered(700)


@pytest.fixture
def saved(tmp_path: Path, matrix: np.ndarray) -> Path:
    index = build(matrix, np.arange(600, dtype=np.int64), rows=650)
    index.mark_deleted(np.array([4], np.int64))
    index.save(tmp_path / "grünes 山.hnsw")
    return tmp_path / "grünes 山.hnsw"


def test_saved_and_loaded_it_finds_the_same(saved: Path, matrix: np.ndarray) -> None:
    loaded = HnswIndex.load(saved, STAMP, matrix)
    assert (loaded.rows, loaded.count) == (650, 599)
    assert recall(loaded, matrix[:600], clustered(50, 8)) >= 0.97
    assert 4 not in loaded.search(matrix[4], 600)[0]
    finish(loaded.extend(matrix, np.arange(650, 700, dtype=np.int64)))
    assert loaded.search(matrix[690], 1)[0].tolist() == [690]
    loaded.save(saved)
    assert HnswIndex.load(saved, STAMP, matrix).count == 649
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_an_index_of_something_else_is_not_loaded(saved: Path, matrix: np.ndarray) -> None:
    for other in (
        replace(STAMP, network="another"),
        replace(STAMP, projection="another"),
        replace(STAMP, dimension=64),
    ):
        assert HnswIndex.load(saved, other, matrix) is None
    assert HnswIndex.load(saved, STAMP, matrix[:649]) is None
    given_anew = matrix.copy()
    given_anew[:600] = matrix[:600][::-1]
    assert HnswIndex.load(saved, STAMP, given_anew) is None
    assert HnswIndex.load(saved.with_name("none"), STAMP, matrix) is None


def test_damage_anywhere_is_noticed(saved: Path, matrix: np.ndarray) -> None:
    whole = saved.read_bytes()
    query, wanted = matrix[9], HnswIndex.load(saved, STAMP, matrix).search(matrix[9], 20)[0].tolist()
    random = np.random.default_rng(0)
    refused = 0
    for at in [0, 1, 30, 40, 60, *random.integers(0, len(whole), 60).tolist()]:
        saved.write_bytes(whole[:at])
        assert HnswIndex.load(saved, STAMP, matrix) is None
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        saved.write_bytes(damaged)
        loaded = HnswIndex.load(saved, STAMP, matrix)
        refused += loaded is None
        assert loaded is None or loaded.search(query, 20)[0].tolist() == wanted  # a date within the zip
    assert refused >= 55


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limit there to run into")
def test_a_full_disk_leaves_the_old_file(saved: Path, matrix: np.ndarray) -> None:
    import resource

    before = saved.read_bytes()
    index = build(matrix)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(OSError):
            index.save(saved)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]
