"""Labels of photos. Every write returns what was there before, and `restore` puts exactly that back.

Labels hang on photo ids: they follow a photo wherever its file goes, stay while the file is missing, and go when the
photo's row does.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop_app.core.catalog import answers as sets
from desktop_app.core.catalog.label_reading import (
    NONE,
    ORIGINS,
    AnswerCount,
    LabelTable,
    all_labels_of,
    counts,
    in_parts,
    labels,
    labels_of,
)
from desktop_app.core.labelling import LOOKED_AT, AnswerId, Label, LabelSet, LabelSetId, Origin
from desktop_app.core.types import PhotoId

__all__ = [
    "ORIGINS",
    "AnswerCount",
    "Before",
    "LabelTable",
    "all_labels_of",
    "clear_labels",
    "counts",
    "given",
    "inherit",
    "labels",
    "labels_of",
    "merge_answers",
    "put_labels",
    "remove_answer",
    "restore",
    "snapshot",
    "take_labels",
]

_MANY = 500  # photos in one statement


@dataclass(frozen=True, slots=True)
class Before:
    """What a label set held before a write; `restore` brings it back and returns the same for redo.

    Attributes:
        definition: name and answers of the set.
        removed: whether the set was out of sight.
        photos: whose labels the write touched.
        labels: all labels that these photos had in this set.
    """

    definition: LabelSet
    removed: bool
    photos: tuple[PhotoId, ...] = ()
    labels: tuple[Label, ...] = ()


def snapshot(connection: sqlite3.Connection, label_set: LabelSetId, photos: Iterable[PhotoId] = ()) -> Before:
    """What a set holds now, with the labels of some photos.

    Raises:
        UserError: the set is gone.
    """
    definition = sets.get_set(connection, label_set)
    unique = tuple(dict.fromkeys(photos))
    labels = tuple(label for found in labels_of(connection, label_set, unique).values() for label in found)
    return Before(definition, sets.is_removed(connection, label_set), unique, labels)


def put_labels(
    connection: sqlite3.Connection,
    label_set: LabelSetId,
    pairs: Iterable[tuple[PhotoId, AnswerId | None]],
    origin: Origin,
    now: float | None = None,
) -> Before:
    """Give photos answers, one after the other. Photos that are gone are passed over.

    In a set of classes the new answer replaces the old one. In a set of tags it comes on top, while "none of these"
    (None) and tags exclude one another. Guesses taken in bulk never replace what a person looked at. `now` is the
    labels' time in seconds since 1970; None takes the current one.

    Raises:
        UserError: the set or an answer is gone; nothing was labelled.
    """
    pairs = list(pairs)
    before = snapshot(connection, label_set, _existing(connection, [photo for photo, _ in pairs]))
    for answer in {answer for _, answer in pairs}:
        if answer is not None:
            sets.need_answer(before.definition, answer)
    at = time.time() if now is None else now
    tags = before.definition.kind == "tags"
    held: dict[PhotoId, dict[AnswerId | None, Label]] = {photo: {} for photo in before.photos}
    for label in before.labels:
        held[label.photo][label.answer] = label
    for photo, answer in pairs:
        of_photo = held.get(photo)
        if of_photo is None:
            continue
        goes = [one for one in of_photo if not tags or one == answer or None in (one, answer)]
        if origin is Origin.BULK and any(of_photo[one].origin in LOOKED_AT for one in goes):
            continue
        for one in goes:
            del of_photo[one]
        of_photo[answer] = Label(photo, answer, origin, at)
    _write(connection, label_set, before, (label for of_photo in held.values() for label in of_photo.values()))
    return before


def take_labels(
    connection: sqlite3.Connection, label_set: LabelSetId, pairs: Iterable[tuple[PhotoId, AnswerId | None]]
) -> Before:
    """Take single answers away from photos, as tags are."""
    away = set(pairs)
    before = snapshot(connection, label_set, (photo for photo, _ in away))
    _write(connection, label_set, before, (one for one in before.labels if (one.photo, one.answer) not in away))
    return before


def clear_labels(connection: sqlite3.Connection, label_set: LabelSetId, photos: Iterable[PhotoId]) -> Before:
    """Take every answer of a set away from photos: they are unlabelled again."""
    before = snapshot(connection, label_set, photos)
    _write(connection, label_set, before, ())
    return before


def merge_answers(connection: sqlite3.Connection, label_set: LabelSetId, into: AnswerId, gone: AnswerId) -> Before:
    """Make two answers one: the labels of `gone` move to `into` with their origin and time.

    Raises:
        UserError: one of them is no longer there.
    """
    definition = sets.get_set(connection, label_set)
    kept, merged = sets.need_answer(definition, into), sets.need_answer(definition, gone)
    if into == gone:
        return snapshot(connection, label_set)
    before = snapshot(connection, label_set, _with_answers(connection, label_set, [gone]))
    rows: dict[tuple[PhotoId, AnswerId | None], Label] = {}
    for label in before.labels:
        moved = Label(label.photo, into, label.origin, label.time) if label.answer == gone else label
        other = rows.get((moved.photo, moved.answer))  # a photo with both tags keeps the one that was looked at
        if other is None or (other.origin not in LOOKED_AT and moved.origin in LOOKED_AT):
            rows[moved.photo, moved.answer] = moved
    _write(connection, label_set, before, rows.values())
    _drop_answer(connection, gone)
    if not kept.key:
        connection.execute("UPDATE answers SET key = ? WHERE id = ?", (merged.key, into))
    return before


def remove_answer(connection: sqlite3.Connection, label_set: LabelSetId, answer: AnswerId) -> Before:
    """Take an answer away with its labels.

    Raises:
        UserError: it is no longer there.
    """
    sets.need_answer(sets.get_set(connection, label_set), answer)
    before = snapshot(connection, label_set, _with_answers(connection, label_set, [answer]))
    _write(connection, label_set, before, (label for label in before.labels if label.answer != answer))
    _drop_answer(connection, answer)
    return before


def restore(connection: sqlite3.Connection, before: Before) -> Before:
    """Undo a write. Returns what was there instead: giving that to `restore` is redo.

    Labels with an answer that goes by this go with it. Photos that are gone meanwhile are passed over.

    Raises:
        UserError: the set is gone for good.
    """
    label_set = before.definition.id
    now = sets.get_set(connection, label_set)
    wanted = {answer.id for answer in before.definition.answers}
    goes = [answer.id for answer in now.answers if answer.id not in wanted]
    others = _with_answers(connection, label_set, goes) if goes else []
    after = snapshot(connection, label_set, (*before.photos, *others))
    touched = set(before.photos)
    kept = (label for label in after.labels if label.photo not in touched and label.answer not in goes)
    there = set(_existing(connection, before.photos))
    _write(connection, label_set, after, (*kept, *(label for label in before.labels if label.photo in there)))
    sets.define(connection, before.definition, before.removed)
    return after


def given(connection: sqlite3.Connection, photos: Sequence[PhotoId]) -> set[PhotoId]:
    """Those of these photos that have an answer or a note."""
    found: set[PhotoId] = set()
    for start in range(0, len(photos), _MANY):
        part = list(photos[start : start + _MANY])
        marks = ",".join("?" * len(part))
        rows = connection.execute(
            f"SELECT photo FROM labels WHERE photo IN ({marks}) UNION SELECT photo FROM notes WHERE photo IN ({marks})",
            (*part, *part),
        )
        found.update(PhotoId(row[0]) for row in rows)
    return found


def inherit(connection: sqlite3.Connection, heir: PhotoId, photo: PhotoId) -> None:
    """Give a photo the labels of another row for the same file, which is about to go; its own come first."""
    connection.execute(
        "INSERT INTO labels SELECT l.label_set, ?, l.answer, l.origin, l.time FROM labels l WHERE l.photo = ?"
        " AND NOT EXISTS (SELECT 1 FROM labels o WHERE o.photo = ? AND o.label_set = l.label_set)",
        (heir, photo, heir),
    )


def _write(connection: sqlite3.Connection, label_set: LabelSetId, before: Before, labels: Iterable[Label]) -> None:
    """Replace all labels of the photos that `before` names."""
    old = {(label.photo, label.answer): label for label in before.labels}
    new = []
    for label in labels:
        known = old.get((label.photo, label.answer))
        if known is not None and known.origin is label.origin and known.time == label.time:
            del old[label.photo, label.answer]  # stays as it is
        else:
            new.append(label)
    connection.executemany(
        "DELETE FROM labels WHERE label_set = ? AND photo = ? AND answer = ?",
        [(label_set, photo, answer or NONE) for photo, answer in old],
    )
    connection.executemany(
        "INSERT INTO labels VALUES (?, ?, ?, ?, ?)",
        [(label_set, label.photo, label.answer or NONE, label.origin.value, label.time) for label in new],
    )


def _drop_answer(connection: sqlite3.Connection, answer: AnswerId) -> None:
    connection.execute("UPDATE answers SET removed = 1 WHERE id = ?", (answer,))


def _with_answers(connection: sqlite3.Connection, label_set: LabelSetId, wanted: Sequence[AnswerId]) -> list[PhotoId]:
    marks = ",".join("?" * len(wanted))
    rows = connection.execute(
        f"SELECT DISTINCT photo FROM labels WHERE label_set = ? AND answer IN ({marks})", (label_set, *wanted)
    )
    return [PhotoId(row[0]) for row in rows]


def _existing(connection: sqlite3.Connection, photos: Iterable[PhotoId]) -> list[PhotoId]:
    """Those of the photos that have a row, each once, in their order."""
    unique = list(dict.fromkeys(photos))
    found: set[int] = set()
    for part in in_parts(unique):
        rows = connection.execute(f"SELECT id FROM photos WHERE id IN ({','.join('?' * len(part))})", part)
        found.update(row[0] for row in rows)
    return [photo for photo in unique if photo in found]
