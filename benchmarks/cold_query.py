"""How long `likeness similar IMAGE` takes as a whole process, over a library of 100,000 photos.

Once for a photo of the library and once for a picture from elsewhere, which the network has to see first. Beside it, in
the same run: a Python that only imports numpy, OpenCV and onnxruntime.

    python benchmarks/cold_query.py [--big DIR] [--photos N] [--runs 7] [--image FILE]
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

import common
from big_library import add_arguments, big_library
from made_photos import make_small

TARGET = 1.5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_arguments(parser)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--image", type=Path, help="a picture that is not in the library")
    options = parser.parse_args()
    good = True
    with big_library(options.big, options.photos) as place, common.temporary_folder() as other:
        outside = options.image or make_small(other / "p", 1)[0]
        inside = next((place / "photos").rglob("*.jpg"))
        similar = [sys.executable, "-m", "desktop_app", "similar", "--json", "--library", str(place / "library")]
        commands = {
            "only imports": [sys.executable, "-c", "import numpy, cv2, onnxruntime"],
            "a photo of the library": [*similar, str(inside)],
            "a picture from elsewhere": [*similar, str(outside)],
        }
        for command in commands.values():
            common.run_process(command)  # everything is in memory, and the fastest network is known
        ran: dict[str, list[common.Ran]] = {name: [] for name in commands}
        with common.Load() as load:
            for _ in range(options.runs):  # in turn, so that a busy moment strikes all of them
                for name, command in commands.items():
                    ran[name].append(common.run_process(command))
        for name, runs in ran.items():
            clock, processor = [run.clock for run in runs], [run.processor for run in runs]
            print(
                f"{name:<26} best {min(clock):.2f} s   median {statistics.median(clock):.2f} s"
                f"   ({min(processor):.2f} s of processor time)"
            )
        print(f"{options.photos:,} photos, {options.runs} runs each{load.remark()}")
        for name in list(commands)[1:]:
            good &= common.verdict(
                f"whole process, {name}", statistics.median(run.clock for run in ran[name]), TARGET, "s"
            )
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
