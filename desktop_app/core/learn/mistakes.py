"""Labels that are probably wrong, worst first: confident learning.

A label is suspect where a classifier that never saw it gives it little probability, and believed wrong where another
answer is at least as probable as it usually is where it was given. Source: Northcutt, Jiang, Chuang, "Confident
Learning: Estimating Uncertainty in Dataset Labels", JAIR 70 (2021), 1373-1411: per-class thresholds and the confident
joint (section 3.1), ranking by self-confidence (section 3.2.2; it found more planted mistakes here than ranking by
margin or by what is believed first: benchmarks/label_errors.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.types import Positions

_PULL = 1.0
"""How many imagined photos pull a class's threshold to the mean of all: a class of two says little about itself."""


@dataclass(frozen=True, eq=False)
class Suspects:
    """Every label, the most suspect first.

    Attributes:
        order: Int64 (n,), positions in what was asked about.
        score: Float32 (n,), in that order, never rising: 1 surely wrong, 0 surely right.
        suggestion: Int64 (n,), in that order: the class index it would rather be; never the one it has, but where
            there is one class only.
        believed_wrong: Bool (n,), in that order: whether to show it as a mistake; the others are only ranked.
    """

    order: Positions
    score: npt.NDArray[np.float32]
    suggestion: Positions
    believed_wrong: npt.NDArray[np.bool_]


def suspects(probabilities: npt.NDArray[np.float32], answers: Positions) -> Suspects:
    """Rank labels by how probably they are wrong.

    Args:
        probabilities: Float32 (n, C), of heads that did not see the photo's own label (out of fold). Rows that are
            not finite (a photo no fold could judge) come last and are never believed wrong.
        answers: Int64 (n,), class indices that were given; only labels a person looked at belong here.

    Raises:
        ValueError: Shapes that do not fit, or an answer that is no class.
    """
    if probabilities.ndim != 2 or answers.shape != (len(probabilities),):
        raise ValueError(f"probabilities {probabilities.shape} for answers {answers.shape}")
    count, classes = probabilities.shape
    if count and not 0 <= int(answers.min()) <= int(answers.max()) < classes:
        raise ValueError(f"answers beyond {classes} classes")
    if classes < 2:  # nothing else it could be
        nothing = np.zeros(count, np.int64)
        return Suspects(np.arange(count), nothing.astype(np.float32), nothing, np.zeros(count, np.bool_))
    judged = np.asarray(np.isfinite(probabilities).all(axis=1), np.bool_)
    known = np.where(judged[:, np.newaxis], probabilities, 0).astype(np.float64)
    rows = np.arange(count)
    own = known[rows, answers]
    others = known.copy()
    others[rows, answers] = -np.inf
    suggestion = np.argmax(others, axis=1)
    best = others[rows, suggestion]
    thresholds = _thresholds(own[judged], answers[judged], classes)
    believed: npt.NDArray[np.bool_] = judged & (best > own) & (best >= thresholds[suggestion])
    score = np.where(judged, np.clip(1 - own, 0, 1), 0)
    order = np.lexsort((rows, own - best, -score, ~judged))  # equal scores: by margin, then as they came
    return Suspects(
        order.astype(np.int64),
        score[order].astype(np.float32),
        suggestion[order].astype(np.int64),
        believed[order],
    )


def _thresholds(own: npt.NDArray[np.float64], answers: Positions, classes: int) -> npt.NDArray[np.float64]:
    """How probable each answer on average is where it was given: float64 (C,)."""
    overall = float(own.mean()) if len(own) else 1.0
    counts = np.bincount(answers, minlength=classes)
    sums = np.bincount(answers, weights=own, minlength=classes)
    thresholds: npt.NDArray[np.float64] = (sums + _PULL * overall) / (counts + _PULL)
    return thresholds
