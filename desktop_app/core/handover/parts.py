"""What a hand-over is made of: a network, how its input looks, and a head as plain arrays.

A head is a chain of steps on the features of one layer or of several put side by side. Each step says what it does
in NumPy (`evaluate`), which is what the exported file has to agree with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from desktop_app.core.types import Vectors

Floats = npt.NDArray[np.float32]

_TINY = np.float32(1e-12)


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """A network as the hand-over needs it, and how a picture becomes its input.

    Attributes:
        precision: "float32", "int8" or "float16".
        height: of the input in pixels.
        width: of the input.
        fit: "crop" cuts the input from the middle, "squash" takes height and width apart.
        short_side: of the picture that it is cut from, see `nets.preparation.Preparation`.
        decode_side: the short side that pictures are reduced to first.
        colours: "rgb", "bgr" or "grey".
        invert: white becomes black first.
        layout: "NCHW" or "NHWC".
        mean: per channel in the order that is fed: `(pixel - mean) / scale`.
        scale: the same.
        batch_free: whether it takes several pictures at once.
    """

    name: str
    title: str
    path: Path
    sha256: str
    key: str
    precision: str
    input_name: str
    height: int
    width: int
    fit: Literal["crop", "squash"]
    short_side: int
    decode_side: int
    colours: Literal["rgb", "bgr", "grey"]
    invert: bool
    layout: Literal["NCHW", "NHWC"]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    licence: str
    origin: str
    batch_free: bool = True

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of one input."""
        sides, channels = (self.height, self.width), len(self.mean)
        return (channels, *sides) if self.layout == "NCHW" else (*sides, channels)


@dataclass(frozen=True, slots=True)
class UnitLength:
    """Every vector is divided by its length; one of length 0 stays."""


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """`x @ weight + bias`, and nothing below 0 where `relu`. weight float32 (d, k), bias float32 (k,)."""

    weight: Floats
    bias: Floats
    relu: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """Labelled photos that vote: a class's score is log(sum(exp(x @ example + weight))) over its own examples.

    Attributes:
        examples: float32 (m, d).
        weights: float32 (m,).
        answers: int64 (m,), class index of each, never falling.
        absent: score of a class without an example.
    """

    examples: Floats
    weights: Floats
    answers: npt.NDArray[np.int64]
    absent: float = -1e4

    def spans(self, classes: int) -> list[tuple[int, int]]:
        """For each class the first of its examples and the one behind its last."""
        edges = np.searchsorted(self.answers, np.arange(classes + 1)).tolist()
        return list(pairwise(edges))


Step = UnitLength | Dense | Nearest


@dataclass(frozen=True, slots=True, eq=False)
class HeadParts:
    """A trained head as arrays; probabilities are `softmax(scores / temperature)`.

    Attributes:
        classes: names in the order of the probabilities, at least one.
        layers: the layers whose features are put side by side, in this order.
        steps: what is done with them, one after the other; the last gives a score per class.
        temperature: above 0.
        kind: "softmax", "svm", "mlp" or "neighbours": for the sheet.
    """

    classes: tuple[str, ...]
    layers: tuple[str, ...]
    steps: tuple[Step, ...]
    temperature: float = 1.0
    kind: str = "softmax"


def evaluate(parts: HeadParts, features: Mapping[str, Vectors]) -> Floats:
    """The head in NumPy.

    Args:
        parts: the head.
        features: float32 (n, d) for each of its layers.

    Returns:
        float32 (n, classes), rows of sum 1.
    """
    x: Floats = np.concatenate([features[name] for name in parts.layers], axis=1).astype(np.float32)
    for step in parts.steps:
        x = _take(step, x, len(parts.classes))
    x = x / np.float32(parts.temperature)
    x = np.exp(x - x.max(axis=1, keepdims=True))
    return np.asarray(x / x.sum(axis=1, keepdims=True), np.float32)


def _take(step: Step, x: Floats, classes: int) -> Floats:
    match step:
        case UnitLength():
            return np.asarray(x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), _TINY), np.float32)
        case Dense():
            scores: Floats = x @ step.weight + step.bias
            return np.maximum(scores, np.float32(0)) if step.relu else scores
        case Nearest():
            votes = x @ step.examples.T + step.weights
            sums = np.full((len(x), classes), step.absent, np.float32)
            for place, (start, stop) in enumerate(step.spans(classes)):
                if stop > start:
                    own = votes[:, start:stop]
                    top = own.max(axis=1, keepdims=True)
                    sums[:, place] = (top + np.log(np.exp(own - top).sum(axis=1, keepdims=True)))[:, 0]
            return sums
