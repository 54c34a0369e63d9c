"""What a classifier believes of the photos nobody has labelled: guesses, boards of equal ones, and taking many at once.

A guess is never a label until a person accepts it; taken in bulk it is one that counts as no evidence.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import features, labels
from desktop_app.core.errors import UserError
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.labelling import AnswerId, LabelSetId, Origin
from desktop_app.core.learn import guesses as learn_guesses
from desktop_app.core.learn.guesses import BOARD, Setting
from desktop_app.core.learn.unknown import SURE
from desktop_app.core.library import Library
from desktop_app.core.operations.classifier import Classifier
from desktop_app.core.operations.evidence import Ids, set_of
from desktop_app.core.operations.labels import Written, put_labels
from desktop_app.core.operations.novelty import Novelty
from desktop_app.core.operations.result import TrainResult
from desktop_app.core.types import PhotoId, Positions, Progress, Vectors

Which = Literal["unlabelled", "not looked at", "all"]
"""Photos without any label of the set; those no person has labelled; every photo."""

_CHUNK = 2048
_TEXT = "Guessing the rest"


@dataclass(frozen=True, slots=True, eq=False)
class Guesses:
    """What a classifier believes of some photos.

    Attributes:
        set: the label set.
        answers: of the columns of `probabilities`; `classes` their names.
        photos: int64 (n,), in the order of their positions.
        positions: int64 (n,), the rows of their vectors.
        probabilities: float32 (n, C), rows sum to 1.
        unknown: bool (n,): unlike anything labelled, whatever the probabilities say.
    """

    set: LabelSetId
    answers: tuple[AnswerId, ...]
    classes: tuple[str, ...]
    photos: Ids
    positions: Positions
    probabilities: npt.NDArray[np.float32]
    unknown: npt.NDArray[np.bool_]
    best: Ids
    probability: npt.NDArray[np.float32]

    @property
    def sure(self) -> npt.NDArray[np.bool_]:
        """Bool (n,): at least 60 % and not unlike anything labelled."""
        sure: npt.NDArray[np.bool_] = (self.probability >= SURE) & ~self.unknown
        return sure

    def __len__(self) -> int:
        return len(self.photos)

    def of(self, photo: PhotoId) -> Guess | None:
        """The guess for one photo, None if there is none."""
        found = np.flatnonzero(self.photos == photo)
        return self.at(int(found[0])) if len(found) else None

    def at(self, place: int) -> Guess:
        """The guess at a place."""
        best = int(self.best[place])
        probability, unknown = float(self.probability[place]), bool(self.unknown[place])
        return Guess(
            PhotoId(int(self.photos[place])),
            self.answers[best],
            self.classes[best],
            probability,
            probability >= SURE and not unknown,
            unknown,
        )

    def without(self, photos: Iterable[int]) -> Guesses:
        """The same without some photos: they were labelled meanwhile."""
        keep = ~np.isin(self.photos, np.fromiter(photos, np.int64))
        return Guesses(
            self.set,
            self.answers,
            self.classes,
            self.photos[keep],
            self.positions[keep],
            self.probabilities[keep],
            self.unknown[keep],
            self.best[keep],
            self.probability[keep],
        )


@dataclass(frozen=True, slots=True)
class Guess:
    """What a classifier believes of one photo. `answer` is always the best one, however unsure."""

    photo: PhotoId
    answer: AnswerId
    name: str
    probability: float  # 0 to 1
    sure: bool  # at least 60 % and not unlike anything labelled
    unknown: bool  # unlike anything labelled


def guess_all(
    library: Library, classifier: Classifier, which: Which = "unlabelled"
) -> Generator[Progress, None, Guesses]:
    """Guess the answers of many photos.

    100,000 photos take about a second. Only reads; belongs to the thread that runs it.

    Raises:
        UserError: the vectors were lost meanwhile, or answers of the classifier are no longer there.
    """
    classifier = classifier.checked(library)
    store = library.reading_store()
    try:
        positions, photos = features.positions(library.connection, library.network.key)
        inside = positions < store.rows
        if which != "all":
            inside &= ~np.isin(photos, _labelled(library, classifier.set, which))
        positions, photos = positions[inside], photos[inside]
        novelty = Novelty(library, store, classifier)
        judge = classifier.judging()
        probabilities = np.empty((len(photos), len(classifier.answers)), np.float32)
        unknown = np.zeros(len(photos), np.bool_)
        for start in range(0, len(photos), _CHUNK):
            part = positions[start : start + _CHUNK]
            block = _read(store, classifier.layers, part)
            probabilities[start : start + _CHUNK] = judge(block)
            unknown[start : start + _CHUNK] = novelty.of_positions(part)
            yield Progress(_TEXT, min(start + _CHUNK, len(photos)), len(photos))
    finally:
        store.close()
    return made(classifier, photos, positions, probabilities, unknown)


def made(
    classifier: Classifier,
    photos: Ids,
    positions: Positions,
    probabilities: npt.NDArray[np.float32],
    unknown: npt.NDArray[np.bool_],
) -> Guesses:
    """Guesses from probabilities, float32 (n, C)."""
    best = probabilities.argmax(axis=1).astype(np.int64)
    probability = probabilities[np.arange(len(best)), best]
    return Guesses(
        classifier.set,
        classifier.answers,
        classifier.classes,
        photos,
        positions,
        probabilities,
        unknown,
        best,
        probability,
    )


def _labelled(library: Library, set_id: LabelSetId, which: Which) -> Ids:
    table = labels.labels(library.connection, set_id)
    return table.photos if which == "unlabelled" else table.photos[table.looked_at]


def _read(store: VectorStore, layers: tuple[str, ...], positions: Positions) -> dict[str, Vectors]:
    """Vectors of rising positions; where they follow one another without gaps the file is read straight on."""
    first, last = int(positions[0]), int(positions[-1])
    rows: Positions | slice = slice(first, last + 1) if last - first + 1 == len(positions) else positions
    try:
        return {layer: store.read(layer, rows) for layer in layers}
    except (IndexError, OSError) as error:
        raise UserError("The photos of this library have to be read again.", str(error)) from error


# --- choosing among guesses ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Board:
    """Equal guesses to look over: click the wrong ones, take the rest. The least sure stand first."""

    answer: AnswerId
    name: str
    photos: tuple[PhotoId, ...]


def boards(guesses: Guesses, size: int = BOARD) -> tuple[Board, ...]:
    """Every sure guess on a board of its answer, about `size` to a board, the surest board first."""
    found = learn_guesses.boards(guesses.probabilities, guesses.unknown, size=size)
    return tuple(
        Board(guesses.answers[one.answer], guesses.classes[one.answer], _ids(guesses, one.photos)) for one in found
    )


def settings(result: TrainResult, guesses: Guesses) -> tuple[Setting, ...]:
    """What taking all guesses from a probability on would do, for 0.60 to 0.99: how many, how many of them wrong.

    `learn.guesses.question` and `sentence` say it to a person.
    """
    if not len(result.best):  # too few labels to test: nothing is known of how many will be wrong
        nothing = np.empty((0, len(guesses.classes)), np.float32)
        return learn_guesses.settings(nothing, np.empty(0, np.int64), guesses.probabilities, guesses.unknown)
    classifier = result.classifier
    checked = np.concatenate([result.trained.out_of_fold, classifier.none_shares])
    truth = np.concatenate([classifier.truth, np.full(len(classifier.none), -1, np.int64)])
    return learn_guesses.settings(checked, truth, guesses.probabilities, guesses.unknown)


def least_sure(guesses: Guesses, count: int = BOARD, above: float = 0.0) -> tuple[PhotoId, ...]:
    """Photos whose guess is least sure, of those at `above` or more; what is unlike anything labelled is not here."""
    places = np.flatnonzero(~guesses.unknown & (guesses.probability >= above))
    order = places[np.argsort(guesses.probability[places], kind="stable")[:count]]
    return _ids(guesses, order)


def unknowns(guesses: Guesses, count: int | None = None) -> tuple[PhotoId, ...]:
    """Photos unlike anything labelled, least sure first."""
    places = np.flatnonzero(guesses.unknown)
    order = places[np.argsort(guesses.probability[places], kind="stable")[:count]]
    return _ids(guesses, order)


def above(guesses: Guesses, threshold: float, answers: Iterable[AnswerId] = ()) -> tuple[PhotoId, ...]:
    """Photos whose guess is at least this probable and not unlike anything labelled, surest first."""
    places = _above(guesses, threshold, answers)
    return _ids(guesses, places[np.argsort(-guesses.probability[places], kind="stable")])


def _above(guesses: Guesses, threshold: float, answers: Iterable[AnswerId]) -> Ids:
    use = (guesses.probability >= np.float32(threshold)) & ~guesses.unknown
    wanted = set(answers)
    if wanted:
        columns = [at for at, answer in enumerate(guesses.answers) if answer in wanted]
        use &= np.isin(guesses.best, columns)
    return np.flatnonzero(use)


def _ids(guesses: Guesses, places: Ids) -> tuple[PhotoId, ...]:
    return tuple(PhotoId(photo) for photo in guesses.photos[places].tolist())


def take_guesses(library: Library, guesses: Guesses, threshold: float, answers: Iterable[AnswerId] = ()) -> Written:
    """Label every photo whose guess is at least this probable; they stay marked as guesses and are no evidence.

    Photos that a person labelled since the guesses were made keep their label.

    Args:
        library: the open library.
        guesses: of `guess_all`.
        threshold: 0 to 1.
        answers: only guesses of these; () for all.

    Returns:
        What changed; its `before` undoes it (`operations.labels.undo`).

    Raises:
        UserError: the set or one of the answers is no longer there.
    """
    set_of(library, guesses.set)
    places = _above(guesses, threshold, answers)
    pairs = [
        (PhotoId(photo), guesses.answers[best])
        for photo, best in zip(guesses.photos[places].tolist(), guesses.best[places].tolist(), strict=True)
    ]
    return put_labels(library, guesses.set, pairs, Origin.BULK)
