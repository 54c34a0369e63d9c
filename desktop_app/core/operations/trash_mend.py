"""The trash after a start: what is where when the program was cut off, or somebody was at the trash meanwhile."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from desktop_app.core.catalog import photos
from desktop_app.core.catalog import trash as rows
from desktop_app.core.catalog.trash import BACK, GOING, GONE, IN, TrashedFile
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.trash_back import show_again
from desktop_app.core.operations.trash_parts import Trash, is_one_file
from desktop_app.core.operations.trash_there import at, came_by_itself, has_root, is_ours
from desktop_app.core.types import Changes, PhotoId


def mend(library: Library, trash: Trash) -> Changes:
    """Find out what is where after the program was cut off, or somebody was at the trash meanwhile.

    A unit that was on its way is in the trash wholly, or back in its place wholly, afterwards. Cheap where nothing was
    cut off and little is in the trash; to be called at every start.
    """
    changes = mend_going(library, trash)
    for row in rows.in_states(library.connection, IN):
        if row.trash is not None and is_ours(row) and is_one_file(row.trash, row.path):  # it was coming back
            with contextlib.suppress(UserError, OSError):
                trash.put_back(row.trash, row.path)
    lost = [
        (row, row.trash) for row in rows.in_states(library.connection, IN) if row.trash is not None and not is_ours(row)
    ]
    came = [row for row, _ in lost if came_by_itself(row, row.path)]
    back_again = {row.id for row in came}
    emptied = [row for row, trashed in lost if row.id not in back_again and trashed.parent.is_dir()]
    with library.database.transaction() as connection:
        rows.purge(connection, time.time())
        rows.set_state(connection, (row.id for row in came), BACK)
        rows.set_state(connection, (row.id for row in emptied), GONE)
        back = [row.photo for row in came if row.photo is not None and show_again(connection, row.photo, row.path)]
    library.presence += bool(back)
    return Changes(added=tuple(back), removed=changes.removed, folders=bool(back) or changes.folders)


def mend_going(library: Library, trash: Trash) -> Changes:
    """See to the units that were on their way; those of a drive that is away wait until it is there again."""
    units: dict[tuple[int, PhotoId], list[TrashedFile]] = defaultdict(list)
    for row in rows.in_states(library.connection, GOING):
        units[row.batch, row.unit].append(row)
    if not units:
        return Changes()
    places = trash.find([row.path for unit in units.values() for row in unit])
    removed: list[PhotoId] = []
    with library.database.transaction() as connection:
        for unit in units.values():
            found = {row.id: at(row, places) for row in unit}
            if not _waits(library, unit, found):
                removed += _mend_unit(connection, trash, unit, found, places is not None)
        photos.set_missing(connection, removed, True)
    library.presence += bool(removed)
    return Changes(removed=tuple(removed), folders=bool(removed))


def _waits(library: Library, unit: Sequence[TrashedFile], found: dict[int, Path | None]) -> bool:
    """Whether files are nowhere to be seen because their folder is not: they may never have left it."""
    unseen = [row for row in unit if found[row.id] is None and not os.path.lexists(row.path)]
    return any(not row.path.parent.is_dir() or not has_root(library, row.path) for row in unseen)


def _mend_unit(
    connection: sqlite3.Connection,
    trash: Trash,
    unit: Sequence[TrashedFile],
    found: dict[int, Path | None],
    is_told: bool,
) -> list[PhotoId]:
    """One unit that was on its way; returns the photos that are in the trash.

    Args:
        connection: in a transaction.
        trash: the system's.
        unit: its rows.
        found: where each of them is in the trash, as far as can be told.
        is_told: whether the system says where files are in its trash.
    """
    there = [row for row in unit if os.path.lexists(row.path)]
    went = [row for row in unit if row not in there]
    for row in there:
        place = found[row.id]
        if place is not None and is_one_file(place, row.path):  # it was being put back
            with contextlib.suppress(UserError, OSError):
                trash.put_back(place, row.path)
    if there:  # some of it went and some did not: as if it had never begun
        for row in list(went):
            place = found[row.id]
            try:
                if place is not None:
                    trash.put_back(place, row.path)
                    went.remove(row)
            except (UserError, OSError):
                continue  # its row says where it is
    for row in went:
        place = found[row.id]
        rows.settle(connection, row.id, place)
        if place is None and is_told:
            rows.set_state(connection, [row.id], GONE)
    rows.drop(connection, (row.id for row in unit if row not in went))
    return [row.photo for row in went if row.photo is not None]
