from __future__ import annotations

import json

import numpy as np
import pytest

from desktop_app.core.learn.heads import NEVER, Head, HeadKind, Softmax, as_probabilities, log_loss, temperature_of
from desktop_app.core.learn.heads_more import HEADS, Mlp, Neighbours, _first_weights, _Loss, load_head
from desktop_app.core.learn.preparation import Layers
from tests.core.learn_made import made

KINDS = tuple(HEADS)


def prepared(per_class: int | tuple[int, ...] = 12, classes: int = 3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    examples = made(per_class, classes, seed=seed)
    return Layers(examples).get(("embedding",))[1], examples.answers


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("classes", [2, 3])
def test_every_head_learns_what_lies_apart(kind: HeadKind, classes: int) -> None:
    known, answers = prepared(15, classes)
    head = HEADS[kind]().fit(known, answers, classes)
    found = head.probabilities(known)
    assert found.dtype == np.float32
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)
    assert (found.argmax(axis=1) == answers).mean() > 0.95


@pytest.mark.parametrize("kind", KINDS)
def test_classes_without_examples_have_no_probability_and_the_order_stays(kind: HeadKind) -> None:
    known, answers = prepared(10, 2)
    head = HEADS[kind]().fit(known, answers * 2 + 1, 5)  # classes 1 and 3 of five
    found = head.probabilities(known)
    assert found.shape == (20, 5)
    assert not found[:, [0, 2, 4]].any()
    assert set(found.argmax(axis=1)) == {1, 3}


@pytest.mark.parametrize("kind", KINDS)
def test_state_is_plain_and_comes_back_exactly(kind: HeadKind) -> None:
    known, answers = prepared()
    head = HEADS[kind]().fit(known, answers, 4)
    head.temperature = 1.7
    arrays, values = head.state()
    assert all(array.dtype != object for array in arrays.values())
    again = load_head(arrays, json.loads(json.dumps(values)))
    assert np.array_equal(again.probabilities(known), head.probabilities(known))


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_states_are_noticed(kind: HeadKind) -> None:
    known, answers = prepared()
    arrays, values = HEADS[kind]().fit(known, answers, 3).state()
    for name in arrays:
        with pytest.raises((KeyError, ValueError)):
            load_head({other: array for other, array in arrays.items() if other != name}, values)
    with pytest.raises(ValueError, match="damaged"):
        load_head(arrays, {**values, "temperature": 0})


