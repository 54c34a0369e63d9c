"""What the trash holds by a name is looked at before it is believed; so is a folder that cannot be seen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from desktop_app.core.catalog import photos
from desktop_app.core.catalog import trash as rows
from desktop_app.core.library import Library
from desktop_app.core.operations.trash import move_to_trash
from desktop_app.core.operations.trash_back import EMPTIED, Restored, recently_trashed, restore
from desktop_app.core.operations.trash_checks import shared
from desktop_app.core.operations.trash_mend import mend
from desktop_app.core.operations.trash_parts import Trashed
from desktop_app.core.operations.trash_there import is_ours
from desktop_app.core.types import Changes, PhotoId
from tests.core.trash_made import FolderTrash, Killed, catalogue, disk, end, known, opened, reasons


class NotingTrash(FolderTrash):
    """A trash that gives a name again when it is free, and notes where a file was, as freedesktop's does."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "files")
        (folder / "info").mkdir()

    def note(self, trashed: Path) -> Path:
        return trashed.parent.parent / "info" / f"{trashed.name}.trashinfo"

    def move(self, path: Path) -> Path | None:
        place = super().move(path)
        assert place is not None
        trashed = self.where[path] = place.rename(self.folder / path.name)
        self.note(trashed).write_text(f"[Trash Info]\nPath={quote(str(path))}\nDeletionDate=2026-01-01T00:00:00\n")
        return trashed

    def put_back(self, trashed: Path, place: Path) -> None:
        super().put_back(trashed, place)
        self.note(trashed).unlink()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as library:
        yield library


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "usb" / "Family"
    for name in ("x", "y"):
        (folder / name).mkdir(parents=True)
        (folder / name / "IMG_1.jpg").write_bytes(name.encode() * 9)
    return folder


@pytest.fixture
def trash(tmp_path: Path) -> NotingTrash:
    return NotingTrash(tmp_path / "bin")


@pytest.fixture
def ids(library: Library, root: Path) -> dict[str, PhotoId]:
    return {name[0]: photo for name, photo in known(library, root, ["x/IMG_1.jpg", "y/IMG_1.jpg"]).items()}


def move(library: Library, trash: FolderTrash, *chosen: PhotoId) -> Trashed:
    result, _ = end(move_to_trash(library, chosen, trash))
    assert isinstance(result, Trashed)
    return result


def back(library: Library, trash: FolderTrash, batch: int) -> Restored:
    result, _ = end(restore(library, trash, batch=batch))
    assert isinstance(result, Restored)
    return result


def state_of(library: Library) -> list[str]:
    return [state for (state,) in library.connection.execute("SELECT state FROM trashed ORDER BY id")]


def is_shown(library: Library, photo: PhotoId) -> bool:
    return photos.fetch(library.connection, [photo])[photo].state.value == "present"


@pytest.fixture(params=["other time", "same time"])
def twice(
    library: Library, root: Path, trash: NotingTrash, ids: dict[str, PhotoId], request: pytest.FixtureRequest
) -> tuple[int, int]:
    """The batches of two files that had the same name in the trash, one after the other; sizes are equal too."""
    for number, name in enumerate("xy"):
        time = 10**18 + (number if request.param == "other time" else 0)
        os.utime(root / name / "IMG_1.jpg", ns=(time, time))
    first = move(library, trash, ids["x"]).batch
    shutil.rmtree(trash.folder)
    trash.folder.mkdir()
    second = move(library, trash, ids["y"]).batch
    was, now = rows.in_states(library.connection, "in")
    assert was.trash == now.trash
    return first, second


def test_another_file_of_that_name_does_not_come_back(
    library: Library, root: Path, trash: NotingTrash, ids: dict[str, PhotoId], twice: tuple[int, int]
) -> None:
    seen = {one.number: (one.photos, one.gone) for one in recently_trashed(library)}
    assert seen == {twice[0]: ((), 1), twice[1]: ((ids["y"],), 0)}
    result = back(library, trash, twice[0])
    assert (result.photos, reasons(result.left)) == ((), {"IMG_1.jpg": EMPTIED})
    assert not (root / "x" / "IMG_1.jpg").exists()
    assert len(list((trash.folder.parent / "info").iterdir())) == 1
    assert back(library, trash, twice[1]).photos == (ids["y"],)
    assert (root / "y" / "IMG_1.jpg").read_bytes() == b"y" * 9
    assert not is_shown(library, ids["x"])


