"""Sorting a folder with a classifier that was handed over: a CSV and, if wanted, copies by answer. Nothing is moved."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from desktop_app.core.errors import Unreadable, UserError
from desktop_app.core.handover.class_folders import ClassFolders, free_name
from desktop_app.core.handover.files import write_for_others, writing
from desktop_app.core.handover.open import OpenedClassifier
from desktop_app.core.handover.parts import Floats
from desktop_app.core.images.decode import read_picture
from desktop_app.core.images.scan import FoundFile, NotRead, scan
from desktop_app.core.operations.ahead import in_order
from desktop_app.core.operations.label_csv import guarded
from desktop_app.core.operations.pipeline import cores
from desktop_app.core.types import Progress, Skipped

NOT_SURE = "not sure"
"""The folder for copies of photos whose best answer is below what counts as sure."""

_HEADER = ("path", "label", "probability", "sure")


@dataclass(frozen=True, slots=True)
class Sorted:
    """What came of it.

    Attributes:
        csv: the file with one row per photo.
        copies: the folder of copies, or None.
        counts: photos per class, by the best answer, and how many of all were not sure.
        not_sure: photos whose best answer is below what counts as sure.
        skipped: pictures that could not be read or copied.
    """

    csv: Path
    copies: Path | None
    counts: dict[str, int]
    not_sure: int
    skipped: tuple[Skipped, ...]


def sort_folder(
    classifier: OpenedClassifier, folder: Path, out_csv: Path, copies: Path | None = None, *, workers: int = 0
) -> Generator[Progress, None, Sorted]:
    """Give every picture below a folder its answer.

    Stopped, the rows and copies made so far are kept.

    Args:
        classifier: of `open_classifier`.
        folder: with the pictures, and its subfolders.
        out_csv: columns path, label (always the best class), probability, sure (yes or no); UTF-8 with a mark that
            spreadsheets know it by.
        copies: where copies go, in a folder per class and one for those that are not sure; None makes none.
        workers: pictures at once; 0 for one per core.

    Raises:
        UserError: a folder is missing or cannot be written, the disk is full, or the copies would lie among the photos.
    """
    if copies is not None and _inside(copies, folder):
        raise UserError("The copies would lie among the photos. Choose a folder outside of them.", str(copies))
    yield Progress("Looking for photos")
    root = Path(os.path.abspath(folder))
    skipped: list[Skipped] = []
    files: list[Path] = []
    for count, found in enumerate(scan(root)):
        if isinstance(found, FoundFile):
            files.append(_path(root, found.relative))
        elif isinstance(found, NotRead):
            skipped.append(Skipped(_path(root, found.relative), found.reason, found.details))
        if count % 1000 == 999:
            yield Progress("Looking for photos", len(files))
    files.sort()
    rows: list[tuple[str, str, str, str]] = []
    counts = dict.fromkeys(classifier.classes, 0)
    places = None if copies is None else ClassFolders(copies, (*classifier.classes, NOT_SURE))
    not_sure = 0
    try:
        for path, answer in _answers(classifier, files, workers or cores()):
            yield Progress("Sorting photos", len(rows) + len(skipped), len(files))
            if isinstance(answer, Unreadable):
                skipped.append(Skipped(path, answer.reason, answer.details))
                continue
            best = int(answer.argmax())
            probability, label = float(answer[best]), classifier.classes[best]
            sure = probability >= classifier.about.sure
            counts[label] += 1
            not_sure += not sure
            rows.append((str(path), guarded(label), f"{probability:.6f}", "yes" if sure else "no"))
            if places is not None:
                with writing(places.folder(label) / path.name):
                    _copy(path, places.folder(label if sure else NOT_SURE))
    finally:
        # also when it is stopped: what is done is kept
        with writing(out_csv):
            write_for_others(out_csv, _csv(rows))
    return Sorted(out_csv, copies, counts, not_sure, tuple(skipped))


def _answers(
    classifier: OpenedClassifier, files: list[Path], workers: int
) -> Generator[tuple[Path, Floats | Unreadable], None, None]:
    """Each file's probabilities, float32 (classes,), in the order of the files."""

    def answer(path: Path) -> tuple[Path, Floats | Unreadable]:
        return path, _answer(classifier, path)

    with ThreadPoolExecutor(workers, "sort") as pool:
        yield from in_order(pool, answer, files, 2 * workers)


def _answer(classifier: OpenedClassifier, path: Path) -> Floats | Unreadable:
    try:
        # reduced while it is decoded, as the library's own photos are; the file's preparation leaves it as it is
        pixels = read_picture(path).pixels
    except Unreadable as error:
        return error
    found: Floats = classifier.probabilities(pixels[np.newaxis])[0]
    return found


def _copy(path: Path, folder: Path) -> None:
    """A copy under a name that is free; a kill leaves no half of one under that name."""
    folder.mkdir(parents=True, exist_ok=True)
    target = free_name(folder, path.name)
    half = target.with_name(target.name + ".part")
    try:
        shutil.copy2(path, half)
        half.replace(target)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def _csv(rows: list[tuple[str, str, str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    writer.writerows(rows)
    # names that are no text keep their bytes
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "surrogateescape")


def _path(root: Path, relative: bytes) -> Path:
    return root / PurePosixPath(os.fsdecode(relative))


def _inside(inner: Path, outer: Path) -> bool:
    return Path(os.path.realpath(inner)).is_relative_to(os.path.realpath(outer))
