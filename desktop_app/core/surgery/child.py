"""The child process that reads a stranger's network; started by `guard.py`, does one thing and ends.

It reads its request from its standard input, which stays open as long as the parent lives, and answers on its standard
output: see `process.LENGTH`.
"""

from __future__ import annotations

import faulthandler
import importlib
import json
import math
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

from desktop_app.core.errors import UserError
from desktop_app.core.priority import lower_thread_priority
from desktop_app.core.surgery.process import LENGTH, LONGEST_REQUEST, OUT_OF_MEMORY, PATIENCE

_LARGEST_FILE = (1 << 31) + (1 << 20)  # bytes that a derived file may have
_LOADED = 5  # seconds that went into loading the libraries
_MEMORY_WORDS = ("bad_alloc", "allocate memory", "out of memory", "cannot allocate", "std::length_error")


def answer_to(request: dict[str, Any]) -> dict[str, Any]:
    """Examine a file, or derive from it; whatever goes wrong becomes part of the answer."""
    try:
        return _do(request)
    except UserError as error:
        if _is_memory(error.details):
            return {"memory": error.details[:2000]}
        return {"error": str(error)[:1000], "details": error.details[:2000]}
    except MemoryError:
        return {"memory": "MemoryError"}
    except Exception as error:
        details = f"{type(error).__name__}: {error}"
        return {"memory" if _is_memory(details) else "failed": details[:2000]}


def _do(request: dict[str, Any]) -> dict[str, Any]:
    from desktop_app.core.surgery.examined import Examined

    path = Path(request["path"])
    if request["do"] == "examine":
        examine = importlib.import_module("desktop_app.core.surgery.examine").examine
        return {"examined": examine(path).to_dict()}
    derive = importlib.import_module("desktop_app.core.surgery.derive").derive
    maps = Path(request["maps"]) if request["maps"] else None
    derive(path, Examined.from_dict(request["examined"]), Path(request["out"]), maps)
    return {"derived": True}


def _is_memory(details: str) -> bool:
    """Onnxruntime has no exception of its own for it."""
    low = details.lower()
    return any(words in low for words in _MEMORY_WORDS)


def _limit(request: dict[str, Any]) -> None:
    """Take away what is not needed. Windows and macOS know no limit of memory; there `_watch_memory` or none."""
    memory, seconds = int(request["memory"]), float(request["seconds"])
    # should the parent be gone and the file never end, this ends the process without Python's help
    faulthandler.dump_traceback_later(PATIENCE * seconds + 30, exit=True)
    if sys.platform == "win32":
        return
    resource = importlib.import_module("resource")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # time that it works, not that it waits for a busy computer; the first signal ends it
    whole = math.ceil(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (whole + _LOADED, whole + _LOADED + 5))
    # an examination writes no file at all
    largest = 0 if request["do"] == "examine" else _LARGEST_FILE
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    else:
        threading.Thread(target=_watch_memory, args=(resource, memory), daemon=True).start()


def _watch_memory(resource: Any, memory: int) -> None:
    """End the process when it has grown beyond `memory` bytes; as good as it gets where the system has no limit."""

    def used() -> int:
        return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)  # bytes on macOS

    start = used()
    while used() - start < memory:
        time.sleep(0.05)
    os._exit(OUT_OF_MEMORY)


def _watch_parent(requests: BinaryIO) -> None:
    """End the process when its parent is gone: then its input ends."""
    while requests.read(1):
        pass
    os._exit(0)


def _send(output: BinaryIO, answer: dict[str, Any]) -> None:
    text = json.dumps(answer).encode()
    output.write(LENGTH.pack(len(text)) + text)
    output.flush()


def main() -> None:
    """One request and its answer; what libraries print goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is the parent's to answer
    output = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    lower_thread_priority()  # the threads of a run inherit it
    for name in ("numpy", "onnx", "onnxruntime"):  # loading them is not the file's time
        importlib.import_module(name)
    importlib.import_module("onnxruntime").set_default_logger_severity(4)
    requests = sys.stdin.buffer
    _send(output, {"ready": True})
    head = requests.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return
    (length,) = LENGTH.unpack(head)
    if length > LONGEST_REQUEST:
        return
    request = json.loads(requests.read(length))
    _limit(request)
    threading.Thread(target=_watch_parent, args=(requests,), daemon=True).start()
    _send(output, answer_to(request))
    os._exit(0)  # nothing is left to do, and a hostile file's session need not be taken down in order


if __name__ == "__main__":
    main()
