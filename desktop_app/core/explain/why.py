"""Why two photos are alike: the cosine of their features as a sum over the places of either photo.

A network that ends in global average pooling gives as feature vector the mean of a map over its places. The scalar
product of two means is then a sum over the places of either: `a . b = sum over p of map_a[:, p] . b / places`. Divided
by both lengths it is the cosine, so each place of a photo has a share of it and nothing is estimated. The same holds
for whatever is linear in the features: centred on a mean, projected by a PCA, or taken through a class layer.

Source of the idea: Stylianou, Souvenir, Pless, "Visualizing Deep Similarity Networks", WACV 2019.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.types import Vectors

Floats = npt.NDArray[np.float32]
_Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """What is compared of a feature vector x: `weight @ x + shift`.

    Attributes:
        weight: float32 (k, d); None where x is taken as it is.
        shift: float32 (k,); None for nothing.
    """

    weight: Floats | None = None
    shift: Floats | None = None

    def columns(self, many: npt.NDArray[np.floating]) -> _Doubles:
        """Feature vectors side by side through the lens: (d, n) -> float64 (k, n)."""
        # a projection is applied in float32: BLAS is twice as fast and 1e-6 is far below what is shown
        seen = many if self.weight is None else self.weight @ many.astype(np.float32, copy=False)
        seen = seen.astype(np.float64)
        return seen if self.shift is None else seen + self.shift[:, np.newaxis]

    def after(self, weight: Floats, bias: Floats) -> Lens:
        """This lens on what a linear layer makes of x: `weight @ x + bias`."""
        if self.weight is None:
            shift = bias if self.shift is None else bias + self.shift
            return Lens(weight, np.asarray(shift, np.float32))
        shift = self.weight @ bias if self.shift is None else self.weight @ bias + self.shift
        return Lens(np.asarray(self.weight @ weight, np.float32), np.asarray(shift, np.float32))


RAW = Lens()


def centred(mean: Vectors, components: Vectors | None = None) -> Lens:
    """The lens of an index space: a mean taken away, and a projection.

    Args:
        mean: float32 (d,).
        components: float32 (k, d), or None for none.
    """
    if components is None:
        return Lens(None, np.asarray(-mean, np.float32))
    shift = -(components.astype(np.float64) @ mean.astype(np.float64))
    return Lens(components, shift.astype(np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """The cosine of two photos as a sum over the places of each.

    Attributes:
        cosine: in [-1, 1]; 0 where one of the two is nothing at all.
        first: float32 (h, w), shares of the first photo's places; they sum to `cosine`, and may be below 0.
        second: float32 (h', w'), of the second's; they sum to `cosine` too.
    """

    cosine: float
    first: Floats
    second: Floats

    def strengths(self) -> tuple[Floats, Floats]:
        """Both as strengths to paint, on one scale: 0 where nothing speaks for likeness, 1 where most does."""
        top = max(float(self.first.max(initial=0)), float(self.second.max(initial=0)))
        if top <= 0:
            return np.zeros_like(self.first), np.zeros_like(self.second)
        first, second = (np.maximum(side, 0, dtype=np.float32) / np.float32(top) for side in (self.first, self.second))
        return first.astype(np.float32), second.astype(np.float32)


def overlay(first: Floats, second: Floats, lens: Lens = RAW) -> Overlay:
    """Where the likeness of two photos lies.

    Args:
        first: float32 (d, h, w), the map of the first photo whose mean over the places is its feature vector.
        second: float32 (d, h', w'), of the second.
        lens: what is compared of the features.

    Raises:
        ValueError: maps of different channels, or without places.
    """
    one, other = _places(first, lens), _places(second, lens)
    if len(one) != len(other) or not one.size or not other.size:
        raise ValueError(f"maps {first.shape} and {second.shape} cannot be compared")
    mean_one, mean_other = one.mean(axis=1), other.mean(axis=1)
    length = float(np.linalg.norm(mean_one) * np.linalg.norm(mean_other))
    if not length > 0:
        return Overlay(0.0, np.zeros(first.shape[1:], np.float32), np.zeros(second.shape[1:], np.float32))
    return Overlay(
        float(np.clip(mean_one @ mean_other / length, -1.0, 1.0)),
        _shaped(mean_other @ one / (length * one.shape[1]), first),
        _shaped(mean_one @ other / (length * other.shape[1]), second),
    )


def overlay_in_place(first: Floats, second: Floats) -> Overlay:
    """The same for features that are every value of a map one after the other, without a mean: exact too.

    Such features are compared place by place, so both photos have the same shares: `sum over the channels of
    map_a[:, p] * map_b[:, p]`, by both lengths.

    Args:
        first: float32 (d, h, w), the map of the first photo.
        second: float32 (d, h, w), of the second.

    Raises:
        ValueError: maps of different shapes.
    """
    if first.shape != second.shape:
        raise ValueError(f"maps {first.shape} and {second.shape} cannot be compared")
    products = np.einsum("cyx,cyx->yx", first, second, dtype=np.float64)
    length = float(np.linalg.norm(first.astype(np.float64)) * np.linalg.norm(second.astype(np.float64)))
    shares = (products / length if length > 0 else np.zeros_like(products)).astype(np.float32)
    return Overlay(float(np.clip(shares.sum(dtype=np.float64), -1.0, 1.0)), shares, shares.copy())


def pairs(first: Floats, second: Floats, lens: Lens = RAW) -> Floats:
    """How alike each place of one photo is to each of another: the cosine of what the network saw there.

    Args:
        first: float32 (d, h, w).
        second: float32 (d, h', w').
        lens: what is compared.

    Returns:
        float32 (h, w, h', w') in [-1, 1]; 0 at places where there is nothing.
    """
    found = _unit(_places(first, lens)).T @ _unit(_places(second, lens))
    return np.clip(found, -1.0, 1.0).astype(np.float32).reshape(*first.shape[1:], *second.shape[1:])


def _places(feature_map: Floats, lens: Lens) -> _Doubles:
    return lens.columns(feature_map.reshape(len(feature_map), -1))


def _shaped(values: _Doubles, feature_map: Floats) -> Floats:
    return values.astype(np.float32).reshape(feature_map.shape[1:])


def _unit(columns: _Doubles) -> _Doubles:
    lengths = np.linalg.norm(columns, axis=0)
    out: _Doubles = np.divide(columns, lengths, out=np.zeros_like(columns), where=lengths > 0)
    return out
