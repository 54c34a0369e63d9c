"""Which pictures of a set show all that there is to see of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from desktop_app.core.duplicates.judge import Laid, how

_VISIBLY = 0.95
"""A picture that shows less of another than this share is cut from it; measuring small pictures is off by a few
hundredths."""

_PREVIEW = 4.0
"""One with that many times fewer pixels is a preview: it shows more of the scene, and less of everything in it."""

_WIDEST = 8  # pictures that each one is held against


def whole(pictures: Sequence[Laid], pixels: Sequence[int]) -> tuple[bool, ...]:
    """Whether each picture of a set is whole: no other shows visibly more, and it is neither marked nor mirrored.

    Args:
        pictures: where they lie over the first of the set.
        pixels: of each, width times height.
    """
    areas = [abs(float(np.linalg.det(np.array(one.matrix).reshape(2, 3)[:, :2]))) for one in pictures]
    widest = sorted(range(len(pictures)), key=lambda n: -areas[n])
    found = []
    for number, one in enumerate(pictures):
        wider = (
            other
            for other in [n for n in widest if pixels[n] * _PREVIEW >= pixels[number]][:_WIDEST]
            if other != number and _is_cut(one, pictures[other])
        )
        is_plain = not one.edited and one.way < 4
        found.append(is_plain and next(wider, None) is None)
    return tuple(found)


def _is_cut(picture: Laid, other: Laid) -> bool:
    """Whether a picture shows only a part of another."""
    part = how(other, picture, ((1, 1), (1, 1))).part
    return part is not None and part.width * part.height < _VISIBLY
