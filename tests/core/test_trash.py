"""Moving photos to the trash: all of a photo or nothing, said why, and never anything lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core.catalog import folders, photos
from desktop_app.core.library import Library
from desktop_app.core.operations.trash import belongings, move_to_trash
from desktop_app.core.operations.trash_back import last_trashed, recently_trashed, restore
from desktop_app.core.operations.trash_mend import mend
from desktop_app.core.operations.trash_parts import NO_TRASH, Trashed
from desktop_app.core.types import PhotoId
from tests.core.trash_made import FolderTrash, Killed, catalogue, disk, end, known, opened, reasons


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "Family"
    folder.mkdir()
    for number in range(6):
        (folder / f"IMG_{number}.jpg").write_bytes(b"picture %d" % number)
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
    return known(library, root, sorted(os.listdir(root)))


def move(library: Library, trash: FolderTrash, *chosen: PhotoId) -> Trashed:
    result, changes = end(move_to_trash(library, chosen, trash))
    assert isinstance(result, Trashed)
    assert set(changes.removed) == set(result.photos)
    return result


def states(library: Library) -> list[tuple[str, str]]:
    rows = library.connection.execute("SELECT path, state FROM trashed ORDER BY id")
    return [(Path(os.fsdecode(path)).name, state) for path, state in rows]


def test_photos_go_with_what_belongs_to_them(
    library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId]
) -> None:
    (root / "IMG_1.xmp").write_bytes(b"stars")
    (root / "IMG_1.AAE").write_bytes(b"changes")
    before = library.presence
    assert belongings(library, [ids["IMG_1.jpg"], ids["IMG_2.jpg"]]) == (2, 2, 9 + 9 + 5 + 7)
    result = move(library, trash, ids["IMG_1.jpg"], ids["IMG_2.jpg"], ids["IMG_1.jpg"])
    assert set(result.photos) == {ids["IMG_1.jpg"], ids["IMG_2.jpg"]}
    assert (result.companions, result.size, result.left) == (2, 30, ())
    assert result.words == "2 photos and 2 files that belong to them moved to the trash, 30 bytes."
    assert sorted(os.listdir(root)) == ["IMG_0.jpg", "IMG_3.jpg", "IMG_4.jpg", "IMG_5.jpg"]
    assert photos.count_present(library.connection) == 4
    assert library.presence > before
    (batch,) = recently_trashed(library)
    assert (set(batch.photos), batch.companions, batch.size) == (set(result.photos), 2, 30)
    assert (batch.gone, batch.away, batch.unknown) == (0, 0, 0)


def test_a_camera_raw_that_is_a_photo_of_its_own_goes_with_its_jpeg(
    library: Library, root: Path, trash: FolderTrash
) -> None:
    (root / "IMG_1.CR2").write_bytes(b"raw")
    own = known(library, root, ["IMG_1.jpg", "IMG_1.CR2", "IMG_2.jpg"])
    result = move(library, trash, own["IMG_1.CR2"], own["IMG_1.jpg"])
    assert set(result.photos) == {own["IMG_1.jpg"], own["IMG_1.CR2"]}
    assert result.companions == 0
    _, changes = end(restore(library, trash, ids=[own["IMG_1.jpg"]]))
    assert set(changes.added) == set(result.photos)
    assert (root / "IMG_1.CR2").read_bytes() == b"raw"
    alone = move(library, trash, own["IMG_1.CR2"])
    assert alone.photos == (own["IMG_1.CR2"],)
    assert (root / "IMG_1.jpg").exists()


def test_what_cannot_go_says_why_and_stays_whole(
    library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId], monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "IMG_0.jpg").write_bytes(b"another picture")
    (root / "IMG_1.jpg").unlink()
    os.utime(root / "IMG_2.jpg", (1, 1))  # a new time and the same bytes: nothing that a person would call changed
    inside = root / "x.zip!"
    with library.database.transaction() as connection:
        folder = folders.add(connection, inside)
        facts = photos.Facts(folder, b"a.jpg", 1, 1, b"a", "JPEG", 1, 1, None, "")
        packed = photos.insert(connection, facts)
        away = photos.insert(connection, photos.Facts(
            folders.add(connection, root.parent / "Stick"), b"b.jpg", 1, 1, b"b", "JPEG", 1, 1, None, ""
        ))  # fmt: skip
    result = move(library, trash, *ids.values(), packed, away)
    assert reasons(result.left) == {
        "IMG_0.jpg": "It was changed after it was added. Look for new photos first.",
        "IMG_1.jpg": "There is no file any more.",
        "a.jpg": "Likeness changes nothing inside archives, and it is in x.zip.",
        "b.jpg": "Its drive or folder is not connected.",
    }
    assert len(result.photos) == 4
    assert "4 were not moved, 1 of them because: " in result.words
    assert (root / "IMG_0.jpg").read_bytes() == b"another picture"

    end(restore(library, trash, batch=result.batch))
    before = disk(root)
    monkeypatch.setattr(os, "access", lambda *_: False)
    result = move(library, trash, ids["IMG_3.jpg"])
    assert (result.batch, result.words) == (0, "Its folder cannot be written, so nothing was moved.")
    monkeypatch.undo()
    trash.refuses = NO_TRASH
    assert move(library, trash, *ids.values()).photos == ()
    assert move(library, trash, ids["IMG_3.jpg"], ids["IMG_4.jpg"]).words == (
        "This drive has no trash, so nothing was moved."
    )
    assert disk(root) == before


def test_a_file_that_another_photo_shows_through_a_link_stays(
    library: Library, root: Path, trash: FolderTrash, tmp_path: Path
) -> None:
    (root / "link.jpg").symlink_to("IMG_1.jpg")
    (tmp_path / "Again").symlink_to(root, target_is_directory=True)
    shutil.copy(root / "IMG_2.jpg", root / "copy.jpg")
    os.link(root / "IMG_3.jpg", root / "second name.jpg")
    own = known(library, root, sorted(os.listdir(root)))
    again = known(library, tmp_path / "Again", ["IMG_4.jpg"])["IMG_4.jpg"]
    before = disk(root)
    result = move(library, trash, own["IMG_1.jpg"], own["IMG_4.jpg"], own["copy.jpg"], own["IMG_3.jpg"])
    assert reasons(result.left) == {
        "IMG_1.jpg": "link.jpg in “Family” is a link to it and would be gone too.",
        "IMG_4.jpg": "IMG_4.jpg in “Again” is a link to it and would be gone too.",
    }
    assert set(result.photos) == {own["copy.jpg"], own["IMG_3.jpg"]}
    end(restore(library, trash, batch=result.batch))
    assert move(library, trash, again).photos == ()  # the same file by another way
    assert move(library, trash, own["link.jpg"]).photos == (own["link.jpg"],)
    assert (root / "IMG_1.jpg").exists()
    end(restore(library, trash, ids=[own["link.jpg"]]))
    assert disk(root) == before
    assert len(move(library, trash, own["link.jpg"], own["IMG_1.jpg"]).photos) == 2


@pytest.mark.parametrize("breaks", ["IMG_1.jpg", "IMG_1.xmp", "IMG_1.AAE"])
def test_a_photo_and_its_files_go_together_or_not_at_all(
    library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId], breaks: str
) -> None:
    (root / "IMG_1.xmp").write_bytes(b"stars")
    (root / "IMG_1.AAE").write_bytes(b"changes")
    before = disk(root)
    trash.breaks_on = breaks
    result = move(library, trash, ids["IMG_1.jpg"])
    assert (result.batch, result.photos) == (0, ())
    assert "Input/output error" in result.left[0].reason.replace("input", "Input")
    assert (breaks in result.left[0].reason) == (breaks != "IMG_1.jpg")
    assert disk(root) == before
    assert states(library) == []


def test_a_trash_that_fills_up_keeps_what_it_has(
    library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId]
) -> None:
    (root / "IMG_2.xmp").write_bytes(b"stars")
    trash.room = 3  # the side-car of the third would be the third, its photo the fourth
    result = move(library, trash, *ids.values())
    assert len(result.photos) == 2
    assert set(reasons(result.left).values()) == {"The disk is full, and its trash takes no more."}
    assert result.words.endswith("4 were not moved: the disk is full, and its trash takes no more.")
    assert sorted(os.listdir(root)) == ["IMG_2.jpg", "IMG_2.xmp", "IMG_3.jpg", "IMG_4.jpg", "IMG_5.jpg"]


def test_stopped_half_way_what_went_can_come_back(
    library: Library, root: Path, trash: FolderTrash, tmp_path: Path
) -> None:
    for number in range(40):
        (root / f"P{number}.jpg").write_bytes(b"p%d" % number)
    own = known(library, root, [f"P{number}.jpg" for number in range(40)])
    before, written = disk(root), catalogue(library)
    assert last_trashed(library, 0.0) is None
    operation = move_to_trash(library, list(own.values()), trash)
    next(operation)
    next(operation)
    operation.close()
    went = last_trashed(library, 0.0)
    assert went is not None
    assert 0 < len(went.photos) < 40
    assert last_trashed(library, 1e12) is None
    end(restore(library, trash, batch=went.batch))
    assert (disk(root), catalogue(library)) == (before, written)


@pytest.mark.parametrize("after", range(6))
def test_killed_while_moving_the_next_start_finds_out(
    library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId], after: int
) -> None:
    for name in ("IMG_1.xmp", "IMG_1.AAE"):
        (root / name).write_bytes(name.encode())
    before, written = disk(root), catalogue(library)
    trash.killed_after = after
    with pytest.raises(Killed):
        end(move_to_trash(library, list(ids.values()), trash))
    trash.killed_after = 1_000_000
    changes = mend(library, trash)
    assert {state for _, state in states(library)} <= {"in"}
    present = {path.name for path in root.iterdir()}
    shown = {name for name, photo in ids.items() if _is_shown(library, photo)}
    assert shown == present & set(ids)
    assert {ids[name] for name in set(ids) - shown} == set(changes.removed)
    # its companions are where their photo is
    assert ({"IMG_1.xmp", "IMG_1.AAE"} <= present) == ("IMG_1.jpg" in present)
    for batch in recently_trashed(library):
        end(restore(library, trash, batch=batch.number))
    assert (disk(root), catalogue(library)) == (before, written)
    assert mend(library, trash) == mend(library, trash)


def test_killed_while_moving_to_a_trash_that_tells_nothing(
    library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId]
) -> None:
    trash.tells, trash.killed_after = False, 2
    with pytest.raises(Killed):
        end(move_to_trash(library, list(ids.values()), trash))
    assert len(mend(library, trash).removed) == 2
    (batch,) = recently_trashed(library)
    assert (batch.unknown, batch.photos) == (2, ())
    result, _ = end(restore(library, trash, batch=batch.number))
    assert "does not say where" in result.left[0].reason


def test_killed_while_moving_and_emptied_before_the_next_start(
    library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId]
) -> None:
    trash.killed_after = 2
    with pytest.raises(Killed):
        end(move_to_trash(library, list(ids.values()), trash))
    trash.where.clear()
    assert len(mend(library, trash).removed) == 2
    assert [state for _, state in states(library)] == ["gone", "gone"]


def _is_shown(library: Library, photo: PhotoId) -> bool:
    return photos.fetch(library.connection, [photo])[photo].state.value == "present"


def test_cut_off_while_a_file_had_both_names(
    library: Library, root: Path, trash: FolderTrash, ids: dict[str, PhotoId]
) -> None:
    before, written = disk(root), catalogue(library)
    result = move(library, trash, *ids.values())
    for name in ("IMG_0.jpg", "IMG_1.jpg"):  # as between the two steps of a rename that never replaces
        os.link(trash.where[root / name], root / name)
    back, _ = end(restore(library, trash, ids=[ids["IMG_0.jpg"]]))
    assert back.left == ()
    assert set(mend(library, trash).added) == {ids["IMG_1.jpg"]}
    assert len(disk(trash.folder)) == 4
    end(restore(library, trash, batch=result.batch))
    assert (disk(root), catalogue(library)) == (before, written)
    assert disk(trash.folder) == {}

    trash.killed_after = trash.number + 1
    with pytest.raises(Killed):
        end(move_to_trash(library, list(ids.values()), trash))
    trash.killed_after = 1_000_000
    os.link(trash.where[root / "IMG_0.jpg"], root / "IMG_0.jpg")
    mend(library, trash)
    assert (disk(root), catalogue(library)) == (before, written)
    assert disk(trash.folder) == {}
