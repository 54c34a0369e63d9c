"""A whole photo as anybody would read it: Pillow at full size, upright, on white. The example does the same."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from desktop_app.core.types import Pixels

LARGEST_PIXELS = 40_000_000
"""Photos beyond this are left out of the check: whole, they take too much memory and time."""


def read_whole(path: Path) -> Pixels | None:
    """Every pixel of a photo, uint8 (h, w, 3); None where Pillow alone cannot read it or it is too large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                if image.width * image.height > LARGEST_PIXELS:
                    return None
                photo = ImageOps.exif_transpose(image)
                if not photo.has_transparency_data:  # the same, without two large copies
                    return np.array(photo.convert("RGB"))
                photo = photo.convert("RGBA")
                white = Image.new("RGBA", photo.size, "white")
                return np.array(Image.alpha_composite(white, photo).convert("RGB"))
    except Exception:
        return None  # whatever a plug-in raises: a photo that is not compared, and no more
