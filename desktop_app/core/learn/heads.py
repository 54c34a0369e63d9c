"""Heads: small classifiers on prepared features, each a thin shell over scikit-learn or a few lines of numpy.

A head gives scores; `probabilities` is the softmax of them over a temperature that out-of-fold scores choose. Classes
without an example get the probability 0. Nothing is pickled: `state` is arrays and plain values.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Literal, Self, cast

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from desktop_app.core.learn.examples import Answers, balanced_weights
from desktop_app.core.types import Vectors

HeadKind = Literal["softmax", "svm", "mlp", "neighbours"]

Array = npt.NDArray[np.float64]

NEVER = -1e4
"""Score of a class without an example: its probability is exactly 0 in float32, and no file holds an infinity."""


class Head(ABC):
    """One kind of head.

    Args:
        strength: what cross-validation chooses; larger follows the labels more closely. Its meaning is the kind's.

    Attributes:
        temperature: scores are divided by it before the softmax.
        present: classes that had examples, int64, rising.
        classes: how many classes there are, with those that had none.
    """

    kind: ClassVar[HeadKind]
    strengths: ClassVar[tuple[float, ...]]
    """Worth trying, from the one that trusts the labels least."""
    usual: ClassVar[float]
    """Taken where labels are too few to choose."""

    def __init__(self, strength: float | None = None) -> None:
        self.strength = self.usual if strength is None else float(strength)
        self.temperature = 1.0
        self.classes = 0
        self.present: npt.NDArray[np.int64] = np.empty(0, np.int64)

    def fit(self, prepared: Vectors, answers: Answers, classes: int, start: Head | None = None) -> Self:
        """Fit to examples; every class that occurs weighs the same.

        Args:
            prepared: float32 (n, k), from one `Preparation`.
            answers: int64 (n,).
            classes: how many classes there are.
            start: a fitted head of the same kind, preparation and classes to go on from.
        """
        self.classes = classes
        self.present, compact = np.unique(answers, return_inverse=True)
        compact = compact.reshape(-1).astype(np.int64)
        self._start(len(self.present), prepared.shape[1])
        if len(self.present) > 1 and prepared.shape[1]:
            usable = type(start) is type(self) and np.array_equal(cast("Head", start).present, self.present)
            self._fit(np.asarray(prepared, np.float64), compact, balanced_weights(compact), start if usable else None)
        return self

    def scores(self, prepared: Vectors) -> Array:
        """Scores before the temperature: float64 (n, C)."""
        scores = np.full((len(prepared), self.classes), NEVER)
        if len(prepared):
            scores[:, self.present] = self._scores(np.asarray(prepared, np.float64))
        return scores

    def probabilities(self, prepared: Vectors) -> npt.NDArray[np.float32]:
        """Calibrated probabilities: float32 (n, C), rows sum to 1."""
        return as_probabilities(self.scores(prepared), self.temperature)

    def state(self) -> tuple[dict[str, npt.NDArray[np.generic]], dict[str, object]]:
        """Everything that makes this head: arrays, and values that JSON holds."""
        values: dict[str, object] = {
            "kind": self.kind,
            "strength": self.strength,
            "temperature": self.temperature,
            "classes": self.classes,
        }
        return {"present": self.present, **self._arrays()}, values

    @classmethod
    def load(cls, arrays: dict[str, npt.NDArray[np.generic]], values: dict[str, object]) -> Self:
        """The head that `state` described.

        Raises:
            KeyError, ValueError, TypeError: it is not what `state` gives.
        """
        head = cls(float(cast("float", values["strength"])))
        head.temperature = float(cast("float", values["temperature"]))
        head.classes = int(cast("int", values["classes"]))
        head.present = arrays["present"].astype(np.int64)
        if len(head.present) > head.classes or not head.temperature > 0:
            raise ValueError("damaged head")
        head._restore(arrays)
        return head

    @abstractmethod
    def _start(self, classes: int, dimensions: int) -> None:
        """Be a head that gives equal scores."""

    @abstractmethod
    def _fit(self, prepared: Array, answers: Answers, weights: Array, start: Head | None) -> None:
        """Fit to two classes or more, numbered without gaps."""

    @abstractmethod
    def _scores(self, prepared: Array) -> Array:
        """Scores of the present classes: (n, P)."""

    @abstractmethod
    def _arrays(self) -> dict[str, npt.NDArray[np.generic]]: ...

    @abstractmethod
    def _restore(self, arrays: dict[str, npt.NDArray[np.generic]]) -> None: ...


class LinearHead(Head):
    """A head whose scores are `prepared @ weights.T + bias`."""

    def _start(self, classes: int, dimensions: int) -> None:
        self.weights: Array = np.zeros((classes, dimensions))
        self.bias: Array = np.zeros(classes)

    def _scores(self, prepared: Array) -> Array:
        return prepared @ self.weights.T + self.bias

    def _arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        return {"weights": self.weights, "bias": self.bias}

    def _restore(self, arrays: dict[str, npt.NDArray[np.generic]]) -> None:
        self.weights, self.bias = arrays["weights"].astype(np.float64), arrays["bias"].astype(np.float64)
        if self.weights.shape[0] != len(self.present) or self.bias.shape != self.present.shape:
            raise ValueError("damaged head")

    def _take(self, weights: Array, bias: Array) -> None:
        """Keep what scikit-learn found; of two classes it says only how far the second is ahead."""
        if len(self.present) == 2:
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        self.weights, self.bias = np.asarray(weights, np.float64), np.asarray(bias, np.float64)

    def affine(self) -> tuple[Array, Array]:
        """Weights (C, k) and bias (C,) of calibrated scores, also for classes without an example."""
        weights = np.zeros((self.classes, self.weights.shape[1]))
        bias = np.full(self.classes, NEVER)
        weights[self.present] = self.weights / self.temperature
        bias[self.present] = self.bias / self.temperature
        return weights, bias


class Softmax(LinearHead):
    """Multinomial logistic regression; `strength` is scikit-learn's C."""

    kind = "softmax"
    strengths = (1.0, 10.0, 100.0)
    usual = 10.0

    def _fit(self, prepared: Array, answers: Answers, weights: Array, start: Head | None) -> None:
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=self.strength, tol=1e-3, max_iter=2000, warm_start=True)
        if isinstance(start, Softmax):
            last_weights, last_bias = start.weights, start.bias
            if len(self.present) == 2:
                last_weights, last_bias = last_weights[1:] - last_weights[:1], last_bias[1:] - last_bias[:1]
            model.coef_, model.intercept_ = last_weights.copy(), last_bias.copy()
        model.fit(prepared, answers, sample_weight=weights)
        self._take(model.coef_, model.intercept_)


