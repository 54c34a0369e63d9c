"""Tags: of a photo any number may be true, so each is learnt by itself, as yes or no, on one layer for all.

Each tag gets a logistic regression in which yes and no weigh the same, and a line through its out-of-fold scores that
makes probabilities of them with yes as frequent as it was among the labels (Platt, "Probabilistic Outputs for Support
Vector Machines", 1999). All of it is one affine map on raw features.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.special import expit

from desktop_app.core.errors import UserError
from desktop_app.core.learn.evaluate import cross_validate
from desktop_app.core.learn.examples import Examples, Groups, balanced_weights
from desktop_app.core.learn.folds import Folds, repeated_folds
from desktop_app.core.learn.heads import Array, Softmax
from desktop_app.core.learn.intervals import COVERAGE
from desktop_app.core.learn.layers import LayerScore, choose, in_order, layers_of, name_of, ridge_right
from desktop_app.core.learn.preparation import Layers
from desktop_app.core.learn.train import paced
from desktop_app.core.types import Progress, Vectors

FEWEST = 2
"""Photos with a tag, and photos without it, below which it is not learnt."""
YES = 0.5
"""The probability from which a tag is given."""

Marks = npt.NDArray[np.int8]
"""Int8 (n, T): 1 the photo has the tag, 0 a person looked and it has not, -1 nobody knows."""

_TEXT = "Learning from your labels"


@dataclass(frozen=True, slots=True)
class TagScore:
    """How right one tag is on labels that its heads had not seen.

    Attributes:
        name: of the tag.
        yes: photos that have it; `no` photos that a person looked at and that have it not.
        balanced: the mean of the shares of yes and of no that were found, 0.5 by chance; None where it could not be
            tested.
        interval: where it lies with 90 %; (0, 1) where unknown.
        f1: harmonic mean of the share of given tags that are right and of the share of true ones that are given.
    """

    name: str
    yes: int
    no: int
    balanced: float | None
    interval: tuple[float, float]
    f1: float | None


@dataclass(frozen=True, slots=True, eq=False)
class TrainedTags:
    """What learning tags gives.

    Attributes:
        layers: names, in the order of the columns of `weights`; `sizes` their dimensions.
        weights: float32 (T, d) on raw features side by side, and `bias` float32 (T,): the probability of a tag is the
            logistic function of `x @ weights.T + bias`.
        scores: one for each of the T tags.
        layer_scores: every layer with the mean balanced accuracy of all tags, best first.
        seconds: how long it took.
    """

    layers: tuple[str, ...]
    sizes: tuple[int, ...]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    scores: tuple[TagScore, ...]
    layer_scores: tuple[LayerScore, ...]
    seconds: float

    @property
    def layer(self) -> str:
        """The layer's name; several are joined by "+"."""
        return name_of(self.layers)

    def probabilities(self, features: Mapping[str, Vectors]) -> npt.NDArray[np.float32]:
        """How probable each tag is: float32 (n, T); rows do not sum to 1.

        Args:
            features: raw features, float32 (n, d), of at least `layers`.
        """
        scores: Vectors = self.bias
        start = 0
        for name, size in zip(self.layers, self.sizes, strict=True):
            scores = scores + features[name] @ self.weights[:, start : start + size].T
            start += size
        return np.asarray(expit(scores), np.float32)


def learnable(marks: Marks) -> npt.NDArray[np.bool_]:
    """Which tags have enough photos with and without them: bool (T,)."""
    found: npt.NDArray[np.bool_] = ((marks == 1).sum(axis=0) >= FEWEST) & ((marks == 0).sum(axis=0) >= FEWEST)
    return found


def train_tags(
    features: Mapping[str, Vectors], marks: Marks, groups: Groups, names: Sequence[str], *, layer: str = "auto"
) -> Generator[Progress, None, TrainedTags]:
    """Learn every tag as yes or no.

    Args:
        features: by layer name, float32 (n, d).
        marks: int8 (n, T), each column with at least `FEWEST` yes and no.
        groups: int64 (n,), near-duplicates share a number.
        names: of the T tags.
        layer: "auto" takes the single layer that is best for all tags together; or a layer, or several joined by "+".

    Yields:
        Progress, a few tens of milliseconds apart.

    Raises:
        UserError: no such layer, or photos that all look the same.
        ValueError: a tag without enough photos.
    """
    began = time.monotonic()
    if not len(names) or not learnable(marks).all():
        raise ValueError("a tag without enough photos")
    everything = Examples(features, np.zeros(len(marks), np.int64), groups, ("",))
    prepared = Layers(everything)
    layers, layer_scores = yield from _choose(prepared, everything, marks, layer)
    preparation, columns = prepared.get(layers)
    if not preparation.dimensions:
        raise UserError("The labelled photos all look the same to the network, so it cannot tell them apart.")
    weights, biases, scores = [], [], []
    for at, name in enumerate(names):
        known = np.flatnonzero(marks[:, at] >= 0)
        answers = marks[known, at].astype(np.int64)
        dealings = repeated_folds(answers, groups[known], at)
        strength, line, judged = Softmax.usual, (1.0, 0.0), None
        if dealings:
            tested = yield from paced(cross_validate(Softmax, columns[known], answers, 2, dealings), _TEXT)
            strength = tested.strength
            ahead = tested.scores[:, :, 1] - tested.scores[:, :, 0]
            line = _line(ahead.ravel(), np.tile(answers, len(ahead)))
            judged = _judged(ahead, answers, dealings)
        head = Softmax(strength).fit(columns[known], answers, 2)
        slope, shift = line
        raw, bias = preparation.unfold(
            slope * (head.weights[1:] - head.weights[:1]), slope * (head.bias[1:] - head.bias[:1]) + shift
        )
        weights.append(raw[0])
        biases.append(bias[0])
        scores.append(_score(name, answers, judged))
        yield Progress(_TEXT, at + 1, len(names))
    return TrainedTags(
        layers,
        preparation.sizes,
        np.asarray(weights, np.float32),
        np.asarray(biases, np.float32),
        tuple(scores),
        layer_scores,
        time.monotonic() - began,
    )


