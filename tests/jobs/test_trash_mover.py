"""The system's own trash, in a home of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.catalog.trash import IN, TrashedFile
from desktop_app.core.errors import UserError
from desktop_app.core.operations.trash_parts import NO_TRASH
from desktop_app.core.operations.trash_there import is_ours
from desktop_app.core.types import PhotoId
from desktop_app.jobs import trash_mover
from desktop_app.jobs.trash_mover import SystemTrash, rename_free

pytestmark = pytest.mark.skipif(not trash_mover._FREEDESKTOP, reason="the trash of a test's own is freedesktop's")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    is_root = sys.platform == "linux" and os.geteuid() == 0
    if not is_root or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("a disk of its own can be mounted on Linux as root only")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], capture_output=True, check=False)


def ours(path: Path, place: Path) -> bool:
    """Whether what lies in the trash is known as what was at the path."""
    status = place.lstat()
    return is_ours(TrashedFile(1, 1, PhotoId(1), PhotoId(1), path, place, status.st_size, status.st_mtime_ns, 0.0, IN))


@pytest.mark.parametrize("name", ["a.jpg", "ü 100% \N{SNOWMAN}.jpg", "a\nb.jpg", "x.trashinfo", "#?&=.jpg"])
def test_there_and_back(data: Path, folder: Path, name: str) -> None:
    path = folder / name
    path.write_bytes(b"picture")
    os.utime(path, ns=(10**18 + 1, 10**18 + 123_456_789))
    trash = SystemTrash()
    assert trash.refusal(folder) == ""
    place = trash.move(path)
    assert place is not None
    assert place.is_relative_to(data / "Trash" / "files")
    assert not path.exists()
    assert len(list((data / "Trash" / "info").iterdir())) == 1
    assert trash.find([path, folder / "other.jpg"]) == {path: place}
    assert ours(path, place)
    assert not ours(folder / "other" / name, place)
    trash.put_back(place, path)
    assert path.read_bytes() == b"picture"
    assert path.stat().st_mtime_ns == 10**18 + 123_456_789
    assert path.stat().st_nlink == 1
    assert list((data / "Trash" / "info").iterdir()) == list((data / "Trash" / "files").iterdir()) == []


def test_of_two_files_that_lay_at_one_place_the_last_is_found(data: Path, folder: Path) -> None:
    trash, path = SystemTrash(), folder / "a.jpg"
    places = []
    for number in range(2):
        path.write_bytes(b"%d" % number)
        places.append(trash.move(path))
    assert places[0] != places[1]
    note = data / "Trash" / "info" / f"{places[0].name}.trashinfo"
    note.write_text(note.read_text().replace("DeletionDate=20", "DeletionDate=19"))
    assert trash.find([path]) == {path: places[1]}
    (data / "Trash" / "info" / "broken.trashinfo").write_bytes(b"\xff\xfe nothing")
    places[1].unlink()
    assert trash.find([path]) == {path: places[0]}


def test_cut_off_before_the_note_is_written(data: Path, folder: Path) -> None:
    trash, path = SystemTrash(), folder / "a.jpg"
    path.write_bytes(b"old")
    trash.put_back(trash.move(path), path)
    begun, other = data / "Trash" / "files" / "xhXWCB", data / "Trash" / "files" / "another"
    os.link(path, begun)  # as Qt begins
    other.write_bytes(b"old")
    assert trash.find([path, folder / "other.jpg"]) == {path: begun}
    assert ours(path, begun)
    trash.put_back(begun, path)
    assert (path.read_bytes(), path.stat().st_nlink) == (b"old", 1)
    assert (begun.exists(), other.exists()) == (False, True)
    # a second name that somebody moved there has a note, and is that file's
    twin = folder / "twin.jpg"
    os.link(path, twin)
    where = trash.move(twin)
    assert trash.find([path, twin]) == {twin: where}


def test_nothing_is_written_over(data: Path, folder: Path) -> None:
    trash, path = SystemTrash(), folder / "a.jpg"
    path.write_bytes(b"old")
    place = trash.move(path)
    assert place is not None
    path.write_bytes(b"new")
    with pytest.raises(UserError, match="Another file is at its place"):
        trash.put_back(place, path)
    assert (path.read_bytes(), place.read_bytes()) == (b"new", b"old")
    assert len(list((data / "Trash" / "info").iterdir())) == 1


def test_a_stick_without_second_names(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    (folder / "a").write_bytes(b"a")
    (folder / "b").write_bytes(b"b")
    with pytest.raises(FileExistsError):
        rename_free(folder / "a", folder / "b")
    rename_free(folder / "a", folder / "c")
    assert sorted(os.listdir(folder)) == ["b", "c"]


def test_a_link_goes_and_what_it_leads_to_stays(data: Path, folder: Path) -> None:
    (folder / "real.jpg").write_bytes(b"picture")
    (folder / "link.jpg").symlink_to("real.jpg")
    trash = SystemTrash()
    place = trash.move(folder / "link.jpg")
    assert place is not None
    assert sorted(os.listdir(folder)) == ["real.jpg"]
    trash.put_back(place, folder / "link.jpg")
    assert (folder / "link.jpg").read_bytes() == b"picture"
    assert (folder / "link.jpg").is_symlink()


def test_what_does_not_go_stays(data: Path, folder: Path) -> None:
    trash = SystemTrash()
    (data / "Trash").write_bytes(b"a file where the trash should be")
    (folder / "a.jpg").write_bytes(b"a")
    assert trash.refusal(folder) == "The trash of this account cannot be written."
    with pytest.raises(UserError):
        trash.move(folder / "a.jpg")
    assert (folder / "a.jpg").read_bytes() == b"a"
    with pytest.raises(UserError, match="no file any more"):
        trash.move(folder / "nothing.jpg")
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/\xff.jpg"))
    odd.write_bytes(b"odd")
    with pytest.raises(UserError, match="Its name"):
        trash.move(odd)
    assert odd.read_bytes() == b"odd"


def test_another_drive_has_its_own_trash(data: Path, disk: Path) -> None:
    (disk / "in").mkdir()
    path = disk / "in" / "a.jpg"
    path.write_bytes(b"a")
    trash = SystemTrash()
    assert trash.refusal(disk / "in") == ""
    place = trash.move(path)
    assert place is not None
    assert place.is_relative_to(disk)
    assert not list(data.rglob("a.jpg"))
    assert trash.find([path]) == {path: place}
    assert ours(path, place)
    assert not ours(disk / "other" / "a.jpg", place)
    trash.put_back(place, path)
    assert path.read_bytes() == b"a"


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_file_reached_through_a_linked_folder(
    data: Path, folder: Path, tmp_path: Path, on_disk: bool, request: pytest.FixtureRequest
) -> None:
    real = folder
    if on_disk:
        real = request.getfixturevalue("disk") / "in"
        real.mkdir()
    (tmp_path / "link").symlink_to(real, target_is_directory=True)
    path = tmp_path / "link" / "a.jpg"
    path.write_bytes(b"a")
    trash = SystemTrash()
    assert trash.refusal(path.parent) == ""
    place = trash.move(path)
    assert place is not None
    assert trash.find([path]) == {path: place}
    trash.put_back(place, path)
    assert (real / "a.jpg").read_bytes() == b"a"


def test_a_drive_without_trash_is_told_apart_and_never_copied_from(data: Path, disk: Path) -> None:
    (disk / "in").mkdir()
    path = disk / "in" / "a.jpg"
    path.write_bytes(b"a")
    (disk / f".Trash-{os.getuid()}").write_bytes(b"in the way")
    trash = SystemTrash()
    assert trash.refusal(disk / "in") == NO_TRASH
    with pytest.raises(UserError):
        trash.move(path)
    assert path.read_bytes() == b"a"
    assert not list(data.rglob("a.jpg"))


def test_a_full_drive_says_so(data: Path, disk: Path) -> None:
    (disk / "in").mkdir()
    path = disk / "in" / "a.jpg"
    path.write_bytes(b"a")
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while filler.write(bytes(4096)):
                pass
        except OSError:
            pass
    with pytest.raises(UserError, match="disk is full"):
        SystemTrash().move(path)
    assert path.read_bytes() == b"a"


def test_any_thread_may_ask(data: Path, folder: Path) -> None:
    trash = SystemTrash()
    found: list[Path | None] = []

    def one(number: int) -> None:
        for name in range(20):
            path = folder / f"{number} {name}.jpg"
            path.write_bytes(b"x")
            found.append(trash.move(path))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 80
    assert None not in found


@given(st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_no_note_in_the_trash_hurts(tmp_path_factory: pytest.TempPathFactory, text: bytes) -> None:
    info = tmp_path_factory.getbasetemp() / "note.trashinfo"
    info.write_bytes(b"[Trash Info]\nPath=" + text)
    known = trash_mover._read_info(info, Path("/"))
    assert known is None or known[0].is_absolute()
