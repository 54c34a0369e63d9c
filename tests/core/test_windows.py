"""Windows of a map: their scores are those of their means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.explain.windows import share_inside, window_scores, windows


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 1000))
def test_the_score_of_a_window_is_the_cosine_of_its_mean(rows: int, columns: int, seed: int):
    random = np.random.default_rng(seed)
    cells = random.normal(size=(2, rows, columns, 5)).astype(np.float32)
    query = random.normal(size=5).astype(np.float32)
    scores = window_scores(cells, query)
    for one, found in zip(cells, scores, strict=True):
        for (top, left, tall, wide), score in zip(windows(rows, columns).tolist(), found.tolist(), strict=True):
            mean = one[top : top + tall, left : left + wide].mean(axis=(0, 1))
            truth = mean @ query / np.linalg.norm(mean) / np.linalg.norm(query)
            assert score == pytest.approx(truth, abs=1e-3)


def test_nothing_is_like_nothing():
    assert not window_scores(np.zeros((1, 3, 3, 4), np.float32), np.ones(4, np.float32)).any()
    assert not window_scores(np.ones((1, 3, 3, 4), np.float32), np.zeros(4, np.float32)).any()
    half = np.zeros((1, 1, 2, 3), np.float32)
    half[0, 0, 1] = 1
    assert window_scores(half, np.ones(3, np.float32))[0].tolist() == pytest.approx([0, 1, 1])
    assert window_scores(np.empty((0, 3, 3, 4), np.float32), np.ones(4, np.float32)).shape == (0, len(windows(3, 3)))


@given(st.integers(1, 12), st.floats(0, 0.99), st.floats(0.001, 1))
def test_shares_of_places_sum_to_the_stretch(cells: int, place: float, length: float):
    length = min(length, 1 - place)
    found = share_inside(place, length, cells)
    assert found.sum() == pytest.approx(length * cells, abs=1e-3)
    assert (found >= 0).all()
    assert (found <= 1).all()
