"""Labels from folder names and from CSV files, and back into a CSV file.

What is written reads back as it was: a name that a spreadsheet would run as a formula has an apostrophe before it,
which reading takes away again.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from desktop_app.core.catalog import answers as sets
from desktop_app.core.catalog import labels, photos
from desktop_app.core.catalog.labels import Before
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import LOOKED_AT, NONE_OF_THESE, AnswerId, Kind, LabelSet, Origin
from desktop_app.core.library import Library
from desktop_app.core.operations.label_csv import guarded, read_rows, unguarded
from desktop_app.core.operations.label_paths import PhotoFinder, photos_below
from desktop_app.core.operations.labels import Written
from desktop_app.core.settings import write_atomically
from desktop_app.core.types import Order, PhotoId, Progress
from desktop_app.core.wording import count, printable

_TEXT = "Reading labels"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    Attributes:
        labelled: photos that have a label by it, also where they had the same one before.
        classes: photos per answer's name, in the answers' order.
        unknown: paths that are no photo of the library, as they were written.
        without: rows or photos for which no label was given.
        written: the change, with what undoes it.
    """

    labelled: int
    classes: dict[str, int]
    unknown: tuple[str, ...]
    without: int
    written: Written


def import_folders(
    library: Library, root: Path, name: str, kind: Kind = "classes", only: Iterable[str] = ()
) -> Generator[Progress, None, Imported]:
    """Label each photo under `root` with the name of the folder directly under `root` that it lies in.

    Every such folder is an answer, also one that holds something else, as “test” often does: name those that are meant
    in `only`.

    Args:
        library: the open library; it has to hold the photos already.
        root: the folder that holds one folder per answer.
        name: of the label set; it is made where there is none.
        kind: of a set that is made.
        only: the folders that are answers, in any case; photos in others get no label. () takes all.

    Raises:
        UserError: no photo of the library lies in a folder under `root`, or none in one of `only`.
    """
    yield Progress("")
    root = Path(os.path.abspath(root))
    pairs: list[tuple[PhotoId, str]] = []
    without = 0
    wanted = {sets.folded(one): one for one in only}
    found: set[str] = set()
    for photo, inside in photos_below(library.connection, root):
        folder = sets.folded(inside[0]) if len(inside) > 1 else None
        found |= {folder} if folder is not None else set()
        if folder is None or (wanted and folder not in wanted):
            without += 1
        else:
            pairs.append((photo, inside[0]))
    lacking = [f"“{printable(name)}”" for folded, name in wanted.items() if folded not in found]
    if lacking and (pairs or without):
        raise UserError(f"No photo of this library is in a folder {' or '.join(lacking)} of {root}.")
    if not pairs:
        if without:
            raise UserError(f"The photos of {root} are in no folders of their own, so there are no names to label by.")
        raise UserError(f"No photo of this library is in {root}. Add that folder first.")
    pairs.sort(key=lambda pair: photos.sort_name(os.fsencode(pair[1])))  # answers and keys as the folders are listed
    return _take(library, name, kind, [(photo, label, Origin.IMPORT) for photo, label in pairs], (), without)


def import_csv(library: Library, path: Path, name: str, kind: Kind = "classes") -> Generator[Progress, None, Imported]:
    """Label the photos that a CSV file names. Of a photo that is named twice the last label counts, or all tags.

    Paths are absolute, or relative to the file or to a folder of the library. A column `origin` that says "bulk"
    is believed: such labels were looked at by nobody.

    Args:
        library: the open library.
        path: the file.
        name: of the label set; it is made where there is none.
        kind: of a set that is made.

    Raises:
        UserError: the file cannot be read, or names no photo of the library.
    """
    yield Progress("")
    path = Path(os.path.abspath(path))
    rows = read_rows(path)
    finder = PhotoFinder(library.connection, path.parent)
    pairs: list[tuple[PhotoId, str, Origin]] = []
    unknown: list[str] = []
    without = 0
    for at, row in enumerate(rows):
        if at and at % 5000 == 0:
            yield Progress(_TEXT, at, len(rows))
        photo = finder.find(row.path)
        if photo is None and (plain := unguarded(row.path)) != row.path:
            photo = finder.find(plain)
        label = " ".join(unguarded(row.label.strip()).replace("\0", " ").split())
        if photo is None:
            unknown.append(printable(row.path))
        elif not label:
            without += 1
        else:
            pairs.append((photo, label, row.origin))
    if not pairs:
        if unknown:
            raise UserError(
                f"None of the {count(len(unknown), 'path')} in {path.name} is a photo of this library."
                if len(unknown) > 1
                else f"The path in {path.name} is no photo of this library.",
                "\n".join(unknown[:20]),
            )
        raise UserError(f"There are no labels in {path.name}. It needs rows with a path and a label.")
    return _take(library, name, kind, pairs, tuple(unknown), without)


