"""Training: choose layer, head and strength by measuring, fit, and say how right it will be."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, cast

import numpy as np
import numpy.typing as npt

from desktop_app.core.errors import UserError
from desktop_app.core.learn.evaluate import Tested, cross_validate, deviation_of
from desktop_app.core.learn.examples import Examples, check_enough
from desktop_app.core.learn.folds import Folds, repeated_folds, stratified_group_folds, usable_folds
from desktop_app.core.learn.heads import Head, HeadKind, Softmax
from desktop_app.core.learn.heads_more import HEADS, Mlp
from desktop_app.core.learn.intervals import CurvePoint, expected_gain, prediction_interval
from desktop_app.core.learn.layers import (
    LayerScore,
    Ranked,
    choose,
    in_order,
    layers_of,
    name_of,
    rank_layers,
    sureness,
)
from desktop_app.core.learn.preparation import Layers, Preparation
from desktop_app.core.learn.trained import HeadScore, Trained
from desktop_app.core.types import Progress, Vectors

AnyHead = Literal["auto", "softmax", "svm", "mlp", "neighbours"]

GROWN = 1.25
"""Head, layer and strength are chosen anew when labels have grown by a quarter since."""

_FINALISTS = 3
_CHOICE = 4000  # examples that are asked which layer, head and strength: beyond, the answer no longer changes
_MLP_FROM = 300  # labels below which a perceptron is not tried by itself
_KEEP_AXES = 300  # labels from which an earlier preparation serves a few more as well as one of their own

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """What was measured on the way to a head."""

    layers: tuple[str, ...]
    kind: type[Head]
    strength: float
    layer_scores: tuple[LayerScore, ...]
    head_scores: tuple[HeadScore, ...]
    sureness: float


def train(
    examples: Examples,
    *,
    head: str = "auto",
    layer: str = "auto",
    seed: int = 0,
    warm: Trained | None = None,
) -> Generator[Progress, None, Trained]:
    """Train a head on labelled photos.

    Args:
        examples: photos a person looked at, with their answers.
        head: "auto", "softmax", "svm", "mlp" or "neighbours".
        layer: "auto", a layer's name, or several joined by "+".
        seed: of the folds; the same examples and seed give the same head.
        warm: what an earlier training of the same label set gave: its choices stay until labels have grown by a
            quarter (`GROWN`), and the head goes on from its weights.

    Yields:
        Progress, a few tens of milliseconds apart. Closing the generator leaves nothing behind.

    Returns:
        The trained head with what was measured. Where labels are too few to be tested, `accuracy` is None.

    Raises:
        UserError: labels for fewer than two answers; no such head or layer; photos that all look the same.
    """
    began = time.monotonic()
    check_enough(examples)
    _check_names(examples, head, layer)
    kept = warm if warm is not None and _still_holds(warm, examples, head, layer) else None
    if kept is None:
        subset = examples.some(_choice_places(examples, seed))
        choice = yield from _choose(subset, head, layer, seed)
        chosen_at = len(examples)
    else:
        choice = _Choice(
            kept.layers, type(kept.head), kept.head.strength, kept.layer_scores, kept.head_scores, kept.sureness
        )
        chosen_at = kept.chosen_at
    yield Progress("Learning from your labels")
    if kept is not None and len(examples) >= _KEEP_AXES:
        preparation, start = kept.preparation, kept.head
        prepared = preparation.apply(examples.features)
    else:
        preparation, prepared = Layers(examples, seed).get(choice.layers)
        start = None
    if not preparation.dimensions:
        raise UserError("The labelled photos all look the same to the network, so it cannot tell them apart.")
    classes = len(examples.classes)
    fitted = choice.kind(choice.strength).fit(prepared, examples.answers, classes, start)
    yield Progress("Testing on your own labels")
    # never from the head's own weights: those have seen every example
    quick = kept is not None or choice.kind is Mlp
    folds = min(3, usable_folds(examples.answers, examples.groups)) if kept is not None and choice.kind is Mlp else 0
    dealings = repeated_folds(examples.answers, examples.groups, seed, repeats=1 if quick else 0, folds=folds)
    tested = yield from paced(
        cross_validate(choice.kind, prepared, examples.answers, classes, dealings, (choice.strength,)),
        "Testing on your own labels",
    )
    accuracy: float | None = None
    interval = (0.0, 1.0)
    curve: tuple[CurvePoint, ...] = ()
    out_of_fold = np.empty((0, classes), np.float32)
    layer_scores = choice.layer_scores
    if dealings:
        fitted.temperature = tested.temperature
        out_of_fold = tested.probabilities()
        last = CurvePoint(round(len(examples) * (1 - 1 / (int(dealings[0].max()) + 1))), tested.accuracy)
        if kept is not None and kept.curve:  # what a quarter and half of the labels gave has hardly changed
            curve = (*kept.curve[:-1], last)
        else:
            curve = yield from _curve(examples, prepared, choice, last, seed, 1 if quick else 4)
        accuracy = min(1.0, tested.accuracy + expected_gain(curve, len(examples)))
        interval = prediction_interval(tested.right, curve, len(examples))
    return Trained(
        preparation,
        fitted,
        examples.classes,
        tuple(int(count) for count in examples.counts),
        accuracy,
        interval,
        layer_scores,
        choice.head_scores,
        curve,
        choice.sureness,
        out_of_fold,
        (head, layer),
        chosen_at,
        time.monotonic() - began,
    )


def _check_names(examples: Examples, head: str, layer: str) -> None:
    if head != "auto" and head not in HEADS:
        raise UserError(f"There is no head called “{head}”. There are: auto, {', '.join(HEADS)}.")
    if layer != "auto":
        for name in layers_of(layer):
            if name not in examples.features:
                known = ", ".join(examples.features)
                raise UserError(f"There is no layer called “{name}”. There are: auto, {known}.")
        if len(set(layers_of(layer))) < len(layers_of(layer)):
            raise UserError(f"“{layer}” names a layer twice.")


def _still_holds(warm: Trained, examples: Examples, head: str, layer: str) -> bool:
    sizes = {name: block.shape[1] for name, block in examples.features.items()}
    return (
        warm.asked == (head, layer)
        and warm.classes == examples.classes
        and warm.chosen_at <= len(examples) < GROWN * warm.chosen_at
        and all(sizes.get(name) == size for name, size in zip(warm.layers, warm.preparation.sizes, strict=True))
        and np.array_equal(warm.head.present, np.flatnonzero(examples.counts))
    )


def _choice_places(examples: Examples, seed: int) -> npt.NDArray[np.int64]:
    count = len(examples)
    if count <= _CHOICE:
        return np.arange(count)
    # whole groups, all classes in proportion: a fold of that size is just that
    folds = stratified_group_folds(examples.answers, examples.groups, max(2, round(count / _CHOICE)), seed)
    return np.flatnonzero(folds == 0)


def _choose(examples: Examples, head: str, layer: str, seed: int) -> Generator[Progress, None, _Choice]:
    """Measure layers, heads and strengths on the examples."""
    layers = Layers(examples, seed)
    dealings = repeated_folds(examples.answers, examples.groups, seed)
    kinds = _kinds(head, len(examples))
    if not dealings:  # nothing can be tested: what is usual
        return _Choice(
            _usual(examples, layers, layer), kinds[0], kinds[0].usual, (), (), 1.0 if layer != "auto" else 0.0
        )
    ranked = yield from paced(
        rank_layers(examples, layers, dealings, [] if layer == "auto" else [layer]), "Comparing layers"
    )
    if not ranked:
        return _Choice(_usual(examples, layers, layer), kinds[0], kinds[0].usual, (), (), 0.0)
    classes = len(examples.classes)
    finalists = {0, *sorted(range(len(ranked)), key=lambda one: (-ranked[one].accuracy, one))[:_FINALISTS]}
    tests: dict[int, Tested] = {}
    compared = Softmax if kinds[0] is Mlp else kinds[0]  # layers are compared by a quick head
    for place in sorted(finalists):
        _, prepared = layers.get(ranked[place].layers)
        tests[place] = yield from paced(
            cross_validate(compared, prepared, examples.answers, classes, dealings),
            f"Testing {name_of(ranked[place].layers)}",
        )
    order = sorted(tests)
    # ridge and the head itself were asked about the same photos: their mean is steadier than either
    evidence = [(tests[place].right + ranked[place].right) / 2 for place in order]
    place = choose([(right, rank) for rank, right in enumerate(evidence)])
    chosen, sure = order[place], sureness(evidence, place, seed) if len(order) > 1 else 1.0
    heads = [tests[chosen]] if compared is kinds[0] else []
    _, prepared = layers.get(ranked[chosen].layers)
    for kind in kinds[len(heads) :]:
        few = dealings[: 1 if kind is Mlp else 2]
        steps = cross_validate(kind, prepared, examples.answers, classes, few)
        heads.append((yield from paced(steps, f"Testing {kind.kind}")))
    best = heads[choose([(tested.right, rank) for rank, tested in enumerate(heads)])]
    return _Choice(
        ranked[chosen].layers,
        best.kind,
        best.strength,
        _layer_scores(ranked, tests),
        tuple(HeadScore(tested.kind.kind, tested.accuracy, tested.deviation) for tested in heads),
        sure,
    )


def _kinds(head: str, count: int) -> list[type[Head]]:
    """The heads to try, the one that layers are compared with first."""
    if head != "auto":
        return [HEADS[cast("HeadKind", head)]]
    return [Softmax] + [
        kind for kind in HEADS.values() if kind is not Softmax and (kind is not Mlp or count >= _MLP_FROM)
    ]


def _usual(examples: Examples, layers: Layers, layer: str) -> tuple[str, ...]:
    """The layer taken where nothing can be measured: the first that is not the same for all photos."""
    if layer != "auto":
        return layers_of(layer)
    names = in_order(examples.features)
    return next(((name,) for name in names if layers.get((name,))[0].dimensions), (names[0],))


def _layer_scores(ranked: Sequence[Ranked], tests: dict[int, Tested]) -> tuple[LayerScore, ...]:
    scores = [
        LayerScore(
            name_of(one.layers),
            tests[place].accuracy if place in tests else one.accuracy,
            tests[place].deviation if place in tests else deviation_of(one.right),
            place in tests,
        )
        for place, one in enumerate(ranked)
    ]
    return tuple(sorted(scores, key=lambda score: -score.accuracy))


def _curve(
    examples: Examples, prepared: Vectors, choice: _Choice, last: CurvePoint, seed: int, repeats: int
) -> Generator[Progress, None, tuple[CurvePoint, ...]]:
    """Accuracy after a quarter and half of the labels, and after those of the folds."""
    answers, groups, classes = examples.answers, examples.groups, len(examples.classes)
    points = [last]
    kind = choice.kind if choice.kind is not Mlp else Softmax
    strength = choice.strength if kind is choice.kind else kind.usual
    for parts in (2, 4):
        if len(examples) < parts * 4 or len(examples) > _CHOICE:
            continue
        shares: list[float] = []
        for turn in range(repeats):
            folds = stratified_group_folds(answers, groups, parts, seed * 1000 + 500 + turn)
            for fold in range(parts if parts == 2 else 2):
                known = folds == fold
                if not known.any() or known.all():
                    continue
                head = kind(strength).fit(prepared[known], answers[known], classes)
                found = head.scores(prepared[~known]).argmax(axis=1)
                shares.append(float((found == answers[~known]).mean()))
                yield Progress("Testing on your own labels")
        if shares:
            points.append(CurvePoint(round(len(examples) / parts), float(np.mean(shares))))
    return tuple(sorted(points, key=lambda point: point.labels))


def paced(steps: Generator[None, None, _T], text: str) -> Generator[Progress, None, _T]:
    """Progress with a text for each step."""
    done = 0
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast("_T", end.value)
        done += 1
        yield Progress(text, done)


__all__ = ["AnyHead", "Folds", "Preparation", "Trained", "train"]
