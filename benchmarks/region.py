"""Whether a search by a part of a photo finds photos that contain it, and how long it takes.

    python benchmarks/region.py FOLDER ... [--collages N] [--queries N] [--network NAME] [--big DIR]

FOLDERs hold photos by class, in the last folder's name. Collages are made of them: one to twelve things of different
sizes beside one another over a blurred ground. A person boxes one thing of a collage that is not in the library; right
is every collage of the library that holds a thing of that class. A third of each class's photos is only asked with.

Printed: precision in the first 10 (or as many as there are right ones), by four ways to search; how well the outlined
place covers the thing, by its size; times. `--big DIR` measures times over a library that `big_library.py` made, too.
"""

from __future__ import annotations

import argparse
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import common
import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import photos
from desktop_app.core.errors import Unreadable
from desktop_app.core.images.decode import read_picture
from desktop_app.core.library import Library
from desktop_app.core.operations import region_look
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.region import RegionMatches, RegionSearch
from desktop_app.core.operations.region_picture import read_part
from desktop_app.core.operations.steps import Steps
from desktop_app.core.searching import Box, Example
from desktop_app.core.types import Order, Pixels

SHAPES = ((512, 512, 2, 2), (512, 768, 2, 3), (512, 512, 1, 1), (512, 768, 1, 2), (512, 768, 3, 4))
FIRST = 10
TARGET, STEP = 1_000.0, 50.0  # ms
SIZES = ((0.0, 0.07, "a twelfth"), (0.07, 0.16, "a sixth"), (0.16, 0.3, "a quarter"), (0.3, 1.0, "a half or more"))
"""Of a photo: what a thing covers at least and less than, and in words how much of the collage is its own."""

Things = dict[str, list[Path]]


@dataclass(frozen=True)
class Thing:
    """One thing of a collage: its class, and where it is."""

    name: str
    box: Box


@dataclass(frozen=True)
class Collage:
    """A made picture and what is in it."""

    pixels: Pixels
    things: tuple[Thing, ...]


def classes_of(folders: list[Path]) -> Things:
    found: Things = {}
    for path in (path for folder in folders for path in common.jpegs_below(folder)):
        found.setdefault(path.parent.name, []).append(path)
    return {name: paths for name, paths in found.items() if len(paths) >= 3}


