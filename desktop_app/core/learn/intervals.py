"""How right a head will be on the photos nobody has labelled yet: a 90 % prediction interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from desktop_app.core.learn.heads import Array

COVERAGE = 0.90


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One point of the learning curve: accuracy of a head that learnt from so many labels."""

    labels: int
    accuracy: float


def prediction_interval(
    right: Array, curve: Sequence[CurvePoint], labels: int, *, unlabelled: int = 0
) -> tuple[float, float]:
    """Where the accuracy on unlabelled photos of the same library lies with 90 %.

    Args:
        right: float64 (n,), how often each label was found out of fold.
        curve: learning curve, rising label counts; the last point is that of the folds.
        labels: how many labels the head itself learnt from.
        unlabelled: how many photos the accuracy is over; 0 takes very many.

    Returns:
        Lower and upper end, 0 to 1.
    """
    count = len(right)
    if not count:
        return 0.0, 1.0
    middle = float(right.mean()) + expected_gain(curve, labels)
    middle = min(max(middle, 0.02), 0.995)
    size = count / 1.8
    if unlabelled:
        size = 1.0 / (1.0 / size + 1.0 / unlabelled)
    a, b = middle * size + 0.5, (1.0 - middle) * size + 0.5
    low, high = stats.beta.ppf([(1 - COVERAGE) / 2, (1 + COVERAGE) / 2], a, b)
    return float(low), float(high)


def expected_gain(curve: Sequence[CurvePoint], labels: int) -> float:
    """What a head that learnt from all labels is better by than one that learnt from those of the folds.

    The error falls with a power of the number of labels; the power is the one between the first and the last point of
    the curve, at most 1.
    """
    if len(curve) < 2 or curve[-1].labels <= curve[0].labels:
        return 0.0
    first, last = curve[0], curve[-1]
    errors = max(1e-3, 1.0 - first.accuracy), max(1e-3, 1.0 - last.accuracy)
    power = np.log(errors[0] / errors[1]) / np.log(last.labels / first.labels)
    power = float(np.clip((power + 0.45) / 2, 0.1, 0.6))
    return float(errors[1] * (1.0 - (last.labels / max(labels, last.labels)) ** power))
