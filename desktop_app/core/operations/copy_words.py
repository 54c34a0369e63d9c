"""A person's word that photos are no copies of one another: kept for good, by content; each change can be undone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from desktop_app.core.catalog import not_copies
from desktop_app.core.catalog import photos as photo_rows
from desktop_app.core.library import Library
from desktop_app.core.types import Changes, PhotoId


@dataclass(frozen=True, slots=True)
class NotCopies(Changes):
    """What a person's word on copies altered.

    Attributes:
        pairs: of contents: what `allow_copies` or `forbid_copies` takes to undo it.
    """

    pairs: tuple[not_copies.Apart, ...] = ()


def say_not_copies(library: Library, photos: Collection[PhotoId], of: Collection[PhotoId] | None = None) -> NotCopies:
    """Remember for good, by content, that photos are no copies of one another.

    Args:
        library: the open library.
        photos: all of them, each with every other; equal files are then left alone as a set.
        of: with these only: "this one is no copy of those".

    Raises:
        UserError: the library cannot be written.
    """
    contents = photo_rows.contents(library.connection, list({*photos, *(of or ())}))
    others = photos if of is None else of
    pairs = {
        not_copies.ordered(contents[one], contents[other])
        for one in photos
        for other in others
        if one != other and one in contents and other in contents
    }
    return forbid_copies(library, pairs)


def forbid_copies(library: Library, pairs: Iterable[not_copies.Apart]) -> NotCopies:
    """Remember pairs of contents; what comes back undoes it by `allow_copies`."""
    with library.database.transaction() as connection:
        return NotCopies(pairs=not_copies.add(connection, pairs))


def allow_copies(library: Library, pairs: Iterable[not_copies.Apart]) -> NotCopies:
    """Take a word back; what comes back undoes that by `forbid_copies`."""
    with library.database.transaction() as connection:
        return NotCopies(pairs=not_copies.remove(connection, pairs))
