"""Strangers' networks are examined and cut in child processes, asked from here.

An ONNX file can ask for terabytes, run for ever or find a fault in the libraries that read it. All that stays in a
child (`child.py`) with limits of memory and time, one for each file; its answer is checked like any foreign data: JSON,
never pickles. What the child wrote gets its name here, after the child said that it is whole.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, TypeVar, cast

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.surgery.examined import Examined
from desktop_app.core.surgery.precheck import check_file
from desktop_app.core.types import Progress

LENGTH = struct.Struct("<I")
"""How long the JSON is that follows, both ways."""
LONGEST_REQUEST = 1 << 22
OUT_OF_MEMORY = 75
"""What a child ends with that found itself too large."""

PATIENCE = 3
"""How much longer a child may take than it may work: the computer may be busy with other things."""

_T = TypeVar("_T")
_LONGEST_ANSWER = 1 << 22
_SECONDS_TO_START = 60.0
_TICK = 0.05  # seconds between two reports, of 0.1 that may pass
_PACKAGE_PARENT = Path(__file__).resolve().parents[3]
_KILLED = -9  # by the system's own guard of memory
_WORKED_TOO_LONG = -24  # SIGXCPU
_FAILED = "The part of Likeness that reads networks fails on this file, so it cannot be used."


def examining(
    path: Path, *, seconds: float | None = None, memory: int | None = None
) -> Generator[Progress, None, Examined]:
    """Examine a stranger's file in a child process; close the generator to stop. Yields at least every 100 ms.

    Args:
        path: the file; it is only read.
        seconds: how long the child may work (and be there: `PATIENCE` times as long, the only limit on Windows); by
            default 20, and more for large files.
        memory: bytes that the child may have; by default 3 GiB, and more for large files.

    Raises:
        UserError: it cannot be used; one sentence why.
    """
    size = check_file(path)
    request = {"do": "examine", "path": os.path.abspath(path)}
    text = f"Examining {wording.printable(path.name)}"
    answer = yield from _ask(text, request, seconds or _seconds(size), memory or _memory(size))
    try:
        return Examined.from_dict(answer["examined"])
    except (KeyError, ValueError, TypeError) as error:
        raise UserError(_FAILED, f"the answer: {error}") from error


def deriving(
    path: Path,
    examined: Examined,
    out: Path,
    maps_out: Path | None = None,
    *,
    seconds: float | None = None,
    memory: int | None = None,
) -> Generator[Progress, None, None]:
    """Write the cut network, see `derive.derive`, in a child process; close the generator to stop.

    Args:
        path: the examined file; it is only read.
        examined: what `examining` gave.
        out: the file whose outputs are the layers; made whole or not at all.
        maps_out: the file whose outputs are the layers' maps; None for none.
        seconds: as for `examining`.
        memory: as for `examining`.

    Raises:
        UserError: it cannot be used, or nothing can be written there.
    """
    size = check_file(path)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".cutting-", dir=out.parent))
    except OSError as error:
        raise _cannot_write(out, error) from error
    try:
        request = {
            "do": "derive",
            "path": os.path.abspath(path),
            "examined": examined.to_dict(),
            "out": os.path.abspath(staging / "features.onnx"),
            "maps": os.path.abspath(staging / "maps.onnx") if maps_out else "",
        }
        text = f"Preparing {wording.printable(path.name)}"
        answer = yield from _ask(text, request, seconds or 2 * _seconds(size), memory or _memory(size))
        if answer.get("derived") is not True:
            raise UserError(_FAILED, f"the answer: {answer!r:.200}")
        try:
            if maps_out:
                (staging / "maps.onnx").replace(maps_out)
            (staging / "features.onnx").replace(out)
        except OSError as error:
            raise _cannot_write(out, error) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def examine_safely(path: Path, *, seconds: float | None = None, memory: int | None = None) -> Examined:
    """`examining`, to its end."""
    return _to_its_end(examining(path, seconds=seconds, memory=memory))


def derive_safely(
    path: Path,
    examined: Examined,
    out: Path,
    maps_out: Path | None = None,
    *,
    seconds: float | None = None,
    memory: int | None = None,
) -> None:
    """`deriving`, to its end."""
    _to_its_end(deriving(path, examined, out, maps_out, seconds=seconds, memory=memory))


def _to_its_end(operation: Generator[Progress, None, _T]) -> _T:
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return cast("_T", ended.value)


def _seconds(size: int) -> float:
    return 20 + size / 20_000_000


def _memory(size: int) -> int:
    """VGG-16 (553 MB) was seen to need 2.5 GB of addresses, and the libraries 0.4 GB of them."""
    return (3 << 30) + 4 * size


def _cannot_write(out: Path, error: OSError) -> UserError:
    return UserError("The network cannot be kept: its folder cannot be written.", f"{out}: {error}")


def _ask(text: str, request: dict[str, Any], seconds: float, memory: int) -> Generator[Progress, None, dict[str, Any]]:
    """One child's answer to one request. Raises UserError with a sentence for each way to fail."""
    child = _Child()
    try:
        yield from child.wait(text, _SECONDS_TO_START)  # "ready"
        child.send({**request, "seconds": seconds, "memory": memory})
        answer = yield from child.wait(text, PATIENCE * seconds)
    except TimeoutError as error:
        raise _too_slow(seconds, str(error)) from error
    except (OSError, EOFError, ValueError) as error:
        code = child.end()
        details = f"{type(error).__name__}: {error}, child ended with {code}"
        if code == OUT_OF_MEMORY or (code == _KILLED and not child.killed):
            raise _too_large(memory, details) from error
        raise (_too_slow(seconds, details) if code == _WORKED_TOO_LONG else UserError(_FAILED, details)) from error
    finally:
        child.end()
    if "memory" in answer:
        raise _too_large(memory, str(answer["memory"]))
    if "error" in answer:
        raise UserError(wording.printable(str(answer["error"]))[:1000], str(answer.get("details", ""))[:2000])
    if "failed" in answer:
        raise UserError(_FAILED, str(answer["failed"])[:2000])
    return answer


