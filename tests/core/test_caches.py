"""Whatever of a library can be made again is made again when it is damaged, deleted or of another kind."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.core.catalog import folders, photos
from desktop_app.core.descriptors import COLOUR_KEY
from desktop_app.core.errors import UserError
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.types import FolderState
from tests.core.libraries import State, assert_equal, by_path, made, nearest, neighbours, opened, run, state
from tests.photos import save_many

ROOT = Path(__file__).resolve().parents[2]


def states(library: Library) -> set[FolderState]:
    return {folder.state for folder in folders.all_folders(library.connection)}


def spoil(path: Path, how: str) -> None:
    """Harm one file of a library."""
    data = path.read_bytes()
    if how == "gone":
        path.unlink()
    elif how == "folder":
        path.unlink()
        path.mkdir()
        (path / "something").write_text("not ours")
    else:
        harmed = {"empty": b"", "cut": data[: len(data) // 2], "garbage": random.Random(7).randbytes(len(data))}
        path.write_bytes(harmed[how])


@pytest.mark.parametrize("how", ["gone", "empty", "cut", "garbage", "folder"])
def test_thumbnails_are_made_again(place: Path, expected: State, how: str) -> None:
    for side in ("-wal", "-shm"):
        (place / f"thumbnails.sqlite{side}").unlink(missing_ok=True)
    spoil(place / "thumbnails.sqlite", how)
    with opened(place, writable=False) as reader:  # a reader goes without
        assert len(by_path(reader)) == 10
        assert nearest(reader, min(expected.near)) == expected.near[min(expected.near)]
    with opened(place) as library:
        assert states(library) == {FolderState.ADDING}  # the next ingest begins by itself
        assert run(library).read == (10 if how != "cut" else pytest.approx(5, abs=5))
        assert_equal(state(library), expected)
        assert states(library) == {FolderState.READY}
        assert run(library).read == 0


def test_thumbnails_damaged_inside_are_found_out_when_they_are_asked_for(place: Path, expected: State) -> None:
    path = place / "thumbnails.sqlite"
    data = path.read_bytes()
    path.write_bytes(data[:8192] + b"\xee" * (len(data) - 8192))
    with opened(place) as library:
        run(library)
        library.thumbnails.get(list(expected.thumbnails))
        run(library)
        assert_equal(state(library), expected)


def test_thumbnails_of_another_program_are_replaced(place: Path, expected: State) -> None:
    (place / "thumbnails.sqlite").unlink()
    with closing(sqlite3.connect(place / "thumbnails.sqlite")) as connection:
        connection.execute("CREATE TABLE thumbnails (name TEXT)")
    with opened(place) as library:
        run(library)
        assert_equal(state(library), expected)


@pytest.mark.parametrize("how", ["all", "gone", "empty", "cut", "garbage"])
@pytest.mark.parametrize("pattern", ["space.json", "space.g*.f32", "projection.g*.npz", "graph.hnsw"])
def test_the_index_is_made_again_and_missed_by_nobody(place: Path, expected: State, pattern: str, how: str) -> None:
    if how == "all":
        shutil.rmtree(place / "index")
    else:
        (path,) = place.glob(f"index/*-embedding/{pattern}")
        spoil(path, how)
    with opened(place, writable=False) as reader:
        assert_near(reader, expected)
    with opened(place) as library:
        assert_near(library, expected)  # before anything was made again
        run(library)
        assert library.view is not None
        assert library.view.rows == library.store.rows
        assert_equal(state(library), expected)
    with opened(place) as library:
        assert states(library) == {FolderState.READY}
        assert library.view is not None
        assert library.hnsw_file.exists()


def assert_near(library: Library, expected: State) -> None:
    for path, found in neighbours(library, expected.near).items():
        assert [other for other, _ in found] == [other for other, _ in expected.near[path]]
        assert [score for _, score in found] == pytest.approx([score for _, score in expected.near[path]], abs=1e-4)


def test_the_index_of_many_photos_is_not_missed_either(tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(300), width=64, height=48)
    made(tmp_path / "library", tmp_path / "in")
    with opened(tmp_path / "library") as library:
        expected = state(library)
        assert library.view is not None
        assert library.view.projection.components is not None
    shutil.rmtree(tmp_path / "library" / "index")
    for writable in (False, True):
        with opened(tmp_path / "library", writable=writable) as library:
            assert_near(library, expected)
    with opened(tmp_path / "library") as library:
        run(library)
        assert_equal(state(library), expected)


def files_of(place: Path) -> list[Path]:
    """The vectors of the library's own network; those of its colours are not looked at before they are needed."""
    return sorted(path for path in place.glob("vectors/*/*.f16") if path.parent.name != COLOUR_KEY)


