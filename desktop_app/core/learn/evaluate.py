"""Cross-validation of a head: what it says of examples it has not seen, for every strength worth trying."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.learn.examples import Answers
from desktop_app.core.learn.folds import Folds
from desktop_app.core.learn.heads import NEVER, Array, Head, as_probabilities, log_loss, temperature_of
from desktop_app.core.types import Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """One head's out-of-fold scores at the strength that fits best.

    Attributes:
        kind: the class of the head.
        strength: the chosen one.
        scores: float64 (r, n, C), before the temperature, one (n, C) for each dealing of folds.
        answers: int64 (n,).
    """

    kind: type[Head]
    strength: float
    scores: Array
    answers: Answers

    @property
    def right(self) -> Array:
        """How often each example's answer was found: float64 (n,), 0 to 1."""
        return np.asarray((self.scores.argmax(axis=2) == self.answers).mean(axis=0), np.float64)

    @property
    def accuracy(self) -> float:
        """The share found, over all dealings."""
        return float(self.right.mean())

    @property
    def deviation(self) -> float:
        """Standard error of `accuracy` as an estimate: from the examples."""
        return deviation_of(self.right)

    @property
    def temperature(self) -> float:
        """The temperature that makes the scores probabilities."""
        classes = self.scores.shape[2]
        return temperature_of(
            self.scores.reshape(-1, classes), np.tile(self.answers, len(self.scores)), len(self.scores)
        )

    def probabilities(self) -> npt.NDArray[np.float32]:
        """Out-of-fold probabilities, the mean over the dealings: float32 (n, C)."""
        temperature = self.temperature
        parts = [as_probabilities(part, temperature) for part in self.scores]
        return np.asarray(np.mean(parts, axis=0), np.float32)


def deviation_of(right: Array) -> float:
    """Standard error of the mean of what was right, from the examples; the smallest samples are not believed."""
    count = len(right)
    # one success and one failure are added, so that four right of four do not look certain
    mean = (right.sum() + 1.0) / (count + 2.0)
    return float(np.sqrt(mean * (1.0 - mean) / (count + 2.0)))


def cross_validate(
    kind: type[Head],
    prepared: Vectors,
    answers: Answers,
    classes: int,
    dealings: Sequence[Folds],
    strengths: Sequence[float] = (),
) -> Generator[None, None, Tested]:
    """Test a kind of head at several strengths and keep the one whose probabilities are best.

    Args:
        kind: which kind of head.
        prepared: float32 (n, k).
        answers: int64 (n,).
        classes: how many classes there are.
        dealings: one or more int64 (n,) of folds.
        strengths: those to try; empty tries those of the kind.

    Yields:
        None after each fold, a few tens of milliseconds apart.
    """
    tried = tuple(strengths) or kind.strengths
    scores = {strength: np.full((len(dealings), len(answers), classes), NEVER) for strength in tried}
    for turn, folds in enumerate(dealings):
        for fold in range(int(folds.max()) + 1):
            held = folds == fold
            before: Head | None = None
            for strength in tried:  # each goes on from the one before: half the time
                head = kind(strength).fit(prepared[~held], answers[~held], classes, before)
                scores[strength][turn, held] = head.scores(prepared[held])
                before = head
                yield
    best = tried[0]
    if len(tried) > 1:
        repeated = np.tile(answers, len(dealings))
        losses = {one: log_loss(scores[one].reshape(-1, classes), repeated, len(dealings)) for one in tried}
        best = min(tried, key=lambda one: (losses[one], one))
    return Tested(kind, best, scores[best], answers)
