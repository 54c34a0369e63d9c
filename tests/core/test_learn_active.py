"""What to label next: each photo once, never a labelled one, unsure and varied ones first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.learn.active import EXPLORE, next_to_label, unsureness


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def clouds(sizes, dimension=16, spread=0.05, seed=0):
    """Unit vectors around as many directions at right angles, and which cloud each is of."""
    random = np.random.default_rng(seed)
    of = np.repeat(np.arange(len(sizes)), sizes)
    return unit(np.eye(dimension)[of] + spread * random.standard_normal((len(of), dimension))), of


@st.composite
def libraries(draw):
    total = draw(st.integers(0, 60))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    vectors = random.standard_normal((total, 8)).astype(np.float32)
    if draw(st.booleans()) and total:
        vectors[:] = vectors[0]  # all photos the same
    vectors = unit(vectors) if total else vectors
    if draw(st.booleans()):
        vectors[random.random(total) < 0.2] = 0
    labelled = random.random(total) < draw(st.sampled_from([0.0, 0.3, 1.0]))
    classes = draw(st.sampled_from([None, 0, 1, 2, 5]))
    probabilities = None if classes is None else random.random((total, classes)).astype(np.float32)
    if classes and draw(st.booleans()):
        probabilities[random.random(total) < 0.2] = np.nan
    return probabilities, vectors, labelled


@settings(deadline=None)
@given(libraries(), st.integers(-1, 80), st.integers(0, 3))
def test_as_many_as_wanted_each_once_and_none_that_is_labelled(library, count, seed):
    probabilities, vectors, labelled = library
    found = next_to_label(probabilities, vectors, labelled, count, seed)
    assert found.dtype == np.int64
    assert len(found) == max(0, min(count, int((~labelled).sum())))
    assert len(np.unique(found)) == len(found)
    assert not labelled[found].any()
    assert np.array_equal(found, next_to_label(probabilities, vectors, labelled, count, seed))


def test_a_start_shows_every_kind_of_photo():
    vectors, of = clouds([200, 50, 20, 10, 5])
    found = next_to_label(None, vectors, np.zeros(len(of), bool), 5)
    assert set(of[found]) == set(range(5))
    assert of[found[0]] == 0  # the largest first


def test_a_start_goes_on_where_nothing_is_labelled():
    vectors, of = clouds([40, 30, 20, 10])
    labelled = of < 2
    found = next_to_label(None, vectors, labelled, 2)
    assert sorted(of[found]) == [2, 3]


def test_a_start_takes_typical_photos_rather_than_odd_ones():
    vectors, _ = clouds([100, 100])
    odd = unit(np.random.default_rng(1).standard_normal((5, 16)))
    together = np.concatenate([vectors, odd])
    found = next_to_label(None, together, np.zeros(len(together), bool), 2)
    assert found.max() < 200


def test_unsure_photos_come_before_sure_ones():
    vectors, _ = clouds([60, 60])
    random = np.random.default_rng(0)
    probabilities = np.tile(np.array([[0.99, 0.01]], np.float32), (120, 1))
    unsure = random.choice(120, 8, replace=False)
    probabilities[unsure] = [0.5, 0.5]
    labelled = np.zeros(120, bool)
    labelled[[i for i in (0, 1, 60, 61) if i not in unsure]] = True
    found = next_to_label(probabilities, vectors, labelled, 4, explore=0)
    assert set(found) <= set(unsure)


def test_photos_asked_together_are_unlike_one_another():
    vectors, of = clouds([50, 50, 50, 50], spread=0.02)
    probabilities = np.full((200, 4), 0.25, np.float32)
    labelled = np.zeros(200, bool)
    found = next_to_label(probabilities, vectors, labelled, 4, explore=0)
    assert set(of[found]) == {0, 1, 2, 3}


def strange(labels):
    """Two labelled kinds and a third that the head takes for the first with confidence; and of which each photo is."""
    vectors, of = clouds([80, 80, 15])
    labelled = np.zeros(len(of), bool)
    labelled[: labels // 2] = labelled[80 : 80 + labels // 2] = True
    probabilities = np.where(of[:, np.newaxis] == 1, [[0.3, 0.7]], [[0.7, 0.3]]).astype(np.float32)
    probabilities[of == 2] = [0.99, 0.01]
    return probabilities, vectors, labelled, of


def test_a_region_far_from_all_labels_is_looked_at_though_the_head_is_sure_of_it():
    probabilities, vectors, labelled, of = strange(labels=6)
    assert of[next_to_label(probabilities, vectors, labelled, 1)].tolist() == [2]
    assert 2 not in of[next_to_label(probabilities, vectors, labelled, 2, explore=0)]


def test_exploring_gives_way_to_doubt():
    shares = []
    for labels in (6, 12, 24, 96):
        probabilities, vectors, labelled, of = strange(labels)
        probabilities[of == 1] = [0.5, 0.5]
        found = [of[next_to_label(probabilities, vectors, labelled, 1, seed)[0]] for seed in range(200)]
        assert set(found) <= {1, 2}
        shares.append(found.count(2) / 200)
    assert EXPLORE == 3
    assert shares == pytest.approx([1, 1 / 4, 1 / 16, 1 / 256], abs=0.08)
    assert shares[2] > 0


def test_a_photo_that_stands_for_many_unsure_ones_comes_before_a_lonely_one():
    vectors, of = clouds([60, 40, 1])
    probabilities = np.where(of[:, np.newaxis] == 0, [[0.99, 0.01]], [[0.55, 0.45]]).astype(np.float32)
    labelled = np.zeros(len(of), bool)
    labelled[:10] = True
    found = of[next_to_label(probabilities, vectors, labelled, 10, explore=0)].tolist()
    assert found[0] == 1
    assert 2 in found


def test_what_labels_tell_already_is_not_asked_again():
    vectors, of = clouds([50, 50], spread=0.01)
    labelled = np.zeros(100, bool)
    labelled[:20] = True
    probabilities = np.full((100, 2), 0.5, np.float32)
    assert of[next_to_label(probabilities, vectors, labelled, 1)].tolist() == [1]


def test_a_large_library_is_cut_to_what_matters():
    random = np.random.default_rng(0)
    vectors = unit(random.standard_normal((30_000, 16)))
    probabilities = random.dirichlet(np.ones(5), 30_000).astype(np.float32)
    labelled = random.random(30_000) < 0.2
    found = next_to_label(probabilities, vectors, labelled, 40)
    assert len(set(found.tolist())) == 40
    unsure = unsureness(probabilities)
    assert np.median(unsure[found]) > np.quantile(unsure[~labelled], 0.8)
    many = next_to_label(None, vectors, labelled, 20_000)
    assert len(set(many.tolist())) == 20_000
    assert not labelled[many].any()


def test_unsureness():
    shares = np.array([[1, 0, 0], [0.5, 0.5, 0], [0.4, 0.35, 0.25], [np.nan] * 3], np.float32)
    assert unsureness(shares) == pytest.approx([0, 1, 0.95, 1], abs=1e-6)


def test_shapes_that_do_not_fit_are_refused():
    vectors, _ = clouds([3])
    with pytest.raises(ValueError, match="labelled"):
        next_to_label(None, vectors, np.zeros(2, bool), 1)
    with pytest.raises(ValueError, match="labelled"):
        next_to_label(np.zeros((2, 2), np.float32), vectors, np.zeros(3, bool), 1)
