from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.errors import UserError
from desktop_app.core.learn.examples import Examples
from desktop_app.core.learn.heads_more import HEADS
from desktop_app.core.learn.train import GROWN, train
from desktop_app.core.learn.trained import Trained
from desktop_app.core.types import Progress
from tests.core.learn_made import drain, made


def trained(examples: Examples, **wishes: object) -> Trained:
    return drain(train(examples, **wishes))  # type: ignore[arg-type]


QUICK = {"head": "softmax", "layer": "embedding"}


def right(head: Trained, examples: Examples) -> float:
    return float((head.probabilities(examples.features).argmax(axis=1) == examples.answers).mean())


def only(examples: Examples, *layers: str) -> Examples:
    features = {name: examples.features[name] for name in layers}
    return Examples(features, examples.answers, examples.groups, examples.classes)


# --- choosing ------------------------------------------------------------------------------------------------------


def test_it_learns_and_says_how_right_it_will_be() -> None:
    head = trained(made(10, apart=1.0))
    truth = right(head, made(300, seed=1, apart=1.0))
    assert 0.6 < truth < 0.99
    assert head.accuracy is not None
    assert head.interval[0] <= head.accuracy <= head.interval[1]
    assert head.interval[0] <= truth <= head.interval[1]
    assert 0.05 < head.interval[1] - head.interval[0] < 0.5
    assert head.counts == (10, 10, 10)
    assert head.examples == 30


def test_the_layer_that_tells_the_answers_apart_is_chosen() -> None:
    examples = made(12)
    # what is usual says nothing here; a middle layer says it all
    features = {"stage1": examples.features["embedding"], "embedding": made(12, seed=3, apart=0.0).features["stage1"]}
    head = trained(Examples(features, examples.answers, examples.groups, examples.classes))
    assert "stage1" in head.layers
    scores = {score.name: score for score in head.layer_scores}
    assert scores["stage1"].accuracy > scores["embedding"].accuracy + 0.2
    assert all(score.deviation > 0 for score in head.layer_scores)
    assert scores["stage1"].tested
    assert head.sureness > 0.9


def test_among_equals_the_usual_layer_is_chosen() -> None:
    examples = made(12)
    features = {"stage4": examples.features["embedding"], "embedding": examples.features["embedding"]}
    head = trained(Examples(features, examples.answers, examples.groups, examples.classes))
    assert head.layer == "embedding"
    assert head.kind == "softmax"


@pytest.mark.parametrize("kind", tuple(HEADS))
def test_a_head_that_is_asked_for_is_trained(kind: str) -> None:
    head = trained(made(8), head=kind, layer="embedding+logits")
    assert (head.kind, head.layer, head.layers) == (kind, "embedding+logits", ("embedding", "logits"))
    assert right(head, made(100, seed=1)) > 0.85
    assert [score.kind for score in head.head_scores] == [kind]


def test_scores_are_best_first_and_hold_every_layer() -> None:
    head = trained(made(10))
    accuracies = [score.accuracy for score in head.layer_scores]
    assert accuracies == sorted(accuracies, reverse=True)
    assert {"stage1", "embedding", "logits", "embedding+logits"} <= {score.name for score in head.layer_scores}
    assert {score.kind for score in head.head_scores} >= {"softmax", "svm", "neighbours"}


def test_the_same_examples_and_seed_give_the_same_head() -> None:
    one, other = (trained(made(6), seed=4, layer="logits") for _ in range(2))
    asked = made(20, seed=1).features
    assert np.array_equal(one.probabilities(asked), other.probabilities(asked))
    assert (one.layer_scores, one.interval, one.accuracy) == (other.layer_scores, other.interval, other.accuracy)
    assert np.array_equal(one.out_of_fold, other.out_of_fold)


def test_progress_is_told_all_along_and_closing_leaves_it() -> None:
    reports = []
    steps = train(made(8))
    for report in steps:
        reports.append(report)
        if len(reports) == 50:
            steps.close()
    assert len(reports) == 50
    assert all(isinstance(report, Progress) and report.text for report in reports)


