"""Labels and notes of photos. Every write returns what was there before, and `restore` puts exactly that back.

Labels hang on photo ids: they follow a photo wherever its file goes, stay while the file is missing, and go when the
photo's row does.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import answers as sets
from desktop_app.core.labelling import LOOKED_AT, AnswerId, Label, LabelSet, LabelSetId, Origin
from desktop_app.core.types import PhotoId

_MANY = 500  # bound variables in one statement
_NONE = 0  # the answer "none of these" as the catalogue holds it

ORIGINS = tuple(Origin)
"""What the numbers in `LabelTable.origins` stand for."""

_NUMBER_OF = {origin.value: at for at, origin in enumerate(ORIGINS)}
_IS_LOOKED_AT = np.array([origin in LOOKED_AT for origin in ORIGINS])

Item = TypeVar("Item")


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


@dataclass(frozen=True, slots=True)
class LabelTable:
    """Labels of a set as arrays of equal length, by photo.

    Attributes:
        photos: int64 (n,); in a set of tags a photo may occur several times.
        answers: int64 (n,), answer ids; -1 for "none of these".
        origins: int8 (n,), positions in `ORIGINS`.
        times: float64 (n,), seconds since 1970.
    """

    photos: npt.NDArray[np.int64]
    answers: npt.NDArray[np.int64]
    origins: npt.NDArray[np.int8]
    times: npt.NDArray[np.float64]

    @property
    def looked_at(self) -> npt.NDArray[np.bool_]:
        """Bool (n,): a person looked at it, so that it counts as evidence."""
        looked_at: npt.NDArray[np.bool_] = _IS_LOOKED_AT[self.origins]
        return looked_at


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """How many present photos have an answer (None: "none of these")."""

    answer: AnswerId | None
    looked_at: int
    bulk: int


# --- writing -------------------------------------------------------------------------------------------------


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


def _write(connection: sqlite3.Connection, label_set: LabelSetId, before: Before, labels: Iterable[Label]) -> None:
    """Replace all labels of the photos that `before` names."""
    old = dict.fromkeys(before.labels)
    new = dict.fromkeys(labels)
    connection.executemany(
        "DELETE FROM labels WHERE label_set = ? AND photo = ? AND answer = ?",
        ((label_set, label.photo, label.answer or _NONE) for label in old if label not in new),
    )
    connection.executemany(
        "INSERT INTO labels VALUES (?, ?, ?, ?, ?)",
        (
            (label_set, label.photo, label.answer or _NONE, label.origin.value, label.time)
            for label in new
            if label not in old
        ),
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
    for part in _parts(unique):
        rows = connection.execute(f"SELECT id FROM photos WHERE id IN ({','.join('?' * len(part))})", part)
        found.update(row[0] for row in rows)
    return [photo for photo in unique if photo in found]


def _parts(items: Sequence[Item]) -> Iterator[list[Item]]:
    return (list(items[start : start + _MANY]) for start in range(0, len(items), _MANY))


# --- reading -------------------------------------------------------------------------------------------------


def labels(connection: sqlite3.Connection, label_set: LabelSetId, *, missing: bool = False) -> LabelTable:
    """Every label of a set whose photo is shown; with `missing` also of photos whose files are gone."""
    rows = connection.execute(
        "SELECT l.photo, l.answer, l.origin, l.time FROM labels l JOIN photos p ON p.id = l.photo"
        " JOIN folders d ON d.id = p.folder"
        f" WHERE l.label_set = ? AND d.removed IS NULL{'' if missing else ' AND p.missing = 0'}"
        " ORDER BY l.photo, l.answer",
        (label_set,),
    ).fetchall()
    photos, answers, origins, times = zip(*rows, strict=True) if rows else ((), (), (), ())
    given = np.array(answers, np.int64)
    given[given == _NONE] = -1
    numbers = np.fromiter((_NUMBER_OF[origin] for origin in origins), np.int8, len(rows))
    return LabelTable(np.array(photos, np.int64), given, numbers, np.array(times, np.float64))


def counts(connection: sqlite3.Connection, label_set: LabelSetId) -> tuple[AnswerCount, ...]:
    """How many photos that are shown have each answer, in the answers' order, "none of these" last."""
    rows = connection.execute(
        "SELECT l.answer, l.origin, count(*) FROM labels l JOIN photos p ON p.id = l.photo"
        " JOIN folders d ON d.id = p.folder WHERE l.label_set = ? AND d.removed IS NULL AND p.missing = 0"
        " GROUP BY l.answer, l.origin",
        (label_set,),
    )
    found = {(answer, Origin(origin)): count for answer, origin, count in rows}
    order: list[AnswerId | None] = [answer.id for answer in sets.get_set(connection, label_set).answers]
    return tuple(
        AnswerCount(
            answer,
            sum(found.get((answer or _NONE, origin), 0) for origin in LOOKED_AT),
            found.get((answer or _NONE, Origin.BULK), 0),
        )
        for answer in [*order, None]
    )


