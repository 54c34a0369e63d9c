"""Opening a library: who may write, and how its catalogue is brought from version to version."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.core.catalog import schema
from desktop_app.core.errors import LibraryLocked, LibraryTooNew, UserError
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.operations.likeness import Likeness
from tests.core.libraries import State, assert_equal, by_path, opened, run, state
from tests.photos import save, save_many

ROOT = Path(__file__).resolve().parents[2]


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


ADD_TABLE = "CREATE TABLE extra (photo INTEGER PRIMARY KEY, name TEXT); INSERT INTO extra SELECT id, 'x' FROM photos;"


def test_a_migration_that_works(place: Path) -> None:
    catalogue = place / "catalogue.sqlite"
    seen: list[bool] = []
    with closing(sqlite3.connect(catalogue, isolation_level=None)) as connection:
        connection.create_function(
            "copy_is_there", 0, lambda: seen.append(schema.is_sound(schema.copy_path(catalogue)))
        )
        schema.migrate(catalogue, connection, (*schema.MIGRATIONS, ADD_TABLE + "SELECT copy_is_there();"))
        assert connection.execute("SELECT count(*) FROM extra").fetchone()[0] == 10
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
    assert "extra" not in tables
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
