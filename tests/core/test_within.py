"""Looking only at what changed finds what looking at everything finds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from desktop_app.core.catalog import folders, photos, skipped
from desktop_app.core.images import scan as scanning
from desktop_app.core.images.scan import FoundFile, FoundSidecar, Linked, NotRead, scan, scan_within
from desktop_app.core.library import Library
from desktop_app.core.operations import plan as planning
from desktop_app.core.operations.plan import set_frames
from desktop_app.core.types import FolderId, FolderState, Reason
from tests.core.libraries import by_path, opened, run
from tests.photos import save, save_many

posix = pytest.mark.skipif(os.name != "posix", reason="links")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as made:
        yield made


@pytest.fixture
def root(library: Library, tmp_path: Path) -> Path:
    save_many(tmp_path / "in" / "2019", range(3), width=64, height=48)
    save_many(tmp_path / "in" / "2020" / "deep", range(3, 6), width=64, height=48)
    run(library, tmp_path / "in")
    return tmp_path / "in"


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which kind of look each folder had."""
    kinds: list[str] = []
    for name in ("scan", "scan_within"):
        look = getattr(planning, name)

        def seen(*of: object, _name: str = name, _look: object = look, **others: object) -> object:
            kinds.append(_name)
            return _look(*of, **others)

        monkeypatch.setattr(planning, name, seen)
    return kinds


def number(library: Library) -> FolderId:
    (folder,) = folders.all_folders(library.connection)
    return folder.id


def look(library: Library, *changed: Path) -> object:
    return run(library, only=[number(library)], within={number(library): changed})


def on_disk(root: Path) -> set[Path]:
    return set(root.rglob("*.jpg"))


def test_a_file_comes_changes_and_goes(library: Library, root: Path, scans: list[str]) -> None:
    before = by_path(library)
    new = save(root / "2019" / "new.jpg", 9, 64, 48)
    silent = save(root / "2020" / "nobody told.jpg", 10, 64, 48)
    result = look(library, new)
    assert (result.added, result.read, result.unchanged) == (1, 1, 0)
    assert silent not in by_path(library)
    save(new, 11, 80, 60)
    assert look(library, new).updated == 1
    new.unlink()
    assert look(library, new).removed == 1
    assert by_path(library) == before
    assert scans == ["scan_within"] * 3
    assert {folder.state for folder in folders.all_folders(library.connection)} == {FolderState.READY}


def test_a_renamed_folder_keeps_ids(library: Library, root: Path) -> None:
    before = by_path(library)
    (root / "2020").rename(root / "Summer")
    result = look(library, root / "2020", root / "Summer")
    assert (result.added, result.updated, result.removed) == (0, 3, 0)
    after = by_path(library)
    assert set(after) == on_disk(root)
    moved = {
        path: root / "Summer" / path.relative_to(root / "2020") for path in before if root / "2020" in path.parents
    }
    assert all(after[moved[path]] == before[path] for path in moved)


def test_what_is_left_out_and_is_good_again(library: Library, root: Path) -> None:
    bad = root / "2019" / "bad.jpg"
    bad.write_bytes(b"\xff\xd8\xff damaged")
    look(library, bad)
    assert [one.reason for one in skipped.listed(library.connection)] == [Reason.DAMAGED]
    look(library, root / "2020")
    assert [one.reason for one in skipped.listed(library.connection)] == [Reason.DAMAGED]
    save(bad, 12, 64, 48)
    look(library, bad)
    assert list(skipped.listed(library.connection)) == []
    assert set(by_path(library)) == on_disk(root)


def test_counts_of_other_files_stay_until_all_is_looked_at(library: Library, root: Path) -> None:
    (root / "a.mp4").write_bytes(b"x")
    (root / "a.txt").write_bytes(b"x")
    run(library)
    assert folders.other_files(library.connection) == (1, 1)
    look(library, root / "2019")
    assert folders.other_files(library.connection) == (1, 1)


@pytest.mark.parametrize("why", ["root", "state", "frames", "link"])
def test_when_everything_is_looked_at(library: Library, root: Path, scans: list[str], why: str) -> None:
    silent = save(root / "2020" / "nobody told.jpg", 10, 64, 48)
    changed = root / "2019"
    if why == "root":
        changed = root
    elif why == "state":
        with library.database.transaction() as connection:
            folders.set_state(connection, number(library), FolderState.AWAY)
    elif why == "frames":
        set_frames(library, [number(library)])
    elif os.name == "posix":
        (root / "2019" / "link").symlink_to(root / "2020", target_is_directory=True)
    else:
        pytest.skip("links")
    look(library, changed)
    assert scans[-1] == "scan"
    assert silent in by_path(library)


def test_a_folder_that_went_away(library: Library, root: Path, tmp_path: Path) -> None:
    before = by_path(library)
    root.rename(tmp_path / "elsewhere")
    result = look(library, root)
    assert result.away == ["in"]
    assert by_path(library) == before
    (tmp_path / "elsewhere").rename(root)
    look(library, root)
    assert by_path(library) == before


