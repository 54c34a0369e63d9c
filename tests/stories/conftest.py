"""Fixtures of the stories: the program, someone in front of it, and a disk that can be slow."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog

from desktop_app.core import paths
from desktop_app.core.nets.choice import fastest
from desktop_app.core.nets.machine import read_json, write_json
from desktop_app.core.nets.manifest import bundled_networks
from desktop_app.core.operations import pipeline
from desktop_app.core.settings import Settings
from desktop_app.ui import theme
from tests.core.libraries import made
from tests.kept import Kept
from tests.stories.labeller import COUNT, Labeller, picture
from tests.stories.person import Person, Program


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Which network is fastest here: measured once for all stories instead of at each first start."""
    file = tmp_path_factory.mktemp("cache") / "speed.json"
    networks = bundled_networks(paths.models_dir())
    fastest(networks, file, device="cpu")
    # which of them wins beside other programs is chance: the same one for all stories, whatever runs beside them
    known = read_json(file)
    assert isinstance(known, dict)
    eight_bit = next(network.name for network in networks if network.name.endswith("-int8"))
    write_json(file, {**known, "network": eight_bit if eight_bit in known["photos_per_second"] else known["network"]})
    return file


@pytest.fixture
def program(qtbot, qapp: QApplication, home: Path, measured: Path) -> Iterator[Program]:
    """The program, not started yet; closed at the end."""
    (home / "cache").mkdir(parents=True)
    shutil.copy(measured, home / "cache" / measured.name)
    Settings(watch_folders=False).save()  # what a story does to files appears when it says so
    look = theme.apply(qapp, "light")
    program = Program(qtbot, look)
    yield program
    program.quit()
    qapp.clipboard().clear()


@pytest.fixture
def person(program: Program) -> Person:
    """Someone in front of the program at its first start."""
    return program.start()


@pytest.fixture(autouse=True)
def no_dialog_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """A story that opens one by mistake fails instead of waiting for an answer."""

    def nobody_answers(*_: object) -> None:
        raise AssertionError("a dialog of the system that nobody answers")

    for name in ("getExistingDirectory", "getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, nobody_answers)
    monkeypatch.setattr(QInputDialog, "getText", nobody_answers)


class SlowDisk:
    """Lets some files be read, then holds the others until `release`."""

    def __init__(self) -> None:
        self._left = 0
        self._guard = threading.Lock()
        self._open = threading.Event()
        self._open.set()

    def hold_after(self, files: int) -> None:
        """Let this many more files through."""
        self._left = files
        self._open.clear()

    def release(self) -> None:
        """Read as fast as ever."""
        self._open.set()

    def wait(self) -> None:
        """Called before a file is read."""
        if self._open.is_set():
            return
        with self._guard:
            self._left -= 1
            held = self._left < 0
        if held:
            assert self._open.wait(120)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch, program: Program) -> Iterator[SlowDisk]:
    """The disk photos are read from; as fast as it is until told otherwise, and from the end of an ingest on."""
    disk = SlowDisk()
    read = pipeline.read_bytes

    def read_slowly(path: Path, *args: object, **others: object) -> object:
        disk.wait()
        return read(path, *args, **others)

    close = pipeline.Pipeline.close

    def finish(pipe: pipeline.Pipeline) -> None:
        disk.release()  # what is being read when an ingest ends is read to its end
        close(pipe)

    monkeypatch.setattr(pipeline, "read_bytes", read_slowly)
    monkeypatch.setattr(pipeline.Pipeline, "close", finish)
    yield disk
    disk.release()


@pytest.fixture(scope="session")
def two_kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folders of photos: stripes and discs."""
    root = tmp_path_factory.mktemp("drawn")
    for kind in ("stripes", "discs"):
        (root / kind).mkdir()
        for seed in range(COUNT):
            picture(kind, seed).save(root / kind / f"{kind} {seed:02d}.jpg", quality=90)
    return root


@pytest.fixture
def kinds(program: Program, two_kinds: Path, tmp_path: Path, kept: Kept) -> Person:
    """Someone with photos of two kinds, which an earlier start added."""

    def make(at: Path) -> None:
        shutil.copytree(two_kinds, at / "Album")
        made(at / "library", at / "Album")

    kept.copy("two kinds", tmp_path, make)
    paths.default_library().parent.mkdir(parents=True)
    (tmp_path / "library").rename(paths.default_library())
    person = program.start()
    person.settle()
    return person


@pytest.fixture
def labeller(kinds: Person) -> Labeller:
    """Someone who told stripes and discs apart in the box, and has not answered yet."""
    return Labeller(kinds).set_up("stripes", "discs")
