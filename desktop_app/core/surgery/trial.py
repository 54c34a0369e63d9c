"""Trying a cut network on noise: does it run, may several photos go in at once, is its embedding a mean of its map."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

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
        height, width = examined.trial_size
        several = self._noise(_TOGETHER, height, width)
        self.batch_free = True
        running: Running | None = None
        together: list[np.ndarray] = []
        try:
            running = self._running(given, graph, examined, kinds)
            together = running.run(self._names, {takes.name: several})
            singles = [running.run(self._names, {takes.name: several[i : i + 1]}) for i in range(_TOGETHER)]
            self.batch_free = self._same(together, singles)
        except UserError:
            self.batch_free = False
        if not self.batch_free:
            del running
            if takes.batch > 1:
                raise UserError(f"This network takes {takes.batch} pictures at once, and no fewer.")
            fixed = dataclasses.replace(examined, batch_free=False)
            running = self._running(given, graph, fixed, kinds)
            together = running.run(self._names, {takes.name: several[:1]})
        assert running is not None
        self._session = running
        self._values = dict(zip(self._names, (np.asarray(value, np.float64) for value in together), strict=True))
        self.finite = all(bool(np.isfinite(value).all()) for value in self._values.values())

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

    def runs_at(self, height: int, width: int) -> bool:
        """Whether pictures of another size give features of the same length."""
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
