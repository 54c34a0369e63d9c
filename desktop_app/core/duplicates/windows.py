"""Whether one picture could be a part of another: coarse correlation over some 90 windows, for many pairs at once.

A pair that passes is not yet one of copies: it is worth a look at its pixels, and the best window says where to begin.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from desktop_app.core.duplicates.signature import SIDE, back, lie
from desktop_app.core.searching import Box

Floats = npt.NDArray[np.float32]

COARSE = 12
_SPANS = {1.0: 1, 0.94: 2, 0.87: 3, 0.8: 4, 0.67: 5}  # share of a side that is seen: at how many places
_FEW = 256  # pairs looked at together
_SURE, _HOPELESS = 0.985, 0.3  # correlation of the whole of both: nothing to look for, nothing to find


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


def _windows(signatures: npt.NDArray[np.uint8]) -> Floats:
    """Every window of signatures (n, 32, 32): float32 (n, windows, 144), unit vectors."""
    spread, down, across = _spread()
    rows = np.einsum("pyh,nhw->npyw", spread, signatures.astype(np.float32), optimize=True)
    columns = np.matmul(rows[:, down], spread.transpose(0, 2, 1)[across])
    return _unit(columns).reshape(len(signatures), len(down), -1)


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
    ones: npt.NDArray[np.int64],
    others: npt.NDArray[np.int64],
    ways: npt.NDArray[np.int8],
    full: Floats | None = None,
    outside: npt.NDArray[np.bool_] | None = None,
) -> Generator[int, None, tuple[Floats, npt.NDArray[np.int16]]]:
    """How well each pair fits, at the best window.

    Args:
        signatures: uint8 (n, 32, 32).
        ones: int64 (m,), the pairs as `signature.alike` gives them; quickest with equal ones beside one another.
        others: int64 (m,).
        ways: int8 (m,).
        full: what `whole` gives for the signatures; made here where it is not there.
        outside: bool (m,), whether `one` may also be a part of `other`; None: always.

    Yields:
        Pairs done.

    Returns:
        Correlations float32 (m,), and windows int16 (m,): w >= 0: `other`, laid, is window w of `one`; w < 0: `one`
        is window -1 - w of `other`, as that lies (not turned).
    """
    full = whole(signatures) if full is None else full
    fit = np.zeros(len(ones), np.float32)
    best = np.zeros(len(ones), np.int16)
    for start in range(0, len(ones), _FEW):
        part = slice(start, min(start + _FEW, len(ones)))
        a, b, way = ones[part], others[part], ways[part]
        small, large = _both_laid(full, a, b, way)
        fit[part] = np.einsum("pc,pc->p", full[a].reshape(len(a), -1), small)
        # where the whole of both is the same no part needs to be looked for
        unclear = np.flatnonzero((fit[part] < _SURE) & (fit[part] > _HOPELESS))
        _by_parts(signatures, a[unclear], small[unclear], fit, best, start + unclear, inside=True)
        also = unclear if outside is None else unclear[outside[part][unclear]]
        _by_parts(signatures, b[also], large[also], fit, best, start + also, inside=False)
        yield part.stop
    return fit, best


def _both_laid(
    full: Floats, ones: npt.NDArray[np.int64], others: npt.NDArray[np.int64], ways: npt.NDArray[np.int8]
) -> tuple[Floats, Floats]:
    """The others laid as the ones lie, and the ones as the others: float32 (m, 144) both."""
    small = np.empty((len(ones), COARSE * COARSE), np.float32)
    large = np.empty_like(small)
    for one in np.unique(ways):
        here = ways == one
        small[here] = laid(full[others[here]], int(one)).reshape(-1, COARSE * COARSE)
        large[here] = laid(full[ones[here]], back(int(one))).reshape(-1, COARSE * COARSE)
    return small, large


def _by_parts(
    signatures: npt.NDArray[np.uint8],
    larger: npt.NDArray[np.int64],
    smaller: Floats,
    fit: Floats,
    best: npt.NDArray[np.int16],
    at: npt.NDArray[np.int64],
    *,
    inside: bool,
) -> None:
    """Look for smaller pictures (m, 144) in every window of larger ones; what fits better than so far is noted."""
    if not len(larger):
        return
    order = np.argsort(larger, kind="stable")
    seen, starts = np.unique(larger[order], return_index=True)
    windows = _windows(signatures[seen])
    for number, rows in enumerate(np.split(order, starts[1:])):
        scores = smaller[rows] @ windows[number].T
        place = scores.argmax(axis=1)
        value = scores[np.arange(len(rows)), place]
        better = value > fit[at[rows]]
        where = at[rows[better]]
        fit[where] = value[better]
        best[where] = place[better] if inside else -1 - place[better]
