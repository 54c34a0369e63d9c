"""A glance at pairs of photos: how well their tiny pictures fit, and where one lies over the other."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from desktop_app.core.duplicates import signature, windows
from desktop_app.core.duplicates.closer import Closer, closer
from desktop_app.core.duplicates.judge import lay_box
from desktop_app.core.duplicates.overlay import guess
from desktop_app.core.types import Positions

FIT = 0.8
"""Correlation of two tiny pictures, at the best window, from which a second glance is taken."""
LIKE = 0.6
"""Likeness of small cells at a second glance from which pixels are compared. See docs/adr/0025-copies.md."""
OVER = 0.55
"""Share of the smaller picture that has to lie over the larger for that; with less two are not even one scene."""


def start(way: int, window: int) -> npt.NDArray[np.float64]:
    """Where laying one picture over the other begins, from the window that fits best."""
    if window >= 0:
        return guess(windows.boxes()[window], inside=True)
    return guess(lay_box(windows.boxes()[-1 - window], way), inside=False)


@lru_cache(maxsize=1)
def _starts() -> npt.NDArray[np.float64]:
    """Every `start`: float64 (ways, windows, 2, 3), those below 0 counted from the end."""
    count = len(windows.boxes())
    places = [*range(count), *range(-count, 0)]
    return np.array([[start(way, place) for place in places] for way in range(signature.WAYS)])


def second_glance(
    signatures: npt.NDArray[np.uint8], one: Positions, other: Positions, ways: Positions, places: Positions
) -> Closer:
    """A second glance at pairs, from the windows that fit best.

    Args:
        signatures: uint8 (n, 32, 32).
        one: int64 (m,), numbers of photos, as are `other`.
        other: int64 (m,).
        ways: int64 (m,), how the others are to be laid.
        places: int64 (m,), windows, as `windows.fits` gives them.
    """
    laid_so = signatures[other]
    for way in np.unique(ways[ways > 0]).tolist():
        here = ways == way
        laid_so[here] = windows.laid(laid_so[here], way)
    return closer(signatures[one], laid_so, _starts()[ways, places])
