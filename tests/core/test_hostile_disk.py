"""Disks that are full or may not be written: a sentence, nothing broken, and it goes on once there is room.

Real file systems of their own where the test may mount them (Linux, as root), else the system's errors are made up.
"""

from __future__ import annotations

import errno
import gc
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.core.catalog import photos
from desktop_app.core.catalog.database import FULL
from desktop_app.core.errors import UserError
from desktop_app.core.index import layer_file, space
from desktop_app.core.index import vectors as store
from desktop_app.core.operations import ingest
from tests.core.libraries import State, assert_equal, by_path, made, neighbours, opened, run, state
from tests.kept import Kept
from tests.photos import save_many

ROOT = Path(__file__).resolve().parents[2]
COUNT = 120


def mount(*words: str) -> bool:
    try:
        return subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def unmount(place: Path) -> None:
    subprocess.run(["umount", "--lazy", str(place)], capture_output=True, check=False)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk; its size is changed with `resize`."""
    place = tmp_path / "disk"
    place.mkdir()
    if not (
        sys.platform == "linux" and os.geteuid() == 0 and mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place))
    ):
        pytest.skip("a disk of its own can be mounted on Linux as root only")
    yield place
    unmount(place)


def resize(disk: Path, kilobytes: int) -> None:
    gc.collect()  # files that are gone take room as long as they are mapped
    assert mount("-o", f"remount,size={kilobytes}k", str(disk))


@pytest.fixture
def folder(tmp_path: Path, kept: Kept) -> Path:
    """Photos, and beside them a library `whole` where nothing went wrong."""

    def make(at: Path) -> None:
        save_many(at / "in", range(COUNT), width=96, height=72)
        made(at / "whole", at / "in")

    return kept.copy("for a hostile disk", tmp_path, make) / "in"


@pytest.fixture
def expected(tmp_path: Path, folder: Path) -> State:
    with opened(tmp_path / "whole") as library:
        return state(library)


def assert_whole(library: Path, elsewhere: Path) -> None:
    """Look at a copy: SQLite cannot even read on a disk without room for its side files."""
    shutil.rmtree(elsewhere, ignore_errors=True)
    if library.is_dir():
        shutil.copytree(library, elsewhere)
    for name in ("catalogue.sqlite", "thumbnails.sqlite"):
        if (elsewhere / name).is_file():
            with closing(sqlite3.connect(elsewhere / name)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def try_to_add(library: Path, folder: Path) -> int:
    """Ingest on a disk that may be too small; the photos that are in, or -1 where it could not even be opened."""
    refused = []
    try:
        with opened(library) as one:
            try:
                run(one, folder)
            except UserError as error:
                refused.append(str(error))
            count = photos.count_present(one.connection)
    except UserError as error:
        refused.append(str(error))
        count = -1
    assert set(refused) <= {FULL}
    return count


def fill_and_free(disk: Path, folder: Path, expected: State, kilobytes: int) -> int:
    """A new library on a disk of some size, then of enough; the photos that were in on the small one."""
    library = disk / "library"
    shutil.rmtree(library, ignore_errors=True)
    resize(disk, kilobytes)
    count = try_to_add(library, folder)
    assert_whole(library, folder.parent / "copy")
    again = try_to_add(library, folder)  # still full: the same sentence, nothing lost
    assert again == -1 or again >= count
    assert_whole(library, folder.parent / "copy")
    resize(disk, 64_000)
    with opened(library) as one:
        result = run(one, folder)
        assert result.photos == COUNT
        assert result.unchanged >= max(count, 0)
        assert_equal(state(one), expected)
    return count


def test_a_full_disk_keeps_what_is_in(
    disk: Path, folder: Path, expected: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    # each photo is stored for itself: how many come in a second is no matter of the disk
    monkeypatch.setattr(ingest, "_FIRST_BATCH", 0.0)
    monkeypatch.setattr(ingest, "_BATCH", 0.0)
    sizes = (16, 64, 200, 480, 900, 1800, 4000, 32_000)
    reached = [fill_and_free(disk, folder, expected, kilobytes) for kilobytes in sizes]
    assert reached[0] == -1
    assert reached[-1] == COUNT
    assert any(0 < count < COUNT for count in reached), reached


def test_a_disk_that_fills_up_later(disk: Path, folder: Path, expected: State) -> None:
    library = disk / "library"
    some = folder.parent / "some"
    shutil.copytree(folder, some)
    for path in sorted(some.iterdir())[40:]:
        path.unlink()
    made(library, some)
    used = shutil.disk_usage(disk).used // 1024
    for room in (0, 8, 40, 100, 300, 600):
        resize(disk, used + room)
        assert try_to_add(library, folder) in range(-1, COUNT + 41)
        assert_whole(library, folder.parent / "copy")
        with opened(library, writable=False) as reader:  # looking needs no room
            found = by_path(reader)
            assert {some / "photo 0.jpg"} <= set(found)
            neighbours(reader, [some / "photo 0.jpg"])
    resize(disk, 64_000)
    shutil.rmtree(some)
    with opened(library) as one:
        run(one)
        run(one, folder)
        assert {path: vectors for path, vectors in state(one).vectors.items() if path in expected.vectors} == (
            expected.vectors
        )


def test_a_disk_that_may_only_be_read(disk: Path, folder: Path, expected: State) -> None:
    library = disk / "library"
    made(library, folder)
    assert mount("-o", "remount,ro", str(disk))
    with pytest.raises(UserError, match="cannot be written"):
        opened(library)
    with pytest.raises(UserError, match="cannot be written"):
        opened(disk / "another")
    with opened(library, writable=False) as reader:
        assert neighbours(reader, expected.near) == expected.near
    words = ["index", str(folder), "--library", str(library)]
    said = subprocess.run([sys.executable, "-m", "desktop_app", *words], cwd=ROOT, capture_output=True, text=True)
    assert (said.returncode, said.stderr.count("\n")) == (1, 1), said.stderr
    words = ["similar", str(folder / "photo 0.jpg"), "--library", str(library), "--limit", "3"]
    said = subprocess.run([sys.executable, "-m", "desktop_app", *words], cwd=ROOT, capture_output=True, text=True)
    assert (said.returncode, said.stderr, said.stdout.count("\n")) == (0, "", 3)
    assert mount("-o", "remount,rw", str(disk))
    with opened(library) as one:
        assert run(one).unchanged == COUNT


def test_a_library_left_open_on_a_disk_that_may_only_be_read(disk: Path, folder: Path, expected: State) -> None:
    """Its process was killed: SQLite's side files are still there, and nothing can be tidied."""
    made(disk / "library", folder)
    add = "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA wal_autocheckpoint=0');"
    add += "c.execute(\"INSERT INTO meta VALUES ('a', 'b')\"); c.commit(); os._exit(0)"
    subprocess.run([sys.executable, "-c", add, str(disk / "library" / "catalogue.sqlite")], check=True)
    assert (disk / "library" / "catalogue.sqlite-wal").stat().st_size
    assert mount("-o", "remount,ro", str(disk))
    with opened(disk / "library", writable=False) as reader:
        assert neighbours(reader, expected.near) == expected.near


# --- the same with errors that are made up, on every system -------------------------------------------------------


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("where", [(layer_file, "write_all"), (store, "sync_folder"), (space, "write_all")])
def test_writes_that_fail(
    tmp_path: Path, folder: Path, expected: State, monkeypatch: pytest.MonkeyPatch, where: tuple[object, str], code: int
) -> None:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    for path in sorted(folder.iterdir())[10:]:
        path.unlink()
    library = tmp_path / "library"
    with opened(library) as one:
        with monkeypatch.context() as patch:
            patch.setattr(*where, fail)
            with pytest.raises(UserError, match="full" if code == errno.ENOSPC else "cannot be written"):
                run(one, folder)
        assert run(one, folder).photos == 10
    assert_whole(library, folder.parent / "copy")
    with opened(library) as one:
        assert run(one).unchanged == 10
        made_here = state(one)
    assert {path: expected.vectors[path] for path in made_here.vectors} == made_here.vectors
