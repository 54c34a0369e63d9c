"""How much memory of its own adding 10,000 photos takes at the most.

The photos are small ones, made up, or those of a folder. `likeness index` runs as a process of its own; its private
memory (no shared libraries, no mapped files) is looked at 20 times a second. Beside it: the same process for ten
photos, which is what Python, OpenCV, onnxruntime and the network take by themselves.

    python benchmarks/index_memory.py [FOLDER] [--photos N] [--large N]
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

import common
from made_photos import make_large, make_small

TARGET = 700.0


def index(folder: Path, library: Path) -> tuple[float, dict]:
    """Peak private memory in MB, and what the command said."""
    command = [sys.executable, "-m", "desktop_app", "index", "--json", "--library", str(library), str(folder)]
    process = subprocess.Popen(
        command,
        cwd=common.ROOT,
        env=common.process_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with common.MemoryPeak(process.pid) as memory:
        said, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return memory.peak, json.loads(said)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", help="photos of one's own")
    parser.add_argument("--photos", type=int, default=10_000, help="photos to make")
    parser.add_argument("--large", type=int, default=40, help="12-megapixel photos among them")
    options = parser.parse_args()
    if common.private_megabytes() is None:
        common.skip("memory: this system does not tell what is a process's own")
        return 0
    with common.temporary_folder() as work:
        folder = options.folder
        if folder is None:
            folder = work / "photos"
            make_small(folder / "small", options.photos - options.large)
            if options.large:
                make_large(folder / "large", options.large)
        few = work / "few"
        few.mkdir()
        for photo in common.jpegs_below(folder)[:10]:
            shutil.copy(photo, few)
        least, _ = index(few, work / "library-few")
        peak, said = index(folder, work / "library")
        print(f"{least:7.0f} MB at most for ten photos")
        print(f"{peak:7.0f} MB at most for {said['photos']:,} photos, {said['photos_per_second']:.0f} photos/s")
        return 0 if common.verdict(f"private memory of adding {said['photos']:,} photos", peak, TARGET, "MB") else 1


if __name__ == "__main__":
    raise SystemExit(main())