def export_csv(library: Library, label_set: LabelSet, path: Path) -> int:
    """Write path, label, origin and time (UTC) of every label of a set; returns how many.

    Raises:
        UserError: the file cannot be written.
    """
    connection = library.connection
    if photos.by_path(connection, Path(os.path.abspath(path))) is not None:
        raise UserError(f"{path.name} is one of your photos. Choose another name.")
    table = labels.labels(connection, label_set.id, missing=True)
    names = {answer.id: answer.name for answer in label_set.answers}
    found = photos.fetch(connection, table.photos.tolist())
    place = {photo: at for at, photo in enumerate(photos.listed(connection, Order.NAME))}
    order = sorted(range(len(table.photos)), key=lambda at: place.get(int(table.photos[at]), len(place)))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["path", "label", "origin", "time"])
    for at in order:
        answer = int(table.answers[at])
        # names that are no text are shown with a replacement
        shown = os.fsencode(found[PhotoId(int(table.photos[at]))].path).decode("utf-8", "replace")
        label = NONE_OF_THESE if answer < 0 else names.get(AnswerId(answer), "")
        origin = labels.ORIGINS[table.origins[at]].value
        writer.writerow([guarded(shown), guarded(label), origin, moment(float(table.times[at]))])
    try:
        write_atomically(path, text.getvalue().encode("utf-8-sig"))
    except OSError as error:
        raise UserError(f"The labels could not be saved to {path.name}.", str(error)) from error
    return len(order)


def moment(seconds: float) -> str:
    """A label's time as files hold it: ISO 8601, UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _take(
    library: Library,
    set_name: str,
    kind: Kind,
    pairs: Sequence[tuple[PhotoId, str, Origin]],
    unknown: tuple[str, ...],
    without: int,
) -> Imported:
    """Put the labels in, in one transaction; the set and the answers that are lacking are made."""
    with library.database.transaction() as connection:
        found = sets.find_set(connection, set_name)
        made = found is None
        defined = found or sets.create_set(connection, set_name, kind)
        definition = defined
        names = dict.fromkeys(label for _, label, _ in pairs)
        ids = sets.need_answers(connection, defined.id, [name for name in names if not _is_none(defined, name)])
        answer_of = {name: ids.get(sets.folded(sets.clean_name(name))) for name in names}
        wanted = [(photo, answer_of[label], origin) for photo, label, origin in pairs]
        if defined.kind == "classes":
            wanted = list({photo: (photo, answer, origin) for photo, answer, origin in wanted}.values())
        held = labels.labels_of(connection, defined.id, [photo for photo, _, _ in wanted])
        same = {(photo, label.answer) for photo, own in held.items() for label in own if label.origin in LOOKED_AT}
        new = [one for one in wanted if one[:2] not in same]  # what says so already keeps its origin and time
        befores = [
            labels.put_labels(connection, defined.id, [one[:2] for one in new if one[2] is origin], origin)
            for origin in (Origin.IMPORT, Origin.BULK)
        ]
        defined = sets.get_set(connection, defined.id)
    before = Before(defined, removed=True) if made else _joined(definition, befores)
    counted = Counter(answer for _, answer, _ in wanted)
    classes = {answer.name: counted[answer.id] for answer in defined.answers if counted[answer.id]}
    if counted[None]:
        classes[NONE_OF_THESE] = counted[None]
    return Imported(
        len({photo for photo, _, _ in wanted}),
        classes,
        unknown,
        without,
        Written(labels=(defined.id,), before=before, label_set=defined),
    )


def _is_none(defined: LabelSet, label: str) -> bool:
    return sets.folded(label.strip()) == NONE_OF_THESE and sets.find_answer(defined, label) is None


def _joined(definition: LabelSet, befores: Iterable[Before]) -> Before:
    """Several writes in a row as one: of a photo that two of them touched, what was there first."""
    photos_before: dict[PhotoId, None] = {}
    labels_before = []
    for before in befores:
        labels_before += [label for label in before.labels if label.photo not in photos_before]
        photos_before.update(dict.fromkeys(before.photos))
    return replace(Before(definition, removed=False), photos=tuple(photos_before), labels=tuple(labels_before))
