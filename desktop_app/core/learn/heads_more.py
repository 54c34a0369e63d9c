"""The heads that bend: a small network of one or two hidden layers, and nearest neighbours."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from desktop_app.core.learn.examples import Answers
from desktop_app.core.learn.heads import NEVER, Array, Head, HeadKind, LinearSvm, Softmax
from desktop_app.core.learn.preparation import Preparation


class Mlp(Head):
    """A multilayer perceptron with rectified hidden layers.

    `strength` is 1 / alpha, alpha being the weight of scikit-learn's L2 penalty; from `_TWO` on it has two hidden
    layers instead of one.
    """

    kind = "mlp"
    strengths = (1.0, 100.0, 1000.0)
    usual = 100.0

    _TWO = 1000.0
    _SEED = 7

    @property
    def hidden(self) -> tuple[int, ...]:
        """Width of each hidden layer."""
        return (128, 64) if self.strength >= self._TWO else (64,)

    def _start(self, classes: int, dimensions: int) -> None:
        widths = (dimensions, *self.hidden, classes)
        self.weights = [np.zeros((after, before)) for before, after in pairwise(widths)]
        self.biases = [np.zeros(after) for after in widths[1:]]

    def _fit(self, prepared: Array, answers: Answers, weights: Array, start: Head | None) -> None:
        from sklearn.neural_network import MLPClassifier

        scale = float(np.sqrt(prepared.shape[1]))  # its starting weights expect columns that vary by about 1
        # copies of the rarer classes instead of weights: older versions of scikit-learn take none here
        rows = _evened(answers, len(self.present))
        columns, targets = prepared[rows] * scale, answers[rows]
        model = MLPClassifier(self.hidden, alpha=1.0 / self.strength, learning_rate_init=5e-3, random_state=self._SEED)
        model.set_params(batch_size=min(128, len(rows)), tol=1e-3, n_iter_no_change=5, max_iter=2000, warm_start=True)
        model.partial_fit(columns, targets, classes=np.arange(len(self.present)))
        if isinstance(start, Mlp) and start.hidden == self.hidden:
            _put(model, start, scale)
        model.fit(columns, targets)
        self.weights = [np.asarray(part.T, np.float64) for part in model.coefs_]
        self.biases = [np.asarray(part, np.float64) for part in model.intercepts_]
        self.weights[0] = self.weights[0] * scale
        if len(self.present) == 2:  # one output that says how far the second class is ahead
            self.weights[-1] = np.vstack([-self.weights[-1], self.weights[-1]]) / 2
            self.biases[-1] = np.concatenate([-self.biases[-1], self.biases[-1]]) / 2

    def _scores(self, prepared: Array) -> Array:
        values = prepared
        for weights, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            values = np.maximum(values @ weights.T + bias, 0.0)
        return np.asarray(values @ self.weights[-1].T + self.biases[-1], np.float64)

    def parts(self, preparation: Preparation) -> list[tuple[Array, Array]]:
        """Weights (out, in) and bias (out,) of each layer, from raw features to calibrated scores of all classes."""
        weights, biases = list(self.weights), list(self.biases)
        last = np.zeros((self.classes, weights[-1].shape[1]))
        end = np.full(self.classes, NEVER)
        last[self.present], end[self.present] = weights[-1] / self.temperature, biases[-1] / self.temperature
        weights[-1], biases[-1] = last, end
        weights[0], biases[0] = preparation.unfold(weights[0], biases[0])
        return list(zip(weights, biases, strict=True))

    def _arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        for place, (weights, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            arrays[f"weights{place}"], arrays[f"bias{place}"] = weights, bias
        return arrays

    def _restore(self, arrays: dict[str, npt.NDArray[np.generic]]) -> None:
        count = len(self.hidden) + 1
        self.weights = [arrays[f"weights{place}"].astype(np.float64) for place in range(count)]
        self.biases = [arrays[f"bias{place}"].astype(np.float64) for place in range(count)]
        if self.weights[-1].shape[0] != len(self.present):
            raise ValueError("damaged head")


def _put(model: object, start: Mlp, scale: float) -> None:
    """Give scikit-learn's network the weights of an earlier one; those of its last layer only if it has that form."""
    coefs, intercepts = model.coefs_, model.intercepts_  # type: ignore[attr-defined]
    for place, (weights, bias) in enumerate(zip(start.weights, start.biases, strict=True)):
        weights, bias = weights.T, bias
        if place == 0:
            weights = weights / scale
        if coefs[place].shape[1] == 1:
            weights, bias = weights[:, 1:] - weights[:, :1], bias[1:] - bias[:1]
        if coefs[place].shape == weights.shape:
            coefs[place][...] = weights
            intercepts[place][...] = bias


