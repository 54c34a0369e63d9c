"""Folders of a library under a second name: every photo is in once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core import paths
from desktop_app.core.catalog import folders
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.folders import point_elsewhere, remove_folder, restore_folder
from tests.core.libraries import by_path, opened, run
from tests.photos import save_many

ROOT = Path("all") / "photos"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    save_many(tmp_path / ROOT / "inner", range(3))
    try:
        (tmp_path / "link").symlink_to(tmp_path / ROOT, target_is_directory=True)
    except OSError:
        pytest.skip("links need a right here")
    (tmp_path / "inward").symlink_to(tmp_path / ROOT / "inner", target_is_directory=True)
    (tmp_path / "around").symlink_to(tmp_path / "all", target_is_directory=True)
    with opened(tmp_path / "library") as library:
        run(library, tmp_path / ROOT)
        yield library


@pytest.mark.parametrize("name", ["link", "inward"])
def test_a_link_to_a_folder_is_that_folder(library: Library, tmp_path: Path, name: str) -> None:
    before = by_path(library)
    assert run(library, tmp_path / name).photos == 3
    assert by_path(library) == before
    assert [folder.root for folder in folders.all_folders(library.connection)] == [tmp_path / ROOT]


def test_a_link_to_what_is_around_a_folder_takes_it_in(library: Library, tmp_path: Path) -> None:
    before = by_path(library)
    save_many(tmp_path / "all", range(7, 8))
    assert run(library, tmp_path / "around").photos == 4
    assert [folder.root for folder in folders.all_folders(library.connection)] == [tmp_path / "around"]
    after = {path.resolve(): photo for path, photo in by_path(library).items()}
    assert {path: after[path] for path in before} == before


def test_a_folder_that_is_a_link_lies_in_what_is_around_its_target(library: Library, tmp_path: Path) -> None:
    remove_folder(library, folders.all_folders(library.connection)[0].id)
    run(library, tmp_path / "link")
    before = {path.name: photo for path, photo in by_path(library).items()}
    assert run(library, tmp_path / "all").photos == 3
    assert {path.name: photo for path, photo in by_path(library).items()} == before
    assert all(path.is_relative_to(tmp_path / ROOT) for path in by_path(library))


@pytest.mark.parametrize("name", ["link", "inward", "around"])
def test_no_other_folder_is_pointed_there(library: Library, tmp_path: Path, name: str) -> None:
    save_many(tmp_path / "other", range(10, 12))
    run(library, tmp_path / "other")
    other = next(one.id for one in folders.all_folders(library.connection) if one.root == tmp_path / "other")
    before = by_path(library)
    (tmp_path / "other").rename(tmp_path / "aside")
    with pytest.raises(UserError, match=f"“{name}” is in this library already."):
        point_elsewhere(library, other, tmp_path / name)
    assert by_path(library) == before
    (tmp_path / "aside link").symlink_to(tmp_path / "aside", target_is_directory=True)
    point_elsewhere(library, other, tmp_path / "aside link")
    point_elsewhere(library, other, tmp_path / "aside")  # its own place by its own name
    run(library)
    assert set(by_path(library).values()) == set(before.values())


@pytest.mark.parametrize("name", ["link", "inward", "around"])
def test_a_removed_folder_comes_back_to_a_link_to_it(library: Library, tmp_path: Path, name: str) -> None:
    before = by_path(library)
    folder = folders.all_folders(library.connection)[0].id
    remove_folder(library, folder)
    run(library, tmp_path / name)
    restore_folder(library, folder)
    run(library)
    assert {path.resolve(): photo for path, photo in by_path(library).items()} == before
    assert len(folders.all_folders(library.connection)) == 1


def test_where_a_folder_lies_in_another(library: Library, tmp_path: Path) -> None:
    assert paths.place_in(tmp_path / "link" / "inner", tmp_path / "all") == b"photos/inner"
    assert paths.place_in(tmp_path / "link", tmp_path / ROOT) == b""
    assert paths.place_in(tmp_path / "all", tmp_path / "link") is None
    assert paths.place_in(tmp_path / "link.zip!", tmp_path) is None
    assert paths.place_in(tmp_path / "link" / "a.zip!" / "x", tmp_path / ROOT / "a.zip!") == b"x"
