"""Colour as a descriptor: a histogram that knows where colours are, and a palette that knows how much there is of each.

The histogram is the classic recipe of A. Rosebrock ("The complete guide to building an image search engine with
Python and OpenCV", 2014): 8 x 12 x 3 bins of hue, saturation and value in each of five regions, the four corners and an
ellipse in the middle. Compared by the Hellinger distance: the vector holds the square roots, so that a dot product
is the Bhattacharyya coefficient (as Arandjelovic and Zisserman, CVPR 2012, do it).

The palette counts pixels in cells of CIELAB that are about equally large to the eye. How much of a wanted
palette is in a picture is the intersection of histograms (Swain and Ballard, "Color indexing", IJCV 1991).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.descriptors import HISTOGRAM, PALETTE
from desktop_app.core.types import Pixels, Vectors

BINS = (8, 12, 3)
REGIONS = 5
HISTOGRAM_SIZE = REGIONS * BINS[0] * BINS[1] * BINS[2]

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

MOST_COLOURS = 5
"""Colours that one question may hold."""

_SIDE = 64  # of the small version that is looked at: the long side
_ELLIPSE = 0.75  # its axes, as share of the picture's sides
_STEP = 20.0  # sides of the palette's cells in CIELAB
_NEAR, _FAR = 14.0, 32.0  # distances in CIELAB: the same colour to the eye, another colour
_RESOLUTION = 32  # red, green and blue are told apart in so many steps


def small(pixels: Pixels) -> Pixels:
    """The version that colours are counted on: at most 64 pixels a side, each the mean of a square of whole pixels.

    What the squares leave over, a few pixels at the edges, is not looked at: whole squares take a fifth of the time.
    """
    height, width = pixels.shape[:2]
    step = -(-max(height, width) // _SIDE)
    if step == 1:
        return pixels
    rows, columns = max(1, height // step), max(1, width // step)
    tall, wide = min(height, rows * step), min(width, columns * step)
    top, left = (height - tall) // 2, (width - wide) // 2
    part = pixels[top : top + tall, left : left + wide]
    return cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def describe(pixels: Pixels) -> dict[str, Vectors]:
    """Both descriptors of a picture: {"histogram": float32 (1, 1440), "palette": float32 (1, cells)}.

    Args:
        pixels: uint8 (h, w, 3), RGB, any size.

    Raises:
        ValueError: no such picture.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
        raise ValueError(f"pixels must be uint8 (h, w, 3), not {pixels.dtype} {pixels.shape}")
    reduced = small(pixels)
    return {HISTOGRAM: histogram(reduced)[np.newaxis], PALETTE: palette(reduced)[np.newaxis]}


def histogram(pixels: Pixels) -> Vectors:
    """Square roots of the shares of hue, saturation and value in five regions: float32 (1440,), of length 1.

    Every region has the same weight; a region of no pixels (of a picture a few pixels small) counts as nothing.
    """
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
    cells = _HUES[hsv[..., 0]] + _SATURATIONS[hsv[..., 1]] + _VALUES[hsv[..., 2]]
    cells += _regions(*pixels.shape[:2])
    counts = np.bincount(cells.ravel(), minlength=HISTOGRAM_SIZE).reshape(REGIONS, -1).astype(np.float32)
    sums = counts.sum(axis=1, keepdims=True)
    filled = max(1, int((sums > 0).sum()))
    return np.asarray(np.sqrt(counts / (np.maximum(sums, 1) * filled)), np.float32).ravel()


def palette(pixels: Pixels) -> Vectors:
    """The share of the picture in each of the palette's cells: float32 (cells,), they sum to 1."""
    of_cell = _cell_of()[0]
    red, green, blue = (pixels[..., channel].astype(np.int32) >> 3 for channel in range(3))
    found = np.bincount(of_cell[(red << 10) + (green << 5) + blue].ravel(), minlength=palette_size())
    return np.asarray(found / (pixels.shape[0] * pixels.shape[1]), np.float32)


def palette_size() -> int:
    """Number of cells of a palette."""
    return len(_cell_of()[1])


def sizes() -> dict[str, int]:
    """The layers of the colour descriptor and their dimensions."""
    return {HISTOGRAM: HISTOGRAM_SIZE, PALETTE: palette_size()}


