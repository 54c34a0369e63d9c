"""HEIC, camera raw and frames of videos are decoded in child processes, asked from here.

libheif, LibRaw and FFmpeg are large C++ libraries that read what strangers send. A crash, an endless loop or worse
stays in the child (`child.py`), and its answer is checked like any foreign data: JSON and raw pixels, never
pickles. A child is started when first needed, reused, ended with the program, and replaced when it dies.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from desktop_app.core.errors import Unreadable
from desktop_app.core.images.formats import VIDEO, parts_present
from desktop_app.core.images.metadata import Metadata
from desktop_app.core.images.pixels import Fit, Size
from desktop_app.core.types import Pixels, Reason

MOST_CHILDREN = 2
SECONDS_PER_FILE = 10.0
_SECONDS_TO_START = 60.0
_SECONDS_TO_END = 2.0

LENGTH = struct.Struct("<I")
"""How long the JSON is that follows; after the JSON come as many bytes as its "bytes" says."""
LONGEST_JSON = 65_536

_PACKAGE_PARENT = Path(__file__).resolve().parents[3]
_PARTS = {"HEIC": "heic", "RAW": "raw"}
_found: set[str] = set()


def is_part_present(format_name: str) -> bool:
    """Whether "HEIC" or "RAW" can be read; once found, a part is not looked for again."""
    if format_name not in _found and parts_present()[_PARTS[format_name]]:
        _found.add(format_name)
    return format_name in _found


def missing_part(format_name: str) -> Reason:
    """The reason to give where `is_part_present` says no."""
    return Reason.NEEDS_HEIC if format_name == "HEIC" else Reason.NEEDS_RAW


def decode_in_child(data: bytes, format_name: str, fit: Fit, limit_megapixels: float) -> tuple[Pixels, Size, Metadata]:
    """Decode a whole HEIC or camera raw file, or a frame of a video, in a child process.

    Returns:
        Pixels (upright, reduced by `fit`), the upright size of the original, metadata.

    Raises:
        Unreadable: NEEDS_HEIC or NEEDS_RAW without the part, TOO_SLOW after `SECONDS_PER_FILE`, DAMAGED
            where the child crashes, and whatever the child finds wrong with the file.
    """
    if format_name != VIDEO and not is_part_present(format_name):
        raise Unreadable(missing_part(format_name))
    request = {
        "format": format_name,
        "fit": asdict(fit),
        "limit": limit_megapixels,
        "bytes": len(data),
    }
    return _parse(*_pool.ask(request, data))


def close_children() -> None:
    """End all child processes. The next HEIC or raw file starts one again."""
    _pool.close()


class _ChildDied(Exception):
    """The child went away before it answered."""


class _Child:
    """One child process; used by one thread at a time."""

    def __init__(self) -> None:
        paths = [os.fspath(_PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
        self.process = subprocess.Popen(
            # -P: the folder the program was started in is not searched for modules
            [sys.executable, "-P", "-m", "desktop_app.core.images.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.fresh = True
        self._started = False

    def ask(self, request: dict[str, Any], data: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Send one file and wait for its pixels.

        Raises:
            _ChildDied: If the child crashed, or was killed because it took too long (`TimeoutError` as cause).
        """
        if not self._started:
            self._timed(self._receive, _SECONDS_TO_START)  # "ready": loading the codecs is not the file's time
            self._started = True

        def exchange() -> tuple[dict[str, Any], bytes]:
            assert self.process.stdin is not None
            text = json.dumps(request).encode()
            self.process.stdin.write(LENGTH.pack(len(text)) + text)
            self.process.stdin.write(data)
            self.process.stdin.flush()
            return self._receive()

        return self._timed(exchange, seconds)

    def _timed(self, work: Any, seconds: float) -> tuple[dict[str, Any], bytes]:
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self.process.kill()

        timer = threading.Timer(seconds, give_up)
        timer.daemon = True
        timer.start()
        try:
            return work()  # type: ignore[no-any-return]
        except (OSError, EOFError, ValueError) as error:
            self.end()
            raise _ChildDied from (TimeoutError() if late.is_set() else error)
        finally:
            timer.cancel()
            timer.join()

    def _receive(self) -> tuple[dict[str, Any], bytes]:
        (length,) = LENGTH.unpack(self._exactly(LENGTH.size))
        if length > LONGEST_JSON:
            raise ValueError("an answer that is too long")
        answer = json.loads(self._exactly(length))
        return answer, self._exactly(int(answer.get("bytes", 0)))

    def _exactly(self, count: int) -> bytes:
        assert self.process.stdout is not None
        data = self.process.stdout.read(count)
        if len(data) != count:
            raise EOFError
        return data

    def end(self) -> None:
        """Kill the process if it does not end by itself when its input ends."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(OSError):
            self.process.stdout.close()


class Children:
    """At most a few child processes, shared by all threads."""

    def __init__(self, most: int = MOST_CHILDREN, seconds: float = SECONDS_PER_FILE) -> None:
        self.seconds = seconds
        self._room = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []

    def ask(self, request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
        """Have one file decoded by an idle child or a new one.

        Raises:
            Unreadable: TOO_SLOW or DAMAGED.
        """
        with self._room:
            while True:
                child = self._take()
                fresh, child.fresh = child.fresh, False
                try:
                    answer = child.ask(request, data, self.seconds)
                except _ChildDied as error:
                    if isinstance(error.__cause__, TimeoutError):
                        raise Unreadable(Reason.TOO_SLOW, f"more than {self.seconds:g} s") from error
                    if fresh:
                        details = f"{request['format']}: the codec crashed on this file"
                        raise Unreadable(Reason.DAMAGED, details) from error
                    continue  # it may have died of something else since its last file: try a new one
                except BaseException:
                    child.end()
                    raise
                with self._lock:
                    self._idle.append(child)
                return answer

    def _take(self) -> _Child:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        try:
            return _Child()
        except OSError as error:
            raise Unreadable(Reason.READ_ERROR, f"no child process: {error}") from error

    def processes(self) -> list[int]:
        """The ids of the children that wait for work."""
        with self._lock:
            return [child.process.pid for child in self._idle]

    def close(self) -> None:
        """End the children that wait for work; one at work ends when its input does."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()


def _parse(answer: dict[str, Any], pixels: bytes) -> tuple[Pixels, Size, Metadata]:
    """A child's answer, believed only where it is consistent."""
    try:
        if "reason" in answer:
            raise Unreadable(Reason(answer["reason"]), str(answer.get("details", ""))[:300])
        height, width = int(answer["shape"][0]), int(answer["shape"][1])
        size = int(answer["width"]), int(answer["height"])
        taken = datetime.fromisoformat(answer["taken"]) if answer["taken"] else None
        # a copy, since what comes from bytes cannot be written to
        array = np.frombuffer(pixels, np.uint8).reshape(height, width, 3).copy()
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Unreadable(Reason.DAMAGED, "the codec gave no picture") from error
    if min(width, height, *size) < 1:
        raise Unreadable(Reason.DAMAGED, "a picture of no pixels")
    return array, size, Metadata(taken=taken, camera=str(answer.get("camera", ""))[:200])


_pool = Children()
atexit.register(close_children)
