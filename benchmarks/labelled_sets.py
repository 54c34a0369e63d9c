"""Sets of photos whose answers are known: what choosing photos to label and finding wrong labels is measured on."""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

import class_folders
import common
import numpy as np

from desktop_app.core.index.projection import Projection
from desktop_app.core.types import Vectors

ROOTS = {"clothing-small": "test", "grocery-store": "dataset/val", "sign-digits": "."}
"""Where each set's folders lie that are named by the answers."""
NETWORK = "efficientnet-lite0"
"""In float32: the same features on every machine."""


@dataclass(frozen=True)
class LabelledSet:
    """One set.

    Attributes:
        layers: Name of a layer to float32 (n, d).
        vectors: Float32 (n, k), unit length, as photos are compared.
        answers: Int64 (n,), index into `classes`.
    """

    name: str
    layers: dict[str, Vectors]
    vectors: Vectors
    answers: np.ndarray
    classes: tuple[str, ...]

    def prepared(self, names: tuple[str, ...]) -> Vectors:
        """Layers side by side, each centred and of the same weight, on their 128 main axes; mean squared length 1."""
        blocks = [self.layers[name] - self.layers[name].mean(axis=0) for name in names]
        together = np.hstack([block / np.sqrt(np.square(block).sum(axis=1).mean()) for block in blocks])
        turned, lengths, _ = np.linalg.svd(together, full_matrices=False)
        made = turned[:, :128] * lengths[:128]
        return (made / np.sqrt(np.square(made).sum(axis=1).mean())).astype(np.float32)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("photos", type=Path, help="the folder that holds " + ", ".join(ROOTS))
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "likeness-labelled-sets"))
    parser.add_argument("--sets", nargs="+", default=list(ROOTS), choices=list(ROOTS))


def load(options: argparse.Namespace) -> list[LabelledSet]:
    """The sets that are there; says which are not."""
    found = []
    for name in options.sets:
        root = options.photos / name / ROOTS[name]
        if not root.is_dir():
            common.skip(f"{name}: not in {options.photos}")
            continue
        photos = class_folders.load(root.resolve(), options.cache, NETWORK)
        answers, classes = photos.classes()
        inside = answers >= 0
        layers = {layer: block[inside] for layer, block in photos.features.items()}
        embedding = layers[class_folders.MAIN]
        vectors = Projection.fit(embedding, len(embedding), None).apply(embedding)
        found.append(LabelledSet(name, layers, vectors, answers[inside], classes))
    return found
