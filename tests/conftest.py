"""What all tests share: no screen, no home of the user's, and nothing left alive afterwards."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own for settings, libraries and logs."""
    folder = tmp_path / "likeness-home"
    monkeypatch.setenv("LIKENESS_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def nothing_left_alive() -> Iterator[None]:
    """A test fails that leaves a thread running: lanes end with `shutdown`, pools with their `with`."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(2.0)  # one that is on its way out is no leak
    assert not [thread.name for thread in left if thread.is_alive()], "threads left alive"
