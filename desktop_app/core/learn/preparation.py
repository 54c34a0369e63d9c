"""How raw features of one or several layers become what a head is fitted on: an exact affine map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.linalg

from desktop_app.core.learn.examples import Examples
from desktop_app.core.types import Vectors

DIMENSIONS = 128
"""More change no answer and cost time: docs/adr/0009-heads.md."""

_SAMPLE = 1500  # rows the axes are fitted on: beyond, they no longer change
_NOTHING = 1e-6  # spread, as a share of the length of the mean, below which a layer says nothing

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Preparation:
    """Centres raw features, gives each layer the same weight, turns them onto their main axes.

    Applied it is `(x - mean) @ basis`, x being the layers side by side; prepared features of the examples have a mean
    squared length of 1.

    Attributes:
        layers: names, in the order of the columns.
        sizes: dimension of each layer.
        mean: float32 (d,).
        basis: float32 (d, k).
    """

    layers: tuple[str, ...]
    sizes: tuple[int, ...]
    mean: npt.NDArray[np.float32]
    basis: npt.NDArray[np.float32]

    @property
    def dimensions(self) -> int:
        """Columns of what it gives."""
        return int(self.basis.shape[1])

    def apply(self, features: Mapping[str, Vectors]) -> Vectors:
        """Prepared features: float32 (n, k).

        Raises:
            KeyError: a layer is missing.
            ValueError: a layer has another dimension.
        """
        prepared: Vectors | None = None
        start = 0
        for name, size in zip(self.layers, self.sizes, strict=True):
            block = features[name]
            if block.ndim != 2 or block.shape[1] != size:
                raise ValueError(f"layer {name!r}: shape {block.shape}, not (n, {size})")
            part = (block - self.mean[start : start + size]) @ self.basis[start : start + size]
            prepared = np.asarray(part if prepared is None else prepared + part, np.float32)
            start += size
        assert prepared is not None
        return np.ascontiguousarray(prepared, np.float32)

    def unfold(self, weights: Array, bias: Array) -> tuple[Array, Array]:
        """An affine map on prepared features as one on raw features.

        Args:
            weights: (C, k).
            bias: (C,).

        Returns:
            Weights float64 (C, d) and bias (C,), d the layers side by side.
        """
        raw = weights @ self.basis.T.astype(np.float64)
        return raw, bias - raw @ self.mean.astype(np.float64)


class Layers:
    """Every layer's main axes over the labelled photos, worked out when first asked for.

    The axes are fitted on the features alone, never on answers, so they are the same in all folds.

    Args:
        seed: of the sample of rows that the axes are fitted on, where there are very many.
    """

    def __init__(self, examples: Examples, seed: int = 0) -> None:
        self._examples = examples
        self._made: dict[tuple[str, ...], tuple[Preparation, Vectors]] = {}
        count = len(examples)
        self._rows = np.arange(count)
        if count > _SAMPLE:
            self._rows = np.sort(np.random.default_rng(seed).permutation(count)[:_SAMPLE])

    def get(self, layers: tuple[str, ...]) -> tuple[Preparation, Vectors]:
        """The preparation of these layers together, and the prepared features of all examples, float32 (n, k)."""
        if layers not in self._made:
            self._made[layers] = self._single(layers[0]) if len(layers) == 1 else self._several(layers)
        return self._made[layers]

    def _single(self, layer: str) -> tuple[Preparation, Vectors]:
        block = self._examples.features[layer]
        sample = block[self._rows].astype(np.float64)
        mean = sample.mean(axis=0)
        sample -= mean
        basis = _axes(sample, _NOTHING * float(np.linalg.norm(mean)))
        return self._finish((layer,), (block.shape[1],), mean, basis)

    def _several(self, layers: tuple[str, ...]) -> tuple[Preparation, Vectors]:
        # from the main axes of each, which hold all but nothing of it: cheap however wide the layers are
        parts = [self.get((layer,)) for layer in layers]
        side_by_side = np.hstack([prepared[self._rows] for _, prepared in parts]).astype(np.float64)
        turn = _axes(side_by_side - side_by_side.mean(axis=0), 0.0)
        bases, start = [], 0
        for preparation, _ in parts:
            bases.append(preparation.basis @ turn[start : start + preparation.dimensions])
            start += preparation.dimensions
        sizes = tuple(preparation.sizes[0] for preparation, _ in parts)
        mean = np.concatenate([preparation.mean for preparation, _ in parts])
        return self._finish(layers, sizes, mean, np.vstack(bases))

    def _finish(
        self, layers: tuple[str, ...], sizes: tuple[int, ...], mean: Array, basis: Array
    ) -> tuple[Preparation, Vectors]:
        made = Preparation(layers, sizes, mean.astype(np.float32), np.ascontiguousarray(basis, np.float32))
        return made, made.apply(self._examples.features)


def _axes(centred: Array, nothing: float) -> Array:
    """Main axes of centred rows, scaled so that turned rows have a mean squared length of 1: (d, k), k 0 if constant.

    Source: principal components by the smaller of the Gram and the covariance matrix.
    """
    rows, columns = centred.shape
    spread = float(np.sqrt(np.square(centred).sum() / max(1, rows)))
    if not spread > max(nothing, 1e-12):
        return np.zeros((columns, 0))
    scaled = centred / spread
    small = scaled @ scaled.T if rows <= columns else scaled.T @ scaled
    size = len(small)
    values, vectors = scipy.linalg.eigh(small, subset_by_index=[max(0, size - DIMENSIONS), size - 1])
    keep = values > 1e-7 * values[-1]
    values, vectors = values[keep][::-1], vectors[:, keep][:, ::-1]
    axes = scaled.T @ (vectors / np.sqrt(values)) if rows <= columns else vectors
    # the sign of an axis is an accident of the solver: fixed, so that equal examples give equal files
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return np.asarray(axes * signs / spread, np.float64)