def square(path: Path, side: int) -> Pixels:
    pixels = read_picture(path, short_side=256).pixels
    height, width = pixels.shape[:2]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    part = pixels[top : top + short, left : left + short]
    return np.asarray(cv2.resize(part, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def collage(things: Things, shape: tuple[int, int, int, int], random: np.random.Generator) -> Collage:
    height, width, rows, columns = shape
    names = sorted(things)

    def any_thing() -> tuple[str, Path]:
        name = names[random.integers(len(names))]
        return name, things[name][random.integers(len(things[name]))]

    ground = square(any_thing()[1], 256)
    picture = cv2.GaussianBlur(cv2.resize(ground, (width, height)), (0, 0), 25)
    placed = []
    for row in range(rows):
        for column in range(columns):
            name, path = any_thing()
            high, wide = height // rows, width // columns
            side = int(min(high, wide) * random.uniform(0.75, 0.98))
            y = row * high + int(random.integers(high - side + 1))
            x = column * wide + int(random.integers(wide - side + 1))
            picture[y : y + side, x : x + side] = square(path, side)
            placed.append(Thing(name, Box(x / width, y / height, side / width, side / height)))
    return Collage(np.asarray(picture, np.uint8), tuple(placed))


def covered(one: Box, other: Box) -> float:
    """The area that two boxes share, by the area of both."""
    wide = max(0.0, min(one.x + one.width, other.x + other.width) - max(one.x, other.x))
    high = max(0.0, min(one.y + one.height, other.y + other.height) - max(one.y, other.y))
    return wide * high / (one.width * one.height + other.width * other.height - wide * high)


def run(arguments: argparse.Namespace, place: Path) -> bool:
    random = np.random.default_rng(arguments.seed)
    kept, asked = Things(), Things()
    for name, paths in classes_of(arguments.folders).items():
        order = random.permutation(len(paths))
        some = max(1, len(paths) // 3)
        asked[name] = [paths[at] for at in order[:some]]
        kept[name] = [paths[at] for at in order[some:]]
    collages = [collage(kept, SHAPES[at % len(SHAPES)], random) for at in range(arguments.collages)]
    (place / "photos").mkdir()
    for at, one in enumerate(collages):
        cv2.imwrite(str(place / "photos" / f"{at}.jpg"), cv2.cvtColor(one.pixels, cv2.COLOR_RGB2BGR))
    with Library(place / "library", device="cpu", network=arguments.network) as library:
        for _ in ingest(library, [place / "photos"]):
            pass
        ids = photos.listed(library.connection, Order.NAME)
        found = photos.fetch(library.connection, ids)
        collage_of = {int(photo): collages[int(found[photo].path.stem)] for photo in ids}
        print(f"{len(kept)} classes, {len(collages)} collages, {library.network.title}")
        with closing(Likeness(library)) as likeness:
            return measure(library, likeness, collage_of, asked, arguments, random)


def measure(
    library: Library,
    likeness: Likeness,
    collage_of: dict[int, Collage],
    asked: Things,
    arguments: argparse.Namespace,
    random: np.random.Generator,
) -> bool:
    ways = ("the whole photo", "the part alone", "the part, five views", "looked at once more")
    right: dict[str, list[float]] = {way: [] for way in ways}
    covers: list[tuple[float, float]] = []
    region_look.KEPT_BYTES = 1 << 30  # the same collages are looked at again and again
    search = RegionSearch(library, likeness)
    for at in range(arguments.queries):
        query = collage(asked, SHAPES[at % len(SHAPES)], random)
        thing = query.things[random.integers(len(query.things))]
        relevant = {photo for photo, one in collage_of.items() if any(two.name == thing.name for two in one.things)}
        if len(relevant) < 3:
            continue
        example = Example("query", pixels=query.pixels, box=thing.box)
        looked = search.find(example)
        orders: dict[str, npt.NDArray[np.int64]] = {
            ways[0]: likeness.ranking(likeness.embed(query.pixels)).ids,
            ways[1]: likeness.ranking(likeness.embed(read_part(library, example).pixels)).ids,
            ways[2]: search.find(example, look=False).ids,
            ways[3]: looked.ids,
        }
        count = min(FIRST, len(relevant))
        for way, order in orders.items():
            right[way].append(sum(int(photo) in relevant for photo in order[:count]) / count)
        for photo in looked.ids[:FIRST].tolist():
            if photo in relevant and photo in looked.boxes:
                own = [two.box for two in collage_of[photo].things if two.name == thing.name]
                covers.append(max((covered(looked.boxes[photo], box), box.width * box.height) for box in own))
    for way in ways:
        print(f"precision in the first {FIRST}, by {way:<22} {np.mean(right[way]):.3f}   ({len(right[way])} queries)")
    print(f"outlined place and thing, area of both over area of either: {np.mean([one for one, _ in covers]):.3f}")
    for least, below, words in SIZES:
        some = [one for one, share in covers if least <= share < below]
        print(f"    where the thing has {words} of the photo: {np.mean(some):.3f}   ({len(some)} photos)")
    return times(library, likeness, "collages")


def times(library: Library, likeness: Likeness, what: str) -> bool:
    """How long fresh searches take: on the clock, and of the processor (two threads look)."""
    ids = photos.listed(library.connection, Order.NAME)[:12]
    first, second, used, steps = [], [], [], []
    likeness.warm_up()
    RegionSearch(library, likeness).find(Example("warm", photo=ids[0], box=Box(0.3, 0.3, 0.3, 0.3)))
    with common.Load() as load:
        for photo in ids[1:]:
            example = Example("query", photo=photo, box=Box(0.2, 0.2, 0.4, 0.4))
            search = RegionSearch(library, likeness)
            try:
                began = time.perf_counter()
                search.find(example, look=False)
                first.append(1000 * (time.perf_counter() - began))
            except Unreadable:
                continue
            began, busy = time.perf_counter(), time.process_time()
            looked, each = measured(search.steps(example))
            second.append(1000 * (time.perf_counter() - began))
            used.append(1000 * (time.process_time() - busy))
            steps += each
    print(f"{what}: {len(looked.ids):,} photos, {len(looked.boxes)} looked at{load.remark()}")
    common.median_and_worst("first answer, by the features", first)
    common.median_and_worst("looked at once more, on the clock", second)
    common.median_and_worst("looked at once more, processor time by 2 cores", [one / 2 for one in used])
    common.median_and_worst("one step of it, after which another question goes first, by 2 cores", steps)
    worst = max(used) / 2
    good = common.verdict("first page of a search by a part, processor time by 2 cores", worst, TARGET, "ms")
    return common.verdict("another question waits, processor time by 2 cores", max(steps), STEP, "ms") and good


def measured(steps: Steps[RegionMatches]) -> tuple[RegionMatches, list[float]]:
    """Go through a second look; what it found, and the processor time of each step by two cores, in ms."""
    took = []
    while True:
        busy = time.process_time()
        try:
            next(steps)
        except StopIteration as ended:
            return ended.value, took
        finally:
            took.append(500 * (time.process_time() - busy))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--collages", type=int, default=500)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--network", default="efficientnet-lite0-int8")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--big", type=Path, default=None, metavar="DIR")
    arguments = parser.parse_args()
    good = True
    if arguments.folders:
        with common.temporary_folder() as place:
            good = run(arguments, place)
    else:
        common.skip("what is found: there are no photos by class")
    if arguments.big is not None:
        with (
            Library(arguments.big / "library", writable=False, device="cpu") as library,
            closing(Likeness(library)) as likeness,
        ):
            good = times(library, likeness, "big library") and good
    raise SystemExit(not good)


if __name__ == "__main__":
    main()