def _evened(answers: Answers, classes: int) -> npt.NDArray[np.int64]:
    counts = np.bincount(answers, minlength=classes)
    most = int(counts.max())
    rows = [np.resize(np.flatnonzero(answers == one), max(counts[one], most)) for one in range(classes)]
    return np.concatenate(rows)


class Neighbours(Head):
    """Nearest neighbours: every example votes for its answer by exp(strength x cosine), all classes weigh the same.

    A large strength listens to the very nearest only, a small one to the class as a whole; nothing is cut off, so the
    scores are smooth and the same in every program: `logsumexp` over the examples of a class.
    """

    kind = "neighbours"
    strengths = (5.0, 10.0, 20.0, 40.0)
    usual = 20.0

    def _start(self, classes: int, dimensions: int) -> None:
        self.examples: Array = np.zeros((classes, dimensions))
        self.answers: npt.NDArray[np.int64] = np.arange(classes, dtype=np.int64)
        self.weights: Array = np.zeros(classes)

    def _fit(self, prepared: Array, answers: Answers, weights: Array, start: Head | None) -> None:
        order = np.argsort(answers, kind="stable")
        # float32: what is kept with the library is half as large, and scores are those of the file handed over
        self.examples = _unit(prepared[order]).astype(np.float32).astype(np.float64)
        self.answers = answers[order]
        self.weights = -np.log(np.bincount(answers)[self.answers].astype(np.float64))

    def _scores(self, prepared: Array) -> Array:
        scores = np.empty((len(prepared), len(self.present)))
        edges = np.searchsorted(self.answers, np.arange(len(self.present) + 1))
        unit = _unit(prepared)
        for first in range(0, len(unit), 4096):
            votes = self.strength * (unit[first : first + 4096] @ self.examples.T) + self.weights
            for one, (start, stop) in enumerate(pairwise(edges)):
                scores[first : first + 4096, one] = logsumexp(votes[:, start:stop], axis=1)
        return scores

    def _arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        return {"examples": self.examples.astype(np.float32), "answers": self.answers, "weights": self.weights}

    def _restore(self, arrays: dict[str, npt.NDArray[np.generic]]) -> None:
        self.examples, self.weights = arrays["examples"].astype(np.float64), arrays["weights"].astype(np.float64)
        self.answers = arrays["answers"].astype(np.int64)
        if not len(self.examples) == len(self.weights) == len(self.answers):
            raise ValueError("damaged head")


def _unit(vectors: Array) -> Array:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0), np.float64)


HEADS: dict[HeadKind, type[Head]] = {"softmax": Softmax, "svm": LinearSvm, "mlp": Mlp, "neighbours": Neighbours}
"""Every kind of head, the simplest first."""


def load_head(arrays: dict[str, npt.NDArray[np.generic]], values: dict[str, object]) -> Head:
    """The head that `Head.state` described.

    Raises:
        KeyError, ValueError, TypeError: it is not what `state` gives.
    """
    return HEADS[cast("HeadKind", values["kind"])].load(arrays, values)
