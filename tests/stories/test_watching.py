"""Watching: photos that come, change, move and go while the window is open appear and go by themselves."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop_app.core.catalog import photos
from desktop_app.core.settings import Settings
from desktop_app.core.types import FolderState, PhotoState
from desktop_app.core.watching import watcher
from desktop_app.ui import watching
from desktop_app.ui.panels.status import JobView
from tests.core.written import sidecar
from tests.photos import save, save_many
from tests.stories.conftest import SlowDisk
from tests.stories.person import Key, Person, Program

COUNT = 200


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quiet moments are short and roots are looked for often."""
    make = watcher.Watcher.__init__

    def quickly(self: watcher.Watcher, heard: object, **others: object) -> None:
        make(self, heard, **{**others, "quiet": 0.2, "most": 2.0, "check": 0.2})

    monkeypatch.setattr(watcher.Watcher, "__init__", quickly)
    monkeypatch.setattr(watching, "BEGIN_MS", 1)


@pytest.fixture
def watched(program: Program, tmp_path: Path) -> Person:
    """Someone with 6 photos in two folders of a folder that is watched."""
    Settings(watch_folders=True).save()
    person = program.start()
    save_many(tmp_path / "Family" / "2019", range(3))
    save_many(tmp_path / "Family" / "2020", range(3, 6))
    person.add(tmp_path / "Family")
    person.until(lambda: is_standing(person))
    person.settle()
    return person


def is_standing(person: Person) -> bool:
    """Whether the watch stands: the system has been asked for every root."""
    now = person.window.watching._watcher
    return now is not None and now._system is not None and set(now._wanted) == set(now._system._watches)


def ids(person: Person) -> dict[str, int]:
    """Every present photo of the library by its path below the folders' roots; no path twice."""
    library = person.window._session.library
    assert library is not None
    found = photos.fetch(library.connection, list(photos.listed(library.connection, photos.Order.NAME)))
    names = Counter(photo.path for photo in found.values())
    assert not [path for path, count in names.items() if count > 1], "a file is in twice"
    return {"/".join(photo.path.parts[-2:]): int(photo.id) for photo in found.values()}


def test_a_photo_comes_changes_and_goes(watched: Person, tmp_path: Path) -> None:
    first = ids(watched)
    views = list[JobView | None]()
    watched.window.adding.viewChanged.connect(lambda: views.append(watched.window.adding.view))
    file = save(tmp_path / "Family" / "2019" / "new.jpg", 50)
    watched.until(lambda: "new.jpg" in watched.names())
    watched.settle()
    assert "7 photos" not in watched.message()  # a handful comes without a word
    assert set(views) == {None}
    mine = ids(watched)["2019/new.jpg"]
    content = photos.contents(watched.window._session.library.connection, [mine])[mine]
    save(file, 51)
    watched.until(lambda: photos.contents(watched.window._session.library.connection, [mine])[mine] != content)
    file.unlink()
    watched.until(lambda: "new.jpg" not in watched.names())
    watched.settle()
    assert ids(watched) == first


def test_many_are_copied_in(watched: Person, tmp_path: Path) -> None:
    save_many(tmp_path / "camera", range(100, 100 + COUNT), width=64, height=48)
    shutil.copytree(tmp_path / "camera", tmp_path / "Family" / "camera")
    watched.qtbot.waitUntil(lambda: len(watched.names()) == 6 + COUNT, timeout=120_000)  # beside other programs
    watched.settle()
    assert len(ids(watched)) == 6 + COUNT
    assert watched.folders() == {"Family": str(6 + COUNT)}


def test_a_renamed_folder_keeps_its_photos(watched: Person, tmp_path: Path) -> None:
    before = ids(watched)
    (tmp_path / "Family" / "2019").rename(tmp_path / "Family" / "Summer")
    watched.until(lambda: any(name.startswith("Summer/") for name in ids(watched)))
    watched.settle()
    assert ids(watched) == {name.replace("2019/", "Summer/"): photo for name, photo in before.items()}


def test_files_go_during_a_search(watched: Person, tmp_path: Path) -> None:
    watched.click("photo 0.jpg")
    watched.press(Key.Key_S)
    watched.until(lambda: watched.page.bar.chip.isVisible())
    watched.settle()
    for number in (1, 3):
        next((tmp_path / "Family").rglob(f"photo {number}.jpg")).unlink()
    watched.until(lambda: set(watched.names()) == {f"photo {number}.jpg" for number in (0, 2, 4, 5)})
    watched.settle()
    assert not watched.dialogs()
    watched.click("photo 5.jpg")
    watched.until(lambda: watched.details().get("Folder") is not None)


