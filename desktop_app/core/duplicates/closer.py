"""A second glance at tiny pictures, for very many pairs at once: laid over one another as well as 32 x 32 pixels allow.

A window (`windows.py`) says roughly where one picture lies over another. From there their sides are moved and stretched
until the correlation is best (inverse compositional alignment; Baker and Matthews 2004): some hundredths of a
millisecond a pair, and the place is then right to a few thousandths of a side. What both show is compared in small
cells: parts of pictures that only look alike as a whole differ there, and their pixels need not be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_GRID = 24  # places to a side of what both show
_ROUNDS = 5
_LEAP = 0.1  # shares of a side by which a round moves or stretches at most
_LEAST = 0.3  # share of a side that both have to show
_CELL, _STEP = 6, 3  # places to a side of a cell, and from one to the next
_PLAIN = 0.01  # variance of a cell, of that of the whole, below which it shows nothing
_TOGETHER = 512  # pairs: what stays in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class Closer:
    """What a second glance at m pairs found.

    Attributes:
        matrices: float64 (m, 2, 3): shares of the other's sides to shares of the first's, neither turned nor slanted.
        likeness: float32 (m,): mean likeness of the cells with something to see, at most 1; next to 0
            where one of them shows nothing there.
        over: float32 (m,): share of the smaller picture that lies over the larger.
    """

    matrices: npt.NDArray[np.float64]
    likeness: Floats
    over: Floats


def closer(ones: npt.NDArray[np.uint8], others: npt.NDArray[np.uint8], matrices: npt.NDArray[np.float64]) -> Closer:
    """Look at pairs for a second time.

    Args:
        ones: uint8 (m, 32, 32), signatures.
        others: uint8 (m, 32, 32), laid as the first lie.
        matrices: float64 (m, 2, 3), where to begin; neither turned nor slanted.
    """
    found = Closer(matrices.copy(), np.zeros(len(ones), np.float32), np.zeros(len(ones), np.float32))
    for begin in range(0, len(ones), _TOGETHER):
        part = slice(begin, begin + _TOGETHER)
        _look(ones[part].astype(np.float32), others[part].astype(np.float32), found, part)
    return found


def _look(ones: Floats, others: Floats, found: Closer, part: slice) -> None:
    matrices = found.matrices[part]
    scale, shift = matrices[:, [0, 1], [0, 1]], matrices[:, :, 2]  # across and down: (m, 2) both
    low = np.clip(shift, 0, 1)
    size = np.clip(shift + scale, 0, 1) - low
    apart = (size < _LEAST).any(axis=1)
    size[apart], low[apart] = 1.0, 0.0
    fixed = _unit(_seen(ones, low, size))
    place, moved = _aligned(fixed, others, (low - shift) / scale, size / scale)
    scale = size / place[:, 1]
    shift = low - place[:, 0] * scale
    matrices[:, [0, 1], [0, 1]], matrices[:, :, 2] = scale, shift
    common = np.prod(np.clip(shift + scale, 0, 1) - np.clip(shift, 0, 1), axis=1)
    over = np.maximum(common, np.minimum(1.0, common / np.maximum(np.prod(scale, axis=1), 1e-9)))
    found.over[part] = np.where(apart, 0, over)
    found.likeness[part] = np.where(apart, 0, _likeness(fixed, moved))


def _aligned(
    fixed: Floats, others: Floats, low: npt.NDArray[np.float64], size: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], Floats]:
    """Where in the others what is seen of the first ones lies: (m, [low, size], [across, down]); and what is there."""
    slope = np.zeros((2, *fixed.shape), np.float32)
    slope[0, :, :, 1:-1] = (fixed[:, :, 2:] - fixed[:, :, :-2]) * (_GRID / 2)
    slope[1, :, 1:-1] = (fixed[:, 2:] - fixed[:, :-2]) * (_GRID / 2)
    middle = ((np.arange(_GRID) + 0.5) / _GRID - 0.5).astype(np.float32)
    # how each place changes when the part is made wider, moved right, made higher, moved down
    ways = np.stack([slope[0] * middle, slope[0], slope[1] * middle[:, None], slope[1]], axis=1)
    ways = ways.reshape(len(fixed), 4, -1)
    bend = ways @ ways.transpose(0, 2, 1)
    firm = 1e-3 / 4 * np.trace(bend, axis1=1, axis2=2) + 1e-6
    solve = np.linalg.inv(bend + firm[:, None, None] * np.eye(4, dtype=np.float32)) @ ways
    place = np.stack([low, size], axis=1)
    best, best_place, best_seen = np.full(len(fixed), -2.0, np.float32), place.copy(), np.zeros_like(fixed)
    flat = fixed.reshape(len(fixed), -1)
    for turn in range(_ROUNDS + 1):
        seen = _unit(_seen(others, place[:, 0], place[:, 1]))
        fit = np.einsum("mp,mp->m", seen.reshape(flat.shape), flat)
        better = fit > best
        best[better], best_place[better], best_seen[better] = fit[better], place[better], seen[better]
        if turn == _ROUNDS:
            break
        step = np.clip(np.einsum("mkp,mp->mk", solve, seen.reshape(flat.shape) - flat), -_LEAP, _LEAP)
        wider, further = 1 / (1 + step[:, 0::2]), step[:, 1::2]
        centre = place[:, 0] + place[:, 1] * (0.5 - further * wider)
        size = place[:, 1] * wider
        place = np.stack([centre - size / 2, size], axis=1)
    return best_place, best_seen


def _seen(pictures: Floats, low: npt.NDArray[np.float64], size: npt.NDArray[np.float64]) -> Floats:
    """Parts of pictures (m, 32, 32), from `low` on `size` large, (m, 2) both: float32 (m, grid, grid)."""
    down, across = _hats(low[:, 1], size[:, 1]), _hats(low[:, 0], size[:, 0])
    return np.asarray(down @ pictures @ across.transpose(0, 2, 1), np.float32)


def _hats(low: npt.NDArray[np.float64], size: npt.NDArray[np.float64]) -> Floats:
    """What takes a part of a side at equal places: float32 (m, grid, 32), pyramids as wide as a place is apart."""
    side = 32
    step = (size * (side / _GRID)).astype(np.float32)
    at = (low * side).astype(np.float32)[:, None] + step[:, None] * np.arange(0.5, _GRID, dtype=np.float32) - 0.5
    np.clip(at, 0, side - 1, out=at)
    out = np.arange(side, dtype=np.float32) - at[:, :, None]
    np.abs(out, out=out)
    out *= -1 / np.maximum(np.abs(step), 1)[:, None, None]
    out += 1
    np.maximum(out, 0, out=out)
    out /= out.sum(axis=2, keepdims=True)
    return np.asarray(out, np.float32)


def _unit(pictures: Floats) -> Floats:
    """Pictures (m, grid, grid) without their mean, of length 1; all 0 where there is next to nothing to see."""
    flat = pictures.reshape(len(pictures), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    length = np.sqrt(np.einsum("mp,mp->m", flat, flat))
    length[length < _GRID] = np.inf  # noise of a grey level
    return np.asarray((flat / length[:, None]).reshape(pictures.shape), np.float32)


def _likeness(ones: Floats, others: Floats) -> Floats:
    """Mean likeness of structure in cells, of those with something to see (as in SSIM; Wang et al. 2004)."""
    one, other = ones * _GRID, others * _GRID  # of variance 1
    mean_one, mean_other = _means(one), _means(other)
    var_one, var_other = _means(one * one) - mean_one**2, _means(other * other) - mean_other**2
    both = _means(one * other) - mean_one * mean_other
    alike = (2 * both + _PLAIN) / (np.maximum(var_one, 0) + np.maximum(var_other, 0) + _PLAIN)
    shows = np.maximum(var_one, var_other) > _PLAIN
    return np.asarray((alike * shows).sum(axis=(1, 2)) / np.maximum(1, shows.sum(axis=(1, 2))), np.float32)


def _means(pictures: Floats) -> Floats:
    """Means of the cells of pictures (m, grid, grid): float32 (m, cells, cells)."""
    strips = pictures.reshape(len(pictures), _GRID // _STEP, _STEP, _GRID // _STEP, _STEP).mean(axis=(2, 4))
    across = strips[:, :, 1:] + strips[:, :, :-1]
    return np.asarray((across[:, 1:] + across[:, :-1]) / 4, np.float32)
