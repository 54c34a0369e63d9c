"""What all tests share: no screen, no home of the user's, and nothing left alive afterwards."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.kept import Kept

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# as the program sets it: several test processes with several BLAS threads each only wait for one another
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# random each time, so that corners nobody thought of are found; but a computer that is busy is no failure
settings.register_profile("likeness", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("likeness")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own for settings, libraries and logs."""
    folder = tmp_path / "likeness-home"
    monkeypatch.setenv("LIKENESS_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Makes once what many tests begin with, and copies it for each."""
    return Kept(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="session", autouse=True)
def networks_opened_once() -> Iterator[None]:
    """A bundled network is read once per process, not once per library; it runs as ever."""
    from desktop_app.core import paths
    from desktop_app.core.nets.manifest import Network
    from desktop_app.core.nets.session import Engine, Kind, Session

    defaults = Engine.__init__.__kwdefaults__
    factory = defaults["factory"]
    sessions: dict[object, Session] = {}
    bundled = paths.models_dir()

    def open_once(network: Network, kind: Kind, threads: int) -> Session:
        if kind != "cpu" or threads != 1 or network.path.parent != bundled:
            return factory(network, kind, threads)
        if network.path not in sessions:
            sessions[network.path] = factory(network, kind, threads)
        return sessions[network.path]

    defaults["factory"] = open_once
    yield
    defaults["factory"] = factory


@pytest.fixture(autouse=True)
def nothing_left_alive() -> Iterator[None]:
    """A test fails that leaves a thread running: lanes end with `shutdown`, pools with their `with`."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(10.0)  # one that is on its way out is no leak
    assert not [thread.name for thread in left if thread.is_alive()], "threads left alive"


@pytest.fixture(autouse=True)
def no_widget_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test fails that leaves a window, or a running timer of one, behind: give widgets to `qtbot.addWidget`."""
    before = set(_windows())
    yield
    if set(_windows()) - before:
        gc.collect()  # a cycle in a test's own variables is no leak
    left = [window for window in _windows() if window not in before]
    names = [f"{type(window).__name__} {window.objectName()!r}" for window in left]
    for window in left:  # so that the next test starts clean even then
        window.close()
        window.deleteLater()
    assert not names, f"windows left by {request.node.name}"


def _windows() -> list[QWidget]:
    """All top-level widgets; none in a test without widgets, which need not wait for their import."""
    if "PySide6.QtWidgets" not in sys.modules:
        return []
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    if not isinstance(QCoreApplication.instance(), QApplication):
        return []
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return QApplication.topLevelWidgets()


def pytest_configure(config: pytest.Config) -> None:
    from pytestqt.qtbot import QtBot

    for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed, QtBot.waitActive):
        wait.__kwdefaults__["timeout"] = 30_000  # a busy computer is no failure; what comes at once costs no time
    # what the offscreen platform says of every window that is shown, or of a menu
    config.addinivalue_line(
        "qt_log_ignore", "This plugin does not support (propagateSizeHints|raise|grabbing the keyboard)"
    )
    # once, where the language is set to no UTF-8 one; Qt takes one by itself
    config.addinivalue_line("qt_log_ignore", "Detected locale .* is not UTF-8")
