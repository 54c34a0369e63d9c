"""How far two sets of answers to the same photos agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop_app.core.handover.parts import Floats
from desktop_app.core.wording import count

MOST_CHECKED = 200
"""Whole photos that a file is tried on."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The file's answers to whole photos beside the program's own.

    The difference of a photo is the largest difference of its probabilities, over the classes.

    Attributes:
        checked: photos compared.
        same: of these, how many have the same label.
        sure: photos the program was sure of, by `sure_from`.
        sure_same: of these, how many have the same label.
        sure_from: the probability from which an answer counts as sure.
        median_difference: 0 to 1; 0 where none was compared.
        high_difference: the 95th percentile.
        largest_difference: the largest.
    """

    checked: int
    same: int
    sure: int
    sure_same: int
    sure_from: float
    median_difference: float
    high_difference: float
    largest_difference: float

    @property
    def same_label(self) -> float:
        """Share of photos with the same label, 0 to 1; 1 where none was compared."""
        return self.same / self.checked if self.checked else 1.0

    @property
    def sentence(self) -> str:
        """How it went, for a person."""
        if not self.checked:
            return "The file could not be tried on photos of this library."
        photos = count(self.checked, "photo")
        return (
            f"The file gave the same answer as Likeness on {self.same} of {photos}; "
            f"largest difference {100 * self.largest_difference:.1f} points."
        )


def compare(own: Floats, file: Floats, sure_from: float) -> Agreement:
    """Compare probabilities, float32 (n, classes) each, of the same photos in the same order."""
    if not len(own):
        return Agreement(0, 0, 0, 0, sure_from, 0.0, 0.0, 0.0)
    same = own.argmax(axis=1) == file.argmax(axis=1)
    sure = own.max(axis=1) >= sure_from
    differences = np.abs(own.astype(np.float64) - file).max(axis=1)
    return Agreement(
        checked=len(own),
        same=int(same.sum()),
        sure=int(sure.sum()),
        sure_same=int((same & sure).sum()),
        sure_from=sure_from,
        median_difference=round(float(np.median(differences)), 6),
        high_difference=round(float(np.percentile(differences, 95)), 6),
        largest_difference=round(float(differences.max()), 6),
    )
