"""The ways to compare that a library offers under plain names: things, shapes, texture, colour."""

from __future__ import annotations

import math
from dataclasses import dataclass

from desktop_app.core.catalog import ways as kept
from desktop_app.core.descriptors import COLOUR_KEY, HISTOGRAM, Descriptor
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import Network

THINGS, SHAPES, TEXTURE, COLOURS = "Things", "Shapes", "Texture", "Colour"

_TEXTURE_AT, _SHAPES_AT = 0.4, 0.8  # how deep in a network; chosen by eye on photos of many kinds


@dataclass(frozen=True, slots=True)
class WayChoice:
    """One way to compare.

    Attributes:
        title: what it is called on screen.
        descriptor: its name, "NETWORK:LAYER" or "colour".
        sees: what it responds to, in plain words; "" where nobody knows.
        ready: whether photos can be compared by it at once.
        quick: what is missing takes seconds: only an order over vectors that are there.
    """

    title: str
    descriptor: str
    sees: str
    ready: bool
    quick: bool


def usual_layers(network: Network) -> dict[str, str]:
    """Title to layer: the embedding, a late stage and an early one, as far as the network has them."""
    stages = [layer.name for layer in network.layers if layer.name.startswith("stage")]
    found = {THINGS: network.embedding_output} if network.embedding_output else {}
    if stages:
        shapes = stages[math.ceil(len(stages) * _SHAPES_AT) - 1]
        texture = stages[math.ceil(len(stages) * _TEXTURE_AT) - 1]
        found[SHAPES] = shapes
        if texture != shapes:
            found[TEXTURE] = texture
    return found


def choices(library: Library) -> tuple[WayChoice, ...]:
    """What "Compare by" offers: the library's own network in three depths, colours, and what else was made ready."""
    known = {way.key: way for way in kept.all_ways(library.connection) if not way.going}

    def made(title: str, network: Network, layer: str) -> WayChoice:
        way = known.get(network.key)
        sees = network.layer(layer).sees
        ready = way is not None and layer in way.layers
        return WayChoice(title, str(Descriptor(network.name, layer)), sees, ready, way is not None)

    found = [made(title, library.network, layer) for title, layer in usual_layers(library.network).items()]
    colour = known.get(COLOUR_KEY)
    ready = colour is not None and HISTOGRAM in colour.layers
    found.append(WayChoice(COLOURS, str(Descriptor()), "colours and where they are", ready, colour is not None))
    named = {choice.descriptor for choice in found}
    for way in known.values():
        if way.key == COLOUR_KEY:
            continue
        try:
            network = library.find_network(way.name)
        except UserError:  # it is no longer here; what it made waits
            continue
        if network.key != way.key:
            continue
        for layer in way.layers:
            if str(Descriptor(network.name, layer)) not in named:
                found.append(made(title_of(library, Descriptor(network.name, layer)), network, layer))
    return tuple(found)


def title_of(library: Library, descriptor: Descriptor) -> str:
    """What a descriptor is called on screen: "Shapes", or "Things (ResNet-50)" of another network than the library's.

    Raises:
        UserError: there is no such network.
    """
    if descriptor.is_colour:
        return COLOURS
    network = library.find_network(descriptor.network)
    titles = {layer: title for title, layer in usual_layers(network).items()}
    title = titles.get(descriptor.layer, _plain(descriptor.layer))
    return title if network.key == library.network.key else f"{title} ({network.title})"


def _plain(layer: str) -> str:
    if layer == "logits":
        return "Named things"
    return f"Stage {layer.removeprefix('stage')}" if layer.startswith("stage") else layer.capitalize()
