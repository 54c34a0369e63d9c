"""Columns of numbers that stand for values of any kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]


def grown(part: Any, size: int) -> Any:
    """Columns of more rows, with nothing in the new ones; what is neither an array nor a tuple of arrays as it is."""
    if isinstance(part, tuple):
        return tuple(grown(column, size) for column in part)
    if not isinstance(part, np.ndarray):
        return part
    longer = np.zeros(size, part.dtype)
    longer[: len(part)] = part
    return longer


def coded(values: Iterable[Any], count: int, first: Sequence[Any] = ()) -> tuple[tuple[Any, ...], Codes]:
    """The different values, those of `first` and then in the order they come in, and the place of each there, int32.

    Args:
        values: as many as `count`.
        count: how many.
        first: values that have places already.
    """
    known: dict[Any, int] = {value: at for at, value in enumerate(first)}
    codes = np.fromiter((known.setdefault(value, len(known)) for value in values), np.int32, count)
    return tuple(known), codes
