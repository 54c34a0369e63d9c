"""Where a classifier looks: class activation maps.

Source: Zhou et al., "Learning Deep Features for Discriminative Localization", CVPR 2016.

A network that ends in global average pooling gives as embedding the mean of its last feature map over the places. A
head that is linear in the embedding may then be applied at each place: the mean over the places, plus the
bias, is the score itself. Nothing is estimated. A head of several rectified layers is linear around each
single photo, so the same holds there with that photo's own weights. For other layers there is no map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.types import Vectors

Floats = npt.NDArray[np.float32]

How = Literal["exact", "approximate", "none"]

EMBEDDING, LOGITS = "embedding", "logits"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether a map can be drawn for a head.

    Attributes:
        how: "exact"; "approximate" where the head also uses what the map does not show; "none".
        sentence: why, for a person; "" where it is exact.
    """

    how: How
    sentence: str = ""


def reach(layers: Sequence[str], kind: str, *, map_output: str) -> Reach:
    """What a head on these layers allows.

    Args:
        layers: of the head, side by side.
        kind: "softmax", "svm", "mlp" or "neighbours".
        map_output: the network's last feature map, "" where it has none.
    """
    if not map_output:
        return Reach("none", "This network does not keep places apart, so there is nothing to draw.")
    if kind == "neighbours":
        return Reach("none", "This classifier compares whole photos, so there are no places to show.")
    seen = [layer for layer in layers if layer in (EMBEDDING, LOGITS)]
    if not seen:
        return Reach("none", "This classifier uses an earlier layer, whose places are not kept.")
    if len(seen) < len(layers):
        return Reach("approximate", "Shows only a part of what counts: this classifier also uses an earlier layer.")
    return Reach("exact")


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A head that is linear in the embedding: `score = weight @ embedding + bias`.

    weight float32 (classes, d), bias float32 (classes,).
    """

    weight: Floats
    bias: Floats


def through_classes(head: Linear, classes: Linear) -> Linear:
    """A head on the logits as one on the embedding, since the class layer is linear itself.

    Args:
        head: weight (classes, k) on k logits.
        classes: the network's class layer, weight (k, d).
    """
    weight = head.weight.astype(np.float64) @ classes.weight
    bias = head.weight.astype(np.float64) @ classes.bias + head.bias
    return Linear(weight.astype(np.float32), bias.astype(np.float32))


def around(weights: Sequence[Floats], biases: Sequence[Floats], embedding: Vectors) -> Linear:
    """A head of rectified layers as the linear one it is around one photo.

    Args:
        weights: float32 (d, k), (k, m), ... (m, classes): `relu(x @ weight + bias)` for all but the last.
        biases: float32 (k,), ...
        embedding: float32 (d,).

    Returns:
        The linear head with the same scores at `embedding`, and the same slope.
    """
    slope, offset = weights[0].astype(np.float64), biases[0].astype(np.float64)
    x = embedding.astype(np.float64)
    for weight, bias in zip(weights[1:], biases[1:], strict=True):
        on = (x @ slope + offset) > 0
        slope, offset = (slope * on) @ weight, (offset * on) @ weight + bias
    return Linear(slope.T.astype(np.float32), offset.astype(np.float32))


def activation_maps(feature_map: Floats, head: Linear) -> Floats:
    """The class activation maps of one photo.

    Args:
        feature_map: float32 (d, h, w), the network's map output of that photo.
        head: on the mean of that map over its places.

    Returns:
        float32 (classes, h, w). `maps.mean(axis=(1, 2)) + head.bias` are the scores of the head.

    Raises:
        ValueError: the map's channels are not what the head is on.
    """
    channels, height, width = feature_map.shape
    if head.weight.shape[1] != channels:
        raise ValueError(f"a head on {head.weight.shape[1]} numbers and a map of {channels} channels")
    flat: Floats = head.weight @ feature_map.reshape(channels, -1)
    return flat.reshape(-1, height, width)


def against_others(maps: Floats, answer: int) -> Floats:
    """What speaks for one class and against the rest: its map less the mean of the others'.

    A softmax does not change when the same is added to all scores, so one class's map alone may mislead.

    Args:
        maps: float32 (classes, h, w).
        answer: index of the class.

    Returns:
        float32 (h, w); of the only class its own map.
    """
    own: Floats = maps[answer]
    if len(maps) < 2:
        return own
    others = np.delete(maps, answer, axis=0)
    return np.asarray(own - others.mean(axis=0), np.float32)


def heat(activation: Floats) -> Floats:
    """A map as strengths to paint: 0 where nothing speaks for the class, 1 where most does; float32 (h, w)."""
    positive: Floats = np.maximum(activation, np.float32(0))
    top = float(positive.max())
    return positive / np.float32(top) if top > 0 else positive


def over_photo(strengths: Floats, height: int, width: int, box: tuple[int, int, int, int]) -> Floats:
    """A map in a photo's own geometry.

    Args:
        strengths: float32 (h, w), for the part that the network sees.
        height: of the photo, or of the picture the map is painted over.
        width: of the same.
        box: (top, left, height, width) of that part in the same pixels, see `nets.prepare.crop_box`.

    Returns:
        float32 (height, width); NaN outside the part, which the network never saw.
    """
    top, left, tall, wide = box
    spread = np.full((height, width), np.nan, np.float32)
    # cubic rings beyond the ends; a place is the middle of its field, as INTER_LINEAR takes it
    spread[top : top + tall, left : left + wide] = cv2.resize(strengths, (wide, tall), interpolation=cv2.INTER_LINEAR)
    return spread
