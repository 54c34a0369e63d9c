"""Labelled photos as data sets for other programs: folders of copies, COCO, and the YOLO classification layout.

Originals are only ever read. Stopped half-way, whole copies stay and no half ones.
"""

from __future__ import annotations

import os
import random
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.core.catalog import labels, photos
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import LOOKED_AT, NONE_OF_THESE, AnswerId, Label, LabelSet
from desktop_app.core.library import Library
from desktop_app.core.operations.copies import copy_all, refuse_full, refuse_inside, safe_name, save_json
from desktop_app.core.types import Photo, PhotoId, Progress


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote.

    Attributes:
        folder: where it lies.
        photos: photos that are in it.
        failed: photos whose files could not be read.
    """

    folder: Path
    photos: int
    failed: tuple[Path, ...]


def export_folders(
    library: Library, label_set: LabelSet, target: Path, *, bulk: bool = True
) -> Generator[Progress, None, Exported]:
    """Copy each labelled photo into a folder named like its answer; one with several tags into several.

    What is in `target` already stays: another file of the same name gets a number behind its own.

    Args:
        library: the open library.
        label_set: whose labels.
        target: the folder that will hold one folder per answer; made when absent.
        bulk: also photos whose answer is a guess taken in bulk.

    Raises:
        UserError: nothing is labelled, the folder lies in a folder of the library, or it cannot be written.
    """
    material = _material(library, label_set, bulk=bulk)
    names: dict[AnswerId | None, str] = {None: safe_name(NONE_OF_THESE)}
    names |= dict(folder_names(label_set).items())
    places = [(photo, target / names[label.answer]) for photo, own in material for label in own]
    refuse_inside(library, {place for _, place in places})
    copied, failed = yield from copy_all(places, target, fresh=False)
    return Exported(target, len(copied), failed)


def export_yolo(
    library: Library,
    label_set: LabelSet,
    target: Path,
    *,
    share: float = 0.2,
    seed: int = 0,
    groups: Mapping[PhotoId, int] | None = None,
    bulk: bool = False,
) -> Generator[Progress, None, Exported]:
    """Copy labelled photos as `train/ANSWER/` and `val/ANSWER/`, as YOLO's classifiers read them.

    Files that are equal to the byte, and photos of one group, stay on the same side. "None of these" is no class and
    left out. `split.json` in the folder states seed, share and counts.

    Args:
        library: the open library.
        label_set: whose labels; its answers exclude one another.
        target: an empty or absent folder.
        share: of each answer's photos for `val`.
        seed: of the split; the same labels and seed give the same split.
        groups: near-duplicates by photo, so that they are not on both sides; None when they were not looked for.
        bulk: also guesses taken in bulk.

    Raises:
        UserError: as `export_folders`; or the folder is not empty, or the set is one of tags.
    """
    if label_set.kind != "classes":
        raise UserError("This layout holds one answer per photo. Export tags as COCO or CSV.")
    material = [(photo, own[0]) for photo, own in _material(library, label_set, bulk=bulk) if own[0].answer is not None]
    if not material:
        raise UserError(f"No photo has an answer in “{label_set.name}” yet.")
    refuse_full(target)
    names = folder_names(label_set)
    sides = split(
        {photo.id: label.answer for photo, label in material if label.answer is not None},
        {photo.id: photo.content for photo, _ in material},
        share,
        seed,
        groups,
    )
    places = [
        (photo, target / sides[photo.id] / names[label.answer]) for photo, label in material if label.answer is not None
    ]
    refuse_inside(library, {target, *(place for _, place in places)})
    copied, failed = yield from copy_all(places, target, fresh=True)
    classes: dict[str, dict[str, int]] = {name: {"train": 0, "val": 0} for name in names.values()}
    for photo, copy in copied:
        classes[copy.parent.name][sides[photo.id]] += 1
    about = {
        "label_set": label_set.name,
        "seed": seed,
        "share_for_val": share,
        "near_duplicates": "on one side" if groups is not None else "not looked for; equal files are on one side",
        "classes": {name: of_class for name, of_class in classes.items() if any(of_class.values())},
    }
    save_json(target / "split.json", about)
    return Exported(target, len(copied), failed)


def export_coco(
    library: Library, label_set: LabelSet, target: Path, *, copies: bool = True, bulk: bool = False
) -> Generator[Progress, None, Exported]:
    """Write `annotations.json` in COCO's format with one annotation, the size of the photo, per label.

    A photo that is none of these stands among the images without an annotation.

    Args:
        library: the open library.
        label_set: whose labels.
        target: an empty or absent folder.
        copies: copy the photos to `images/`; else `file_name` is the path of the original.
        bulk: also guesses taken in bulk.

    Raises:
        UserError: as `export_folders`; or the folder is not empty.
    """
    material = _material(library, label_set, bulk=bulk)
    refuse_full(target)
    failed: tuple[Path, ...] = ()
    if copies:
        refuse_inside(library, {target})
        copied, failed = yield from copy_all([(photo, target / "images") for photo, _ in material], target, fresh=True)
        file_of = {photo.id: f"images/{copy.name}" for photo, copy in copied}
    else:
        yield Progress("Writing labels")
        file_of = {photo.id: os.fspath(photo.path) for photo, _ in material}
    material = [(photo, own) for photo, own in material if photo.id in file_of]
    save_json(target / "annotations.json", _coco(label_set, material, file_of))
    return Exported(target, len(material), failed)


def split(
    answers: Mapping[PhotoId, AnswerId],
    contents: Mapping[PhotoId, bytes],
    share: float,
    seed: int,
    groups: Mapping[PhotoId, int] | None = None,
) -> dict[PhotoId, str]:
    """Say "train" or "val" for each photo: of each answer about `share` go to val, but never all.

    Equal contents and groups are not torn apart. The order of the arguments makes no difference.
    """
    bundle_of = _bundles(contents, groups or {})
    bundles: dict[int, list[PhotoId]] = {}
    for photo in sorted(answers):
        bundles.setdefault(bundle_of[photo], []).append(photo)
    sides: dict[PhotoId, str] = {}
    for answer in sorted(set(answers.values())):
        own = [members for members in bundles.values() if any(answers[one] == answer for one in members)]
        random.Random(f"{seed} {answer}").shuffle(own)
        have = sum(answers[one] == answer for members in own for one in members)
        wanted = min(max(round(share * have), 1 if share > 0 else 0), have - 1)
        given = sum(sides.get(one) == "val" and answers[one] == answer for members in own for one in members)
        for members in own:
            if members[0] in sides:
                continue
            size = sum(answers[one] == answer for one in members)
            side = "val" if given + size <= wanted else "train"
            given += size if side == "val" else 0
            sides.update(dict.fromkeys(members, side))
    return sides


def _bundles(contents: Mapping[PhotoId, bytes], groups: Mapping[PhotoId, int]) -> dict[PhotoId, int]:
    """A number per photo; photos that share a content or a group, directly or through others, share it."""
    parent: dict[PhotoId, PhotoId] = {photo: photo for photo in contents}

    def top(photo: PhotoId) -> PhotoId:
        while parent[photo] != photo:
            parent[photo] = photo = parent[parent[photo]]
        return photo

    first: dict[object, PhotoId] = {}
    for photo in sorted(contents):
        for mark in (contents[photo], groups.get(photo)):
            if mark is not None:
                parent[top(photo)] = top(first.setdefault(mark, photo))
    return {photo: int(top(photo)) for photo in contents}


def folder_names(label_set: LabelSet) -> dict[AnswerId, str]:
    """A folder for each answer, different also where case does not count."""
    taken = {safe_name(NONE_OF_THESE).casefold()}
    names: dict[AnswerId, str] = {}
    for answer in label_set.answers:
        plain = wish = safe_name(answer.name)
        number = 1
        while wish.casefold() in taken:
            number += 1
            wish = f"{plain} ({number})"
        taken.add(wish.casefold())
        names[answer.id] = wish
    return names


def _material(library: Library, label_set: LabelSet, *, bulk: bool) -> list[tuple[Photo, tuple[Label, ...]]]:
    """The labelled photos that are shown, by path."""
    connection = library.connection
    table = labels.labels(connection, label_set.id)
    ids = [PhotoId(one) for one in dict.fromkeys(table.photos.tolist())]
    found = photos.fetch(connection, ids)
    own = labels.labels_of(connection, label_set.id, ids)
    material = [
        (photo, tuple(label for label in own[id_] if bulk or label.origin in LOOKED_AT))
        for id_, photo in found.items()
        if id_ in own
    ]
    material = sorted(((photo, of_photo) for photo, of_photo in material if of_photo), key=lambda pair: pair[0].path)
    if not material:
        raise UserError(f"No photo is labelled in “{label_set.name}” yet.")
    return material


def _coco(
    label_set: LabelSet, material: Sequence[tuple[Photo, tuple[Label, ...]]], file_of: Mapping[PhotoId, str]
) -> dict[str, Any]:
    number_of = {answer.id: at for at, answer in enumerate(label_set.answers, 1)}
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for at, (photo, own) in enumerate(material, 1):
        name = os.fsencode(file_of[photo.id]).decode("utf-8", "replace")
        taken = {} if photo.taken is None else {"date_captured": photo.taken.isoformat(" ", "seconds")}
        images.append({"id": at, "file_name": name, "width": photo.width, "height": photo.height, **taken})
        annotations += [
            {
                "id": len(annotations) + number,
                "image_id": at,
                "category_id": number_of[label.answer],
                "bbox": [0, 0, photo.width, photo.height],
                "area": photo.width * photo.height,
                "iscrowd": 0,
                "segmentation": [],
            }
            for number, label in enumerate((label for label in own if label.answer is not None), 1)
            if label.answer is not None
        ]
    return {
        "info": {"description": label_set.name, "version": "1.0", "contributor": "Likeness"},
        "licenses": [],
        "images": images,
        "categories": [
            {"id": number_of[answer.id], "name": answer.name, "supercategory": label_set.name}
            for answer in label_set.answers
        ],
        "annotations": annotations,
    }
