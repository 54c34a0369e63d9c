"""How long a look at 100,000 unchanged photos takes: the whole operation, from the call to its result.

Beside it, in the same run: walking the same folders and asking every file's size and time, which is what any program
has to do.

    python benchmarks/rescan.py [--big DIR] [--photos N] [--passes 3]
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import common
from big_library import add_arguments, big_library

from desktop_app.core.library import Library
from desktop_app.core.operations.ingest import ingest

TARGET = 10.0


def walk(root: Path) -> int:
    """Ask size and time of every file; returns how many there are."""
    files = 0
    for folder, _, names in os.walk(root):
        for name in names:
            os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118  # the plain way
            files += 1
    return files


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_arguments(parser)
    parser.add_argument("--passes", type=int, default=3)
    options = parser.parse_args()
    with big_library(options.big, options.photos) as place:
        walk(place / "photos")
        took, walked, slowest = [], [], 0.0
        for _ in range(options.passes):
            began = time.perf_counter()
            files = walk(place / "photos")
            walked.append(time.perf_counter() - began)
            with Library(place / "library", device="cpu") as library, common.Load() as load:
                began = step = time.perf_counter()
                operation = ingest(library)
                while True:
                    try:
                        next(operation)
                    except StopIteration as ended:
                        result = ended.value
                        break
                    slowest, step = max(slowest, time.perf_counter() - step), time.perf_counter()
                took.append(time.perf_counter() - began)
            print(
                f"rescan {took[-1]:.2f} s ({result.unchanged:,} unchanged, {result.read} read), "
                f"walk and stat {walked[-1]:.2f} s{load.remark()}"
            )
            if result.unchanged != options.photos or result.read:
                print("the library and its photos do not fit: remove the folder and let it be made anew")
                return 1
    best = min(took)
    print(f"{files / best:,.0f} files/s, {best / min(walked):.1f} times the plain walk")
    print(f"longest time without a report: {1000 * slowest:.0f} ms")
    return 0 if common.verdict(f"rescan of {files:,} unchanged photos", best, TARGET, "s") else 1


if __name__ == "__main__":
    raise SystemExit(main())
