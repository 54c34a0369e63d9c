"""Bringing photos back: to their places, with their labels, over nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.catalog import skipped
from desktop_app.core.catalog import trash as rows
from desktop_app.core.catalog.notes import notes
from desktop_app.core.labelling import Origin
from desktop_app.core.library import Library
from desktop_app.core.operations import labels
from desktop_app.core.operations.folders import point_elsewhere
from desktop_app.core.operations.trash import move_to_trash
from desktop_app.core.operations.trash_back import EMPTIED, TAKEN, Restored, recently_trashed, restore
from desktop_app.core.operations.trash_mend import mend
from desktop_app.core.types import PhotoId
from tests.core.libraries import by_path, nearest, run
from tests.core.trash_made import FolderTrash, catalogue, disk, end, known, opened, reasons

NAMES = [f"IMG_{number}.jpg" for number in range(4)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "Family" / "2019"
    folder.mkdir(parents=True)
    for name in NAMES:
        (folder / name).write_bytes(name.encode())
    (folder / "IMG_1.xmp").write_bytes(b"stars")
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as library:
        yield library


@pytest.fixture
def trash(tmp_path: Path) -> FolderTrash:
    return FolderTrash(tmp_path / "bin")


@pytest.fixture
def ids(library: Library, root: Path) -> dict[str, PhotoId]:
    found = known(library, root.parent, [f"2019/{name}" for name in NAMES])
    own = {Path(name).name: photo for name, photo in found.items()}
    made = labels.create_set(library, "era", ["classic", "modern"]).label_set
    classic = made.answers[0].id
    labels.put_labels(library, made.id, [(photo, classic) for photo in own.values()], Origin.HAND)
    labels.set_note(library, own["IMG_1.jpg"], "the red one")
    return own


def gone(library: Library, trash: FolderTrash, *chosen: PhotoId) -> int:
    result, _ = end(move_to_trash(library, chosen, trash))
    assert set(result.photos) == set(chosen)
    return result.batch


def back(library: Library, trash: FolderTrash, batch: int = 0, ids: tuple[PhotoId, ...] = ()) -> Restored:
    result, changes = end(restore(library, trash, batch=batch, ids=ids))
    assert isinstance(result, Restored)
    assert set(changes.added) <= set(result.photos)
    return result


def test_everything_is_as_it_was(library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId]) -> None:
    before, written = disk(root), catalogue(library)
    batch = gone(library, trash, *ids.values())
    assert catalogue(library) != written
    presence = library.presence
    result = back(library, trash, batch)
    assert (set(result.photos), result.companions, result.left) == (set(ids.values()), 1, ())
    assert result.words == "4 photos are back in their folders."
    assert (disk(root), catalogue(library)) == (before, written)
    assert library.presence > presence
    assert recently_trashed(library) == ()
    assert back(library, trash, batch).photos == ()  # a second time does nothing
    assert (disk(root), catalogue(library)) == (before, written)


def test_the_folder_is_made_again_and_a_drive_that_is_away_is_not(
    library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId]
) -> None:
    before = disk(root)
    batch = gone(library, trash, *ids.values())
    root.rmdir()
    root.parent.rmdir()
    result = back(library, trash, batch)
    assert set(reasons(result.left).values()) == {"Its drive or folder is not connected."}
    assert not root.parent.exists()
    assert len(recently_trashed(library)[0].photos) == 4
    root.parent.mkdir()
    assert len(back(library, trash, batch).photos) == 4
    assert disk(root) == before


def test_nothing_is_written_over(library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId]) -> None:
    batch = gone(library, trash, *ids.values())
    (root / "IMG_0.jpg").write_bytes(b"a new one")
    (root / "IMG_1.xmp").write_bytes(b"other stars")
    result = back(library, trash, batch)
    assert reasons(result.left) == {"IMG_0.jpg": TAKEN, "IMG_1.xmp": TAKEN}
    assert set(result.photos) == {ids["IMG_2.jpg"], ids["IMG_3.jpg"]}
    assert result.words.startswith("2 photos are back in their folders. 2 did not come back: another file is")
    assert (root / "IMG_0.jpg").read_bytes() == b"a new one"
    assert not (root / "IMG_1.jpg").exists()
    (root / "IMG_1.xmp").unlink()
    assert back(library, trash, ids=(ids["IMG_1.jpg"],)).companions == 1
    assert (root / "IMG_1.xmp").read_bytes() == b"stars"


def test_what_was_emptied_is_said_and_the_rest_comes(
    library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId]
) -> None:
    batch = gone(library, trash, *ids.values())
    trash.where[root / "IMG_0.jpg"].unlink()
    trash.where[root / "IMG_1.xmp"].unlink()
    (seen,) = recently_trashed(library)
    assert (len(seen.photos), seen.companions, seen.gone) == (3, 0, 1)
    result = back(library, trash, batch)
    assert reasons(result.left) == {"IMG_0.jpg": EMPTIED, "IMG_1.xmp": EMPTIED}
    assert len(result.photos) == 3
    (seen,) = recently_trashed(library)
    assert (seen.photos, seen.gone) == ((), 1)
    batch = gone(library, trash, ids["IMG_2.jpg"])
    shutil.rmtree(trash.folder)
    assert [one.away for one in recently_trashed(library) if one.number == batch] == [1]
    assert "not connected" in back(library, trash, batch).left[0].reason


def test_restored_in_the_file_manager(
    library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId]
) -> None:
    written = catalogue(library)
    batch = gone(library, trash, *ids.values())
    for place, file in trash.where.items():
        file.rename(place)
    changes = mend(library, trash)
    assert set(changes.added) == set(ids.values())
    assert catalogue(library) == written
    assert back(library, trash, batch).photos == ()


def test_a_folder_that_was_pointed_elsewhere(
    library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId], tmp_path: Path
) -> None:
    before = disk(root)
    batch = gone(library, trash, ids["IMG_1.jpg"])
    root.parent.rename(tmp_path / "Moved")
    folder = library.connection.execute("SELECT id FROM folders").fetchone()[0]
    point_elsewhere(library, folder, tmp_path / "Moved")
    assert back(library, trash, batch).companions == 1
    assert disk(tmp_path / "Moved" / "2019") == before


def test_a_copy_takes_nothing_from_a_photo_in_the_trash(tmp_path: Path, folder: Path, trash: FolderTrash) -> None:
    with opened(tmp_path / "library") as library:
        run(library, folder)
        photo = by_path(library)[folder / "photo 1.jpg"]
        labels.set_note(library, photo, "the red one")
        batch = gone(library, trash, photo)
        shutil.copy(trash.where[folder / "photo 1.jpg"], folder / "again.jpg")
        run(library)
        copy = by_path(library)[folder / "again.jpg"]
        assert copy != photo
        _, changes = end(restore(library, trash, batch=batch))
        assert changes.added == (photo,)
        run(library)
        own = by_path(library)
        assert (own[folder / "photo 1.jpg"], own[folder / "again.jpg"], len(own)) == (photo, copy, 11)
        assert notes(library.connection, [photo, copy]) == {photo: "the red one"}


def test_no_rescan_is_needed_and_none_changes_a_thing(tmp_path: Path, folder: Path, trash: FolderTrash) -> None:
    with opened(tmp_path / "library") as library:
        run(library, folder)
        own, near = by_path(library), nearest(library, folder / "photo 1.jpg")
        chosen = [own[folder / name] for name in ("photo 3.jpg", "photo 4.jpg", "photo 5.jpg")]
        batch = gone(library, trash, *chosen)
        assert not set(chosen) & set(by_path(library).values())
        assert skipped.counts(library.connection) == {}  # in the trash on purpose: nothing to be told of
        assert list(skipped.listed(library.connection)) == []
        assert len(nearest(library, folder / "photo 1.jpg")) == 6
        end(restore(library, trash, batch=batch))
        assert by_path(library) == own
        assert nearest(library, folder / "photo 1.jpg") == near
        batch = gone(library, trash, *chosen)
        assert run(library).photos == 7  # a look in between does not mind
        end(restore(library, trash, batch=batch))
        again = run(library)
        assert (again.added, again.updated, again.read, again.unchanged) == (0, 0, 0, 10)
        assert by_path(library) == own


def test_the_list_survives_a_restart_and_forgets_what_is_long_over(
    tmp_path: Path, root: Path, trash: FolderTrash
) -> None:
    with opened(tmp_path / "library") as library:
        own = known(library, root, NAMES)
        first = gone(library, trash, own["IMG_0.jpg"])
        second = gone(library, trash, own["IMG_1.jpg"])
    with opened(tmp_path / "library") as library:
        assert [one.number for one in recently_trashed(library)] == [second, first]
        back(library, trash, first)
        trash.empty()
        mend(library, trash)
        with library.database.transaction() as connection:
            rows.purge(connection, 4e9)
        assert library.connection.execute("SELECT batch, state FROM trashed").fetchall() == 2 * [(second, "gone")]
        assert [one.gone for one in recently_trashed(library)] == [1]
        with library.database.transaction() as connection:
            connection.execute("UPDATE trashed SET time = 1")
        assert recently_trashed(library) == ()
        assert skipped.counts(library.connection) == {}


@contextmanager
def made(names: set[str], others: set[str]) -> Iterator[tuple[Library, Path, FolderTrash, dict[str, PhotoId]]]:
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "in"
        for number, name in enumerate(sorted(names | others)):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(f"{name} {number}".encode())
            os.utime(root / name, ns=(10**18 + number, 10**18 + number * 999_999_937))
        root.mkdir(exist_ok=True)
        with opened(Path(place) / "library") as library:
            yield library, root, FolderTrash(Path(place) / "bin"), known(library, root, sorted(names))


_PHOTOS = [
    f"{folder}{stem}.{ending}" for folder in ("", "a/") for stem in ("IMG_1", "x 001") for ending in ("jpg", "cr2")
]
_OTHERS = [
    f"{folder}{name}" for folder in ("", "a/") for name in ("IMG_1.xmp", "IMG_1.AAE", "x 001.jpg.json", "x 001.mov")
]


@given(
    names=st.sets(st.sampled_from(_PHOTOS), min_size=1),
    others=st.sets(st.sampled_from(_OTHERS)),
    steps=st.lists(st.sets(st.integers(0, 7), min_size=1), min_size=1, max_size=4),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=25, deadline=None)
def test_trash_then_restore_is_nothing(names: set[str], others: set[str], steps: list[set[int]], order: object) -> None:
    """Whatever goes in whatever parts and comes back in whatever order: bytes, times and the catalogue are the same."""
    with made(names, others) as (library, root, trash, own):
        numbers = list(own.values())
        before, written = disk(root), catalogue(library)
        batches = []
        for step in steps:
            result, _ = end(move_to_trash(library, [numbers[at % len(numbers)] for at in step], trash))
            batches += [result.batch] if result.batch else []
            # nothing is ever lost: every file is in its folder or in the trash
            assert len(disk(root)) + len(disk(trash.folder)) == len(before)
        order.shuffle(batches)  # type: ignore[attr-defined]
        for batch in batches:
            end(restore(library, trash, batch=batch))
        assert (disk(root), catalogue(library)) == (before, written)
        assert recently_trashed(library) == ()
        assert disk(trash.folder) == {}
