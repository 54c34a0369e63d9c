"""What a person said about photos, joined with what the network saw in them: the ground that learning stands on.

Only labels that a person looked at are evidence; guesses taken many at once never are.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import answers, features, labels, photos
from desktop_app.core.errors import UserError
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.labelling import AnswerId, LabelSet, LabelSetId
from desktop_app.core.learn.examples import Examples
from desktop_app.core.learn.groups import grouping
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.types import Positions, Progress, Vectors
from desktop_app.core.wording import count

Ids = npt.NDArray[np.int64]

MOST = 10_000
"""Labels that a head learns from: more make it slower and hardly better. Which ones is decided by lot, per answer."""

FEWEST = 2
"""Labels that each of at least two answers needs before anything can be learnt."""

_CHUNK = 2048
_TEXT = "Learning from your labels"


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The labels of one set that a person looked at, of photos whose features are there.

    Attributes:
        label_set: the set as it was then.
        photos: int64 (n,), rising.
        positions: int64 (n,), the rows of their vectors.
        truth: int64 (n,), index into `answers`.
        answers: those that have at least one label here, in the set's order.
        classes: their names.
        none: int64 (m,), photos that are "none of these"; `none_positions` the rows of their vectors.
        gone: labels of photos that are not here now or have no features yet; they teach nothing.
        left_out: labels beyond the most that a head learns from.
    """

    label_set: LabelSet
    photos: Ids
    positions: Positions
    truth: Ids
    answers: tuple[AnswerId, ...]
    classes: tuple[str, ...]
    none: Ids
    none_positions: Positions
    gone: int
    left_out: int

    @property
    def counts(self) -> tuple[int, ...]:
        """Labels per answer."""
        return tuple(np.bincount(self.truth, minlength=len(self.answers)).tolist())


def named_set(library: Library, name: str) -> LabelSet:
    """The label set of a name, in any case.

    Raises:
        UserError: there is none.
    """
    found = answers.find_set(library.connection, name) if name.strip() else None
    if found is None:
        known = ", ".join(f"“{one.name}”" for one in answers.all_sets(library.connection))
        raise UserError(f"There is no label set “{name}”. There {f'are: {known}' if known else 'is none yet'}.")
    return found


def set_of(library: Library, set_id: LabelSetId) -> LabelSet:
    """The label set of an id.

    Raises:
        UserError: it was removed.
    """
    found = answers.get_set(library.connection, set_id)
    if answers.is_removed(library.connection, set_id):
        raise UserError(f"The label set “{found.name}” was removed.")
    return found


def collect(library: Library, set_id: LabelSetId, store: VectorStore, *, most: int = MOST) -> Evidence:
    """Everything that a person said in one label set, as far as there are features for it.

    Args:
        library: the open library.
        set_id: which set.
        store: its vectors, for reading on this thread.
        most: labels taken at most; beyond, a share of each answer's, by lot (the same lot for the same labels).

    Raises:
        UserError: the set was removed, or it holds tags.
    """
    label_set = set_of(library, set_id)
    if label_set.kind == "tags":
        raise UserError(
            f"“{label_set.name}” has tags. “likeness train” learns them; the window learns label sets with one answer "
            "a photo."
        )
    table = labels.labels(library.connection, set_id, missing=True)
    known = np.array([answer.id for answer in label_set.answers], np.int64)
    # an answer that went between the two readings has no labels any more
    use = table.looked_at & (np.isin(table.answers, known) | (table.answers < 0))
    given_photos, given = table.photos[use], table.answers[use]
    positions, owners = features.positions_of(library.connection, library.network.key, given_photos.tolist())
    inside = positions < (store.refresh() if positions.max(initial=-1) >= store.rows else store.rows)
    positions, owners = positions[inside], owners[inside]
    # `owners` and `given_photos` both rise, and in a set of classes a photo has one answer
    given = given[np.searchsorted(given_photos, owners)]
    gone = len(given_photos) - len(owners)
    none = given < 0
    some = ~none
    chosen = np.flatnonzero(some)
    kept = chosen[_lot(given[chosen], most)]
    present = [answer for answer in label_set.answers if answer.id in set(given[kept].tolist())]
    place = {answer.id: at for at, answer in enumerate(present)}
    truth = np.array([place[AnswerId(answer)] for answer in given[kept].tolist()], np.int64)
    return Evidence(
        label_set,
        owners[kept],
        positions[kept],
        truth,
        tuple(answer.id for answer in present),
        tuple(answer.name for answer in present),
        owners[none],
        positions[none],
        gone,
        len(chosen) - len(kept),
    )


