"""What tests of searching share: examples of a library's photos, what holds of every answer, what searches it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import photos
from desktop_app.core.library import Library
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.search import Searcher, SearchResult
from desktop_app.core.searching import Example
from desktop_app.core.types import PhotoId
from tests.core.libraries import by_path


@pytest.fixture(name="likeness")
def open_likeness(library: Library) -> Iterator[Likeness]:
    with closing(Likeness(library)) as one:
        yield one


@pytest.fixture(name="searcher")
def open_searcher(library: Library, likeness: Likeness) -> Searcher:
    return Searcher(library, likeness)


def like(library: Library, path: Path, **options: object) -> Example:
    return Example(path.name, photo=by_path(library)[path], **options)


def unlike(library: Library, path: Path, **options: object) -> Example:
    return like(library, path, wanted=False, **options)


def names(library: Library, result: SearchResult) -> list[str]:
    found = photos.fetch(library.connection, result.ids.tolist())
    return [found[PhotoId(one)].name for one in result.ids.tolist()]


def sound(result: SearchResult) -> SearchResult:
    """What holds of every answer."""
    assert result.ids.dtype == np.int64
    assert len(set(result.ids.tolist())) == len(result.ids)
    assert (result.scores is None) == (result.falling is None)
    if result.scores is not None:
        assert result.scores.dtype == np.float32
        assert len(result.scores) == len(result.ids)
        assert np.isfinite(result.scores).all()
        assert (np.abs(result.scores) <= 1).all()
        assert np.sort(result.scores)[::-1].tolist() == result.falling.tolist()
    return result
