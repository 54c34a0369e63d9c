"""What is said of a map, and in which order its photos are gone through."""

from __future__ import annotations

import numpy as np

from desktop_app.core import wording
from desktop_app.core.operations.map import PhotoMap
from desktop_app.ui.map.geometry import Mask
from desktop_app.ui.map.scene import Scene

_MANY_LATER = 0.3


def words_of(made: PhotoMap | None, lit: Mask | None, *, making: bool) -> str:
    """One line: how many photos, how many of them stand out, and what a person should know of the map."""
    if made is None:
        return ""
    count = len(made.photos)
    words = wording.count(count, "photo")
    if lit is not None:
        words = f"{int(lit.sum()):,} of {words} stand out"
    later = int(made.later.sum())
    if making and made.is_preview:
        words += ". A first look; the map is still being made"
    elif later > _MANY_LATER * count:
        words += f". {later:,} came since the map was made"
    return words


def neighbours_on_sheet(made: PhotoMap, scene: Scene, photo: int) -> list[int]:
    """The photos that are gone through from one that is opened: those selected with it, or standing out, or all."""
    among = np.arange(len(made.photos))
    at = int(np.searchsorted(made.photos, photo))
    if scene.selected.sum() > 1 and scene.selected[at]:
        among = np.flatnonzero(scene.selected)
    elif scene.lit is not None and scene.lit[at]:
        among = np.flatnonzero(scene.lit)
    cells = made.cells[among]
    order = among[np.lexsort((cells[:, 0], cells[:, 1]))]
    ids: list[int] = made.photos[order].tolist()
    return ids
