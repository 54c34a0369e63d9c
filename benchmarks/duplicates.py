"""How well copies are found: precision and recall per kind of copy, on photos and the copies made of them here.

    python benchmarks/duplicates.py PHOTOS [--also FOLDER ...] [--big DIR] [--distinct DIR] [--limit N]

PHOTOS is a folder of photos; every kind of copy is made of each (`copied_photos.py`) and all are searched together.
Pairs are counted: of the copies of one kind with their original, how many are in one set (recall), and of all pairs in
the sets that hold a copy of that kind, how many are of one original (precision). For each kind alone it is printed how
often the original is what is proposed to be kept. `--also` folders are searched with them: what is found there is
printed, to be looked at; of data sets that hold copies already, it is said below which pictures are one, as looked at
by eye, and they are counted by that. `--big` and `--distinct` measure 100,000 photos: a library of big_library.py, and
one whose pictures all differ (many_scenes.py); made where absent.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import TypeVar

import common
from big_library import big_library
from copied_photos import KINDS, TARGETED, make_copies
from many_scenes import make as make_distinct

from desktop_app.core.catalog import photos
from desktop_app.core.duplicates.sets import KeepRules, Kind
from desktop_app.core.images.decode import single_threaded
from desktop_app.core.library import Library
from desktop_app.core.operations.copy_found import Found
from desktop_app.core.operations.copy_sets import arrange
from desktop_app.core.operations.duplicates import FILE, find_duplicates
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.types import Order, PhotoId, Progress

Result = TypeVar("Result")

SAME_PICTURE = {
    "pdq-data": lambda path: "bridge",
    "plasma-wallpapers": lambda path: path.parent.name,
}
"""Of some data sets, which pictures are one: the name that they share."""


def search(library: Library) -> tuple[Found, float, float]:
    """What is found, in seconds on the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    found = run(find_duplicates(library))
    return found, time.perf_counter() - clock, time.process_time() - processor


def run(steps: Generator[Progress, None, Result]) -> Result:
    """What an operation gives in the end."""
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            result: Result = ended.value
            return result


def copies_and_more(options: argparse.Namespace) -> None:
    sources = common.jpegs_below(options.photos)[: options.limit]
    with common.temporary_folder() as folder:
        made = make_copies(sources, folder / "copies", options.kinds)
        roots = [folder / "copies"]
        for also in options.also:
            shutil.copytree(also, folder / "also" / also.name)
            roots.append(folder / "also" / also.name)
        with Library(folder / "library", device="cpu", network="efficientnet-lite0-int8") as library:
            for _ in ingest(library, roots):
                pass
            ids = photos.listed(library.connection, Order.NAME)
            print(f"{len(ids):,} photos: {len(sources):,} with {len(options.kinds)} copies each, and those of --also")
            found, clock, processor = search(library)
            print(f"searched in {clock:.0f} s ({processor:.0f} s of the processor), {found.compared:,} pairs compared")
            paths = {id_: photo.path for id_, photo in photos.fetch(library.connection, ids).items()}
            kept = {kind: originals_kept(library, paths, made, kind) for kind in made if kind != "original"}
            together = originals_kept(library, paths, made, None)
        report(found, paths, made, kept, together)
        report_others(found, paths, folder / "also")


_DAY = 86_400 * 10**9


def originals_kept(
    library: Library, paths: dict[PhotoId, Path], made: dict[str, list[Path]], kind: str | None
) -> tuple[float, float]:
    """How often the original is to be kept of it and its copy of one kind, or (None) of it and all of its copies.

    Returns:
        The share of sets when all files are equally old, and when the originals are a day older. Where nothing is said
        for the one that is kept, it counts half: there the first by its path is.
    """
    ids = {path: photo for photo, path in paths.items()}
    originals = {ids[path] for path in made["original"] if path in ids}
    asked = originals | {
        ids[path] for name, files in made.items() if kind in (name, None) for path in files if path in ids
    }
    shares = []
    for older in (0, _DAY):
        with library.database.transaction() as connection:
            connection.execute("UPDATE photos SET missing = 1, mtime_ns = ?", [10**18])
            for photo in asked:
                back = older if photo in originals else 0
                connection.execute("UPDATE photos SET missing = 0, mtime_ns = ? WHERE id = ?", [10**18 - back, photo])
        found, _, _ = search(library)
        arranged = run(arrange(library, found, KeepRules()))
        worth = [
            0.5 if not one.suggestion.reason else float(one.suggestion.keep in originals)
            for one in arranged.of(Kind.NEAR)
            if not originals.isdisjoint(one.photos)
        ]
        shares.append(sum(worth) / max(1, len(worth)))
    return shares[0], shares[1]


