"""One window per library: a later start is heard by the first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket

from desktop_app.ui.instance import Doorbell, _name, hand_over

_RING = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop_app.ui.instance import hand_over
app = QCoreApplication([])
sys.exit(0 if hand_over(Path(sys.argv[1]), [Path(one) for one in sys.argv[2:]]) else 3)
"""


def ring(qtbot, library: Path, *folders: str) -> int:
    """Start a second program that rings; returns its exit status."""
    words = [sys.executable, "-c", _RING, str(library), *folders]
    second = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])})
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
    return second.returncode


@pytest.fixture
def bell(qapp, tmp_path: Path):
    bell = Doorbell(tmp_path / "library")
    yield bell
    bell.close()
    bell.deleteLater()


def test_a_later_start_is_heard_with_its_folders(qtbot, bell: Doorbell, tmp_path: Path) -> None:
    with qtbot.waitSignal(bell.rung, timeout=30_000) as heard:
        assert ring(qtbot, tmp_path / "library", "/p/Fämily", "/p/with\nnewline") == 0
    assert heard.args == [[Path("/p/Fämily"), Path("/p/with\nnewline")]]


def test_a_name_that_is_no_text_arrives_as_it_is(qtbot, bell: Doorbell, tmp_path: Path) -> None:
    name = os.fsdecode(b"/p/caf\xe9")
    with qtbot.waitSignal(bell.rung, timeout=30_000) as heard:
        assert ring(qtbot, tmp_path / "library", name) == 0
    assert heard.args == [[Path(name)]]


def test_another_library_is_not_rung(qtbot, bell: Doorbell, tmp_path: Path) -> None:
    with qtbot.assertNotEmitted(bell.rung):
        assert ring(qtbot, tmp_path / "other") == 3
    assert not hand_over(tmp_path / "nobody", [])


def test_a_closed_bell_is_silent_and_can_be_hung_again(qtbot, tmp_path: Path, bell: Doorbell) -> None:
    bell.close()
    assert ring(qtbot, tmp_path / "library") == 3
    again = Doorbell(tmp_path / "library")
    assert ring(qtbot, tmp_path / "library") == 0
    again.close()
    again.deleteLater()


@pytest.mark.parametrize("said", [b"\n", b"[1]\n", b"{\n", b'{"folders": 3}\n', b"\xff\xfe\n"])
def test_nonsense_is_not_heard(qtbot, bell: Doorbell, tmp_path: Path, said: bytes) -> None:
    socket = QLocalSocket()
    socket.connectToServer(_name(tmp_path / "library"))
    assert socket.waitForConnected(5000)
    with qtbot.assertNotEmitted(bell.rung):
        socket.write(said)
        socket.flush()
        qtbot.waitUntil(lambda: socket.bytesToWrite() == 0)
    with qtbot.waitSignal(bell.rung, timeout=30_000):  # the bell still works
        other = QLocalSocket()
        other.connectToServer(_name(tmp_path / "library"))
        assert other.waitForConnected(5000)
        other.write(json.dumps({"folders": []}).encode() + b"\n")
        other.flush()
    socket.abort()
    other.abort()
