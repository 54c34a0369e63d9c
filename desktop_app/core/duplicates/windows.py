"""Whether one picture could be a part of another: coarse correlation over some 80 windows, for many pairs at once.

A pair that passes is not yet one of copies: it is worth a look at its pixels, and the best window says where to begin.
The windows are compared by their lowest frequencies, which turning and mirroring only permute and negate; the best of
them then place by place.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from desktop_app.core.duplicates.signature import SIDE, WAYS, Each, back, lie
from desktop_app.core.searching import Box

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

COARSE = 12
_SPANS = {1.0: 1, 0.94: 2, 0.87: 3, 0.8: 4, 0.67: 5}  # share of a side that is seen: at how many places
_LOW = 5  # frequencies in each direction that windows are compared by
_TOGETHER = 4096  # pairs
_FEW = 128  # pictures whose windows are made together: what stays in the processor's cache
_SURE, _HOPELESS = 0.985, 0.3  # correlation of the whole of both: nothing to look for, nothing to find
_LIKELY = 0.8  # correlation of low frequencies from which all are compared: nearly always the larger one


@lru_cache(maxsize=1)
def boxes() -> tuple[Box, ...]:
    """The windows: the whole picture first. Those of equal shares in both directions, and strips."""
    out = []
    for wide, across in _SPANS.items():
        for high, down in _SPANS.items():
            if wide == high or 1.0 in (wide, high):
                out += [
                    Box((1 - wide) * x / max(1, across - 1), (1 - high) * y / max(1, down - 1), wide, high)
                    for y in range(down)
                    for x in range(across)
                ]
    return tuple(out)


@lru_cache(maxsize=1)
def _spread() -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """What takes the parts of a side out: float32 (parts, 12, 32), and which parts each window is made of."""
    parts: dict[tuple[float, float], int] = {}
    down, across = [], []
    for box in boxes():
        down.append(parts.setdefault((box.y, box.height), len(parts)))
        across.append(parts.setdefault((box.x, box.width), len(parts)))
    out = np.zeros((len(parts), COARSE, SIDE), np.float32)
    for (start, size), number in parts.items():
        edges = (start + size * np.arange(COARSE + 1) / COARSE) * SIDE
        for place in range(COARSE):
            low, high = edges[place], edges[place + 1]
            pixels = np.arange(SIDE)
            out[number, place] = np.clip(np.minimum(pixels + 1, high) - np.maximum(pixels, low), 0, 1) / (high - low)
    return out, np.array(down), np.array(across)


def whole(signatures: npt.NDArray[np.uint8]) -> Floats:
    """Signatures (n, 32, 32) as unit vectors without their mean: float32 (n, 12, 12)."""
    spread = _spread()[0][0]
    out = np.empty((len(signatures), COARSE, COARSE), np.float32)
    for start in range(0, len(signatures), 4096):
        out[start : start + 4096] = spread @ signatures[start : start + 4096].astype(np.float32) @ spread.T
    return _unit(out)


def _unit(pictures: Floats) -> Floats:
    flat = pictures - pictures.mean(axis=(-2, -1), keepdims=True)
    length = np.sqrt(np.square(flat).sum(axis=(-2, -1), keepdims=True))
    # where there is next to nothing to see, nothing is alike
    return np.asarray(np.divide(flat, length, out=np.zeros_like(flat), where=length > COARSE), np.float32)


def laid(pictures: Floats, way: int) -> Floats:
    """Pictures (n, s, s) laid another way."""
    return np.moveaxis(np.asarray(lie(np.moveaxis(pictures, 0, -1), way)), -1, 0)


def fits(
    signatures: npt.NDArray[np.uint8],
    ones: Numbers,
    others: Numbers,
    ways: npt.NDArray[np.int8],
    outside: npt.NDArray[np.bool_] | None = None,
    each: Each = map,
) -> Generator[int, None, tuple[Floats, npt.NDArray[np.int16]]]:
    """How well each pair fits, at the best window.

    Args:
        signatures: uint8 (n, 32, 32).
        ones: int64 (m,), the pairs as `signature.alike` gives them.
        others: int64 (m,).
        ways: int8 (m,).
        outside: bool (m,), whether `one` may also be a part of `other`; None: always.
        each: does the work on parts of the pairs.

    Yields:
        Pairs done.

    Returns:
        Correlations float32 (m,), of what is below 0.8 those of low frequencies; and windows int16 (m,): w >= 0:
        `other`, laid, is window w of `one`; w < 0: `one` is window -1 - w of `other`, as that lies (not turned).
    """
    low = np.empty((len(signatures), _LOW * _LOW - 1), np.float32)
    for start in range(0, len(signatures), _TOGETHER):
        low[start : start + _TOGETHER] = _low(signatures[start : start + _TOGETHER])
        yield 0
    turned, signs = _turns()
    fit = np.einsum("mf,mf->m", low[ones], low[others[:, None], turned[ways]] * signs[ways])
    best = np.zeros(len(ones), np.int16)
    shows = np.abs(low).max(axis=1) > 0
    fit[~(shows[ones] & shows[others])] = _LIKELY  # of a pattern of small things only the whole can be compared
    # where the whole of both is the same no part needs to be looked for
    unclear = np.flatnonzero((fit < _SURE) & (fit > _HOPELESS))
    backs = np.array([back(way) for way in range(WAYS)])
    tasks = [(unclear, ones, others, ways, True)]
    also = unclear if outside is None else unclear[outside[unclear]]
    tasks.append((also, others, ones, backs[ways], False))
    done, all_of_it = 0, max(1, len(unclear) + len(also))
    for rows, larger, smaller, way, inside in tasks:
        rows = rows[np.argsort(larger[rows], kind="stable")]
        parts = [rows[start : start + _TOGETHER] for start in range(0, len(rows), _TOGETHER)]

        def look(part: Numbers, larger: Numbers = larger, smaller: Numbers = smaller, way: Any = way) -> Any:
            laid_so = low[smaller[part][:, None], turned[way[part]]] * signs[way[part]]
            return _by_parts(signatures, larger[part], laid_so)

        for part, (value, place) in zip(parts, each(look, parts), strict=True):
            better = value > fit[part]
            where = part[better]
            fit[where] = value[better]
            best[where] = place[better] if inside else -1 - place[better]
            done += len(part)
            yield done * len(ones) // (2 * all_of_it)
    likely = np.flatnonzero(fit >= _LIKELY)
    parts = [likely[start : start + _TOGETHER] for start in range(0, len(likely), _TOGETHER)]

    def closely(part: Numbers) -> Floats:
        return _correlation(signatures, ones[part], others[part], ways[part], best[part])

    for part, values in zip(parts, each(closely, parts), strict=True):
        fit[part] = values
        yield len(ones) // 2 + int(part[-1]) // 2
    return fit, best


@lru_cache(maxsize=1)
def _waves() -> Floats:
    """What takes the low frequencies of the parts of a side out: float32 (parts * low, 32)."""
    place = (np.arange(COARSE) + 0.5) * np.pi / COARSE
    waves = np.cos(np.arange(_LOW)[:, None] * place) * np.sqrt(2 / COARSE)
    waves[0] /= np.sqrt(2)
    return np.asarray((waves.astype(np.float32) @ _spread()[0]).reshape(-1, SIDE), np.float32)


@lru_cache(maxsize=1)
def _turns() -> tuple[Numbers, Floats]:
    """For each way where its low frequencies are before, int64 (8, 24), and their signs, float32 (8, 24)."""
    odd = np.where(np.arange(_LOW) % 2, -1, 1)
    found = np.empty((WAYS, _LOW, _LOW), np.int64)
    for way in range(WAYS):
        numbers = np.arange(_LOW * _LOW).reshape(_LOW, _LOW)
        numbers = numbers * odd if way >= WAYS // 2 else numbers
        for _ in range(way % 4):
            numbers = numbers.T * odd
        found[way] = numbers
    flat = found.reshape(WAYS, -1)[:, 1:]
    return np.abs(flat) - 1, np.sign(flat).astype(np.float32)


def _low(signatures: npt.NDArray[np.uint8]) -> Floats:
    """Low frequencies of whole pictures (n, 32, 32), but for the mean: float32 (n, 24), unit vectors."""
    waves = _waves()[:_LOW]
    found = waves @ signatures.astype(np.float32) @ waves.T
    return _short(found.reshape(len(signatures), -1)[:, 1:])


def _low_of_windows(signatures: npt.NDArray[np.uint8]) -> Floats:
    """The same of every window: float32 (n, windows, 24)."""
    waves, (_, down, across) = _waves(), _spread()
    found = waves @ signatures.astype(np.float32) @ waves.T
    size = len(waves)
    of = np.arange(_LOW)
    rows, columns = (down * _LOW)[:, None, None] + of[:, None], (across * _LOW)[:, None, None] + of
    places = (rows * size + columns).reshape(len(down), -1)[:, 1:]
    return _short(found.reshape(len(signatures), -1)[:, places])


def _short(frequencies: Floats) -> Floats:
    length = np.sqrt(np.square(frequencies).sum(axis=-1, keepdims=True))
    # where there is next to nothing to see, nothing is alike
    return np.asarray(np.divide(frequencies, length, out=np.zeros_like(frequencies), where=length > COARSE), np.float32)


def _by_parts(signatures: npt.NDArray[np.uint8], larger: Numbers, smaller: Floats) -> tuple[Floats, Numbers]:
    """Look for smaller pictures (m, 24) in every window of larger ones, sorted: the best correlation, and where."""
    scores = np.empty((len(larger), len(boxes())), np.float32)
    seen, starts = np.unique(larger, return_index=True)
    ends = [*starts[1:].tolist(), len(larger)]
    for few in range(0, len(seen), _FEW):
        windows = _low_of_windows(signatures[seen[few : few + _FEW]])
        for number, one in enumerate(windows, few):
            rows = slice(int(starts[number]), ends[number])
            np.matmul(smaller[rows], one.T, out=scores[rows])
    place = scores.argmax(axis=1)
    return scores[np.arange(len(larger)), place], place


def _correlation(
    signatures: npt.NDArray[np.uint8], ones: Numbers, others: Numbers, ways: npt.NDArray[np.int8], best: Any
) -> Floats:
    """Correlation of 12 x 12 pixels of pairs at their windows: float32 (m,)."""
    spread, down, across = _spread()
    within = best >= 0
    window = np.where(within, best, -1 - best)
    out = np.empty(len(ones), np.float32)
    for inside in (True, False):
        rows = np.flatnonzero(within == inside)
        for start in range(0, len(rows), _FEW):
            part = rows[start : start + _FEW]
            larger, smaller = (ones, others) if inside else (others, ones)
            of = signatures[larger[part]].astype(np.float32)
            seen = spread[down[window[part]]] @ of @ spread[across[window[part]]].transpose(0, 2, 1)
            part_ways = ways[part] if inside else np.array([back(int(way)) for way in ways[part]])
            laid_so = whole(signatures[smaller[part]])
            for way in np.unique(part_ways[part_ways > 0]).tolist():
                here = part_ways == way
                laid_so[here] = laid(laid_so[here], way)
            out[part] = (_unit(seen) * laid_so).sum(axis=(1, 2))
    return out