def labels_of(
    connection: sqlite3.Connection, label_set: LabelSetId, photos: Sequence[PhotoId]
) -> dict[PhotoId, tuple[Label, ...]]:
    """The labels of some photos in one set; photos without any are left out."""
    found: dict[PhotoId, list[Label]] = {}
    for part in _parts(photos):
        rows = connection.execute(
            "SELECT photo, answer, origin, time FROM labels"
            f" WHERE label_set = ? AND photo IN ({','.join('?' * len(part))}) ORDER BY photo, answer",
            (label_set, *part),
        )
        for photo, answer, origin, moment in rows:
            found.setdefault(PhotoId(photo), []).append(_label(photo, answer, origin, moment))
    return {photo: tuple(of_photo) for photo, of_photo in found.items()}


def all_labels_of(
    connection: sqlite3.Connection, photos: Sequence[PhotoId]
) -> dict[PhotoId, Mapping[LabelSetId, tuple[Label, ...]]]:
    """The labels of some photos in every set that is in sight."""
    found: dict[PhotoId, dict[LabelSetId, tuple[Label, ...]]] = {}
    for part in _parts(photos):
        rows = connection.execute(
            "SELECT l.label_set, l.photo, l.answer, l.origin, l.time FROM labels l"
            " JOIN label_sets s ON s.id = l.label_set WHERE s.removed IS NULL"
            f" AND l.photo IN ({','.join('?' * len(part))}) ORDER BY l.photo, l.label_set, l.answer",
            part,
        )
        for label_set, photo, answer, origin, moment in rows:
            of_photo = found.setdefault(PhotoId(photo), {})
            in_set = of_photo.get(LabelSetId(label_set), ())
            of_photo[LabelSetId(label_set)] = (*in_set, _label(photo, answer, origin, moment))
    return dict(found)


_ORIGIN_OF = {origin.value: origin for origin in Origin}


def _label(photo: int, answer: int, origin: str, moment: float) -> Label:
    return Label(PhotoId(photo), AnswerId(answer) if answer else None, _ORIGIN_OF[origin], moment)


# --- notes ---------------------------------------------------------------------------------------------------


def set_note(connection: sqlite3.Connection, photo: PhotoId, text: str) -> str:
    """Keep a note with a photo; "" takes it away. Returns the note that was there."""
    before = notes(connection, [photo]).get(photo, "")
    text = text.strip()
    if not text:
        connection.execute("DELETE FROM notes WHERE photo = ?", (photo,))
    elif _existing(connection, [photo]):
        connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (photo, text))
    return before


def notes(connection: sqlite3.Connection, photos: Sequence[PhotoId]) -> dict[PhotoId, str]:
    """The notes of those of these photos that have one."""
    found: dict[PhotoId, str] = {}
    for part in _parts(photos):
        rows = connection.execute(f"SELECT photo, text FROM notes WHERE photo IN ({','.join('?' * len(part))})", part)
        found.update((PhotoId(photo), text) for photo, text in rows)
    return found
