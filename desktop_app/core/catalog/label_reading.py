"""Labels as views, filters and training read them: of a whole set as arrays, of some photos as values."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import answers as sets
from desktop_app.core.labelling import LOOKED_AT, AnswerId, Label, LabelSetId, Origin
from desktop_app.core.types import PhotoId

NONE = 0
"""The answer "none of these" as the catalogue holds it."""

_MANY = 500  # bound variables in one statement

Item = TypeVar("Item")

ORIGINS = tuple(Origin)
"""What the numbers in `LabelTable.origins` stand for."""

_NUMBER_OF = {origin.value: at for at, origin in enumerate(ORIGINS)}
_IS_LOOKED_AT = np.array([origin in LOOKED_AT for origin in ORIGINS])


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
    given[given == NONE] = -1
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
            sum(found.get((answer or NONE, origin), 0) for origin in LOOKED_AT),
            found.get((answer or NONE, Origin.BULK), 0),
        )
        for answer in [*order, None]
    )


def labels_of(
    connection: sqlite3.Connection, label_set: LabelSetId, photos: Sequence[PhotoId]
) -> dict[PhotoId, tuple[Label, ...]]:
    """The labels of some photos in one set; photos without any are left out."""
    found: dict[PhotoId, list[Label]] = {}
    for part in in_parts(photos):
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
    for part in in_parts(photos):
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


def in_parts(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Items in lists that one statement takes."""
    return (list(items[start : start + _MANY]) for start in range(0, len(items), _MANY))
