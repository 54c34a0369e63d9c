"""Exact search equals a brute-force sort, with ties in the order of positions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.index.exact import ExactIndex, cosines, euclidean
from desktop_app.core.index.projection import unit


def rows(count: int, width: int, seed: int, copies: int = 1) -> np.ndarray:
    random = np.random.default_rng(seed)
    matrix = unit(random.standard_normal((count, width)).astype(np.float32))
    return matrix[random.integers(0, max(1, count // copies), count)] if count else matrix


def brute_force(matrix: np.ndarray, query: np.ndarray, limit: int, allowed: np.ndarray | None) -> list[int]:
    scores = (matrix.astype(np.float64) * query.astype(np.float64)).sum(axis=1).astype(np.float32)
    order = sorted(range(len(matrix)), key=lambda at: (-scores[at], at))
    return [at for at in order if allowed is None or allowed[at]][:limit]


@given(
    count=st.integers(0, 60),
    width=st.sampled_from([1, 3, 16]),
    limit=st.integers(0, 70),
    copies=st.integers(1, 6),
    share=st.sampled_from([None, 0.0, 0.05, 0.5, 1.0]),
    seed=st.integers(0, 1000),
)
@settings(deadline=None, max_examples=200)
def test_it_equals_a_full_sort(count: int, width: int, limit: int, copies: int, share: float | None, seed: int) -> None:
    matrix = rows(count, width, seed, copies)
    query = rows(1, width, seed + 1)[0]
    allowed = None if share is None else np.random.default_rng(seed).random(count) < share
    positions, found = ExactIndex(matrix).search(query, limit, allowed)
    assert positions.dtype == np.int64
    assert found.dtype == np.float32
    assert positions.tolist() == brute_force(matrix, query, limit, allowed)
    assert np.allclose(found, matrix[positions] @ query, atol=1e-6)
    assert (np.abs(found) <= 1).all()


def test_a_large_matrix_is_searched_whole() -> None:
    matrix = rows(70_001, 8, 3)
    allowed = np.zeros(len(matrix), bool)
    allowed[::11] = True
    for query in matrix[[0, 35_000, 70_000]]:
        for mask in (None, allowed):
            positions, _ = ExactIndex(matrix).search(query, 20, mask)
            assert positions.tolist() == brute_force(matrix, query, 20, mask)


def test_copies_come_in_the_order_of_their_positions_with_equal_scores() -> None:
    matrix = np.repeat(rows(1, 37, 0), 50, axis=0)
    positions, found = ExactIndex(matrix).search(matrix[0], 7)
    assert positions.tolist() == list(range(7))
    assert set(found.tolist()) == {1.0}


def test_from_a_position_on() -> None:
    matrix = rows(30, 5, 1)
    query = matrix[3]
    positions, _ = ExactIndex(matrix).search_from(20, query, 5)
    assert positions.tolist() == [at + 20 for at in brute_force(matrix[20:], query, 5, None)]
    assert len(ExactIndex(matrix).search_from(30, query, 5)[0]) == 0


@given(
    count=st.integers(0, 40),
    limit=st.integers(0, 45),
    size=st.integers(1, 12),
    filtered=st.booleans(),
    seed=st.integers(0, 1000),
)
@settings(deadline=None)
def test_euclidean_equals_a_full_sort(count: int, limit: int, size: int, filtered: bool, seed: int) -> None:
    random = np.random.default_rng(seed)
    vectors = random.integers(-3, 4, (count, 3)).astype(np.float32)  # many ties
    query = random.integers(-3, 4, 3).astype(np.float32)
    allowed = random.random(count) < 0.5 if filtered else None
    positions, distances = euclidean((vectors[at : at + size] for at in range(0, count, size)), query, limit, allowed)
    expected = np.sqrt(((vectors - query) ** 2).sum(axis=1))
    order = sorted(range(count), key=lambda at: (expected[at], at))
    assert positions.tolist() == [at for at in order if allowed is None or allowed[at]][:limit]
    assert distances.tolist() == pytest.approx(expected[positions].tolist())


def test_the_mean_squared_error_is_the_distance_squared_over_the_dimension() -> None:
    one, other = rows(2, 1280, 0) * 30
    _, distances = euclidean([other[np.newaxis]], one, 1)
    assert distances[0] ** 2 / 1280 == pytest.approx(np.mean((one - other) ** 2), rel=1e-5)


def test_raw_cosines() -> None:
    vectors = np.array([[2, 0], [0, 5], [-1, 0], [0, 0], [1, 1]], np.float32)
    assert np.allclose(cosines(vectors, np.array([3, 0], np.float32)), [1, 0, -1, 0, 0.5**0.5])
    assert cosines(vectors, np.zeros(2, np.float32)).tolist() == [0] * 5
