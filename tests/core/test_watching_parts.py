"""Gathering news, names that are no news, kinds of drives, and looking where nobody tells."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.operations.watched import matters
from desktop_app.core.watching import drives
from desktop_app.core.watching.drives import kind_of_mount, read_mac_mounts, read_mounts
from desktop_app.core.watching.gathering import Gathering, without_inner
from desktop_app.core.watching.looking import Looker
from desktop_app.core.watching.names import is_on_its_way, is_own_folder
from tests.core.watched_disk import later, touch

# --- gathering ---------------------------------------------------------------------------------------------------


def test_told_after_a_quiet_moment() -> None:
    news = Gathering(2.0, 30.0)
    assert news.wait(0.0) is None
    news.note("/r", "/r/a", 10.0)
    news.note("/r", "/r/b", 11.0)
    assert news.wait(11.0) == 2.0
    assert news.take(12.9) == frozenset()
    assert news.take(13.0) == {"/r/a", "/r/b"}
    assert news.wait(13.0) is None
    assert news.take(99.0) == frozenset()


def test_while_a_copy_goes_on_what_is_still_is_told() -> None:
    news = Gathering(2.0, 30.0)
    told = list[frozenset[str]]()
    for second in range(70):
        news.note("/r", f"/r/{second}", float(second))
        taken = news.take(float(second))
        if taken:
            told.append(taken)
    assert [len(part) for part in told] == [29, 30]  # not those of the last two seconds
    told.append(news.take(80.0))
    assert sorted(path for part in told for path in part) == sorted(f"/r/{second}" for second in range(70))


def test_a_file_that_is_written_all_the_time_waits_and_holds_nothing_up() -> None:
    news = Gathering(2.0, 30.0)
    told = set[str]()
    for second in range(100):
        news.note("/r", "/r/recording", float(second))
        if second == 3:
            news.note("/r", "/r/photo", 3.0)
        told |= news.take(float(second))
    assert told == {"/r/photo"}


def test_what_lies_in_something_told_is_not_told_twice() -> None:
    assert without_inner(["/r/a/b/c", "/r/a", "/r/ab", "/r/a/b", "/r/d"]) == {"/r/a", "/r/ab", "/r/d"}
    assert without_inner(["/", "/a"]) == {"/"}


def test_very_many_become_the_whole_root() -> None:
    news = Gathering(1.0, 9.0, limit=10, burst=100)
    for number in range(11):
        news.note("/r", f"/r/{number}", 0.0)
    news.note("/s", "/s/1", 0.0)
    assert news.take(5.0) == {"/r", "/s/1"}
    for _ in range(100):  # where so much was heard, something may have been lost
        news.note("/s", "/s/1", 6.0)
    news.note("/r", "/r/1", 6.0)
    assert news.take(9.0) == {"/s", "/r/1"}


def test_a_root_that_nobody_wants_any_more() -> None:
    news = Gathering(1.0, 9.0)
    news.note("/r", "/r/1", 0.0)
    news.note("/s", "/s/1", 0.0)
    news.forget("/r")
    assert news.take(5.0) == {"/s/1"}


@given(st.lists(st.tuples(st.integers(0, 24), st.integers(0, 30)), max_size=200))
def test_whatever_is_heard_is_told(steps: list[tuple[int, int]]) -> None:
    news, now, told = Gathering(1.0, 5.0), 0.0, dict[str, float]()
    last = dict[str, float]()
    for pause, name in steps:
        now += pause / 8  # exact in binary
        for path in news.take(now):
            told[path] = now
        news.note("/r", f"/r/{name}", now)
        last[f"/r/{name}"] = now
        wait = news.wait(now)
        assert wait is not None
        assert 0 <= wait <= 1.0
    for path in news.take(now + 1.0):
        told[path] = now + 1.0
    assert all(told[path] >= when for path, when in last.items())
    assert news.wait(now + 1.0) is None


# --- names and drives ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "a.jpg.part",
        "a.jpg.crdownload",
        "a.tmp",
        ".a.jpg",
        "~$a.jpg",
        "a.jpg~",
        "Thumbs.db",
        "a.jpg.filepart",
        "._a.jpg",
    ],
)
def test_what_is_on_its_way(name: str) -> None:
    assert is_on_its_way(name)


def test_names_that_are_news() -> None:
    assert not any(is_on_its_way(name) for name in ("a.jpg", "party.jpg", "IMG_1", "a.xmp", "new.jpg"))
    assert all(matters(name) for name in ("a.jpg", "a.xmp", "a.JPG.XMP", "IMG_1", "a.psd", "a.mov"))
    assert not any(matters(name) for name in ("a.txt", "a.json", "a.sqlite"))
    assert [name for name in ("@eaDir", ".git", "2019") if is_own_folder(name)] == ["@eaDir", ".git"]


def test_kinds_of_drives() -> None:
    mounts = read_mounts(
        "/dev/sda1 / ext4 rw 0 0\nnas:/photos /mnt/my\\040photos nfs4 rw 0 0\n//nas/x /mnt/x cifs rw 0 0\n"
        "/dev/sdb1 /media/stick fuseblk rw 0 0\nme@h: /mnt/ssh fuse.sshfs rw 0 0\nautofs /net autofs rw 0 0\nodd\n"
        "/dev/sda2 /mnt/x/inner btrfs rw 0 0\n"
    )
    places = {
        "/home/me": "ext4",
        "/mnt/my photos": "nfs4",
        "/mnt/my photos/2019": "nfs4",
        "/mnt/my photos too": "ext4",
        "/mnt/x/inner/a": "btrfs",
        "/media/stick/a": "fuseblk",
        "/mnt/ssh": "fuse.sshfs",
    }
    assert {place: kind_of_mount(place, mounts) for place in places} == places
    remote = {
        kind: drives._is_remote_kind(kind) for kind in ("ext4", "btrfs", "fuseblk", "tmpfs", "overlay", "apfs", "")
    }
    assert not any(remote.values())
    assert all(
        drives._is_remote_kind(kind)
        for kind in ("nfs4", "nfs", "cifs", "smbfs", "smb3", "fuse.sshfs", "fuse.rclone", "9p")
    )
    mac = read_mac_mounts(
        "/dev/disk1 on / (apfs, local)\n//me@nas/My (old) photos on /Volumes/My (old) photos (smbfs, nodev)\n"
    )
    assert mac == [("/", "apfs"), ("/Volumes/My (old) photos", "smbfs")]


# --- looking -------------------------------------------------------------------------------------------------------


def test_looking_finds_what_came_and_went(tmp_path: Path) -> None:
    root = tmp_path / "root"
    touch(root / "2019" / "a.jpg")
    touch(root / ".hidden" / "b.jpg")
    looker = Looker(str(root))
    assert looker.look() == frozenset()
    assert looker.look() == frozenset()
    new = touch(root / "2019" / "new.jpg")
    later(root / "2019")
    assert looker.look() == {str(new)}
    assert looker.look() == {str(new)}  # once more: it may have been on its way
    assert looker.look() == frozenset()
    touch(root / "2020" / "deep" / "c.jpg")
    (root / "2019" / "a.jpg").unlink()
    later(root), later(root / "2019")
    assert looker.look() == {str(root / "2020"), str(root / "2019" / "a.jpg")}
    touch(root / "2020" / "deep" / "d.jpg")
    later(root / "2020" / "deep")
    assert str(root / "2020" / "deep" / "d.jpg") in looker.look()
    touch(root / ".hidden" / "c.jpg")
    looker.look()
    assert looker.look() == frozenset()
    shutil.rmtree(root)
    assert looker.look() == {str(root)}
    assert looker.look() == frozenset()
    touch(root / "a.jpg")
    assert looker.look() == {str(root)}
