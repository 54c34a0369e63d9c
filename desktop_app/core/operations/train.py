"""Learning one label set: from labels and stored features to a classifier, and how far to trust it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Generator

import numpy as np

from desktop_app.core.catalog import features
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.labelling import LabelSetId
from desktop_app.core.learn.advisor import Advice, Familiarity, advise, familiarity
from desktop_app.core.learn.layers import LOGITS, layers_of
from desktop_app.core.learn.train import GROWN, train
from desktop_app.core.learn.trained import Trained
from desktop_app.core.library import Library
from desktop_app.core.operations import evidence as grounds
from desktop_app.core.operations.classifier import Classifier, keep
from desktop_app.core.operations.evidence import Evidence, Ids
from desktop_app.core.operations.judging import Shares
from desktop_app.core.operations.result import TrainResult, result_of
from desktop_app.core.types import Progress

_SAMPLE = 2_000  # photos that tell how well the network knows such photos


def train_set(
    library: Library, set_id: LabelSetId, *, head: str = "auto", layer: str = "auto"
) -> Generator[Progress, None, TrainResult]:
    """Learn a label set and keep the classifier with the library.

    Args:
        library: the open library, writable.
        set_id: which set.
        head: "auto", "softmax", "svm", "mlp" or "neighbours".
        layer: "auto", a layer's name, or several joined by "+".

    Raises:
        UserError: too few labels; no such head or layer; the answers changed meanwhile; the library cannot be written.
    """
    result = yield from learn(library, set_id, head=head, layer=layer)
    return dataclasses.replace(result, classifier=keep(library, result.classifier))


def learn(
    library: Library, set_id: LabelSetId, *, head: str = "auto", layer: str = "auto", last: Classifier | None = None
) -> Generator[Progress, None, TrainResult]:
    """Learn a label set; only reads, so it may run beside what writes. `classifier.keep` keeps the result.

    Args:
        library: the open library.
        set_id: which set.
        head: as for `train_set`.
        layer: as for `train_set`.
        last: what was learnt before: until the labels have grown by a quarter its choices stay and its head goes on
            from its weights, some 100 ms for 1,000 labels.

    Raises:
        UserError: too few labels; no such head or layer; the vectors were lost.
    """
    begun = time.monotonic()
    names = [one.name for one in library.network.layers]
    if layer != "auto":
        names = [library.network.layer(name).name for name in layers_of(layer)]
    store = library.reading_store()
    try:
        ground = grounds.collect(library, set_id, store)
        grounds.check_enough(ground)
        warm = _warm(library, ground, last, head, layer)
        examples = yield from grounds.gather(library, ground, store, names if warm is None else warm.layers)
        seen = _familiarity(library, store) if warm is None else None
        yield Progress("Learning from your labels")
        trained = yield from train(examples, head=head, layer=layer, warm=warm)
        none = yield from grounds.read_features(store, trained.layers, ground.none_positions)
    finally:
        store.close()
    advice = _advice(library, ground, trained, seen) if warm is None or last is None else last.advice
    trained = dataclasses.replace(trained, seconds=time.monotonic() - begun)
    return result_of(_classifier(library, ground, examples.groups, trained, trained.probabilities(none), advice))


def _familiarity(library: Library, store: VectorStore) -> Familiarity | None:
    """How well the network's own class layer knows the photos of the library, from up to 2,000 of them."""
    if LOGITS not in store.layers:
        return None
    positions = features.positions_by_content(library.connection, library.network.key, _SAMPLE)
    return familiarity(store.read(LOGITS, np.sort(positions[positions < store.rows])))


def _advice(library: Library, ground: Evidence, trained: Trained, seen: Familiarity | None) -> Advice:
    scores = {score.name: score.accuracy for score in trained.layer_scores}
    layers = {layer.name: scores[layer.name] for layer in library.network.layers if layer.name in scores}
    counts = {answer.name: 0 for answer in ground.label_set.answers}
    counts.update(zip(ground.classes, ground.counts, strict=True))
    interval = None if trained.accuracy is None else trained.interval
    return advise(counts, trained.curve, layers, seen, interval)


def _warm(library: Library, ground: Evidence, last: Classifier | None, head: str, layer: str) -> Trained | None:
    """What was learnt before, if a few labels came but what was chosen then still holds."""
    if last is None or last.set != ground.label_set.id or last.network != library.network.key:
        return None
    trained = last.trained
    holds = (
        last.answers == ground.answers
        and trained.asked == (head, layer)
        and trained.chosen_at <= len(ground.photos) < GROWN * trained.chosen_at
        and len(trained.head.present) == len(ground.answers)
    )
    return dataclasses.replace(trained, classes=ground.classes) if holds else None


def _classifier(
    library: Library, ground: Evidence, groups: Ids, trained: Trained, none_shares: Shares, advice: Advice | None
) -> Classifier:
    return Classifier(
        ground.label_set.id,
        ground.label_set.name,
        library.network.key,
        ground.answers,
        ground.classes,
        trained,
        ground.photos,
        ground.truth,
        groups,
        ground.none,
        none_shares,
        ground.gone,
        ground.left_out,
        advice,
    )
