"""Several ways to compare in one library: kept level through whatever happens to photos, files and networks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core import paths
from desktop_app.core.catalog import photos, ways
from desktop_app.core.descriptors import COLOUR_KEY, Descriptor
from desktop_app.core.errors import UserError
from desktop_app.core.images import colour
from desktop_app.core.images.decode import read_picture
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import bundled_networks
from desktop_app.core.operations.compare_raw import nearest_raw
from desktop_app.core.operations.describe import describe
from desktop_app.core.operations.descriptors import descriptors, make_default
from desktop_app.core.operations.folders import remove_folder, restore_folder
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.operations.likeness import Likeness
from tests.core.described import EVERY, OTHER, assert_near, assert_same, described, ended, near, vectors
from tests.core.libraries import NETWORK, by_path, opened, run
from tests.core.test_colour import painted
from tests.photos import save, save_many


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
        assert {"Texture", "Shapes"} < set(titles)
        assert titles[-2:] == ["Things", "Named things"]


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
