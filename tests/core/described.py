"""What tests of several descriptors share: computing them, and all they say of a library's photos."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import numpy as np

from desktop_app.core.catalog import features
from desktop_app.core.library import Library
from desktop_app.core.operations.describe import Described, describe
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.types import PhotoId
from tests.core.libraries import NETWORK, by_path

OTHER = "efficientnet-lite0"
EVERY = (f"{NETWORK}:embedding", f"{NETWORK}:stage3", "colour", f"{OTHER}:embedding")


def ended(operation: Generator[object, None, object]) -> object:
    while True:
        try:
            next(operation)
        except StopIteration as done:
            return done.value


def described(library: Library, *names: str) -> list[Described]:
    return [ended(describe(library, name)) for name in names]  # type: ignore[misc]


def vectors(library: Library, name: str) -> dict[Path, bytes]:
    """The stored vector of every photo that has one."""
    files = library.files(name)
    where, ids = features.positions(library.connection, files.key)
    path_of = {id_: path for path, id_ in by_path(library).items()}
    with closing(files.reading_store()) as store:
        found = store.read(files.layer, where)
    return {path_of[PhotoId(id_)]: row.tobytes() for id_, row in zip(ids.tolist(), found, strict=True)}


def near(library: Library, name: str) -> dict[Path, list[tuple[Path, float]]]:
    """Every photo's neighbours by a descriptor; by both ways of asking."""
    own = by_path(library)
    path_of = {id_: path for path, id_ in own.items()}
    found = {}
    with closing(Likeness(library, name)) as likeness:
        for path, id_ in own.items():
            query = likeness.embeddings([id_])
            hits = likeness.best(query, 1000, [id_])
            assert likeness.ranking(query, [id_]).ids.tolist() == [hit.photo for hit in hits]
            found[path] = [(path_of[hit.photo], hit.score) for hit in hits]
        assert likeness.searchable == len(own)
    return found


def assert_same(library: Library, other: Library, names: tuple[str, ...] = EVERY) -> None:
    """Two libraries that hold the same photos answer alike by every descriptor."""
    for name in names:
        assert vectors(library, name) == vectors(other, name)
        mine, theirs = near(library, name), near(other, name)
        assert mine.keys() == theirs.keys()
        for path, hits in mine.items():
            np.testing.assert_allclose([s for _, s in hits], [s for _, s in theirs[path]], atol=2e-5)


def assert_near(found: dict[Path, list[tuple[Path, float]]], expected: dict[Path, list[tuple[Path, float]]]) -> None:
    assert found.keys() == expected.keys()
    for path, hits in found.items():
        np.testing.assert_allclose([s for _, s in hits], [s for _, s in expected[path]], atol=1e-4)
