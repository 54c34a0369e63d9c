"""How soon a search shows on the screen, in the program's window, in a library of 100,000 photos.

From the key + on a result (a thumb up) to the moment when the photos in their new order have been painted with their
pictures; from the last key of a word to its first results; from a box in a photo to the first page, and to the page
after the second look. What the search alone takes is told by search_latency.py.

    python benchmarks/search_window.py [--big DIR] [--photos N] [--times 20]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import common
import numpy as np
from big_library import add_arguments, big_library
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window import Painted, Window, key_press, shown_pictures, wait_for

from desktop_app.core.searching import Box
from desktop_app.ui.browsing import View

THUMB, WORD, REGION = 100.0, 50.0, 1000.0  # ms
FIRST = 12
WORDS = ("dog", "cat", "vehicle", "food", "bird", "boat", "flower", "tree", "animal", "chair", "cup", "bottle")
BEGIN = 3  # wanted and unwanted photos that are there before: from here on they are learnt from


def painted(window: Window, begin: Callable[[], object], holds: Callable[[], bool]) -> float:
    """Milliseconds from `begin` to the moment when the first photos are painted and something holds."""
    rows = min(FIRST, len(window.grid.visible_rows()))
    seen = Painted(window.grid.viewport(), lambda: holds() and shown_pictures(window.main, whole=True, first=rows))
    began = time.perf_counter()
    begin()
    if not wait_for(lambda: bool(seen.at), 30):
        raise SystemExit("nothing was painted within 30 s")
    return 1000 * (seen.at - began)


def settled(window: Window) -> None:
    session, empty = window.main._session, window.main.page.empty
    wait_for(lambda: session.query.is_idle and (empty.isVisible() or window.screen_is_there()), 30)


def thumbs(window: Window, times: int) -> list[float]:
    """A thumb up each, in a search that learns from what was marked."""
    page, grid = window.main.page, window.grid
    grid.select_photo(grid.photos.id_at(5))
    key_press(grid, Qt.Key.Key_S)
    wait_for(lambda: page.view.is_search and grid.photos.is_pinned(0), 30)
    for step in range(2 * BEGIN - 1):
        examples = len(page.view.query.examples)
        grid.select_photo(grid.photos.id_at(20 + 10 * step))
        key_press(grid, Qt.Key.Key_Minus if step % 2 == 0 else Qt.Key.Key_Plus)
        wait_for(lambda n=examples: len(page._found.view.query.examples) > n, 30)
        settled(window)
    took = []
    for step in range(times):
        examples = len(page.view.query.examples)
        grid.select_photo(grid.photos.id_at(len(page.view.sought) + 3 + step % 7))
        settled(window)
        key = Qt.Key.Key_Plus if step % 2 == 0 else Qt.Key.Key_Minus
        took.append(
            painted(
                window,
                lambda key=key: key_press(grid, key),
                lambda n=examples: len(page._found.view.query.examples) > n,
            )
        )
        settled(window)
    return took


def words(window: Window, times: int) -> list[float]:
    """The last key of a word each."""
    page, field = window.main.page, window.main.search
    took = []
    for step in range(times + 1):
        word = WORDS[step % len(WORDS)]
        page.show_view(View())
        field.show_words("")
        wait_for(lambda: page._found.view.is_plain, 30)
        field.setFocus()
        QTest.keyClicks(field, word[:-1])
        wait_for(lambda word=word: page._found.view.text == word[:-1], 30)
        settled(window)
        # a word may find nothing in a library of made photos: then the sentence is what is painted
        began = time.perf_counter()
        QTest.keyClick(field, word[-1])
        wait_for(lambda word=word: page._found.view.text == word, 30)
        took.append(1000 * (time.perf_counter() - began))
    return took[1:]


def regions(window: Window, times: int) -> tuple[list[float], list[float]]:
    """A box each: the first page, and the page after the second look."""
    page, grid = window.main.page, window.grid
    random = np.random.default_rng(5)
    first, second = [], []
    for _ in range(times + 1):
        page.show_view(View())
        wait_for(lambda: page._found.view.is_plain, 30)
        settled(window)
        photo = grid.photos.id_at(int(random.integers(0, 40)))
        x, y = random.uniform(0, 0.5, 2)
        began = time.perf_counter()
        window.main.finding.searching.add_region(photo, Box(float(x), float(y), 0.4, 0.4))
        wait_for(lambda: page._found.view.is_by_part and window.screen_is_there(), 30)
        first.append(1000 * (time.perf_counter() - began))
        wait_for(lambda: page._found.view.is_by_part and not page._found.is_first and window.screen_is_there(), 30)
        second.append(1000 * (time.perf_counter() - began))
    return first[1:], second[1:]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_arguments(parser)
    parser.add_argument("--times", type=int, default=20)
    options = parser.parse_args()
    with big_library(options.big, options.photos) as place:
        window = Window(place / "library")
        if not wait_for(lambda: window.grid.photos.rowCount() == options.photos and window.screen_is_there()):
            raise SystemExit("the window did not show the library")
        wait_for(lambda: window.main._session.recognition is not None)
        with common.Load() as load:
            typed = words(window, options.times)
            first, second = regions(window, max(3, options.times // 3))
            window.main.page.show_view(View())
            wait_for(lambda: window.main.page._found.view.is_plain, 30)
            settled(window)
            thumbed = thumbs(window, options.times)
        window.close()
    print(f"{options.photos:,} photos, {options.times} times each{load.remark()}")
    common.median_and_worst("thumb up or down to the new order painted", thumbed)
    common.median_and_worst("last key of a word to its results in the grid", typed)
    common.median_and_worst("a box to the first page", first)
    common.median_and_worst("a box to the page after the second look", second)
    good = common.verdict("thumb, median", statistics.median(thumbed), THUMB, "ms")
    good &= common.verdict("word, median", statistics.median(typed), WORD, "ms")
    good &= common.verdict("region after the second look, median", statistics.median(second), REGION, "ms")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
