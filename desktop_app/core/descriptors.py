"""Descriptors by name: whatever turns a photo into a vector, a network's layer or the colours.

`NETWORK:LAYER` names a layer ("open-nsfw:embedding"), `colour` the colour histogram.
"""

from __future__ import annotations

from dataclasses import dataclass

COLOUR = "colour"
"""The descriptor that needs no network."""

COLOUR_KEY = "colour-1"
"""Names the recipes of the colour descriptor: vectors made by others are never mixed with theirs."""

HISTOGRAM, PALETTE = "histogram", "palette"
"""Its layers: photos are compared by the histogram, the palette answers "which photos are in these colours"."""

EMBEDDING = "embedding"
"""The layer photos are compared by unless another is named; every network with a class layer has one."""


@dataclass(frozen=True, slots=True)
class Descriptor:
    """One way to compare photos.

    Attributes:
        network: the network's name, "" for the colours.
        layer: the layer's name, "" for the colours.
    """

    network: str = ""
    layer: str = ""

    @property
    def is_colour(self) -> bool:
        """Whether it is the colour histogram."""
        return not self.network

    @classmethod
    def parse(cls, text: str, network: str) -> Descriptor:
        """What a person wrote: `NETWORK:LAYER`, a layer of `network`, `colour`, or "" for `network`'s embedding.

        A name without a colon is a layer; whether it is a network instead is for the caller to find out.
        """
        if text.lower() in (COLOUR, "color"):
            return cls()
        name, _, layer = text.rpartition(":")
        return cls(name or network, layer or EMBEDDING)

    def __str__(self) -> str:
        return COLOUR if self.is_colour else f"{self.network}:{self.layer}"
