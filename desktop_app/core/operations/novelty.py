"""Whether a photo is unlike anything labelled, as photos are compared everywhere: in the library's index space."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import features
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.learn.unknown import Known
from desktop_app.core.library import Library
from desktop_app.core.operations.classifier import Classifier
from desktop_app.core.operations.reach import Reach
from desktop_app.core.types import Positions, Vectors


class Novelty:
    """What a classifier's labelled photos, and those that are "none of these", say about what is new.

    Belongs to one thread. Measured anew each time, since the index space may be fitted anew between two times.

    Args:
        library: the open library.
        store: its vectors, for reading on this thread.
        classifier: whose photos are known.
    """

    def __init__(self, library: Library, store: VectorStore, classifier: Classifier) -> None:
        self._view = Reach(library, store).cover(library.view)
        self._known: Known | None = None
        if self._view is None:
            return
        # a photo of its own group may have gone meanwhile: groups are found by photo
        photos = np.concatenate([classifier.photos, classifier.none])
        own = classifier.groups.max(initial=-1) + 1 + np.arange(len(classifier.none))
        group_of = dict(zip(photos.tolist(), np.concatenate([classifier.groups, own]).tolist(), strict=True))
        positions, ids = features.positions_of(library.connection, library.network.key, photos.tolist())
        inside = positions < self._view.rows
        groups = np.array([group_of[photo] for photo in ids[inside].tolist()], np.int64)
        self._known = Known.of(self._view.matrix[positions[inside]], groups)

    def of_positions(self, positions: Positions) -> npt.NDArray[np.bool_]:
        """Which of the photos at these rows are unlike anything labelled: bool (n,)."""
        unknown = np.zeros(len(positions), np.bool_)
        if self._view is not None and self._known is not None:
            inside = positions < self._view.rows
            unknown[inside] = self._known.is_unknown(self._view.matrix[positions[inside]])
        return unknown

    def of_embeddings(self, embeddings: Vectors) -> npt.NDArray[np.bool_]:
        """The same for raw embeddings of pictures from anywhere, float32 (n, d): bool (n,)."""
        if self._view is None or self._known is None:
            return np.zeros(len(embeddings), np.bool_)
        return self._known.is_unknown(self._view.projection.apply(embeddings))
