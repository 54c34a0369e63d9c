"""Where a classifier of the library looks in a photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop_app.core.explain.cam import (
    EMBEDDING,
    LOGITS,
    Linear,
    Reach,
    activation_maps,
    around,
    reach,
    through_classes,
)
from desktop_app.core.explain.class_layer import class_layer
from desktop_app.core.handover.parts import Dense, Floats
from desktop_app.core.learn.trained import Trained
from desktop_app.core.library import Library
from desktop_app.core.nets.prepare import crop_box
from desktop_app.core.operations.offer import head_parts
from desktop_app.core.types import Pixels, Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Where a classifier looks in one picture.

    Attributes:
        maps: float32 (classes, h, w). Where the reach is exact, `maps.mean(axis=(1, 2)) + bias` are the scores that
            the softmax takes; for a perceptron with the weights that hold around this picture.
        bias: float32 (classes,).
        box: the part that the maps lie over: (top, left, height, width) in the picture's own pixels.
    """

    maps: Floats
    bias: Floats
    box: tuple[int, int, int, int]


class Explainer:
    """Draws where a classifier looks; holds what all photos have in common.

    Args:
        library: the open library; its network gives the maps.
        trained: what was learnt.

    Attributes:
        reach: whether there is a map, and whether it is exact.
    """

    def __init__(self, library: Library, trained: Trained) -> None:
        self._library = library
        self._parts = head_parts(trained) if trained.kind != "neighbours" else None
        self.reach: Reach = reach(trained.layers, trained.kind, map_output=library.network.map_output)
        self._classes = (
            class_layer(library.network.path, library.network.class_output)
            if LOGITS in trained.layers and self.reach.how != "none"
            else None
        )
        if LOGITS in trained.layers and self._classes is None and self.reach.how != "none":
            self.reach = Reach("none", "This network's class layer cannot be read, so there is nothing to draw.")
        elif self._classes is not None and self.reach.how == "exact" and library.network.precision != "float32":
            self.reach = Reach("approximate", "Exact up to the rounding of the 8-bit network.")

        self._fixed: Linear | None = None
        if self._parts is not None and len(self._parts.steps) == 1 and self.reach.how != "none":
            self._fixed = self._around(np.empty(0, np.float32))  # the same for all photos

    def maps(self, pixels: Pixels) -> Seen | None:
        """Where it looks in a picture; None where `reach.how` is "none".

        Args:
            pixels: uint8 (h, w, 3), as for `Engine.prepare`.
        """
        if self._parts is None or self.reach.how == "none":
            return None
        network, engine = self._library.network, self._library.engine
        found = engine.run(engine.prepare(pixels)[np.newaxis], [*self._parts.layers, network.map_output])
        features = np.concatenate([found[layer][0] for layer in self._parts.layers])
        head = self._fixed or self._around(features)
        box = crop_box(pixels.shape[0], pixels.shape[1], network)
        return Seen(activation_maps(found[network.map_output][0], head), head.bias, box)

    def _around(self, features: Vectors) -> Linear:
        """The head as the linear one on the embedding that it is at a photo's features, float32 (d,)."""
        assert self._parts is not None
        dense = [step for step in self._parts.steps if isinstance(step, Dense)]
        return self._on_embedding(around([step.weight for step in dense], [step.bias for step in dense], features))

    def _on_embedding(self, head: Linear) -> Linear:
        """The part of a linear head on layers side by side that works on the embedding, straight or by the logits."""
        assert self._parts is not None
        network = self._library.network
        total = np.zeros((len(head.bias), network.layer(EMBEDDING).dimension), np.float32)
        bias, start = head.bias.copy(), 0
        for name in self._parts.layers:
            size = network.layer(name).dimension
            own = head.weight[:, start : start + size]
            if name == EMBEDDING:
                total += own
            elif name == LOGITS and self._classes is not None:
                through = through_classes(Linear(own, np.zeros(len(bias), np.float32)), self._classes)
                total += through.weight
                bias += through.bias
            start += size
        return Linear(total, bias)
