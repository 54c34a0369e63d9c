"""How long the map of a library takes: until the preview, until it is done, and how far the plane can be trusted.

python benchmarks/map.py --big DIR        # DIR as big_library.py makes it, else a library's folder
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import big_library
import numpy as np

from desktop_app.core.library import Library
from desktop_app.core.mapping.grid import contact_sheet
from desktop_app.core.mapping.trust import trustworthiness
from desktop_app.core.operations.map import make_map
from desktop_app.core.priority import lower_thread_priority


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--big", type=Path, default=None, metavar="DIR")
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.big or Path(temporary)
        if not (folder / "catalogue.sqlite").exists():
            if not (folder / "library").exists():
                big_library.make(folder, arguments.photos)
            folder = folder / "library"
        run(folder, arguments.threads)


def run(folder: Path, threads: int) -> None:
    lower_thread_priority()
    with Library(folder, writable=False) as library:
        begun, worked = time.perf_counter(), time.process_time()
        operation = make_map(library, threads=threads)
        preview = None
        longest, last = 0.0, begun
        print(f"load {os.getloadavg()[0]:.1f}")
        while True:
            try:
                report = next(operation)
            except StopIteration as ended:
                made = ended.value
                break
            now = time.perf_counter()
            longest, last = max(longest, now - last), now
            if preview is None and report.preview is not None:
                preview = report.preview
                print(f"preview   {now - begun:7.1f} s, {time.process_time() - worked:7.1f} processor seconds")
        print(f"whole map {time.perf_counter() - begun:7.1f} s, {time.process_time() - worked:7.1f} processor seconds")
        print(f"longest step between two reports {longest:.2f} s; load {os.getloadavg()[0]:.1f}")
        begun = time.perf_counter()
        contact_sheet(made.points)
        print(f"contact sheet {time.perf_counter() - begun:.2f} s")
        view = library.files().view
        matrix = np.ascontiguousarray(view.matrix[made.rows])
        planes = {"map": made.points, "contact sheet": made.cells.astype(np.float32)}
        if preview is not None:
            planes["preview"] = preview.points
        for name, plane in planes.items():
            print(f"trustworthiness (12 neighbours), {name}: {trustworthiness(matrix, plane, most=500):.3f}")


if __name__ == "__main__":
    main()
