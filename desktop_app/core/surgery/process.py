"""One child process that looks at one stranger's network, as its parent sees it."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.types import Progress

LENGTH = struct.Struct("<I")
"""How long the JSON is that follows, both ways."""
LONGEST_REQUEST = 1 << 22
LONGEST_ANSWER = 1 << 22
OUT_OF_MEMORY = 75
"""What a child ends with that found itself too large."""
PATIENCE = 3
"""How much longer a child may take than it may work: the computer may be busy with other things."""

_TICK = 0.05  # seconds between two reports, of 0.1 that may pass
_PACKAGE_PARENT = Path(__file__).resolve().parents[3]


class Child:
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
                if length > LONGEST_ANSWER:
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
