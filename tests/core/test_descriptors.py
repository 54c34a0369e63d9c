"""Several ways to compare in one library: kept level through whatever happens to photos, files and networks."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core import paths
from desktop_app.core.catalog import features, photos, ways
from desktop_app.core.catalog.database import FULL
from desktop_app.core.descriptors import COLOUR_KEY, Descriptor
from desktop_app.core.errors import UserError
from desktop_app.core.images import colour
from desktop_app.core.images.decode import read_picture
from desktop_app.core.index import layer_file, space
from desktop_app.core.index import vectors as store
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import bundled_networks
from desktop_app.core.operations.compare_raw import nearest_raw
from desktop_app.core.operations.describe import Described, describe
from desktop_app.core.operations.descriptors import descriptors, forget, make_default, uses
from desktop_app.core.operations.folders import remove_folder, restore_folder
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.types import PhotoId
from tests.core.libraries import NETWORK, by_path, made, opened, run
from tests.core.test_colour import painted
from tests.photos import save, save_many

ROOT = Path(__file__).resolve().parents[2]
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


@pytest.fixture
def library(place: Path) -> Iterator[Library]:
    """Ten photos, comparable by two networks, two layers of one of them, and colour."""
    with opened(place) as one:
        described(one, *EVERY)
        yield one


def fresh(tmp_path: Path, *roots: Path) -> Library:
    """The same made at once, by somebody who knew all wishes before."""
    one = opened(tmp_path / "fresh")
    described(one, *EVERY)
    run(one, *roots)
    return one


def test_what_is_computed_is_listed(place: Path) -> None:
    with opened(place) as library:
        before = {state.name: state for state in descriptors(library)}
        assert before[f"{NETWORK}:embedding"].is_default
        assert [state.name for state in before.values() if state.ready] == [f"{NETWORK}:embedding", "colour"]
        assert {state.computed for state in before.values() if state.network == OTHER} == {0}
        assert before["colour"].title == "Colour"
        stage, other = described(library, f"{NETWORK}:stage3", OTHER)
        assert (stage.computed, stage.photos, other.computed, other.photos) == (0, 10, 10, 10)
        after = {state.name: state for state in descriptors(library)}
        ready = {name for name, state in after.items() if state.ready}
        assert ready == {*EVERY}
        assert {state.total for state in after.values()} == {10}
        assert {state.computed for state in after.values()} == {10}
        titles = [state.title for state in after.values() if state.network == NETWORK]
        assert titles[0] == "Texture"
        assert titles[-2:] == ["Things", "Names of things"]


def test_layers_of_one_network_share_its_vectors(library: Library) -> None:
    one, other = library.files(f"{NETWORK}:embedding"), library.files(f"{NETWORK}:stage3")
    assert one.store is other.store
    assert one is library.main
    assert one.space is not other.space
    assert library.files("colour").store is not one.store
    assert library.files("stage3") is other


def test_they_differ(library: Library) -> None:
    answers = [near(library, name) for name in EVERY]
    for place, one in enumerate(answers):
        for other in answers[:place]:
            assert one != other


def test_colour_finds_colours(tmp_path: Path) -> None:
    for name, rgb in (("red", (200, 30, 30)), ("red 2", (190, 45, 35)), ("green", (40, 160, 40)), ("b", (30, 40, 190))):
        save_pixels(tmp_path / "in" / f"{name}.png", painted(rgb, (250, 250, 250)))
    with opened(tmp_path / "library") as library:
        run(library, tmp_path / "in")
        assert near(library, "colour")[tmp_path / "in" / "red.png"][0][0].name == "red 2.png"
        with closing(Likeness(library, "colour")) as likeness:
            outside = likeness.embed(painted((195, 35, 30), (250, 250, 250)))
            best = {hit.photo for hit in likeness.best(outside, 2)}
        assert {path.name for path, id_ in by_path(library).items() if id_ in best} == {"red.png", "red 2.png"}


def save_pixels(path: Path, pixels: np.ndarray) -> None:
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def test_new_moved_copied_changed_and_removed_photos(library: Library, folder: Path, tmp_path: Path) -> None:
    before = by_path(library)
    old = {name: vectors(library, name) for name in EVERY}
    (folder / "photo 1.jpg").rename(folder / "moved.jpg")
    shutil.copy(folder / "photo 2.jpg", folder / "second copy.jpg")
    (folder / "photo 4.jpg").unlink()
    save(folder / "photo 5.jpg", 77)
    save_many(tmp_path / "more", range(30, 33))
    with closing(Likeness(library, OTHER)) as likeness:  # open while it happens
        gone = before[folder / "photo 4.jpg"]
        query = likeness.embeddings([gone])
        result = run(library)
        run(library, tmp_path / "more")
        assert gone not in [hit.photo for hit in likeness.best(query, 1000)]
        assert likeness.searchable == 13
    assert result.remarks == []
    for name in EVERY:
        now = vectors(library, name)
        assert now.keys() == by_path(library).keys()
        assert now[folder / "moved.jpg"] == old[name][folder / "photo 1.jpg"]
        assert now[folder / "second copy.jpg"] == old[name][folder / "photo 2.jpg"]
        assert now[folder / "photo 5.jpg"] != old[name][folder / "photo 5.jpg"]
        assert now[folder / "photo 6.jpg"] == old[name][folder / "photo 6.jpg"]
    with fresh(tmp_path, folder, tmp_path / "more") as other:
        assert_same(library, other)


def test_a_changed_photo_is_not_found_by_what_it_was(library: Library, folder: Path) -> None:
    """An ingest that was stopped before the other networks had their turn."""
    changed = by_path(library)[folder / "photo 5.jpg"]
    with closing(Likeness(library, OTHER)) as likeness:
        was = likeness.embeddings([changed])
        save(folder / "photo 5.jpg", 78)
        operation = ingest(library)
        for progress in operation:
            if changed in progress.changes.updated:
                break
        operation.close()
        assert changed not in [hit.photo for hit in likeness.best(was, 1000)]
        with pytest.raises(UserError, match="not ready to be compared"):
            likeness.embeddings([changed])
        run(library)
        assert not np.array_equal(likeness.embeddings([changed]), was)


def test_removed_and_restored_folders(library: Library, folder: Path, tmp_path: Path) -> None:
    save_many(tmp_path / "more", range(30, 33))
    run(library, tmp_path / "more")
    first = photos.fetch(library.connection, [by_path(library)[folder / "photo 1.jpg"]]).popitem()[1].folder
    likenesses = [Likeness(library, name) for name in EVERY]
    remove_folder(library, first)
    assert [likeness.searchable for likeness in likenesses] == [3] * len(EVERY)
    restore_folder(library, first)
    assert [likeness.searchable for likeness in likenesses] == [13] * len(EVERY)
    for likeness in likenesses:
        likeness.close()


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


def assert_near(found: dict[Path, list[tuple[Path, float]]], expected: dict[Path, list[tuple[Path, float]]]) -> None:
    assert found.keys() == expected.keys()
    for path, hits in found.items():
        np.testing.assert_allclose([s for _, s in hits], [s for _, s in expected[path]], atol=1e-4)


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


def test_another_default(library: Library, place: Path, folder: Path) -> None:
    assert library.default == Descriptor(NETWORK, "embedding")
    before, usual = by_path(library), near(library, "")
    ended(make_default(library, f"{OTHER}:stage4"))
    assert (library.network.name, library.main.layer) == (OTHER, "embedding")
    assert library.hnsw_file.exists()
    assert near(library, "") == near(library, f"{OTHER}:stage4")
    assert by_path(library) == before
    assert run(library).read == 0
    save(folder / "new.jpg", 50)
    assert run(library).read == 1
    assert vectors(library, f"{NETWORK}:embedding").keys() == by_path(library).keys()
    library.close()
    with Library(place, device="cpu") as again:
        assert again.default == Descriptor(OTHER, "stage4")
        assert again.network.name == OTHER
        ended(make_default(again, "colour"))
        assert near(again, "") == near(again, "colour")
        ended(make_default(again, f"{NETWORK}:embedding"))
        (folder / "new.jpg").unlink()
        run(again)
        assert_near(near(again, ""), usual)


def test_a_network_that_went_and_came_back(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(place) as library:
        described(library, OTHER)
        expected, other = near(library, ""), near(library, OTHER)
    networks = bundled_networks(paths.models_dir())
    monkeypatch.setattr(
        "desktop_app.core.engines.all_networks", lambda: tuple(one for one in networks if one.name != NETWORK)
    )
    monkeypatch.setattr(
        "desktop_app.core.library.bundled_networks", lambda _: tuple(one for one in networks if one.name != NETWORK)
    )
    for _ in range(2):
        with Library(place, device="cpu") as library:
            assert library.network.name == OTHER
            assert "is no longer here" in library.remark
            assert "8 bit" in library.remark
            assert near(library, "") == other
            run(library)
            gone = [state for state in descriptors(library) if not state.here]
            assert [(state.network, state.computed) for state in gone] == [(NETWORK, 10)]
            with pytest.raises(UserError, match=r"no longer here|no network called"):
                library.files(f"{NETWORK}:embedding")
    monkeypatch.undo()
    with Library(place, device="cpu") as library:
        assert (library.network.name, library.remark) == (NETWORK, "")
        assert_near(near(library, ""), expected)


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


def test_new_photos_are_found_by_what_somebody_compares_by(library: Library, tmp_path: Path) -> None:
    save_many(tmp_path / "more", range(30, 90))
    names = ("", "stage3", "colour")
    likenesses = [Likeness(library, name) for name in names]
    seen: list[list[int]] = []
    for progress in ingest(library, [tmp_path / "more"], workers=1):
        if progress.changes.added:
            seen.append([likeness.searchable for likeness in likenesses])
            for likeness in likenesses:
                photo = progress.changes.added[0]
                assert likeness.best(likeness.embeddings([photo]), 5)[0].photo == photo
    assert all(len(set(counts)) == 1 for counts in seen)
    assert seen[-1] == [70] * 3
    for likeness in likenesses:
        likeness.close()


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


def test_raw_distances(library: Library, folder: Path) -> None:
    own = by_path(library)
    with closing(Likeness(library, "colour")) as likeness:
        query = likeness.embeddings([own[folder / "photo 3.jpg"]])
        hits = nearest_raw(library, library.files("colour"), query, 3, [own[folder / "photo 3.jpg"]])
    assert hits[0].photo == own[folder / "z copy.jpg"]
    assert hits[0].score == 0
    assert hits[1].score <= hits[2].score <= 2**0.5


def test_names_that_mean_nothing(library: Library) -> None:
    for name in ("vgg:embedding", "stage99", f"{OTHER}:stage99"):
        with pytest.raises(UserError, match=r"no network called|has no layer"):
            library.files(name)
        with pytest.raises(UserError):
            ended(describe(library, name))
    assert str(library.descriptor("colour")) == "colour"
    assert str(library.descriptor(OTHER)) == f"{OTHER}:embedding"
    assert str(library.descriptor("stage2")) == f"{NETWORK}:stage2"


def test_opening_a_library_opens_only_its_own_way(library: Library, place: Path) -> None:
    library.close()
    with opened(place) as again:
        assert set(again._files._stores) == {again.network.key}
        assert len(again._files._files) == 1


def test_colours_come_from_the_same_pixels(library: Library, folder: Path) -> None:
    stored = vectors(library, "colour")[folder / "photo 2.jpg"]
    pixels = read_picture(folder / "photo 2.jpg").pixels
    expected = colour.describe(pixels)["histogram"][0]
    np.testing.assert_allclose(np.frombuffer(stored, np.float32), expected, atol=1e-3)
    assert COLOUR_KEY in {way.key for way in ways.all_ways(library.connection)}
