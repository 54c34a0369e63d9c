"""Adding photos: what is in afterwards, and what a second look at the disk finds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import features, folders, photos, skipped
from desktop_app.core.errors import UserError
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.ingest import Ingested, ingest, stop
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.types import FolderState, Order, PhotoId, Reason
from tests.photos import save, save_many


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", network="efficientnet-lite0-int8", device="cpu") as opened:
        yield opened


def run(library: Library, *roots: Path, **options: object) -> Ingested:
    operation = ingest(library, roots, **options)
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return ended.value


def names(library: Library) -> dict[str, PhotoId]:
    ids = photos.listed(library.connection, Order.NAME)
    return {photo.path.name: id_ for id_, photo in photos.fetch(library.connection, ids).items()}


def test_photos_are_in_once_with_vectors_and_thumbnails(library: Library, tmp_path: Path) -> None:
    paths = save_many(tmp_path / "in", range(12))
    result = run(library, tmp_path / "in")
    assert (result.photos, result.added, result.unchanged) == (12, 12, 0)
    ids = photos.listed(library.connection, Order.NAME)
    found = photos.fetch(library.connection, ids)
    assert {photo.path for photo in found.values()} == set(paths)
    where, owners = features.positions(library.connection, library.network.key)
    assert sorted(owners.tolist()) == sorted(ids)
    vectors = library.store.read(MAIN_LAYER, where)
    assert vectors.shape == (12, 1280)
    assert (np.abs(vectors).sum(axis=1) > 0).all()
    contents = [photo.content for photo in found.values()]
    assert set(library.thumbnails.get(contents)) == set(contents)


def test_unchanged_files_are_not_read_again(library: Library, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(5))
    run(library, tmp_path / "in")
    again = run(library)
    assert (again.photos, again.added, again.unchanged, again.read) == (5, 0, 5, 0)


def test_a_changed_file_is_done_again_and_keeps_its_place(library: Library, tmp_path: Path) -> None:
    first = save_many(tmp_path / "in", range(4))[0]
    run(library, tmp_path / "in")
    before = names(library)
    save(first, 99, 400, 300)
    result = run(library)
    assert (result.photos, result.updated, result.read) == (4, 1, 1)
    assert names(library) == before
    photo = photos.fetch(library.connection, [before[first.name]])[before[first.name]]
    assert (photo.width, photo.height) == (400, 300)
    likeness = Likeness(library)
    assert first.name not in [
        photos.fetch(library.connection, [hit.photo])[hit.photo].path.name
        for hit in likeness.best(likeness.embeddings([photo.id]), 9, [photo.id])
    ]
    likeness.close()


def test_a_touched_file_is_hashed_but_not_decoded(library: Library, tmp_path: Path) -> None:
    first = save_many(tmp_path / "in", range(3))[0]
    run(library, tmp_path / "in")
    os.utime(first, (1_000_000_000, 1_000_000_000))
    result = run(library)
    assert (result.updated, result.read, result.photos) == (1, 0, 3)
    assert run(library).unchanged == 3


def test_moved_and_renamed_files_keep_what_belongs_to_them(library: Library, tmp_path: Path) -> None:
    paths = save_many(tmp_path / "in", range(4))
    run(library, tmp_path / "in")
    before = names(library)
    (tmp_path / "in" / "deep").mkdir()
    paths[0].rename(tmp_path / "in" / "deep" / "moved.jpg")
    paths[1].rename(tmp_path / "in" / "renamed.jpg")
    result = run(library)
    after = names(library)
    assert (result.photos, result.read, result.removed) == (4, 0, 0)
    assert after["moved.jpg"] == before["photo 0.jpg"]
    assert after["renamed.jpg"] == before["photo 1.jpg"]


def test_a_file_renamed_over_another_takes_its_path(library: Library, tmp_path: Path) -> None:
    paths = save_many(tmp_path / "in", range(3))
    run(library, tmp_path / "in")
    before = names(library)
    paths[0].replace(paths[1])
    result = run(library)
    assert result.photos == 2
    assert names(library) == {"photo 1.jpg": before["photo 0.jpg"], "photo 2.jpg": before["photo 2.jpg"]}


def test_moved_between_folders_of_which_only_one_is_scanned(library: Library, tmp_path: Path) -> None:
    paths = save_many(tmp_path / "a", range(3))
    save(tmp_path / "b" / "other.jpg", 50)
    run(library, tmp_path / "a")
    before = names(library)
    paths[0].rename(tmp_path / "b" / "new.jpg")
    run(library, tmp_path / "b")
    assert names(library)["new.jpg"] == before["photo 0.jpg"]


def test_a_copy_is_a_photo_of_its_own(library: Library, tmp_path: Path) -> None:
    paths = save_many(tmp_path / "in", range(3))
    run(library, tmp_path / "in")
    shutil.copy(paths[0], tmp_path / "in" / "copy.jpg")
    result = run(library)
    assert (result.photos, result.added, result.read) == (4, 1, 0)  # its vectors were known
    ids = names(library)
    likeness = Likeness(library)
    best = likeness.best(likeness.embeddings([ids["copy.jpg"]]), 1, [ids["copy.jpg"]])
    assert best[0].photo == ids["photo 0.jpg"]
    assert best[0].score == pytest.approx(1.0, abs=1e-4)
    likeness.close()


def test_the_only_holder_of_a_content_changes_while_a_copy_arrives(library: Library, tmp_path: Path) -> None:
    first = save(tmp_path / "in" / "a.jpg", 1)
    run(library, tmp_path / "in")
    shutil.copy(first, tmp_path / "in" / "z.jpg")
    save(first, 2)
    for _ in range(2):
        assert run(library).photos == 2
    assert run(library).unchanged == 2


def test_what_is_gone_is_marked_and_comes_back(library: Library, tmp_path: Path) -> None:
    paths = save_many(tmp_path / "in", range(3))
    run(library, tmp_path / "in")
    before = names(library)
    paths[0].rename(tmp_path / "aside.jpg")
    gone = run(library)
    assert (gone.photos, gone.removed) == (2, 1)
    assert skipped.counts(library.connection)[Reason.GONE] == 1
    (tmp_path / "aside.jpg").rename(paths[0])
    back = run(library)
    assert (back.photos, back.read) == (3, 0)
    assert names(library) == before


def test_a_new_picture_under_the_name_of_a_lost_one_is_another_photo(library: Library, tmp_path: Path) -> None:
    paths = save_many(tmp_path / "in", range(2))
    run(library, tmp_path / "in")
    before = names(library)
    paths[0].unlink()
    run(library)
    save(paths[0], 77)
    run(library)
    assert names(library)["photo 0.jpg"] != before["photo 0.jpg"]


def test_a_folder_that_is_away_keeps_its_photos(library: Library, tmp_path: Path) -> None:
    save_many(tmp_path / "drive" / "in", range(3))
    run(library, tmp_path / "drive" / "in")
    (tmp_path / "drive").rename(tmp_path / "unplugged")
    result = run(library)
    assert (result.photos, result.removed, result.away) == (3, 0, ["in"])
    assert folders.all_folders(library.connection)[0].state is FolderState.AWAY
    (tmp_path / "unplugged").rename(tmp_path / "drive")
    back = run(library)
    assert (back.photos, back.unchanged) == (3, 3)
    assert folders.all_folders(library.connection)[0].state is FolderState.READY


def test_a_folder_that_goes_away_in_the_middle_loses_nothing(library: Library, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(40))
    operation = ingest(library, [tmp_path / "in"], workers=1)
    for progress in operation:
        if progress.done:
            (tmp_path / "in").rename(tmp_path / "elsewhere")
            break
    for _ in operation:
        pass
    folder = folders.all_folders(library.connection)[0]
    assert folder.state is FolderState.AWAY
    assert skipped.counts(library.connection) == {}
    (tmp_path / "elsewhere").rename(tmp_path / "in")
    assert run(library).photos == 40


def test_files_that_are_no_pictures_are_counted_and_bad_ones_named(library: Library, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(2))
    (tmp_path / "in" / "film.mp4").write_bytes(b"x" * 100)
    (tmp_path / "in" / "notes.txt").write_text("hello")
    (tmp_path / "in" / "broken.jpg").write_bytes(b"no picture at all")
    (tmp_path / "in" / "empty.png").write_bytes(b"")
    result = run(library, tmp_path / "in")
    assert (result.photos, result.left_out) == (2, 2)
    assert folders.other_files(library.connection) == (1, 1)
    reasons = {entry.path.name: entry.reason for entry in skipped.listed(library.connection)}
    assert reasons == {"broken.jpg": Reason.DAMAGED, "empty.png": Reason.EMPTY}
    assert run(library).left_out == 0  # they did not change: not read again
    assert run(library, retry=True).left_out == 2
    save(tmp_path / "in" / "broken.jpg", 9)
    assert run(library).photos == 3
    assert len(list(skipped.listed(library.connection))) == 1


def test_a_picture_that_becomes_unreadable_is_no_longer_shown(library: Library, tmp_path: Path) -> None:
    path = save_many(tmp_path / "in", range(2))[0]
    run(library, tmp_path / "in")
    path.write_bytes(b"overwritten")
    assert run(library).photos == 1
    assert skipped.counts(library.connection)[Reason.DAMAGED] == 1


def test_pictures_over_the_limit_are_left_out(library: Library, tmp_path: Path) -> None:
    save(tmp_path / "in" / "small.jpg", 1)
    save(tmp_path / "in" / "large.png", 2, 1200, 1000)
    run(library, tmp_path / "in", limit_megapixels=1.0)
    (entry,) = skipped.listed(library.connection)
    assert (entry.path.name, entry.reason) == ("large.png", Reason.TOO_LARGE)


def test_stopping_keeps_what_is_done_and_the_rest_waits(library: Library, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(60))
    operation = ingest(library, [tmp_path / "in"], workers=1)
    for progress in operation:
        if progress.changes.added and progress.done:
            break
    operation.close()
    stop(library)
    done = photos.count_present(library.connection)
    folder = folders.all_folders(library.connection)[0]
    assert 0 < done < 60
    assert (folder.state, folder.waiting) == (FolderState.STOPPED, 60 - done)
    result = run(library)
    assert (result.photos, result.unchanged) == (60, done)
    assert folders.all_folders(library.connection)[0].state is FolderState.READY


def test_a_folder_inside_another_is_no_second_one_and_one_around_takes_it_in(library: Library, tmp_path: Path) -> None:
    save_many(tmp_path / "all" / "inner", range(3))
    save(tmp_path / "all" / "outer.jpg", 30)
    run(library, tmp_path / "all" / "inner")
    before = names(library)
    assert run(library, tmp_path / "all").photos == 4
    assert [folder.root for folder in folders.all_folders(library.connection)] == [tmp_path / "all"]
    assert {name: id_ for name, id_ in names(library).items() if name in before} == before
    assert run(library, tmp_path / "all" / "inner").photos == 4
    assert len(folders.all_folders(library.connection)) == 1


def test_a_missing_folder_is_said_and_not_kept(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no folder"):
        run(library, tmp_path / "nowhere")
    (tmp_path / "file.jpg").write_bytes(b"x")
    with pytest.raises(UserError, match="not a folder"):
        run(library, tmp_path / "file.jpg")
    assert folders.all_folders(library.connection) == ()


@pytest.mark.skipif(os.name == "nt", reason="names that are not Unicode exist on POSIX only")
def test_names_that_are_not_text(library: Library, tmp_path: Path) -> None:
    base = save(tmp_path / "in" / "plain.jpg", 1)
    odd = Path(os.fsdecode(os.fsencode(tmp_path / "in") + b"/caf\xe9 \xff.jpg"))
    shutil.copy(base, odd)
    save(tmp_path / "in" / "🌊 море.jpg", 2)
    deep = tmp_path / "in"
    while len(os.fsencode(deep)) < 3700:
        deep = deep / ("d" * 200)
    save(deep / "deep.jpg", 3)
    result = run(library, tmp_path / "in")
    assert result.photos == 4
    found = {photo.path for photo in photos.fetch(library.connection, list(names(library).values())).values()}
    assert odd in found
    assert all(path.exists() for path in found)
    assert run(library).unchanged == 4
    shutil.rmtree(tmp_path / "in")  # pytest's own tidying gives up on paths of this length


def test_order_by_name_counts_like_people(library: Library, tmp_path: Path) -> None:
    for seed, name in enumerate(("img10.jpg", "IMG2.jpg", "img1.jpg")):
        save(tmp_path / "in" / name, seed)
    run(library, tmp_path / "in")
    ids = photos.listed(library.connection, Order.NAME)
    found = photos.fetch(library.connection, ids)
    assert [found[PhotoId(id_)].path.name for id_ in ids] == ["img1.jpg", "IMG2.jpg", "img10.jpg"]
    assert len(photos.listed(library.connection, Order.NAME, text="img2")) == 1
    assert len(photos.listed(library.connection, Order.NAME, text="100%")) == 0


def test_photos_of_a_renamed_folder_are_recognised_not_added(library: Library, tmp_path: Path) -> None:
    def said(*roots: Path) -> set[str]:
        return {report.text for report in ingest(library, roots) if report.total}

    save_many(tmp_path / "in" / "before", range(6))
    assert "Adding photos" in said(tmp_path / "in")
    (tmp_path / "in" / "before").rename(tmp_path / "in" / "after")
    again = said(tmp_path / "in")
    assert "Recognising photos" in again
    assert "Adding photos" not in again
