"""The heads that bend: a small network of one or two hidden layers, and nearest neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import logsumexp

from desktop_app.core.learn.examples import Answers
from desktop_app.core.learn.heads import NEVER, Array, Head, HeadKind, LinearSvm, Softmax
from desktop_app.core.learn.preparation import Preparation


class Mlp(Head):
    """A multilayer perceptron with rectified hidden layers, fitted to all examples at once by L-BFGS.

    The weights are those of least weighted cross-entropy plus `0.5 / strength` times the sum of their squares, over the
    number of examples (the penalty of scikit-learn's MLPClassifier). From `_TWO` on it has two hidden layers instead
    of one, and `strength` is counted in `_TWO`. L-BFGS: Liu and Nocedal, Mathematical Programming 45, 1989.
    """

    kind = "mlp"
    strengths = (1.0, 10.0, 1000.0)
    usual = 1.0

    _TWO = 1000.0
    _SEED = 7
    _STEPS = 70
    _STEPS_ON = 30  # from the weights of a head that saw nearly the same examples
    _ENOUGH = 1e-4  # gain of a step, as a share of the loss, at which it ends

    @property
    def hidden(self) -> tuple[int, ...]:
        """Width of each hidden layer."""
        return (64, 32) if self.strength >= self._TWO else (64,)

    def _start(self, classes: int, dimensions: int) -> None:
        widths = (dimensions, *self.hidden, classes)
        self.weights = [np.zeros((after, before)) for before, after in pairwise(widths)]
        self.biases = [np.zeros(after) for after in widths[1:]]

    def _fit(self, prepared: Array, answers: Answers, weights: Array, start: Head | None) -> None:
        scale = float(np.sqrt(prepared.shape[1]))  # columns that vary by about 1, as the first weights expect
        columns = (prepared * scale).astype(np.float32)
        shapes = [part.shape for part in self.weights]
        goes_on = isinstance(start, Mlp) and [part.shape for part in start.weights] == shapes
        if goes_on:
            assert isinstance(start, Mlp)
            parts = list(zip([start.weights[0] / scale, *start.weights[1:]], start.biases, strict=True))
        else:
            parts = _first_weights(shapes, self._SEED)
        penalty = (self._TWO if self.strength >= self._TWO else 1.0) / (self.strength * len(columns))
        loss = _Loss(columns, answers, weights / len(columns), penalty, shapes)
        found = minimize(
            loss,
            np.concatenate([np.concatenate([weight.ravel(), bias]) for weight, bias in parts]),
            jac=True,
            method="L-BFGS-B",
            options={
                "maxiter": self._STEPS_ON if goes_on else self._STEPS,
                "ftol": self._ENOUGH,
                "gtol": 1e-5,
                "maxcor": 6,
            },
        )
        parts = loss.parts(found.x)
        self.weights, self.biases = [weight.copy() for weight, _ in parts], [bias.copy() for _, bias in parts]
        self.weights[0] *= scale

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


_Parts = list[tuple[Array, Array]]


def _first_weights(shapes: Sequence[tuple[int, ...]], seed: int) -> _Parts:
    """Weights (out, in) and biases to start from: Glorot and Bengio, AISTATS 2010, as scikit-learn draws them."""
    random = np.random.default_rng(seed)
    return [(random.uniform(-1, 1, shape) * np.sqrt(6 / sum(shape)), np.zeros(shape[0])) for shape in shapes]


class _Loss:
    """Loss of a perceptron and its slope, by all weights in one row: weights (out, in), bias (out,) of each layer.

    Args:
        columns: float32 (n, k).
        answers: int64 (n,).
        weights: float64 (n,), of the examples; their sum is 1.
        penalty: half of it times the squares of all weights is added.
        shapes: of the weights.
    """

    def __init__(
        self,
        columns: npt.NDArray[np.float32],
        answers: Answers,
        weights: Array,
        penalty: float,
        shapes: Sequence[tuple[int, ...]],
    ) -> None:
        self._columns, self._answers, self._penalty = columns, answers, np.float32(penalty)
        self._weights, self._shapes = weights.astype(np.float32)[:, np.newaxis], shapes
        self._rows = np.arange(len(answers))

    def parts(self, flat: Array) -> _Parts:
        """Views of each layer's weights and bias."""
        found: _Parts = []
        start = 0
        for out, inside in self._shapes:
            end = start + out * inside
            found.append((flat[start:end].reshape(out, inside), flat[end : end + out]))
            start = end + out
        return found

    def __call__(self, flat: Array) -> tuple[float, Array]:
        parts = [(weights.astype(np.float32), bias.astype(np.float32)) for weights, bias in self.parts(flat)]
        seen = [self._columns]
        for weights, bias in parts[:-1]:
            seen.append(np.maximum(seen[-1] @ weights.T + bias, 0))
        weights, bias = parts[-1]
        scores = seen[-1] @ weights.T + bias
        scores -= scores.max(axis=1, keepdims=True)
        own = scores[self._rows, self._answers]
        shares = np.exp(scores, out=scores)
        sums = shares.sum(axis=1, keepdims=True)
        loss = float(((np.log(sums[:, 0]) - own) * self._weights[:, 0]).sum(dtype=np.float64))
        loss += 0.5 * float(self._penalty) * sum(float(np.square(weights).sum()) for weights, _ in parts)
        shares /= sums
        shares[self._rows, self._answers] -= 1
        back = shares * self._weights
        slope = np.empty_like(flat)
        slopes = self.parts(slope)
        for place in reversed(range(len(parts))):
            weights = parts[place][0]
            slopes[place][0][...] = back.T @ seen[place] + self._penalty * weights
            slopes[place][1][...] = back.sum(axis=0)
            if place:
                back = (back @ weights) * (seen[place] > 0)
        return loss, slope


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
