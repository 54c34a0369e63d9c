from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.learn.folds import groups_of, repeated_folds, stratified_group_folds, usable_folds


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


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), min_size=4, max_size=80),
    st.integers(2, 6),
    st.integers(0, 99),
)
@settings(deadline=None)
def test_groups_never_part_and_every_example_has_a_fold(pairs: list[tuple[int, int]], folds: int, seed: int) -> None:
    answers, groups = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    dealt = stratified_group_folds(answers, groups, folds, seed)
    assert dealt.shape == answers.shape
    assert set(np.unique(dealt)) <= set(range(folds))
    for group in np.unique(groups):
        assert len(np.unique(dealt[groups == group])) == 1


def test_every_class_is_spread_evenly() -> None:
    answers = np.repeat([0, 1, 2], [50, 13, 5]).astype(np.int64)
    dealt = stratified_group_folds(answers, np.arange(68, dtype=np.int64), 5, 1)
    for answer in range(3):
        counts = np.bincount(dealt[answers == answer], minlength=5)
        assert counts.max() - counts.min() <= 1
    assert np.bincount(dealt, minlength=5).max() <= 15


def test_folds_are_the_same_for_a_seed_and_others_for_another() -> None:
    answers, groups = np.repeat([0, 1], 20).astype(np.int64), np.arange(40, dtype=np.int64)
    first = stratified_group_folds(answers, groups, 5, 3)
    assert np.array_equal(first, stratified_group_folds(answers, groups, 5, 3))
    assert not np.array_equal(first, stratified_group_folds(answers, groups, 5, 4))


def test_fewer_than_two_folds_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="two folds"):
        stratified_group_folds(np.zeros(3, np.int64), np.arange(3), 1, 0)


@pytest.mark.parametrize(
    ("answers", "groups", "expected"),
    [
        ([0, 1], [0, 1], 0),  # nothing is left to learn from
        ([0, 0, 0, 1], [0, 1, 2, 3], 0),
        ([0, 0, 1, 1], [0, 1, 2, 3], 4),
        ([0, 0, 1, 1], [0, 1, 2, 2], 0),  # the second class is one photo and its copy
        ([0] * 10 + [1] * 10, list(range(20)), 5),
        ([0] * 10 + [1] * 10 + [2], list(range(21)), 5),
    ],
)
def test_as_many_folds_as_leave_two_classes_to_learn_from(answers: list[int], groups: list[int], expected: int) -> None:
    one, other = np.array(answers, np.int64), np.array(groups, np.int64)
    assert usable_folds(one, other) == expected
    for dealt in repeated_folds(one, other, 0):
        for fold in range(expected):
            assert len(np.unique(one[dealt != fold])) >= 2


def test_few_labels_are_dealt_more_often() -> None:
    few, many = np.repeat([0, 1], 10).astype(np.int64), np.repeat([0, 1], 400).astype(np.int64)
    assert len(repeated_folds(few, np.arange(20), 0)) == 4
    assert len(repeated_folds(many, np.arange(800), 0)) == 1
