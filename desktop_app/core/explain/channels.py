"""Channels of a layer: which of them tell the photos of a library apart, and where in a photo one is strongest.

As the figures of Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (ECCV 2014), with a person's
own photos: a channel is known by what excites it most.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.explain.places import Box
from desktop_app.core.explain.receptive import Field
from desktop_app.core.types import Vectors

Floats = npt.NDArray[np.float32]

TAIL = 0.01
"""The share of photos at either end whose values count as the last one before them: a single odd photo says little."""

MOST = 0.5
"""The largest share of the input that is shown as what a place sees."""


@dataclass(frozen=True, slots=True, eq=False)
class Variation:
    """How a layer's channels vary over some photos.

    Attributes:
        dispersion: float32 (channels,), variance over mean of the values without their tails; 0 of a silent channel.
        mean: float32 (channels,).
        order: int64 (channels,), the one that varies most first.
    """

    dispersion: Floats
    mean: Floats
    order: npt.NDArray[np.int64]


def variation(sample: Vectors) -> Variation:
    """How channels vary over photos.

    Args:
        sample: float32 (n, channels), n >= 1, pooled features. Some thousand photos say enough.

    Raises:
        ValueError: no photos.
    """
    if sample.ndim != 2 or not len(sample):
        raise ValueError(f"no features: {sample.shape}")
    cut = int(len(sample) * TAIL)
    values = np.ascontiguousarray(sample.T)
    if cut:
        values.partition((cut, len(sample) - 1 - cut), axis=1)
        low, high = values[:, cut : cut + 1].copy(), values[:, -1 - cut, np.newaxis].copy()
        np.clip(values, low, high, out=values)
    mean = values.mean(axis=1, dtype=np.float64)
    spread = values.var(axis=1, dtype=np.float64)
    # values of a layer without a rectifier have either sign: their size is what counts
    size = np.abs(values).mean(axis=1, dtype=np.float64)
    dispersion = np.divide(spread, size, out=np.zeros(len(size)), where=size > 0)
    order = np.argsort(-dispersion, kind="stable").astype(np.int64)
    return Variation(dispersion.astype(np.float32), mean.astype(np.float32), order)


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """Where in a photo a channel is strongest.

    Attributes:
        heat: float32 (h, w), 0 where the channel is silent, 1 at its strongest place.
        box: the part of the picture that `heat` lies over.
        place: the strongest place as a box of one cell.
        seen: the part of the picture that this place sees: what to cut out and look at.
        value: of the channel at that place.
    """

    heat: Floats
    box: Box
    place: Box
    seen: Box
    value: float


def spot(plane: Floats, box: Box, field: Field | None, size: tuple[int, int]) -> Spot:
    """The strongest place of one channel of a map.

    Args:
        plane: float32 (h, w), the channel.
        box: the part of the picture that the map lies over.
        field: what a place sees of the network's input; None where it is not known (then the place itself is shown).
        size: height and width of the network's input.
    """
    rows, columns = plane.shape
    y, x = (int(at) for at in np.unravel_index(int(plane.argmax()), plane.shape))
    place = box.cell(y, x, rows, columns)
    seen = place if field is None else box.part(*field.laid_over(rows, columns, *size).box(y, x, *size, most=MOST))
    low, top = float(plane.min()), float(plane[y, x])
    floor = max(0.0, low) if top > 0 else low  # a channel that is below 0 everywhere has a strongest place too
    heat = np.clip((plane - floor) / (top - floor), 0.0, 1.0) if top > floor else np.zeros_like(plane)
    return Spot(heat.astype(np.float32), box, place, seen, top)
