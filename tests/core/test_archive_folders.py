"""A zip archive as a folder of the library: photos are read in place, and are away while it is."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from desktop_app.core.archives import as_folder
from desktop_app.core.catalog import folders, photos, skipped
from desktop_app.core.errors import UserError
from desktop_app.core.images.formats import VIDEO
from desktop_app.core.library import Library
from desktop_app.core.operations.copies import copy_all
from desktop_app.core.operations.folders import notice_drives, point_elsewhere
from desktop_app.core.operations.plan import set_frames
from desktop_app.core.types import FolderState
from tests.core.libraries import by_path, opened, run
from tests.photos import save_many


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as library:
        yield library


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as out:
        for photo in save_many(tmp_path / "made", range(4)):
            out.write(photo, f"media/posts/{photo.name}")
        out.writestr("media/posts/bad.jpg", b"no picture")
        out.writestr("media/.hidden/a.jpg", b"")
        out.writestr("posts_1.json", "[]")
        out.writestr("clip.mp4", b"no video")
    return as_folder(tmp_path / "export.zip")


def test_photos_are_in_and_stay(library: Library, root: Path) -> None:
    result = run(library, root)
    assert (result.photos, result.left_out) == (4, 1)
    assert root / "media" / "posts" / "photo 1.jpg" in by_path(library)
    assert {entry.reason.value for entry in skipped.listed(library.connection)} == {"damaged", "hidden"}
    assert [folder.name for folder in folders.all_folders(library.connection)] == ["export.zip"]
    again = run(library)
    assert (again.unchanged, again.read, again.removed) == (4, 0, 0)


def test_it_is_away_and_comes_back(library: Library, root: Path, tmp_path: Path) -> None:
    run(library, root)
    before = by_path(library)
    (tmp_path / "export.zip").rename(tmp_path / "aside.zip")
    changes, _ = notice_drives(library)
    assert changes.folders
    assert run(library).away == ["export.zip"]
    assert folders.all_folders(library.connection)[0].state is FolderState.AWAY
    assert by_path(library) == before
    folder = folders.all_folders(library.connection)[0].id
    point_elsewhere(library, folder, as_folder(tmp_path / "aside.zip"))
    result = run(library)
    assert (result.unchanged, result.read) == (4, 0)
    assert set(by_path(library).values()) == set(before.values())


def test_an_archive_and_the_folder_it_lies_in_are_two(library: Library, root: Path, tmp_path: Path) -> None:
    run(library, tmp_path / "made")
    shutil.copy(tmp_path / "export.zip", tmp_path / "made" / "inner.zip")
    run(library, as_folder(tmp_path / "made" / "inner.zip"))
    assert len(by_path(library)) == 8
    run(library, root)
    run(library, tmp_path / "made")
    assert len(by_path(library)) == 12
    assert len(folders.all_folders(library.connection)) == 3


def test_what_is_unpacked_meanwhile_is_a_copy(library: Library, root: Path, tmp_path: Path) -> None:
    run(library, root)
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    assert run(library, tmp_path / "unpacked").read == 0
    assert len(by_path(library)) == 8


def test_photos_are_copied_out(library: Library, root: Path, tmp_path: Path) -> None:
    run(library, root)
    found = photos.fetch(library.connection, list(by_path(library).values()))
    steps = copy_all([(photo, tmp_path / "out") for photo in found.values()], tmp_path / "out", fresh=True)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            copied, failed = ended.value
            break
    assert not failed
    assert {copy.name: copy.read_bytes() for _, copy in copied} == {
        path.name: path.read_bytes() for path in (tmp_path / "made").glob("*.jpg")
    }


def test_an_archive_that_is_none_is_a_sentence(library: Library, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(UserError, match=r"x\.zip is not a whole zip file"):
        run(library, as_folder(tmp_path / "x.zip"))
    assert folders.all_folders(library.connection) == ()


def video(path: Path, seconds: float, size: tuple[int, int] = (160, 90)) -> Path:
    """Black for half a second, then a colour."""
    path.parent.mkdir(parents=True, exist_ok=True)
    out = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), 10, size)
    assert out.isOpened()
    for number in range(round(seconds * 10)):
        frame = np.zeros((size[1], size[0], 3), np.uint8)
        if number >= 5:
            frame[:] = (40, 200, 90)
        out.write(frame)
    out.release()
    return path


def test_a_video_is_one_frame_where_that_is_wanted(library: Library, tmp_path: Path) -> None:
    cover = save_many(tmp_path / "in", range(1))[0]
    video(tmp_path / "in" / "reel.mp4", 2)
    video(cover.with_suffix(".mp4"), 2)  # has its cover beside it
    (tmp_path / "in" / "bad.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(500))
    run(library, tmp_path / "in")
    assert len(by_path(library)) == 1
    set_frames(library, [folders.all_folders(library.connection)[0].id])
    result = run(library)
    assert (result.photos, result.left_out) == (2, 1)
    found = photos.fetch(library.connection, list(by_path(library).values()))
    reel = next(photo for photo in found.values() if photo.format == VIDEO)
    assert (reel.name, reel.width, reel.height) == ("reel.mp4", 160, 90)
    kept = library.thumbnails.get([reel.content])[reel.content]
    middle = cv2.imdecode(np.frombuffer(kept, np.uint8), cv2.IMREAD_COLOR)[45, 80]
    assert middle.tolist() == pytest.approx([40, 200, 90], abs=30)
    assert run(library).unchanged == 2