def cut(share: float) -> Callable[[Path], None]:
    def harm(place: Path) -> None:
        for path in files_of(place):
            os.truncate(path, int(path.stat().st_size * share))

    return harm


def cut_one(at: int) -> Callable[[Path], None]:
    def harm(place: Path) -> None:
        path = files_of(place)[at % len(files_of(place))]
        os.truncate(path, min(at, path.stat().st_size - 1))

    return harm


def folder_gone(place: Path) -> None:
    shutil.rmtree(place / "vectors")


def one_gone(place: Path) -> None:
    files_of(place)[2].unlink()


def header_garbage(place: Path) -> None:
    with files_of(place)[0].open("r+b") as stream:
        stream.write(b"garbage!")


@pytest.mark.parametrize(
    "harm",
    [
        folder_gone,
        one_gone,
        header_garbage,
        *map(cut, (0.0, 0.001, 0.33, 0.5, 0.77, 0.999)),
        *map(cut_one, (0, 63, 5000)),
    ],
)
def test_vectors_that_were_lost_are_read_again(place: Path, expected: State, harm: Callable[[Path], None]) -> None:
    harm(place)
    with opened(place, writable=False) as reader:
        likeness = Likeness(reader)
        for id_ in by_path(reader).values():
            with contextlib.suppress(UserError):  # not ready to be compared yet: never a crash
                likeness.best(likeness.embeddings([id_]), 5, [id_])
        likeness.close()
    with opened(place) as library:
        assert states(library) == {FolderState.ADDING}
        run(library)
        assert_equal(state(library), expected)
        assert run(library).unchanged == 10


def test_what_a_kill_left_beyond_the_catalogue_is_cut_off(place: Path, expected: State) -> None:
    with opened(place) as library:
        rows = library.store.rows
        library.store.append(
            {layer.name: library.store.read(layer.name, slice(0, 3)) for layer in library.network.layers}
        )
        library.store.flush()
        library.space.extend(library.store.read(MAIN_LAYER, slice(rows, rows + 3)))
        library.space.flush()
    with opened(place) as library:
        assert library.store.rows == rows
        assert library.view is not None
        assert library.view.rows == rows
        assert_equal(state(library), expected)


def test_a_network_that_no_longer_comes_with_the_program(place: Path, expected: State) -> None:
    with opened(place) as library:
        old = library.network.key
        library.set_meta("network", "0123456789abcdef")
        with library.database.transaction() as connection:
            connection.execute("UPDATE features SET network = '0123456789abcdef' WHERE network = ?", (old,))
    (place / "vectors" / old).rename(place / "vectors" / "0123456789abcdef")
    shutil.rmtree(place / "index")
    with opened(place, writable=False) as reader:
        assert Likeness(reader).searchable == 0
    with opened(place) as library:
        assert states(library) == {FolderState.ADDING}
        ids = by_path(library)
        assert run(library).read == 10
        assert by_path(library) == ids  # the same photos with what belongs to them
        assert_equal(state(library), expected)


def test_folders_that_were_stopped_or_are_away_stay_so(place: Path, folder: Path) -> None:
    with opened(place) as library, library.database.transaction() as connection:
        (one,) = folders.all_folders(connection)
        folders.set_state(connection, one.id, FolderState.STOPPED, 3)
    shutil.rmtree(place / "vectors")
    with opened(place) as library:
        assert states(library) == {FolderState.STOPPED}
        run(library)
        assert states(library) == {FolderState.READY}


def test_folders_removed_long_ago_are_forgotten(place: Path) -> None:
    with opened(place) as library, library.database.transaction() as connection:
        connection.execute("UPDATE folders SET removed = 1.0")
    with opened(place) as library:
        assert photos.count_present(library.connection) == 0
        assert library.connection.execute("SELECT count(*) FROM photos").fetchone()[0] == 0
        assert library.connection.execute("SELECT count(*) FROM features").fetchone()[0] == 0
        assert library.store.rows == 0
