"""Tags: each learnt as yes or no."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.errors import UserError
from desktop_app.core.learn.tags import learnable, train_tags
from tests.core.learn_made import drain


def made(count: int, seed: int = 0) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Photos with two tags that lie in the embedding, on different axes, and one that lies nowhere."""
    random = np.random.default_rng(seed)
    marks = (random.random((count, 3)) < (0.5, 0.2, 0.4)).astype(np.int8)
    embedding = random.normal(size=(count, 30)) + 5
    embedding[:, 0] += 6 * marks[:, 0]
    embedding[:, 1] += 6 * marks[:, 1]
    features = {"stage1": random.normal(size=(count, 8)), "embedding": embedding}
    return {name: block.astype(np.float32) for name, block in features.items()}, marks


def test_tags_that_show_are_learnt_and_chance_is_called_chance() -> None:
    features, marks = made(200)
    learnt = drain(train_tags(features, marks, np.arange(200), ("red", "round", "lucky")))
    assert learnt.layer == "embedding"
    red, round_, lucky = learnt.scores
    assert (red.name, red.yes, red.no) == ("red", int(marks[:, 0].sum()), int((marks[:, 0] == 0).sum()))
    for score in (red, round_):
        assert score.balanced is not None
        assert score.balanced > 0.95
        assert score.f1 is not None
        assert score.f1 > 0.8
        assert score.interval[0] > 0.85
    assert lucky.balanced == pytest.approx(0.5, abs=0.12)
    assert lucky.interval[0] < 0.5 < lucky.interval[1]
    others, truth = made(1000, seed=1)
    given = learnt.probabilities(others)
    assert given.dtype == np.float32
    assert ((given[:, :2] >= 0.5) == (truth[:, :2] == 1)).mean() > 0.95
    # a tag that nothing tells is as probable as it was frequent
    assert given[:, 2].mean() == pytest.approx(marks[:, 2].mean(), abs=0.1)


def test_a_stated_range_holds_the_truth_about_as_often_as_it_says() -> None:
    random, inside = np.random.default_rng(5), []
    others, truth = made(2000, seed=77)
    for seed in range(20):
        features, marks = made(50, seed=100 + seed)
        blur = {name: block + 1.5 * random.normal(size=block.shape) for name, block in features.items()}
        learnt = drain(train_tags({n: b.astype(np.float32) for n, b in blur.items()}, marks[:, :1], np.arange(50), "a"))
        hazy = {n: (b + 1.5 * random.normal(size=b.shape)).astype(np.float32) for n, b in others.items()}
        given = learnt.probabilities(hazy)[:, 0] >= 0.5
        right = (given[truth[:, 0] == 1].mean() + (~given[truth[:, 0] == 0]).mean()) / 2
        low, high = learnt.scores[0].interval
        inside.append(low <= right <= high)
    assert np.mean(inside) >= 0.8


def test_photos_about_which_nobody_said_anything_teach_nothing() -> None:
    features, marks = made(60)
    marks[40:, 0] = -1
    learnt = drain(train_tags(features, marks[:, :1], np.arange(60), ("red",), layer="embedding"))
    assert learnt.scores[0].yes + learnt.scores[0].no == 40


def test_too_few_photos_are_no_figure() -> None:
    features, marks = made(30)
    marks[:, 0] = 0
    marks[:2, 0] = 1
    groups = np.arange(30)
    groups[1] = 0  # copies of one another: nothing to test with
    learnt = drain(train_tags(features, marks[:, :1], groups, ("rare",)))
    assert learnt.scores[0].balanced is None
    assert learnt.scores[0].interval == (0.0, 1.0)
    assert learnable(np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0], [0, 0, 0]], np.int8)).tolist() == [True, False, False]
    with pytest.raises(ValueError, match="without enough"):
        drain(train_tags(features, np.zeros((30, 1), np.int8), groups, ("never",)))
    with pytest.raises(UserError, match="no layer called “stage9”"):
        drain(train_tags(features, marks[:, :1], groups, ("rare",), layer="stage9"))


def test_layers_side_by_side() -> None:
    features, marks = made(80)
    learnt = drain(train_tags(features, marks[:, :2], np.arange(80), ("a", "b"), layer="stage1+embedding"))
    assert learnt.layers == ("stage1", "embedding")
    assert learnt.probabilities(features).shape == (80, 2)
