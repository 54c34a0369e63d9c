"""What a network sees at each place of whole pictures: its map over square parts that cover the picture.

The features that photos are compared by are made of the picture's middle; for places the edges count as well. A picture
that is nearly square is pressed into one square, a longer one is covered by two or more that overlap.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.explain.outline import laid_over, likeness_of_places, standing_out
from desktop_app.core.explain.windows import Floats, share_inside, window_scores
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.prepare import prepare
from desktop_app.core.operations.layer_maps import LayerMaps
from desktop_app.core.searching import Box
from desktop_app.core.types import Pixels

_NEARLY_SQUARE = 1.15
_MOST_PARTS = 4
_LONGEST_SIDE = 8  # places of a map's side beyond which it is made smaller: more windows say no more

Cells = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture as parts with places.

    Attributes:
        cells: float16 (parts, rows, columns, channels).
        parts: where each part lies in the picture.
    """

    cells: Cells
    parts: tuple[Box, ...]


def parts_of(height: int, width: int) -> tuple[Box, ...]:
    """The square parts that cover a picture of this size, from the left or top on."""
    long, short = max(height, width), min(height, width)
    ratio = long / short
    if ratio <= _NEARLY_SQUARE:
        return (Box(0.0, 0.0, 1.0, 1.0),)
    count = min(_MOST_PARTS, max(2, math.ceil(ratio - _NEARLY_SQUARE + 1)))
    share = max(short / long, 1 / count)
    starts = [at * (1.0 - share) / (count - 1) for at in range(count)]
    if width >= height:
        return tuple(Box(start, 0.0, share, 1.0) for start in starts)
    return tuple(Box(0.0, start, 1.0, share) for start in starts)


class CellReader:
    """Reads the places of pictures by one layer. Safe on several threads at once.

    Args:
        maps: of the layer.
    """

    def __init__(self, maps: LayerMaps) -> None:
        self._maps = maps
        network: Network = maps.network
        to = network.preparation
        self._preparation = dataclasses.replace(to, fit="squash", short_side=max(to.height, to.width))

    def map_of(self, pixels: Pixels) -> Floats:
        """One map over a picture, whatever its proportions: float32 (rows, columns, channels)."""
        found = self._maps.read(prepare(pixels, self._preparation)[np.newaxis])[0].transpose(1, 2, 0)
        if max(found.shape[:2]) > _LONGEST_SIDE:
            rows, columns, channels = found.shape
            to = (min(columns, _LONGEST_SIDE - 1), min(rows, _LONGEST_SIDE - 1))
            planes = [
                cv2.resize(np.ascontiguousarray(found[..., i]), to, interpolation=cv2.INTER_AREA)
                for i in range(channels)
            ]
            return np.stack(planes, axis=-1)
        return np.ascontiguousarray(found)

    def see(self, pixels: Pixels) -> Seen:
        """All places of a picture."""
        parts = parts_of(*pixels.shape[:2])
        maps = [self.map_of(_cut(pixels, part)) for part in parts]
        return Seen(np.clip(np.stack(maps), -6e4, 6e4).astype(np.float16), parts)

    def pooled(self, pixels: Pixels, box: Box) -> Floats:
        """The mean of the places in a box of a picture, float32 (channels,); places cut by its edge count in part."""
        found = self.map_of(pixels)
        rows, columns = found.shape[:2]
        weights = np.outer(share_inside(box.y, box.height, rows), share_inside(box.x, box.width, columns))
        return np.asarray(np.einsum("yx,yxc->c", weights, found) / weights.sum(), np.float32)


def match(seen: Seen, query: Floats, mean: Floats) -> tuple[float, Box]:
    """How alike the best window of a picture is, and the place that stands out of it.

    Args:
        seen: the picture.
        query: float32 (channels,), centred.
        mean: float32 (channels,), what is taken away from every place.
    """
    cells = seen.cells.astype(np.float32) - mean
    place = standing_out(laid_over(likeness_of_places(cells, query), seen.parts))
    return float(window_scores(cells, query).max()), place


def _cut(pixels: Pixels, part: Box) -> Pixels:
    height, width = pixels.shape[:2]
    left, top = round(part.x * width), round(part.y * height)
    right, bottom = round((part.x + part.width) * width), round((part.y + part.height) * height)
    return pixels[top : max(top + 1, bottom), left : max(left + 1, right)]
