"""What counts stays lit, the rest is dimmed: strengths over places as a picture to lay over a photo."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from desktop_app.core.explain.places import Box

_DARKEST = 175  # opacity of the dimming where nothing counts, of 255
_LONGEST = 512  # pixels: the overlay is smooth, and stretched with the photo


def dimmed(strengths: npt.NDArray[np.float32], box: Box, aspect: float) -> QImage:
    """A dark veil over a whole photo with windows where something counts.

    Args:
        strengths: float32 (h, w) in [0, 1] over the box.
        box: the part of the photo that the strengths lie over; beside it all is dim.
        aspect: the photo's width over its height.
    """
    width = _LONGEST if aspect >= 1 else max(1, round(_LONGEST * aspect))
    height = max(1, round(_LONGEST / aspect)) if aspect >= 1 else _LONGEST
    lit = np.zeros((height, width), np.float32)
    top, left, tall, wide = box.in_pixels(height, width)
    grown = cv2.resize(strengths, (wide, tall), interpolation=cv2.INTER_CUBIC)
    lit[top : top + tall, left : left + wide] = np.clip(grown, 0, 1)
    veil = np.zeros((height, width, 4), np.uint8)
    soft = cv2.GaussianBlur(lit, (0, 0), _LONGEST / 64)  # the edge of what is compared is no edge of what counts
    veil[..., 3] = (_DARKEST * (1 - soft)).astype(np.uint8)
    return QImage(veil.data, width, height, veil.strides[0], QImage.Format.Format_RGBA8888).copy()
