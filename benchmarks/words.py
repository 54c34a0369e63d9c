"""How often photos found by a word are right, on folders whose names are nouns; and how long a search by words takes.

A photo is right for a word if a folder that it is in has that name. What people called their photos is not looked at:
only what photos show. Precision at 10 is counted among the first ten, or among as many as there are photos of
that name where those are fewer; what is not shown at all counts as wrong.

    python benchmarks/words.py FOLDER ... [--network NAME] [--temperatures]
    python benchmarks/words.py --photos 100000          # times alone, over made-up photos

Times are processor time of the thread that searches, on a library that is open and has been searched once.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import common
import numpy as np
from folder_nouns import MEANT

sys.path.insert(0, str(common.ROOT))

from desktop_app.core.catalog import features, folders, photos
from desktop_app.core.catalog import photos as catalogue
from desktop_app.core.index import top_classes
from desktop_app.core.library import Library
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.operations.word_classes import keep_classes
from desktop_app.core.operations.words import THING, WordFinder
from desktop_app.core.searching import Words
from desktop_app.core.types import FolderState, Order
from desktop_app.core.words.lookup import lookup
from desktop_app.core.words.wordnet import wordnet

WITHIN, AT_ONCE = 50.0, 10  # milliseconds from the last key; results looked at
CHUNK = 5_000


@dataclass(frozen=True)
class Found:
    """What one word found: of how many photos of that name, how many of the first are right, how many are shown."""

    word: str
    photos: int
    first: float
    shown: int
    right: int


def measure(library: Library, root: Path) -> list[Found]:
    """Every folder name below a folder that is a word for things."""
    ids = catalogue.listed(library.connection, Order.NAME)
    parts = {
        id_: {part.lower() for part in photo.path.relative_to(root).parts[:-1]}
        for id_, photo in catalogue.fetch(library.connection, ids).items()
    }
    finder, found = WordFinder(library), []
    for name in sorted(set().union(*parts.values())):
        word = MEANT.get(name, name.replace("_", " "))
        if not lookup().find(word):
            continue
        right = {id_ for id_, names in parts.items() if name in names}
        shown = finder.find([Words(word, THING)]).ids.tolist()
        wanted = min(AT_ONCE, len(right))
        first = sum(id_ in right for id_ in shown[:wanted]) / wanted
        found.append(Found(name, len(right), first, len(shown), sum(id_ in right for id_ in shown)))
    return found


def precision(roots: Sequence[Path], network: str) -> float:
    """Print how right words are on each folder, and in all; returns the precision in all."""
    every: list[Found] = []
    for root in roots:
        with common.temporary_folder() as home, Library(home / "library", network=network, device="cpu") as library:
            for _ in ingest(library, [root.absolute()]):
                pass
            found = measure(library, root.absolute())
        print(f"{root.name}, {network}")
        for one in found:
            print(
                f"    {one.word:<22} {one.photos:4} photos   precision@10 {one.first:4.2f}"
                f"   {one.right:3} of {one.shown:3} shown are right"
            )
        print(f"    {'all words':<22} {len(found):4} words    precision@10 {mean(found):4.2f}")
        every += found
    shown, right = sum(one.shown for one in every), sum(one.right for one in every)
    print(f"in all: {len(every)} words, precision@10 {mean(every):.3f}, {right} of {shown} shown are right")
    return mean(every)


def mean(found: Sequence[Found]) -> float:
    return float(np.mean([one.first for one in found])) if found else 0.0


# --- times -------------------------------------------------------------------------------------------------------


def make(library: Library, count: int) -> None:
    """Rows, dates, cameras and class scores as photos have them, without pictures."""
    random, words = np.random.default_rng(0), wordnet()
    with library.database.transaction() as connection:
        folder = folders.add(connection, library.folder.parent / "photos")
    names = ["family", "trip to the sea", "garden", "2019", "old cars", "zoo"]
    layers = {layer.name: layer.dimension for layer in library.network.layers}
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        logits = random.normal(0, 1.2, (size, len(words.classes))).astype(np.float32)
        main = random.integers(0, len(words.classes), size)
        for near in range(-3, 4):  # neighbours among the classes are near in meaning, and likely together
            where = np.clip(main + near, 0, len(words.classes) - 1)
            logits[np.arange(size), where] += random.normal(9 - 2 * abs(near), 2, size).astype(np.float32)
        block = {name: np.zeros((size, dimension), np.float32) for name, dimension in layers.items()}
        first = library.store.append({**block, library.network.class_output: logits})
        library.store.flush()
        with library.database.transaction() as connection:
            for number in range(start, start + size):
                path = f"{names[number % len(names)]}/{number // 1000:03}/IMG_{number:06}.jpg"
                taken = datetime(2012, 1, 1) + timedelta(minutes=71 * number)
                facts = photos.Facts(
                    folder,
                    path.encode(),
                    number,
                    1,
                    number.to_bytes(16),
                    "JPEG",
                    80,
                    64,
                    taken,
                    f"Made up {number % 7}",
                )
                id_ = photos.insert(connection, facts)
                features.set_position(connection, library.network.key, id_, first + number - start)
    with library.database.transaction() as connection:
        folders.set_state(connection, folder, FolderState.READY)


def processor(work: Callable[[], object]) -> float:
    """Milliseconds of this thread's processor time."""
    began = time.thread_time()
    work()
    return 1000 * (time.thread_time() - began)


