"""Short changes to labels, label sets and notes; each says what it altered and carries what undoes it.

A result is a `Changes`, so it goes where those of other short operations go. To undo, keep `before` and give it to
`undo`, whose own `before` is the way back (redo).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from desktop_app.core.catalog import answers as sets
from desktop_app.core.catalog import labels, notes
from desktop_app.core.catalog.labels import Before
from desktop_app.core.labelling import AnswerId, Kind, LabelSet, LabelSetId, Origin
from desktop_app.core.library import Library
from desktop_app.core.types import Changes, PhotoId


@dataclass(frozen=True, slots=True)
class Written(Changes):
    """What a change to labels altered.

    Attributes:
        before: what `undo` needs; None where nothing is to be undone.
        label_set: the set as it is now.
    """

    before: Before | None = None
    label_set: LabelSet | None = None


@dataclass(frozen=True, slots=True)
class Noted(Changes):
    """What a change to a note altered; `before` is the note that was there."""

    before: str = ""


def put_labels(
    library: Library,
    label_set: LabelSetId,
    pairs: Iterable[tuple[PhotoId, AnswerId | None]],
    origin: Origin = Origin.HAND,
) -> Written:
    """Give photos answers; see `catalog.labels.put_labels`.

    Raises:
        UserError: the set or an answer is gone, or the library cannot be written.
    """
    return _write(library, label_set, lambda connection: labels.put_labels(connection, label_set, pairs, origin))


def take_labels(library: Library, label_set: LabelSetId, pairs: Iterable[tuple[PhotoId, AnswerId | None]]) -> Written:
    """Take single answers away from photos, as tags are."""
    return _write(library, label_set, lambda connection: labels.take_labels(connection, label_set, pairs))


def clear_labels(library: Library, label_set: LabelSetId, photos: Iterable[PhotoId]) -> Written:
    """Take every answer of a set away from photos."""
    return _write(library, label_set, lambda connection: labels.clear_labels(connection, label_set, photos))


def undo(library: Library, before: Before) -> Written:
    """Put back what was there; the result's `before` redoes.

    Raises:
        UserError: the set is gone for good, or the library cannot be written.
    """
    return _write(library, before.definition.id, lambda connection: labels.restore(connection, before))


def create_set(library: Library, name: str, answers: Iterable[str] = (), kind: Kind = "classes") -> Written:
    """Make a label set; undoing takes it out of sight.

    Raises:
        UserError: another set has this name, or a name is empty.
    """
    with library.database.transaction() as connection:
        made = sets.create_set(connection, name, kind, answers)
    return Written(labels=(made.id,), before=Before(made, removed=True), label_set=made)


def rename_set(library: Library, label_set: LabelSetId, name: str) -> Written:
    """Give a set another name."""
    return _define(library, label_set, lambda connection: sets.rename_set(connection, label_set, name))


def remove_set(library: Library, label_set: LabelSetId) -> Written:
    """Take a set out of sight with its labels; for a month `restore_set` brings it back."""
    return _define(library, label_set, lambda connection: sets.remove_set(connection, label_set))


def restore_set(library: Library, label_set: LabelSetId) -> Written:
    """Bring a removed set back."""
    return _define(library, label_set, lambda connection: sets.restore_set(connection, label_set))


def add_answer(library: Library, label_set: LabelSetId, name: str, key: str | None = None) -> Written:
    """Add an answer at the end of a set; with None it gets the first free key."""
    return _define(library, label_set, lambda connection: sets.add_answer(connection, label_set, name, key))


def rename_answer(library: Library, label_set: LabelSetId, answer: AnswerId, name: str) -> Written:
    """Give an answer another name."""
    return _define(library, label_set, lambda connection: sets.rename_answer(connection, label_set, answer, name))


def set_key(library: Library, label_set: LabelSetId, answer: AnswerId, key: str) -> Written:
    """Give an answer another key; one that is taken is refused with the other answer's name."""
    return _define(library, label_set, lambda connection: sets.set_key(connection, label_set, answer, key))


def place_answer(library: Library, label_set: LabelSetId, answer: AnswerId, place: int) -> Written:
    """Put an answer at another place among the answers."""
    return _define(library, label_set, lambda connection: sets.place_answer(connection, label_set, answer, place))


def merge_answers(library: Library, label_set: LabelSetId, into: AnswerId, gone: AnswerId) -> Written:
    """Make two answers one: the labels of `gone` move to `into`."""
    return _write(library, label_set, lambda connection: labels.merge_answers(connection, label_set, into, gone))


def remove_answer(library: Library, label_set: LabelSetId, answer: AnswerId) -> Written:
    """Take an answer away with its labels."""
    return _write(library, label_set, lambda connection: labels.remove_answer(connection, label_set, answer))


def set_note(library: Library, photo: PhotoId, text: str) -> Noted:
    """Keep a note with a photo; "" takes it away. Giving `before` back undoes it."""
    with library.database.transaction() as connection:
        before = notes.set_note(connection, photo, text)
    return Noted(updated=(photo,), before=before)


def _write(library: Library, label_set: LabelSetId, change: Callable[[sqlite3.Connection], Before]) -> Written:
    with library.database.transaction() as connection:
        before = change(connection)
        now = sets.get_set(connection, label_set)
    return Written(labels=(label_set,), before=before, label_set=now)


def _define(library: Library, label_set: LabelSetId, change: Callable[[sqlite3.Connection], object]) -> Written:
    def do(connection: sqlite3.Connection) -> Before:
        before = labels.snapshot(connection, label_set)
        change(connection)
        return before

    return _write(library, label_set, do)
