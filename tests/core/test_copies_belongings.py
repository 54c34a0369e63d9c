"""Copies and what lies beside them: nothing goes that is nowhere else."""

from __future__ import annotations

import os
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.core import archives
from desktop_app.core.catalog import photos
from desktop_app.core.duplicates.judge import Laid
from desktop_app.core.duplicates.keep import Merits, choose
from desktop_app.core.duplicates.sets import CopySet, KeepRules, Kind
from desktop_app.core.duplicates.whole import whole
from desktop_app.core.images.companions import Folders, companions
from desktop_app.core.library import Library
from desktop_app.core.operations.as_known import as_known, freed
from desktop_app.core.operations.copy_companions import as_picture
from desktop_app.core.operations.copy_found import Found, exact_sets, pictures_of
from desktop_app.core.operations.copy_sets import Arranged, arrange
from desktop_app.core.types import FolderId
from desktop_app.ui.duplicates import many
from tests.core.copies_made import save, scene
from tests.core.libraries import by_path, opened, run
from tests.core.trash_made import end, known

FOLDER = FolderId(1)


@pytest.fixture
def library(tmp_path: Path):
    with opened(tmp_path / "library") as library:
        yield library


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder in which one picture lies twice, in two folders."""
    root = tmp_path / "in"
    for folder in ("best", "cam"):
        (root / folder).mkdir(parents=True)
        (root / folder / "IMG_1.jpg").write_bytes(b"1" * 50)
    os.utime(root / "best" / "IMG_1.jpg", (1e9, 1e9))  # the older file
    return root


def arranged(library: Library) -> Arranged:
    pictures, _ = pictures_of(library)
    return end(arrange(library, Found(exact_sets(pictures, frozenset()), 9)))[0]


def only_set(library: Library, root: Path, *names: str) -> CopySet:
    known(library, root, names or ["best/IMG_1.jpg", "cam/IMG_1.jpg"])
    (found,) = arranged(library).sets
    return found


def places(library: Library, ids: tuple[int, ...]) -> set[str]:
    return {photo.path.parent.name for photo in photos.fetch(library.connection, ids).values()}


def safe(library: Library, one: CopySet) -> many.Safe:
    return many.safe(library, [(one, tuple(int(photo) for photo in one.suggestion.go))])


# --- what lies beside ----------------------------------------------------------------------------------------------


def test_the_older_one_is_kept_where_nothing_lies_beside(library: Library, root: Path) -> None:
    found = only_set(library, root)
    assert places(library, found.suggestion.go) == {"cam"}


@pytest.mark.parametrize(("name", "words"), [("IMG_1.CR2", "has a camera raw"), ("IMG_1.jpg.xmp", "has a side-car")])
def test_the_one_with_files_beside_it_is_kept(library: Library, root: Path, name: str, words: str) -> None:
    (root / "cam" / name).write_bytes(b"raw" * 50)
    found = only_set(library, root)
    assert places(library, found.suggestion.go) == {"best"}
    assert found.suggestion.reason.startswith(words)


def test_a_raw_that_is_nowhere_else_stays_with_its_photo(library: Library, root: Path) -> None:
    (root / "best" / "IMG_1.CR2").write_bytes(b"one" * 50)
    (root / "cam" / "IMG_1.CR2").write_bytes(b"two" * 50)
    found = only_set(library, root)
    assert found.suggestion.go == ()
    assert [copy.kept_because for copy in found.copies] == ["", "the only one with its camera raw"]


def test_a_raw_that_is_there_twice_may_go(library: Library, root: Path) -> None:
    for folder in ("best", "cam"):
        (root / folder / "IMG_1.CR2").write_bytes(b"raw" * 100_000)
    assert places(library, only_set(library, root).suggestion.go) == {"cam"}


def test_a_side_car_does_not_keep_a_small_picture() -> None:
    large = Merits(FOLDER, "a/large.jpg", 400, 10, "JPEG")
    small = Merits(FOLDER, "b/small.jpg", 100, 10, "JPEG", companions=("a camera raw", "a side-car"))
    assert choose([large, small], KeepRules()) == (1, "has a camera raw and a side-car")
    assert as_picture(small, True).companions == ("a camera raw",)
    small = replace(small, companions=("a side-car",))
    assert choose([large, as_picture(small, True)], KeepRules()) == (0, "largest")


def test_a_folder_is_listed_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "cam" / "IMG_1.CR2").write_bytes(b"raw")
    photo = root / "cam" / "IMG_1.jpg"
    folders = Folders()
    first = folders.of(photo)
    monkeypatch.setattr(os, "listdir", None)
    assert folders.of(photo) == first
    monkeypatch.undo()
    assert companions([photo]) == {photo: first}


# --- what is kept is really there -------------------------------------------------------------------------------


def test_what_was_kept_has_to_be_as_it_was(library: Library, root: Path) -> None:
    found = only_set(library, root)
    going = tuple(map(int, found.suggestion.go))
    kept = photos.fetch(library.connection, [found.suggestion.keep])[found.suggestion.keep].path
    assert safe(library, found) == many.Safe(going, ())
    os.utime(kept)  # only its time is another
    assert safe(library, found) == many.Safe(going, ())
    for bytes_ in (b"", b"2" * 50):
        kept.write_bytes(bytes_)
        assert safe(library, found) == many.Safe((), going)
    kept.unlink()
    assert safe(library, found) == many.Safe((), going)


def test_what_was_kept_in_an_archive_has_to_be_in_it(library: Library, tmp_path: Path) -> None:
    folder, archive = tmp_path / "photos", tmp_path / "old.zip"
    picture = save(scene(1), folder / "a.jpg")
    with zipfile.ZipFile(archive, "w") as file:
        file.write(picture, "a.jpg")
    run(library, folder, archives.as_folder(archive))
    (found,) = arranged(library).of(Kind.EXACT)
    going = tuple(int(id_) for path, id_ in by_path(library).items() if path == picture)
    assert many.safe(library, [(found, going)]) == many.Safe(going, ())
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("readme.txt", "moved away")
    assert many.safe(library, [(found, going)]) == many.Safe((), going)
    archive.unlink()
    assert as_known(library, photos.fetch(library.connection, list(by_path(library).values())).values()) == {*going}


# --- several names of one file ------------------------------------------------------------------------------------


def test_another_name_of_a_file_frees_nothing(library: Library, root: Path) -> None:
    (root / "cam" / "IMG_1.jpg").unlink()
    os.link(root / "best" / "IMG_1.jpg", root / "cam" / "IMG_1.jpg")
    shutil.copy(root / "best" / "IMG_1.jpg", root / "cam" / "IMG_1 (copy).jpg")
    found = only_set(library, root, "best/IMG_1.jpg", "cam/IMG_1.jpg", "cam/IMG_1 (copy).jpg")
    assert len(found.suggestion.go) == 2
    assert found.bytes_to_gain == 50
    shown = many.preview(library, [(found, tuple(map(int, found.suggestion.go)))]).preview
    assert shown.bytes == 50
    known_ = photos.fetch(library.connection, found.photos)
    assert sum(freed(known_.values(), ()).values()) == 100


# --- which picture is whole --------------------------------------------------------------------------------------


def test_an_enlarged_part_is_not_whole() -> None:
    part, all_of_it = Laid(), Laid(0, (1.6, 0, -0.3, 0, 1.6, -0.3))
    assert whole([part, all_of_it], [12_000_000, 4_300_000]) == (False, True)
    merits = [
        Merits(FOLDER, "part.jpg", 12_000_000, 9, "JPEG", is_whole=False),
        Merits(FOLDER, "whole.jpg", 4_300_000, 5, "JPEG", is_whole=True),
    ]
    assert choose(merits, KeepRules()) == (1, "whole")


def test_a_preview_does_not_stand_for_a_photo() -> None:
    wide = Laid(0, (1.1, 0, -0.05, 0, 1.1, -0.05))
    assert whole([Laid(), wide], [12_000_000, 200_000]) == (True, True)


def test_two_parts_and_what_measuring_is_off_by() -> None:
    left, right = Laid(), Laid(0, (1, 0, 0.2, 0, 1, 0))
    assert whole([left, right], [100, 100]) == (False, False)
    assert whole([Laid(), Laid(0, (1.01, 0, -0.005, 0, 1.01, -0.005))], [100, 90]) == (True, True)


def test_what_is_marked_or_mirrored_is_not_whole() -> None:
    assert whole([Laid(), Laid(edited=True), Laid(way=4), Laid(way=1)], [1, 1, 1, 1]) == (True, False, False, True)