def test_a_start_takes_no_other_file_for_it(
    library: Library, root: Path, trash: NotingTrash, twice: tuple[int, int]
) -> None:
    (root / "x" / "IMG_1.jpg").hardlink_to(trash.folder / "IMG_1.jpg")
    mend(library, trash)
    assert state_of(library)[1] == "in"
    assert (trash.folder / "IMG_1.jpg").exists()  # y's own


def test_restored_by_hand_while_another_has_its_name(
    library: Library, root: Path, trash: NotingTrash, ids: dict[str, PhotoId]
) -> None:
    before, written = disk(root), catalogue(library)
    move(library, trash, ids["x"])
    trash.put_back(trash.where[root / "x" / "IMG_1.jpg"], root / "x" / "IMG_1.jpg")
    batch = move(library, trash, ids["y"]).batch
    assert mend(library, trash).added == (ids["x"],)
    back(library, trash, batch)
    assert (disk(root), catalogue(library)) == (before, written)


def test_a_companion_of_an_earlier_time_is_left_where_it_is(
    library: Library, root: Path, trash: NotingTrash, ids: dict[str, PhotoId]
) -> None:
    """Killed before anything went; then the side-car is deleted: the one that the trash has of that place is older."""
    side = root / "x" / "IMG_1.xmp"
    side.write_bytes(b"old")
    trash.move(side)
    side.write_bytes(b"newer")
    trash.killed_after = trash.number
    with pytest.raises(Killed):
        move(library, trash, ids["x"])
    side.unlink()
    mend(library, trash)
    assert not side.exists()
    assert (trash.folder / side.name).read_bytes() == b"old"
    assert is_shown(library, ids["x"])


@pytest.mark.parametrize(
    ("off", "path", "expected"),
    [
        (0, None, True),
        (3600 * 10**9 - 1_500_000_000, None, True),  # a card in winter, with times in steps of two seconds
        (700 * 10**9, None, False),
        (0, "Family/x/IMG_1.jpg", True),  # as on a drive, whose place may be another one
        (0, "Family/y/IMG_1.jpg", False),
        (0, "/elsewhere/x/IMG_1.jpg", False),
        (0, "", True),
        (3600 * 10**9, "", False),  # without a note the time has to be the very same
    ],
)
def test_what_is_the_very_file(
    library: Library, trash: NotingTrash, ids: dict[str, PhotoId], off: int, path: str | None, expected: bool
) -> None:
    move(library, trash, ids["x"])
    (row,) = rows.in_states(library.connection, "in")
    assert row.trash is not None
    if path is not None:
        trash.note(row.trash).write_text(f"[Trash Info]\nPath={path}\n" if path else "")
    os.utime(row.trash, ns=(row.mtime_ns - off, row.mtime_ns - off))
    assert is_ours(row) is expected
    row.trash.write_bytes(b"edited")
    assert not is_ours(row)


def test_a_link_that_was_taken_is_seen_through(library: Library, root: Path, trash: NotingTrash) -> None:
    (root.parent / "again").symlink_to(root)
    (photo,) = known(library, root.parent / "again", ["x/IMG_1.jpg"]).values()
    move(library, trash, photo)
    (row,) = rows.in_states(library.connection, "in")
    assert row.trash is not None
    trash.note(row.trash).write_text(f"[Trash Info]\nPath={root}/x/IMG_1.jpg\n")
    assert is_ours(row)


# --- one file by two ways ----------------------------------------------------------------------------------------


