"""What tests of libraries share: running an ingest to its end, and everything a library says about its photos."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop_app.core.catalog import features, photos, skipped
from desktop_app.core.library import Library
from desktop_app.core.operations.ingest import Ingested, ingest
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.types import Order, PhotoId

NETWORK = "efficientnet-lite0-int8"


def opened(folder: Path, **options: object) -> Library:
    """A library compared by the quicker of the bundled networks, on the processor."""
    return Library(folder, **{"network": NETWORK, "device": "cpu", **options})


def run(library: Library, *roots: Path, **options: object) -> Ingested:
    """Ingest to the end."""
    operation = ingest(library, roots, **options)
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return ended.value


def made(folder: Path, *roots: Path) -> None:
    """A library with the photos of some folders, closed again. One worker: ids go up with names, in every run alike."""
    with opened(folder) as library:
        run(library, *roots, workers=1)


def by_path(library: Library) -> dict[Path, PhotoId]:
    """Every photo that is shown; a path that is there twice fails."""
    ids = photos.listed(library.connection, Order.NAME)
    found = {photo.path: id_ for id_, photo in photos.fetch(library.connection, ids).items()}
    assert len(found) == len(ids)
    return found


def nearest(library: Library, path: Path, limit: int = 10) -> list[tuple[Path, float]]:
    """The photos most like one of the library's own, best first."""
    return neighbours(library, [path], limit)[path]


def neighbours(library: Library, paths: Iterable[Path], limit: int = 10) -> dict[Path, list[tuple[Path, float]]]:
    """The photos most like each of some, best first."""
    own = by_path(library)
    path_of = {id_: path for path, id_ in own.items()}
    with closing(Likeness(library)) as likeness:
        return {
            path: [
                (path_of[hit.photo], hit.score)
                for hit in likeness.best(likeness.embeddings([own[path]]), limit, [own[path]])
            ]
            for path in paths
        }


@dataclass(frozen=True)
class State:
    """What a person could tell a library by."""

    vectors: dict[Path, bytes]  # every layer of every photo
    contents: dict[Path, bytes]
    thumbnails: frozenset[bytes]
    skipped: dict[Path, str]
    near: dict[Path, list[tuple[Path, float]]]


def state(library: Library) -> State:
    """Everything about the photos of an open library, by path."""
    own = by_path(library)
    where, owners = features.positions(library.connection, library.network.key)
    at = dict(zip(owners.tolist(), where.tolist(), strict=True))
    assert set(at) == set(own.values()), "each photo has vectors, once"
    layers = [layer.name for layer in library.network.layers]
    vectors = {
        path: b"".join(library.store.read(layer, np.array([at[id_]])).tobytes() for layer in layers)
        for path, id_ in own.items()
    }
    found = photos.fetch(library.connection, list(own.values()))
    contents = {photo.path: photo.content for photo in found.values()}
    return State(
        vectors,
        contents,
        frozenset(library.thumbnails.get(list(set(contents.values())))),
        {entry.path: entry.reason.value for entry in skipped.listed(library.connection)},
        neighbours(library, own),
    )


def assert_equal(one: State, other: State) -> None:
    """Two libraries that hold the same photos answer alike; scores may differ by rounding."""
    assert one.vectors.keys() == other.vectors.keys()
    assert one.vectors == other.vectors
    assert one.contents == other.contents
    assert one.thumbnails == other.thumbnails == frozenset(one.contents.values())
    for path, hits in one.near.items():
        others = other.near[path]
        np.testing.assert_allclose([score for _, score in hits], [score for _, score in others], atol=2e-5)
        # photos of equal score may change places
        assert {p for p, s in hits if s > hits[-1][1] + 1e-4} == {p for p, s in others if s > others[-1][1] + 1e-4}
