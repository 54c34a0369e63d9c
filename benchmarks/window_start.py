"""How long the window takes to show photos of a library of 100,000, and how much memory it holds then.

A fresh process each time, everything in memory from the one before ("warm"): from its start to the moment when a screen
full of photos has been painted. Then jumps past 200 thumbnails and one search; its private memory at the end.
Beside it, in the same run: a Python that only imports Qt's widgets and opens an empty window.

    python benchmarks/window_start.py [--big DIR] [--photos N] [--runs 5]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path

START_TARGET, MEMORY_TARGET = 1.5, 800.0
THUMBNAILS = 200
EMPTY = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([]); window = QMainWindow(); window.show()
QTimer.singleShot(0, app.quit); app.exec()
print(time.time() - float(sys.argv[1]))
"""


def child(library: Path, began: float, scroll: bool) -> int:
    """In a process of its own: start the program as its command does, watch, print what was seen."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from desktop_app.__main__ import main as program
    from desktop_app.ui.windows import Windows

    seen: dict[str, float] = {}
    plain_open = Windows.open

    def open_and_watch(self, *arguments, **named):
        from PySide6.QtCore import QTimer
        from window import Painted, shown_pictures

        answer = plain_open(self, *arguments, **named)
        main = self.open_windows[-1]
        seen["window"] = time.time() - began
        view = main.page.grid.viewport()
        first = Painted(view, lambda: shown_pictures(main, whole=False))
        full = Painted(view, lambda: shown_pictures(main, whole=True))

        def look():
            if not full.at:
                return
            timer.stop()
            now, clock = time.time(), time.perf_counter()
            seen["processor"] = sum(os.times()[:2])
            seen["first"] = now - began - (clock - first.at)
            seen["full"] = now - began - (clock - full.at)
            if scroll:
                seen.update(look_around(main))
            self.close_all()

        timer = QTimer(main, interval=2)
        timer.timeout.connect(look)
        timer.start()
        self.watchers = (first, full)
        return answer

    Windows.open = open_and_watch
    program(["--library", str(library)])
    print(json.dumps(seen))
    return 0


def look_around(main) -> dict[str, float]:
    """Jump through the library until 200 thumbnails were shown, search once; private memory then, in MB."""
    import random

    import common
    from window import shown_pictures, wait_for

    grid = main.page.grid
    memory = {"memory at the start": common.private_megabytes() or 0.0}
    bar = grid.verticalScrollBar()
    dice = random.Random(1)
    looked_at: set[int] = set()
    while len(looked_at) < THUMBNAILS:
        bar.setValue(dice.randint(0, bar.maximum()))
        wait_for(lambda: shown_pictures(main, whole=True), 20)
        looked_at.update(grid.visible_rows())
    memory["memory after scrolling"] = common.private_megabytes() or 0.0
    photo = grid.photos.id_at(grid.visible_rows().start)
    grid.select_photo(photo)
    main.photos.find_alike_selected()
    wait_for(lambda: grid.photos.id_at(0) == photo and shown_pictures(main, whole=True), 20)
    memory["memory after a search"] = common.private_megabytes() or 0.0
    return {**memory, "thumbnails": float(len(looked_at))}


def run(arguments: list[str]) -> str:
    import common

    return common.run_process([sys.executable, *arguments]).output.strip().splitlines()[-1]


def main() -> int:
    if sys.argv[1:2] == ["--child"]:
        return child(Path(sys.argv[2]), float(sys.argv[3]), sys.argv[4] == "scroll")
    import common
    from big_library import add_arguments, big_library

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_arguments(parser)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with big_library(options.big, options.photos) as place:
        script = [str(Path(__file__).resolve()), "--child", str(place / "library")]
        run([*script, str(time.time()), "start"])
        empty, starts = [], []
        with common.Load() as load:
            for _ in range(options.runs):
                empty.append(float(run(["-c", EMPTY, str(time.time())])))
                starts.append(json.loads(run([*script, str(time.time()), "start"])))
        scrolled = json.loads(run([*script, str(time.time()), "scroll"]))
    print(f"{options.photos:,} photos, {options.runs} starts each{load.remark()}")
    print(f"{'an empty window of Qt':<32} best {min(empty):.2f} s   median {statistics.median(empty):.2f} s")
    for key, name in (
        ("window", "the window is there"),
        ("first", "the first photo is painted"),
        ("full", "a screen of photos is painted"),
    ):
        times = [start[key] for start in starts]
        print(f"{name:<32} best {min(times):.2f} s   median {statistics.median(times):.2f} s")
    print(f"{'of that, processor time':<32} best {min(start['processor'] for start in starts):.2f} s")
    for key in ("memory at the start", "memory after scrolling", "memory after a search"):
        print(f"{key:<32} {scrolled[key]:.0f} MB")
    full = statistics.median(start["full"] for start in starts)
    good = common.verdict("start of the process to a screen of photos", full, START_TARGET, "s")
    most = max(value for key, value in scrolled.items() if key.startswith("memory"))
    name = f"private memory after {scrolled['thumbnails']:.0f} thumbnails and a search"
    if most:
        good &= common.verdict(name, most, MEMORY_TARGET, "MB")
    else:
        common.skip("memory: this system does not tell what is a process's own")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
