"""Learning what is looked for: what the score means, and that it is the best fit whatever the order of clicks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from desktop_app.core.index.projection import unit
from desktop_app.core.learn import relevance
from desktop_app.core.learn.relevance import STRENGTH, background, background_weight, learn
from desktop_app.core.types import Vectors


def rows(seed: int, count: int, width: int, middle: int = 0) -> Vectors:
    """Unit rows around a direction; 0 for all directions."""
    random = np.random.default_rng(seed)
    made = random.standard_normal((count, width))
    if middle:
        made += 2.0 * np.random.default_rng(middle).standard_normal(width)
    return unit(made.astype(np.float32))


NONE = np.empty((0, 16), np.float32)


def test_one_wanted_example_is_the_cosine() -> None:
    matrix, one = rows(1, 50, 16), rows(2, 1, 16)
    found = learn(one, NONE, matrix)
    assert not found.learnt
    np.testing.assert_allclose(found.scores(matrix), matrix @ one[0], atol=1e-6)
    assert found.scores(one)[0] == pytest.approx(1.0, abs=1e-6)


def test_one_unwanted_example_is_how_unlike_a_photo_is() -> None:
    matrix, one = rows(1, 50, 16), rows(2, 1, 16)
    scores = learn(NONE, one, matrix).scores(np.vstack([matrix, one, -one]))
    np.testing.assert_allclose(scores[:50], (1 - matrix @ one[0]) / 2, atol=1e-6)
    assert scores[50] == pytest.approx(0.0, abs=1e-6)
    assert scores[51] == pytest.approx(1.0, abs=1e-6)


def test_what_is_alike_scores_high_and_what_is_not_low() -> None:
    dogs, cats, others = rows(1, 40, 16, middle=7), rows(2, 40, 16, middle=8), rows(3, 200, 16)
    found = learn(dogs[:3], cats[:3], others)
    assert found.learnt
    right, wrong, rest = (np.median(found.scores(block)) for block in (dogs[3:], cats[3:], others))
    assert right > 0.6
    assert wrong < 0.25
    assert rest < 0.25
    everything = found.scores(np.vstack([dogs, cats, others]))
    assert everything.dtype == np.float32
    assert ((everything >= 0) & (everything <= 1)).all()


def test_unwanted_ones_alone_push_their_like_to_the_end() -> None:
    dogs, others = rows(1, 40, 16, middle=7), rows(3, 200, 16)
    found = learn(NONE, dogs[:3], others)
    assert np.median(found.scores(dogs[3:])) < np.quantile(found.scores(others), 0.05)


def test_a_mistake_that_is_marked_goes_down() -> None:
    dogs, others = rows(1, 40, 16, middle=7), rows(3, 200, 16)
    wrong = others[[int(np.argmax(others @ dogs[0]))]]
    before, after = learn(dogs[:2], NONE, others), learn(dogs[:2], wrong, others)
    assert after.scores(wrong)[0] < before.scores(wrong)[0]


def test_two_examples_and_nothing_else_in_the_library() -> None:
    two = rows(1, 2, 16)
    found = learn(two, NONE, NONE)
    assert not found.learnt
    middle = two.sum(axis=0) / np.linalg.norm(two.sum(axis=0))
    np.testing.assert_allclose(found.weights, middle, atol=1e-6)
    opposite = learn(np.vstack([two[:1], -two[:1]]), NONE, NONE)
    assert np.isfinite(opposite.scores(two)).all()


@pytest.mark.parametrize("width", [8, 64, 700])
def test_it_is_the_best_fit(width: int) -> None:
    """Also with more dimensions than examples, where the fit is looked for in their span."""
    wanted, unwanted, others = rows(1, 5, width, middle=7), rows(2, 3, width, middle=8), rows(3, 60, width)
    found = learn(wanted, unwanted, others)
    block = np.vstack([wanted, unwanted, others]).astype(np.float64)
    signs = np.repeat([1.0, -1.0, -1.0], [5, 3, 60])
    weights = STRENGTH * 4 * np.repeat([1 / 5, 1 / 3, background_weight(3) / 60], [5, 3, 60])

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (block @ point[:-1] + point[-1])
        wrong = weights * signs / (1 + np.exp(margins))
        value = weights @ np.logaddexp(0, -margins) + point[:-1] @ point[:-1] / 2
        return value, np.append(point[:-1] - block.T @ wrong, -wrong.sum())

    best = minimize(loss, np.zeros(width + 1), jac=True, method="L-BFGS-B", options={"maxiter": 5000, "ftol": 1e-15})
    mine = np.append(found.weights.astype(np.float64), found.bias)
    assert loss(mine)[0] <= best.fun + 1e-5
    np.testing.assert_allclose(found.scores(others), 1 / (1 + np.exp(-(others @ best.x[:-1] + best.x[-1]))), atol=2e-3)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 6), st.integers(0, 6), st.sampled_from([3, 16, 300]))
def test_the_order_of_the_examples_makes_no_difference(seed: int, wanted: int, unwanted: int, width: int) -> None:
    if wanted + unwanted == 0:
        wanted = 1
    up, down, others = rows(seed, wanted, width), rows(seed + 1, unwanted, width), rows(seed + 2, 40, width)
    random = np.random.default_rng(seed)
    one = learn(up, down, others)
    other = learn(random.permutation(up), random.permutation(down), others)
    assert one.weights.tobytes() == other.weights.tobytes()
    assert one.bias == other.bias
    scores = one.scores(others)
    assert np.isfinite(scores).all()
    assert ((scores >= -1) & (scores <= 1)).all()


def test_equal_examples_on_both_sides_are_no_trouble() -> None:
    same, others = rows(1, 4, 16), rows(2, 30, 16)
    for wanted, unwanted in ((same, same), (np.repeat(same[:1], 9, 0), same[:1]), (np.zeros_like(same), same)):
        assert np.isfinite(learn(wanted, unwanted, others).scores(others)).all()


def test_the_more_is_marked_the_less_the_library_weighs() -> None:
    weights = [background_weight(count) for count in range(40)]
    assert weights[0] == 2.0
    assert weights[5] == 1.0
    assert sorted(weights, reverse=True) == weights


def test_the_background_is_the_same_at_every_click_without_the_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relevance, "BACKGROUND", 10)
    every = np.arange(0, 3000, 3)
    chosen = background(every, np.empty(0, np.int64))
    assert len(chosen) == 10
    assert len(set(chosen)) == 10
    assert set(chosen) <= set(every)
    left = background(every, chosen[2:4])
    assert left.tolist() == [*chosen[:2], *chosen[4:]]
    few = np.array([4, 9])
    assert background(few, np.array([9])).tolist() == [4]
    assert len(background(np.empty(0, np.int64), few)) == 0
