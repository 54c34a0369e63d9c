"""Hearing of real files on a real disk."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.core.operations.watched import matters
from desktop_app.core.watching import system
from desktop_app.core.watching import watcher as watching
from desktop_app.core.watching.watcher import Unwatched, Watcher
from tests.core.watched_disk import later, touch

PATIENCE = 30.0

posix = pytest.mark.skipif(os.name != "posix", reason="links and renames of open folders")
linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify")


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


@posix
def test_a_folder_under_two_names_is_heard_until_both_are_dropped(root: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(root)
    heard: list[str] = []
    came = threading.Event()

    def note(top: str, path: str, *, is_folder: bool) -> None:
        heard.append(top)
        came.set()

    both = system.System(note, lambda top: None)
    try:
        assert [both.watch(str(one)) for one in (root, link)] == [None, None]
        both.drop(str(link))
        touch(root / "2019" / "new.jpg")
        assert came.wait(PATIENCE)
        assert set(heard) == {str(root)}
        both.drop(str(root))
        assert not both._observer.emitters
    finally:
        both.close()


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
    start(root)
    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; filesystem events were lost")
    ear.until(lambda: any(root in told for told in ear.told))


def test_watching_that_ended_by_itself_is_begun_anew(start: Callable[..., Watcher], ear: Ear, root: Path) -> None:
    watcher = start(root)
    watcher._system._observer.stop()
    ear.until(lambda: ear.heard(root))  # what happened meanwhile nobody heard of
    ear.forget()
    new = touch(root / "2019" / "new.jpg")
    ear.until(lambda: ear.heard(new))


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
