"""Heads for tests of what is made of them: random weights, but on real features."""

from __future__ import annotations

import numpy as np

from desktop_app.core import paths
from desktop_app.core.handover.parts import Dense, HeadParts, Nearest, NetworkFile, UnitLength
from desktop_app.core.nets.manifest import Network, bundled_networks
from desktop_app.core.operations.handover import network_file

CLASSES = ("café", "dent", "good")


def bundled(precision: str) -> Network:
    return next(network for network in bundled_networks(paths.models_dir()) if network.precision == precision)


def file_of(precision: str) -> NetworkFile:
    return network_file(bundled(precision))


def dense(seed: int, inputs: int, outputs: int, relu: bool = False) -> Dense:
    random = np.random.default_rng(seed)
    weight = random.normal(size=(inputs, outputs)) * 4 / np.sqrt(inputs)
    return Dense(weight.astype(np.float32), random.normal(size=outputs).astype(np.float32), relu)


def head(kind: str) -> HeadParts:
    """A head of a kind, three classes."""
    if kind == "linear":
        return HeadParts(CLASSES, ("embedding",), (dense(0, 1280, 3),), 1.5)
    if kind == "several":
        return HeadParts(CLASSES, ("stage4", "logits"), (dense(1, 1112, 3),))
    if kind == "mlp":
        return HeadParts(CLASSES, ("embedding",), (dense(2, 1280, 24, True), dense(3, 24, 3)), 0.8, "mlp")
    random = np.random.default_rng(4)
    examples = random.normal(size=(9, 32)).astype(np.float32)
    examples *= 10 / np.linalg.norm(examples, axis=1, keepdims=True)
    answers = np.array([0] * 4 + [2] * 5)  # none of the middle class
    weights = np.where(answers == 0, -np.log(4), -np.log(5)).astype(np.float32)
    steps = (dense(5, 1280, 32), UnitLength(), Nearest(examples, weights, answers))
    return HeadParts(CLASSES, ("embedding",), steps, 1.2, "neighbours")
