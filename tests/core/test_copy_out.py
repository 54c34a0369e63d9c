"""Copying chosen photos out: with what belongs to them, beside what is there, over nothing."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core import archives
from desktop_app.core.catalog import folders, photos
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations import copy_out as module
from desktop_app.core.operations.copy_out import CopiedOut, copy_out
from tests.core.trash_made import disk, end, known, opened


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as library:
        yield library


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a/IMG_1.jpg", "b/IMG_1.jpg", "b/c.jpg"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(name.encode())
    for name in ("a/IMG_1.xmp", "b/img_1.jpg.XMP", "b/IMG_O1.AAE"):
        (tmp_path / "in" / name).write_bytes(name.encode())
    os.utime(tmp_path / "in" / "a" / "IMG_1.jpg", ns=(10**18, 10**18))
    return tmp_path / "in"


@pytest.fixture
def ids(library: Library, root: Path) -> list[int]:
    return list(known(library, root, ["a/IMG_1.jpg", "b/IMG_1.jpg", "b/c.jpg"]).values())


def copied(library: Library, ids: list[int], target: Path, **others: bool) -> CopiedOut:
    result, _ = end(copy_out(library, ids, target, **others))
    assert isinstance(result, CopiedOut)
    return result


def test_a_photo_and_its_files_get_the_same_number(
    library: Library, root: Path, ids: list[int], tmp_path: Path
) -> None:
    before = disk(root)
    target = tmp_path / "Prints" / "May"
    result = copied(library, ids, target)
    assert (result.photos, result.companions, result.failed) == (3, 3, ())
    assert result.words == "3 photos and 3 files that belong to them copied to “May”."
    assert {name: data for name, (data, _) in disk(target).items()} == {
        "IMG_1.jpg": b"a/IMG_1.jpg",
        "IMG_1.xmp": b"a/IMG_1.xmp",
        "IMG_1 (2).jpg": b"b/IMG_1.jpg",
        "img_1 (2).jpg.XMP": b"b/img_1.jpg.XMP",
        "IMG_O1 (2).AAE": b"b/IMG_O1.AAE",
        "c.jpg": b"b/c.jpg",
    }
    assert (target / "IMG_1.jpg").stat().st_mtime_ns == 10**18
    assert disk(root) == before


def test_a_second_time_nothing_is_copied_twice(library: Library, ids: list[int], tmp_path: Path) -> None:
    copied(library, ids, tmp_path / "out")
    before = disk(tmp_path / "out")
    assert copied(library, ids, tmp_path / "out").photos == 3
    assert disk(tmp_path / "out") == before
    (tmp_path / "out" / "c.jpg").write_bytes(b"somebody else's")
    copied(library, ids, tmp_path / "out")
    assert (tmp_path / "out" / "c.jpg").read_bytes() == b"somebody else's"
    assert (tmp_path / "out" / "c (2).jpg").read_bytes() == b"b/c.jpg"


def test_without_what_belongs_to_them(library: Library, ids: list[int], tmp_path: Path) -> None:
    assert copied(library, ids, tmp_path / "out", with_companions=False).companions == 0
    assert sorted(os.listdir(tmp_path / "out")) == ["IMG_1 (2).jpg", "IMG_1.jpg", "c.jpg"]


def test_what_cannot_be_read_is_told(library: Library, root: Path, ids: list[int], tmp_path: Path) -> None:
    (root / "b" / "IMG_1.jpg").unlink()
    result = copied(library, ids, tmp_path / "out")
    assert (result.photos, result.failed) == (2, (root / "b" / "IMG_1.jpg",))
    assert result.words.endswith("IMG_1.jpg could not be read.")
    assert sorted(os.listdir(tmp_path / "out")) == ["IMG_1.jpg", "IMG_1.xmp", "c.jpg"]


def test_photos_of_an_archive(library: Library, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        packed.writestr("in/a.jpg", b"packed")
    with library.database.transaction() as connection:
        folder = folders.add(connection, archives.as_folder(tmp_path / "x.zip"))
        facts = photos.Facts(folder, b"in/a.jpg", 6, 0, b"", "JPEG", 1, 1, None, "")
        photo = photos.insert(connection, facts)
    assert copied(library, [photo], tmp_path / "out").photos == 1
    assert (tmp_path / "out" / "a.jpg").read_bytes() == b"packed"


def test_places_that_are_refused(
    library: Library, root: Path, ids: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="would lie in"):
        copied(library, ids, root / "copies")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError, match="cannot be written"):
        copied(library, ids, tmp_path / "file")
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 3))
    with pytest.raises(UserError, match="not enough room in “out”"):
        copied(library, ids, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_stopped_half_way_what_is_copied_is_whole(library: Library, ids: list[int], tmp_path: Path) -> None:
    operation = copy_out(library, ids, tmp_path / "out")
    next(operation)
    next(operation)
    operation.close()
    assert sorted(os.listdir(tmp_path / "out")) == ["IMG_1.jpg", "IMG_1.xmp"]
