"""How what was learnt of a label set is kept with the library and read back: classifiers and tags alike.

It lies in `heads/<set>/<number>/`; a new one is written beside the old one and takes over by one rename, so that a
kill at any instant leaves one that is whole. It names answers by id: a renamed answer keeps its photos, one that was
merged or removed makes what was learnt refuse rather than answer something that is no longer there.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

from desktop_app.core.errors import UserError
from desktop_app.core.index.files import DAMAGED, sync_folder
from desktop_app.core.labelling import AnswerId, LabelSet, LabelSetId
from desktop_app.core.library import Library, write_error
from desktop_app.core.operations.classifier_files import numbers, place_of
from desktop_app.core.operations.evidence import set_of

Learnt = TypeVar("Learnt")


def present_names(
    library: Library, set_id: LabelSetId, network: str, answers: Sequence[AnswerId], classes: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """What a label set and its answers are called now.

    Args:
        library: the open library.
        set_id: the set that something was learnt of.
        network: key of the network that it was learnt with.
        answers: its classes, by id.
        classes: the names that they had.

    Raises:
        UserError: the set or one of the answers is no longer there, or the photos are compared another way now.
    """
    label_set = set_of(library, set_id)
    if network != library.network.key:
        raise UserError(f"“{label_set.name}” was learnt with another way to compare. Learn it again.")
    names = {answer.id: answer.name for answer in label_set.answers}
    for answer, name in zip(answers, classes, strict=True):
        if answer not in names:
            kind = "a tag" if label_set.kind == "tags" else "an answer"
            raise UserError(f"“{name}” is no longer {kind} of “{label_set.name}”. Learn it again.")
    return label_set.name, tuple(names[answer] for answer in answers)


def replace_kept(library: Library, set_id: LabelSetId, fill: Callable[[Path], None]) -> None:
    """Keep something that was learnt of a set in place of what was kept before.

    Args:
        library: the open library, writable.
        set_id: the label set.
        fill: puts the files into a folder that it is given.

    Raises:
        UserError: the library cannot be written.
    """
    place = place_of(library, set_id)
    try:
        number = max(numbers(place), default=0) + 1
        made = place / f"{number:06d}.part"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        fill(made)
        made.rename(place / f"{number:06d}")
        sync_folder(place)
    except OSError as error:
        raise write_error(error, library.folder) from error
    for old in place.iterdir():
        if old.name != f"{number:06d}":
            shutil.rmtree(old, ignore_errors=True)


def read_kept(library: Library, label_set: LabelSet, read: Callable[[Path], Learnt], nothing: str) -> Learnt:
    """What was last kept of a set and is whole.

    Usually there is one folder; there are two where the last one was being put away when the program ended.

    Args:
        library: the open library.
        label_set: which set.
        read: makes it of a folder.
        nothing: what is said where there is none.

    Raises:
        UserError: there is none, or none of them can be read; and what `read` says.
    """
    place = place_of(library, label_set.id)
    problem = UserError(nothing)
    for number in sorted(numbers(place), reverse=True):
        try:
            return read(place / f"{number:06d}")
        except DAMAGED as error:
            problem = UserError(f"What was learnt of “{label_set.name}” cannot be read. Learn it again.", str(error))
    raise problem


def write_json(stream: BinaryIO, value: dict[str, object]) -> None:
    """Put a JSON object into a file."""
    stream.write(json.dumps(value, indent=1).encode())
