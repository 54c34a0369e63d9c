"""Why two photos are alike: which places of the one and of the other make up their likeness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from desktop_app.core.errors import UserError
from desktop_app.core.explain.cam import Linear
from desktop_app.core.explain.class_layer import class_layer
from desktop_app.core.explain.places import Box
from desktop_app.core.explain.why import RAW, Floats, Lens, Overlay, centred, overlay, overlay_in_place, pairs
from desktop_app.core.index.exact import cosines
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import Network
from desktop_app.core.operations.layer_maps import LayerMaps, Places
from desktop_app.core.types import PhotoId, Pixels

How = Literal["exact", "approximate"]

LAST_MAP = "Roughly: shows where the network's last map agrees; this way to compare also uses what comes after it."
EIGHT_BIT = "Exact up to the rounding of the 8-bit network."
ROUNDED = "Exact up to the network's own rounding."
SMALL = "Drawn from the small picture that is kept, since the photo itself cannot be read now."

_ROUNDED = 0.05  # the share of the largest score by which 8-bit rounding may change one
_OFF = 1e-4  # more between the places' sum and the cosine is no rounding of ours


@dataclass(frozen=True, slots=True)
class Match:
    """What in the other photo is most like one place of a photo.

    Attributes:
        box: of the place that was asked about, in fractions of its photo.
        other: of the place in the other photo that is most like it.
        cosine: of what the network saw at the two.
    """

    box: Box
    other: Box
    cosine: float


@dataclass(frozen=True, slots=True, eq=False)
class Why:
    """Why two photos are alike.

    Attributes:
        how: "exact": the values of each overlay sum to its cosine, and that is the one of the photos' features.
        sentence: why it is only approximate, for a person; "" where it is exact.
        cosine: of the raw features, neither centred nor projected: what the details show.
        plain: that cosine by places.
        special: the same of what sets the photos apart from the library's others (features centred and projected as
            search compares them), so that common ground does not glow; its cosine is the likeness in the results.
            Equal to `plain` where there is no index space yet.
        boxes: the part of the first and of the second picture that the overlays lie over.
    """

    how: How
    sentence: str
    cosine: float
    plain: Overlay
    special: Overlay
    boxes: tuple[Box, Box]
    _maps: tuple[Floats, Floats]
    _lens: Lens

    def match(self, y: float, x: float, *, in_second: bool = False) -> Match | None:
        """The place of the other photo that is most like a point of one.

        Args:
            y: of the point, in fractions of the picture from its top.
            x: from its left edge.
            in_second: the point is one of the second photo.

        Returns:
            None for a point that the network never saw.
        """
        here, there = (1, 0) if in_second else (0, 1)
        rows, columns = self._maps[here].shape[1:]
        place = self.boxes[here].place_at(y, x, rows, columns)
        if place is None:
            return None
        down, along = place
        own = self._maps[here][:, down : down + 1, along : along + 1]
        alike = pairs(own, self._maps[there], self._lens)[0, 0]
        top, left = np.unravel_index(int(alike.argmax()), alike.shape)
        return Match(
            self.boxes[here].cell(down, along, rows, columns),
            self.boxes[there].cell(int(top), int(left), *alike.shape),
            float(alike[top, left]),
        )


class WhyAlike:
    """Explains pairs of pictures by one way of comparing. Belongs to one thread; keeps the last pictures it saw.

    Args:
        library: the open library.
        descriptor: "NETWORK:LAYER", a layer of the library's network, or "" for what photos are compared by.

    Raises:
        UserError: no such network or layer; it is the colours; the network does not keep places apart.
    """

    def __init__(self, library: Library, descriptor: str = "") -> None:
        self._library = library
        self.descriptor = library.descriptor(descriptor)
        if self.descriptor.is_colour:
            raise UserError("Colours are compared over the whole photo, so there is nothing to draw.")
        network = library.find_network(self.descriptor.network)
        self.layer = seen = self.descriptor.layer
        self._after: tuple[Floats, Floats] | None = None
        if self.layer == network.class_output and network.ends_in_global_pool:
            classes = class_layer(network.path, network.class_output)
            if classes is not None and _makes_classes(library, network, classes):
                self._after, seen = (classes.weight, classes.bias), network.embedding_output
        self._maps = LayerMaps(library, network, seen)
        self._network = network
        self._eight_bit = self._maps.rounded or (self._after is not None and network.precision == "int8")

    def pair(self, first: PhotoId | Pixels, second: PhotoId | Pixels) -> Why:
        """Explain two pictures: photos of the library, or pixels uint8 (h, w, 3) from outside.

        Raises:
            Unreadable: a file cannot be read, and there is no thumbnail either.
            UserError: a photo is not in the library any more.
        """
        one, other = self._maps.of(first), self._maps.of(second)
        plain_lens, special_lens = self._lenses()
        if self._maps.pooled == "flatten":
            plain = special = overlay_in_place(one.map, other.map)
        else:
            plain = overlay(one.map, other.map, plain_lens)
            special = plain if special_lens is plain_lens else overlay(one.map, other.map, special_lens)
        cosine = plain.cosine
        if self._after is None:  # else the vectors are those before the class layer
            cosine = float(cosines(one.vector[np.newaxis], other.vector)[0])
        how, sentence = self._how(one, other, abs(cosine - plain.cosine))
        boxes, maps = (one.box, other.box), (one.map, other.map)
        return Why(how, sentence, cosine, plain, special, boxes, maps, special_lens)

    def _how(self, one: Places, other: Places, off: float) -> tuple[How, str]:
        """Whether the places are all there is to it; `off`: by how much their sum misses the cosine."""
        rounded = self._eight_bit or (off > _OFF and self._network.precision != "float32")
        if self._maps.pooled == "else" or (off > _OFF and not rounded):
            return "approximate", LAST_MAP
        if one.small or other.small:
            return "approximate", SMALL
        if rounded:
            return "approximate", EIGHT_BIT if self._network.precision == "int8" else ROUNDED
        return "exact", ""

    def _lenses(self) -> tuple[Lens, Lens]:
        """What the raw cosine and what the likeness in the results are of."""
        plain = RAW if self._after is None else RAW.after(*self._after)
        view = self._library.files(self.descriptor).view if self._maps.pooled == "mean" else None
        if view is None:
            return plain, plain
        projection = view.projection
        special = centred(projection.mean, projection.components)
        return plain, special if self._after is None else special.after(*self._after)


def _makes_classes(library: Library, network: Network, classes: Linear) -> bool:
    """Whether a class layer that was read from the file does make the classes from the embedding."""
    noise = np.random.default_rng(0).normal(size=(1, *network.preparation.shape)).astype(np.float32)
    names = [network.embedding_output, network.class_output]
    found = library.engine_of(network).run(noise, names)
    features, scores = (found[name][0] for name in names)
    if classes.weight.shape != (len(scores), len(features)):
        return False
    off = np.abs(classes.weight @ features + classes.bias - scores).max()
    return bool(off <= _ROUNDED * np.abs(scores).max())
