"""Near-duplicates among labelled photos."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from desktop_app.core.learn import groups as module
from desktop_app.core.learn.groups import grouping, groups_of
from tests.core.learn_made import drain


def spread(count: int, dimension: int = 64, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)


def contents(count: int) -> list[bytes]:
    return [place.to_bytes(16, "little") for place in range(1, count + 1)]


def test_equal_content_is_one_group_however_different_the_vectors() -> None:
    same = contents(4)
    same[3] = same[1]
    assert groups_of(spread(4), same).tolist() == [0, 1, 2, 1]


def test_photos_without_a_content_are_not_copies_of_one_another() -> None:
    assert groups_of(spread(3), [b"", b"", b""]).tolist() == [0, 1, 2]


def test_close_vectors_are_one_group_whatever_their_length_and_chains_join() -> None:
    vectors = spread(12)
    step = spread(1, seed=1)[0]
    vectors[5] = vectors[2] * 7.0
    vectors[8] = vectors[2] + 0.15 * step  # cosine about 0.99
    vectors[9] = vectors[8] + 0.15 * step
    groups = groups_of(vectors, contents(12))
    assert groups[2] == groups[5] == groups[8] == groups[9]
    assert len(np.unique(groups)) == 9


def test_the_distance_is_a_strict_one() -> None:
    vectors = spread(12)
    vectors[1] = vectors[0] + 0.4 * spread(1, seed=3)[0]  # cosine about 0.93
    assert len(np.unique(groups_of(vectors, contents(12)))) == 12
    assert groups_of(vectors, contents(12), distance=0.12)[1] == 0


def test_photos_that_are_all_of_one_thing_do_not_become_one_group() -> None:
    # cosines of 0.99 between any two, as of one product under one lamp; a true copy is far closer still
    vectors = spread(1) * 10 + spread(40, seed=2)
    vectors[7] = vectors[3] + 0.01 * spread(1, seed=5)[0]
    groups = groups_of(vectors, contents(40))
    assert groups[7] == groups[3]
    assert len(np.unique(groups)) == 39


def test_vectors_of_zeros_and_none_at_all() -> None:
    assert groups_of(np.zeros((3, 8), np.float32), contents(3)).tolist() == [0, 1, 2]
    assert groups_of(np.zeros((0, 8), np.float32), []).shape == (0,)


def test_groups_are_found_across_blocks() -> None:
    vectors = spread(3000, 32)
    vectors[2900] = vectors[10]
    vectors[2950] = vectors[2100]
    groups = groups_of(vectors, contents(3000), distance=0.01)
    assert groups[2900] == groups[10]
    assert groups[2950] == groups[2100]
    assert len(np.unique(groups)) == 2998


def all_pairs(unit: np.ndarray, strict: float) -> np.ndarray:
    """Groups by comparing every pair in full, numbered by first occurrence."""
    labels = connected_components(unit @ unit.T > 1 - strict, directed=False)[1]
    _, first, numbers = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[numbers.reshape(-1)]


def family(seed: int, count: int, subjects: int, spread_of: float, nothing: int) -> np.ndarray:
    """Unit vectors around a few subjects, some chained closely, and some that are nothing at all."""
    random = np.random.default_rng(seed)
    centres = np.abs(random.normal(size=(subjects, 96))) + 0.5
    made = centres[random.integers(0, subjects, count)] + spread_of * random.normal(size=(count, 96))
    unit = made / np.linalg.norm(made, axis=1, keepdims=True)
    unit[random.permutation(count)[:nothing]] = 0
    return unit.astype(np.float32)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 700), st.integers(1, 60), st.floats(0.0, 1.0), st.integers(0, 3))
def test_candidates_by_axes_give_what_all_pairs_give(
    seed: int, count: int, subjects: int, spread_of: float, nothing: int
) -> None:
    unit = family(seed, count, subjects, spread_of, nothing)
    cosines = (unit.astype(np.float64) @ unit.T.astype(np.float64))[np.triu_indices(count, 1)]
    strict = 0.03
    while np.any(np.abs(cosines - 1 + strict) < 2e-6):  # a pair on the very edge may fall to either side
        strict += 1e-5
    found = drain(module._by_axes(unit, np.arange(count), strict))
    _, first, numbers = np.unique(found, return_index=True, return_inverse=True)
    np.testing.assert_array_equal(np.argsort(np.argsort(first))[numbers.reshape(-1)], all_pairs(unit, strict))


@pytest.mark.parametrize("count", [1500, 2600])
def test_many_photos_are_grouped_as_few_are(count: int) -> None:
    vectors = family(count, count, 40, 0.12, 2) * 3
    strict = module._strict(vectors / 3, 0.03)
    given = contents(count)
    given[-1] = given[0]
    groups = groups_of(vectors, given)
    plain = all_pairs(vectors / 3, strict)
    one, other = plain[0], plain[-1]
    plain = np.where(plain == other, one, plain)
    assert len(np.unique(groups)) == len(np.unique(plain)) == len(np.unique(groups * count + plain))
    assert 40 <= len(np.unique(groups)) < count
    assert groups[0] == 0
    assert sum(1 for _ in grouping(vectors, given)) > 3  # it can be stopped between