@pytest.fixture
def mounted(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that shows another one, as a second mount of it: the same files by another way, and no link."""
    place = tmp_path / "nas"
    shutil.copytree(root, place)
    true_stat = os.stat

    def stat(path: object, **options: object) -> os.stat_result:
        if isinstance(path, Path) and path.is_relative_to(place):
            path = root / path.relative_to(place)
        return true_stat(path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", stat)
    return place


@pytest.mark.parametrize("names", [1, 2])
def test_a_file_that_is_reached_by_two_mounts_stays(
    library: Library, root: Path, trash: NotingTrash, ids: dict[str, PhotoId], mounted: Path, names: int
) -> None:
    if names == 2:
        (root / "second name.jpg").hardlink_to(root / "x" / "IMG_1.jpg")
    (again,) = known(library, mounted, ["x/IMG_1.jpg"]).values()
    result = move(library, trash, ids["x"])
    assert result.photos == ()
    assert reasons(result.left) == {"IMG_1.jpg": "IMG_1.jpg in “x” is the same file and would be gone too."}
    found = photos.fetch(library.connection, [again, ids["x"]])
    assert shared(library, found[again], {again}) != ""
    assert shared(library, found[again], {again, ids["x"]}) == ""  # both were chosen
    assert (root / "x" / "IMG_1.jpg").exists()


def test_a_second_name_on_a_second_mount_is_a_copy(
    library: Library, root: Path, trash: NotingTrash, ids: dict[str, PhotoId], mounted: Path
) -> None:
    (root / "second name.jpg").hardlink_to(root / "x" / "IMG_1.jpg")
    shutil.copy(root / "second name.jpg", mounted)
    known(library, mounted, ["second name.jpg"])
    assert move(library, trash, ids["x"]).photos == (ids["x"],)
    assert (root / "second name.jpg").exists()


# --- killed, and the drive is away at the next start -------------------------------------------------------------


@pytest.fixture
def away(library: Library, root: Path, ids: dict[str, PhotoId]) -> Path:
    """Killed after one of two photos went to a drive's own trash; the drive was removed then."""
    trash = FolderTrash(root.parent / "bin")
    trash.killed_after = 1
    with pytest.raises(Killed):
        move(library, trash, ids["x"], ids["y"])
    return root.parent.rename(root.parent.with_name("away"))


@pytest.mark.parametrize("left", ["nothing", "an empty place", "an empty folder"])
@pytest.mark.parametrize("tells", [True, False])
def test_what_is_away_waits(
    library: Library, root: Path, ids: dict[str, PhotoId], away: Path, left: str, tells: bool
) -> None:
    if left != "nothing":
        root.mkdir(parents=True)
    if left == "an empty place":
        library.set_meta("mounts", str(library.connection.execute("SELECT id FROM folders").fetchone()[0]))
    none = FolderTrash(away.parent / "no bin")
    none.tells = tells
    for _ in range(2):
        assert mend(library, none) == Changes()
        assert state_of(library) == ["going", "going"]
        assert all(is_shown(library, photo) for photo in ids.values())

    if left != "nothing":
        shutil.rmtree(root.parent)
    away.rename(root.parent)
    trash = FolderTrash(root.parent / "bin")
    trash.where = {root / "x" / "IMG_1.jpg": trash.folder / "1 IMG_1.jpg"}
    assert mend(library, trash).removed == (ids["x"],)
    assert state_of(library) == ["in"]
    assert is_shown(library, ids["y"])
    (batch,) = recently_trashed(library)
    assert back(library, trash, batch.number).photos == (ids["x"],)


def test_a_drive_that_is_back_is_seen_to_before_more_goes(
    library: Library, root: Path, ids: dict[str, PhotoId], away: Path
) -> None:
    mend(library, FolderTrash(away.parent / "no bin"))
    away.rename(root.parent)
    trash = FolderTrash(root.parent / "bin")
    trash.number = 1
    trash.where = {root / "x" / "IMG_1.jpg": trash.folder / "1 IMG_1.jpg"}
    _, changes = end(move_to_trash(library, [ids["y"]], trash))
    assert set(changes.removed) == {ids["x"], ids["y"]}
    assert state_of(library) == ["in", "in"]


def test_what_is_seen_in_the_trash_waits_for_no_folder(
    library: Library, root: Path, trash: NotingTrash, ids: dict[str, PhotoId]
) -> None:
    trash.killed_after = 1
    with pytest.raises(Killed):
        move(library, trash, ids["x"], ids["y"])
    root.rename(root.with_name("away"))
    assert mend(library, trash).removed == (ids["x"],)
    assert state_of(library) == ["in", "going"]
    root.mkdir()
    library.set_meta("mounts", str(library.connection.execute("SELECT id FROM folders").fetchone()[0]))
    (batch,) = recently_trashed(library)
    result = back(library, trash, batch.number)  # never into the empty place of a drive
    assert reasons(result.left) == {"IMG_1.jpg": "Its drive or folder is not connected."}


def test_photos_at_the_very_top_of_a_drive_wait_too(library: Library, tmp_path: Path) -> None:
    place = tmp_path / "drive"
    place.mkdir()
    (place / "a.jpg").write_bytes(b"a")
    (photo,) = known(library, place, ["a.jpg"]).values()
    trash = FolderTrash(tmp_path / "bin")
    trash.killed_after = 0
    with pytest.raises(Killed):
        move(library, trash, photo)
    place.rename(tmp_path / "away")
    place.mkdir()  # as an empty place stays behind
    library.set_meta("mounts", str(library.connection.execute("SELECT id FROM folders").fetchone()[0]))
    assert mend(library, trash) == Changes()
    assert state_of(library) == ["going"]
    place.rmdir()
    (tmp_path / "away").rename(place)
    assert mend(library, trash) == Changes()
    assert (state_of(library), is_shown(library, photo)) == ([], True)
