"""Statistics of insights: on accounts whose truth is known, ranges hold and chance is not called a winner."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.insights.board import Verdict, board
from desktop_app.core.insights.intervals import adjusted, effective_count, estimate, trimmed_mean
from tests.core.insights_made import CLAIMS, NAMES, account, noise, row_of

# --- ranges ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "posts"), [("even", 9), ("heavy", 15), ("skewed", 30)])
def test_ranges_cover_what_they_are_about_as_often_as_they_say(kind, posts):
    random = np.random.default_rng(7)
    truth = trimmed_mean(noise(random, kind, 400_000))
    runs = 400
    covered = 0
    for seed in range(runs):
        found = estimate(noise(random, kind, posts), np.ones(posts), draws=199, seed=seed)
        covered += found.low <= math.exp(truth) <= found.high
    # 95 %, give or take three standard errors of 400 runs
    assert 0.915 <= covered / runs <= 0.985


def test_ranges_of_a_whole_board_cover_the_truth_of_every_theme():
    effects = (1.5, 0.6, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    covered = []
    for seed in range(40):
        made = account(seed, 200, effects)
        for row in board(made.count(), NAMES).rows:
            covered.append(row.low <= math.exp(made.truth[row.theme]) <= row.high)
    assert len(covered) == 40 * 8
    assert np.mean(covered) >= 0.92


def test_an_account_without_any_effect_shows_a_winner_in_at_most_5_percent_of_runs():
    runs = 120
    wrong = sum(
        any(row.verdict in CLAIMS for row in board(account(1000 + seed, 160).count(), NAMES).rows)
        for seed in range(runs)
    )
    assert wrong <= 0.05 * runs


def test_a_strong_theme_is_clear_and_the_board_begins_with_it():
    made = account(3, 400, (1.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5))
    found = board(made.count(), NAMES)
    assert found.rows[0].theme == 1
    assert found.rows[-1].theme == 8
    assert row_of(found, 1).verdict is row_of(found, 8).verdict is Verdict.CLEAR
    assert found.rows[0].low > 1 > found.rows[-1].high
    assert [row.low for row in found.rows] == sorted((row.low for row in found.rows), reverse=True)


def test_the_same_posts_give_the_same_figures():
    made = account(5, 200, (1.5,) + (1.0,) * 7)
    assert board(made.count(), NAMES) == board(made.count(), NAMES)


def test_the_order_in_which_posts_come_makes_no_difference():
    made = account(5, 200, (1.5,) + (1.0,) * 7)
    turned = replace(made, posts=made.posts[::-1], pictures=made.pictures[::-1])
    for one, other in zip(board(made.count(), NAMES).rows, board(turned.count(), NAMES).rows, strict=True):
        assert one.theme == other.theme
        assert one.ratio == pytest.approx(other.ratio)
        assert one.low == pytest.approx(other.low, rel=0.05)  # the draws differ


# --- small parts -----------------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_chances_are_no_smaller_and_keep_their_order(chances):
    given_ = np.array(chances)
    found = adjusted(given_)
    assert (found >= given_ - 1e-15).all()
    assert (found <= 1).all()
    order = np.argsort(given_, kind="stable")
    assert (np.diff(found[order]) >= -1e-15).all()
    assert found.max() == pytest.approx(given_.max())


def test_adjusted_chances_of_benjamini_and_hochbergs_kind():
    assert adjusted(np.array([0.01, 0.04, 0.03, 0.5])) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert len(adjusted(np.zeros(0))) == 0


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=40), st.floats(-3, 3))
def test_a_trimmed_mean_moves_with_its_values_and_lies_among_them(values, shift):
    logs = np.array(values)
    middle = trimmed_mean(logs)
    assert logs.min() - 1e-9 <= middle <= logs.max() + 1e-9
    assert trimmed_mean(logs + shift) == pytest.approx(middle + shift, abs=1e-9)
    assert trimmed_mean(np.repeat(logs, 2)) == pytest.approx(trimmed_mean(logs, np.full(len(logs), 0.5)), abs=1e-9)


@given(st.lists(st.tuples(st.floats(-8, 8), st.floats(0.1, 1)), min_size=2, max_size=40))
def test_an_estimate_is_a_finite_range_with_its_middle_in_it(pairs):
    logs, weights = (np.array(part) for part in zip(*pairs, strict=True))
    found = estimate(logs, weights, draws=30)
    assert 0 < found.low <= found.ratio <= found.high < math.inf
    assert 0 <= found.p <= 1
    assert found.count == pytest.approx(effective_count(weights))


def test_sure_posts_of_unequal_weight_count_less_than_whole_ones():
    assert effective_count(np.ones(10)) == 10
    assert effective_count(np.full(10, 0.25)) == 10
    assert effective_count(np.array([1.0, 0.1, 0.1])) < 1.5
    assert np.isnan(trimmed_mean(np.zeros(0)))