def times(count: int) -> bool:
    """Print what searching so many photos takes; whether the worst is within the target."""
    with common.temporary_folder() as home, Library(home / "library", device="cpu") as library:
        make(library, count)
        print(f"{count:,} photos")
        finder = WordFinder(library)
        print(f"    first time, without the file of classes {processor(finder.warm_up):7.0f} ms")
        (library.folder / "words" / f"{library.network.key}.npz").unlink()
        spent = processor(lambda: [*keep_classes(library, library.main)])
        print(f"    making that file                         {spent:7.0f} ms")
        finder = WordFinder(library)
        print(f"    first time, with it                      {processor(finder.warm_up):7.0f} ms")
        library.set_meta("benchmark", "changed")
        print(f"    after something else was written         {processor(lambda: finder.find([Words('dog')])):7.0f} ms")
        searches = ["dog", "animal", "thing", "img", "img 000123", "2015", "may 2015", "garden", "family dog -cat"]
        searches += ["elefant", "musical instrument", "made up", "zzzz", "eleph", "old cars sports car 2013", "0"]
        begun = ["d", "do", "dog", "a", "s", "c", "musical i", "20", "may 20", "ga", "made", "img"]
        taken: dict[str, list[float]] = {"find": [], "complete": []}
        for _ in range(3):
            taken["find"] += [processor(lambda text=text: finder.find([Words(text)])) for text in searches]
            taken["complete"] += [processor(lambda text=text: finder.complete(text)) for text in begun]
        for name, values in taken.items():
            common.distribution(f"    {name}", values)
        for text in searches:
            matches = finder.find([Words(text)])
            spent = processor(lambda text=text: finder.find([Words(text)]))
            print(f"        {text:<26} {len(matches.ids):7,} photos {spent:6.1f} ms")
        worst = max(taken["find"] + taken["complete"])
    return common.verdict("words over all photos, worst processor time", worst, WITHIN, "ms")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER", help="folders named by nouns")
    parser.add_argument("--network", default="efficientnet-lite0-int8")
    parser.add_argument("--temperatures", action="store_true", help="try other temperatures, too")
    parser.add_argument("--photos", type=int, default=0, metavar="N", help="measure times over so many")
    options = parser.parse_args()
    if options.folders:
        precision(options.folders, options.network)
        usual = top_classes.TEMPERATURE
        for temperature in (0.5, 1.0, 1.5) if options.temperatures else ():
            print(f"\n--- temperature {temperature} instead of {usual}")
            top_classes.TEMPERATURE = temperature
            precision(options.folders, options.network)
        top_classes.TEMPERATURE = usual
    reached = times(options.photos) if options.photos else True
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
