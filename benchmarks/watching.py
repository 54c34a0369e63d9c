"""A watched folder while thousands of photos are copied in, renamed, moved and deleted: nothing lost, nothing twice.

A watcher and the operation that brings the library level, as the window joins them, without a window. For each step:
how long after its end the library is level with the disk, how often something was told, and what the look at what
changed took of processor time. Then, with a library of 100,000 photos: one photo comes, against looking at everything.

    python benchmarks/watching.py [--photos 5000] [--big DIR] [--big-photos 100000]
"""

from __future__ import annotations

import argparse
import queue
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import common
from big_library import big_library
from made_photos import make_small

from desktop_app.core.catalog import folders, photos
from desktop_app.core.library import Library
from desktop_app.core.operations.ingest import Ingested, ingest
from desktop_app.core.operations.watched import matters
from desktop_app.core.types import FolderId, Order
from desktop_app.core.watching.watcher import Watcher

PATIENCE = 600.0


class Watched:
    """A library that follows one folder."""

    def __init__(self, library: Library, root: Path) -> None:
        self.library, self.root, self.told, self.processor = library, root, 0, 0.0
        self._news: queue.Queue[frozenset[Path]] = queue.Queue()
        run(library, root)
        self.folder = next(one.id for one in folders.all_folders(library.connection) if one.root == root)
        self.watcher = Watcher(self._news.put, matters=matters)
        self.watcher.set_roots([root])
        self._take()  # all of it, once the watch stands
        self.told = 0

    def shown(self) -> dict[Path, int]:
        """Every photo by path; a path that is there twice ends the benchmark."""
        ids = photos.listed(self.library.connection, Order.NAME)
        found = {one.path: int(id_) for id_, one in photos.fetch(self.library.connection, ids).items()}
        if len(found) != len(ids):
            raise SystemExit("MISSED  a file is in twice")
        return found

    def after(self, what: str, do: Callable[[], object]) -> dict[Path, int]:
        """Do something to the disk and follow it until the library is level; prints what it took."""
        self.told, self.processor = 0, 0.0
        with common.Load() as load:
            began = time.perf_counter()
            do()
            done = time.perf_counter()
            want = {path for path in self.root.rglob("*.jpg") if path.is_file()}
            while set(self.shown()) != want:
                self._take()
            level = time.perf_counter()
        print(
            f"{what:<34} disk {done - began:5.1f} s   level {level - done:5.1f} s later   told {self.told:2} times   "
            f"processor {self.processor:6.2f} s{load.remark()}"
        )
        return self.shown()

    def _take(self) -> None:
        told = self._news.get(timeout=PATIENCE)
        self.told += 1
        began = time.process_time()
        run(self.library, only=[self.folder], within={self.folder: told})
        self.processor += time.process_time() - began


def run(library: Library, *roots: Path, only: Iterable[FolderId] = (), within: object = None) -> Ingested:
    """Bring a library level, to the end."""
    operation = ingest(library, roots, only=tuple(only), within=within)  # type: ignore[arg-type]
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return ended.value  # type: ignore[no-any-return]


def many(count: int) -> bool:
    """Copy, rename, move, delete; whether nothing was lost and nothing came twice."""
    with common.temporary_folder() as place:
        print(f"making {count:,} photos")
        make_small(place / "camera", count)
        root = place / "watched"
        make_small(root / "first", 20)
        with Library(place / "library", device="cpu") as library:
            library.engine.warm_up()
            watched = Watched(library, root)
            good = True
            before = watched.after(f"{count:,} copied in", lambda: shutil.copytree(place / "camera", root / "camera"))
            good &= len(before) == count + 20
            after = watched.after(f"{count:,} in a renamed folder", lambda: (root / "camera").rename(root / "2026"))
            good &= after == {_renamed(path, root): photo for path, photo in before.items()}
            half = sorted((root / "2026").rglob("*.jpg"))[::2]

            def delete() -> None:
                for path in half:
                    path.unlink()

            left = watched.after(f"{len(half):,} deleted", delete)
            good &= left == {path: photo for path, photo in after.items() if path not in set(half)}
            elsewhere = root.with_name("elsewhere")
            root.rename(elsewhere)
            while run(library, only=[watched.folder]).away != [root.name]:
                continue
            good &= watched.shown() == left
            elsewhere.rename(root)
            good &= watched.after("the folder away and back", lambda: None) == left
            watched.watcher.close()
    print("reached  nothing lost, nothing twice, every photo kept its number" if good else "MISSED  photos differ")
    return good


def _renamed(path: Path, root: Path) -> Path:
    return root / "2026" / path.relative_to(root / "camera") if root / "camera" in path.parents else path


def one(big: Path | None, count: int) -> None:
    """One photo comes into a large library."""
    with big_library(big, count) as place, Library(place / "library", device="cpu") as library:
        library.engine.warm_up()
        (folder,) = folders.all_folders(library.connection)
        new = folder.root / "watching" / "new.jpg"
        run(library)
        for words, within in (
            (f"everything looked at, {count:,} photos", None),
            ("one new photo", {folder.id: [new]}),
            ("it goes again", {folder.id: [new]}),
        ):
            if words == "one new photo":
                new.parent.mkdir(exist_ok=True)
                shutil.copy(make_small(place / "made", 1)[0], new)
            elif words == "it goes again":
                shutil.rmtree(new.parent)
            began, processor = time.perf_counter(), time.process_time()
            result = run(library, only=[folder.id], within=within)
            print(
                f"{words:<34} {time.perf_counter() - began:5.2f} s   processor {time.process_time() - processor:5.2f} s"
                f"   (added {result.added}, removed {result.removed})"
            )
        shutil.rmtree(place / "made", ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photos", type=int, default=5_000, metavar="N", help="that are copied in")
    parser.add_argument("--big", type=Path, metavar="DIR", help="where the large library is kept (see big_library.py)")
    parser.add_argument("--big-photos", type=int, default=100_000, metavar="N")
    options = parser.parse_args()
    good = many(options.photos)
    one(options.big, options.big_photos)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
