"""Opening a library: who may write, what is healed, and what is said where nothing can be."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.core.catalog import folders, photos, schema
from desktop_app.core.errors import LibraryLocked, LibraryTooNew, UserError
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.types import FolderState
from tests.core.libraries import State, assert_equal, by_path, made, nearest, neighbours, opened, run, state
from tests.photos import save, save_many

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten photos, two of them alike to the byte."""
    save_many(tmp_path / "in", range(9))
    shutil.copy(tmp_path / "in" / "photo 3.jpg", tmp_path / "in" / "z copy.jpg")
    return tmp_path / "in"


@pytest.fixture
def place(tmp_path: Path, folder: Path) -> Path:
    """A library of them, closed."""
    made(tmp_path / "library", folder)
    return tmp_path / "library"


@pytest.fixture
def expected(tmp_path: Path, place: Path) -> State:
    with opened(place) as library:
        return state(library)


def states(library: Library) -> set[FolderState]:
    return {folder.state for folder in folders.all_folders(library.connection)}


# --- who may write -------------------------------------------------------------------------------------------


def test_one_writes_and_others_read(tmp_path: Path, folder: Path) -> None:
    with opened(tmp_path / "library") as writer:
        run(writer, folder)
        with pytest.raises(LibraryLocked, match="is already open"):
            opened(tmp_path / "library")
        with opened(tmp_path / "library", writable=False) as reader:
            likeness = Likeness(reader)
            assert likeness.searchable == 10
            new = save(folder / "new.jpg", 50)
            run(writer)
            assert likeness.searchable == 11
            assert new in by_path(reader)
            own = by_path(reader)[new]
            assert len(likeness.best(likeness.embeddings([own]), 20, [own])) == 10
            new.unlink()
            run(writer)
            assert likeness.searchable == 10
            likeness.close()


def test_a_reader_finds_photos_while_they_are_being_added(tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(60))
    with opened(tmp_path / "library") as writer:
        operation = ingest(writer, [tmp_path / "in"], workers=1)
        for progress in operation:
            if progress.changes.added:
                break
        with opened(tmp_path / "library", writable=False) as reader:
            likeness = Likeness(reader)
            first = likeness.searchable
            assert 0 < first < 60
            assert len(likeness.ranking(likeness.embeddings([min(by_path(reader).values())])).ids) == first
            for _ in operation:
                pass
            assert likeness.searchable == 60
            likeness.close()


def test_a_reader_changes_nothing(place: Path, expected: State) -> None:
    def files() -> dict[Path, tuple[int, int]]:
        found = [path for path in place.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal"))]
        return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in found}

    before = files()
    with opened(place, writable=False) as reader:
        assert state(reader).near == expected.near
    assert files() == before


