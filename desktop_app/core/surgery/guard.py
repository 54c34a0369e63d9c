"""Strangers' networks are examined and cut in child processes, asked from here.

An ONNX file can ask for terabytes, run for ever or find a fault in the libraries that read it. All that stays in a
child (`child.py`) with limits of memory and time, one for each file; its answer is checked like any foreign data: JSON,
never pickles. What the child wrote gets its name here, after the child said that it is whole.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any, TypeVar, cast

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.surgery.examined import Examined
from desktop_app.core.surgery.precheck import LARGEST, check_file
from desktop_app.core.surgery.process import OUT_OF_MEMORY, PATIENCE, Child
from desktop_app.core.types import Progress

_T = TypeVar("_T")
_SECONDS_TO_START = 60.0
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
    size = check_file(path) + _beside(path)
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
    size = check_file(path) + _beside(path)
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


def _beside(path: Path) -> int:
    """Bytes of the files that a network may keep weights in: those beside it that share the start of its name."""
    try:
        with os.scandir(path.parent) as entries:
            sizes = [
                entry.stat(follow_symlinks=False).st_size
                for entry in entries
                if entry.name.startswith(path.stem) and entry.name != path.name and entry.is_file(follow_symlinks=False)
            ]
    except OSError:
        return 0
    return min(sum(sizes), LARGEST)


def _cannot_write(out: Path, error: OSError) -> UserError:
    return UserError("The network cannot be kept: its folder cannot be written.", f"{out}: {error}")


def _ask(text: str, request: dict[str, Any], seconds: float, memory: int) -> Generator[Progress, None, dict[str, Any]]:
    """One child's answer to one request. Raises UserError with a sentence for each way to fail."""
    child = Child()
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
