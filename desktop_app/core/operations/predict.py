"""The answers a classifier gives: to photos of the library, or to pictures from anywhere."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from desktop_app.core import paths
from desktop_app.core.catalog import features, photos
from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import read_picture
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.labelling import LabelSetId
from desktop_app.core.learn.unknown import SURE
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.classifier import kept
from desktop_app.core.operations.guess import Guesses, guess_all
from desktop_app.core.operations.novelty import Novelty
from desktop_app.core.types import Photo, PhotoId, Progress, Vectors

_MANY = 2_000
_TEXT = "Looking at pictures"


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer a classifier gives to one picture: always its best, however unsure."""

    path: Path
    label: str
    probability: float  # 0 to 1
    sure: bool  # at least 60 % and not unlike anything learnt


def predict_all(library: Library, set_id: LabelSetId) -> Generator[Progress, None, list[Prediction]]:
    """The answers to every photo of the library, in the order in which photos came in.

    Raises:
        UserError: nothing was learnt, or it does not fit any more; no photo has been read yet.
    """
    classifier = kept(library, set_id)
    guesses: Guesses = yield from guess_all(library, classifier, "all")
    if not len(guesses) and photos.count_present(library.connection):
        raise UserError("The photos of this library have to be read again: run “likeness index” on it.")
    found: list[Prediction] = []
    for start in range(0, len(guesses), _MANY):
        part = range(start, min(start + _MANY, len(guesses)))
        known = photos.fetch(library.connection, guesses.photos[part.start : part.stop].tolist())
        for place in part:
            guess = guesses.at(place)
            photo = known.get(guess.photo)
            if photo is not None:  # else it went meanwhile
                found.append(Prediction(photo.path, guess.name, guess.probability, guess.sure))
        yield Progress(_TEXT, part.stop, len(guesses))
    return found


def predict_pictures(
    library: Library, set_id: LabelSetId, images: Sequence[Path]
) -> Generator[Progress, None, list[Prediction]]:
    """The answers to some pictures, in their order; they need not be in the library.

    Raises:
        UserError: nothing was learnt, or it does not fit any more; a picture is missing or cannot be read.
    """
    classifier = kept(library, set_id)
    store = library.reading_store()
    found: list[Prediction] = []
    novelty = Novelty(library, store, classifier)
    judge = classifier.judging()
    try:
        for done, image in enumerate(images):
            yield Progress(_TEXT, done, len(images))
            block = features_of(library, store, classifier.layers, image)
            probabilities = judge(block)
            unknown = novelty.of_embeddings(block[MAIN_LAYER])
            best = int(probabilities[0].argmax())
            probability = float(probabilities[0, best])
            sure = probability >= SURE and not bool(unknown[0])
            found.append(Prediction(image, classifier.classes[best], probability, sure))
    finally:
        store.close()
    return found


def features_of(library: Library, store: VectorStore, layers: Sequence[str], image: Path) -> dict[str, Vectors]:
    """These layers and the embedding of one picture, float32 (1, d) each.

    What is stored of a photo of the library if its file is as it was then, else what the network sees now.

    Raises:
        UserError: the picture is missing or cannot be read.
    """
    if not paths.exists(image):
        raise UserError(f"There is no file at {image}.")
    wanted = list(dict.fromkeys([*layers, MAIN_LAYER]))
    own = photos.by_path(library.connection, image)
    if own is not None and _unchanged(library, own, image):
        positions, _ = features.positions_of(library.connection, library.network.key, [own])
        if len(positions) and positions[0] < store.rows:
            return {layer: store.read(layer, positions) for layer in wanted}
    try:
        picture = read_picture(image, short_side=library.network.decode_side)
    except UserError as error:
        raise UserError(f"{image}: {error}", error.details) from error
    engine = library.engine
    made: dict[str, Vectors] = engine.run(engine.prepare(picture.pixels)[np.newaxis], wanted)
    return made


def _unchanged(library: Library, own: PhotoId, image: Path) -> bool:
    photo: Photo | None = photos.fetch(library.connection, [own]).get(own)
    try:
        state = image.stat()
        modified = datetime.fromtimestamp(state.st_mtime_ns // 1_000_000_000)
    except (OSError, OverflowError, ValueError):  # gone, or a time that no calendar holds
        return False
    return photo is not None and photo.size == state.st_size and photo.modified == modified
