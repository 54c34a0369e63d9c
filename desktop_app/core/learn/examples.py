"""What a head learns from: features of the photos that a person looked at, their answers, their near-duplicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from desktop_app.core.errors import UserError
from desktop_app.core.types import Vectors

Answers = npt.NDArray[np.int64]
"""Class index of each example: int64 (n,), 0 to len(classes) - 1."""

Groups = npt.NDArray[np.int64]
"""Near-duplicate group of each example: int64 (n,); equal numbers never fall into different folds."""


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Labelled photos as a head sees them.

    Attributes:
        features: by layer name, float32 (n, d).
        answers: int64 (n,), index into `classes`.
        groups: int64 (n,), near-duplicates share a number.
        classes: the names of all answers, also of those nobody gave yet.

    Raises:
        ValueError: the parts do not fit together, or a feature is not a finite number.
    """

    features: Mapping[str, Vectors]
    answers: Answers
    groups: Groups
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        count = len(self.answers)
        if self.answers.shape != (count,) or self.groups.shape != (count,):
            raise ValueError(f"answers {self.answers.shape} and groups {self.groups.shape} differ")
        if count and not 0 <= int(self.answers.min()) <= int(self.answers.max()) < len(self.classes):
            raise ValueError(f"an answer that is not one of the {len(self.classes)} classes")
        for name, block in self.features.items():
            if block.ndim != 2 or len(block) != count:
                raise ValueError(f"layer {name!r}: shape {block.shape}, not ({count}, d)")
            # the sum is not finite where any value is not: one pass, no copy
            if block.size and not np.isfinite(block.sum(dtype=np.float64)):
                raise ValueError(f"layer {name!r} holds values that are not finite")
        object.__setattr__(self, "features", MappingProxyType(dict(self.features)))

    def __len__(self) -> int:
        return len(self.answers)

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """Examples of each class: int64 (C,)."""
        return np.bincount(self.answers, minlength=len(self.classes)).astype(np.int64)

    def some(self, places: npt.NDArray[np.int64]) -> Examples:
        """The examples at `places`, int64 (m,)."""
        features = {name: block[places] for name, block in self.features.items()}
        return Examples(features, self.answers[places], self.groups[places], self.classes)


def check_enough(examples: Examples) -> None:
    """Say in a sentence why nothing can be learnt yet.

    Raises:
        UserError: no features, no labels, or labels for one answer only.
    """
    given = int(np.count_nonzero(examples.counts))
    if not given:
        raise UserError("No photo has a label yet. Give at least two photos different answers.")
    if given == 1:
        name = examples.classes[int(np.argmax(examples.counts))]
        raise UserError(f"Every labelled photo is “{name}”. Give at least one photo another answer.")
    if not examples.features:
        raise UserError("The labelled photos have not been read yet. Let Likeness finish adding them.")


def balanced_weights(answers: Answers) -> npt.NDArray[np.float64]:
    """A weight per example so that every class that occurs weighs the same; the mean is 1. Float64 (n,)."""
    counts = np.bincount(answers)
    present = np.count_nonzero(counts)
    return np.asarray((len(answers) / present) / counts[answers], np.float64)
