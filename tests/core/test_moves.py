"""Which photo a file is that turned up: exact copies keep their own labels whatever is renamed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core.catalog.notes import notes
from desktop_app.core.library import Library
from desktop_app.core.operations import labels
from desktop_app.core.operations.trash import move_to_trash
from desktop_app.core.types import PhotoId
from tests.core.libraries import by_path, opened, run
from tests.core.trash_made import FolderTrash, end
from tests.photos import save


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as library:
        yield library


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "in"


def copies(root: Path, *names: str) -> list[Path]:
    """Files of one content."""
    first = save(root / names[0], 1)
    for name in names[1:]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(first, root / name)
    return [root / name for name in names]


def noted(library: Library, root: Path) -> dict[Path, PhotoId]:
    """All photos; each has its path as a note."""
    own = by_path(library)
    for path, photo in own.items():
        labels.set_note(library, photo, path.relative_to(root).as_posix())
    return own


def trashed(library: Library, tmp_path: Path, *chosen: PhotoId) -> FolderTrash:
    trash = FolderTrash(tmp_path / "bin")
    result, _ = end(move_to_trash(library, chosen, trash))
    assert result.photos == chosen
    return trash


@pytest.mark.parametrize("kept", ["best", "old"])
def test_the_folder_of_a_kept_copy_is_renamed(library: Library, root: Path, tmp_path: Path, kept: str) -> None:
    copies(root, "best/a.jpg", "old/a.jpg")
    run(library, root)
    own = by_path(library)
    keep = own.pop(root / kept / "a.jpg")
    labels.set_note(library, keep, "the red one")
    trashed(library, tmp_path, *own.values())
    (root / kept).rename(root / "renamed")
    result = run(library)
    assert (result.added, result.read) == (0, 0)
    assert by_path(library) == {root / "renamed" / "a.jpg": keep}
    assert notes(library.connection, [keep]) == {keep: "the red one"}


def test_one_that_was_there_comes_before_one_that_was_missing(library: Library, root: Path) -> None:
    first, second = copies(root, "1.jpg", "2.jpg")
    run(library, root)
    own = by_path(library)
    labels.set_note(library, own[first], "long gone")
    first.unlink()
    run(library)
    second.rename(root / "3.jpg")
    run(library)
    assert by_path(library) == {root / "3.jpg": own[second]}
    shutil.copy(root / "3.jpg", root / "4.jpg")  # what was missing, and in no trash, is found again
    run(library)
    assert by_path(library) == {root / "3.jpg": own[second], root / "4.jpg": own[first]}


def test_what_was_taken_out_of_the_trash_by_hand_is_the_photo(library: Library, root: Path, tmp_path: Path) -> None:
    (file,) = copies(root, "a.jpg")
    save(root / "b.jpg", 2)
    run(library, root)
    photo = by_path(library)[file]
    trash = trashed(library, tmp_path, photo)
    trash.where[file].rename(root / "elsewhere.jpg")
    run(library)
    assert by_path(library)[root / "elsewhere.jpg"] == photo


def test_copies_keep_their_own_where_the_folder_around_them_is_renamed(library: Library, root: Path) -> None:
    names = ["2019/a/1.jpg", "2019/b/1.jpg", "2019/b/2.jpg", "2019/1.jpg"]
    copies(root, *names)
    run(library, root)
    own = noted(library, root)
    (root / "2019").rename(root / "2009")
    assert run(library).read == 0
    assert by_path(library) == {root / "2009" / path.relative_to(root / "2019"): id_ for path, id_ in own.items()}


def test_the_name_says_which_copy_it_is_and_else_the_label_goes_along(library: Library, root: Path) -> None:
    first, second, third = copies(root, "1.jpg", "2.jpg", "3.jpg")
    run(library, root)
    own = by_path(library)
    labels.set_note(library, own[second], "second")
    labels.set_note(library, own[third], "third")
    for path in (first, second):
        path.unlink()
    (root / "sub").mkdir()
    third.rename(root / "sub" / "3.jpg")
    shutil.copy(root / "sub" / "3.jpg", root / "another.jpg")
    run(library)
    assert by_path(library) == {root / "sub" / "3.jpg": own[third], root / "another.jpg": own[second]}


def test_a_touched_copy_leaves_the_others_alone(library: Library, root: Path) -> None:
    first, second = copies(root, "1.jpg", "2.jpg")
    run(library, root)
    own = by_path(library)
    content = first.read_bytes()
    second.rename(root / "new.jpg")
    first.write_bytes(content)
    run(library)
    assert by_path(library) == {first: own[first], root / "new.jpg": own[second]}