def test_the_empty_place_of_a_drive(library: Library, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, mounted = by_path(library), True
    monkeypatch.setattr(os.path, "ismount", lambda path: mounted and Path(path) == root)
    run(library)
    shutil.move(root / "2019", root.parent / "kept 2019")
    shutil.move(root / "2020", root.parent / "kept 2020")
    mounted = False
    assert run(library).away == ["in"]
    assert {folder.state for folder in folders.all_folders(library.connection)} == {FolderState.AWAY}
    assert by_path(library) == before
    shutil.move(root.parent / "kept 2019", root / "2019")
    shutil.move(root.parent / "kept 2020", root / "2020")
    mounted = True
    assert run(library).unchanged == 6
    mounted = False  # a copy of the drive, not the drive: empty now means that they were deleted
    run(library)
    shutil.rmtree(root / "2019")
    shutil.rmtree(root / "2020")
    assert run(library).removed == 6


def test_scanning_parts(tmp_path: Path) -> None:
    for name in ("a.jpg", "sub/b.png", "sub/c.xmp", "sub/.d.jpg", ".hidden/e.jpg", "@eaDir/f.jpg", "sub/deep/g.tga"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")

    def found(*paths: bytes) -> set[bytes]:
        kinds = (FoundFile, NotRead, FoundSidecar)
        return {one.relative for one in scan_within(tmp_path, paths) if isinstance(one, kinds)}

    assert found(b"a.jpg") == {b"a.jpg"}
    assert found(b"sub") == {b"sub/b.png", b"sub/c.xmp", b"sub/.d.jpg", b"sub/deep/g.tga"}
    assert found(b"sub/b.png", b"sub/gone.jpg", b"gone/x.jpg", b"a.jpg/x") == {b"sub/b.png"}
    assert found(b"@eaDir", b"@eaDir/f.jpg") == set()
    assert found(b".hidden/e.jpg") == {b".hidden/e.jpg"}
    assert found(b".hidden/e.jpg") <= {one.relative for one in scan(tmp_path) if isinstance(one, NotRead)}
    if os.name == "posix":
        (tmp_path / "link").symlink_to(tmp_path / "sub")
        for paths in ([b"link"], [b"link/b.png"]):
            with pytest.raises(Linked):
                list(scan_within(tmp_path, paths))
        (tmp_path / "sub" / "one.jpg").symlink_to(tmp_path / "a.jpg")  # a link to a file is a file
        assert found(b"sub/one.jpg") == {b"sub/one.jpg"}


def test_a_folder_that_may_not_be_read(library: Library, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = by_path(library)
    listed = os.scandir

    def scandir(path: object) -> object:
        if Path(os.fsdecode(path)) == root / "2019":
            raise PermissionError(13, "no")
        return listed(path)

    monkeypatch.setattr(scanning.os, "scandir", scandir)
    look(library, root / "2019" / "photo 1.jpg")
    look(library, root / "2019")
    assert by_path(library) == before


NAMES = ["a", "b", "c"]
STEP = st.tuples(
    st.sampled_from(["save", "save", "delete", "rename", "move file", "copy", "touch", "damage"]),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.integers(0, 4),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rounds=st.lists(st.lists(STEP, min_size=1, max_size=6), min_size=1, max_size=3))
def test_whatever_happens_nothing_is_lost_and_nothing_twice(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, str, str, int]]]
) -> None:
    place = tmp_path_factory.mktemp("model")
    root = place / "in"
    with opened(place / "library") as library:
        save(root / "a" / "0.jpg", 0, 32, 24)
        run(library, root)
        for steps in rounds:
            changed = [path for step in steps for path in _do(root, *step)]
            look(library, *changed)
            assert set(by_path(library)) == {path for path in on_disk(root) if _is_good(path)}
            shown = by_path(library)
            run(library)
            assert by_path(library) == shown
            kept = photos.contents(library.connection, list(shown.values()))
            assert len(kept) == len(shown)


def _do(root: Path, what: str, one: str, other: str, seed: int) -> list[Path]:
    """Do something to the disk; returns what a watcher would tell."""
    file, target = root / one / f"{seed}.jpg", root / other / f"{seed}.jpg"
    if what == "save":
        return [save(file, seed * 7 + NAMES.index(other), 32, 24)]
    if what == "delete" and file.exists():
        file.unlink()
        return [file]
    if what == "rename" and (root / one).exists() and not (root / other).exists():
        (root / one).rename(root / other)
        return [root / one, root / other]
    if what == "move file" and file.exists() and target.parent.exists():
        file.replace(target)
        return [file, target]
    if what == "copy" and file.exists() and target.parent.exists() and file != target:
        shutil.copy2(file, target)
        return [target]
    if what == "touch" and file.exists():
        os.utime(file, (seed, seed))
        return [file]
    if what == "damage" and file.exists():
        file.write_bytes(b"no picture")
        return [file]
    return []


def _is_good(path: Path) -> bool:
    try:
        with Image.open(path):
            return True
    except OSError:
        return False