def test_copies_do_not_flatter() -> None:
    random = np.random.default_rng(0)
    base = random.normal(size=(12, 30)).astype(np.float32)  # says nothing of the answers
    places = np.repeat(np.arange(12), 6)
    features = {"embedding": base[places] + 0.01 * random.normal(size=(72, 30)).astype(np.float32)}
    answers = np.repeat(np.arange(12) % 2, 6).astype(np.int64)
    apart = trained(Examples(features, answers, np.arange(72), ("a", "b")), **QUICK)
    together = trained(Examples(features, answers, places.astype(np.int64), ("a", "b")), **QUICK)
    assert apart.accuracy is not None
    assert together.accuracy is not None
    assert apart.accuracy > 0.95
    assert together.accuracy < 0.8


def test_out_of_fold_probabilities_are_of_heads_that_had_not_seen_the_photo() -> None:
    examples = made(12)
    answers = examples.answers.copy()
    answers[[3, 17, 30]] = (answers[[3, 17, 30]] + 1) % 3  # wrong labels
    head = trained(Examples(examples.features, answers, examples.groups, examples.classes), **QUICK)
    assert head.out_of_fold.shape == (36, 3)
    assert np.allclose(head.out_of_fold.sum(axis=1), 1, atol=1e-5)
    given = head.out_of_fold[np.arange(36), answers]
    assert set(np.argsort(given)[:3]) == {3, 17, 30}


def test_the_learning_curve_rises_with_labels() -> None:
    head = trained(made(20, apart=1.0), **QUICK)
    assert [point.labels for point in head.curve] == [15, 30, 48]
    assert head.curve[0].accuracy < head.curve[-1].accuracy


def test_very_many_labels_are_chosen_by_some_and_learnt_from_all() -> None:
    examples = only(made(2500, apart=1.0), "embedding")
    head = trained(examples, head="softmax")
    assert head.examples == 7500
    assert len(head.out_of_fold) == 7500
    assert head.interval[1] - head.interval[0] < 0.1


# --- going on ------------------------------------------------------------------------------------------------------


def test_choices_stay_until_labels_have_grown_by_a_quarter() -> None:
    first = trained(made(40), **QUICK)
    few = made(44, seed=0)
    again = trained(few, warm=first, **QUICK)
    assert again.chosen_at == first.chosen_at == 120
    assert (again.layer, again.kind, again.layer_scores) == (first.layer, first.kind, first.layer_scores)
    assert again.examples == 132
    assert len(again.out_of_fold) == 132
    assert trained(made(round(40 * GROWN)), warm=first, **QUICK).chosen_at == 150


@pytest.mark.parametrize("kind", tuple(HEADS))
def test_a_head_that_went_on_is_as_good_as_one_from_nothing(kind: str) -> None:
    wishes = {"head": kind, "layer": "embedding"}
    first = trained(only(made(110, apart=1.0), "embedding"), **wishes)
    more = only(made(120, apart=1.0), "embedding")
    asked = only(made(300, seed=1, apart=1.0), "embedding")
    warm, cold = trained(more, warm=first, **wishes), trained(more, **wishes)
    assert warm.chosen_at == 330
    assert right(warm, asked) > right(cold, asked) - 0.03


@pytest.mark.parametrize(
    "change", ["classes", "head", "layer", "fewer", "new class"], ids=lambda change: change.replace(" ", "_")
)
def test_a_change_of_what_is_asked_begins_anew(change: str) -> None:
    first = trained(made((8, 8, 8)), **QUICK)
    examples, wishes = made((8, 8, 8)), dict(QUICK)
    if change == "classes":
        examples = Examples(examples.features, examples.answers, examples.groups, ("cat", "wolf", "fox"))
    elif change == "head":
        wishes["head"] = "svm"
    elif change == "layer":
        wishes["layer"] = "logits"
    elif change == "fewer":
        examples = examples.some(np.arange(1, 24))
    else:
        examples = made((8, 8, 8, 2))
    again = trained(examples, warm=first, **wishes)
    assert again.chosen_at == len(examples)
    assert again.classes == examples.classes


# --- edges ---------------------------------------------------------------------------------------------------------