def report(
    found: Found,
    paths: dict[PhotoId, Path],
    made: dict[str, list[Path]],
    kept: dict[str, tuple[float, float]],
    together: tuple[float, float],
) -> None:
    """Precision and recall of each kind, and how often the original is to be kept."""
    kind_of = {path: (kind, number) for kind, files in made.items() for number, path in enumerate(files)}
    where: dict[tuple[str, int], int] = {}
    right, wrong = Counter[str](), Counter[str]()
    for place, one in enumerate(found.sets):
        if one.kind is not Kind.NEAR:
            continue
        own = [kind_of.get(paths[photo]) for picture in one.pictures for photo in picture.photos]
        where.update((which, place) for which in own if which is not None)
        for a, b in combinations(own, 2):
            good = a is not None and b is not None and a[1] == b[1]
            for kind in {which[0] for which in (a, b) if which is not None}:
                (right if good else wrong)[kind] += 1
    print(f"\n{'kind':<26} recall  original kept: all as old, it is older   precision (of pairs in sets)")
    count = len(made["original"])
    for kind in made:
        if kind == "original":
            continue
        found_of = sum(where.get((kind, number), -1) == where.get(("original", number), -2) for number in range(count))
        pairs = right[kind] + wrong[kind]
        print(
            f"{kind:<26} {found_of / count:.3f}   {kept[kind][0]:>26.3f}, {kept[kind][1]:>11.3f}   "
            f"{right[kind] / max(1, pairs):.4f} ({wrong[kind]} of {pairs:,} wrong)"
        )
        if kind in TARGETED:
            common.verdict(f"recall, {kind}", found_of / count, 0.95, at_least=True)
            common.verdict(f"precision, {kind}", right[kind] / max(1, pairs), 0.98, at_least=True)

    print(f"{'all of these at once':<26}         {together[0]:>26.3f}, {together[1]:>11.3f}")


def report_others(found: Found, paths: dict[PhotoId, Path], also: Path) -> None:
    """What was found in other folders, set by set; and how well where the truth is known."""
    for folder in sorted(also.iterdir()) if also.is_dir() else ():
        own = [photo for photo, path in paths.items() if path.is_relative_to(folder)]
        print(f"\n{folder.name}: {len(own)} photos")
        sets = [
            [paths[photo] for picture in one.pictures for photo in picture.photos]
            for one in found.sets
            if one.kind is not Kind.BURST and any(photo in own for picture in one.pictures for photo in picture.photos)
        ]
        for files in sets:
            print("  " + ", ".join(sorted(f"{file.parent.name}/{file.name}" for file in files)))
        name = SAME_PICTURE.get(folder.name)
        if name is not None:
            pairs = {frozenset(pair) for files in sets for pair in combinations(files, 2)}
            truth = {
                frozenset(pair)
                for pair in combinations([paths[photo] for photo in own], 2)
                if name(pair[0]) == name(pair[1])
            }
            print(f"  recall {len(pairs & truth) / max(1, len(truth)):.3f}, ", end="")
            print(f"precision {len(pairs & truth) / max(1, len(pairs)):.3f} of {len(pairs)} pairs")


def many(folder: Path, name: str, copies: int | None = None) -> None:
    """How long 100,000 photos take: at first, and again."""
    for end in ("", "-wal", "-shm"):
        (folder / (FILE + end)).unlink(missing_ok=True)
    with Library(folder, device="cpu") as library:
        for turn in ("first", "again"):
            with common.Load() as load:
                found, clock, processor = search(library)
            sets = Counter(one.kind.value for one in found.sets)
            extra = sum(len(one.pictures) - 1 for one in found.sets if one.kind is Kind.NEAR)
            print(
                f"{name}, {turn}: {found.photos:,} photos in {clock:.1f} s, {processor:.1f} s of the processor; "
                f"{found.compared:,} compared, {dict(sets)}, {extra:,} extra{load.remark()}"
            )
            if turn == "first":
                common.verdict(f"{name}, beyond the index", clock, 60, "s")
                if copies is not None:
                    print(f"         {copies:,} copies were made")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("photos", type=Path, nargs="?", metavar="PHOTOS")
    parser.add_argument("--also", type=Path, nargs="*", default=[], metavar="FOLDER")
    parser.add_argument(
        "--kinds", nargs="*", default=list(KINDS), choices=list(KINDS), metavar="KIND", help="only these"
    )
    parser.add_argument("--limit", type=int, default=None, metavar="N", help="of PHOTOS only the first N")
    parser.add_argument("--big", type=Path, metavar="DIR", help="see big_library.py")
    parser.add_argument("--distinct", type=Path, metavar="DIR", help="where the library of different photos is kept")
    parser.add_argument("--count", type=int, default=100_000, metavar="N")
    options = parser.parse_args()
    single_threaded()
    if options.photos is not None:
        copies_and_more(options)
    if options.big is not None:
        with big_library(options.big, options.count) as folder:
            many(folder / "library", "repeated pictures")
    if options.distinct is not None:
        made = None
        if not (options.distinct / "library").exists():
            made = make_distinct(options.distinct / "library", _sources(options), options.count, 0.1)
        many(options.distinct / "library", "different pictures", made)
    return 0


def _sources(options: argparse.Namespace) -> Sequence[Path]:
    folders: Iterable[Path] = [folder for folder in (options.photos, *options.also) if folder is not None]
    found = [path for folder in folders for path in common.jpegs_below(folder)]
    if not found:
        raise SystemExit("--distinct needs PHOTOS to make its pictures from")
    return found


if __name__ == "__main__":
    raise SystemExit(main())
