"""What looking into layers takes in a library of 100,000 photos: channels, their photos, places, and the layers' strip.

    python benchmarks/channels.py [--big DIR]

"First page": the browser is opened on a layer, its channels are sorted and the first 24 photos of the first channel are
there. Places are drawn photo by photo afterwards. The strip compares one photo by every layer, exactly.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import common
from big_library import add_arguments, big_library

from desktop_app.core.library import Library
from desktop_app.core.operations.channels import Channels
from desktop_app.core.operations.layer_strip import layer_strip
from desktop_app.core.types import PhotoId

FIRST_PAGE = 300.0
PAGE = 24
ROUNDS = 5


def milliseconds(began: float) -> float:
    return 1000 * (time.perf_counter() - began)


def first_pages(library: Library, layer: str) -> float:
    """Prints what a layer's browser takes; returns the middle time to its first page."""
    whole, used, other, places = [], [], [], []
    for _ in range(ROUNDS):
        began, before = time.perf_counter(), time.thread_time()
        browser = Channels(library, layer)
        listed = browser.channels()
        page = browser.page(listed[0].number, 0, PAGE)
        whole.append(milliseconds(began))
        used.append(1000 * (time.thread_time() - before))
        for one in listed[1:4]:
            began = time.perf_counter()
            browser.page(one.number, 0, PAGE)
            other.append(milliseconds(began))
        if browser.has_places():
            for exciting in page[:8]:
                began = time.perf_counter()
                browser.place(listed[0].number, exciting.photo)
                places.append(milliseconds(began))
        browser.close()
    common.median_and_worst(f"{layer}: first page", whole)
    common.median_and_worst("  its processor time", used)
    common.median_and_worst(f"  the next channel of {browser.count}", other)
    if places:
        common.median_and_worst("  the place in one photo", places)
    return statistics.median(whole)


def strip(library: Library) -> None:
    """Prints what comparing by every layer takes."""
    taken, used, steps = [], [], []
    for photo in (50, 5_000, 50_000):
        began, before = time.perf_counter(), time.thread_time()
        operation = layer_strip(library, PhotoId(min(photo, library.store.rows)))
        while True:
            step = time.perf_counter()
            try:
                next(operation)
            except StopIteration:
                break
            steps.append(milliseconds(step))
        taken.append(milliseconds(began))
        used.append(1000 * (time.thread_time() - before))
    common.median_and_worst("one photo's best matches by every layer", taken)
    common.median_and_worst("  its processor time", used)
    common.median_and_worst("  between two places where it can be stopped", steps)


def run(place: Path) -> bool:
    good = True
    with Library(place, writable=False, device="cpu") as library:
        print(f"{library.store.rows:,} photos, {library.network.title}")
        for layer in library.network.layers:
            common.warm(
                [path for path in (place / "vectors" / library.network.key).iterdir() if layer.name in path.name]
            )
            middle = first_pages(library, layer.name)
            good &= common.verdict(f"{layer.name}: first page", middle, FIRST_PAGE, "ms")
        strip(library)
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_arguments(parser)
    options = parser.parse_args()
    with big_library(options.big, options.photos) as folder, common.Load() as load:
        good = run(folder / "library")
    print(f"measured{load.remark()}")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
