"""Learning the tags of a label set, and guessing them.

A tag that a photo has is a yes. A photo that a person looked at in this set and that has it not is a no: one with
another tag, or with "none of these". A tag taken in bulk is neither.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import features, labels, photos
from desktop_app.core.errors import UserError
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.labelling import AnswerId, LabelSet, LabelSetId
from desktop_app.core.learn.groups import grouping
from desktop_app.core.learn.layers import layers_of
from desktop_app.core.learn.tags import FEWEST, YES, Marks, learnable, train_tags
from desktop_app.core.learn.train import paced
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.evidence import MOST, Ids, read_features, set_of
from desktop_app.core.operations.predict import features_of
from desktop_app.core.operations.tag_classifier import TagClassifier, keep_tags, kept_tags
from desktop_app.core.types import PhotoId, Positions, Progress

_CHUNK = 2048
_MANY = 2_000
_TEXT = "Guessing tags"


@dataclass(frozen=True, slots=True, eq=False)
class TagGuesses:
    """How probable each tag is for some photos.

    Attributes:
        answers: of the columns of `probabilities`, `classes` their names.
        photos: int64 (n,).
        probabilities: float32 (n, T); rows do not sum to 1.
    """

    set: LabelSetId
    answers: tuple[AnswerId, ...]
    classes: tuple[str, ...]
    photos: Ids
    probabilities: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.photos)

    def with_tag(self, answer: AnswerId, least: float = YES) -> tuple[PhotoId, ...]:
        """The photos that are given a tag, the surest first."""
        column = self.probabilities[:, self.answers.index(answer)]
        places = np.flatnonzero(column >= least)
        return tuple(PhotoId(one) for one in self.photos[places[np.argsort(-column[places], kind="stable")]].tolist())


@dataclass(frozen=True, slots=True)
class TagPrediction:
    """The tags of one picture; `probabilities` holds every tag, `labels` those from 50 % on."""

    path: Path
    probabilities: Mapping[str, float]

    @property
    def labels(self) -> tuple[str, ...]:
        """The tags it is given, the surest first."""
        given = [(name, share) for name, share in self.probabilities.items() if share >= YES]
        return tuple(name for name, _ in sorted(given, key=lambda pair: -pair[1]))


def train_tag_set(
    library: Library, set_id: LabelSetId, *, head: str = "auto", layer: str = "auto"
) -> Generator[Progress, None, TagClassifier]:
    """Learn a set of tags and keep what was learnt with the library.

    Args:
        library: the open library, writable.
        set_id: which set.
        head: "auto" or "softmax", which is logistic regression here.
        layer: "auto", a layer's name, or several joined by "+".

    Raises:
        UserError: too few labels; no such head or layer; the tags changed meanwhile; the library cannot be written.
    """
    if head not in ("auto", "softmax"):
        raise UserError("Tags are learnt by logistic regression only: choose “auto” or “softmax”.")
    label_set = set_of(library, set_id)
    names = [one.name for one in library.network.layers]
    if layer != "auto":
        names = [library.network.layer(name).name for name in layers_of(layer)]
    store = library.reading_store()
    try:
        ids, positions, marks = _marks(library, label_set, store)
        wanted = learnable(marks)
        _check_enough(label_set, marks, wanted)
        found = yield from read_features(store, list(dict.fromkeys([*names, MAIN_LAYER])), positions)
    finally:
        store.close()
    contents = photos.contents(library.connection, ids.tolist())
    alike = grouping(found[MAIN_LAYER], [contents.get(photo, b"") for photo in ids.tolist()])
    groups = yield from paced(alike, "Learning from your labels")
    chosen = [answer for answer, use in zip(label_set.answers, wanted.tolist(), strict=True) if use]
    trained = yield from train_tags(
        {name: found[name] for name in names}, marks[:, wanted], groups, [one.name for one in chosen], layer=layer
    )
    learnt = TagClassifier(
        set_id,
        label_set.name,
        library.network.key,
        tuple(one.id for one in chosen),
        tuple(one.name for one in chosen),
        trained,
        len(ids),
        tuple(answer.name for answer, use in zip(label_set.answers, wanted.tolist(), strict=True) if not use),
    )
    return keep_tags(library, learnt)


def _marks(library: Library, label_set: LabelSet, store: VectorStore) -> tuple[Ids, Positions, Marks]:
    """Photos that a person looked at, the rows of their vectors, and which tags they have."""
    table = labels.labels(library.connection, label_set.id, missing=True)
    looked = table.looked_at
    ids = np.unique(table.photos[looked])
    positions, ids = features.positions_of(library.connection, library.network.key, ids.tolist())
    inside = positions < (store.refresh() if positions.max(initial=-1) >= store.rows else store.rows)
    positions, ids = positions[inside], ids[inside]
    if len(ids) > MOST:
        some = np.sort(np.random.default_rng(0).permutation(len(ids))[:MOST])
        positions, ids = positions[some], ids[some]
    marks = np.zeros((len(ids), len(label_set.answers)), np.int8)
    here = np.isin(table.photos, ids)
    for at, answer in enumerate(label_set.answers):
        own = here & (table.answers == answer.id)
        marks[np.searchsorted(ids, table.photos[own & ~looked]), at] = -1
        marks[np.searchsorted(ids, table.photos[own & looked]), at] = 1
    return ids, positions, marks


def _check_enough(label_set: LabelSet, marks: Marks, wanted: npt.NDArray[np.bool_]) -> None:
    if not len(marks):
        raise UserError(f"No photo has a tag of “{label_set.name}” yet. Tag a few, then learn.")
    if not wanted.any():
        raise UserError(
            f"Too few labels to learn from: a tag of “{label_set.name}” needs {FEWEST} photos that have it and "
            f"{FEWEST} that were looked at and have it not."
        )


def guess_tags(
    library: Library, learnt: TagClassifier, *, everything: bool = False
) -> Generator[Progress, None, TagGuesses]:
    """How probable the tags are for photos that have no label of the set, or for every photo.

    Raises:
        UserError: the vectors were lost meanwhile, or a tag is no longer there.
    """
    learnt = learnt.checked(library)
    store = library.reading_store()
    try:
        positions, ids = features.positions(library.connection, library.network.key)
        inside = positions < store.rows
        if not everything:
            inside &= ~np.isin(ids, labels.labels(library.connection, learnt.set).photos)
        positions, ids = positions[inside], ids[inside]
        probabilities = np.empty((len(ids), len(learnt.answers)), np.float32)
        for start in range(0, len(ids), _CHUNK):
            part = slice(start, start + _CHUNK)
            try:
                block = {layer: store.read(layer, positions[part]) for layer in learnt.trained.layers}
            except (IndexError, OSError) as error:
                raise UserError("The photos of this library have to be read again.", str(error)) from error
            probabilities[part] = learnt.trained.probabilities(block)
            yield Progress(_TEXT, min(start + _CHUNK, len(ids)), len(ids))
    finally:
        store.close()
    return TagGuesses(learnt.set, learnt.answers, learnt.classes, ids, probabilities)


def predict_all_tags(library: Library, set_id: LabelSetId) -> Generator[Progress, None, list[TagPrediction]]:
    """The tags of every photo of the library, in the order in which photos came in.

    Raises:
        UserError: nothing was learnt, or it does not fit any more.
    """
    guesses = yield from guess_tags(library, kept_tags(library, set_id), everything=True)
    if not len(guesses) and photos.count_present(library.connection):
        raise UserError("The photos of this library have to be read again: run “likeness index” on it.")
    found: list[TagPrediction] = []
    for start in range(0, len(guesses), _MANY):
        part = guesses.photos[start : start + _MANY].tolist()
        known = photos.fetch(library.connection, part)
        for place, one in enumerate(part, start):
            photo = known.get(one)
            if photo is not None:  # else it went meanwhile
                found.append(_prediction(photo.path, guesses.classes, guesses.probabilities[place]))
        yield Progress(_TEXT, start + len(part), len(guesses))
    return found


def predict_picture_tags(
    library: Library, set_id: LabelSetId, images: Sequence[Path]
) -> Generator[Progress, None, list[TagPrediction]]:
    """The tags of some pictures, in their order; they need not be in the library.

    Raises:
        UserError: nothing was learnt, or it does not fit any more; a picture is missing or cannot be read.
    """
    learnt = kept_tags(library, set_id)
    store = library.reading_store()
    found: list[TagPrediction] = []
    try:
        for done, image in enumerate(images):
            yield Progress(_TEXT, done, len(images))
            block = features_of(library, store, learnt.trained.layers, image)
            found.append(_prediction(image, learnt.classes, learnt.trained.probabilities(block)[0]))
    finally:
        store.close()
    return found


def _prediction(path: Path, names: Sequence[str], shares: npt.NDArray[np.float32]) -> TagPrediction:
    return TagPrediction(path, dict(zip(names, map(float, shares), strict=True)))
