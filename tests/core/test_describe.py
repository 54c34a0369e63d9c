"""Computing a descriptor: stopped, killed, damaged, out of room, read by others, and forgotten again."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import features, ways
from desktop_app.core.catalog.database import FULL
from desktop_app.core.errors import UserError
from desktop_app.core.index import layer_file, space
from desktop_app.core.index import vectors as store
from desktop_app.core.library import Library
from desktop_app.core.operations.describe import describe
from desktop_app.core.operations.descriptors import descriptors, forget, uses
from desktop_app.core.operations.likeness import Likeness
from tests.core.described import EVERY, OTHER, assert_near, assert_same, described, near, vectors
from tests.core.libraries import NETWORK, by_path, made, opened, run
from tests.photos import save, save_many

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def library(place: Path) -> Iterator[Library]:
    """Ten photos, comparable by two networks, two layers of one of them, and colour."""
    with opened(place) as one:
        described(one, *EVERY)
        yield one


def test_stopped_and_resumed_equals_never_stopped(tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(60), width=96, height=72)
    shutil.copy(tmp_path / "in" / "photo 7.jpg", tmp_path / "in" / "copy.jpg")
    for name in ("whole", "stopped"):
        made(tmp_path / name, tmp_path / "in")
    with opened(tmp_path / "whole") as whole, opened(tmp_path / "stopped") as stopped:
        assert described(whole, OTHER)[0].computed == 61
        dice, rounds = random.Random(4), 0
        while rounds < 40 and features.count_with(stopped.connection, stopped.files(OTHER).key) < 61:
            operation = describe(stopped, OTHER, workers=1)
            for _ in range(dice.randrange(1, 6)):
                if next(operation, None) is None:
                    break
            operation.close()
            rounds += 1
        assert rounds > 1
        done = described(stopped, OTHER)[0]
        assert done.photos == 61
        assert_same(stopped, whole, (OTHER,))


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
@pytest.mark.parametrize("name", [OTHER, "colour"])
def test_killed_and_resumed_equals_never_stopped(tmp_path: Path, name: str) -> None:
    save_many(tmp_path / "in", range(150))
    for place in ("whole", "killed"):
        made(tmp_path / place, tmp_path / "in")
        with opened(tmp_path / place) as library:
            forget(library, "colour")
    with opened(tmp_path / "whole") as whole:
        described(whole, name)
    dice = random.Random(7)
    for _ in range(8):
        process = start(tmp_path / "killed", name)
        try:
            process.communicate(timeout=dice.uniform(0.4, 1.6))  # a clock is the point here
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
    with opened(tmp_path / "killed") as killed, opened(tmp_path / "whole") as whole:
        assert described(killed, name)[0].photos == 150
        assert_same(killed, whole, (name, f"{NETWORK}:embedding"))
        files = killed.files(name)
        assert files.store.rows == features.committed_rows(killed.connection, files.key)
        assert run(killed).read == 0


def start(library: Path, name: str) -> subprocess.Popen[bytes]:
    script = (
        "import sys\nfrom pathlib import Path\nfrom desktop_app.core.library import Library\n"
        "from desktop_app.core.operations.describe import describe\n"
        "with Library(Path(sys.argv[1]), device='cpu') as library:\n    list(describe(library, sys.argv[2]))\n"
    )
    return subprocess.Popen([sys.executable, "-c", script, str(library), name], cwd=ROOT, stderr=subprocess.DEVNULL)


def test_photos_whose_files_are_not_there(library: Library, folder: Path) -> None:
    forget(library, OTHER)
    save(folder / "photo 3.jpg", 99)  # changed since it was added; its copy was not
    (folder / "photo 6.jpg").rename(folder.parent / "photo 6.jpg")
    done = described(library, OTHER)[0]
    assert (done.computed, done.left_out, done.photos) == (9, 1, 9)
    assert described(library, OTHER)[0].left_out == 1  # tried again
    (folder.parent / "photo 6.jpg").rename(folder / "photo 6.jpg")
    run(library)
    assert vectors(library, OTHER).keys() == by_path(library).keys()


def test_older_libraries_get_their_colours_from_thumbnails(place: Path, folder: Path) -> None:
    with opened(place) as library:
        expected = vectors(library, "colour")
        forget(library, "colour")
        run(library)
        assert vectors(library, "colour") == {}  # not in the way of adding photos
        hidden = folder.rename(folder.parent / "away")
        done = described(library, "colour")[0]
        assert (done.computed, done.left_out) == (10, 0)
        hidden.rename(folder)
        for path, row in vectors(library, "colour").items():
            one, other = np.frombuffer(row, np.float32), np.frombuffer(expected[path], np.float32)
            assert float(one @ other) > 0.85
        save(folder / "new.jpg", 44)
        run(library)
        assert len(vectors(library, "colour")) == 11


def test_without_thumbnails_colours_are_read_from_the_photos(place: Path) -> None:
    with opened(place) as library:
        expected = vectors(library, "colour")
        forget(library, "colour")
        with library.thumbnails._database.transaction() as connection:  # type: ignore[union-attr]
            connection.execute("DELETE FROM thumbnails")
        assert described(library, "colour")[0].computed == 10
        assert vectors(library, "colour") == expected


@pytest.mark.parametrize("where", [(layer_file, "write_all"), (store, "sync_folder"), (space, "write_all")])
def test_a_disk_that_fills_up_while_photos_are_described(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: tuple[object, str]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    shutil.copytree(place, tmp_path / "whole")
    with opened(place) as library:
        monkeypatch.setattr(*where, fail)
        with pytest.raises(UserError) as refused:
            described(library, OTHER)
        assert str(refused.value) == FULL
        monkeypatch.undo()
        assert len(near(library, "")) == 10
        assert f"{OTHER}:embedding" not in [state.name for state in descriptors(library) if state.ready]
        assert described(library, OTHER)[0].photos == 10
        with opened(tmp_path / "whole") as whole:
            described(whole, OTHER)
            assert_same(library, whole, (OTHER,))


@pytest.mark.parametrize("pattern", ["space.json", "space.g*.f32", "projection.g*.npz"])
@pytest.mark.parametrize("name", ["colour", f"{NETWORK}:stage3"])
def test_a_damaged_index_space_is_made_again(place: Path, pattern: str, name: str) -> None:
    with opened(place) as library:
        described(library, name)
        expected, folder = near(library, name), library.files(name).folder
    (path,) = folder.glob(pattern)
    path.write_bytes(random.Random(3).randbytes(path.stat().st_size))
    for writable in (False, True):
        with opened(place, writable=writable) as library:
            assert_near(near(library, name), expected)
            if writable:
                run(library)
                assert library.files(name).view is not None
                assert_near(near(library, name), expected)


@pytest.mark.parametrize("name", ["colour", OTHER])
def test_lost_vectors_are_computed_again(place: Path, name: str) -> None:
    with opened(place) as library:
        described(library, name)
        key = library.files(name).key
        expected = vectors(library, name)
    for path in (place / "vectors" / key).iterdir():
        os.truncate(path, path.stat().st_size // 2)
    with opened(place) as library:
        run(library)
        now = vectors(library, name)
        assert now.keys() == expected.keys()
        if name != "colour":  # those counted on thumbnails differ by what JPEG changes
            assert now == expected
        near(library, name)


def test_opened_on_another_thread_while_photos_are_added(place: Path, tmp_path: Path) -> None:
    save_many(tmp_path / "more", range(30, 90))
    with opened(place) as library:
        described(library, "stage3", OTHER)
        seen: list[int] = []
        failures: list[BaseException] = []
        over = threading.Event()

        def look() -> None:
            try:
                while not over.is_set():
                    for name in EVERY:
                        with closing(Likeness(library, name)) as likeness:
                            seen.append(len(likeness.best(likeness.embeddings([1]), 1000)))
            except BaseException as error:
                failures.append(error)

        thread = threading.Thread(target=look)
        thread.start()
        try:
            run(library, tmp_path / "more")
        finally:
            over.set()
            thread.join()
        assert failures == []
        assert min(seen) >= 10
        assert {len(vectors(library, name)) for name in EVERY} == {70}


def test_read_beside_a_writer(place: Path, tmp_path: Path) -> None:
    with opened(place) as writer, opened(place, writable=False) as reader:
        with closing(Likeness(reader, OTHER)) as likeness:
            assert likeness.searchable == 0
            described(writer, OTHER)
            assert likeness.searchable == 10
            save_many(tmp_path / "more", range(30, 34))
            run(writer, tmp_path / "more")
            assert likeness.searchable == 14
            hits = likeness.best(likeness.embeddings([1]), 100, [1])
        assert len(hits) == 13
        with closing(Likeness(writer, OTHER)) as own:
            assert [hit.photo for hit in own.best(own.embeddings([1]), 100, [1])] == [hit.photo for hit in hits]


def test_forgetting(library: Library, place: Path) -> None:
    key = library.files(OTHER).key
    assert uses(library, OTHER).photos == 10
    assert (place / "vectors" / key).is_dir()
    with closing(Likeness(library, OTHER)) as likeness:
        query = likeness.embeddings([1])
        forget(library, OTHER)
        assert not (place / "vectors" / key).exists()
        assert not list((place / "index").glob(f"{key}-*"))
        assert likeness.best(query, 10) == []
        assert not uses(library, OTHER)
        assert library.connection.execute("SELECT count(*) FROM features WHERE network = ?", (key,)).fetchone()[0] == 0
        described(library, OTHER)
        assert len(likeness.best(query, 10)) == 10
    with pytest.raises(UserError, match="Choose another way first"):
        forget(library, NETWORK)
    with pytest.raises(UserError, match="Nothing in this library"):
        forget(library, "vgg")
    assert near(library, "stage3")


def test_a_kill_while_forgetting(library: Library, place: Path) -> None:
    key = library.files(OTHER).key
    with library.database.transaction() as connection:
        way = next(way for way in ways.all_ways(connection) if way.key == key)
        ways.put(connection, ways.Way(way.key, way.name, way.title, way.layers, going=True))
        features.forget_network(connection, key)
    library.close()
    with opened(place) as again:
        assert f"{OTHER}:embedding" not in [state.name for state in descriptors(again) if state.ready]
        run(again)
        assert not (place / "vectors" / key).exists()
