"""Trying a cut network on noise: does it run, may several photos go in at once, is its embedding a mean of its map."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from desktop_app.core.errors import UserError
from desktop_app.core.surgery.build import MAP, Built
from desktop_app.core.surgery.examined import Examined
from desktop_app.core.surgery.graph import Graph
from desktop_app.core.surgery.pictures import Input
from desktop_app.core.surgery.reading import Given
from desktop_app.core.surgery.running import Running
from desktop_app.core.surgery.shapes import Shape, noise

_TOGETHER = 3
SMALL = (64, 96)
"""Height and width of a picture that is quickly tried: not square, and no multiple of the sizes that are usual."""

_TOLERANCE = {"float32": 1e-4, "float16": 1e-2, "int8": 2e-2}
_MEAN_TOLERANCE = {"float32": 1e-4, "float16": 1e-2, "int8": 5e-2}


class Trial:
    """A cut network, run.

    Attributes:
        batch_free: three photos at once gave what they gave one by one, in every layer.
        finite: every value was a number.

    Raises:
        UserError: the network does not run on pictures of this size.
    """

    def __init__(
        self, given: Given, graph: Graph, examined: Examined, kinds: Mapping[str, Shape], takes: Input
    ) -> None:
        self._examined, self._takes = examined, takes
        self._names = [cut.name for cut in examined.layers] + ([MAP] if examined.map_output else [])
        self._first: list[np.ndarray] = []  # of the first picture at the size of the trial
        free = not (takes.height and takes.width)
        # a small picture proves as much as a large one, in a fraction of the time
        sizes = [SMALL, examined.trial_size] if free else [examined.trial_size]
        running = self._several(given, graph, examined, kinds, sizes)
        self.batch_free = running is not None
        if running is None:
            if takes.batch > 1:
                raise UserError(f"This network takes {takes.batch} pictures at once, and no fewer.")
            self._first = []
            running = self._running(given, graph, dataclasses.replace(examined, batch_free=False), kinds)
        self._session = running
        first = self._first or running.run(self._names, {takes.name: self._noise(1, *examined.trial_size)})
        self._values = dict(zip(self._names, (np.asarray(value, np.float64) for value in first), strict=True))
        self.finite = all(bool(np.isfinite(value).all()) for value in self._values.values())

    def _several(
        self,
        given: Given,
        graph: Graph,
        examined: Examined,
        kinds: Mapping[str, Shape],
        sizes: Sequence[tuple[int, int]],
    ) -> Running | None:
        """The network with its batch freed, if at the first size that it takes photos do not change one another."""
        try:
            running = self._running(given, graph, examined, kinds)
        except UserError:
            return None
        for size in sizes:
            several = self._noise(_TOGETHER, *size)
            try:
                singles = [running.run(self._names, {self._takes.name: several[i : i + 1]}) for i in range(_TOGETHER)]
                together = running.run(self._names, {self._takes.name: several})
            except UserError:
                continue
            if size == examined.trial_size:
                self._first = singles[0]
            return running if self._same(together, singles) else None
        return None

    @staticmethod
    def _running(given: Given, graph: Graph, examined: Examined, kinds: Mapping[str, Shape]) -> Running:
        built = Built(given, graph, examined, dict(kinds), maps=False)
        return Running(built.model, {own: given.weights[name] for own, name in built.weights.items()})

    def _noise(self, count: int, height: int, width: int) -> np.ndarray:
        pictures = noise(self._takes.value, self._takes.sides(count, height, width), 1)
        return pictures.astype(np.float32)

    def _same(self, together: list[np.ndarray], singles: list[list[np.ndarray]]) -> bool:
        tolerance = _TOLERANCE[self._examined.precision]
        for place, values in enumerate(together):
            alone = [single[place] for single in singles]
            if len(values) != _TOGETHER or any(value.shape != (1, *values.shape[1:]) for value in alone):
                return False
            for one, other in zip(values, alone, strict=True):
                if not _close(one, other[0], tolerance):
                    return False
        return True

    def embedding_is_mean(self) -> bool:
        """Whether the embedding is the mean over the places of the last map, and nothing else."""
        examined = self._examined
        if MAP not in self._values:
            return False
        embedding, last = self._values[examined.embedding_output], self._values[MAP]
        if last.ndim != 4 or embedding.shape != last.shape[:2]:
            return False
        return _close(embedding, last.mean(axis=(2, 3)), _MEAN_TOLERANCE[examined.precision])

    def any_size(self) -> bool:
        """Whether pictures of another size give features of the same length."""
        height, width = self._examined.trial_size
        return self._runs_at(*SMALL) or self._runs_at(height + 32, width + 64)

    def _runs_at(self, height: int, width: int) -> bool:
        try:
            values = self._session.run(self._names, {self._takes.name: self._noise(1, height, width)})
        except UserError:
            return False
        return all(
            value.shape[1:] == self._values[name].shape[1:]
            for name, value in zip(self._names, values, strict=True)
            if name != MAP
        )


def _close(one: np.ndarray, other: np.ndarray, tolerance: float) -> bool:
    """Whether two arrays are the same but for rounding, measured against their length; not-a-number equals itself."""
    one, other = np.asarray(one, np.float64), np.asarray(other, np.float64)
    odd = ~np.isfinite(one)
    if not np.array_equal(one[odd], other[odd], equal_nan=True) or not np.isfinite(other[~odd]).all():
        return False
    scale = max(float(np.abs(one[~odd]).max(initial=0.0)), 1e-30)
    difference = np.linalg.norm((one[~odd] - other[~odd]) / scale)
    return bool(difference <= tolerance * max(float(np.linalg.norm(one[~odd] / scale)), 1e-12))
