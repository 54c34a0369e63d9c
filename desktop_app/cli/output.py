"""What the command line prints, and where the library is that it works on."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from argparse import Namespace
from collections.abc import Generator
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

from desktop_app.core.settings import Settings
from desktop_app.core.types import Progress
from desktop_app.core.wording import time_left

Result = TypeVar("Result")


def library_folder(arguments: Namespace) -> Path:
    """The library the user names, else the one that the window opens."""
    if arguments.library is not None:
        return Path(os.path.abspath(arguments.library))
    return Settings.load().library_to_open()


def print_json(value: dict[str, Any]) -> None:
    """One object on one line, ASCII only, so that no terminal's encoding gets in the way."""
    print(json.dumps(value, ensure_ascii=True))


def print_text(text: str) -> None:
    """A line for a person; what the terminal cannot show is replaced."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))


def run_aloud(operation: Generator[Progress, None, Result], *, after: float = 0.0) -> Result:
    """Run an operation to its end, with its progress on stderr.

    Interrupted, it is closed between two of its steps and keeps what is done.

    Args:
        operation: what to run.
        after: seconds before the first report; what is over sooner says nothing of its progress.

    Raises:
        KeyboardInterrupt: it was interrupted.
    """
    alive = sys.stderr.isatty()
    begun = time.monotonic()
    spoken = 0.0
    interrupted = Event()
    before = signal.signal(signal.SIGINT, lambda *_: _interrupt(interrupted))
    try:
        while True:
            progress = next(operation)
            if interrupted.is_set():
                raise KeyboardInterrupt
            now = time.monotonic()
            if progress.text and now - begun >= after and now - spoken > (0.1 if alive else 2.0):
                spoken = now
                line = _line(progress)
                print(f"\r\x1b[K{line}" if alive else line, end="" if alive else "\n", file=sys.stderr, flush=True)
    except StopIteration as ended:
        result: Result = ended.value
        return result
    finally:
        operation.close()
        signal.signal(signal.SIGINT, before)
        if alive and spoken:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _interrupt(interrupted: Event) -> None:
    """The first time the operation is asked to stop at its next step; a second time everything is dropped."""
    if interrupted.is_set():
        raise KeyboardInterrupt
    interrupted.set()


def _line(progress: Progress) -> str:
    text = progress.text
    if progress.total:
        text += f": {progress.done:,} of {progress.total:,}"
    if progress.seconds_left is not None:
        left = time_left(progress.seconds_left)
        text += f", {left}" if left else ""
    return text
