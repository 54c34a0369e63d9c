"""How small the steps of journeys are, against the best that any could have; how long they take.

    python benchmarks/journey.py [FOLDER ...] [--pairs N]     # photos of one's own
    python benchmarks/journey.py --big DIR                    # times, over 100,000 photos of big_library.py

A journey's largest step can never be smaller than the largest on the way between the two in a minimum spanning tree of
all photos: that is the bound that is printed beside it, for several powers that steps are weighed by.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import common
import numpy as np
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

from desktop_app.core.catalog import photos
from desktop_app.core.index import journey
from desktop_app.core.library import Library
from desktop_app.core.mapping.neighbours import exact_table
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.operations.journey import Journey, Journeys
from desktop_app.core.types import Order, PhotoId

POWERS = (2.0, 4.0, 8.0, 12.0, 16.0)
NEAR = 15
LENGTH = 9


def to_the_end(operation: object) -> object:
    while True:
        try:
            next(operation)  # type: ignore[call-overload]
        except StopIteration as ended:
            return ended.value


def quality(library: Library, pairs: int) -> None:
    """Largest step of journeys by the power that steps are weighed by, as likeness: higher is a smaller step."""
    view = library.view
    assert view is not None
    matrix = np.unique(np.asarray(view.matrix), axis=0)
    table = to_the_end(exact_table(matrix, NEAR))
    random = np.random.default_rng(0)
    ends = [tuple(random.choice(len(matrix), 2, replace=False)) for _ in range(pairs)]
    apart = np.sqrt(np.maximum(2 - 2 * matrix.astype(np.float64) @ matrix.T, 0))
    tree = minimum_spanning_tree(apart).tocsr()
    tree = tree.maximum(tree.T)

    def least(start: int, end: int) -> float:
        _, before = breadth_first_order(tree, start, directed=False)
        largest, at = 0.0, end
        while at != start:
            largest, at = max(largest, apart[at, before[at]]), before[at]
        return largest

    def alike(values: list[float]) -> float:
        return float(np.mean([1 - value**2 / 2 for value in values]))

    print(f"{len(matrix)} photos, {pairs} pairs; likeness across the largest step, in the mean")
    print(f"going at once {alike([apart[pair] for pair in ends]):.2f}; no journey can do better than", end=" ")
    print(f"{alike([least(*pair) for pair in ends]):.2f}")
    usual = journey.POWER
    for power in POWERS:
        journey.POWER = power
        roads = journey.make_roads(matrix, table.indices, table.cosines)
        found = [journey.strips(roads, *pair) for pair in ends]
        of_nine = alike([float(one.steps(LENGTH).max()) for one in found])
        best = alike([float(one.steps(one.evenest).max()) for one in found])
        middle = np.mean([1 - one.steps(LENGTH) ** 2 / 2 for one in found if len(one.steps(LENGTH)) == LENGTH - 1])
        many = np.mean([one.evenest for one in found])
        used = "   <- in use" if power == usual else ""
        print(
            f"power {power:>4.0f}: {of_nine:.2f} with {LENGTH} photos (all steps {middle:.2f}), {best:.2f} with",
            end=" ",
        )
        print(f"as many as are even ({many:.0f}){used}")
    journey.POWER = usual


def times(library: Library, pairs: int) -> bool:
    """The first journey, the next ones, another length."""
    ids = photos.listed(library.connection, Order.NAME)
    random = np.random.default_rng(0)
    ends = [tuple(PhotoId(int(photo)) for photo in random.choice(ids, 2, replace=False)) for _ in range(pairs)]
    journeys = Journeys(library)
    spent: list[tuple[float, float]] = []

    def timed(start: PhotoId, end: PhotoId, length: int) -> Journey:
        began, used = time.perf_counter(), time.process_time()
        found = to_the_end(journeys.find(start, end, length))
        assert isinstance(found, Journey)
        spent.append((time.perf_counter() - began, time.process_time() - used))
        return found

    with common.Load() as load:
        timed(*ends[0], LENGTH)
        for pair in ends[1:]:
            timed(*pair, LENGTH)
        timed(*ends[-1], LENGTH + 1)
    print(f"{len(ids):,} photos{load.remark()}")
    print(f"first journey {spent[0][0]:.1f} s, {spent[0][1]:.1f} s of processor time")
    common.median_and_worst("next ones, processor time", [1000 * used for _, used in spent[1:-1]])
    print(f"another length {1000 * spent[-1][1]:.1f} ms")
    return common.verdict("a journey after the first, processor time", max(used for _, used in spent[1:-1]), 1.0, "s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--big", type=Path, default=None, metavar="DIR")
    arguments = parser.parse_args()
    good = True
    if arguments.folders:
        with common.temporary_folder() as place, Library(place / "library", device="cpu") as library:
            for _ in ingest(library, [folder.absolute() for folder in arguments.folders]):
                pass
            quality(library, arguments.pairs)
            good = times(library, arguments.pairs)
    else:
        common.skip("how small steps are: there are no photos")
    if arguments.big is not None:
        with Library(arguments.big / "library", writable=False, device="cpu") as library:
            good = times(library, 10) and good
    raise SystemExit(not good)


if __name__ == "__main__":
    main()
