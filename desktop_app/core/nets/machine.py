"""What a measurement depends on, and keeping measurements in the cache."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import tempfile
from pathlib import Path


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def machine() -> dict[str, str]:
    """The processor and the version of onnxruntime: speeds measured with others do not hold."""
    import onnxruntime

    return {"processor": _processor(), "onnxruntime": str(onnxruntime.__version__)}


def _processor() -> str:
    """The processor's name; where the system does not tell, its architecture."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return f"{line.partition(':')[2].strip()}, {os.cpu_count()} cores"
    return f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"


def read_json(cache_file: Path) -> object:
    """What was remembered; None where nothing was, or where it is damaged."""
    try:
        return json.loads(cache_file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def write_json(cache_file: Path, value: object) -> None:
    """Writes beside and renames, so that no reader sees half a file; a file that cannot be written is no matter."""
    with contextlib.suppress(OSError):
        cache_file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=cache_file.parent, prefix=cache_file.name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(value, file, indent=1)
            Path(name).replace(cache_file)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