def _lot(given: Ids, most: int) -> Ids:
    """Places of at most about `most` labels, int64, rising: of each answer the same share, but at least 20."""
    if len(given) <= most:
        return np.arange(len(given))
    random = np.random.default_rng(0)
    share = most / len(given)
    parts = []
    for answer in np.unique(given):
        own = np.flatnonzero(given == answer)
        parts.append(random.permutation(own)[: max(20, round(share * len(own)))])
    return np.sort(np.concatenate(parts))


def check_enough(evidence: Evidence) -> None:
    """Refuse to learn from too little.

    Raises:
        UserError: fewer than two answers have two labels each; it says which answer lacks how many.
    """
    given = [(name, number) for name, number in zip(evidence.classes, evidence.counts, strict=True) if number]
    enough = [name for name, number in given if number >= FEWEST]
    if len(enough) >= 2:
        return
    away = (
        f" {count(evidence.gone, 'labelled photo')} cannot be used: not here, or not read yet." if evidence.gone else ""
    )
    if not given:
        raise UserError(f"No photo has a label in “{evidence.label_set.name}” yet. Label a few of each answer.{away}")
    if len(given) == 1:
        name, number = given[0]
        others = [answer.name for answer in evidence.label_set.answers if answer.name != name]
        which = f", for example “{others[0]}”" if others else ""
        every = "The only labelled photo is" if number == 1 else f"All {number:,} labelled photos are"
        raise UserError(f"{every} “{name}”. Give a few photos another answer{which}.{away}")
    lacking = next(name for name, number in given if number < FEWEST)
    raise UserError(f"Too few labels to learn from: give at least two answers 2 photos each. “{lacking}” has 1.{away}")


def read_features(
    store: VectorStore, names: Sequence[str], positions: Positions
) -> Generator[Progress, None, dict[str, Vectors]]:
    """The vectors of some photos, layer by layer in chunks: by layer name float32 (n, d).

    Raises:
        UserError: the vectors were lost meanwhile.
    """
    found: dict[str, Vectors] = {}
    order = np.argsort(positions, kind="stable")  # read forwards: the file is mapped
    for at, name in enumerate(names):
        block = np.empty((len(positions), store.layers[name]), np.float32)
        for start in range(0, len(positions), _CHUNK):
            part = order[start : start + _CHUNK]
            try:
                block[part] = store.read(name, positions[part])
            except (IndexError, OSError) as error:
                raise UserError("The photos of this library have to be read again.", str(error)) from error
            yield Progress(_TEXT, at, len(names))
        found[name] = block
    return found


def make_examples(
    library: Library, evidence: Evidence, features_of: Mapping[str, Vectors], embeddings: Vectors
) -> Generator[Progress, None, Examples]:
    """What a head learns from; copies of one photo are known by content and by embeddings, float32 (n, d)."""
    contents = photos.contents(library.connection, evidence.photos.tolist())
    steps = grouping(embeddings, [contents.get(photo, b"") for photo in evidence.photos.tolist()])
    while True:
        try:
            next(steps)
        except StopIteration as end:
            groups: Ids = end.value
            break
        yield Progress(_TEXT)
    return Examples(features_of, evidence.truth, groups, evidence.classes)


def gather(
    library: Library, evidence: Evidence, store: VectorStore, names: Sequence[str]
) -> Generator[Progress, None, Examples]:
    """Read the features of these layers and make examples of them."""
    wanted = list(dict.fromkeys([*names, MAIN_LAYER]))
    found = yield from read_features(store, wanted, evidence.positions)
    chosen = {name: found[name] for name in names}
    return (yield from make_examples(library, evidence, chosen, found[MAIN_LAYER]))
