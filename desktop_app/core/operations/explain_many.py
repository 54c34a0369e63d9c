"""Where a classifier looks in many photos of one answer: a background or a watermark shows at a glance."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np

from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.explain.cam import against_others, heat, over_photo
from desktop_app.core.handover.parts import Floats
from desktop_app.core.images.decode import read_picture
from desktop_app.core.learn.trained import Trained
from desktop_app.core.library import Library
from desktop_app.core.operations.explain import Explainer
from desktop_app.core.types import PhotoId, Pixels, Progress

TEXT = "Looking at what counts"
_EDGE = 0.15  # of the side, on each side: what is seldom the thing itself


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Where it looks in one photo.

    Attributes:
        pixels: uint8 (h, w, 3), upright, short side at most 256.
        strengths: float32 (h, w), 0 to 1; NaN where the network does not look.
        edge: share of the strength in the outer 15 % of what the network sees, 0 to 1.
    """

    photo: PhotoId
    pixels: Pixels
    strengths: Floats
    edge: float


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What many photos have in common.

    Attributes:
        seen: how many were looked at.
        left_out: photos that could not be read.
        mean: float32 (h, w), the mean of the maps, 0 to 1; None where none was seen.
        edge: mean of `Look.edge`.
        sentence: what a person has to know of the maps, or "".
    """

    seen: int
    left_out: int
    mean: Floats | None
    edge: float
    sentence: str = ""


def explain_many(
    library: Library, trained: Trained, place: int, ids: Sequence[PhotoId], arrived: Callable[[Look], object]
) -> Generator[Progress, None, Looks]:
    """Draw the map of one answer for many photos.

    Args:
        library: the open library.
        trained: what was learnt.
        place: of the answer among its classes.
        ids: the photos, in the order in which they are drawn.
        arrived: called with each as it is done, on this thread.

    Raises:
        UserError: there is nothing to draw for this kind of classifier.
    """
    yield Progress(TEXT, 0, len(ids))
    explainer = Explainer(library, trained)
    if explainer.reach.how == "none":
        raise UserError(explainer.reach.sentence)
    found = photos.fetch(library.connection, ids)
    total: Floats | None = None
    edge, seen, left_out = 0.0, 0, 0
    for done, photo in enumerate(ids):
        known = found.get(photo)
        try:
            pixels = None if known is None else read_picture(known.path).pixels
        except UserError:
            pixels = None
        maps = None if pixels is None else explainer.maps(pixels)
        if pixels is None or maps is None:
            left_out += 1
        else:
            strengths = heat(against_others(maps.maps, place))
            total = strengths.copy() if total is None else total + strengths
            share = edge_share(strengths)
            edge, seen = edge + share, seen + 1
            height, width = pixels.shape[:2]
            arrived(Look(photo, pixels, over_photo(strengths, height, width, maps.box), share))
        yield Progress(TEXT, done + 1, len(ids))
    mean = None if total is None else np.asarray(total / np.float32(seen), np.float32)
    return Looks(seen, left_out, mean, edge / max(1, seen), explainer.reach.sentence)


def edge_share(strengths: Floats) -> float:
    """Share of a map's strength that lies in its outer 15 % on each side, 0 to 1; 0 for an empty map.

    Args:
        strengths: float32 (h, w), at least 0. Places that the limit cuts count in part.
    """
    whole = float(strengths.sum())
    if whole <= 0:
        return 0.0
    inner = np.outer(*(_inside(size) for size in strengths.shape))
    return float(1 - (strengths * inner).sum() / whole)


def _inside(size: int) -> Floats:
    """How much of each place along one side lies in the middle part, float32 (size,), 0 to 1."""
    ends = np.arange(size + 1, dtype=np.float32) / np.float32(size)
    low = np.maximum(ends[:-1], np.float32(_EDGE))
    high = np.minimum(ends[1:], np.float32(1 - _EDGE))
    return np.asarray(np.maximum(high - low, 0) * np.float32(size), np.float32)
