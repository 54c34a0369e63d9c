"""A library that has learnt a label set: three kinds of made pictures that a network tells apart easily."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from desktop_app.core.operations.evidence import named_set
from desktop_app.core.operations.label_files import import_folders
from desktop_app.core.operations.train import train_set
from desktop_app.core.types import Pixels, Progress
from tests.core.libraries import opened, run

SET = "pattern"
CLASSES = ("dots", "plain", "stripes")
SIZES = ((320, 240), (240, 320), (500, 300), (260, 410), (200, 200), (640, 480), (150, 220), (300, 300))

Result = TypeVar("Result")


def drained(operation: Generator[Progress, None, Result]) -> Result:
    """Run an operation to its end."""
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return ended.value  # type: ignore[no-any-return]


def pattern(kind: str, seed: int, width: int, height: int) -> Pixels:
    random = np.random.default_rng(seed)
    first, second = random.integers(0, 256, (2, 3))
    ys, xs = np.mgrid[0:height, 0:width]
    step = int(random.integers(18, 40))
    if kind == "stripes":
        where = (xs // (step // 2)) % 2 == 0
    elif kind == "dots":
        where = (ys % step - step // 2) ** 2 + (xs % step - step // 2) ** 2 < (step // 3) ** 2
    else:
        where = np.zeros((height, width), bool)
        first = first * (ys / height)[..., None] + 20
    picture = np.where(where[..., None], second, first)
    return np.clip(picture + random.normal(0, 6, (height, width, 1)), 0, 255).astype(np.uint8)


def save_patterns(root: Path, count: int, first: int = 0) -> list[Path]:
    """`count` pictures of each kind in a folder of its name, all sizes in turn."""
    made = []
    for kind in CLASSES:
        (root / kind).mkdir(parents=True, exist_ok=True)
        for seed in range(first, first + count):
            path = root / kind / f"{kind} {seed}.{'png' if seed % 4 == 3 else 'jpg'}"
            Image.fromarray(pattern(kind, seed, *SIZES[seed % len(SIZES)])).save(path, quality=92)
            made.append(path)
    return made


def made_learnt(place: Path, root: Path, *, network: str, head: str = "softmax", layer: str = "embedding") -> None:
    """A library of `root` with the folders as labels, learnt; closed again."""
    with opened(place, network=network) as library:
        run(library, root)
        drained(import_folders(library, root, SET))
        drained(train_set(library, named_set(library, SET).id, head=head, layer=layer))