def test_the_drive_is_removed_and_comes_back(watched: Person, tmp_path: Path) -> None:
    before = ids(watched)
    (tmp_path / "Family").rename(tmp_path / "elsewhere")
    watched.until(lambda: watched.window._session.overview.folders[0].state is FolderState.AWAY)
    watched.settle()
    library = watched.window._session.library
    found = photos.fetch(library.connection, list(before.values()))
    assert {photo.state for photo in found.values()} == {PhotoState.AWAY}
    assert len(watched.names()) == 6
    assert not watched.dialogs()
    save(tmp_path / "elsewhere" / "2019" / "meanwhile.jpg", 60)
    (tmp_path / "elsewhere").rename(tmp_path / "Family")
    watched.until(lambda: "meanwhile.jpg" in watched.names())
    watched.settle()
    assert watched.window._session.overview.folders[0].state is FolderState.READY
    assert {name: photo for name, photo in ids(watched).items() if name in before} == before
    save(tmp_path / "Family" / "2020" / "after.jpg", 61)  # the watch stands again
    watched.until(lambda: "after.jpg" in watched.names())


def test_switched_off_nothing_appears_by_itself(watched: Person, tmp_path: Path) -> None:
    watched.window.desk.remembered.set(watch_folders=False)
    assert not watched.window.watching.is_watching
    save(tmp_path / "Family" / "2019" / "new.jpg", 50)
    watched.press(Key.Key_F5)
    watched.until(lambda: len(watched.names()) == 7)
    watched.window.desk.remembered.set(watch_folders=True)
    watched.until(lambda: is_standing(watched))
    save(tmp_path / "Family" / "2019" / "newer.jpg", 51)
    watched.until(lambda: len(watched.names()) == 8)


def test_what_changed_while_the_program_was_closed(watched: Person, program: Program, tmp_path: Path) -> None:
    program.quit()
    save(tmp_path / "Family" / "2019" / "meanwhile.jpg", 50)
    (tmp_path / "Family" / "2020" / "photo 4.jpg").unlink()
    again = program.start()
    again.until(lambda: "meanwhile.jpg" in again.names() and "photo 4.jpg" not in again.names())


def test_what_is_paused_stays_paused(watched: Person, disk: SlowDisk, tmp_path: Path) -> None:
    save_many(tmp_path / "More", range(20, 26), width=64, height=48)
    disk.hold_after(2)
    watched.drop(tmp_path / "More")
    watched.until(lambda: watched.window.adding.so_far >= 1)
    watched.window.adding.pause()
    save(tmp_path / "Family" / "2019" / "new.jpg", 50)
    watched.until(lambda: watched.window.watching._pending)
    disk.release()
    assert watched.window.adding.view is not None
    assert watched.window.adding.view.paused
    assert "new.jpg" not in watched.names()
    watched.window.adding.go_on()
    watched.until(lambda: "new.jpg" in watched.names() and len(watched.names()) == 13)


def test_a_network_drive_is_looked_at_when_someone_comes_back(
    watched: Person, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.quit()
    monkeypatch.setattr(watcher, "is_remote", lambda path: True)
    monkeypatch.setattr(watcher, "_LOOK_GAP", 0.0)
    again = program.start()
    again.until(lambda: again.message().startswith("“Family” is on a network drive"))
    again.settle()
    root = again.window.watching._watcher._roots[str(tmp_path / "Family")]
    again.until(lambda: root.looker._seen is not None)
    save(tmp_path / "Family" / "2019" / "new.jpg", 50)

    def appears() -> bool:
        QApplication.sendEvent(again.window, QEvent(QEvent.Type.WindowActivate))
        return "new.jpg" in again.names()

    again.until(appears)
    program.quit()
    once_more = program.start()
    once_more.until(lambda: once_more.window.watching.is_watching)
    once_more.settle()
    assert "network drive" not in once_more.message()  # it was said


def test_side_cars_are_read_when_they_change(watched: Person, tmp_path: Path) -> None:
    watched.click("photo 1.jpg")
    watched.until(lambda: watched.details().get("Folder") is not None)
    assert "Rating" not in watched.details()
    sidecar(tmp_path / "Family" / "2019" / "photo 1.xmp", "beach", rating=4)
    watched.until(lambda: watched.details().get("Rating") == "4 of 5 stars")
    assert watched.details()["Keywords"] == "beach"
    (tmp_path / "Family" / "2019" / "photo 1.xmp").unlink()
    watched.until(lambda: "Rating" not in watched.details())