@pytest.mark.parametrize("kind", KINDS)
def test_one_class_and_features_of_no_width_give_plain_answers(kind: HeadKind) -> None:
    known, _ = prepared(3, 2)
    only = HEADS[kind]().fit(known, np.full(6, 1, np.int64), 3)
    assert np.array_equal(only.probabilities(known), np.tile(np.float32([0, 1, 0]), (6, 1)))
    flat = HEADS[kind]().fit(known[:, :0], np.array([0, 0, 0, 1, 1, 1]), 2)
    assert np.allclose(flat.probabilities(known[:, :0]), 0.5)
    assert only.probabilities(known[:0]).shape == (0, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_examples_give_the_same_head(kind: HeadKind) -> None:
    known, answers = prepared()
    one, other = (HEADS[kind]().fit(known, answers, 3).state()[0] for _ in range(2))
    assert all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("classes", [2, 4])
def test_going_on_from_the_last_weights_ends_at_about_the_same_head(kind: HeadKind, classes: int) -> None:
    known, answers = prepared(20, classes)
    few = np.arange(len(answers)) % 10 != 0
    start = HEADS[kind]().fit(known[few], answers[few], classes)
    cold, warm = HEADS[kind]().fit(known, answers, classes), HEADS[kind]().fit(known, answers, classes, start)
    difference = np.abs(cold.probabilities(known) - warm.probabilities(known))
    assert difference.max() < (0.5 if kind == "mlp" else 0.02)


def test_a_start_of_another_kind_or_of_other_classes_is_left_aside() -> None:
    known, answers = prepared()
    plain = Softmax().fit(known, answers, 3)
    for start in (Neighbours().fit(known, answers, 3), Softmax().fit(known[answers > 0], answers[answers > 0], 3)):
        assert np.array_equal(Softmax().fit(known, answers, 3, start).weights, plain.weights)


def test_rare_classes_weigh_as_much_as_common_ones() -> None:
    random = np.random.default_rng(1)
    # one dimension, two overlapping classes: the boundary lies in the middle only if both weigh the same
    known = np.concatenate([random.normal(-1, 1, (900, 1)), random.normal(1, 1, (100, 1))]).astype(np.float32)
    answers = np.repeat([0, 1], [900, 100]).astype(np.int64)
    line = np.linspace(-2, 2, 401, dtype=np.float32)[:, None]
    for kind in ("softmax", "svm", "mlp"):
        boundary = line[np.argmax(HEADS[kind]().fit(known, answers, 2).probabilities(line)[:, 1] > 0.5), 0]
        assert abs(boundary) < 0.45, kind


def test_a_perceptron_has_one_or_two_hidden_layers() -> None:
    known, answers = prepared()
    depths = {len(Mlp(strength).fit(known, answers, 3).weights) - 1 for strength in Mlp.strengths}
    assert depths == {1, 2}


def test_strong_neighbours_are_the_nearest_neighbour() -> None:
    known, answers = prepared(10, 3)
    asked, _ = prepared(10, 3, seed=5)
    unit = known / np.linalg.norm(known, axis=1, keepdims=True)
    nearest = answers[((asked / np.linalg.norm(asked, axis=1, keepdims=True)) @ unit.T).argmax(axis=1)]
    assert np.array_equal(Neighbours(5000.0).fit(known, answers, 3).scores(asked).argmax(axis=1), nearest)


def test_the_temperature_makes_scores_as_sure_as_they_are_right() -> None:
    random = np.random.default_rng(0)
    scores = random.normal(size=(4000, 3))
    truth = np.array([random.choice(3, p=row / row.sum()) for row in as_probabilities(scores, 1.0).astype(float)])
    assert temperature_of(scores * 4, truth) == pytest.approx(4, rel=0.15)
    assert temperature_of(scores / 4, truth) == pytest.approx(0.25, rel=0.15)


def test_a_few_lucky_labels_do_not_make_a_head_certain() -> None:
    scores = np.array([[2.0, -2.0], [-2.0, 2.0]] * 5)
    truth = np.array([0, 1] * 5)
    sure = as_probabilities(scores, temperature_of(scores, truth)).max()
    assert 0.85 < sure < 0.97
    assert temperature_of(np.tile(scores, (20, 1)), np.tile(truth, 20), repeats=20) == temperature_of(scores, truth)


def test_answers_never_learnt_do_not_spoil_the_temperature() -> None:
    scores = np.full((6, 3), NEVER)
    scores[:, :2] = [[2, 0]] * 3 + [[0, 2]] * 3
    truth = np.array([0, 0, 0, 1, 1, 2])  # class 2 had no example
    assert temperature_of(scores, truth) == temperature_of(scores[:5], truth[:5])
    assert temperature_of(scores[5:], truth[5:]) == 1.0
    assert log_loss(scores, truth) > log_loss(scores[:5], truth[:5])


def test_heads_have_names_of_their_own() -> None:
    assert {kind: head.kind for kind, head in HEADS.items()} == {kind: kind for kind in KINDS}
    assert issubclass(HEADS["svm"], Head)


def test_the_slope_of_a_perceptron_is_that_of_its_loss() -> None:
    random = np.random.default_rng(4)
    columns = random.normal(size=(20, 6)).astype(np.float32)
    answers, shapes = random.integers(0, 3, 20).astype(np.int64), [(5, 6), (4, 5), (3, 4)]
    loss = _Loss(columns, answers, np.full(20, 0.05), 0.01, shapes)
    flat = np.concatenate([np.concatenate([w.ravel(), b]) for w, b in _first_weights(shapes, 1)])
    _, slope = loss(flat)
    for _ in range(10):
        way = random.normal(size=len(flat))
        way /= np.linalg.norm(way)
        change = (loss(flat + 1e-2 * way)[0] - loss(flat - 1e-2 * way)[0]) / 2e-2
        assert change == pytest.approx(float(slope @ way), abs=2e-3)
