from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.learn.folds import repeated_folds, stratified_group_folds, usable_folds


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
