"""What a network runs on: is a graphics card there, can it be used, and if not, why not."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import io
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["cpu", "cuda"]

NOT_USED = "A graphics card is here but not used: {}."
TOO_OLD = "it is too old for this version of onnxruntime"
FULL = "its memory is full"
CPU_ONLY = "this installation of onnxruntime works on the processor only"
MADE_FOR_CPU = "this library was made on the processor"
NO_START = "it could not be started"
STOPPED = "it stopped working"
NO_CARD = "No NVIDIA graphics card was found, so Likeness works on the processor."

# out of memory has no exception type of its own
_FULL = re.compile(
    r"Failed to allocate memory|out of memory|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED|CUDNN.*alloc", re.I
)
_TOO_OLD = re.compile(r"no kernel image|invalid device function|unsupported.*architecture", re.I)


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """Where a network runs.

    Attributes:
        kind: "cpu" or "cuda".
        reason: one sentence why a card that is there, or was asked for, is not used; "" otherwise.
        detail: the card's name, or the error behind `reason`; for the Details fold and the log.
    """

    kind: Kind
    reason: str = ""
    detail: str = ""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the card's memory was too small for what was asked of it."""
    return _FULL.search(str(error)) is not None


def why(error: BaseException, otherwise: str) -> str:
    """An error of the card as the end of the sentence `NOT_USED`; `otherwise` for one that is not known."""
    if is_out_of_memory(error):
        return FULL
    return TOO_OLD if _TOO_OLD.search(str(error)) else otherwise


@functools.cache
def detect_card() -> str | None:
    """The name of the NVIDIA card in this computer, or None. Never takes longer than three seconds; asked once."""
    return card_from_proc(Path("/proc/driver/nvidia/gpus")) or _card_from_tool() or _card_from_driver()


def card_from_proc(gpus: Path) -> str | None:
    """The first card that the Linux driver lists: one folder each, with a line "Model: NAME" in `information`."""
    for information in sorted(gpus.glob("*/information")):
        with contextlib.suppress(OSError):
            found = re.search(r"^Model:\s*(.+)$", information.read_text("utf-8", "replace"), re.M)
            return found[1].strip() if found else "NVIDIA graphics card"
    return None


def _card_from_tool() -> str | None:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return None
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        answer = subprocess.run(
            [tool, "--query-gpu=name", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            timeout=3,
            check=True,
            stdin=subprocess.DEVNULL,
            # no console window flashes up beside the program
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        return answer.stdout.strip().partition("\n")[0] or None
    return None


def _card_from_driver() -> str | None:
    if sys.platform != "win32":
        return None
    return "NVIDIA graphics card" if _loads("nvcuda.dll") else None


def missing_part() -> str:
    """What onnxruntime lacks to use the card, as the end of the sentence `NOT_USED`; "" where nothing is missing.

    Loads the libraries where they are there, so that a session finds them. Looks before it calls
    `onnxruntime.preload_dlls`, which prints its complaints.
    """
    import onnxruntime

    if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
        return CPU_ONLY
    major = str(getattr(onnxruntime, "cuda_version", "") or "").partition(".")[0]
    windows = sys.platform == "win32"
    parts = {
        f"CUDA {major}": f"cublas64_{major}.dll" if windows else f"libcublas.so.{major}",
        "cuDNN 9": "cudnn64_9.dll" if windows else "libcudnn.so.9",
    }
    packages = Path(onnxruntime.__file__).parents[1] / "nvidia"
    absent = [name for name, file in parts.items() if not any(packages.rglob(file)) and not _loads(file)]
    if absent:
        return f"its driver part is missing ({', '.join(absent)})"
    with contextlib.redirect_stdout(io.StringIO()):
        onnxruntime.preload_dlls()
    return ""


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
