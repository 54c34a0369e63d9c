"""What the map can be coloured by in a library, and the value of each photo; runs on the query lane."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np

from desktop_app.core.catalog import answers, labels
from desktop_app.core.labelling import LabelSetId
from desktop_app.core.library import Library
from desktop_app.core.operations.map_colours import dates, metric, metrics, theme_names
from desktop_app.core.types import Positions
from desktop_app.ui.map.colouring import Amounts, Colouring, Kinds

Provider = Callable[[Library, Positions], Colouring | None]
"""Gives each of some photos (int64 (n,), ids) a value; None where there is nothing to tell. Runs on the query lane."""

THEME, DATE, ANSWERS, METRIC = "theme", "date", "answers:", "metric:"


def offers(library: Library) -> list[tuple[str, str]]:
    """Key and words of everything the library's own photos can be coloured by."""
    found = [(DATE, "Date")]
    if theme_names(library, np.empty(0, np.int64)) is not None:
        found.insert(0, (THEME, "Theme"))
    found += [(f"{ANSWERS}{one.id}", f"Answer: {one.name}") for one in answers.all_sets(library.connection)]
    return found + [(f"{METRIC}{name}", f"{name.capitalize()} of its post") for name in metrics(library)]


def colouring(library: Library, ids: Positions, key: str) -> Colouring | None:
    """The values for a key of `offers`."""
    if key == THEME:
        found = theme_names(library, ids)
        return None if found is None else Kinds("Theme", *found, none="In no theme")
    if key == DATE:
        return Amounts("Date", dates(library, ids), _month)
    if key.startswith(METRIC):
        name = key.removeprefix(METRIC)
        return Amounts(f"{name.capitalize()} of its post", metric(library, ids, name))
    if key.startswith(ANSWERS):
        return _answers(library, ids, LabelSetId(int(key.removeprefix(ANSWERS))))
    return None


def _answers(library: Library, ids: Positions, wanted: LabelSetId) -> Colouring | None:
    label_set = next((one for one in answers.all_sets(library.connection) if one.id == wanted), None)
    if label_set is None:
        return None
    table = labels.labels(library.connection, wanted)
    names = [one.name for one in label_set.answers]
    place = {int(one.id): at for at, one in enumerate(label_set.answers)}
    place[0] = place[-1] = len(names)
    if (table.answers <= 0).any():
        names.append("None of these")
    code_of: dict[int, int] = {}
    for photo, answer in zip(table.photos.tolist(), table.answers.tolist(), strict=True):
        code_of.setdefault(photo, place.get(int(answer), -1))
    codes = np.array([code_of.get(photo, -1) for photo in ids.tolist()], np.int64)
    return Kinds(label_set.name, codes, tuple(names), none="Not labelled")


def _month(day: float) -> str:
    try:
        return f"{datetime(1970, 1, 1) + timedelta(days=day):%b %Y}"
    except OverflowError:
        return ""
