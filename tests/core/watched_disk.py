"""Making files on a disk that is watched."""

from __future__ import annotations

import os
from pathlib import Path


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def later(folder: Path) -> None:
    """Give a folder a time of its own, also where the clock of the disk is coarse."""
    status = folder.stat()
    os.utime(folder, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))
