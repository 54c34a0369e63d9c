"""Where the classifiers of a library lie, and with which network each was learnt; light enough for who only asks."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from desktop_app.core.catalog.answers import all_sets
from desktop_app.core.index.files import DAMAGED
from desktop_app.core.labelling import LabelSetId
from desktop_app.core.library import Library

FACTS = "classifier.json"
_NUMBER = re.compile(r"\d{6,}")


def learnt_with(library: Library) -> dict[str, str]:
    """The key of the network that each label set's classifier was learnt with, by the set's name."""
    found: dict[str, str] = {}
    for label_set in all_sets(library.connection):
        place = place_of(library, label_set.id)
        for number in sorted(numbers(place), reverse=True)[:1]:
            try:
                found[label_set.name] = str(json.loads((place / f"{number:06d}" / FACTS).read_text("utf-8"))["network"])
            except DAMAGED:
                continue
    return found


def place_of(library: Library, set_id: LabelSetId) -> Path:
    """The folder of a label set's classifiers; need not be there."""
    return library.folder / "heads" / str(set_id)


def numbers(place: Path) -> list[int]:
    """The numbers of the classifiers that lie in a folder, in no order."""
    try:
        return [int(name) for name in os.listdir(place) if _NUMBER.fullmatch(name)]
    except FileNotFoundError:
        return []
