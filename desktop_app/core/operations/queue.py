"""Which photos to show next: those most useful to label, and the labels that look wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import features, labels
from desktop_app.core.labelling import AnswerId, LabelSetId
from desktop_app.core.learn.active import next_to_label
from desktop_app.core.library import Library
from desktop_app.core.operations.evidence import set_of
from desktop_app.core.operations.guess import Guesses
from desktop_app.core.operations.reach import Reach
from desktop_app.core.operations.result import TrainResult
from desktop_app.core.types import Changes, PhotoId

NEXT = 40
"""Photos that a queue holds until it is made anew."""


def next_photos(
    library: Library, set_id: LabelSetId, guesses: Guesses | None = None, count: int = NEXT, seed: int = 0
) -> tuple[PhotoId, ...]:
    """The photos most useful to label next, the most useful first; never one that has a label of the set.

    100,000 photos take half a second.

    Args:
        library: the open library.
        set_id: which set.
        guesses: of the unlabelled photos; None before any guess is possible.
        count: at most so many.
        seed: which photos stand for a large library.

    Raises:
        UserError: the set was removed.
    """
    set_of(library, set_id)
    store = library.reading_store()
    try:
        view = Reach(library, store).cover(library.view)
    finally:
        store.close()
    if view is None:
        return ()
    positions, photos = features.positions(library.connection, library.network.key)
    inside = positions < view.rows
    positions, photos = positions[inside], photos[inside]
    labelled = np.isin(photos, labels.labels(library.connection, set_id).photos)
    probabilities: npt.NDArray[np.float32] | None = None
    if guesses is not None and len(guesses) and len(guesses.answers) > 1:
        # photos that came since have no guess: they count as wholly unsure
        probabilities = np.full((len(photos), len(guesses.answers)), np.nan, np.float32)
        places = np.searchsorted(positions, guesses.positions)
        same = places < len(positions)
        same[same] = photos[places[same]] == guesses.photos[same]
        probabilities[places[same]] = guesses.probabilities[same]
    found = next_to_label(probabilities, view.matrix[positions], labelled, count, seed)
    return tuple(PhotoId(photo) for photo in photos[found].tolist())


@dataclass(frozen=True, slots=True)
class Mistake:
    """A label that looks wrong.

    Attributes:
        given: the answer a person gave.
        believed: the one that heads believe which had not seen this label.
        score: 0 surely right to 1 surely wrong.
        wrong: whether it is believed wrong, or only ranked.
    """

    photo: PhotoId
    given: AnswerId
    believed: AnswerId
    score: float
    wrong: bool


def mistakes(library: Library, result: TrainResult, count: int | None = None) -> tuple[Mistake, ...]:
    """Labels by how probably they are wrong, without those that were confirmed or changed since.

    Args:
        library: the open library.
        result: of training; where there were too few labels to test, there are none.
        count: at most so many; None gives all.

    Raises:
        UserError: the set was removed.
    """
    set_of(library, result.set)
    found = result.suspects
    if found is None:
        return ()
    table = labels.labels(library.connection, result.set)
    now = dict(zip(table.photos[table.looked_at].tolist(), table.answers[table.looked_at].tolist(), strict=True))
    confirmed = _confirmed(library, result.set)
    made: list[Mistake] = []
    columns = (found.order, found.score, found.suggestion, found.believed_wrong)
    for place, score, believed, wrong in zip(*(column.tolist() for column in columns), strict=True):
        photo = PhotoId(int(result.classifier.photos[place]))
        given = result.answers[int(result.classifier.truth[place])]
        if now.get(photo) != given or confirmed.get(photo) == given:
            continue
        made.append(Mistake(photo, given, result.answers[believed], score, wrong))
        if count is not None and len(made) >= count:
            break
    return tuple(made)


def confirm(library: Library, set_id: LabelSetId, photos: Iterable[PhotoId]) -> Changes:
    """A person looked again and the label is right: it is no suspect any more, as long as it stays the same."""
    wanted = list(photos)
    found = labels.labels_of(library.connection, set_id, wanted)
    confirmed = _confirmed(library, set_id)
    for photo, given in found.items():
        for label in given:
            if label.answer is not None:
                confirmed[photo] = label.answer
    return _keep_confirmed(library, set_id, confirmed)


def unconfirm(library: Library, set_id: LabelSetId, photos: Iterable[PhotoId]) -> Changes:
    """Undo `confirm`."""
    confirmed = _confirmed(library, set_id)
    for photo in photos:
        confirmed.pop(photo, None)
    return _keep_confirmed(library, set_id, confirmed)


def _confirmed(library: Library, set_id: LabelSetId) -> dict[PhotoId, AnswerId]:
    try:
        pairs = json.loads(library.get_meta(f"confirmed {set_id}") or "[]")
        return {PhotoId(int(photo)): AnswerId(int(answer)) for photo, answer in pairs}
    except (ValueError, TypeError):
        return {}


def _keep_confirmed(library: Library, set_id: LabelSetId, confirmed: dict[PhotoId, AnswerId]) -> Changes:
    library.set_meta(f"confirmed {set_id}", json.dumps(sorted(confirmed.items())))
    return Changes(labels=(set_id,))
