"""How soon results are on the screen, in a library of 100,000 photos.

From the key S to the moment when the first 20 results have been painted with their pictures, and from an arrow key to
the moment when the side panel has painted its 12 look-alikes. Beside them, in the same run: what the search alone
takes.

    python benchmarks/show_results.py [--big DIR] [--photos N] [--times 30]
"""

from __future__ import annotations

import argparse
import statistics
import time

import common
import numpy as np
from big_library import add_arguments, big_library
from PySide6.QtCore import Qt
from window import Painted, Window, key_press, shown_pictures, wait_for

from desktop_app.core.library import Library
from desktop_app.core.operations.likeness import Likeness

TARGET = 100.0
FIRST = 20


def engine_times(place, ids) -> tuple[list[float], list[float]]:
    """Milliseconds of the search alone: the 12 best, and the order of all photos."""
    with Library(place / "library", writable=False, device="cpu") as library:
        likeness = Likeness(library)
        best, order = [], []
        likeness.best(likeness.embeddings(ids[:1]), 12)
        for photo in ids:
            mine = likeness.embeddings([photo])
            began = time.perf_counter()
            likeness.best(mine, 12, [photo])
            best.append(1000 * (time.perf_counter() - began))
            began = time.perf_counter()
            likeness.ranking(mine, [photo])
            order.append(1000 * (time.perf_counter() - began))
        likeness.close()
    return best, order


def find_alike(window: Window, row: int) -> float:
    """Milliseconds from S to the first results painted; then back to where it was."""
    grid, page = window.grid, window.main.page
    photo = grid.photos.id_at(row)
    grid.select_photo(photo)
    panel_is_ready(window, photo)
    seen = Painted(grid.viewport(), lambda: results_are_there(window, photo))
    began = time.perf_counter()
    key_press(grid, Qt.Key.Key_S)
    if not wait_for(lambda: bool(seen.at), 20):
        raise SystemExit("no results were painted within 20 s")
    took = 1000 * (seen.at - began)
    page.back()
    wait_for(lambda: not page._found.view.is_search and window.screen_is_there())
    return took


def results_are_there(window: Window, photo: int) -> bool:
    grid = window.grid
    if window.main.page.view.sought != (photo,) or grid.photos.rowCount() < 1 or grid.photos.id_at(0) != photo:
        return False
    rows = min(FIRST + 1, len(grid.visible_rows()))
    return shown_pictures(window.main, whole=True, first=rows)


def alike_are_there(window: Window, photo: int) -> bool:
    panel = window.main.panel
    thumbnails = window.grid._thumbnails
    thumbs = panel.alike.thumbs()
    if panel._photo is None or panel._photo.id != photo or len(thumbs) < 12:
        return False
    return all((one.photo_id, thumbnails.side(one.width() - 8)) in thumbnails._kept for one in thumbs)


def panel_is_ready(window: Window, photo: int) -> None:
    wait_for(lambda: alike_are_there(window, photo) and window.screen_is_there(), 10)


def press_arrow(window: Window) -> float:
    """Milliseconds from the arrow key to the panel's look-alikes painted."""
    grid = window.grid
    photo = grid.photos.id_at(grid.currentIndex().row() + 1)
    # every square is painted again with its picture; the last of them is what counts
    squares = [Painted(one, lambda: alike_are_there(window, photo)) for one in window.main.panel.alike._thumbs]
    began = time.perf_counter()
    key_press(grid, Qt.Key.Key_Right)
    if not wait_for(lambda: any(one.at for one in squares), 20):
        raise SystemExit("no look-alikes were painted within 20 s")
    took = 1000 * (min(one.at for one in squares if one.at) - began)
    wait_for(window.screen_is_there, 10)
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_arguments(parser)
    parser.add_argument("--times", type=int, default=30)
    options = parser.parse_args()
    with big_library(options.big, options.photos) as place:
        window = Window(place / "library")
        if not wait_for(lambda: window.grid.photos.rowCount() == options.photos and window.screen_is_there()):
            raise SystemExit("the window did not show the library")
        wait_for(lambda: window.main._session.recognition is not None)
        random = np.random.default_rng(3)
        rows = [int(row) for row in random.integers(0, options.photos - 2, options.times + 1)]
        ids = [int(window.grid.photos.id_at(row)) for row in rows]
        with common.Load() as load:
            results = [find_alike(window, row) for row in rows][1:]  # the first makes the search ready
            window.grid.select_photo(ids[0])
            panel_is_ready(window, ids[0])
            arrows = [press_arrow(window) for _ in range(options.times)]
        window.close()
        best, order = engine_times(place, ids)
    print(f"{options.photos:,} photos, {options.times} times each{load.remark()}")
    common.median_and_worst("the search alone: 12 best", best)
    common.median_and_worst("the search alone: all photos in order", order)
    common.median_and_worst(f"key S to the first {FIRST} results painted", results)
    common.median_and_worst("arrow key to 12 look-alikes painted", arrows)
    good = common.verdict("results painted, median", statistics.median(results), TARGET, "ms")
    good &= common.verdict("look-alikes painted, median", statistics.median(arrows), TARGET, "ms")
    good &= common.verdict("results painted, worst", max(results), TARGET, "ms")
    good &= common.verdict("look-alikes painted, worst", max(arrows), TARGET, "ms")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
