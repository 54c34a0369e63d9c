"""How right a head will be on the photos nobody has labelled yet: a 90 % prediction interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from desktop_app.core.learn.heads import Array

COVERAGE = 0.90

_LABELS = 1.1  # times the variance that so many independent labels would have: folds share their examples
_LUCK = 0.3  # standard deviation, as a share of p (1 - p), from which photos happened to be labelled and chosen by
_USUAL_POWER = 0.45  # by which errors fall with labels, where nothing is known: docs/adr/0009-heads.md


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
    middle = min(1.0, float(right.mean()) + expected_gain(curve, labels))
    # labels found and missed are added: all of ten found is no proof (half a label of each to the mean, as Jeffreys
    # does, a whole one to the spread, as Laplace does)
    mean = (middle * count + 0.5) / (count + 1.0)
    wary = (middle * count + 1.0) / (count + 2.0)
    spread = wary * (1.0 - wary)
    variance = _LABELS * spread / count + (_LUCK * spread) ** 2 + (spread / unlabelled if unlabelled else 0.0)
    size = max(1.0, mean * (1.0 - mean) / variance - 1.0)
    low, high = stats.beta.ppf([(1 - COVERAGE) / 2, (1 + COVERAGE) / 2], mean * size, (1.0 - mean) * size)
    return min(float(low), middle), max(float(high), middle)


def expected_gain(curve: Sequence[CurvePoint], labels: int) -> float:
    """What a head that learnt from all labels is better by than one that learnt from those of the folds.

    The error falls with a power of the number of labels: the mean of the usual one and that between the first and the
    last point of the curve, 0.1 to 0.6. (Figueroa and others, 2012, fit such powers to learning curves.)
    """
    if len(curve) < 2 or curve[-1].labels <= curve[0].labels:
        return 0.0
    first, last = curve[0], curve[-1]
    errors = max(1e-3, 1.0 - first.accuracy), max(1e-3, 1.0 - last.accuracy)
    power = np.log(errors[0] / errors[1]) / np.log(last.labels / first.labels)
    power = float(np.clip((power + _USUAL_POWER) / 2, 0.1, 0.6))
    return float(errors[1] * (1.0 - (last.labels / max(labels, last.labels)) ** power))