class LinearSvm(LinearHead):
    """Linear support vector machine, one against the rest; the temperature makes probabilities of its distances."""

    kind = "svm"
    strengths = (0.1, 1.0, 10.0)
    usual = 1.0

    def _fit(self, prepared: Array, answers: Answers, weights: Array, start: Head | None) -> None:
        from sklearn.svm import LinearSVC

        model = LinearSVC(C=self.strength, dual=False, tol=1e-3, max_iter=10_000)
        model.fit(prepared, answers, sample_weight=weights)
        self._take(model.coef_, model.intercept_)


def as_probabilities(scores: Array, temperature: float) -> npt.NDArray[np.float32]:
    """Softmax over a temperature, float32 (n, C); a class that can never be has exactly 0."""
    if not len(scores):
        return np.empty(scores.shape, np.float32)
    hopeless = scores <= NEVER
    made = softmax(np.where(hopeless, -np.inf, scores / temperature), axis=1)
    return np.asarray(made, np.float32)


def temperature_of(scores: Array, answers: Answers, repeats: int = 1) -> float:
    """The temperature under which out-of-fold scores are most likely, between 0.05 and 20.

    The right answers are smoothed as if one more example had had any answer, so that a handful of labels, all found
    by luck, does not make a head that is always certain. Source: temperature scaling (Guo and others, 2017) with the
    smoothed targets of Platt (1999).

    Args:
        scores: float64 (n, C), each row from a head that has not seen the example.
        answers: int64 (n,).
        repeats: how often each example is in it.
    """
    known = scores[np.arange(len(answers)), answers] > NEVER
    if not known.any():
        return 1.0
    return _best_temperature(scores[known], answers[known], repeats)[0]


def log_loss(scores: Array, answers: Answers, repeats: int = 1) -> float:
    """Mean negative log-probability of the right answer at the best temperature; classes not learnt count 5."""
    known = scores[np.arange(len(answers)), answers] > NEVER
    if not known.any():
        return 5.0
    loss = _best_temperature(scores[known], answers[known], repeats)[1]
    return float((loss * known.sum() + 5.0 * (~known).sum()) / len(answers))


_TEMPERATURES = np.exp(np.linspace(np.log(0.05), np.log(20.0), 49))


def _best_temperature(scores: Array, answers: Answers, repeats: int) -> tuple[float, float]:
    shift = scores - scores.max(axis=1, keepdims=True)
    seen = scores > NEVER
    own = shift[np.arange(len(answers)), answers]
    anyone = np.where(seen, shift, 0.0).sum(axis=1) / seen.sum(axis=1)
    smooth = 1.0 / (len(answers) / repeats + 2.0)
    target = (1.0 - smooth) * own + smooth * anyone
    hidden = np.where(seen, shift, -np.inf)
    losses = [
        float((np.log(np.exp(hidden / temperature).sum(axis=1)) - target / temperature).mean())
        for temperature in _TEMPERATURES
    ]
    best = int(np.argmin(losses))
    return float(_TEMPERATURES[best]), losses[best]
