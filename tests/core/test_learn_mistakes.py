"""Labels that are probably wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.learn.mistakes import suspects


@st.composite
def judged(draw):
    count, classes = draw(st.integers(0, 40)), draw(st.integers(1, 6))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    probabilities = random.dirichlet(np.full(classes, draw(st.sampled_from([0.1, 1.0]))), count).astype(np.float32)
    if draw(st.booleans()):
        probabilities[random.random(count) < 0.3] = np.nan
    return probabilities, random.integers(classes, size=count)


@settings(deadline=None)
@given(judged())
def test_every_label_once_scores_falling_suggestions_never_what_it_has(case):
    probabilities, answers = case
    found = suspects(probabilities, answers)
    assert np.array_equal(np.sort(found.order), np.arange(len(answers)))
    assert (np.diff(found.score) <= 0).all()
    assert ((found.score >= 0) & (found.score <= 1)).all()
    if probabilities.shape[1] > 1:
        assert (found.suggestion != answers[found.order]).all()
    assert not found.believed_wrong[~np.isfinite(probabilities[found.order]).all(axis=1)].any()


@settings(deadline=None)
@given(judged(), st.integers(0, 2**32 - 1))
def test_the_order_of_the_classes_means_nothing(case, seed):
    probabilities, answers = case
    turn = np.random.default_rng(seed).permutation(probabilities.shape[1])
    turned = np.empty_like(probabilities)
    turned[:, turn] = probabilities
    one, other = suspects(probabilities, answers), suspects(turned, turn[answers])
    assert np.array_equal(one.order, other.order)
    assert np.array_equal(one.believed_wrong, other.believed_wrong)


def test_planted_mistakes_come_first():
    random = np.random.default_rng(0)
    truth = random.integers(4, size=400)
    probabilities = np.full((400, 4), 0.05, np.float32)
    probabilities[np.arange(400), truth] = 0.85
    probabilities += random.uniform(0, 0.1, probabilities.shape).astype(np.float32)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    wrong = random.choice(400, 32, replace=False)
    given_answers = truth.copy()
    given_answers[wrong] = (truth[wrong] + random.integers(1, 4, size=32)) % 4
    found = suspects(probabilities, given_answers)
    assert set(found.order[:32]) == set(wrong)
    assert np.array_equal(found.suggestion[:32], truth[found.order[:32]])
    believed = found.order[found.believed_wrong]
    assert set(believed) <= set(wrong)
    assert len(believed) > 8


def test_nothing_is_believed_wrong_where_the_head_knows_nothing():
    found = suspects(np.full((20, 2), 0.5, np.float32), np.arange(20) % 2)
    assert not found.believed_wrong.any()


def test_a_photo_no_fold_could_judge_comes_last():
    probabilities = np.array([[np.nan, np.nan], [0.9, 0.1], [0.2, 0.8]], np.float32)
    found = suspects(probabilities, np.array([0, 0, 0]))
    assert found.order.tolist() == [2, 1, 0]
    assert found.score[-1] == 0


@pytest.mark.parametrize("classes", [0, 1])
def test_one_answer_cannot_be_mistaken(classes):
    count = 3 if classes else 0
    found = suspects(np.ones((count, classes), np.float32), np.zeros(count, np.int64))
    assert not found.believed_wrong.any()
    assert len(found.order) == count


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="answers"):
        suspects(np.ones((2, 2), np.float32), np.zeros(3, np.int64))
    with pytest.raises(ValueError, match="beyond 2"):
        suspects(np.ones((1, 2), np.float32), np.array([2]))
    with pytest.raises(ValueError, match="beyond 2"):
        suspects(np.ones((1, 2), np.float32), np.array([-1]))
