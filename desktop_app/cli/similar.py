"""`likeness similar`: the photos of a library most like one picture, or like several."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np

from desktop_app.cli.output import library_folder, print_json, print_text
from desktop_app.core import paths
from desktop_app.core.catalog import features, photos
from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import read_picture, single_threaded
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.compare_raw import nearest_raw, stored_features
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.types import Hit, PhotoId, Vectors
from desktop_app.core.wording import printable


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: a picture is missing or unreadable, or there is no library.
    """
    single_threaded()
    images = [Path(os.path.abspath(image)) for image in arguments.images]
    with Library(library_folder(arguments), writable=False) as library:
        layer = _layer(library, arguments.descriptor)
        own = [photos.by_path(library.connection, image) for image in images]
        without = [photo for photo in own if photo is not None]
        if layer == MAIN_LAYER and arguments.metric == "cosine":
            likeness = Likeness(library)
            query = np.concatenate(
                [_embedding(likeness, image, photo) for image, photo in zip(images, own, strict=True)]
            )
            hits = likeness.best(query, arguments.limit, without)
            searchable = likeness.searchable
            likeness.close()
        else:
            queries = [_features(library, image, photo, layer) for image, photo in zip(images, own, strict=True)]
            hits = nearest_raw(library, layer, np.concatenate(queries), arguments.limit, without, arguments.metric)
            searchable = len(hits) or len(features.positions(library.connection, library.network.key)[0])
        if not searchable and photos.count_present(library.connection):
            raise UserError("The photos of this library have to be read again first: run “likeness index” on it.")
        results = _results(library, hits)
    if arguments.json:
        print_json({"results": results})
    else:
        for result in results:
            print_text(f"{result['score']:.4f}  {printable(result['path'])}")
    return 0


def _layer(library: Library, descriptor: str) -> str:
    network, _, layer = descriptor.rpartition(":")
    if descriptor == library.network.name:
        return MAIN_LAYER
    if network and network != library.network.name:
        raise UserError(f"This library compares by {library.network.name}, not by {network}.")
    return library.network.layer(layer).name if layer else MAIN_LAYER


def _embedding(likeness: Likeness, image: Path, photo: PhotoId | None) -> Vectors:
    """The stored embedding of a photo of the library, else that of the picture read now."""
    if photo is not None:
        try:
            return likeness.embeddings([photo])
        except UserError:
            pass  # known, but not embedded with this network yet
    return likeness.embed(_read(image))


def _features(library: Library, image: Path, photo: PhotoId | None, layer: str) -> Vectors:
    if photo is not None:
        stored = stored_features(library, layer, photo)
        if stored is not None:
            return stored
    engine = library.engine
    features: dict[str, Vectors] = engine.run(engine.prepare(_read(image))[np.newaxis], [layer])
    return features[layer]


def _read(image: Path) -> Any:
    if not paths.exists(image):
        raise UserError(f"There is no file at {image}.")
    try:
        return read_picture(image).pixels
    except UserError as error:
        raise UserError(f"{image}: {error}", error.details) from error


def _results(library: Library, hits: list[Hit]) -> list[dict[str, Any]]:
    found = photos.fetch(library.connection, [hit.photo for hit in hits])
    return [{"path": str(found[hit.photo].path), "score": round(hit.score, 6)} for hit in hits if hit.photo in found]
