"""Searches that were kept under a name: rows in, rows out.

Names are unique whatever their case. A removed search can be brought back for a while, at its place.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NewType

from desktop_app.core.catalog.answers import clean_name, folded
from desktop_app.core.errors import UserError

SearchId = NewType("SearchId", int)

REMOVED_FOR = 30 * 24 * 3600.0
"""Seconds a removed search can be brought back."""


@dataclass(frozen=True, slots=True)
class SavedRow:
    """One search as the catalogue holds it.

    Attributes:
        text: what is looked for, see `search_form`.
        time: when it was saved last, seconds since 1970.
    """

    id: SearchId
    name: str
    text: str
    time: float


def all_searches(connection: sqlite3.Connection) -> tuple[SavedRow, ...]:
    """Every saved search that was not removed, in the order a person gave them."""
    rows = connection.execute(
        "SELECT id, name, query, time FROM saved_searches WHERE removed IS NULL ORDER BY place, id"
    )
    return tuple(SavedRow(SearchId(id_), name, text, at) for id_, name, text, at in rows)


def get(connection: sqlite3.Connection, id_: SearchId) -> SavedRow:
    """One that is there.

    Raises:
        UserError: it was removed.
    """
    found = next((one for one in all_searches(connection) if one.id == id_), None)
    if found is None:
        raise UserError("This saved search is no longer there.")
    return found


def find(connection: sqlite3.Connection, name: str) -> SavedRow | None:
    """The one of this name in any case."""
    wanted = folded(clean_name(name))
    return next((one for one in all_searches(connection) if folded(one.name) == wanted), None)


def add(connection: sqlite3.Connection, name: str, text: str) -> SearchId:
    """Keep a search, as the last.

    Raises:
        UserError: another one has this name, or the name is empty.
    """
    name = clean_name(name)
    _refuse(connection, name)
    cursor = connection.execute(
        "INSERT INTO saved_searches (name, query, place, time)"
        " VALUES (?, ?, (SELECT ifnull(max(place), -1) + 1 FROM saved_searches), ?)",
        (name, text, time.time()),
    )
    return SearchId(cursor.lastrowid or 0)


def rename(connection: sqlite3.Connection, id_: SearchId, name: str) -> str:
    """Call it something else; returns what it was called, for undo.

    Raises:
        UserError: another one has this name, the name is empty, or the search was removed.
    """
    name, before = clean_name(name), get(connection, id_).name
    _refuse(connection, name, but=id_)
    connection.execute("UPDATE saved_searches SET name = ? WHERE id = ?", (name, id_))
    return before


def replace_text(connection: sqlite3.Connection, id_: SearchId, text: str) -> str:
    """Let it look for something else; returns what it looked for, for undo.

    Raises:
        UserError: it was removed.
    """
    before = get(connection, id_).text
    connection.execute("UPDATE saved_searches SET query = ?, time = ? WHERE id = ?", (text, time.time(), id_))
    return before


def remove(connection: sqlite3.Connection, id_: SearchId) -> None:
    """Take it out of sight; it can be brought back for `REMOVED_FOR` seconds."""
    connection.execute("UPDATE saved_searches SET removed = ? WHERE id = ? AND removed IS NULL", (time.time(), id_))


def restore(connection: sqlite3.Connection, id_: SearchId) -> None:
    """Bring it back; where its name was taken meanwhile, a number is put behind it.

    Raises:
        UserError: it is gone for good.
    """
    row = connection.execute("SELECT name FROM saved_searches WHERE id = ?", (id_,)).fetchone()
    if row is None:
        raise UserError("This saved search is no longer there.")
    wish, number = row[0], 1
    while (taken := find(connection, wish)) is not None and taken.id != id_:
        number += 1
        wish = f"{row[0]} {number}"
    connection.execute("UPDATE saved_searches SET removed = NULL, name = ? WHERE id = ?", (wish, id_))


def reorder(connection: sqlite3.Connection, ids: Sequence[SearchId]) -> tuple[SearchId, ...]:
    """Put them in this order; those that are not named come after, as they were. Returns the order before."""
    before = tuple(one.id for one in all_searches(connection))
    named = tuple(dict.fromkeys(one for one in ids if one in before))
    after = (*named, *(one for one in before if one not in named))
    connection.executemany("UPDATE saved_searches SET place = ? WHERE id = ?", enumerate(after))
    return before


def purge(connection: sqlite3.Connection, now: float) -> None:
    """Forget those that were removed long ago."""
    connection.execute("DELETE FROM saved_searches WHERE removed < ?", (now - REMOVED_FOR,))


def _refuse(connection: sqlite3.Connection, name: str, but: SearchId | None = None) -> None:
    taken = find(connection, name)
    if taken is not None and taken.id != but:
        raise UserError(f"There is already a saved search “{taken.name}”.")
