"""Journeys over made-up vectors: the ends, no repeats, as long as wished, never a larger step than going at once."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.index.journey import LONGEST, TWINS, NoPath, Roads, make_roads, strips, with_strangers
from desktop_app.core.mapping.neighbours import exact_table


def joined(matrix: np.ndarray, near: int) -> Roads:
    steps = exact_table(matrix, near)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            table = ended.value
            return make_roads(matrix, table.indices, table.cosines)


def units(random: np.random.Generator, count: int, depth: int) -> np.ndarray:
    found = random.normal(size=(count, depth)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def arc(count: int, angle: float = np.pi / 2) -> np.ndarray:
    """Rows evenly along a quarter of a circle."""
    turn = np.linspace(0, angle, count)
    return np.stack([np.cos(turn), np.sin(turn), np.zeros(count)], axis=1).astype(np.float32)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 60), st.integers(2, 12), st.integers(1, 8), st.integers(2, 30), st.integers(0, 10_000))
def test_whatever_is_there_a_journey_is_one(count: int, depth: int, near: int, length: int, seed: int):
    matrix = units(np.random.default_rng(seed), count, depth)
    roads = joined(matrix, near)
    try:
        found = strips(roads, 0, count - 1)
    except NoPath:
        assert near < count - 1  # and nothing in between is like both
        return
    path = found.of_length(length)
    assert path[0] == 0
    assert path[-1] == count - 1
    assert len(set(path.tolist())) == len(path)
    assert len(path) <= max(length, 2)
    assert (len(path) == length) == (length in found.lengths)
    steps = found.steps(length)
    assert len(steps) == len(path) - 1
    assert steps.max() <= found.direct + 1e-9
    for one, other in itertools.pairwise(path.tolist()):
        if {one, other} != {0, count - 1}:
            assert matrix[one] @ matrix[other] < TWINS + 1e-6


@given(st.integers(3, 8))
def test_along_an_arc_the_steps_are_even_and_in_order(length: int):
    matrix = arc(400, 3.0)
    found = strips(joined(matrix, 6), 0, 399)
    path = found.of_length(length)
    assert len(path) == length
    assert (np.diff(path) > 0).all()
    steps = found.steps(length)
    assert steps.max() < 1.8 * steps.min()


def test_more_photos_make_smaller_steps_until_they_are_detours():
    found = strips(joined(arc(400), 6), 0, 399)
    largest = [found.steps(length).max() for length in range(2, found.evenest + 1)]
    assert largest == sorted(largest, reverse=True)
    assert found.evenest >= 4


def test_copies_are_not_beside_one_another():
    random = np.random.default_rng(3)
    matrix = arc(30, 3.0)
    copies = matrix[1:-1] + random.normal(scale=1e-3, size=(28, 3)).astype(np.float32)
    matrix = np.concatenate([matrix, copies / np.linalg.norm(copies, axis=1, keepdims=True)]).astype(np.float32)
    found = strips(joined(matrix, 8), 0, 29)
    for length in found.lengths:
        path = found.of_length(length)
        alike = matrix[path] @ matrix[path].T
        assert (alike[np.triu_indices(len(path), 1)] < TWINS).all()


def test_what_nothing_leads_to_is_no_journey():
    away = np.array([[0, 0, 1, 0], [0, 0, 0, 1]], np.float32)
    matrix = np.concatenate([np.pad(arc(2), ((0, 0), (0, 1))), away])
    with pytest.raises(NoPath):
        strips(joined(matrix, 0), 0, 1)


def test_islands_are_joined_where_they_are_nearest():
    matrix = np.concatenate([arc(40, 1.2), arc(100, 3.0)[60:]])
    found = strips(joined(matrix, 3), 0, 79)
    path = found.of_length(found.evenest)
    assert (np.diff(path) > 0).all()
    assert found.steps(found.evenest).max() < 0.7
    assert len(path) > 4


def test_two_photos_alone_are_a_journey_of_two():
    found = strips(joined(arc(2), 5), 0, 1)
    assert found.lengths == (2,)
    assert found.of_length(9).tolist() == [0, 1]


def test_no_journey_is_longer_than_can_be_looked_at():
    found = strips(joined(units(np.random.default_rng(0), 300, 40), 20), 0, 299)
    assert max(found.lengths) <= LONGEST
    assert len(found.of_length(500)) == max(found.lengths)


def test_a_stranger_is_joined_to_what_is_nearest():
    matrix = arc(60)
    roads = joined(matrix[1:-1], 4)
    both = with_strangers(with_strangers(roads, matrix[:1], 4), matrix[-1:], 4)
    assert len(both.matrix) == 60
    path = strips(both, 58, 59).of_length(6)
    assert len(path) == 6
    assert (np.diff(path[1:-1]) > 0).all()
    assert both.costs.shape == (60, 60)
    assert (both.costs != both.costs.T).nnz == 0