def test_no_library_to_read(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no library at"):
        opened(tmp_path / "nowhere", writable=False)
    assert not (tmp_path / "nowhere").exists()
    (tmp_path / "half").mkdir()
    with closing(sqlite3.connect(tmp_path / "half" / "catalogue.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 0")
    (tmp_path / "half" / "catalogue.sqlite").touch()
    with pytest.raises(UserError, match="still being made"):
        opened(tmp_path / "half", writable=False)


HOLD = """
import sys
from pathlib import Path
from desktop_app.core.library import Library
library = Library(Path(sys.argv[1]), network=sys.argv[2], device="cpu")
print("open", flush=True)
sys.stdin.read()
"""


def test_the_lock_is_that_of_a_process_and_dies_with_it(place: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(place), "efficientnet-lite0-int8"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        with pytest.raises(LibraryLocked):
            opened(place)
        with opened(place, writable=False) as reader:
            assert len(by_path(reader)) == 10
        process.kill()
        process.wait()
        with opened(place) as library:
            assert len(by_path(library)) == 10


def test_a_failed_open_lets_go_of_everything(place: Path) -> None:
    with pytest.raises(UserError, match="There is no network called"):
        opened(place, network="resnet")
    with opened(place) as library:
        assert len(by_path(library)) == 10


def test_closed_twice(place: Path) -> None:
    library = opened(place)
    library.close()
    library.close()


# --- versions ------------------------------------------------------------------------------------------------


def version(catalogue: Path) -> int:
    with closing(sqlite3.connect(catalogue)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_a_newer_library_is_left_as_it_is(place: Path) -> None:
    with closing(sqlite3.connect(place / "catalogue.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("PRAGMA journal_mode = DELETE")
    before = (place / "catalogue.sqlite").read_bytes()
    for writable in (True, False):
        with pytest.raises(LibraryTooNew, match="newer version of Likeness"):
            opened(place, writable=writable)
    with closing(sqlite3.connect(place / "catalogue.sqlite")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        assert connection.execute("SELECT count(*) FROM photos").fetchone()[0] == 10
    after = (place / "catalogue.sqlite").read_bytes()
    # bytes 18-19 are the journal mode, 24-27 and 92-99 count changes of the file: nothing else may differ
    assert [at for at, (a, b) in enumerate(zip(before, after, strict=True)) if a != b and at >= 100] == []


ADD_TABLE = "CREATE TABLE labels (photo INTEGER PRIMARY KEY, name TEXT); INSERT INTO labels SELECT id, 'x' FROM photos;"


def test_a_migration_that_works(place: Path) -> None:
    catalogue = place / "catalogue.sqlite"
    seen: list[bool] = []
    with closing(sqlite3.connect(catalogue, isolation_level=None)) as connection:
        connection.create_function(
            "copy_is_there", 0, lambda: seen.append(schema.is_sound(schema.copy_path(catalogue)))
        )
        schema.migrate(catalogue, connection, (*schema.MIGRATIONS, ADD_TABLE + "SELECT copy_is_there();"))
        assert connection.execute("SELECT count(*) FROM labels").fetchone()[0] == 10
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert seen == [True]  # while it ran, a whole copy lay there
    assert version(catalogue) == len(schema.MIGRATIONS) + 1
    assert not schema.copy_path(catalogue).exists()
    assert not list(place.glob("*.half"))


def test_a_migration_that_fails_changes_nothing(place: Path, expected: State) -> None:
    catalogue = place / "catalogue.sqlite"
    with closing(sqlite3.connect(catalogue, isolation_level=None)) as connection:
        with pytest.raises(UserError, match="could not be brought up to date and is unchanged"):
            schema.migrate(catalogue, connection, (*schema.MIGRATIONS, ADD_TABLE + "INSERT INTO nowhere VALUES (1);"))
        assert not connection.in_transaction
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "labels" not in tables
    assert version(catalogue) == len(schema.MIGRATIONS)
    assert schema.is_sound(schema.copy_path(catalogue))
    with opened(place) as library:
        assert_equal(state(library), expected)
    assert not schema.copy_path(catalogue).exists()  # the catalogue is sound: the copy has done its duty


def leave_copy(place: Path) -> Path:
    copy = schema.copy_path(place / "catalogue.sqlite")
    with (
        closing(sqlite3.connect(place / "catalogue.sqlite")) as connection,
        closing(sqlite3.connect(copy)) as target,
    ):
        connection.backup(target)
    return copy


@pytest.mark.parametrize("harm", ["garbage", "cut", "empty", "gone", "middle"])
def test_a_catalogue_that_an_update_ruined_is_replaced_by_the_copy(place: Path, expected: State, harm: str) -> None:
    catalogue = place / "catalogue.sqlite"
    copy = leave_copy(place)
    data = catalogue.read_bytes()
    catalogue.write_bytes(
        {
            "garbage": b"nothing" * 1000,
            "cut": data[: len(data) // 2],
            "empty": b"",
            "gone": b"",
            "middle": data[:4096] + b"\xaa" * (len(data) - 4096),
        }[harm]
    )
    if harm == "gone":
        catalogue.unlink()
    with opened(place) as library:
        assert_equal(state(library), expected)
    assert not copy.exists()


def test_a_copy_that_is_no_use_is_not_taken(place: Path) -> None:
    copy = schema.copy_path(place / "catalogue.sqlite")
    copy.write_bytes(b"cut off")
    (place / "catalogue.sqlite").write_bytes(b"nothing" * 1000)
    with pytest.raises(UserError, match="catalogue is damaged"):
        opened(place)
    assert (place / "catalogue.sqlite").read_bytes() == b"nothing" * 1000
    with pytest.raises(UserError, match="catalogue is damaged"):
        opened(place, writable=False)


def test_a_catalogue_damaged_somewhere_inside_is_a_sentence(place: Path) -> None:
    catalogue = place / "catalogue.sqlite"
    data = bytearray(catalogue.read_bytes())
    data[4096:] = bytes(random.Random(5).randbytes(len(data) - 4096))
    catalogue.write_bytes(data)
    with pytest.raises(UserError, match="catalogue is damaged"):
        opened(place)
    command = [sys.executable, "-m", "desktop_app", "similar", "a.jpg", "--library", str(place)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)
    assert "catalogue is damaged" in said.stderr


def test_no_catalogue_but_a_folder_of_that_name(place: Path) -> None:
    (place / "catalogue.sqlite").unlink()
    (place / "catalogue.sqlite").mkdir()
    with pytest.raises(UserError, match="cannot be written"):
        opened(place)


# --- caches --------------------------------------------------------------------------------------------------


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
        (path,) = place.glob(f"index/*/{pattern}")
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
    return sorted(place.glob("vectors/*/*.f16"))


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
            connection.execute("UPDATE features SET network = '0123456789abcdef'")
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


@pytest.fixture(autouse=True)
def nothing_broken(tmp_path: Path) -> Iterator[None]:
    """Whatever a test did: the catalogue that it leaves is whole, unless it broke it."""
    yield
    catalogue = tmp_path / "library" / "catalogue.sqlite"
    if catalogue.is_file() and schema.is_sound(catalogue):
        with closing(sqlite3.connect(catalogue)) as connection:
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            assert json.dumps(connection.execute("PRAGMA integrity_check").fetchone()) == '["ok"]'
