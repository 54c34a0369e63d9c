"""What a hand-over is made of: a network, how its input looks, and a head as plain arrays.

A head is a chain of steps on the features of one layer or of several put side by side. Each step says what it does
in NumPy (`evaluate`), which is what the exported file has to agree with.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from desktop_app.core.types import Vectors

Floats = npt.NDArray[np.float32]

Finish = Literal["softmax", "sigmoid", "shares"]
"""How scores become probabilities: softmax(score / temperature); sigmoids divided by their sum; they are already."""

_TINY = np.float32(1e-12)


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """A network as the hand-over needs it; the input is float32 (n, 3, size, size), `(pixel - mean) / scale`."""

    name: str
    title: str
    path: Path
    sha256: str
    key: str
    precision: str  # "float32" or "int8"
    input_name: str
    size: int
    short_side: int
    mean: tuple[float, float, float]
    scale: tuple[float, float, float]
    licence: str
    origin: str


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """`(x - shift) * factor`, number by number. Both float32 (d,)."""

    shift: Floats
    factor: Floats


@dataclass(frozen=True, slots=True)
class UnitLength:
    """Every block of a vector is divided by its length; `sizes` are the blocks' dimensions, one per layer."""

    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """`x @ weight + bias`, and nothing below 0 where `relu`. weight float32 (d, k), bias float32 (k,)."""

    weight: Floats
    bias: Floats
    relu: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """Shares of the classes among the nearest labelled photos.

    The `count` rows of `vectors` with the largest `x @ vectors.T` vote, each with `exp(sharpness * product)`.

    Attributes:
        vectors: float32 (n, d); of unit length, after a `UnitLength` step, for cosines.
        answers: int64 (n,), class index of each.
        count: neighbours that vote, at most n.
        sharpness: 0 lets them vote equally.
    """

    vectors: Floats
    answers: npt.NDArray[np.int64]
    count: int
    sharpness: float = 0.0


Step = Affine | UnitLength | Dense | Nearest


@dataclass(frozen=True, slots=True, eq=False)
class HeadParts:
    """A trained head as arrays.

    Attributes:
        classes: names in the order of the probabilities, at least one.
        layers: the layers whose features are put side by side, in this order.
        steps: what is done with them; the last gives one number per class.
        finish: how these become probabilities.
        temperature: of the softmax; above 0.
        kind: "softmax", "svm", "mlp" or "neighbours": for the sheet.
    """

    classes: tuple[str, ...]
    layers: tuple[str, ...]
    steps: tuple[Step, ...]
    finish: Finish = "softmax"
    temperature: float = 1.0
    kind: str = "softmax"


def evaluate(parts: HeadParts, features: dict[str, Vectors]) -> Floats:
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
    if parts.finish == "shares":
        return x
    if parts.finish == "sigmoid":
        x = (1 / (1 + np.exp(-x.astype(np.float64)))).astype(np.float32)
    else:
        x = x / np.float32(parts.temperature)
        x = np.exp(x - x.max(axis=1, keepdims=True))
    return np.asarray(x / np.maximum(x.sum(axis=1, keepdims=True), _TINY), np.float32)


def _take(step: Step, x: Floats, classes: int) -> Floats:
    match step:
        case Affine():
            return (x - step.shift) * step.factor
        case UnitLength():
            blocks = np.split(x, np.cumsum(step.sizes)[:-1], axis=1)
            return np.concatenate(
                [block / np.maximum(np.linalg.norm(block, axis=1, keepdims=True), _TINY) for block in blocks], axis=1
            )
        case Dense():
            x = x @ step.weight + step.bias
            return np.maximum(x, np.float32(0)) if step.relu else x
        case Nearest():
            products = x @ step.vectors.T
            order = np.argsort(-products, axis=1, kind="stable")[:, : step.count]
            votes = np.exp(np.float32(step.sharpness) * (np.take_along_axis(products, order, axis=1) - 1))
            shares = np.zeros((len(x), classes), np.float32)
            rows = np.repeat(np.arange(len(x)), order.shape[1])
            np.add.at(shares, (rows, step.answers[order].ravel()), votes.ravel())
            return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), _TINY), np.float32)
