"""How many guesses are taken at a setting, how many of them are wrong, and in which words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.learn import guesses, spot_check
from desktop_app.core.learn.guesses import BOARD, FEWEST_CHECKED, SETTINGS, Setting, boards, one_in, sentence, taken_at
from desktop_app.core.learn.spot_check import Share, SpotCheck, choose, judge, meter, too_few, wilson
from desktop_app.core.learn.unknown import SURE


@st.composite
def shares(draw, classes=None):
    count = draw(st.integers(0, 60))
    classes = draw(st.integers(1, 5)) if classes is None else classes
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    made = random.dirichlet(np.full(classes, 0.3), count).astype(np.float32).reshape(count, classes)
    if draw(st.booleans()):
        made[random.random(count) < 0.2] = np.nan
    return made


# --- settings ----------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(shares(3), shares(3), st.integers(0, 2**32 - 1))
def test_a_surer_setting_never_takes_more(checked, offered, seed):
    random = np.random.default_rng(seed)
    answers = random.integers(-1, 3, size=len(checked))
    unknown = random.random(len(offered)) < 0.2
    made = guesses.settings(checked, answers, offered, unknown)
    assert [setting.least for setting in made] == list(SETTINGS)
    taken = [setting.taken for setting in made]
    counted = [setting.wrong.count for setting in made]
    assert taken == sorted(taken, reverse=True)
    assert counted == sorted(counted, reverse=True)
    for setting in made:
        positions = taken_at(offered, setting.least, unknown)
        assert len(positions) == setting.taken
        assert not unknown[positions].any()
        assert (offered[positions].max(axis=1) >= np.float32(setting.least)).all()
        assert 0 <= setting.wrong.low <= setting.wrong.share <= setting.wrong.high <= 1


def test_what_is_counted_at_one_setting():
    checked = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.55, 0.45], [np.nan, np.nan], [0.05, 0.95]], np.float32)
    answers = np.array([0, 1, 1, 1, 0, -1])  # the second is wrong; so is the last: none of these
    offered = np.array([[0.99, 0.01], [0.6, 0.4], [0.59, 0.41]], np.float32)
    at = {setting.least: setting for setting in guesses.settings(checked, answers, offered)}
    assert (at[0.6].taken, at[0.6].wrong.count) == (2, 4)
    assert at[0.6].wrong.share == 0.5
    assert (at[0.85].taken, at[0.85].wrong.count, at[0.85].wrong.share) == (1, 2, 0.5)
    assert (at[0.99].taken, at[0.99].wrong.count) == (1, 0)


def test_nothing_below_sixty_per_cent_is_ever_taken():
    assert min(SETTINGS) == SURE == 0.6
    offered = np.array([[0.59, 0.41], [0.61, 0.39]], np.float32)
    assert [board.photos.tolist() for board in boards(offered)] == [[1]]


def test_the_stated_share_holds_on_photos_of_the_same_kind():
    random = np.random.default_rng(0)
    held = 0
    for _ in range(200):
        share = random.dirichlet([0.4] * 3, 1300).astype(np.float32)
        answers = (random.random((1300, 1)) > np.cumsum(share, axis=1)[:, :2]).sum(axis=1)
        made = guesses.settings(share[:300], answers[:300], share[300:])[10]  # 0.70
        taken = taken_at(share[300:], made.least)
        wrong = np.mean(np.argmax(share[300:][taken], axis=1) != answers[300:][taken])
        held += made.wrong.low <= wrong <= made.wrong.high
    assert held >= 176  # 95 % but for the luck of the photos themselves


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="guesses"):
        guesses.settings(np.ones((2, 2), np.float32), np.zeros(3, np.int64), np.ones((1, 2), np.float32))
    with pytest.raises(ValueError, match="guesses"):
        guesses.settings(
            np.ones((2, 2), np.float32), np.zeros(2, np.int64), np.ones((1, 2), np.float32), np.zeros(2, bool)
        )


def test_a_head_without_classes_guesses_nothing():
    nothing = np.empty((4, 0), np.float32)
    made = guesses.settings(nothing, np.zeros(4, np.int64), nothing)
    assert all(setting.taken == 0 and setting.wrong.count == 0 for setting in made)
    assert boards(nothing) == ()
    assert len(taken_at(nothing, 0.6)) == 0


# --- boards ------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(shares(), st.integers(1, 12))
def test_every_sure_guess_is_on_one_board_of_its_answer(offered, size):
    made = boards(offered, size=size)
    shown = np.concatenate([board.photos for board in made]) if made else np.empty(0, np.int64)
    assert np.array_equal(np.sort(shown), np.sort(taken_at(offered, SURE)))
    for board in made:
        assert (np.argmax(offered[board.photos], axis=1) == board.answer).all()
        assert 1 <= len(board.photos) <= max(1, 1.5 * size)
        assert (np.diff(offered[board.photos].max(axis=1)) >= 0).all()


@pytest.mark.parametrize(("count", "sizes"), [(1, [1]), (59, [59]), (61, [31, 30]), (100, [50, 50]), (120, [40] * 3)])
def test_no_board_of_two_or_three_is_left_over(count, sizes):
    offered = np.tile(np.array([[0.9, 0.1]], np.float32), (count, 1))
    assert sorted((len(board.photos) for board in boards(offered)), reverse=True) == sizes
    assert BOARD == 40


# --- words -------------------------------------------------------------------------------------------------------


def test_taking_guesses_is_said_with_range_and_count():
    setting = Setting(0.9, 1840, wilson(15, 600))
    assert guesses.question(setting) == "Take 1,840 guesses?"
    assert sentence(setting) == (
        "At this setting about 1 in 40 is wrong (between 1 in 66 and 1 in 24, from 600 checked labels). "
        "They stay marked as guesses."
    )


def test_other_counts_have_words_of_their_own():
    assert guesses.question(Setting(0.9, 1, wilson(0, 0))) == "Take 1 guess?"
    assert guesses.question(Setting(0.9, 0, wilson(0, 0))) == "No guess is this sure."
    assert sentence(Setting(0.9, 5, wilson(0, 0))).startswith("How many are wrong cannot be said: none of the checked")
    assert "only 1 of the checked labels is this sure." in sentence(Setting(0.9, 5, wilson(0, 1)))
    assert "only 3 of the checked labels are this sure." in sentence(Setting(0.9, 5, wilson(1, 3)))
    none = sentence(Setting(0.9, 5, wilson(0, 50)))
    assert none.startswith("At this setting none of 50 checked labels was wrong; up to 1 in 14 may be.")
    assert FEWEST_CHECKED == 20


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0001, "1 in 10,000"), (0.025, "1 in 40"), (0.25, "1 in 4"), (0.4, "2 in 5"), (0.5, "1 in 2"), (0.9, "9 in 10")],
)
def test_one_in(share, words):
    assert one_in(share) == words


@settings(deadline=None)
@given(st.floats(0.001, 1))
def test_one_in_is_near_what_is_meant(share):
    hits, of = (int(word.replace(",", "")) for word in one_in(share).split(" in "))
    assert abs(hits / of - share) <= 0.051
    assert 0 < hits <= of


# --- the spot check ----------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**6), unique=True, max_size=200), st.integers(0, 80), st.integers(0, 5))
def test_photos_to_check_are_drawn_by_lot_each_once(rest, count, seed):
    positions = np.array(rest, np.int64)
    drawn = choose(positions, count, seed)
    assert len(drawn) == min(count, len(rest))
    assert len(set(drawn.tolist())) == len(drawn)
    assert set(drawn.tolist()) <= set(rest)
    assert np.array_equal(drawn, choose(positions[::-1], count, seed))
    assert np.array_equal(drawn[: count // 2], choose(positions, count // 2, seed))  # a longer check goes on


def test_the_draw_favours_no_photo():
    hits = np.zeros(100)
    for seed in range(500):
        hits[choose(np.arange(100), 20, seed)] += 1
    assert hits.sum() == 10_000
    assert 60 < hits.min() <= hits.max() < 140  # 100 each, deviation 9


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 1000))
def test_a_share_lies_within_its_range_and_a_population_narrows_it(hits, misses, unseen):
    count = hits + misses
    found = wilson(hits, count)
    assert 0 <= found.low <= found.share <= found.high <= 1
    finite = wilson(hits, count, count + unseen)
    if count:
        assert finite.high - finite.low <= found.high - found.low + 1e-12
    other = wilson(misses, count)
    if count:
        assert other.low == pytest.approx(1 - found.high)


def test_a_known_interval():
    found = wilson(109, 120)
    assert (found.low, found.high) == pytest.approx((0.843, 0.948), abs=0.001)
    assert wilson(0, 0) == Share(0.0, 0.0, 1.0, 0)
    assert wilson(7, 10, 10) == Share(0.7, 0.7, 0.7, 10)


@pytest.mark.parametrize("case", [(3, 2, 0), (-1, 2, 0), (1, 2, 1)])
def test_a_share_that_cannot_be_is_refused(case):
    with pytest.raises(ValueError, match="of"):
        wilson(*case)


def test_the_range_holds_the_truth_in_95_of_100_checks():
    random = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        right = random.random(500) < 0.9
        found = wilson(int(right[choose(np.arange(500), 60, int(random.integers(1e9)))].sum()), 60, 500)
        held += found.low <= right.mean() <= found.high
    assert held >= 0.92 * 400


def test_judging():
    guessed = np.array([0, 1, 1, -1, 0])
    said = np.array([0, 1, 0, 1, -1])  # wrong at the third; not sure at the fourth; none of these at the last
    assert judge(guessed, said, 900) == SpotCheck(2, 4, 1, 900)
    with pytest.raises(ValueError, match="guesses"):
        judge(guessed, said[:2], 9)


def test_the_headline():
    assert spot_check.sentence(SpotCheck(55, 60, 0, 1000)) == (
        "Right about 92 times in 100 (likely 82-96), checked on 60 random photos."
    )
    assert spot_check.sentence(SpotCheck(50, 54, 6, 1000)).endswith("on 54 random photos. Not sure about 6 more.")
    assert spot_check.sentence(SpotCheck(20, 20, 0, 20)) == "Right 100 times in 100, checked on 20 photos."
    assert spot_check.sentence(SpotCheck(3, 4, 0, 1000)).startswith("Too few photos checked to say: 4 photos")
    assert spot_check.sentence(SpotCheck(0, 0, 0, 0)) == "There was no guess to check."
    assert spot_check.sentence(SpotCheck(60, 60, 0, 10_000)).startswith("Right about 100 times in 100 (likely 94-100)")


def test_the_meter():
    assert meter(0.91, 0.84, 0.95, 120) == "Right about 91 times in 100 (likely 84-95), tested on 120 labels."


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"good": 9, "dent": 2}, "Too few labels to say: give each answer at least 5. “dent” has 2."),
        ({"good": 9, "dent": 0}, "Too few labels to say: give each answer at least 5. “dent” has none."),
        (
            {"a": 4, "b": 3, "c": 9},
            "Too few labels to say: give each answer at least 5. “b” has 3, and 1 other also too few.",
        ),
        ({"a": 5, "b": 5}, ""),
        ({"a": 50}, "Too few answers to say: there must be at least two to tell apart."),
        ({}, "Too few answers to say: there must be at least two to tell apart."),
    ],
)
def test_too_few(counts, words):
    assert too_few(counts) == words
