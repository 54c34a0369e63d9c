"""The projection of a descriptor's vectors into its index space: centre, turn, shorten to unit length.

Mean and components depend only on the set of photos, so that an ingest that was killed and resumed ends with the
same space as one that never stopped. Not whitened: that makes likeness worse.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
import numpy.typing as npt

from desktop_app.core.index.files import DAMAGED, replace_file
from desktop_app.core.types import Vectors

VERSION = 1
DIMENSIONS = 128
"""Dimensions of a projected vector; 128 of 1,280 cost no measurable quality."""
SMALLEST_FIT = 256
"""Photos below which there are no components: a PCA of a few photos keeps what is accidental about them."""
REFERENCE_WEIGHT = 50
"""How many photos the reference mean counts for: two or three photos centred on themselves are all opposites."""
SAMPLE = 20_000
"""The most photos that a projection is fitted on."""

_CHUNK = 2048
_FLAT = 1e-9  # share of the largest variance below which a direction is no direction
_FEW = 4


class DamagedProjection(ValueError):
    """A projection's file cannot be used; the projection has to be fitted again."""


@dataclass(frozen=True, eq=False)
class Projection:
    """A fitted projection.

    Attributes:
        mean: Float32 (d,), subtracted from every vector.
        components: Float32 (k, d), orthonormal rows, or None (then k = d).
        fitted_on: Number of photos in the library when it was fitted.
        provisional: Fitted in the middle of an ingest; to be fitted again at its end.
    """

    mean: Vectors
    components: Vectors | None
    fitted_on: int
    provisional: bool = False

    @property
    def input_dimension(self) -> int:
        """Length d of the vectors that go in."""
        return len(self.mean)

    @property
    def dimension(self) -> int:
        """Length k of the vectors that come out."""
        return len(self.mean) if self.components is None else len(self.components)

    @functools.cached_property
    def digest(self) -> str:
        """32 hex digits that name this mean and these components, and so the space."""
        digest = hashlib.blake2b(f"projection {VERSION} {self.dimension}".encode(), digest_size=16)
        digest.update(np.ascontiguousarray(self.mean).tobytes())
        if self.components is not None:
            digest.update(np.ascontiguousarray(self.components).tobytes())
        return digest.hexdigest()

    @classmethod
    def fit(
        cls,
        sample: Vectors,
        count: int,
        reference_mean: npt.ArrayLike | None,
        dimensions: int = DIMENSIONS,
        provisional: bool = False,
    ) -> Projection:
        """Fit on a library's vectors: mean pulled towards a reference, components by PCA.

        The same sample in the same order gives bit-equal results on one machine. 20,000 x 1,280 takes about a
        second on two cores.

        Args:
            sample: Float32 (n, d), n >= 1, up to 20,000 photos in the order of their content hash.
            count: Number of photos in the library, >= n.
            reference_mean: (d,), the mean over many photos of many kinds that is bundled with the network; None
                for a network that has none (then zeros: a small library is hardly centred at all).
            dimensions: The most components to keep.
            provisional: See the class.

        Raises:
            ValueError: No sample, or shapes that do not fit.
        """
        if sample.ndim != 2 or 0 in sample.shape or count < len(sample):
            raise ValueError(f"cannot fit on {sample.shape} of {count}")
        rows, width = sample.shape
        own = np.zeros(width)
        for start in range(0, rows, _CHUNK):
            own += sample[start : start + _CHUNK].sum(axis=0, dtype=np.float64)
        own /= rows
        reference = np.zeros(width) if reference_mean is None else np.asarray(reference_mean, np.float64)
        if reference.shape != own.shape:
            raise ValueError(f"reference mean {reference.shape} for vectors of {width}")
        mean = (count * own + REFERENCE_WEIGHT * reference) / (count + REFERENCE_WEIGHT)
        components = None
        if rows >= SMALLEST_FIT and dimensions < width:
            components = _principal(sample, own, dimensions)
        return cls(mean.astype(np.float32), components, count, provisional)

    def apply(self, vectors: Vectors) -> Vectors:
        """Centre, project and shorten to unit length: float32 (n, d) -> float32 (n, k); zero rows stay zero.

        Raises:
            ValueError: Vectors of another dimension.
        """
        if vectors.ndim != 2 or vectors.shape[1] != self.input_dimension:
            raise ValueError(f"vectors {vectors.shape} for a projection of {self.input_dimension}")
        out = np.asarray(vectors, np.float32) - self.mean
        if self.components is not None:
            if len(out) <= _FEW:
                # a query: BLAS would wake threads that wait for cores while an ingest runs
                out = np.einsum("ij,kj->ik", out, self.components)
            else:
                out = out @ self.components.T
        return unit(out)

    def save(self, path: Path) -> None:
        """Write to `path` (.npz, no pickle) in one step.

        Raises:
            OSError: The disk is full or refuses.
        """
        components = np.empty((0, 0), np.float32) if self.components is None else self.components
        about = np.array([VERSION, self.fitted_on, self.provisional], np.int64)

        def write(stream: BinaryIO) -> None:
            np.savez(stream, about=about, mean=self.mean, components=components)

        replace_file(path, write)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            DamagedProjection: Missing, damaged (the zip's own checksums see to that) or of another version.
        """
        try:
            # opened here: of a damaged file numpy leaves its own handle open
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
                about, mean, components = archive["about"], archive["mean"], archive["components"]
        except DAMAGED as error:
            raise DamagedProjection(f"{path.name}: {error}") from error
        if about.shape != (3,) or about.dtype != np.int64 or about[0] != VERSION:
            raise DamagedProjection(f"{path.name}: not a projection of version {VERSION}")
        if mean.ndim != 1 or mean.dtype != np.float32 or components.ndim != 2 or components.dtype != np.float32:
            raise DamagedProjection(f"{path.name}: unexpected arrays")
        if components.size and components.shape[1] != len(mean):
            raise DamagedProjection(f"{path.name}: mean and components do not fit")
        if not (np.isfinite(mean).all() and np.isfinite(components).all()):
            raise DamagedProjection(f"{path.name}: values that are not finite")
        return cls(mean, components if components.size else None, int(about[1]), bool(about[2]))


def unit(vectors: Vectors) -> Vectors:
    """Rows shortened (or stretched) to length 1: float32 (n, k); zero rows stay zero."""
    # float64, since the square of a float32 may leave its range
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))[:, np.newaxis]
    out = np.divide(vectors, lengths, out=np.zeros(vectors.shape), where=lengths > 0)
    return np.ascontiguousarray(out, np.float32)


def _principal(sample: Vectors, mean: npt.NDArray[np.float64], dimensions: int) -> Vectors:
    """The first principal components by the eigenvectors of the covariance (or Gram) matrix, float32 (dimensions, d).

    In float64, in chunks of fixed size, each component's largest coordinate positive: nothing is left to chance.
    """
    rows, width = sample.shape
    components = None
    if dimensions < rows < width:
        # the photos' products with one another have the same spectrum and are fewer: 10 instead of 300 ms for 256
        centred = sample - mean
        spectrum, mixtures = np.linalg.eigh(centred @ centred.T / rows)
        if spectrum[-dimensions] > _FLAT * spectrum[-1]:  # else some directions would be rounding errors
            components = (centred.T @ mixtures[:, : -dimensions - 1 : -1]).T
            components /= np.linalg.norm(components, axis=1, keepdims=True)
    if components is None:
        covariance = np.zeros((width, width))
        for start in range(0, rows, _CHUNK):
            centred = sample[start : start + _CHUNK] - mean
            covariance += centred.T @ centred
        _, vectors = np.linalg.eigh(covariance / rows)
        components = vectors[:, : -dimensions - 1 : -1].T  # eigh sorts by rising variance
    largest = np.argmax(np.abs(components), axis=1)
    signs = np.where(components[np.arange(dimensions), largest] < 0, -1.0, 1.0)
    return np.ascontiguousarray(components * signs[:, np.newaxis], np.float32)
