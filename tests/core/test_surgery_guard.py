"""A stranger's file may do what it likes in its child process: here it is a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core.errors import UserError
from desktop_app.core.surgery import guard, process
from desktop_app.core.surgery.examined import Examined
from desktop_app.core.surgery.guard import derive_safely, deriving, examine_safely, examining
from tests.core import hostile_networks as hostile
from tests.core.bad_server import files_in

LINUX = sys.platform == "linux"


@pytest.fixture(autouse=True)
def children(monkeypatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The child processes of a test; none may outlive it."""
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def popen(*arguments, **options):
        started.append(real(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(process.subprocess, "Popen", popen)
    yield started
    assert all(child.returncode is not None for child in started)


@pytest.fixture
def harmless(tmp_path: Path) -> Path:
    return hostile.save(tmp_path / "harmless.onnx", hostile.harmless())


def sentence(path: Path, **limits) -> str:
    with pytest.raises(UserError) as caught:
        examine_safely(path, **limits)
    said = str(caught.value)
    assert said.endswith(".")
    assert "Traceback" not in said
    return said


def memory_here() -> int:
    """Bytes that this process holds now, on Linux."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


def test_a_network_is_examined_and_cut(harmless, tmp_path):
    reports = []
    operation = examining(harmless)
    while True:
        try:
            reports.append(next(operation))
        except StopIteration as ended:
            examined = ended.value
            break
    assert isinstance(examined, Examined)
    assert [(cut.name, cut.dimension) for cut in examined.layers][-2:] == [("embedding", 8), ("logits", 5)]
    assert reports
    assert {report.text for report in reports} == {"Examining harmless.onnx"}
    before = harmless.read_bytes()
    derive_safely(harmless, examined, tmp_path / "out" / "cut.onnx", tmp_path / "out" / "maps.onnx")
    assert files_in(tmp_path / "out") == ["cut.onnx", "maps.onnx"]
    assert harmless.read_bytes() == before
    derive_safely(harmless, examined, tmp_path / "one" / "cut.onnx")
    assert files_in(tmp_path / "one") == ["cut.onnx"]


@pytest.mark.skipif(not LINUX, reason="names of any bytes are Linux's")
def test_a_name_that_is_no_text(tmp_path):
    path = hostile.save(tmp_path / os.fsdecode(b"\xff\n.onnx"), hostile.harmless())
    operation = examining(path)
    assert next(operation).text.isprintable()
    assert [report.text.isprintable() for report in operation].count(False) == 0


def test_files_of_weights_beside_it_count_too(tmp_path):
    path = hostile.save(tmp_path / "x.onnx", hostile.harmless())
    assert guard._beside(path) == 0
    (tmp_path / "x.onnx.data").write_bytes(bytes(1000))
    (tmp_path / "x.link").symlink_to(tmp_path / "x.onnx")
    (tmp_path / "other").write_bytes(bytes(500))
    assert guard._beside(path) == 1000


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (hostile.memory_bomb, "memory"),
        (hostile.enlarging_bomb, "memory"),
        (hostile.endless_loop, "loops"),
        (hostile.giant_claim, "absurd size"),
        (hostile.overflowing_claim, "absurd size"),
        (hostile.foreign_operator, "operations that only"),
        (lambda: hostile.deep(60), "damaged"),
        (lambda: hostile.deep(2000), "damaged"),
        (hostile.many_nodes, "more steps"),
        (hostile.outside("../../etc/passwd"), "outside its own folder"),
        (hostile.outside("/etc/passwd"), "outside its own folder"),
        (hostile.outside("C:\\Windows\\win.ini"), "outside its own folder"),
    ],
)
def test_hostile_files_are_a_sentence(tmp_path, make, words):
    path = hostile.save(tmp_path / "hostile.onnx", make())
    before = memory_here() if LINUX else 0
    assert words in sentence(path)
    assert files_in(tmp_path) == ["hostile.onnx"]
    if LINUX:
        assert memory_here() - before < 64_000_000


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "secret").write_bytes(bytes(8 * 27 * 4))
    folder = tmp_path / "network"
    folder.mkdir()
    (folder / "weights").symlink_to(tmp_path / "secret")
    path = hostile.save(folder / "x.onnx", hostile.outside("weights")())
    assert "outside its own folder" in sentence(path)


def test_a_file_that_works_for_hours_is_stopped(tmp_path):
    path = hostile.save(tmp_path / "slow.onnx", hostile.slow())
    assert sentence(path, seconds=0.5) == (
        "Looking at this file took longer than 5 s, so Likeness stopped. It is too slow to be used."
    )


@pytest.mark.skipif(not LINUX, reason="memory is limited on Linux only")
def test_more_memory_than_allowed(tmp_path):
    path = hostile.save(tmp_path / "large.onnx", hostile.large())
    assert "memory" in sentence(path, memory=800_000_000)


def test_what_is_no_network_needs_no_child(tmp_path, children):
    (tmp_path / "x.onnx").write_bytes(b"\xff\xd8\xff" + bytes(100))
    assert sentence(tmp_path / "x.onnx") == "This is a JPEG picture, not a network."
    assert children == []


def test_stopping_ends_the_child_at_once(tmp_path, children):
    path = hostile.save(tmp_path / "slow.onnx", hostile.slow())
    operation = examining(path)
    next(operation)
    assert children[0].poll() is None
    operation.close()
    assert children[0].returncode is not None


def test_stopping_a_cut_leaves_nothing(harmless, tmp_path, children):
    examined = examine_safely(harmless)
    operation = deriving(harmless, examined, tmp_path / "out" / "cut.onnx")
    next(operation)
    operation.close()
    assert files_in(tmp_path / "out") == []


def test_a_file_that_changed_since_is_not_cut(harmless, tmp_path):
    examined = examine_safely(harmless)
    other = hostile.harmless()
    other.producer_name = "somebody else"
    hostile.save(harmless, other)
    with pytest.raises(UserError):
        derive_safely(harmless, examined, tmp_path / "out" / "cut.onnx")
    assert files_in(tmp_path / "out") == []


READY = """
import os, sys, struct, time
o = sys.stdout.buffer
def say(text):
    o.write(struct.pack('<I', len(text)) + text)
    o.flush()
say(b'{"ready": true}')
n, = struct.unpack('<I', sys.stdin.buffer.read(4))
sys.stdin.buffer.read(n)
"""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (READY + "os.abort()", "fails on this file"),
        ("raise SystemExit(1)", "fails on this file"),
        (READY + "os._exit(75)", "memory"),
        (READY + "say(b'[1]')", "fails on this file"),
        (READY + "say(b'{}')", "fails on this file"),
        (READY + "say(b'[' * 100000)", "fails on this file"),
        (READY + "o.write(b'\\xff' * 100); o.flush(); time.sleep(60)", "fails on this file"),
        (READY + 'say(b\'{"examined": {"sha256": 7}}\')', "fails on this file"),
        (READY + 'say(b\'{"failed": "KeyError"}\')', "fails on this file"),
        (READY + 'say(b\'{"memory": "MemoryError"}\')', "(3.2 GB)"),
        (READY + 'say(b\'{"error": "So it is.\\\\u0007"}\')', "So it is"),
    ],
)
def test_a_child_that_crashes_or_lies(harmless, monkeypatch, code, words):
    said = answered_by(code, harmless, monkeypatch, seconds=30)
    assert words in said
    assert said.isprintable()


def test_a_child_that_hangs(harmless, monkeypatch):
    assert "took longer than" in answered_by(READY + "sys.stdin.buffer.read()", harmless, monkeypatch, seconds=0.2)


def answered_by(code: str, path: Path, monkeypatch, seconds: float) -> str:
    """What is said where other code than ours answers: what a library could be made to do in the worst case."""
    real = process.subprocess.Popen
    monkeypatch.setattr(process.subprocess, "Popen", lambda _, **options: real([sys.executable, "-c", code], **options))
    with pytest.raises(UserError) as caught:
        examine_safely(path, seconds=seconds)
    return str(caught.value)


def test_a_child_ends_with_its_parent(children):
    """The input of the child ends when its parent is gone, however that went."""
    child = process.Child()
    list(child.wait("", 60))
    child.send({"do": "examine", "path": "nowhere", "memory": 3 << 30, "seconds": 60})
    assert children[0].stdin is not None
    children[0].stdin.close()
    assert children[0].wait(60) == 0
    child.end()
