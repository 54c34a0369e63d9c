"""How long filters, the counts of all choices and headings by date take over 100,000 photos of many kinds.

Only the catalogue is made, in a temporary folder: neither pictures nor vectors take part. Processor time of the thread.

    python benchmarks/filters.py [--photos N] [--rounds N]
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import common
import numpy as np

from desktop_app.core.catalog import schema
from desktop_app.core.catalog.filters import matching
from desktop_app.core.labelling import AnswerId, LabelFilter, LabelSetId
from desktop_app.core.operations.date_headings import date_headings
from desktop_app.core.operations.facets import facets
from desktop_app.core.searching import Filter, FilterKind, Shape
from desktop_app.core.types import FolderId

K = FilterKind
FILTERS = {
    "folder": Filter(K.FOLDER, "", folder=FolderId(1)),
    "folder inside": Filter(K.FOLDER, "", folder=FolderId(1), text="2015/06"),
    "days": Filter(K.TAKEN, "", first=date(2015, 1, 1), last=date(2018, 12, 31)),
    "on this day": Filter(K.ON_THIS_DAY, "", month=5, day=12),
    "answer": Filter(K.LABEL, "", label=LabelFilter(LabelSetId(1), (AnswerId(103),))),
    "not labelled": Filter(K.LABEL, "", label=LabelFilter(LabelSetId(1), labelled=False)),
    "camera": Filter(K.CAMERA, "", choices=("Camera 3", "Camera 7")),
    "shape": Filter(K.SHAPE, "", shapes=(Shape.LANDSCAPE,)),
    "megapixels": Filter(K.SIZE, "", least=12),
    "megabytes": Filter(K.FILE_SIZE, "", most=5),
    "format": Filter(K.FORMAT, "", choices=("JPEG",)),
    "stars": Filter(K.RATING, "", least=3),
    "keyword": Filter(K.KEYWORD, "", choices=("word 3",)),
    "place": Filter(K.LOCATED, "", choices=("yes",)),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=100_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=15, metavar="N")
    options = parser.parse_args()
    with common.temporary_folder() as folder:
        make(folder / "catalogue.sqlite", options.photos)
        with closing(sqlite3.connect(folder / "catalogue.sqlite", isolation_level=None)) as connection:
            return measure(connection, options.rounds)


def make(file: Path, count: int) -> None:
    """A catalogue of photos over 24 years in 7 folders with some 300 inside each."""
    chance = random.Random(0)
    sides = ((4000, 3000), (3000, 4000), (6000, 4000), (1000, 1000), (640, 480), (8000, 2000))
    formats = ("JPEG",) * 8 + ("HEIC", "PNG", "WebP", "DNG")
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        schema.migrate(file, connection)
        connection.execute("BEGIN")
        for folder in range(1, 8):
            root = f"/nowhere/{folder}".encode()
            connection.execute(
                "INSERT INTO folders (id, root, name, state) VALUES (?, ?, ?, 'ready')",
                (folder, root, f"Folder {folder}"),
            )
        for label_set in (1, 2):
            connection.execute(
                "INSERT INTO label_sets (id, name, kind) VALUES (?, ?, 'classes')", (label_set, str(label_set))
            )
            for answer in range(1, 7):
                connection.execute(
                    "INSERT INTO answers (id, label_set, name, place) VALUES (?, ?, ?, ?)",
                    (100 * label_set + answer, label_set, f"answer {answer}", answer),
                )
        for photo in range(1, count + 1):
            when = datetime(2001, 1, 1) + timedelta(minutes=chance.betavariate(5, 2) * 24 * 365 * 1440)
            width, height = chance.choice(sides)
            camera, path = f"Camera {chance.randrange(12)}", f"{when:%Y/%m}/IMG_{photo:06}.jpg".encode()
            connection.execute(
                "INSERT INTO photos (id, folder, path, size, mtime_ns, content, format, width, height, camera,"
                " sort_date, sort_name) VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)",
                (
                    photo, chance.randint(1, 7), path, chance.randrange(10**5, 2 * 10**7), photo.to_bytes(16, "big"),
                    chance.choice(formats), width, height, camera, when.isoformat(timespec="seconds"), path.decode(),
                ),
            )  # fmt: skip
            if photo % 3 == 0:
                place = (1.5, 2.5) if photo % 2 else (None, None)
                stars = chance.choice((None, 0, 1, 2, 3, 4, 5, -1))
                connection.execute(
                    "INSERT INTO details (photo, content, rating, latitude, longitude) VALUES (?, x'', ?, ?, ?)",
                    (photo, stars, *place),
                )
            if photo % 4 == 0:
                words = chance.sample(range(400), 3)
                connection.executemany("INSERT INTO keywords VALUES (?, ?)", [(photo, f"word {one}") for one in words])
            for label_set in (1, 2):
                if chance.random() < 0.6:
                    answer = 100 * label_set + chance.randint(1, 6)
                    connection.execute("INSERT INTO labels VALUES (?, ?, ?, 'hand', 1.0)", (label_set, photo, answer))
        connection.execute("COMMIT")


def measure(connection: sqlite3.Connection, rounds: int) -> int:
    """Print everything; 0 where all is as quick as it should be."""
    library = SimpleNamespace(connection=connection)  # as much of a library as counting looks at
    chosen = [FILTERS["folder"], FILTERS["days"], FILTERS["camera"]]
    query = "SELECT id FROM photos ORDER BY sort_date DESC, id DESC"
    order = np.array([row[0] for row in connection.execute(query)], np.int64)

    def change() -> None:
        connection.execute("UPDATE folders SET name = name WHERE id = 1")

    fresh = {
        "the first filter after a change": spent(lambda: matching(connection, [FILTERS["folder"]]), 5, change),
        "all counts after a change": spent(lambda: facets(library, None, ()), 5, change),
        "headings after a change": spent(lambda: date_headings(connection, order), 5, change),
    }
    for name, times in fresh.items():
        common.median_and_worst(name, times)
    print()
    slowest = 0.0
    for name, wish in FILTERS.items():
        matching(connection, [wish])
        times = spent(lambda wish=wish: matching(connection, [wish]), rounds)
        slowest = max(slowest, sorted(times)[len(times) // 2])
        common.median_and_worst(f"filter: {name}", times)
    counts = spent(lambda: facets(library, None, ()), rounds)
    common.median_and_worst("all counts, nothing chosen", counts)
    common.median_and_worst("all counts, three filters", spent(lambda: facets(library, None, chosen), rounds))
    common.median_and_worst("headings", spent(lambda: date_headings(connection, order), rounds))
    print()
    reached = common.verdict("slowest filter in the median", slowest, 20.0, "ms")
    reached &= common.verdict("all counts in the median", sorted(counts)[len(counts) // 2], 50.0, "ms")
    return 0 if reached else 1


def spent(work: Callable[[], object], rounds: int, before: Callable[[], object] | None = None) -> list[float]:
    """Milliseconds of this thread's processor time for each call."""
    times = []
    for _ in range(rounds):
        if before is not None:
            before()
        began = time.thread_time()
        work()
        times.append(1000 * (time.thread_time() - began))
    return times


if __name__ == "__main__":
    sys.exit(main())
