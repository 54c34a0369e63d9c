"""Photos unlike anything labelled."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.learn.unknown import FEWEST, SHARE, Known, not_sure


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def around(centre, count, random, spread=0.2):
    return unit(np.eye(32)[centre] + spread * random.standard_normal((count, 32)))


def test_photos_of_a_class_never_labelled_are_unknown_and_others_are_not():
    random = np.random.default_rng(0)
    labelled = np.concatenate([around(0, 60, random), around(1, 60, random)])
    known = Known.of(labelled)
    assert known.is_unknown(around(7, 200, random)).mean() > 0.99
    assert known.is_unknown(np.concatenate([around(0, 200, random), around(1, 200, random)])).mean() < 3 * SHARE


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(FEWEST, 60))
def test_labelled_photos_themselves_are_known(seed, count):
    """Beside itself a photo is nearer than it was when it was left out."""
    random = np.random.default_rng(seed)
    vectors = unit(random.standard_normal((count, 8)))
    known = Known.of(vectors)
    assert known.is_unknown(vectors).sum() <= math.ceil(SHARE * count)


def test_about_the_stated_share_of_those_that_belong_is_called_unknown():
    random = np.random.default_rng(3)
    shares = []
    for _ in range(20):
        vectors = unit(random.standard_normal((300, 12)))
        shares.append(Known.of(vectors[:200]).is_unknown(vectors[200:]).mean())
    assert 0.02 < np.mean(shares) < 0.09


def test_nothing_is_unknown_beside_too_few_labels():
    random = np.random.default_rng(0)
    other = around(5, 10, random)
    for count in range(FEWEST):
        known = Known.of(around(0, count, random) if count else np.empty((0, 32), np.float32))
        assert known.threshold == math.inf
        assert not known.is_unknown(other).any()
    assert Known.of(around(0, FEWEST, random)).is_unknown(other).all()


def test_copies_do_not_vouch_for_one_another():
    random = np.random.default_rng(0)
    photos = around(0, 20, random)
    copies = np.repeat(photos, 5, axis=0)
    assert Known.of(copies).threshold < 1e-5  # each has its copies beside it, and new photos all look far
    grouped = Known.of(copies, np.repeat(np.arange(20), 5))
    assert not grouped.is_unknown(around(0, 5, random)).all()
    assert Known.of(copies[:10], np.repeat(np.arange(2), 5)).threshold == math.inf


def test_labelled_photos_that_are_all_equal_know_themselves():
    same = np.tile(unit(np.ones((1, 32))), (30, 1))
    known = Known.of(same)
    assert not known.is_unknown(same).any()
    assert known.is_unknown(unit(np.eye(32)[:3])).all()


def test_very_many_labels_are_sampled():
    random = np.random.default_rng(0)
    known = Known.of(around(0, 9_000, random))
    assert len(known.vectors) == 4_000
    assert known.is_unknown(around(0, 5_000, random)).mean() < 0.1


def test_not_sure():
    shares = np.array([[0.9, 0.1], [0.55, 0.45], [0.6, 0.4], [np.nan, np.nan], [1, 0]], np.float32)
    unknown = np.array([False, False, False, False, True])
    assert not_sure(shares).tolist() == [False, True, False, True, False]
    assert not_sure(shares, unknown).tolist() == [False, True, False, True, True]
    assert not_sure(np.empty((2, 0), np.float32)).tolist() == [True, True]


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(FEWEST, 700), st.floats(0.0, 3.0))
def test_what_is_unknown_is_what_is_too_far(seed, count, spread):
    """Photos that need not be compared with all labelled ones get the answer that comparing with all gives."""
    random = np.random.default_rng(seed)
    centres = random.integers(0, 4, count + 300)
    vectors = unit(np.eye(8)[centres] + spread * random.standard_normal((count + 300, 8)))
    known = Known.of(vectors[:count])
    rest = vectors[count:]
    distances = known.distances(rest)
    clear = np.abs(distances - known.threshold) > 1e-4
    np.testing.assert_array_equal(known.is_unknown(rest)[clear], (distances > known.threshold)[clear])