def nothing() -> Examples:
    return made((0, 0))


@pytest.mark.parametrize(
    ("examples", "sentence"),
    [
        (made((0, 0)), "No photo has a label yet"),
        (made((5, 0)), "Every labelled photo is “cat”"),
        (made((1,)), "Every labelled photo is “cat”"),
        (only(made((3, 3))), "have not been read yet"),
    ],
)
def test_too_little_is_a_sentence(examples: Examples, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        trained(examples)


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        ({"head": "forest"}, "no head called “forest”"),
        ({"layer": "stage9"}, "no layer called “stage9”"),
        ({"layer": "embedding+stage9"}, "no layer called “stage9”"),
        ({"layer": "embedding+embedding"}, "twice"),
    ],
)
def test_what_is_not_there_is_a_sentence(wishes: dict[str, str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        trained(made(4), **wishes)


@pytest.mark.parametrize("wishes", [{}, *({"head": kind} for kind in HEADS), {"layer": "flat"}])
def test_photos_that_all_look_the_same_are_a_sentence(wishes: dict[str, str]) -> None:
    for count in (2, 12):
        answers = np.arange(count) % 2
        features = {"flat": np.full((count, 5), 2.5, np.float32), "embedding": np.zeros((count, 7), np.float32)}
        with pytest.raises(UserError, match="all look the same"):
            trained(Examples(features, answers, np.arange(count), ("a", "b")), **wishes)


def test_a_layer_that_is_the_same_for_all_photos_is_left_out() -> None:
    examples = made(6)
    features = {**examples.features, "embedding": np.ones((18, 40), np.float32)}
    head = trained(Examples(features, examples.answers, examples.groups, examples.classes))
    assert "embedding" not in head.layers
    assert "embedding" not in {score.name for score in head.layer_scores}


@pytest.mark.parametrize("kind", ["auto", *HEADS])
@pytest.mark.parametrize("counts", [(1, 1), (1, 1, 0, 1), (5, 1), (2, 1)])
def test_labels_too_few_to_test_still_give_a_head_and_no_number(kind: str, counts: tuple[int, ...]) -> None:
    examples = made(counts)
    head = trained(examples, head=kind)
    assert head.accuracy is None
    assert head.interval == (0.0, 1.0)
    assert head.out_of_fold.shape == (0, len(counts))
    assert head.curve == ()
    found = head.probabilities(examples.features)
    assert right(head, examples) == 1.0
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)
    assert not found[:, [place for place, count in enumerate(counts) if not count]].any()


@pytest.mark.parametrize("kind", ["auto", *HEADS])
def test_a_class_with_one_photo_is_learnt_and_counts_as_not_found(kind: str) -> None:
    examples = made((8, 8, 1, 0))
    head = trained(examples, head=kind, layer="embedding")
    assert head.accuracy is not None
    assert 0.4 < head.accuracy <= 1.0
    # nothing that had not seen its only photo can know the class
    assert head.out_of_fold[16, 2] == 0
    assert head.probabilities(examples.features)[16].argmax() == 2


def test_two_labels_each_are_tested() -> None:
    head = trained(made((2, 2)))
    assert head.accuracy is not None
    assert head.interval[1] - head.interval[0] > 0.3


def test_one_photo_with_two_answers_is_no_traceback() -> None:
    features = {"embedding": np.tile(np.random.default_rng(0).normal(size=(1, 9)), (2, 1)).astype(np.float32)}
    features["embedding"][1, 0] += 1e-3
    head = trained(Examples(features, np.array([0, 1]), np.array([0, 0]), ("a", "b")))
    assert head.accuracy is None


def test_answers_that_features_do_not_tell_apart_are_said_to_be_a_guess() -> None:
    head = trained(made(20, classes=4, apart=0.0), **QUICK)
    assert head.accuracy is not None
    assert head.accuracy < 0.5
    assert head.interval[0] < 0.25 + 0.1
    # and it is not sure of any photo
    assert head.probabilities(made(50, classes=4, seed=1, apart=0.0).features).max(axis=1).mean() < 0.6
