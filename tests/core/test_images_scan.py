"""Finding pictures: every file is accounted for, nothing hangs, no folder is walked twice."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import UserError
from desktop_app.core.images import scan as scanning
from desktop_app.core.images.formats import Kind
from desktop_app.core.images.scan import Found, FoundFile, NotRead, Others, is_placeholder, scan
from desktop_app.core.types import Reason
from tests.core.picture_factory import encoded, four_corners

posix = pytest.mark.skipif(os.name != "posix", reason="the file system of POSIX only")
linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems open no path of 4,000 characters")


def put(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def found(root: Path) -> list[bytes]:
    return sorted(item.relative for item in scan(root) if isinstance(item, FoundFile))


def left_out(root: Path) -> dict[bytes, Reason]:
    return {item.relative: item.reason for item in scan(root) if isinstance(item, NotRead)}


def others(items: list[Found]) -> dict[Kind, int]:
    counts = dict.fromkeys((Kind.VIDEO, Kind.OTHER), 0)
    for item in items:
        if isinstance(item, Others):
            counts[item.kind] += item.count
    return counts


def test_every_file_is_accounted_for(tmp_path: Path):
    put(tmp_path / "a.jpg", b"12345")
    put(tmp_path / "sub" / "deeper" / "b.HEIC")
    put(tmp_path / "sub" / "c.nef")
    put(tmp_path / "d.tga")
    put(tmp_path / "e.mp4")
    put(tmp_path / "sub" / "f.mov")
    for name in ("a.xmp", "a.aae", "a.json", "._a.jpg", "Thumbs.db", "notes"):
        put(tmp_path / name)
    items = list(scan(tmp_path))
    assert found(tmp_path) == [b"a.jpg", b"sub/c.nef", b"sub/deeper/b.HEIC"]
    assert left_out(tmp_path) == {b"d.tga": Reason.UNSUPPORTED}
    assert others(items) == {Kind.VIDEO: 2, Kind.OTHER: 6}
    (a,) = [item for item in items if isinstance(item, FoundFile) and item.relative == b"a.jpg"]
    status = (tmp_path / "a.jpg").stat()
    assert (a.size, a.mtime_ns) == (5, status.st_mtime_ns)
    if os.name == "posix":
        assert a.inode == (status.st_dev, status.st_ino)


def test_files_without_an_extension_are_known_by_their_first_bytes(tmp_path: Path):
    put(tmp_path / "IMG_1", encoded(four_corners(), "PNG"))
    put(tmp_path / "layers", b"8BPS" + bytes(100))
    put(tmp_path / "README", b"a text")
    put(tmp_path / "nothing", b"")
    assert found(tmp_path) == [b"IMG_1"]
    assert left_out(tmp_path) == {b"layers": Reason.UNSUPPORTED}
    assert others(list(scan(tmp_path)))[Kind.OTHER] == 2


def test_hidden_pictures_are_listed_and_kept_out(tmp_path: Path):
    put(tmp_path / ".a.jpg")
    put(tmp_path / ".cache" / "sub" / "b.png")
    put(tmp_path / ".cache" / "c.tga")
    put(tmp_path / ".cache" / "d")
    assert found(tmp_path) == []
    assert left_out(tmp_path) == {
        b".a.jpg": Reason.HIDDEN,
        b".cache/sub/b.png": Reason.HIDDEN,
        b".cache/c.tga": Reason.HIDDEN,
    }


def test_what_programs_keep_for_themselves_is_not_searched(tmp_path: Path):
    for name in ("@eaDir", ".git", ".thumbnails", "__MACOSX"):
        put(tmp_path / name / "a.jpg")
    assert list(scan(tmp_path)) == []


def test_a_folder_may_be_named_like_a_picture(tmp_path: Path):
    put(tmp_path / "album.jpg" / "a.jpg")
    put(tmp_path / "clips.mp4" / "b.jpg")
    put(tmp_path / "old.tga" / "c.jpg")
    assert found(tmp_path) == [b"album.jpg/a.jpg", b"clips.mp4/b.jpg", b"old.tga/c.jpg"]


def test_pictures_that_icloud_moved_away(tmp_path: Path):
    put(tmp_path / ".IMG_1.HEIC.icloud")
    put(tmp_path / ".notes.txt.icloud")
    assert left_out(tmp_path) == {b".IMG_1.HEIC.icloud": Reason.IN_THE_CLOUD}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (SimpleNamespace(st_file_attributes=0x400000), True),
        (SimpleNamespace(st_file_attributes=0x40000 | 0x20), True),
        (SimpleNamespace(st_file_attributes=0x1000), True),
        (SimpleNamespace(st_file_attributes=0x20), False),
        (SimpleNamespace(st_flags=0x40000000), True),
        (SimpleNamespace(st_flags=0), False),
        (SimpleNamespace(), False),
    ],
)
def test_placeholders(status, expected):
    assert is_placeholder(status) is expected


def test_placeholders_are_never_opened(tmp_path: Path, monkeypatch):
    put(tmp_path / "a.jpg")
    put(tmp_path / "IMG_1", encoded(four_corners(), "PNG"))
    monkeypatch.setattr(scanning, "is_placeholder", lambda status: True)
    opened = []
    monkeypatch.setattr(scanning.os, "open", lambda *args: opened.append(args))
    assert found(tmp_path) == []
    assert left_out(tmp_path) == {b"a.jpg": Reason.IN_THE_CLOUD}
    assert opened == []


# --- links, pipes, odd names -----------------------------------------------------------------------------------


@posix
def test_links_that_run_in_circles(tmp_path: Path):
    put(tmp_path / "a" / "b" / "x.jpg")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a" / "self").symlink_to("self")
    (tmp_path / "nowhere.jpg").symlink_to("gone.jpg")
    (tmp_path / "round.jpg").symlink_to("round.jpg")
    assert found(tmp_path) == [b"a/b/x.jpg"]
    reasons = left_out(tmp_path)
    assert reasons[b"nowhere.jpg"] is Reason.GONE
    assert set(reasons) == {b"nowhere.jpg", b"round.jpg"}


@posix
def test_a_folder_is_visited_once_and_under_its_true_name(tmp_path: Path):
    root = tmp_path / "root"
    put(root / "z" / "x.jpg")
    put(tmp_path / "elsewhere" / "y.jpg")
    (root / "a").symlink_to(root / "z", target_is_directory=True)
    (root / "b").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (root / "c").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert found(root) == [b"b/y.jpg", b"z/x.jpg"]


@posix
def test_a_link_to_a_picture_is_a_picture(tmp_path: Path):
    put(tmp_path / "a.jpg")
    (tmp_path / "b.jpg").symlink_to("a.jpg")
    first, second = [item for item in scan(tmp_path) if isinstance(item, FoundFile)]
    assert first.inode == second.inode


@posix
def test_pipes_and_sockets_are_never_opened(tmp_path: Path):
    os.mkfifo(tmp_path / "x.jpg")
    os.mkfifo(tmp_path / "x")
    put(tmp_path / "y.jpg")
    assert found(tmp_path) == [b"y.jpg"]
    assert left_out(tmp_path) == {b"x.jpg": Reason.UNSUPPORTED}


@posix
def test_names_that_are_not_utf8_and_emoji(tmp_path: Path):
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    Path(os.fsdecode(folder)).mkdir()
    for name in (b"\xff\xfe.jpg", "😀 日本.png".encode(), b"new\nline.gif"):
        with open(folder + b"/" + name, "wb"):
            pass
    assert set(found(tmp_path)) == {
        b"caf\xe9/\xff\xfe.jpg",
        "😀 日本.png".encode().join((b"caf\xe9/", b"")),
        b"caf\xe9/new\nline.gif",
    }


@linux
def test_paths_up_to_what_the_system_opens_and_beyond(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # longer paths can only be made step by step
    part = "d" * 200
    for _ in range(24):
        Path("x.jpg").write_bytes(b"x")
        Path(part).mkdir()
        os.chdir(part)
    items = list(scan(tmp_path))
    lengths = [len(os.fsencode(tmp_path)) + 1 + len(i.relative) for i in items if isinstance(i, FoundFile)]
    assert max(lengths) > 3_800
    assert max(lengths) < 4_096
    too_long = [item for item in items if isinstance(item, NotRead)]
    assert too_long
    assert {item.reason for item in too_long} == {Reason.PATH_TOO_LONG}


@linux
def test_thousands_of_folders_deep(tmp_path: Path, monkeypatch):
    """Deeper than Python calls may nest; single letters, so that the path can still be opened."""
    monkeypatch.chdir(tmp_path)
    for _ in range(1_200):
        Path("d").mkdir()
        os.chdir("d")
    Path("x.jpg").write_bytes(b"x")
    os.chdir(tmp_path)
    assert found(tmp_path) == [b"d/" * 1_200 + b"x.jpg"]
    Path("d/" * 1_200 + "x.jpg").unlink()  # too deep for what cleans up after the tests
    for depth in range(1_200, 0, -1):
        Path("d/" * depth).rmdir()


# --- what cannot be read ---------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_read_is_listed_and_the_rest_goes_on(tmp_path: Path, monkeypatch):
    put(tmp_path / "closed" / "a.jpg")
    put(tmp_path / "open" / "b.jpg")
    real = os.scandir

    def scandir(path):
        if os.fspath(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    monkeypatch.setattr(scanning.os, "scandir", scandir)
    assert found(tmp_path) == [b"open/b.jpg"]
    assert left_out(tmp_path) == {b"closed": Reason.UNREADABLE_FOLDER}


def test_roots_that_are_no_folder(tmp_path: Path, monkeypatch):
    file = put(tmp_path / "a.jpg")
    for root, words in ((tmp_path / "gone", "is not there"), (file, "is not a folder"), (Path("a\0b"), "is not there")):
        with pytest.raises(UserError, match=words):
            list(scan(root))

    def closed(path):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(scanning.os, "scandir", closed)
    with pytest.raises(UserError, match="may not read"):
        list(scan(tmp_path))


@given(st.lists(st.sampled_from(["a.jpg", "b.mp4", ".c.png", "d.tga", "e", "f.txt"]), unique=True), st.booleans())
def test_the_sum_is_the_number_of_files(tmp_path_factory, names, hidden):
    root = tmp_path_factory.mktemp("sum")
    for name in names:
        put(root / (".h" if hidden else "h") / name)
    total = sum(item.count if isinstance(item, Others) else 1 for item in scan(root))
    assert total == len(names)
