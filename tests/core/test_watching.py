"""Hearing of files: gathering news, what is no news, and real files on a real disk."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.operations.watched import matters
from desktop_app.core.watching import drives, system
from desktop_app.core.watching import watcher as watching
from desktop_app.core.watching.drives import kind_of_mount, read_mac_mounts, read_mounts
from desktop_app.core.watching.gathering import Gathering, without_inner
from desktop_app.core.watching.looking import Looker
from desktop_app.core.watching.names import is_on_its_way, is_own_folder
from desktop_app.core.watching.watcher import Unwatched, Watcher

PATIENCE = 30.0

posix = pytest.mark.skipif(os.name != "posix", reason="links and renames of open folders")
linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify")


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


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def later(folder: Path) -> None:
    """Give a folder a time of its own, also where the clock of the disk is coarse."""
    status = folder.stat()
    os.utime(folder, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))


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


# --- watching ------------------------------------------------------------------------------------------------------


class Ear:
    """Hears what a watcher tells, and waits for it."""

    def __init__(self) -> None:
        self.told: list[frozenset[Path]] = []
        self.unwatched: list[tuple[Path, Unwatched]] = []
        self._news = threading.Condition()

    def hear(self, paths: frozenset[Path]) -> None:
        with self._news:
            self.told.append(paths)
            self._news.notify_all()

    def note(self, root: Path, why: Unwatched) -> None:
        with self._news:
            self.unwatched.append((root, why))
            self._news.notify_all()

    def until(self, condition: Callable[[], object]) -> None:
        with self._news:
            assert self._news.wait_for(lambda: bool(condition()), PATIENCE), f"heard only {self.told}"

    def heard(self, path: Path) -> bool:
        """Whether a path was told, or something it lies in."""
        return any(path == one or one in path.parents for told in self.told for one in told)

    def forget(self) -> None:
        with self._news:
            self.told.clear()


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def start(ear: Ear) -> Iterator[Callable[..., Watcher]]:
    """Starts a watcher with short quiet moments and waits until it stands."""
    made: list[Watcher] = []

    def begin(*roots: Path, **options: object) -> Watcher:
        options = {"quiet": 0.1, "most": 1.0, "check": 0.1, "matters": matters, **options}
        watcher = Watcher(ear.hear, unwatched=ear.note, **options)
        made.append(watcher)
        watcher.set_roots(roots)
        for root in roots:
            ear.until(lambda root=root: ear.heard(root))  # told as a whole once it stands
        ear.forget()
        return watcher

    yield begin
    for watcher in made:
        watcher.close(PATIENCE)
        assert watcher._thread is None or not watcher._thread.is_alive()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    touch(folder / "2019" / "a.jpg")
    return folder


def test_files_come_change_and_go(start: Callable[..., Watcher], ear: Ear, root: Path) -> None:
    start(root)
    new = touch(root / "2019" / "new.jpg")
    ear.until(lambda: ear.heard(new))
    assert not any(root in told for told in ear.told)  # that file, not everything
    ear.forget()
    new.write_bytes(b"another")
    ear.until(lambda: ear.heard(new))
    ear.forget()
    new.unlink()
    ear.until(lambda: ear.heard(new))


def test_folders_come_move_and_go_with_what_is_in_them(start: Callable[..., Watcher], ear: Ear, root: Path) -> None:
    start(root)
    (root / "2019").rename(root / "Summer")
    ear.until(lambda: ear.heard(root / "2019") and ear.heard(root / "Summer"))
    ear.forget()
    deep = touch(root / "new" / "deeper" / "b.jpg")
    ear.until(lambda: ear.heard(deep))
    ear.forget()
    inside = touch(root / "Summer" / "c.jpg")  # the folder is watched under its new name
    ear.until(lambda: ear.heard(inside))
    ear.forget()
    shutil.rmtree(root / "new")
    ear.until(lambda: ear.heard(root / "new"))


def test_what_is_no_news(start: Callable[..., Watcher], ear: Ear, root: Path) -> None:
    own = root / "library"
    own.mkdir()
    start(root, without=[own])
    silent = ["2019/a.jpg.part", "2019/.b.jpg", ".cache/c.jpg", "@eaDir/d.jpg", "library/e.jpg", "2019/f.txt", "g.log"]
    for name in silent:
        touch(root / name)
    part = (root / "2019" / "a.jpg.part").rename(root / "2019" / "whole.jpg")
    ear.until(lambda: ear.heard(part))
    assert [name for name in silent if ear.heard(root / name)] == []


def test_many_files_are_told_in_few_words(start: Callable[..., Watcher], ear: Ear, root: Path) -> None:
    start(root)
    files = [touch(root / "copied" / f"{number}.jpg") for number in range(500)]
    ear.until(lambda: all(ear.heard(file) for file in files))
    assert len(ear.told) <= 20


@posix
def test_a_root_goes_away_and_comes_back(start: Callable[..., Watcher], ear: Ear, root: Path, tmp_path: Path) -> None:
    start(root)
    root.rename(tmp_path / "elsewhere")
    ear.until(lambda: ear.heard(root))
    ear.forget()
    (tmp_path / "elsewhere").rename(root)
    ear.until(lambda: any(root in told for told in ear.told))
    ear.forget()
    new = touch(root / "2019" / "new.jpg")
    ear.until(lambda: ear.heard(new))


def test_a_root_that_is_not_there_yet(start: Callable[..., Watcher], ear: Ear, root: Path, tmp_path: Path) -> None:
    start(root, tmp_path / "stick")
    photo = touch(tmp_path / "stick" / "a.jpg")
    ear.until(lambda: ear.heard(photo))
    ear.forget()
    new = touch(tmp_path / "stick" / "b.jpg")
    ear.until(lambda: ear.heard(new))


def test_other_roots_from_now_on(start: Callable[..., Watcher], ear: Ear, root: Path, tmp_path: Path) -> None:
    watcher = start(root)
    touch(tmp_path / "other" / "a.jpg")
    watcher.set_roots([tmp_path / "other"])
    ear.until(lambda: ear.heard(tmp_path / "other"))
    ear.forget()
    touch(root / "2019" / "not told.jpg")
    new = touch(tmp_path / "other" / "b.jpg")
    ear.until(lambda: ear.heard(new))
    assert not ear.heard(root / "2019" / "not told.jpg")
    watcher.set_roots([])


@posix
def test_a_root_that_is_a_link(start: Callable[..., Watcher], ear: Ear, root: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(root)
    start(link)
    touch(root / "2019" / "new.jpg")
    ear.until(lambda: ear.heard(link / "2019" / "new.jpg"))


def test_names_that_are_no_text(start: Callable[..., Watcher], ear: Ear, root: Path) -> None:
    start(root)
    name = root / os.fsdecode(b"caf\xe9.jpg") if sys.platform == "linux" else root / "café.jpg"
    touch(name)
    ear.until(lambda: ear.heard(name))


def test_a_network_drive_is_looked_at_instead(
    start: Callable[..., Watcher], ear: Ear, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "is_remote", lambda path: True)
    monkeypatch.setattr(watching, "_LOOK_GAP", 0.0)
    watcher = start(root)
    assert ear.unwatched == [(root, Unwatched.NETWORK)]
    ear.until(lambda: watcher._roots[str(root)].looker._seen is not None)
    new = touch(root / "2019" / "new.jpg")
    later(root / "2019")

    def looked() -> bool:
        watcher.look()
        return ear.heard(new)

    for _ in range(300):
        if looked():
            break
        with ear._news:
            ear._news.wait(0.1)
    assert ear.heard(new)
    assert len(ear.unwatched) == 1


@linux
def test_no_room_for_another_watch(
    start: Callable[..., Watcher], ear: Ear, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system.System, "is_full", lambda self: True)
    start(root, look_every=0.1)
    assert ear.unwatched == [(root, Unwatched.LIMIT)]
    new = touch(root / "2019" / "new.jpg")
    later(root / "2019")
    ear.until(lambda: ear.heard(new))


@linux
def test_a_refused_watch(start: Callable[..., Watcher], ear: Ear, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system.System, "watch", lambda self, path: "no right to")
    start(root, look_every=0.1)
    assert ear.unwatched == [(root, Unwatched.REFUSED)]
    (root / "2019" / "a.jpg").unlink()
    later(root / "2019")
    ear.until(lambda: ear.heard(root / "2019" / "a.jpg"))


@linux
def test_the_system_lost_news(start: Callable[..., Watcher], ear: Ear, root: Path) -> None:
    import logging

    start(root)
    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; filesystem events were lost")
    ear.until(lambda: any(root in told for told in ear.told))


def test_nobody_is_told_after_the_end(start: Callable[..., Watcher], ear: Ear, root: Path) -> None:
    watcher = start(root)
    watcher.close(PATIENCE)
    touch(root / "2019" / "new.jpg")
    watcher.close(PATIENCE)
    assert ear.told == []
    never = Watcher(ear.hear)
    never.close()
    never.set_roots([root])
    assert never._thread is None