def _choose(
    prepared: Layers, examples: Examples, marks: Marks, layer: str
) -> Generator[Progress, None, tuple[tuple[str, ...], tuple[LayerScore, ...]]]:
    """The layer that tells all tags best, by ridge regression and the one-standard-error rule."""
    if layer != "auto":
        for wanted in layers_of(layer):
            if wanted not in examples.features:
                layers = ", ".join(examples.features)
                raise UserError(f"There is no layer called “{wanted}”. There are: auto, {layers}.")
        candidates = [layers_of(layer)]
    else:
        candidates = [(name,) for name in in_order(examples.features)]
    tested: list[tuple[tuple[str, ...], Array]] = []
    for candidate in candidates:
        columns = prepared.get(candidate)[1]
        yield Progress("Comparing layers")
        if not columns.shape[1]:
            continue
        found: list[Array] = []
        for at in range(marks.shape[1]):
            known = np.flatnonzero(marks[:, at] >= 0)
            answers = marks[known, at].astype(np.int64)
            dealings = repeated_folds(answers, examples.groups[known], at, repeats=1)
            if not dealings:
                continue
            right = yield from paced(ridge_right(columns[known], answers, 2, dealings), "Comparing layers")
            found.append(right * balanced_weights(answers))
        if found:
            tested.append((candidate, np.concatenate(found)))
    if not tested:
        usable = [one for one in candidates if prepared.get(one)[1].shape[1]]
        return (usable or candidates)[0], ()
    chosen = choose([(right, rank) for rank, (_, right) in enumerate(tested)])
    scores = [
        LayerScore(name_of(name), float(right.mean()), float(right.std() / np.sqrt(len(right))))
        for name, right in tested
    ]
    return tested[chosen][0], tuple(sorted(scores, key=lambda score: -score.accuracy))


def _line(ahead: Array, answers: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Slope and shift that make log-odds of scores; never a slope that turns the order round."""
    from sklearn.linear_model import LogisticRegression

    if len(np.unique(answers)) < 2:
        return 1.0, 0.0
    spread = float(ahead.std()) or 1.0
    # the penalty keeps the slope finite where a handful of labels was all found
    model = LogisticRegression(C=10.0).fit((ahead / spread)[:, np.newaxis], answers)
    return max(1e-3, float(model.coef_[0, 0]) / spread), float(model.intercept_[0])


def _judged(ahead: Array, answers: npt.NDArray[np.int64], dealings: Sequence[Folds]) -> npt.NDArray[np.bool_]:
    """Whether each photo would be given the tag, by a head and a line that had not seen it: bool (r, n)."""
    given = np.zeros(ahead.shape, np.bool_)
    for turn, folds in enumerate(dealings):
        for fold in range(int(folds.max()) + 1):
            held = folds == fold
            slope, shift = _line(ahead[turn, ~held], answers[~held])
            given[turn, held] = expit(slope * ahead[turn, held] + shift) >= YES
    return given


def _score(name: str, answers: npt.NDArray[np.int64], given: npt.NDArray[np.bool_] | None) -> TagScore:
    yes, no = int((answers == 1).sum()), int((answers == 0).sum())
    if given is None:
        return TagScore(name, yes, no, None, (0.0, 1.0), None)
    hits = float(given[:, answers == 1].mean(axis=0).sum())
    spared = float((~given[:, answers == 0]).mean(axis=0).sum())
    balanced = (hits / yes + spared / no) / 2
    wrong = no - spared
    f1 = 2 * hits / (2 * hits + wrong + (yes - hits)) if hits else 0.0
    # one found and one missed are added to each share: all of two found is no proof
    shares = np.array([(hits + 1) / (yes + 2), (spared + 1) / (no + 2)])
    variance = float((shares * (1 - shares) / np.array([yes + 2, no + 2])).sum()) / 4
    middle = float(shares.mean())
    size = max(1.0, middle * (1 - middle) / variance - 1)
    low, high = stats.beta.ppf([(1 - COVERAGE) / 2, (1 + COVERAGE) / 2], middle * size, (1 - middle) * size)
    return TagScore(name, yes, no, balanced, (min(float(low), balanced), max(float(high), balanced)), f1)
