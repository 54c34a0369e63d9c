"""What photos of the map have by which it can be coloured: dates, themes, and the numbers of their posts."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import insights, themes
from desktop_app.core.library import Library
from desktop_app.core.posts import INTERACTIONS, METRICS
from desktop_app.core.types import Positions

_MANY = 900


def dates(library: Library, ids: Positions) -> npt.NDArray[np.float64]:
    """When photos were taken, the file's date where that is not known.

    Args:
        library: the open library.
        ids: int64 (n,).

    Returns:
        float64 (n,): days since 1970-01-01 in the camera's own time, NaN for a photo that is gone.
    """
    found = dict(library.connection.execute("SELECT id, sort_date FROM photos").fetchall())
    days = np.full(len(ids), np.nan)
    first = datetime(1970, 1, 1)
    for at, photo in enumerate(ids.tolist()):
        moment = found.get(photo)
        if moment:
            try:
                days[at] = (datetime.fromisoformat(moment).replace(tzinfo=None) - first).total_seconds() / 86400
            except ValueError:
                continue
    return days


def metrics(library: Library) -> tuple[str, ...]:
    """The numbers that posts of the library have, in the order of the menu."""
    posts = insights.posts(library.connection)
    return tuple(name for name in (*METRICS, INTERACTIONS) if any(post.number(name) is not None for post in posts))


def metric(library: Library, ids: Positions, name: str) -> npt.NDArray[np.float64]:
    """What the post of each photo earned; of a photo in several posts the most.

    Args:
        library: the open library.
        ids: int64 (n,).
        name: one of `metrics`.

    Returns:
        float64 (n,), NaN where a photo is of no post, or its number is not known.
    """
    numbers = {post.id: post.number(name) for post in insights.posts(library.connection)}
    found: dict[int, float] = {}
    for picture in insights.pictures(library.connection):
        number = numbers.get(picture.post)
        if number is not None:
            found[picture.photo] = max(number, found.get(picture.photo, number))
    return np.array([found.get(photo, np.nan) for photo in ids.tolist()], np.float64)


def theme_names(library: Library, ids: Positions) -> tuple[npt.NDArray[np.int64], tuple[str, ...]] | None:
    """The theme of each photo in the grouping that was made last.

    Args:
        library: the open library.
        ids: int64 (n,).

    Returns:
        int64 (n,), indices of the names, -1 where a photo is in no theme; and the names in the order of the themes.
        None where nothing was grouped yet.
    """
    groupings = themes.all_groupings(library.connection)
    if not groupings:
        return None
    newest = max(groupings, key=lambda one: (one.time, one.id))
    members = themes.members(library.connection, newest.id)
    of_leaf = themes.leaf_themes(library.connection, newest.id)
    shown = [row for row in themes.rows(library.connection, newest.id) if row.shown]
    shown.sort(key=lambda row: (row.kind == "odd", row.place or 0))
    place = {row.id: at for at, row in enumerate(shown)}
    names = tuple(row.name or row.proposed or f"Theme {at + 1}" for at, row in enumerate(shown))
    by_leaf = {leaf: place.get(theme, -1) for leaf, theme in of_leaf.items()}
    codes = np.array([by_leaf.get(leaf, -1) for leaf in members.leaves.tolist()], np.int64)
    if not len(members.photos):
        return np.full(len(ids), -1, np.int64), names
    at = np.minimum(np.searchsorted(members.photos, ids), len(members.photos) - 1)
    return np.where(members.photos[at] == ids, codes[at], -1), names
