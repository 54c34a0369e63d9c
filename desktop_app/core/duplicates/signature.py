"""Tiny pictures of photos, and which of them look alike whichever way they lie: found by hashing, in near-linear time.

A photo's signature is its thumbnail in grey at 32 x 32. The signs of its low frequencies (as in the perceptual hashes
of Zauner 2010) change in a known way when the picture is turned or mirrored, so all eight ways cost one transform.
Hashes that agree on one of several choices of bits meet in a table, and are then compared bit by bit.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]
"""What `map` does, perhaps on several threads; in order."""

SIDE = 32
WAYS = 8
"""Ways in which a picture can lie: d % 4 quarter turns clockwise, after mirroring left to right where d >= 4."""

Signature = npt.NDArray[np.uint8]
"""uint8 (32, 32), grey."""

Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int8]]
"""Pairs of photos: rows one < other, and the way in which `one` looks like the turned `other`."""

_LOW = 8  # frequencies in each direction
FLAT = 3.0  # standard deviation of grey below which a picture has no shapes to go by
_TABLES = 14
_BITS = 20  # in one key
_MOST_FAR = 16  # differing bits of the 63
_FRONT = 28  # the lowest frequencies: those that survive small changes
_CROWD = 24  # of very many with the same key only the first are met: they are where sets begin
_PART = 1 << 20


def signature_of(jpeg: bytes) -> Signature | None:
    """The signature of a thumbnail; None where that is damaged."""
    if not jpeg:
        return None
    data = np.frombuffer(jpeg, np.uint8)
    try:
        grey = cv2.imdecode(data, cv2.IMREAD_REDUCED_GRAYSCALE_4)
        if grey is not None and min(grey.shape) < SIDE:
            grey = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        return None
    if grey is None:
        return None
    return np.asarray(cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def lie(picture: npt.NDArray[np.generic], way: int) -> npt.NDArray[np.generic]:
    """A picture (h, w, ...) laid the given way (see `WAYS`); a view."""
    mirrored = picture[:, ::-1] if way >= WAYS // 2 else picture
    return np.rot90(mirrored, -(way % 4))


def back(way: int) -> int:
    """The way that undoes another."""
    return way if way >= WAYS // 2 else -way % 4


def after(first: int, second: int) -> int:
    """The one way that does what `first` and then `second` do."""
    turns = (second % 4) + (-(first % 4) if second >= WAYS // 2 else first % 4)
    return turns % 4 + WAYS // 2 * ((first >= WAYS // 2) != (second >= WAYS // 2))


def frequencies(signatures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """The low frequencies of signatures (n, 32, 32): float32 (n, 8, 8), [0, 0] the mean."""
    place = (np.arange(SIDE) + 0.5) * np.pi / SIDE
    waves = np.cos(np.arange(_LOW)[:, None] * place).astype(np.float32)
    out = np.empty((len(signatures), _LOW, _LOW), np.float32)
    for start in range(0, len(signatures), 4096):
        part = signatures[start : start + 4096].astype(np.float32)
        out[start : start + 4096] = waves @ part @ waves.T
    return out


def _laid(low: npt.NDArray[np.float32], way: int) -> npt.NDArray[np.float32]:
    """Frequencies of the pictures laid another way."""
    signs = np.where(np.arange(_LOW) % 2, np.float32(-1), np.float32(1))
    if way >= WAYS // 2:
        low = low * signs
    for _ in range(way % 4):
        low = low.transpose(0, 2, 1) * signs
    return low


def _bits(low: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """The signs of all frequencies but the mean, lowest first: bool (n, 63)."""
    down, across = np.divmod(np.arange(_LOW * _LOW), _LOW)
    order = np.lexsort((across, down + across))[1:]
    return np.asarray(low.reshape(len(low), _LOW * _LOW)[:, order] > 0)


def _choices() -> list[npt.NDArray[np.int64]]:
    random = np.random.default_rng(20)
    front = _FRONT
    return [np.sort(random.choice(front + 2 * (n % 3), _BITS, replace=False)) for n in range(_TABLES)]


def shapes(signatures: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which signatures (n, 32, 32) show anything at all: bool (n,)."""
    out = np.empty(len(signatures), np.bool_)
    for start in range(0, len(signatures), 4096):
        part = signatures[start : start + 4096]
        out[start : start + 4096] = part.astype(np.float32).std(axis=(1, 2)) >= FLAT
    return out


def alike(
    signatures: npt.NDArray[np.uint8], new: npt.NDArray[np.bool_], each: Each = map
) -> Generator[None, None, Pairs]:
    """Pairs whose hashes are near in one of the eight ways.

    Args:
        signatures: uint8 (n, 32, 32), in the order in which photos come to begin sets.
        new: bool (n,): only pairs with at least one of these are wanted.
        each: does the work on parts of it.

    Yields:
        None, a few tens of milliseconds apart for 100,000 photos.
    """
    rows = np.flatnonzero(shapes(signatures))
    low = frequencies(signatures[rows])
    yield
    base = _bits(low)
    packed = np.packbits(base, axis=1)
    fresh = new[rows]
    late = np.flatnonzero(fresh)
    ordered = []
    choices = _choices()
    for choice in choices:
        keys = _keys(base, choice)
        order = np.argsort(keys, kind="stable")
        ordered.append((order, keys[order]))
        yield
    met: list[npt.NDArray[np.int64]] = []
    for way in range(WAYS):
        laid = _bits(_laid(low[late], way))
        there = np.packbits(laid, axis=1)

        def by(table: int, way: int = way, laid: Any = laid, there: Any = there) -> npt.NDArray[np.int64]:
            found = [np.empty(0, np.int64)]
            for ones, at in _met(*ordered[table], _keys(laid, choices[table])):
                others = late[at]
                # pairs of two new ones are met from both sides, those with an old one from the new one's only
                wanted = (ones < others) | ((ones > others) & ~fresh[ones])
                ones, others, at = ones[wanted], others[wanted], at[wanted]
                near = _COUNTS[packed[ones] ^ there[at]].sum(axis=1) <= _MOST_FAR
                ones, others = ones[near], others[near]
                ways = np.where(ones < others, way, back(way))
                first, then = np.minimum(ones, others), np.maximum(ones, others)
                found.append((first * len(rows) + then) * WAYS + ways)
            return np.unique(np.concatenate(found))

        for found in each(by, range(_TABLES)):
            met.append(found)
            yield
        met = [np.unique(np.concatenate(met))]
        yield
    pairs, ways = np.divmod(met[0], WAYS)
    one, other = np.divmod(pairs, max(1, len(rows)))
    return rows[one], rows[other], ways.astype(np.int8)


_COUNTS = np.array([value.bit_count() for value in range(256)], np.uint8)


def _keys(bits: npt.NDArray[np.bool_], choice: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    keys = bits[:, choice].astype(np.float32) @ (2.0 ** np.arange(len(choice))).astype(np.float32)
    return np.asarray(keys).astype(np.int64)


def _met(
    order: npt.NDArray[np.int64], keys: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]
) -> Generator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Rows whose key is one of the wanted: (row, place of the wanted one), in parts."""
    first = np.searchsorted(keys, wanted, "left")
    count = np.minimum(np.searchsorted(keys, wanted, "right") - first, _CROWD)
    ends = np.cumsum(count)
    start = 0
    while start < len(wanted):
        done = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + _PART, "right")))
        part = count[start:stop]
        others = np.repeat(np.arange(start, stop), part)
        step = np.arange(len(others)) - np.repeat(np.cumsum(part) - part, part)
        yield order[np.repeat(first[start:stop], part) + step], others
        start = stop
