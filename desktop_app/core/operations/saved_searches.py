"""Searches kept under a name, as the window and the command line use them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop_app.core.catalog import photos
from desktop_app.core.catalog import saved_searches as catalogue
from desktop_app.core.catalog.saved_searches import SearchId
from desktop_app.core.catalog.search_form import Read, Written, from_text, to_text
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.searching import Example, Query
from desktop_app.core.types import Order


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved search, for a list."""

    id: SearchId
    name: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What was saved.

    Attributes:
        id: the search.
        name: what it is called now.
        before: what it looked for before, where one of this name was replaced: for `put_back`; "" for a new one.
        remarks: sentences about what could not be kept.
    """

    id: SearchId
    name: str
    before: str = ""
    remarks: tuple[str, ...] = ()


def saved(library: Library) -> tuple[Saved, ...]:
    """Every saved search, in the order a person gave them."""
    return tuple(Saved(one.id, one.name) for one in catalogue.all_searches(library.connection))


def open_saved(library: Library, id_: SearchId) -> Read:
    """What a saved search looks for.

    Raises:
        UserError: it was removed, or it cannot be read.
    """
    return from_text(catalogue.get(library.connection, id_).text)


def save(library: Library, name: str, query: Query, order: Order = Order.LIKENESS) -> Kept:
    """Keep a search under a name.

    Raises:
        UserError: another one has this name, the name is empty, or nothing is left to keep.
    """
    written = _written(library, query, order)
    with library.database.transaction() as connection:
        id_ = catalogue.add(connection, name, written.text)
        return Kept(id_, catalogue.get(connection, id_).name, "", written.remarks)


def save_over(library: Library, id_: SearchId, query: Query, order: Order = Order.LIKENESS) -> Kept:
    """Let a saved search look for something else.

    Raises:
        UserError: it was removed, or nothing is left to keep.
    """
    written = _written(library, query, order)
    with library.database.transaction() as connection:
        before = catalogue.replace_text(connection, id_, written.text)
        return Kept(id_, catalogue.get(connection, id_).name, before, written.remarks)


def put_back(library: Library, kept: Kept) -> None:
    """Undo `save` or `save_over`.

    Raises:
        UserError: the search was removed meanwhile.
    """
    with library.database.transaction() as connection:
        if kept.before:
            catalogue.replace_text(connection, kept.id, kept.before)
        else:
            catalogue.remove(connection, kept.id)


def rename(library: Library, id_: SearchId, name: str) -> str:
    """Call a saved search something else; returns what it was called, for undo.

    Raises:
        UserError: another one has this name, the name is empty, or the search was removed.
    """
    with library.database.transaction() as connection:
        return catalogue.rename(connection, id_, name)


def remove(library: Library, id_: SearchId) -> None:
    """Remove a saved search; `restore` is its undo for 30 days."""
    with library.database.transaction() as connection:
        catalogue.remove(connection, id_)


def restore(library: Library, id_: SearchId) -> None:
    """Bring a removed search back.

    Raises:
        UserError: it is gone for good.
    """
    with library.database.transaction() as connection:
        catalogue.restore(connection, id_)


def reorder(library: Library, ids: Sequence[SearchId]) -> tuple[SearchId, ...]:
    """Put the saved searches in this order; returns the order before, for undo."""
    with library.database.transaction() as connection:
        return catalogue.reorder(connection, ids)


def _written(library: Library, query: Query, order: Order) -> Written:
    """The search as text; photos of the library with their paths too, should their rows be gone one day."""
    ids = [int(one.photo) for one in query.examples if one.photo is not None]
    found = photos.fetch(library.connection, ids)

    def with_path(one: Example) -> Example:
        return one if one.photo not in found else replace(one, path=found[one.photo].path)

    written = to_text(replace(query, examples=tuple(with_path(one) for one in query.examples)), order)
    if not written.chips:
        raise UserError(" ".join(written.remarks) or "There is nothing to save: search for something first.")
    return written
