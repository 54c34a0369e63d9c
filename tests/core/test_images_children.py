"""HEIC and camera raw in child processes: right pictures, and a crash or a hang costs one file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.errors import Unreadable
from desktop_app.core.images import children
from desktop_app.core.images.children import Children, close_children
from desktop_app.core.images.decode import decode, read_full, read_picture
from desktop_app.core.types import Reason
from tests.core.picture_factory import corners, dng, encoded, four_corners, heic, photo, stored_turned

needs_heic = pytest.mark.skipif(not children.parts_present()["heic"], reason="the HEIC part is not installed")
needs_raw = pytest.mark.skipif(not children.parts_present()["raw"], reason="the camera raw part is not installed")


@pytest.fixture(autouse=True)
def _no_child_left():
    yield
    close_children()


def reason_of(data: bytes, name: str) -> Reason:
    with pytest.raises(Unreadable) as caught:
        decode(data, name)
    return caught.value.reason


@needs_heic
@pytest.mark.parametrize("orientation", range(1, 9))
def test_heic_is_upright(orientation):
    data = heic(stored_turned(four_corners(), orientation), orientation, make="Apple", model="iPhone 12")
    picture = decode(data, "x.heic", short_side=40)
    assert picture.format == "HEIC"
    assert corners(picture.pixels) == "rgby"
    assert picture.pixels.shape == (40, 60, 3)
    assert (picture.width, picture.height) == (120, 80)
    assert picture.camera == "Apple iPhone 12"


@needs_heic
def test_heic_from_a_file_in_another_folder(tmp_path: Path, monkeypatch):
    (tmp_path / "numpy.py").write_text("raise SystemExit('the wrong numpy')")
    path = tmp_path / "a.jpg"  # the content decides
    path.write_bytes(heic(photo(900, 600), taken="2019:05:12 10:11:12"))
    monkeypatch.chdir(tmp_path)
    picture = read_picture(path)
    assert picture.pixels.shape == (256, 384, 3)
    assert picture.taken == datetime(2019, 5, 12, 10, 11, 12)
    assert read_full(path).pixels.shape == (600, 900, 3)
    picture.pixels[0, 0] = 0  # an array of its own


@needs_heic
def test_damaged_and_too_large_heic():
    data = heic(photo())
    assert reason_of(data[:60], "x.heic") is Reason.DAMAGED
    assert reason_of(data[: len(data) // 2], "x.heic") is Reason.DAMAGED
    with pytest.raises(Unreadable) as caught:
        decode(data, "x.heic", limit_megapixels=0.1)
    assert caught.value.reason is Reason.TOO_LARGE
    assert decode(data, "x.heic").width == 640


@needs_raw
@pytest.mark.parametrize(("orientation", "expected"), [(1, "rgby"), (3, "ybgr"), (6, "bryg"), (8, "gyrb")])
def test_the_preview_of_a_raw_file_is_turned_as_the_camera_was(orientation, expected):
    picture = decode(dng(640, 480, orientation, four_corners(480, 360)), "x.dng")
    assert picture.format == "RAW"
    assert corners(picture.pixels) == expected
    assert min(picture.pixels.shape[:2]) == 256
    assert (picture.width, picture.height) == ((640, 480) if orientation in (1, 3) else (480, 640))
    assert picture.camera == "Likeness Test Camera"
    assert picture.taken == datetime(2019, 5, 12, 10, 11, 12)


@needs_raw
@pytest.mark.parametrize("size", [(640, 480), (1600, 1200)])
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_raw_file_without_a_preview_is_developed(size, orientation):
    picture = decode(dng(*size, orientation), "x.dng")
    assert min(picture.pixels.shape[:2]) == 256
    upright = picture.pixels if orientation == 1 else np.rot90(picture.pixels)
    assert upright[20, -20, 0] > upright[20, 20, 0] + 100  # red grows to the right
    assert upright[-20, 20, 1] > upright[20, 20, 1] + 100  # green grows downwards


@needs_raw
def test_damaged_raw():
    assert reason_of(dng(640, 480)[:2000], "x.dng") is Reason.DAMAGED
    assert reason_of(b"FUJIFILMCCD-RAW " + bytes(200), "x.raf") is Reason.DAMAGED


def test_without_the_part_the_file_says_what_it_needs(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(children, "_found", set())
    monkeypatch.setattr(children, "parts_present", lambda: {"heic": False, "raw": False})
    head = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100)
    assert reason_of(head, "x.heic") is Reason.NEEDS_HEIC
    assert reason_of(dng(64, 48), "x.dng") is Reason.NEEDS_RAW
    (tmp_path / "x.heic").write_bytes(head)
    with pytest.raises(Unreadable) as caught:
        read_picture(tmp_path / "x.heic")
    assert caught.value.reason is Reason.NEEDS_HEIC
    # one that is no HEIC at all needs no part
    (tmp_path / "y.heic").write_bytes(encoded(four_corners(), "JPEG"))
    assert read_picture(tmp_path / "y.heic").format == "JPEG"
    # installed while the program runs
    monkeypatch.setattr(children, "parts_present", lambda: {"heic": True, "raw": True})
    assert reason_of(head, "x.heic") is Reason.DAMAGED


@needs_heic
def test_a_child_is_reused_and_one_that_was_killed_is_replaced():
    data = heic(photo())
    decode(data, "x.heic")
    (first,) = children._pool.processes()
    decode(data, "x.heic")
    assert children._pool.processes() == [first]
    os.kill(first, signal.SIGTERM)
    assert decode(data, "x.heic").width == 640
    (second,) = children._pool.processes()
    assert second != first


def hostile(monkeypatch, code: str) -> None:
    """Children that run other code than ours: what a codec could do in the worst case."""
    real = subprocess.Popen

    def popen(arguments, **options):
        return real([sys.executable, "-c", code], **options)

    monkeypatch.setattr(children.subprocess, "Popen", popen)


READY = """
import os, sys, struct
o = sys.stdout.buffer
o.write(struct.pack('<I', 2) + b'{}')
o.flush()
"""
READ = "n, = struct.unpack('<I', sys.stdin.buffer.read(4)); sys.stdin.buffer.read(n + 10)\n"
REQUEST = {"format": "HEIC", "fit": {}, "limit": 1, "bytes": 10}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (READY + READ + "os.abort()", Reason.DAMAGED),
        ("raise SystemExit(1)", Reason.DAMAGED),
        (READY + READ + "o.write(b'\\xff' * 100); o.flush()", Reason.DAMAGED),
        (READY + READ + "sys.stdin.buffer.read()", Reason.TOO_SLOW),
    ],
)
def test_a_child_that_crashes_lies_or_hangs_costs_one_file(monkeypatch, code, reason):
    pool = Children(seconds=2.0)
    with monkeypatch.context() as patched:
        hostile(patched, code)
        with pytest.raises(Unreadable) as caught:
            pool.ask(REQUEST, b"x" * 10)
        assert caught.value.reason is reason
        assert pool.processes() == []


@pytest.mark.parametrize(
    ("answer", "pixels"),
    [
        ({"shape": [2, 2, 3], "width": 2, "height": 2, "taken": ""}, b"too short"),
        ({"shape": [0, 0, 3], "width": 2, "height": 2, "taken": ""}, b""),
        ({"shape": "no", "width": 2, "height": 2, "taken": ""}, b""),
        ({"reason": "invented"}, b""),
        ({}, b""),
    ],
)
def test_an_answer_is_believed_only_where_it_is_consistent(answer, pixels):
    with pytest.raises(Unreadable) as caught:
        children._parse(answer, pixels)
    assert caught.value.reason is Reason.DAMAGED


def test_a_child_ends_with_its_parent():
    """The input of the child ends when its parent is gone, however that went."""
    child = children._Child()
    assert child.process.stdin is not None
    assert child._receive()[0]["ready"] is True
    child.process.stdin.close()
    assert child.process.wait(30) == 0
    child.end()
