"""How soon "Compare by" and "Find by colour" show another order, in a library of 100,000 photos.

From the choice in the list above the results to the moment when the first 20 results by the other way have been painted
with their pictures, among ways that are computed; and from a choice of colours to the same. The files of the ways are
opened when the list comes down; the first time in each way is given apart.

    python benchmarks/switch_ways.py [--big DIR] [--photos N] [--times 20]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import common
import numpy as np
from big_library import add_arguments, big_library
from PySide6.QtCore import Qt
from window import Painted, Window, key_press, shown_pictures, wait_for

from desktop_app.core.library import Library
from desktop_app.core.operations.describe import describe
from desktop_app.core.operations.ways import choices
from desktop_app.core.searching import Colours, Query
from desktop_app.core.types import Order
from desktop_app.ui.browsing import View

TARGET = 300.0
FIRST = 20
WAYS = ("Things", "Shapes", "Colour")
COLOURS = ((180, 40, 40), (40, 110, 180), (240, 240, 235), (20, 20, 20), (60, 140, 60))


def get_ready(place: Path) -> dict[str, str]:
    """Compute what the library lacks; descriptor by title."""
    with Library(place / "library", writable=False, device="cpu") as library:
        found = {way.title: way for way in choices(library) if way.title in WAYS}
    missing = [way.descriptor for way in found.values() if not way.ready]
    if missing:
        with Library(place / "library", device="cpu") as library:
            for descriptor in missing:
                for _ in describe(library, descriptor):
                    pass
    return {title: way.descriptor for title, way in found.items()}


def until_painted(window: Window, act: Callable[[], object]) -> float:
    """Milliseconds from an act to other results, the first of them painted with their pictures."""
    page, before = window.main.page, window.main.page._found

    def there() -> bool:
        if page._found is before or not page.grid.photos.rowCount():
            return False
        return shown_pictures(window.main, whole=True, first=min(FIRST, len(page.grid.visible_rows())))

    seen = Painted(window.grid.viewport(), there)
    began = time.perf_counter()
    act()
    if not wait_for(lambda: bool(seen.at), 30):
        raise SystemExit("no other results were painted within 30 s")
    took = 1000 * (seen.at - began)
    wait_for(window.screen_is_there, 10)
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_arguments(parser)
    parser.add_argument("--times", type=int, default=20)
    options = parser.parse_args()
    with big_library(options.big, options.photos) as place:
        ways = get_ready(place)
        window = Window(place / "library")
        main_window, grid = window.main, window.grid
        if not wait_for(lambda: grid.photos.rowCount() == options.photos and window.screen_is_there()):
            raise SystemExit("the window did not show the library")
        wait_for(lambda: main_window._session.recognition is not None)
        wait_for(lambda: {way.descriptor for way in main_window.comparing.ways if way.ready} >= set(ways.values()))
        grid.select_photo(int(grid.photos.id_at(options.photos // 2)))
        key_press(grid, Qt.Key.Key_S)
        wait_for(lambda: main_window.page.view.is_search and window.screen_is_there(), 30)
        main_window.page.bar.waysOpened.emit()  # the list comes down
        wait_for(lambda: main_window._session.query.is_idle)
        random = np.random.default_rng(5)
        first, again, colours = [], [], []
        order = [title for _ in range(options.times) for title in ways]
        seen = {title for title in ways if ways[title] == main_window._session.compare_by}
        with common.Load() as load:
            for title in [*order[1:], order[0]]:
                took = until_painted(window, lambda to=ways[title]: main_window.comparing.choose(to))
                (again if title in seen else first).append(took)
                seen.add(title)
            for _ in range(options.times):
                chosen = tuple(COLOURS[at] for at in random.permutation(len(COLOURS))[: random.integers(1, 6)])
                view = View(order=Order.LIKENESS, query=Query(colours=(Colours(tuple(chosen)),)))
                colours.append(until_painted(window, lambda to=view: main_window.page.show_view(to)))
        made = len(again) + len(first) + len(colours)
        window.close()
    print(f"{options.photos:,} photos, {options.times} times each, among {', '.join(ways)}{load.remark()}")
    print(f"processor time for each of {made} changes, until the screen is whole: {1000 * load.own / made:.0f} ms")
    common.median_and_worst("another way to the first 20 results painted", again)
    common.median_and_worst("the first time in a way", first)
    common.median_and_worst("one to five colours to the first 20 painted", colours)
    good = common.verdict("another way painted, median", statistics.median(again), TARGET, "ms")
    good &= common.verdict("another way painted, worst", max(again), TARGET, "ms")
    good &= common.verdict("another way for the first time, worst", max(first), TARGET, "ms")
    good &= common.verdict("colours painted, median", statistics.median(colours), TARGET, "ms")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