def shares(colours: Sequence[Colour]) -> Vectors:
    """How far each cell of the palette belongs to each of some colours: float32 (n, cells), 0 to 1.

    A cell belongs to the nearest of the colours only, so that near ones do not count the same pixels twice; wholly
    where the eye sees no difference, not at all beyond a CIELAB distance of 32.
    """
    fine, of_cell = _fine_lab(), _cell_of()[0]
    wanted = _lab(np.array(colours, np.uint8).reshape(-1, 3))
    distances = np.linalg.norm(fine[np.newaxis] - wanted[:, np.newaxis], axis=2)
    near = np.clip((_FAR - distances) / (_FAR - _NEAR), 0.0, 1.0)
    inside = np.bincount(of_cell)
    found = np.array([np.bincount(of_cell, weights=row) / inside for row in near])
    # a colour near the edge of its cell is still that colour: its own cell counts whole
    found /= np.maximum(found.max(axis=1, keepdims=True), 1e-9)
    steps = np.array(colours, np.int64).reshape(-1, 3) >> 3
    found[np.arange(len(colours)), of_cell[(steps[:, 0] << 10) + (steps[:, 1] << 5) + steps[:, 2]]] = 1.0
    own = np.arange(len(colours))[:, np.newaxis] == np.argmax(found, axis=0)
    return np.asarray(np.where(own, found, 0.0), np.float32)


def main_colours(shares_of_cells: Vectors, most: int = MOST_COLOURS) -> list[tuple[Colour, float]]:
    """The colours that make up most of a picture, the largest first, with their shares of it.

    Args:
        shares_of_cells: float32 (cells,), of `palette`.
        most: at most so many; what covers less than 3 % of the picture is left out.
    """
    centres = _cell_of()[1]
    lab = _lab(centres)
    near = np.linalg.norm(lab[:, np.newaxis] - lab[np.newaxis], axis=2) <= _STEP
    left = shares_of_cells.astype(np.float64)
    found: list[tuple[Colour, float]] = []
    while len(found) < most:
        around = near @ left
        best = int(np.argmax(around))
        share = float(around[best])
        if share < 0.03:
            break
        weights = np.where(near[best], left, 0.0)
        red, green, blue = np.rint(weights @ centres.astype(np.float64) / weights.sum()).astype(int).tolist()
        found.append(((red, green, blue), share))
        left[near[best]] = 0.0
    return found


# --- tables ------------------------------------------------------------------------------------------------------


def _binned(range_: int, bins: int, step: int) -> npt.NDArray[np.int32]:
    """The part of a bin's number that one channel gives, for its values 0 to 255."""
    values = np.arange(256, dtype=np.int32)
    return np.asarray(np.minimum(values * bins // range_, bins - 1) * step, np.int32)


_HUES = _binned(180, BINS[0], BINS[1] * BINS[2])
_SATURATIONS = _binned(256, BINS[1], BINS[2])
_VALUES = _binned(256, BINS[2], 1)

# linear sRGB to XYZ as shares of D65's white
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
) / np.array([[0.95047], [1.0], [1.08883]])


@functools.lru_cache(maxsize=256)
def _regions(height: int, width: int) -> npt.NDArray[np.int32]:
    """The first bin of the region each pixel belongs to: four corners without the ellipse, then the ellipse."""
    y, x = np.mgrid[0:height, 0:width]
    below, right = y >= height // 2, x >= width // 2
    region = 2 * below + right
    across, along = (x + 0.5) / width * 2 - 1, (y + 0.5) / height * 2 - 1
    region[across**2 + along**2 <= _ELLIPSE**2] = REGIONS - 1
    return np.asarray(region * (HISTOGRAM_SIZE // REGIONS), np.int32)


def _lab(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """CIELAB (L 0 to 100, white D65) of sRGB, uint8 (n, 3).

    Not OpenCV's: stored palettes must mean the same whatever its version, and it spends 100 ms on tables first.
    """
    values = rgb.astype(np.float64) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _TO_XYZ.T
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = f[:, 0], f[:, 1], f[:, 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


@functools.cache
def _fine_rgb() -> npt.NDArray[np.uint8]:
    """The middles of 32 x 32 x 32 parts of the RGB cube: uint8 (32768, 3)."""
    steps = np.arange(_RESOLUTION) * 8 + 4
    return np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3).astype(np.uint8)


@functools.cache
def _fine_lab() -> npt.NDArray[np.float64]:
    return _lab(_fine_rgb())


@functools.cache
def _cell_of() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """The palette's cell of each part of the RGB cube, int64 (32768,), and the cells' colours, uint8 (cells, 3)."""
    lab = _fine_lab()
    # greys lie in the middle of a cell, not between four
    grid = np.floor(lab / _STEP + np.array([0, 0.5, 0.5])).astype(np.int64) + 100
    _, cells = np.unique((grid[:, 0] * 1000 + grid[:, 1]) * 1000 + grid[:, 2], return_inverse=True)
    cells = cells.reshape(-1)
    count = np.bincount(cells)
    rgb = _fine_rgb()
    centres = np.stack([np.bincount(cells, weights=rgb[:, channel]) / count for channel in range(3)], axis=-1)
    return cells, np.rint(centres).astype(np.uint8)
