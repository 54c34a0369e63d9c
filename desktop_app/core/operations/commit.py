"""Storing what the workers bring: vectors first, then the rows that name them, in one transaction per batch."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from desktop_app.core.catalog import details, features, photos, skipped
from desktop_app.core.descriptors import COLOUR_KEY, Descriptor
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.library import Library, write_error
from desktop_app.core.operations.moves import moves
from desktop_app.core.operations.pipeline import Done, Failed, Outcome
from desktop_app.core.operations.plan import Todo
from desktop_app.core.types import Changes, PhotoId, Positions, Vectors


def commit(library: Library, outcomes: Sequence[Outcome], read_again: Callable[[Todo], Outcome]) -> Changes:
    """Store a batch of outcomes; all of it is in, or none of it.

    Args:
        library: where.
        outcomes: what the workers brought.
        read_again: reads a file whose content was known when the ingest began and is no longer.

    Returns:
        The photos added and updated.

    Raises:
        UserError: the disk is full or cannot be written.
    """
    known: dict[bytes, list[features.Donor]] = {}
    outcomes = list(outcomes)
    for place, outcome in enumerate(outcomes):
        if isinstance(outcome, Done) and outcome.picture is None and outcome.content not in known:
            found = features.donors(library.connection, library.network.key, outcome.content)
            if found:
                known[outcome.content] = found
            else:  # the only photo of this content was changed in this very run
                outcomes[place] = read_again(outcome.todo)
    first, row = _store_vectors(library, outcomes, known), 0
    colour_at = _store_colours(library, outcomes)
    library.thumbnails.put((o.content, o.thumbnail) for o in outcomes if isinstance(o, Done) and o.thumbnail)
    added, updated, touched = list[PhotoId](), list[PhotoId](), False
    arrived = {
        place: (outcome.content, outcome.todo.path)
        for place, outcome in enumerate(outcomes)
        if isinstance(outcome, Done) and outcome.picture is None and not _same(outcome)
    }
    elsewhere = moves(library, arrived, known)
    fewer = False  # a photo that could be found cannot be found where it was
    with library.database.transaction() as connection:
        for place, outcome in enumerate(outcomes):
            if isinstance(outcome, Failed):
                touched = True
                _leave_out(connection, outcome)
                if outcome.todo.photo is not None:
                    photos.set_missing(connection, [outcome.todo.photo], True)
                    fewer = True
                continue
            todo = outcome.todo
            skipped.drop(connection, todo.folder, todo.path)
            if _same(outcome):
                assert todo.photo is not None
                photos.relocate(connection, todo.photo, todo.folder, todo.path, todo.size, todo.mtime_ns)
                updated.append(todo.photo)  # only its time changed, or its thumbnail was lost
                _put_details(connection, todo.photo, outcome)
                continue
            moved = elsewhere.get(place)
            if moved is not None:
                fewer = True
                if todo.photo is not None:
                    photos.set_missing(connection, [todo.photo], True)
                photos.relocate(connection, moved, todo.folder, todo.path, todo.size, todo.mtime_ns)
                updated.append(moved)
                _put_details(connection, moved, outcome)
            elif todo.photo is not None:
                anew = [library.network.key, COLOUR_KEY] if place in colour_at else [library.network.key]
                # other networks have not seen what is there now
                fewer |= bool(features.forget_changed(connection, todo.photo, outcome.content, anew))
                photos.update(connection, todo.photo, _facts(outcome, known))
                _name(connection, library, todo.photo, first + row, colour_at.get(place))
                updated.append(todo.photo)
                _put_details(connection, todo.photo, outcome)
            else:
                photo = photos.insert(connection, _facts(outcome, known))
                _name(connection, library, photo, first + row, colour_at.get(place))
                added.append(photo)
                _put_details(connection, photo, outcome)
            row += 1  # a moved photo's row stays unused
    library.presence += fewer  # after the commit: a search that hears of it looks at what is there now
    return Changes(added=tuple(added), updated=tuple(updated), folders=True, skipped=touched, index=bool(row))


def _store_vectors(
    library: Library, outcomes: Iterable[Outcome], known: Mapping[bytes, Sequence[features.Donor]]
) -> int:
    """Append one row for each outcome that may need one, on disk before any catalogue row names it."""
    rows: list[Mapping[str, Vectors]] = []
    for outcome in outcomes:
        if isinstance(outcome, Failed) or _same(outcome):
            continue
        if outcome.picture is not None:
            rows.append(outcome.features)
        else:
            rows.append(_row(library.store, known[outcome.content][0].position))
    return append(library, library.store, rows)


def _store_colours(library: Library, outcomes: Sequence[Outcome]) -> dict[int, int]:
    """The same for the colours; returns the position of each outcome that has some, by its place."""
    store = library.writer(library.source(Descriptor()))
    rows: dict[int, Mapping[str, Vectors]] = {}
    for place, outcome in enumerate(outcomes):
        if isinstance(outcome, Failed) or _same(outcome):
            continue
        if outcome.colours:
            rows[place] = outcome.colours
        elif outcome.picture is None:
            for donor in features.donors(library.connection, COLOUR_KEY, outcome.content)[:1]:
                rows[place] = _row(store, donor.position)
    first = append(library, store, list(rows.values()))
    return {place: first + row for row, place in enumerate(rows)}


def append(library: Library, store: VectorStore, rows: Sequence[Mapping[str, Vectors]]) -> int:
    """Put vectors on the disk, so that catalogue rows may name them; returns the position of the first.

    Raises:
        UserError: the disk is full or refuses.
    """
    if not rows:
        return store.rows
    try:
        first = store.append({layer: np.concatenate([row[layer] for row in rows]) for layer in rows[0]})
        store.flush()
    except OSError as error:
        raise write_error(error, library.folder) from error
    return first


def _name(connection: sqlite3.Connection, library: Library, photo: PhotoId, position: int, colour: int | None) -> None:
    features.set_position(connection, library.network.key, photo, position)
    if colour is not None:
        features.set_position(connection, COLOUR_KEY, photo, colour)


def _put_details(connection: sqlite3.Connection, photo: PhotoId, outcome: Done) -> None:
    if outcome.details is not None:
        details.put(connection, photo, outcome.content, outcome.details)


def _same(outcome: Done) -> bool:
    """Whether a photo's file still holds what its vectors were made from."""
    return outcome.todo.photo is not None and outcome.content == outcome.todo.content


def _row(store: VectorStore, position: int) -> dict[str, Vectors]:
    where: Positions = np.array([position], np.int64)
    return {layer: store.read(layer, where) for layer in store.layers}


def _facts(outcome: Done, known: Mapping[bytes, Sequence[features.Donor]]) -> photos.Facts:
    todo, source = outcome.todo, outcome.picture or known[outcome.content][0]
    return photos.Facts(
        todo.folder,
        todo.path,
        todo.size,
        todo.mtime_ns,
        outcome.content,
        source.format,
        source.width,
        source.height,
        source.taken,
        source.camera,
    )


def _leave_out(connection: sqlite3.Connection, failed: Failed) -> None:
    todo: Todo = failed.todo
    skipped.put(connection, todo.folder, todo.path, todo.size, todo.mtime_ns, failed.reason, failed.details)
