"""What a network sees at each place of whole pictures: its map over square parts that cover the picture.

The features that photos are compared by are made of the picture's middle; for places the edges count as well. A picture
that is nearly square is pressed into one square, a longer one is covered by two or more that overlap.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.errors import UserError
from desktop_app.core.explain.outline import STEPS, laid_over, likeness_of_places, standing_out
from desktop_app.core.explain.windows import Floats, share_inside, window_scores
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.prepare import Tensor, prepare
from desktop_app.core.operations.layer_maps import LayerMaps
from desktop_app.core.searching import Box
from desktop_app.core.types import Pixels

_NEARLY_SQUARE = 1.15
_MOST_PARTS = 4
_SIDE = 7  # places of a map's side; of a larger one it is made smaller: more windows say no more
_FINER_SHARE = 0.5  # of a finer layer in the outline, beside the layer that is compared: measured
_TRIED = 4  # layers that are opened in search of a finer one

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
        side: places of a map's side; larger maps are made smaller.
    """

    def __init__(self, maps: LayerMaps, side: int = _SIDE) -> None:
        self.maps = maps
        self._side = side
        network: Network = maps.network
        to = network.preparation
        self._preparation = dataclasses.replace(to, fit="squash", short_side=max(to.height, to.width))

    def prepared(self, pixels: Pixels) -> Tensor:
        """A whole picture as the network takes it, whatever its proportions: float32 `Preparation.shape`."""
        return prepare(pixels, self._preparation)

    def map_of(self, picture: Tensor) -> Floats:
        """The map over a prepared picture: float32 (rows, columns, channels)."""
        found = self.maps.read(picture[np.newaxis])[0].transpose(1, 2, 0)
        if max(found.shape[:2]) > self._side + 1:
            rows, columns, channels = found.shape
            to = (min(columns, self._side), min(rows, self._side))
            planes = [
                cv2.resize(np.ascontiguousarray(found[..., i]), to, interpolation=cv2.INTER_AREA)
                for i in range(channels)
            ]
            return np.stack(planes, axis=-1)
        return np.ascontiguousarray(found)

    def see(self, pixels: Pixels) -> Seen:
        """All places of a picture."""
        parts = parts_of(*pixels.shape[:2])
        maps = [self.map_of(self.prepared(_cut(pixels, part))) for part in parts]
        return Seen(np.clip(np.stack(maps), -6e4, 6e4).astype(np.float16), parts)

    def pooled(self, picture: Tensor, box: Box) -> Floats:
        """The mean of the places in a box of a prepared picture, float32 (channels,); those at its edge count in part.

        Args:
            picture: of `prepared`.
            box: in shares of it.
        """
        found = self.map_of(picture)
        rows, columns = found.shape[:2]
        weights = np.outer(share_inside(box.y, box.height, rows), share_inside(box.x, box.width, columns))
        return np.asarray(np.einsum("yx,yxc->c", weights, found) / weights.sum(), np.float32)

    def places(self) -> int:
        """How many places its map has along the shorter side, before it is made smaller."""
        nothing = np.zeros((1, *self.maps.network.preparation.shape), np.float32)
        shape: tuple[int, ...] = self.maps.read(nothing).shape
        return min(shape[2:])


def finer_reader(library: Library, reader: CellReader) -> CellReader | None:
    """What reads an earlier layer of the same network that keeps more places apart; None where there is none.

    The last such layer: the earlier a layer, the less it knows of things.

    Args:
        library: the open library.
        reader: of the layer that photos are compared by.
    """
    network, least = reader.maps.network, reader.places()
    names = [layer.name for layer in network.layers]
    if least >= STEPS or reader.maps.layer not in names:
        return None
    earlier = names[: names.index(reader.maps.layer)]
    for name in earlier[: -_TRIED - 1 : -1]:
        try:
            found = CellReader(LayerMaps(library, network, name), STEPS)
        except UserError:
            continue
        if found.maps.pooled == "mean" and found.places() > least:
            return found
    return None


def outlined(layers: Sequence[tuple[Seen, Floats, Floats]]) -> tuple[Box, float]:
    """The place of a picture that stands out, in shares of it, and how alike its best spot is by the last layer.

    Args:
        layers: what was seen of it by one layer, or by a second one with finer places, too; each with a query and what
            is taken away from every place, float32 (channels,).
    """
    heats = [
        laid_over(likeness_of_places(seen.cells.astype(np.float32) - mean, query), seen.parts)
        for seen, query, mean in layers
    ]
    heat = heats[0]
    for finer in heats[1:]:
        heat = heat + np.float32(_FINER_SHARE) * finer
    return standing_out(heat), float(heats[-1].max())


def match(seen: Seen, query: Floats, mean: Floats) -> tuple[float, Box]:
    """How alike the best window of a picture is, and the place that stands out of it.

    Args:
        seen: the picture.
        query: float32 (channels,), centred.
        mean: float32 (channels,), what is taken away from every place.
    """
    scores = window_scores(seen.cells.astype(np.float32) - mean, query)
    place, _ = outlined(((seen, query, mean),))
    return float(scores.max()), place


def _cut(pixels: Pixels, part: Box) -> Pixels:
    height, width = pixels.shape[:2]
    left, top = round(part.x * width), round(part.y * height)
    right, bottom = round((part.x + part.width) * width), round((part.y + part.height) * height)
    return pixels[top : max(top + 1, bottom), left : max(left + 1, right)]
