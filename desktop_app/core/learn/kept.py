"""Where a library keeps what was learnt: a folder for each label set, named by its number."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path


def forget_others(library: Path, sets: Collection[int]) -> None:
    """Take away what was learnt of label sets that are gone for good.

    Args:
        library: the library's folder.
        sets: the label sets there are.
    """
    for place in (library / "heads").glob("[0-9]*"):
        if place.name.isdecimal() and int(place.name) not in sets:
            shutil.rmtree(place, ignore_errors=True)
