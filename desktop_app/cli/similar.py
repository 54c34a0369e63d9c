"""`likeness similar`: the photos of a library most like one picture, or like several."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from desktop_app.cli.output import library_folder, print_json, print_text
from desktop_app.core import paths
from desktop_app.core.catalog import photos
from desktop_app.core.descriptors import Descriptor
from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import read_picture, single_threaded
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.compare_raw import nearest_raw
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.types import Hit, PhotoId, Pixels, Vectors
from desktop_app.core.wording import printable


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: a picture is missing or unreadable, or there is no library.
    """
    single_threaded()
    images = [Path(os.path.abspath(image)) for image in arguments.images]
    with Library(library_folder(arguments), writable=False) as library:
        descriptor = library.descriptor(arguments.descriptor or MAIN_LAYER)
        own = [photos.by_path(library.connection, image) for image in images]
        without = [photo for photo in own if photo is not None]
        with closing(Likeness(library, descriptor)) as likeness:
            vectors = [_vector(likeness, image, photo) for image, photo in zip(images, own, strict=True)]
            query = np.concatenate(vectors)
            if arguments.metric == "cosine":
                hits = likeness.best(query, arguments.limit, without)
            else:
                hits = nearest_raw(library, library.files(descriptor), query, arguments.limit, without)
            searchable = likeness.searchable
        if not searchable and photos.count_present(library.connection):
            raise UserError(_missing(library, descriptor))
        results = _results(library, hits)
    if library.remark:
        print(f"likeness: {library.remark}", file=sys.stderr)
    if arguments.json:
        print_json({"results": results})
    else:
        for result in results:
            print_text(f"{result['score']:.4f}  {printable(result['path'])}")
    return 0


def _missing(library: Library, descriptor: Descriptor) -> str:
    if descriptor == Descriptor(library.network.name, MAIN_LAYER):
        return "The photos of this library have to be read again first: run “likeness index” on it."
    return (
        f"The photos of this library are not comparable by {descriptor} yet: run “likeness index FOLDER "
        f"--descriptor {descriptor}” first."
    )


def _vector(likeness: Likeness, image: Path, photo: PhotoId | None) -> Vectors:
    """The stored vector of a photo of the library, else that of the picture read now."""
    if photo is not None:
        try:
            return likeness.embeddings([photo])
        except UserError:
            pass  # known, but not described by this yet
    return likeness.embed(_read(image, likeness.decode_side))


def _read(image: Path, short_side: int) -> Pixels:
    if not paths.exists(image):
        raise UserError(f"There is no file at {image}.")
    try:
        return read_picture(image, short_side=short_side).pixels
    except UserError as error:
        raise UserError(f"{image}: {error}", error.details) from error


def _results(library: Library, hits: list[Hit]) -> list[dict[str, Any]]:
    found = photos.fetch(library.connection, [hit.photo for hit in hits])
    return [{"path": str(found[hit.photo].path), "score": round(hit.score, 6)} for hit in hits if hit.photo in found]
