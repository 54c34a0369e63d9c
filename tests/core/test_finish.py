"""The projection, the index space and the graph after an ingest: fitted when due, level with the photos, no more."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import features
from desktop_app.core.errors import UserError
from desktop_app.core.index import hnsw_file, projection
from desktop_app.core.index.hnsw import HnswIndex, hnsw_available
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations import finish as finishing
from desktop_app.core.operations import likeness as likeness_module
from desktop_app.core.operations.finish import finish, graph_stamp
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.operations.likeness import Likeness
from tests.core.libraries import by_path, opened, run
from tests.photos import save_many

FIT = 20
SMALL = {"width": 48, "height": 36}
needs_hnsw = pytest.mark.skipif(not hnsw_available(), reason="hnswlib could not be built here")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as one:
        yield one


@pytest.fixture
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of photos from which components are fitted is 256; here it is 20."""
    monkeypatch.setattr(projection, "SMALLEST_FIT", FIT)
    monkeypatch.setattr(finishing, "SMALLEST_FIT", FIT)


def check_level(library: Library) -> None:
    """Space and graph hold what the vectors say, for every photo."""
    view = library.view
    assert view is not None
    assert not view.projection.provisional
    assert view.rows == library.store.rows
    expected = view.projection.apply(library.store.read(MAIN_LAYER, slice(0, view.rows)))
    np.testing.assert_allclose(view.matrix, expected, atol=1e-5)
    if hnsw_available():
        graph = HnswIndex.load(library.hnsw_file, graph_stamp(library.main, view), view.matrix)
        assert graph is not None
        where, _ = features.positions(library.connection, library.network.key)
        assert sorted(graph.positions.tolist()) == sorted(where.tolist())


def test_nothing_to_do_in_an_empty_library(library: Library) -> None:
    assert list(finish(library)) == []
    assert library.view is None


def test_level_after_every_change(library: Library, tmp_path: Path) -> None:
    paths = save_many(tmp_path / "in", range(12), **SMALL)
    run(library, tmp_path / "in")
    check_level(library)
    paths[3].unlink()
    paths[4].write_bytes(b"no picture")
    save_many(tmp_path / "in", range(20, 24), **SMALL)
    save_many(tmp_path / "in", range(5, 6), width=50, height=36)
    run(library)
    check_level(library)


def test_finished_is_finished(library: Library, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(5), **SMALL)
    run(library, tmp_path / "in")
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "library" / "index").rglob("*") if path.is_file()}
    for _ in finish(library):
        pass
    run(library)
    assert {path: path.stat().st_mtime_ns for path in files} == files


def test_the_projection_is_fitted_when_there_are_enough_and_again_when_they_have_doubled(
    library: Library, tmp_path: Path, few_are_enough: None
) -> None:
    def fitted() -> tuple[int, str]:
        check_level(library)
        assert library.view is not None
        return library.view.projection.fitted_on, library.view.projection.digest

    save_many(tmp_path / "in", range(FIT - 6), **SMALL)
    run(library, tmp_path / "in")
    assert library.view is not None
    assert library.view.projection.components is None
    save_many(tmp_path / "in", range(1000, 1006), **SMALL)
    run(library)
    first = fitted()
    assert library.view.projection.components is not None
    assert first[0] == FIT
    save_many(tmp_path / "in", range(2000, 2010), **SMALL)
    run(library)
    assert fitted() == first
    save_many(tmp_path / "in", range(3000, 3015), **SMALL)
    run(library)
    assert fitted()[0] == FIT + 25


def test_an_ingest_in_pieces_ends_like_one_in_one_go(tmp_path: Path, few_are_enough: None) -> None:
    save_many(tmp_path / "in", range(3 * FIT), **SMALL)
    with opened(tmp_path / "whole") as whole:
        run(whole, tmp_path / "in")
        assert whole.view is not None
        digest = whole.view.projection.digest
    for _ in range(3):
        with opened(tmp_path / "pieces") as pieces:
            operation = ingest(pieces, [tmp_path / "in"], workers=1)
            for progress in operation:
                if progress.changes.added:
                    break
            operation.close()
    with opened(tmp_path / "pieces") as pieces:
        assert run(pieces, tmp_path / "in").unchanged > 0
        check_level(pieces)
        assert pieces.view is not None
        assert pieces.view.projection.digest == digest


def test_it_can_be_closed_at_every_step(tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(8), **SMALL)
    (tmp_path / "in" / "broken.jpg").write_bytes(b"x")
    steps, ended = 0, False
    while not ended:
        with opened(tmp_path / f"closed after {steps}") as library:
            operation = ingest(library, [tmp_path / "in"])
            for _ in range(steps):
                ended = next(operation, None) is None
            operation.close()
            there = len(by_path(library))
            assert run(library, tmp_path / "in").unchanged == there
            assert len(by_path(library)) == 8
            check_level(library)
        steps += 1
    assert steps > 5


@needs_hnsw
def test_many_photos_are_searched_through_the_graph(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit from which the graph is used is 50,000; here it is 50."""
    paths = save_many(tmp_path / "in", range(120), **SMALL)
    run(library, tmp_path / "in")
    own = by_path(library)
    with closing(Likeness(library)) as likeness:
        query = likeness.embeddings([own[paths[0]]])
        exact = likeness.best(query, 10, [own[paths[0]]])
    monkeypatch.setattr(likeness_module, "EXACT_BELOW", 50)
    monkeypatch.setattr(finishing, "EXACT_BELOW", 50)
    monkeypatch.setattr(likeness_module.Snapshot, "exact_below", 50, raising=False)
    with closing(Likeness(library)) as likeness:
        snapshot = likeness._refreshed()
        assert snapshot is not None
        assert snapshot.hnsw is not None
        assert likeness.best(query, 10, [own[paths[0]]]) == exact
        gone = next(path for path in paths if own[path] == exact[0].photo)
        gone.unlink()
        save_many(tmp_path / "in", range(500, 510), **SMALL)
        run(library)
        check_level(library)
        now = likeness.best(query, 10, [own[paths[0]]])
        assert exact[0].photo not in {hit.photo for hit in now}


@needs_hnsw
def test_a_disk_too_full_for_the_graph(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = save_many(tmp_path / "in", range(6), **SMALL)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(hnsw_file, "replace_file", full)
        with pytest.raises(UserError, match="is full"):
            run(library, tmp_path / "in")
    assert set(by_path(library)) == set(paths)
    run(library)
    check_level(library)
