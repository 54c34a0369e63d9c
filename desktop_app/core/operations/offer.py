"""What was learnt of a label set, as the hand-over wants it: plain arrays and figures."""

from __future__ import annotations

from collections import Counter

import numpy as np

from desktop_app.core.errors import UserError
from desktop_app.core.handover.about import SpotCheck
from desktop_app.core.handover.parts import Dense, HeadParts, Nearest, Step, UnitLength
from desktop_app.core.learn.trained import Trained
from desktop_app.core.operations.classifier import Classifier
from desktop_app.core.operations.handover import Offer
from desktop_app.core.types import PhotoId

_EXAMPLES = 6


def head_parts(trained: Trained) -> HeadParts:
    """A trained head as the steps of a file that runs anywhere.

    Raises:
        UserError: the head is of a kind that has no such steps.
    """
    linear, network, neighbours = trained.linear(), trained.network_parts(), trained.neighbour_parts()
    steps: tuple[Step, ...]
    temperature = 1.0
    if linear is not None:
        _, weights, bias = linear
        steps = (Dense(np.ascontiguousarray(weights.T), bias),)
    elif network is not None:
        last = len(network) - 1
        steps = tuple(Dense(np.ascontiguousarray(w.T), b, place < last) for place, (w, b) in enumerate(network))
    elif neighbours is not None:
        order = np.argsort(neighbours.answers, kind="stable")
        basis = neighbours.basis.astype(np.float64)
        offset = -(neighbours.mean.astype(np.float64) @ basis)
        steps = (
            Dense(neighbours.basis, offset.astype(np.float32)),
            UnitLength(),
            Nearest(
                (neighbours.strength * neighbours.examples[order]).astype(np.float32),
                neighbours.weights[order],
                neighbours.answers[order],
            ),
        )
        temperature = neighbours.temperature
    else:
        raise UserError("This kind of classifier cannot be handed over. Learn it with another kind.")
    return HeadParts(trained.classes, trained.layers, steps, temperature, trained.kind)


def offer_of(classifier: Classifier, spot_check: SpotCheck | None = None) -> Offer:
    """What a classifier of the library hands over.

    Args:
        classifier: as `operations.classifier.kept` gives it.
        spot_check: where one was made.
    """
    trained, advice = classifier.trained, classifier.advice
    counts = Counter(classifier.truth.tolist())
    known = trained.accuracy is not None
    return Offer(
        name=classifier.name,
        parts=head_parts(trained),
        probabilities=trained.probabilities,
        counts={name: counts.get(place, 0) for place, name in enumerate(classifier.classes)},
        examples={name: _typical(classifier, place) for place, name in enumerate(classifier.classes)},
        accuracy=trained.accuracy,
        interval=trained.interval if known else None,
        spot_check=spot_check,
        weak_points=(advice.warning,) if advice is not None and advice.warning else (),
    )


def _typical(classifier: Classifier, place: int) -> tuple[PhotoId, ...]:
    """Labelled photos of a class to show: those that heads which had not seen them were surest of."""
    own = np.flatnonzero(classifier.truth == place)
    said = classifier.trained.out_of_fold
    if len(said) == len(classifier.truth):
        own = own[np.argsort(-said[own, place], kind="stable")]
    return tuple(PhotoId(photo) for photo in classifier.photos[own[:_EXAMPLES]].tolist())