def _too_slow(seconds: float, details: str) -> UserError:
    return UserError(
        f"Looking at this file took longer than {wording.duration(seconds)}, so Likeness stopped. "
        "It is too slow to be used.",
        details,
    )


def _too_large(memory: int, details: str) -> UserError:
    return UserError(
        f"This network takes more memory than Likeness allows a file that it does not know "
        f"({wording.byte_size(memory)}), so it cannot be used.",
        details,
    )


class _Child:
    """One child process, read by a thread of its own so that waiting for it can be given up."""

    def __init__(self) -> None:
        paths = [os.fspath(_PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
        try:
            self._process = subprocess.Popen(
                # -P: the folder the program was started in is not searched for modules
                [sys.executable, "-P", "-m", "desktop_app.core.surgery.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "OPENBLAS_NUM_THREADS": "1"},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise UserError("Likeness could not start the part that examines networks.", str(error)) from error
        self.killed = False  # by this process
        self._answers: queue.Queue[dict[str, Any] | Exception] = queue.Queue()
        self._thread = threading.Thread(target=self._read, name="examination", daemon=True)
        self._thread.start()

    def send(self, request: dict[str, Any]) -> None:
        """Raises OSError where the child is gone."""
        assert self._process.stdin is not None
        data = json.dumps(request).encode()
        self._process.stdin.write(LENGTH.pack(len(data)) + data)
        self._process.stdin.flush()

    def wait(self, text: str, seconds: float) -> Generator[Progress, None, dict[str, Any]]:
        """The next answer. Raises TimeoutError, EOFError where the child ended, ValueError for what is no answer."""
        end = time.monotonic() + seconds
        while True:
            yield Progress(text)
            with contextlib.suppress(queue.Empty):
                answer = self._answers.get(timeout=_TICK)
                if isinstance(answer, Exception):
                    raise answer
                return answer
            if time.monotonic() > end:
                raise TimeoutError(f"{seconds:.0f} s")

    def end(self) -> int:
        """Kill the process unless it has ended, and wait for it."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        if process.poll() is None:
            if not self._finished():
                self.killed = True
                process.kill()
            process.wait()
        self._thread.join()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        return process.returncode

    def _finished(self) -> bool:
        """A child that closed its output is about to end: its own code says more than that of a killed one."""
        if self._thread.is_alive():
            return False
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2.0)
            return True
        return False

    def _read(self) -> None:
        try:
            while True:
                (length,) = LENGTH.unpack(self._exactly(LENGTH.size))
                if length > _LONGEST_ANSWER:
                    raise ValueError("an answer that is too long")
                answer = json.loads(self._exactly(length))
                if not isinstance(answer, dict):
                    raise TypeError("an answer of another form")
                self._answers.put(answer)
        except (OSError, EOFError) as error:
            self._answers.put(error)
        except (ValueError, TypeError, RecursionError) as error:
            self._answers.put(ValueError(f"{type(error).__name__}: {error}"))

    def _exactly(self, count: int) -> bytes:
        assert self._process.stdout is not None
        data = self._process.stdout.read(count)
        if len(data) != count:
            raise EOFError
        return data
