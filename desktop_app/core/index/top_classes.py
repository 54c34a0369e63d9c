"""The likeliest classes of each photo, ready to be searched by words, and the file that keeps them.

The file is a cache of the class layer's vectors: what does not belong to them is made again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from desktop_app.core.index.files import DAMAGED, replace_file
from desktop_app.core.types import Vectors

MOST = 10
"""Classes kept of each photo."""
TEMPERATURE = 0.7
"""Below 1: differences between classes count more. Measured with benchmarks/words.py."""
_FORMAT = "1"


@dataclass(frozen=True, slots=True, eq=False)
class TopClasses:
    """The likeliest classes of photos by position in a network's vectors.

    Attributes:
        classes: uint16 (n, 10), of the network's own, the likeliest first; all there are where they are fewer.
        shares: float16 (n, 10), how likely each is, 0 to 1.
    """

    classes: npt.NDArray[np.uint16]
    shares: npt.NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.classes)

    def until(self, rows: int) -> TopClasses:
        """The first of them."""
        return TopClasses(self.classes[:rows], self.shares[:rows])


def joined(parts: list[TopClasses], dimension: int) -> TopClasses:
    """One after the other, by a network of so many classes; none where there are no parts."""
    width = min(MOST, dimension)
    return TopClasses(
        np.concatenate([np.empty((0, width), np.uint16), *(part.classes for part in parts)]),
        np.concatenate([np.empty((0, width), np.float16), *(part.shares for part in parts)]),
    )


def top_classes(logits: Vectors) -> TopClasses:
    """The likeliest classes from what the class layer says: float32 (n, classes), which is written over."""
    first = logits.shape[1] - min(MOST, logits.shape[1])
    logits -= logits.max(axis=1, keepdims=True)
    logits /= np.float32(TEMPERATURE)
    where = np.argpartition(logits, first, axis=1)[:, first:]
    best = np.take_along_axis(logits, where, axis=1)
    order = np.argsort(-best, axis=1, kind="stable")
    where, best = np.take_along_axis(where, order, axis=1), np.take_along_axis(best, order, axis=1)
    np.exp(logits, out=logits)
    shares = np.exp(best) / logits.sum(axis=1, keepdims=True)
    return TopClasses(where.astype(np.uint16), shares.astype(np.float16))


def read_top(path: Path, stamp: str, dimension: int) -> TopClasses | None:
    """What a file keeps; None where there is none, it belongs to something else, or it is damaged.

    Args:
        path: the file.
        stamp: whose classes they have to be.
        dimension: how many classes there are.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            if str(kept["stamp"]) != f"{_FORMAT} {stamp}":
                return None
            classes, shares = kept["classes"], kept["shares"]
        fits = (
            classes.dtype == np.uint16
            and shares.dtype == np.float16
            and classes.shape == shares.shape == (len(classes), min(MOST, dimension))
            and (not classes.size or int(classes.max()) < dimension)
        )
    except DAMAGED:
        return None
    return TopClasses(classes, shares) if fits else None


def write_top(path: Path, stamp: str, top: TopClasses) -> None:
    """Keep classes; under its name there is only ever a whole file.

    Raises:
        OSError: the disk is full or refuses.
    """

    def write(stream: BinaryIO) -> None:
        np.savez(stream, stamp=np.array(f"{_FORMAT} {stamp}"), classes=top.classes, shares=top.shares)

    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, write)
