"""What training gives a person to look at: how good it is, what it mixes up, which labels look wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.labelling import AnswerId, LabelSetId
from desktop_app.core.learn.intervals import CurvePoint
from desktop_app.core.learn.layers import LayerScore
from desktop_app.core.learn.mistakes import Suspects, suspects
from desktop_app.core.learn.spot_check import LEAST_EACH, meter, too_few
from desktop_app.core.learn.trained import HeadScore, Trained
from desktop_app.core.operations.classifier import Classifier
from desktop_app.core.operations.evidence import Ids
from desktop_app.core.types import PhotoId


@dataclass(frozen=True, slots=True, eq=False)
class TrainResult:
    """A classifier and the evidence for it.

    Attributes:
        classifier: what guesses.
        best: int64 (n,), place of the answer that heads gave which had not seen the photo's label, parallel to
            `classifier.photos`; empty where there are too few labels to test.
        probability: float32 (n,), how sure they were; as long as `best`.
        suspects: every label, the most suspect first, as positions in `classifier.photos`; None where `best` is empty.
        seconds: how long it took.
    """

    classifier: Classifier
    best: Ids
    probability: npt.NDArray[np.float32]
    suspects: Suspects | None
    seconds: float

    @property
    def trained(self) -> Trained:
        """The head with what was measured."""
        return self.classifier.trained

    @property
    def set(self) -> LabelSetId:
        """The label set."""
        return self.classifier.set

    @property
    def answers(self) -> tuple[AnswerId, ...]:
        """The answers it tells apart."""
        return self.classifier.answers

    @property
    def classes(self) -> tuple[str, ...]:
        """Their names."""
        return self.classifier.classes

    @property
    def counts(self) -> tuple[int, ...]:
        """Labels of each class that were learnt from."""
        return self.trained.counts

    @property
    def advice(self) -> str:
        """Which case of transfer learning this is and what would help most, as sentences; the warning first."""
        said = self.classifier.advice
        return "" if said is None else " ".join(filter(None, (said.warning, said.sentence, *said.follows)))

    @property
    def examples(self) -> int:
        """How many labels it learnt from."""
        return sum(self.counts)

    @property
    def head(self) -> str:
        """softmax, svm, mlp or neighbours."""
        return self.trained.kind

    @property
    def layer(self) -> str:
        """The layer it looks at; several are joined by "+"."""
        return self.trained.layer

    @property
    def layers(self) -> tuple[LayerScore, ...]:
        """Every candidate with its accuracy and deviation, best first."""
        return self.trained.layer_scores

    @property
    def heads(self) -> tuple[HeadScore, ...]:
        """Every head that was tried on that layer."""
        return self.trained.head_scores

    @property
    def curve(self) -> tuple[CurvePoint, ...]:
        """Accuracy after so many labels."""
        return self.trained.curve

    @property
    def accuracy(self) -> float | None:
        """Share of labels that heads found which had not seen them; None where there are too few to test."""
        return self.trained.accuracy

    @property
    def interval(self) -> tuple[float, float]:
        """Where the accuracy on the unlabelled photos lies with 90 %."""
        return self.trained.interval

    @property
    def enough(self) -> bool:
        """Whether the accuracy is worth showing."""
        return self.accuracy is not None and min(self.counts) >= LEAST_EACH

    @property
    def sentence(self) -> str:
        """How good it is now, as a sentence; or what is missing to say so."""
        lacking = too_few(dict(zip(self.classes, self.counts, strict=True)))
        if lacking or self.accuracy is None:
            return lacking or "Too few labels to say: the photos of an answer are copies of one another."
        return meter(self.accuracy, *self.interval, self.examples)

    @property
    def mixed_up(self) -> Ids:
        """What it mixes up: int64 (C, C), labels by the answer a person gave (row) and the one it found (column)."""
        size = len(self.classes)
        table = np.zeros((size, size), np.int64)
        if len(self.best):
            np.add.at(table, (self.classifier.truth, self.best), 1)
        return table

    def cell(self, given: AnswerId, found: AnswerId) -> tuple[PhotoId, ...]:
        """The photos behind one number of `mixed_up`, the surest first."""
        if not len(self.best):
            return ()
        row, column = self.answers.index(given), self.answers.index(found)
        places = np.flatnonzero((self.classifier.truth == row) & (self.best == column))
        order = places[np.argsort(-self.probability[places], kind="stable")]
        return tuple(PhotoId(photo) for photo in self.classifier.photos[order].tolist())


def result_of(classifier: Classifier) -> TrainResult:
    """What a classifier that was kept says of itself."""
    said = classifier.trained.out_of_fold
    if len(said) != len(classifier.photos) or not len(said):
        return TrainResult(classifier, np.empty(0, np.int64), np.empty(0, np.float32), None, classifier.trained.seconds)
    best = said.argmax(axis=1).astype(np.int64)
    return TrainResult(
        classifier,
        best,
        said[np.arange(len(best)), best],
        suspects(said, classifier.truth),
        classifier.trained.seconds,
    )
