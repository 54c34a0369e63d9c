"""What the benchmarks share: where the program is, one way of printing figures, memory and load of the machine.

Importing it makes `desktop_app` importable from the checkout and points the program's settings and caches at a
temporary folder, so that a benchmark neither reads nor changes those of the person who runs it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# As the program does at its start: OpenBLAS looks when numpy is imported, so `import common` comes first.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

if "LIKENESS_HOME" not in os.environ:
    os.environ["LIKENESS_HOME"] = tempfile.mkdtemp(prefix="likeness-benchmark-home-")
    atexit.register(shutil.rmtree, os.environ["LIKENESS_HOME"], ignore_errors=True)

MEGA = 1_000_000


def process_environment() -> dict[str, str]:
    """Variables for a process that starts as on anybody's computer: compiled modules are kept, Qt needs no screen."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(os.environ["LIKENESS_HOME"]) / "compiled")}
    for name in ("PYTHONDONTWRITEBYTECODE", "OPENBLAS_NUM_THREADS"):
        environment.pop(name, None)
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY") or os.name == "nt"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment


@dataclass(frozen=True)
class Ran:
    """What a process took: seconds on the clock, seconds of processor time, and what it printed."""

    clock: float
    processor: float
    output: str


def run_process(command: Sequence[str]) -> Ran:
    """Run a process to its end as on anybody's computer; ends the benchmark with its message where it fails."""
    before, began = os.times(), time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env=process_environment(), capture_output=True, text=True, errors="replace", check=False
    )
    clock, after = time.perf_counter() - began, os.times()
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr.strip()}")
    user, system = (after.children_user - before.children_user), (after.children_system - before.children_system)
    return Ran(clock, user + system, done.stdout)


def verdict(what: str, figure: float, target: float, unit: str = "", *, at_least: bool = False) -> bool:
    """Print one plain line that says whether a figure is where it should be."""
    reached = figure >= target if at_least else figure <= target
    word = "at least" if at_least else "at most"
    state = "reached" if reached else "MISSED"
    print(f"{state:>7}  {what}: {figure:,.3g}{unit and ' ' + unit} (target: {word} {target:g}{unit and ' ' + unit})")
    return reached


def skip(why: str) -> None:
    """Say in a word what is left out."""
    print(f"skipped  {why}")


def seconds_of(work: Callable[[], object]) -> float:
    """Wall-clock time of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of 100 percent of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share / 100 * len(ordered) + 0.5) - 1))]


def distribution(name: str, milliseconds: Sequence[float]) -> None:
    """Print how a list of times is spread."""
    p50, p95, p99 = (percentile(milliseconds, share) for share in (50, 95, 99))
    print(
        f"{name:<34} p50 {p50:6.1f}   p95 {p95:6.1f}   p99 {p99:6.1f}   worst {max(milliseconds):6.1f} ms"
        f"   ({len(milliseconds):,} times)"
    )


def median_and_worst(name: str, milliseconds: Sequence[float]) -> None:
    """Print the middle and the worst of a list of times."""
    middle = statistics.median(milliseconds)
    print(f"{name:<50} median {middle:7.1f} ms   worst {max(milliseconds):7.1f} ms")


# --- the machine -----------------------------------------------------------------------------------------------


def private_megabytes(process: int | str = "self") -> float | None:
    """Memory that is the process's own (neither shared libraries nor mapped files), in MB; None where unknown."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    except OSError:
        return None
    kilobytes = sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Private_"))
    return kilobytes * 1024 / MEGA


class MemoryPeak:
    """The largest private memory of a process, looked at from a thread of this one 20 times a second."""

    def __init__(self, process: int | str = "self") -> None:
        self._process, self._end = process, threading.Event()
        self.peak = private_megabytes(process) or 0.0
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._end.wait(0.05):
            self.peak = max(self.peak, private_megabytes(self._process) or 0.0)

    def __enter__(self) -> MemoryPeak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()


class Load:
    """How busy other programs kept the machine meanwhile: figures taken on a busy machine say little.

    Attributes:
        others: Share of all processor time that other programs took, 0 to 1; 0 where the system does not tell.
        own: Seconds of processor time that this process took.
        idle: Share of all processor time that nobody took.
    """

    def __init__(self) -> None:
        self.others = self.own = self.idle = 0.0

    def __enter__(self) -> Load:
        self._busy, self._began, self._mine = _busy_seconds(), time.monotonic(), _own_seconds()
        return self

    def __exit__(self, *_: object) -> None:
        whole = (time.monotonic() - self._began) * (os.cpu_count() or 1)
        self.own = _own_seconds() - self._mine
        if self._busy is not None and whole > 0:
            self.others = max(0.0, ((_busy_seconds() or 0.0) - self._busy - self.own) / whole)
            self.idle = max(0.0, 1.0 - self.others - self.own / whole)

    def remark(self) -> str:
        """A word about it, "" on a quiet machine."""
        return f" (other programs took {100 * self.others:.0f} % of the machine)" if self.others > 0.03 else ""


def _own_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _busy_seconds() -> float | None:
    try:
        fields = Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:]
    except OSError:
        return None
    user, nice, system, _idle, _wait, interrupt, soft, stolen, *_ = (int(field) for field in fields)
    # "stolen": what the host of a virtual machine gave to others
    return (user + nice + system + interrupt + soft + stolen) / os.sysconf("SC_CLK_TCK")


# --- files -----------------------------------------------------------------------------------------------------


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that is removed at the end, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="likeness-benchmark-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def jpegs_below(folder: Path) -> list[Path]:
    """Every JPEG below a folder, by path."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg") and path.is_file())


def warm(files: Sequence[Path]) -> int:
    """Read files once, so that a measurement is about the program and not about the disk; returns their bytes."""
    return sum(len(file.read_bytes()) for file in files)
