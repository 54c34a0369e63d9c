"""The picture of what differs between two photos: one laid over the other, what is not the same in red."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.duplicates import signature, windows
from desktop_app.core.duplicates.compare import measure, prepared
from desktop_app.core.duplicates.overlay import laid_over
from desktop_app.core.images.thumbnails import encode_thumbnail
from desktop_app.core.library import Library
from desktop_app.core.operations.copy_glance import second_glance
from desktop_app.core.operations.copy_looks import lying
from desktop_app.core.operations.photo_pixels import source_of
from desktop_app.core.types import PhotoId, Pixels

SHORT_SIDE = 720
"""Pixels at which photos are read for it."""

_FAINT, _STRONG = 10.0, 48.0  # grey levels from which a difference shows, and from which it shows fully
_RED = np.array([220, 30, 30], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What differs between two photos.

    Attributes:
        pixels: uint8 (h, w, 3), RGB: the first, faint and grey, with what differs in red.
        one: uint8 (h, w, 3): what both show, of the first.
        other: the same of the other, laid over it and brought to its brightness.
        share: from 0 to 1, how much of what both show differs; None where they cannot be laid over one another: then
            `other` is only brought to the first one's size.
        small: made from a thumbnail, since a file cannot be read now.
    """

    pixels: Pixels
    one: Pixels
    other: Pixels
    share: float | None
    small: bool


def difference(library: Library, one: PhotoId, other: PhotoId) -> Difference:
    """Lay one photo over another and paint what differs. Takes a few tenths of a second; only reads.

    Raises:
        Unreadable: neither a file nor its thumbnail can be read.
        UserError: a photo is not in the library any more.
    """
    first, second = (source_of(library, photo, SHORT_SIDE) for photo in (one, other))
    way, matrix = _alignment(first.pixels, second.pixels)
    laid = None if matrix is None else laid_over(first.pixels, lying(second.pixels, way), matrix, SHORT_SIDE**2 * 1.5)
    small = first.small or second.small
    if laid is None:
        height, width = first.pixels.shape[:2]
        moved = np.asarray(cv2.resize(second.pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
        everywhere = np.ones((height, width), np.uint8)
        return Difference(_painted(first.pixels, moved, everywhere)[0], first.pixels, moved, None, small)
    below, above, valid = laid
    above = _brought(below, above, valid)
    pixels, share = _painted(below, above, valid)
    return Difference(pixels, below, above, share, small)


def _alignment(one: Pixels, other: Pixels) -> tuple[int, npt.NDArray[np.float64] | None]:
    """The way in which the other has to be laid, and its matrix; None where nothing fits."""
    jpegs = [encode_thumbnail(_reduced(picture)) for picture in (one, other)]
    small = [prepared(jpeg) for jpeg in jpegs]
    signatures = [signature.signature_of(jpeg) for jpeg in jpegs]
    if small[0] is None or small[1] is None or signatures[0] is None or signatures[1] is None:
        return 0, None
    ways = np.arange(signature.WAYS, dtype=np.int8)
    none = np.zeros(signature.WAYS, np.int64)
    both = np.stack([signatures[0], signatures[1]])
    steps = windows.fits(both, none, none + 1, ways)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            fit, place = ended.value
            break
    best: tuple[float, int, npt.NDArray[np.float64]] | None = None
    likely = np.argsort(-fit)[:3]
    nearer = second_glance(both, none[likely], none[likely] + 1, likely, place[likely])
    for way, matrix in zip(likely.tolist(), nearer.matrices, strict=True):
        measured = measure(small[0], lying(small[1], way), matrix)
        if measured is not None and (best is None or measured.alike * measured.over > best[0]):
            best = measured.alike * measured.over, way, measured.matrix
    if best is None or best[0] < 0.25:
        return 0, None
    return best[1], best[2]


def _reduced(picture: Pixels) -> Pixels:
    """A picture as its thumbnail would be."""
    scale = 256 / min(picture.shape[:2])
    if scale >= 1:
        return picture
    size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _brought(below: Pixels, above: Pixels, valid: npt.NDArray[np.uint8]) -> Pixels:
    """The upper picture with the lower one's brightness and contrast, channel by channel."""
    inside = valid.astype(bool)
    out = above.astype(np.float32)
    for channel in range(3):
        here, there = below[..., channel][inside].astype(np.float32), out[..., channel][inside]
        gain = float(np.clip(here.std() / max(1.0, float(there.std())), 0.5, 2.0))
        out[..., channel] = (out[..., channel] - there.mean()) * gain + here.mean()
    return np.clip(out, 0, 255).astype(np.uint8)


def _painted(below: Pixels, above: Pixels, valid: npt.NDArray[np.uint8]) -> tuple[Pixels, float]:
    """The lower picture in faint grey with red where the upper one differs, and how much of it does."""
    off = np.abs(below.astype(np.float32) - above.astype(np.float32)).max(axis=2)
    # edges of pictures saved at another size never meet to the pixel: what matters is wider than that
    off = np.asarray(cv2.morphologyEx(cv2.blur(off, (3, 3)), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.float32)
    strength = np.clip((off - _FAINT) / (_STRONG - _FAINT), 0, 1) * valid
    grey = np.asarray(cv2.cvtColor(below, cv2.COLOR_RGB2GRAY), np.float32)
    faint = (255 - (255 - grey) * 0.45)[..., None]
    out = faint * (1 - strength[..., None]) + _RED * strength[..., None]
    share = float((strength > 0.25).sum() / max(1, int(valid.sum())))
    return np.clip(out, 0, 255).astype(np.uint8), share
