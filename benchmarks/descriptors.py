"""How soon another way to compare answers, in a library of 100,000 photos: layers of the network, colours, palettes.

Measured without the window: from the wish to the order of all photos by another descriptor, the first time (files
opened, positions read) and again; a question for photos in five colours; what counting colours costs a photo. A library
whose photos have no colours yet gets them from its thumbnails, once; that is timed as well.

    python benchmarks/descriptors.py [--big DIR] [--photos N] [--times 30]
"""

from __future__ import annotations

import argparse
import statistics
import time

import common
import numpy as np
from big_library import add_arguments, big_library
from made_photos import texture

from desktop_app.core.images import colour
from desktop_app.core.images.decode import single_threaded
from desktop_app.core.images.pixels import resized
from desktop_app.core.library import Library
from desktop_app.core.operations.colours import by_colours
from desktop_app.core.operations.describe import describe
from desktop_app.core.operations.likeness import Likeness

SWITCH = 150.0
COLOURS = 50.0
COUNTING = 0.3
PALETTE = [(200, 40, 40), (30, 60, 170), (240, 240, 235), (40, 120, 50), (20, 20, 20)]


def prepare(place) -> list[str]:
    """Make what is compared by below; what is there already takes a moment."""
    with Library(place / "library", device="cpu") as library:
        names = [f"{library.network.name}:stage4", "colour"]
        for name in names:
            began = time.perf_counter()
            done = None
            operation = describe(library, name)
            while done is None:
                try:
                    next(operation)
                except StopIteration as ended:
                    done = ended.value
            print(f"{name}: {done.computed:,} photos described in {time.perf_counter() - began:.1f} s")
        return [library.network.name, *names]


def order(likeness: Likeness, photo: int) -> None:
    ranking = likeness.ranking(likeness.embeddings([photo]), [photo])
    assert len(ranking.ids) > 1


def switching(place, names: list[str], times: int) -> list[float]:
    """Milliseconds of each first switch in a library that was just opened and searched by its own network."""
    first: dict[str, list[float]] = {name: [] for name in names}
    again: dict[str, list[float]] = {name: [] for name in names}
    opening = []
    for round_ in range(max(3, times // 10)):
        began = time.perf_counter()
        library = Library(place / "library", device="cpu")
        opening.append(1000 * (time.perf_counter() - began))
        with library:
            open_ones = {}
            for name in names:
                began = time.perf_counter()
                open_ones[name] = Likeness(library, name)
                order(open_ones[name], 1 + round_)
                first[name].append(1000 * (time.perf_counter() - began))
            for turn in range(10):
                for name in names:
                    began = time.perf_counter()
                    order(open_ones[name], 10 + turn)
                    again[name].append(1000 * (time.perf_counter() - began))
            for one in open_ones.values():
                one.close()
    common.median_and_worst("opening the library", opening)
    for name in names:
        common.median_and_worst(f"{name}, first time", first[name])
        common.median_and_worst(f"{name}, again", again[name])
    return [value for name in names[1:] for value in first[name]]


def colours(place, times: int) -> list[float]:
    """Milliseconds of questions for one to five colours."""
    taken = []
    with Library(place / "library", writable=False, device="cpu") as library:
        began = time.perf_counter()
        by_colours(library, PALETTE[:1])
        print(f"{'photos in a colour, the first time':<50} {1000 * (time.perf_counter() - began):14.1f} ms")
        for turn in range(times):
            wanted = np.random.default_rng(turn).permutation(PALETTE)[: 1 + turn % 5]
            began = time.perf_counter()
            by_colours(library, [tuple(map(int, one)) for one in wanted])
            taken.append(1000 * (time.perf_counter() - began))
    common.median_and_worst("photos in one to five colours", taken)
    return taken


def counting() -> float:
    """Milliseconds of processor time of counting colours, per photo, on one thread."""
    single_threaded()
    pictures = [resized(texture(1600, 1200, seed), (384, 256)) for seed in range(8)]
    for picture in pictures:
        colour.describe(picture)
    took = []
    for _ in range(20):
        began = time.thread_time()
        for picture in pictures:
            colour.describe(picture)
        took.append(1000 * (time.thread_time() - began) / len(pictures))
    common.median_and_worst("counting a photo's colours", took)
    return statistics.median(took)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_arguments(parser)
    parser.add_argument("--times", type=int, default=30)
    options = parser.parse_args()
    with big_library(options.big, options.photos) as place, common.Load() as load:
        names = prepare(place)
        switched = switching(place, names, options.times)
        asked = colours(place, options.times)
        cost = counting()
    print(f"{options.photos:,} photos{load.remark()}")
    reached = [
        common.verdict("switching to another descriptor", statistics.median(switched), SWITCH, "ms"),
        common.verdict("photos in some colours", statistics.median(asked), COLOURS, "ms"),
        common.verdict("counting a photo's colours", cost, COUNTING, "ms"),
    ]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
