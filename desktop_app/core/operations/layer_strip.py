"""One query's best matches by each layer side by side: to choose by eye what photos are compared by.

Every layer of a network is stored when photos are added, so all of them can be searched at once, exactly, before an
index space is made for any; a layer that has one is searched in it, so that the strip shows what choosing it would.
Early layers answer with like texture and colour, late ones with like things.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import features, photos
from desktop_app.core.descriptor_files import DescriptorFiles
from desktop_app.core.descriptors import Descriptor
from desktop_app.core.errors import UserError
from desktop_app.core.images.colour import describe
from desktop_app.core.index.by_layer import centre_of, nearest_by_layer
from desktop_app.core.index.exact import ExactIndex
from desktop_app.core.index.projection import REFERENCE_WEIGHT, unit
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.library import Library
from desktop_app.core.operations.places import NONE, places
from desktop_app.core.types import Hit, PhotoId, Pixels, Positions, Progress, Vectors

SAMPLE = 2_000
"""Photos whose mean a layer is centred on."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one way of comparing answers.

    Attributes:
        descriptor: its name, "NETWORK:LAYER" or "colour".
        sees: what it responds to, in plain words; "" where nobody knows.
        hits: the best matches, best first; scores are cosines of the features centred on the library's mean. () where
            nothing is computed yet.
        photos: how many photos were searched.
    """

    descriptor: str
    sees: str
    hits: tuple[Hit, ...]
    photos: int


def layer_strip(
    library: Library,
    query: PhotoId | Pixels,
    *,
    descriptors: Sequence[str] = (),
    limit: int = 8,
    without: Sequence[PhotoId] = (),
) -> Generator[Progress, None, tuple[Row, ...]]:
    """A query's best matches by each of several ways to compare.

    Args:
        library: the open library; only read.
        query: a photo of it, or pixels uint8 (h, w, 3) from outside. A photo is never its own match.
        descriptors: by their names; where none is named every layer of the library's network in its order, and the
            colours where they are computed.
        limit: the most matches of each.
        without: photos that are never matches.

    Raises:
        UserError: no such descriptor; the photo has no features yet.
    """
    wanted = [library.descriptor(name) for name in descriptors] or _usual(library)
    all_files = [library.files(one) for one in wanted]
    costs = [files.source.layers[files.layer] for files in all_files]
    hidden = [*without, query] if isinstance(query, int) else [*without]
    rows, done, missing = [], 0, 0
    grounds: dict[str, _Ground] = {}
    for one, files, cost in zip(wanted, all_files, costs, strict=True):
        sees = "" if one.is_colour else library.find_network(one.network).layer(one.layer).sees
        hits, searched = tuple[Hit, ...](), 0
        with files.reading_store() as store:
            if files.key not in grounds:  # one for all layers of a network
                yield Progress("Comparing by each layer", 1000 * done // sum(costs), 1000)
                sample = features.positions_by_content(library.connection, files.key, SAMPLE)
                yield Progress("Comparing by each layer", 1000 * done // sum(costs), 1000)
                grounds[files.key] = _Ground.of(library, files, store, hidden, sample)
            ground = grounds[files.key]
            asked = _asked(library, one, files, store, query) if len(ground.sample) else None
            if asked is None:
                missing += 1
            else:
                searched = int((ground.owner != NONE).sum())
                steps = _search(ground, files, store, asked, limit)
                while True:
                    try:
                        share = next(steps)
                    except StopIteration as ended:
                        hits = ended.value
                        break
                    yield Progress("Comparing by each layer", int(1000 * (done + share * cost) / sum(costs)), 1000)
        done += cost
        rows.append(Row(str(one), sees, hits, searched))
    if missing == len(rows):
        raise UserError("This photo is not ready to be compared yet.")
    return tuple(rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """The photos that are searched by one network's layers.

    Attributes:
        owner: the photo at each position, -1 where there is none.
        allowed: which positions may be results.
        sample: positions in an order that depends on the set of photos only.
        count: photos of the library.
    """

    owner: Positions
    allowed: npt.NDArray[np.bool_]
    sample: Positions
    count: int

    @classmethod
    def of(
        cls, library: Library, files: DescriptorFiles, store: VectorStore, hidden: Sequence[int], sample: Positions
    ) -> _Ground:
        known = places(library, files.key)
        known.refresh()
        owner = known.until(store.rows)
        allowed = owner != NONE
        for photo in hidden:
            if 0 <= (position := known.position(photo)) < len(allowed):
                allowed[position] = False
        count = photos.count_present(library.connection)
        return cls(owner, allowed, sample[sample < store.rows], count)

    def hits(self, found: Positions, scores: Vectors) -> tuple[Hit, ...]:
        """Positions as photos."""
        return tuple(
            Hit(PhotoId(photo), score) for photo, score in zip(self.owner[found].tolist(), scores.tolist(), strict=True)
        )


def _usual(library: Library) -> list[Descriptor]:
    """Every layer of the library's network, and the colours where some photos have them."""
    network = library.network
    found = [Descriptor(network.name, layer.name) for layer in network.layers]
    colour = Descriptor()
    if features.committed_rows(library.connection, library.source(colour).key):
        found.append(colour)
    return found


def _search(
    ground: _Ground, files: DescriptorFiles, store: VectorStore, query: Vectors, limit: int
) -> Generator[float, None, tuple[Hit, ...]]:
    view = files.view
    if view is not None and view.rows >= len(ground.owner):
        middle = unit(view.projection.apply(query).mean(axis=0)[np.newaxis])[0]
        found, scores = ExactIndex(view.matrix[: len(ground.owner)]).search(middle, limit, ground.allowed)
        return ground.hits(found, scores)
    reference = files.reference_mean()
    centre = centre_of(store, files.layer, ground.sample, ground.count, reference, REFERENCE_WEIGHT)
    found, scores = yield from nearest_by_layer(store, files.layer, query, centre, ground.allowed, limit)
    return ground.hits(found, scores)


def _asked(
    library: Library, descriptor: Descriptor, files: DescriptorFiles, store: VectorStore, query: PhotoId | Pixels
) -> Vectors | None:
    """The query's features, float32 (1, d); None where a photo has none of this kind yet."""
    if isinstance(query, int):
        where, _ = features.positions_of(library.connection, files.key, [query])
        return store.read(files.layer, where) if len(where) and int(where[0]) < store.rows else None
    if descriptor.is_colour:
        return describe(query)[files.layer]
    engine = library.engine_of(library.find_network(descriptor.network))
    found: dict[str, Vectors] = engine.run(engine.prepare(query)[np.newaxis], [descriptor.layer])
    return found[descriptor.layer]
