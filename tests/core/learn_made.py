"""Made features for the tests of learning: classes that lie apart in one layer and not in another."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import numpy as np

from desktop_app.core.learn.examples import Examples

T = TypeVar("T")

NAMES = ("cat", "dog", "fox", "hen", "owl", "pig", "rat", "yak", "ant", "bee")


def made(
    per_class: int | tuple[int, ...] = 8,
    classes: int = 3,
    *,
    seed: int = 0,
    apart: float = 3.0,
    shift: float = 5.0,
) -> Examples:
    """Examples of three layers: `stage1` says nothing, `embedding` tells classes apart, `logits` a little.

    Values lie off zero and have different scales in different layers, as those of a network do.
    """
    random = np.random.default_rng(seed)
    counts = (per_class,) * classes if isinstance(per_class, int) else per_class
    answers = np.repeat(np.arange(len(counts)), counts).astype(np.int64)
    # the same centres for every seed: two draws are of one library
    centres = np.random.default_rng(99).normal(size=(len(counts), 40)) * apart / np.sqrt(40)
    noise = random.normal(size=(len(answers), 40)) / np.sqrt(10)
    features = {
        "stage1": (random.normal(size=(len(answers), 12)) * 0.01 + 2.0).astype(np.float32),
        "embedding": (centres[answers] + noise + shift).astype(np.float32),
        "logits": ((centres[answers] * 0.4 + noise)[:, :20] * 30 - 7).astype(np.float32),
    }
    return Examples(features, answers, np.arange(len(answers), dtype=np.int64), NAMES[: len(counts)])


def drain(steps: Generator[object, None, T]) -> T:
    """Run a generator to its end and give its result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
