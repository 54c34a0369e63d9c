"""How quickly the window answers while 10,000 photos are added and the grid is scrolled.

A timer of 5 ms on the GUI thread notes how long it is from one of its turns to the next: whatever keeps the thread, or
keeps it from running, is in that figure. Beside it, in the same run: the same window scrolled when nothing else runs,
and left alone.

    python benchmarks/gui_latency.py [FOLDER] [--photos N] [--why MS]

`--why 40` prints what every thread was at whenever an answer took longer than 40 ms.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
import traceback
from collections import Counter
from pathlib import Path

import common
from made_photos import make_small
from PySide6.QtCore import QObject, Qt, QTimer
from window import Window, wait_for

USUAL_TARGET, WORST_TARGET = 16.0, 100.0
INTERVAL = 5


class Watchdog(QObject):
    """Notes the milliseconds between the turns of a timer of the GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self.last = time.perf_counter()
        self._timer = QTimer(self, interval=INTERVAL, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def _turn(self) -> None:
        now = time.perf_counter()
        self.gaps.append(1000 * (now - self.last))
        self.last = now

    def take(self) -> list[float]:
        """What was noted since the last call."""
        taken, self.gaps = self.gaps, []
        return taken


class Witness(threading.Thread):
    """Looks at the watchdog from another thread and writes down what kept the GUI thread for too long."""

    def __init__(self, watchdog: Watchdog, limit: float) -> None:
        super().__init__(daemon=True)
        self._watchdog, self._limit = watchdog, limit / 1000
        self._gui = threading.main_thread().ident
        self.seen: Counter[str] = Counter()

    def run(self) -> None:
        """Look 300 times a second."""
        told = 0.0
        while True:
            time.sleep(0.003)
            last = self._watchdog.last
            if last != told and time.perf_counter() - last > self._limit:
                told = last
                self._tell()

    def _tell(self) -> None:
        frames = sys._current_frames()
        text = []
        for thread, frame in frames.items():
            if thread == threading.get_ident():
                continue
            calls = traceback.extract_stack(frame)[-4 if thread == self._gui else -2 :]
            where = " < ".join(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in reversed(calls))
            text.append(("GUI: " if thread == self._gui else "     ") + where)
        self.seen["\n".join(sorted(text, reverse=True)[:5])] += 1


class Scroller(QObject):
    """Scrolls a grid up and down by a fifth of a screen 60 times a second; now and then far away."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._bar, self._grid = window.grid.verticalScrollBar(), window.grid
        self._turns, self._direction = 0, 1
        self._timer = QTimer(self, interval=16, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)

    def start(self) -> None:
        """Begin."""
        self._timer.start()

    def stop(self) -> None:
        """End."""
        self._timer.stop()

    def _turn(self) -> None:
        self._turns += 1
        bar = self._bar
        if self._turns % 180 == 0:
            bar.setValue(bar.maximum() * (self._turns // 180 % 7) // 7)
        step = self._grid.viewport().height() // 5
        if bar.value() + self._direction * step not in range(bar.maximum() + 1):
            self._direction = -self._direction
        bar.setValue(bar.value() + self._direction * step)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", help="photos of one's own")
    parser.add_argument("--photos", type=int, default=10_000, help="photos to make")
    parser.add_argument("--why", type=float, default=0.0, metavar="MS", help="print what kept the window so long")
    options = parser.parse_args()
    with common.temporary_folder() as work:
        folder = options.folder
        if folder is None:
            folder = work / "photos"
            make_small(folder, options.photos)
        window = Window(work / "library")
        wait_for(lambda: window.main._session.recognition is not None)
        watchdog, scroller = Watchdog(), Scroller(window)
        witness = Witness(watchdog, options.why)
        if options.why:
            witness.start()
        adding = window.main.adding
        ended: list[object] = []
        adding.ended.connect(ended.append)
        wait_for(lambda: False, 2)
        watchdog.take()
        window.main.folders.add([folder])
        scroller.start()
        with common.Load() as load:
            wait_for(lambda: bool(ended), 3600)
        busy = watchdog.take()
        wait_for(lambda: False, 3)  # what follows the end of an ingest is over
        watchdog.take()
        with common.Load() as idle_load:
            wait_for(lambda: False, 8)
        scrolled = watchdog.take()
        scroller.stop()
        wait_for(lambda: False, 1)
        watchdog.take()
        wait_for(lambda: False, 5)
        alone = watchdog.take()
        window.close()
    result = ended[0]
    print(f"{result.read:,} photos added at {result.photos_per_second:.0f} photos/s{load.remark()}")
    common.distribution("left alone", alone)
    common.distribution(f"scrolled{idle_load.remark()}", scrolled)
    common.distribution("scrolled while photos are added", busy)
    for text, times in witness.seen.most_common(8):
        print(f"\n{times} times late:\n{text}")
    good = common.verdict("answers, 99th percentile", common.percentile(busy, 99), USUAL_TARGET, "ms")
    good &= common.verdict("answers, worst", max(busy), WORST_TARGET, "ms")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
